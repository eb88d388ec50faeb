//! The repositories' SQL. Rows are reached by a proof.

use std::collections::{HashMap, HashSet};

use rampart_access::{Granted, Permission};
use rampart_kernel::{Sealed, SealedColumn, UserId, WorkspaceId};
use rampart_store::{Error, Migration, Reader, Result, Row, Sql, Tx, containing, params};
use rampart_web::Page;

use crate::access::{DisconnectRepositories, ManageRepositories, RecordScans};
use crate::fields::BranchName;
use crate::model::{Provider, Repository, RepositoryId, RepositorySettings, RepositorySummary, ScanStatus};

/// Repositories and what is known of their branches. Findings and scans are of modules above: no row here refers to theirs.
pub const TABLES: Migration = Migration::new(
    "forge/0001-repositories",
    "CREATE TABLE repositories (
        id {uuid} PRIMARY KEY,
        workspace_id {uuid} NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
        project_id {uuid},
        added_by {uuid} REFERENCES users (id),
        provider TEXT NOT NULL CHECK (provider IN ('github', 'gitlab', 'local')),
        provider_repo_id TEXT,
        repo_url TEXT NOT NULL,
        owner TEXT NOT NULL,
        repo_name TEXT NOT NULL,
        full_name TEXT NOT NULL,
        private {bool} NOT NULL,
        default_branch TEXT NOT NULL,
        language TEXT,
        webhook_secret TEXT,
        webhook_id TEXT,
        webhook_configured {bool} NOT NULL DEFAULT FALSE,
        access_token TEXT,
        installation_id TEXT,
        active {bool} NOT NULL DEFAULT TRUE,
        auto_scan_enabled {bool} NOT NULL,
        auto_fix_enabled {bool} NOT NULL,
        settings {json} NOT NULL,
        branch_protection {json},
        total_files {int} NOT NULL DEFAULT 0,
        total_lines_of_code {int} NOT NULL DEFAULT 0,
        total_vulnerabilities {int} NOT NULL DEFAULT 0,
        critical_count {int} NOT NULL DEFAULT 0,
        high_count {int} NOT NULL DEFAULT 0,
        medium_count {int} NOT NULL DEFAULT 0,
        low_count {int} NOT NULL DEFAULT 0,
        security_score {int} CHECK (security_score BETWEEN 0 AND 100),
        scan_status TEXT NOT NULL DEFAULT 'pending',
        scan_progress {int} NOT NULL DEFAULT 0 CHECK (scan_progress BETWEEN 0 AND 100),
        last_scan_at {ts},
        metadata_synced_at {ts},
        disconnected_at {ts},
        created_at {ts} NOT NULL,
        updated_at {ts} NOT NULL,
        UNIQUE (workspace_id, repo_url)
    );
    CREATE INDEX repositories_provider ON repositories (provider, provider_repo_id);
    CREATE INDEX repositories_active ON repositories (workspace_id, active);
    CREATE INDEX repositories_watched ON repositories (provider, active, id);
    CREATE INDEX repositories_project ON repositories (project_id);
    CREATE TABLE repository_branches (
        repository_id {uuid} NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        head TEXT NOT NULL,
        seen_at {ts} NOT NULL,
        PRIMARY KEY (repository_id, name)
    )",
);

/// As whom the program writes at the forge.
pub const ACCOUNTS: Migration =
    Migration::new("forge/0005-accounts", "ALTER TABLE repositories ADD COLUMN account TEXT");

rampart_kernel::named! {
    /// What a list of repositories is ordered by.
    pub enum Order {
        Name = "name",
        SecurityScore = "securityScore",
        LastScanAt = "lastScanAt",
        TotalVulnerabilities = "totalVulnerabilities",
        CreatedAt = "createdAt",
    }
}

/// What is asked of a list. Only connected ones are in it.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Part of the full name.
    pub text: Option<String>,
    pub provider: Option<Provider>,
    pub language: Option<String>,
    pub scan_status: Option<ScanStatus>,
    pub project: Option<String>,
    /// And whether the other way round.
    pub order: Option<(Order, bool)>,
}

/// A repository to be connected.
pub struct New<'a> {
    pub id: RepositoryId,
    pub provider: Provider,
    pub url: &'a str,
    pub owner: &'a str,
    pub name: &'a str,
    pub private: bool,
    pub default_branch: &'a BranchName,
    pub auto_scan: bool,
    pub auto_fix: bool,
}

/// Open findings of a repository, by severity; the informational ones are in `total` only where the total says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub total: u32,
    pub critical: u32,
    pub high: u32,
    pub medium: u32,
    pub low: u32,
    /// 0 to 100; nothing when it cannot be rated.
    pub score: Option<u32>,
}

/// How a scan of a repository stands, and what it measured when it is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    pub status: ScanStatus,
    /// 0 to 100.
    pub progress: u32,
    /// Files, lines and the language of most of them; as they were when nothing is said.
    pub size: Option<(u32, u32, Option<String>)>,
}

/// Sealed: who has them may speak for the forge, or read there.
pub const WEBHOOK_SECRET: SealedColumn =
    SealedColumn { table: "repositories", column: "webhook_secret", row: "id", sealed_as: "webhook_secret" };
pub const ACCESS_TOKEN: SealedColumn =
    SealedColumn { table: "repositories", column: "access_token", row: "id", sealed_as: "access_token" };

pub fn read(row: &Row) -> Result<Repository> {
    let settings: serde_json::Value = row.get("settings")?;
    Ok(Repository {
        summary: RepositorySummary {
            id: row.get("id")?,
            name: row.get("repo_name")?,
            full_name: row.get("full_name")?,
            owner: row.get("owner")?,
            private: row.get("private")?,
            language: row.get("language")?,
            total_vulnerabilities: row.get("total_vulnerabilities")?,
            critical_count: row.get("critical_count")?,
            high_count: row.get("high_count")?,
            medium_count: row.get("medium_count")?,
            low_count: row.get("low_count")?,
            security_score: row.get("security_score")?,
            scan_status: row.get("scan_status")?,
            last_scan_at: row.get("last_scan_at")?,
            auto_scan_enabled: row.get("auto_scan_enabled")?,
            auto_fix_enabled: row.get("auto_fix_enabled")?,
        },
        workspace: row.get("workspace_id")?,
        provider: row.get("provider")?,
        repo_url: row.get("repo_url")?,
        provider_repo_id: row.get("provider_repo_id")?,
        default_branch: row.get("default_branch")?,
        project_id: row.get::<Option<rampart_kernel::uuid::Uuid>>("project_id")?.map(|id| id.to_string()),
        total_files: row.get("total_files")?,
        total_lines_of_code: row.get("total_lines_of_code")?,
        scan_progress: row.get("scan_progress")?,
        webhook_configured: row.get("webhook_configured")?,
        webhook_id: row.get("webhook_id")?,
        active: row.get("active")?,
        // What an older version wrote and this one does not know counts as not chosen.
        settings: serde_json::from_value(settings).unwrap_or_default(),
        branch_protection: row.get("branch_protection")?,
        account: row.get("account")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}

/// Whichever way one may look at repositories.
pub async fn get<P: Permission>(reader: &mut Reader, granted: &Granted<P>, id: RepositoryId) -> Result<Repository> {
    let sql = "SELECT * FROM repositories WHERE id = $1 AND workspace_id = $2";
    read(&reader.get(sql, &params![id, granted.workspace()]).await?)
}

/// With what a repository is reached at its forge.
pub struct Credentials {
    pub installation: Option<String>,
    pub token: Option<Sealed>,
    pub added_by: Option<UserId>,
}

/// For the program itself, which holds the repository by a proof already.
pub async fn credentials(reader: &mut Reader, id: RepositoryId) -> Result<Credentials> {
    let sql = "SELECT installation_id, access_token, added_by FROM repositories WHERE id = $1";
    let row = reader.get(sql, &params![id]).await?;
    Ok(Credentials {
        installation: row.get("installation_id")?,
        token: row.get::<Option<String>>("access_token")?.map(Sealed::from_text),
        added_by: row.get("added_by")?,
    })
}

/// Holds the row until the end of the transaction.
pub async fn lock<P: Permission>(tx: &mut Tx, granted: &Granted<P>, id: RepositoryId) -> Result<Repository> {
    let sql = format!("SELECT * FROM repositories WHERE id = $1 AND workspace_id = $2{}", tx.for_update());
    read(&tx.get(&sql, &params![id, granted.workspace()]).await?)
}

/// Of several workspaces.
pub type Several = HashMap<(WorkspaceId, RepositoryId), Repository>;

/// As [`lock`], of several; those that are there. In the order of their ids, so that two who want the same wait in turn.
pub async fn lock_all<'a, P: Permission>(
    tx: &mut Tx,
    wanted: impl IntoIterator<Item = (&'a Granted<P>, RepositoryId)>,
) -> Result<Several> {
    let hold = tx.for_update();
    select_all(tx, wanted, hold).await
}

/// As [`get`], of several; those that are there.
pub async fn get_all<'a, P: Permission>(
    reader: &mut Reader,
    wanted: impl IntoIterator<Item = (&'a Granted<P>, RepositoryId)>,
) -> Result<Several> {
    select_all(reader, wanted, "").await
}

async fn select_all<'a, P: Permission>(
    reader: &mut Reader,
    wanted: impl IntoIterator<Item = (&'a Granted<P>, RepositoryId)>,
    hold: &'static str,
) -> Result<Several> {
    let wanted: HashSet<_> = wanted.into_iter().map(|(granted, id)| (granted.workspace(), id)).collect();
    let sql = Sql::new("SELECT * FROM repositories WHERE id IN (").bind_all(wanted.iter().map(|(_, id)| *id));
    let sql = sql.push(") ORDER BY id LIMIT ").bind(wanted.len() as i64).push(hold);
    let mut found = Several::new();
    for row in reader.list(sql.text(), sql.params()).await? {
        let repository = read(&row)?;
        let key = (repository.workspace, repository.id());
        if wanted.contains(&key) {
            found.insert(key, repository);
        }
    }
    Ok(found)
}

/// The one at this address, or with this number at its forge: it may have been renamed there.
pub async fn lock_known(
    tx: &mut Tx,
    granted: &Granted<ManageRepositories>,
    provider: Provider,
    url: &str,
    at_forge: Option<&str>,
) -> Result<Option<Repository>> {
    let mut sql = Sql::new("SELECT * FROM repositories WHERE workspace_id = ").bind(granted.workspace());
    sql = sql.push(" AND provider = ").bind(provider).push(" AND (repo_url = ").bind(url);
    if let Some(at_forge) = at_forge {
        sql = sql.push(" OR provider_repo_id = ").bind(at_forge);
    }
    // Two when one was renamed and another took its name: the number is who it is.
    sql = sql.push(") ORDER BY CASE WHEN provider_repo_id = ").bind(at_forge).push(" THEN 0 ELSE 1 END, id LIMIT 1");
    sql = sql.push(tx.for_update());
    tx.find(sql.text(), sql.params()).await?.as_ref().map(read).transpose()
}

/// What a repository has at its forge.
pub struct AtForge<'a> {
    pub id: RepositoryId,
    /// Its number there.
    pub at_forge: &'a str,
    pub private: bool,
    pub language: Option<&'a str>,
    pub installation: Option<&'a str>,
    /// As whom the program writes there.
    pub account: Option<&'a str>,
    pub token: Option<&'a Sealed>,
    /// Of its hook.
    pub secret: &'a Sealed,
}

pub async fn save_at_forge(tx: &mut Tx, granted: &Granted<ManageRepositories>, it: &AtForge<'_>) -> Result<()> {
    let now = tx.origin().now();
    // Whoever connects it is whose account is asked from now on.
    let sql = "UPDATE repositories SET provider_repo_id = $3, private = $4, language = COALESCE(language, $5),
                   installation_id = $6, access_token = $7, webhook_secret = $8, webhook_configured = FALSE, added_by = $9,
                   metadata_synced_at = $10, account = $11
               WHERE id = $1 AND workspace_id = $2";
    let params = params![
        it.id,
        granted.workspace(),
        it.at_forge,
        it.private,
        it.language,
        it.installation,
        it.token.map(Sealed::as_text),
        it.secret.as_text(),
        granted.user(),
        now,
        it.account,
    ];
    tx.execute(sql, &params).await.map(drop)
}

/// Whether its forge tells what happens, and by which hook.
pub async fn record_hook<P: Permission>(
    tx: &mut Tx,
    granted: &Granted<P>,
    id: RepositoryId,
    hook: Option<&str>,
    configured: bool,
) -> Result<()> {
    let now = tx.origin().now();
    let sql = "UPDATE repositories SET webhook_id = COALESCE($3, webhook_id), webhook_configured = $4, updated_at = $5
               WHERE id = $1 AND workspace_id = $2";
    tx.execute(sql, &params![id, granted.workspace(), hook, configured, now]).await.map(drop)
}

pub async fn save_token<P: Permission>(
    tx: &mut Tx,
    granted: &Granted<P>,
    id: RepositoryId,
    token: &Sealed,
) -> Result<()> {
    let sql = "UPDATE repositories SET access_token = $3 WHERE id = $1 AND workspace_id = $2";
    tx.execute(sql, &params![id, granted.workspace(), token.as_text()]).await.map(drop)
}

pub async fn save_account<P: Permission>(
    tx: &mut Tx,
    granted: &Granted<P>,
    id: RepositoryId,
    account: Option<&str>,
) -> Result<()> {
    let sql = "UPDATE repositories SET account = $3 WHERE id = $1 AND workspace_id = $2";
    tx.execute(sql, &params![id, granted.workspace(), account]).await.map(drop)
}

pub async fn save_secret<P: Permission>(
    tx: &mut Tx,
    granted: &Granted<P>,
    id: RepositoryId,
    secret: &Sealed,
) -> Result<()> {
    let sql = "UPDATE repositories SET webhook_secret = $3 WHERE id = $1 AND workspace_id = $2";
    tx.execute(sql, &params![id, granted.workspace(), secret.as_text()]).await.map(drop)
}

pub async fn record_protection<P: Permission>(
    tx: &mut Tx,
    granted: &Granted<P>,
    id: RepositoryId,
    protection: &serde_json::Value,
) -> Result<()> {
    let now = tx.origin().now();
    let sql = "UPDATE repositories SET branch_protection = $3, updated_at = $4 WHERE id = $1 AND workspace_id = $2";
    tx.execute(sql, &params![id, granted.workspace(), protection.clone(), now]).await.map(drop)
}

/// Which of these are connected.
pub async fn connected<P: Permission>(
    reader: &mut Reader,
    granted: &Granted<P>,
    provider: Provider,
    these: &[String],
) -> Result<Vec<String>> {
    if these.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("SELECT provider_repo_id FROM repositories WHERE active = TRUE AND workspace_id = ");
    sql = sql.bind(granted.workspace()).push(" AND provider = ").bind(provider).push(" AND provider_repo_id IN (");
    for (index, id) in these.iter().enumerate() {
        sql = sql.push(if index == 0 { "" } else { ", " }).bind(id.as_str());
    }
    sql = sql.push(") ORDER BY provider_repo_id LIMIT ").bind(these.len() as i64);
    reader.list(sql.text(), sql.params()).await?.iter().map(|row| row.get("provider_repo_id")).collect()
}

/// A page of the connected ones, and how many there are.
pub async fn list<P: Permission>(
    reader: &mut Reader,
    granted: &Granted<P>,
    filter: &Filter,
    page: Page,
) -> Result<(Vec<Repository>, u64)> {
    let filtered = |select: &'static str| {
        let mut sql = Sql::new(select).push(" FROM repositories WHERE active = TRUE AND workspace_id = ");
        sql = sql.bind(granted.workspace());
        if let Some(text) = &filter.text {
            sql = sql.push(" AND LOWER(full_name) LIKE ").bind(containing(&text.to_lowercase())).push(" ESCAPE '\\'");
        }
        if let Some(provider) = filter.provider {
            sql = sql.push(" AND provider = ").bind(provider);
        }
        if let Some(language) = &filter.language {
            sql = sql.push(" AND LOWER(language) = ").bind(language.to_lowercase());
        }
        if let Some(status) = filter.scan_status {
            sql = sql.push(" AND scan_status = ").bind(status);
        }
        if let Some(project) = &filter.project {
            // What is no id is the project of nothing.
            sql = match rampart_kernel::uuid::Uuid::try_parse(project) {
                Ok(id) => sql.push(" AND project_id = ").bind(id),
                Err(_) => sql.push(" AND 1 = 0"),
            };
        }
        sql
    };
    let sql = filtered("SELECT *").push(order(filter.order)).push(" LIMIT ").bind(page.limit);
    let sql = sql.push(" OFFSET ").bind(page.offset());
    let rows = reader.list(sql.text(), sql.params()).await?;
    let sql = filtered("SELECT COUNT(*) AS count");
    let total: i64 = reader.get(sql.text(), sql.params()).await?.get("count")?;
    Ok((rows.iter().map(read).collect::<Result<_>>()?, u64::try_from(total).unwrap_or(0)))
}

/// What has no value comes last either way, on both databases; ids break ties.
fn order(order: Option<(Order, bool)>) -> &'static str {
    match order {
        Some((Order::Name, false)) => " ORDER BY LOWER(full_name), id",
        Some((Order::Name, true)) => " ORDER BY LOWER(full_name) DESC, id DESC",
        Some((Order::SecurityScore, false)) => " ORDER BY COALESCE(security_score, 101), id",
        Some((Order::SecurityScore, true)) => " ORDER BY COALESCE(security_score, -1) DESC, id DESC",
        Some((Order::LastScanAt, false)) => {
            " ORDER BY CASE WHEN last_scan_at IS NULL THEN 1 ELSE 0 END, last_scan_at, id"
        }
        Some((Order::LastScanAt, true)) => {
            " ORDER BY CASE WHEN last_scan_at IS NULL THEN 1 ELSE 0 END, last_scan_at DESC, id DESC"
        }
        Some((Order::TotalVulnerabilities, false)) => " ORDER BY total_vulnerabilities, id",
        Some((Order::TotalVulnerabilities, true)) => " ORDER BY total_vulnerabilities DESC, id DESC",
        Some((Order::CreatedAt, false)) => " ORDER BY id",
        // The newest first.
        Some((Order::CreatedAt, true)) | None => " ORDER BY id DESC",
    }
}

pub async fn insert(tx: &mut Tx, granted: &Granted<ManageRepositories>, new: &New<'_>) -> Result<()> {
    let now = tx.origin().now();
    let settings = json(&RepositorySettings::default())?;
    let full_name = format!("{}/{}", new.owner, new.name);
    tx.execute(
        "INSERT INTO repositories (id, workspace_id, added_by, provider, repo_url, owner, repo_name, full_name, private,
            default_branch, auto_scan_enabled, auto_fix_enabled, settings, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)",
        &params![
            new.id,
            granted.workspace(),
            granted.user(),
            new.provider,
            new.url,
            new.owner,
            new.name,
            full_name,
            new.private,
            new.default_branch,
            new.auto_scan,
            new.auto_fix,
            settings,
            now,
        ],
    )
    .await
    .map(drop)
}

/// What people may change: the settings, branch, project, switches.
pub async fn save(tx: &mut Tx, granted: &Granted<ManageRepositories>, repository: &Repository) -> Result<()> {
    let now = tx.origin().now();
    let project = repository.project_id.as_deref().and_then(|id| rampart_kernel::uuid::Uuid::try_parse(id).ok());
    let disconnected = if repository.active { None } else { Some(now) };
    let changed = tx
        .execute(
            "UPDATE repositories SET default_branch = $3, project_id = $4, auto_scan_enabled = $5, auto_fix_enabled = $6,
                settings = $7, active = $8, disconnected_at = $9, updated_at = $10
             WHERE id = $1 AND workspace_id = $2",
            &params![
                repository.id(),
                granted.workspace(),
                &repository.default_branch,
                project,
                repository.summary.auto_scan_enabled,
                repository.summary.auto_fix_enabled,
                json(&repository.settings)?,
                repository.active,
                disconnected,
                now,
            ],
        )
        .await?;
    if changed == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// It is looked at no more; its data stays.
pub async fn disconnect(tx: &mut Tx, granted: &Granted<DisconnectRepositories>, id: RepositoryId) -> Result<()> {
    let now = tx.origin().now();
    let sql = "UPDATE repositories SET active = FALSE, disconnected_at = $3, updated_at = $3
               WHERE id = $1 AND workspace_id = $2";
    tx.execute(sql, &params![id, granted.workspace(), now]).await.map(drop)
}

/// With everything that hangs on it.
pub async fn purge(tx: &mut Tx, granted: &Granted<DisconnectRepositories>, id: RepositoryId) -> Result<()> {
    let sql = "DELETE FROM repositories WHERE id = $1 AND workspace_id = $2";
    tx.execute(sql, &params![id, granted.workspace()]).await.map(drop)
}

pub async fn record_scan(
    tx: &mut Tx,
    granted: &Granted<RecordScans>,
    id: RepositoryId,
    measured: &Measured,
) -> Result<()> {
    let now = tx.origin().now();
    // One that was cancelled leaves the repository as completed as it was, and is no scan.
    let over = (measured.status == ScanStatus::Completed && measured.progress == 100).then_some(now);
    let (files, lines, language) = match &measured.size {
        Some((files, lines, language)) => (Some(*files), Some(*lines), language.as_deref()),
        None => (None, None, None),
    };
    tx.execute(
        "UPDATE repositories SET scan_status = $3, scan_progress = $4, last_scan_at = COALESCE($5, last_scan_at),
            total_files = COALESCE($6, total_files), total_lines_of_code = COALESCE($7, total_lines_of_code),
            language = COALESCE($8, language), updated_at = $9
         WHERE id = $1 AND workspace_id = $2",
        &params![id, granted.workspace(), measured.status, measured.progress, over, files, lines, language, now],
    )
    .await
    .map(drop)
}

pub async fn record_counts(
    tx: &mut Tx,
    granted: &Granted<RecordScans>,
    id: RepositoryId,
    counts: &Counts,
) -> Result<()> {
    tx.execute(
        "UPDATE repositories SET total_vulnerabilities = $3, critical_count = $4, high_count = $5, medium_count = $6,
            low_count = $7, security_score = $8
         WHERE id = $1 AND workspace_id = $2",
        &params![
            id,
            granted.workspace(),
            counts.total,
            counts.critical,
            counts.high,
            counts.medium,
            counts.low,
            counts.score,
        ],
    )
    .await
    .map(drop)
}

/// Those that are looked at for new commits, of all workspaces, in the order of their ids, from behind `after`. For the program's
/// own look at them; no person comes this way.
pub async fn watched(
    reader: &mut Reader,
    provider: Provider,
    after: Option<RepositoryId>,
    limit: i64,
) -> Result<Vec<Repository>> {
    let mut sql = Sql::new(
        "SELECT r.* FROM repositories r JOIN workspaces w ON w.id = r.workspace_id
         WHERE r.active = TRUE AND r.auto_scan_enabled = TRUE AND w.deleted_at IS NULL
             AND w.suspended = FALSE AND r.provider = ",
    )
    .bind(provider);
    if let Some(after) = after {
        sql = sql.push(" AND r.id > ").bind(after);
    }
    sql = sql.push(" ORDER BY r.id LIMIT ").bind(limit);
    reader.list(sql.text(), sql.params()).await?.iter().map(read).collect()
}

/// Active ones with automatic scans, of all workspaces; as [`watched`], of every provider.
pub async fn scheduled(
    reader: &mut Reader,
    after: Option<RepositoryId>,
    limit: i64,
) -> Result<Vec<(RepositoryId, WorkspaceId)>> {
    let mut sql = Sql::new(
        "SELECT r.id, r.workspace_id FROM repositories r JOIN workspaces w ON w.id = r.workspace_id
         WHERE r.active = TRUE AND r.auto_scan_enabled = TRUE AND w.deleted_at IS NULL
             AND w.suspended = FALSE",
    );
    if let Some(after) = after {
        sql = sql.push(" AND r.id > ").bind(after);
    }
    sql = sql.push(" ORDER BY r.id LIMIT ").bind(limit);
    let rows = reader.list(sql.text(), sql.params()).await?;
    rows.iter().map(|row| Ok((row.get("id")?, row.get("workspace_id")?))).collect()
}

fn json(value: &impl serde::Serialize) -> Result<serde_json::Value> {
    serde_json::to_value(value).map_err(|error| Error::Unexpected(error.into()))
}
