import { useMe } from '@/api/session'
import { remember } from '@/lib/stored'
import { useRemembered } from '@/lib/use-remembered'

/** Columns that can be left out, and what the others of a row share the width with. */
export const COLUMNS = {
  where: ['Where', 'minmax(0, 5fr)'],
  reach: ['Reach', '7rem'],
  since: ['Seen', '5.25rem'],
} as const

export type Column = keyof typeof COLUMNS

const NAMES = Object.keys(COLUMNS) as Column[]

/** Which columns are shown: as this person left them in this browser. */
export function useColumns() {
  const name = `columns.${useMe().id}`
  const hidden = useRemembered(name, '').split(',')
  const shown = NAMES.filter((column) => !hidden.includes(column))
  const toggle = (column: Column) =>
    remember(name, NAMES.filter((one) => (one === column ? shown.includes(one) : !shown.includes(one))).join(','))
  return { shown, toggle }
}

/** For the sheet: how wide each is. */
export function template(shown: readonly Column[]): string {
  return ['1rem 1rem minmax(0, 5fr)', ...shown.map((column) => COLUMNS[column][1]), '6.5rem'].join(' ')
}
