import { number, short } from '@/lib/format'
import './severity.css'

export type SeverityName = 'critical' | 'high' | 'medium' | 'low' | 'info'

export const SEVERITIES: SeverityName[] = ['critical', 'high', 'medium', 'low', 'info']

/** What each means: the impact, if it is real. */
export const MEANINGS: Record<SeverityName, string> = {
  critical: 'full control, or data of others',
  high: 'serious damage under common conditions',
  medium: 'damage under special conditions',
  low: 'helps another attack',
  info: 'worth knowing',
}

const OUTLINES: Record<SeverityName, string> = {
  critical: 'M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z',
  high: 'M8 .8 15.4 6.4 12.6 15H3.4L.6 6.4z',
  medium: 'M1.5 1.5h13v13h-13z',
  low: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1z',
  info: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8z',
}

export function isSeverity(name: string): name is SeverityName {
  return name in OUTLINES
}

/** The mark of a severity: told apart by outline and letter, not by colour alone. */
export function SeverityMark({ severity, size = 16 }: { severity: string; size?: 16 | 20 }) {
  const name = isSeverity(severity) ? severity : 'info'
  return (
    <svg className={`severity ${name}`} width={size} height={size} viewBox="0 0 16 16" role="img" aria-label={name}>
      <path d={OUTLINES[name]} />
      <text x="8" y={name === 'high' ? 12 : 11.4} textAnchor="middle">
        {name.charAt(0).toUpperCase()}
      </text>
    </svg>
  )
}

/** The mark and its word. */
export function Severity({ severity }: { severity: string }) {
  return (
    <span className="row severity-word">
      <SeverityMark severity={severity} />
      <span aria-hidden="true">{severity.charAt(0).toUpperCase() + severity.slice(1)}</span>
    </span>
  )
}

/** How many of each, as marks with numbers. */
export function SeverityCounts({ counts }: { counts: Partial<Record<SeverityName, number>> }) {
  return (
    <span className="severity-counts">
      {SEVERITIES.slice(0, 4).map((name) => (
        <span key={name} className={counts[name] ? undefined : 'none'}>
          <SeverityMark severity={name} />
          <span className="num" title={number(counts[name] ?? 0)}>
            {short(counts[name] ?? 0)}
          </span>
        </span>
      ))}
    </span>
  )
}
