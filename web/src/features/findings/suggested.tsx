import { Button, CopyButton } from '@/ui/Button'
import { Change } from '@/ui/code/Change'
import { Panel } from '@/ui/Page'
import { patch, readFix, replaced } from './patch'
import { useOwnFile } from './place'
import type { Detail } from './queries'

/** The change that the rule proposes, as whole lines. */
export function Suggested({ finding }: { finding: Detail }) {
  const download = usePatch(finding)
  const fix = readFix(finding.fix)
  if (!fix) return null
  const lines = replaced(finding.lines, finding.firstLine, fix)
  const after = lines?.after.join('\n') ?? fix.replacement
  return (
    <Panel
      title="Suggested change"
      actions={
        <>
          {download && (
            <Button small look="quiet" onClick={download}>
              Download patch
            </Button>
          )}
          <CopyButton text={after} label="Copy the change" />
        </>
      }
    >
      <Change path={finding.filePath} before={lines?.before ?? []} first={fix.start.line} after={after} />
    </Panel>
  )
}

/** Saves the change for `git apply`; nothing where there is none, or the file is another by now. */
export function usePatch(finding: Detail): (() => void) | undefined {
  const fix = readFix(finding.fix)
  const content = useOwnFile(finding, fix !== undefined)
  const text = fix && content !== undefined ? patch(finding.filePath, content, fix) : undefined
  if (text === undefined) return undefined
  return () => {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/x-diff' }))
    link.download = `${finding.filePath.split('/').at(-1)}-${finding.lineNumber}.patch`
    link.click()
    // The browser has taken it by then.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
  }
}
