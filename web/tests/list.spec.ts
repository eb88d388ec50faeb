// The list of findings: what narrows it, who may do what, and what news cost.

import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { hostile, many, type Seeded } from './seed'
import { ask } from './server'
import { accessible, expect, newcomer, type Person, signIn, test } from './test'

const base = () => process.env.RAMPART_BASE ?? ''

let person: Person
let seeded: Seeded

test.describe.configure({ mode: 'serial' })

test.beforeAll(async () => {
  test.setTimeout(120_000)
  person = await newcomer('Lia Lister')
  seeded = await hostile(base(), person.headers, join(process.env.RAMPART_CODE ?? '', `list-${process.pid}`))
})

const rows = (page: Page) => page.getByRole('grid', { name: 'Findings' }).getByRole('row')

const count = (page: Page) => page.getByRole('main').getByText(/^[\d,]+ findings?$/)

async function atFindings(page: Page, search = '') {
  await signIn(page, person.email)
  await page.goto(`${base()}/app/findings${search}`)
  await expect(rows(page).first()).toBeVisible()
}

test('what is typed becomes a part of the filter when its word is over, and no half word is asked for', async ({ page }) => {
  await atFindings(page)
  const wrong: number[] = []
  page.on('response', (response) => {
    if (response.url().includes('/vulnerabilities?') && !response.ok()) wrong.push(response.status())
  })
  const field = page.getByRole('searchbox')
  await page.keyboard.press('/')
  await field.pressSequentially('sev:critical', { delay: 150 })
  await expect(page).not.toHaveURL(/severity|q=/)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/severity=critical/)
  await expect(field).toHaveValue('')
  await field.pressSequentially('-status:fixed app', { delay: 20 })
  await expect(page).toHaveURL(/q=app/)
  await expect(page).toHaveURL(/status=%21fixed|status=!fixed/)
  const chip = page.getByRole('button', { name: /is not fixed/ })
  await expect(chip).toBeVisible()
  await accessible(page)
  await chip.click()
  await expect(page).not.toHaveURL(/status/)
  expect(wrong).toEqual([])
})

test('Enter presses the button that has the focus; arrows walk and Enter opens without single keys, too', async ({ page }) => {
  await atFindings(page)
  await page.getByRole('button', { name: 'Views' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Views' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.evaluate(() => localStorage.setItem('rampart.keys', 'off'))
  await page.reload()
  await expect(rows(page).first()).toBeVisible()
  await page.keyboard.press('j')
  await expect(rows(page).first()).toHaveAttribute('data-current')
  await rows(page).first().focus()
  await page.keyboard.press('ArrowDown')
  await expect(rows(page).nth(1)).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/findings\/[0-9a-f-]{36}/)
  await page.evaluate(() => localStorage.removeItem('rampart.keys'))
})

test('who may not decide is offered nothing of it', async ({ page }) => {
  const viewer = await newcomer('Vic Viewer')
  const { workspaces } = await ask(base(), 'GET', '/auth/me', undefined, person.headers)
  const { code } = await ask(base(), 'POST', `/workspaces/${workspaces[0].id}/invitations`, { role: 'viewer' }, person.headers)
  await ask(base(), 'POST', '/invitations/accept', { code }, viewer.headers)
  await signIn(page, viewer.email)
  await page.goto(`${base()}/app/w/${workspaces[0].slug}/findings`)
  await expect(rows(page).first()).toBeVisible()
  await expect(rows(page).first().getByRole('checkbox')).toHaveCount(0)
  for (const key of ['x', 'Shift+J', 'Control+a', 'i']) await page.keyboard.press(key)
  await expect(page.getByRole('toolbar', { name: 'What is selected' })).toHaveCount(0)
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog')).toContainText('Next')
  await expect(page.getByRole('dialog')).not.toContainText('Select')
  await accessible(page)
})

test('on a narrow page a row still says where', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 900 })
  await atFindings(page)
  await expect(rows(page).first().locator('.where')).toBeVisible()
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(sideways).toBe(0)
  await accessible(page)
})

test('two hundred news at once leave every row where it is until they are asked for, and cost little', async ({ page }) => {
  await atFindings(page)
  await expect(page.getByText('live', { exact: true })).toBeVisible()
  const texts = await rows(page).allInnerTexts()
  const top = (await rows(page).first().boundingBox())?.y
  const asked: URL[] = []
  page.on('request', (request) => {
    if (request.url().includes('/api/v1/vulnerabilities?')) asked.push(new URL(request.url()))
  })
  await many(base(), person.headers, seeded.repository, 200)
  await expect(page.getByText(/^200 new since \d\d:\d\d$/)).toBeVisible({ timeout: 10_000 })
  expect(await rows(page).allInnerTexts()).toEqual(texts)
  expect((await rows(page).first().boundingBox())?.y).toBe(top)
  // Only how many there are was asked, once for many news.
  expect(asked.length).toBeGreaterThan(0)
  expect(asked.length).toBeLessThan(8)
  for (const { searchParams } of asked) expect(searchParams.get('limit')).toBe('1')
  await accessible(page)
  await page.keyboard.press('n')
  await expect(count(page)).toHaveText(/^20\d findings$/)
  await expect(page.getByText(/new since/)).toHaveCount(0)
})

test('a list is of the moment when it was opened, also in what is scrolled to later', async ({ page }) => {
  await atFindings(page)
  const total = await count(page).innerText()
  await many(base(), person.headers, seeded.repository, 700)
  await expect(page.getByText(/new since/)).toBeVisible({ timeout: 10_000 })
  const later = page.waitForRequest((request) => /vulnerabilities\?.*page=2/.test(request.url()))
  await rows(page).first().focus()
  await page.keyboard.press('End')
  expect(new URL((await later).url()).searchParams.get('to')).toMatch(/^\d{4}-/)
  await expect(rows(page).last()).not.toHaveAttribute('aria-busy')
  await expect(count(page)).toHaveText(total)
  // Who comes back later finds it as it is.
  await page.reload()
  await expect(count(page)).toHaveText(/^70\d findings$/)
})

/** How many blocks were asked for, which, and how many at a time. */
function blocks(page: Page) {
  const seen = { pages: [] as string[], most: 0 }
  let now = 0
  const isBlock = (url: string) => url.includes('/api/v1/vulnerabilities?') && url.includes('limit=100')
  page.on('request', (request) => {
    if (!isBlock(request.url())) return
    now += 1
    seen.most = Math.max(seen.most, now)
    seen.pages.push(new URL(request.url()).searchParams.get('page') ?? '')
  })
  const end = (request: { url: () => string }) => {
    if (isBlock(request.url())) now -= 1
  }
  page.on('requestfinished', end)
  page.on('requestfailed', end)
  return seen
}

const place = (page: Page, at: number) => page.locator(`[data-row="${at}"]`)

test('the end and the middle of a long list are there after one request, with the focus where it was sent', async ({ page }) => {
  await many(base(), person.headers, seeded.repository, 3_000)
  await atFindings(page)
  const total = Number((await count(page).innerText()).replace(/\D/g, ''))
  const seen = blocks(page)
  await rows(page).first().focus()
  await page.keyboard.press('End')
  await expect(place(page, total - 1)).toBeFocused()
  await expect(place(page, total - 1)).toContainText('.ts:')
  // What is in sight there, and nothing on the way to it.
  const last = Math.ceil(total / 100)
  const atEnd = seen.pages.length
  expect([last, last - 1].map(String)).toEqual(expect.arrayContaining(seen.pages))
  await page.keyboard.press('Home')
  await expect(place(page, 0)).toBeFocused()
  await expect(place(page, 0)).toBeInViewport()
  expect(seen.pages.length).toBe(atEnd)
  // As by the bar that scrolls.
  await page.evaluate(() => window.scrollTo(0, 1_540 * (document.querySelector<HTMLElement>('[data-row]')?.offsetHeight ?? 0)))
  await expect(place(page, 1_550)).toContainText('.ts:')
  expect(seen.pages.slice(atEnd)).toEqual(['16'])
  // The row that has the focus keeps it, however far it is.
  await expect(place(page, 0)).toBeFocused()
})

test('however fast a list is scrolled, two blocks are under way at most; what is not there is as high as what is', async ({
  page,
}) => {
  await atFindings(page)
  const seen = blocks(page)
  await page.route(/vulnerabilities\?.*page=/, async (route) => {
    await new Promise((passed) => setTimeout(passed, 150))
    await route.continue()
  })
  const height = (await place(page, 0).boundingBox())?.height
  await page.mouse.move(640, 600)
  for (let step = 0; step < 40; step += 1) await page.mouse.wheel(0, 1_500)
  const busy = page.locator('[role=row][aria-busy]')
  await expect(busy.first()).toBeVisible()
  expect((await busy.first().boundingBox())?.height).toBe(height)
  await accessible(page)
  await expect(busy).toHaveCount(0)
  expect(seen.most).toBeLessThanOrEqual(2)
})

test('what is decided far down leaves at once and comes back by undo; its neighbours are known on its page', async ({ page }) => {
  await atFindings(page)
  const total = await count(page).innerText()
  await page.evaluate(() => window.scrollTo(0, 1_000 * (document.querySelector<HTMLElement>('[data-row]')?.offsetHeight ?? 0)))
  const [row, next] = [place(page, 1_005), place(page, 1_006)]
  await expect(next).toContainText('.ts:')
  const [text, after] = [await row.innerText(), await next.innerText()]
  await row.focus()
  await page.keyboard.press('i')
  await page.getByRole('dialog').getByRole('button', { name: 'Ignore', exact: true }).click()
  await expect(row).toHaveText(after, { useInnerText: true })
  await expect(row).toBeFocused()
  await expect(count(page)).not.toHaveText(total)
  await page.keyboard.press('z')
  await expect(row).toHaveText(text, { useInnerText: true })
  await expect(count(page)).toHaveText(total)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('link', { name: /^1,006 of/ })).toBeVisible()
  await page.keyboard.press('j')
  await expect(page.getByRole('link', { name: /^1,007 of/ })).toBeVisible()
  await page.goBack()
  await page.goBack()
  await expect(place(page, 1_005)).toBeInViewport()
})

test('rows that could not be asked for say so, and are asked for again', async ({ page }) => {
  await atFindings(page)
  let isBroken = true
  await page.route(/vulnerabilities\?.*page=/, (route) =>
    isBroken ? route.fulfill({ status: 400, json: { error: 'no', code: 'INVALID' } }) : route.continue(),
  )
  await rows(page).first().focus()
  await page.keyboard.press('End')
  await expect(page.getByRole('alert')).toContainText('Some rows could not be asked for.')
  isBroken = false
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('alert')).toHaveCount(0)
  await expect(rows(page).last()).not.toHaveAttribute('aria-busy')
})
