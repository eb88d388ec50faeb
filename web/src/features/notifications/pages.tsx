export { Notifications } from './list'
export { NotificationPreferences } from './preferences'
