const helmet = require('helmet');

const strict = helmet.contentSecurityPolicy({
  directives: {
    defaultSrc: ["'self'"],
    // ruleid: javascript.express.unsafe-content-security-policy
    scriptSrc: ["'self'", "'unsafe-inline'"],
  },
});

const open = helmet({
  contentSecurityPolicy: {
    directives: {
      // ruleid: javascript.express.unsafe-content-security-policy
      'script-src': ["'self'", "'unsafe-eval'"],
    },
  },
});

function header(res) {
  // ruleid: javascript.express.unsafe-content-security-policy
  res.setHeader('Content-Security-Policy', "default-src 'self'; script-src 'self' 'unsafe-inline'");
}

function good(res) {
  // ok: javascript.express.unsafe-content-security-policy
  res.setHeader('Content-Security-Policy', "default-src 'self'; style-src 'self' 'unsafe-inline'");
}

const fine = helmet.contentSecurityPolicy({
  directives: {
    // ok: javascript.express.unsafe-content-security-policy
    scriptSrc: ["'self'", "'strict-dynamic'"],
    // ok: javascript.express.unsafe-content-security-policy
    styleSrc: ["'self'", "'unsafe-inline'"],
    // ok: javascript.express.unsafe-content-security-policy
    imgSrc: ['*'],
  },
});

module.exports = { strict, open, header, good, fine };
