// The one way to the server. Its types are those of its OpenAPI document (`npm run api`).

import createClient, { type Middleware } from 'openapi-fetch'
import { Problem } from './problem'
import type { components, paths } from './schema'

export type Schemas = components['schemas']

let workspace: string | undefined

/** What follows is asked in the name of this workspace. */
export function enterWorkspace(id: string | undefined): void {
  workspace = id
}

function cookie(name: string): string | undefined {
  const found = document.cookie.split('; ').find((pair) => pair.startsWith(`${name}=`))
  return found?.slice(name.length + 1)
}

const credentials: Middleware = {
  onRequest({ request }) {
    const csrf = cookie('rampart_csrf')
    if (csrf && request.method !== 'GET') request.headers.set('X-CSRF-Token', csrf)
    if (workspace) request.headers.set('X-Workspace-Id', workspace)
    return request
  },
}

export const api = createClient<paths>({ baseUrl: '/api/v1', credentials: 'same-origin' })
api.use(credentials)

type Answered<T> = Promise<{ data?: T; error?: unknown; response: Response }>

let whenSessionEnds: () => void = () => {}

/** Called when the server no longer knows who is asking. */
export function onSessionEnd(run: () => void): void {
  whenSessionEnds = run
}

export function sessionEnded(): void {
  whenSessionEnds()
}

/** Codes of 401 that are about what was typed, not about the session. */
const ABOUT_INPUT = ['INVALID_CREDENTIALS', 'TWO_FACTOR_INVALID', 'INVALID_SIGNATURE']

/** What was answered, or a `Problem`. */
export async function answer<T>(asked: Answered<T>): Promise<T> {
  const { data, error, response } = await asked
  if (response.ok) return data as T
  const problem = await Problem.of(response, error)
  if (problem.status === 401 && !ABOUT_INPUT.includes(problem.code)) sessionEnded()
  throw problem
}
