// The pages of who runs the installation, which come together.

export { Backups } from './backups'
export { DeadLetters } from './dead-letters'
export { AdminFrame } from './frame'
export { Health } from './health'
export { Installation } from './installation'
export { Jobs } from './jobs'
export { Schedules } from './schedules'
