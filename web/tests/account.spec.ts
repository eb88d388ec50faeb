import { createHmac } from 'node:crypto'
import { ask, PASSWORD } from './server'
import { accessible, expect, newcomer, signIn, test } from './test'

/** RFC 6238, with the secret in base32. */
function totp(secret: string, at: number): string {
  const bits = [...secret.replace(/[\s=]/g, '')]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  const key = Buffer.from(bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? [])
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)))
  const digest = createHmac('sha1', key).update(counter).digest()
  const offset = (digest.at(-1) ?? 0) & 15
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

test('a second factor is set up, asked for, and a backup code is as good', async ({ page, context }) => {
  const { email } = await newcomer()
  await signIn(page, email)
  await page.goto(`${process.env.RAMPART_BASE}/app/account/second-factor`)
  await page.getByRole('button', { name: 'Set up' }).click()
  await page.getByLabel('Your password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Go on' }).click()
  await expect(page.getByAltText('The key as a picture')).toBeVisible()
  await accessible(page)
  const secret = (await page.getByRole('dialog').locator('code').textContent()) ?? ''
  await page.getByLabel('Code that the app shows').fill(totp(secret, Date.now()))
  await page.getByRole('button', { name: 'Turn on' }).click()
  await expect(page.getByText('✓ on')).toBeVisible()
  const code = (await page.locator('.codes li').first().textContent()) ?? ''
  await accessible(page)

  await context.clearCookies()
  await page.goto(`${process.env.RAMPART_BASE}/app/sign-in?to=/account/sessions`)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Second factor' })).toBeVisible()
  await accessible(page)
  await page.getByLabel('Code of your authenticator app').fill('000000')
  await expect(page.getByRole('alert')).toContainText('wrong')
  await page.getByRole('button', { name: 'Use a backup code' }).click()
  await page.getByLabel('Backup code').fill(code)
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByText('Where you are signed in')).toBeVisible()

  // And with what the app shows next: what it showed before is used.
  await context.clearCookies()
  await page.goto(`${process.env.RAMPART_BASE}/app/sign-in?to=/account/sessions`)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByLabel('Code of your authenticator app').fill(totp(secret, Date.now() + 30_000))
  await expect(page.getByText('Where you are signed in')).toBeVisible()
})

test('a passkey of the device signs in without a password', async ({ page, context }) => {
  const { email } = await newcomer()
  const debug = await context.newCDPSession(page)
  await debug.send('WebAuthn.enable')
  await debug.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  await signIn(page, email)
  await page.goto(`${process.env.RAMPART_BASE}/app/account/passkeys`)
  await accessible(page)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByLabel('Name').fill('Laptop')
  await page.getByLabel('Your password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByRole('cell', { name: 'Laptop', exact: true })).toBeVisible()

  await context.clearCookies()
  await page.goto(`${process.env.RAMPART_BASE}/app/sign-in?to=/account/passkeys`)
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await expect(page.getByRole('cell', { name: 'Laptop', exact: true })).toBeVisible()
})

test('a session that is ended elsewhere leaves at once, and comes back to its page', async ({ page }) => {
  const { email, headers } = await newcomer()
  await signIn(page, email)
  await page.goto(`${process.env.RAMPART_BASE}/app/account/sessions`)
  await expect(page.getByText('✓ this one')).toBeVisible()
  await expect(page.getByText('live', { exact: true })).toBeVisible()
  // Nothing is pressed on the page: the socket is closed, and the page knows.
  await ask(process.env.RAMPART_BASE ?? '', 'DELETE', '/auth/sessions', undefined, headers)
  await expect(page.getByText('The session has ended.')).toBeVisible()
  await expect(page.getByText('✓ this one')).toHaveCount(0)
  await signIn(page, email)
  await expect(page.getByText('✓ this one')).toBeVisible()
})

test('a token is shown once, and revoked', async ({ page }) => {
  const { email } = await newcomer()
  await signIn(page, email)
  await page.goto(`${process.env.RAMPART_BASE}/app/account/tokens`)
  await page.getByRole('button', { name: 'New token' }).click()
  await page.getByLabel('Name').fill('Build <img src=x onerror=alert(1)>')
  await page.getByRole('button', { name: 'Make the token' }).click()
  const value = (await page.locator('.once').textContent()) ?? ''
  expect(value).toMatch(/^rmp_/)
  await page.getByRole('button', { name: 'Done' }).click()
  await page.reload()
  await expect(page.getByText('Build <img src=x onerror=alert(1)>')).toBeVisible()
  await expect(page.getByText(value)).toHaveCount(0)
  await accessible(page)
  await page.getByRole('button', { name: 'Revoke' }).click()
  await expect(page.getByText('No tokens yet.')).toBeVisible()
})

test('the whole frame works by keyboard', async ({ page }) => {
  const { email } = await newcomer()
  await signIn(page, email)
  await page.keyboard.press('g')
  await page.keyboard.press('u')
  await expect(page.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible()
  await accessible(page)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Search or jump' }).fill('theme: light')
  await accessible(page)
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
  await page.keyboard.press('g')
  await page.keyboard.press('n')
  await expect(page.getByRole('heading', { name: 'Notifications', level: 1 })).toBeVisible()
})
