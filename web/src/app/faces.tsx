// What is shown when there is no page to show.

import { type ErrorComponentProps, Link, Outlet, useRouter } from '@tanstack/react-router'
import { Failed, SkeletonRows } from '@/ui/faces'
import { Page } from '@/ui/Page'
import { useLooks } from './looks'

export function Root() {
  useLooks()
  return <Outlet />
}

/** What one may not see is not there either. */
export function Missing() {
  return (
    <Page title="Not found">
      <p className="reading">
        Nothing is at this address, or it is not for you to see. <Link to="/">Go to the start</Link>, or press <kbd>Ctrl K</kbd>{' '}
        to search.
      </p>
    </Page>
  )
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
