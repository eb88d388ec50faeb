//! The facts that workspaces publish.

use rampart_access::{ReadWorkspace, WorkspaceRole};
use rampart_kernel::{UserId, WorkspaceId};
use rampart_realtime::Feed;
use rampart_store::Event;
use serde::Serialize;

use crate::access::ManageMembers;
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

/// What of it sockets are told, and after what they are looked at again.
pub fn feed() -> Feed {
    Feed::new()
        .to_workspace::<WorkspaceCreated, ReadWorkspace>()
        .to_workspace::<WorkspaceUpdated, ReadWorkspace>()
        .to_workspace::<WorkspaceDeleted, ReadWorkspace>()
        .to_workspace::<MemberInvited, ManageMembers>()
        .to_workspace::<MemberJoined, ReadWorkspace>()
        .to_workspace::<MemberRoleChanged, ReadWorkspace>()
        .to_workspace::<MemberRemoved, ReadWorkspace>()
        // Its policies may shut somebody out.
        .doubts::<WorkspaceUpdated>()
        .doubts::<WorkspaceDeleted>()
        .doubts::<MemberRoleChanged>()
        .doubts::<MemberRemoved>()
}
