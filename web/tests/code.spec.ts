import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { APP, PROBE, Repository } from './seed'
import { ask } from './server'
import { accessible, expect, newcomer, type Person, signIn, test } from './test'

const base = () => process.env.RAMPART_BASE ?? ''

async function connected(page: Page, name: string): Promise<{ repository: Repository; person: Person }> {
  const repository = new Repository(join(process.env.RAMPART_CODE ?? '', name))
  repository.commit('app.py', APP, `first ${PROBE}`)
  const person = await newcomer()
  await signIn(page, person.email)
  await page.goto(`${base()}/app/repositories`)
  await page
    .getByRole('button', { name: /^Connect/ })
    .first()
    .click()
  await accessible(page)
  await page.getByRole('dialog').getByRole('textbox').first().fill(repository.folder)
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Connect/ })
    .click()
  await expect(page.getByRole('heading', { name })).toBeVisible()
  return { repository, person }
}

test('a repository is connected, scanned as one looks, and a finding is judged', async ({ page }) => {
  // Scans take seconds, on a busy machine many.
  test.setTimeout(240_000)
  const { repository, person } = await connected(page, `shop-${process.pid}`)
  const main = page.getByRole('main')
  await page.goto(`${base()}/app/findings`)
  const row = main.getByRole('link', { name: /SQL injection/ }).first()
  // It comes by itself when the scan is done.
  await expect(row).toBeVisible({ timeout: 60_000 })
  await accessible(page)

  await row.click()
  await expect(page.getByRole('heading', { name: /SQL injection/ })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Code', exact: true })).toContainText('request.args["name"]')
  await accessible(page)
  await page.keyboard.press('p')
  await accessible(page)
  await page.getByRole('dialog').getByRole('textbox').fill('The table is read by nobody else.')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^False positive|^Mark/ })
    .click()
  await expect(main.getByText('The table is read by nobody else.').first()).toBeVisible()

  // A commit is found and scanned by itself.
  repository.commit('worker.py', APP.replace('/orders', '/work'), `second ${PROBE}`)
  await page.goto(`${base()}/app/commits`)
  await expect(main.getByText('second')).toBeVisible({ timeout: 60_000 })
  await accessible(page)
  await page.goto(`${base()}/app/findings`)
  await expect(main.getByText('worker.py')).toBeVisible({ timeout: 60_000 })
  await expect(main.getByText('app.py')).toBeHidden()

  await page.goto(`${base()}/app/scans`)
  await expect(main.getByRole('link').first()).toBeVisible()
  await accessible(page)
  await main.getByRole('link').first().click()
  await expect(page.getByRole('heading', { name: /^Scan of/ })).toBeVisible()
  await accessible(page)

  const { repositories } = await ask(base(), 'GET', '/repositories', undefined, person.headers)
  await page.goto(`${base()}/app/repositories/${repositories[0].id}/settings`)
  await expect(page.getByText('Scan every push')).toBeVisible()
  await accessible(page)
  await page.goto(`${base()}/app/`)
  await expect(main.getByText('What to do next')).toBeVisible()
  await accessible(page)
})
