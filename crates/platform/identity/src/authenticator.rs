//! Who is asking: what somebody shows with a request, and what that makes them.
//!
//! Everything is looked up with every request: a role that was changed, a member who was removed, a policy that was set, count at
//! once for whoever is signed in already.

use std::net::IpAddr;
use std::pin::Pin;
use std::time::Duration;

use rampart_access::{Actor, Error as Refusal, Membership, PlatformRole, Scope, SessionId, TokenId, WorkspaceRole};
use rampart_kernel::{Origin, Secret, Timestamp, UserId, WorkspaceId};
use rampart_store::{Reader, Row, Value, params};
use rampart_web::{ApiError, Authenticator, Credentials, Request};

use crate::error::Error;
use crate::policies::model::{Policy, Use, Visitor};
use crate::policies::store::read_policy;
use crate::service::{Identity, Result};
use crate::sessions::model::Method;
use crate::tokens;

/// The use of a session is written at most this often: every request would be a write otherwise.
const TOUCH_INTERVAL: Duration = Duration::from_secs(5 * 60);

/// The same where it counts for how long a session may stay unused, and for API tokens.
const CLOSE_TOUCH_INTERVAL: Duration = Duration::from_secs(60);

impl Authenticator for Identity {
    fn authenticate<'a>(
        &'a self,
        request: &'a Request,
        credentials: &'a Credentials,
        workspace: Option<WorkspaceId>,
    ) -> Pin<Box<dyn Future<Output = Result<Actor, ApiError>> + Send + 'a>> {
        Box::pin(async move { Ok(self.actor(request, credentials, workspace).await?) })
    }

    fn takes_changes(&self) -> Pin<Box<dyn Future<Output = Result<(), ApiError>> + Send + '_>> {
        Box::pin(self.refuse_in_maintenance())
    }
}

impl Identity {
    async fn actor(&self, seen: &Request, shown: &Credentials, workspace: Option<WorkspaceId>) -> Result<Actor> {
        let mut reader = self.store.read().await?;
        match shown {
            Credentials::Bearer(token) if token.expose().starts_with(tokens::PREFIX) => {
                let found = find_token(&mut reader, &self.token_key.hash_token(token)).await?;
                drop(reader);
                self.token_actor(seen, found.ok_or(Error::TokenInvalid)?, workspace).await
            }
            Credentials::Bearer(token) => {
                let (user, session) = self.access_tokens.check(token, seen.origin.now())?;
                let found = find_session(&mut reader, By::Id(session), workspace).await?;
                drop(reader);
                let found = found.filter(|found| found.who.user == user);
                self.session_actor(seen, found.ok_or(Error::TokenInvalid)?).await
            }
            Credentials::Cookie(cookie) => {
                let hash = self.token_key.hash_token(cookie);
                let found = find_session(&mut reader, By::Cookie(&hash), workspace).await?;
                drop(reader);
                self.session_actor(seen, found.ok_or(Error::TokenInvalid)?).await
            }
        }
    }

    async fn session_actor(&self, seen: &Request, found: FoundSession) -> Result<Actor> {
        let now = seen.origin.now();
        check(found.revoked, Some(found.expires_at), &found.who, now)?;
        let FoundSession { who, id: session, .. } = found;
        let visitor = who.visitor(seen.client.ip, Some(found.used));
        let membership = who.membership(&visitor, now);
        // What was unused for too long does not become used by being refused.
        let interval = if who.policy.idle_timeout_minutes.is_some() { CLOSE_TOUCH_INTERVAL } else { TOUCH_INTERVAL };
        if membership != Err(Refusal::SessionTooOld) && now > found.used.last + interval {
            self.touch(&seen.origin, "UPDATE sessions SET last_used = $2 WHERE id = $1", session.into()).await?;
        }
        Ok(Actor::User { id: who.user, role: who.role, session, membership })
    }

    async fn token_actor(&self, seen: &Request, found: FoundToken, workspace: Option<WorkspaceId>) -> Result<Actor> {
        let now = seen.origin.now();
        check(found.revoked, found.expires_at, &found.who, now)?;
        let FoundToken { who, id, scopes, .. } = found;
        let visitor = who.visitor(seen.client.ip, None);
        // A token is of one workspace; in another it finds nothing.
        let elsewhere = workspace.is_some_and(|named| Some(named) != who.workspace);
        let membership = if elsewhere { Err(Refusal::NotFound) } else { who.membership(&visitor, now) };
        if found.last_used.is_none_or(|last| now > last + CLOSE_TOUCH_INTERVAL) {
            self.touch(&seen.origin, "UPDATE api_tokens SET last_used_at = $2 WHERE id = $1", id.into()).await?;
        }
        Ok(Actor::Token { id, user: who.user, role: who.role, scopes, membership })
    }

    async fn touch(&self, origin: &Origin, sql: &str, id: Value) -> Result<()> {
        let mut tx = self.store.begin(origin).await?;
        tx.execute(sql, &params![id, origin.now()]).await?;
        Ok(tx.commit().await?)
    }

    /// The hash under which a token or code is stored.
    pub(crate) fn hash(&self, token: &Secret) -> String {
        self.token_key.hash_token(token)
    }
}

fn check(revoked: bool, expires_at: Option<Timestamp>, who: &Who, now: Timestamp) -> Result<()> {
    if revoked {
        Err(Error::TokenRevoked)
    } else if expires_at.is_some_and(|at| at <= now) {
        Err(Error::TokenExpired)
    } else if who.disabled {
        Err(Error::Disabled)
    } else {
        Ok(())
    }
}

/// Somebody who is known, and what they are in a workspace.
pub struct Who {
    user: UserId,
    role: PlatformRole,
    disabled: bool,
    /// Nothing when there is no password.
    password_changed_at: Option<Timestamp>,
    second_factor: bool,
    workspace: Option<WorkspaceId>,
    /// Whether that is suspended.
    suspended: bool,
    member: Option<WorkspaceRole>,
    policy: Policy,
}

/// What [`Who::read`] reads, of users `u`, workspaces `w`, members `m` and policies `p`.
const COLUMNS: &str =
    "u.id AS user_id, u.role, u.disabled, u.two_factor_enabled, w.id AS workspace_id, w.suspended, m.role AS member_role,
    p.policy,
    CASE WHEN u.password_hash IS NULL THEN NULL ELSE u.password_changed_at END AS password_changed_at";

impl Who {
    fn read(row: &Row) -> rampart_store::Result<Who> {
        Ok(Who {
            user: row.get("user_id")?,
            role: row.get("role")?,
            disabled: row.get("disabled")?,
            password_changed_at: row.get("password_changed_at")?,
            second_factor: row.get("two_factor_enabled")?,
            workspace: row.get("workspace_id")?,
            suspended: row.get::<Option<bool>>("suspended")?.unwrap_or(false),
            member: row.get("member_role")?,
            policy: read_policy(row)?,
        })
    }

    pub fn visitor(&self, ip: Option<IpAddr>, session: Option<Use>) -> Visitor {
        let administers_platform = self.role == PlatformRole::Admin;
        Visitor {
            ip,
            session,
            password_changed_at: self.password_changed_at,
            second_factor: self.second_factor,
            administers_platform,
        }
    }

    fn membership(&self, visitor: &Visitor, now: Timestamp) -> Result<Membership, Refusal> {
        let workspace = self.workspace.ok_or(Refusal::NotFound)?;
        let role = WorkspaceRole::effective(self.role, self.member).ok_or(Refusal::NotFound)?;
        // Who suspended it can look into it.
        if self.suspended && self.role != PlatformRole::Admin {
            return Err(Refusal::Suspended);
        }
        self.policy.admit(visitor, now)?;
        Ok(Membership { workspace, role })
    }
}

/// A session, and whose it is.
pub struct FoundSession {
    pub who: Who,
    id: SessionId,
    used: Use,
    expires_at: Timestamp,
    revoked: bool,
}

/// By what a session is looked for.
pub enum By<'a> {
    Id(SessionId),
    Cookie(&'a str),
}

/// One query, as every request asks it. The workspace named, or the user's usual one.
pub async fn find_session(
    reader: &mut Reader,
    by: By<'_>,
    workspace: Option<WorkspaceId>,
) -> rampart_store::Result<Option<FoundSession>> {
    let select = format!(
        "SELECT s.id, s.auth_method, s.created_at, s.last_used, s.expires_at, s.revoked_at, {COLUMNS}
         FROM sessions s
         JOIN users u ON u.id = s.user_id AND u.deleted_at IS NULL
         LEFT JOIN workspaces w ON w.id = COALESCE($2, u.default_workspace_id) AND w.deleted_at IS NULL
         LEFT JOIN workspace_members m ON m.workspace_id = w.id AND m.user_id = u.id
         LEFT JOIN workspace_security p ON p.workspace_id = w.id"
    );
    let row = match by {
        By::Id(id) => reader.find(&format!("{select} WHERE s.id = $1"), &params![id, workspace]).await?,
        By::Cookie(hash) => {
            reader.find(&format!("{select} WHERE s.cookie_hash = $1"), &params![hash, workspace]).await?
        }
    };
    let Some(row) = row else { return Ok(None) };
    let mut who = Who::read(&row)?;
    // A passkey is two factors: the device, and what unlocks it.
    who.second_factor |= row.get::<Method>("auth_method")? == Method::Passkey;
    Ok(Some(FoundSession {
        who,
        id: row.get("id")?,
        used: Use { since: row.get("created_at")?, last: row.get("last_used")? },
        expires_at: row.get("expires_at")?,
        revoked: row.get::<Option<Timestamp>>("revoked_at")?.is_some(),
    }))
}

/// An API token, and whose it is.
struct FoundToken {
    who: Who,
    id: TokenId,
    scopes: Vec<Scope>,
    last_used: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    revoked: bool,
}

async fn find_token(reader: &mut Reader, hash: &str) -> rampart_store::Result<Option<FoundToken>> {
    let select = format!(
        "SELECT t.id, t.scopes, t.last_used_at, t.expires_at, t.revoked_at, {COLUMNS}
         FROM api_tokens t
         JOIN users u ON u.id = t.user_id AND u.deleted_at IS NULL
         LEFT JOIN workspaces w ON w.id = t.workspace_id AND w.deleted_at IS NULL
         LEFT JOIN workspace_members m ON m.workspace_id = w.id AND m.user_id = u.id
         LEFT JOIN workspace_security p ON p.workspace_id = w.id
         WHERE t.token_hash = $1"
    );
    let Some(row) = reader.find(&select, &params![hash]).await? else { return Ok(None) };
    Ok(Some(FoundToken {
        who: Who::read(&row)?,
        id: row.get("id")?,
        scopes: tokens::store::read_scopes(&row)?,
        last_used: row.get("last_used_at")?,
        expires_at: row.get("expires_at")?,
        revoked: row.get::<Option<Timestamp>>("revoked_at")?.is_some(),
    }))
}
