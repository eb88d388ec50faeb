import { useNavigate, useRouterState } from '@tanstack/react-router'
import { Building2, ChevronsUpDown } from 'lucide-react'
import { type ComponentProps, useState } from 'react'
import { useMe, type Workspace } from '@/api/session'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { Menu } from '@/ui/Menu'
import { Chooser } from './Chooser'
import { sameSection } from './places'
import { ranked } from './rank'

/** More than these are looked for by their names. */
const MOST_IN_MENU = 7

export function Switcher({ workspace }: { workspace: Workspace | undefined }) {
  const me = useMe()
  const navigate = useNavigate()
  const path = useRouterState({ select: (state) => state.location.pathname })
  const [searching, setSearching] = useState(false)
  const choices = me.workspaces.map((other, at) => ({
    label: other.name,
    about: other.role,
    icon: Building2,
    keys: at < 9 ? `g ${at + 1}` : undefined,
    run: () => navigate({ to: sameSection(path, other.slug) }),
  }))
  if (choices.length > MOST_IN_MENU) {
    return (
      <>
        <Trigger workspace={workspace} aria-haspopup="dialog" onClick={() => setSearching(true)} />
        <Dialog open={searching} onClose={() => setSearching(false)} title="Switch the workspace" bare>
          {searching && <Search choices={choices} onClose={() => setSearching(false)} />}
        </Dialog>
      </>
    )
  }
  return (
    <Menu
      trigger={<Trigger workspace={workspace} />}
      items={[
        ...choices.map(({ label, about, keys, run }) => ({
          label: (
            <>
              {label} <span className="caption">{about}</span>
            </>
          ),
          icon: <Mark name={label} />,
          keys,
          run,
        })),
        'line',
        { label: 'New workspace…', run: () => navigate({ to: '/account/workspaces' }) },
      ]}
    />
  )
}

function Trigger({ workspace, ...rest }: { workspace: Workspace | undefined } & ComponentProps<typeof Button>) {
  return (
    <Button look="quiet" className="switcher" {...rest}>
      <Mark name={workspace?.name ?? 'Rampart'} />
      <span className="clip">{workspace?.name ?? 'No workspace'}</span>
      <span className="unseen">, switch the workspace</span>
      <ChevronsUpDown size={14} className="muted" />
    </Button>
  )
}

function Mark({ name }: { name: string }) {
  return (
    <i className="mark" aria-hidden="true">
      {name.charAt(0).toUpperCase()}
    </i>
  )
}

function Search({ choices, onClose }: { choices: ComponentProps<typeof Chooser>['choices']; onClose: () => void }) {
  const [text, setText] = useState('')
  return (
    <Chooser
      label="Workspace"
      placeholder="The name of a workspace"
      text={text}
      onText={setText}
      choices={ranked(choices, text)}
      onClose={onClose}
    />
  )
}
