import { useMutation, useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { answer, api, type Schemas } from '@/api/client'
import { said } from '@/api/problem'
import { save } from '@/api/save'
import { useFilter } from '@/lib/filter'
import { number, words } from '@/lib/format'
import { AT_A_TIME, useOlder } from '@/lib/older'
import { useRows } from '@/lib/rows'
import { Button, CopyButton } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { FilterSelect } from '@/ui/FilterSelect'
import { Empty } from '@/ui/faces'
import { Older } from '@/ui/List'
import { Menu } from '@/ui/Menu'
import { Time } from '@/ui/Time'
import { toast } from '@/ui/toast'

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
  const [{ action, status }, filter] = useFilter<Filter>()
  const query = { scope, action: action || undefined, status: status || undefined }
  const list = useOlder(['audit', query], (cursor) =>
    answer(api.GET('/audit-logs', { params: { query: { ...query, cursor, limit: AT_A_TIME } as never } })),
  )
  const download = (format: string) =>
    save(api.GET('/audit-logs/export', { params: { query: { ...query, format } as never }, parseAs: 'blob' })).catch((error) =>
      toast(said(error)),
    )
  return (
    <>
      <div className="toolbar">
        <input
          className="input small search"
          aria-label="Action"
          placeholder="Action, such as member.invited"
          defaultValue={action ?? ''}
          key={action}
          onKeyDown={(event) => event.key === 'Enter' && filter({ action: event.currentTarget.value.trim() })}
          onBlur={(event) => filter({ action: event.target.value.trim() })}
        />
        <FilterSelect
          label="Outcome"
          value={status}
          options={[['', 'Every outcome'], 'success', 'failure']}
          onChange={(status) => filter({ status })}
        />
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
      <Older query={list} of={(page) => page.auditLogs} rows={10} empty={<Empty title="No entries match." />}>
        {(entries) => <Table entries={entries} scope={scope} />}
      </Older>
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

/** Addresses of users by their ids, for who may know them; as many as the API tells at once. */
function useAddresses(scope: Scope): (id: string | null | undefined) => string | undefined {
  const users = useQuery({
    queryKey: ['users', 'addresses'],
    queryFn: () => answer(api.GET('/admin/users', { params: { query: { limit: 100 } as never } })),
    enabled: scope === 'platform',
  })
  return (id) => users.data?.users.find((user) => user.id === id)?.email
}

/** Who comes in is nobody until it is done; then the entry is about who they are. */
function actor(entry: Entry, address: string | undefined): string {
  if (entry.userEmail) return entry.userEmail
  const cameIn = entry.actorType === 'anonymous' && entry.resource === 'user' && entry.status === 'success'
  return (cameIn && address) || entry.actorType
}

function Table({ entries, scope }: { entries: Entry[]; scope: Scope }) {
  const addressOf = useAddresses(scope)
  const target = (entry: Entry) => (entry.resource === 'user' ? addressOf(entry.resourceId) : undefined)
  const [open, setOpen] = useState<Entry>()
  const rows = useRows({ count: entries.length, open: (at) => setOpen(entries[at]) })
  return (
    <>
      <table className="grid">
        <thead>
          <tr>
            <th scope="col" style={{ width: '8.125rem' }}>
              When
            </th>
            <th scope="col">Who</th>
            <th scope="col">What</th>
            <th scope="col">To</th>
            <th scope="col" style={{ width: '8.125rem' }}>
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
              <td className="clip">{actor(entry, target(entry))}</td>
              <td className="first clip">
                {entry.status === 'failure' && <span className="bad">✕ </span>}
                <code>{entry.action}</code>
              </td>
              <td className="clip muted">
                {target(entry) ?? (
                  <>
                    {words(entry.resource)} {entry.resourceId && <code>{entry.resourceId.slice(-7)}</code>}
                  </>
                )}
              </td>
              <td className="clip muted mono">{entry.ipAddress}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {open && <Details entry={open} who={actor(open, target(open))} onClose={() => setOpen(undefined)} />}
    </>
  )
}

function Details({ entry, who, onClose }: { entry: Entry; who: string; onClose: () => void }) {
  const facts: [string, string | null | undefined][] = [
    ['Who', who],
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
