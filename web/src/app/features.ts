// The modules that the frame shows. Adding one is a line here and its routes in `router.tsx`.

import { analysis } from '@/features/analysis'
import { feedback } from '@/features/feedback'
import { findings } from '@/features/findings'
import { forge } from '@/features/forge'
import { identity } from '@/features/identity'
import { notifications } from '@/features/notifications'
import { operations } from '@/features/operations'
import type { Feature, Found, NavEntry, Subpage } from '@/lib/feature'

export const features: Feature[] = [findings, forge, feedback, analysis, identity, notifications, operations]

export function entries(group?: NavEntry['group']): NavEntry[] {
  const all = features.flatMap((feature) => feature.nav)
  return all.filter((entry) => !group || entry.group === group).sort((a, b) => a.order - b.order)
}

export function subpages(): Subpage[] {
  return features.flatMap((feature) => feature.pages ?? [])
}

/** What of the workspace is called so. The list of modules never changes, nor does the order of their hooks. */
export function useFound(text: string, workspace: { id: string; slug: string }): Found[] {
  return features.flatMap((feature) => feature.useFound?.(text, workspace) ?? [])
}
