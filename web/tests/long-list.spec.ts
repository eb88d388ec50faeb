// A list of thousands: what is in sight is asked for, and only that.

import type { Page } from '@playwright/test'
import { atFindings, count, rows, withFindings } from './findings'
import { accessible, expect, type Person, test } from './test'

let person: Person

test.describe.configure({ mode: 'serial' })

test.beforeAll(async () => {
  test.setTimeout(120_000)
  person = (await withFindings('Lou Long', 3_000)).person
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
  await atFindings(page, person)
  const total = Number((await count(page).textContent())?.replace(/\D/g, ''))
  const seen = blocks(page)
  await rows(page).first().focus()
  await page.keyboard.press('End')
  await expect(place(page, total - 1)).toBeFocused()
  await expect(place(page, total - 1)).toContainText('.ts:')
  // What is in sight there, and nothing on the way to it.
  const last = Math.ceil(total / 100)
  const elsewhere = () => seen.pages.filter((page) => Number(page) < last - 1)
  expect(seen.pages).toContain(String(last))
  expect(elsewhere()).toEqual([])
  await page.keyboard.press('Home')
  await expect(place(page, 0)).toBeFocused()
  await expect(place(page, 0)).toBeInViewport()
  expect(elsewhere()).toEqual([])
  // As by the bar that scrolls.
  await page.evaluate(() => window.scrollTo(0, 1_540 * (document.querySelector<HTMLElement>('[data-row]')?.offsetHeight ?? 0)))
  await expect(place(page, 1_550)).toContainText('.ts:')
  expect(elsewhere()).toEqual(['16'])
  // The row that has the focus keeps it, however far it is.
  await expect(place(page, 0)).toBeFocused()
})

test('however fast a list is scrolled, two blocks are under way at most; what is not there is as high as what is', async ({
  page,
}) => {
  await atFindings(page, person)
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
  await atFindings(page, person)
  const total = (await count(page).textContent()) ?? ''
  await page.evaluate(() => window.scrollTo(0, 1_000 * (document.querySelector<HTMLElement>('[data-row]')?.offsetHeight ?? 0)))
  const [row, next] = [place(page, 1_005), place(page, 1_006)]
  await expect(next).toContainText('.ts:')
  const [text, after] = [(await row.textContent()) ?? '', (await next.textContent()) ?? '']
  await row.focus()
  await page.keyboard.press('i')
  await page.getByRole('dialog').getByRole('button', { name: 'Ignore', exact: true }).click()
  await expect(row).toHaveText(after)
  await expect(row).toBeFocused()
  await expect(count(page)).not.toHaveText(total)
  await page.keyboard.press('z')
  await expect(row).toHaveText(text)
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
  await atFindings(page, person)
  let isBroken = true
  await page.route(/vulnerabilities\?.*page=/, (route) =>
    isBroken ? route.fulfill({ status: 400, json: { error: 'no', code: 'INVALID' } }) : route.continue(),
  )
  await rows(page).first().focus()
  await page.keyboard.press('End')
  await expect(page.getByRole('alert')).toContainText('Some rows could not be asked for.')
  await expect(page.getByRole('alert')).toBeInViewport()
  await expect(rows(page).last()).toBeInViewport()
  isBroken = false
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('alert')).toHaveCount(0)
  await expect(rows(page).last()).not.toHaveAttribute('aria-busy')
})
