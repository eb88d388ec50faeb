import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { Controller, Post, UploadedFile, UseInterceptors } from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import type { Context } from 'koa';

export async function upload(formData: FormData) {
  'use server';
  const file = formData.get('file') as File;
  // ruleid: javascript.files.write-path-from-request
  await writeFile(path.join('public', 'uploads', file.name), Buffer.from(await file.arrayBuffer()));
}

export async function uploadSafe(formData: FormData) {
  'use server';
  const file = formData.get('file') as File;
  // ok: javascript.files.write-path-from-request
  await writeFile(path.join('uploads', randomUUID()), Buffer.from(await file.arrayBuffer()));
}

@Controller('pictures')
export class PicturesController {
  @Post()
  @UseInterceptors(FileInterceptor('picture'))
  async add(@UploadedFile() file: Express.Multer.File) {
    // ruleid: javascript.files.write-path-from-request
    await writeFile(`uploads/${file.originalname}`, file.buffer);
  }

  @Post('safe')
  @UseInterceptors(FileInterceptor('picture'))
  async addSafe(@UploadedFile() file: Express.Multer.File) {
    // ok: javascript.files.write-path-from-request
    await writeFile(`uploads/${path.basename(file.originalname)}`, file.buffer);
  }
}

export async function project(ctx: Context) {
  const folder = path.join('projects', ctx.params.name);
  // ruleid: javascript.files.write-path-from-request
  await mkdir(folder, { recursive: true });
  // ok: javascript.files.write-path-from-request
  await writeFile('projects/last.txt', ctx.params.name);
}
