// What a list of findings is narrowed to, how it is grouped, shown and taken along.

import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { atFindings, count, rows, withFindings } from './findings'
import type { Seeded } from './seed'
import { ask } from './server'
import { accessible, expect, type Person, signIn, test } from './test'

const base = () => process.env.RAMPART_BASE ?? ''

let person: Person
let seeded: Seeded

test.describe.configure({ mode: 'serial' })

test.beforeAll(async () => {
  test.setTimeout(120_000)
  const made = await withFindings('Fia Filterer', 1_200)
  person = made.person
  seeded = made.seeded
})

const field = (page: Page, name: string) => page.getByRole('combobox', { name, exact: true })

test('a rule is found by typing, among more than are ever sent at once', async ({ page }) => {
  await atFindings(page, person)
  await page.keyboard.press('f')
  await expect(field(page, 'Field')).toBeFocused()
  await page.keyboard.type('rule')
  await page.keyboard.press('Enter')
  const values = page.getByRole('listbox', { name: 'Rule is' }).getByRole('option')
  // There are 69 and those of the scan.
  await expect(values).toHaveCount(50)
  await expect(page.getByText('The 50 most frequent.')).toBeVisible()
  await accessible(page)
  await page.keyboard.type('tool-2:rule-22')
  await expect(values).toHaveCount(1)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/rule=tool-2%3Arule-22|rule=tool-2:rule-22/)
  await expect(rows(page).first()).toContainText('rule-22')
  const chip = page.getByRole('button', { name: /^rule is tool-2:rule-22/ })
  await chip.click()
  await expect(page).not.toHaveURL(/rule/)
})

test('several severities are left out one after the other, each with its number beside it', async ({ page }) => {
  await atFindings(page, person)
  await page.getByRole('button', { name: /^Filter/ }).click()
  await page.keyboard.type('severity is not')
  await page.keyboard.press('Enter')
  const list = page.getByRole('listbox', { name: 'Severity is not' })
  await list.getByRole('option', { name: /^low/ }).click()
  await list.getByRole('option', { name: /^info/ }).click()
  await expect(list.getByRole('option', { name: /^info/ })).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/severity=%21low%2Cinfo|severity=!low,info/)
  await expect(page.getByRole('button', { name: /^severity is not low or info/ })).toBeVisible()
  const listed = await ask(base(), 'GET', '/vulnerabilities?status=open&severity=!low,info', undefined, person.headers)
  await expect(count(page)).toHaveText(`${listed.total.toLocaleString('en')} findings`)
})

test('what cannot be picked is typed, and only what can be a value is taken', async ({ page }) => {
  await atFindings(page, person)
  await page.keyboard.press('f')
  await page.keyboard.type('found since')
  await page.keyboard.press('Enter')
  await page.keyboard.type('last week')
  await page.keyboard.press('Enter')
  await expect(page.getByText('A day, as 2026-01-31.')).toBeVisible()
  await field(page, 'Found since').fill('2020-02-03')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/from=/)
  await expect(page.getByRole('button', { name: /^found since 2020-02-03/ })).toBeVisible()
  await expect(page.getByRole('listbox')).toHaveCount(0)
  // Back to the fields, by the key that takes letters away.
  await page.keyboard.press('f')
  await page.keyboard.type('weakness')
  await page.keyboard.press('Enter')
  await expect(field(page, 'Weakness is')).toBeFocused()
  await page.keyboard.press('Backspace')
  await expect(field(page, 'Field')).toBeFocused()
})

test('where nothing matches it is said which part to drop', async ({ page }) => {
  await signIn(page, person.email)
  await page.goto(`${base()}/app/findings?repo=${seeded.repository}&severity=critical&q=nonesuch`)
  await expect(page.getByText('Nothing matches.')).toBeVisible()
  const drop = page.getByRole('button', { name: /^\d+ match without ‘text has “nonesuch”’$/ })
  await expect(drop).toBeVisible()
  await expect(page.getByRole('button', { name: /match without/ })).toHaveCount(1)
  await accessible(page)
  await drop.click()
  await expect(rows(page).first()).toBeVisible()
  await expect(page).toHaveURL(/severity=critical/)
  await expect(page.getByRole('searchbox')).toHaveValue('')
})

test('findings are grouped by rule, and a group opens as the list of what is in it', async ({ page }) => {
  await atFindings(page, person, '?severity=high')
  await page.getByRole('button', { name: 'Display' }).click()
  await page.getByRole('menuitem', { name: 'Grouped by rule' }).click()
  await expect(page).toHaveURL(/group=rule/)
  const groups = page.getByRole('list', { name: 'Findings by rule' }).getByRole('button')
  await expect(groups).toHaveCount(50)
  await accessible(page)
  await page.keyboard.press('j')
  const found = await groups.first().locator('.num').textContent()
  await page.keyboard.press('Enter')
  await expect(page).not.toHaveURL(/group=/)
  await expect(page).toHaveURL(/severity=high/)
  await expect(count(page)).toHaveText(`${found} findings`)
})

test('columns are left out, and stay so', async ({ page }) => {
  await atFindings(page, person)
  const reach = rows(page).first().locator('.reach')
  await expect(reach).toBeVisible()
  await page.getByRole('button', { name: 'Display' }).click()
  await page.getByRole('menuitem', { name: /Column: Reach/ }).click()
  await expect(reach).toHaveCount(0)
  await page.reload()
  await expect(rows(page).first().locator('.where')).toBeVisible()
  await expect(reach).toHaveCount(0)
  await accessible(page)
})

test('views that the sidebar has no room for are one step away, from every page', async ({ page }) => {
  for (let view = 1; view <= 8; view += 1)
    await ask(
      base(),
      'POST',
      '/views',
      { name: `View ${view}`, shared: false, filter: `severity=high&q=v${view}` },
      person.headers,
    )
  await signIn(page, person.email)
  await page.goto(`${base()}/app/repositories`)
  const side = page.getByRole('navigation', { name: 'Main', exact: true })
  await expect(side.getByRole('link', { name: /^View \d$/ })).toHaveCount(7)
  await side.getByRole('link', { name: 'All views' }).click()
  const dialog = page.getByRole('dialog', { name: 'Views' })
  await expect(dialog.getByRole('listitem')).toHaveCount(8)
  await accessible(page)
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await expect(page).not.toHaveURL(/views/)
  await page.keyboard.press('v')
  await dialog.getByRole('button', { name: 'View 8', exact: true }).click()
  await expect(page).toHaveURL(/q=v8/)
  await expect(dialog).toHaveCount(0)
})

test('what the list shows is saved as a file', async ({ page }) => {
  await atFindings(page, person, '?severity=critical')
  const total = Number((await count(page).textContent())?.replace(/\D/g, ''))
  const download = page.waitForEvent('download')
  await page.keyboard.press('e')
  await page.getByRole('menuitem', { name: /CSV/ }).click()
  const file = await download
  expect(file.suggestedFilename()).toBe('findings.csv')
  const lines = readFileSync(await file.path(), 'utf8')
    .trim()
    .split('\r\n')
  expect(lines.length).toBe(total + 1)
})
