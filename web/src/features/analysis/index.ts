import { Radar } from 'lucide-react'
import type { Feature } from '@/lib/feature'
import { hearProgress } from '@/lib/progress'

export const analysis: Feature = {
  nav: [{ group: 'code', order: 40, label: 'Scans', path: 'scans', icon: Radar, key: 's' }],
  live: (event, stale, client) => {
    if (event.event === 'scan:progress') hearProgress(event, client)
    else if (event.event.startsWith('scan:')) stale('scans')
  },
}
