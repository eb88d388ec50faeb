import { Link } from '@tanstack/react-router'
import { useWorkspace } from '@/api/session'

/** A path whose folders are links. */
export function PathCrumbs({ id, path }: { id: string; path: string }) {
  const { slug } = useWorkspace()
  const parts = path.split('/').filter(Boolean)
  const to = (path: string) => ({
    to: '/w/$slug/repositories/$id/tree' as never,
    params: { slug, id } as never,
    search: (path ? { path } : {}) as never,
  })
  return (
    <nav aria-label="Path" className="path mono">
      <Link {...to('')}>all files</Link>
      {parts.map((part, at) => (
        <span key={parts.slice(0, at + 1).join('/')}>
          <span className="muted"> / </span>
          {at === parts.length - 1 ? (
            <span aria-current="page">{part}</span>
          ) : (
            <Link {...to(parts.slice(0, at + 1).join('/'))}>{part}</Link>
          )}
        </span>
      ))}
    </nav>
  )
}
