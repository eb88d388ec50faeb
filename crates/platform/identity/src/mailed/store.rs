//! The SQL of mailed tokens.

use rampart_kernel::{Timestamp, UserId};
use rampart_store::{Migration, Past, Reader, Result, Tx, params};

use super::model::{MailedToken, MailedTokenId, Purpose};

pub const MIGRATION: Migration = Migration::new(
    "identity/0004-mailed-tokens",
    "CREATE TABLE mailed_tokens (
        id {uuid} PRIMARY KEY,
        user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        purpose TEXT NOT NULL CHECK (purpose IN ('verify_email', 'change_email', 'reset_password')),
        token_hash TEXT NOT NULL UNIQUE,
        email TEXT NOT NULL,
        expires_at {ts} NOT NULL,
        used_at {ts},
        created_at {ts} NOT NULL
    );
    CREATE INDEX mailed_tokens_user ON mailed_tokens (user_id, purpose, created_at);
    CREATE INDEX mailed_tokens_expiry ON mailed_tokens (expires_at)",
);

pub struct NewToken<'a> {
    pub id: MailedTokenId,
    pub user: UserId,
    pub purpose: Purpose,
    pub token_hash: &'a str,
    pub email: &'a str,
}

pub async fn insert(tx: &mut Tx, token: &NewToken<'_>) -> Result<()> {
    let now = tx.origin().now();
    tx.execute(
        "INSERT INTO mailed_tokens (id, user_id, purpose, token_hash, email, expires_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &params![
            token.id,
            token.user,
            token.purpose,
            token.token_hash,
            token.email,
            now + token.purpose.lifetime(),
            now
        ],
    )
    .await?;
    Ok(())
}

pub async fn find(reader: &mut Reader, token_hash: &str) -> Result<Option<MailedToken>> {
    let sql = "SELECT * FROM mailed_tokens WHERE token_hash = $1";
    let Some(row) = reader.find(sql, &params![token_hash]).await? else { return Ok(None) };
    Ok(Some(MailedToken {
        id: row.get("id")?,
        user: row.get("user_id")?,
        purpose: row.get("purpose")?,
        email: row.get("email")?,
        expires_at: row.get("expires_at")?,
        used: row.get::<Option<Timestamp>>("used_at")?.is_some(),
    }))
}

/// Whether it was unused; of two who show it at once one is.
pub async fn take(tx: &mut Tx, id: MailedTokenId) -> Result<bool> {
    let now = tx.origin().now();
    let sql = "UPDATE mailed_tokens SET used_at = $2 WHERE id = $1 AND used_at IS NULL";
    Ok(tx.execute(sql, &params![id, now]).await? > 0)
}

/// Makes what is still on its way useless.
pub async fn void(tx: &mut Tx, user: UserId) -> Result<()> {
    let now = tx.origin().now();
    let sql = "UPDATE mailed_tokens SET used_at = $2 WHERE user_id = $1 AND used_at IS NULL";
    tx.execute(sql, &params![user, now]).await?;
    Ok(())
}

/// How many were mailed to somebody for this since then.
pub async fn count_since(reader: &mut Reader, user: UserId, purpose: Purpose, since: Timestamp) -> Result<u32> {
    let sql = "SELECT COUNT(*) AS it FROM mailed_tokens WHERE user_id = $1 AND purpose = $2 AND created_at > $3";
    reader.get(sql, &params![user, purpose, since]).await?.get("it")
}

/// Those that expired.
pub const EXPIRED: Past = Past::of("mailed_tokens", "expires_at");
