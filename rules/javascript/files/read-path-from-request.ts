import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { createReadStream, promises as fs } from 'fs';
import * as path from 'path';

@Controller('files')
export class FilesController {
  @Get(':name')
  download(@Param('name') name: string) {
    // ruleid: javascript.files.read-path-from-request
    return new StreamableFile(createReadStream(path.join('/srv/files', name)));
  }

  @Get()
  async text(@Query('file') file: string): Promise<string> {
    return this.load(file);
  }

  private async load(file: string) {
    // ruleid: javascript.files.read-path-from-request
    return fs.readFile(`/srv/texts/${file}`, 'utf8');
  }

  @Get('clean/:name')
  clean(@Param('name') name: string) {
    // ok: javascript.files.read-path-from-request
    return new StreamableFile(createReadStream(path.join('/srv/files', path.basename(name))));
  }

  @Get('fixed')
  fixed(@Query('lang') lang: string) {
    const file = lang === 'de' ? 'de.txt' : 'en.txt';
    // ok: javascript.files.read-path-from-request
    return new StreamableFile(createReadStream(path.join('/srv/files', file)));
  }

  @Get('letters/:name')
  letters(@Param('name') name: string) {
    const safe = name.replace(/[^a-z0-9-]/gi, '');
    // ok: javascript.files.read-path-from-request
    return new StreamableFile(createReadStream(path.join('/srv/files', safe)));
  }
}
