const config = {
  images: {
    remotePatterns: [
      { protocol: 'https', hostname: 'img.example.org' },
      // ruleid: javascript.nextjs.images-from-any-host
      { protocol: 'https', hostname: '**' },
    ],
  },
};

// ruleid: javascript.nextjs.images-from-any-host
const old = { images: { domains: ['*'] } };

const good = {
  images: {
    remotePatterns: [
      // ok: javascript.nextjs.images-from-any-host
      { protocol: 'https', hostname: '**.example.org' },
    ],
    // ok: javascript.nextjs.images-from-any-host
    domains: ['img.example.org'],
  },
};

// ok: javascript.nextjs.images-from-any-host
const dns = { zones: [{ hostname: '*' }] };

module.exports = { config, old, good, dns };
