// What is shown when there is no page to show.

import { type ErrorComponentProps, Outlet, useRouter } from '@tanstack/react-router'
import { Failed, SkeletonRows } from '@/ui/faces'
import { Page } from '@/ui/Page'
import { useLooks } from './looks'

export function Root() {
  useLooks()
  return <Outlet />
}

export function Broken({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const again = () => {
    reset()
    router.invalidate()
  }
  return (
    <Page title="This page failed">
      <Failed error={error} retry={again} />
    </Page>
  )
}

export function Waiting() {
  return (
    <div className="page">
      <SkeletonRows />
    </div>
  )
}
