// Something to show: a repository with a weakness in it and words that look like a page, scanned; and findings by the thousand.

import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ask } from './server'

/** What a repository says is text, whatever it looks like. */
export const PROBE = '<img src=x onerror=alert(1)>'
const ATTRIBUTE = `" onmouseover="alert(1)`
const LINK = 'javascript:alert(1)'

export const APP = `import sqlite3
from flask import Flask, request

app = Flask(__name__)


@app.route("/orders")
def orders():
    name = request.args["name"]  # ${PROBE}
    orders = sqlite3.connect("shop.db")
    orders.execute("DELETE FROM orders WHERE name = '" + name + "'")
    return "gone"
`

/** A repository of git, where the server may read. */
export class Repository {
  readonly folder: string

  constructor(folder: string, branch = 'main') {
    this.folder = folder
    mkdirSync(folder, { recursive: true })
    this.git('init', '--quiet', `--initial-branch=${branch}`)
  }

  write(path: string, text: string) {
    const whole = join(this.folder, path)
    mkdirSync(dirname(whole), { recursive: true })
    writeFileSync(whole, text)
  }

  commit(path: string, text: string, message: string) {
    this.write(path, text)
    this.git('add', '--all')
    this.git('commit', '--quiet', '--message', message)
  }

  private git(...args: string[]) {
    const who = ['-c', `user.name=${PROBE}${ATTRIBUTE}`, '-c', 'user.email=dev@acme.example']
    const env = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
    execFileSync('git', ['-C', this.folder, ...who, ...args], { env })
  }
}

export interface Seeded {
  repository: string
  scan: string
  finding: string
  file: string
  commit: string
}

/** Every field that a repository or a tool fills, filled with what would run if it were taken for a page. */
export async function hostile(base: string, headers: Record<string, string>, folder: string): Promise<Seeded> {
  const code = new Repository(folder, `${'<svg/onload=alert(1)>'}`)
  const file = `src/${PROBE}/${ATTRIBUTE}.py`
  code.commit(file, APP, `${PROBE}\n\n${ATTRIBUTE}`)
  code.commit('app.py', `# ${PROBE} \u202e hidden\n${APP}`, `${ATTRIBUTE} ${PROBE}`)
  const { id: repository } = await ask(base, 'POST', '/repositories/connect', { repoUrl: folder, provider: 'local' }, headers)
  const scan = await scanned(base, headers, repository)
  await ask(base, 'POST', `/repositories/${repository}/findings/import`, sarif(file), headers)
  const { vulnerabilities } = await ask(
    base,
    'GET',
    `/vulnerabilities?repositoryId=${repository}&sort=-severity`,
    undefined,
    headers,
  )
  const traced = vulnerabilities.find(({ type }: { type: string }) => /SQL/.test(type)) ?? vulnerabilities[0]
  const { commits } = await ask(base, 'GET', '/commits', undefined, headers)
  return { repository, scan, finding: traced.id, file, commit: commits[0].hash }
}

/** The first scan begins by itself. */
export async function scanned(base: string, headers: Record<string, string>, repository: string): Promise<string> {
  for (;;) {
    const { scans } = await ask(base, 'GET', `/scans?repositoryId=${repository}`, undefined, headers)
    const [scan] = scans
    if (scan?.status === 'completed') return scan.id
    if (scan?.status === 'failed') throw new Error(`the scan failed: ${scan.errorMessage}`)
    await new Promise((passed) => setTimeout(passed, 200))
  }
}

function sarif(file: string) {
  const place = {
    physicalLocation: { artifactLocation: { uri: file }, region: { startLine: 9, snippet: { text: `a = "${PROBE}"` } } },
  }
  return {
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: PROBE,
            rules: [
              {
                id: ATTRIBUTE,
                name: PROBE,
                helpUri: LINK,
                shortDescription: { text: PROBE },
                fullDescription: { text: `${PROBE} [a](${LINK})` },
                help: { text: PROBE, markdown: `[a](${LINK}) ${PROBE}` },
              },
            ],
          },
        },
        results: [
          {
            ruleId: ATTRIBUTE,
            level: 'error',
            message: { text: `${PROBE} ${ATTRIBUTE}` },
            locations: [place],
            codeFlows: [
              {
                threadFlows: [
                  { locations: [0, 1].map((at) => ({ location: { ...place, message: { text: `${PROBE} ${at}` } } })) },
                ],
              },
            ],
          },
        ],
      },
    ],
  }
}

const SEVERITIES = ['critical', 'high', 'high', 'medium', 'medium', 'medium', 'low', 'low', 'info']
const WHAT = ['SQL query from input', 'Secret in code', 'Weak hash', 'Path from input', 'Template without escaping']

/** Findings of one tool: what the program writes down together. */
const AT_ONCE = 500

/** As many findings as other tools might bring. */
export async function many(base: string, headers: Record<string, string>, repository: string, count: number) {
  for (let from = 0; from < count; from += AT_ONCE) {
    const findings = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, at) => invented(from + at))
    await insisting(() =>
      ask(base, 'POST', `/repositories/${repository}/findings/import`, { tool: `tool ${from / AT_ONCE}`, findings }, headers),
    )
  }
}

function invented(at: number) {
  return {
    ruleId: `rule-${at % 23}`,
    severity: SEVERITIES[at % SEVERITIES.length],
    filePath: `services/${['api', 'web', 'billing', 'media'][at % 4]}/src/module_${at % 211}/handler_${at % 17}.ts`,
    lineNumber: 1 + ((at * 37) % 900),
    message: `${WHAT[at % WHAT.length]}: value ${at} reaches a place where it is not checked`,
  }
}

/** The server may be busy with a scan, and says so. */
async function insisting(run: () => Promise<unknown>) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await run()
    } catch (error) {
      if (tries === 10) throw error
      await new Promise((passed) => setTimeout(passed, 1_000))
    }
  }
}
