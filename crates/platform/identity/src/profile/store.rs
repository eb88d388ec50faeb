//! The SQL of one's own account.

use rampart_kernel::{UserId, WorkspaceId};
use rampart_store::{Migration, Reader, Result, Tx, params};

pub const MIGRATION: Migration = Migration::new(
    "identity/0005-password-history",
    "CREATE TABLE password_history (
        user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        password_hash TEXT NOT NULL,
        replaced_at {ts} NOT NULL
    );
    CREATE INDEX password_history_user ON password_history (user_id, replaced_at)",
);

/// Hashes of the passwords before the current one, newest first.
pub async fn earlier_passwords(reader: &mut Reader, user: UserId, limit: i64) -> Result<Vec<String>> {
    let sql = "SELECT password_hash FROM password_history WHERE user_id = $1 ORDER BY replaced_at DESC LIMIT $2";
    reader.list(sql, &params![user, limit]).await?.iter().map(|row| row.get("password_hash")).collect()
}

/// Sets the hash of the password and remembers the one before; of those only the newest `kept`.
pub async fn save_password(tx: &mut Tx, user: UserId, hash: &str, kept: i64) -> Result<()> {
    let now = tx.origin().now();
    tx.execute(
        "INSERT INTO password_history (user_id, password_hash, replaced_at)
         SELECT id, password_hash, $2 FROM users WHERE id = $1 AND password_hash IS NOT NULL",
        &params![user, now],
    )
    .await?;
    tx.execute(
        "DELETE FROM password_history WHERE user_id = $1 AND replaced_at <
            (SELECT MIN(replaced_at) FROM
                (SELECT replaced_at FROM password_history WHERE user_id = $1 ORDER BY replaced_at DESC LIMIT $2) AS newest)",
        &params![user, kept],
    )
    .await?;
    tx.execute(
        "UPDATE users SET password_hash = $2, password_changed_at = $3, updated_at = $3 WHERE id = $1",
        &params![user, hash, now],
    )
    .await?;
    Ok(())
}

/// What somebody changes of what their account says; what is nothing stays.
#[derive(Clone, Debug, Default)]
pub struct Change {
    pub username: Option<String>,
    pub name: Option<String>,
    pub locale: Option<String>,
    pub timezone: Option<String>,
    pub default_workspace: Option<WorkspaceId>,
}

pub async fn save_profile(tx: &mut Tx, user: UserId, change: &Change) -> Result<()> {
    let now = tx.origin().now();
    tx.execute(
        "UPDATE users SET username = COALESCE($2, username), name = COALESCE($3, name), locale = COALESCE($4, locale),
            timezone = COALESCE($5, timezone), default_workspace_id = COALESCE($6, default_workspace_id), updated_at = $7
         WHERE id = $1",
        &params![
            user,
            change.username.as_deref(),
            change.name.as_deref(),
            change.locale.as_deref(),
            change.timezone.as_deref(),
            change.default_workspace,
            now
        ],
    )
    .await?;
    Ok(())
}

/// Whether somebody is the only owner of a workspace with others in it.
pub async fn leaves_others_without_owner(reader: &mut Reader, user: UserId) -> Result<bool> {
    let sql = "SELECT w.id FROM workspaces w JOIN workspace_members m ON m.workspace_id = w.id AND m.user_id = $1
        WHERE w.deleted_at IS NULL AND m.role = 'owner'
            AND NOT EXISTS (SELECT 1 FROM workspace_members o
                WHERE o.workspace_id = w.id AND o.user_id <> $1 AND o.role = 'owner')
            AND EXISTS (SELECT 1 FROM workspace_members o WHERE o.workspace_id = w.id AND o.user_id <> $1)
        LIMIT 1";
    Ok(reader.find(sql, &params![user]).await?.is_some())
}

/// Leaves of an account what the record refers to: its id.
pub async fn anonymise(tx: &mut Tx, user: UserId) -> Result<()> {
    let now = tx.origin().now();
    // Its workspaces in which nobody else is go with it.
    tx.execute(
        "UPDATE workspaces SET deleted_at = $2 WHERE deleted_at IS NULL AND owner_id = $1 AND NOT EXISTS
            (SELECT 1 FROM workspace_members m WHERE m.workspace_id = workspaces.id AND m.user_id <> $1)",
        &params![user, now],
    )
    .await?;
    // The others have an owner who answers for them.
    tx.execute(
        "UPDATE workspaces SET updated_at = $2, owner_id = (
            SELECT m.user_id FROM workspace_members m WHERE m.workspace_id = workspaces.id AND m.role = 'owner' AND m.user_id <> $1
            ORDER BY m.joined_at, m.user_id LIMIT 1)
         WHERE deleted_at IS NULL AND owner_id = $1 AND EXISTS
            (SELECT 1 FROM workspace_members m WHERE m.workspace_id = workspaces.id AND m.role = 'owner' AND m.user_id <> $1)",
        &params![user, now],
    )
    .await?;
    for table in [
        "sessions",
        "workspace_members",
        "api_tokens",
        "totp_factors",
        "backup_codes",
        "sign_in_challenges",
        "mailed_tokens",
        "password_history",
        "passkeys",
        "user_identities",
    ] {
        tx.execute(&format!("DELETE FROM {table} WHERE user_id = $1"), &params![user]).await?;
    }
    tx.execute(
        "UPDATE users SET email = $2, username = NULL, name = NULL, password_hash = NULL, role = 'viewer', verified = $3,
            two_factor_enabled = $3, default_workspace_id = NULL, deleted_at = $4, updated_at = $4
         WHERE id = $1",
        &params![user, format!("{user}@deleted.invalid"), false, now],
    )
    .await?;
    Ok(())
}
