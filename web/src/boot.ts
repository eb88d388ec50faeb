// Runs before anything is painted, and is small for that: how the page looks, and which frame of `index.html` stands until it is there.

import { applyLooks } from './lib/looks'

/** Addresses of who is not signed in. */
const DOORS = /^\/app\/(setup|sign-in|login|register|verify|forgot|reset|second-factor|invitations)/

applyLooks()
const isDoor = DOORS.test(location.pathname)
document.documentElement.dataset.frame = isDoor ? 'door' : 'shell'
if (!isDoor) {
  // Who is signed in is asked while the code of the page is on its way.
  const me = document.createElement('link')
  Object.assign(me, { rel: 'preload', as: 'fetch', href: '/api/v1/auth/me', crossOrigin: 'anonymous' })
  document.head.append(me)
}
