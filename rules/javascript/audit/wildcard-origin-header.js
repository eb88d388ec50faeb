const http = require('http');

http.createServer((req, res) => {
  // ruleid: javascript.audit.wildcard-origin-header
  res.setHeader('Access-Control-Allow-Origin', '*');
  res.end('{}');
});

function raw(res) {
  // ruleid: javascript.audit.wildcard-origin-header
  res.writeHead(200, { 'Content-Type': 'application/json', 'Access-Control-Allow-Origin': '*' });
}

const nextConfig = {
  async headers() {
    // ruleid: javascript.audit.wildcard-origin-header
    return [{ source: '/api/:path*', headers: [{ key: 'Access-Control-Allow-Origin', value: '*' }] }];
  },
};

function good(res) {
  // ok: javascript.audit.wildcard-origin-header
  res.setHeader('Access-Control-Allow-Origin', 'https://app.example.org');
  // ok: javascript.audit.wildcard-origin-header
  res.setHeader('Access-Control-Allow-Methods', '*');
}

module.exports = { raw, nextConfig, good };
