// The page of findings, as several tests use it.

import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { hostile, many, type Seeded } from './seed'
import { expect, newcomer, type Person, signIn } from './test'

export const rows = (page: Page) => page.getByRole('grid', { name: 'Findings' }).getByRole('row')

export const count = (page: Page) => page.getByRole('main').getByText(/^[\d,]+ findings?$/)

/** Somebody with a repository that was scanned, and so many findings of other tools in it. */
export async function withFindings(name: string, more: number): Promise<{ person: Person; seeded: Seeded }> {
  const base = process.env.RAMPART_BASE ?? ''
  const person = await newcomer(name)
  const folder = `${name.split(' ')[0]?.toLowerCase()}-${process.pid}`
  const seeded = await hostile(base, person.headers, join(process.env.RAMPART_CODE ?? '', folder))
  if (more > 0) await many(base, person.headers, seeded.repository, more)
  return { person, seeded }
}

export async function atFindings(page: Page, person: Person, search = '') {
  await signIn(page, person.email)
  await page.goto(`${process.env.RAMPART_BASE}/app/findings${search}`)
  await expect(rows(page).first()).toBeVisible()
}
