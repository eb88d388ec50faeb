import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useState } from 'react'
import { answer, api } from '@/api/client'
import { hasCode, said } from '@/api/problem'
import { useMay } from '@/api/session'
import { useFilter } from '@/lib/filter'
import { Button, IconButton } from '@/ui/Button'
import { Change } from '@/ui/code/Change'
import { visible } from '@/ui/code/Text'
import { Textarea } from '@/ui/Field'
import { FilterSelect } from '@/ui/FilterSelect'
import { Empty } from '@/ui/faces'
import { Count, PagedList } from '@/ui/List'
import { Panel } from '@/ui/Page'
import { Prose } from '@/ui/Prose'
import { SeverityMark } from '@/ui/Severity'
import { Time } from '@/ui/Time'
import { toast } from '@/ui/toast'
import { type Comment, commentsQuery, type PullDetail } from './queries'
import { readable, readPlace } from './words'

/** Characters of a comment, as the API takes them. */
const MOST_LETTERS = 65_536

const AUTHORS = [
  ['', 'By everybody'],
  ['ai', 'By Rampart'],
  ['user', 'By people'],
] as const

/** What was said at the pull request, the oldest first, and the place to say more. */
export function Comments({ pull }: { pull: PullDetail }) {
  const mayComment = useMay('member')
  const [{ author, page }, change] = useFilter<{ author?: string; page?: number }>()
  const list = useQuery(commentsQuery(pull.id, { author, page }))
  return (
    <>
      <div className="toolbar">
        <FilterSelect label="Author" value={author} options={AUTHORS} onChange={(author) => change({ author })} />
        <Count of={list.data} one="comment" />
      </div>
      <PagedList
        query={list}
        of={(data) => data.comments}
        rows={4}
        empty={
          <Empty title={author ? 'Nothing matches.' : 'Nothing was said yet.'}>
            Comments at the forge appear here, and what is written here appears there.
          </Empty>
        }
      >
        {(comments) => (
          <ul className="comments">
            {comments.map((comment) => (
              <Said key={comment.id} comment={comment} />
            ))}
          </ul>
        )}
      </PagedList>
      {mayComment && <Say pull={pull} />}
    </>
  )
}

function Said({ comment }: { comment: Comment }) {
  const isOurs = comment.author === 'ai'
  const { filePath, lineNumber, suggestion } = comment
  return (
    <li>
      <p className="row wrap">
        {isOurs && comment.category === 'finding' && <SeverityMark severity={comment.severity} />}
        <strong>{isOurs ? 'Rampart' : visible(comment.authorName ?? 'Somebody')}</strong>
        {filePath && (
          <code>
            {visible(filePath)}:{lineNumber}
          </code>
        )}
        <span className="caption">
          <Time at={comment.createdAt} />
        </span>
      </p>
      <div className="stack reading said">
        <Prose text={isOurs ? readable(comment.comment) : comment.comment} />
      </div>
      {suggestion && (
        <div className="said-change">
          <Change path={filePath ?? ''} before={[]} first={lineNumber ?? 1} after={suggestion} />
        </div>
      )}
    </li>
  )
}

/** Says something at the forge, in the conversation or beside the line of the address. */
function Say({ pull }: { pull: PullDetail }) {
  const client = useQueryClient()
  const [{ at }, change] = useFilter<{ at?: string }>()
  const [text, setText] = useState('')
  const place = readPlace(at)
  const say = useMutation({
    mutationFn: () => {
      const beside = place && { filePath: place.path, lineNumber: place.line }
      return answer(
        api.POST('/pull-requests/{id}/comments', { params: { path: { id: pull.id } }, body: { comment: text, ...beside } }),
      )
    },
    onSuccess: () => {
      setText('')
      change({ at: undefined })
      toast('Said at the pull request')
      client.invalidateQueries({ queryKey: ['pulls', 'comments', pull.id] })
    },
  })
  return (
    <Panel title="Comment" padded>
      <form
        className="stack wide form"
        onSubmit={(event) => {
          event.preventDefault()
          if (!say.isPending && text.trim()) say.mutate()
        }}
      >
        {place && (
          <p className="row">
            <span>
              beside{' '}
              <code>
                {visible(place.path)}:{place.line}
              </code>
            </span>
            <IconButton label="Not beside a line" icon={<X size={14} />} onClick={() => change({ at: undefined })} />
          </p>
        )}
        <Textarea
          label="What to say"
          hint="Markdown. It is written at the forge, for everybody who sees the pull request there."
          required
          rows={4}
          maxLength={MOST_LETTERS}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        {say.isError && (
          <p className="note bad" role="alert">
            {hasCode(say.error, 'GITHUB_NOT_CONNECTED', 'PROVIDER_NOT_CONFIGURED')
              ? 'Rampart cannot write at this repository: at GitHub, link an account that may or have the app installed there; at GitLab, give the repository a token that may.'
              : said(say.error)}
          </p>
        )}
        <div>
          <Button
            type="submit"
            look="primary"
            busy={say.isPending && 'Saying…'}
            refused={text.trim() === '' && 'There is nothing to say yet'}
          >
            Comment
          </Button>
        </div>
      </form>
    </Panel>
  )
}
