// The list of findings: what narrows it, who may do what, and what news cost.

import { atFindings, count, rows, withFindings } from './findings'
import { many, type Seeded } from './seed'
import { ask } from './server'
import { accessible, expect, newcomer, type Person, signIn, test } from './test'

const base = () => process.env.RAMPART_BASE ?? ''

let person: Person
let seeded: Seeded

test.describe.configure({ mode: 'serial' })

test.beforeAll(async () => {
  test.setTimeout(120_000)
  const made = await withFindings('Lia Lister', 0)
  person = made.person
  seeded = made.seeded
})

test('what is typed becomes a part of the filter when its word is over, and no half word is asked for', async ({ page }) => {
  await atFindings(page, person)
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
  await atFindings(page, person)
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
  await atFindings(page, person)
  await expect(rows(page).first().locator('.where')).toBeVisible()
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(sideways).toBe(0)
  await accessible(page)
})

test('two hundred news at once leave every row where it is until they are asked for, and cost little', async ({ page }) => {
  await atFindings(page, person)
  await expect(page.getByText('live', { exact: true })).toBeVisible()
  const texts = await rows(page).allTextContents()
  const top = (await rows(page).first().boundingBox())?.y
  const asked: URL[] = []
  page.on('request', (request) => {
    if (request.url().includes('/api/v1/vulnerabilities?')) asked.push(new URL(request.url()))
  })
  await many(base(), person.headers, seeded.repository, 200)
  await expect(page.getByText(/^200 new since \d\d:\d\d$/)).toBeVisible({ timeout: 10_000 })
  expect(await rows(page).allTextContents()).toEqual(texts)
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

test('what somebody else decides is said; the rows stay where they are until it is asked for', async ({ page }) => {
  await atFindings(page, person)
  await expect(page.getByText('live', { exact: true })).toBeVisible()
  const texts = await rows(page).allTextContents()
  const total = Number.parseInt((await count(page).textContent()) ?? '', 10)
  const { vulnerabilities } = await ask(base(), 'GET', '/vulnerabilities?status=open&limit=1', undefined, person.headers)
  const decided = { status: 'ignored', reason: 'accepted_risk' }
  await ask(base(), 'PATCH', `/vulnerabilities/${vulnerabilities[0].id}/status`, decided, person.headers)
  await expect(page.getByText(/^1 gone since \d\d:\d\d$/)).toBeVisible({ timeout: 10_000 })
  expect(await rows(page).allTextContents()).toEqual(texts)
  await page.keyboard.press('n')
  await expect(count(page)).toHaveText(`${total - 1} findings`)
  await expect(page.getByText(/gone since/)).toHaveCount(0)
})

test('a list is of the moment when it was opened, also in what is scrolled to later', async ({ page }) => {
  await atFindings(page, person)
  const total = (await count(page).textContent()) ?? ''
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
