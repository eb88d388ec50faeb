// The socket of the open workspace, and what it means for what is on the screen.

import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react'
import { sessionEnded } from '@/api/client'
import { Live, type Standing } from '@/api/live'
import { features } from './features'
import { Renewal } from './renewal'

interface Connection {
  standing: Standing
  /** Since when there is none. */
  since: Date | undefined
  retry: () => void
}

const Context = createContext<Connection>({ standing: 'connecting', since: undefined, retry: () => {} })

export const useConnection = () => useContext(Context)

/** After coming back what is visible is asked again within this time, so that not everybody asks at once. */
const CATCH_UP_MS = 2_000

export function LiveProvider({ workspace, children }: { workspace: string; children: ReactNode }) {
  const client = useQueryClient()
  const live = useRef<Live>(undefined)
  const [standing, setStanding] = useState<Standing>('connecting')
  const [since, setSince] = useState<Date>()

  useEffect(() => {
    const renewal = new Renewal(client)
    const refresh = () => {
      setTimeout(() => client.invalidateQueries({ refetchType: 'active' }), Math.random() * CATCH_UP_MS)
    }
    const connection = new Live(
      '/ws',
      { workspace },
      {
        events: (events) => {
          for (const event of events) for (const feature of features) feature.live?.(event, renewal.stale, client)
        },
        standing: (now) => {
          setStanding(now)
          setSince((before) => (now === 'offline' ? (before ?? new Date()) : now === 'live' ? undefined : before))
        },
        reset: refresh,
        ended: sessionEnded,
        left: () => client.invalidateQueries({ queryKey: ['me'] }),
      },
    )
    live.current = connection
    return () => {
      connection.stop()
      renewal.stop()
    }
  }, [workspace, client])

  return <Context value={{ standing, since, retry: () => live.current?.now() }}>{children}</Context>
}
