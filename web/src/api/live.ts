// One socket: what happens in a workspace, as it happens. It comes back by itself and asks for what it missed.

import type { LiveEvent } from '@/lib/feature'

export type Standing = 'connecting' | 'live' | 'reconnecting' | 'offline'

/** Before the first attempt, and the most between two. */
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 30_000
/** We ask whether the server is there, for a page does not see that it asks; after a minute of silence the line is dead. */
const PING_MS = 25_000
const SILENCE_MS = 60_000
/** What comes is told at most four times a second. */
const GATHER_MS = 250

/** Closed for good: signed out, or no part in the workspace any more. */
const NOBODY = 4401
const NO_PART = 4403
/** Too slow: what was missed is unknown. */
const TOO_SLOW = 4408

interface Listeners {
  events: (events: LiveEvent[]) => void
  standing: (standing: Standing) => void
  /** More was missed than is told again. */
  reset: () => void
  /** One is nobody any more. */
  ended: () => void
  /** One is still somebody, and has no part in the workspace any more. */
  left: () => void
}

export class Live {
  private socket: WebSocket | undefined
  private attempts = 0
  private last: string | undefined
  private seen = new Set<string>()
  private gathered: LiveEvent[] = []
  private gathering: number | undefined
  private waiting: number | undefined
  private silence: number | undefined
  private pinging: number | undefined
  private stopped = false
  private wasLive = false

  constructor(
    private readonly path: string,
    private readonly query: Record<string, string>,
    private readonly listeners: Listeners,
  ) {
    window.addEventListener('online', this.now)
    window.addEventListener('offline', this.lost)
    this.connect()
  }

  stop(): void {
    this.stopped = true
    window.removeEventListener('online', this.now)
    window.removeEventListener('offline', this.lost)
    for (const timer of [this.gathering, this.waiting, this.silence]) clearTimeout(timer)
    clearInterval(this.pinging)
    this.socket?.close()
  }

  /** Without waiting longer. */
  now = (): void => {
    clearTimeout(this.waiting)
    if (!this.stopped && this.socket?.readyState !== WebSocket.OPEN) this.connect()
  }

  private lost = (): void => {
    this.socket?.close()
    this.listeners.standing('offline')
  }

  private connect(): void {
    this.listeners.standing(this.wasLive ? 'reconnecting' : 'connecting')
    const query = new URLSearchParams(this.query)
    if (this.last) query.set('lastEventId', this.last)
    const address = new URL(`${this.path}?${query}`, window.location.href)
    address.protocol = address.protocol.replace('http', 'ws')
    const socket = new WebSocket(address)
    this.socket = socket
    socket.onmessage = (message) => {
      if (socket === this.socket) this.hear(String(message.data))
    }
    socket.onclose = (close) => {
      if (socket === this.socket && !this.stopped) this.closed(close.code)
    }
  }

  private hear(text: string): void {
    clearTimeout(this.silence)
    this.silence = window.setTimeout(() => this.socket?.close(), SILENCE_MS)
    const event = JSON.parse(text) as LiveEvent
    if (event.event === 'ready') {
      this.attempts = 0
      // Who has heard nothing so far cannot say where to go on.
      if (this.wasLive && !this.last) this.listeners.reset()
      this.wasLive = true
      this.listeners.standing('live')
      clearInterval(this.pinging)
      this.pinging = window.setInterval(() => this.socket?.send('{"action":"ping"}'), PING_MS)
      return
    }
    if (event.event === 'pong') return
    if (event.event === 'reset') {
      this.listeners.reset()
      return
    }
    if (event.id) {
      // After coming back some are told twice.
      if (this.seen.has(event.id)) return
      this.seen.add(event.id)
      this.last = event.id
    }
    this.gathered.push(event)
    this.gathering ??= window.setTimeout(() => {
      const events = this.gathered
      this.gathered = []
      this.gathering = undefined
      this.listeners.events(events)
    }, GATHER_MS)
  }

  private closed(code: number): void {
    clearTimeout(this.silence)
    clearInterval(this.pinging)
    if (code === NOBODY) {
      this.listeners.ended()
      return
    }
    if (code === NO_PART) {
      this.listeners.left()
      return
    }
    if (code === TOO_SLOW) this.listeners.reset()
    this.listeners.standing(navigator.onLine && this.attempts < 3 ? 'reconnecting' : 'offline')
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.attempts)
    this.attempts += 1
    // Spread, so that a server that starts again is not met by everybody at once.
    this.waiting = window.setTimeout(() => this.connect(), wait * (0.5 + Math.random()))
  }
}
