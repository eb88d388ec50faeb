import { ADMIN, ask, bearer, PASSWORD, register, startServer } from './server'
import { accessible, expect, test } from './test'

test('the first visitor becomes the administrator with the invitation that was printed', async ({ page }) => {
  const server = await startServer({ REQUIRE_EMAIL_VERIFICATION: 'false' })
  try {
    await page.goto(`${server.base}/`)
    await expect(page.getByRole('heading', { name: 'Set up Rampart' })).toBeVisible()
    await accessible(page)
    const link = /http\S+\/setup#\S+/.exec(server.log())?.[0] ?? ''
    await page.goto(link)
    await page.reload()
    await expect(page.getByLabel('Invitation')).toHaveValue(server.invitation)
    await page.getByLabel('E-mail').fill('first@acme.example')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Create the administrator' }).click()
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByRole('link', { name: 'Administration' }).click()
    await expect(page.getByText('everything answers')).toBeVisible()
    // Once only.
    await page.goto(`${server.base}/app/setup`)
    await expect(page.getByRole('heading', { name: 'Set up already' })).toBeVisible()
  } finally {
    await server.stop()
  }
})

test('an address is confirmed with the link of the mail before one signs in', async ({ page }) => {
  const server = await startServer()
  try {
    await register(server, ADMIN, 'Ana Lee', server.invitation)
    const { code } = await ask(server.base, 'POST', '/admin/invitations', { role: 'user' }, await bearer(server.base, ADMIN))
    await page.goto(`${server.base}/app/register#${code}`)
    await page.getByLabel('E-mail').fill('first@acme.example')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await accessible(page)
    await page.getByRole('button', { name: 'Create the account' }).click()
    await expect(page.getByText('A mail is on its way')).toBeVisible()
    await expect.poll(() => mailed(server.log(), 'verify-email')).toBeTruthy()
    await page.goto(mailed(server.log(), 'verify-email') ?? '')
    await expect(page.getByRole('heading', { name: 'Address confirmed' })).toBeVisible()

    await page.goto(`${server.base}/app/forgot`)
    await page.getByLabel('E-mail').fill('first@acme.example')
    await page.getByRole('button', { name: 'Send a link' }).click()
    await expect.poll(() => mailed(server.log(), 'reset-password')).toBeTruthy()
    await page.goto(mailed(server.log(), 'reset-password') ?? '')
    const changed = `${PASSWORD}-changed`
    await page.getByLabel('New password', { exact: true }).fill(changed)
    await accessible(page)
    await page.getByRole('button', { name: 'Change the password' }).click()
    await page.getByRole('link', { name: 'Sign in', exact: true }).click()
    await page.getByLabel('E-mail').fill('first@acme.example')
    await page.getByLabel('Password', { exact: true }).fill(changed)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expect(page.getByRole('navigation', { name: 'Main', exact: true })).toBeVisible()
  } finally {
    await server.stop()
  }
})

/** The link of a mail, as the way `console` shows it. */
function mailed(log: string, path: string): string | undefined {
  return new RegExp(`http://localhost:\\d+/app/${path}\\?token=[\\w-]+`).exec(log)?.[0]
}
