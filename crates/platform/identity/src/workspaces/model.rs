//! Workspaces, parts and invitations as values.

use rampart_access::WorkspaceRole;
use rampart_kernel::{Timestamp, WorkspaceId};

use crate::model::EmailAddress;

rampart_kernel::id! {
    /// The right to register once or more.
    InvitationId,
}

rampart_kernel::named! {
    /// What a workspace has paid for.
    pub enum Tier {
        Free = "free",
        Pro = "pro",
        Enterprise = "enterprise",
    }
}

/// A workspace and the part that somebody has in it.
#[derive(Clone, Debug)]
pub struct Part {
    pub workspace: WorkspaceId,
    pub name: String,
    pub slug: String,
    pub tier: Tier,
    pub role: WorkspaceRole,
}

rampart_kernel::named! {
    /// What an invitation leads into.
    pub enum InvitationScope {
        Platform = "platform",
        Workspace = "workspace",
    }
}

/// The right to register, as its row says.
#[derive(Clone, Debug)]
pub struct Invitation {
    pub id: InvitationId,
    pub workspace: Option<WorkspaceId>,
    /// Of the platform or of the workspace, by the scope.
    pub role: String,
    pub email: Option<String>,
    pub max_uses: u32,
    pub uses: u32,
    pub expires_at: Timestamp,
    pub revoked: bool,
}

/// Whether an invitation can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usable {
    Yes,
    Expired,
    No,
}

impl Invitation {
    /// For this address, now.
    pub fn usable(&self, email: &EmailAddress, now: Timestamp) -> Usable {
        if self.revoked || self.uses >= self.max_uses || self.email.as_deref().is_some_and(|own| own != email.as_str())
        {
            Usable::No
        } else if self.expires_at <= now {
            Usable::Expired
        } else {
            Usable::Yes
        }
    }
}
