//! Signing in with a password, and what counts failures.

use std::time::Duration;

use rampart_access::audit::Record;
use rampart_access::{Ctx, SignedIn};
use rampart_kernel::{Secret, UserId};
use rampart_mail::Message;
use rampart_store::Tx;

use crate::error::Error;
use crate::events::UserLocked;
use crate::factor::SignIn;
use crate::mailed::{address_of, name_of};
use crate::model::{EmailAddress, User};
use crate::service::{Identity, Result};
use crate::sessions::model::{Begin, Method};
use crate::store;

/// How long ago somebody without a password may have signed in to count as having just shown who they are.
const RECENT: Duration = Duration::from_secs(10 * 60);

/// What somebody logs in with.
#[derive(Clone, Debug)]
pub struct Login {
    pub email: EmailAddress,
    pub password: Secret,
    /// Of the second factor, by those who know that they have one.
    pub code: Option<Secret>,
    pub remember: bool,
    pub device_name: Option<String>,
}

impl Identity {
    /// Begins a session, or the wait for the second factor.
    ///
    /// # Errors
    /// [`Error::InvalidCredentials`] for an unknown address and for a wrong password alike, after the same time.
    pub async fn log_in(&self, ctx: &Ctx, login: Login) -> Result<SignIn> {
        let found = store::find_login(&mut self.store.read().await?, &login.email).await?;
        let (user, hash) = found.map_or((None, None), |(user, hash)| (Some(user), hash));
        let matches = self.hasher.verify(ctx, login.password, hash.clone()).await?;
        let mut tx = self.store.begin(ctx).await?;
        let Some(user) = user else {
            self.refuse(tx, ctx, None, "unknown address").await?;
            return Err(Error::InvalidCredentials);
        };
        // Held from here on, and looked at again: while the password was hashed others may have guessed, or it was changed.
        let (user, hash_now) = store::lock_login(&mut tx, user.id).await?;
        if let Some(pause) = user.locked_for(ctx.now()) {
            self.refuse(tx, ctx, Some(&user), "locked").await?;
            return Err(Error::Locked(pause));
        }
        if !matches || hash != hash_now {
            self.count_failure(&mut tx, ctx, &user, "wrong password").await?;
            tx.commit().await?;
            return Err(Error::InvalidCredentials);
        }
        if user.disabled {
            self.refuse(tx, ctx, Some(&user), "disabled").await?;
            return Err(Error::Disabled);
        }
        if self.settings.require_verification && !user.verified {
            self.refuse(tx, ctx, Some(&user), "address not verified").await?;
            return Err(Error::EmailNotVerified);
        }
        let begin = Begin { method: Method::Password, remember: login.remember, device_name: login.device_name };
        let signed = match login.code {
            None if user.two_factor => {
                let challenge = self.challenge(&mut tx, ctx, &user, begin).await?;
                tx.commit().await?;
                return Ok(SignIn::Challenged(challenge));
            }
            Some(code) if user.two_factor => {
                tx = self.expect_code(tx, ctx, &user, &code).await?;
                self.begin_session(&mut tx, ctx, user, begin).await?
            }
            _ => self.begin_session(&mut tx, ctx, user, begin).await?,
        };
        tx.commit().await?;
        Ok(SignIn::Complete(Box::new(signed)))
    }

    /// Asks somebody who is signed in for the password again, before what must not be done by whoever finds the device open.
    ///
    /// # Errors
    /// When it is wrong, which counts as it does when signing in.
    pub(crate) async fn confirm_password(&self, ctx: &Ctx, id: UserId, password: Secret) -> Result<()> {
        let (user, hash) = store::get_login(&mut self.store.read().await?, id).await?;
        if let Some(pause) = user.locked_for(ctx.now()) {
            return Err(Error::Locked(pause));
        }
        let matches = self.hasher.verify(ctx, password, hash).await?;
        let mut tx = self.store.begin(ctx).await?;
        let user = store::lock_user(&mut tx, id).await?;
        if let Some(pause) = user.locked_for(ctx.now()) {
            return Err(Error::Locked(pause));
        }
        if matches {
            return Ok(());
        }
        self.count_failure(&mut tx, ctx, &user, "wrong password").await?;
        tx.commit().await?;
        Err(Error::InvalidCredentials)
    }

    /// As [`Identity::confirm_password`]; who has no password must have signed in just now.
    ///
    /// # Errors
    /// When the password is missing or wrong, or the sign-in too long ago.
    pub(crate) async fn confirm_presence(&self, ctx: &Ctx, who: SignedIn, password: Option<Secret>) -> Result<()> {
        let mut reader = self.store.read().await?;
        let (_, hash) = store::get_login(&mut reader, who.user()).await?;
        if hash.is_some() {
            drop(reader);
            return self.confirm_password(ctx, who.user(), password.ok_or(Error::InvalidCredentials)?).await;
        }
        let session = who.session().ok_or(Error::SignInAgain)?;
        let began = crate::sessions::store::began_at(&mut reader, session).await?;
        if ctx.now().since(began) <= RECENT { Ok(()) } else { Err(Error::SignInAgain) }
    }

    /// Refuses what would leave somebody, whose row is held, without a way to sign in.
    ///
    /// # Errors
    /// When it would.
    pub(crate) async fn expect_way_in(&self, tx: &mut Tx, user: UserId) -> Result<()> {
        if store::has_way_in(tx, user).await? { Ok(()) } else { Err(Error::LastWayIn) }
    }

    /// One more failure of somebody whose row is held; the last one locks the account.
    ///
    /// The counter lives in the database, so that it holds on every node and over restarts.
    pub(crate) async fn count_failure(&self, tx: &mut Tx, ctx: &Ctx, user: &User, reason: &str) -> Result<()> {
        // A lock that has passed begins a new count.
        let before = if user.locked_until.is_some_and(|until| until <= ctx.now()) { 0 } else { user.failed_logins };
        let count = before + 1;
        let lock = Duration::from_secs(60 * u64::from(self.settings.lockout_minutes));
        let locked_until = (count >= self.settings.lockout_threshold).then(|| ctx.now() + lock);
        store::save_failures(tx, user.id, count, locked_until).await?;
        if locked_until.is_some() {
            tx.emit(&UserLocked { user_id: user.id });
            let (name, minutes, link) = (name_of(user), self.settings.lockout_minutes, self.link("forgot-password")?);
            self.tell(
                tx,
                user,
                Message::AccountLocked { name, at: ctx.now(), address: address_of(ctx), minutes, link },
            )
            .await?;
        }
        let record = Record::new("user.login", "user").of(user.id).failed(reason);
        Ok(self.audit.record(tx, ctx, record).await?)
    }

    async fn refuse(&self, mut tx: Tx, ctx: &Ctx, user: Option<&User>, reason: &str) -> Result<()> {
        let record = Record::new("user.login", "user").failed(reason);
        let record = if let Some(user) = user { record.of(user.id) } else { record };
        self.audit.record(&mut tx, ctx, record).await?;
        Ok(tx.commit().await?)
    }
}
