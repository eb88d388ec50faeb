import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { MoreHorizontal } from 'lucide-react'
import { useState } from 'react'
import { answer, api } from '@/api/client'
import { said } from '@/api/problem'
import { repositoryQuery } from '@/api/repository'
import { save } from '@/api/save'
import { useMay, useWorkspace } from '@/api/session'
import { number } from '@/lib/format'
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
  const scan = useMutation({
    mutationFn: () => answer(api.POST('/repositories/{id}/scan', { params: { path: { id: repository.id } }, body: {} as never })),
    onSuccess: (started) => navigate({ to: '/w/$slug/scans/$id' as never, params: { slug, id: started.id } as never }),
    onError: (error) => toast(said(error)),
  })
  const to = (page: string) =>
    navigate({ to: `/w/$slug/repositories/$id${page}` as never, params: { slug, id: repository.id } as never })
  useKeys([
    { keys: 't', label: 'Files', group: 'Repository', run: () => to('/tree') },
    ...(mayChange ? [{ keys: 's', label: 'Scan', group: 'Repository', run: () => scan.mutate() }] : []),
  ])
  const tabs = TABS.filter(([label]) => {
    // A folder has none.
    if (label === 'Pull requests') return repository.provider !== 'local'
    return mayChange || label !== 'Settings'
  })
  return (
    <Page
      title={repository.fullName}
      about={<About repository={repository} />}
      actions={
        <>
          {mayChange && (
            <Button look="primary" busy={scan.isPending && 'Starting…'} onClick={() => scan.mutate()}>
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
      <Tabs label="Repository">
        {tabs.map(([label, page]) => (
          <Link
            key={page}
            to={`/w/$slug/repositories/$id${page}` as never}
            params={{ slug, id: repository.id } as never}
            activeOptions={{ exact: true, includeSearch: false }}
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

function About({ repository }: { repository: Whole }) {
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
          {number(repository.totalLinesOfCode)} lines in {number(repository.totalFiles)} files
        </span>
      )}
      <span>
        last scan <Time at={repository.lastScanAt} none="never" />
      </span>
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
