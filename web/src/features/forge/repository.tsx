import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { MoreHorizontal } from 'lucide-react'
import { useState } from 'react'
import { answer, api, type Schemas } from '@/api/client'
import { said } from '@/api/problem'
import { useMay, useWorkspace } from '@/api/session'
import { number } from '@/lib/format'
import { useKeys } from '@/lib/keys'
import { Button, IconButton } from '@/ui/Button'
import { FormDialog } from '@/ui/Dialog'
import { Check } from '@/ui/Field'
import { Failed, SkeletonRows } from '@/ui/faces'
import { Menu } from '@/ui/Menu'
import { Page, Panel } from '@/ui/Page'
import { SeverityCounts } from '@/ui/Severity'
import { Time } from '@/ui/Time'
import { toast } from '@/ui/toast'
import { CommitList } from './commits'
import { Score } from './score'

type Whole = Schemas['Repository']

export function Repository() {
  const { id = '' } = useParams({ strict: false }) as { id?: string }
  const query = useQuery({
    queryKey: ['repositories', 'one', id],
    queryFn: () => answer(api.GET('/repositories/{id}', { params: { path: { id } } })),
  })
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
  return <Details repository={query.data} />
}

function Details({ repository }: { repository: Whole }) {
  const { slug } = useWorkspace()
  const mayScan = useMay('member')
  const isAdmin = useMay('admin')
  const navigate = useNavigate()
  const [leaving, setLeaving] = useState(false)
  const scan = useMutation({
    mutationFn: () => answer(api.POST('/repositories/{id}/scan', { params: { path: { id: repository.id } }, body: {} as never })),
    onSuccess: (started) => navigate({ to: '/w/$slug/scans/$id' as never, params: { slug, id: started.id } as never }),
    onError: (error) => toast(said(error)),
  })
  useKeys(mayScan ? [{ keys: 's', label: 'Scan', group: 'Repository', run: () => scan.mutate() }] : [])
  const facts: [string, React.ReactNode][] = [
    ['Score', <Score key="v" value={repository.securityScore} />],
    [
      'Size',
      repository.totalLinesOfCode > 0
        ? `${number(repository.totalLinesOfCode)} lines in ${number(repository.totalFiles)} files`
        : '–',
    ],
    ['Branch', <code key="v">{repository.defaultBranch}</code>],
    ['Last scan', <Time key="v" at={repository.lastScanAt} none="never" />],
    ['From', <code key="v">{repository.repoUrl}</code>],
  ]
  return (
    <Page
      title={repository.fullName}
      actions={
        <>
          {mayScan && (
            <Button look="primary" busy={scan.isPending && 'Starting…'} onClick={() => scan.mutate()}>
              Scan <kbd>s</kbd>
            </Button>
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
      <Panel padded>
        <dl className="facts">
          {facts.map(([name, value]) => (
            <div className="fact" key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
          <div className="fact">
            <dt>Open findings</dt>
            <dd>
              <Link to={'/w/$slug/findings' as never} params={{ slug } as never} search={{ repo: repository.id } as never}>
                <SeverityCounts
                  counts={{
                    critical: repository.criticalCount,
                    high: repository.highCount,
                    medium: repository.mediumCount,
                    low: repository.lowCount,
                  }}
                />
              </Link>
            </dd>
          </div>
        </dl>
      </Panel>
      {mayScan && <Monitoring repository={repository} />}
      <h2>Commits</h2>
      <CommitList repositoryId={repository.id} />
      {leaving && <Disconnect repository={repository} onClose={() => setLeaving(false)} />}
    </Page>
  )
}

function Monitoring({ repository }: { repository: Whole }) {
  const client = useQueryClient()
  const change = useMutation({
    mutationFn: (autoScanEnabled: boolean) =>
      answer(
        api.PATCH('/repositories/{id}/settings', { params: { path: { id: repository.id } }, body: { autoScanEnabled } as never }),
      ),
    onSuccess: (now, wanted) => {
      client.setQueryData(['repositories', 'one', repository.id], now)
      toast(wanted ? 'Every push is scanned' : 'Nothing is scanned by itself', () => change.mutate(!wanted))
    },
    onError: (error) => toast(said(error)),
  })
  return (
    <Panel title="Monitoring" padded>
      <Check
        label="Scan every push"
        checked={repository.autoScanEnabled}
        onChange={(event) => change.mutate(event.target.checked)}
      />
    </Panel>
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
