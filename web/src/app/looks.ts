import { useEffect } from 'react'
import { allowSingleKeys } from '@/lib/keys'
import { remembered, useRemembered } from '@/lib/stored'

/** Theme and density as this browser remembers them; the system's theme when it does not. */
export function applyLooks(): void {
  const theme = remembered('theme')
  const page = document.documentElement
  if (theme === 'light' || theme === 'dark') page.dataset.theme = theme
  else delete page.dataset.theme
  page.dataset.density = remembered('density') ?? 'compact'
  allowSingleKeys(remembered('keys') !== 'off')
}

/** Applies what is chosen as it is chosen. */
export function useLooks(): void {
  const chosen = [useRemembered('theme', 'system'), useRemembered('density', 'compact'), useRemembered('keys', 'on')]
  useEffect(applyLooks, chosen)
}
