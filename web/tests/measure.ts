// Not a test: how fast the dashboard is, for people to read (`make web-measure`). On loopback, with the Chromium of the machine, several
// runs each; the medians are printed, with the worst beside them. What a busy machine says is no promise.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, expect, type Page, test } from '@playwright/test'
import { many, Repository } from './seed'
import { ADMIN, ask, bearer } from './server'
import { signIn } from './test'

const RUNS = 7
const FINDINGS = 10_000
const WHEEL_STEPS = 60
/** After this long every page is there, or the figure says that it was not. */
const SETTLED_MS = 4_000

const base = () => process.env.RAMPART_BASE ?? ''

function told(name: string, values: number[], limit: number) {
  const sorted = [...values].sort((a, b) => a - b)
  const [median, worst] = [sorted[Math.floor(sorted.length / 2)] ?? 0, sorted.at(-1) ?? 0]
  console.log(`${name.padEnd(46)} ${median.toFixed(0).padStart(6)} ms  (worst ${worst.toFixed(0)}, wanted ${limit})`)
}

/** Told by the page itself, in the frame in which it is so: a test that looks on takes time that the page would have. */
function watch(wanted: string) {
  const look = () => {
    const found = document.querySelector<HTMLElement>(wanted)
    if (found && found.getClientRects().length > 0) Object.assign(window, { ready: performance.now() })
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}

/** Of a page that is opened anew, with nothing in the browser's cache; it is ready when `wanted` is there. */
async function opened(browser: Browser, path: string, wanted: string, state?: string) {
  const context = await browser.newContext({ storageState: state })
  const page = await context.newPage()
  await page.addInitScript(watch, wanted)
  await page.goto(`${base()}${path}`, { waitUntil: 'commit' })
  await page.waitForTimeout(SETTLED_MS)
  const at = await page.evaluate(() => ({
    paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
    ready: (window as unknown as { ready?: number }).ready ?? Number.NaN,
  }))
  await context.close()
  return at
}

test('figures', async ({ browser }) => {
  test.setTimeout(600_000)
  const admin = await bearer(base(), ADMIN)
  const folder = join(process.env.RAMPART_CODE ?? '', 'many')
  mkdirSync(folder)
  new Repository(folder).commit('README.md', '# Many\n', 'First')
  const { id } = await ask(base(), 'POST', '/repositories/connect', { repoUrl: folder, provider: 'local' }, admin)
  await many(base(), admin, id, FINDINGS)

  const door = []
  for (let run = 0; run < RUNS; run += 1) door.push(await opened(browser, '/app/sign-in', 'input[type=email]'))
  told(
    'sign-in: first contentful paint',
    door.map(({ paint }) => paint),
    500,
  )
  told(
    'sign-in: ready to be filled in',
    door.map(({ ready }) => ready),
    1_000,
  )

  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const page = await context.newPage()
  await signIn(page, ADMIN)
  const state = join(process.env.RAMPART_DATA ?? '', 'measured.json')
  await context.storageState({ path: state })
  const list = []
  const firstRow = (page: Page) => expect(page.locator('[role=row]').first()).toBeVisible()
  const findings = `${new URL(page.url()).pathname.replace(/\/$/, '')}/findings`
  for (let run = 0; run < RUNS; run += 1) list.push(await opened(browser, findings, '[role=row]', state))
  told(
    'findings: first contentful paint',
    list.map(({ paint }) => paint),
    500,
  )
  told(
    'findings: rows are there',
    list.map(({ ready }) => ready),
    1_000,
  )

  // From the key to the rows of the other severity, drawn.
  await page.goto(`${base()}${findings}`)
  await firstRow(page)
  const changes: number[] = []
  for (let run = 0; run < RUNS; run += 1) {
    // Not the worst: those stand first in any case.
    const severity = ['high', 'medium', 'low'][run % 3] ?? ''
    const ms = await page.evaluate(
      ([severity, key]) =>
        new Promise<number>((resolve) => {
          const begun = performance.now()
          const marks = () =>
            [...document.querySelectorAll('[role=row] [role=img]')].map((mark) => mark.getAttribute('aria-label'))
          const look = () => {
            const found = marks()
            if (found.length > 0 && found.every((label) => label === severity)) resolve(performance.now() - begun)
            else requestAnimationFrame(look)
          }
          window.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
          look()
        }),
      [severity, String((run % 3) + 2)],
    )
    changes.push(ms)
    await page.keyboard.press(String((run % 3) + 2))
    await expect(page).not.toHaveURL(/severity/)
    await page.waitForTimeout(300)
  }
  told('findings: a filter is changed and shown', changes, 150)

  await page.goto(`${base()}${findings}`)
  await firstRow(page)
  // From the moment in which the bar is let go to the rows that stand there.
  const jumps: number[] = []
  for (let run = 0; run < RUNS; run += 1) {
    const ms = await page.evaluate(
      (share) =>
        new Promise<number>((resolve) => {
          const begun = performance.now()
          const far = document.documentElement.scrollHeight * share
          const look = () => {
            const found = [...document.querySelectorAll<HTMLElement>('[role=row]')].filter(
              (row) => row.getBoundingClientRect().top > 0,
            )
            const isThere = window.scrollY === Math.floor(far) && found.length > 9 && found.every((row) => !row.ariaBusy)
            if (isThere) resolve(performance.now() - begun)
            else requestAnimationFrame(look)
          }
          window.scrollTo(0, Math.floor(far))
          requestAnimationFrame(look)
        }),
      0.1 + run * 0.12,
    )
    jumps.push(ms)
  }
  told('findings: rows far down are there', jumps, 150)

  const longest: number[] = []
  for (let run = 0; run < 3; run += 1) {
    await page.evaluate(() => {
      window.scrollTo(0, 0)
      const frames: number[] = []
      let last = performance.now()
      const tick = (now: number) => {
        frames.push(now - last)
        last = now
        requestAnimationFrame(tick)
      }
      requestAnimationFrame(tick)
      Object.assign(window, { frames })
    })
    await page.mouse.move(640, 500)
    for (let step = 0; step < WHEEL_STEPS; step += 1) {
      await page.mouse.wheel(0, 1_200)
      await page.waitForTimeout(16)
    }
    longest.push(await page.evaluate(() => Math.max(...(window as unknown as { frames: number[] }).frames.slice(2))))
  }
  told(`findings: longest frame while ${FINDINGS} are scrolled`, longest, 50)
})
