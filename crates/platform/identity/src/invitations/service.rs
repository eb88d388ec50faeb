//! The use cases of invitations.

use std::time::Duration;

use rampart_access::audit::Record;
use rampart_access::{Ctx, Error as Refusal, Granted, PlatformRole, WorkspaceRole};
use rampart_kernel::{Origin, Secret, Timestamp};
use rampart_mail::{Message, Name};
use rampart_store::Tx;
use rampart_web::{Page, Paged};

use super::model::{Invitation, InvitationId, InvitationStatus, Usable};
use super::store;
use crate::access::ManageMembers;
use crate::error::Error;
use crate::mailed::service::name_of;
use crate::model::EmailAddress;
use crate::policies::model::Policy;
use crate::service::{Identity, Result};
use crate::workspaces::events::{MemberInvited, MemberJoined};
use crate::workspaces::model::Part;
use crate::{policies, workspaces};

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
    pub invitation: Invitation,
    pub code: Secret,
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
        let invited = self.new_invitation(&ctx, invite, PlatformRole::name);
        store::insert_bootstrap(&mut tx, &invited.invitation, &self.hash(&invited.code)).await?;
        self.record_invitation(&mut tx, &ctx, &invited).await?;
        tx.commit().await?;
        Ok(Some(invited))
    }

    /// Invites somebody onto the installation.
    ///
    /// # Errors
    /// When the caller does not administer it.
    pub async fn invite_to_platform(&self, ctx: &Ctx, invite: Invite<PlatformRole>) -> Result<Invited> {
        let admin = ctx.require_platform_admin()?;
        let invited = self.new_invitation(ctx, invite, PlatformRole::name);
        let mut tx = self.store.begin(ctx).await?;
        store::insert_into_platform(&mut tx, &admin, &invited.invitation, &self.hash(&invited.code)).await?;
        self.record_invitation(&mut tx, ctx, &invited).await?;
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
        let role = invite.role;
        let mut tx = self.store.begin(ctx).await?;
        let policy = policies::store::find(&mut tx, granted.workspace()).await?;
        if invite.email.as_ref().is_some_and(|email| !policy.invites(email)) {
            return Err(Error::DomainNotInvitable);
        }
        let invited = self.new_invitation(ctx, invite, WorkspaceRole::name);
        store::insert_into_workspace(&mut tx, &granted, &invited.invitation, &self.hash(&invited.code)).await?;
        tx.emit(&MemberInvited { invitation_id: invited.invitation.id, role });
        self.mail_invitation(&mut tx, ctx, &granted, &invited).await?;
        self.record_invitation(&mut tx, ctx, &invited).await?;
        tx.commit().await?;
        Ok(invited)
    }

    /// Mails an invitation once more, with a new code: the one before is not known, and counts no longer.
    ///
    /// # Errors
    /// When the caller may not, or there is none; [`Error::InvitationOver`], [`Error::InvitationOfNobody`].
    pub async fn resend_invitation(&self, ctx: &Ctx, id: InvitationId) -> Result<()> {
        let granted = ctx.require::<ManageMembers>()?;
        let mut tx = self.store.begin(ctx).await?;
        let invitation = store::lock(&mut tx, &granted, id).await?;
        if invitation.status(ctx.now()) != InvitationStatus::Active {
            return Err(Error::InvitationOver);
        }
        if invitation.email.is_none() {
            return Err(Error::InvitationOfNobody);
        }
        let invited = Invited { invitation, code: ctx.new_token() };
        store::replace_code(&mut tx, &granted, id, &self.hash(&invited.code)).await?;
        self.mail_invitation(&mut tx, ctx, &granted, &invited).await?;
        self.audit.record(&mut tx, ctx, Record::new("invitation.resent", "invitation").of(id)).await?;
        Ok(tx.commit().await?)
    }

    /// To the address that it is for, if it is for one.
    async fn mail_invitation(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        granted: &Granted<ManageMembers>,
        invited: &Invited,
    ) -> Result<()> {
        let (Some(email), Some(inviter)) = (&invited.invitation.email, ctx.user()) else { return Ok(()) };
        let inviter = crate::store::get_user(tx, inviter).await?;
        let message = Message::Invitation {
            inviter: name_of(&inviter),
            workspace: Name::new(&workspaces::store::get(tx, granted).await?.name),
            role: Name::new(&invited.invitation.role),
            link: self.link(&format!("invitations/{}", invited.code.expose()))?,
            hours: u32::try_from(invited.invitation.expires_at.since(ctx.now()).as_secs().div_ceil(3_600))
                .unwrap_or(u32::MAX),
        };
        // Which language they read nobody knows; who invites them reads this one.
        self.mail_to(tx, email, &inviter.locale, message).await
    }

    /// Those into the workspace of the request.
    ///
    /// # Errors
    /// When the caller may not know.
    pub async fn invitations(&self, ctx: &Ctx, page: Page) -> Result<Paged<Invitation>> {
        let granted = ctx.require::<ManageMembers>()?;
        let (items, total) = store::list(&mut self.store.read().await?, &granted, page).await?;
        Ok(Paged { items, total, page })
    }

    /// Those onto the installation.
    ///
    /// # Errors
    /// When the caller does not administer it.
    pub async fn platform_invitations(&self, ctx: &Ctx, page: Page) -> Result<Paged<Invitation>> {
        let admin = ctx.require_platform_admin()?;
        let (items, total) = store::list_of_platform(&mut self.store.read().await?, &admin, page).await?;
        Ok(Paged { items, total, page })
    }

    /// Revokes one into the workspace of the request.
    ///
    /// # Errors
    /// When the caller may not, or there is none to revoke.
    pub async fn revoke_invitation(&self, ctx: &Ctx, id: InvitationId) -> Result<()> {
        let granted = ctx.require::<ManageMembers>()?;
        let mut tx = self.store.begin(ctx).await?;
        let found = store::revoke(&mut tx, &granted, id).await?;
        self.record_revocation(tx, ctx, id, found).await
    }

    /// Revokes one onto the installation.
    ///
    /// # Errors
    /// When the caller does not administer it, or there is none to revoke.
    pub async fn revoke_platform_invitation(&self, ctx: &Ctx, id: InvitationId) -> Result<()> {
        let admin = ctx.require_platform_admin()?;
        let mut tx = self.store.begin(ctx).await?;
        let found = store::revoke_of_platform(&mut tx, &admin, id).await?;
        self.record_revocation(tx, ctx, id, found).await
    }

    async fn record_revocation(&self, mut tx: Tx, ctx: &Ctx, id: InvitationId, found: bool) -> Result<()> {
        if !found {
            return Err(Refusal::NotFound.into());
        }
        self.audit.record(&mut tx, ctx, Record::new("invitation.revoked", "invitation").of(id)).await?;
        Ok(tx.commit().await?)
    }

    /// What a code leads into; for whoever has it.
    ///
    /// # Errors
    /// [`Error::InvitationInvalid`] or [`Error::InvitationExpired`].
    pub async fn show_invitation(&self, origin: &Origin, code: &Secret) -> Result<Invitation> {
        let found = store::find(&mut self.store.read().await?, &self.hash(code)).await?;
        let invitation = found.ok_or(Error::InvitationInvalid)?;
        match invitation.status(origin.now()) {
            InvitationStatus::Active => Ok(invitation),
            InvitationStatus::Expired => Err(Error::InvitationExpired),
            InvitationStatus::Used | InvitationStatus::Revoked => Err(Error::InvitationInvalid),
        }
    }

    /// Makes the caller a member of the workspace that a code leads into.
    ///
    /// # Errors
    /// When the code does not count for the caller's address, leads onto the installation, or the caller is a member already:
    /// an invitation never changes a role.
    pub async fn accept_invitation(&self, ctx: &Ctx, code: &Secret) -> Result<Part> {
        let who = ctx.in_session()?;
        let mut tx = self.store.begin(ctx).await?;
        let user = crate::store::lock_user(&mut tx, who.user()).await?;
        let email: EmailAddress = user.email.parse().map_err(|_| Error::InvitationInvalid)?;
        let invitation = usable(store::lock_invitation(&mut tx, &self.hash(code)).await?, &email, ctx.now())?;
        let workspace = invitation.workspace.ok_or(Error::InvitationInvalid)?;
        let role: WorkspaceRole = invitation.role.parse().map_err(|_| Error::InvitationInvalid)?;
        workspaces::store::lock(&mut tx, workspace).await?;
        if workspaces::store::find_member(&mut tx, workspace, user.id).await?.is_some() {
            return Err(Error::AlreadyMember);
        }
        store::use_invitation(&mut tx, invitation.id).await?;
        workspaces::store::insert_member(&mut tx, workspace, user.id, role).await?;
        let entered = workspaces::store::get_new(&mut tx, workspace).await?;
        tx.emit_in(workspace, &MemberJoined { user_id: user.id, role });
        let record = Record::new("member.joined", "member").of(user.id).in_workspace(workspace);
        let record = record.detail("role", role.name()).detail("invitation", invitation.id.to_string());
        self.audit.record(&mut tx, ctx, record).await?;
        tx.commit().await?;
        Ok(Part { workspace, name: entered.name, slug: entered.slug, tier: entered.tier, role })
    }

    fn new_invitation<R>(&self, ctx: &Ctx, invite: Invite<R>, name: fn(R) -> &'static str) -> Invited {
        let invitation = Invitation {
            id: ctx.new_id(),
            workspace: None,
            workspace_name: None,
            role: name(invite.role).to_owned(),
            email: invite.email.map(|email| email.as_str().to_owned()),
            max_uses: invite.max_uses,
            uses: 0,
            expires_at: ctx.now() + invite.lifetime,
            created_at: ctx.now(),
            created_by: ctx.user(),
            revoked: false,
            bootstrap: false,
            policy: Policy::default(),
        };
        Invited { invitation, code: ctx.new_token() }
    }

    async fn record_invitation(&self, tx: &mut Tx, ctx: &Ctx, invited: &Invited) -> Result<()> {
        let Invitation { id, role, .. } = &invited.invitation;
        let record = Record::new("invitation.created", "invitation").of(id).detail("role", role.as_str());
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
