import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { ask } from './server'
import { accessible, expect, newcomer, type Person, signIn, test } from './test'

const base = () => process.env.RAMPART_BASE ?? ''

// What a repository says is text, whatever it looks like.
const PROBE = '<img src=x onerror=alert(1)>'

const APP = `import sqlite3
from flask import Flask, request

app = Flask(__name__)


@app.route("/orders")
def orders():
    name = request.args["name"]  # ${PROBE}
    orders = sqlite3.connect("shop.db")
    orders.execute("DELETE FROM orders WHERE name = '" + name + "'")
    return "gone"
`

/** A repository of one file, where the server may read. */
class Repository {
  readonly folder: string

  constructor(name: string) {
    this.folder = join(process.env.RAMPART_CODE ?? '', name)
    mkdirSync(this.folder)
    this.git('init', '--quiet', '--initial-branch=main')
    this.commit('app.py', APP, `first ${PROBE}`)
  }

  commit(path: string, text: string, message: string) {
    writeFileSync(join(this.folder, path), text)
    this.git('add', '--all')
    this.git('commit', '--quiet', '--message', message)
  }

  private git(...args: string[]) {
    const who = ['-c', `user.name=${PROBE}`, '-c', 'user.email=dev@acme.example']
    const env = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
    execFileSync('git', ['-C', this.folder, ...who, ...args], { env })
  }
}

async function connected(page: Page, name: string): Promise<{ repository: Repository; person: Person }> {
  const repository = new Repository(name)
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
  await page.goto(`${base()}/app/repositories/${repositories[0].id}`)
  await expect(page.getByText('Scan every push')).toBeVisible()
  await accessible(page)
  await page.goto(`${base()}/app/`)
  await expect(main.getByText('What to do next')).toBeVisible()
  await accessible(page)
})
