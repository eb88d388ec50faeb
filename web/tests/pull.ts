// A pull request as the program would answer it: those come from a forge, which is not here. Every word from outside looks like a page.

import type { Page } from '@playwright/test'
import type { components } from '../src/api/schema'
import { PROBE } from './seed'

type Schemas = components['schemas']

export const ID = '01980000-0000-7000-8000-000000000001'
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

export const finding: Schemas['New'] = {
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

const line = (kind: string, text: string): Schemas['DiffLine'] => ({ kind, text })

const diff: Schemas['Diff'] = {
  from: REPOSITORY.replaceAll('-', '').padEnd(40, '0'),
  to: HEAD,
  totals: { files: 3, added: 1, removed: 1 },
  files: [
    {
      path: finding.path,
      previousPath: `${PROBE}.py`,
      status: 'renamed',
      binary: false,
      added: 1,
      removed: 1,
      hunks: [
        {
          oldStart: 2,
          oldLines: 4,
          newStart: 2,
          newLines: 4,
          lines: [
            line('context', ''),
            line('context', 'def run(name):'),
            line('context', `    # ${PROBE}`),
            line('removed', `    subprocess.run(["ls", name])  # \u202e ${PROBE}`),
            { ...line('added', '    os.system("ls " + name)'), noNewline: true },
          ],
        },
      ],
    },
    { path: 'logo.png', status: 'modified', binary: true, added: 0, removed: 0 },
    { path: 'package-lock.json', status: 'modified', binary: false, added: 9_000, removed: 400, omitted: 'too_long' },
  ],
}

/** Answers in the place of the program's. */
export async function answering(page: Page, over: Partial<Schemas['PullRequestDetail']> = {}) {
  const comments = [comment, { ...comment, id: ID, author: 'user', authorName: PROBE, category: 'comment', filePath: null }]
  const list = { page: 1, perPage: 50 }
  await page.route(`**/api/v1/pull-requests?**`, (route) => route.fulfill({ json: { ...list, total: 1, pullRequests: [pull] } }))
  await page.route(`**/api/v1/pull-requests/${ID}`, (route) =>
    route.fulfill({ json: { ...pull, analysis: null, judgement, ...over } }),
  )
  await page.route(`**/api/v1/pull-requests/${ID}/diff`, (route) => route.fulfill({ json: diff }))
  await page.route(`**/api/v1/pull-requests/${ID}/comments?**`, (route) =>
    route.fulfill({ json: { ...list, total: comments.length, comments } }),
  )
  await page.route(`**/api/v1/repositories/${REPOSITORY}/file?**`, (route) =>
    route.fulfill({ json: { path: finding.path, ref: HEAD, content: CODE, vulnerabilities: [] } }),
  )
}
