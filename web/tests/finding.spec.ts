import { execFileSync } from 'node:child_process'
import { cpSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { Repository, scanned } from './seed'
import { ask } from './server'
import { accessible, expect, newcomer, type Person, signIn, test } from './test'

const base = () => process.env.RAMPART_BASE ?? ''

let person: Person
let slug: string
let shop: Repository
let repository: string
let scan: string

interface Found {
  id: string
  severity: string
  status: string
  statusReason?: string
  ignoredUntil?: string
  filePath: string
  fix?: object
  dataFlow?: object[]
}

const asked = (method: string, path: string, body?: unknown) => ask(base(), method, path, body, person.headers)
const detail = (id: string): Promise<Found> => asked('GET', `/vulnerabilities/${id}?expand=fix,flow`)
const show = (page: Page, path: string) => page.goto(`${base()}/app/w/${slug}/${path}`)
const news = (page: Page) => page.getByRole('region', { name: 'News' })

/** The longest way of data, and a finding that comes with a change. */
let traced: Found
let mendable: Found

// In order, for they share a repository; none needs what another did.
test.describe.configure({ mode: 'default' })

test.beforeAll(async () => {
  test.setTimeout(120_000)
  person = await newcomer('Rhea Reader')
  const me = await asked('GET', '/auth/me')
  slug = me.workspaces[0].slug
  shop = new Repository(join(process.env.RAMPART_CODE ?? '', `shop-${process.pid}`))
  cpSync(new URL('../../examples/shop/', import.meta.url).pathname, shop.folder, { recursive: true })
  shop.commit('NOTES.md', '# The shop\n', 'The shop as it is')
  repository = (await asked('POST', '/repositories/connect', { repoUrl: shop.folder, provider: 'local' })).id
  scan = await scanned(base(), person.headers, repository)
  const { vulnerabilities } = await asked('GET', `/vulnerabilities?repositoryId=${repository}&sort=-risk&limit=50`)
  const all = await Promise.all(vulnerabilities.map(({ id }: Found) => detail(id)))
  traced = all.reduce((one, other) => ((other.dataFlow?.length ?? 0) > (one.dataFlow?.length ?? 0) ? other : one))
  mendable = all.find(({ fix }) => fix) as Found
})

test('from finding to finding of the list it was opened from, and back to that list', async ({ page }) => {
  await signIn(page, person.email)
  await show(page, 'findings?severity=critical')
  const rows = page.getByRole('grid', { name: 'Findings' }).getByRole('row')
  await expect(rows.first()).toBeVisible()
  const total = await rows.count()
  await page.keyboard.press('Enter')
  const list = page.getByRole('navigation', { name: 'List' })
  await expect(list.getByRole('link', { name: `1 of ${total}` })).toBeVisible()
  await expect(list.getByRole('button', { name: 'Previous finding' })).toHaveAttribute('aria-disabled', 'true')
  const first = page.url()
  await page.keyboard.press('j')
  await expect(list.getByRole('link', { name: `2 of ${total}` })).toBeVisible()
  expect(page.url()).not.toBe(first)
  // By its address alone it is the same.
  await page.reload()
  await expect(list.getByRole('link', { name: `2 of ${total}` })).toBeVisible()
  await page.keyboard.press('k')
  await expect(page).toHaveURL(first)
  await expect(list.getByRole('link', { name: `1 of ${total}` })).toBeVisible()
  // What was decided about leaves the list; the next one has moved to its place.
  await page.keyboard.press('d')
  await expect(list.getByRole('link', { name: `${total - 1} left` })).toBeVisible()
  await page.keyboard.press('j')
  await expect(list.getByRole('link', { name: `1 of ${total - 1}` })).toBeVisible()
  await page.keyboard.press('z')
  await expect(list.getByRole('link', { name: `2 of ${total}` })).toBeVisible()
  await accessible(page)
  await list.getByRole('link', { name: `2 of ${total}` }).click()
  await expect(page).toHaveURL(/findings\?severity=critical$/)
  await expect(rows).toHaveCount(total)
})

test('a decision is seen at once, and taken away again when the server refuses', async ({ page }) => {
  let answer: () => void = () => {}
  const asking = new Promise<void>((given) => {
    answer = given
  })
  await page.route('**/api/v1/vulnerabilities/bulk-status', async (route) => {
    await asking
    await route.fulfill({ status: 500, json: { error: 'It broke', code: 'INTERNAL' } })
  })
  await signIn(page, person.email)
  const every = 'status=open,fixed,ignored,false_positive'
  await show(page, `findings?${every}&q=${encodeURIComponent(traced.filePath)}`)
  const row = page.getByRole('grid', { name: 'Findings' }).getByRole('row').first()
  await expect(row).toContainText('○ Open')
  await page.keyboard.press('Enter')
  const main = page.getByRole('main')
  await expect(main.getByText('○ Open', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Mark fixed' }).click()
  await expect(main.getByText('✓ Fixed', { exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Reopen' })).toBeVisible()
  // A list of every status keeps it, as it is now.
  await page.goBack()
  await expect(row).toContainText('✓ Fixed')
  await page.goForward()
  answer()
  await expect(main.getByText('○ Open', { exact: true })).toBeVisible()
  await expect(news(page)).not.toContainText('marked as fixed')
})

test('what is taken back has its reason and its end again', async ({ page }) => {
  const until = new Date(Date.now() + 40 * 86_400_000).toISOString()
  await asked('PATCH', `/vulnerabilities/${traced.id}/status`, {
    status: 'ignored',
    reason: 'Used in tests only: see the wiki',
    ignoredUntil: until,
  })
  await signIn(page, person.email)
  await show(page, `findings/${traced.id}`)
  await expect(page.getByRole('main').getByText('Used in tests only').first()).toBeVisible()
  await page.keyboard.press('o')
  await expect(news(page)).toContainText('open again')
  await page.keyboard.press('z')
  await expect.poll(async () => (await detail(traced.id)).status).toBe('ignored')
  const now = await detail(traced.id)
  expect(now.statusReason).toBe('Used in tests only: see the wiki')
  expect(now.ignoredUntil?.slice(0, 16)).toBe(until.slice(0, 16))
  // Who did it is named, the first at the top.
  const history = page.locator('section').filter({ has: page.getByRole('heading', { name: 'History' }) })
  await expect(history.getByRole('listitem').first()).toContainText('Found by Rampart')
  await expect(history.getByRole('listitem').nth(1)).toContainText('Open → Ignored by Rhea Reader: Used in tests only')
  await expect(history.getByRole('listitem').nth(2)).toContainText('Ignored → Open by Rhea Reader')
  await asked('PATCH', `/vulnerabilities/${traced.id}/status`, { status: 'open' })
})

test('a long way is folded, and gone through by keys, buttons and from file to file', async ({ page }) => {
  await signIn(page, person.email)
  await show(page, `findings/${traced.id}`)
  const steps = page.getByRole('region', { name: 'Path of the data' })
  const count = traced.dataFlow?.length ?? 0
  expect(count).toBeGreaterThan(8)
  const current = steps.locator('[aria-current="step"]')
  await expect(current).toHaveText(new RegExp(`^${count}`))
  await expect(steps.locator('.step')).toHaveCount(6)
  await page.keyboard.press('{')
  await expect(page).toHaveURL(/step=3/)
  await page.keyboard.press('{')
  await expect(page).toHaveURL(/step=1(&|$)/)
  await page.keyboard.press('}')
  await expect(page).toHaveURL(/step=3/)
  await page.keyboard.press(']')
  await expect(current).toHaveText(/^4/)
  await current.focus()
  await page.keyboard.press('ArrowRight')
  await expect(page).toHaveURL(/step=5/)
  await expect(current).toBeFocused()
  await steps.getByRole('button', { name: 'Previous step' }).click()
  await expect(page).toHaveURL(/step=4/)
  await steps
    .getByRole('button', { name: /more steps/ })
    .first()
    .click()
  await expect(steps.locator('.step')).toHaveCount(count)
  await expect(page.getByRole('navigation', { name: 'Steps' })).toBeHidden()
  await page.setViewportSize({ width: 390, height: 844 })
  const bar = page.getByRole('navigation', { name: 'Steps' })
  await expect(bar).toBeInViewport()
  await expect(bar).toContainText(`Step 4 of ${count}`)
  await bar.getByRole('button', { name: 'Next' }).click()
  await expect(bar).toContainText(`Step 5 of ${count}`)
  await accessible(page)
})

test('all actions are in one menu, and history is a key away', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await signIn(page, person.email)
  await show(page, `findings/${traced.id}?severity=critical`)
  await expect(page.getByRole('main').getByRole('link', { name: `shop-${process.pid}`, exact: true })).toHaveAttribute(
    'href',
    new RegExp(`repositories/${repository}$`),
  )
  await page.keyboard.press('h')
  await expect(page.locator('.story')).toBeFocused()
  await expect(page.getByRole('heading', { name: /^Occurrences/ })).toBeInViewport()
  await page.keyboard.press('.')
  const menu = page.getByRole('menu')
  for (const name of ['Ignore…', 'False positive…', 'Mark fixed', 'Copy link', 'Copy path and line', 'Open the file'])
    await expect(menu.getByRole('menuitem', { name })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Copy link' }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${base()}/app/w/${slug}/findings/${traced.id}`)
})

test('a suggested change is whole lines, and a patch that git applies', async ({ page }) => {
  await signIn(page, person.email)
  await show(page, `findings/${mendable.id}`)
  const change = page.getByRole('region', { name: 'Suggested change' })
  const [removed, added] = [change.locator('.removed').first(), change.locator('.added').first()]
  // Most of the line stays as it is.
  const words = (text: string | null) => text?.replace(/^.*?[+−](removed:)?(added:)?/, '') ?? ''
  const [was, becomes] = [words(await removed.textContent()), words(await added.textContent())]
  expect(becomes.slice(0, 12)).toBe(was.slice(0, 12))
  expect(becomes).not.toBe(was)
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download patch' }).click()
  const file = await download
  expect(file.suggestedFilename()).toMatch(/\.patch$/)
  execFileSync('git', ['-C', shop.folder, 'apply', '--check', await file.path()])
  expect(readFileSync(await file.path(), 'utf8')).toContain(`--- a/${mendable.filePath}`)
})

test('what hides in a path or a rule is shown on the page of a finding', async ({ page }) => {
  const { scanId } = await asked('POST', `/repositories/${repository}/findings/import`, {
    tool: 'other',
    findings: [
      {
        ruleId: 'hidden\u202erule',
        severity: 'low',
        filePath: 'src/\u202egnp.exe/\u200bapp.ts',
        lineNumber: 3,
        message: 'mes\u202esage',
      },
    ],
  })
  expect(scanId ?? true).toBeTruthy()
  const { vulnerabilities } = await asked('GET', `/vulnerabilities?repositoryId=${repository}&severity=low&q=gnp`)
  await signIn(page, person.email)
  await show(page, `findings/${vulnerabilities[0].id}`)
  const head = page.getByRole('region', { name: 'Code', exact: true }).getByRole('heading')
  await expect(head).toContainText('U+202E')
  await expect(head).toContainText('U+200B')
  const main = (await page.getByRole('main').textContent()) ?? ''
  // The code of the finding is drawn by its own means.
  expect(main).not.toContain('\u200b')
})

test('a scan says how far it came, what it covered and what it found, and is begun again', async ({ page }) => {
  await signIn(page, person.email)
  await show(page, `scans/${scan}`)
  const main = page.getByRole('main')
  await expect(main).toContainText('First scan · the whole repository')
  await expect(main.getByRole('list', { name: 'Phases' })).toContainText('Analyse')
  await expect(main).toContainText(/\d+ of \d+ files were read; 2 skipped/)
  await expect(main.getByRole('heading', { name: 'New in this scan' })).toBeVisible()
  await expect(main.getByRole('navigation', { name: 'Pages' })).toContainText(/1–25 of \d+/)
  await main.getByRole('link', { name: 'Next' }).click()
  await expect(main.getByRole('navigation', { name: 'Pages' })).toContainText(/26–/)
  await main.getByRole('link', { name: /\d+ new/ }).click()
  await expect(page).toHaveURL(/state=new$/)
  await accessible(page)
  await page.keyboard.press('s')
  await expect(page).not.toHaveURL(new RegExp(scan))
  await expect(main.getByText(/✓ done/)).toBeVisible()
  await expect(main).toContainText('Started by hand')
  await expect(main.getByText('Nothing new.')).toBeVisible()
  await accessible(page)
})

test('a scan that runs is told of by the second, and read out at most every five', async ({ page }) => {
  await page.clock.install()
  const told = { progress: 12, phase: 'static', filesScanned: 0 }
  let tell = () => {}
  await page.routeWebSocket(/\/ws\?/, (socket) => {
    let count = 0
    socket.send(JSON.stringify({ event: 'ready' }))
    tell = () => {
      count += 1
      socket.send(JSON.stringify({ event: 'scan:progress', id: `e${count}`, data: { scanId: scan, ...told } }))
    }
  })
  await page.route(`**/api/v1/scans/${scan}`, async (route) => {
    const answer = await route.fetch()
    const running = { status: 'running', progress: 11, completedAt: null, durationMs: null }
    await route.fulfill({ response: answer, json: { ...(await answer.json()), ...running } })
  })
  await signIn(page, person.email)
  await show(page, `scans/${scan}`)
  await expect(page.getByRole('list', { name: 'Phases' }).locator('[aria-current]')).toContainText('Analyse')
  await expect(page.getByText('live', { exact: true })).toBeVisible()
  const said: string[] = []
  await page.exposeFunction('heard', (text: string) => said.push(text))
  await page.clock.runFor(6_000)
  await page.evaluate(() => {
    const region = document.querySelector('body > [role=status]')
    if (!region) throw new Error('nothing was read out')
    const hear = (window as unknown as { heard: (text: string) => void }).heard
    new MutationObserver(() => region.textContent && hear(region.textContent)).observe(region, { childList: true })
  })
  for (let at = 0; at < 16; at += 1) {
    told.progress += 1
    told.filesScanned += 7
    tell()
    await page.clock.runFor(300)
  }
  await expect(page.getByText('112 files read')).toBeVisible()
  expect(said.length).toBeLessThanOrEqual(1)
  await page.clock.runFor(16_000)
  expect(said.at(-1)).toContain('28 %')
  const quiet = page.getByText(/no news for \d+ s/)
  await expect(quiet).toBeVisible()
  const seconds = async () => Number(/no news for (\d+) s/.exec((await quiet.textContent()) ?? '')?.[1])
  const before = await seconds()
  await page.clock.runFor(2_000)
  await expect.poll(seconds).toBeGreaterThan(before)
  await accessible(page)
})

test('the overview says who did what, and leads to where figures come from', async ({ page }) => {
  await signIn(page, person.email)
  await show(page, '')
  const figure = (name: string) => page.locator('.figure').filter({ has: page.getByRole('heading', { name }) })
  await expect(figure('Security score').getByRole('link')).toHaveAttribute('href', /repositories\?sort=securityScore$/)
  await figure('Risk').getByRole('link').click()
  await expect(page.getByRole('heading', { name: 'What the risk is made of' })).toBeInViewport()
  const activity = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Activity' }) })
  await expect(activity.getByText(/Rhea Reader/).first()).toBeVisible()
  await expect(activity.getByRole('link', { name: /^Scan finished/ }).first()).toHaveAttribute('href', /\/scans\//)
  const next = page.locator('section').filter({ has: page.getByRole('heading', { name: 'What to do next' }) })
  await next
    .getByRole('link', { name: /SQL injection/ })
    .first()
    .click()
  await expect(page.getByRole('navigation', { name: 'List' })).toContainText(/\d+ of \d+/)
})

test('a failed scan says why once, what stands, and what to do; a good score does not hide it', async ({ page }) => {
  renameSync(shop.folder, `${shop.folder}-away`)
  try {
    const { id } = await asked('POST', `/repositories/${repository}/scan`, {})
    await expect.poll(async () => (await asked('GET', `/scans/${id}`)).status, { timeout: 60_000 }).toBe('failed')
    await signIn(page, person.email)
    await show(page, `scans/${id}`)
    const main = page.getByRole('main')
    await expect(main.getByText(/✕ failed:/)).toHaveCount(1)
    const { errorMessage } = await asked('GET', `/scans/${id}`)
    expect((await main.textContent())?.split(errorMessage)).toHaveLength(2)
    await expect(main).not.toContainText('0 new')
    await expect(main).not.toContainText('not fetched yet')
    await expect(main.getByRole('list', { name: 'Phases' })).toContainText('✕ Fetch')
    await expect(main.getByRole('button', { name: 'Scan again' })).toBeVisible()
    await expect(main.getByRole('link', { name: 'its settings' })).toBeVisible()
    await accessible(page)
    await show(page, '')
    await expect(main.getByText('the last scan of 1 repository failed')).toBeVisible()
    await expect(main.getByRole('link', { name: `shop-${process.pid}` }).first()).toBeVisible()
    await expect(main.getByText('could not be scanned the last time')).toBeVisible()
    await accessible(page)
  } finally {
    renameSync(`${shop.folder}-away`, shop.folder)
  }
})

test('an empty overview offers a viewer nothing that a viewer may not do', async ({ page }) => {
  const owner = await newcomer('Olga Owner')
  const viewer = await newcomer('Vic Viewer')
  const empty = `ws-${crypto.randomUUID().slice(0, 8)}`
  const { id } = await ask(base(), 'POST', '/workspaces', { name: 'Empty', slug: empty }, owner.headers)
  const { code } = await ask(base(), 'POST', `/workspaces/${id}/invitations`, { role: 'viewer' }, owner.headers)
  await ask(base(), 'POST', '/invitations/accept', { code }, viewer.headers)
  await signIn(page, viewer.email)
  await page.goto(`${base()}/app/w/${empty}`)
  await expect(page.getByText('Nothing is connected yet.')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Connect a repository' })).toHaveCount(0)
})

test('no page of these scrolls sideways, at any width', async ({ page }) => {
  test.setTimeout(90_000)
  await signIn(page, person.email)
  for (const path of ['', `findings/${traced.id}`, `scans/${scan}`, `repositories/${repository}/statistics`]) {
    await show(page, path)
    await expect(page.locator('h1')).toBeVisible()
    await expect(page.locator('.skeleton')).toHaveCount(0)
    for (const width of [320, 390, 768, 1280, 1920]) {
      await page.setViewportSize({ width, height: 900 })
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      expect(over, `${path} at ${width}`).toBeLessThanOrEqual(0)
    }
  }
})
