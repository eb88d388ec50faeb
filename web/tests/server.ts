// Starts the program for the tests, with a data folder of its own, and makes the first administrator over the API.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inFront } from './front'

/** Whose passwords these are: test accounts of a data folder that is removed. */
export const PASSWORD = 'heron-Lantern-58-quartz'
export const ADMIN = 'ana@acme.example'

export interface Server {
  base: string
  data: string
  invitation: string
  log: () => string
  stop: () => Promise<void>
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((listening) => probe.listen(0, '127.0.0.1', listening))
  const address = probe.address()
  await new Promise((closed) => probe.close(closed))
  return typeof address === 'object' && address ? address.port : 0
}

/** A server nobody has signed in to yet. */
export async function startServer(settings: Record<string, string> = {}): Promise<Server> {
  const [port, ownPort] = [await freePort(), await freePort()]
  const dist = process.env.DIST
  // The address that is asked: the program's own, unless something stands in front of it.
  const base = `http://localhost:${dist ? port : ownPort}`
  const leave = dist ? inFront(port, ownPort, dist) : () => {}
  const data = mkdtempSync(join(tmpdir(), 'rampart-dashboard-'))
  const wide = '100000/1h'
  const limits = [
    'PUBLIC',
    'USER',
    'AUTH',
    'LOGIN',
    'REGISTER',
    'WSCONN',
    'TWOFA',
    'WS_CREATE',
    'WS_UPDATE',
    'WS_INVITE',
    'EXPORT',
  ]
  const child: ChildProcess = spawn(process.env.RAMPART ?? 'rampart', ['serve'], {
    env: {
      PATH: process.env.PATH,
      DATA_DIR: data,
      API_PORT: String(ownPort),
      API_BASE_URL: base,
      LOG_FORMAT: 'pretty',
      EMAIL_CONSOLE_LINKS: 'true',
      ARGON2_MEMORY_KIB: '8192',
      ARGON2_ITERATIONS: '1',
      ...Object.fromEntries(limits.map((name) => [`RATE_LIMIT_${name}`, wide])),
      ...settings,
    },
  })
  let log = ''
  const ready = new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      log += chunk
      if (log.includes('Rampart answers at')) resolve()
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.on('error', reject)
    child.on('exit', () => reject(new Error(`the program ended:\n${log}`)))
  })
  await ready
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()))
  return {
    base,
    data,
    invitation: readFileSync(join(data, 'bootstrap-invitation'), 'utf8').trim(),
    log: () => log,
    stop: async () => {
      leave()
      child.kill('SIGTERM')
      await ended
      rmSync(data, { recursive: true, force: true })
    },
  }
}

/** Asks the API in nobody's name, or with a token. */
export async function ask(base: string, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${base}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return text ? JSON.parse(text) : undefined
}

export async function register(server: Server, email: string, name: string, invitationCode: string) {
  await ask(server.base, 'POST', '/auth/register', { email, name, password: PASSWORD, invitationCode })
}

export async function bearer(base: string, email: string): Promise<Record<string, string>> {
  const { accessToken } = await ask(base, 'POST', '/auth/login', { email, password: PASSWORD })
  return { authorization: `Bearer ${accessToken}` }
}

/** One server for the tests that leave no trace on others. */
export default async function setup() {
  const code = mkdtempSync(join(tmpdir(), 'rampart-code-'))
  const server = await startServer({ REQUIRE_EMAIL_VERIFICATION: 'false', LOCAL_GIT_ROOTS: code })
  await register(server, ADMIN, 'Ana Lee', server.invitation)
  process.env.RAMPART_BASE = server.base
  process.env.RAMPART_DATA = server.data
  process.env.RAMPART_CODE = code
  return async () => {
    await server.stop()
    rmSync(code, { recursive: true, force: true })
  }
}
