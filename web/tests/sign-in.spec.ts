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
