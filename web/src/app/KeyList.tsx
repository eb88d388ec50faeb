import { type Binding, bindings, shown } from '@/lib/keys'
import { Dialog } from '@/ui/Dialog'

/** What `?` shows: the keys that work on the page that is open. */
export function KeyList({ open, onClose }: { open: boolean; onClose: () => void }) {
  const groups = new Map<string, Binding[]>()
  if (open) {
    for (const binding of bindings()) groups.set(binding.group, [...(groups.get(binding.group) ?? []), binding])
  }
  return (
    <Dialog open={open} onClose={onClose} title="Keys" wide>
      <div className="key-list">
        {[...groups].map(([group, own]) => (
          <section key={group}>
            <h3>{group}</h3>
            <ul>
              {own.map((binding) => (
                <li key={binding.keys}>
                  <span>{binding.label}</span>
                  <span className="row">
                    {shown(binding.keys).map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
