import { remembered } from './stored'

/** Theme, density and width of the sidebar as this browser remembers them; the system's theme when it does not. */
export function applyLooks(): void {
  const theme = remembered('theme')
  const page = document.documentElement
  if (theme === 'light' || theme === 'dark') page.dataset.theme = theme
  else delete page.dataset.theme
  page.dataset.density = remembered('density') ?? 'compact'
  page.dataset.rail = remembered('rail') ?? 'false'
}
