//! The use cases of members.

use rampart_access::audit::Record;
use rampart_access::{Ctx, Error as Refusal, Permission, ReadWorkspace, WorkspaceRole};
use rampart_kernel::UserId;
use rampart_store::Tx;
use rampart_web::{Page, Paged};
use serde_json::json;

use super::events::{MemberRemoved, MemberRoleChanged};
use super::model::{Member, Workspace};
use super::store::{self, MemberFilter};
use crate::access::{LeaveWorkspace, ManageMembers, OwnWorkspace};
use crate::error::Error;
use crate::service::{Identity, Result};
use crate::{invitations, tokens};

impl Identity {
    /// Those of the workspace of the request.
    ///
    /// # Errors
    /// When the caller has no part in it.
    pub async fn members(&self, ctx: &Ctx, filter: MemberFilter, page: Page) -> Result<Paged<Member>> {
        let granted = ctx.require::<ReadWorkspace>()?;
        let (items, total) = store::members(&mut self.store.read().await?, &granted, &filter, page).await?;
        Ok(Paged { items, total, page })
    }

    /// Gives a member another role. Only owners make owners, and only they make something else of one.
    ///
    /// # Errors
    /// [`Error::LastOwner`]; or when the caller may not, or there is no such member.
    pub async fn change_role(&self, ctx: &Ctx, user: UserId, role: WorkspaceRole) -> Result<Member> {
        let granted = ctx.require::<ManageMembers>()?;
        let mut tx = self.store.begin(ctx).await?;
        let workspace = store::lock(&mut tx, granted.workspace()).await?;
        let before = store::find_member(&mut tx, workspace.id, user).await?.ok_or(Refusal::NotFound)?;
        if WorkspaceRole::Owner == role || WorkspaceRole::Owner == before.role {
            ctx.require::<OwnWorkspace>()?;
        }
        if before.role == role {
            return Ok(before);
        }
        if before.role == WorkspaceRole::Owner {
            self.pass_on(&mut tx, &granted, &workspace, user).await?;
        }
        store::save_role(&mut tx, &granted, user, role).await?;
        if role < ManageMembers::LEAST {
            invitations::store::revoke_of_author(&mut tx, &granted, user).await?;
        }
        tx.emit(&MemberRoleChanged { user_id: user, role });
        let record = Record::new("member.role_changed", "member").of(user);
        let record = record.changed(json!({ "role": before.role }), json!({ "role": role }));
        self.audit.record(&mut tx, ctx, record).await?;
        tx.commit().await?;
        Ok(Member { role, ..before })
    }

    /// Removes a member, or lets the caller leave. From then on nothing of it is there for them, in sessions that are open too.
    ///
    /// # Errors
    /// [`Error::LastOwner`]; or when the caller may not, or there is no such member.
    pub async fn remove_member(&self, ctx: &Ctx, user: UserId) -> Result<()> {
        let granted = ctx.require::<LeaveWorkspace>()?;
        let leaves = ctx.user() == Some(user);
        if !leaves {
            ctx.require::<ManageMembers>()?;
        }
        let mut tx = self.store.begin(ctx).await?;
        let workspace = store::lock(&mut tx, granted.workspace()).await?;
        let member = store::find_member(&mut tx, workspace.id, user).await?.ok_or(Refusal::NotFound)?;
        if member.role == WorkspaceRole::Owner {
            if !leaves {
                ctx.require::<OwnWorkspace>()?;
            }
            self.pass_on(&mut tx, &granted, &workspace, user).await?;
        }
        store::remove_member(&mut tx, &granted, user).await?;
        store::move_default(&mut tx, workspace.id, Some(user)).await?;
        // Whoever comes back later gets none of these back.
        tokens::store::revoke_in(&mut tx, workspace.id, Some(user)).await?;
        invitations::store::revoke_of_author(&mut tx, &granted, user).await?;
        tx.emit(&MemberRemoved { user_id: user });
        let record = Record::new("member.removed", "member").of(user).detail("left", leaves);
        self.audit.record(&mut tx, ctx, record).await?;
        Ok(tx.commit().await?)
    }

    /// An owner goes: another one must stay, and answers for the workspace if it was this one who did.
    async fn pass_on<P: Permission>(
        &self,
        tx: &mut Tx,
        granted: &rampart_access::Granted<P>,
        workspace: &Workspace,
        goes: UserId,
    ) -> Result<()> {
        let other = store::other_owner(tx, workspace.id, goes).await?.ok_or(Error::LastOwner)?;
        if workspace.owner == goes {
            store::save_owner(tx, granted, other).await?;
        }
        Ok(())
    }
}
