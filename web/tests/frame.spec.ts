import { join } from 'node:path'
import { type Page as Browser, devices } from '@playwright/test'
import { hostile, type Seeded } from './seed'
import { ADMIN, ask } from './server'
import { accessible, expect, newcomer, type Person, signIn, test } from './test'

const base = () => process.env.RAMPART_BASE ?? ''

let owner: Person
let workspace: { id: string; slug: string; name: string }
let seeded: Seeded

test.beforeAll(async () => {
  test.setTimeout(120_000)
  owner = await newcomer('Olga Owner')
  const slug = `frame-${crypto.randomUUID().slice(0, 8)}`
  workspace = await ask(base(), 'POST', '/workspaces', { name: `Frame ${slug}`, slug }, owner.headers)
  const within = { ...owner.headers, 'x-workspace-id': workspace.id }
  seeded = await hostile(base(), within, join(process.env.RAMPART_CODE ?? '', slug))
})

/** Somebody with a role in the workspace. */
async function joined(role: string, name = 'Vic Other'): Promise<Person> {
  const person = await newcomer(name)
  const { code } = await ask(base(), 'POST', `/workspaces/${workspace.id}/invitations`, { role }, owner.headers)
  await ask(base(), 'POST', '/invitations/accept', { code }, person.headers)
  return person
}

const at = (path: string) => `${base()}/app/w/${workspace.slug}${path}`

const ready = (page: Browser) => expect(page.locator('.skeleton')).toHaveCount(0)

test.describe('what a role may not do is not there, by its address either', () => {
  for (const [role, hidden, shown] of [
    ['viewer', ['invitations', 'invitations?invite=true', 'security', 'audit', 'danger'], ['', '/members']],
    ['member', ['invitations', 'security', 'audit', 'danger'], ['', '/members']],
    ['operator', ['invitations', 'security', 'audit', 'danger'], ['', '/members']],
    ['admin', ['danger'], ['/invitations', '/security', '/audit']],
  ] as const) {
    test(`settings as ${role}`, async ({ page }) => {
      await signIn(page, (await joined(role)).email)
      for (const part of hidden) {
        await page.goto(at(`/settings/${part}`))
        await expect(page.getByRole('heading', { name: 'Not found' })).toBeVisible()
        await expect(page.getByRole('dialog')).toHaveCount(0)
        await expect(page.getByRole('main').getByRole('button')).toHaveCount(0)
      }
      for (const part of shown) {
        await page.goto(at(`/settings${part}`))
        await expect(page.getByRole('heading', { name: 'Workspace settings' })).toBeVisible()
      }
    })
  }

  test('repositories as viewer', async ({ page }) => {
    await signIn(page, (await joined('viewer')).email)
    await page.goto(at('/repositories?connect=true'))
    await expect(page.getByRole('table')).toBeVisible()
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await page.goto(at(`/repositories/${seeded.repository}/settings`))
    await expect(page.getByText('Not for you to set.')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Save' })).toHaveCount(0)
    await expect(page.getByRole('main').getByRole('textbox')).toHaveCount(0)
    await page.goto(at('/welcome'))
    await expect(page.getByText('Somebody who is a member or more')).toBeVisible()
    await page.goto(`${base()}/app/admin/jobs`)
    await expect(page.getByRole('heading', { name: 'Not found' })).toBeVisible()
  })

  test('who is a viewer on the whole platform is one as administrator of a workspace, too', async ({ page }) => {
    const person = await newcomer('Pia Platform', 'viewer')
    const { code } = await ask(base(), 'POST', `/workspaces/${workspace.id}/invitations`, { role: 'admin' }, owner.headers)
    await ask(base(), 'POST', '/invitations/accept', { code }, person.headers)
    await signIn(page, person.email)
    await page.goto(at('/settings/security'))
    await expect(page.getByRole('heading', { name: 'Not found' })).toBeVisible()
    await page.goto(at('/repositories'))
    await expect(page.getByRole('table')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Connect' })).toHaveCount(0)
  })

  test('an administrator changes no owner', async ({ page }) => {
    await signIn(page, (await joined('admin')).email)
    await page.goto(at('/settings/members?role=owner'))
    await expect(page.getByRole('main').getByText('Olga Owner')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Actions for Olga Owner' })).toHaveCount(0)
    await expect(page.getByRole('combobox', { name: 'Role of Olga Owner' })).toHaveCount(0)
  })
})

test('of two owners each can be changed, whichever are shown', async ({ page }) => {
  const second = await joined('admin', 'Otto Second')
  const { id } = await ask(base(), 'GET', '/auth/me', undefined, second.headers)
  const members = `/workspaces/${workspace.id}/members/${id}`
  await signIn(page, owner.email)
  await page.goto(at('/settings/members?q=Olga'))
  await ready(page)
  await expect(page.getByRole('combobox', { name: 'Role of Olga Owner' })).toHaveCount(0)
  await ask(base(), 'PATCH', members, { role: 'owner' }, owner.headers)
  await expect(page.getByRole('combobox', { name: 'Role of Olga Owner' })).toBeVisible()
  await ask(base(), 'PATCH', members, { role: 'admin' }, owner.headers)
})

test('on paper the page is light, whatever is chosen', async ({ page }) => {
  await signIn(page, owner.email)
  await page.evaluate(() => localStorage.setItem('rampart.theme', 'dark'))
  await page.goto(at(`/repositories/${seeded.repository}/file?path=app.py`))
  await expect(page.locator('.code-line').first()).toBeVisible()
  const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
  expect(await paper()).toBe('rgb(13, 14, 18)')
  await page.emulateMedia({ media: 'print' })
  expect(await paper()).toBe('rgb(246, 247, 249)')
  expect(
    await page
      .locator('.code-line')
      .first()
      .evaluate((line) => getComputedStyle(line).whiteSpace),
  ).toBe('pre-wrap')
})

test('what is typed into the settings of a repository stays while a scan changes it', async ({ page }) => {
  await signIn(page, owner.email)
  await page.goto(at(`/repositories/${seeded.repository}/settings`))
  await page.getByLabel('Not these paths').fill('vendor/**')
  const changed = page.waitForResponse((answer) => answer.url().endsWith(`/repositories/${seeded.repository}`))
  const settings = { scanBranches: ['next'] }
  const within = { ...owner.headers, 'x-workspace-id': workspace.id }
  await ask(base(), 'PATCH', `/repositories/${seeded.repository}/settings`, settings, within)
  await ask(base(), 'POST', `/repositories/${seeded.repository}/scan`, {}, within)
  await changed
  // What nobody has touched is as the server has it now.
  await expect(page.getByLabel('Further branches')).toHaveValue('next')
  await expect(page.getByLabel('Not these paths')).toHaveValue('vendor/**')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('not saved')).toHaveCount(0)
  await page.reload()
  await expect(page.getByLabel('Not these paths')).toHaveValue('vendor/**')
})

test('by touch there is a way out of whatever is opened', async ({ browser }) => {
  const context = await browser.newContext({ ...devices['Pixel 7'], viewport: { width: 390, height: 844 } })
  const page = await context.newPage()
  await signIn(page, owner.email)
  await page.getByRole('navigation', { name: 'Main, short' }).getByRole('button', { name: 'More' }).tap()
  const palette = page.getByRole('dialog', { name: 'Search or jump' })
  await accessible(page)
  await palette.getByRole('button', { name: 'Close' }).tap()
  await expect(palette).toHaveCount(0)
  await page.getByRole('button', { name: /account$/ }).tap()
  await page.getByRole('menuitem', { name: /^Keys/ }).tap()
  const keys = page.getByRole('dialog', { name: 'Keys' })
  expect((await keys.boundingBox())?.width).toBe(390)
  await keys.getByRole('button', { name: 'Close' }).tap()
  await expect(keys).toHaveCount(0)
  await context.close()
})

test('who is removed from a workspace is told, and is in another one of theirs', async ({ page }) => {
  const guest = await joined('member', 'Gus Guest')
  const me = await ask(base(), 'GET', '/auth/me', undefined, guest.headers)
  const other = await ask(base(), 'POST', '/workspaces', { name: 'Of Gus' }, guest.headers)
  await signIn(page, guest.email)
  await page.goto(at('/findings'))
  await expect(page.getByText('live', { exact: true })).toBeVisible()
  await ask(base(), 'DELETE', `/workspaces/${workspace.id}/members/${me.id}`, undefined, owner.headers)
  const news = page.getByRole('region', { name: 'News' })
  await expect(news.getByText(`You are not in ${workspace.name} any more`)).toBeVisible({ timeout: 15_000 })
  await expect(page).not.toHaveURL(new RegExp(`/w/${workspace.slug}`))
  await expect(page).toHaveURL(/\/app\/w\//)
  await expect(page.getByRole('heading', { name: 'Sign in' })).toHaveCount(0)
  expect(other.slug).toBeTruthy()
})

test('an address of nobody’s is not found, and what is one’s own stands around it', async ({ page }) => {
  await signIn(page, owner.email)
  await page.goto(at('/findings'))
  await ready(page)
  await page.goto(`${base()}/app/w/somebody-elses/findings`)
  await expect(page.getByRole('heading', { name: 'Not found' })).toBeVisible()
  const side = page.getByRole('navigation', { name: 'Main', exact: true })
  await expect(side.getByText(workspace.name)).toBeVisible()
  await side.getByRole('link', { name: 'Repositories' }).click()
  await expect(page).toHaveURL(at('/repositories'))
  await expect(page).toHaveTitle(`Repositories · ${workspace.name}`)
})

test('an object says its name above and in the title of the window, and the list behind it is as it was', async ({ page }) => {
  await signIn(page, owner.email)
  await page.goto(at('/findings?severity=critical,high'))
  await page.getByRole('grid', { name: 'Findings' }).getByRole('link').first().click()
  await expect(page).toHaveTitle(/ in .+ · Findings · Frame /)
  await expect(page.getByRole('heading', { level: 1 })).not.toBeEmpty()
  const crumbs = page.getByRole('navigation', { name: 'Breadcrumb' })
  await expect(crumbs.locator('[aria-current=page]')).toContainText(' in ')
  await crumbs.getByRole('link', { name: 'Findings' }).click()
  await expect(page).toHaveURL(/severity=critical/)
  await page.goto(at(`/repositories/${seeded.repository}/scans`))
  await expect(page).toHaveTitle(/^Scans · .+ · Repositories · Frame /)
  for (const width of [768, 1280]) {
    await page.setViewportSize({ width, height: 900 })
    const [path, search] = [await crumbs.boundingBox(), await page.getByRole('button', { name: 'Search or jump' }).boundingBox()]
    expect((path?.x ?? 0) + (path?.width ?? 0)).toBeLessThanOrEqual(search?.x ?? 0)
    const over = await crumbs.evaluate((nav) => nav.scrollWidth - nav.clientWidth)
    expect(over).toBeLessThanOrEqual(0)
  }
})

test('other names of a page lead to it, with what stands behind them', async ({ page }) => {
  await signIn(page, owner.email)
  await page.goto(at('/findings'))
  await ready(page)
  for (const [from, to] of [
    [at(`/repositories/${seeded.repository}/findings?severity=high`), at(`/repositories/${seeded.repository}?severity=high`)],
    [at('/settings/general'), at('/settings')],
    [`${base()}/app/notifications`, at('/notifications')],
    [`${base()}/app/members`, at('/settings/members')],
    [
      `${base()}/app/repositories/${seeded.repository}/file?path=app.py#L3`,
      at(`/repositories/${seeded.repository}/file?path=app.py#L3`),
    ],
  ] as const) {
    await page.goto(from)
    await expect(page).toHaveURL(to)
    await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('Not found')
  }
})

test('another workspace opens in the same section, and many are looked for by name', async ({ page }) => {
  const person = await newcomer('Wim Works')
  const make = (name: string) => ask(base(), 'POST', '/workspaces', { name }, person.headers)
  const first = await make('Alder')
  await signIn(page, person.email)
  await page.goto(`${base()}/app/w/${first.slug}/settings/members`)
  const side = page.getByRole('navigation', { name: 'Main', exact: true })
  const second = await make('Birch')
  await page.reload()
  await side.getByRole('button', { name: /switch the workspace/ }).click()
  await page.getByRole('menuitem', { name: 'Birch' }).click()
  await expect(page).toHaveURL(`${base()}/app/w/${second.slug}/settings`)
  for (const name of ['Cedar', 'Elm', 'Fir', 'Hazel', 'Juniper', 'Larch']) await make(name)
  await page.goto(`${base()}/app/w/${second.slug}/scans`)
  await side.getByRole('button', { name: /switch the workspace/ }).click()
  await accessible(page)
  await page.getByRole('combobox', { name: 'Workspace' }).fill('haz')
  await page.keyboard.press('Enter')
  await expect(side.getByText('Hazel')).toBeVisible()
  await expect(page).toHaveURL(/\/w\/[\w-]+\/scans$/)
})

test('the palette leads below the settings and the account, and takes > for actions', async ({ page }) => {
  await signIn(page, owner.email)
  await page.goto(at('/findings'))
  await expect(page.getByRole('grid', { name: 'Findings' })).toBeVisible()
  const field = page.getByRole('combobox', { name: 'Search or jump' })
  await page.keyboard.press('Control+k')
  await field.fill('members')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(at('/settings/members'))
  await page.keyboard.press('Control+k')
  await field.fill('se')
  await expect(page.getByRole('option').first()).toContainText(/^Se/)
  await expect(page.getByRole('option', { name: 'Jobs' })).toHaveCount(0)
  await field.fill('>roomy')
  await expect(page.getByRole('option')).toHaveText([/Density: roomy/])
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-density', 'roomy')
  await page.keyboard.press('Control+k')
  await field.fill('>prof')
  await expect(page.getByRole('option', { name: 'Profile' })).toHaveCount(0)
})

test('who runs the installation finds its pages in the palette', async ({ page }) => {
  await signIn(page, ADMIN)
  await ready(page)
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Search or jump' }).fill('dead')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(`${base()}/app/admin/dead-letters`)
})

test('with the text twice as large nothing lies over anything, nor is cut off at the side', async ({ page }) => {
  test.setTimeout(90_000)
  await signIn(page, owner.email)
  await page.addInitScript(() =>
    addEventListener('DOMContentLoaded', () => document.documentElement.style.setProperty('font-size', '200%')),
  )
  for (const path of [
    '',
    '/findings',
    '/repositories',
    `/repositories/${seeded.repository}/settings`,
    '/commits',
    '/scans',
    '/notifications',
    '/settings/members',
    '/settings/danger',
  ]) {
    await page.goto(at(path))
    await ready(page)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    const wrong = await page.evaluate(() => {
      const found: string[] = []
      if (document.documentElement.scrollWidth > window.innerWidth) found.push('the page is wider than the window')
      for (const element of document.querySelectorAll<HTMLElement>('body *')) {
        const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim())
        const style = getComputedStyle(element)
        if (!own || style.clipPath !== 'none' || style.lineHeight === 'normal' || element.closest('svg')) continue
        const short = element.textContent?.slice(0, 30)
        // Lines as high as their letters, and boxes as high as their lines.
        if (Number.parseFloat(style.lineHeight) < Number.parseFloat(style.fontSize)) found.push(`lines of ${short}`)
        const isBox = style.display !== 'inline' && element.clientHeight > 0
        if (isBox && element.scrollHeight > element.clientHeight + 2) found.push(`height of ${short}`)
      }
      return found
    })
    expect(wrong, path).toEqual([])
  }
  // The list that draws a part of itself knows how high its rows are.
  await page.goto(at('/findings'))
  const rows = page.getByRole('grid', { name: 'Findings' }).getByRole('row')
  // In two lines, as on every narrow page.
  expect((await rows.first().boundingBox())?.height).toBe(112)
})

test('in forced colours it is seen where one is, what is pressed, and what is chosen', async ({ page }) => {
  await signIn(page, owner.email)
  await page.emulateMedia({ forcedColors: 'active' })
  await page.goto(at('/findings?severity=critical'))
  const side = page.getByRole('navigation', { name: 'Main', exact: true })
  await expect(side.getByRole('link', { name: /^Findings/ })).toHaveCSS('outline-style', 'solid')
  await expect(side.getByRole('link', { name: 'Repositories' })).toHaveCSS('outline-style', 'none')
  const ground = (name: RegExp) =>
    page.getByRole('button', { name }).evaluate((button) => getComputedStyle(button).backgroundColor)
  expect(await ground(/^critical/i)).not.toBe(await ground(/^high/i))
  await expect(page.locator('select').first()).toHaveCSS('appearance', 'auto')
  await page.goto(at(`/repositories/${seeded.repository}`))
  const tabs = page.getByRole('navigation', { name: 'Repository' })
  await expect(tabs.getByRole('link', { name: 'Findings' })).toHaveCSS('border-bottom-width', '3px')
  await expect(tabs.getByRole('link', { name: 'Scans' })).toHaveCSS('border-bottom-width', '0px')
  await page.goto(at(`/findings/${seeded.finding}`))
  await expect(page.locator('.code-line[data-hit]').first()).toHaveCSS('outline-style', 'solid')
})

/** The repository as if its last scan stood so. */
async function standing(page: Browser, scanStatus: string, scan: object) {
  await page.route(`**/api/v1/repositories/${seeded.repository}`, async (route) => {
    const answer = await route.fetch()
    await route.fulfill({ response: answer, json: { ...(await answer.json()), scanStatus } })
  })
  await page.route('**/api/v1/scans?*', async (route) => {
    const answer = await route.fetch()
    const { scans, ...rest } = await answer.json()
    await route.fulfill({ response: answer, json: { ...rest, scans: [{ ...scans[0], ...scan }] } })
  })
}

test('while a scan runs none is started, and the way to it stands there', async ({ page }) => {
  await signIn(page, owner.email)
  await standing(page, 'scanning', { status: 'running', progress: 61 })
  await page.goto(at(`/repositories/${seeded.repository}`))
  const main = page.getByRole('main')
  await expect(main.getByRole('button', { name: /^Scan/ })).toHaveAttribute('aria-disabled', 'true')
  await expect(main.getByText('a scan is running')).toBeVisible()
  await main.getByRole('link', { name: 'open it' }).click()
  await expect(page).toHaveURL(/\/scans\/[\w-]+$/)
  await page.goBack()
  await expect(main.getByText('a scan is running')).toBeVisible()
  await page.keyboard.press('s')
  await expect(page).toHaveURL(/\/scans\/[\w-]+$/)
})

test('that the last scan failed is said with its reason, and files are among the files', async ({ page }) => {
  await signIn(page, owner.email)
  await standing(page, 'failed', { status: 'failed', errorMessage: 'no space left' })
  await page.goto(at(`/repositories/${seeded.repository}/file?path=app.py`))
  await expect(page.getByText('✕ The last scan failed: no space left.')).toBeVisible()
  await accessible(page)
  const tabs = page.getByRole('navigation', { name: 'Repository' })
  await expect(tabs.getByRole('link', { name: 'Files' })).toHaveAttribute('aria-current', 'page')
  await page.getByRole('link', { name: 'Open the scan' }).click()
  await expect(page).toHaveURL(/\/scans\/[\w-]+$/)
})

test('without a network nothing is sent off that cannot arrive', async ({ page, context }) => {
  await signIn(page, owner.email)
  await page.goto(at(`/repositories/${seeded.repository}`))
  const scan = page.getByRole('main').getByRole('button', { name: /^Scan/ })
  await expect(scan).toBeEnabled()
  await context.setOffline(true)
  await expect(scan).toHaveAttribute('aria-disabled', 'true')
  await context.setOffline(false)
  await expect(scan).not.toHaveAttribute('aria-disabled', 'true')
})

test('tabs are all seen, and rows of one panel are equally high', async ({ page }) => {
  await signIn(page, owner.email)
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 900 })
    await page.goto(`${base()}/app/account/profile`)
    const tabs = page.getByRole('navigation', { name: 'Account' })
    await expect(tabs.getByRole('link')).toHaveCount(10)
    for (const tab of await tabs.getByRole('link').all()) {
      const box = await tab.boundingBox()
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width)
    }
  }
  await expect(page.getByRole('button', { name: 'Save' })).toHaveAttribute('aria-disabled', 'true')
  for (const path of [`${base()}/app/account/profile`, at('/settings/danger')]) {
    await page.goto(path)
    const rows = page.locator('.panel-row')
    await expect(rows).toHaveCount(2)
    const heights = await rows.evaluateAll((all) => all.map((row) => Math.round(row.getBoundingClientRect().height)))
    expect(Math.abs((heights[0] ?? 0) - (heights[1] ?? 0))).toBeLessThanOrEqual(1)
  }
})

test('marks of severity stand under each other, and columns of two repositories agree', async ({ page }) => {
  await signIn(page, owner.email)
  await page.route('**/api/v1/repositories?*', async (route) => {
    const answer = await route.fetch()
    const body = await answer.json()
    const [one] = body.repositories
    const other = { ...one, id: 'other', fullName: 'acme/large', criticalCount: 12_345, highCount: 3, scanStatus: 'failed' }
    await route.fulfill({ response: answer, json: { ...body, repositories: [one, other] } })
  })
  await page.goto(at('/repositories'))
  const marks = (row: number) =>
    page
      .locator('.severity-counts')
      .nth(row)
      .locator('svg')
      .evaluateAll((all) => all.map((mark) => Math.round(mark.getBoundingClientRect().x)))
  await expect(page.getByText('✓ done')).toBeVisible()
  await expect(page.getByText('✕ failed')).toBeVisible()
  await expect(page.getByText('Python').first()).toBeVisible()
  expect(await marks(0)).toEqual(await marks(1))
})

test('a wrong password moves neither the fields nor the button', async ({ page }) => {
  await page.goto(`${base()}/app/sign-in`)
  const button = page.getByRole('button', { name: 'Sign in', exact: true })
  const before = await button.boundingBox()
  // One column in the middle, also where nothing else was opened before.
  expect(before?.width).toBe(360)
  await page.getByLabel('E-mail').fill(owner.email)
  await page.getByLabel('Password', { exact: true }).fill('not the password of anybody')
  await button.click()
  await expect(page.getByRole('alert')).toBeVisible()
  expect(await button.boundingBox()).toEqual(before)
})

test('news are narrowed by their kind, name who came, and are links', async ({ page }) => {
  await joined('member', 'Nia Newcomer')
  await signIn(page, owner.email)
  await page.goto(at('/notifications'))
  const list = page.getByRole('list', { name: 'Notifications' })
  await expect(list.getByRole('link', { name: 'Nia Newcomer joined the workspace' })).toBeVisible()
  await page.getByRole('combobox', { name: 'Kind' }).selectOption('vulnerability_found')
  await expect(page).toHaveURL(/kind=vulnerability_found/)
  await expect(list.getByRole('link', { name: /joined the workspace/ })).toHaveCount(0)
  await expect(list.getByRole('link', { name: /new finding/ }).first()).toBeVisible()
  await accessible(page)
  await page.getByRole('combobox', { name: 'Kind' }).selectOption('member_joined')
  await list.getByRole('link', { name: 'Nia Newcomer joined the workspace' }).click()
  await expect(page).toHaveURL(at('/settings/members'))
  await page.goto(`${base()}/app/account/notifications`)
  await expect(page.getByText('Scan failed')).toBeVisible()
  await expect(page.getByText(/Mission|Policy|Alert|Case created|Fix applied/)).toHaveCount(0)
})

test('the record says who came in, and dead letters of one queue lead back to all', async ({ page }) => {
  await signIn(page, ADMIN)
  await page.goto(`${base()}/app/admin/audit?action=user.login`)
  await expect(page.getByRole('row', { name: new RegExp(`${ADMIN} user.login`) }).first()).toBeVisible()
  await page.goto(`${base()}/app/admin/dead-letters?queue=notifications`)
  await page.getByRole('combobox', { name: 'Queue' }).selectOption({ label: 'Every queue' })
  await expect(page).toHaveURL(`${base()}/app/admin/dead-letters`)
  await page.goto(`${base()}/app/admin/jobs`)
  await page.getByRole('table').first().getByRole('link', { name: 'Notifications' }).click()
  await expect(page).toHaveURL(/jobs\?queue=notifications/)
  await accessible(page)
})

test('the first run ends with what the first scan found', async ({ page }) => {
  const person = await newcomer('Finn First')
  const { Repository, APP } = await import('./seed')
  const code = new Repository(join(process.env.RAMPART_CODE ?? '', `first-${crypto.randomUUID().slice(0, 8)}`))
  code.commit('app.py', APP, 'first')
  await signIn(page, person.email)
  await page.getByRole('textbox', { name: 'Folder' }).fill(code.folder)
  await page.getByRole('button', { name: 'Connect and scan' }).click()
  await expect(page.getByRole('list', { name: 'First run' }).locator('[aria-current=step]')).toContainText('First scan')
  await expect(page.getByText(/^\d+ findings?$/)).toBeVisible({ timeout: 20_000 })
  await accessible(page)
  await page.getByRole('link', { name: 'Look at them' }).click()
  await expect(page.getByRole('grid', { name: 'Findings' })).toBeVisible()
})

test('by touch no density makes rows too low', async ({ browser }) => {
  const context = await browser.newContext({ ...devices['Pixel 7'] })
  const page = await context.newPage()
  await signIn(page, owner.email)
  await page.evaluate(() => localStorage.setItem('rampart.density', 'roomy'))
  await page.goto(at('/findings'))
  await expect(page.getByRole('grid', { name: 'Findings' })).toBeVisible()
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--row'))).toBe('44px')
  await context.close()
})

test('where the browser gives no clipboard the text is copied all the same', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }))
  await signIn(page, owner.email)
  await page.goto(at('/settings'))
  await page.getByRole('button', { name: 'Copy the id' }).click()
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible()
})
