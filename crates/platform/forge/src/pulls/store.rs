//! The SQL of pull requests. Rows are reached by a proof.

use rampart_access::{Granted, Permission};
use rampart_kernel::uuid::Uuid;
use rampart_store::{Migration, Reader, Result, Row, Sql, Tx, params};
use rampart_web::Page;

use super::model::{
    PullRequest, PullRequestAction, PullRequestId, PullRequestState, PullRequestStatus, SeenPullRequest,
};
use crate::access::{ManageRepositories, ReadRepositories, RecordScans};
use crate::git::plain;
use crate::model::RepositoryId;

/// Deliveries of no repository are told apart too: where a column is null, a unique constraint holds for nothing.
pub const COLUMNS: Migration = Migration::new(
    "forge/0003-pull-requests",
    "ALTER TABLE pull_requests ADD COLUMN from_fork {bool} NOT NULL DEFAULT FALSE;
    ALTER TABLE pull_requests ADD COLUMN seen_at {ts};
    CREATE INDEX pull_requests_page ON pull_requests (workspace_id, id);
    CREATE UNIQUE INDEX webhook_deliveries_of_none ON webhook_deliveries (provider, delivery_id)
        WHERE repository_id IS NULL",
);

/// Characters of what people wrote that are kept.
const TEXT_LENGTH: usize = 1_000;

/// What is asked of a list.
#[derive(Clone, Debug, Default)]
pub struct PullRequestFilter {
    pub repository: Option<RepositoryId>,
    pub status: Option<PullRequestStatus>,
    pub state: Option<PullRequestState>,
    pub author: Option<String>,
    /// As the forge counts.
    pub number: Option<u32>,
}

fn read(row: &Row) -> Result<PullRequest> {
    Ok(PullRequest {
        id: row.get("id")?,
        workspace: row.get("workspace_id")?,
        repo_id: row.get("repo_id")?,
        pr_number: row.get("pr_number")?,
        pr_title: row.get("pr_title")?,
        pr_url: row.get("pr_url")?,
        status: row.get("status")?,
        state: row.get("state")?,
        analysis_id: row.get::<Option<Uuid>>("analysis_id")?.map(|id| id.to_string()),
        author: row.get::<Option<String>>("author")?.unwrap_or_default(),
        branch: row.get("branch")?,
        base_branch: row.get("base_branch")?,
        head_sha: row.get("head_sha")?,
        base_sha: row.get("base_sha")?,
        check_run_id: row.get("check_run_id")?,
        from_fork: row.get("from_fork")?,
        is_rampart_fix: row.get("is_rampart_fix")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
        analyzed_at: row.get("analyzed_at")?,
    })
}

/// Whichever way one may look at repositories.
pub async fn get<P: Permission>(reader: &mut Reader, granted: &Granted<P>, id: PullRequestId) -> Result<PullRequest> {
    let sql = "SELECT * FROM pull_requests WHERE id = $1 AND workspace_id = $2";
    read(&reader.get(sql, &params![id, granted.workspace()]).await?)
}

/// Holds the row until the end of the transaction.
pub async fn lock<P: Permission>(tx: &mut Tx, granted: &Granted<P>, id: PullRequestId) -> Result<PullRequest> {
    let sql = format!("SELECT * FROM pull_requests WHERE id = $1 AND workspace_id = $2{}", tx.for_update());
    read(&tx.get(&sql, &params![id, granted.workspace()]).await?)
}

pub async fn find<P: Permission>(
    reader: &mut Reader,
    granted: &Granted<P>,
    repository: RepositoryId,
    number: u32,
) -> Result<Option<PullRequest>> {
    let sql = "SELECT * FROM pull_requests WHERE repo_id = $1 AND pr_number = $2 AND workspace_id = $3";
    reader.find(sql, &params![repository, number, granted.workspace()]).await?.as_ref().map(read).transpose()
}

/// The newest first; and how many there are.
pub async fn list(
    reader: &mut Reader,
    granted: &Granted<ReadRepositories>,
    filter: &PullRequestFilter,
    page: Page,
) -> Result<(Vec<PullRequest>, u64)> {
    let filtered = |select: &'static str| {
        let mut sql = Sql::new(select).push(" FROM pull_requests WHERE workspace_id = ").bind(granted.workspace());
        if let Some(repository) = filter.repository {
            sql = sql.push(" AND repo_id = ").bind(repository);
        }
        if let Some(status) = filter.status {
            sql = sql.push(" AND status = ").bind(status);
        }
        if let Some(state) = filter.state {
            sql = sql.push(" AND state = ").bind(state);
        }
        if let Some(number) = filter.number {
            sql = sql.push(" AND pr_number = ").bind(i64::from(number));
        }
        if let Some(author) = &filter.author {
            sql = sql.push(" AND author = ").bind(author.as_str());
        }
        sql
    };
    let sql = filtered("SELECT *").push(" ORDER BY id DESC LIMIT ").bind(page.limit).push(" OFFSET ");
    let sql = sql.bind(page.offset());
    let rows = reader.list(sql.text(), sql.params()).await?;
    let sql = filtered("SELECT COUNT(*) AS count");
    let total: i64 = reader.get(sql.text(), sql.params()).await?.get("count")?;
    Ok((rows.iter().map(read).collect::<Result<_>>()?, u64::try_from(total).unwrap_or(0)))
}

/// Notes what a forge says of a pull request; its id, or nothing when that or something later is known already. What is told twice,
/// by a hook and by an app or by a look, is taken once, unless its analysis failed.
pub async fn note(
    tx: &mut Tx,
    granted: &Granted<ManageRepositories>,
    repository: RepositoryId,
    seen: &SeenPullRequest,
    action: PullRequestAction,
) -> Result<Option<PullRequestId>> {
    let (id, now): (PullRequestId, _) = (tx.origin().new_id(), tx.origin().now());
    let state = action.state();
    let closed = (state != PullRequestState::Open).then_some(now);
    // What is new is looked at anew; what was closed stays as it was looked at.
    let sql = "INSERT INTO pull_requests (id, workspace_id, repo_id, pr_number, pr_title, pr_url, status, state, author, branch,
            base_branch, head_sha, base_sha, from_fork, seen_at, closed_at, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)
         ON CONFLICT (repo_id, pr_number) DO UPDATE SET pr_title = excluded.pr_title, pr_url = excluded.pr_url,
            status = CASE WHEN $17 THEN 'pending' ELSE pull_requests.status END, state = excluded.state,
            author = COALESCE(excluded.author, pull_requests.author), branch = excluded.branch, base_branch = excluded.base_branch,
            check_run_id = CASE WHEN pull_requests.head_sha = excluded.head_sha THEN pull_requests.check_run_id END,
            head_sha = excluded.head_sha, base_sha = excluded.base_sha, from_fork = excluded.from_fork,
            seen_at = excluded.seen_at, closed_at = excluded.closed_at, updated_at = excluded.updated_at
         WHERE pull_requests.seen_at IS NULL OR pull_requests.seen_at < excluded.seen_at
            OR (pull_requests.seen_at = excluded.seen_at AND (pull_requests.head_sha <> excluded.head_sha
                OR pull_requests.base_branch <> excluded.base_branch OR pull_requests.state <> excluded.state
                OR pull_requests.status = 'failed'))
         RETURNING id";
    let rows = tx
        .change(
            sql,
            &params![
                id,
                granted.workspace(),
                repository,
                seen.number,
                plain(&seen.title, TEXT_LENGTH),
                plain(&seen.url, TEXT_LENGTH),
                state,
                seen.author.as_ref().map(|author| plain(author, TEXT_LENGTH)),
                plain(&seen.branch, TEXT_LENGTH),
                &seen.base_branch,
                &seen.head,
                seen.base.as_ref().map(|base| base.as_str()),
                seen.from_fork,
                seen.at,
                closed,
                now,
                action.is_news(),
            ],
        )
        .await?;
    rows.first().map(|row| row.get("id")).transpose()
}

/// Those of a repository that are open, as far as is known: their numbers and heads.
pub async fn open(reader: &mut Reader, repository: RepositoryId, limit: i64) -> Result<Vec<(u32, String, String)>> {
    let sql = "SELECT pr_number, head_sha, base_branch FROM pull_requests WHERE repo_id = $1 AND state = 'open'
               ORDER BY pr_number LIMIT $2";
    let rows = reader.list(sql, &params![repository, limit]).await?;
    rows.iter().map(|row| Ok((row.get("pr_number")?, row.get("head_sha")?, row.get("base_branch")?))).collect()
}

/// How far its analysis has come, by which scan; of a head that is no longer its head nothing is written. Whether it was.
pub async fn record(
    tx: &mut Tx,
    granted: &Granted<RecordScans>,
    (id, head): (PullRequestId, &crate::fields::CommitHash),
    status: PullRequestStatus,
    scan: Option<Uuid>,
) -> Result<bool> {
    let now = tx.origin().now();
    let over = matches!(status, PullRequestStatus::Completed | PullRequestStatus::Failed).then_some(now);
    let sql = "UPDATE pull_requests SET status = $4, analysis_id = COALESCE($5, analysis_id),
                   analyzed_at = COALESCE($6, analyzed_at), updated_at = $7
               WHERE id = $1 AND workspace_id = $2 AND head_sha = $3";
    Ok(tx.execute(sql, &params![id, granted.workspace(), head, status, scan, over, now]).await? > 0)
}

/// The check run at the forge that tells of it.
pub async fn record_check_run(
    tx: &mut Tx,
    granted: &Granted<RecordScans>,
    id: PullRequestId,
    check_run: Option<&str>,
) -> Result<()> {
    let sql = "UPDATE pull_requests SET check_run_id = $3 WHERE id = $1 AND workspace_id = $2";
    tx.execute(sql, &params![id, granted.workspace(), check_run]).await.map(drop)
}
