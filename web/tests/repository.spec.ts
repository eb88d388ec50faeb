import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hostile, PROBE, type Seeded, scanned } from './seed'
import { ask } from './server'
import { accessible, expect, newcomer, type Person, signIn, test } from './test'

const base = () => process.env.RAMPART_BASE ?? ''

let person: Person
let seeded: Seeded

test.describe.configure({ mode: 'serial' })

test.beforeAll(async () => {
  test.setTimeout(120_000)
  person = await newcomer('Rhea Reader')
  seeded = await hostile(base(), person.headers, join(process.env.RAMPART_CODE ?? '', `read-${process.pid}`))
})

test('who has nothing yet is led to connect a first repository, and may look around before', async ({ page }) => {
  const { email } = await newcomer()
  await signIn(page, email)
  await expect(page.getByRole('heading', { name: 'Connect a first repository' })).toBeVisible()
  await page.getByRole('textbox', { name: 'Folder' }).fill('/etc')
  await page.getByRole('button', { name: 'Connect and scan' }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await accessible(page)
  await page.getByRole('button', { name: 'Skip for now' }).click()
  await expect(page.getByText('Nothing is connected yet.')).toBeVisible()
})

test('a file is found by its letters, opened at a line, and leads to its finding', async ({ page }) => {
  await signIn(page, person.email)
  await page.goto(`${base()}/app/repositories/${seeded.repository}/tree`)
  const main = page.getByRole('main')
  await main.getByRole('link', { name: 'src/' }).click()
  await expect(main.getByRole('navigation', { name: 'Path' })).toContainText('src')
  await page.getByRole('searchbox', { name: 'Go to file' }).fill('apppy')
  await main.getByRole('link', { name: 'app.py', exact: true }).click()
  const code = page.getByRole('region', { name: 'Lines of code' })
  await expect(code).toContainText('orders.execute')
  // What hides in the line is shown as its number.
  await expect(code).toContainText('U+202E')
  // Words have their colours, and are the same words.
  await expect(code.locator('.keyword', { hasText: 'import' }).first()).toBeVisible()
  await expect(code.locator('.string').first()).toBeVisible()
  await expect(code).toContainText('orders.execute("DELETE FROM orders WHERE name = \'" + name + "\'")')
  await main
    .getByRole('link', { name: /line \d+/ })
    .first()
    .click()
  await expect(page).toHaveURL(/#L\d+$/)
  await page.reload()
  await expect(code.locator('[data-step]')).toBeInViewport()
  const number = Number(/#L(\d+)/.exec(page.url())?.[1])
  await page.keyboard.press('k')
  await expect(page).toHaveURL(new RegExp(`#L${number - 1}$`))
  await code
    .getByRole('link', { name: /SQL injection/ })
    .first()
    .click()
  await expect(page.getByRole('heading', { name: /SQL injection/ })).toBeVisible()
})

test('a commit says what its scan saw', async ({ page }) => {
  await signIn(page, person.email)
  await page.goto(`${base()}/app/repositories/${seeded.repository}/commits`)
  await page
    .getByRole('main')
    .getByRole('link', { name: seeded.commit.slice(0, 7) })
    .click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(PROBE)
  await expect(page.getByRole('link', { name: /✓ done/ })).toBeVisible()
  await accessible(page)
  await page
    .getByRole('main')
    .getByRole('link', { name: /SQL injection/ })
    .first()
    .click()
  await expect(page.getByRole('heading', { name: /SQL injection/ })).toBeVisible()
  // What is typed is looked for among all that has a name.
  await page.keyboard.press('Control+k')
  const search = page.getByRole('combobox', { name: 'Search or jump' })
  const choice = (name: string | RegExp) => page.getByRole('option', { name })
  await search.fill('@rhea')
  await expect(choice(/Rhea Reader/)).toBeVisible()
  await search.fill(`read-${process.pid}`)
  await expect(choice(/repository/)).toBeVisible()
  await accessible(page)
  await search.fill('SQL inj')
  await choice(/SQL injection/)
    .first()
    .click()
  await expect(page.getByRole('heading', { name: /SQL injection/ })).toBeVisible()
  // By its first digits, from anywhere.
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Search or jump' }).fill(seeded.commit.slice(0, 10))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toContainText(PROBE)
})

test('the report of a scan and of a repository is taken along', async ({ page }) => {
  await signIn(page, person.email)
  const saved = async (form: RegExp) => {
    const download = page.waitForEvent('download')
    await page.keyboard.press('e')
    await page.getByRole('menuitem', { name: form }).click()
    const file = await download
    return [file.suggestedFilename(), readFileSync(await file.path(), 'utf8')] as const
  }
  await page.goto(`${base()}/app/scans/${seeded.scan}`)
  await expect(page.getByRole('button', { name: /^Report/ })).toBeVisible()
  const [sarif, results] = await saved(/SARIF/)
  expect(sarif).toMatch(/\.sarif$/)
  expect(JSON.parse(results).version).toBe('2.1.0')
  await page.goto(`${base()}/app/repositories/${seeded.repository}`)
  await expect(page.getByRole('button', { name: /^Report/ })).toBeVisible()
  const [html, text] = await saved(/HTML/)
  expect(html).toMatch(/^repository-.*\.html$/)
  expect(text).toContain('SQL injection')
  expect(text).not.toContain(PROBE)
  // A program without the typesetter says so, and what to do.
  await page.keyboard.press('e')
  await page.getByRole('menuitem', { name: /PDF/ }).click()
  await expect(page.getByRole('region', { name: 'News' })).toContainText(/pdf/i)
})

test('the overview says which scan was the last, as it happens', async ({ page }) => {
  await signIn(page, person.email)
  await page.goto(`${base()}/app/`)
  const scans = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Scanning now' }) })
  await expect(scans.getByText('Nothing. The last was')).toBeVisible()
  await ask(base(), 'POST', `/repositories/${seeded.repository}/scan`, {}, person.headers)
  const scan = await scanned(base(), person.headers, seeded.repository)
  await expect(scans.getByRole('link').last()).toHaveAttribute('href', new RegExp(`/scans/${scan}`))
  await accessible(page)
})

test('where GitHub is not set up, connecting says how, and needs a name and a token', async ({ page }) => {
  await signIn(page, person.email)
  await page.goto(`${base()}/app/repositories?connect=true`)
  await page.getByRole('radio', { name: 'GitHub' }).check()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('No account at GitHub is linked to yours.')
  await expect(dialog).toContainText('GITHUB_CLIENT_ID')
  await accessible(page)
  const connect = dialog.getByRole('button', { name: 'Connect and scan' })
  await expect(connect).toHaveAttribute('aria-disabled', 'true')
  await dialog.getByLabel('Full name').fill('acme/shop')
  await expect(connect).toHaveAttribute('aria-disabled', 'true')
  await dialog.getByLabel('Access token').fill('a-word-for-a-token')
  await expect(connect).not.toHaveAttribute('aria-disabled', 'true')
  // There is no app either, and the button says so.
  await dialog.getByRole('button', { name: 'Install the app at GitHub' }).click()
  await expect(dialog.getByRole('alert')).toContainText('GITHUB_APP_ID')
})

test('where GitLab is not set up, a project is connected with a token of its own', async ({ page }) => {
  await signIn(page, person.email)
  await page.goto(`${base()}/app/repositories?connect=true`)
  await page.getByRole('radio', { name: 'GitLab' }).check()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('GITLAB_TOKEN')
  await expect(dialog.getByRole('button', { name: 'Install the app at GitHub' })).toHaveCount(0)
  const connect = dialog.getByRole('button', { name: 'Connect and scan' })
  await expect(connect).toHaveAttribute('aria-disabled', 'true')
  await dialog.getByRole('textbox', { name: 'Full name' }).fill('acme/web/shop')
  await expect(connect).toHaveAttribute('aria-disabled', 'true')
  await dialog.getByLabel('Access token').fill('glpat-for-tests-only')
  await expect(connect).not.toHaveAttribute('aria-disabled', 'true')
  await accessible(page)
  // What was filled in for one place is not taken along to another.
  await page.getByRole('radio', { name: 'GitHub' }).check()
  await expect(dialog.getByRole('textbox', { name: 'Full name' })).toHaveValue('')
})

test('charts are read by keyboard and as a table', async ({ page }) => {
  await signIn(page, person.email)
  await page.goto(`${base()}/app/repositories/${seeded.repository}/statistics`)
  const chart = page.getByRole('slider', { name: /^Open findings/ })
  await expect(chart.locator('canvas')).toBeVisible()
  await chart.focus()
  const now = await chart.getAttribute('aria-valuetext')
  await page.keyboard.press('Home')
  await expect(chart).not.toHaveAttribute('aria-valuetext', now ?? '')
  await page.getByRole('button', { name: /^As table.*Open findings/ }).click()
  await expect(page.getByRole('columnheader', { name: 'Critical' })).toBeVisible()
  await accessible(page)
})

test('what is done with a repository is chosen together, and stays', async ({ page }) => {
  await signIn(page, person.email)
  await page.goto(`${base()}/app/repositories/${seeded.repository}/settings`)
  await page.getByLabel('Not these paths').fill('vendor/**\n\n  **/*.min.js ')
  await page.getByLabel('Scan every push').uncheck()
  await page.getByLabel('The check fails for').selectOption('critical')
  await expect(page.getByText('3 changes not saved')).toBeVisible()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByRole('region', { name: 'News' }).getByText('Saved')).toBeVisible()
  await page.reload()
  await expect(page.getByLabel('Not these paths')).toHaveValue('vendor/**\n**/*.min.js')
  const now = await ask(base(), 'GET', `/repositories/${seeded.repository}`, undefined, person.headers)
  expect([now.autoScanEnabled, now.settings.failCheckOn]).toEqual([false, 'critical'])
})

test('the way to a forge is changed in the settings, and a refusal is said there', async ({ page }) => {
  // No forge is here: the repository is shown as one of a forge, and what is then asked for is answered by the program.
  const path = `**/api/v1/repositories/${seeded.repository}`
  await page.route(path, async (route) => {
    if (route.request().method() !== 'GET') return route.fallback()
    const answer = await route.fetch()
    await route.fulfill({ response: answer, json: { ...(await answer.json()), provider: 'github', webhookConfigured: false } })
  })
  await signIn(page, person.email)
  await page.goto(`${base()}/app/repositories/${seeded.repository}/settings`)
  const access = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Access' }) })
  await expect(access.getByText('changes are looked for once an hour')).toBeVisible()
  const change = access.getByRole('button', { name: 'Change the token' })
  await expect(change).toHaveAttribute('aria-disabled', 'true')
  await access.getByLabel('Another access token').fill('a-word-for-a-token')
  await accessible(page)
  await change.click()
  await expect(access.getByText('Is for repositories at a forge.')).toBeVisible()
  await accessible(page)
  // What was typed in is there to be mended, and nobody else reads it.
  await expect(access.getByLabel('Another access token')).toHaveValue('a-word-for-a-token')
  await access.getByRole('button', { name: 'Install the webhook' }).click()
  await expect(access.getByText('A repository of this machine is at no forge.')).toBeVisible()
})

test('a filter is kept under a name and opened from the sidebar', async ({ page }) => {
  await signIn(page, person.email)
  await page.goto(`${base()}/app/findings?severity=critical`)
  await expect(page.getByRole('row').first()).toBeVisible()
  await page.keyboard.press('v')
  await page.getByLabel('Save what is shown as').fill('<b>Worst</b>')
  await accessible(page)
  await page.getByRole('button', { name: 'Save the view' }).click()
  await expect(page.getByText('What is shown is “<b>Worst</b>”')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Clear', exact: true }).click()
  await expect(page).not.toHaveURL(/severity/)
  await page.getByRole('navigation', { name: 'Main', exact: true }).getByRole('link', { name: '<b>Worst</b>' }).click()
  await expect(page).toHaveURL(/severity=critical/)
})

test('several findings are judged by keyboard, leave at once, and are taken back', async ({ page }) => {
  await signIn(page, person.email)
  await page.goto(`${base()}/app/findings`)
  const rows = page.getByRole('grid', { name: 'Findings' }).getByRole('row')
  await expect(rows.first()).toBeVisible()
  const before = await rows.count()
  expect(before).toBeGreaterThan(2)
  await page.keyboard.press('x')
  await page.keyboard.press('Shift+J')
  await expect(page.getByText('2 selected')).toBeVisible()
  await page.keyboard.press('i')
  await accessible(page)
  await page.getByRole('radio', { name: /Accepted risk/ }).focus()
  await page.keyboard.press('2')
  await expect(page.getByRole('radio', { name: /Used in tests only/ })).toBeChecked()
  await page.keyboard.press('Enter')
  await expect(rows).toHaveCount(before - 2)
  await expect(page.getByRole('region', { name: 'News' }).getByText('2 findings ignored')).toBeVisible()
  await page.keyboard.press('z')
  await expect(rows).toHaveCount(before)
})
