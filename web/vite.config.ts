import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  base: '/app/',
  plugins: [react()],
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
