import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { answer, api, fileAddress, type Schemas } from '@/api/client'
import { said } from '@/api/problem'
import { number, words } from '@/lib/format'
import { useRows } from '@/lib/rows'
import { Button, CopyButton } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { Empty, Failed, SkeletonRows } from '@/ui/faces'
import { Menu } from '@/ui/Menu'
import { Panel } from '@/ui/Page'
import { Time } from '@/ui/Time'

type Entry = Schemas['EntryAnswer']
type Scope = 'workspace' | 'platform'

interface Filter {
  action?: string
  status?: string
}

export function WorkspaceAudit() {
  return <Record scope="workspace" />
}

export function PlatformAudit() {
  return <Record scope="platform" />
}

function Record({ scope }: { scope: Scope }) {
  const { action, status } = useSearch({ strict: false }) as Filter
  const navigate = useNavigate()
  const query = { scope, action: action || undefined, status: status || undefined }
  const list = useInfiniteQuery({
    queryKey: ['audit', query],
    queryFn: ({ pageParam }) =>
      answer(api.GET('/audit-logs', { params: { query: { ...query, cursor: pageParam, limit: 50 } as never } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  })
  const entries = list.data?.pages.flatMap((page) => page.auditLogs) ?? []
  const filter = (change: Filter) =>
    navigate({ to: '.', search: ((before: Filter) => ({ ...before, ...change })) as never, replace: true })
  const download = (format: string) => window.location.assign(fileAddress('/audit-logs/export', { ...query, format }))
  return (
    <>
      <div className="toolbar">
        <input
          className="input small search"
          aria-label="Action"
          placeholder="Action, such as member.invited"
          defaultValue={action ?? ''}
          key={action}
          onKeyDown={(event) => event.key === 'Enter' && filter({ action: event.currentTarget.value.trim() || undefined })}
          onBlur={(event) => filter({ action: event.target.value.trim() || undefined })}
        />
        <select
          className="input small fit"
          aria-label="Outcome"
          value={status ?? ''}
          onChange={(event) => filter({ status: event.target.value || undefined })}
        >
          <option value="">Every outcome</option>
          <option value="success">success</option>
          <option value="failure">failure</option>
        </select>
        <span className="grow" />
        <Verify scope={scope} />
        <Menu
          trigger={
            <Button small>
              <Download size={14} /> Export
            </Button>
          }
          items={[
            { label: 'CSV', run: () => download('csv') },
            { label: 'JSON lines', run: () => download('jsonl') },
          ]}
        />
      </div>
      <Panel>
        {list.isError ? (
          <Failed error={list.error} retry={() => list.refetch()} />
        ) : list.isPending ? (
          <SkeletonRows rows={10} />
        ) : entries.length === 0 ? (
          <Empty title="No entries match." />
        ) : (
          <>
            <Table entries={entries} />
            {list.hasNextPage && (
              <div className="panel-foot">
                <Button small busy={list.isFetchingNextPage && 'Loading…'} onClick={() => list.fetchNextPage()}>
                  Older
                </Button>
              </div>
            )}
          </>
        )}
      </Panel>
    </>
  )
}

/** Recomputes the chain that the entries form, on the server. */
function Verify({ scope }: { scope: Scope }) {
  const verify = useMutation({
    mutationFn: () => answer(api.GET('/audit-logs/verify', { params: { query: { scope } as never } })),
  })
  const found = verify.data
  return (
    <>
      <span role="status">
        {verify.isError && <span className="bad">{said(verify.error)}</span>}
        {found?.valid && <span className="ok">✓ {number(found.checked)} entries, unbroken</span>}
        {found && !found.valid && (
          <span className="bad">
            ✕ broken
            {found.broken[0] &&
              ` in ${found.broken[0].chain}${found.broken[0].seq == null ? '' : ` at entry ${number(found.broken[0].seq)}`}`}
          </span>
        )}
      </span>
      <Button small busy={verify.isPending && 'Checking…'} onClick={() => verify.mutate()}>
        Check the chain
      </Button>
    </>
  )
}

function Table({ entries }: { entries: Entry[] }) {
  const [open, setOpen] = useState<Entry>()
  const rows = useRows({ count: entries.length, open: (at) => setOpen(entries[at]) })
  return (
    <>
      <table className="grid">
        <thead>
          <tr>
            <th scope="col" style={{ width: 130 }}>
              When
            </th>
            <th scope="col">Who</th>
            <th scope="col">What</th>
            <th scope="col">To</th>
            <th scope="col" style={{ width: 130 }}>
              From
            </th>
          </tr>
        </thead>
        <tbody ref={rows.holder as never}>
          {entries.map((entry, at) => (
            <tr key={entry.id} {...rows.row(at)} onClick={() => setOpen(entry)}>
              <td>
                <Time at={entry.timestamp} />
              </td>
              <td className="clip">{entry.userEmail ?? entry.actorType}</td>
              <td className="first clip">
                {entry.status === 'failure' && <span className="bad">✕ </span>}
                <code>{entry.action}</code>
              </td>
              <td className="clip muted">
                {words(entry.resource)} {entry.resourceId && <code>{entry.resourceId.slice(-7)}</code>}
              </td>
              <td className="clip muted mono">{entry.ipAddress}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {open && <Details entry={open} onClose={() => setOpen(undefined)} />}
    </>
  )
}

function Details({ entry, onClose }: { entry: Entry; onClose: () => void }) {
  const facts: [string, string | null | undefined][] = [
    ['Who', entry.userEmail ?? entry.actorType],
    ['Outcome', entry.status],
    ['Resource', entry.resource],
    ['Id', entry.resourceId],
    ['Address', entry.ipAddress],
    ['Program', entry.userAgent],
  ]
  return (
    <Dialog open onClose={onClose} title={<code>{entry.action}</code>} wide>
      <dl className="facts">
        <dt>When</dt>
        <dd>
          <Time at={entry.timestamp} />
        </dd>
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <Fact key={name} name={name} value={value ?? ''} />
          ))}
        <dt>Request</dt>
        <dd className="row">
          <code>{entry.requestId}</code>
          <CopyButton text={entry.requestId} label="Copy the request's id" />
        </dd>
      </dl>
      {entry.changes != null && (
        <>
          <h3>Changes</h3>
          <pre className="once">{JSON.stringify(entry.changes, null, 2)}</pre>
        </>
      )}
      {entry.details != null && JSON.stringify(entry.details) !== '{}' && (
        <>
          <h3>Details</h3>
          <pre className="once">{JSON.stringify(entry.details, null, 2)}</pre>
        </>
      )}
    </Dialog>
  )
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  )
}
