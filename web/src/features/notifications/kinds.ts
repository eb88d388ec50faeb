/** What can happen in a workspace and be told. The API knows more, of what is not there yet. */
export const KINDS = ['vulnerability_found', 'scan_failed', 'scan_completed', 'member_joined', 'role_changed']
