// ruleid: javascript.nextjs.dangerously-allow-svg
const config = { images: { dangerouslyAllowSVG: true } };

const second = {
  reactStrictMode: true,
  // ruleid: javascript.nextjs.dangerously-allow-svg
  images: { domains: ['img.example.org'], dangerouslyAllowSVG: true },
};

const sandboxed = {
  // ok: javascript.nextjs.dangerously-allow-svg
  images: {
    dangerouslyAllowSVG: true,
    contentDispositionType: 'attachment',
    contentSecurityPolicy: "default-src 'self'; script-src 'none'; sandbox;",
  },
};

// ok: javascript.nextjs.dangerously-allow-svg
const off = { images: { dangerouslyAllowSVG: false } };

module.exports = { config, second, sandboxed, off };
