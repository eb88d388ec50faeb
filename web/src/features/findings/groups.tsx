import { useQuery } from '@tanstack/react-query'
import { useWorkspace } from '@/api/session'
import { counted, number } from '@/lib/format'
import { useRows } from '@/lib/rows'
import { visible } from '@/ui/code/Text'
import { Empty, Loaded } from '@/ui/faces'
import { Panel } from '@/ui/Page'
import type { Filter } from './filter'
import { MOST_VALUES, valuesQuery } from './queries'

/** What a list can be grouped by: the API counts no files. */
export const GROUPS = ['rule', 'repository'] as const

export type Group = (typeof GROUPS)[number]

export function readGroup(told: unknown): Group | undefined {
  return GROUPS.find((group) => group === told)
}

/** What matches, by rule or by repository, the most first; a group opens as the list of what is in it. */
export function Groups({ group, filter, open }: { group: Group; filter: Filter; open: (value: string) => void }) {
  const { slug } = useWorkspace()
  const query = useQuery(valuesQuery(slug, filter, group, ''))
  const values = query.data ?? []
  const { row, holder } = useRows({ count: values.length, open: (at) => open(values[at]?.value ?? '') })
  return (
    <Panel
      title={`By ${group}`}
      foot={values.length >= MOST_VALUES && `The ${MOST_VALUES} with the most findings. A filter shows others.`}
    >
      <Loaded query={query}>
        {() =>
          values.length === 0 ? (
            <Empty title="Nothing matches." />
          ) : (
            <ul className="groups" aria-label={`Findings by ${group}`} ref={holder as never}>
              {values.map(({ value, name, count }, at) => (
                <li key={value}>
                  <button type="button" {...row(at)} onClick={() => open(value)}>
                    <span className="clip">{visible(name ?? value)}</span>
                    <span className="num muted" title={counted(count, 'finding')}>
                      {number(count)}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  )
}
