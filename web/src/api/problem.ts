// What went wrong, and what to try.

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details?: unknown,
    readonly requestId?: string,
    /** Seconds after which it may be tried again. */
    readonly retryAfter?: number,
  ) {
    super(message)
    this.name = 'Problem'
  }

  static async of(response: Response, body: unknown): Promise<Problem> {
    const said = (body ?? {}) as { error?: string; code?: string; details?: unknown }
    const after = Number(response.headers.get('retry-after'))
    return new Problem(
      response.status,
      said.code ?? 'INTERNAL_ERROR',
      said.error ?? response.statusText,
      said.details,
      response.headers.get('x-request-id') ?? undefined,
      Number.isFinite(after) && after > 0 ? after : undefined,
    )
  }
}

/** By what a problem is known. */
export function hasCode(error: unknown, ...codes: string[]): error is Problem {
  return error instanceof Problem && codes.includes(error.code)
}

export interface Explanation {
  what: string
  remedy: string
}

const failed: Explanation = {
  what: 'Something failed on the server and was recorded.',
  remedy: 'Try again; if it stays, send the request’s id to your administrator.',
}

export function explain(error: unknown): Explanation {
  if (!(error instanceof Problem)) {
    return { what: 'The server cannot be reached.', remedy: 'Check the connection; the page tries again by itself.' }
  }
  const what = sentence(error.message)
  switch (error.status) {
    case 401:
      return { what: 'The session has ended.', remedy: 'Sign in again; you come back to this page.' }
    case 403:
      return { what, remedy: 'Ask an administrator of the workspace for the role that may do this.' }
    case 404:
      return { what: 'There is nothing here.', remedy: 'It was removed, or it is not for you to see.' }
    case 423:
      return { what, remedy: `${again(error.retryAfter)}, or ask an administrator to unlock the account.` }
    case 429:
      return { what: 'Too many requests.', remedy: `${again(error.retryAfter)}.` }
    // A forge, or whom else the server asked: it says which, and what helps.
    case 502:
    case 504:
      return error.code.startsWith('UPSTREAM_') ? { what, remedy: error.retryAfter ? `${again(error.retryAfter)}.` : '' } : failed
    default:
      return error.status >= 500 ? failed : { what, remedy: fields(error) ?? '' }
  }
}

/** The same in one line, for the place of a field or under a form. */
export function said(error: unknown): string {
  const { what, remedy } = explain(error)
  return remedy ? `${what} ${remedy}` : what
}

/** What is wrong with which field, where the server says so. */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof Problem) || !Array.isArray(error.details)) return {}
  const pairs = error.details.flatMap((entry) => {
    const detail = entry as { field?: unknown; message?: unknown }
    return typeof detail.field === 'string' && typeof detail.message === 'string'
      ? [[detail.field, sentence(detail.message)] as const]
      : []
  })
  return Object.fromEntries(pairs)
}

function fields(error: Problem): string | undefined {
  const named = Object.entries(fieldErrors(error)).map(([field, message]) => `${field}: ${message}`)
  return named.length > 0 ? named.join(' ') : undefined
}

function again(seconds: number | undefined): string {
  if (!seconds) return 'Try again in some minutes'
  const at = new Date(Date.now() + seconds * 1_000)
  return `You can try again at ${at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}`
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(capital) ? capital : `${capital}.`
}
