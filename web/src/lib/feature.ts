// What a module tells the frame around it: its entries in the sidebar and the palette, and what live news change on the screen.

import type { QueryClient } from '@tanstack/react-query'
import type { LucideIcon } from 'lucide-react'
import type { ComponentType } from 'react'

export type Role = 'viewer' | 'member' | 'operator' | 'admin' | 'owner'

const RANKS: Role[] = ['viewer', 'member', 'operator', 'admin', 'owner']

/** Whether a role reaches another. */
export function reaches(role: string | undefined, needed: Role): boolean {
  return RANKS.indexOf(role as Role) >= RANKS.indexOf(needed)
}

/** The role in a workspace that counts, as the server reckons it: the one on the platform raises or narrows it. */
export function effective(platform: string, membership: string): string {
  if (platform === 'admin') return 'owner'
  if (platform === 'viewer') return 'viewer'
  if (platform === 'operator' && membership === 'member') return 'operator'
  return membership
}

export interface NavEntry {
  group: 'main' | 'code' | 'govern' | 'respond' | 'operate' | 'foot'
  order: number
  label: string
  /** Below the workspace, or from the root when it begins with a slash. */
  path: string
  icon: LucideIcon
  /** The second key after `g`. */
  key?: string
  role?: Role
  platformAdmin?: boolean
  /** A number behind the label. */
  Count?: ComponentType
  /** Further entries under this one. */
  Below?: ComponentType
}

/** A page below another of the frame: of the settings, the account, the administration. */
export interface Subpage {
  label: string
  /** What it is part of. */
  about: string
  path: string
  icon: LucideIcon
  role?: Role
  platformAdmin?: boolean
}

/** An event of the sockets, as `docs/reference/sockets.md` has it. */
export interface LiveEvent {
  event: string
  id?: string
  timestamp?: string
  data: Record<string, unknown>
}

/** A thing of a workspace that was found by its name. */
export interface Found {
  label: string
  about?: string
  icon: LucideIcon
  /** Below the workspace; with what is asked for behind a `?`. */
  path: string
}

/** Lines of a kind in the palette. */
export const MOST_FOUND = 5

/** Whether a text may be part of a name, and is no sign such as `#12` or `@ana`. */
export function isWord(text: string): boolean {
  return text.length > 1 && !/^[#@>]/.test(text)
}

export interface Feature {
  nav: NavEntry[]
  /** Found by the palette, and not in the sidebar. */
  pages?: Subpage[]
  /** A hook: what of the module may be meant by what was typed into the palette, such as `#12`; at most some lines. */
  useFound?: (text: string, workspace: { id: string; slug: string }) => Found[]
  /** Called for each event. Says which queries it makes stale, by the first word of their keys. */
  live?: (event: LiveEvent, stale: (key: string) => void, client: QueryClient) => void
}
