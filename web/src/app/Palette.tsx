import { useNavigate, useRouterState } from '@tanstack/react-router'
import { Building2, Keyboard, Moon, Rows2, Rows3, Sun, SunMoon } from 'lucide-react'
import { useState } from 'react'
import { useMe, type Workspace } from '@/api/session'
import type { NavEntry } from '@/lib/feature'
import { bindings } from '@/lib/keys'
import { remember } from '@/lib/stored'
import { Dialog } from '@/ui/Dialog'
import { type Choice, Chooser } from './Chooser'
import { subpages, useFound } from './features'
import { address, allowed, sameSection } from './places'
import { ranked } from './rank'

const NOWHERE = { id: '', slug: '' }

interface Props {
  open: boolean
  onClose: () => void
  entries: NavEntry[]
  workspace: Workspace | undefined
}

/** Pages, what the open page can do, workspaces, looks: by typing some letters. */
export function Palette({ open, onClose, entries, workspace }: Props) {
  return (
    <Dialog open={open} onClose={onClose} title="Search or jump" bare>
      {open && <Search onClose={onClose} entries={entries} workspace={workspace} />}
    </Dialog>
  )
}

function Search({ onClose, entries, workspace }: Omit<Props, 'open'>) {
  const [text, setText] = useState('')
  const onlyActions = text.startsWith('>')
  const navigate = useNavigate()
  const found = useFound(onlyActions || !workspace ? '' : text.trim(), workspace ?? NOWHERE).map(({ path, ...choice }) => ({
    ...choice,
    run: () => navigate({ href: `/w/${workspace?.slug}/${path}` }),
  }))
  const { all, actions } = useChoices(entries, workspace)
  const named = ranked(onlyActions ? actions : all, text.replace(/^>/, ''))
  return (
    <Chooser
      label="Search or jump"
      placeholder="A page, an action, #12, a hash; > for actions only"
      text={text}
      onText={setText}
      // What was there first stays where it is; what the server knows comes below.
      choices={[...named, ...found]}
      onClose={onClose}
    />
  )
}

/** All there is, and what of it does something instead of leading somewhere. */
function useChoices(entries: NavEntry[], workspace: Workspace | undefined): { all: Choice[]; actions: Choice[] } {
  const me = useMe()
  const navigate = useNavigate()
  const path = useRouterState({ select: (state) => state.location.pathname })
  const pages = entries.map((entry) => ({
    label: entry.label,
    icon: entry.icon,
    keys: entry.key && `g ${entry.key}`,
    run: () => navigate({ to: address(entry, workspace) }),
  }))
  const below = subpages()
    .filter((page) => allowed(page, workspace, me.role))
    .map((page) => ({
      label: page.label,
      about: page.about,
      icon: page.icon,
      run: () => navigate({ to: address(page, workspace) }),
    }))
  const own = bindings()
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
      run: () => navigate({ to: sameSection(path, other.slug) }),
    }))
  const looks = [
    { label: 'Theme: system', icon: SunMoon, run: () => remember('theme', 'system') },
    { label: 'Theme: light', icon: Sun, run: () => remember('theme', 'light') },
    { label: 'Theme: dark', icon: Moon, run: () => remember('theme', 'dark') },
    { label: 'Density: compact', icon: Rows3, run: () => remember('density', 'compact') },
    { label: 'Density: roomy', icon: Rows2, run: () => remember('density', 'roomy') },
  ].map((look) => ({ ...look, about: 'looks' }))
  return { all: [...own, ...pages, ...workspaces, ...below, ...looks], actions: [...own, ...looks] }
}
