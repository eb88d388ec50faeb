//! The use cases of administering users.

use std::collections::BTreeMap;

use rampart_access::audit::Record;
use rampart_access::{Ctx, PlatformRole};
use rampart_kernel::{Timestamp, UserId};
use rampart_mail::Change;
use rampart_web::{Page, Paged};
use serde_json::json;

use super::store;
use crate::error::Error;
use crate::events::TwoFactorDisabled;
use crate::model::User;
use crate::service::{Identity, Result};
use crate::workspaces::model::Part;

/// Whom a list of users is about.
#[derive(Clone, Debug)]
pub struct UserFilter {
    /// Part of an address or a name.
    pub text: Option<String>,
    pub role: Option<PlatformRole>,
    pub locked: Option<bool>,
    pub verified: Option<bool>,
    /// When somebody counts as locked.
    pub now: Timestamp,
}

/// What is to be changed; the rest stays.
#[derive(Clone, Copy, Debug, Default)]
pub struct ChangeUser {
    pub role: Option<PlatformRole>,
    pub verified: Option<bool>,
    pub disabled: Option<bool>,
}

impl Identity {
    /// # Errors
    /// When the caller does not administer the installation; the same with all that follow.
    pub async fn users(&self, ctx: &Ctx, filter: &UserFilter, page: Page) -> Result<Paged<User>> {
        let admin = ctx.require_platform_admin()?;
        let (items, total) = store::list(&mut self.store.read().await?, &admin, filter, page).await?;
        Ok(Paged { items, total, page })
    }

    /// With the parts they have.
    ///
    /// # Errors
    /// When there is no such user.
    pub async fn user(&self, ctx: &Ctx, id: UserId) -> Result<(User, Vec<Part>)> {
        ctx.require_platform_admin()?;
        let mut reader = self.store.read().await?;
        let user = crate::store::get_user(&mut reader, id).await?;
        let parts = crate::workspaces::store::parts(&mut reader, id).await?;
        Ok((user, parts))
    }

    /// Changes role, verification or access. Who is disabled is out at once, and stays out when let in again until they sign in.
    ///
    /// # Errors
    /// [`Error::LastAdmin`]; or when there is no such user.
    pub async fn change_user(&self, ctx: &Ctx, id: UserId, change: ChangeUser) -> Result<User> {
        let admin = ctx.require_platform_admin()?;
        let mut tx = self.store.begin(ctx).await?;
        let before = crate::store::lock_user(&mut tx, id).await?;
        let after = User {
            role: change.role.unwrap_or(before.role),
            verified: change.verified.unwrap_or(before.verified),
            disabled: change.disabled.unwrap_or(before.disabled),
            ..before.clone()
        };
        let counts = |user: &User| user.role == PlatformRole::Admin && !user.disabled;
        if counts(&before) && !counts(&after) && !store::another_admin(&mut tx, id).await? {
            return Err(Error::LastAdmin);
        }
        store::save(&mut tx, &admin, &after).await?;
        if after.disabled && !before.disabled {
            store::end_everything(&mut tx, &admin, id).await?;
        }
        let shown = |user: &User| json!({ "role": user.role, "verified": user.verified, "disabled": user.disabled });
        let record = Record::new("user.changed", "user").of(id).changed(shown(&before), shown(&after));
        self.audit.record(&mut tx, ctx, record).await?;
        let after = crate::store::get_user(&mut tx, id).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// Lets somebody try again who failed too often.
    ///
    /// # Errors
    /// When there is no such user.
    pub async fn unlock_user(&self, ctx: &Ctx, id: UserId) -> Result<User> {
        let admin = ctx.require_platform_admin()?;
        let mut tx = self.store.begin(ctx).await?;
        crate::store::lock_user(&mut tx, id).await?;
        store::unlock(&mut tx, &admin, id).await?;
        self.audit.record(&mut tx, ctx, Record::new("user.unlocked", "user").of(id)).await?;
        let user = crate::store::get_user(&mut tx, id).await?;
        tx.commit().await?;
        Ok(user)
    }

    /// Turns somebody's second factor off who has lost it; they are told. Not one's own: that asks for its code.
    ///
    /// # Errors
    /// When there is no such user, or it is the caller.
    pub async fn reset_factor(&self, ctx: &Ctx, id: UserId) -> Result<()> {
        ctx.require_platform_admin()?;
        if ctx.user() == Some(id) {
            return Err(Error::OwnFactor);
        }
        let mut tx = self.store.begin(ctx).await?;
        let user = crate::store::lock_user(&mut tx, id).await?;
        if user.two_factor {
            crate::factor::store::remove(&mut tx, id).await?;
            self.tell_of_factor(&mut tx, ctx, &user, Change::Disabled).await?;
            tx.emit(&TwoFactorDisabled { user_id: id });
        }
        crate::factor::store::drop_challenges(&mut tx, id).await?;
        self.audit.record(&mut tx, ctx, Record::new("user.two_factor_reset", "user").of(id)).await?;
        Ok(tx.commit().await?)
    }

    /// Ends somebody's account: they are out at once. Of it stays its id, which the record refers to. Not one's own: that asks for
    /// the password.
    ///
    /// # Errors
    /// [`Error::LastOwner`] when others would be left without an owner; when there is no such user, or it is the caller.
    pub async fn delete_user(&self, ctx: &Ctx, id: UserId) -> Result<()> {
        ctx.require_platform_admin()?;
        if ctx.user() == Some(id) {
            return Err(Error::OwnAccount);
        }
        let mut tx = self.store.begin(ctx).await?;
        let user = crate::store::lock_user(&mut tx, id).await?;
        self.end_account(&mut tx, ctx, &user).await?;
        Ok(tx.commit().await?)
    }

    /// The addresses of those that are users, for modules that show who did something.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn emails(&self, users: impl IntoIterator<Item = UserId>) -> Result<BTreeMap<UserId, String>> {
        Ok(store::emails(&mut self.store.read().await?, users).await?.into_iter().collect())
    }
}
