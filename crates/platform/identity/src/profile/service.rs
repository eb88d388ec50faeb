//! Changing one's own account, and ending it.

use rampart_access::audit::Record;
use rampart_access::{Ctx, PlatformRole, SessionId};
use rampart_kernel::Secret;
use rampart_mail::Message;
use rampart_store::Tx;
use serde_json::json;

use super::store;
pub use super::store::Change;
use crate::administration::store as administration;
use crate::error::Error;
use crate::events::{PasswordChanged, TokenRevoked};
use crate::mailed::model::Purpose;
use crate::mailed::{address_of, name_of};
use crate::model::{EmailAddress, User};
use crate::password;
use crate::service::{Identity, Result};
use crate::sessions::store as sessions;
use crate::store as users;
use crate::{factor, mailed, policies};

/// A new password is none of the last five: the current one and those before it.
const EARLIER_PASSWORDS: i64 = 4;

impl Identity {
    /// Changes what the account says of itself.
    ///
    /// # Errors
    /// When somebody else has the name, or the caller no part in the workspace.
    pub async fn change_profile(&self, ctx: &Ctx, change: Change) -> Result<()> {
        let who = ctx.in_session()?;
        let mut tx = self.store.begin(ctx).await?;
        let user = users::lock_user(&mut tx, who.user()).await?;
        if let Some(name) = change.username.as_deref().filter(|name| user.username.as_deref() != Some(*name))
            && users::username_is_taken(&mut tx, name).await?
        {
            return Err(Error::UsernameTaken);
        }
        if let Some(workspace) = change.default_workspace {
            let parts = crate::workspaces::store::parts(&mut tx, user.id).await?;
            if !parts.iter().any(|part| part.workspace == workspace) {
                return Err(rampart_access::Error::NotFound.into());
            }
        }
        store::save_profile(&mut tx, user.id, &change).await?;
        let before = json!({ "username": user.username, "name": user.name, "locale": user.locale });
        let after = json!({ "username": change.username, "name": change.name, "locale": change.locale });
        self.audit.record(&mut tx, ctx, Record::new("user.updated", "user").of(user.id).changed(before, after)).await?;
        Ok(tx.commit().await?)
    }

    /// Asks to move the account to another address: a token is mailed there, and whoever shows it does.
    ///
    /// # Errors
    /// When the password is wrong, or somebody has the address.
    pub async fn ask_for_email(&self, ctx: &Ctx, email: &EmailAddress, password: Option<Secret>) -> Result<()> {
        let who = ctx.in_session()?;
        self.confirm_presence(ctx, who, password).await?;
        let mut tx = self.store.begin(ctx).await?;
        let user = users::lock_user(&mut tx, who.user()).await?;
        if user.email == email.as_str() {
            return Ok(());
        }
        if users::email_is_taken(&mut tx, email).await? {
            return Err(Error::EmailTaken);
        }
        self.mail_token_to(&mut tx, &user, email, Purpose::ChangeEmail).await?;
        self.audit.record(&mut tx, ctx, Record::new("user.email_change_asked", "user").of(user.id)).await?;
        Ok(tx.commit().await?)
    }

    /// Sets a new password and ends the other sessions.
    ///
    /// # Errors
    /// When the old one is wrong, which counts, or the new one does not do.
    pub async fn change_password(&self, ctx: &Ctx, old: Secret, new: Secret) -> Result<()> {
        let who = ctx.in_session()?;
        self.confirm_password(ctx, who.user(), old).await?;
        let (user, hash) = users::get_login(&mut self.store.read().await?, who.user()).await?;
        let new_hash = self.hash_new_password(ctx, &user, hash.clone(), new).await?;
        let mut tx = self.store.begin(ctx).await?;
        let (user, hash_now) = users::lock_login(&mut tx, user.id).await?;
        // Somebody else changed it meanwhile: the old one is no longer the one that was shown.
        if hash != hash_now {
            return Err(Error::InvalidCredentials);
        }
        self.put_password(&mut tx, ctx, &user, &new_hash, who.session()).await?;
        tx.emit(&PasswordChanged { user_id: user.id });
        self.audit.record(&mut tx, ctx, Record::new("user.password_changed", "user").of(user.id)).await?;
        Ok(tx.commit().await?)
    }

    /// The hash of a password that somebody may take. Outside of transactions: each hash takes a while.
    pub(crate) async fn hash_new_password(
        &self,
        ctx: &Ctx,
        user: &User,
        current: Option<String>,
        new: Secret,
    ) -> Result<String> {
        let email = user.email.parse().map_err(|what: String| Error::Unexpected(what.into()))?;
        password::check(&new, &email).map_err(Error::WeakPassword)?;
        let mut reader = self.store.read().await?;
        let policies = policies::store::of_member(&mut reader, user.id).await?;
        policies::service::check_password(policies.iter(), &new)?;
        let earlier = store::earlier_passwords(&mut reader, user.id, EARLIER_PASSWORDS).await?;
        drop(reader);
        for hash in current.into_iter().chain(earlier) {
            if self.hasher.verify(ctx, new.clone(), Some(hash)).await? {
                return Err(Error::PasswordReused);
            }
        }
        self.hasher.hash(ctx, new).await
    }

    /// A new password of somebody whose row is held. What was begun or handed out with the old one ends, and they are told.
    pub(crate) async fn put_password(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        user: &User,
        hash: &str,
        keep: Option<SessionId>,
    ) -> Result<()> {
        store::save_password(tx, user.id, hash, EARLIER_PASSWORDS).await?;
        sessions::revoke_sessions(tx, user.id, keep, "password changed").await?;
        factor::drop_challenges(tx, user.id).await?;
        mailed::store::void(tx, user.id).await?;
        let (name, link) = (name_of(user), self.link("forgot-password")?);
        let message = Message::PasswordChanged { name, at: ctx.now(), address: address_of(ctx), link };
        self.tell(tx, user, message).await
    }

    /// Ends the account. Of it stays its id, which the record refers to.
    ///
    /// # Errors
    /// When the password is wrong, others would be left without an owner, or the installation without an administrator.
    pub async fn delete_account(&self, ctx: &Ctx, password: Option<Secret>) -> Result<()> {
        let who = ctx.in_session()?;
        self.confirm_presence(ctx, who, password).await?;
        let mut tx = self.store.begin(ctx).await?;
        let user = users::lock_user(&mut tx, who.user()).await?;
        self.end_account(&mut tx, ctx, &user).await?;
        Ok(tx.commit().await?)
    }

    /// Ends an account whose row is held: whoever uses it is out at once.
    pub(crate) async fn end_account(&self, tx: &mut Tx, ctx: &Ctx, user: &User) -> Result<()> {
        let last_admin = user.role == PlatformRole::Admin && !administration::another_admin(tx, user.id).await?;
        if last_admin || store::leaves_others_without_owner(tx, user.id).await? {
            return Err(Error::LastOwner);
        }
        sessions::revoke_sessions(tx, user.id, None, "account deleted").await?;
        tx.emit(&TokenRevoked { user_id: user.id });
        store::anonymise(tx, user.id).await?;
        Ok(self.audit.record(tx, ctx, Record::new("user.deleted", "user").of(user.id)).await?)
    }
}
