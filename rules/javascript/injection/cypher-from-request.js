const neo4j = require('neo4j-driver');
const express = require('express');

const app = express();
const driver = neo4j.driver('neo4j://localhost');

app.get('/user', async (req, res) => {
  const session = driver.session();
  // ruleid: javascript.injection.cypher-from-request
  const result = await session.run(`MATCH (u:User {name: '${req.query.name}'}) RETURN u`);
  res.json(result.records);
});

app.get('/friends/:name', async (req, res) => {
  const text = "MATCH (u {name: '" + req.params.name + "'})-[:KNOWS]->(f) RETURN f";
  const records = await driver.session().readTransaction((tx) => {
    // ruleid: javascript.injection.cypher-from-request
    return tx.run(text);
  });
  res.json(records);
});

function find(label) {
  // ruleid: javascript.injection.cypher-from-request
  return driver.executeQuery(`MATCH (n:${label}) RETURN n`);
}

app.get('/nodes', async (req, res) => {
  res.json(await find(req.query.label));
});

app.get('/user-safe', async (req, res) => {
  const session = driver.session();
  // ok: javascript.injection.cypher-from-request
  const result = await session.run('MATCH (u:User {name: $name}) RETURN u', { name: req.query.name });
  res.json(result.records);
});

app.get('/limit', async (req, res) => {
  const limit = parseInt(req.query.limit, 10);
  // ok: javascript.injection.cypher-from-request
  const result = await driver.session().run(`MATCH (n) RETURN n LIMIT ${limit}`);
  res.json(result.records);
});

const LABELS = ['User', 'Post'];

app.get('/nodes-safe', async (req, res) => {
  const label = req.query.label;
  if (!LABELS.includes(label)) {
    return res.sendStatus(400);
  }
  // ok: javascript.injection.cypher-from-request
  res.json(await driver.executeQuery(`MATCH (n:${label}) RETURN n`));
});
