// What narrows the list, found by typing: first the field, then its value. Values are searched by the server, and never sent whole.

import { Popover } from '@base-ui/react/popover'
import { useQuery } from '@tanstack/react-query'
import { Check, Plus } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import { useWorkspace } from '@/api/session'
import { number } from '@/lib/format'
import { useKeys } from '@/lib/keys'
import { useSettled } from '@/lib/settled'
import { Button } from '@/ui/Button'
import { visible } from '@/ui/code/Text'
import { useOptions } from '@/ui/options'
import { type Filter, isChoice, isNegated, PARTS, type Part } from './filter'
import { type Facet, MOST_VALUES, valuesQuery } from './queries'

interface Field {
  part: Part
  isNot: boolean
}

/** Those of the list, "all but" where the API has it. */
const FIELDS: Field[] = (Object.keys(PARTS) as Part[])
  // The search field is there for words.
  .filter((part) => part !== 'q')
  .flatMap((part): Field[] =>
    isChoice(part)
      ? [
          { part, isNot: false },
          { part, isNot: true },
        ]
      : [{ part, isNot: false }],
  )

const FACETS: Partial<Record<Part, Facet>> = { severity: 'severity', status: 'status', repo: 'repository', rule: 'rule' }

/** What is to be typed where nothing can be picked. */
const EXAMPLES: Partial<Record<Part, string>> = {
  type: 'SQL injection',
  cwe: 'CWE-89',
  owasp: 'A03:2021',
  path: 'src/app.py',
  from: '2026-01-31',
  to: '2026-01-31',
}

const DAY = /^\d{4}-\d{2}-\d{2}$/

interface Props {
  filter: Filter
  /** As the list is asked for: with the repository that it is of. */
  whole: Filter
  inRepository: boolean
  change: (to: Partial<Filter>) => void
}

export function FilterMenu(props: Props) {
  const [open, setOpen] = useState(false)
  useKeys([{ keys: 'f', label: 'Add a filter', group: 'List', run: () => setOpen(true) }])
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        render={
          <Button small>
            <Plus size={14} aria-hidden="true" /> Filter <kbd>f</kbd>
          </Button>
        }
      />
      <Popover.Portal>
        <Popover.Positioner className="positioner" sideOffset={4} align="start">
          <Popover.Popup className="popup filter-menu" aria-label="Add a filter">
            <Choosing {...props} close={() => setOpen(false)} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

interface Option {
  key: string
  label: string
  count?: number
  isChosen?: boolean
  take: () => void
}

function Choosing({ filter, whole, inRepository, change, close }: Props & { close: () => void }) {
  const [field, setField] = useState<Field>()
  const [text, setText] = useState('')
  const values = useValues(field, whole, text)
  const pick = (field: Field | undefined) => {
    setField(field)
    setText('')
  }
  const set = (value: string) => {
    if (!field) return
    change({ [field.part]: isChoice(field.part) ? among(filter[field.part], value, field.isNot) : value })
    // Of these more than one is chosen.
    if (isChoice(field.part)) setText('')
    else close()
  }
  const options: Option[] = field
    ? values.options.map(({ value, name, count }) => ({
        key: value,
        label: (name ?? value).replaceAll('_', field.part === 'status' ? ' ' : '_'),
        count,
        isChosen: isChosen(filter[field.part], value, field.isNot),
        take: () => set(value),
      }))
    : FIELDS.filter(({ part }) => !(inRepository && part === 'repo'))
        .filter((one) => nameOf(one).toLowerCase().includes(text.trim().toLowerCase()))
        .map((one) => ({ key: nameOf(one), label: `${nameOf(one)}…`, take: () => pick(one) }))
  const typed = field && !FACETS[field.part] ? readValue(field.part, text.trim()) : undefined
  if (typed) options.push({ key: 'typed', label: text.trim(), take: () => set(typed) })
  return (
    <Combobox
      label={field ? nameOf(field) : 'Field'}
      placeholder={field ? (EXAMPLES[field.part] ?? 'Search') : 'Severity, repository, rule…'}
      text={text}
      onText={setText}
      options={options}
      back={field && (() => pick(undefined))}
      note={values.note ?? (field && options.length === 0 ? hint(field, text) : undefined)}
    />
  )
}

/** What the server knows of a field, and what is to be said about that. */
function useValues(field: Field | undefined, whole: Filter, text: string) {
  const { slug } = useWorkspace()
  const facet = field && FACETS[field.part]
  const search = useSettled(text.trim())
  const query = useQuery({ ...valuesQuery(slug, whole, facet ?? 'rule', search), enabled: facet !== undefined })
  const options = facet ? (query.data ?? []) : []
  const note = !facet
    ? undefined
    : query.isError
      ? 'The values could not be asked for.'
      : options.length >= MOST_VALUES
        ? `The ${MOST_VALUES} most frequent. Type to find others.`
        : undefined
  return { options, note }
}

function nameOf({ part, isNot }: Field): string {
  const name = `${PARTS[part]}${isNot ? ' not' : ''}`
  return name.charAt(0).toUpperCase() + name.slice(1)
}

function hint({ part }: Field, text: string): string {
  if (FACETS[part]) return text ? `Nothing is called “${text}”.` : 'Nothing to choose from.'
  if (part === 'from' || part === 'to') return 'A day, as 2026-01-31.'
  return 'Type it, then Enter.'
}

/** What was typed, where it can be a value. */
function readValue(part: Part, text: string): string | undefined {
  if (!text) return undefined
  return part === 'from' || part === 'to' ? (DAY.test(text) ? text : undefined) : text
}

function isChosen(list: string | undefined, value: string, isNot: boolean): boolean {
  return list !== undefined && isNegated(list) === isNot && list.replace('!', '').split(',').includes(value)
}

/** Puts a value among those that are chosen, or among those that are left out; takes it from there when it is there. */
export function among(list: string | undefined, value: string, isNot: boolean): string | undefined {
  const before = list !== undefined && isNegated(list) === isNot ? list.replace('!', '').split(',').filter(Boolean) : []
  const now = before.includes(value) ? before.filter((one) => one !== value) : [...before, value]
  return now.length > 0 ? `${isNot ? '!' : ''}${now.join(',')}` : undefined
}

interface ComboboxProps {
  label: string
  placeholder: string
  text: string
  onText: (text: string) => void
  options: Option[]
  /** One step back, with Backspace in the empty field. */
  back: (() => void) | undefined
  note: string | undefined
}

/** A field, and below it what fits to what is typed: arrows move, Enter takes. */
function Combobox({ label, placeholder, text, onText, options, back, note }: ComboboxProps) {
  const { field, list, option, onKeyDown } = useOptions(options.length, `${label} ${text}`, (at) => options[at]?.take())
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Backspace' || text !== '' || !back) return onKeyDown(event)
    back()
    event.preventDefault()
  }
  return (
    <>
      <label className="filter-field">
        <span className="muted">{label}</span>
        <input
          // biome-ignore lint/a11y/noAutofocus: it was opened to type here
          autoFocus
          key={label}
          className="input small"
          role="combobox"
          aria-expanded="true"
          {...field}
          placeholder={placeholder}
          value={text}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={onKey}
        />
      </label>
      <div role="listbox" {...list} aria-label={label} aria-multiselectable="true">
        {options.map(({ key, label, count, isChosen }, index) => (
          <div role="option" key={key} {...option(index)} className="menu-item" aria-selected={isChosen ?? false}>
            <span className="clip">{visible(label)}</span>
            {isChosen && <Check size={14} aria-hidden="true" />}
            {count !== undefined && <span className="caption num">{number(count)}</span>}
          </div>
        ))}
      </div>
      {note && <p className="caption menu-head">{note}</p>}
    </>
  )
}
