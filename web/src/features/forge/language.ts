/** Names that are not their word with a capital. */
const NAMES: Record<string, string> = {
  bash: 'Shell',
  c_sharp: 'C#',
  cpp: 'C++',
  csharp: 'C#',
  css: 'CSS',
  hcl: 'HCL',
  html: 'HTML',
  javascript: 'JavaScript',
  json: 'JSON',
  jsx: 'JavaScript',
  php: 'PHP',
  sql: 'SQL',
  tsx: 'TypeScript',
  typescript: 'TypeScript',
  xml: 'XML',
  yaml: 'YAML',
}

/** A programming language as it calls itself. */
export function languageName(name: string): string {
  return NAMES[name.toLowerCase()] ?? name.charAt(0).toUpperCase() + name.slice(1)
}
