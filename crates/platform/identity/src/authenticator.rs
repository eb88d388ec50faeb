//! Who is asking: what somebody shows with a request, and what that makes them.

use std::pin::Pin;
use std::time::Duration;

use rampart_access::{Actor, Membership, PlatformRole, SessionId, WorkspaceRole};
use rampart_kernel::{Timestamp, UserId, WorkspaceId};
use rampart_store::{Reader, Tx, params};
use rampart_web::{ApiError, Authenticator, Credentials, Request};

use crate::error::Error;
use crate::service::{Identity, Result};

/// The use of a session is written at most this often: every request would be a write otherwise.
const TOUCH_INTERVAL: Duration = Duration::from_secs(5 * 60);

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

impl Identity {
    async fn actor(&self, seen: &Request, shown: &Credentials, workspace: Option<WorkspaceId>) -> Result<Actor> {
        let now = seen.origin.now();
        let mut reader = self.store.read().await?;
        let found = match shown {
            Credentials::Bearer(token) => {
                let (user, session) = self.access_tokens.check(token, now)?;
                let found = find_session(&mut reader, By::Id(session), workspace).await?;
                found.filter(|found| found.user == user)
            }
            Credentials::Cookie(cookie) => {
                let hash = self.token_key.hash_token(cookie);
                find_session(&mut reader, By::Cookie(&hash), workspace).await?
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
            touch_session(&mut tx, found.session).await?;
            tx.commit().await?;
        }
        let membership = found.workspace.and_then(|workspace| {
            WorkspaceRole::effective(found.role, found.member).map(|role| Membership { workspace, role })
        });
        Ok(Actor::User { id: found.user, role: found.role, session: found.session, membership })
    }
}

/// A living session, whose it is, and their part in a workspace.
struct Found {
    session: SessionId,
    user: UserId,
    role: PlatformRole,
    disabled: bool,
    last_used: Timestamp,
    expires_at: Timestamp,
    revoked: bool,
    workspace: Option<WorkspaceId>,
    member: Option<WorkspaceRole>,
}

/// By what a session is looked for.
enum By<'a> {
    Id(SessionId),
    Cookie(&'a str),
}

/// One query, as every request asks it. The workspace named, or the user's usual one.
async fn find_session(
    reader: &mut Reader,
    by: By<'_>,
    workspace: Option<WorkspaceId>,
) -> rampart_store::Result<Option<Found>> {
    const SELECT: &str =
        "SELECT s.id AS session_id, s.user_id, s.last_used, s.expires_at, s.revoked_at, u.role, u.disabled,
            w.id AS workspace_id, m.role AS member_role
        FROM sessions s
        JOIN users u ON u.id = s.user_id AND u.deleted_at IS NULL
        LEFT JOIN workspaces w ON w.id = COALESCE($2, u.default_workspace_id) AND w.deleted_at IS NULL
        LEFT JOIN workspace_members m ON m.workspace_id = w.id AND m.user_id = u.id";
    let row = match by {
        By::Id(id) => reader.find(&format!("{SELECT} WHERE s.id = $1"), &params![id, workspace]).await?,
        By::Cookie(hash) => {
            reader.find(&format!("{SELECT} WHERE s.cookie_hash = $1"), &params![hash, workspace]).await?
        }
    };
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Found {
        session: row.get("session_id")?,
        user: row.get("user_id")?,
        role: row.get("role")?,
        disabled: row.get("disabled")?,
        last_used: row.get("last_used")?,
        expires_at: row.get("expires_at")?,
        revoked: row.get::<Option<Timestamp>>("revoked_at")?.is_some(),
        workspace: row.get("workspace_id")?,
        member: row.get("member_role")?,
    }))
}

async fn touch_session(tx: &mut Tx, id: SessionId) -> rampart_store::Result<()> {
    let now = tx.origin().now();
    tx.execute("UPDATE sessions SET last_used = $2 WHERE id = $1", &params![id, now]).await?;
    Ok(())
}
