//! The SQL of sessions.

use rampart_access::{SessionId, SignedIn};
use rampart_kernel::{Timestamp, UserId};
use rampart_store::{Migration, Past, Reader, Result, Row, Sql, Tx, params};

use crate::events::SessionRevoked;

use super::model::{Method, RefreshToken, RefreshTokenId, Session};

pub const MIGRATION: Migration = Migration::new(
    "identity/0003-sessions",
    "ALTER TABLE sessions ADD COLUMN auth_method TEXT NOT NULL DEFAULT 'password';
    ALTER TABLE sessions ADD COLUMN device_name TEXT",
);

pub struct NewSession<'a> {
    pub id: SessionId,
    pub user: UserId,
    pub cookie_hash: &'a str,
    pub expires_at: Timestamp,
    pub remember: bool,
    pub method: Method,
    pub device_name: Option<&'a str>,
    pub ip_address: Option<String>,
    pub user_agent: Option<&'a str>,
}

pub async fn insert_session(tx: &mut Tx, session: &NewSession<'_>) -> Result<()> {
    let now = tx.origin().now();
    tx.execute(
        "INSERT INTO sessions (id, user_id, cookie_hash, expires_at, remember, auth_method, device_name, ip_address, user_agent,
            last_used, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)",
        &params![
            session.id,
            session.user,
            session.cookie_hash,
            session.expires_at,
            session.remember,
            session.method,
            session.device_name,
            session.ip_address.clone(),
            session.user_agent,
            now,
        ],
    )
    .await?;
    Ok(())
}

pub async fn extend_session(tx: &mut Tx, id: SessionId, cookie_hash: &str, expires_at: Timestamp) -> Result<()> {
    let now = tx.origin().now();
    tx.execute(
        "UPDATE sessions SET cookie_hash = $2, expires_at = $3, last_used = $4 WHERE id = $1",
        &params![id, cookie_hash, expires_at, now],
    )
    .await?;
    Ok(())
}

/// Ends a session; whether it was alive.
pub async fn revoke_session(tx: &mut Tx, id: SessionId, reason: &str) -> Result<bool> {
    let now = tx.origin().now();
    let sql = "UPDATE sessions SET revoked_at = $2, revoke_reason = $3 WHERE id = $1 AND revoked_at IS NULL
               RETURNING user_id";
    let ended = tx.change(sql, &params![id, now, reason]).await?;
    let Some(row) = ended.first() else { return Ok(false) };
    // Here, so that no way to end a session forgets the sockets it has.
    tx.emit(&SessionRevoked { user_id: row.get("user_id")? });
    Ok(true)
}

/// Ends a session of one's own; whether there was one.
pub async fn revoke_own_session(tx: &mut Tx, who: SignedIn, id: SessionId) -> Result<bool> {
    let now = tx.origin().now();
    let sql = "UPDATE sessions SET revoked_at = $3, revoke_reason = 'user'
               WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL AND expires_at > $3";
    let ended = tx.execute(sql, &params![id, who.user(), now]).await? > 0;
    if ended {
        tx.emit(&SessionRevoked { user_id: who.user() });
    }
    Ok(ended)
}

/// Ends all living sessions of somebody but `keep`; how many.
pub async fn revoke_sessions(tx: &mut Tx, user: UserId, keep: Option<SessionId>, reason: &str) -> Result<u64> {
    let now = tx.origin().now();
    let mut sql = Sql::new("UPDATE sessions SET revoke_reason = ").bind(reason).push(", revoked_at = ").bind(now);
    sql = sql.push(" WHERE user_id = ").bind(user).push(" AND revoked_at IS NULL AND expires_at > ").bind(now);
    if let Some(keep) = keep {
        sql = sql.push(" AND id <> ").bind(keep);
    }
    let ended = tx.execute(sql.text(), sql.params()).await?;
    if ended > 0 {
        tx.emit(&SessionRevoked { user_id: user });
    }
    Ok(ended)
}

/// The living ones, newest first.
pub async fn own_sessions(reader: &mut Reader, who: SignedIn, now: Timestamp) -> Result<Vec<Session>> {
    let rows = reader
        .list(
            "SELECT * FROM sessions WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2
             ORDER BY created_at DESC, id LIMIT 100",
            &params![who.user(), now],
        )
        .await?;
    let read = |row: &Row| -> Result<Session> {
        Ok(Session {
            id: row.get("id")?,
            ip_address: row.get("ip_address")?,
            user_agent: row.get("user_agent")?,
            device_name: row.get("device_name")?,
            created_at: row.get("created_at")?,
            last_used: row.get("last_used")?,
            expires_at: row.get("expires_at")?,
        })
    };
    rows.iter().map(read).collect()
}

pub async fn insert_refresh_token(
    tx: &mut Tx,
    session: SessionId,
    hash: &str,
    expires_at: Timestamp,
) -> Result<RefreshTokenId> {
    let (id, now): (RefreshTokenId, Timestamp) = (tx.origin().new_id(), tx.origin().now());
    tx.execute(
        "INSERT INTO refresh_tokens (id, session_id, token_hash, expires_at, created_at) VALUES ($1, $2, $3, $4, $5)",
        &params![id, session, hash, expires_at, now],
    )
    .await?;
    Ok(id)
}

/// Held for change: of two who show the same token at once, the second sees what the first did.
pub async fn lock_refresh_token(tx: &mut Tx, hash: &str) -> Result<Option<RefreshToken>> {
    let lock = if tx.for_update().is_empty() { "" } else { " FOR UPDATE OF r, s" };
    let sql = format!(
        "SELECT r.id, r.session_id, r.rotated_at, r.expires_at, s.user_id, s.remember, s.revoked_at,
            s.expires_at AS session_expires_at,
            EXISTS (SELECT 1 FROM refresh_tokens n WHERE n.id = r.replaced_by AND n.rotated_at IS NOT NULL) AS successor_rotated
         FROM refresh_tokens r JOIN sessions s ON s.id = r.session_id WHERE r.token_hash = $1{lock}"
    );
    let Some(row) = tx.find(&sql, &params![hash]).await? else { return Ok(None) };
    Ok(Some(RefreshToken {
        id: row.get("id")?,
        session: row.get("session_id")?,
        user: row.get("user_id")?,
        remember: row.get("remember")?,
        rotated_at: row.get("rotated_at")?,
        successor_rotated: row.get("successor_rotated")?,
        expires_at: row.get("expires_at")?,
        session_revoked: row.get::<Option<Timestamp>>("revoked_at")?.is_some(),
        session_expires_at: row.get("session_expires_at")?,
    }))
}

pub async fn rotate_refresh_token(tx: &mut Tx, old: RefreshTokenId, new: RefreshTokenId) -> Result<()> {
    let now = tx.origin().now();
    // The first replacement counts: grace begins once.
    tx.execute(
        "UPDATE refresh_tokens SET rotated_at = $3, replaced_by = $2 WHERE id = $1 AND rotated_at IS NULL",
        &params![old, new, now],
    )
    .await?;
    Ok(())
}

/// When somebody signed in on this device.
pub async fn began_at(reader: &mut Reader, id: SessionId) -> Result<Timestamp> {
    reader.get("SELECT created_at FROM sessions WHERE id = $1", &params![id]).await?.get("created_at")
}

/// Sessions that ended, with their tokens.
pub const ENDED: Past = Past::of("sessions", "expires_at");
