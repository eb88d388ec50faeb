//! Invitations as values.

use rampart_kernel::{Timestamp, UserId, WorkspaceId};

use crate::model::EmailAddress;
use crate::policies::model::Policy;

rampart_kernel::id! {
    /// The right to register, or to enter a workspace, once or more.
    InvitationId,
}

rampart_kernel::named! {
    /// What an invitation leads into.
    pub enum InvitationScope {
        Platform = "platform",
        Workspace = "workspace",
    }
}

rampart_kernel::named! {
    /// Where an invitation stands.
    pub enum InvitationStatus {
        Active = "active",
        Used = "used",
        Expired = "expired",
        Revoked = "revoked",
    }
}

/// An invitation, as its row says.
#[derive(Clone, Debug)]
pub struct Invitation {
    pub id: InvitationId,
    pub workspace: Option<WorkspaceId>,
    pub workspace_name: Option<String>,
    /// Of the platform or of the workspace, by the scope.
    pub role: String,
    pub email: Option<String>,
    pub max_uses: u32,
    pub uses: u32,
    pub expires_at: Timestamp,
    pub created_at: Timestamp,
    pub created_by: Option<UserId>,
    pub revoked: bool,
    /// The first of all, which the console told.
    pub bootstrap: bool,
    /// Of the workspace.
    pub policy: Policy,
}

/// Whether an invitation can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usable {
    Yes,
    Expired,
    No,
}

impl Invitation {
    pub fn status(&self, now: Timestamp) -> InvitationStatus {
        if self.revoked {
            InvitationStatus::Revoked
        } else if self.uses >= self.max_uses {
            InvitationStatus::Used
        } else if self.expires_at <= now {
            InvitationStatus::Expired
        } else {
            InvitationStatus::Active
        }
    }

    /// For this address, now.
    pub fn usable(&self, email: &EmailAddress, now: Timestamp) -> Usable {
        let other = self.email.as_deref().is_some_and(|own| own != email.as_str());
        if other || !self.policy.invites(email) {
            return Usable::No;
        }
        match self.status(now) {
            InvitationStatus::Active => Usable::Yes,
            InvitationStatus::Expired => Usable::Expired,
            InvitationStatus::Used | InvitationStatus::Revoked => Usable::No,
        }
    }
}
