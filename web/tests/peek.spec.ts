// A finding beside the list that it stands in.

import type { Page } from '@playwright/test'
import { atFindings, rows, withFindings } from './findings'
import type { Seeded } from './seed'
import { accessible, expect, type Person, test } from './test'

let person: Person
let seeded: Seeded

test.describe.configure({ mode: 'serial' })

test.beforeAll(async () => {
  test.setTimeout(120_000)
  const made = await withFindings('Pia Peeker', 150)
  person = made.person
  seeded = made.seeded
})

const peek = (page: Page) => page.getByRole('complementary', { name: 'Peek' })

test('Space shows the finding of the row, walking goes on, Escape leads back to the row, Enter opens the page', async ({
  page,
}) => {
  await atFindings(page, person, '?q=request')
  const places = await page.evaluate(() => history.length)
  await rows(page).first().focus()
  await page.keyboard.press('Space')
  await expect(peek(page).getByRole('heading', { level: 2 })).toContainText('SQL injection')
  await expect(peek(page).getByRole('region', { name: 'Lines of code' })).toContainText('orders.execute')
  await expect(peek(page).getByRole('region', { name: 'Path of the data' }).getByRole('listitem').first()).toBeVisible()
  await expect(page).toHaveURL(/peek=[0-9a-f-]{36}/)
  await accessible(page)
  const first = page.url()
  await page.keyboard.press('j')
  await expect(rows(page).nth(1)).toBeFocused()
  await expect(page).not.toHaveURL(first)
  await page.keyboard.press('Escape')
  await expect(peek(page)).toHaveCount(0)
  await expect(rows(page).nth(1)).toBeFocused()
  await expect(page).not.toHaveURL(/peek/)
  // It has put nothing into the history.
  expect(await page.evaluate(() => history.length)).toBe(places)
  await page.keyboard.press('Space')
  await expect(peek(page)).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/findings\/[0-9a-f-]{36}\?q=request$/)
})

test('who walks past findings asks for none of them, and what was seen is not asked for again', async ({ page }) => {
  await atFindings(page, person)
  const asked: string[] = []
  page.on('request', (request) => {
    const one = /api\/v1\/vulnerabilities\/([0-9a-f-]{36})/.exec(request.url())?.[1]
    if (one) asked.push(one)
  })
  await rows(page).first().focus()
  await page.keyboard.press('Space')
  await expect.poll(() => asked.length).toBe(1)
  // As by a key that is held down.
  await page.evaluate(async () => {
    for (let row = 0; row < 6; row += 1) {
      document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', bubbles: true }))
      await new Promise(requestAnimationFrame)
    }
  })
  await expect(rows(page).nth(6)).toBeFocused()
  await expect.poll(() => asked.length).toBe(2)
  await page.keyboard.press('Home')
  await expect(page).toHaveURL(new RegExp(asked[0] ?? 'nothing'))
  expect(asked.length).toBe(2)
})

test('an address shows what it was sent for, also what stands further down than anything that is there', async ({ page }) => {
  await atFindings(page, person, `?sort=-risk&peek=${seeded.finding}`)
  await expect(peek(page).getByRole('heading', { level: 2 })).toContainText('SQL injection')
  await page.keyboard.press('Space')
  await expect(peek(page)).toHaveCount(0)
  await expect(page).not.toHaveURL(/peek/)
})

test('on a narrow page it covers the list, and leads back', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 900 })
  await atFindings(page, person, '?q=request')
  await rows(page).first().focus()
  await page.keyboard.press('Space')
  const sheet = page.getByRole('dialog', { name: /SQL injection/ })
  await expect(sheet.getByRole('region', { name: 'Lines of code' })).toBeVisible()
  expect(await sheet.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 900 })
  await accessible(page)
  await page.keyboard.press('Escape')
  await expect(sheet).toHaveCount(0)
  await expect(rows(page).first()).toBeFocused()
})
