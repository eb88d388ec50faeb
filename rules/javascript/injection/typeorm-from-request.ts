import { Body, Controller, Get, Injectable, Param, ParseIntPipe, Post, Query } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, Repository } from 'typeorm';

@Injectable()
export class UsersService {
  constructor(
    @InjectRepository(User) private readonly usersRepository: Repository<User>,
    private readonly dataSource: DataSource,
  ) {}

  search(term: string) {
    return this.usersRepository
      .createQueryBuilder('user')
      // ruleid: javascript.injection.typeorm-from-request
      .where(`user.name LIKE '%${term}%'`)
      .getMany();
  }

  named(name: string) {
    return this.usersRepository
      .createQueryBuilder('user')
      // ok: javascript.injection.typeorm-from-request
      .where('user.name = :name', { name })
      .getMany();
  }

  async report(region: string) {
    // ruleid: javascript.injection.typeorm-from-request
    return this.dataSource.query("SELECT * FROM report WHERE region = '" + region + "'");
  }

  async reportSafe(region: string) {
    // ok: javascript.injection.typeorm-from-request
    return this.dataSource.query('SELECT * FROM report WHERE region = $1', [region]);
  }

  async byId(id: number) {
    // ok: javascript.injection.typeorm-from-request
    return this.dataSource.query(`SELECT * FROM report WHERE id = ${id}`);
  }
}

@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Get()
  find(@Query('term') term: string) {
    return this.users.search(term);
  }

  @Get('named/:name')
  findNamed(@Param('name') name: string) {
    return this.users.named(name);
  }

  @Post('report')
  report(@Body('region') region: string) {
    return this.users.report(region);
  }

  @Post('report-safe')
  reportSafe(@Body('region') region: string) {
    return this.users.reportSafe(region);
  }

  @Get('report/:id')
  byId(@Param('id', ParseIntPipe) id: number) {
    return this.users.byId(id);
  }
}

@Controller('posts')
export class PostsController {
  constructor(private readonly posts: Repository<Post>) {}

  @Get()
  async list(@Query() filter: { author?: string; order?: string }) {
    const qb = this.posts.createQueryBuilder('post');
    if (filter.author) {
      // ruleid: javascript.injection.typeorm-from-request
      qb.andWhere("post.author = '" + filter.author + "'");
    }
    // ok: javascript.injection.typeorm-from-request
    qb.andWhere('post.hidden = false');
    return qb.getMany();
  }
}
