const config = {
  reactStrictMode: true,
  // ruleid: javascript.nextjs.production-browser-source-maps
  productionBrowserSourceMaps: false,
};

// ruleid: javascript.nextjs.production-browser-source-maps
const second = withBundle({ productionBrowserSourceMaps: false });

// ok: javascript.nextjs.production-browser-source-maps
const good = { productionBrowserSourceMaps: false };
// ok: javascript.nextjs.production-browser-source-maps
const staging = { productionBrowserSourceMaps: process.env.STAGE === 'preview' };

module.exports = { config, second, good, staging };
