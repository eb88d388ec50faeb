/** A score and its grade; never a number where nothing was rated. */
export function Score({ value }: { value: number | null | undefined }) {
  if (value == null) return <span className="muted">not rated</span>
  return (
    <span className="num strong">
      {value} <span className="muted">{grade(value)}</span>
    </span>
  )
}

function grade(score: number): string {
  if (score >= 90) return 'A'
  if (score >= 80) return 'B'
  if (score >= 60) return 'C'
  return score >= 40 ? 'D' : 'E'
}
