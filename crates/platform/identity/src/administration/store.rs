//! The SQL of administering users.

use rampart_access::{PlatformAdmin, PlatformRole};
use rampart_kernel::UserId;
use rampart_store::{Reader, Result, Row, Sql, Tx, containing, params};
use rampart_web::Page;

use super::service::UserFilter;
use crate::events::{SessionRevoked, TokenRevoked};
use crate::model::User;
use crate::store::read_user;
use crate::tokens::store::count;

/// Newest first; and how many there are.
pub async fn list(reader: &mut Reader, _: &PlatformAdmin, filter: &UserFilter, page: Page) -> Result<(Vec<User>, u64)> {
    let now = filter.now;
    let filtered = |select: &'static str| {
        let mut sql = Sql::new(select).push(" FROM users WHERE deleted_at IS NULL");
        if let Some(text) = &filter.text {
            let pattern = containing(&text.to_lowercase());
            sql = sql.push(" AND (email LIKE ").bind(&pattern).push(" ESCAPE '\\' OR LOWER(username) LIKE ");
            sql = sql.bind(&pattern).push(" ESCAPE '\\' OR LOWER(name) LIKE ").bind(&pattern).push(" ESCAPE '\\')");
        }
        if let Some(role) = filter.role {
            sql = sql.push(" AND role = ").bind(role);
        }
        match filter.locked {
            Some(true) => sql = sql.push(" AND locked_until > ").bind(now),
            Some(false) => sql = sql.push(" AND (locked_until IS NULL OR locked_until <= ").bind(now).push(")"),
            None => {}
        }
        if let Some(verified) = filter.verified {
            sql = sql.push(" AND verified = ").bind(verified);
        }
        sql
    };
    let sql =
        filtered("SELECT *").push(" ORDER BY id DESC LIMIT ").bind(page.limit).push(" OFFSET ").bind(page.offset());
    let rows = reader.list(sql.text(), sql.params()).await?;
    let sql = filtered("SELECT COUNT(*) AS count");
    let total = count(&reader.get(sql.text(), sql.params()).await?)?;
    Ok((rows.iter().map(read_user).collect::<Result<_>>()?, total))
}

pub async fn save(tx: &mut Tx, _: &PlatformAdmin, user: &User) -> Result<()> {
    let now = tx.origin().now();
    tx.execute(
        "UPDATE users SET role = $2, verified = $3, disabled = $4, updated_at = $5 WHERE id = $1",
        &params![user.id, user.role, user.verified, user.disabled, now],
    )
    .await?;
    Ok(())
}

/// Whether somebody else can administer the installation. Held for change: of two who give it up at once, one stays.
pub async fn another_admin(tx: &mut Tx, besides: UserId) -> Result<bool> {
    let sql = format!(
        "SELECT id FROM users WHERE role = $1 AND disabled = $2 AND deleted_at IS NULL ORDER BY id LIMIT 100{}",
        tx.for_update()
    );
    let rows = tx.list(&sql, &params![PlatformRole::Admin, false]).await?;
    let ids: Vec<UserId> = rows.iter().map(|row: &Row| row.get("id")).collect::<Result<_>>()?;
    Ok(ids.iter().any(|id| *id != besides))
}

pub async fn unlock(tx: &mut Tx, _: &PlatformAdmin, user: UserId) -> Result<()> {
    let sql = "UPDATE users SET failed_login_attempts = 0, locked_until = NULL WHERE id = $1";
    tx.execute(sql, &params![user]).await?;
    Ok(())
}

/// Ends what is open; who is let in again signs in again.
pub async fn end_everything(tx: &mut Tx, _: &PlatformAdmin, user: UserId) -> Result<()> {
    let now = tx.origin().now();
    let sql =
        "UPDATE sessions SET revoked_at = $2, revoke_reason = 'disabled' WHERE user_id = $1 AND revoked_at IS NULL";
    tx.execute(sql, &params![user, now]).await?;
    let sql = "UPDATE api_tokens SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL";
    tx.execute(sql, &params![user, now]).await?;
    // The sockets they have open.
    tx.emit(&SessionRevoked { user_id: user });
    tx.emit(&TokenRevoked { user_id: user });
    Ok(())
}

/// Of those that are users.
pub async fn emails(reader: &mut Reader, users: impl IntoIterator<Item = UserId>) -> Result<Vec<(UserId, String)>> {
    let sql = Sql::new("SELECT id, email FROM users WHERE id IN (").bind_all(users).push(") ORDER BY id LIMIT 10000");
    let rows = reader.list(sql.text(), sql.params()).await?;
    rows.iter().map(|row| Ok((row.get("id")?, row.get("email")?))).collect()
}
