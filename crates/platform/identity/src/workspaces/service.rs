//! The use cases of workspaces and invitations.

use std::time::Duration;

use rampart_access::audit::Record;
use rampart_access::{Ctx, PlatformRole, WorkspaceRole};
use rampart_kernel::{Origin, Secret, Timestamp};
use rampart_store::Tx;

use super::model::{Invitation, InvitationId, InvitationScope, Usable};
use super::store::{self, NewInvitation};
use crate::access::ManageMembers;
use crate::error::Error;
use crate::model::EmailAddress;
use crate::service::{Identity, Result};

/// The first invitation of all, printed at the start, lives this long.
const BOOTSTRAP_LIFETIME: Duration = Duration::from_secs(24 * 3_600);

/// An invitation to be made.
#[derive(Clone, Debug)]
pub struct Invite<R> {
    pub role: R,
    pub email: Option<EmailAddress>,
    pub max_uses: u32,
    pub lifetime: Duration,
}

/// The code is told once.
#[derive(Clone, Debug)]
pub struct Invited {
    pub id: InvitationId,
    pub code: Secret,
    pub expires_at: Timestamp,
}

impl Identity {
    /// A new invitation for the administrator, while there is none; earlier ones no longer count.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn bootstrap(&self, origin: &Origin) -> Result<Option<Invited>> {
        let ctx = Ctx::of_system(origin.clone(), "bootstrap");
        let mut tx = self.store.begin(&ctx).await?;
        if crate::store::has_admin(&mut tx).await? {
            return Ok(None);
        }
        store::revoke_bootstrap_invitations(&mut tx).await?;
        let invite = Invite { role: PlatformRole::Admin, email: None, max_uses: 1, lifetime: BOOTSTRAP_LIFETIME };
        let (invited, hash) = self.new_invitation(&ctx, invite.lifetime);
        let mut new = row(&invited, &hash, InvitationScope::Platform, invite.role.name(), &invite);
        new.bootstrap = true;
        store::insert_invitation(&mut tx, &new).await?;
        self.audit.record(&mut tx, &ctx, Record::new("invitation.created", "invitation").of(invited.id)).await?;
        tx.commit().await?;
        Ok(Some(invited))
    }

    /// Invites somebody onto the installation.
    ///
    /// # Errors
    /// When the caller does not administer it.
    pub async fn invite_to_platform(&self, ctx: &Ctx, invite: Invite<PlatformRole>) -> Result<Invited> {
        let admin = ctx.require_platform_admin()?;
        let (invited, hash) = self.new_invitation(ctx, invite.lifetime);
        let mut tx = self.store.begin(ctx).await?;
        let mut new = row(&invited, &hash, InvitationScope::Platform, invite.role.name(), &invite);
        new.created_by = admin.user();
        store::insert_invitation(&mut tx, &new).await?;
        self.record_invitation(&mut tx, ctx, &invited, invite.role.name()).await?;
        tx.commit().await?;
        Ok(invited)
    }

    /// Invites somebody into the workspace of the request.
    ///
    /// # Errors
    /// When the caller may not, or the role is the owner's.
    pub async fn invite_to_workspace(&self, ctx: &Ctx, invite: Invite<WorkspaceRole>) -> Result<Invited> {
        let granted = ctx.require::<ManageMembers>()?;
        if invite.role == WorkspaceRole::Owner {
            return Err(Error::RoleNotInvitable);
        }
        let (invited, hash) = self.new_invitation(ctx, invite.lifetime);
        let mut tx = self.store.begin(ctx).await?;
        let mut new = row(&invited, &hash, InvitationScope::Workspace, invite.role.name(), &invite);
        new.created_by = granted.user();
        store::insert_workspace_invitation(&mut tx, &granted, new).await?;
        self.record_invitation(&mut tx, ctx, &invited, invite.role.name()).await?;
        tx.commit().await?;
        Ok(invited)
    }

    fn new_invitation(&self, origin: &Origin, lifetime: Duration) -> (Invited, String) {
        let code = origin.new_token();
        let hash = self.token_key.hash_token(&code);
        (Invited { id: origin.new_id(), code, expires_at: origin.now() + lifetime }, hash)
    }

    async fn record_invitation(&self, tx: &mut Tx, ctx: &Ctx, invited: &Invited, role: &str) -> Result<()> {
        let record = Record::new("invitation.created", "invitation").of(invited.id).detail("role", role);
        Ok(self.audit.record(tx, ctx, record).await?)
    }
}

/// The invitation, if it counts for this address now.
pub fn usable(invitation: Option<Invitation>, email: &EmailAddress, now: Timestamp) -> Result<Invitation> {
    let invitation = invitation.ok_or(Error::InvitationInvalid)?;
    match invitation.usable(email, now) {
        Usable::Yes => Ok(invitation),
        Usable::Expired => Err(Error::InvitationExpired),
        Usable::No => Err(Error::InvitationInvalid),
    }
}

fn row<'a, R>(
    invited: &Invited,
    code_hash: &'a str,
    scope: InvitationScope,
    role: &'a str,
    invite: &'a Invite<R>,
) -> NewInvitation<'a> {
    NewInvitation {
        id: invited.id,
        code_hash,
        scope,
        workspace: None,
        role,
        email: invite.email.as_ref(),
        max_uses: invite.max_uses,
        expires_at: invited.expires_at,
        created_by: None,
        bootstrap: false,
    }
}
