//! The module's SQL. Rows are reached by a proof.

use rampart_access::{Granted, Permission};
use rampart_findings::FindingsImported;
use rampart_forge::{BranchName, CommitHash, PullRequestId, RecordScans, RepositoryId};
use rampart_jobs::JobId;
use rampart_kernel::uuid::Uuid;
use rampart_kernel::{Origin, Timestamp};
use rampart_store::{Dialect, Error, Migration, Reader, Result, Row, Sql, Tx, params};
use rampart_web::Page;
use serde_json::Value;

use crate::access::RunScans;
use crate::model::{ArtifactId, Kind, Mode, Phase, Scan, ScanId, Status, Task, TaskId, TaskType, Trigger};

/// Of a repository only one full scan waits or runs.
pub const TABLES: Migration = Migration::new(
    "analysis/0001-scans",
    "CREATE TABLE scans (
        id {uuid} PRIMARY KEY,
        workspace_id {uuid} NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
        repository_id {uuid} NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
        project_id {uuid},
        user_id {uuid} REFERENCES users (id) ON DELETE SET NULL,
        pull_request_id {uuid} REFERENCES pull_requests (id) ON DELETE SET NULL,
        job_id {uuid},
        commit_hash TEXT,
        base_hash TEXT,
        branch TEXT,
        kind TEXT NOT NULL CHECK (kind IN ('security', 'analysis')),
        trigger_type TEXT NOT NULL
            CHECK (trigger_type IN ('webhook', 'manual', 'scheduled', 'pull_request', 'import', 'api')),
        mode TEXT NOT NULL CHECK (mode IN ('full', 'incremental')),
        status TEXT NOT NULL CHECK (status IN ('created', 'queued', 'running', 'completed', 'failed', 'cancelled')),
        progress {int} NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
        phase TEXT,
        started_at {ts},
        finished_at {ts},
        duration_ms {int},
        files_scanned {int} NOT NULL DEFAULT 0,
        lines_scanned {int} NOT NULL DEFAULT 0,
        vulnerabilities_found {int} NOT NULL DEFAULT 0,
        new_vulnerabilities {int} NOT NULL DEFAULT 0,
        fixed_vulnerabilities {int} NOT NULL DEFAULT 0,
        severity_counts {json} NOT NULL,
        summary {json} NOT NULL,
        engine_version TEXT NOT NULL,
        cache_hit {bool} NOT NULL DEFAULT FALSE,
        report_key TEXT,
        report_expires_at {ts},
        error_message TEXT,
        request_id TEXT,
        created_at {ts} NOT NULL,
        updated_at {ts} NOT NULL
    );
    CREATE INDEX scans_page ON scans (workspace_id, id);
    CREATE INDEX scans_repository ON scans (repository_id, status);
    CREATE INDEX scans_commit ON scans (commit_hash);
    CREATE UNIQUE INDEX scans_one_full ON scans (repository_id)
        WHERE status IN ('created', 'queued', 'running') AND mode = 'full';
    CREATE TABLE analysis_tasks (
        id {uuid} PRIMARY KEY,
        session_id {uuid} NOT NULL REFERENCES scans (id) ON DELETE CASCADE,
        type TEXT NOT NULL CHECK (type IN ('static', 'dynamic', 'graph', 'ai')),
        tool TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'completed', 'failed', 'skipped')),
        result {json},
        error_message TEXT,
        started_at {ts},
        finished_at {ts},
        duration_seconds {int},
        created_at {ts} NOT NULL,
        UNIQUE (session_id, type, tool)
    );
    CREATE TABLE artifacts (
        id {uuid} PRIMARY KEY,
        session_id {uuid} NOT NULL REFERENCES scans (id) ON DELETE CASCADE,
        type TEXT NOT NULL CHECK (type IN ('report', 'patch', 'log', 'metrics', 'graph', 'snapshot')),
        object_key TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        size_bytes {int} NOT NULL,
        content_type TEXT NOT NULL,
        metadata {json} NOT NULL,
        expires_at {ts},
        created_at {ts} NOT NULL
    );
    CREATE INDEX artifacts_session ON artifacts (session_id, type);
    CREATE INDEX artifacts_expired ON artifacts (expires_at)",
);

/// `code_hash` is of what was looked at and with what; `started` is who was counted.
pub const CODE: Migration = Migration::new(
    "analysis/0002-code",
    "ALTER TABLE scans ADD COLUMN code_hash TEXT;
    CREATE INDEX scans_code ON scans (repository_id, code_hash);
    CREATE INDEX scans_begun ON scans (workspace_id, trigger_type, created_at)",
);

/// Scans of pull requests are looked for by theirs.
pub const PULLS: Migration = Migration::new(
    "analysis/0003-pulls",
    "CREATE INDEX scans_pull_request ON scans (pull_request_id, status) WHERE pull_request_id IS NOT NULL",
);

/// Reports are removed by when they were made, too.
pub const MADE: Migration =
    Migration::new("analysis/0004-made", "CREATE INDEX artifacts_created ON artifacts (created_at)");

/// What is asked of a list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub repository: Option<RepositoryId>,
    pub status: Option<Status>,
    pub trigger: Option<Trigger>,
    pub kind: Option<Kind>,
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
}

/// A scan to be queued.
pub struct New<'a> {
    pub id: ScanId,
    pub repository: RepositoryId,
    pub job: JobId,
    pub hash: Option<&'a CommitHash>,
    pub branch: &'a BranchName,
    pub trigger: Trigger,
    pub mode: Mode,
    /// The one whose head is looked at.
    pub pull: Option<PullRequestId>,
}

/// Whoever begins a scan in the workspace at the same time waits until the end of the transaction, so that both are counted.
pub async fn take_turn(tx: &mut Tx, granted: &Granted<RunScans>) -> Result<()> {
    // The embedded database has one writer anyway. Rows that refer to the workspace can be written meanwhile.
    if tx.dialect() == Dialect::Postgres {
        let sql = "SELECT id FROM workspaces WHERE id = $1 FOR NO KEY UPDATE";
        tx.get(sql, &params![granted.workspace()]).await?;
    }
    Ok(())
}

/// Scans that people and tokens have begun since a time.
pub async fn begun_since<P: Permission>(reader: &mut Reader, granted: &Granted<P>, since: Timestamp) -> Result<u32> {
    let sql = "SELECT COUNT(*) AS count FROM scans WHERE workspace_id = $1 AND trigger_type IN ('manual', 'import')
               AND created_at >= $2";
    reader.get(sql, &params![granted.workspace(), since]).await?.get("count")
}

/// A scan of the same code by the same scanner whose report is still there.
pub async fn same_code(
    reader: &mut Reader,
    granted: &Granted<RecordScans>,
    repository: RepositoryId,
    code: &str,
    since: Timestamp,
) -> Result<Option<(ScanId, String)>> {
    let sql = "SELECT id, report_key FROM scans WHERE repository_id = $1 AND code_hash = $2 AND workspace_id = $3
               AND status = 'completed' AND report_key IS NOT NULL AND cache_hit = FALSE AND created_at >= $4
               ORDER BY id DESC LIMIT 1";
    let row = reader.find(sql, &params![repository, code, granted.workspace(), since]).await?;
    row.map_or(Ok(None), |row| Ok(Some((row.get("id")?, row.get("report_key")?))))
}

/// What is looked at, and whether that was known already.
pub async fn save_code(tx: &mut Tx, granted: &Granted<RecordScans>, id: ScanId, code: &str, hit: bool) -> Result<()> {
    let sql = "UPDATE scans SET code_hash = $3, cache_hit = $4 WHERE id = $1 AND workspace_id = $2";
    tx.execute(sql, &params![id, granted.workspace(), code, hit]).await.map(drop)
}

/// A scan that has run elsewhere and was brought in.
pub async fn insert_import(
    tx: &mut Tx,
    granted: &Granted<RecordScans>,
    event: &FindingsImported,
    branch: &BranchName,
) -> Result<()> {
    let now = tx.origin().now();
    let counts = event.severity_counts.iter().map(|(severity, count)| (severity.name().to_owned(), (*count).into()));
    let counts = Value::Object(counts.collect());
    let summary = serde_json::json!({ "tools": event.tools, "leftOut": event.left_out, "filesScanned": event.files });
    let small = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    let took = i64::try_from(now.since(event.begun_at).as_millis()).unwrap_or(i64::MAX);
    let sql = "INSERT INTO scans (id, workspace_id, repository_id, user_id, commit_hash, branch, kind, trigger_type, mode, status,
                   progress, started_at, finished_at, duration_ms, files_scanned, vulnerabilities_found, new_vulnerabilities,
                   fixed_vulnerabilities, severity_counts, summary, engine_version, request_id, created_at, updated_at)
               VALUES ($1, $2, $3, $4, $5, $6, 'security', 'import', 'full', 'completed', 100, $7, $8, $9, $10, $11, $12, $13, $14,
                   $15, $16, $17, $7, $8) ON CONFLICT (id) DO NOTHING";
    let request = tx.origin().request_id.as_str().to_owned();
    tx.execute(
        sql,
        &params![
            event.scan_id,
            granted.workspace(),
            event.repository_id,
            event.user_id,
            event.commit_hash.clone(),
            branch,
            event.begun_at,
            now,
            took,
            small(event.files),
            small(event.found),
            small(event.new),
            small(event.fixed),
            counts,
            summary,
            ENGINE,
            request,
        ],
    )
    .await
    .map(drop)
}

/// What came of a scan.
pub struct Ended<'a> {
    pub files: u32,
    pub lines: u32,
    /// Open findings afterwards, and how many are new and gone.
    pub open: u32,
    pub new: u32,
    pub fixed: u32,
    pub severities: Value,
    pub summary: Value,
    pub report: &'a str,
    pub report_until: Timestamp,
}

const SELECT: &str = "SELECT s.*, r.repo_name FROM scans s JOIN repositories r ON r.id = s.repository_id";

/// What is looked for is the program itself.
pub const ENGINE: &str = env!("CARGO_PKG_VERSION");

fn read(row: &Row) -> Result<Scan> {
    let id = |column| Ok::<_, Error>(row.get::<Option<Uuid>>(column)?.map(|id| id.to_string()));
    Ok(Scan {
        id: row.get("id")?,
        workspace: row.get("workspace_id")?,
        user: row.get("user_id")?,
        repository_id: row.get("repository_id")?,
        repository_name: row.get("repo_name")?,
        project_id: id("project_id")?,
        commit_hash: row.get("commit_hash")?,
        branch: row.get("branch")?,
        pull_request_id: id("pull_request_id")?,
        kind: row.get("kind")?,
        trigger_type: row.get("trigger_type")?,
        mode: row.get("mode")?,
        status: row.get("status")?,
        progress: row.get("progress")?,
        started_at: row.get("started_at")?,
        completed_at: row.get("finished_at")?,
        duration_ms: row.get("duration_ms")?,
        files_scanned: row.get("files_scanned")?,
        lines_scanned: row.get("lines_scanned")?,
        vulnerabilities_found: row.get("vulnerabilities_found")?,
        new_vulnerabilities: row.get("new_vulnerabilities")?,
        fixed_vulnerabilities: row.get("fixed_vulnerabilities")?,
        severity_counts: row.get("severity_counts")?,
        cache_hit: row.get("cache_hit")?,
        report_available: row.get::<Option<String>>("report_key")?.is_some(),
        security_score: row.get::<Value>("summary")?["securityScore"].as_u64().and_then(|n| n.try_into().ok()),
        error_message: row.get("error_message")?,
        created_at: row.get("created_at")?,
    })
}

pub async fn get<P: Permission>(reader: &mut Reader, granted: &Granted<P>, id: ScanId) -> Result<Scan> {
    let sql = Sql::new(SELECT).push(" WHERE s.id = ").bind(id).push(" AND s.workspace_id = ").bind(granted.workspace());
    read(&reader.get(sql.text(), sql.params()).await?)
}

/// Holds the row until the end of the transaction.
pub async fn lock<P: Permission>(tx: &mut Tx, granted: &Granted<P>, id: ScanId) -> Result<Scan> {
    let sql = format!("SELECT id FROM scans WHERE id = $1 AND workspace_id = $2{}", tx.for_update());
    tx.get(&sql, &params![id, granted.workspace()]).await?;
    get(tx, granted, id).await
}

/// The newest first; and how many there are.
pub async fn list<P: Permission>(
    reader: &mut Reader,
    granted: &Granted<P>,
    filter: &Filter,
    page: Page,
) -> Result<(Vec<Scan>, u64)> {
    let filtered = |select: &'static str| {
        let mut sql = Sql::new(select).push(" WHERE s.workspace_id = ").bind(granted.workspace());
        if let Some(repository) = filter.repository {
            sql = sql.push(" AND s.repository_id = ").bind(repository);
        }
        if let Some(status) = filter.status {
            sql = sql.push(" AND s.status = ").bind(status);
        }
        if let Some(trigger) = filter.trigger {
            sql = sql.push(" AND s.trigger_type = ").bind(trigger);
        }
        if let Some(kind) = filter.kind {
            sql = sql.push(" AND s.kind = ").bind(kind);
        }
        if let Some(from) = filter.from {
            sql = sql.push(" AND s.created_at >= ").bind(from);
        }
        if let Some(to) = filter.to {
            sql = sql.push(" AND s.created_at <= ").bind(to);
        }
        sql
    };
    let sql = filtered(SELECT).push(" ORDER BY s.id DESC LIMIT ").bind(page.limit).push(" OFFSET ");
    let sql = sql.bind(page.offset());
    let rows = reader.list(sql.text(), sql.params()).await?;
    let sql = filtered("SELECT COUNT(*) AS count FROM scans s");
    let total: i64 = reader.get(sql.text(), sql.params()).await?.get("count")?;
    Ok((rows.iter().map(read).collect::<Result<_>>()?, u64::try_from(total).unwrap_or(0)))
}

/// Whether a full scan of the repository waits or runs.
pub async fn full_is_open<P: Permission>(reader: &mut Reader, granted: &Granted<P>, id: RepositoryId) -> Result<bool> {
    let sql = "SELECT id FROM scans WHERE repository_id = $1 AND workspace_id = $2 AND mode = 'full'
               AND status IN ('created', 'queued', 'running') LIMIT 1";
    Ok(reader.find(sql, &params![id, granted.workspace()]).await?.is_some())
}

/// Scans of a repository that wait or run, and their jobs. There are few: they exclude each other.
pub async fn open<P: Permission>(
    reader: &mut Reader,
    granted: &Granted<P>,
    repository: RepositoryId,
) -> Result<Vec<(ScanId, Option<JobId>)>> {
    let sql = "SELECT id, job_id FROM scans WHERE repository_id = $1 AND workspace_id = $2
               AND status IN ('created', 'queued', 'running') ORDER BY id LIMIT 1000";
    let rows = reader.list(sql, &params![repository, granted.workspace()]).await?;
    rows.iter().map(|row| Ok((row.get("id")?, row.get("job_id")?))).collect()
}

/// Each with the one task that there is: what this program finds itself.
pub async fn insert<P: Permission>(tx: &mut Tx, new: &[(&Origin, &Granted<P>, New<'_>)]) -> Result<()> {
    let now = tx.origin().now();
    let scan = |(origin, granted, new): &(&Origin, &Granted<P>, New<'_>)| {
        let nothing = serde_json::json!({});
        params![
            new.id,
            granted.workspace(),
            new.repository,
            granted.user(),
            new.job,
            new.hash.map(CommitHash::as_str),
            new.branch,
            Kind::Security,
            new.trigger,
            new.mode,
            Status::Queued,
            nothing.clone(),
            nothing,
            ENGINE,
            origin.request_id.as_str(),
            now,
            now,
            new.pull,
        ]
    };
    let rows: Vec<_> = new.iter().map(scan).collect();
    let sql = "INSERT INTO scans (id, workspace_id, repository_id, user_id, job_id, commit_hash, branch, kind, trigger_type, mode,
            status, severity_counts, summary, engine_version, request_id, created_at, updated_at, pull_request_id)
        VALUES {rows}";
    tx.change_all(sql, &rows).await?;
    let task = |(origin, _, new): &(&Origin, &Granted<P>, New<'_>)| {
        params![origin.new_id::<TaskId>(), new.id, TaskType::Static, "native", "pending", now]
    };
    let rows: Vec<_> = new.iter().map(task).collect();
    let sql = "INSERT INTO analysis_tasks (id, session_id, type, tool, status, created_at) VALUES {rows}";
    tx.change_all(sql, &rows).await.map(drop)
}

/// Scans of a pull request that wait or run and look at another head than this, and their jobs. There is one as a rule.
pub async fn open_of_pull<P: Permission>(
    reader: &mut Reader,
    granted: &Granted<P>,
    pull: PullRequestId,
    head: &CommitHash,
) -> Result<Vec<(ScanId, Option<JobId>)>> {
    let sql = "SELECT id, job_id FROM scans WHERE pull_request_id = $1 AND workspace_id = $2 AND commit_hash <> $3
               AND status IN ('created', 'queued', 'running') ORDER BY id LIMIT 100";
    let rows = reader.list(sql, &params![pull, granted.workspace(), head]).await?;
    rows.iter().map(|row| Ok((row.get("id")?, row.get("job_id")?))).collect()
}

/// The commit at which the change that a scan looked at began.
pub async fn base_of<P: Permission>(
    reader: &mut Reader,
    granted: &Granted<P>,
    id: ScanId,
) -> Result<Option<CommitHash>> {
    let sql = "SELECT base_hash FROM scans WHERE id = $1 AND workspace_id = $2";
    reader.get(sql, &params![id, granted.workspace()]).await?.get("base_hash")
}

/// The job that runs a scan.
pub async fn job<P: Permission>(reader: &mut Reader, granted: &Granted<P>, id: ScanId) -> Result<Option<JobId>> {
    let sql = "SELECT job_id FROM scans WHERE id = $1 AND workspace_id = $2";
    reader.get(sql, &params![id, granted.workspace()]).await?.get("job_id")
}

/// It runs; when it ran before, from its beginning.
pub async fn begin(tx: &mut Tx, granted: &Granted<RecordScans>, id: ScanId) -> Result<()> {
    let now = tx.origin().now();
    let sql = "UPDATE scans SET status = 'running', progress = 0, phase = $3,
                   started_at = CASE WHEN status = 'failed' THEN $4 ELSE COALESCE(started_at, $4) END,
                   finished_at = NULL, error_message = NULL, updated_at = $4
               WHERE id = $1 AND workspace_id = $2";
    tx.execute(sql, &params![id, granted.workspace(), Phase::Fetch, now]).await?;
    let sql =
        "UPDATE analysis_tasks SET status = 'running', started_at = COALESCE(started_at, $2), error_message = NULL,
            finished_at = NULL WHERE session_id = $1";
    tx.execute(sql, &params![id, now]).await.map(drop)
}

/// Whether it still runs.
pub async fn progress(
    tx: &mut Tx,
    granted: &Granted<RecordScans>,
    id: ScanId,
    (phase, progress, files): (Phase, u32, u32),
) -> Result<bool> {
    let now = tx.origin().now();
    let sql = "UPDATE scans SET phase = $3, progress = $4, files_scanned = $5, updated_at = $6
               WHERE id = $1 AND workspace_id = $2 AND status = 'running'";
    Ok(tx.execute(sql, &params![id, granted.workspace(), phase, progress, files, now]).await? > 0)
}

/// The commit that is looked at, once it is known.
pub async fn save_commit(
    tx: &mut Tx,
    granted: &Granted<RecordScans>,
    id: ScanId,
    hash: &CommitHash,
    base: Option<&CommitHash>,
) -> Result<()> {
    let sql = "UPDATE scans SET commit_hash = $3, base_hash = $4 WHERE id = $1 AND workspace_id = $2";
    tx.execute(sql, &params![id, granted.workspace(), hash, base.map(CommitHash::as_str)]).await.map(drop)
}

/// The commit that a branch was at when it was last scanned to the end.
pub async fn last_commit(
    reader: &mut Reader,
    granted: &Granted<RecordScans>,
    repository: RepositoryId,
    branch: &BranchName,
) -> Result<Option<CommitHash>> {
    let sql = "SELECT commit_hash FROM scans WHERE repository_id = $1 AND workspace_id = $2 AND status = 'completed'
               AND branch = $3 AND trigger_type <> 'pull_request' ORDER BY finished_at DESC, id DESC LIMIT 1";
    let row = reader.find(sql, &params![repository, granted.workspace(), branch]).await?;
    row.map_or(Ok(None), |row| row.get("commit_hash"))
}

pub async fn complete(tx: &mut Tx, granted: &Granted<RecordScans>, scan: &Scan, ended: Ended<'_>) -> Result<i64> {
    let now = tx.origin().now();
    let took = i64::try_from(now.since(scan.started_at.unwrap_or(now)).as_millis()).unwrap_or(i64::MAX);
    tx.execute(
        "UPDATE scans SET status = 'completed', progress = 100, phase = NULL, finished_at = $3, duration_ms = $4,
            files_scanned = $5, lines_scanned = $6, vulnerabilities_found = $7, new_vulnerabilities = $8,
            fixed_vulnerabilities = $9, severity_counts = $10, summary = $11, report_key = $12,
            report_expires_at = $13, updated_at = $3
         WHERE id = $1 AND workspace_id = $2",
        &params![
            scan.id,
            granted.workspace(),
            now,
            took,
            ended.files,
            ended.lines,
            ended.open,
            ended.new,
            ended.fixed,
            ended.severities,
            ended.summary.clone(),
            ended.report,
            ended.report_until,
        ],
    )
    .await?;
    let sql = "UPDATE analysis_tasks SET status = 'completed', result = $2, finished_at = $3, duration_seconds = $4
               WHERE session_id = $1";
    tx.execute(sql, &params![scan.id, ended.summary, now, took / 1_000]).await?;
    Ok(took)
}

/// It came to no end, or somebody ended it; with the reason.
pub async fn end<P: Permission>(
    tx: &mut Tx,
    granted: &Granted<P>,
    id: ScanId,
    status: Status,
    reason: Option<&str>,
) -> Result<()> {
    let now = tx.origin().now();
    let sql = "UPDATE scans SET status = $3, phase = NULL, finished_at = $4, error_message = $5, updated_at = $4
               WHERE id = $1 AND workspace_id = $2";
    tx.execute(sql, &params![id, granted.workspace(), status, now, reason]).await?;
    let task = if status == Status::Cancelled { "skipped" } else { "failed" };
    let sql = "UPDATE analysis_tasks SET status = $2, error_message = $3, finished_at = $4
               WHERE session_id = $1 AND status IN ('pending', 'running')";
    tx.execute(sql, &params![id, task, reason, now]).await.map(drop)
}

/// What went wrong, while it is tried again.
pub async fn note_error(tx: &mut Tx, granted: &Granted<RecordScans>, id: ScanId, reason: &str) -> Result<()> {
    let now = tx.origin().now();
    let sql = "UPDATE scans SET error_message = $3, updated_at = $4 WHERE id = $1 AND workspace_id = $2";
    tx.execute(sql, &params![id, granted.workspace(), reason, now]).await.map(drop)
}

pub async fn tasks<P: Permission>(reader: &mut Reader, granted: &Granted<P>, id: ScanId) -> Result<Vec<Task>> {
    let sql = "SELECT t.* FROM analysis_tasks t JOIN scans s ON s.id = t.session_id
               WHERE t.session_id = $1 AND s.workspace_id = $2 ORDER BY t.id LIMIT 100";
    let read = |row: &Row| {
        Ok(Task {
            id: row.get("id")?,
            session_id: row.get("session_id")?,
            kind: row.get("type")?,
            tool: row.get("tool")?,
            status: row.get("status")?,
            result: row.get("result")?,
            error_message: row.get("error_message")?,
            started_at: row.get("started_at")?,
            finished_at: row.get("finished_at")?,
            duration_seconds: row.get("duration_seconds")?,
            created_at: row.get("created_at")?,
        })
    };
    reader.list(sql, &params![id, granted.workspace()]).await?.iter().map(read).collect()
}

/// A file that a scan left.
pub struct Artifact<'a> {
    pub object: &'a str,
    pub sha256: &'a str,
    pub size_bytes: i64,
    pub content_type: &'a str,
    pub expires_at: Timestamp,
}

/// A report of a scan; a run that is repeated replaces it.
pub async fn save_report(
    tx: &mut Tx,
    granted: &Granted<RecordScans>,
    scan: ScanId,
    artifact: &Artifact<'_>,
) -> Result<()> {
    get(tx, granted, scan).await?;
    put_artifact(tx, scan, artifact, serde_json::json!({})).await
}

/// What a document said that was kept under this name.
pub async fn document<P: Permission>(
    reader: &mut Reader,
    granted: &Granted<P>,
    scan: ScanId,
    object: &str,
) -> Result<Option<String>> {
    let sql = "SELECT a.metadata FROM artifacts a JOIN scans s ON s.id = a.session_id
               WHERE a.session_id = $1 AND a.type = 'report' AND a.object_key = $2 AND s.workspace_id = $3
               ORDER BY a.id DESC LIMIT 1";
    let row = reader.find(sql, &params![scan, object, granted.workspace()]).await?;
    row.map_or(Ok(None), |row| Ok(row.get::<Value>("metadata")?["says"].as_str().map(str::to_owned)))
}

/// A document of a scan; one that said something else is replaced.
pub async fn save_document<P: Permission>(
    tx: &mut Tx,
    granted: &Granted<P>,
    scan: ScanId,
    artifact: &Artifact<'_>,
    says: &str,
) -> Result<()> {
    // Two that are made at the same time come one after the other.
    lock(tx, granted, scan).await?;
    put_artifact(tx, scan, artifact, serde_json::json!({ "says": says })).await
}

/// In place of the one that has the same object.
async fn put_artifact(tx: &mut Tx, scan: ScanId, artifact: &Artifact<'_>, metadata: Value) -> Result<()> {
    let (id, now): (ArtifactId, _) = (tx.origin().new_id(), tx.origin().now());
    let Artifact { object, sha256, size_bytes, content_type, expires_at } = *artifact;
    let sql = "DELETE FROM artifacts WHERE session_id = $1 AND type = 'report' AND object_key = $2";
    tx.execute(sql, &params![scan, object]).await?;
    let sql = "INSERT INTO artifacts (id, session_id, type, object_key, sha256, size_bytes, content_type, metadata, expires_at,
                   created_at)
               VALUES ($1, $2, 'report', $3, $4, $5, $6, $7, $8, $9)";
    tx.execute(sql, &params![id, scan, object, sha256, size_bytes, content_type, metadata, expires_at, now])
        .await
        .map(drop)
}

/// What was kept for as long as it is kept, the oldest first.
pub async fn expired(
    reader: &mut Reader,
    now: Timestamp,
    made_until: Timestamp,
    limit: i64,
) -> Result<Vec<(ArtifactId, String)>> {
    let sql =
        "SELECT id, object_key FROM artifacts WHERE expires_at <= $1 OR (created_at <= $2 AND expires_at IS NOT NULL)
               ORDER BY expires_at, id LIMIT $3";
    let rows = reader.list(sql, &params![now, made_until, limit]).await?;
    rows.iter().map(|row| Ok((row.get("id")?, row.get("object_key")?))).collect()
}

pub async fn forget(tx: &mut Tx, artifacts: &[ArtifactId]) -> Result<()> {
    let sql = Sql::new("DELETE FROM artifacts WHERE id IN (").bind_all(artifacts.iter().copied()).push(")");
    tx.execute(sql.text(), sql.params()).await.map(drop)
}

/// The scan of the same branch that was completed before this one. Branches of forks, which pull requests come from, have any name.
pub async fn scan_before<P: Permission>(
    reader: &mut Reader,
    granted: &Granted<P>,
    scan: &Scan,
) -> Result<Option<Scan>> {
    let Some(branch) = &scan.branch else { return Ok(None) };
    let sql = Sql::new(SELECT).push(" WHERE s.repository_id = ").bind(scan.repository_id);
    let sql = sql.push(" AND s.workspace_id = ").bind(granted.workspace()).push(" AND s.status = 'completed'");
    let sql = sql
        .push(" AND s.trigger_type NOT IN ('import', 'pull_request') AND s.branch = ")
        .bind(branch)
        .push(" AND s.id < ")
        .bind(scan.id);
    let sql = sql.push(" ORDER BY s.id DESC LIMIT 1");
    reader.find(sql.text(), sql.params()).await?.as_ref().map(read).transpose()
}

/// The last scan of a branch that came to its end.
pub async fn last_scan<P: Permission>(
    reader: &mut Reader,
    granted: &Granted<P>,
    repository: RepositoryId,
    branch: &BranchName,
) -> Result<Option<Scan>> {
    let sql = Sql::new(SELECT).push(" WHERE s.repository_id = ").bind(repository);
    let sql = sql.push(" AND s.workspace_id = ").bind(granted.workspace()).push(" AND s.status = 'completed'");
    let sql = sql.push(" AND s.trigger_type NOT IN ('import', 'pull_request') AND s.branch = ").bind(branch);
    let sql = sql.push(" ORDER BY s.finished_at DESC, s.id DESC LIMIT 1");
    reader.find(sql.text(), sql.params()).await?.as_ref().map(read).transpose()
}

/// The object that holds the report, and until when it is kept.
pub async fn report<P: Permission>(
    reader: &mut Reader,
    granted: &Granted<P>,
    id: ScanId,
) -> Result<Option<(String, Timestamp)>> {
    let sql = "SELECT report_key, report_expires_at FROM scans WHERE id = $1 AND workspace_id = $2";
    let row = reader.get(sql, &params![id, granted.workspace()]).await?;
    Ok(row.get::<Option<String>>("report_key")?.zip(row.get("report_expires_at")?))
}
