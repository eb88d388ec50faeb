interface Props {
  label: string
  value: string | undefined
  /** Names, or values with their names. The first narrows nothing and is not told. */
  options: readonly (string | readonly [value: string, name: string])[]
  onChange: (value: string | undefined) => void
}

/** One choice among few, beside the other parts of a filter. */
export function FilterSelect({ label, value, options, onChange }: Props) {
  const pairs = options.map((option) => (typeof option === 'string' ? ([option, option] as const) : option))
  const usual = pairs[0]?.[0] ?? ''
  return (
    <select
      className="input small fit"
      aria-label={label}
      value={value ?? usual}
      onChange={(event) => onChange(event.target.value === usual ? undefined : event.target.value)}
    >
      {pairs.map(([value, name]) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
    </select>
  )
}
