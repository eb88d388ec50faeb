import { ValidationPipe, ParseIntPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';

export async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  // ruleid: typescript.nestjs.validation-pipe-without-whitelist
  app.useGlobalPipes(new ValidationPipe());
  await app.listen(3000);
}

export async function transforming() {
  const app = await NestFactory.create(AppModule);
  // ruleid: typescript.nestjs.validation-pipe-without-whitelist
  app.useGlobalPipes(new ValidationPipe({ transform: true }));
}

export async function good() {
  const app = await NestFactory.create(AppModule);
  // ok: typescript.nestjs.validation-pipe-without-whitelist
  app.useGlobalPipes(new ValidationPipe({ transform: true, whitelist: true }));
  // ok: typescript.nestjs.validation-pipe-without-whitelist
  app.useGlobalPipes(new ValidationPipe(pipeOptions), new ParseIntPipe());
}
