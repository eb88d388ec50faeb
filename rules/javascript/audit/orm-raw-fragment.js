const { Sequelize } = require('sequelize');
const knex = require('knex')(config);

function search(term) {
  // ruleid: javascript.audit.orm-raw-fragment
  return knex('products').whereRaw(`name LIKE '%${term}%'`);
}

function sorted(column) {
  // ruleid: javascript.audit.orm-raw-fragment
  return knex('products').orderByRaw(column + ' desc');
}

function near(models, lat) {
  return models.Shop.findAll({
    // ruleid: javascript.audit.orm-raw-fragment
    order: Sequelize.literal(`abs(lat - ${lat})`),
  });
}

function typeorm(repo, name) {
  // ruleid: javascript.audit.orm-raw-fragment
  return repo.createQueryBuilder('u').where(`u.name = '${name}'`).getMany();
}

function good(term, repo) {
  // ok: javascript.audit.orm-raw-fragment
  const a = knex('products').whereRaw('name LIKE ?', [`%${term}%`]);
  // ok: javascript.audit.orm-raw-fragment
  const b = repo.createQueryBuilder('u').where('u.name = :term', { term }).getMany();
  // ok: javascript.audit.orm-raw-fragment
  const c = Sequelize.literal('now()');
  return [a, b, c];
}

function text(name) {
  // ok: javascript.audit.orm-raw-fragment
  return String.raw(`path ${name}`);
}

function firestore(ref, name) {
  // ok: javascript.audit.orm-raw-fragment
  return ref.where(`profile.${name}`, '==', true);
}
