export interface TraceStep {
  path: string
  start: { line: number; column: number }
  end: { line: number; column: number }
  text: string
  note: string
}

/** The way of the data as the API tells it; nothing where it tells none. */
export function readTrace(told: unknown): TraceStep[] {
  if (!Array.isArray(told)) return []
  return told.filter((step): step is TraceStep => typeof step?.path === 'string' && typeof step?.start?.line === 'number')
}

/** The steps by file; source first, sink last, by shape as well as by place. */
export function Steps({ trace, at, go }: { trace: TraceStep[]; at: number; go: (to: number) => void }) {
  const files = new Set(trace.map((step) => step.path)).size
  return (
    <section className="panel steps" aria-label="Path of the data">
      <header className="panel-head">
        <h2>
          {trace.length} steps{files > 1 && ` · ${files} files`}
        </h2>
        <kbd>[</kbd>
        <kbd>]</kbd>
      </header>
      <ol>
        {trace.map((step, index) => (
          <li key={index}>
            {step.path !== trace[index - 1]?.path && <p className="file mono muted">{step.path}</p>}
            <button type="button" onClick={() => go(index)} aria-current={index === at ? 'step' : undefined}>
              <span className="num muted">{index + 1}</span>
              <span aria-hidden="true">{index === 0 ? '◯' : index === trace.length - 1 ? '◆' : '│'}</span>
              <span>
                <span className="unseen">{index === 0 ? 'Source: ' : index === trace.length - 1 ? 'Sink: ' : ''}</span>
                {step.note || step.text}
              </span>
              <span className="mono muted">:{step.start.line}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  )
}
