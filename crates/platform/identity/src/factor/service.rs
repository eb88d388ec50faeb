//! Enrolling, answering and taking back the second factor.

use rampart_access::Ctx;
use rampart_access::audit::Record;
use rampart_kernel::{Secret, UserId};
use rampart_mail::{Change, Message};
use rampart_store::Tx;

use super::model::{self, BACKUP_CODES, CHALLENGE_LIFETIME, Challenge, Enrolment, Seed};
use super::store::{self, Waiting};
use crate::error::Error;
use crate::events::{TwoFactorDisabled, TwoFactorEnabled};
use crate::mailed::{address_of, name_of};
use crate::model::User;
use crate::service::{Identity, Result};
use crate::sessions::model::{Begin, Signed};
use crate::store as users;

impl Identity {
    /// A new seed, which counts once a code of it was shown. An earlier one that was not confirmed is void.
    ///
    /// # Errors
    /// When the password is wrong, or there is a second factor already.
    pub async fn enrol_factor(&self, ctx: &Ctx, password: Option<Secret>) -> Result<Enrolment> {
        let who = ctx.in_session()?;
        self.confirm_presence(ctx, who, password).await?;
        let mut tx = self.store.begin(ctx).await?;
        let user = users::lock_user(&mut tx, who.user()).await?;
        if user.two_factor {
            return Err(Error::FactorExists);
        }
        let seed = Seed::new(ctx);
        store::put_seed(&mut tx, &self.keys, user.id, &seed).await?;
        let enrolment = seed.enrolment(&user.email)?;
        tx.commit().await?;
        Ok(enrolment)
    }

    /// Turns the second factor on, with the first code of the app; the backup codes, told once.
    ///
    /// # Errors
    /// When the code is not of the seed, there is no seed, or the factor is on already.
    pub async fn confirm_factor(&self, ctx: &Ctx, code: &Secret) -> Result<Vec<Secret>> {
        let who = ctx.in_session()?;
        let mut tx = self.store.begin(ctx).await?;
        let user = users::lock_user(&mut tx, who.user()).await?;
        if user.two_factor {
            return Err(Error::FactorExists);
        }
        let factor = store::find_seed(&mut tx, &self.keys, user.id).await?.ok_or(Error::CodeInvalid)?;
        let step = factor.seed.step(code, ctx.now())?.ok_or(Error::CodeInvalid)?;
        store::confirm(&mut tx, user.id, step).await?;
        let codes = self.new_backup_codes(&mut tx, ctx, user.id).await?;
        self.tell_of_factor(&mut tx, ctx, &user, Change::Enabled).await?;
        tx.emit(&TwoFactorEnabled { user_id: user.id });
        self.audit.record(&mut tx, ctx, Record::new("user.two_factor_enabled", "user").of(user.id)).await?;
        tx.commit().await?;
        Ok(codes)
    }

    /// Turns the second factor off.
    ///
    /// # Errors
    /// When the password or the code is wrong, both of which count towards the lock.
    pub async fn remove_factor(&self, ctx: &Ctx, password: Option<Secret>, code: &Secret) -> Result<()> {
        let who = ctx.in_session()?;
        self.confirm_presence(ctx, who, password).await?;
        let mut tx = self.store.begin(ctx).await?;
        let user = users::lock_user(&mut tx, who.user()).await?;
        let mut tx = self.expect_code(tx, ctx, &user, code).await?;
        store::remove(&mut tx, user.id).await?;
        self.tell_of_factor(&mut tx, ctx, &user, Change::Disabled).await?;
        tx.emit(&TwoFactorDisabled { user_id: user.id });
        self.audit.record(&mut tx, ctx, Record::new("user.two_factor_disabled", "user").of(user.id)).await?;
        Ok(tx.commit().await?)
    }

    /// New backup codes in place of the old.
    ///
    /// # Errors
    /// As [`Identity::remove_factor`].
    pub async fn renew_backup_codes(&self, ctx: &Ctx, password: Option<Secret>, code: &Secret) -> Result<Vec<Secret>> {
        let who = ctx.in_session()?;
        self.confirm_presence(ctx, who, password).await?;
        let mut tx = self.store.begin(ctx).await?;
        let user = users::lock_user(&mut tx, who.user()).await?;
        let mut tx = self.expect_code(tx, ctx, &user, code).await?;
        let codes = self.new_backup_codes(&mut tx, ctx, user.id).await?;
        self.tell_of_factor(&mut tx, ctx, &user, Change::Codes).await?;
        self.audit.record(&mut tx, ctx, Record::new("user.backup_codes_renewed", "user").of(user.id)).await?;
        tx.commit().await?;
        Ok(codes)
    }

    /// Completes a sign-in with a code of the app or a backup code.
    ///
    /// # Errors
    /// When the challenge is none, has expired or was answered; and when the code is wrong, which counts.
    pub async fn answer_challenge(&self, ctx: &Ctx, token: &Secret, code: &Secret) -> Result<Signed> {
        let mut tx = self.store.begin(ctx).await?;
        let waiting = store::find_challenge(&mut tx, &self.token_key.hash_token(token)).await?;
        let waiting = waiting.ok_or(Error::TokenInvalid)?;
        if waiting.expires_at <= ctx.now() {
            return Err(Error::TokenExpired);
        }
        let user = users::lock_user(&mut tx, waiting.user).await?;
        let mut tx = self.expect_code(tx, ctx, &user, code).await?;
        // Only now the row is held: of two right answers the second comes too late.
        if !store::take_challenge(&mut tx, waiting.id).await? {
            return Err(Error::TokenInvalid);
        }
        let begin = Begin { method: waiting.method, remember: waiting.remember, device_name: waiting.device_name };
        let signed = self.begin_session(&mut tx, ctx, user, begin).await?;
        tx.commit().await?;
        Ok(signed)
    }

    /// Makes a sign-in wait for the second factor.
    pub(crate) async fn challenge(&self, tx: &mut Tx, ctx: &Ctx, user: &User, begin: Begin) -> Result<Challenge> {
        let token = ctx.new_token();
        let waiting = Waiting {
            id: ctx.new_id(),
            user: user.id,
            method: begin.method,
            remember: begin.remember,
            device_name: begin.device_name,
            expires_at: ctx.now() + CHALLENGE_LIFETIME,
        };
        store::insert_challenge(tx, &waiting, &self.token_key.hash_token(&token)).await?;
        Ok(Challenge { token })
    }

    /// Goes on when the code is right; otherwise counts the failure, for good, and refuses.
    pub(crate) async fn expect_code(&self, mut tx: Tx, ctx: &Ctx, user: &User, code: &Secret) -> Result<Tx> {
        if let Some(pause) = user.locked_for(ctx.now()) {
            return Err(Error::Locked(pause));
        }
        if self.code_is_right(&mut tx, ctx, user.id, code).await? {
            return Ok(tx);
        }
        self.count_failure(&mut tx, ctx, user, "wrong code").await?;
        tx.commit().await?;
        Err(Error::CodeInvalid)
    }

    /// A code that is right is used up by this.
    async fn code_is_right(&self, tx: &mut Tx, ctx: &Ctx, user: UserId, code: &Secret) -> Result<bool> {
        let Some(factor) = store::find_seed(tx, &self.keys, user).await? else { return Ok(false) };
        match factor.seed.step(code, ctx.now())? {
            Some(step) if factor.last_step.is_none_or(|last| step > last) => {
                store::save_step(tx, user, step).await?;
                Ok(true)
            }
            // Seen before: somebody looked over a shoulder.
            Some(_) => Ok(false),
            None => {
                let hash = model::hash_backup_code(&self.token_key, user, code);
                let right = store::use_backup_code(tx, user, &hash).await?;
                if right {
                    self.audit.record(tx, ctx, Record::new("user.backup_code_used", "user").of(user)).await?;
                }
                Ok(right)
            }
        }
    }

    pub(crate) async fn tell_of_factor(&self, tx: &mut Tx, ctx: &Ctx, user: &User, change: Change) -> Result<()> {
        let (name, at, address) = (name_of(user), ctx.now(), address_of(ctx));
        let link = self.link("profile/security")?;
        self.tell(tx, user, Message::SecondFactorChanged { name, change, at, address, link }).await
    }

    async fn new_backup_codes(&self, tx: &mut Tx, ctx: &Ctx, user: UserId) -> Result<Vec<Secret>> {
        let codes: Vec<Secret> = (0..BACKUP_CODES).map(|_| model::new_backup_code(ctx)).collect();
        let hash = |code| model::hash_backup_code(&self.token_key, user, code);
        let hashes: Vec<String> = codes.iter().map(hash).collect();
        store::replace_backup_codes(tx, user, &hashes).await?;
        Ok(codes)
    }
}
