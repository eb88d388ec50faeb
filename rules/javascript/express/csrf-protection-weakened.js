const csurf = require('csurf');
const lusca = require('lusca');
const { doubleCsrf } = require('csrf-csrf');

// ruleid: javascript.express.csrf-protection-weakened
const relaxed = csurf({ cookie: true, ignoreMethods: ['GET', 'HEAD', 'OPTIONS', 'POST'] });

// ruleid: javascript.express.csrf-protection-weakened
const open = lusca({ csrf: false, xframe: 'SAMEORIGIN' });

// ruleid: javascript.express.csrf-protection-weakened
const double = doubleCsrf({ getSecret, ignoredMethods: ['GET', 'DELETE'] });

// ok: javascript.express.csrf-protection-weakened
const strict = csurf({ cookie: true, ignoreMethods: ['GET', 'HEAD', 'OPTIONS'] });

// ok: javascript.express.csrf-protection-weakened
const on = lusca({ csrf: true });

// ok: javascript.express.csrf-protection-weakened
const filter = routes({ methods: ['POST'], csrf: false });

module.exports = { relaxed, open, double, strict, on, filter };
