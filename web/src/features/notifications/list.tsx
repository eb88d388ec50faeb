import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { CheckCheck, Trash2 } from 'lucide-react'
import { answer, api, type Schemas } from '@/api/client'
import { said } from '@/api/problem'
import { useWorkspace } from '@/api/session'
import { useFilter } from '@/lib/filter'
import { words } from '@/lib/format'
import { useRows } from '@/lib/rows'
import { Button, IconButton } from '@/ui/Button'
import { FilterSelect } from '@/ui/FilterSelect'
import { Empty } from '@/ui/faces'
import { Count, PagedList } from '@/ui/List'
import { Page } from '@/ui/Page'
import { SEVERITIES, SeverityMark } from '@/ui/Severity'
import { Tabs } from '@/ui/Tabs'
import { Time } from '@/ui/Time'
import { toast } from '@/ui/toast'
import { KINDS } from './kinds'
import { unreadQuery } from './unread'
import './notifications.css'

type Notification = Schemas['Notification']

interface Filter {
  unread?: boolean
  kind?: string
  severity?: string
  page?: number
}

export function Notifications() {
  const { slug } = useWorkspace()
  const [{ unread, kind, severity, page = 1 }, filter] = useFilter<Filter>()
  const client = useQueryClient()
  const list = useQuery({
    queryKey: ['notifications', slug, { unread, kind, severity, page }],
    queryFn: () => {
      const query = { unread: unread || undefined, type: kind, severity, page, limit: 50 }
      return answer(api.GET('/notifications', { params: { query } }))
    },
    placeholderData: (before) => before,
  })
  const waiting = useQuery(unreadQuery).data?.unreadCount ?? 0
  const refresh = () => client.invalidateQueries({ queryKey: ['notifications'] })
  const markAll = useMutation({
    mutationFn: () => answer(api.POST('/notifications/read-all')),
    onSuccess: ({ updated }) => {
      toast(`${updated} marked as read`)
      refresh()
    },
    onError: (error) => toast(said(error)),
  })
  return (
    <Page
      title="Notifications"
      actions={
        <>
          <Button
            small
            look="quiet"
            busy={markAll.isPending && 'Marking…'}
            refused={waiting === 0 && 'Everything is read'}
            onClick={() => markAll.mutate()}
          >
            <CheckCheck size={14} /> Mark all read
          </Button>
          <Link to="/account/notifications" className="button small">
            Preferences
          </Link>
        </>
      }
    >
      <Tabs label="Which">
        <Link
          to="."
          search={{ kind, severity } as never}
          activeOptions={{ exact: true }}
          aria-current={unread ? undefined : 'page'}
        >
          All
        </Link>
        <Link
          to="."
          search={{ unread: true, kind, severity } as never}
          activeOptions={{ exact: true }}
          aria-current={unread ? 'page' : undefined}
        >
          Unread {waiting > 0 && <span className="muted num">{waiting}</span>}
        </Link>
      </Tabs>
      <div className="toolbar">
        <FilterSelect
          label="Kind"
          value={kind}
          options={[['', 'Every kind'], ...KINDS.map((name) => [name, words(name)] as const)]}
          onChange={(kind) => filter({ kind })}
        />
        <FilterSelect
          label="Severity"
          value={severity}
          options={[['', 'Every severity'], ...SEVERITIES]}
          onChange={(severity) => filter({ severity })}
        />
        <Count of={list.data} one="notification" />
      </div>
      <PagedList
        query={list}
        of={(data) => data.notifications}
        empty={
          <Empty title={kind || severity ? 'Nothing of this kind.' : unread ? 'Nothing unread.' : 'Nothing new.'}>
            What is sent here is set in <Link to="/account/notifications">Preferences</Link>.
          </Empty>
        }
      >
        {(items) => <List items={items} refresh={refresh} />}
      </PagedList>
    </Page>
  )
}

function List({ items, refresh }: { items: Notification[]; refresh: () => void }) {
  const { slug } = useWorkspace()
  const navigate = useNavigate()
  const mark = useMutation({
    mutationFn: ({ id, read }: { id: string; read: boolean }) =>
      answer(api.PATCH('/notifications/{id}', { params: { path: { id } }, body: { read } })),
    onSettled: refresh,
  })
  const remove = useMutation({
    mutationFn: (id: string) => answer(api.DELETE('/notifications/{id}', { params: { path: { id } } })),
    onSettled: refresh,
    onError: (error) => toast(said(error)),
  })
  const title = useTitle(items)
  const open = (item: Notification | undefined) => {
    if (!item) return
    if (!item.readAt) mark.mutate({ id: item.id, read: true })
    if (item.link) navigate({ href: place(item.link, slug) })
  }
  const rows = useRows({
    count: items.length,
    open: (at) => open(items[at]),
    keys: [
      {
        keys: 'x',
        label: 'Read or unread',
        run: (at) => items[at] && mark.mutate({ id: items[at].id, read: !items[at].readAt }),
      },
    ],
  })
  return (
    <ul ref={rows.holder as never} className="notices" aria-label="Notifications">
      {items.map((item, at) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: Enter is one of the list's keys
        <li key={item.id} {...rows.row(at)} data-unread={!item.readAt || undefined} onClick={() => open(item)}>
          <i className="dot" aria-hidden="true" />
          <SeverityMark severity={item.severity} />
          <div className="grow">
            <p>
              {!item.readAt && <span className="unseen">Unread: </span>}
              <strong>
                {item.link ? (
                  <a
                    href={`/app${place(item.link, slug)}`}
                    tabIndex={-1}
                    onClick={(event) => {
                      event.stopPropagation()
                      if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
                      event.preventDefault()
                      open(item)
                    }}
                  >
                    {title(item)}
                  </a>
                ) : (
                  title(item)
                )}
              </strong>
            </p>
            {item.body && <p className="muted">{item.body}</p>}
          </div>
          <span className="caption kind">{words(item.type)}</span>
          <span className="caption when">
            <Time at={item.createdAt} />
          </span>
          <IconButton
            label="Delete"
            icon={<Trash2 size={14} />}
            onClick={(event) => {
              event.stopPropagation()
              remove.mutate(item.id)
            }}
          />
        </li>
      ))}
    </ul>
  )
}

/** Who it was is in no title; the names of members are asked for once, where there is such a line. */
function useTitle(items: Notification[]): (item: Notification) => string {
  const { id } = useWorkspace()
  const who = ({ data }: Notification) => (data as { userId?: unknown }).userId
  const isJoin = ({ type }: Notification) => type === 'member_joined'
  const members = useQuery({
    queryKey: ['members', id, 'names'],
    queryFn: () => answer(api.GET('/workspaces/{id}/members', { params: { path: { id }, query: { limit: 100 } as never } })),
    enabled: items.some(isJoin),
  })
  return (item) => {
    const member = isJoin(item) && members.data?.members.find(({ userId }) => userId === who(item))
    return member ? `${member.name ?? member.email} joined the workspace` : item.title
  }
}

/** A link of the server is below the dashboard's address, with or without a workspace. */
function place(link: string, slug: string): string {
  const path = (link.startsWith('/') ? link : `/${link}`)
    .replace(/^\/members\b/, '/settings/members')
    .replace(/^\/vulnerabilities\b/, '/findings')
  return /^\/(w|account|admin|api|invitations)\b/.test(path) ? path : `/w/${slug}${path}`
}
