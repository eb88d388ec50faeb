//! The use cases: the only door for other modules.

use std::time::Duration;

use rampart_access::audit::{Audit, Record};
use rampart_access::{Ctx, PlatformRole, SessionId, WorkspaceRole};
use rampart_kernel::{DerivedKey, Keys, Origin, Purpose, Secret, WorkspaceId};
use rampart_store::{Store, Tx};

use crate::error::Error;
use crate::events::{SessionRevoked, UserLocked, UserLoggedIn, UserLoggedOut, UserRegistered};
use crate::invitations::service::usable;
use crate::invitations::store as invitations;
use crate::model::{EmailAddress, Refresh, RefreshTokenId, Session, User};
use crate::password::{self, Hasher};
use crate::policies::service::check_password;
use crate::settings::{IdentitySettings, RegistrationMode};
use crate::store::{self, NewSession, NewUser};
use crate::token::AccessTokens;
use crate::workspaces::events::MemberJoined;
use crate::workspaces::model::{Part, Tier};
use crate::workspaces::store::{self as workspaces, NewWorkspace};

pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// Ended sessions are kept this long, for those who look back.
const ENDED_KEPT: Duration = Duration::from_secs(30 * 24 * 3_600);

/// Rows removed in one transaction.
const FORGET_BATCH: i64 = 500;

/// What somebody registers with.
#[derive(Clone, Debug)]
pub struct Registration {
    pub email: EmailAddress,
    pub password: Secret,
    pub invitation: Option<Secret>,
    pub username: Option<String>,
    pub name: Option<String>,
}

/// What somebody logs in with.
#[derive(Clone, Debug)]
pub struct Login {
    pub email: EmailAddress,
    pub password: Secret,
    pub remember: bool,
}

/// What a session hands out; nothing of it is kept but hashes.
#[derive(Clone, Debug)]
pub struct Signed {
    pub user: User,
    pub subscription: Option<Tier>,
    pub access_token: Secret,
    pub access_lifetime: Duration,
    pub refresh_token: Secret,
    pub refresh_lifetime: Duration,
    /// For browsers.
    pub cookie: Secret,
    pub csrf: Secret,
}

/// Users, sessions and workspaces. Clones are the same.
#[derive(Clone)]
pub struct Identity {
    pub(crate) store: Store,
    pub(crate) audit: Audit,
    pub(crate) settings: IdentitySettings,
    pub(crate) hasher: Hasher,
    pub(crate) access_tokens: AccessTokens,
    pub(crate) token_key: DerivedKey,
}

impl Identity {
    /// # Errors
    /// When the settings of password hashing are none.
    pub fn new(store: Store, keys: &Keys, settings: IdentitySettings) -> Result<Identity> {
        Ok(Identity {
            store,
            audit: Audit::new(keys),
            hasher: Hasher::new(&settings)?,
            access_tokens: AccessTokens::new(keys),
            token_key: keys.derive(Purpose::Tokens),
            settings,
        })
    }

    /// Makes an account; for whoever is invited onto the installation with a workspace of their own.
    ///
    /// # Errors
    /// When the invitation, the password or the address does not do.
    pub async fn register(&self, ctx: &Ctx, registration: Registration) -> Result<User> {
        if self.settings.registration == RegistrationMode::Closed {
            return Err(Error::RegistrationClosed);
        }
        let email = &registration.email;
        let code = registration.invitation.as_ref().ok_or(Error::InvitationInvalid)?;
        let code_hash = self.token_key.hash_token(code);
        password::check(&registration.password, email).map_err(Error::WeakPassword)?;
        // Not for whoever merely knocks: hashing takes 64 MB.
        let mut tx = self.store.begin(ctx).await?;
        let invitation = usable(invitations::lock_invitation(&mut tx, &code_hash).await?, email, ctx.now())?;
        check_password(std::iter::once(&invitation.policy), &registration.password)?;
        drop(tx);
        let password_hash = self.hasher.hash(ctx, registration.password.clone()).await?;

        let mut tx = self.store.begin(ctx).await?;
        let invitation = usable(invitations::lock_invitation(&mut tx, &code_hash).await?, email, ctx.now())?;
        if store::email_is_taken(&mut tx, email).await? {
            return Err(Error::EmailTaken);
        }
        let username = match registration.username.as_deref() {
            Some(name) if store::username_is_taken(&mut tx, name).await? => None,
            other => other,
        };
        invitations::use_invitation(&mut tx, invitation.id).await?;
        let wrong_role = || Error::Unexpected(format!("invitation {} has no role", invitation.id).into());
        let (role, part) = match invitation.workspace {
            None => (invitation.role.parse().map_err(|_| wrong_role())?, None),
            Some(workspace) => {
                let part: WorkspaceRole = invitation.role.parse().map_err(|_| wrong_role())?;
                (PlatformRole::User, Some((workspace, part)))
            }
        };
        let user = NewUser {
            id: ctx.new_id(),
            email,
            username,
            name: registration.name.as_deref(),
            password_hash: &password_hash,
            role,
        };
        store::insert_user(&mut tx, &user).await?;
        match part {
            Some((workspace, role)) => {
                workspaces::insert_member(&mut tx, workspace, user.id, role).await?;
                tx.emit_in(workspace, &MemberJoined { user_id: user.id, role });
            }
            None => {
                let workspace: WorkspaceId = ctx.new_id();
                let name = registration.name.as_deref().unwrap_or(email.local_part());
                // Where nothing is billed nothing is withheld.
                let tier = Tier::Enterprise;
                let slug = workspace.to_string();
                let new = NewWorkspace { id: workspace, name, slug: &slug, owner: user.id, tier, personal: true };
                workspaces::insert_workspace(&mut tx, &new).await?;
                workspaces::insert_member(&mut tx, workspace, user.id, WorkspaceRole::Owner).await?;
            }
        }
        let made = store::get_user(&mut tx, user.id).await?;
        tx.emit(&UserRegistered { user_id: made.id });
        self.audit
            .record(&mut tx, ctx, Record::new("user.registered", "user").of(made.id).detail("role", role.name()))
            .await?;
        tx.commit().await?;
        Ok(made)
    }

    /// Begins a session.
    ///
    /// # Errors
    /// [`Error::InvalidCredentials`] for an unknown address and for a wrong password alike, after the same time.
    pub async fn log_in(&self, ctx: &Ctx, login: Login) -> Result<Signed> {
        let found = store::find_login(&mut self.store.read().await?, &login.email).await?;
        let (user, hash) = found.map_or((None, None), |(user, hash)| (Some(user), hash));
        let matches = self.hasher.verify(ctx, login.password, hash).await?;
        let Some(user) = user else {
            self.refuse_login(ctx, None, "unknown address").await?;
            return Err(Error::InvalidCredentials);
        };
        if let Some(pause) = user.locked_for(ctx.now()) {
            self.refuse_login(ctx, Some(&user), "locked").await?;
            return Err(Error::Locked(pause));
        }
        if !matches {
            return Err(self.count_failure(ctx, &user).await?);
        }
        if user.disabled {
            self.refuse_login(ctx, Some(&user), "disabled").await?;
            return Err(Error::Disabled);
        }
        let lifetime =
            if login.remember { self.settings.remembered_lifetime.0 } else { self.settings.session_lifetime.0 };
        let mut tx = self.store.begin(ctx).await?;
        let user = store::lock_user(&mut tx, user.id).await?;
        store::save_login(&mut tx, user.id).await?;
        let session: SessionId = ctx.new_id();
        let cookie = ctx.new_token();
        let new = NewSession {
            id: session,
            user: user.id,
            cookie_hash: &self.token_key.hash_token(&cookie),
            expires_at: ctx.now() + lifetime,
            remember: login.remember,
            ip_address: ctx.client().ip.map(|ip| ip.to_string()),
            user_agent: ctx.client().user_agent.as_deref(),
        };
        store::insert_session(&mut tx, &new).await?;
        let (signed, _) = self.hand_out(&mut tx, ctx, user, session, cookie, lifetime).await?;
        tx.emit(&UserLoggedIn { user_id: signed.user.id });
        let record = Record::new("user.login", "user").of(signed.user.id).detail("session", session.to_string());
        self.audit.record(&mut tx, ctx, record).await?;
        tx.commit().await?;
        Ok(signed)
    }

    async fn refuse_login(&self, ctx: &Ctx, user: Option<&User>, reason: &str) -> Result<()> {
        let mut tx = self.store.begin(ctx).await?;
        let record = Record::new("user.login", "user").failed(reason);
        let record = if let Some(user) = user { record.of(user.id) } else { record };
        self.audit.record(&mut tx, ctx, record).await?;
        Ok(tx.commit().await?)
    }

    /// The counter lives in the database, so that it holds on every node and over restarts.
    async fn count_failure(&self, ctx: &Ctx, user: &User) -> Result<Error> {
        let mut tx = self.store.begin(ctx).await?;
        let user = store::lock_user(&mut tx, user.id).await?;
        // A lock that has passed begins a new count.
        let before = if user.locked_until.is_some_and(|until| until <= ctx.now()) { 0 } else { user.failed_logins };
        let count = before + 1;
        let lock = Duration::from_secs(60 * u64::from(self.settings.lockout_minutes));
        let locked_until = (count >= self.settings.lockout_threshold).then(|| ctx.now() + lock);
        store::save_failures(&mut tx, user.id, count, locked_until).await?;
        if locked_until.is_some() {
            tx.emit(&UserLocked { user_id: user.id });
        }
        let record = Record::new("user.login", "user").of(user.id).failed("wrong password");
        self.audit.record(&mut tx, ctx, record).await?;
        tx.commit().await?;
        Ok(Error::InvalidCredentials)
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
                tx.emit(&SessionRevoked { user_id: shown.user });
                let record = Record::new("session.revoked", "session").of(shown.session).failed("refresh token reused");
                self.audit.record(&mut tx, ctx, record).await?;
                tx.commit().await?;
                return Err(Error::RefreshTokenReused);
            }
        }
        let user = store::get_user(&mut tx, shown.user).await?;
        if user.disabled {
            return Err(Error::Disabled);
        }
        let lifetime =
            if shown.remember { self.settings.remembered_lifetime.0 } else { self.settings.session_lifetime.0 };
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
            store::revoke_own_sessions(&mut tx, who, None).await?;
        } else if let Some(session) = who.session() {
            store::revoke_session(&mut tx, session, "logout").await?;
        }
        tx.emit(&UserLoggedOut { user_id: who.user() });
        self.audit.record(&mut tx, ctx, Record::new("user.logout", "user").of(who.user())).await?;
        Ok(tx.commit().await?)
    }

    /// The caller, and the workspaces they have a part in.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn me(&self, ctx: &Ctx) -> Result<(User, Vec<Part>)> {
        let who = ctx.signed_in()?;
        let mut reader = self.store.read().await?;
        let user = store::get_user(&mut reader, who.user()).await?;
        let parts = workspaces::parts(&mut reader, who.user()).await?;
        Ok((user, parts))
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
        tx.emit(&SessionRevoked { user_id: who.user() });
        self.audit.record(&mut tx, ctx, Record::new("session.revoked", "session").of(session)).await?;
        Ok(tx.commit().await?)
    }

    /// Removes sessions that ended long ago; how many.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn clean_sessions(&self, origin: &Origin) -> Result<u64> {
        let mut removed = 0;
        loop {
            let mut tx = self.store.begin(origin).await?;
            let batch = store::forget_sessions(&mut tx, origin.now() - ENDED_KEPT, FORGET_BATCH).await?;
            tx.commit().await?;
            removed += batch;
            if batch == 0 {
                return Ok(removed);
            }
        }
    }
}
