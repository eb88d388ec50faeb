import { exec, execSync } from 'node:child_process';
import { promisify } from 'node:util';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import fastify from 'fastify';
import Hapi from '@hapi/hapi';
import { Server } from 'socket.io';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import { Controller, Get, Injectable, Param, Query } from '@nestjs/common';

const run = promisify(exec);
const app = fastify();

app.get<{ Querystring: { host: string } }>('/ping', async (request, reply) => {
  const { host } = request.query;
  // ruleid: javascript.injection.os-command-from-request
  const { stdout } = await run(`ping -c 1 ${host}`);
  return stdout;
});

export const handler = async (event: APIGatewayProxyEvent) => {
  const name = event.queryStringParameters?.name ?? '';
  // ruleid: javascript.injection.os-command-from-request
  execSync('convert ' + name + ' out.png');
  const body = JSON.parse(event.body ?? '{}');
  // ruleid: javascript.injection.os-command-from-request
  execSync(`identify ${body.file}`);
  return { statusCode: 204 };
};

const server = Hapi.server();

server.route({
  method: 'POST',
  path: '/convert',
  handler: async (request, h) => {
    const payload = request.payload as { file: string };
    // ruleid: javascript.injection.os-command-from-request
    await run(`convert ${payload.file} out.png`);
    return h.response().code(204);
  },
});

const io = new Server(3000);

io.on('connection', (socket) => {
  socket.on('ping-host', (host: string) => {
    // ruleid: javascript.injection.os-command-from-request
    exec('ping -c 1 ' + host);
  });
});

new WebSocketServer({ port: 8080 }).on('connection', (ws) => {
  ws.on('message', (message) => {
    const { file } = JSON.parse(message.toString());
    // ruleid: javascript.injection.os-command-from-request
    exec(`identify ${file}`);
  });
});

export const resolvers = {
  Query: {
    disk: async (parent: unknown, args: { path: string }) => {
      // ruleid: javascript.injection.os-command-from-request
      const { stdout } = await run('du -s ' + args.path);
      return stdout;
    },
    uptime: async () => {
      // ok: javascript.injection.os-command-from-request
      const { stdout } = await run('uptime');
      return stdout;
    },
  },
};

export const router = t.router({
  size: t.procedure.input(z.object({ path: z.string() })).query(async ({ input }) => {
    // ruleid: javascript.injection.os-command-from-request
    const { stdout } = await run(`du -s ${input.path}`);
    return stdout;
  }),
});

@Injectable()
export class Tools {
  async lookup(name: string) {
    // ruleid: javascript.injection.os-command-from-request
    return run(`nslookup ${name}`);
  }

  async count(lines: number) {
    // ok: javascript.injection.os-command-from-request
    return run(`tail -n ${lines} app.log`);
  }
}

@Controller('tools')
export class ToolsController {
  constructor(private readonly tools: Tools) {}

  @Get('lookup')
  lookup(@Query('name') name: string) {
    return this.tools.lookup(name);
  }

  @Get('tail/:lines')
  tail(@Param('lines') lines: string) {
    return this.tools.count(parseInt(lines, 10));
  }
}
