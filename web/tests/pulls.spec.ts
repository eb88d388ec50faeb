// The list without any is that of the program; what the page makes of one is shown with answers of the program's own shape, put in on the
// way.

import { answering, ID } from './pull'
import { PROBE } from './seed'
import { accessible, expect, newcomer, signIn, test } from './test'

const base = () => process.env.RAMPART_BASE ?? ''

test('where no forge is connected, the list says how pull requests come', async ({ page }) => {
  const { email } = await newcomer()
  await signIn(page, email)
  await page.keyboard.press('g')
  await page.keyboard.press('p')
  await expect(page.getByRole('heading', { name: 'Pull requests', level: 1 })).toBeVisible()
  await expect(page.getByRole('main')).toContainText('They appear when a repository at GitHub or GitLab is connected')
  await accessible(page)
  await page.getByRole('combobox', { name: 'State' }).selectOption('merged')
  await expect(page).toHaveURL(/state=merged/)
  await expect(page.getByText('Nothing matches.')).toBeVisible()
})

for (const [theme, width] of [
  ['dark', 1280],
  ['light', 390],
] as const) {
  test(`what a pull request says is text, ${theme} at ${width}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme })
    await page.setViewportSize({ width, height: 900 })
    const { email } = await newcomer()
    await answering(page)
    await signIn(page, email)
    await page.goto(`${base()}/app/pulls`)
    await page.getByRole('main').getByRole('link', { name: PROBE }).click()
    const looked = async () => {
      await accessible(page)
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      expect(sideways).toBeLessThanOrEqual(0)
    }
    await expect(page.getByRole('heading', { level: 1 })).toContainText('U+202E')
    // Nor does it turn round what says where one is.
    expect(await page.title()).not.toContain('\u202e')
    expect(await page.getByRole('navigation', { name: 'Breadcrumb' }).textContent()).not.toContain('\u202e')
    await expect(page.getByText('Blocked: 1 new finding at or above high · 1 more below · 2 fixed')).toBeVisible()
    // An address that is none is no link.
    await expect(page.getByRole('link', { name: 'Open at the forge' })).toHaveCount(0)
    await expect(page.getByRole('region', { name: 'Lines of code' })).toContainText('os.system("ls " + name)')
    await expect(page.getByRole('article').getByRole('region', { name: 'Suggested change' }).last()).toContainText('removed:')
    await expect(page.getByText('excused in the change')).toBeVisible()
    await page.getByText('1 file of the change could not be looked at').click()
    await looked()
    await page.keyboard.press(']')
    await expect(page).toHaveURL(/file=b\.py/)
    await expect(page.getByRole('article')).toContainText('Weak hash')
    await page.getByRole('article').getByRole('link', { name: 'Comment' }).click()
    await expect(page.getByText('beside b.py:5')).toBeVisible()
    await expect(page.getByRole('listitem').filter({ hasText: 'Rampart' }).first()).toContainText('high · Command')
    await looked()
  })
}

test('a change that could not be looked at says so, and can be looked at again', async ({ page }) => {
  const { email } = await newcomer()
  await answering(page, { judgement: null, status: 'failed' })
  await signIn(page, email)
  await page.goto(`${base()}/app/pulls/${ID}`)
  await expect(page.getByText('It could not be analysed.')).toBeVisible()
  await expect(page.getByRole('button', { name: /^Analyse/ })).toBeVisible()
  await accessible(page)
})
