import { HttpService } from '@nestjs/axios';
import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import axios from 'axios';

@Controller('proxy')
export class ProxyController {
  constructor(private readonly httpService: HttpService) {}

  @Get()
  load(@Query('url') url: string) {
    // ruleid: javascript.requests.address-from-request
    return this.httpService.get(url);
  }

  @Post()
  async send(@Body() body: { target: string; text: string }) {
    return this.forward(body.target, body.text);
  }

  private async forward(target: string, text: string) {
    // ruleid: javascript.requests.address-from-request
    const answer = await axios({ method: 'post', url: `https://${target}/in`, data: text });
    return answer.data;
  }

  @Get('weather/:city')
  weather(@Param('city') city: string) {
    // ok: javascript.requests.address-from-request
    return this.httpService.get('https://weather.example.com/now?city=' + city);
  }

  @Get('mirror')
  mirror(@Query('name') name: string) {
    const mirrors: Record<string, string> = { eu: 'https://eu.example.com', us: 'https://us.example.com' };
    const base = name === 'eu' ? mirrors.eu : mirrors.us;
    // ok: javascript.requests.address-from-request
    return this.httpService.get(base);
  }

  @Post('event')
  async event(@Body() body: { text: string }) {
    // ok: javascript.requests.address-from-request
    await axios.post('https://api.example.com/events', body);
  }
}
