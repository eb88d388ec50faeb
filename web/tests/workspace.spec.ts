import { readFileSync } from 'node:fs'
import { ADMIN, ask } from './server'
import { accessible, expect, newcomer, type Person, signIn, test } from './test'

const base = () => process.env.RAMPART_BASE ?? ''

/** A workspace of one person, and another in it. */
async function pair(role: string): Promise<{ owner: Person; other: Person; id: string; slug: string }> {
  const owner = await newcomer('Olga Owner')
  const other = await newcomer('Vic Other')
  const slug = `ws-${crypto.randomUUID().slice(0, 8)}`
  const { id } = await ask(base(), 'POST', '/workspaces', { name: `Works ${slug}`, slug }, owner.headers)
  const { code } = await ask(base(), 'POST', `/workspaces/${id}/invitations`, { role }, owner.headers)
  await ask(base(), 'POST', '/invitations/accept', { code }, other.headers)
  return { owner, other, id, slug }
}

test('an invitation is made, opened by its link, and the list shows who came without a reload', async ({ page, browser }) => {
  const owner = await newcomer('Olga Owner')
  const guest = await newcomer('Gus Guest')
  await signIn(page, owner.email)
  await page.keyboard.press('g')
  await page.keyboard.press('w')
  await page.getByRole('link', { name: 'Members' }).click()
  await expect(page.getByText('1 member')).toBeVisible()
  await expect(page.getByText('live', { exact: true })).toBeVisible()
  await page.getByRole('link', { name: 'Invite…' }).click()
  await page.getByRole('dialog').getByLabel('Role').selectOption('viewer')
  await accessible(page)
  await page.getByRole('button', { name: 'Invite', exact: true }).click()
  const link = (await page.locator('.once').textContent()) ?? ''
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('link', { name: 'Members' }).click()

  const theirs = await browser.newPage()
  await theirs.goto(`${base()}/app/sign-in?to=${new URL(link).pathname.replace('/app', '')}`)
  await signInOn(theirs, guest.email)
  await theirs.getByRole('button', { name: /^Join as/ }).click()
  await expect(theirs.getByRole('navigation', { name: 'Main', exact: true })).toBeVisible()
  await theirs.close()

  await expect(page.getByText('2 members')).toBeVisible()
  await expect(page.getByText('Gus Guest')).toBeVisible()
  await accessible(page)
})

test('an invitation for an address is mailed, and mailed again', async ({ page }) => {
  const owner = await newcomer('Olga Owner')
  const guest = `guest-${crypto.randomUUID().slice(0, 8)}@acme.example`
  await signIn(page, owner.email)
  await page.goto(`${base()}/app/settings/invitations`)
  await page.getByRole('button', { name: 'Invite…' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('E-mail').fill(guest)
  await dialog.getByRole('button', { name: 'Invite', exact: true }).click()
  await expect(dialog).toContainText(`A mail to ${guest} is on its way`)
  await dialog.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('button', { name: `Actions for the invitation of ${guest}` }).click()
  await page.getByRole('menuitem', { name: 'Mail it again' }).click()
  await expect(page.getByRole('region', { name: 'News' })).toContainText(`A new link is on its way to ${guest}`)
})

async function signInOn(page: import('@playwright/test').Page, email: string) {
  const { PASSWORD } = await import('./server')
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

test('a viewer is shown nothing that a viewer may not do', async ({ page }) => {
  const { other, slug } = await pair('viewer')
  await signIn(page, other.email)
  await page.goto(`${base()}/app/w/${slug}/settings/members`)
  await expect(page.getByText('Olga Owner')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Invite…' })).toHaveCount(0)
  await expect(page.getByRole('link', { name: 'Security' })).toHaveCount(0)
  await expect(page.getByRole('link', { name: 'Danger' })).toHaveCount(0)
  await expect(page.getByRole('link', { name: 'Administration' })).toHaveCount(0)
  await expect(page.getByRole('combobox', { name: /^Role of/ })).toHaveCount(0)
  // Asking for it by its address changes nothing.
  await page.goto(`${base()}/app/w/${slug}/settings/security`)
  await expect(page.getByRole('heading', { name: 'Not found' })).toBeVisible()
  await page.goto(`${base()}/app/admin/users`)
  await expect(page.getByRole('heading', { name: 'Not found' })).toBeVisible()
  await page.goto(`${base()}/app/w/somebody-elses/notifications`)
  await expect(page.getByRole('heading', { name: 'Not found' })).toBeVisible()
})

test('a role is changed, and taken back', async ({ page }) => {
  const { owner, other, slug } = await pair('member')
  await signIn(page, owner.email)
  await page.goto(`${base()}/app/w/${slug}/settings/members?q=Vic`)
  const role = page.getByRole('combobox', { name: 'Role of Vic Other' })
  await role.selectOption('admin')
  await expect(page.getByRole('region', { name: 'News' }).getByText('Vic Other is admin now')).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(role).toHaveValue('member')
  const { workspaces } = await ask(base(), 'GET', '/auth/me', undefined, other.headers)
  expect(workspaces.find((workspace: { slug: string }) => workspace.slug === slug).role).toBe('member')
  // The filter is still there.
  expect(page.url()).toContain('q=Vic')
})

test('a policy is saved, and what would shut oneself out is refused with its reason', async ({ page }) => {
  const { owner, slug } = await pair('member')
  await signIn(page, owner.email)
  await page.goto(`${base()}/app/w/${slug}/settings/security`)
  await accessible(page)
  await page.getByLabel('Networks', { exact: true }).fill('203.0.113.0/24')
  await page.keyboard.press('Enter')
  await page.getByLabel('Only from these networks').check()
  await expect(page.getByText('2 changes not saved')).toBeVisible()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await page.getByRole('button', { name: 'Discard' }).click()
  await page.getByLabel('When idle after, minutes').fill('60')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.reload()
  await expect(page.getByLabel('When idle after, minutes')).toHaveValue('60')
})

test('news arrive as they happen, are read, and stay read', async ({ page }) => {
  const { owner, other, id, slug } = await pair('member')
  await signIn(page, other.email)
  await page.goto(`${base()}/app/w/${slug}/notifications`)
  await expect(page.getByText('live', { exact: true })).toBeVisible()
  const me = await ask(base(), 'GET', '/auth/me', undefined, other.headers)
  await ask(base(), 'PATCH', `/workspaces/${id}/members/${me.id}`, { role: 'operator' }, owner.headers)
  await expect(page.getByRole('list', { name: 'Notifications' }).getByRole('listitem')).toHaveCount(1)
  await expect(page.getByRole('link', { name: /Unread 1/ })).toBeVisible()
  await accessible(page)
  await page.getByRole('button', { name: 'Mark all read' }).click()
  await expect(page.getByRole('link', { name: /Unread 1/ })).toHaveCount(0)
  await page.getByRole('link', { name: 'Preferences' }).first().click()
  await page.getByLabel('Scan failed by mail').selectOption('instant')
  await accessible(page)
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.reload()
  await expect(page.getByLabel('Scan failed by mail')).toHaveValue('instant')
})

test('who runs the installation sees how it is, and what was done in it', async ({ page }) => {
  await signIn(page, ADMIN)
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await expect(page.getByText('everything answers')).toBeVisible()
  await accessible(page)
  for (const [tab, shown] of [
    ['Jobs', 'Every queue'],
    // Scans that other tests let fail may lie here.
    ['Dead letters', 'Every queue'],
    ['Schedules', 'Run now'],
    ['Users', 'Last sign-in'],
    ['Invitations', 'Invitations onto the installation'],
  ] as const) {
    await page.getByRole('navigation', { name: 'Administration' }).getByRole('link', { name: tab }).click()
    await expect(page.getByText(shown).first()).toBeAttached()
    await expect(page.locator('.skeleton')).toHaveCount(0)
    await accessible(page)
  }
  await page.getByRole('navigation', { name: 'Administration' }).getByRole('link', { name: 'Audit log' }).click()
  await page.getByRole('button', { name: 'Check the chain' }).click()
  await expect(page.getByText(/entries, unbroken/)).toBeVisible()
  await accessible(page)
  await page.getByRole('button', { name: 'Export' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'CSV' }).click()
  expect((await download).suggestedFilename()).toMatch(/\.csv$/)
})

test('what is saved is of the workspace that is open, not of the usual one', async ({ page }) => {
  const { owner, id, slug } = await pair('viewer')
  await signIn(page, owner.email)
  await page.goto(`${base()}/app/w/${slug}/settings/audit`)
  await page.getByRole('button', { name: 'Export' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'JSON lines' }).click()
  const lines = readFileSync(await (await download).path(), 'utf8')
    .trim()
    .split('\n')
  expect(lines.length).toBeGreaterThan(1)
  for (const line of lines) expect(JSON.parse(line).workspaceId).toBe(id)
})

test('back from installing the app, the server is asked in the name of the workspace it was for', async ({ page }) => {
  const { owner, id } = await pair('viewer')
  await signIn(page, owner.email)
  const asked = page.waitForRequest(/\/integrations\/github\/callback/)
  await page.goto(`${base()}/app/installed?workspace=${id}&installation=5&state=${id}.1.x`)
  const request = await asked
  expect(request.headers()['x-workspace-id']).toBe(id)
  expect(new URL(request.url()).searchParams.get('state')).toBe(`${id}.1.x`)
  // There is no app here, and the page says what is missing.
  await expect(page.getByRole('alert')).toContainText('GITHUB_APP_ID')
  await accessible(page)
})
