//! The SQL of workspaces, members and invitations.

use rampart_access::{Granted, WorkspaceRole};
use rampart_kernel::{Timestamp, UserId, WorkspaceId};
use rampart_store::{Reader, Result, Row, Tx, params};

use super::model::{Invitation, InvitationId, InvitationScope, Part, Tier};
use crate::access::ManageMembers;
use crate::model::EmailAddress;

pub struct NewWorkspace<'a> {
    pub id: WorkspaceId,
    pub name: &'a str,
    pub slug: &'a str,
    pub owner: UserId,
    pub tier: Tier,
}

pub async fn insert_workspace(tx: &mut Tx, workspace: &NewWorkspace<'_>) -> Result<()> {
    let now = tx.origin().now();
    tx.execute(
        "INSERT INTO workspaces (id, name, slug, owner_id, tier, personal, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
        &params![workspace.id, workspace.name, workspace.slug, workspace.owner, workspace.tier, true, now],
    )
    .await?;
    Ok(())
}

pub async fn insert_member(tx: &mut Tx, workspace: WorkspaceId, user: UserId, role: WorkspaceRole) -> Result<()> {
    let now = tx.origin().now();
    tx.execute(
        "INSERT INTO workspace_members (workspace_id, user_id, role, joined_at) VALUES ($1, $2, $3, $4)",
        &params![workspace, user, role, now],
    )
    .await?;
    tx.execute(
        "UPDATE users SET default_workspace_id = $2 WHERE id = $1 AND default_workspace_id IS NULL",
        &params![user, workspace],
    )
    .await?;
    Ok(())
}

/// The workspaces that somebody is a member of, oldest first. More than a page of them nobody has.
pub async fn parts(reader: &mut Reader, user: UserId) -> Result<Vec<Part>> {
    let rows = reader
        .list(
            "SELECT w.id, w.name, w.slug, w.tier, m.role FROM workspace_members m
             JOIN workspaces w ON w.id = m.workspace_id
             WHERE m.user_id = $1 AND w.deleted_at IS NULL ORDER BY m.joined_at, w.id LIMIT 1000",
            &params![user],
        )
        .await?;
    rows.iter().map(read_part).collect()
}

fn read_part(row: &Row) -> Result<Part> {
    Ok(Part {
        workspace: row.get("id")?,
        name: row.get("name")?,
        slug: row.get("slug")?,
        tier: row.get("tier")?,
        role: row.get("role")?,
    })
}

pub struct NewInvitation<'a> {
    pub id: InvitationId,
    pub code_hash: &'a str,
    pub scope: InvitationScope,
    pub workspace: Option<WorkspaceId>,
    pub role: &'a str,
    pub email: Option<&'a EmailAddress>,
    pub max_uses: u32,
    pub expires_at: Timestamp,
    pub created_by: Option<UserId>,
    pub bootstrap: bool,
}

pub async fn insert_invitation(tx: &mut Tx, invitation: &NewInvitation<'_>) -> Result<()> {
    let now = tx.origin().now();
    tx.execute(
        "INSERT INTO invitations (id, code_hash, scope, workspace_id, role, email, max_uses, expires_at, created_by, bootstrap,
            created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &params![
            invitation.id,
            invitation.code_hash,
            invitation.scope,
            invitation.workspace,
            invitation.role,
            invitation.email.map(EmailAddress::as_str),
            invitation.max_uses,
            invitation.expires_at,
            invitation.created_by,
            invitation.bootstrap,
            now,
        ],
    )
    .await?;
    Ok(())
}

/// Only into the workspace that the proof is for.
pub async fn insert_workspace_invitation(
    tx: &mut Tx,
    granted: &Granted<ManageMembers>,
    invitation: NewInvitation<'_>,
) -> Result<()> {
    insert_invitation(tx, &NewInvitation { workspace: Some(granted.workspace()), ..invitation }).await
}

pub async fn revoke_bootstrap_invitations(tx: &mut Tx) -> Result<()> {
    let now = tx.origin().now();
    let sql = "UPDATE invitations SET revoked_at = $2 WHERE bootstrap = $1 AND revoked_at IS NULL";
    tx.execute(sql, &params![true, now]).await?;
    Ok(())
}

/// Held for change.
pub async fn lock_invitation(tx: &mut Tx, code_hash: &str) -> Result<Option<Invitation>> {
    let sql = format!("SELECT * FROM invitations WHERE code_hash = $1{}", tx.for_update());
    let Some(row) = tx.find(&sql, &params![code_hash]).await? else { return Ok(None) };
    Ok(Some(Invitation {
        id: row.get("id")?,
        workspace: row.get("workspace_id")?,
        role: row.get("role")?,
        email: row.get("email")?,
        max_uses: row.get("max_uses")?,
        uses: row.get("uses")?,
        expires_at: row.get("expires_at")?,
        revoked: row.get::<Option<Timestamp>>("revoked_at")?.is_some(),
    }))
}

pub async fn use_invitation(tx: &mut Tx, id: InvitationId) -> Result<()> {
    tx.execute("UPDATE invitations SET uses = uses + 1 WHERE id = $1", &params![id]).await?;
    Ok(())
}
