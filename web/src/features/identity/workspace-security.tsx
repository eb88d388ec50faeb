import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useState } from 'react'
import { answer, api, type Schemas } from '@/api/client'
import { hasCode, said } from '@/api/problem'
import { useWorkspace } from '@/api/session'
import { Button, IconButton } from '@/ui/Button'
import { Check, Input } from '@/ui/Field'
import { Loaded } from '@/ui/faces'
import { Panel } from '@/ui/Page'
import { toast } from '@/ui/toast'
import { FormError } from './door'

type Policy = Schemas['Policy']

export function Security() {
  const { id } = useWorkspace()
  const query = useQuery({
    queryKey: ['security', id],
    queryFn: () => answer(api.GET('/workspaces/{id}/security', { params: { path: { id } } })),
  })
  return <Loaded query={query}>{(policy) => <Form saved={policy} key={JSON.stringify(policy)} />}</Loaded>
}

function Form({ saved }: { saved: Policy }) {
  const { id } = useWorkspace()
  const client = useQueryClient()
  const [policy, setPolicy] = useState(saved)
  const set = (change: Partial<Policy>) => setPolicy({ ...policy, ...change })
  const changes = (Object.keys(policy) as (keyof Policy)[]).filter(
    (key) => JSON.stringify(policy[key]) !== JSON.stringify(saved[key]),
  )
  const save = useMutation({
    mutationFn: ({ body, force }: { body: Policy; force?: boolean }) =>
      answer(api.PUT('/workspaces/{id}/security', { params: { path: { id }, query: { force } as never }, body })),
    onSuccess: (now) => {
      toast('Security saved', () => save.mutate({ body: saved }))
      client.setQueryData(['security', id], now)
    },
  })
  return (
    <form
      className="form stack wide"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate({ body: policy })
      }}
    >
      <Panel title="Second factor" padded>
        <Check
          label="Required of all"
          hint="who has none sets one up at the next sign-in"
          checked={policy.requireTwoFactor}
          onChange={(event) => set({ requireTwoFactor: event.target.checked })}
        />
      </Panel>
      <Panel title="Sessions" padded>
        <div className="row wrap">
          <Minutes
            label="End after, minutes"
            value={policy.sessionTimeoutMinutes}
            onChange={(sessionTimeoutMinutes) => set({ sessionTimeoutMinutes })}
          />
          <Minutes
            label="When idle after, minutes"
            value={policy.idleTimeoutMinutes}
            onChange={(idleTimeoutMinutes) => set({ idleTimeoutMinutes })}
          />
        </div>
      </Panel>
      <Panel title="Addresses" padded>
        <div className="stack">
          <Check
            label="Only from these networks"
            checked={policy.ipAllowlistEnabled}
            onChange={(event) => set({ ipAllowlistEnabled: event.target.checked })}
          />
          <ListInput
            label="Networks"
            hint="An address, or a network such as 10.0.0.0/8."
            items={policy.ipAllowlist}
            onChange={(ipAllowlist) => set({ ipAllowlist })}
          />
        </div>
      </Panel>
      <Panel title="Passwords" padded>
        <div className="row wrap">
          <Minutes
            label="At least, characters"
            value={policy.passwordPolicy.minLength}
            min={12}
            max={128}
            onChange={(minLength) => set({ passwordPolicy: { ...policy.passwordPolicy, minLength } })}
          />
          <Minutes
            label="Renewed after, days"
            value={policy.passwordPolicy.maxAgeDays}
            max={3650}
            onChange={(maxAgeDays) => set({ passwordPolicy: { ...policy.passwordPolicy, maxAgeDays } })}
          />
        </div>
      </Panel>
      <Panel title="Invitations" padded>
        <ListInput
          label="Only to addresses in these domains"
          hint="Such as acme.example; anybody while there is none."
          items={policy.allowedEmailDomains}
          onChange={(allowedEmailDomains) => set({ allowedEmailDomains })}
        />
      </Panel>
      {save.isError && (
        <FormError>
          {said(save.error)}{' '}
          {hasCode(save.error, 'CONFLICT') && (
            <Button look="link" onClick={() => save.mutate({ body: policy, force: true })}>
              Save it even so
            </Button>
          )}
        </FormError>
      )}
      <div className="row wrap">
        <Button
          type="submit"
          look="primary"
          busy={save.isPending && 'Saving…'}
          refused={changes.length === 0 && 'Nothing has changed'}
        >
          Save
        </Button>
        {changes.length > 0 && (
          <>
            <Button look="quiet" onClick={() => setPolicy(saved)}>
              Discard
            </Button>
            <span className="muted">{changes.length === 1 ? '1 change' : `${changes.length} changes`} not saved</span>
          </>
        )}
      </div>
    </form>
  )
}

/** A number that may be nothing. */
function Minutes({
  label,
  value,
  min = 1,
  max,
  onChange,
}: {
  label: string
  value: number | null | undefined
  min?: number
  max?: number
  onChange: (value: number | null) => void
}) {
  return (
    <Input
      label={label}
      type="number"
      min={min}
      max={max}
      placeholder="not set"
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value === '' ? null : Number(event.target.value))}
    />
  )
}

function ListInput({
  label,
  hint,
  items,
  onChange,
}: {
  label: string
  hint: string
  items: string[]
  onChange: (items: string[]) => void
}) {
  const [text, setText] = useState('')
  const add = () => {
    const item = text.trim()
    if (item && !items.includes(item)) onChange([...items, item])
    setText('')
  }
  return (
    <div className="stack">
      <div className="row">
        <Input
          label={label}
          hint={hint}
          className="input mono"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onBlur={add}
          onKeyDown={(event) => {
            if (event.key === 'Enter') {
              event.preventDefault()
              add()
            }
          }}
        />
      </div>
      {items.length > 0 && (
        <ul className="row wrap">
          {items.map((item) => (
            <li key={item} className="chip mono">
              {item}
              <IconButton
                label={`Remove ${item}`}
                icon={<X size={12} />}
                onClick={() => onChange(items.filter((one) => one !== item))}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
