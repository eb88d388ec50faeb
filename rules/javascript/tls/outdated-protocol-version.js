const https = require('https');
const tls = require('tls');

// ruleid: javascript.tls.outdated-protocol-version
const agent = new https.Agent({ secureProtocol: 'TLSv1_method' });

const server = https.createServer({
  key,
  cert,
  // ruleid: javascript.tls.outdated-protocol-version
  minVersion: 'TLSv1',
});

// ruleid: javascript.tls.outdated-protocol-version
tls.DEFAULT_MIN_VERSION = 'TLSv1.1';

function old(host) {
  // ruleid: javascript.tls.outdated-protocol-version
  return tls.connect({ host, secureProtocol: 'SSLv3_client_method' });
}

// ok: javascript.tls.outdated-protocol-version
const modern = new https.Agent({ minVersion: 'TLSv1.2' });

// ok: javascript.tls.outdated-protocol-version
const pinned = tls.createSecureContext({ secureProtocol: 'TLSv1_2_method' });

// ok: javascript.tls.outdated-protocol-version
const engine = { name: 'plugin', minVersion: '1.1' };

module.exports = { agent, server, old, modern, pinned, engine };
