//! The SQL of users and sessions.

use rampart_access::PlatformRole;
use rampart_kernel::{Timestamp, UserId};
use rampart_store::{Reader, Result, Row, Tx, params};

use crate::model::{EmailAddress, User};

pub struct NewUser<'a> {
    pub id: UserId,
    pub email: &'a EmailAddress,
    pub username: Option<&'a str>,
    pub name: Option<&'a str>,
    /// Nothing of those who come in by other means.
    pub password_hash: Option<&'a str>,
    pub role: PlatformRole,
    pub verified: bool,
}

pub async fn insert_user(tx: &mut Tx, user: &NewUser<'_>) -> Result<()> {
    let now = tx.origin().now();
    tx.execute(
        "INSERT INTO users (id, email, username, name, password_hash, role, verified, password_changed_at, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $8)",
        &params![user.id, user.email, user.username, user.name, user.password_hash, user.role, user.verified, now],
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

/// As [`find_login`], of somebody who is known.
pub async fn get_login(reader: &mut Reader, id: UserId) -> Result<(User, Option<String>)> {
    let row = reader.get("SELECT * FROM users WHERE id = $1 AND deleted_at IS NULL", &params![id]).await?;
    Ok((read_user(&row)?, row.get("password_hash")?))
}

pub async fn get_user(reader: &mut Reader, id: UserId) -> Result<User> {
    read_user(&reader.get("SELECT * FROM users WHERE id = $1 AND deleted_at IS NULL", &params![id]).await?)
}

/// Held for change.
pub async fn lock_user(tx: &mut Tx, id: UserId) -> Result<User> {
    Ok(lock_login(tx, id).await?.0)
}

/// As [`lock_user`], with the hash of the password.
pub async fn lock_login(tx: &mut Tx, id: UserId) -> Result<(User, Option<String>)> {
    let sql = format!("SELECT * FROM users WHERE id = $1 AND deleted_at IS NULL{}", tx.for_update());
    let row = tx.get(&sql, &params![id]).await?;
    Ok((read_user(&row)?, row.get("password_hash")?))
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

pub async fn save_verified(tx: &mut Tx, id: UserId) -> Result<()> {
    let now = tx.origin().now();
    tx.execute("UPDATE users SET verified = $2, updated_at = $3 WHERE id = $1", &params![id, true, now]).await?;
    Ok(())
}

/// An address that was just shown to be theirs.
pub async fn save_email(tx: &mut Tx, id: UserId, email: &EmailAddress) -> Result<()> {
    let now = tx.origin().now();
    let sql = "UPDATE users SET email = $2, verified = $3, updated_at = $4 WHERE id = $1";
    tx.execute(sql, &params![id, email, true, now]).await?;
    Ok(())
}

/// Whether there is anything left to sign in with.
pub async fn has_way_in(reader: &mut Reader, id: UserId) -> Result<bool> {
    let sql = "SELECT id FROM users WHERE id = $1 AND (password_hash IS NOT NULL
        OR EXISTS (SELECT 1 FROM passkeys WHERE user_id = $1)
        OR EXISTS (SELECT 1 FROM user_identities WHERE user_id = $1))";
    Ok(reader.find(sql, &params![id]).await?.is_some())
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
        two_factor: row.get("two_factor_enabled")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}
