// Runs before anything is painted, and is small for that: how the page looks, and which frame of `index.html` stands until it is there.

import { askEarly } from './lib/early'
import { applyLooks } from './lib/looks'

/** Addresses of who is not signed in. */
const DOORS = /^\/app\/(setup|sign-in|login|register|verify|forgot|reset|second-factor|invitations)/

applyLooks()
const isDoor = DOORS.test(location.pathname)
document.documentElement.dataset.frame = isDoor ? 'door' : 'shell'
// The doors ask nobody who they are.
if (!isDoor) askEarly()
