import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, type Schemas } from '@/api/client'
import { said } from '@/api/problem'
import { repositoryQuery } from '@/api/repository'
import { useMay } from '@/api/session'
import { Button } from '@/ui/Button'
import { Check, Select, Textarea } from '@/ui/Field'
import { Empty } from '@/ui/faces'
import { Panel } from '@/ui/Page'
import { toast } from '@/ui/toast'
import { Access } from './access'
import { useRepositoryId, type Whole } from './queries'

type Body = Schemas['RepositorySettingsBody']

const THRESHOLDS: [string, string][] = [
  ['none', 'never'],
  ['critical', 'critical'],
  ['high', 'high and worse'],
  ['medium', 'medium and worse'],
  ['low', 'low and worse'],
]

/** What is done with a repository; saved together, so that one look shows what changes. */
export function RepositorySettings() {
  const { data } = useSuspenseQuery(repositoryQuery(useRepositoryId()))
  const mayChange = useMay('member')
  if (!mayChange) {
    return (
      <Panel>
        <Empty title="Not for you to set.">Members of the workspace say what is done with a repository.</Empty>
      </Panel>
    )
  }
  return (
    <div className="stack wide">
      <Form key={data.id} repository={data} />
      {data.provider !== 'local' && <Access repository={data} />}
    </div>
  )
}

const lines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

function Form({ repository }: { repository: Whole }) {
  const client = useQueryClient()
  const { settings } = repository
  const was = {
    autoScanEnabled: repository.autoScanEnabled,
    commentOnPullRequests: settings.commentOnPullRequests,
    checkRunsEnabled: settings.checkRunsEnabled,
    failCheckOn: settings.failCheckOn,
    excludePaths: settings.excludePaths.join('\n'),
    languages: settings.languages.join('\n'),
    scanBranches: settings.scanBranches.join('\n'),
  }
  // A scan changes the repository again and again: what was typed stays, and the rest is as the server has it.
  const [typed, setTyped] = useState<Partial<typeof was>>({})
  const now = { ...was, ...typed }
  const change = (to: Partial<typeof was>) => setTyped({ ...typed, ...to })
  const changed = (Object.keys(was) as (keyof typeof was)[]).filter((field) => was[field] !== now[field])
  const save = useMutation({
    mutationFn: () => {
      const body: Record<string, unknown> = Object.fromEntries(changed.map((field) => [field, now[field]]))
      for (const field of ['excludePaths', 'languages', 'scanBranches'] as const)
        if (field in body) body[field] = lines(now[field])
      return answer(api.PATCH('/repositories/{id}/settings', { params: { path: { id: repository.id } }, body: body as Body }))
    },
    onSuccess: (saved) => {
      toast('Saved')
      setTyped({})
      client.setQueryData(['repositories', 'one', repository.id], saved)
    },
  })
  const isLocal = repository.provider === 'local'
  return (
    <form
      className="stack wide form"
      onSubmit={(event) => {
        event.preventDefault()
        if (changed.length > 0) save.mutate()
      }}
    >
      <Panel title="Monitoring" padded>
        <div className="stack wide">
          <Check
            label="Scan every push"
            hint="to the default branch and to those below"
            checked={now.autoScanEnabled}
            onChange={(event) => change({ autoScanEnabled: event.target.checked })}
          />
          <Textarea
            label="Further branches"
            hint={`Scanned besides ${repository.defaultBranch}; one on a line, at most 20.`}
            className="input mono"
            rows={2}
            value={now.scanBranches}
            onChange={(event) => change({ scanBranches: event.target.value })}
          />
        </div>
      </Panel>
      <Panel title="What is scanned" padded>
        <div className="stack wide">
          <Textarea
            label="Not these paths"
            hint="Globs as in .gitignore, one on a line: vendor/**, **/*.min.js"
            className="input mono"
            rows={4}
            value={now.excludePaths}
            onChange={(event) => change({ excludePaths: event.target.value })}
          />
          <Textarea
            label="Only these languages"
            hint="One on a line; all when empty."
            className="input mono"
            rows={2}
            value={now.languages}
            onChange={(event) => change({ languages: event.target.value })}
          />
        </div>
      </Panel>
      <Panel title="Pull requests" padded>
        <div className="stack wide">
          {isLocal && <p className="note">A folder has no pull requests; these hold once it is connected from a forge.</p>}
          <Check
            label="Comment on pull requests"
            checked={now.commentOnPullRequests}
            onChange={(event) => change({ commentOnPullRequests: event.target.checked })}
          />
          <Check
            label="Report a check"
            checked={now.checkRunsEnabled}
            onChange={(event) => change({ checkRunsEnabled: event.target.checked })}
          />
          <Select
            label="The check fails for"
            className="input fit"
            value={now.failCheckOn}
            onChange={(event) => change({ failCheckOn: event.target.value })}
          >
            {THRESHOLDS.map(([name, words]) => (
              <option key={name} value={name}>
                {words}
              </option>
            ))}
          </Select>
        </div>
      </Panel>
      {save.isError && (
        <p className="note bad" role="alert">
          {said(save.error)}
        </p>
      )}
      <div className="row">
        <Button
          type="submit"
          look="primary"
          busy={save.isPending && 'Saving…'}
          refused={changed.length === 0 && 'Nothing has changed'}
        >
          Save
        </Button>
        {changed.length > 0 && (
          <>
            <Button onClick={() => setTyped({})}>Discard</Button>
            <span className="muted" role="status">
              {changed.length === 1 ? '1 change' : `${changed.length} changes`} not saved
            </span>
          </>
        )}
      </div>
    </form>
  )
}
