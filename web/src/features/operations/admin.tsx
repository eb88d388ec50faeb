// The pages of who runs the installation, which come together.

export { DeadLetters } from './dead-letters'
export { AdminFrame } from './frame'
export { Health } from './health'
export { Jobs } from './jobs'
export { Schedules } from './schedules'
