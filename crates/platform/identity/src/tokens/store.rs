//! The SQL of API tokens.

use rampart_access::{Scope, SignedIn, TokenId};
use rampart_kernel::{Timestamp, UserId, WorkspaceId};
use rampart_store::{Error, Migration, Past, Reader, Result, Row, Sql, Tx, params};
use rampart_web::Page;

use super::model::ApiToken;

pub const TABLES: Migration = Migration::new(
    "tokens/0001-tokens",
    "CREATE TABLE api_tokens (
        id {uuid} PRIMARY KEY,
        user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        workspace_id {uuid} NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        prefix TEXT NOT NULL,
        token_hash TEXT NOT NULL UNIQUE,
        scopes {json} NOT NULL,
        expires_at {ts} NOT NULL,
        last_used_at {ts},
        revoked_at {ts},
        created_at {ts} NOT NULL
    );
    CREATE INDEX api_tokens_user ON api_tokens (user_id, created_at);
    CREATE INDEX api_tokens_workspace ON api_tokens (workspace_id, user_id);
    CREATE INDEX api_tokens_expiry ON api_tokens (expires_at)",
);

pub async fn insert(tx: &mut Tx, who: SignedIn, hash: &str, token: &ApiToken) -> Result<()> {
    tx.execute(
        "INSERT INTO api_tokens (id, user_id, workspace_id, name, prefix, token_hash, scopes, expires_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &params![
            token.id,
            who.user(),
            token.workspace,
            &token.name,
            &token.prefix,
            hash,
            serde_json::json!(token.scopes),
            token.expires_at,
            token.created_at,
        ],
    )
    .await?;
    Ok(())
}

/// Those that can still be used.
pub async fn count_living(reader: &mut Reader, who: SignedIn, now: Timestamp) -> Result<u64> {
    let sql = "SELECT COUNT(*) AS count FROM api_tokens WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2";
    count(&reader.get(sql, &params![who.user(), now]).await?)
}

/// Those that were not revoked, newest first; and how many there are.
pub async fn list(reader: &mut Reader, who: SignedIn, page: Page) -> Result<(Vec<ApiToken>, u64)> {
    let rows = reader
        .list(
            "SELECT * FROM api_tokens WHERE user_id = $1 AND revoked_at IS NULL
             ORDER BY created_at DESC, id LIMIT $2 OFFSET $3",
            &params![who.user(), page.limit, page.offset()],
        )
        .await?;
    let sql = "SELECT COUNT(*) AS count FROM api_tokens WHERE user_id = $1 AND revoked_at IS NULL";
    let total = count(&reader.get(sql, &params![who.user()]).await?)?;
    Ok((rows.iter().map(read).collect::<Result<_>>()?, total))
}

/// Revokes one of one's own; whether there was one.
pub async fn revoke_own(tx: &mut Tx, who: SignedIn, id: TokenId) -> Result<bool> {
    let now = tx.origin().now();
    let sql = "UPDATE api_tokens SET revoked_at = $3 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL";
    Ok(tx.execute(sql, &params![id, who.user(), now]).await? > 0)
}

/// Those of one member, or of all.
pub async fn revoke_in(tx: &mut Tx, workspace: WorkspaceId, user: Option<UserId>) -> Result<u64> {
    let now = tx.origin().now();
    let mut sql = Sql::new("UPDATE api_tokens SET revoked_at = ").bind(now);
    sql = sql.push(" WHERE revoked_at IS NULL AND workspace_id = ").bind(workspace);
    if let Some(user) = user {
        sql = sql.push(" AND user_id = ").bind(user);
    }
    tx.execute(sql.text(), sql.params()).await
}

/// Those that expired.
pub const EXPIRED: Past = Past::of("api_tokens", "expires_at");

fn read(row: &Row) -> Result<ApiToken> {
    Ok(ApiToken {
        id: row.get("id")?,
        name: row.get("name")?,
        prefix: row.get("prefix")?,
        scopes: read_scopes(row)?,
        workspace: row.get("workspace_id")?,
        expires_at: row.get("expires_at")?,
        last_used: row.get("last_used_at")?,
        created_at: row.get("created_at")?,
    })
}

pub fn read_scopes(row: &Row) -> Result<Vec<Scope>> {
    serde_json::from_value(row.get("scopes")?).map_err(|error| Error::Unexpected(error.into()))
}

/// Of a row with one number named `count`.
pub fn count(row: &Row) -> Result<u64> {
    Ok(u64::try_from(row.get::<i64>("count")?).unwrap_or(0))
}
