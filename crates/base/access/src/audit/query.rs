//! Looking into the record.

use rampart_kernel::{Timestamp, UserId};
use rampart_store::{Reader, Result, Sql};

use super::chain::Row;
use super::{AuditId, Outcome};
use crate::{Granted, Permission, PlatformAdmin};

/// Whose record is looked into.
pub enum Scope<'a, P: Permission> {
    /// That of the workspace that the proof is for.
    Workspace(&'a Granted<P>),
    /// All chains, those of workspaces too.
    Platform(&'a PlatformAdmin),
}

/// What is looked for; everything where nothing is said.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub user: Option<UserId>,
    pub action: Option<String>,
    pub resource: Option<String>,
    pub resource_id: Option<String>,
    pub status: Option<Outcome>,
    pub ip_address: Option<String>,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub to: Option<Timestamp>,
    /// Older than this row: where the page before ended.
    pub after: Option<AuditId>,
}

/// Newest first, at most `limit`. Ids are ordered by their time, so a page begins where the last one ended however much is added.
///
/// # Errors
/// As the database answers.
pub async fn list<P: Permission>(
    reader: &mut Reader,
    scope: &Scope<'_, P>,
    filter: &Filter,
    limit: u32,
) -> Result<Vec<Row>> {
    let mut sql = match scope {
        Scope::Workspace(granted) => {
            Sql::new("SELECT * FROM audit_logs WHERE workspace_id = ").bind(granted.workspace())
        }
        Scope::Platform(_) => Sql::new("SELECT * FROM audit_logs WHERE seq > ").bind(0_i64),
    };
    if let Some(user) = filter.user {
        sql = sql.push(" AND user_id = ").bind(user);
    }
    let texts = [
        (" AND action = ", &filter.action),
        (" AND resource = ", &filter.resource),
        (" AND resource_id = ", &filter.resource_id),
        (" AND ip_address = ", &filter.ip_address),
    ];
    for (column, text) in texts {
        if let Some(text) = text {
            sql = sql.push(column).bind(text);
        }
    }
    if let Some(status) = filter.status {
        sql = sql.push(" AND status = ").bind(status);
    }
    if let Some(from) = filter.from {
        sql = sql.push(" AND created_at >= ").bind(from);
    }
    if let Some(to) = filter.to {
        sql = sql.push(" AND created_at < ").bind(to);
    }
    if let Some(after) = filter.after {
        sql = sql.push(" AND id < ").bind(after);
    }
    let sql = sql.push(" ORDER BY id DESC LIMIT ").bind(limit);
    reader.list(sql.text(), sql.params()).await?.iter().map(Row::read).collect()
}
