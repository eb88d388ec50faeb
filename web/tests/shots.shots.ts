// Not a test: pictures of every page, in both themes, for people to look at (`make screenshots`); WIDTHS=390,768,1280,1920 chooses
// the widths.

import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, expect, type Page, test } from '@playwright/test'
import { answering, ID } from './pull'
import { many, Repository, scanned } from './seed'
import { ADMIN, ask, bearer, PASSWORD } from './server'
import { newcomer, signIn } from './test'

const FOLDER = new URL('../screenshots/', import.meta.url).pathname

/** Pages of who is signed in, below a workspace or from the root. */
const PAGES: [string, string][] = [
  ['overview', 'w/:slug'],
  ['findings', 'w/:slug/findings'],
  ['findings-grouped', 'w/:slug/findings?group=rule'],
  ['findings-peek', 'w/:slug/findings?peek=:finding'],
  ['findings-nothing', 'w/:slug/findings?severity=critical&q=nowhere'],
  ['finding', 'w/:slug/findings/:finding'],
  ['repositories', 'w/:slug/repositories'],
  ['connect', 'w/:slug/repositories?connect=true'],
  ['repository', 'w/:slug/repositories/:repository'],
  ['repository-scans', 'w/:slug/repositories/:repository/scans'],
  ['repository-commits', 'w/:slug/repositories/:repository/commits'],
  ['repository-tree', 'w/:slug/repositories/:repository/tree'],
  ['repository-file', 'w/:slug/repositories/:repository/file?path=:file#L:line'],
  ['repository-statistics', 'w/:slug/repositories/:repository/statistics'],
  ['repository-settings', 'w/:slug/repositories/:repository/settings'],
  ['scans', 'w/:slug/scans'],
  ['scan', 'w/:slug/scans/:scan'],
  ['pulls', 'w/:slug/pulls'],
  ['commits', 'w/:slug/commits'],
  ['commit', 'w/:slug/commits/:commit'],
  ['notifications', 'w/:slug/notifications'],
  ['settings-general', 'w/:slug/settings'],
  ['members', 'w/:slug/settings/members'],
  ['invitations', 'w/:slug/settings/invitations'],
  ['security', 'w/:slug/settings/security'],
  ['workspace-audit', 'w/:slug/settings/audit'],
  ['danger', 'w/:slug/settings/danger'],
  ['account-profile', 'account/profile'],
  ['account-password', 'account/password'],
  ['account-second-factor', 'account/second-factor'],
  ['account-passkeys', 'account/passkeys'],
  ['account-sessions', 'account/sessions'],
  ['account-tokens', 'account/tokens'],
  ['account-connections', 'account/connections'],
  ['account-workspaces', 'account/workspaces'],
  ['account-notifications', 'account/notifications'],
  ['account-preferences', 'account/preferences'],
  ['admin-health', 'admin/health'],
  ['admin-jobs', 'admin/jobs'],
  ['admin-dead-letters', 'admin/dead-letters'],
  ['admin-schedules', 'admin/schedules'],
  ['admin-users', 'admin/users'],
  ['admin-invitations', 'admin/invitations'],
  ['admin-audit', 'admin/audit'],
  ['api-reference', 'api'],
  ['not-found', 'w/nowhere/notifications'],
]

const DOORS: [string, string][] = [
  ['sign-in', 'sign-in'],
  ['sign-in-ended', 'sign-in?ended=true'],
  ['register', 'register'],
  ['verify', 'verify'],
  ['forgot', 'forgot'],
  ['reset', 'reset?token=x'],
  ['setup', 'setup'],
  ['second-factor', 'second-factor'],
  ['invitation', 'invitations/no-such-code'],
]

const WIDTHS = (process.env.WIDTHS ?? '1280,390').split(',').map(Number)
const FACES = ['dark', 'light'].flatMap((theme) => WIDTHS.map((width) => ({ theme: theme as 'dark' | 'light', width })))

async function open(browser: Browser, theme: 'dark' | 'light', width: number): Promise<Page> {
  const context = await browser.newContext({ colorScheme: theme, viewport: { width, height: width < 500 ? 844 : 900 } })
  return context.newPage()
}

async function shoot(page: Page, name: string, theme: string, width: number) {
  await page.waitForLoadState('networkidle')
  await expect(page.locator('.skeleton')).toHaveCount(0)
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((one) => one.finished)))
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect.soft(overflow, `${name} at ${width} scrolls sideways`).toBeLessThanOrEqual(0)
  const window = page.viewportSize()
  if (!/findings|decision|views|palette|keys/.test(name)) {
    // As high as the page is: what sticks to an edge stands where it does on a window of this height.
    const height = await page.evaluate(() => document.documentElement.scrollHeight)
    await page.setViewportSize({ width, height: Math.max(height, window?.height ?? 0) })
  }
  await page.screenshot({ path: `${FOLDER}${name}-${theme}-${width}.png` })
  if (window) await page.setViewportSize(window)
}

/** What is in the place of the names in an address. */
let names: Record<string, string> = {}
/** Somebody who may only read. */
let viewer = ''

test.beforeAll(async () => {
  test.setTimeout(240_000)
  mkdirSync(FOLDER, { recursive: true })
  const base = process.env.RAMPART_BASE ?? ''
  const admin = await bearer(base, ADMIN)
  const me = await ask(base, 'GET', '/auth/me', undefined, admin)
  const workspace = me.workspaces[0].id
  await ask(base, 'PATCH', `/workspaces/${workspace}`, { name: 'Acme', slug: 'acme' }, admin)
  for (const [name, role] of [
    ['Bo Chan', 'member'],
    ['Cyril Okonkwo-Featherstonehaugh', 'viewer'],
    ['Dana Ruiz', 'admin'],
  ] as const) {
    const person = await newcomer(name)
    if (role === 'viewer') viewer = person.email
    const { code } = await ask(base, 'POST', `/workspaces/${workspace}/invitations`, { role }, admin)
    await ask(base, 'POST', '/invitations/accept', { code }, person.headers)
  }
  await ask(base, 'POST', `/workspaces/${workspace}/invitations`, { role: 'viewer', email: 'eve@acme.example' }, admin)
  await ask(base, 'POST', '/admin/invitations', { role: 'user' }, admin)
  await ask(base, 'POST', '/users/me/tokens', { name: 'Build server', scopes: ['read', 'scan'], workspaceId: workspace }, admin)
  names = { slug: 'acme', ...(await seed(base, admin)) }
})

/** The example application and a service of many findings. */
async function seed(base: string, headers: Record<string, string>): Promise<Record<string, string>> {
  const { repositories } = await ask(base, 'GET', '/repositories', undefined, headers)
  const known = repositories.find(({ fullName }: { fullName: string }) => fullName.endsWith('shop'))
  const repository = known?.id ?? (await connected(base, headers))
  const { vulnerabilities } = await ask(base, 'GET', `/vulnerabilities?repositoryId=${repository}&sort=-risk`, undefined, headers)
  const details = await Promise.all(
    vulnerabilities
      .slice(0, 10)
      .map(({ id }: { id: string }) => ask(base, 'GET', `/vulnerabilities/${id}?expand=flow`, undefined, headers)),
  )
  // The longest way is the best picture.
  const [finding] = details.sort((a, b) => (b.dataFlow?.length ?? 0) - (a.dataFlow?.length ?? 0))
  const scan = await scanned(base, headers, repository)
  const { commits } = await ask(base, 'GET', `/commits?repositoryId=${repository}`, undefined, headers)
  const commit = commits[0].hash
  return {
    repository,
    finding: finding.id,
    scan,
    commit,
    file: encodeURIComponent(finding.filePath),
    line: String(finding.lineNumber),
  }
}

async function connected(base: string, headers: Record<string, string>): Promise<string> {
  const code = process.env.RAMPART_CODE ?? ''
  const connect = async (name: string) => {
    const { id } = await ask(base, 'POST', '/repositories/connect', { repoUrl: join(code, name), provider: 'local' }, headers)
    await scanned(base, headers, id)
    return id
  }
  const shop = new Repository(join(code, 'shop'))
  cpSync(new URL('../../examples/shop/', import.meta.url).pathname, shop.folder, { recursive: true })
  shop.commit('NOTES.md', '# The shop\n', 'The shop as it is')
  new Repository(join(code, 'services')).commit('README.md', '# Services\n', 'First')
  await many(base, headers, await connect('services'), 400)
  return connect('shop')
}

for (const { theme, width } of FACES) {
  test(`doors, ${theme}, ${width}`, async ({ browser }) => {
    const page = await open(browser, theme, width)
    for (const [name, path] of DOORS) {
      await page.goto(`${process.env.RAMPART_BASE}/app/${path}`)
      await shoot(page, name, theme, width)
    }
    await page.goto(`${process.env.RAMPART_BASE}/app/sign-in`)
    await page.getByLabel('E-mail').fill('nobody@acme.example')
    await page.getByLabel('Password', { exact: true }).fill(`not-${PASSWORD}`)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expect(page.getByRole('alert')).toBeVisible()
    await shoot(page, 'sign-in-error', theme, width)
  })

  test(`pages, ${theme}, ${width}`, async ({ browser }) => {
    test.setTimeout(240_000)
    const page = await open(browser, theme, width)
    await signIn(page, ADMIN)
    for (const [name, path] of PAGES) {
      await page.goto(`${process.env.RAMPART_BASE}/app/${path.replace(/:(\w+)/g, (_, name) => names[name] ?? name)}`)
      await expect(page.locator('h1')).toBeVisible()
      await shoot(page, name, theme, width)
    }
    await page.goto(`${process.env.RAMPART_BASE}/app/w/acme/findings`)
    await expect(page.getByRole('row').nth(2)).toBeVisible()
    for (const key of ['x', 'Shift+J', 'Shift+J']) await page.keyboard.press(key)
    await shoot(page, 'findings-selected', theme, width)
    await page.keyboard.press('i')
    await expect(page.getByRole('dialog')).toBeVisible()
    await shoot(page, 'decision', theme, width)
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await page.keyboard.press('v')
    await expect(page.getByRole('dialog', { name: 'Views' })).toBeVisible()
    await shoot(page, 'views', theme, width)
    await answering(page)
    for (const [name, search] of [
      ['pull', ''],
      ['pull-changes', '?tab=changes'],
      ['pull-comments', '?tab=comments'],
    ] as const) {
      await page.goto(`${process.env.RAMPART_BASE}/app/w/acme/pulls/${ID}${search}`)
      await expect(page.locator('h1')).toBeVisible()
      await shoot(page, name, theme, width)
    }
    await page.goto(`${process.env.RAMPART_BASE}/app/w/acme/settings/members`)
    await expect(page.getByRole('row').nth(2)).toBeVisible()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Search or jump' }).fill('to')
    await shoot(page, 'palette', theme, width)
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible()
    await shoot(page, 'keys', theme, width)
  })

  test(`of who may only read, and of who has nothing yet, ${theme}, ${width}`, async ({ browser }) => {
    const page = await open(browser, theme, width)
    await signIn(page, viewer)
    for (const [name, path] of PAGES.filter(([name]) => ['overview', 'findings', 'finding', 'repository'].includes(name))) {
      await page.goto(`${process.env.RAMPART_BASE}/app/${path.replace(/:(\w+)/g, (_, name) => names[name] ?? name)}`)
      await expect(page.locator('h1')).toBeVisible()
      await shoot(page, `viewer-${name}`, theme, width)
    }
    const { email } = await newcomer('Nora New')
    const fresh = await open(browser, theme, width)
    await signIn(fresh, email)
    await shoot(fresh, 'welcome', theme, width)
    for (const path of ['findings', 'repositories', 'scans', 'notifications']) {
      await fresh.goto(new URL(path, `${fresh.url().replace(/\/welcome.*$/, '')}/`).href)
      await shoot(fresh, `empty-${path}`, theme, width)
    }
  })
}
