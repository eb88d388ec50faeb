//! The module's SQL: what heads of pull requests came to, and what was said at them, by us and by others.

use rampart_access::{Granted, Permission};
use rampart_analysis::ScanId;
use rampart_forge::{CommitHash, PullRequestId, RecordScans, Threshold};
use rampart_kernel::{Timestamp, UserId};
use rampart_store::{Migration, Reader, Result, Row, Sql, Tx, params};
use rampart_web::{Page, Paged};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::judgement::{Judgement, New, Verdict};

/// Findings of a judgement that are kept to be shown; how many there are is kept too.
const SHOWN: usize = 200;

/// Paths that could not be looked at, likewise.
const UNSEEN: usize = 50;

rampart_kernel::id! {
    /// A comment at a pull request.
    CommentId,
}

rampart_kernel::named! {
    /// Who wrote a comment.
    pub enum Author {
        /// The program.
        Ai = "ai",
        User = "user",
    }
}

/// `judgement` is of the latest head that was looked at; `fingerprint` is what a comment is about: by it a second run knows that it was made.
pub const TABLES: Migration = Migration::new(
    "feedback/0001-comments",
    "CREATE TABLE pr_judgements (
        pr_id {uuid} PRIMARY KEY REFERENCES pull_requests (id) ON DELETE CASCADE,
        workspace_id {uuid} NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
        scan_id {uuid} NOT NULL REFERENCES scans (id) ON DELETE CASCADE,
        verdict TEXT NOT NULL CHECK (verdict IN ('clean', 'noted', 'failed')),
        judgement {json} NOT NULL,
        created_at {ts} NOT NULL
    );
    CREATE TABLE pr_comments (
        id {uuid} PRIMARY KEY,
        workspace_id {uuid} NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
        pr_id {uuid} NOT NULL REFERENCES pull_requests (id) ON DELETE CASCADE,
        file_path TEXT,
        line_number {int},
        comment TEXT NOT NULL,
        author TEXT NOT NULL CHECK (author IN ('ai', 'user')),
        author_name TEXT,
        user_id {uuid} REFERENCES users (id) ON DELETE SET NULL,
        severity TEXT NOT NULL,
        category TEXT NOT NULL,
        suggestion TEXT,
        external_id TEXT,
        fingerprint TEXT,
        created_at {ts} NOT NULL,
        updated_at {ts} NOT NULL,
        UNIQUE (pr_id, fingerprint),
        UNIQUE (pr_id, external_id)
    );
    CREATE INDEX pr_comments_of ON pr_comments (pr_id, created_at, id)",
);

/// What the latest head of a pull request came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Judged {
    #[schema(value_type = String)]
    pub verdict: Verdict,
    /// From which severity on the check fails.
    #[schema(value_type = String)]
    pub fail_on: Threshold,
    /// Findings that the change brings.
    pub new_count: usize,
    /// Those of them for which the check fails.
    pub failing_count: usize,
    /// Findings that were there where it began, and are not any more.
    pub fixed_count: usize,
    /// The worst first, at most 200.
    pub new: Vec<New>,
    /// Files of the change that could not be looked at, at most 50.
    pub unseen: Vec<String>,
    /// Where the change began; nothing when the branches have nothing in common.
    #[schema(value_type = Option<String>)]
    pub base: Option<CommitHash>,
}

/// A comment at a pull request.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PrComment {
    #[schema(value_type = String)]
    pub id: CommentId,
    #[schema(value_type = String)]
    pub pr_id: PullRequestId,
    pub file_path: Option<String>,
    pub line_number: Option<u32>,
    pub comment: String,
    #[schema(value_type = String)]
    pub author: Author,
    /// Their name at the forge, or here; nothing for the program.
    pub author_name: Option<String>,
    pub severity: String,
    pub category: String,
    pub suggestion: Option<String>,
    pub external_id: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// A comment that was made.
#[derive(Clone, Debug)]
pub struct Said<'a> {
    pub path: Option<&'a str>,
    pub line: Option<u32>,
    pub text: &'a str,
    pub author: Author,
    pub name: Option<&'a str>,
    pub user: Option<UserId>,
    pub severity: &'a str,
    pub category: &'a str,
    pub suggestion: Option<&'a str>,
    pub external: Option<&'a str>,
    pub fingerprint: Option<&'a str>,
}

impl<'a> Said<'a> {
    pub fn new(author: Author, category: &'a str, text: &'a str) -> Said<'a> {
        Said {
            path: None,
            line: None,
            text,
            author,
            name: None,
            user: None,
            severity: "info",
            category,
            suggestion: None,
            external: None,
            fingerprint: None,
        }
    }
}

/// In place of what an earlier head came to.
pub async fn save_judgement(
    tx: &mut Tx,
    granted: &Granted<RecordScans>,
    (pull, scan): (PullRequestId, ScanId),
    base: Option<&CommitHash>,
    judgement: &Judgement,
) -> Result<()> {
    let judged = Judged {
        verdict: judgement.verdict,
        fail_on: judgement.fail_on,
        new_count: judgement.new.len(),
        failing_count: judgement.failing(),
        fixed_count: judgement.fixed,
        new: judgement.new.iter().take(SHOWN).cloned().collect(),
        unseen: judgement.unseen.iter().take(UNSEEN).cloned().collect(),
        base: base.cloned(),
    };
    let json = serde_json::to_value(&judged).map_err(|error| rampart_store::Error::Unexpected(error.into()))?;
    let now = tx.origin().now();
    let sql = "INSERT INTO pr_judgements (pr_id, workspace_id, scan_id, verdict, judgement, created_at)
               VALUES ($1, $2, $3, $4, $5, $6)
               ON CONFLICT (pr_id) DO UPDATE SET scan_id = excluded.scan_id, verdict = excluded.verdict,
                   judgement = excluded.judgement, created_at = excluded.created_at
               WHERE pr_judgements.workspace_id = excluded.workspace_id";
    tx.execute(sql, &params![pull, granted.workspace(), scan, judged.verdict, json, now]).await.map(drop)
}

/// What a scan of a pull request came to; nothing when a later one was judged, or none was.
pub async fn judgement<P: Permission>(
    reader: &mut Reader,
    granted: &Granted<P>,
    pull: PullRequestId,
    scan: ScanId,
) -> Result<Option<Judged>> {
    let sql = "SELECT judgement FROM pr_judgements WHERE pr_id = $1 AND scan_id = $2 AND workspace_id = $3";
    let Some(row) = reader.find(sql, &params![pull, scan, granted.workspace()]).await? else { return Ok(None) };
    let json: serde_json::Value = row.get("judgement")?;
    serde_json::from_value(json).map(Some).map_err(|error| rampart_store::Error::Unexpected(error.into()))
}

/// Whether a comment of the forge is kept already.
pub async fn is_known<P: Permission>(
    reader: &mut Reader,
    granted: &Granted<P>,
    pull: PullRequestId,
    external: &str,
) -> Result<bool> {
    let sql = "SELECT id FROM pr_comments WHERE pr_id = $1 AND external_id = $2 AND workspace_id = $3";
    Ok(reader.find(sql, &params![pull, external, granted.workspace()]).await?.is_some())
}

fn read(row: &Row) -> Result<PrComment> {
    Ok(PrComment {
        id: row.get("id")?,
        pr_id: row.get("pr_id")?,
        file_path: row.get("file_path")?,
        line_number: row.get("line_number")?,
        comment: row.get("comment")?,
        author: row.get("author")?,
        author_name: row.get("author_name")?,
        severity: row.get("severity")?,
        category: row.get("category")?,
        suggestion: row.get("suggestion")?,
        external_id: row.get("external_id")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}

/// The oldest first.
pub async fn list<P: Permission>(
    reader: &mut Reader,
    granted: &Granted<P>,
    pull: PullRequestId,
    (severity, author): (Option<&str>, Option<Author>),
    page: Page,
) -> Result<Paged<PrComment>> {
    let filtered = |select: &'static str| {
        let mut sql = Sql::new(select).push(" FROM pr_comments WHERE pr_id = ").bind(pull);
        sql = sql.push(" AND workspace_id = ").bind(granted.workspace());
        if let Some(severity) = severity {
            sql = sql.push(" AND severity = ").bind(severity);
        }
        if let Some(author) = author {
            sql = sql.push(" AND author = ").bind(author);
        }
        sql
    };
    let sql = filtered("SELECT *").push(" ORDER BY created_at, id LIMIT ").bind(page.limit);
    let sql = sql.push(" OFFSET ").bind(page.offset());
    let items = reader.list(sql.text(), sql.params()).await?.iter().map(read).collect::<Result<_>>()?;
    let sql = filtered("SELECT COUNT(*) AS count");
    let total: i64 = reader.get(sql.text(), sql.params()).await?.get("count")?;
    Ok(Paged { items, total: u64::try_from(total).unwrap_or(0), page })
}

/// The comment that is about something, as the forge knows it.
pub async fn about<P: Permission>(
    reader: &mut Reader,
    granted: &Granted<P>,
    pull: PullRequestId,
    fingerprint: &str,
) -> Result<Option<String>> {
    let sql = "SELECT external_id FROM pr_comments WHERE pr_id = $1 AND fingerprint = $2 AND workspace_id = $3";
    let row = reader.find(sql, &params![pull, fingerprint, granted.workspace()]).await?;
    row.map_or(Ok(None), |row| row.get("external_id"))
}

/// What the program has said beside lines: what it was about.
pub async fn marks<P: Permission>(
    reader: &mut Reader,
    granted: &Granted<P>,
    pull: PullRequestId,
) -> Result<Vec<String>> {
    let sql = "SELECT fingerprint FROM pr_comments WHERE pr_id = $1 AND workspace_id = $2 AND fingerprint IS NOT NULL
               ORDER BY created_at, id LIMIT 1000";
    let rows = reader.list(sql, &params![pull, granted.workspace()]).await?;
    rows.iter().map(|row| row.get("fingerprint")).collect()
}

/// As it is now; one about the same is replaced.
pub async fn save<P: Permission>(
    tx: &mut Tx,
    granted: &Granted<P>,
    pull: PullRequestId,
    said: &Said<'_>,
) -> Result<PrComment> {
    let (id, now): (CommentId, _) = (tx.origin().new_id(), tx.origin().now());
    let sql = "INSERT INTO pr_comments (id, workspace_id, pr_id, file_path, line_number, comment, author, author_name, user_id, severity,
                   category, suggestion, external_id, fingerprint, created_at, updated_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)
               ON CONFLICT (pr_id, fingerprint) DO UPDATE SET comment = excluded.comment, external_id = excluded.external_id,
                   severity = excluded.severity, updated_at = excluded.updated_at
               RETURNING *";
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let rows = tx
        .change(
            sql,
            &params![
                id,
                granted.workspace(),
                pull,
                owned(said.path),
                said.line,
                said.text,
                said.author,
                owned(said.name),
                said.user,
                said.severity,
                said.category,
                owned(said.suggestion),
                owned(said.external),
                owned(said.fingerprint),
                now,
            ],
        )
        .await?;
    read(rows.first().ok_or(rampart_store::Error::NotFound)?)
}
