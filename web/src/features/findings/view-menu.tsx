import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { api } from '@/api/client'
import { save } from '@/api/save'
import { Button } from '@/ui/Button'
import { Menu } from '@/ui/Menu'
import { type Form, ReportMenu } from '@/ui/ReportMenu'
import { COLUMNS, type Column, useColumns } from './columns'
import { type Filter, toQuery } from './filter'
import { GROUPS, type Group } from './groups'

/** How the list is looked at: by what it is grouped, with which columns. */
export function ViewMenu({
  group,
  inRepository,
  change,
}: {
  group: Group | undefined
  inRepository: boolean
  change: (to: { group: Group | undefined }) => void
}) {
  const { shown, toggle } = useColumns()
  const choice = (label: string, isChosen: boolean, run: () => void) => ({ label: <Choice label={label} on={isChosen} />, run })
  const columns = Object.keys(COLUMNS) as Column[]
  return (
    <Menu
      trigger={<Button small>Display</Button>}
      items={[
        choice('Not grouped', group === undefined, () => change({ group: undefined })),
        ...GROUPS.filter((one) => !(inRepository && one === 'repository')).map((one) =>
          choice(`Grouped by ${one}`, group === one, () => change({ group: one })),
        ),
        'line',
        ...columns.map((column) => choice(`Column: ${COLUMNS[column][0]}`, shown.includes(column), () => toggle(column))),
      ]}
    />
  )
}

function Choice({ label, on }: { label: ReactNode; on: boolean }) {
  return (
    <span className="row choice">
      <span className="choice-mark">{on && <Check size={14} aria-hidden="true" />}</span>
      {label}
      {on && <span className="unseen">, chosen</span>}
    </span>
  )
}

/** What the list shows as a file. The page of a repository has a report of its own at the key. */
export function ExportMenu({ filter, inRepository }: { filter: Filter; inRepository: boolean }) {
  const make = (format: Form) => {
    const query = { ...toQuery(filter), format }
    return save(api.GET('/vulnerabilities/export', { params: { query: query as never }, parseAs: 'blob' }))
  }
  return <ReportMenu label="Export" forms={['csv', 'json']} group="List" save={make} small keyless={inRepository} />
}
