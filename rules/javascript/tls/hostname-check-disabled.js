const https = require('https');
const tls = require('tls');

// ruleid: javascript.tls.hostname-check-disabled
const agent = new https.Agent({ checkServerIdentity: () => undefined });

function open(host) {
  // ruleid: javascript.tls.hostname-check-disabled
  return tls.connect({ host, port: 443, checkServerIdentity: function (servername, cert) { return null; } });
}

function openAgain(host) {
  // ruleid: javascript.tls.hostname-check-disabled
  return tls.connect({ host, checkServerIdentity: (name, cert) => {} });
}

function pinned(host, fingerprint) {
  // ok: javascript.tls.hostname-check-disabled
  return tls.connect({
    host,
    checkServerIdentity: (name, cert) => {
      const err = tls.checkServerIdentity(name, cert);
      if (err) return err;
      return cert.fingerprint256 === fingerprint ? undefined : new Error('unknown key');
    },
  });
}

// ok: javascript.tls.hostname-check-disabled
const standard = new https.Agent({ checkServerIdentity: tls.checkServerIdentity });

module.exports = { agent, open, openAgain, pinned, standard };
