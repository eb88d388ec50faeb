import { Menu as Base } from '@base-ui/react/menu'
import type { ReactElement, ReactNode } from 'react'

export interface MenuItem {
  label: ReactNode
  icon?: ReactNode
  keys?: string
  destructive?: boolean
  /** Why not now. */
  refused?: string | false
  run: () => void
}

/** `false` entries are left out, `'line'` separates. */
export function Menu({
  trigger,
  items,
}: {
  trigger: ReactElement<Record<string, unknown>>
  items: (MenuItem | 'line' | false)[]
}) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className="positioner" sideOffset={4} align="end">
          <Base.Popup className="popup">
            {items.map((item, at) => {
              if (!item) return null
              if (item === 'line') return <Base.Separator className="menu-line" key={at} />
              return (
                <Base.Item
                  key={at}
                  className={item.destructive ? 'menu-item bad' : 'menu-item'}
                  disabled={Boolean(item.refused)}
                  onClick={item.run}
                >
                  {item.icon}
                  <span>
                    {item.label}
                    {item.refused && <span className="caption"> {item.refused}</span>}
                  </span>
                  {item.keys && <span className="kbd">{item.keys}</span>}
                </Base.Item>
              )
            })}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
