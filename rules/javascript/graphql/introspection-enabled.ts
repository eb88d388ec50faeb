import { Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { ApolloDriver, ApolloDriverConfig } from '@nestjs/apollo';

@Module({
  imports: [
    GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
      // ruleid: javascript.graphql.introspection-enabled
      playground: true,
    }),
  ],
})
export class AppModule {}

@Module({
  imports: [
    // ok: javascript.graphql.introspection-enabled
    GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, playground: false }),
  ],
})
export class ProdModule {}
