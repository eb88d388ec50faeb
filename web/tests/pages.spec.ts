// Every address that the router knows, with a workspace whose every word from outside looks like a page: nothing runs, nothing is
// asked of others (`test.ts` watches), nothing serious for who cannot see, and nothing scrolls sideways. A new page is looked at as
// soon as it has a route; one with a new parameter fails until it is said here what to put in.

import { join } from 'node:path'
import type { Page } from '@playwright/test'
import seriousViolations from './axe'
import { hostile, type Seeded } from './seed'
import { ask } from './server'
import { accessible, expect, newcomer, type Person, signIn, test } from './test'

const base = () => process.env.RAMPART_BASE ?? ''

/** Who is not signed in sees these. */
const DOORS = ['/setup', '/sign-in', '/register', '/verify', '/forgot', '/reset', '/second-factor', '/invitations/$code']
/** They lead on to another that is looked at. */
const LEADING = ['/', '/login', '/verify-email', '/reset-password']

/** What is in the place of `$id`, by the list that it is of, and what is asked besides. */
function filled(path: string, slug: string, seeded: Seeded): string {
  const ids: Record<string, string> = {
    repositories: seeded.repository,
    findings: seeded.finding,
    vulnerabilities: seeded.finding,
    scans: seeded.scan,
    commits: seeded.commit,
    // They come from a forge, which is not here: pulls.spec.ts shows what the page makes of one.
    pulls: '00000000-0000-7000-8000-000000000000',
  }
  const parts = path.split('/')
  const address = parts
    .map((part, at) => {
      if (part === '$slug') return slug
      if (part === '$') return parts[1] === 'settings' ? 'members' : 'statistics'
      if (!part.startsWith('$')) return part
      const id = ids[parts[at - 1] ?? '']
      if (!id) throw new Error(`pages.spec.ts does not know what to put into ${path}`)
      return id
    })
    .join('/')
  return address.endsWith('/file') ? `${address}?path=${encodeURIComponent(seeded.file)}#L9` : address
}

async function routes(page: Page): Promise<string[]> {
  const found = await page.evaluate(() =>
    Object.keys((window as unknown as { __TSR_ROUTER__: { routesByPath: object } }).__TSR_ROUTER__.routesByPath),
  )
  return [...new Set(found.map((path) => path.replace(/(.)\/$/, '$1')))]
}

async function settled(page: Page) {
  await expect(page.locator('h1')).toBeVisible()
  await expect(page.locator('.skeleton, .skeleton-row')).toHaveCount(0)
}

const sideways = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

let person: Person
let seeded: Seeded
let slug: string

test.beforeAll(async () => {
  test.setTimeout(120_000)
  person = await newcomer('Hanna Hostile', 'admin')
  seeded = await hostile(base(), person.headers, join(process.env.RAMPART_CODE ?? '', `hostile-${process.pid}`))
  const me = await ask(base(), 'GET', '/auth/me', undefined, person.headers)
  slug = me.workspaces[0].slug
})

for (const [theme, width] of [
  ['dark', 1280],
  ['light', 390],
  ['light', 768],
  ['dark', 1920],
] as const) {
  test(`every page, ${theme} at ${width}`, async ({ page }) => {
    test.setTimeout(240_000)
    await page.emulateMedia({ colorScheme: theme })
    await page.setViewportSize({ width, height: 900 })
    await signIn(page, person.email)
    const all = (await routes(page)).filter((path) => !DOORS.includes(path) && !LEADING.includes(path))
    expect(all.length).toBeGreaterThan(40)
    for (const path of all) {
      await test.step(path, async () => {
        await page.goto(`${base()}/app${filled(path, slug, seeded)}`)
        await settled(page)
        expect.soft(await seriousViolations(page), path).toEqual([])
        expect.soft(await sideways(page), `${path} scrolls sideways`).toBeLessThanOrEqual(0)
      })
    }
  })

  test(`every door, ${theme} at ${width}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme })
    await page.setViewportSize({ width, height: 900 })
    await page.goto(`${base()}/app/sign-in`)
    const known = await routes(page)
    for (const path of DOORS) {
      expect(known).toContain(path)
      await page.goto(`${base()}/app${path.replace('$code', 'nobody-knows')}`)
      await settled(page)
      await accessible(page)
      expect(await sideways(page), `${path} scrolls sideways`).toBeLessThanOrEqual(0)
    }
  })
}
