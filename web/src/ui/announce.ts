// What changes without the focus moving is told to who cannot see it.

let region: HTMLElement | undefined

export function announce(text: string): void {
  if (!region) {
    region = document.createElement('div')
    region.className = 'unseen'
    region.setAttribute('role', 'status')
    document.body.append(region)
  }
  // The same words twice are news twice.
  region.textContent = ''
  requestAnimationFrame(() => {
    if (region) region.textContent = text
  })
}
