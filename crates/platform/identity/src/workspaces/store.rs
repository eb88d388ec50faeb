//! The SQL of workspaces and members.

use std::collections::HashSet;

use rampart_access::{Granted, Permission, SignedIn, WorkspaceRole};
use rampart_kernel::{Timestamp, UserId, WorkspaceId};
use rampart_store::{Migration, Reader, Result, Row, Sql, Tx, containing, params};
use rampart_web::Page;

use super::model::{Member, Part, Slug, Tier, Workspace};
use crate::access::{ManageMembers, ManageWorkspace, OwnWorkspace};
use crate::tokens::store::count;

pub const TABLES: Migration = Migration::new(
    "workspaces/0001-settings",
    "ALTER TABLE workspaces ADD COLUMN settings {json} NOT NULL DEFAULT '{}';
    CREATE INDEX workspaces_deleted ON workspaces (deleted_at) WHERE deleted_at IS NOT NULL;
    CREATE INDEX workspace_members_joined ON workspace_members (workspace_id, joined_at);
    CREATE INDEX users_default_workspace ON users (default_workspace_id);
    CREATE INDEX invitations_author ON invitations (created_by)",
);

pub const SUSPENSION: Migration = Migration::new(
    "workspaces/0002-suspension",
    "ALTER TABLE workspaces ADD COLUMN suspended {bool} NOT NULL DEFAULT FALSE",
);

pub struct NewWorkspace<'a> {
    pub id: WorkspaceId,
    pub name: &'a str,
    pub slug: &'a str,
    pub owner: UserId,
    pub tier: Tier,
    pub personal: bool,
}

pub async fn insert_workspace(tx: &mut Tx, workspace: &NewWorkspace<'_>) -> Result<()> {
    let now = tx.origin().now();
    tx.execute(
        "INSERT INTO workspaces (id, name, slug, owner_id, tier, personal, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
        &params![
            workspace.id,
            workspace.name,
            workspace.slug,
            workspace.owner,
            workspace.tier,
            workspace.personal,
            now
        ],
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

pub const SELECT: &str =
    "SELECT w.*, (SELECT COUNT(*) FROM workspace_members c WHERE c.workspace_id = w.id) AS members";

pub fn read_workspace(row: &Row) -> Result<Workspace> {
    Ok(Workspace {
        id: row.get("id")?,
        name: row.get("name")?,
        slug: row.get("slug")?,
        owner: row.get("owner_id")?,
        tier: row.get("tier")?,
        personal: row.get("personal")?,
        suspended: row.get("suspended")?,
        settings: row.get("settings")?,
        members: u64::try_from(row.get::<i64>("members")?).unwrap_or(0),
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}

/// Those that somebody is a member of with their role, the newest part first; and how many there are.
pub async fn list_own(
    reader: &mut Reader,
    who: SignedIn,
    page: Page,
) -> Result<(Vec<(Workspace, WorkspaceRole)>, u64)> {
    const FROM: &str = "FROM workspace_members m JOIN workspaces w ON w.id = m.workspace_id
        WHERE m.user_id = $1 AND w.deleted_at IS NULL";
    let sql = format!("{SELECT}, m.role {FROM} ORDER BY m.joined_at DESC, w.id LIMIT $2 OFFSET $3");
    let rows = reader.list(&sql, &params![who.user(), page.limit, page.offset()]).await?;
    let total = count(&reader.get(&format!("SELECT COUNT(*) AS count {FROM}"), &params![who.user()]).await?)?;
    let read = |row: &Row| -> Result<_> { Ok((read_workspace(row)?, row.get("role")?)) };
    Ok((rows.iter().map(read).collect::<Result<_>>()?, total))
}

pub async fn get<P: Permission>(reader: &mut Reader, granted: &Granted<P>) -> Result<Workspace> {
    get_new(reader, granted.workspace()).await
}

/// One that the transaction has just made or entered: there is no proof for it yet.
pub async fn get_new(reader: &mut Reader, id: WorkspaceId) -> Result<Workspace> {
    let sql = format!("{SELECT} FROM workspaces w WHERE w.id = $1 AND w.deleted_at IS NULL");
    read_workspace(&reader.get(&sql, &params![id]).await?)
}

/// Held for change, with everything that belongs to it: of two who change parts at once, the second sees what the first did.
pub async fn lock(tx: &mut Tx, id: WorkspaceId) -> Result<Workspace> {
    let sql = format!("SELECT id FROM workspaces WHERE id = $1 AND deleted_at IS NULL{}", tx.for_update());
    tx.get(&sql, &params![id]).await?;
    get_new(tx, id).await
}

/// Not of one that is gone.
pub async fn is_suspended(reader: &mut Reader, id: WorkspaceId) -> Result<bool> {
    let row = reader.find("SELECT suspended FROM workspaces WHERE id = $1", &params![id]).await?;
    row.map_or(Ok(false), |row| row.get("suspended"))
}

/// Of these, those that are suspended.
pub async fn suspended(reader: &mut Reader, ids: HashSet<WorkspaceId>) -> Result<HashSet<WorkspaceId>> {
    let most = ids.len() as i64;
    let sql = Sql::new("SELECT id FROM workspaces WHERE suspended = TRUE AND id IN (").bind_all(ids);
    let sql = sql.push(") ORDER BY id LIMIT ").bind(most);
    reader.list(sql.text(), sql.params()).await?.iter().map(|row| row.get("id")).collect()
}

pub async fn slug_is_taken(reader: &mut Reader, slug: &Slug) -> Result<bool> {
    Ok(reader.find("SELECT id FROM workspaces WHERE slug = $1", &params![slug]).await?.is_some())
}

pub async fn save(tx: &mut Tx, granted: &Granted<ManageWorkspace>, workspace: &Workspace) -> Result<()> {
    let now = tx.origin().now();
    tx.execute(
        "UPDATE workspaces SET name = $2, slug = $3, settings = $4, updated_at = $5 WHERE id = $1",
        &params![granted.workspace(), &workspace.name, &workspace.slug, workspace.settings.clone(), now],
    )
    .await?;
    Ok(())
}

/// From here on it is not there for anybody; [`purge`] removes its rows.
pub async fn delete(tx: &mut Tx, granted: &Granted<OwnWorkspace>) -> Result<()> {
    let now = tx.origin().now();
    tx.execute("UPDATE workspaces SET deleted_at = $2 WHERE id = $1", &params![granted.workspace(), now]).await?;
    Ok(())
}

/// Removes one that was deleted before `before`, with everything in it; which.
pub async fn purge(tx: &mut Tx, before: Timestamp) -> Result<Option<WorkspaceId>> {
    let rows = tx
        .change(
            "DELETE FROM workspaces WHERE id IN (
                SELECT id FROM workspaces WHERE deleted_at < $1 ORDER BY deleted_at, id LIMIT 1)
             RETURNING id",
            &params![before],
        )
        .await?;
    rows.first().map(|row| row.get("id")).transpose()
}

/// Who has it as their usual workspace and no part in it any more gets the oldest of those they have.
pub async fn move_default(tx: &mut Tx, workspace: WorkspaceId, user: Option<UserId>) -> Result<()> {
    let mut sql = Sql::new(
        "UPDATE users SET default_workspace_id = (
            SELECT m.workspace_id FROM workspace_members m
            JOIN workspaces w ON w.id = m.workspace_id AND w.deleted_at IS NULL
            WHERE m.user_id = users.id ORDER BY m.joined_at, m.workspace_id LIMIT 1)
         WHERE default_workspace_id = ",
    )
    .bind(workspace);
    if let Some(user) = user {
        sql = sql.push(" AND id = ").bind(user);
    }
    tx.execute(sql.text(), sql.params()).await?;
    Ok(())
}

/// What somebody is in a workspace that is not that of the request.
pub struct FoundPart {
    /// Whether there is such a workspace at all.
    pub living: bool,
    pub role: Option<WorkspaceRole>,
}

pub async fn find_part(reader: &mut Reader, who: SignedIn, workspace: WorkspaceId) -> Result<FoundPart> {
    let sql = "SELECT m.role FROM workspaces w
               LEFT JOIN workspace_members m ON m.workspace_id = w.id AND m.user_id = $2
               WHERE w.id = $1 AND w.deleted_at IS NULL";
    let row = reader.find(sql, &params![workspace, who.user()]).await?;
    Ok(match row {
        Some(row) => FoundPart { living: true, role: row.get("role")? },
        None => FoundPart { living: false, role: None },
    })
}

/// Whom a list of members is about.
pub struct MemberFilter {
    pub role: Option<WorkspaceRole>,
    /// Part of an address or a name.
    pub text: Option<String>,
}

/// The newest first; and how many there are.
pub async fn members<P: Permission>(
    reader: &mut Reader,
    granted: &Granted<P>,
    filter: &MemberFilter,
    page: Page,
) -> Result<(Vec<Member>, u64)> {
    let filtered = |select: &'static str| {
        let mut sql = Sql::new(select).push(
            " FROM workspace_members m JOIN users u ON u.id = m.user_id AND u.deleted_at IS NULL WHERE m.workspace_id = ",
        );
        sql = sql.bind(granted.workspace());
        if let Some(role) = filter.role {
            sql = sql.push(" AND m.role = ").bind(role);
        }
        if let Some(text) = &filter.text {
            let pattern = containing(&text.to_lowercase());
            sql = sql.push(" AND (u.email LIKE ").bind(&pattern).push(" ESCAPE '\\' OR LOWER(u.username) LIKE ");
            sql = sql.bind(&pattern).push(" ESCAPE '\\' OR LOWER(u.name) LIKE ").bind(&pattern).push(" ESCAPE '\\')");
        }
        sql
    };
    let mut sql = filtered("SELECT m.user_id, u.email, u.username, u.name, m.role, m.joined_at");
    sql =
        sql.push(" ORDER BY m.joined_at DESC, m.user_id LIMIT ").bind(page.limit).push(" OFFSET ").bind(page.offset());
    let rows = reader.list(sql.text(), sql.params()).await?;
    let sql = filtered("SELECT COUNT(*) AS count");
    let total = count(&reader.get(sql.text(), sql.params()).await?)?;
    Ok((rows.iter().map(read_member).collect::<Result<_>>()?, total))
}

pub async fn find_member(reader: &mut Reader, workspace: WorkspaceId, user: UserId) -> Result<Option<Member>> {
    let sql = "SELECT m.user_id, u.email, u.username, u.name, m.role, m.joined_at
               FROM workspace_members m JOIN users u ON u.id = m.user_id
               WHERE m.workspace_id = $1 AND m.user_id = $2";
    reader.find(sql, &params![workspace, user]).await?.as_ref().map(read_member).transpose()
}

fn read_member(row: &Row) -> Result<Member> {
    Ok(Member {
        user: row.get("user_id")?,
        email: row.get("email")?,
        username: row.get("username")?,
        name: row.get("name")?,
        role: row.get("role")?,
        joined_at: row.get("joined_at")?,
    })
}

pub async fn save_role(tx: &mut Tx, granted: &Granted<ManageMembers>, user: UserId, role: WorkspaceRole) -> Result<()> {
    let sql = "UPDATE workspace_members SET role = $3 WHERE workspace_id = $1 AND user_id = $2";
    tx.execute(sql, &params![granted.workspace(), user, role]).await?;
    Ok(())
}

pub async fn remove_member<P: Permission>(tx: &mut Tx, granted: &Granted<P>, user: UserId) -> Result<()> {
    let sql = "DELETE FROM workspace_members WHERE workspace_id = $1 AND user_id = $2";
    tx.execute(sql, &params![granted.workspace(), user]).await?;
    Ok(())
}

/// The owner who has been there longest, besides this one.
pub async fn other_owner(reader: &mut Reader, workspace: WorkspaceId, besides: UserId) -> Result<Option<UserId>> {
    let sql = "SELECT user_id FROM workspace_members
               WHERE workspace_id = $1 AND role = 'owner' AND user_id <> $2 ORDER BY joined_at, user_id LIMIT 1";
    reader.find(sql, &params![workspace, besides]).await?.map(|row| row.get("user_id")).transpose()
}

/// Who answers for it.
pub async fn save_owner<P: Permission>(tx: &mut Tx, granted: &Granted<P>, owner: UserId) -> Result<()> {
    let now = tx.origin().now();
    let sql = "UPDATE workspaces SET owner_id = $2, updated_at = $3 WHERE id = $1";
    tx.execute(sql, &params![granted.workspace(), owner, now]).await?;
    Ok(())
}
