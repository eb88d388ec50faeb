// From the first page of a new installation to a report in one's hands, as somebody walks it; and what each role meets on that way.

import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { many, Repository, scanned } from './seed'
import { ADMIN, ask, PASSWORD, startServer } from './server'
import { accessible, expect, newcomer, signIn, test } from './test'

const base = () => process.env.RAMPART_BASE ?? ''
const EXAMPLE = new URL('../../examples/shop/', import.meta.url).pathname

test('a first run ends with the example judged and a report', async ({ page }) => {
  test.setTimeout(180_000)
  const code = mkdtempSync(join(tmpdir(), 'rampart-code-'))
  const server = await startServer({ REQUIRE_EMAIL_VERIFICATION: 'false', LOCAL_GIT_ROOTS: code })
  try {
    const shop = new Repository(join(code, 'shop'))
    cpSync(EXAMPLE, shop.folder, { recursive: true })
    shop.commit('NOTES.md', '# The shop\n', 'The shop as it is')
    await page.goto(/http\S+\/setup#\S+/.exec(server.log())?.[0] ?? '')
    await page.getByLabel('E-mail').fill(ADMIN)
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Create the administrator' }).click()
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByRole('textbox', { name: 'Folder' }).fill(shop.folder)
    await page.getByRole('button', { name: 'Connect and scan' }).click()

    // The scan as it goes, and what it came to, without a reload.
    await expect(page.getByRole('heading', { name: 'The first scan' })).toBeVisible()
    await page.getByRole('link', { name: 'Open the scan' }).click({ timeout: 30_000 })
    await expect(page.getByRole('heading', { name: /^Scan of/ })).toBeVisible()
    const report = page.getByRole('button', { name: /^Report/ })
    await expect(report).toBeVisible({ timeout: 90_000 })
    await accessible(page)
    await report.click()
    const download = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: /HTML/ }).click()
    const text = readFileSync(await (await download).path(), 'utf8')
    expect(text).toContain('</html>')

    await page.keyboard.press('g')
    await page.keyboard.press('f')
    const rows = page.getByRole('grid', { name: 'Findings' }).getByRole('row')
    await expect(rows.first()).toBeVisible()
    const first = (await rows.first().textContent()) ?? ''
    await page.keyboard.press('i')
    await page.getByRole('dialog').getByRole('radio').first().check()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Ignore/ })
      .click()
    await expect(rows.first()).not.toHaveText(first)
    await expect(page.getByRole('region', { name: 'News' }).getByText('1 finding ignored')).toBeVisible()
  } finally {
    await server.stop()
    rmSync(code, { recursive: true, force: true })
  }
})

test('who mistypes too often is told until when the account is locked', async ({ page }) => {
  const { email } = await newcomer()
  await page.goto(`${base()}/app/sign-in`)
  await page.getByLabel('E-mail').fill(email)
  const problem = page.getByRole('alert')
  for (let tries = 0; tries < 12; tries += 1) {
    await page.getByLabel('Password', { exact: true }).fill(`not-the-password-${tries}`)
    const answered = page.waitForResponse(/\/auth\/login$/)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    if ((await answered).status() === 423) break
  }
  await expect(problem).toContainText(/You can try again at \d\d:\d\d/)
  await accessible(page)
})

test('what happened while one was offline is there afterwards', async ({ page, context }) => {
  const person = await newcomer('Olaf Offline')
  const folder = join(process.env.RAMPART_CODE ?? '', `offline-${process.pid}`)
  new Repository(folder).commit('README.md', '# Nothing\n', 'First')
  const { id } = await ask(base(), 'POST', '/repositories/connect', { repoUrl: folder, provider: 'local' }, person.headers)
  await scanned(base(), person.headers, id)
  await signIn(page, person.email)
  await page.goto(`${base()}/app/findings`)
  await expect(page.getByText('No open findings.')).toBeVisible()
  await expect(page.getByText('live', { exact: true })).toBeVisible()
  await context.setOffline(true)
  await expect(page.getByText(/^Offline since/)).toBeVisible()
  await accessible(page)
  await many(base(), person.headers, id, 3)
  await context.setOffline(false)
  await page
    .getByRole('button', { name: 'Try now' })
    .click({ timeout: 2_000 })
    .catch(() => undefined)
  await expect(page.getByRole('grid', { name: 'Findings' }).getByRole('row')).toHaveCount(3, { timeout: 15_000 })
  await expect(page.getByText(/^Offline since/)).toHaveCount(0)
})

for (const role of ['viewer', 'member', 'operator', 'admin'] as const) {
  test(`what a ${role} may do stands there, and nothing else`, async ({ page }) => {
    const owner = await newcomer('Olga Owner')
    const other = await newcomer('Rob Role')
    const slug = `role-${crypto.randomUUID().slice(0, 8)}`
    const workspace = (await ask(base(), 'POST', '/workspaces', { name: slug, slug }, owner.headers)).id
    const { code } = await ask(base(), 'POST', `/workspaces/${workspace}/invitations`, { role }, owner.headers)
    await ask(base(), 'POST', '/invitations/accept', { code }, other.headers)
    const there = { ...owner.headers, 'x-workspace-id': workspace }
    const folder = join(process.env.RAMPART_CODE ?? '', slug)
    new Repository(folder).commit('README.md', '# Nothing\n', 'First')
    const { id } = await ask(base(), 'POST', '/repositories/connect', { repoUrl: folder, provider: 'local' }, there)
    await scanned(base(), there, id)
    await many(base(), there, id, 2)

    const [may, manages] = [role !== 'viewer', role === 'admin']
    await signIn(page, other.email)
    const main = page.getByRole('main')
    await page.goto(`${base()}/app/w/${slug}/repositories/${id}`)
    await expect(main.getByRole('button', { name: /^Report/ })).toBeVisible()
    await expect(main.getByRole('button', { name: /^Scan/ })).toHaveCount(may ? 1 : 0)
    await expect(main.getByRole('link', { name: 'Settings' })).toHaveCount(may ? 1 : 0)
    await expect(main.getByRole('button', { name: 'Actions for the repository' })).toHaveCount(manages ? 1 : 0)
    await main.getByRole('grid', { name: 'Findings' }).getByRole('row').first().getByRole('link').click()
    await expect(main.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(main.getByRole('button', { name: /^Ignore/ })).toHaveCount(may ? 1 : 0)
    await page.goto(`${base()}/app/w/${slug}/settings/members`)
    await expect(main.getByText('Olga Owner')).toBeVisible()
    await expect(main.getByRole('link', { name: 'Invite…' })).toHaveCount(manages ? 1 : 0)
    await expect(page.getByRole('link', { name: 'Administration' })).toHaveCount(0)
    await accessible(page)
  })
}
