const { ApolloServer } = require('@apollo/server');
const { graphqlHTTP } = require('express-graphql');

// ruleid: javascript.graphql.introspection-enabled
const server = new ApolloServer({ typeDefs, resolvers, introspection: true });

app.use('/graphql', graphqlHTTP({
  schema,
  // ruleid: javascript.graphql.introspection-enabled
  graphiql: true,
}));

// ok: javascript.graphql.introspection-enabled
const prod = new ApolloServer({ typeDefs, resolvers, introspection: process.env.NODE_ENV !== 'production' });
// ok: javascript.graphql.introspection-enabled
const plain = new ApolloServer({ typeDefs, resolvers });
// ok: javascript.graphql.introspection-enabled
const tool = createTool({ debug: true });
