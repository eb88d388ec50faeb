// Pull requests come from a forge, which is not here. The list without any is that of the program; what the page makes of one is shown
// with answers of the program's own shape, put in on the way, in which every word from outside looks like a page.

import type { Page } from '@playwright/test'
import type { components } from '../src/api/schema'
import { PROBE } from './seed'
import { accessible, expect, newcomer, signIn, test } from './test'

type Schemas = components['schemas']

const base = () => process.env.RAMPART_BASE ?? ''

const ID = '01980000-0000-7000-8000-000000000001'
const REPOSITORY = '01980000-0000-7000-8000-000000000002'
const HEAD = '9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c'
const ATTRIBUTE = `" onmouseover="alert(1)`
const MOMENT = '2026-01-15T10:30:00Z'
const CODE = `import os\n\ndef run(name):\n    # ${PROBE}\n    os.system("ls " + name)\n`

const pull: Schemas['PullRequest'] = {
  id: ID,
  repoId: REPOSITORY,
  prNumber: 214,
  prTitle: `${PROBE} \u202e ${ATTRIBUTE}`,
  prUrl: 'javascript:alert(1)',
  status: 'completed',
  state: 'open',
  analysisId: null,
  author: PROBE,
  branch: '<svg/onload=alert(1)>',
  baseBranch: 'main',
  headSha: HEAD,
  createdAt: MOMENT,
  updatedAt: MOMENT,
  analyzedAt: MOMENT,
}

const finding: Schemas['New'] = {
  key: 'one',
  severity: 'high',
  title: `Command from input ${PROBE}`,
  rule: ATTRIBUTE,
  path: `src/${PROBE}/run.py`,
  line: 5,
  endLine: 5,
  message: PROBE,
  impact: `${PROBE} [a](javascript:alert(1))`,
  remedy: `\`\`\`\n${PROBE}\n\`\`\``,
  cwe: 78,
  source: { path: PROBE, line: 3 },
  isOnChange: true,
  isExcused: true,
  suggestion: { firstLine: 5, lastLine: 5, text: `    subprocess.run(["ls", name])  # ${PROBE}` },
}

const judgement: Schemas['Judged'] = {
  verdict: 'failed',
  failOn: 'high',
  newCount: 2,
  failingCount: 1,
  fixedCount: 2,
  new: [
    finding,
    { ...finding, key: 'two', severity: 'low', title: 'Weak hash', path: 'b.py', isExcused: false, suggestion: null },
  ],
  unseen: [PROBE],
  base: HEAD,
}

const comment: Schemas['PrComment'] = {
  id: '01980000-0000-7000-8000-000000000003',
  prId: ID,
  filePath: finding.path,
  lineNumber: 5,
  comment: `<!-- rampart:finding:one -->\n**high** · Command\n\n${PROBE} [a](javascript:alert(1))`,
  author: 'ai',
  authorName: null,
  severity: 'high',
  category: 'finding',
  suggestion: finding.suggestion?.text ?? null,
  externalId: '1',
  createdAt: MOMENT,
  updatedAt: MOMENT,
}

/** Answers in the place of the program's. */
async function answering(page: Page, over: Partial<Schemas['PullRequestDetail']> = {}) {
  const comments = [comment, { ...comment, id: ID, author: 'user', authorName: PROBE, category: 'comment', filePath: null }]
  const list = { page: 1, perPage: 50 }
  await page.route(`**/api/v1/pull-requests?**`, (route) => route.fulfill({ json: { ...list, total: 1, pullRequests: [pull] } }))
  await page.route(`**/api/v1/pull-requests/${ID}`, (route) =>
    route.fulfill({ json: { ...pull, analysis: null, judgement, ...over } }),
  )
  await page.route(`**/api/v1/pull-requests/${ID}/comments?**`, (route) =>
    route.fulfill({ json: { ...list, total: comments.length, comments } }),
  )
  await page.route(`**/api/v1/repositories/${REPOSITORY}/file?**`, (route) =>
    route.fulfill({ json: { path: finding.path, ref: HEAD, content: CODE, vulnerabilities: [] } }),
  )
}

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
