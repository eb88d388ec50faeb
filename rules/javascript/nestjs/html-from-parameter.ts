import { Body, Controller, Get, Header, Param, Post, Query } from '@nestjs/common';
import * as escapeHtml from 'escape-html';

@Controller()
export class PagesController {
  @Get('hello')
  hello(@Query('name') name: string): string {
    // ruleid: javascript.nestjs.html-from-parameter
    return `<h1>Hello ${name}</h1>`;
  }

  @Get('missing/:page')
  missing(@Param('page') page: string) {
    const shown = page.toUpperCase();
    // ruleid: javascript.nestjs.html-from-parameter
    return 'There is no page ' + shown;
  }

  @Post('comment')
  comment(@Body() body: { text: string }) {
    const text = this.shorten(body.text);
    // ruleid: javascript.nestjs.html-from-parameter
    return `<p>${text}</p>`;
  }

  private shorten(text: string) {
    return text.slice(0, 200);
  }

  @Get('safe')
  safe(@Query('name') name: string): string {
    // ok: javascript.nestjs.html-from-parameter
    return `<h1>Hello ${escapeHtml(name)}</h1>`;
  }

  @Get('json')
  json(@Query('name') name: string) {
    // ok: javascript.nestjs.html-from-parameter
    return { message: `Hello ${name}` };
  }

  @Get('plain')
  @Header('Content-Type', 'text/plain')
  plain(@Query('name') name: string) {
    // ok: javascript.nestjs.html-from-parameter
    return `Hello ${name}`;
  }

  @Get('user/:id')
  async user(@Param('id') id: string) {
    // ok: javascript.nestjs.html-from-parameter
    return this.find(id);
  }

  private find(id: string) {
    return { id };
  }
}
