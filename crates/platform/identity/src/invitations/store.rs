//! The SQL of invitations.

use rampart_access::{Granted, Permission, PlatformAdmin};
use rampart_kernel::{Timestamp, UserId, WorkspaceId};
use rampart_store::{Reader, Result, Row, Sql, Tx, params};
use rampart_web::Page;

use super::model::{Invitation, InvitationId, InvitationScope};
use crate::access::ManageMembers;
use crate::policies::store::read_policy;
use crate::tokens::store::count;

/// Onto the installation.
pub async fn insert_into_platform(tx: &mut Tx, _: &PlatformAdmin, new: &Invitation, code_hash: &str) -> Result<()> {
    insert(tx, new, None, code_hash, false).await
}

/// The first of all, which nobody but the program makes.
pub async fn insert_bootstrap(tx: &mut Tx, new: &Invitation, code_hash: &str) -> Result<()> {
    insert(tx, new, None, code_hash, true).await
}

/// Only into the workspace that the proof is for.
pub async fn insert_into_workspace(
    tx: &mut Tx,
    granted: &Granted<ManageMembers>,
    new: &Invitation,
    code_hash: &str,
) -> Result<()> {
    insert(tx, new, Some(granted.workspace()), code_hash, false).await
}

async fn insert(
    tx: &mut Tx,
    new: &Invitation,
    workspace: Option<WorkspaceId>,
    code_hash: &str,
    bootstrap: bool,
) -> Result<()> {
    let scope = if workspace.is_some() { InvitationScope::Workspace } else { InvitationScope::Platform };
    tx.execute(
        "INSERT INTO invitations (id, code_hash, scope, workspace_id, role, email, max_uses, expires_at, created_by, bootstrap,
            created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &params![
            new.id,
            code_hash,
            scope,
            workspace,
            &new.role,
            new.email.clone(),
            new.max_uses,
            new.expires_at,
            new.created_by,
            bootstrap,
            new.created_at,
        ],
    )
    .await?;
    Ok(())
}

pub async fn revoke_bootstrap_invitations(tx: &mut Tx) -> Result<()> {
    let now = tx.origin().now();
    let sql = "UPDATE invitations SET revoked_at = $2 WHERE bootstrap = $1 AND revoked_at IS NULL";
    tx.execute(sql, &params![true, now]).await?;
    Ok(())
}

/// Held for change, with what the workspace that it leads into asks.
pub async fn lock_invitation(tx: &mut Tx, code_hash: &str) -> Result<Option<Invitation>> {
    let lock = if tx.for_update().is_empty() { "" } else { " FOR UPDATE OF i" };
    let sql = format!("{SELECT} WHERE i.code_hash = $1{lock}");
    tx.find(&sql, &params![code_hash]).await?.as_ref().map(read).transpose()
}

pub async fn find(reader: &mut Reader, code_hash: &str) -> Result<Option<Invitation>> {
    let sql = format!("{SELECT} WHERE i.code_hash = $1");
    reader.find(&sql, &params![code_hash]).await?.as_ref().map(read).transpose()
}

pub async fn use_invitation(tx: &mut Tx, id: InvitationId) -> Result<()> {
    tx.execute("UPDATE invitations SET uses = uses + 1 WHERE id = $1", &params![id]).await?;
    Ok(())
}

/// Those into a workspace, newest first; and how many there are.
pub async fn list(reader: &mut Reader, granted: &Granted<ManageMembers>, page: Page) -> Result<(Vec<Invitation>, u64)> {
    page_of(reader, |sql| sql.push(" WHERE i.workspace_id = ").bind(granted.workspace()), page).await
}

/// Those onto the installation, newest first; and how many there are.
pub async fn list_of_platform(reader: &mut Reader, _: &PlatformAdmin, page: Page) -> Result<(Vec<Invitation>, u64)> {
    page_of(reader, |sql| sql.push(" WHERE i.workspace_id IS NULL"), page).await
}

async fn page_of(reader: &mut Reader, filter: impl Fn(Sql) -> Sql, page: Page) -> Result<(Vec<Invitation>, u64)> {
    let sql = filter(Sql::new(SELECT)).push(" ORDER BY i.created_at DESC, i.id LIMIT ").bind(page.limit);
    let sql = sql.push(" OFFSET ").bind(page.offset());
    let rows = reader.list(sql.text(), sql.params()).await?;
    let sql = filter(Sql::new("SELECT COUNT(*) AS count FROM invitations i"));
    let total = count(&reader.get(sql.text(), sql.params()).await?)?;
    Ok((rows.iter().map(read).collect::<Result<_>>()?, total))
}

/// One into the workspace, held for change.
pub async fn lock(tx: &mut Tx, granted: &Granted<ManageMembers>, id: InvitationId) -> Result<Invitation> {
    let lock = if tx.for_update().is_empty() { "" } else { " FOR UPDATE OF i" };
    let sql = format!("{SELECT} WHERE i.id = $1 AND i.workspace_id = $2{lock}");
    read(&tx.get(&sql, &params![id, granted.workspace()]).await?)
}

pub async fn replace_code(tx: &mut Tx, granted: &Granted<ManageMembers>, id: InvitationId, hash: &str) -> Result<()> {
    let sql = "UPDATE invitations SET code_hash = $3 WHERE id = $1 AND workspace_id = $2";
    tx.execute(sql, &params![id, granted.workspace(), hash]).await.map(drop)
}

/// Of one into the workspace: whether there was one to revoke.
pub async fn revoke(tx: &mut Tx, granted: &Granted<ManageMembers>, id: InvitationId) -> Result<bool> {
    let now = tx.origin().now();
    let sql = "UPDATE invitations SET revoked_at = $3 WHERE id = $1 AND workspace_id = $2 AND revoked_at IS NULL";
    Ok(tx.execute(sql, &params![id, granted.workspace(), now]).await? > 0)
}

/// Of one onto the installation: whether there was one to revoke.
pub async fn revoke_of_platform(tx: &mut Tx, _: &PlatformAdmin, id: InvitationId) -> Result<bool> {
    let now = tx.origin().now();
    let sql = "UPDATE invitations SET revoked_at = $2 WHERE id = $1 AND workspace_id IS NULL AND revoked_at IS NULL";
    Ok(tx.execute(sql, &params![id, now]).await? > 0)
}

/// Those that somebody made who may not any more.
pub async fn revoke_of_author<P: Permission>(tx: &mut Tx, granted: &Granted<P>, author: UserId) -> Result<u64> {
    let now = tx.origin().now();
    let sql = "UPDATE invitations SET revoked_at = $3
               WHERE workspace_id = $1 AND created_by = $2 AND revoked_at IS NULL";
    tx.execute(sql, &params![granted.workspace(), author, now]).await
}

const SELECT: &str =
    "SELECT i.*, w.name AS workspace_name, w.deleted_at AS workspace_deleted_at, p.policy FROM invitations i
    LEFT JOIN workspaces w ON w.id = i.workspace_id LEFT JOIN workspace_security p ON p.workspace_id = i.workspace_id";

fn read(row: &Row) -> Result<Invitation> {
    let present = |column| Ok::<_, rampart_store::Error>(row.get::<Option<Timestamp>>(column)?.is_some());
    Ok(Invitation {
        id: row.get("id")?,
        workspace: row.get("workspace_id")?,
        workspace_name: row.get("workspace_name")?,
        role: row.get("role")?,
        email: row.get("email")?,
        max_uses: row.get("max_uses")?,
        uses: row.get("uses")?,
        expires_at: row.get("expires_at")?,
        created_at: row.get("created_at")?,
        created_by: row.get("created_by")?,
        bootstrap: row.get("bootstrap")?,
        revoked: present("revoked_at")? || present("workspace_deleted_at")?,
        policy: read_policy(row)?,
    })
}
