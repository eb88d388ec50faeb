// Comments are Markdown of a forge. They are shown as words: what only a forge understands is left out.

/** What the program wrote, without its marks, escapes, tables and suggestions (which are shown beside it). */
export function readable(markdown: string): string {
  return markdown
    .replace(/<!--[^>]*-->/g, '')
    .replace(/^(`{3,})suggestion\n[\s\S]*?\n\1$/gm, '')
    .replace(/^(\|.*|<sub>.*)$/gm, '')
    .replace(/^#+ /gm, '')
    .replaceAll('**', '')
    .replaceAll('\u200b', '')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/&(lt|gt|amp|#58);/g, (_, name: string) => ENTITIES[name] ?? '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', '#58': ':' }

/** `src/a.py:12` as an address has it. */
export function readPlace(text: string | undefined): { path: string; line: number } | undefined {
  const found = /^(.+):(\d{1,9})$/.exec(text ?? '')
  const line = Number(found?.[2])
  return found?.[1] && line > 0 ? { path: found[1], line } : undefined
}

/** An address at the forge, where it is one that a browser may open. */
export function atForge(url: string): string | undefined {
  return /^https?:\/\//i.test(url) ? url : undefined
}

/** `owner/name` of `https://github.com/owner/name/pull/5`, `group/within/name` of `https://gitlab.com/group/within/name/-/merge_requests/5`. */
export function repositoryOf(url: string): string {
  const path = /^https?:\/\/[^/]+\/(.+?)\/(?:-\/merge_requests|pull)\/\d+/i.exec(url)?.[1]
  return path ?? ''
}
