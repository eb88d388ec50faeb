// What a commit and a pull request change, as it is read.

import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { answering, ID } from './pull'
import { APP, PROBE, Repository, scanned } from './seed'
import { ask } from './server'
import { accessible, expect, newcomer, type Person, signIn, test } from './test'

const base = () => process.env.RAMPART_BASE ?? ''

const NAME = `${PROBE}" onmouseover="alert(1).py`
const WEAK = `orders.execute("DELETE FROM orders WHERE name = '" + name + "'")`
const SAFE = `orders.execute("DELETE FROM orders WHERE name = ?", (name,))`
const REST = Array.from({ length: 80 }, (_, at) => `\n\ndef other_${at}():\n    return ${at}`).join('')

let person: Person
let commit: string

test.describe.configure({ mode: 'serial' })

test.beforeAll(async () => {
  test.setTimeout(120_000)
  person = await newcomer('Dora Differs')
  const code = new Repository(join(process.env.RAMPART_CODE ?? '', `diff-${process.pid}`))
  code.commit('app.py', APP.replace(WEAK, SAFE) + REST, 'safe')
  code.commit(NAME, `x = 1\n# ${PROBE} \u202e\n`, `another ${PROBE}`)
  code.write('app.py', (APP + REST).replace('return 70', 'return 700').replace('import sqlite3', 'import os\nimport sqlite3'))
  code.write('long.py', 'x = 1\n'.repeat(3_001))
  code.write('image.png', '\u0000\u0001')
  code.commit(NAME, `x = 2\n# ${PROBE} \u202e <b>bold</b>\n`, `weak ${PROBE}`)
  const connect = { repoUrl: code.folder, provider: 'local' }
  const { id } = await ask(base(), 'POST', '/repositories/connect', connect, person.headers)
  await scanned(base(), person.headers, id)
  const { commits } = await ask(base(), 'GET', `/commits?repositoryId=${id}`, undefined, person.headers)
  commit = commits[0].hash
})

async function open(page: Page, width: number, theme: 'dark' | 'light' = 'dark'): Promise<Locator> {
  await page.emulateMedia({ colorScheme: theme })
  await page.setViewportSize({ width, height: 900 })
  await signIn(page, person.email)
  await page.goto(`${base()}/app/commits/${commit}`)
  const lines = page.getByRole('region', { name: 'Lines of app.py' })
  await expect(lines).toContainText(WEAK)
  return lines
}

/** How far below the line that is gone the one stands that came. */
async function below(change: Locator): Promise<number> {
  const [was, is] = await Promise.all(['removed: ', 'added: '].map((sign) => change.getByText(sign).first().boundingBox()))
  return (is?.y ?? 0) - (was?.y ?? 0)
}

test('a commit shows the lines that it changes, with the finding under its own', async ({ page }) => {
  const lines = await open(page, 1440)
  const change = lines.getByRole('group', { name: /1 line removed, 1 line added/ }).first()
  await expect(change).toContainText('removed: ')
  await expect(change).toContainText(WEAK)
  await expect(change.getByRole('link', { name: 'SQL injection' })).toHaveAttribute('href', /\/findings\//)
  // Both sides beside each other.
  expect(await below(change)).toBe(0)
  await accessible(page)
  // Who would rather read them one below the other has them so from now on.
  await page.getByRole('button', { name: 'Unified' }).click()
  await expect.poll(() => below(change)).toBeGreaterThan(0)
  await page.reload()
  await expect.poll(() => below(change)).toBeGreaterThan(0)
  await page.getByRole('button', { name: 'Side by side' }).click()
  await expect.poll(() => below(change)).toBe(0)
  await page.setViewportSize({ width: 768, height: 900 })
  await expect.poll(() => below(change)).toBeGreaterThan(0)
  await accessible(page)
  await change.getByRole('link', { name: 'SQL injection' }).click()
  await expect(page.getByRole('heading', { name: /SQL injection/ })).toBeVisible()
})

test('keys go from change to change, and folded lines open', async ({ page }) => {
  const lines = await open(page, 1280)
  await page.keyboard.press('Alt+ArrowDown')
  const first = page.getByRole('group', { name: /^Change 1 of/ })
  await expect(first).toBeFocused()
  await expect(first).toBeInViewport()
  await page.keyboard.press('Alt+ArrowDown')
  await page.keyboard.press('Alt+ArrowDown')
  await expect(page.getByRole('group', { name: /^Change 3 of/ })).toBeFocused()
  await page.keyboard.press('Alt+ArrowUp')
  await expect(page.getByRole('group', { name: /^Change 2 of/ })).toBeFocused()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keys' })).toContainText('Next change')
  await page.keyboard.press('Escape')
  await expect(lines).not.toContainText('def other_10()')
  await lines.getByRole('button', { name: 'Show the first 20' }).first().click()
  await lines.getByRole('button', { name: 'Show the first 20' }).first().click()
  await expect(lines).toContainText('def other_6()')
  await expect(lines).not.toContainText('def other_40()')
})

for (const theme of ['dark', 'light'] as const) {
  test(`names and lines are text, and hold in a narrow window, ${theme}`, async ({ page }) => {
    await open(page, 390, theme)
    const own = page.getByRole('region', { name: `Lines of ${NAME}` })
    await expect(page.getByRole('heading', { name: NAME, level: 3 })).toBeVisible()
    await expect(own).toContainText('<b>bold</b>')
    await expect(own).toContainText('U+202E')
    await accessible(page)
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    expect(sideways).toBeLessThanOrEqual(0)
    // What is no text or too long says so; the long one comes when it is asked for.
    await expect(page.getByText('A binary file: it has no lines.')).toBeVisible()
    await expect(page.getByText('3,001 changed lines: too many to be shown among others.')).toBeVisible()
    await page.getByRole('button', { name: 'Show its lines' }).click()
    await expect(page.getByRole('region', { name: 'Lines of long.py' })).toContainText('x = 1')
    // Folded, and opened from the list.
    await page.getByRole('button', { name: 'Fold all' }).click()
    await expect(own).toHaveCount(0)
    await page.getByRole('list', { name: 'Files' }).getByRole('link', { name: NAME }).click()
    await expect(own).toBeInViewport()
    await expect(page).toHaveURL(/file=/)
  })
}

for (const [theme, width] of [
  ['dark', 1440],
  ['light', 390],
] as const) {
  test(`a pull request shows what it changes, ${theme} at ${width}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme })
    await page.setViewportSize({ width, height: 900 })
    await answering(page)
    await signIn(page, person.email)
    await page.goto(`${base()}/app/pulls/${ID}`)
    await page.getByRole('navigation', { name: 'Pull request' }).getByRole('link', { name: 'Changes' }).click()
    await expect(page).toHaveURL(/tab=changes/)
    const change = page.getByRole('group', { name: 'Change 1 of 1: 1 line removed, 1 line added' })
    await expect(change).toContainText('U+202E')
    await expect(change).toContainText('new here')
    await accessible(page)
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    expect(sideways).toBeLessThanOrEqual(0)
    await change.getByRole('link', { name: /Command from input/ }).click()
    await expect(page.getByRole('article')).toContainText('Command from input')
  })
}
