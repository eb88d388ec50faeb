import { defineConfig } from '@playwright/test'

/** Against the real program ($RAMPART), with the Chromium of the machine; nothing is downloaded. */
export default defineConfig({
  testDir: 'tests',
  outputDir: 'node_modules/.cache/playwright',
  globalSetup: './tests/server.ts',
  testMatch: '*.spec.ts',
  fullyParallel: true,
  workers: 2,
  timeout: 60_000,
  // What passes at the second try is told as flaky, and looked into; it does not hold up what others wait for.
  retries: process.env.CI ? 1 : 0,
  // Two browsers and a server share the cores of a small machine.
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/Vienna',
  },
})
