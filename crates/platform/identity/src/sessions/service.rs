//! Beginning, going on with and ending sessions.

use std::time::Duration;

use rampart_access::audit::Record;
use rampart_access::{Ctx, SessionId};
use rampart_kernel::{Origin, Secret};
use rampart_store::Tx;

use super::model::{Begin, Refresh, RefreshTokenId, Session, Signed};
use super::store::{self, NewSession};
use crate::error::Error;
use crate::events::{UserLoggedIn, UserLoggedOut};
use crate::model::User;
use crate::service::{Identity, Result};
use crate::store as users;
use crate::workspaces::store as workspaces;
use crate::{factor, mailed, passkeys, providers};

/// Ended sessions are kept this long, for those who look back.
const ENDED_KEPT: Duration = Duration::from_secs(30 * 24 * 3_600);

impl Identity {
    /// The end of every sign-in, by whatever means: a session of somebody whose row is held.
    ///
    /// # Errors
    /// When they are disabled, which may have happened since they showed who they are.
    pub(crate) async fn begin_session(&self, tx: &mut Tx, ctx: &Ctx, user: User, begin: Begin) -> Result<Signed> {
        if user.disabled {
            return Err(Error::Disabled);
        }
        let lifetime = self.session_lifetime(begin.remember);
        users::save_login(tx, user.id).await?;
        let session: SessionId = ctx.new_id();
        let cookie = ctx.new_token();
        let new = NewSession {
            id: session,
            user: user.id,
            cookie_hash: &self.token_key.hash_token(&cookie),
            expires_at: ctx.now() + lifetime,
            remember: begin.remember,
            method: begin.method,
            device_name: begin.device_name.as_deref(),
            ip_address: ctx.client().ip.map(|ip| ip.to_string()),
            user_agent: ctx.client().user_agent.as_deref(),
        };
        store::insert_session(tx, &new).await?;
        let (signed, _) = self.hand_out(tx, ctx, user, session, cookie, lifetime).await?;
        tx.emit(&UserLoggedIn { user_id: signed.user.id });
        let record = Record::new("user.login", "user").of(signed.user.id).detail("session", session.to_string());
        self.audit.record(tx, ctx, record.detail("method", begin.method.name())).await?;
        Ok(signed)
    }

    fn session_lifetime(&self, remember: bool) -> Duration {
        if remember { self.settings.remembered_lifetime.0 } else { self.settings.session_lifetime.0 }
    }

    /// New tokens for a refresh token, which is then used up.
    ///
    /// # Errors
    /// When it is unknown, expired or revoked; and when it was used before, which ends its session.
    pub async fn refresh(&self, ctx: &Ctx, token: &Secret) -> Result<Signed> {
        let mut tx = self.store.begin(ctx).await?;
        let shown = store::lock_refresh_token(&mut tx, &self.token_key.hash_token(token)).await?;
        let shown = shown.ok_or(Error::TokenInvalid)?;
        match shown.judge(ctx.now()) {
            Refresh::Rotate => {}
            Refresh::Expired => return Err(Error::TokenExpired),
            Refresh::Revoked => return Err(Error::TokenRevoked),
            Refresh::Reused => {
                store::revoke_session(&mut tx, shown.session, "refresh token reused").await?;
                let record = Record::new("session.revoked", "session").of(shown.session).failed("refresh token reused");
                self.audit.record(&mut tx, ctx, record).await?;
                tx.commit().await?;
                return Err(Error::RefreshTokenReused);
            }
        }
        let user = users::get_user(&mut tx, shown.user).await?;
        if user.disabled {
            return Err(Error::Disabled);
        }
        let lifetime = self.session_lifetime(shown.remember);
        let cookie = ctx.new_token();
        let cookie_hash = self.token_key.hash_token(&cookie);
        store::extend_session(&mut tx, shown.session, &cookie_hash, ctx.now() + lifetime).await?;
        let (signed, new) = self.hand_out(&mut tx, ctx, user, shown.session, cookie, lifetime).await?;
        store::rotate_refresh_token(&mut tx, shown.id, new).await?;
        tx.commit().await?;
        Ok(signed)
    }

    /// New tokens of a session, and which refresh token is among them.
    async fn hand_out(
        &self,
        tx: &mut Tx,
        origin: &Origin,
        user: User,
        session: SessionId,
        cookie: Secret,
        refresh_lifetime: Duration,
    ) -> Result<(Signed, RefreshTokenId)> {
        let access_lifetime = self.settings.access_lifetime.0;
        let parts = workspaces::parts(tx, user.id).await?;
        let subscription =
            parts.iter().find(|part| Some(part.workspace) == user.default_workspace).map(|part| part.tier);
        let refresh_token = origin.new_token();
        let hash = self.token_key.hash_token(&refresh_token);
        let id = store::insert_refresh_token(tx, session, &hash, origin.now() + refresh_lifetime).await?;
        let access_token =
            self.access_tokens.sign(origin, &user, subscription, session, origin.now() + access_lifetime)?;
        let csrf = origin.new_token();
        let signed =
            Signed { user, subscription, access_token, access_lifetime, refresh_token, refresh_lifetime, cookie, csrf };
        Ok((signed, id))
    }

    /// Ends this session, or all of the user's.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn log_out(&self, ctx: &Ctx, all_sessions: bool) -> Result<()> {
        let who = ctx.in_session()?;
        let mut tx = self.store.begin(ctx).await?;
        if all_sessions {
            store::revoke_sessions(&mut tx, who.user(), None, "logout").await?;
        } else if let Some(session) = who.session() {
            store::revoke_session(&mut tx, session, "logout").await?;
        }
        tx.emit(&UserLoggedOut { user_id: who.user() });
        self.audit.record(&mut tx, ctx, Record::new("user.logout", "user").of(who.user())).await?;
        Ok(tx.commit().await?)
    }

    /// The caller's living sessions.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn sessions(&self, ctx: &Ctx) -> Result<Vec<Session>> {
        let who = ctx.signed_in()?;
        Ok(store::own_sessions(&mut self.store.read().await?, who, ctx.now()).await?)
    }

    /// Ends one of the caller's sessions.
    ///
    /// # Errors
    /// When there is no such session of theirs.
    pub async fn end_session(&self, ctx: &Ctx, session: SessionId) -> Result<()> {
        let who = ctx.in_session()?;
        let mut tx = self.store.begin(ctx).await?;
        if !store::revoke_own_session(&mut tx, who, session).await? {
            return Err(rampart_access::Error::NotFound.into());
        }
        self.audit.record(&mut tx, ctx, Record::new("session.revoked", "session").of(session)).await?;
        Ok(tx.commit().await?)
    }

    /// Ends all of the caller's sessions, or all but this one; how many.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn end_sessions(&self, ctx: &Ctx, keep_this: bool) -> Result<u64> {
        let who = ctx.in_session()?;
        let mut tx = self.store.begin(ctx).await?;
        let keep = who.session().filter(|_| keep_this);
        let ended = store::revoke_sessions(&mut tx, who.user(), keep, "user").await?;
        let record = Record::new("session.revoked", "user").of(who.user()).detail("sessions", ended);
        self.audit.record(&mut tx, ctx, record).await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// Removes what has expired, sessions a while after that; how many rows.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn clean_sessions(&self, origin: &Origin) -> Result<u64> {
        let now = origin.now();
        let past = [
            (store::ENDED, now - ENDED_KEPT),
            (factor::CHALLENGES, now),
            (mailed::EXPIRED, now - mailed::EXPIRED_KEPT),
            (passkeys::CEREMONIES, now),
            (providers::DEPARTURES, now),
        ];
        let mut removed = 0;
        for (past, before) in past {
            removed += self.store.remove_past(origin, &past, before).await?;
        }
        Ok(removed)
    }
}
