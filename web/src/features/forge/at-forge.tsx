import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Lock } from 'lucide-react'
import { useState } from 'react'
import { answer, api, type Schemas } from '@/api/client'
import { hasCode, said } from '@/api/problem'
import { entranceQuery, useMay, useWorkspace } from '@/api/session'
import { counted } from '@/lib/format'
import { Button } from '@/ui/Button'
import { visible } from '@/ui/code/Text'
import { Input, Password } from '@/ui/Field'
import { SkeletonRows } from '@/ui/faces'
import { SearchField } from '@/ui/SearchField'
import type { Wanted } from './connect'

type Available = Schemas['AvailableRepository']

/** Repositories that are shown; what is typed finds the others. */
const SHOWN = 20

/** What forges call things, and what a token of theirs has to reach. */
const FORGES = {
  github: {
    name: 'GitHub',
    fullName: { hint: 'owner/name, as in its address at GitHub', example: 'acme/shop' },
    token: 'It needs to read the code, and to write checks, comments and the webhook where those are wanted.',
  },
  gitlab: {
    name: 'GitLab',
    fullName: { hint: 'group/name, as in its address at GitLab; groups may lie within groups', example: 'acme/web/shop' },
    token:
      'One of the project, a group or a person, with the scope api. To make the webhook it needs the role Maintainer; Developer is enough for all else.',
  },
} as const

export type Forge = keyof typeof FORGES

interface Props {
  forge: Forge
  wanted: Wanted
  change: (to: Partial<Wanted>) => void
}

/** A repository at a forge: one that is seen there by whoever asks for the workspace, or any with a token for it. */
export function AtForge({ forge, wanted, change }: Props) {
  const { slug } = useWorkspace()
  const [q, setQ] = useState('')
  const { name, fullName, token } = FORGES[forge]
  const list = useQuery({
    queryKey: ['repositories', 'available', slug, forge, q],
    queryFn: () => {
      const query = { provider: forge, q: q || undefined, limit: SHOWN }
      return answer(api.GET('/repositories/available', { params: { query: query as never } }))
    },
    placeholderData: (before) => before,
    retry: false,
  })
  const isUnlinked = hasCode(list.error, 'GITHUB_NOT_CONNECTED', 'PROVIDER_NOT_CONFIGURED')
  return (
    <>
      {isUnlinked ? (
        <div className="note">{forge === 'github' ? <Unlinked error={list.error} /> : <p>{said(list.error)}</p>}</div>
      ) : list.isError ? (
        <p className="note bad" role="alert">
          {said(list.error)}
        </p>
      ) : (
        <div className="stack">
          <SearchField label="Filter by name" value={q} onChange={setQ} />
          {list.data ? (
            <Choices
              at={name}
              items={list.data.repositories}
              total={list.data.total}
              chosen={wanted.providerRepoId}
              onChoose={(providerRepoId) => change({ providerRepoId, fullName: undefined, accessToken: undefined })}
            />
          ) : (
            <SkeletonRows rows={4} />
          )}
        </div>
      )}
      <details className="by-token" open={isUnlinked || undefined}>
        <summary>By its name and an access token</summary>
        <div className="stack wide">
          <Input
            label="Full name"
            hint={fullName.hint}
            className="input mono"
            placeholder={fullName.example}
            autoCapitalize="off"
            spellCheck={false}
            value={wanted.fullName ?? ''}
            onChange={(event) => change({ fullName: event.target.value.trim(), providerRepoId: undefined })}
          />
          <Password
            label="Access token"
            hint={`It is kept sealed and used for this repository only. ${token}`}
            autoComplete="off"
            value={wanted.accessToken ?? ''}
            onChange={(event) => change({ accessToken: event.target.value.trim(), providerRepoId: undefined })}
          />
        </div>
      </details>
      {forge === 'github' && <Install />}
    </>
  )
}

function Choices({
  at,
  items,
  total,
  chosen,
  onChoose,
}: {
  at: string
  items: Available[]
  total: number
  chosen: string | undefined
  onChoose: (id: string) => void
}) {
  if (items.length === 0) return <p className="muted">Nothing that the account sees is called so.</p>
  return (
    <>
      <ul className="choices" aria-label={`Repositories at ${at}`}>
        {items.map(({ providerRepoId, fullName, language, connected, ...one }) => (
          <li key={providerRepoId}>
            <label className="check">
              <input
                type="radio"
                name="repository"
                checked={chosen === providerRepoId}
                disabled={connected}
                onChange={() => onChoose(providerRepoId)}
              />
              <span className="grow">{visible(fullName)}</span>
              {one.private && <Lock size={12} role="img" aria-label="private" className="muted" />}
              <span className="caption">{connected ? '✓ connected' : language}</span>
            </label>
          </li>
        ))}
      </ul>
      {total > items.length && (
        <p className="caption" role="status">
          {counted(total - items.length, 'further repository', 'further repositories')}: type a part of the name.
        </p>
      )}
    </>
  )
}

/** Nobody has said yet as whom GitHub is asked. */
function Unlinked({ error }: { error: Error | null }) {
  const ways = useQuery(entranceQuery).data?.oauthProviders ?? []
  return (
    <div className="stack">
      <p>{hasCode(error, 'PROVIDER_NOT_CONFIGURED') ? said(error) : 'No account at GitHub is linked to yours.'}</p>
      {ways.includes('github') ? (
        <p>
          <Link to="/account/connections">Link your account</Link>, and choose among what it sees.
        </p>
      ) : (
        <p>
          Accounts can be linked once an administrator has set <code>GITHUB_CLIENT_ID</code> and <code>GITHUB_CLIENT_SECRET</code>
          . With an access token a repository is connected without that.
        </p>
      )}
    </div>
  )
}

/** To GitHub, where the app is installed for the workspace that opens first: what the browser follows names no other. */
function Install() {
  const isAdmin = useMay('admin')
  const leave = useMutation({
    // It is told, not followed: the browser could not say for which workspace.
    mutationFn: () => answer(api.GET('/integrations/github/install', { headers: { accept: 'application/json' } })),
    onSuccess: ({ url }) => window.location.assign(url),
  })
  if (!isAdmin) return null
  return (
    <div className="stack">
      <div className="row wrap">
        <Button small busy={leave.isPending && 'One moment…'} onClick={() => leave.mutate()}>
          Install the app at GitHub
        </Button>
        <span className="caption">Then whole organisations are seen without anybody’s account.</span>
      </div>
      {leave.isError && (
        <p className="note bad" role="alert">
          {said(leave.error)}
        </p>
      )}
    </div>
  )
}
