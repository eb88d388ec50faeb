//! Mailing tokens, and what whoever shows one may do.

use std::time::Duration;

use rampart_access::Ctx;
use rampart_access::audit::Record;
use rampart_kernel::{Origin, Secret};
use rampart_mail::{Link, Locale, Message, Name};
use rampart_store::Tx;

use super::jobs::MailToken;
use super::model::{MailedToken, Purpose};
use super::store::{self, NewToken};
use crate::error::Error;
use crate::events::{PasswordReset, UserVerified};
use crate::model::{EmailAddress, User};
use crate::service::{Identity, Result};
use crate::store as users;

/// Tokens are kept this long after they expired, so that those that were mailed can be counted.
pub const EXPIRED_KEPT: Duration = Duration::from_secs(24 * 3_600);

impl Identity {
    /// Asks for a token to be mailed. Does the same for every address.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn ask_for_token(&self, ctx: &Ctx, email: EmailAddress, purpose: Purpose) -> Result<()> {
        let mut tx = self.store.begin(ctx).await?;
        self.jobs.enqueue(&mut tx, &MailToken { email, purpose }).await?;
        Ok(tx.commit().await?)
    }

    /// Mails a token to the account with this address, if there is one that it is for and it has not had too many.
    pub(crate) async fn mail_token(&self, origin: &Origin, email: &EmailAddress, purpose: Purpose) -> Result<()> {
        let mut tx = self.store.begin(origin).await?;
        let Some((user, _)) = users::find_login(&mut tx, email).await? else { return Ok(()) };
        if user.disabled || (purpose == Purpose::VerifyEmail && user.verified) {
            return Ok(());
        }
        self.mail_token_to(&mut tx, &user, email, purpose).await?;
        Ok(tx.commit().await?)
    }

    /// Mails a token of this account to an address, unless it has had too many.
    pub(crate) async fn mail_token_to(
        &self,
        tx: &mut Tx,
        user: &User,
        email: &EmailAddress,
        purpose: Purpose,
    ) -> Result<()> {
        let origin = tx.origin().clone();
        let rate = match purpose {
            Purpose::ResetPassword => self.settings.resets,
            Purpose::VerifyEmail | Purpose::ChangeEmail => self.settings.verifications,
        };
        let mailed = store::count_since(tx, user.id, purpose, origin.now() - rate.window).await?;
        if rate.count.is_some_and(|most| mailed >= most) {
            tracing::info!(purpose = purpose.name(), "an account was mailed enough tokens for now");
            return Ok(());
        }
        let token = origin.new_token();
        let hash = self.token_key.hash_token(&token);
        let new = NewToken { id: origin.new_id(), user: user.id, purpose, token_hash: &hash, email: email.as_str() };
        store::insert(tx, &new).await?;
        let (name, seconds) = (name_of(user), purpose.lifetime().as_secs());
        let page = if purpose == Purpose::ResetPassword { "reset-password" } else { "verify-email" };
        let link = self.link(&format!("{page}?token={}", token.expose()))?;
        let message = match purpose {
            Purpose::VerifyEmail | Purpose::ChangeEmail => {
                Message::VerifyEmail { name, link, hours: u32::try_from(seconds / 3_600).unwrap_or(u32::MAX) }
            }
            Purpose::ResetPassword => {
                Message::ResetPassword { name, link, minutes: u32::try_from(seconds / 60).unwrap_or(u32::MAX) }
            }
        };
        self.mail_to(tx, email.as_str(), &user.locale, message).await
    }

    /// Tells somebody of what happened to their account, at their own address.
    pub(crate) async fn tell(&self, tx: &mut Tx, user: &User, message: Message) -> Result<()> {
        self.mail_to(tx, &user.email, &user.locale, message).await
    }

    pub(crate) async fn mail_to(&self, tx: &mut Tx, email: &str, locale: &str, message: Message) -> Result<()> {
        // Some addresses that are accepted are none for mail: whoever has one cannot be told.
        let Ok(address) = email.parse() else {
            tracing::warn!(template = message.name(), "an address cannot be mailed to");
            return Ok(());
        };
        self.mail.send(tx, &address, Locale::nearest(locale), message).await?;
        Ok(())
    }

    /// An address of the dashboard.
    pub(crate) fn link(&self, path: &str) -> Result<Link> {
        Link::parse(&format!("{}/{path}", self.web.frontend_url())).map_err(|what| Error::Unexpected(what.into()))
    }

    /// Confirms an address: that of the account, or one that it moves to.
    ///
    /// # Errors
    /// When the token is none for this, expired or was used; and when somebody else has the address by now.
    pub async fn verify_email(&self, ctx: &Ctx, token: &Secret) -> Result<()> {
        let mut tx = self.store.begin(ctx).await?;
        let found = self.find_token(&mut tx, ctx, token).await?;
        let found = found.filter(|found| found.purpose != Purpose::ResetPassword).ok_or(Error::VerificationInvalid)?;
        let user = users::lock_user(&mut tx, found.user).await?;
        if !store::take(&mut tx, found.id).await? {
            return Err(Error::VerificationInvalid);
        }
        let email: EmailAddress = found.email.parse().map_err(|_| Error::VerificationInvalid)?;
        if found.purpose == Purpose::ChangeEmail && email.as_str() != user.email {
            if users::email_is_taken(&mut tx, &email).await? {
                return Err(Error::EmailTaken);
            }
            users::save_email(&mut tx, user.id, &email).await?;
            // What was mailed to the old address no longer counts.
            store::void(&mut tx, user.id).await?;
            let record = Record::new("user.email_changed", "user").of(user.id);
            self.audit.record(&mut tx, ctx, record.changed(user.email.as_str(), email.as_str())).await?;
        } else if email.as_str() == user.email {
            users::save_verified(&mut tx, user.id).await?;
            self.audit.record(&mut tx, ctx, Record::new("user.verified", "user").of(user.id)).await?;
        } else {
            return Err(Error::VerificationInvalid);
        }
        tx.emit(&UserVerified { user_id: user.id });
        Ok(tx.commit().await?)
    }

    /// Sets a new password and ends all sessions and the lock.
    ///
    /// # Errors
    /// When the token is none for this, expired or was used, and when the password does not do; it can then be shown again.
    pub async fn reset_password(&self, ctx: &Ctx, token: &Secret, password: Secret) -> Result<()> {
        let mut reader = self.store.read().await?;
        let found = self.find_token(&mut reader, ctx, token).await?;
        let found = found.filter(|found| found.purpose == Purpose::ResetPassword).ok_or(Error::ResetInvalid)?;
        let (user, hash) = users::get_login(&mut reader, found.user).await?;
        drop(reader);
        if user.disabled || found.email != user.email {
            return Err(Error::ResetInvalid);
        }
        let new_hash = self.hash_new_password(ctx, &user, hash, password).await?;

        let mut tx = self.store.begin(ctx).await?;
        let user = users::lock_user(&mut tx, user.id).await?;
        if !store::take(&mut tx, found.id).await? {
            return Err(Error::ResetInvalid);
        }
        self.put_password(&mut tx, ctx, &user, &new_hash, None).await?;
        // Whoever got the mail has the address; the account is theirs, not that of who guessed.
        users::save_verified(&mut tx, user.id).await?;
        users::save_failures(&mut tx, user.id, 0, None).await?;
        tx.emit(&PasswordReset { user_id: user.id });
        self.audit.record(&mut tx, ctx, Record::new("user.password_reset", "user").of(user.id)).await?;
        Ok(tx.commit().await?)
    }

    async fn find_token(
        &self,
        reader: &mut rampart_store::Reader,
        origin: &Origin,
        token: &Secret,
    ) -> Result<Option<MailedToken>> {
        let found = store::find(reader, &self.token_key.hash_token(token)).await?;
        Ok(found.filter(|found| found.counts(origin.now())))
    }
}

/// Where a request came from, for messages.
pub fn address_of(ctx: &Ctx) -> Name {
    ctx.client().ip.map_or_else(|| Name::new("unknown"), |ip| Name::new(&ip.to_string()))
}

/// As messages call somebody.
pub fn name_of(user: &User) -> Name {
    Name::new(user.name.as_deref().or(user.username.as_deref()).unwrap_or(&user.email))
}
