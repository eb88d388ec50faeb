import { CopyButton } from '@/ui/Button'

/** A value that is shown now and never again. */
export function Once({ label, value }: { label: string; value: string }) {
  return (
    <div className="stack">
      <p className="note warn">Copy it now: it is shown once and kept nowhere.</p>
      <div className="row">
        <code className="once grow">{value}</code>
        <CopyButton text={value} label={label} words />
      </div>
    </div>
  )
}
