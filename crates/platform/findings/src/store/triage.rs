//! What people decide, and what was decided.

use rampart_access::{Granted, Permission};
use rampart_forge::RepositoryId;
use rampart_kernel::{Timestamp, WorkspaceId};
use rampart_store::{Error, Reader, Result, Row, Sql, Tx, params};

use crate::access::TriageFindings;
use crate::model::{ChangeId, Decider, Decision, ScanId, Severity, Standing, Status, StatusChange, VulnerabilityId};

/// A finding that somebody decides about.
#[derive(Clone, Debug)]
pub struct Judged {
    pub id: VulnerabilityId,
    pub workspace: WorkspaceId,
    pub repository: RepositoryId,
    pub severity: Severity,
    pub standing: Standing,
    pub detected_at: Timestamp,
}

fn judged(row: &Row) -> Result<Judged> {
    Ok(Judged {
        id: row.get("id")?,
        workspace: row.get("workspace_id")?,
        repository: row.get("repository_id")?,
        severity: Severity::of_rank(row.get("severity")?).unwrap_or(Severity::Info),
        standing: Standing {
            status: row.get("status")?,
            decider: row.get("decided_by")?,
            fixed_by: row.get("fixed_by")?,
        },
        detected_at: row.get("detected_at")?,
    })
}

const JUDGED: &str = "SELECT id, workspace_id, repository_id, severity, status, decided_by, fixed_by, detected_at
    FROM vulnerabilities";

/// Holds the findings until the end of the transaction; those that are not there are left out.
pub async fn lock(tx: &mut Tx, granted: &Granted<TriageFindings>, ids: &[VulnerabilityId]) -> Result<Vec<Judged>> {
    let sql = Sql::new(JUDGED).push(" WHERE workspace_id = ").bind(granted.workspace()).push(" AND id IN (");
    // In one order for everybody: two who decide about the same do not wait for each other.
    let sql =
        sql.bind_all(ids.iter().copied()).push(") ORDER BY id LIMIT ").bind(ids.len() as i64).push(tx.for_update());
    tx.list(sql.text(), sql.params()).await?.iter().map(judged).collect()
}

/// In one order for everybody.
pub async fn repositories_of(
    reader: &mut Reader,
    granted: &Granted<TriageFindings>,
    ids: &[VulnerabilityId],
) -> Result<Vec<RepositoryId>> {
    let sql = Sql::new("SELECT DISTINCT repository_id FROM vulnerabilities WHERE workspace_id = ");
    let sql = sql.bind(granted.workspace()).push(" AND id IN (").bind_all(ids.iter().copied());
    let sql = sql.push(") ORDER BY repository_id LIMIT ").bind(ids.len() as i64);
    reader.list(sql.text(), sql.params()).await?.iter().map(|row| row.get("repository_id")).collect()
}

/// They stand otherwise now. A plan that was made before no longer holds.
pub async fn decide(tx: &mut Tx, to: Standing, decision: &Decision, ids: &[VulnerabilityId]) -> Result<()> {
    let now = tx.origin().now();
    let fixed_at = (to.status == Status::Fixed).then_some(now);
    let reason = decision.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    let sql = Sql::new("UPDATE vulnerabilities SET status = ").bind(to.status);
    let sql = sql.push(", decided_by = ").bind(to.decider).push(", fixed_by = ").bind(to.fixed_by);
    let sql = sql.push(", fixed_at = ").bind(fixed_at).push(", status_reason = ").bind(reason);
    let sql = sql.push(", ignored_until = ").bind(decision.ignored_until).push(", updated_at = ").bind(now);
    let sql = sql.push(" WHERE id IN (").bind_all(ids.iter().copied()).push(")");
    tx.execute(sql.text(), sql.params()).await.map(drop)
}

pub async fn outdate_plans(tx: &mut Tx, repository: RepositoryId) -> Result<()> {
    let sql = "UPDATE repository_findings SET revision = revision + 1 WHERE repository_id = $1";
    tx.execute(sql, &params![repository]).await.map(drop)
}

/// A change of a status, to be written down.
pub struct NewChange<'a> {
    pub id: ChangeId,
    pub vulnerability: VulnerabilityId,
    pub from: Status,
    pub to: Status,
    pub by: Option<rampart_kernel::UserId>,
    pub reason: Option<&'a str>,
    pub scan: Option<ScanId>,
}

/// Rows written by one statement.
const BATCH: usize = 1_000;

pub async fn insert_changes(tx: &mut Tx, changes: &[NewChange<'_>]) -> Result<()> {
    let mut statements = Vec::new();
    write_changes(tx.origin().now(), changes, &mut statements);
    for sql in &statements {
        tx.execute(sql.text(), sql.params()).await?;
    }
    Ok(())
}

/// The statements of [`insert_changes`].
pub fn write_changes(now: Timestamp, changes: &[NewChange<'_>], out: &mut Vec<Sql>) {
    for changes in changes.chunks(BATCH) {
        let mut sql = Sql::new(
            "INSERT INTO vulnerability_status_changes
                (id, vulnerability_id, from_status, to_status, changed_by, reason, scan_id, created_at) VALUES ",
        );
        for (index, change) in changes.iter().enumerate() {
            sql = sql.push(if index == 0 { "(" } else { ", (" }).bind(change.id).push(", ").bind(change.vulnerability);
            sql = sql.push(", ").bind(change.from).push(", ").bind(change.to).push(", ").bind(change.by);
            sql = sql.push(", ").bind(change.reason).push(", ").bind(change.scan).push(", ").bind(now).push(")");
        }
        out.push(sql);
    }
}

/// Changes and occurrences that are shown of one finding: more than anybody reads.
const HISTORY: i64 = 500;

/// The newest first.
pub async fn changes(reader: &mut Reader, id: VulnerabilityId) -> Result<Vec<StatusChange>> {
    let sql = "SELECT * FROM vulnerability_status_changes WHERE vulnerability_id = $1 ORDER BY id DESC LIMIT $2";
    let rows = reader.list(sql, &params![id, HISTORY]).await?;
    let read = |row: &Row| {
        Ok(StatusChange {
            id: row.get("id")?,
            from_status: row.get("from_status")?,
            to_status: row.get("to_status")?,
            changed_by: row.get("changed_by")?,
            reason: row.get("reason")?,
            scan_id: row.get("scan_id")?,
            created_at: row.get("created_at")?,
        })
    };
    rows.iter().map(read).collect()
}

/// Where a finding was in a scan.
#[derive(Clone, Debug, PartialEq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Occurred {
    #[schema(value_type = String)]
    pub scan_id: ScanId,
    /// `new`, `existing` or `fixed`.
    pub state: String,
    /// By what it was known again: `match`, `line`, `rename`, `scope`, `body`, `edit`, `hint`; nothing when it was new or is gone.
    pub recognised_by: Option<String>,
    pub file_path: String,
    pub line_number: u32,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// The newest first.
pub async fn occurrences(reader: &mut Reader, id: VulnerabilityId) -> Result<Vec<Occurred>> {
    let sql = "SELECT * FROM vulnerability_occurrences WHERE vulnerability_id = $1
               ORDER BY created_at DESC, scan_id DESC LIMIT $2";
    let rows = reader.list(sql, &params![id, HISTORY]).await?;
    let read = |row: &Row| {
        Ok(Occurred {
            scan_id: row.get("scan_id")?,
            state: row.get("state")?,
            recognised_by: row.get("recognised_by")?,
            file_path: row.get("file_path")?,
            line_number: row.get("line_number")?,
            created_at: row.get("created_at")?,
        })
    };
    rows.iter().map(read).collect()
}

/// Findings of all workspaces whose time of being ignored is over; for the program's own schedule.
pub async fn due(reader: &mut Reader, now: Timestamp, limit: i64) -> Result<Vec<Judged>> {
    let sql = Sql::new(JUDGED).push(" WHERE ignored_until <= ").bind(now);
    let sql =
        sql.push(" AND status = 'ignored' ORDER BY workspace_id, repository_id, ignored_until LIMIT ").bind(limit);
    reader.list(sql.text(), sql.params()).await?.iter().map(judged).collect()
}

/// Back to open, where they still are ignored until before now.
pub async fn reopen(tx: &mut Tx, ids: &[VulnerabilityId]) -> Result<Vec<VulnerabilityId>> {
    let now = tx.origin().now();
    let sql = Sql::new("UPDATE vulnerabilities SET status = 'open', decided_by = ").bind(Decider::Scan);
    let sql = sql.push(", status_reason = NULL, ignored_until = NULL, updated_at = ").bind(now);
    let sql = sql.push(" WHERE status = 'ignored' AND ignored_until <= ").bind(now).push(" AND id IN (");
    let sql = sql.bind_all(ids.iter().copied()).push(") RETURNING id");
    tx.change(sql.text(), sql.params()).await?.iter().map(|row| row.get("id")).collect()
}

/// Whether the workspace has the finding; which repository it is of.
pub async fn repository_of<P: Permission>(
    reader: &mut Reader,
    granted: &Granted<P>,
    id: VulnerabilityId,
) -> Result<RepositoryId> {
    let sql = "SELECT repository_id FROM vulnerabilities WHERE id = $1 AND workspace_id = $2";
    reader.find(sql, &params![id, granted.workspace()]).await?.ok_or(Error::NotFound)?.get("repository_id")
}
