/** Whether it is in the clipboard now. Over plain http browsers give none; the older way works there. */
export async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    )
  }
  const field = document.createElement('textarea')
  field.value = text
  field.className = 'unseen'
  // In a dialog nothing outside it takes the focus.
  const holder = document.activeElement?.closest('[role=dialog]') ?? document.body
  const before = document.activeElement as HTMLElement | null
  holder.append(field)
  field.select()
  const done = document.execCommand('copy')
  field.remove()
  before?.focus()
  return done
}
