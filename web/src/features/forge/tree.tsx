import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { ArrowUpRight, FileText, Folder, Link2 } from 'lucide-react'
import { answer, api } from '@/api/client'
import { useWorkspace } from '@/api/session'
import { useFilter } from '@/lib/filter'
import { bytes, counted } from '@/lib/format'
import { useRows } from '@/lib/rows'
import { Empty, Loaded } from '@/ui/faces'
import { Panel } from '@/ui/Page'
import { SearchField } from '@/ui/SearchField'
import { PathCrumbs } from './crumbs'
import { type Item, inFolder, matching } from './folder'
import { type Entry, treeQuery, useRepositoryId } from './queries'

/** Paths that are shown for what is typed. */
const FOUND = 100

/** The files of the default branch as of the last scan, folder by folder, with how many findings are in each. */
export function RepositoryTree() {
  const id = useRepositoryId()
  const [{ path = '', q = '' }, change] = useFilter<{ path?: string; q?: string }>()
  const tree = useQuery(treeQuery(id))
  return (
    <>
      <div className="toolbar">
        <SearchField label="Go to file" value={q} onChange={(q) => change({ q })} />
        <PathCrumbs id={id} path={path} />
        {tree.data && (
          <span className="muted num" role="status">
            {counted(tree.data.entries.length, 'file')} · <code>{tree.data.commitSha.slice(0, 7)}</code>
          </span>
        )}
      </div>
      <Panel>
        <Loaded query={tree} rows={10}>
          {({ entries }) => {
            const items = q ? matching(entries, q, FOUND).map(found) : inFolder(entries, path)
            if (items.length === 0) {
              return <Empty title={q ? 'No path has these letters.' : 'Nothing is here.'}>The list is as of the last scan.</Empty>
            }
            return <Items id={id} items={items} parent={q || !path ? undefined : path.split('/').slice(0, -1).join('/')} />
          }}
        </Loaded>
      </Panel>
    </>
  )
}

const found = (entry: Entry): Item => ({ ...entry, name: entry.path, kind: entry.type, files: 1 })

function Items({ id, items, parent }: { id: string; items: Item[]; parent: string | undefined }) {
  const { slug } = useWorkspace()
  const navigate = useNavigate()
  const counts = useFileCounts(id)
  const target = (item: Item) => ({
    to: `/w/$slug/repositories/$id/${item.kind === 'folder' ? 'tree' : 'file'}` as never,
    params: { slug, id } as never,
    search: { path: item.path } as never,
  })
  const rows = useRows({
    count: items.length,
    open: (at) => items[at] && isOpenable(items[at]) && navigate(target(items[at])),
  })
  return (
    <table className="grid plain">
      <thead className="unseen">
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Findings</th>
          <th scope="col">Size</th>
        </tr>
      </thead>
      <tbody ref={rows.holder as never}>
        {parent !== undefined && (
          <tr>
            <td className="first" colSpan={3}>
              <Link {...target({ kind: 'folder', path: parent, name: '..', size: 0, files: 0 })}>..</Link>
            </td>
          </tr>
        )}
        {items.map((item, at) => {
          const open = counts.within(item)
          return (
            <tr key={item.path} {...rows.row(at)}>
              <td className="first clip">
                <span className="row">
                  <Icon kind={item.kind} />
                  {isOpenable(item) ? (
                    <Link {...target(item)} className="clip mono" title={item.path}>
                      {item.name}
                      {item.kind === 'folder' && '/'}
                    </Link>
                  ) : (
                    <span className="clip mono muted" title={item.path}>
                      {item.name}
                    </span>
                  )}
                </span>
              </td>
              <td className="end tree-count">
                {open > 0 && (
                  <Link
                    to={'/w/$slug/findings' as never}
                    params={{ slug } as never}
                    search={{ repo: id, q: item.path } as never}
                    aria-label={`${counted(open, 'finding')} in ${item.path}`}
                  >
                    {counted(open, 'finding')}
                  </Link>
                )}
              </td>
              <td className="end muted tree-size">
                {item.kind === 'folder' ? counted(item.files, 'file') : item.kind === 'file' ? bytes(item.size) : item.kind}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

const isOpenable = ({ kind }: Item) => kind === 'folder' || kind === 'file'

function Icon({ kind }: { kind: Item['kind'] }) {
  const Shape = { folder: Folder, file: FileText, link: Link2, submodule: ArrowUpRight }[kind]
  return <Shape size={15} aria-hidden="true" className="muted" />
}

/** Open findings by file, the fullest files first, as far as the API names them. */
function useFileCounts(id: string) {
  const statistics = useQuery({
    queryKey: ['findings', 'statistics', id],
    queryFn: () => answer(api.GET('/repositories/{id}/statistics', { params: { path: { id } } })),
  })
  const files = statistics.data?.byFile ?? []
  return {
    within: ({ path, kind }: Item) =>
      files
        .filter(({ name }) => (kind === 'folder' ? name.startsWith(`${path}/`) : name === path))
        .reduce((sum, { count }) => sum + count, 0),
  }
}
