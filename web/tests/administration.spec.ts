// What administrators of the installation see of it, and change while it runs.

import { ADMIN, ask, bearer } from './server'
import { accessible, expect, signIn, test } from './test'

const base = () => process.env.RAMPART_BASE ?? ''

test('alerts stand with the health of the installation', async ({ page }) => {
  await signIn(page, ADMIN)
  await page.goto(`${base()}/app/admin/health`)
  const alerts = page.getByRole('heading', { name: 'Alerts' }).locator('..').locator('..').getByRole('row')
  await expect(alerts.filter({ hasText: 'Queue depth high' })).toBeVisible()
  await accessible(page)
})

test('a backup is made, checked and deleted', async ({ page }) => {
  await signIn(page, ADMIN)
  await page.goto(`${base()}/app/admin/backups`)
  await page.getByRole('button', { name: 'Back up now' }).click()
  const made = page.getByRole('row').filter({ hasText: 'hand' }).first()
  await expect(made.getByText('✓ made')).toBeVisible({ timeout: 30_000 })
  await made.getByRole('button', { name: 'Check' }).click()
  await expect(made.getByText('made and checked')).toBeVisible({ timeout: 30_000 })
  await accessible(page)
  await made.getByRole('button', { name: 'Delete…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByText('No backups yet.')).toBeVisible()
})

test('settings are saved, and the configuration is shown without its secrets', async ({ page }) => {
  await signIn(page, ADMIN)
  await page.goto(`${base()}/app/admin/settings`)
  const days = page.getByRole('spinbutton', { name: 'Notifications that were read' })
  await expect(days).toHaveValue('90')
  await days.fill('60')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('region', { name: 'News' }).getByText('Settings saved')).toBeVisible()
  const headers = await bearer(base(), ADMIN)
  expect((await ask(base(), 'GET', '/admin/settings', undefined, headers)).retention.notificationDays).toBe(60)
  await expect(page.getByRole('cell', { name: 'DATA_DIR', exact: true })).toBeVisible()
  await accessible(page)
  await ask(base(), 'PATCH', '/admin/settings', { retention: { notificationDays: 90 } }, headers)
})
