import { answer } from './client'

/**
 * Saves a file of the API under the name that the server gives it. A link that the browser follows would not say which workspace is
 * meant, and would lead away from the page when the server refuses.
 */
export async function save(asked: Promise<{ data?: unknown; error?: unknown; response: Response }>): Promise<void> {
  const file = (await answer(asked)) as Blob
  const { response } = await asked
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'rampart'
  link.click()
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
