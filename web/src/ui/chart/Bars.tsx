import type { ReactNode } from 'react'
import './chart.css'

export interface Bar {
  name: string
  /** In the place of the name, such as a link. */
  label?: ReactNode
  value: number
  /** The number as it is said. */
  said?: string
  about?: string
}

/** Bars beside their names, the value at the end: a list that is read as one. */
export function Bars({ bars, most, label }: { bars: Bar[]; most?: number; label: string }) {
  const end = Math.max(most ?? 0, ...bars.map(({ value }) => value)) || 1
  return (
    <ul className="bars" aria-label={label}>
      {bars.map(({ name, label, value, said, about }) => (
        <li key={name}>
          <span className="bar-name">
            <span className="clip">{label ?? name}</span>
            {about && <span className="caption">{about}</span>}
          </span>
          <span className="bar-track" aria-hidden="true">
            <i style={{ width: `${(100 * value) / end}%` }} />
          </span>
          <span className="num bar-value">{said ?? value}</span>
        </li>
      ))}
    </ul>
  )
}
