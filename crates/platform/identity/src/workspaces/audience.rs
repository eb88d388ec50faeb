//! Who can be told of something: members of a workspace, or who administers the installation, whose accounts are open.

use rampart_access::{Ctx, Granted, PlatformAdmin, ReadWorkspace, WorkspaceRole};
use rampart_kernel::{UserId, WorkspaceId};
use rampart_store::{Reader, Row, Sql, params};

use crate::service::{Identity, Result};

/// Which members.
#[derive(Clone, Debug)]
pub enum Members {
    /// All with at least this role, in the order of their ids, from behind `after`.
    Least { role: WorkspaceRole, after: Option<UserId> },
    /// Those of these who are members.
    Only(Vec<UserId>),
}

/// Somebody who can be told of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    pub user: UserId,
    pub email: String,
    /// Whether the address is known to be theirs. Others get no mail: it would go to a stranger.
    pub verified: bool,
    /// As they chose it: `de-AT`.
    pub locale: String,
    /// Of the IANA database.
    pub timezone: String,
}

impl Identity {
    /// Who administers the installation and has an account that is open, each with their usual workspace; at most `limit`.
    ///
    /// # Errors
    /// When the caller does not administer it.
    pub async fn platform_admins(&self, ctx: &Ctx, limit: u32) -> Result<Vec<(WorkspaceId, Recipient)>> {
        let admin = ctx.require_platform_admin()?;
        Ok(find_admins(&mut self.store.read().await?, &admin, limit).await?)
    }

    /// At most `limit` members of the workspace of the context.
    ///
    /// # Errors
    /// When the caller has no part in it.
    pub async fn recipients(&self, ctx: &Ctx, members: &Members, limit: u32) -> Result<Vec<Recipient>> {
        let granted = ctx.require::<ReadWorkspace>()?;
        Ok(find(&mut self.store.read().await?, &granted, members, limit).await?)
    }
}

async fn find(
    reader: &mut Reader,
    granted: &Granted<ReadWorkspace>,
    members: &Members,
    limit: u32,
) -> rampart_store::Result<Vec<Recipient>> {
    let mut sql = Sql::new(
        "SELECT u.id, u.email, u.verified, u.locale, u.timezone FROM workspace_members m JOIN users u ON u.id = m.user_id
         WHERE u.disabled = FALSE AND u.deleted_at IS NULL AND m.workspace_id = ",
    )
    .bind(granted.workspace());
    match members {
        Members::Least { role, after } => {
            let roles = WorkspaceRole::ALL.iter().copied().filter(|other| other >= role);
            sql = sql.push(" AND m.role IN (").bind_all(roles).push(")");
            if let Some(after) = after {
                sql = sql.push(" AND m.user_id > ").bind(*after);
            }
        }
        Members::Only(users) => sql = sql.push(" AND m.user_id IN (").bind_all(users.iter().copied()).push(")"),
    }
    sql = sql.push(" ORDER BY m.user_id LIMIT ").bind(limit);
    reader.list(sql.text(), sql.params()).await?.iter().map(read).collect()
}

async fn find_admins(
    reader: &mut Reader,
    _: &PlatformAdmin,
    limit: u32,
) -> rampart_store::Result<Vec<(WorkspaceId, Recipient)>> {
    let sql = "SELECT u.id, u.email, u.verified, u.locale, u.timezone, w.id AS workspace_id
               FROM users u JOIN workspaces w ON w.id = u.default_workspace_id AND w.deleted_at IS NULL
               WHERE u.role = 'admin' AND u.disabled = FALSE AND u.deleted_at IS NULL
               ORDER BY w.id, u.id LIMIT $1";
    let rows = reader.list(sql, &params![limit]).await?;
    rows.iter().map(|row| Ok((row.get("workspace_id")?, read(row)?))).collect()
}

fn read(row: &Row) -> rampart_store::Result<Recipient> {
    Ok(Recipient {
        user: row.get("id")?,
        email: row.get("email")?,
        verified: row.get("verified")?,
        locale: row.get("locale")?,
        timezone: row.get("timezone")?,
    })
}
