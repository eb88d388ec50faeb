import fastify from 'fastify';
import { Hono } from 'hono';
import escapeHtml from 'escape-html';
import { NextRequest } from 'next/server';
import type { Request, Response } from 'express';

const server = fastify();

server.get<{ Querystring: { q: string } }>('/search', async (request, reply) => {
  reply.type('text/html');
  // ruleid: javascript.xss.html-from-request
  return reply.send(`<p>Results for ${request.query.q}</p>`);
});

server.get<{ Querystring: { q: string } }>('/text', async (request, reply) => {
  // ok: javascript.xss.html-from-request
  return reply.code(200).send(`Results for ${request.query.q}`);
});

const hono = new Hono();

hono.get('/hello/:name', (c) => {
  // ruleid: javascript.xss.html-from-request
  return c.html('<h1>Hello ' + c.req.param('name') + '</h1>');
});

hono.get('/hello-safe/:name', (c) => {
  // ok: javascript.xss.html-from-request
  return c.text('Hello ' + c.req.param('name'));
});

export async function GET(request: NextRequest) {
  const q = request.nextUrl.searchParams.get('q');
  // ruleid: javascript.xss.html-from-request
  return new Response(`<p>${q}</p>`, { headers: { 'Content-Type': 'text/html' } });
}

export async function POST(request: NextRequest) {
  const { q } = await request.json();
  // ok: javascript.xss.html-from-request
  return new Response(JSON.stringify({ q }), { headers: { 'Content-Type': 'application/json' } });
}

class Page {
  constructor(private readonly title: string) {}

  render() {
    return `<title>${this.title}</title>`;
  }
}

export function show(message: Request, response: Response) {
  const page = new Page(String(message.query.title));
  // ruleid: javascript.xss.html-from-request
  response.send(page.render());
}

export function showSafe(message: Request, response: Response) {
  const page = new Page(escapeHtml(String(message.query.title)));
  // ok: javascript.xss.html-from-request
  response.send(page.render());
}
