// The pages of one's own account, which come together.

export { AccountFrame } from './account-frame'
export { Passkeys } from './account-passkeys'
export { Preferences } from './account-preferences'
export { ChangePassword, Profile } from './account-profile'
export { SecondFactorSettings } from './account-second-factor'
export { Connections, Sessions } from './account-sessions'
export { Tokens } from './account-tokens'
export { Workspaces } from './account-workspaces'
