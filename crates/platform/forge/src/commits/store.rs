//! The commits' SQL. Rows are reached by a proof.

use std::collections::HashMap;

use rampart_access::{Granted, Permission};
use rampart_kernel::WorkspaceId;
use rampart_kernel::uuid::Uuid;
use rampart_store::{Error, Migration, Reader, Result, Row, Sql, Tx, containing, params};
use rampart_web::Page;

use super::model::{Commit, CommitId, CommitStatus};
use crate::access::{ReadRepositories, RecordScans};
use crate::fields::{BranchName, CommitHash};
use crate::git::{Changes, Described, MESSAGE_LENGTH, NAME_LENGTH, plain};
use crate::model::RepositoryId;
use crate::repositories::heads::BranchAt;
use crate::webhooks::model::DeliveryId;
use crate::webhooks::told::{Push, PushedCommit};

/// Scans are of a module above: `scan_id` refers to none of our rows.
pub const TABLES: Migration = Migration::new(
    "forge/0002-commits",
    "CREATE TABLE webhook_deliveries (
        id {uuid} PRIMARY KEY,
        provider TEXT NOT NULL CHECK (provider IN ('github', 'gitlab', 'stripe', 'alerts')),
        delivery_id TEXT NOT NULL,
        event TEXT NOT NULL,
        repository_id {uuid} REFERENCES repositories (id) ON DELETE CASCADE,
        workspace_id {uuid} REFERENCES workspaces (id) ON DELETE CASCADE,
        status TEXT NOT NULL CHECK (status IN ('received', 'queued', 'processed', 'ignored', 'rejected', 'failed')),
        headers {json} NOT NULL,
        payload {json} NOT NULL,
        job_ids {json} NOT NULL,
        error TEXT,
        received_at {ts} NOT NULL,
        processed_at {ts},
        UNIQUE (provider, delivery_id, repository_id)
    );
    CREATE INDEX webhook_deliveries_received ON webhook_deliveries (received_at);
    CREATE INDEX webhook_deliveries_status ON webhook_deliveries (status);
    CREATE TABLE commits (
        id {uuid} PRIMARY KEY,
        workspace_id {uuid} NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
        repository_id {uuid} NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
        hash TEXT NOT NULL,
        message TEXT NOT NULL,
        author TEXT NOT NULL,
        author_email TEXT,
        authored_at {ts},
        branch TEXT NOT NULL,
        parent_hash TEXT,
        delivery_id {uuid} REFERENCES webhook_deliveries (id) ON DELETE SET NULL,
        pusher TEXT,
        added {json} NOT NULL,
        modified {json} NOT NULL,
        removed {json} NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('queued', 'analyzing', 'completed', 'failed', 'skipped')),
        scan_id {uuid},
        vulnerabilities_found {int},
        created_at {ts} NOT NULL,
        UNIQUE (repository_id, hash)
    );
    CREATE INDEX commits_page ON commits (workspace_id, id);
    CREATE INDEX commits_hash ON commits (hash);
    CREATE TABLE pull_requests (
        id {uuid} PRIMARY KEY,
        workspace_id {uuid} NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
        repo_id {uuid} NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
        pr_number {int} NOT NULL,
        pr_title TEXT NOT NULL,
        pr_url TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('pending', 'analyzing', 'completed', 'failed')),
        state TEXT NOT NULL CHECK (state IN ('open', 'closed', 'merged')),
        analysis_id {uuid},
        author TEXT,
        branch TEXT NOT NULL,
        base_branch TEXT NOT NULL,
        head_sha TEXT NOT NULL,
        base_sha TEXT,
        check_run_id TEXT,
        is_rampart_fix {bool} NOT NULL DEFAULT FALSE,
        analyzed_at {ts},
        closed_at {ts},
        created_at {ts} NOT NULL,
        updated_at {ts} NOT NULL,
        UNIQUE (repo_id, pr_number)
    );
    CREATE INDEX pull_requests_state ON pull_requests (workspace_id, state, updated_at);
    CREATE TABLE file_cache (
        repo_id {uuid} NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
        branch TEXT NOT NULL,
        file_tree {json} NOT NULL,
        commit_sha TEXT NOT NULL,
        expires_at {ts} NOT NULL,
        PRIMARY KEY (repo_id, branch)
    );
    CREATE INDEX file_cache_expired ON file_cache (expires_at)",
);

/// Names of changed files that are kept with a commit; a commit of more is a move of everything.
const NAMES_KEPT: usize = 1_000;

/// What is asked of a list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub repository: Option<RepositoryId>,
    pub branch: Option<String>,
    /// Part of the author's name or address.
    pub author: Option<String>,
    pub status: Option<CommitStatus>,
}

const SELECT: &str = "SELECT c.*, r.repo_name FROM commits c JOIN repositories r ON r.id = c.repository_id";

fn read(row: &Row) -> Result<Commit> {
    let hash: CommitHash = row.get("hash")?;
    Ok(Commit {
        id: row.get("id")?,
        workspace: row.get("workspace_id")?,
        short_hash: hash.as_str()[..7].to_owned(),
        hash,
        message: row.get("message")?,
        author: row.get("author")?,
        author_email: row.get("author_email")?,
        authored_at: row.get("authored_at")?,
        branch: row.get("branch")?,
        repository_id: row.get("repository_id")?,
        repository_name: row.get("repo_name")?,
        status: row.get("status")?,
        scan_id: row.get::<Option<Uuid>>("scan_id")?.map(|id| id.to_string()),
        vulnerabilities_found: row.get("vulnerabilities_found")?,
        created_at: row.get("created_at")?,
    })
}

/// The newest first; and how many there are.
pub async fn list(
    reader: &mut Reader,
    granted: &Granted<ReadRepositories>,
    filter: &Filter,
    page: Page,
) -> Result<(Vec<Commit>, u64)> {
    let filtered = |select: &'static str| {
        let mut sql = Sql::new(select).push(" WHERE c.workspace_id = ").bind(granted.workspace());
        if let Some(repository) = filter.repository {
            sql = sql.push(" AND c.repository_id = ").bind(repository);
        }
        if let Some(branch) = &filter.branch {
            sql = sql.push(" AND c.branch = ").bind(branch.as_str());
        }
        if let Some(author) = &filter.author {
            let pattern = containing(&author.to_lowercase());
            sql = sql.push(" AND (LOWER(c.author) LIKE ").bind(pattern.as_str()).push(" ESCAPE '\\'");
            sql = sql.push(" OR LOWER(c.author_email) LIKE ").bind(pattern.as_str()).push(" ESCAPE '\\')");
        }
        if let Some(status) = filter.status {
            sql = sql.push(" AND c.status = ").bind(status);
        }
        sql
    };
    let sql = filtered(SELECT).push(" ORDER BY c.id DESC LIMIT ").bind(page.limit).push(" OFFSET ");
    let sql = sql.bind(page.offset());
    let rows = reader.list(sql.text(), sql.params()).await?;
    let sql = filtered("SELECT COUNT(*) AS count FROM commits c");
    let total: i64 = reader.get(sql.text(), sql.params()).await?.get("count")?;
    Ok((rows.iter().map(read).collect::<Result<_>>()?, u64::try_from(total).unwrap_or(0)))
}

/// Those whose hash begins so, at most two: one is it, two are ambiguous.
pub async fn find<P: Permission>(
    reader: &mut Reader,
    granted: &Granted<P>,
    prefix: &str,
    repository: Option<RepositoryId>,
) -> Result<Vec<Commit>> {
    // Hexadecimal digits sort before `g`: a range that an index serves.
    let mut sql = Sql::new(SELECT).push(" WHERE c.workspace_id = ").bind(granted.workspace());
    sql = sql.push(" AND c.hash >= ").bind(prefix).push(" AND c.hash < ").bind(format!("{prefix}g"));
    if let Some(repository) = repository {
        sql = sql.push(" AND c.repository_id = ").bind(repository);
    }
    sql = sql.push(" ORDER BY c.hash, c.id LIMIT 2");
    reader.list(sql.text(), sql.params()).await?.iter().map(read).collect()
}

/// Notes that a commit is to be looked at: a new row, or the known one put back. Its id.
pub async fn note(
    tx: &mut Tx,
    workspace: WorkspaceId,
    repository: RepositoryId,
    branch: &BranchName,
    hash: &CommitHash,
) -> Result<CommitId> {
    let (id, now): (CommitId, _) = (tx.origin().new_id(), tx.origin().now());
    let none = serde_json::json!([]);
    let sql =
        "INSERT INTO commits (id, workspace_id, repository_id, hash, message, author, branch, added, modified, removed,
                   status, created_at)
               VALUES ($1, $2, $3, $4, '', '', $5, $6, $6, $6, 'queued', $7)
               ON CONFLICT (repository_id, hash) DO UPDATE SET status = 'queued', branch = excluded.branch
               RETURNING id";
    let rows = tx.change(sql, &params![id, workspace, repository, hash, branch, none, now]).await?;
    rows.first().ok_or(Error::NotFound)?.get("id")
}

/// Commits of a push that are kept, the newest: a push of more brings in a history.
const PUSHED_KEPT: usize = 100;

/// A push whose commits are to be noted; its head is to be looked at, unless a later one is known.
pub struct Pushed<'a> {
    pub workspace: WorkspaceId,
    pub at: BranchAt,
    pub delivery: DeliveryId,
    pub push: &'a Push,
    pub is_head: bool,
}

/// Notes the commits of pushes as skipped, with what the forge says of them, and their heads as queued; those that are known stay as
/// they are, but for heads. The ids of these.
pub async fn note_pushed(tx: &mut Tx, pushes: &[Pushed<'_>]) -> Result<HashMap<(RepositoryId, CommitHash), CommitId>> {
    let (mut noted, mut places) = (Vec::<Noted<'_>>::new(), HashMap::new());
    for pushed in pushes {
        let commits = &pushed.push.commits;
        let newest = commits[commits.len().saturating_sub(PUSHED_KEPT)..].iter();
        let told = newest.filter_map(|told| Some((told.id.parse::<CommitHash>().ok()?, Some(told))));
        let head = pushed.is_head.then(|| (pushed.push.head.clone(), None));
        for (hash, told) in told.chain(head) {
            let place = *places.entry((pushed.at.repository, hash.clone())).or_insert(noted.len());
            if place == noted.len() {
                noted.push(Noted { hash, pushed, told, queued_on: None });
            }
            if told.is_none() {
                noted[place].queued_on = Some(&pushed.at.name);
            }
        }
    }
    let now = tx.origin().now();
    let row = |noted: &Noted<'_>| {
        let (id, pushed): (CommitId, _) = (tx.origin().new_id(), noted.pushed);
        let author = noted.told.and_then(|told| told.author.as_ref());
        let names = |of: fn(&PushedCommit) -> &[String]| {
            let names = noted.told.map_or(&[][..], of);
            serde_json::json!(names[..names.len().min(NAMES_KEPT)])
        };
        let status = if noted.queued_on.is_some() { CommitStatus::Queued } else { CommitStatus::Skipped };
        params![
            id,
            pushed.workspace,
            pushed.at.repository,
            &noted.hash,
            plain(noted.told.map_or("", |told| &told.message), MESSAGE_LENGTH),
            plain(author.map_or("", |author| &author.name), NAME_LENGTH),
            author.and_then(|author| author.email.as_deref()).map(|email| plain(email, NAME_LENGTH)),
            noted.told.and_then(|told| told.timestamp),
            noted.queued_on.unwrap_or(&pushed.at.name),
            noted.told.map(|_| pushed.delivery),
            noted.told.and(pushed.push.pusher.as_deref()).map(|name| plain(name, NAME_LENGTH)),
            names(|told| &told.added),
            names(|told| &told.modified),
            names(|told| &told.removed),
            status,
            now,
        ]
    };
    let rows: Vec<_> = noted.iter().map(row).collect();
    let sql = "INSERT INTO commits (id, workspace_id, repository_id, hash, message, author, author_email, authored_at, branch,
            delivery_id, pusher, added, modified, removed, status, created_at) VALUES {rows}
        ON CONFLICT (repository_id, hash) DO UPDATE SET status = excluded.status, branch = excluded.branch
            WHERE excluded.status = 'queued'
        RETURNING id, repository_id, hash";
    let of = |row: &Row| Ok(((row.get("repository_id")?, row.get("hash")?), row.get("id")?));
    tx.change_all(sql, &rows).await?.iter().map(of).collect()
}

/// What is noted of a commit.
struct Noted<'a> {
    hash: CommitHash,
    /// By which it became known.
    pushed: &'a Pushed<'a>,
    /// Nothing when the forge tells of the head without saying what it is.
    told: Option<&'a PushedCommit>,
    /// The branch whose head it is, or was last.
    queued_on: Option<&'a BranchName>,
}

/// Puts a commit whose analysis failed back; its id, when there is one.
pub async fn requeue_failed(tx: &mut Tx, repository: RepositoryId, hash: &CommitHash) -> Result<Option<CommitId>> {
    let sql = "UPDATE commits SET status = 'queued' WHERE repository_id = $1 AND hash = $2 AND status = 'failed'
               RETURNING id";
    let rows = tx.change(sql, &params![repository, hash]).await?;
    rows.first().map(|row| row.get("id")).transpose()
}

/// What the commit says of itself, and what it changed.
pub async fn describe(
    tx: &mut Tx,
    granted: &Granted<RecordScans>,
    (repository, hash): (RepositoryId, &CommitHash),
    described: &Described,
    changes: &Changes,
) -> Result<()> {
    let names = |names: &[String]| serde_json::json!(names[..names.len().min(NAMES_KEPT)]);
    let (from, to): (Vec<String>, Vec<String>) = changes.renamed.iter().cloned().unzip();
    let added: Vec<String> = changes.added.iter().cloned().chain(to).collect();
    let removed: Vec<String> = changes.removed.iter().cloned().chain(from).collect();
    tx.execute(
        "UPDATE commits SET message = $4, author = $5, author_email = $6, authored_at = $7, parent_hash = $8, added = $9,
            modified = $10, removed = $11
         WHERE repository_id = $1 AND hash = $2 AND workspace_id = $3",
        &params![
            repository,
            hash,
            granted.workspace(),
            described.message.as_str(),
            described.author.as_str(),
            described.author_email.as_str(),
            described.authored_at,
            described.parent.as_ref().map(CommitHash::as_str),
            names(&added),
            names(&changes.modified),
            names(&removed),
        ],
    )
    .await
    .map(drop)
}

/// How far it has come, by which scan, and how many open findings there were after it.
pub async fn record(
    tx: &mut Tx,
    granted: &Granted<RecordScans>,
    (repository, hash): (RepositoryId, &CommitHash),
    status: CommitStatus,
    scan: Option<(Uuid, Option<u32>)>,
) -> Result<()> {
    let (scan, found) = scan.map_or((None, None), |(scan, found)| (Some(scan), found));
    let sql = "UPDATE commits SET status = $4, scan_id = COALESCE($5, scan_id),
                   vulnerabilities_found = COALESCE($6, vulnerabilities_found)
               WHERE repository_id = $1 AND hash = $2 AND workspace_id = $3";
    tx.execute(sql, &params![repository, hash, granted.workspace(), status, scan, found]).await.map(drop)
}

/// The tree of a branch as it was kept, while it is fresh.
pub async fn cached(
    reader: &mut Reader,
    repository: RepositoryId,
    branch: &BranchName,
) -> Result<Option<(CommitHash, rampart_kernel::Timestamp, serde_json::Value)>> {
    let sql = "SELECT * FROM file_cache WHERE repo_id = $1 AND branch = $2";
    let Some(row) = reader.find(sql, &params![repository, branch]).await? else { return Ok(None) };
    Ok(Some((row.get("commit_sha")?, row.get("expires_at")?, row.get("file_tree")?)))
}

pub async fn keep_tree(
    tx: &mut Tx,
    repository: RepositoryId,
    branch: &BranchName,
    (hash, until, tree): (&CommitHash, rampart_kernel::Timestamp, serde_json::Value),
) -> Result<()> {
    let sql = "INSERT INTO file_cache (repo_id, branch, file_tree, commit_sha, expires_at) VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT (repo_id, branch) DO UPDATE SET file_tree = excluded.file_tree,
                   commit_sha = excluded.commit_sha, expires_at = excluded.expires_at";
    tx.execute(sql, &params![repository, branch, tree, hash, until]).await.map(drop)
}

/// Somebody pushed: what was kept is old.
pub async fn forget_trees<'a>(tx: &mut Tx, branches: impl IntoIterator<Item = &'a BranchAt>) -> Result<()> {
    let rows: Vec<_> = branches.into_iter().map(|at| params![at.repository, &at.name]).collect();
    tx.change_all("DELETE FROM file_cache WHERE (repo_id, branch) IN (VALUES {rows})", &rows).await.map(drop)
}
