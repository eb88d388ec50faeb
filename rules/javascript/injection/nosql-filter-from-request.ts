import { Body, Controller, Get, Injectable, Param, Post, Query } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Model, Types } from 'mongoose';

@Injectable()
export class AccountsService {
  constructor(@InjectModel(Account.name) private readonly accountModel: Model<Account>) {}

  byName(name: string) {
    // ruleid: javascript.injection.nosql-filter-from-request
    return this.accountModel.findOne({ name });
  }

  byId(id: string) {
    // ok: javascript.injection.nosql-filter-from-request
    return this.accountModel.findOne({ _id: new Types.ObjectId(id) });
  }

  search(filter: Record<string, unknown>) {
    // ruleid: javascript.injection.nosql-filter-from-request
    return this.accountModel.find(filter).limit(20);
  }
}

@Controller('accounts')
export class AccountsController {
  constructor(private readonly accounts: AccountsService) {}

  @Post('find')
  find(@Body() body: { name: string }) {
    return this.accounts.byName(body.name);
  }

  @Get('search')
  search(@Query() query: Record<string, unknown>) {
    return this.accounts.search(query);
  }

  @Get(':id')
  one(@Param('id') id: string) {
    return this.accounts.byId(id);
  }

  @Post('exists')
  async exists(@Body() body: { name: string }) {
    const name = `${body.name}`;
    // ok: javascript.injection.nosql-filter-from-request
    return (await Account.countDocuments({ name })) > 0;
  }
}
