//! The use cases: the only door for other modules.

use std::pin::Pin;
use std::time::Duration;

use rampart_access::audit::{Audit, Record};
use rampart_access::{Actor, Ctx, Membership, PlatformRole, SessionId, WorkspaceRole};
use rampart_kernel::{DerivedKey, Keys, Origin, Purpose, Secret, Timestamp, WorkspaceId};
use rampart_store::{Store, Tx};
use rampart_web::{ApiError, Authenticator, Credentials, Request};

use crate::access::ManageMembers;
use crate::error::Error;
use crate::events::{UserLocked, UserLoggedIn, UserLoggedOut, UserRegistered};
use crate::model::{EmailAddress, InvitationId, InvitationScope, Part, Refresh, Session, Tier, Usable, User};
use crate::password::{self, Hasher};
use crate::settings::{IdentitySettings, RegistrationMode};
use crate::store::{self, By, NewInvitation, NewSession, NewUser, NewWorkspace};
use crate::token::AccessTokens;

type Result<T, E = Error> = std::result::Result<T, E>;

/// The first invitation of all, printed at the start, lives this long.
const BOOTSTRAP_LIFETIME: Duration = Duration::from_secs(24 * 3_600);

/// The use of a session is written at most this often: every request would be a write otherwise.
const TOUCH_INTERVAL: Duration = Duration::from_secs(5 * 60);

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

/// Users, sessions and workspaces. Clones are the same.
#[derive(Clone)]
pub struct Identity {
    store: Store,
    audit: Audit,
    settings: IdentitySettings,
    hasher: Hasher,
    access_tokens: AccessTokens,
    token_key: DerivedKey,
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

    /// A new invitation for the administrator, while there is none; earlier ones no longer count.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn bootstrap(&self, origin: &Origin) -> Result<Option<Invited>> {
        let ctx = Ctx::of_system(origin.clone(), "bootstrap");
        let mut tx = self.store.begin(&ctx).await?;
        if store::has_admin(&mut tx).await? {
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
        usable(store::lock_invitation(&mut tx, &code_hash).await?, email, ctx.now())?;
        drop(tx);
        let password_hash = self.hasher.hash(ctx, registration.password.clone()).await?;

        let mut tx = self.store.begin(ctx).await?;
        let invitation = usable(store::lock_invitation(&mut tx, &code_hash).await?, email, ctx.now())?;
        if store::email_is_taken(&mut tx, email).await? {
            return Err(Error::EmailTaken);
        }
        let username = match registration.username.as_deref() {
            Some(name) if store::username_is_taken(&mut tx, name).await? => None,
            other => other,
        };
        store::use_invitation(&mut tx, invitation.id).await?;
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
            Some((workspace, role)) => store::insert_member(&mut tx, workspace, user.id, role).await?,
            None => {
                let workspace: WorkspaceId = ctx.new_id();
                let name = registration.name.as_deref().unwrap_or(email.local_part());
                // Where nothing is billed nothing is withheld.
                let tier = Tier::Enterprise;
                let slug = workspace.to_string();
                let new = NewWorkspace { id: workspace, name, slug: &slug, owner: user.id, tier };
                store::insert_workspace(&mut tx, &new).await?;
                store::insert_member(&mut tx, workspace, user.id, WorkspaceRole::Owner).await?;
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
        let signed = self.hand_out(&mut tx, ctx, user, session, cookie, lifetime).await?;
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
        let signed = self.hand_out(&mut tx, ctx, user, shown.session, cookie, lifetime).await?;
        let new = store::lock_refresh_token(&mut tx, &self.token_key.hash_token(&signed.refresh_token)).await?;
        let new = new.ok_or_else(|| Error::Unexpected("the new token is missing".into()))?;
        store::rotate_refresh_token(&mut tx, shown.id, new.id).await?;
        tx.commit().await?;
        Ok(signed)
    }

    async fn hand_out(
        &self,
        tx: &mut Tx,
        origin: &Origin,
        user: User,
        session: SessionId,
        cookie: Secret,
        refresh_lifetime: Duration,
    ) -> Result<Signed> {
        let access_lifetime = self.settings.access_lifetime.0;
        let parts = store::parts(tx, user.id).await?;
        let subscription =
            parts.iter().find(|part| Some(part.workspace) == user.default_workspace).map(|part| part.tier);
        let refresh_token = origin.new_token();
        let hash = self.token_key.hash_token(&refresh_token);
        store::insert_refresh_token(tx, session, &hash, origin.now() + refresh_lifetime).await?;
        let access_token =
            self.access_tokens.sign(origin, &user, subscription, session, origin.now() + access_lifetime)?;
        let csrf = origin.new_token();
        Ok(Signed { user, subscription, access_token, access_lifetime, refresh_token, refresh_lifetime, cookie, csrf })
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
        let parts = store::parts(&mut reader, who.user()).await?;
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

    async fn actor(&self, seen: &Request, shown: &Credentials, workspace: Option<WorkspaceId>) -> Result<Actor> {
        let now = seen.origin.now();
        let mut reader = self.store.read().await?;
        let found = match shown {
            Credentials::Bearer(token) => {
                let (user, session) = self.access_tokens.check(token, now)?;
                let found = store::find_session(&mut reader, By::Id(session), workspace).await?;
                found.filter(|found| found.user == user)
            }
            Credentials::Cookie(cookie) => {
                let hash = self.token_key.hash_token(cookie);
                store::find_session(&mut reader, By::Cookie(&hash), workspace).await?
            }
        };
        drop(reader);
        let found = found.ok_or(Error::TokenInvalid)?;
        if found.revoked {
            return Err(Error::TokenRevoked);
        }
        if found.expires_at <= now {
            return Err(Error::TokenExpired);
        }
        if found.disabled {
            return Err(Error::Disabled);
        }
        if now > found.last_used + TOUCH_INTERVAL {
            let mut tx = self.store.begin(&seen.origin).await?;
            store::touch_session(&mut tx, found.session).await?;
            tx.commit().await?;
        }
        let membership = found.workspace.and_then(|workspace| {
            WorkspaceRole::effective(found.role, found.member).map(|role| Membership { workspace, role })
        });
        Ok(Actor::User { id: found.user, role: found.role, session: found.session, membership })
    }
}

impl Authenticator for Identity {
    fn authenticate<'a>(
        &'a self,
        request: &'a Request,
        credentials: &'a Credentials,
        workspace: Option<WorkspaceId>,
    ) -> Pin<Box<dyn Future<Output = Result<Actor, ApiError>> + Send + 'a>> {
        Box::pin(async move { Ok(self.actor(request, credentials, workspace).await?) })
    }
}

fn usable(
    invitation: Option<crate::model::Invitation>,
    email: &EmailAddress,
    now: Timestamp,
) -> Result<crate::model::Invitation> {
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
