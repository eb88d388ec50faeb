import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

/** Asks for the font with the page, so that the first page has it too. */
const preloadFont: Plugin = {
  name: 'preload-font',
  transformIndexHtml: {
    order: 'post',
    handler: (_, { bundle }) =>
      Object.keys(bundle ?? {})
        .filter((name) => /inter-latin-wght.*woff2$/.test(name))
        .map((name) => ({
          tag: 'link',
          attrs: { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: true, href: `/app/${name}` },
          injectTo: 'head',
        })),
  },
}

/** Libraries and parts of every page; not what `boot.ts` needs, nor what draws code and charts, which few need. */
const SHARED =
  /\/src\/(api|app|lib)\/(?!early|looks|stored)|\/src\/ui\/[^/]+$|\/node_modules\/(@base-ui|@floating-ui|@tanstack|lucide-react|openapi-fetch|react|react-dom)\//

const BOOT = 'src/boot.ts'

/** Puts `boot.ts` before the first paint: a file of its own, for it must not wait for the code of the page. */
const bootFirst: Plugin = {
  name: 'boot-first',
  buildStart() {
    if (this.environment.mode === 'build') this.emitFile({ type: 'chunk', id: BOOT, name: 'boot' })
  },
  transformIndexHtml: {
    order: 'post',
    handler(html, { bundle }) {
      const built = Object.values(bundle ?? {}).find((file) => file.type === 'chunk' && file.name === 'boot')
      const boot = `<script type="module" blocking="render" src="/app/${built?.fileName ?? BOOT}"></script>`
      // Scripts of this kind run in the order of the page.
      return html.replace('<script type="module"', `${boot}\n    $&`)
    },
  },
}

export default defineConfig({
  base: '/app/',
  plugins: [react(), bootFirst, preloadFont],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: 'chrome123',
    // The folder itself stays: cargo watches it. `npm run build` empties what is in it.
    emptyOutDir: false,
    // Data addresses would need a wider content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    chunkSizeWarningLimit: 1200,
    // What most pages share comes with the first in one file: each of its own, a page would ask for thirty.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'shared', test: SHARED, minShareCount: 2 }] } },
    },
  },
  server: {
    // While the dashboard is worked on; the program itself serves what is built.
    proxy: Object.fromEntries(
      ['/api', '/ws'].map((path) => [
        path,
        { target: process.env.RAMPART_URL ?? 'http://localhost:8000', ws: true, changeOrigin: true },
      ]),
    ),
  },
  test: { environment: 'happy-dom', css: true, include: ['src/**/*.test.{ts,tsx}'] },
})
