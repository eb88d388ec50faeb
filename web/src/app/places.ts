// Where what the frame names is, and for whom.

import type { Workspace } from '@/api/session'
import { type NavEntry, reaches } from '@/lib/feature'

type Place = Pick<NavEntry, 'path' | 'role' | 'platformAdmin'>

export function allowed(place: Place, workspace: Workspace | undefined, platformRole: string): boolean {
  if (place.platformAdmin) return platformRole === 'admin'
  if (!place.path.startsWith('/') && !workspace) return false
  return !place.role || reaches(workspace?.role, place.role)
}

export function address(place: Place, workspace: Workspace | undefined): string {
  if (place.path.startsWith('/')) return place.path
  return `/w/${workspace?.slug}${place.path ? `/${place.path}` : ''}`
}

/** Where one comes to in another workspace: the section stays, and what is in one workspace alone is left out. */
export function sameSection(path: string, slug: string): string {
  const section = /^\/w\/[^/]+\/([^/]+)/.exec(path.replace(/^\/app(?=\/)/, ''))?.[1]
  // A first run is of one workspace.
  return section && section !== 'welcome' ? `/w/${slug}/${section}` : `/w/${slug}`
}
