import { useNavigate } from '@tanstack/react-router'
import { Building2, Keyboard, type LucideIcon, Moon, Sun, SunMoon } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { useMe, type Workspace } from '@/api/session'
import type { NavEntry } from '@/lib/feature'
import { bindings, shown } from '@/lib/keys'
import { remember } from '@/lib/stored'
import { Dialog } from '@/ui/Dialog'
import { useFound } from './features'
import { address } from './shell'

const NOWHERE = { id: '', slug: '' }

interface Choice {
  label: string
  about?: string
  icon: LucideIcon
  keys?: string
  run: () => void
}

/** Pages, what the open page can do, workspaces, looks: by typing some letters. */
export function Palette({
  open,
  onClose,
  entries,
  workspace,
}: {
  open: boolean
  onClose: () => void
  entries: NavEntry[]
  workspace: Workspace | undefined
}) {
  return (
    <Dialog open={open} onClose={onClose} title={<span className="unseen">Search or jump</span>}>
      {open && <Search onClose={onClose} entries={entries} workspace={workspace} />}
    </Dialog>
  )
}

function Search({ onClose, entries, workspace }: { onClose: () => void; entries: NavEntry[]; workspace: Workspace | undefined }) {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  const id = useId()
  const onlyActions = text.startsWith('>')
  const navigate = useNavigate()
  const found = useFound(onlyActions || !workspace ? '' : text.trim(), workspace ?? NOWHERE).map(({ path, ...choice }) => ({
    ...choice,
    run: () => navigate({ href: `/w/${workspace?.slug}/${path}` }),
  }))
  const named = useChoices(entries, workspace).filter(
    (choice) => (!onlyActions || choice.about === 'action') && matches(choice, text.replace(/^>/, '').trim()),
  )
  // What was there first stays where it is; what the server knows comes below.
  const choices: Choice[] = [...named, ...found]
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  })
  const take = (choice: Choice | undefined) => {
    if (!choice) return
    onClose()
    choice.run()
  }
  const onKey = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step) {
      event.preventDefault()
      setAt((at + step + choices.length) % Math.max(choices.length, 1))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      take(choices[at])
    }
  }
  return (
    <div className="palette stack">
      <input
        // biome-ignore lint/a11y/noAutofocus: the dialog was opened to type here
        autoFocus
        role="combobox"
        aria-label="Search or jump"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={choices[at] ? `${id}-${at}` : undefined}
        placeholder="A page, an action, #12, a hash; > for actions only"
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          setAt(0)
        }}
        onKeyDown={onKey}
      />
      <div role="listbox" id={id} aria-label="What there is" ref={list}>
        {choices.map((choice, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: as above
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys
          <div
            key={`${choice.about}${choice.label}${index}`}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            onMouseMove={() => setAt(index)}
            onClick={() => take(choice)}
          >
            <choice.icon size={15} aria-hidden="true" />
            <span>{choice.label}</span>
            {choice.about && <span className="caption">{choice.about}</span>}
            {choice.keys && (
              <span className="keys">
                {shown(choice.keys).map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </span>
            )}
          </div>
        ))}
      </div>
      {choices.length === 0 && <p className="face">Nothing is called “{text}”.</p>}
    </div>
  )
}

function useChoices(entries: NavEntry[], workspace: Workspace | undefined): Choice[] {
  const me = useMe()
  const navigate = useNavigate()
  const pages = entries.map((entry) => ({
    label: entry.label,
    icon: entry.icon,
    keys: entry.key && `g ${entry.key}`,
    run: () => navigate({ to: address(entry, workspace) }),
  }))
  const own = ['Profile', 'Password', 'Second factor', 'Passkeys', 'Sessions', 'Tokens', 'Preferences'].map((label) => ({
    label,
    about: 'account',
    icon: Keyboard,
    run: () => navigate({ to: `/account/${label.toLowerCase().replace(' ', '-')}` }),
  }))
  const actions = bindings()
    .filter((binding) => !['Anywhere', 'Go to', 'Workspaces'].includes(binding.group))
    .map((binding) => ({
      label: binding.label,
      about: 'action',
      icon: Keyboard,
      keys: binding.keys,
      run: () => binding.run(new KeyboardEvent('keydown')),
    }))
  const workspaces = me.workspaces
    .filter((other) => other.id !== workspace?.id)
    .map((other) => ({
      label: other.name,
      about: 'workspace',
      icon: Building2,
      run: () => navigate({ to: '/w/$slug', params: { slug: other.slug } }),
    }))
  const looks = (['system', 'light', 'dark'] as const).map((theme) => ({
    label: `Theme: ${theme}`,
    about: 'looks',
    icon: { system: SunMoon, light: Sun, dark: Moon }[theme],
    run: () => remember('theme', theme),
  }))
  return [...actions, ...pages, ...workspaces, ...own, ...looks]
}

/** Every word somewhere in the name, or the letters in their order. */
function matches(choice: Choice, text: string): boolean {
  if (!text) return true
  const name = `${choice.label} ${choice.about ?? ''}`.toLowerCase()
  const wanted = text.toLowerCase()
  if (wanted.split(/\s+/).every((word) => name.includes(word))) return true
  let from = 0
  for (const letter of wanted) {
    from = name.indexOf(letter, from) + 1
    if (from === 0) return false
  }
  return true
}
