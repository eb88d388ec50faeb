import { sql } from 'drizzle-orm';
import { Hono } from 'hono';
import { db } from './db';
import { users } from './schema';

const app = new Hono();

app.get('/users', async (c) => {
  const order = c.req.query('order');
  // ruleid: javascript.injection.sql-fragment-from-request
  const rows = await db.execute(sql`select * from users order by ${sql.raw(order)}`);
  return c.json(rows);
});

app.post('/users/find', async (c) => {
  const { name } = await c.req.json();
  // ruleid: javascript.injection.sql-fragment-from-request
  const rows = await db.execute(sql.raw(`select * from users where name = '${name}'`));
  return c.json(rows);
});

function raw(text: string) {
  // ruleid: javascript.injection.sql-fragment-from-request
  return sql.raw(text);
}

app.get('/users/by/:column', async (c) => {
  const rows = await db.select().from(users).orderBy(raw(c.req.param('column')));
  return c.json(rows);
});

app.get('/users/safe', async (c) => {
  // ok: javascript.injection.sql-fragment-from-request
  const rows = await db.execute(sql`select * from users where name = ${c.req.query('name')}`);
  return c.json(rows);
});

app.get('/users/direction', async (c) => {
  const direction = c.req.query('dir') === 'desc' ? 'desc' : 'asc';
  // ok: javascript.injection.sql-fragment-from-request
  const rows = await db.execute(sql`select * from users order by name ${sql.raw(direction)}`);
  return c.json(rows);
});

app.get('/users/constant', async (c) => {
  // ok: javascript.injection.sql-fragment-from-request
  const rows = await db.execute(sql.raw('select count(*) from users'));
  return c.json(rows);
});
