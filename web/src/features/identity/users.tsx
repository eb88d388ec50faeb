// People of the whole installation, for who administers it.

export { PlatformInvitations } from './platform-invitations'
export { Users } from './platform-users'
