import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { answer, api } from '@/api/client'
import { hasCode, said } from '@/api/problem'
import { useMay, useWorkspace } from '@/api/session'
import { remember } from '@/lib/stored'
import { Button } from '@/ui/Button'
import { FormDialog } from '@/ui/Dialog'
import { Check, Input } from '@/ui/Field'
import { Page } from '@/ui/Page'
import { AtForge, type Forge } from './at-forge'
import { FirstScan } from './first-scan'
import './forge.css'

/** A repository that is to be connected: a folder, one that an account sees, or one with a token for it. */
export interface Wanted {
  provider: 'local' | Forge
  repoUrl?: string
  providerRepoId?: string
  fullName?: string
  accessToken?: string
}

/** Connects a repository and leads to what comes of it: its first scan, or the repository; in the first run, to its next step. */
function useConnect({ isFirst }: { isFirst?: boolean } = {}) {
  const { slug } = useWorkspace()
  const client = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: async (wanted: Wanted) => {
      const repository = await answer(api.POST('/repositories/connect', { body: wanted as never }))
      const query = { repositoryId: repository.id, limit: 1 }
      const begun = await answer(api.GET('/scans', { params: { query: query as never } })).catch(() => undefined)
      return { repository, scan: begun?.scans[0] }
    },
    onSuccess: ({ repository, scan }) => {
      client.invalidateQueries({ queryKey: ['repositories'] })
      client.invalidateQueries({ queryKey: ['findings'] })
      if (isFirst) {
        navigate({ to: '/w/$slug/welcome' as never, params: { slug } as never, search: { repository: repository.id } as never })
        return
      }
      const to = scan ? '/w/$slug/scans/$id' : '/w/$slug/repositories/$id'
      navigate({ to: to as never, params: { slug, id: scan?.id ?? repository.id } as never })
    },
  })
}

const PLACES = [
  ['local', 'Folder on the machine of the server'],
  ['github', 'GitHub'],
  ['gitlab', 'GitLab'],
] as const

const NOTHING: Wanted = { provider: 'local' }

/** What is filled in, what is missing in it, and the fields for both. */
function useFields(): { wanted: Wanted; missing: string | false; fields: ReactNode } {
  const [wanted, setWanted] = useState(NOTHING)
  const change = (to: Partial<Wanted>) => setWanted({ ...wanted, ...to })
  const fields = (
    <>
      <fieldset className="fieldset stack">
        <legend className="label">Where it lies</legend>
        {PLACES.map(([provider, label]) => (
          <Check
            key={provider}
            type="radio"
            name="provider"
            label={label}
            checked={wanted.provider === provider}
            onChange={() => setWanted({ provider })}
          />
        ))}
      </fieldset>
      {wanted.provider === 'local' ? (
        <Input
          label="Folder"
          hint="A git repository, such as /srv/code/shop. It is read, never written to."
          required
          className="input mono"
          value={wanted.repoUrl ?? ''}
          onChange={(event) => change({ repoUrl: event.target.value })}
        />
      ) : (
        <AtForge key={wanted.provider} forge={wanted.provider} wanted={wanted} change={change} />
      )}
    </>
  )
  return { wanted, missing: missing(wanted), fields }
}

function missing({ provider, providerRepoId, fullName, accessToken }: Wanted): string | false {
  if (provider === 'local' || providerRepoId) return false
  if (!fullName && !accessToken) return 'Choose a repository first'
  return (!fullName || !accessToken) && 'The name and the token go together'
}

function Refused({ error }: { error: Error | null }) {
  if (!error) return null
  return (
    <p className="note bad" role="alert">
      {hasCode(error, 'REPOSITORY_ALREADY_CONNECTED') ? 'This repository is connected already.' : said(error)}
    </p>
  )
}

export function ConnectDialog({ onClose }: { onClose: () => void }) {
  const { wanted, missing, fields } = useFields()
  const connect = useConnect()
  return (
    <FormDialog
      open
      onClose={onClose}
      title="Connect a repository"
      action="Connect and scan"
      busy={connect.isPending && 'Connecting…'}
      refused={missing}
      onSubmit={() => connect.mutate(wanted)}
    >
      {fields}
      <Refused error={connect.error} />
    </FormDialog>
  )
}

const STEPS = ['Account', 'Repository', 'First scan']

/** The second step of the first run, in a workspace that has nothing yet, and the third. */
export function Welcome() {
  const { slug, name } = useWorkspace()
  const mayConnect = useMay('member')
  const navigate = useNavigate()
  const { repository } = useSearch({ strict: false }) as { repository?: string }
  const current = repository ? 2 : 1
  const { wanted, missing, fields } = useFields()
  const connect = useConnect({ isFirst: true })
  const skip = () => {
    remember(`welcome.${slug}`, 'skipped')
    navigate({ to: '/w/$slug', params: { slug } })
  }
  return (
    <Page title={repository ? 'The first scan' : 'Connect a first repository'} about={name} narrow>
      <ol className="run" aria-label="First run">
        {STEPS.map((step, at) => (
          <li key={step} aria-current={at === current ? 'step' : undefined}>
            <span aria-hidden="true">{at < current ? '✓' : at === current ? '●' : '○'}</span> {step}
          </li>
        ))}
      </ol>
      {repository ? (
        <FirstScan repositoryId={repository} />
      ) : mayConnect ? (
        <form
          className="panel panel-body stack wide form"
          onSubmit={(event) => {
            event.preventDefault()
            if (!connect.isPending && !missing) connect.mutate(wanted)
          }}
        >
          <p className="reading">
            Rampart reads the code where it is and scans it at once; what it finds, and what to do about it first, stands on the
            overview. Which folders it may read is set on the server, as <code>LOCAL_GIT_ROOTS</code>.
          </p>
          {fields}
          <Refused error={connect.error} />
          <div className="row">
            <Button type="submit" look="primary" busy={connect.isPending && 'Connecting…'} refused={missing}>
              Connect and scan
            </Button>
            <Button look="quiet" onClick={skip}>
              Skip for now
            </Button>
          </div>
        </form>
      ) : (
        <p className="reading">Nothing is connected yet. Somebody who is a member or more can connect a repository.</p>
      )}
    </Page>
  )
}
