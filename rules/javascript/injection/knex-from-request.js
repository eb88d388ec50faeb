const knex = require('knex')({ client: 'pg' });
const Koa = require('koa');
const Router = require('@koa/router');

const router = new Router();

router.get('/people', async (ctx) => {
  const name = ctx.query.name;
  // ruleid: javascript.injection.knex-from-request
  ctx.body = await knex.raw(`select * from people where lower(name) = '${name}'`);
});

router.get('/people/sorted', async (ctx) => {
  const query = knex('people').select('id', 'name');
  // ruleid: javascript.injection.knex-from-request
  query.orderByRaw(ctx.request.query.sort + ' nulls last');
  ctx.body = await query;
});

const filter = (builder, condition) => {
  // ruleid: javascript.injection.knex-from-request
  builder.whereRaw('active = true and ' + condition);
  return builder;
};

router.post('/people/filter', async (ctx) => {
  ctx.body = await filter(knex('people'), ctx.request.body.condition);
});

router.get('/people/safe', async (ctx) => {
  // ok: javascript.injection.knex-from-request
  ctx.body = await knex.raw('select * from people where lower(name) = ?', [ctx.query.name]);
});

router.get('/people/builder', async (ctx) => {
  // ok: javascript.injection.knex-from-request
  ctx.body = await knex('people').where({ name: ctx.query.name }).orderBy(ctx.query.sort);
});

router.get('/people/direction', async (ctx) => {
  const direction = ctx.query.dir === 'desc' ? 'desc' : 'asc';
  // ok: javascript.injection.knex-from-request
  ctx.body = await knex('people').orderByRaw('name ' + direction);
});
