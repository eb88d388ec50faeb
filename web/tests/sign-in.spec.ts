import { ADMIN } from './server'
import { accessible, expect, newcomer, signIn, test } from './test'

test('signing in leads to the page that was asked for', async ({ page }) => {
  await page.goto(`${process.env.RAMPART_BASE}/`)
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await accessible(page)
  await signIn(page, ADMIN)
  // Where nothing is connected yet the overview begins with that.
  await expect(page.getByRole('heading', { name: 'Connect a first repository', level: 1 })).toBeVisible()
  await expect(page.getByText('live', { exact: true })).toBeVisible()
  await accessible(page)
})

test('a wrong password is said in one line, and nothing is filled in again', async ({ page }) => {
  const { email } = await newcomer()
  await page.goto(`${process.env.RAMPART_BASE}/app/sign-in?to=/account/sessions`)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill('not-the-password-12')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('alert')).toHaveText('The e-mail address or the password is wrong.')
  await accessible(page)
})

test('a link that leads elsewhere is not followed', async ({ page }) => {
  const { email } = await newcomer()
  await page.goto(`${process.env.RAMPART_BASE}/app/sign-in?to=//evil.example/`)
  await signIn(page, email)
  expect(new URL(page.url()).hostname).toBe('localhost')
})

test('who is there is asked once before the page has come, and anew after signing in', async ({ page }) => {
  const { email } = await newcomer()
  const asked: number[] = []
  page.on('response', (response) => {
    if (response.url().endsWith('/api/v1/auth/me')) asked.push(response.status())
  })
  await page.goto(`${process.env.RAMPART_BASE}/app/`)
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  expect(asked).toEqual([401])
  await signIn(page, email)
  expect(asked).toEqual([401, 200])
})

test('a frame stands before any code of the page has come, and says so when it stays away', async ({ page }) => {
  await page.route(/\/assets\/(index|shared)-.*\.js$/, (route) => route.abort())
  await page.goto(`${process.env.RAMPART_BASE}/app/w/acme/findings`)
  await expect(page.locator('.frame-shell .frame-brand')).toBeVisible()
  await expect(page.locator('.frame-door')).toBeHidden()
  await expect(page.getByText('The page is slow to come.')).toBeVisible({ timeout: 15_000 })
  await page.goto(`${process.env.RAMPART_BASE}/app/sign-in`)
  await expect(page.locator('.frame-door .frame-brand')).toBeVisible()
})
