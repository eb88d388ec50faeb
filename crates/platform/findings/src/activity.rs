//! The activity feed: what happened in a workspace, for its people. Events of all modules become lines of it, by their names.

use std::time::Duration;

use rampart_access::{Ctx, Granted, Permission};
use rampart_events::{Envelope, Subscriptions};
use rampart_forge::RepositoryId;
use rampart_kernel::{Id, Origin, Timestamp, UserId};
use rampart_store::{Event, Reader, Result as Stored, Row, Sql, Tx, params};
use rampart_web::{Page, Paged};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::access::ReadFindings;
use crate::error::Result;
use crate::model::{ActivityId, Severity};
use crate::service::Findings;

/// Lines are kept this long.
const KEPT: Duration = Duration::from_secs(180 * 24 * 3_600);
/// Where findings were in scans is kept as long as the reports of the scans.
const OCCURRENCES_KEPT: Duration = Duration::from_secs(90 * 24 * 3_600);
/// Rows removed in one transaction.
const FORGET_BATCH: i64 = 1_000;

macro_rules! feed {
    ($($type:ident = $name:literal => $activity:literal),+ $(,)?) => {
        $(
            /// An event by its name, whichever module's.
            #[derive(Serialize)]
            struct $type;

            impl Event for $type {
                const NAME: &'static str = $name;
            }
        )+

        /// Each of these events becomes a line, in the transaction that takes it from the outbox.
        pub fn subscribe(subscriptions: Subscriptions) -> Subscriptions {
            $(let subscriptions = subscriptions.on::<$type, _>(|tx, envelope| Box::pin(insert(tx, envelope, $activity)));)+
            subscriptions
        }
    };
}

feed! {
    MemberJoined = "member.joined" => "member_joined",
    MemberRemoved = "member.removed" => "member_removed",
    VersionPromoted = "version.promoted" => "version_promoted",
    VersionDegraded = "version.degraded" => "version_degraded",
    PolicyViolated = "policy.violated" => "policy_violated",
    RepositoryConnected = "repository.connected" => "repository_connected",
    PrOpened = "pr.opened" => "pr_opened",
    PrClosed = "pr.closed" => "pr_closed",
    PrMerged = "pr.merged" => "pr_merged",
    ScanStarted = "scan.started" => "scan_started",
    ScanCompleted = "scan.completed" => "scan_completed",
    ScanFailed = "scan.failed" => "scan_failed",
    VulnerabilitiesFound = "vulnerabilities.found" => "vulnerability_detected",
    VulnerabilityStatusChanged = "vulnerability.status_changed" => "vulnerability_status_changed",
    FindingsImported = "findings.imported" => "findings_imported",
    FixApplied = "fix.applied" => "fix_applied",
    MissionCreated = "mission.created" => "mission_created",
    MissionCompleted = "mission.completed" => "mission_completed",
    ApprovalRequested = "approval.requested" => "approval_requested",
    ApprovalApproved = "approval.approved" => "approval_decided",
    ApprovalRejected = "approval.rejected" => "approval_decided",
    ApprovalExpired = "approval.expired" => "approval_decided",
    AlertCreated = "alert.created" => "alert_created",
    CaseCreated = "case.created" => "case_created",
    CaseClosed = "case.closed" => "case_closed",
    BrandFinding = "brand.finding" => "brand_finding",
}

async fn insert(tx: &mut Tx, envelope: &Envelope, activity: &'static str) -> Stored<()> {
    let Some(workspace) = envelope.workspace_id else { return Ok(()) };
    let text = |key: &str| envelope.data.get(key).and_then(Value::as_str);
    // What a scan found and what it found to be fixed is one line each, of the scan.
    if activity == "vulnerability_status_changed" && text("userId").is_none() {
        return Ok(());
    }
    let user = text("userId").and_then(|id| id.parse::<UserId>().ok());
    let repository = text("repositoryId").or_else(|| text("repoId")).and_then(|id| id.parse::<RepositoryId>().ok());
    let severity: Severity = text("severity").and_then(|name| name.parse().ok()).unwrap_or(Severity::Info);
    let id: ActivityId = tx.origin().new_id();
    let sql = "INSERT INTO activity_events
                  (id, workspace_id, event_id, user_id, repository_id, event_type, event_data, severity, created_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (event_id) DO NOTHING";
    let (event, data, at) = (envelope.id.uuid(), envelope.data.clone(), envelope.occurred_at);
    tx.execute(sql, &params![id, workspace, event, user, repository, activity, data, severity, at]).await.map(drop)
}

/// A line of the feed.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Activity {
    #[schema(value_type = String)]
    pub id: ActivityId,
    pub event_type: String,
    #[schema(value_type = Option<String>)]
    pub user_id: Option<UserId>,
    #[schema(value_type = Option<String>)]
    pub repository_id: Option<RepositoryId>,
    pub repository_name: Option<String>,
    #[schema(value_type = String)]
    pub severity: Severity,
    #[schema(value_type = Object)]
    pub event_data: Value,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// What is asked of the feed.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub repository: Option<RepositoryId>,
    pub event_type: Option<String>,
}

/// A feed that is longer than this says that it is this long.
const COUNTED: i64 = 10_000;

async fn list<P: Permission>(
    reader: &mut Reader,
    granted: &Granted<P>,
    filter: &Filter,
    page: Page,
) -> Stored<Paged<Activity>> {
    let filtered = |select: &'static str| {
        let mut sql = Sql::new(select).push(" WHERE a.workspace_id = ").bind(granted.workspace());
        if let Some(repository) = filter.repository {
            sql = sql.push(" AND a.repository_id = ").bind(repository);
        }
        if let Some(event_type) = &filter.event_type {
            sql = sql.push(" AND a.event_type = ").bind(event_type);
        }
        sql
    };
    let sql = filtered(
        "SELECT a.*, r.full_name FROM activity_events a LEFT JOIN repositories r ON r.id = a.repository_id
            AND r.workspace_id = a.workspace_id",
    );
    let sql =
        sql.push(" ORDER BY a.created_at DESC, a.id DESC LIMIT ").bind(page.limit).push(" OFFSET ").bind(page.offset());
    let read = |row: &Row| {
        Ok(Activity {
            id: row.get("id")?,
            event_type: row.get("event_type")?,
            user_id: row.get("user_id")?,
            repository_id: row.get("repository_id")?,
            repository_name: row.get("full_name")?,
            severity: row.get("severity")?,
            event_data: row.get("event_data")?,
            created_at: row.get("created_at")?,
        })
    };
    let items = reader.list(sql.text(), sql.params()).await?.iter().map(read).collect::<Stored<_>>()?;
    let sql = filtered("SELECT COUNT(*) AS count FROM (SELECT 1 AS one FROM activity_events a");
    let sql = sql.push(" LIMIT ").bind(COUNTED).push(") AS counted");
    let total: i64 = reader.get(sql.text(), sql.params()).await?.get("count")?;
    Ok(Paged { items, total: u64::try_from(total).unwrap_or(0), page })
}

impl Findings {
    /// The newest first.
    ///
    /// # Errors
    /// When the caller may not look.
    pub async fn activity(&self, ctx: &Ctx, filter: &Filter, page: Page) -> Result<Paged<Activity>> {
        let granted: Granted<ReadFindings> = ctx.require()?;
        Ok(list(&mut self.store.read().await?, &granted, filter, page).await?)
    }

    /// Removes old lines, and where findings were in scans of long ago; how many.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn forget(&self, origin: &Origin) -> Result<u64> {
        let mut removed = 0;
        loop {
            let mut tx = self.store.begin(origin).await?;
            let lines = "DELETE FROM activity_events WHERE id IN
                         (SELECT id FROM activity_events WHERE created_at < $1 ORDER BY created_at LIMIT $2)";
            let batch = tx.execute(lines, &params![origin.now() - KEPT, FORGET_BATCH]).await?;
            let scans =
                "DELETE FROM vulnerability_occurrences WHERE state = 'existing' AND (vulnerability_id, scan_id) IN
                         (SELECT vulnerability_id, scan_id FROM vulnerability_occurrences
                          WHERE created_at < $1 AND state = 'existing' ORDER BY created_at LIMIT $2)";
            let batch = batch + tx.execute(scans, &params![origin.now() - OCCURRENCES_KEPT, FORGET_BATCH]).await?;
            tx.commit().await?;
            removed += batch;
            if batch == 0 {
                return Ok(removed);
            }
        }
    }
}
