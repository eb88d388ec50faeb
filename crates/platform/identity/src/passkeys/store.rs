//! The SQL of passkeys.

use rampart_access::SignedIn;
use rampart_kernel::{Timestamp, UserId};
use rampart_store::{Error, Migration, Past, Reader, Result, Row, Tx, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use webauthn_rs::prelude::Passkey;

use super::model::{CEREMONY_LIFETIME, CeremonyId, PasskeyId, PasskeyInfo};

pub const MIGRATION: Migration = Migration::new(
    "identity/0006-passkeys",
    "CREATE TABLE passkeys (
        id {uuid} PRIMARY KEY,
        user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        credential_id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        passkey TEXT NOT NULL,
        last_used {ts},
        created_at {ts} NOT NULL
    );
    CREATE INDEX passkeys_user ON passkeys (user_id, created_at);
    CREATE TABLE passkey_ceremonies (
        id {uuid} PRIMARY KEY,
        user_id {uuid} REFERENCES users (id) ON DELETE CASCADE,
        state TEXT NOT NULL,
        expires_at {ts} NOT NULL
    );
    CREATE INDEX passkey_ceremonies_expiry ON passkey_ceremonies (expires_at)",
);

fn write(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Unexpected(error.into()))
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::Unexpected(error.into()))
}

/// Keeps the state of a registration of somebody, or of a sign-in of nobody yet.
pub async fn begin(tx: &mut Tx, user: Option<UserId>, state: &impl Serialize) -> Result<CeremonyId> {
    let (id, expires_at): (CeremonyId, Timestamp) = (tx.origin().new_id(), tx.origin().now() + CEREMONY_LIFETIME);
    let sql = "INSERT INTO passkey_ceremonies (id, user_id, state, expires_at) VALUES ($1, $2, $3, $4)";
    tx.execute(sql, &params![id, user, write(state)?, expires_at]).await?;
    Ok(id)
}

/// The state, which is gone then; nothing when it is another's or its time has passed.
pub async fn take<T: DeserializeOwned>(tx: &mut Tx, id: CeremonyId, user: Option<UserId>) -> Result<Option<T>> {
    let now = tx.origin().now();
    let sql = "DELETE FROM passkey_ceremonies WHERE id = $1 RETURNING user_id, state, expires_at";
    let rows = tx.change(sql, &params![id]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    if row.get::<Option<UserId>>("user_id")? != user || row.get::<Timestamp>("expires_at")? <= now {
        return Ok(None);
    }
    read(&row.get::<String>("state")?).map(Some)
}

/// Ceremonies that nobody finished.
pub const CEREMONIES: Past = Past::of("passkey_ceremonies", "expires_at");

pub async fn insert(tx: &mut Tx, user: UserId, name: &str, credential: &str, key: &Passkey) -> Result<PasskeyInfo> {
    let (id, now): (PasskeyId, Timestamp) = (tx.origin().new_id(), tx.origin().now());
    tx.execute(
        "INSERT INTO passkeys (id, user_id, credential_id, name, passkey, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        &params![id, user, credential, name, write(key)?, now],
    )
    .await?;
    Ok(PasskeyInfo { id, name: name.to_owned(), created_at: now, last_used: None })
}

pub async fn credential_is_known(reader: &mut Reader, credential: &str) -> Result<bool> {
    let sql = "SELECT id FROM passkeys WHERE credential_id = $1";
    Ok(reader.find(sql, &params![credential]).await?.is_some())
}

/// A key and whose it is.
pub struct Found {
    pub id: PasskeyId,
    pub user: UserId,
    pub key: Passkey,
}

pub async fn find(reader: &mut Reader, credential: &str) -> Result<Option<Found>> {
    let sql = "SELECT p.id, p.user_id, p.passkey FROM passkeys p JOIN users u ON u.id = p.user_id
               WHERE p.credential_id = $1 AND u.deleted_at IS NULL";
    let Some(row) = reader.find(sql, &params![credential]).await? else { return Ok(None) };
    let key = read(&row.get::<String>("passkey")?)?;
    Ok(Some(Found { id: row.get("id")?, user: row.get("user_id")?, key }))
}

/// After a use: its counter has gone up.
pub async fn save_use(tx: &mut Tx, id: PasskeyId, key: &Passkey) -> Result<()> {
    let now = tx.origin().now();
    let sql = "UPDATE passkeys SET passkey = $2, last_used = $3 WHERE id = $1";
    tx.execute(sql, &params![id, write(key)?, now]).await?;
    Ok(())
}

/// Oldest first.
pub async fn list(reader: &mut Reader, user: UserId) -> Result<Vec<(PasskeyInfo, Passkey)>> {
    let sql = "SELECT * FROM passkeys WHERE user_id = $1 ORDER BY created_at, id LIMIT 100";
    let read_one = |row: &Row| -> Result<(PasskeyInfo, Passkey)> {
        let info = PasskeyInfo {
            id: row.get("id")?,
            name: row.get("name")?,
            created_at: row.get("created_at")?,
            last_used: row.get("last_used")?,
        };
        Ok((info, read(&row.get::<String>("passkey")?)?))
    };
    reader.list(sql, &params![user]).await?.iter().map(read_one).collect()
}

/// Whether it was one's own.
pub async fn rename(tx: &mut Tx, who: SignedIn, id: PasskeyId, name: &str) -> Result<bool> {
    let sql = "UPDATE passkeys SET name = $3 WHERE id = $1 AND user_id = $2";
    Ok(tx.execute(sql, &params![id, who.user(), name]).await? > 0)
}

/// Whether it was one's own.
pub async fn delete(tx: &mut Tx, who: SignedIn, id: PasskeyId) -> Result<bool> {
    Ok(tx.execute("DELETE FROM passkeys WHERE id = $1 AND user_id = $2", &params![id, who.user()]).await? > 0)
}
