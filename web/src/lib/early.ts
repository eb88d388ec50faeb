// The one question that is asked before the code of the page has come: who is there.

let asked: Promise<Response> | undefined

export function askEarly(): void {
  asked = fetch('/api/v1/auth/me')
  // Who takes it hears why it failed.
  asked.catch(() => undefined)
}

/** The answer, once: who signs in afterwards is somebody else. */
export function takeEarly(): Promise<Response> | undefined {
  const taken = asked
  asked = undefined
  return taken
}
