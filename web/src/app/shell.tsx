import { useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useMatches, useNavigate, useParams } from '@tanstack/react-router'
import { ChevronsUpDown, Keyboard, LogOut, Menu as MenuIcon, Moon, Search, Sun, SunMoon, UserRound } from 'lucide-react'
import { Fragment, useEffect, useState } from 'react'
import { answer, api } from '@/api/client'
import { chooseWorkspace, useMe, type Workspace } from '@/api/session'
import { type NavEntry, reaches } from '@/lib/feature'
import { initials } from '@/lib/format'
import { useKeys } from '@/lib/keys'
import { remember } from '@/lib/stored'
import { hour } from '@/lib/time'
import { useRemembered } from '@/lib/use-remembered'
import { Button } from '@/ui/Button'
import { Menu } from '@/ui/Menu'
import { Toasts, undoLast } from '@/ui/toast'
import { entries } from './features'
import { KeyList } from './KeyList'
import { LiveProvider, useConnection } from './live'
import { Palette } from './Palette'
import { clearSession } from './session'
import './shell.css'

/** The frame of everybody who is signed in. */
export function Shell() {
  const me = useMe()
  const { slug } = useParams({ strict: false })
  const workspace = chooseWorkspace(me, slug)
  useEffect(() => {
    if (workspace) remember('workspace', workspace.slug)
  }, [workspace])
  // Somebody without any workspace has their account, and can make one.
  if (!workspace) return <Frame workspace={undefined} />
  return (
    <LiveProvider workspace={workspace.id} key={workspace.id}>
      <Frame workspace={workspace} />
    </LiveProvider>
  )
}

function Frame({ workspace }: { workspace: Workspace | undefined }) {
  const me = useMe()
  const navigate = useNavigate()
  const [palette, setPalette] = useState(false)
  const [keys, setKeys] = useState(false)
  const rail = useRemembered('rail', 'false')
  const visible = entries().filter((entry) => allowed(entry, workspace, me.role))
  const go = (entry: NavEntry) => navigate({ to: address(entry, workspace) })

  useKeys([
    { keys: 'mod+k', label: 'Search or jump', group: 'Anywhere', run: () => setPalette(true) },
    { keys: '?', label: 'Keys', group: 'Anywhere', run: () => setKeys(true) },
    { keys: 'z', label: 'Undo', group: 'Anywhere', run: undoLast },
    {
      keys: 'mod+b',
      label: 'Sidebar',
      group: 'Anywhere',
      run: () => remember('rail', rail === 'true' ? 'false' : 'true'),
    },
    ...visible
      .filter((entry) => entry.key)
      .map((entry) => ({ keys: `g ${entry.key}`, label: entry.label, group: 'Go to', run: () => go(entry) })),
    ...me.workspaces.slice(0, 9).map((other, at) => ({
      keys: `g ${at + 1}`,
      label: other.name,
      group: 'Workspaces',
      run: () => navigate({ to: '/w/$slug', params: { slug: other.slug } }),
    })),
  ])

  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <nav className="side no-print" aria-label="Main">
        <Switcher workspace={workspace} />
        <Group entries={visible.filter((entry) => entry.group === 'main')} workspace={workspace} />
        <Group title="Code" entries={visible.filter((entry) => entry.group === 'code')} workspace={workspace} />
        <div className="foot">
          <Group entries={visible.filter((entry) => entry.group === 'foot')} workspace={workspace} />
        </div>
      </nav>
      <header className="top no-print">
        <Crumbs workspace={workspace} />
        <Button small className="jump" onClick={() => setPalette(true)}>
          <Search size={14} /> <span className="words">Search or jump</span>{' '}
          <span className="kbd" aria-hidden="true">
            Ctrl K
          </span>
        </Button>
        {workspace && <LiveDot />}
        <Person onKeys={() => setKeys(true)} />
      </header>
      <main id="main" tabIndex={-1}>
        {workspace && <OfflineBanner />}
        <Outlet />
      </main>
      <Bottom entries={visible} workspace={workspace} onMore={() => setPalette(true)} />
      <Toasts />
      <Palette open={palette} onClose={() => setPalette(false)} entries={visible} workspace={workspace} />
      <KeyList open={keys} onClose={() => setKeys(false)} />
    </div>
  )
}

export function allowed(entry: NavEntry, workspace: Workspace | undefined, platformRole: string): boolean {
  if (entry.platformAdmin) return platformRole === 'admin'
  if (!entry.path.startsWith('/') && !workspace) return false
  return !entry.role || reaches(workspace?.role, entry.role)
}

export function address(entry: NavEntry, workspace: Workspace | undefined): string {
  if (entry.path.startsWith('/')) return entry.path
  return `/w/${workspace?.slug}${entry.path ? `/${entry.path}` : ''}`
}

function Group({ title, entries, workspace }: { title?: string; entries: NavEntry[]; workspace: Workspace | undefined }) {
  if (entries.length === 0) return null
  return (
    <>
      {title && <div className="group">{title}</div>}
      {entries.map((entry) => (
        <Fragment key={entry.path}>
          <Link
            to={address(entry, workspace)}
            className="nav-item"
            title={entry.label}
            activeOptions={{ exact: entry.path === '' }}
          >
            <entry.icon size={16} aria-hidden="true" />
            <span>{entry.label}</span>
            {entry.Count && (
              <span className="count">
                <entry.Count />
              </span>
            )}
          </Link>
          {entry.Below && <entry.Below />}
        </Fragment>
      ))}
    </>
  )
}

/** At narrow widths: what is used most, and the palette for the rest. */
function Bottom({ entries, workspace, onMore }: { entries: NavEntry[]; workspace: Workspace | undefined; onMore: () => void }) {
  const first = entries.filter((entry) => entry.group !== 'foot').slice(0, 3)
  return (
    <nav className="bottom no-print" aria-label="Main, short">
      {first.map((entry) => (
        <Link key={entry.path} to={address(entry, workspace)} activeOptions={{ exact: entry.path === '' }}>
          <entry.icon size={18} aria-hidden="true" />
          {entry.label}
        </Link>
      ))}
      <Button onClick={onMore}>
        <MenuIcon size={18} aria-hidden="true" />
        More
      </Button>
    </nav>
  )
}

function Switcher({ workspace }: { workspace: Workspace | undefined }) {
  const me = useMe()
  const navigate = useNavigate()
  const trigger = (
    <Button look="quiet" className="switcher">
      <i className="mark" aria-hidden="true">
        {(workspace?.name ?? 'R').charAt(0).toUpperCase()}
      </i>
      <span className="clip">{workspace?.name ?? 'No workspace'}</span>
      <span className="unseen">, switch the workspace</span>
      <ChevronsUpDown size={14} className="muted" />
    </Button>
  )
  return (
    <Menu
      trigger={trigger}
      items={[
        ...me.workspaces.map((other, at) => ({
          label: (
            <>
              {other.name} <span className="caption">{other.role}</span>
            </>
          ),
          icon: (
            <i className="mark" aria-hidden="true">
              {other.name.charAt(0).toUpperCase()}
            </i>
          ),
          keys: at < 9 ? `g ${at + 1}` : undefined,
          run: () => navigate({ to: '/w/$slug', params: { slug: other.slug } }),
        })),
        'line',
        { label: 'New workspace…', run: () => navigate({ to: '/account/workspaces' }) },
      ]}
    />
  )
}

function Crumbs({ workspace }: { workspace: Workspace | undefined }) {
  const matches = useMatches()
  const crumbs = matches.flatMap((match) => {
    const labels = (match.staticData as { crumb?: string }).crumb?.split(' / ') ?? []
    const parts = match.pathname.replace(/\/$/, '').split('/')
    // "Findings / Finding": the list is one step above.
    return labels.map((label, at) => ({ label, to: parts.slice(0, parts.length - (labels.length - 1 - at)).join('/') }))
  })
  const inWorkspace = matches.some((match) => match.routeId.includes('/w/$slug'))
  return (
    <nav aria-label="Breadcrumb" className="grow">
      <ol className="crumbs">
        {inWorkspace && workspace && (
          <li>
            <Link to="/w/$slug" params={{ slug: workspace.slug }}>
              {workspace.name}
            </Link>
          </li>
        )}
        {crumbs.map((crumb, at) => (
          <li key={crumb.to} aria-current={at === crumbs.length - 1 ? 'page' : undefined}>
            {at === crumbs.length - 1 ? crumb.label : <Link to={crumb.to}>{crumb.label}</Link>}
          </li>
        ))}
      </ol>
    </nav>
  )
}

const STANDINGS = { connecting: 'connecting', live: 'live', reconnecting: 'reconnecting', offline: 'offline' }

function LiveDot() {
  const { standing } = useConnection()
  return (
    <span className="live" data-standing={standing} title="Whether news arrive as they happen">
      <i aria-hidden="true" />
      <span>{STANDINGS[standing]}</span>
    </span>
  )
}

function OfflineBanner() {
  const { standing, since, retry } = useConnection()
  if (standing !== 'offline' || !since) return null
  return (
    <div className="banner" role="status">
      <span>Offline since {hour(since)}. Showing what was loaded; trying again by itself.</span>
      <Button small onClick={retry}>
        Try now
      </Button>
    </div>
  )
}

function Person({ onKeys }: { onKeys: () => void }) {
  const me = useMe()
  const navigate = useNavigate()
  const client = useQueryClient()
  const name = me.name ?? me.username ?? me.email
  const theme = useRemembered('theme', 'system')
  const signOut = async () => {
    await answer(api.POST('/auth/logout', { body: {} }))
    clearSession(client)
    navigate({ to: '/sign-in' })
  }
  const themes = [
    ['system', 'System theme', <SunMoon size={14} key="i" />],
    ['light', 'Light theme', <Sun size={14} key="i" />],
    ['dark', 'Dark theme', <Moon size={14} key="i" />],
  ] as const
  return (
    <Menu
      trigger={
        <Button look="quiet" className="icon">
          <i className="avatar" aria-hidden="true">
            {initials(name)}
          </i>
          <span className="unseen">{name}, account</span>
        </Button>
      }
      items={[
        { label: <>{name}</>, icon: <UserRound size={14} />, run: () => navigate({ to: '/account/profile' }) },
        'line',
        ...themes.map(([value, label, icon]) => ({
          label: theme === value ? <strong>{label}</strong> : label,
          icon,
          run: () => remember('theme', value),
        })),
        'line',
        { label: 'Keys', icon: <Keyboard size={14} />, keys: '?', run: onKeys },
        { label: 'Sign out', icon: <LogOut size={14} />, run: signOut },
      ]}
    />
  )
}
