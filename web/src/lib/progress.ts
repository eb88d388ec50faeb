// How far a scan is, as the socket tells it: straight into what the pages show, without asking again.

import { type QueryClient, useQuery } from '@tanstack/react-query'
import type { LiveEvent } from './feature'

export interface Progress {
  progress: number
  phase: string
  filesScanned: number
  /** When the news came. */
  at: number
}

const key = (scan: string) => ['scan-progress', scan]

export function hearProgress({ data }: LiveEvent, client: QueryClient): void {
  const { scanId, progress, phase, filesScanned } = data
  if (typeof scanId !== 'string') return
  client.setQueryData<Progress>(key(scanId), {
    progress: Number(progress) || 0,
    phase: String(phase ?? ''),
    filesScanned: Number(filesScanned) || 0,
    at: Date.now(),
  })
}

export function useProgress(scan: string): Progress | undefined {
  return useQuery<Progress>({ queryKey: key(scan), enabled: false, staleTime: Number.POSITIVE_INFINITY }).data
}
