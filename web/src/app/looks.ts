import { useEffect } from 'react'
import { allowSingleKeys } from '@/lib/keys'
import { applyLooks } from '@/lib/looks'
import { useRemembered } from '@/lib/use-remembered'

/** Applies what is chosen as it is chosen. */
export function useLooks(): void {
  const looks = [useRemembered('theme', 'system'), useRemembered('density', 'compact'), useRemembered('rail', 'false')]
  useEffect(applyLooks, looks)
  const keys = useRemembered('keys', 'on')
  useEffect(() => allowSingleKeys(keys !== 'off'), [keys])
}
