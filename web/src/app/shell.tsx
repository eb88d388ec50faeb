import { useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useNavigate, useParams, useRouterState } from '@tanstack/react-router'
import { Keyboard, LogOut, Menu as MenuIcon, Moon, Search, Sun, SunMoon, UserRound } from 'lucide-react'
import { Fragment, useEffect, useRef, useState } from 'react'
import { answer, api } from '@/api/client'
import { chooseWorkspace, useMe, type Workspace } from '@/api/session'
import type { NavEntry } from '@/lib/feature'
import { initials } from '@/lib/format'
import { useKeys } from '@/lib/keys'
import { remember } from '@/lib/stored'
import { hour } from '@/lib/time'
import { useRemembered } from '@/lib/use-remembered'
import { Button } from '@/ui/Button'
import { Menu } from '@/ui/Menu'
import { Toasts, toast, undoLast } from '@/ui/toast'
import { Crumbs } from './Crumbs'
import { entries } from './features'
import { KeyList } from './KeyList'
import { LiveProvider, useConnection } from './live'
import { Palette } from './Palette'
import { address, allowed, sameSection } from './places'
import { Switcher } from './Switcher'
import { clearSession } from './session'
import './shell.css'

/** The frame of everybody who is signed in. */
export function Shell() {
  const me = useMe()
  const { slug } = useParams({ strict: false })
  const own = chooseWorkspace(me, slug)
  const left = useLeft(own)
  // At an address of nobody's the frame is that of the workspace that was open last.
  const workspace = own ?? chooseWorkspace(me, undefined)
  useEffect(() => {
    if (own) remember('workspace', own.slug)
  }, [own])
  // Somebody without any workspace has their account, and can make one.
  if (!workspace) return <Frame workspace={undefined} left={left} />
  return (
    <LiveProvider workspace={workspace.id} key={workspace.id}>
      <Frame workspace={workspace} left={left} />
    </LiveProvider>
  )
}

/** Whether the workspace that was open is one's own no more, which is said; then another is opened. */
function useLeft(workspace: Workspace | undefined): boolean {
  const me = useMe()
  const navigate = useNavigate()
  const before = useRef(workspace)
  const { slug } = useParams({ strict: false })
  const left = !workspace && slug !== undefined && before.current?.slug === slug
  const renamed = me.workspaces.find(({ id }) => id === before.current?.id)?.slug
  useEffect(() => {
    if (workspace) before.current = workspace
    if (!left) return
    if (renamed) {
      navigate({ to: '.', params: { slug: renamed } as never, search: true as never, replace: true })
    } else {
      toast(`You are not in ${before.current?.name} any more`)
      navigate({ to: '/', replace: true })
    }
  }, [workspace, left, renamed, navigate])
  return left
}

function Frame({ workspace, left }: { workspace: Workspace | undefined; left: boolean }) {
  const me = useMe()
  const navigate = useNavigate()
  const [palette, setPalette] = useState(false)
  const [keys, setKeys] = useState(false)
  const rail = useRemembered('rail', 'false')
  const path = useRouterState({ select: (state) => state.location.pathname })
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
      run: () => navigate({ to: sameSection(path, other.slug) }),
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
        {!left && <Outlet />}
      </main>
      <Bottom entries={visible} workspace={workspace} onMore={() => setPalette(true)} />
      <Toasts />
      <Palette open={palette} onClose={() => setPalette(false)} entries={visible} workspace={workspace} />
      <KeyList open={keys} onClose={() => setKeys(false)} />
    </div>
  )
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
