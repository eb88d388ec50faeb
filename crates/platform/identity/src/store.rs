//! The SQL of users and sessions.

use rampart_access::{PlatformRole, SessionId, SignedIn};
use rampart_kernel::{Timestamp, UserId};
use rampart_store::{Reader, Result, Row, Sql, Tx, params};

use crate::model::{EmailAddress, RefreshToken, RefreshTokenId, Session, User};

pub struct NewUser<'a> {
    pub id: UserId,
    pub email: &'a EmailAddress,
    pub username: Option<&'a str>,
    pub name: Option<&'a str>,
    pub password_hash: &'a str,
    pub role: PlatformRole,
}

/// Whoever is let in by an invitation is vouched for: the address counts as verified.
pub async fn insert_user(tx: &mut Tx, user: &NewUser<'_>) -> Result<()> {
    let now = tx.origin().now();
    tx.execute(
        "INSERT INTO users (id, email, username, name, password_hash, role, verified, password_changed_at, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $8)",
        &params![user.id, user.email, user.username, user.name, user.password_hash, user.role, true, now],
    )
    .await?;
    Ok(())
}

pub async fn email_is_taken(reader: &mut Reader, email: &EmailAddress) -> Result<bool> {
    Ok(reader.find("SELECT id FROM users WHERE email = $1", &params![email]).await?.is_some())
}

pub async fn username_is_taken(reader: &mut Reader, username: &str) -> Result<bool> {
    Ok(reader.find("SELECT id FROM users WHERE username = $1", &params![username]).await?.is_some())
}

/// The user and the hash of the password.
pub async fn find_login(reader: &mut Reader, email: &EmailAddress) -> Result<Option<(User, Option<String>)>> {
    let sql = "SELECT * FROM users WHERE email = $1 AND deleted_at IS NULL";
    let Some(row) = reader.find(sql, &params![email]).await? else { return Ok(None) };
    Ok(Some((read_user(&row)?, row.get("password_hash")?)))
}

pub async fn get_user(reader: &mut Reader, id: UserId) -> Result<User> {
    read_user(&reader.get("SELECT * FROM users WHERE id = $1 AND deleted_at IS NULL", &params![id]).await?)
}

/// Held for change.
pub async fn lock_user(tx: &mut Tx, id: UserId) -> Result<User> {
    let sql = format!("SELECT * FROM users WHERE id = $1 AND deleted_at IS NULL{}", tx.for_update());
    read_user(&tx.get(&sql, &params![id]).await?)
}

/// How often in a row somebody failed to log in, and until when that locks the account.
pub async fn save_failures(tx: &mut Tx, id: UserId, count: u32, locked_until: Option<Timestamp>) -> Result<()> {
    tx.execute(
        "UPDATE users SET failed_login_attempts = $2, locked_until = $3 WHERE id = $1",
        &params![id, count, locked_until],
    )
    .await?;
    Ok(())
}

pub async fn save_login(tx: &mut Tx, id: UserId) -> Result<()> {
    let now = tx.origin().now();
    tx.execute(
        "UPDATE users SET failed_login_attempts = 0, locked_until = NULL, last_login = $2 WHERE id = $1",
        &params![id, now],
    )
    .await?;
    Ok(())
}

pub async fn has_admin(reader: &mut Reader) -> Result<bool> {
    let sql = "SELECT id FROM users WHERE role = 'admin' AND deleted_at IS NULL LIMIT 1";
    Ok(reader.find(sql, &[]).await?.is_some())
}

fn read_user(row: &Row) -> Result<User> {
    Ok(User {
        id: row.get("id")?,
        email: row.get("email")?,
        username: row.get("username")?,
        name: row.get("name")?,
        role: row.get("role")?,
        verified: row.get("verified")?,
        disabled: row.get("disabled")?,
        locale: row.get("locale")?,
        timezone: row.get("timezone")?,
        default_workspace: row.get("default_workspace_id")?,
        last_login: row.get("last_login")?,
        failed_logins: row.get("failed_login_attempts")?,
        locked_until: row.get("locked_until")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}

pub struct NewSession<'a> {
    pub id: SessionId,
    pub user: UserId,
    pub cookie_hash: &'a str,
    pub expires_at: Timestamp,
    pub remember: bool,
    pub ip_address: Option<String>,
    pub user_agent: Option<&'a str>,
}

pub async fn insert_session(tx: &mut Tx, session: &NewSession<'_>) -> Result<()> {
    let now = tx.origin().now();
    tx.execute(
        "INSERT INTO sessions (id, user_id, cookie_hash, expires_at, remember, ip_address, user_agent, last_used, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
        &params![
            session.id,
            session.user,
            session.cookie_hash,
            session.expires_at,
            session.remember,
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
    let sql = "UPDATE sessions SET revoked_at = $2, revoke_reason = $3 WHERE id = $1 AND revoked_at IS NULL";
    Ok(tx.execute(sql, &params![id, now, reason]).await? > 0)
}

/// Ends a session of one's own; whether there was one.
pub async fn revoke_own_session(tx: &mut Tx, who: SignedIn, id: SessionId) -> Result<bool> {
    let now = tx.origin().now();
    let sql = "UPDATE sessions SET revoked_at = $3, revoke_reason = 'user'
               WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL AND expires_at > $3";
    Ok(tx.execute(sql, &params![id, who.user(), now]).await? > 0)
}

/// Ends all sessions of one's own but `keep`; how many.
pub async fn revoke_own_sessions(tx: &mut Tx, who: SignedIn, keep: Option<SessionId>) -> Result<u64> {
    let now = tx.origin().now();
    let mut sql = Sql::new("UPDATE sessions SET revoke_reason = 'user', revoked_at = ").bind(now);
    sql = sql.push(" WHERE user_id = ").bind(who.user()).push(" AND revoked_at IS NULL AND expires_at > ").bind(now);
    if let Some(keep) = keep {
        sql = sql.push(" AND id <> ").bind(keep);
    }
    tx.execute(sql.text(), sql.params()).await
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

/// Removes sessions that ended before `before`, with their tokens; at most `limit`, how many.
pub async fn forget_sessions(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64> {
    tx.execute(
        "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
        &params![before, limit],
    )
    .await
}
