// The pages of a workspace's settings, which come together.

export { SettingsFrame } from './settings-frame'
export { Danger, General } from './workspace-general'
export { Invitations } from './workspace-invitations'
export { Members } from './workspace-members'
export { Security } from './workspace-security'
