// What every test has: somebody signed in, and a watch over what must never happen on any page.

import { test as base, expect, type Page } from '@playwright/test'
import seriousViolations from './axe'
import { ADMIN, ask, bearer, PASSWORD } from './server'

export { expect }

export interface Person {
  email: string
  headers: Record<string, string>
}

let count = 0

/** Somebody of their own, so that tests do not meet. */
export async function newcomer(name = 'Bo Chan', role = 'user'): Promise<Person> {
  const server = process.env.RAMPART_BASE ?? ''
  const admin = await bearer(server, ADMIN)
  const { code } = await ask(server, 'POST', '/admin/invitations', { role }, admin)
  const email = `person-${process.pid}-${count++}@acme.example`
  await ask(server, 'POST', '/auth/register', { email, name, password: PASSWORD, invitationCode: code })
  return { email, headers: await bearer(server, email) }
}

export async function signIn(page: Page, email: string): Promise<void> {
  if (!page.url().includes('/sign-in')) await page.goto(`${process.env.RAMPART_BASE}/app/`)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Search or jump' })).toBeVisible()
}

/** Nothing serious for who uses a keyboard or a screen reader. */
export async function accessible(page: Page): Promise<void> {
  expect(await seriousViolations(page)).toEqual([])
}

export const test = base.extend<{ watched: undefined }>({
  watched: [
    async ({ page }, use) => {
      const wrong: string[] = []
      page.on('console', (message) => {
        if (message.text().includes('Content Security Policy')) wrong.push(message.text())
      })
      page.on('pageerror', (error) => wrong.push(String(error)))
      page.on('request', (request) => {
        const { protocol, hostname } = new URL(request.url())
        if (protocol.startsWith('http') && hostname !== 'localhost') wrong.push(`asked outside: ${request.url()}`)
      })
      page.on('dialog', (dialog) => {
        wrong.push(`a script ran: ${dialog.message()}`)
        dialog.dismiss()
      })
      await use(undefined)
      expect(wrong).toEqual([])
    },
    { auto: true },
  ],
})
