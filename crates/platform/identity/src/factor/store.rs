//! The SQL of second factors. All of it happens under the lock of the user's row, so that of two who show the same code at
//! once the second sees what the first did.

use rampart_kernel::{Cell, Id as _, Keys, SealedColumn, Timestamp, UserId};
use rampart_store::{Migration, Past, Reader, Result, Sql, Tx, params};

use super::model::{ChallengeId, Seed};
use crate::error::Error;
use crate::sessions::model::Method;

pub const MIGRATION: Migration = Migration::new(
    "identity/0002-second-factor",
    "ALTER TABLE users ADD COLUMN two_factor_enabled {bool} NOT NULL DEFAULT FALSE;
    CREATE TABLE totp_factors (
        user_id {uuid} PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
        seed TEXT NOT NULL,
        confirmed_at {ts},
        last_step {int},
        created_at {ts} NOT NULL
    );
    CREATE TABLE backup_codes (
        code_hash TEXT PRIMARY KEY,
        user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        created_at {ts} NOT NULL
    );
    CREATE INDEX backup_codes_user ON backup_codes (user_id);
    CREATE TABLE sign_in_challenges (
        id {uuid} PRIMARY KEY,
        user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        token_hash TEXT NOT NULL UNIQUE,
        method TEXT NOT NULL,
        remember {bool} NOT NULL,
        device_name TEXT,
        expires_at {ts} NOT NULL,
        created_at {ts} NOT NULL
    );
    CREATE INDEX sign_in_challenges_user ON sign_in_challenges (user_id);
    CREATE INDEX sign_in_challenges_expiry ON sign_in_challenges (expires_at)",
);

pub const SEED: SealedColumn =
    SealedColumn { table: "totp_factors", column: "seed", row: "user_id", sealed_as: "seed" };

fn cell(user: UserId) -> Cell<'static> {
    SEED.cell(user.uuid())
}

/// The seed of a user, and how far it is.
pub struct Factor {
    pub seed: Seed,
    /// The last step of which a code was accepted.
    pub last_step: Option<i64>,
}

/// Sets the seed that is to be confirmed.
pub async fn put_seed(tx: &mut Tx, keys: &Keys, user: UserId, seed: &Seed) -> Result<()> {
    let now = tx.origin().now();
    let sealed = keys.seal(tx.origin().chance(), cell(user), seed.text());
    tx.execute(
        "INSERT INTO totp_factors (user_id, seed, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id) DO UPDATE SET seed = excluded.seed, confirmed_at = NULL, last_step = NULL,
            created_at = excluded.created_at",
        &params![user, sealed, now],
    )
    .await?;
    Ok(())
}

pub async fn find_seed(reader: &mut Reader, keys: &Keys, user: UserId) -> Result<Option<Factor>, Error> {
    let sql = "SELECT seed, last_step FROM totp_factors WHERE user_id = $1";
    let Some(row) = reader.find(sql, &params![user]).await? else { return Ok(None) };
    let opened = keys.open(cell(user), &row.get("seed")?).map_err(|error| Error::Unexpected(error.into()))?;
    Ok(Some(Factor { seed: Seed::from_text(opened), last_step: row.get("last_step")? }))
}

/// From here on the sign-in asks for it.
pub async fn confirm(tx: &mut Tx, user: UserId, step: i64) -> Result<()> {
    let now = tx.origin().now();
    tx.execute(
        "UPDATE totp_factors SET confirmed_at = $2, last_step = $3 WHERE user_id = $1",
        &params![user, now, step],
    )
    .await?;
    tx.execute("UPDATE users SET two_factor_enabled = $2 WHERE id = $1", &params![user, true]).await?;
    Ok(())
}

pub async fn save_step(tx: &mut Tx, user: UserId, step: i64) -> Result<()> {
    tx.execute("UPDATE totp_factors SET last_step = $2 WHERE user_id = $1", &params![user, step]).await?;
    Ok(())
}

pub async fn remove(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.execute("DELETE FROM totp_factors WHERE user_id = $1", &params![user]).await?;
    tx.execute("DELETE FROM backup_codes WHERE user_id = $1", &params![user]).await?;
    tx.execute("UPDATE users SET two_factor_enabled = $2 WHERE id = $1", &params![user, false]).await?;
    Ok(())
}

/// The codes that were there before are void.
pub async fn replace_backup_codes(tx: &mut Tx, user: UserId, hashes: &[String]) -> Result<()> {
    let now = tx.origin().now();
    tx.execute("DELETE FROM backup_codes WHERE user_id = $1", &params![user]).await?;
    let mut sql = Sql::new("INSERT INTO backup_codes (code_hash, user_id, created_at) VALUES ");
    for (index, hash) in hashes.iter().enumerate() {
        sql = sql.push(if index == 0 { "(" } else { ", (" });
        sql = sql.bind(hash.as_str()).push(", ").bind(user).push(", ").bind(now).push(")");
    }
    tx.execute(sql.text(), sql.params()).await?;
    Ok(())
}

/// Whether there was such a code; it is gone then.
pub async fn use_backup_code(tx: &mut Tx, user: UserId, hash: &str) -> Result<bool> {
    let sql = "DELETE FROM backup_codes WHERE code_hash = $1 AND user_id = $2";
    Ok(tx.execute(sql, &params![hash, user]).await? > 0)
}

/// A sign-in that waits for its second factor.
pub struct Waiting {
    pub id: ChallengeId,
    pub user: UserId,
    pub method: Method,
    pub remember: bool,
    pub device_name: Option<String>,
    pub expires_at: Timestamp,
}

pub async fn insert_challenge(tx: &mut Tx, waiting: &Waiting, token_hash: &str) -> Result<()> {
    let now = tx.origin().now();
    tx.execute(
        "INSERT INTO sign_in_challenges (id, user_id, token_hash, method, remember, device_name, expires_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &params![
            waiting.id,
            waiting.user,
            token_hash,
            waiting.method,
            waiting.remember,
            waiting.device_name.as_deref(),
            waiting.expires_at,
            now
        ],
    )
    .await?;
    Ok(())
}

pub async fn find_challenge(reader: &mut Reader, token_hash: &str) -> Result<Option<Waiting>> {
    let sql = "SELECT * FROM sign_in_challenges WHERE token_hash = $1";
    let Some(row) = reader.find(sql, &params![token_hash]).await? else { return Ok(None) };
    Ok(Some(Waiting {
        id: row.get("id")?,
        user: row.get("user_id")?,
        method: row.get("method")?,
        remember: row.get("remember")?,
        device_name: row.get("device_name")?,
        expires_at: row.get("expires_at")?,
    }))
}

/// Whether it was still there.
pub async fn take_challenge(tx: &mut Tx, id: ChallengeId) -> Result<bool> {
    Ok(tx.execute("DELETE FROM sign_in_challenges WHERE id = $1", &params![id]).await? > 0)
}

/// What was begun with a password ends with it.
pub async fn drop_challenges(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.execute("DELETE FROM sign_in_challenges WHERE user_id = $1", &params![user]).await?;
    Ok(())
}

/// Those that nobody answered.
pub const CHALLENGES: Past = Past::of("sign_in_challenges", "expires_at");
