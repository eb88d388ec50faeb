//! The SQL of policies.

use rampart_access::Granted;
use rampart_kernel::{UserId, WorkspaceId};
use rampart_store::{Error, Migration, Reader, Result, Row, Tx, params};

use super::model::Policy;
use crate::access::ManagePolicies;

pub const TABLES: Migration = Migration::new(
    "policies/0001-policies",
    "CREATE TABLE workspace_security (
        workspace_id {uuid} PRIMARY KEY REFERENCES workspaces (id) ON DELETE CASCADE,
        policy {json} NOT NULL,
        updated_at {ts} NOT NULL
    )",
);

/// Of a column that may be empty: who has set nothing asks for nothing.
pub fn read_policy(row: &Row) -> Result<Policy> {
    let stored: Option<serde_json::Value> = row.get("policy")?;
    stored
        .map_or_else(|| Ok(Policy::default()), serde_json::from_value)
        .map_err(|error| Error::Unexpected(error.into()))
}

/// That of one workspace.
pub async fn find(reader: &mut Reader, workspace: WorkspaceId) -> Result<Policy> {
    let sql = "SELECT policy FROM workspace_security WHERE workspace_id = $1";
    reader.find(sql, &params![workspace]).await?.as_ref().map_or_else(|| Ok(Policy::default()), read_policy)
}

/// Those of all workspaces that somebody is a member of. More than a page of them nobody has.
pub async fn of_member(reader: &mut Reader, user: UserId) -> Result<Vec<Policy>> {
    let sql = "SELECT p.policy FROM workspace_members m JOIN workspace_security p ON p.workspace_id = m.workspace_id
               WHERE m.user_id = $1 ORDER BY m.workspace_id LIMIT 1000";
    reader.list(sql, &params![user]).await?.iter().map(read_policy).collect()
}

pub async fn save(tx: &mut Tx, granted: &Granted<ManagePolicies>, policy: &Policy) -> Result<()> {
    let now = tx.origin().now();
    let policy = serde_json::to_value(policy).map_err(|error| Error::Unexpected(error.into()))?;
    tx.execute(
        "INSERT INTO workspace_security (workspace_id, policy, updated_at) VALUES ($1, $2, $3)
         ON CONFLICT (workspace_id) DO UPDATE SET policy = excluded.policy, updated_at = excluded.updated_at",
        &params![granted.workspace(), policy, now],
    )
    .await?;
    Ok(())
}
