const crypto = require('crypto');

function webhook(req, secret) {
  const expected = crypto.createHmac('sha256', secret).update(req.rawBody).digest('hex');
  // ruleid: javascript.crypto.timing-unsafe-comparison
  if (req.headers['x-signature'] !== expected) {
    throw new Error('bad signature');
  }
}

function inline(secret, body, given) {
  // ruleid: javascript.crypto.timing-unsafe-comparison
  return crypto.createHmac('sha1', secret).update(body).digest('hex') === given;
}

function stepwise(secret, body, given) {
  const hmac = crypto.createHmac('sha256', secret);
  hmac.update(body);
  const mac = hmac.digest('base64');
  // ruleid: javascript.crypto.timing-unsafe-comparison
  return mac === given;
}

function safe(req, secret) {
  const expected = crypto.createHmac('sha256', secret).update(req.rawBody).digest();
  const received = Buffer.from(req.headers['x-signature'], 'hex');
  // ok: javascript.crypto.timing-unsafe-comparison
  return expected.length === received.length && crypto.timingSafeEqual(expected, received);
}

function fileChanged(content, known) {
  const sum = crypto.createHash('sha256').update(content).digest('hex');
  // ok: javascript.crypto.timing-unsafe-comparison
  return sum !== known;
}
