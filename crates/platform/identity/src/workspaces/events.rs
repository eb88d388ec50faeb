//! The facts that workspaces publish.

use rampart_access::WorkspaceRole;
use rampart_kernel::{UserId, WorkspaceId};
use rampart_store::Event;
use serde::Serialize;

use crate::invitations::model::InvitationId;

macro_rules! events {
    ($($(#[$meta:meta])* $type:ident = $name:literal { $($field:ident: $of:ty),+ $(,)? })+) => {$(
        $(#[$meta])*
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $type {
            $(pub $field: $of),+
        }

        impl Event for $type {
            const NAME: &'static str = $name;
        }
    )+};
}

events! {
    WorkspaceCreated = "workspace.created" { workspace_id: WorkspaceId }
    /// With the names of what changed.
    WorkspaceUpdated = "workspace.updated" { workspace_id: WorkspaceId, changes: Vec<&'static str> }
    WorkspaceDeleted = "workspace.deleted" { workspace_id: WorkspaceId }
    /// The code is told to whoever asked for it, and to nobody else.
    MemberInvited = "member.invited" { invitation_id: InvitationId, role: WorkspaceRole }
    MemberJoined = "member.joined" { user_id: UserId, role: WorkspaceRole }
    MemberRoleChanged = "member.role_changed" { user_id: UserId, role: WorkspaceRole }
    MemberRemoved = "member.removed" { user_id: UserId }
}
