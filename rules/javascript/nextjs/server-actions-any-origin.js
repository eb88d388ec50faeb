const config = {
  experimental: {
    serverActions: {
      // ruleid: javascript.nextjs.server-actions-any-origin
      allowedOrigins: ['*'],
    },
  },
};

// ruleid: javascript.nextjs.server-actions-any-origin
const stable = { serverActions: { bodySizeLimit: '2mb', allowedOrigins: ['app.example.org', '**'] } };

// ok: javascript.nextjs.server-actions-any-origin
const good = { serverActions: { allowedOrigins: ['app.example.org', '*.app.example.org'] } };
// ok: javascript.nextjs.server-actions-any-origin
const other = { allowedOrigins: ['*'] };

module.exports = { config, stable, good, other };
