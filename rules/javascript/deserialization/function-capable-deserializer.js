const serialize = require('node-serialize');
const Cryo = require('cryo');
const php = require('php-serialize');

function profile(req, res) {
  const raw = Buffer.from(req.cookies.profile, 'base64').toString();
  // ruleid: javascript.deserialization.function-capable-deserializer
  const user = serialize.unserialize(raw);
  res.send('Hello ' + user.name);
}

function restore(req) {
  // ruleid: javascript.deserialization.function-capable-deserializer
  return Cryo.parse(req.body.state);
}

function safe(req) {
  // ok: javascript.deserialization.function-capable-deserializer
  const user = JSON.parse(req.body.state);
  return { name: String(user.name) };
}

function write(value) {
  // ok: javascript.deserialization.function-capable-deserializer
  return serialize.serialize(value);
}

function otherFormat(text) {
  // ok: javascript.deserialization.function-capable-deserializer
  return php.unserialize(text);
}
