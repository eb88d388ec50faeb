import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { answer, api } from '@/api/client'
import { visible } from '@/ui/code/Text'
import { Empty, Loaded } from '@/ui/faces'
import { Panel } from '@/ui/Page'
import { SeverityMark } from '@/ui/Severity'
import { Time } from '@/ui/Time'
import { folded, type Line, said } from './activity-lines'
import { useNames } from './people'

/** As many as are asked for; what is alike becomes one line. */
const LINES = 60

export function Activity({ slug }: { slug: string }) {
  const list = useQuery({
    queryKey: ['findings', slug, 'activity'],
    queryFn: () => answer(api.GET('/dashboard/activity', { params: { query: { limit: LINES } as never } })),
  })
  const nameOf = useNames(list.data?.activities.map(({ userId }) => userId) ?? [])
  return (
    <Panel title="Activity">
      <Loaded query={list}>
        {({ activities }) =>
          activities.length === 0 ? (
            <Empty title="Nothing has happened yet." />
          ) : (
            <ul className="next">
              {folded(activities).map((line) => (
                <Row key={line.activity.id} line={line} slug={slug} nameOf={nameOf} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  )
}

function Row({ line, slug, nameOf }: { line: Line; slug: string; nameOf: (id: string) => string }) {
  const { activity } = line
  const { what, path, search } = said(line)
  const who = activity.userId && nameOf(activity.userId)
  const text = who ? what : what.charAt(0).toUpperCase() + what.slice(1)
  return (
    <li>
      <span className="grow said">
        {who && <>{visible(who)} </>}
        {path ? (
          <Link to={`/w/$slug/${path}` as never} params={{ slug } as never} search={search as never}>
            {text}
          </Link>
        ) : (
          text
        )}{' '}
        {activity.repositoryName && (
          <span className="muted" title={activity.repositoryName}>
            {visible(activity.repositoryName.split('/').at(-1) ?? '')}
          </span>
        )}
      </span>
      {activity.severity !== 'info' && <SeverityMark severity={activity.severity} />}
      <span className="caption">
        <Time at={activity.createdAt} />
      </span>
    </li>
  )
}
