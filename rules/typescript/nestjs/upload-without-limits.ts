import { Controller, Post, UploadedFile, UseInterceptors } from '@nestjs/common';
import { FileInterceptor, AnyFilesInterceptor } from '@nestjs/platform-express';

@Controller('files')
export class FilesController {
  @Post('avatar')
  // ruleid: typescript.nestjs.upload-without-limits
  @UseInterceptors(FileInterceptor('avatar'))
  avatar(@UploadedFile() file: Express.Multer.File) {
    return file.size;
  }

  @Post('any')
  // ruleid: typescript.nestjs.upload-without-limits
  @UseInterceptors(AnyFilesInterceptor({ storage }))
  any() {
    return true;
  }

  @Post('limited')
  // ok: typescript.nestjs.upload-without-limits
  @UseInterceptors(FileInterceptor('avatar', { limits: { fileSize: 1048576 } }))
  limited(@UploadedFile() file: Express.Multer.File) {
    return file.size;
  }

  @Post('shared')
  // ok: typescript.nestjs.upload-without-limits
  @UseInterceptors(FileInterceptor('avatar', uploadOptions))
  shared() {
    return true;
  }
}
