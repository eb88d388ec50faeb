import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { MoreHorizontal } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { answer, api, type Schemas } from '@/api/client'
import { said } from '@/api/problem'
import { repositoryQuery } from '@/api/repository'
import { save } from '@/api/save'
import { useMay, useWorkspace } from '@/api/session'
import { counted } from '@/lib/format'
import { useKeys } from '@/lib/keys'
import { Button, IconButton } from '@/ui/Button'
import { FormDialog } from '@/ui/Dialog'
import { Failed, SkeletonRows } from '@/ui/faces'
import { Menu } from '@/ui/Menu'
import { Page } from '@/ui/Page'
import { ReportMenu } from '@/ui/ReportMenu'
import { SeverityCounts } from '@/ui/Severity'
import { Tabs } from '@/ui/Tabs'
import { Time } from '@/ui/Time'
import { toast } from '@/ui/toast'
import { useRepositoryId, type Whole } from './queries'
import { Score } from './score'
import './forge.css'

type Scan = Schemas['Scan']

/** The frame of a repository's pages: what it is, how it stands, what can be done with it. */
export function Repository() {
  const id = useRepositoryId()
  const query = useQuery(repositoryQuery(id))
  if (query.isError) {
    return (
      <Page title="Repository">
        <Failed error={query.error} retry={() => query.refetch()} />
      </Page>
    )
  }
  if (!query.data) {
    return (
      <Page title="Repository">
        <SkeletonRows />
      </Page>
    )
  }
  return <Frame repository={query.data} />
}

const TABS = [
  ['Findings', ''],
  ['Pull requests', '/pulls'],
  ['Scans', '/scans'],
  ['Commits', '/commits'],
  ['Files', '/tree'],
  ['Statistics', '/statistics'],
  ['Settings', '/settings'],
] as const

function Frame({ repository }: { repository: Whole }) {
  const { slug } = useWorkspace()
  const mayChange = useMay('member')
  const isAdmin = useMay('admin')
  const navigate = useNavigate()
  const [leaving, setLeaving] = useState(false)
  const toScan = (id: string) => navigate({ to: '/w/$slug/scans/$id' as never, params: { slug, id } as never })
  const scan = useMutation({
    mutationFn: () => answer(api.POST('/repositories/{id}/scan', { params: { path: { id: repository.id } }, body: {} as never })),
    onSuccess: (started) => toScan(started.id),
    onError: (error) => toast(said(error)),
  })
  const to = (page: string) =>
    navigate({ to: `/w/$slug/repositories/$id${page}` as never, params: { slug, id: repository.id } as never })
  const isFile = useLocation({ select: ({ pathname }) => pathname.endsWith('/file') })
  // Saving is the first thing there.
  const isSettings = useLocation({ select: ({ pathname }) => pathname.endsWith('/settings') })
  const isScanning = repository.scanStatus === 'scanning'
  const last = useLastScan(repository)
  const start = () => (isScanning ? last && toScan(last.id) : scan.mutate())
  useKeys([
    { keys: 't', label: 'Files', group: 'Repository', run: () => to('/tree') },
    ...(mayChange ? [{ keys: 's', label: 'Scan', group: 'Repository', run: start }] : []),
  ])
  const tabs = TABS.filter(([label]) => {
    // A folder has none.
    if (label === 'Pull requests') return repository.provider !== 'local'
    return mayChange || label !== 'Settings'
  })
  return (
    <Page
      title={repository.fullName}
      about={<About repository={repository} scan={last} />}
      actions={
        <>
          {mayChange && (
            <Button
              look={isSettings ? 'plain' : 'primary'}
              busy={scan.isPending && 'Starting…'}
              refused={isScanning && 'A scan is running'}
              onClick={start}
            >
              Scan <kbd>s</kbd>
            </Button>
          )}
          {repository.lastScanAt && (
            <ReportMenu
              group="Repository"
              forms={['html', 'pdf']}
              save={(format) =>
                save(
                  api.GET('/repositories/{id}/report', {
                    params: { path: { id: repository.id }, query: { format } as never },
                    parseAs: 'blob',
                  }),
                )
              }
            />
          )}
          {isAdmin && (
            <Menu
              trigger={<IconButton label="Actions for the repository" icon={<MoreHorizontal size={16} />} />}
              items={[{ label: 'Disconnect…', destructive: true, run: () => setLeaving(true) }]}
            />
          )}
        </>
      }
    >
      {repository.scanStatus === 'failed' && (
        <p className="note bad">
          <span>
            ✕ The last scan failed{last?.errorMessage && `: ${last.errorMessage}`}. What stands here is of scans before it.{' '}
            {last && <ScanLink scan={last}>Open the scan</ScanLink>}
          </span>
        </p>
      )}
      <Tabs label="Repository">
        {tabs.map(([label, page]) => (
          <Link
            key={page}
            to={`/w/$slug/repositories/$id${page}` as never}
            params={{ slug, id: repository.id } as never}
            activeOptions={{ exact: true, includeSearch: false }}
            // A file is among the files.
            aria-current={page === '/tree' && isFile ? 'page' : undefined}
          >
            {label}
          </Link>
        ))}
      </Tabs>
      <Outlet />
      {leaving && <Disconnect repository={repository} onClose={() => setLeaving(false)} />}
    </Page>
  )
}

/** The scan that began last, where there is something to say of it. */
function useLastScan({ id, scanStatus }: Whole): Scan | undefined {
  const query = { repositoryId: id, limit: 1 }
  const { data } = useQuery({
    queryKey: ['scans', 'last', id, scanStatus],
    queryFn: () => answer(api.GET('/scans', { params: { query: query as never } })),
    enabled: scanStatus === 'scanning' || scanStatus === 'failed',
  })
  return data?.scans[0]
}

function ScanLink({ scan, children }: { scan: { id: string }; children: ReactNode }) {
  const { slug } = useWorkspace()
  return (
    <Link to={'/w/$slug/scans/$id' as never} params={{ slug, id: scan.id } as never}>
      {children}
    </Link>
  )
}

function About({ repository, scan }: { repository: Whole; scan: Scan | undefined }) {
  const counts = {
    critical: repository.criticalCount,
    high: repository.highCount,
    medium: repository.mediumCount,
    low: repository.lowCount,
  }
  return (
    <span className="row wrap repository-about">
      <span>
        Score <Score value={repository.securityScore} />
      </span>
      {repository.lastScanAt && <SeverityCounts counts={counts} />}
      {repository.totalLinesOfCode > 0 && (
        <span className="num">
          {counted(repository.totalLinesOfCode, 'line')} in {counted(repository.totalFiles, 'file')}
        </span>
      )}
      {repository.scanStatus === 'scanning' ? (
        <span>a scan is running{scan && <>: {<ScanLink scan={scan}>open it</ScanLink>}</>}</span>
      ) : (
        <span>
          last scan <Time at={repository.lastScanAt} none="never" />
          {repository.scanStatus === 'failed' && ', failed'}
        </span>
      )}
      <span>
        <code>{repository.defaultBranch}</code> of <code>{repository.repoUrl}</code>
      </span>
    </span>
  )
}

function Disconnect({ repository, onClose }: { repository: Whole; onClose: () => void }) {
  const { slug } = useWorkspace()
  const client = useQueryClient()
  const navigate = useNavigate()
  const remove = useMutation({
    mutationFn: () => answer(api.DELETE('/repositories/{id}', { params: { path: { id: repository.id } } })),
    onSuccess: () => {
      toast(`${repository.fullName} is disconnected`)
      client.invalidateQueries({ queryKey: ['repositories'] })
      navigate({ to: '/w/$slug/repositories' as never, params: { slug } as never })
    },
  })
  return (
    <FormDialog
      open
      onClose={onClose}
      destructive
      title={`Disconnect ${repository.fullName}`}
      action="Disconnect"
      busy={remove.isPending && 'Disconnecting…'}
      onSubmit={() => remove.mutate()}
    >
      <p>It is not scanned any more. What was found stays, and is there again when it is connected again.</p>
      {remove.isError && (
        <p className="note bad" role="alert">
          {said(remove.error)}
        </p>
      )}
    </FormDialog>
  )
}
