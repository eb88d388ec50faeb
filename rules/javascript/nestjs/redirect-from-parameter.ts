import { Body, Controller, Get, Param, Post, Query, Redirect } from '@nestjs/common';

const TARGETS = { docs: 'https://docs.example.com', shop: 'https://shop.example.com' };

@Controller('go')
export class GoController {
  @Get()
  @Redirect()
  go(@Query('url') url: string) {
    // ruleid: javascript.nestjs.redirect-from-parameter
    return { url };
  }

  @Get('login')
  @Redirect('/', 302)
  login(@Query('next') next: string) {
    if (next) {
      // ruleid: javascript.nestjs.redirect-from-parameter
      return { url: next, statusCode: 302 };
    }
  }

  @Post('site')
  @Redirect()
  site(@Body() body: { host: string }) {
    const target = this.address(body.host);
    // ruleid: javascript.nestjs.redirect-from-parameter
    return { url: target };
  }

  private address(host: string) {
    return 'https://' + host;
  }

  @Get('user/:id')
  @Redirect()
  user(@Param('id') id: string) {
    // ok: javascript.nestjs.redirect-from-parameter
    return { url: `/users/${id}` };
  }

  @Get('known/:name')
  @Redirect()
  known(@Param('name') name: string) {
    // ok: javascript.nestjs.redirect-from-parameter
    return { url: name === 'docs' ? TARGETS.docs : TARGETS.shop };
  }

  @Get('link')
  link(@Query('url') url: string) {
    // ok: javascript.nestjs.redirect-from-parameter
    return { url };
  }
}
