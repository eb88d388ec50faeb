const yaml = require('js-yaml');
const unsafe = require('js-yaml-js-types').all;
const types = require('js-yaml-js-types');
const fs = require('fs');

function importRecipe(req) {
  // ruleid: javascript.deserialization.js-yaml-unsafe-schema
  return yaml.load(req.body.recipe, { schema: yaml.DEFAULT_FULL_SCHEMA });
}

function importAll(text, visit) {
  // ruleid: javascript.deserialization.js-yaml-unsafe-schema
  yaml.loadAll(text, visit, { filename: 'in.yaml', schema: yaml.DEFAULT_FULL_SCHEMA });
}

function extended(text) {
  const schema = yaml.DEFAULT_SCHEMA.extend(types.all);
  // ruleid: javascript.deserialization.js-yaml-unsafe-schema
  return yaml.load(text, { schema });
}

function standard(text) {
  // ok: javascript.deserialization.js-yaml-unsafe-schema
  return yaml.load(text);
}

function core(text) {
  // ok: javascript.deserialization.js-yaml-unsafe-schema
  return yaml.load(text, { schema: yaml.JSON_SCHEMA });
}

function old(text) {
  // ok: javascript.deserialization.js-yaml-unsafe-schema
  return yaml.safeLoad(text);
}

function write(value) {
  // ok: javascript.deserialization.js-yaml-unsafe-schema
  return yaml.dump(value, { schema: yaml.DEFAULT_FULL_SCHEMA });
}
