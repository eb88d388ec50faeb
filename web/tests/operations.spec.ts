// What failed: seen where it is looked for, and put back.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { APP, Repository, scanned } from './seed'
import { ADMIN, ask, bearer } from './server'
import { accessible, expect, newcomer, type Person, signIn, test } from './test'

const base = () => process.env.RAMPART_BASE ?? ''

let person: Person
let gone: string

test.describe.configure({ mode: 'serial' })

test.beforeAll(async () => {
  test.setTimeout(60_000)
  person = await newcomer('Fay Failing')
  const connect = async (name: string) => {
    const code = new Repository(join(process.env.RAMPART_CODE ?? '', `${name}-${process.pid}`))
    code.commit('app.py', APP, 'first')
    const { id } = await ask(base(), 'POST', '/repositories/connect', { repoUrl: code.folder, provider: 'local' }, person.headers)
    await scanned(base(), person.headers, id)
    return { id, folder: code.folder }
  }
  await connect('stays')
  const { id, folder } = await connect('goes')
  gone = id
  rmSync(folder, { recursive: true })
  await fail()
})

/** Scans what is there no more, and waits until that is known. */
async function fail() {
  const { id } = await ask(base(), 'POST', `/repositories/${gone}/scan`, {}, person.headers)
  const status = async () => (await ask(base(), 'GET', `/scans/${id}`, undefined, person.headers)).status
  await expect.poll(status, { timeout: 20_000 }).toBe('failed')
}

test('repositories whose scan failed are listed alone, and news of it by how much it matters', async ({ page }) => {
  await signIn(page, person.email)
  await page.goto(`${base()}/app/repositories`)
  const rows = page.getByRole('table').getByRole('row')
  await expect(rows).toHaveCount(3)
  await page.getByRole('combobox', { name: 'Scan' }).selectOption('failed')
  await expect(page).toHaveURL(/scanStatus=failed/)
  await expect(rows).toHaveCount(2)
  await expect(page.getByRole('link', { name: /goes-/ })).toBeVisible()
  await accessible(page)
  await page.getByRole('combobox', { name: 'Origin' }).selectOption('gitlab')
  await expect(page.getByText('Nothing matches.')).toBeVisible()
  await page.getByRole('button', { name: 'Clear the filter' }).click()
  await expect(rows).toHaveCount(3)

  await page.goto(`${base()}/app/notifications`)
  const notices = page.getByRole('list', { name: 'Notifications' }).getByRole('listitem')
  await expect(notices.filter({ hasText: 'new finding' }).first()).toBeVisible()
  await page.getByRole('combobox', { name: 'Severity' }).selectOption('info')
  await expect(page).toHaveURL(/severity=info/)
  await expect(notices.filter({ hasText: 'new finding' })).toHaveCount(0)
})

test('dead letters say why each try failed, and are put back together', async ({ page }) => {
  // Another test's may be there as well.
  const admin = await bearer(base(), ADMIN)
  await signIn(page, ADMIN)
  await page.goto(`${base()}/app/admin/dead-letters`)
  await expect(page.getByRole('row', { name: /run_scan|scan/i }).first()).toBeVisible()
  await accessible(page)
  await page.getByRole('button', { name: /^Put all .* back…/ }).click()
  const dialog = page.getByRole('dialog', { name: /Put .* back/ })
  await accessible(page)
  const [answer] = await Promise.all([
    page.waitForResponse(/dead-letters\/retry-all$/),
    dialog.getByRole('button', { name: 'Put back', exact: true }).click(),
  ])
  expect((await answer.json()).requeued).toBeGreaterThan(0)
  await expect(dialog).toHaveCount(0)
  await expect(page.getByRole('region', { name: 'News' }).getByText(/jobs? put back/)).toBeVisible()
  // It fails once more, as the folder is gone, and is there again.
  const dead = async () => (await ask(base(), 'GET', '/admin/dead-letters', undefined, admin)).total
  await expect.poll(dead, { timeout: 20_000 }).toBeGreaterThan(0)
})

test('a queue is paused and goes on', async ({ page }) => {
  await signIn(page, ADMIN)
  await page.goto(`${base()}/app/admin/jobs`)
  const row = page.getByRole('row', { name: /^Maintenance/ })
  await row.getByRole('button', { name: 'Pause' }).click()
  await expect(row).toContainText('paused')
  await accessible(page)
  await row.getByRole('button', { name: 'Resume' }).click()
  await expect(row).not.toContainText('paused')
})

test('a schedule is moved, and a time that is none says why', async ({ page }) => {
  await signIn(page, ADMIN)
  await page.goto(`${base()}/app/admin/schedules`)
  const row = page.getByRole('row', { name: /^Reports cleanup/ })
  await row.getByRole('button', { name: 'Move…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Move Reports cleanup' })
  await dialog.getByLabel('Time').fill('often')
  await dialog.getByRole('button', { name: 'Move' }).click()
  await expect(dialog.getByRole('alert')).toContainText('five fields')
  await accessible(page)
  await dialog.getByLabel('Time').fill('30 4 * * *')
  await dialog.getByRole('button', { name: 'Move' }).click()
  await expect(row).toContainText('moved from 0 2 * * *')
  await row.getByRole('button', { name: 'Move…' }).click()
  await dialog.getByLabel('Time').fill('')
  await dialog.getByRole('button', { name: 'Move' }).click()
  await expect(row).not.toContainText('moved from')
})
