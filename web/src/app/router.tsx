// Every address of the dashboard. Pages come in their own files, when they are opened.

import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  redirect,
} from '@tanstack/react-router'
import { enterWorkspace } from '@/api/client'
import { Problem } from '@/api/problem'
import { chooseWorkspace, entranceQuery, type Me, meQuery } from '@/api/session'
import { NotFound } from '@/ui/NotFound'
import { Broken, Root, Waiting } from './faces'
import { client } from './queries'
import { Shell } from './shell'

const root = createRootRouteWithContext<{ client: QueryClient }>()({ component: Root })

// ── Doors: for who is not signed in ─────────────────────────────────────────

interface DoorSearch {
  /** Where to go afterwards, below `/app`. */
  to?: string
  ended?: boolean
  error?: string
  token?: string
  code?: string
}

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

function doorSearch(search: Record<string, unknown>): DoorSearch {
  const to = text(search.to)
  return {
    // Nowhere but here.
    to: to?.startsWith('/') && !to.startsWith('//') && !to.startsWith('/\\') ? to : undefined,
    ended: search.ended === true || undefined,
    error: text(search.error),
    token: text(search.token),
    code: text(search.code),
  }
}

const doors = createRoute({ getParentRoute: () => root, id: 'doors', validateSearch: doorSearch })

const door = <Path extends string>(
  path: Path,
  page: 'SignIn' | 'Register' | 'Verify' | 'Forgot' | 'Reset' | 'SecondFactor' | 'Setup' | 'AcceptInvitation',
) =>
  createRoute({
    getParentRoute: () => doors,
    path,
    component: lazyRouteComponent(() => import('@/features/identity/doors'), page),
  })

/** What stands in an address after its path. */
const behind = ({ searchStr, hash }: { searchStr: string; hash: string }) => `${searchStr}${hash ? `#${hash}` : ''}`

const alias = <Path extends string>(path: Path, to: string) =>
  createRoute({
    getParentRoute: () => doors,
    path,
    beforeLoad: ({ location }) => {
      throw redirect({ href: `${to}${behind(location)}`, replace: true })
    },
  })

const publicRoutes = [
  door('/setup', 'Setup'),
  door('/sign-in', 'SignIn'),
  door('/register', 'Register'),
  door('/verify', 'Verify'),
  door('/forgot', 'Forgot'),
  door('/reset', 'Reset'),
  door('/second-factor', 'SecondFactor'),
  door('/invitations/$code', 'AcceptInvitation'),
  // What mails and providers lead to.
  alias('/login', '/sign-in'),
  alias('/verify-email', '/verify'),
  alias('/reset-password', '/reset'),
]

// ── Behind the sign-in ──────────────────────────────────────────────────────

async function signedIn(href: string): Promise<Me> {
  try {
    return await client.ensureQueryData(meQuery)
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error
    const entrance = await client.ensureQueryData(entranceQuery).catch(() => undefined)
    if (entrance?.setupRequired) throw redirect({ to: '/setup', replace: true })
    throw redirect({ to: '/sign-in', search: { to: href === '/' ? undefined : href }, replace: true })
  }
}

const signed = createRoute({
  getParentRoute: () => root,
  id: 'signed',
  component: Shell,
  // Until it is known who is there, the frame of `index.html` stands.
  pendingComponent: () => null,
  beforeLoad: async ({ location, params }) => {
    const me = await signedIn(location.href)
    const workspace = chooseWorkspace(me, (params as { slug?: string }).slug)
    enterWorkspace((workspace ?? chooseWorkspace(me, undefined))?.id)
    return { me, workspace }
  },
})

const home = createRoute({
  getParentRoute: () => signed,
  path: '/',
  beforeLoad: ({ context }) => {
    if (!context.workspace) throw redirect({ to: '/account/workspaces', replace: true })
    throw redirect({ to: '/w/$slug', params: { slug: context.workspace.slug }, replace: true })
  },
})

/** Messages and the command line know no workspace's name: their links lead into the one that was used last. */
const intoWorkspace = <Path extends string>(path: Path) =>
  createRoute({
    getParentRoute: () => signed,
    path,
    beforeLoad: ({ context, location }) => {
      if (!context.workspace) throw notFound()
      const place = location.pathname
        .replace(/^\/app(?=\/)/, '')
        .replace(/^\/vulnerabilities/, '/findings')
        .replace(/^\/members/, '/settings/members')
      throw redirect({ href: `/w/${context.workspace.slug}${place}${behind(location)}`, replace: true })
    },
  })

const linkedRoutes = [
  intoWorkspace('/findings'),
  intoWorkspace('/findings/$id'),
  intoWorkspace('/vulnerabilities/$id'),
  intoWorkspace('/repositories'),
  intoWorkspace('/repositories/$id'),
  intoWorkspace('/repositories/$id/$'),
  intoWorkspace('/scans'),
  intoWorkspace('/scans/$id'),
  intoWorkspace('/commits'),
  intoWorkspace('/commits/$hash'),
  intoWorkspace('/pulls'),
  intoWorkspace('/pulls/$id'),
  intoWorkspace('/notifications'),
  intoWorkspace('/settings'),
  intoWorkspace('/settings/$'),
  intoWorkspace('/members'),
]

// A workspace.

const workspace = createRoute({
  getParentRoute: () => signed,
  path: '/w/$slug',
  beforeLoad: ({ context }) => {
    if (!context.workspace) throw notFound()
  },
})

const inWorkspace = <Path extends string>(
  path: Path,
  crumb: string | undefined,
  load: () => Promise<Record<string, unknown>>,
  page: string,
) =>
  createRoute({
    getParentRoute: () => workspace,
    path,
    staticData: { crumb },
    component: lazyRouteComponent(load as () => Promise<Record<string, () => null>>, page),
  })

const notices = () => import('@/features/notifications/pages')
const workspaces = () => import('@/features/identity/workspace')
const found = () => import('@/features/findings/pages')
const code = () => import('@/features/forge/pages')
const pulls = () => import('@/features/feedback/pages')
const scans = () => import('@/features/analysis/pages')

const settings = createRoute({
  getParentRoute: () => workspace,
  path: '/settings',
  staticData: { crumb: 'Settings' },
  component: lazyRouteComponent(workspaces, 'SettingsFrame'),
})

const ofSettings = <Path extends string>(
  path: Path,
  crumb: string | undefined,
  load: () => Promise<Record<string, unknown>>,
  page: string,
) =>
  createRoute({
    getParentRoute: () => settings,
    path,
    staticData: { crumb },
    component: lazyRouteComponent(load as () => Promise<Record<string, () => null>>, page),
  })

const repository = inWorkspace('/repositories/$id', 'Repositories / Repository', code, 'Repository')

const ofRepository = <Path extends string>(
  path: Path,
  crumb: string | undefined,
  load: () => Promise<Record<string, unknown>>,
  page: string,
) =>
  createRoute({
    getParentRoute: () => repository,
    path,
    staticData: { crumb },
    component: lazyRouteComponent(load as () => Promise<Record<string, () => null>>, page),
  })

/** The first tab of a page has its address, and is found under its own name as well. */
const firstTab = <Path extends string>(path: Path) =>
  createRoute({
    getParentRoute: () => workspace,
    path,
    beforeLoad: ({ location }) => {
      const above = location.pathname.replace(/^\/app(?=\/)/, '').replace(/\/[^/]+\/?$/, '')
      throw redirect({ href: `${above}${behind(location)}`, replace: true })
    },
  })

const workspaceRoutes = [
  inWorkspace('/', undefined, found, 'Overview'),
  inWorkspace('/welcome', 'First run', code, 'Welcome'),
  inWorkspace('/findings', 'Findings', found, 'Findings'),
  inWorkspace('/findings/$id', 'Findings / Finding', found, 'Finding'),
  inWorkspace('/repositories', 'Repositories', code, 'Repositories'),
  repository.addChildren([
    ofRepository('/', undefined, found, 'RepositoryFindings'),
    ofRepository('/pulls', 'Pull requests', pulls, 'RepositoryPulls'),
    ofRepository('/scans', 'Scans', scans, 'RepositoryScans'),
    ofRepository('/commits', 'Commits', code, 'RepositoryCommits'),
    ofRepository('/tree', 'Files', code, 'RepositoryTree'),
    ofRepository('/file', 'Files', code, 'RepositoryFile'),
    ofRepository('/statistics', 'Statistics', found, 'RepositoryStatistics'),
    ofRepository('/settings', 'Settings', code, 'RepositorySettings'),
  ]),
  firstTab('/repositories/$id/findings'),
  inWorkspace('/pulls', 'Pull requests', pulls, 'PullRequests'),
  inWorkspace('/pulls/$id', 'Pull requests / Pull request', pulls, 'PullRequest'),
  inWorkspace('/commits', 'Commits', code, 'Commits'),
  inWorkspace('/commits/$hash', 'Commits / Commit', code, 'Commit'),
  inWorkspace('/scans', 'Scans', scans, 'Scans'),
  inWorkspace('/scans/$id', 'Scans / Scan', scans, 'Scan'),
  inWorkspace('/notifications', 'Notifications', notices, 'Notifications'),
  firstTab('/settings/general'),
  settings.addChildren([
    ofSettings('/', undefined, workspaces, 'General'),
    ofSettings('/members', 'Members', workspaces, 'Members'),
    ofSettings('/invitations', 'Invitations', workspaces, 'Invitations'),
    ofSettings('/security', 'Security', workspaces, 'Security'),
    ofSettings('/audit', 'Audit log', () => import('@/features/operations/audit'), 'WorkspaceAudit'),
    ofSettings('/danger', 'Danger', workspaces, 'Danger'),
  ]),
]

// One's own account.

const account = createRoute({
  getParentRoute: () => signed,
  path: '/account',
  staticData: { crumb: 'Account' },
  component: lazyRouteComponent(() => import('@/features/identity/account'), 'AccountFrame'),
})

const ofAccount = <Path extends string>(path: Path, crumb: string, page: string) =>
  createRoute({
    getParentRoute: () => account,
    path,
    staticData: { crumb },
    component: lazyRouteComponent(
      (() => import('@/features/identity/account')) as unknown as () => Promise<Record<string, () => null>>,
      page,
    ),
  })

const accountRoutes = [
  ofAccount('/', 'Profile', 'Profile'),
  ofAccount('/profile', 'Profile', 'Profile'),
  ofAccount('/password', 'Password', 'ChangePassword'),
  ofAccount('/second-factor', 'Second factor', 'SecondFactorSettings'),
  ofAccount('/passkeys', 'Passkeys', 'Passkeys'),
  ofAccount('/sessions', 'Sessions', 'Sessions'),
  ofAccount('/tokens', 'API tokens', 'Tokens'),
  ofAccount('/connections', 'Connections', 'Connections'),
  ofAccount('/workspaces', 'Workspaces', 'Workspaces'),
  ofAccount('/preferences', 'Preferences', 'Preferences'),
  createRoute({
    getParentRoute: () => account,
    path: '/notifications',
    staticData: { crumb: 'Notifications' },
    component: lazyRouteComponent(notices, 'NotificationPreferences'),
  }),
]

// The installation.

const admin = createRoute({
  getParentRoute: () => signed,
  path: '/admin',
  staticData: { crumb: 'Administration' },
  component: lazyRouteComponent(() => import('@/features/operations/admin'), 'AdminFrame'),
  beforeLoad: ({ context }) => {
    if (context.me.role !== 'admin') throw notFound()
  },
})

const ofAdmin = <Path extends string>(path: Path, crumb: string, load: () => Promise<Record<string, unknown>>, page: string) =>
  createRoute({
    getParentRoute: () => admin,
    path,
    staticData: { crumb },
    component: lazyRouteComponent(load as () => Promise<Record<string, () => null>>, page),
  })

const operations = () => import('@/features/operations/admin')

const adminRoutes = [
  ofAdmin('/', 'Health', operations, 'Health'),
  ofAdmin('/health', 'Health', operations, 'Health'),
  ofAdmin('/jobs', 'Jobs', operations, 'Jobs'),
  ofAdmin('/dead-letters', 'Dead letters', operations, 'DeadLetters'),
  ofAdmin('/schedules', 'Schedules', operations, 'Schedules'),
  ofAdmin('/backups', 'Backups', operations, 'Backups'),
  ofAdmin('/settings', 'Settings', operations, 'Installation'),
  ofAdmin('/users', 'Users', () => import('@/features/identity/users'), 'Users'),
  ofAdmin('/invitations', 'Invitations', () => import('@/features/identity/users'), 'PlatformInvitations'),
  ofAdmin('/audit', 'Audit log', () => import('@/features/operations/audit'), 'PlatformAudit'),
]

const reference = createRoute({
  getParentRoute: () => signed,
  path: '/api',
  staticData: { crumb: 'Help and API' },
  component: lazyRouteComponent(() => import('@/features/reference/page'), 'Reference'),
})

const installed = createRoute({
  getParentRoute: () => signed,
  path: '/installed',
  staticData: { crumb: 'GitHub' },
  component: lazyRouteComponent(code, 'Installed'),
})

const tree = root.addChildren([
  doors.addChildren(publicRoutes),
  signed.addChildren([
    home,
    ...linkedRoutes,
    workspace.addChildren(workspaceRoutes),
    account.addChildren(accountRoutes),
    admin.addChildren(adminRoutes),
    reference,
    installed,
  ]),
])

export const router = createRouter({
  routeTree: tree,
  basepath: '/app',
  context: { client },
  defaultPreload: 'intent',
  defaultPreloadDelay: 150,
  scrollRestoration: true,
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: Broken,
  defaultPendingComponent: Waiting,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
  interface StaticDataRouteOption {
    /** `Findings / Finding`: with the lists above it. */
    crumb?: string
  }
}
