//! What a scan came to: read, to be compared, and written, many rows to a statement.

use std::collections::BTreeMap;

use rampart_access::Granted;
use rampart_forge::{RecordScans, RepositoryId};
use rampart_kernel::{Timestamp, WorkspaceId};
use rampart_store::{Reader, Result, Row, Sql, Tx, params};
use serde_json::Value;

use crate::content::Content;
use crate::identity::{Item, Kind, Known, Pass, Place, Unseen};
use crate::model::{Decider, ScanId, Severity, Standing, Status, VulnerabilityId};

/// Rows read at once; the store's own limit is twice that.
const READ_BATCH: usize = 5_000;
/// Rows written by one statement: SQLite takes 32,766 values, a finding has about forty.
const WRITE_BATCH: usize = 250;
/// Ids named by one statement.
const ID_BATCH: usize = 1_000;

/// A stored finding, as far as a scan asks.
#[derive(Clone, Debug)]
pub struct Stored {
    pub id: VulnerabilityId,
    pub known: Known,
    pub place: Place,
    pub standing: Standing,
    pub severity: Severity,
    pub digest: String,
    pub detected_at: Timestamp,
}

const STORED: &str = "SELECT id, rule_id, rule_revision, file_path, line_number, end_line, column_number, signatures, through, is_placed,
    status, decided_by, fixed_by, severity, digest, detected_at FROM vulnerabilities";

fn stored(row: &Row) -> Result<Stored> {
    let standing =
        Standing { status: row.get("status")?, decider: row.get("decided_by")?, fixed_by: row.get("fixed_by")? };
    let item = Item {
        rule: row.get("rule_id")?,
        path: row.get("file_path")?,
        line: row.get("line_number")?,
        column: row.get("column_number")?,
        signatures: signatures(row.get("signatures")?),
    };
    let is_placed = row.get("is_placed")?;
    let through: Value = row.get("through")?;
    Ok(Stored {
        id: row.get("id")?,
        place: Place {
            rule: item.rule.clone(),
            rule_revision: row.get("rule_revision")?,
            path: item.path.clone(),
            line: item.line,
            end_line: row.get("end_line")?,
            through: serde_json::from_value(through).unwrap_or_default(),
            is_placed,
        },
        known: Known { item, is_placed, is_open: standing.status == Status::Open },
        standing,
        severity: Severity::of_rank(row.get("severity")?).unwrap_or(Severity::Info),
        digest: row.get("digest")?,
        detected_at: row.get("detected_at")?,
    })
}

/// Kinds that this version does not know are of no use to it.
fn signatures(value: Value) -> BTreeMap<Kind, String> {
    let Value::Object(map) = value else { return BTreeMap::new() };
    map.into_iter().filter_map(|(kind, value)| Some((kind.parse().ok()?, value.as_str()?.to_owned()))).collect()
}

/// How often the findings of a repository were changed; a plan is made for one of these states.
pub async fn revision(reader: &mut Reader, repository: RepositoryId) -> Result<i64> {
    let sql = "SELECT revision FROM repository_findings WHERE repository_id = $1";
    Ok(reader.find(sql, &params![repository]).await?.map(|row| row.get("revision")).transpose()?.unwrap_or(0))
}

/// The findings of a repository that were there and that one tool has brought; only those of some files, when files are named.
pub async fn present(
    reader: &mut Reader,
    repository: RepositoryId,
    tool: &str,
    files: Option<&[&str]>,
) -> Result<Vec<Stored>> {
    let mut found = Vec::new();
    match files {
        None => read_all(reader, repository, tool, None, &mut found).await?,
        Some(files) => {
            for files in files.chunks(ID_BATCH) {
                read_all(reader, repository, tool, Some(files), &mut found).await?;
            }
        }
    }
    Ok(found)
}

async fn read_all(
    reader: &mut Reader,
    repository: RepositoryId,
    tool: &str,
    files: Option<&[&str]>,
    found: &mut Vec<Stored>,
) -> Result<()> {
    let mut after: Option<VulnerabilityId> = None;
    loop {
        let mut sql = Sql::new(STORED).push(" WHERE repository_id = ").bind(repository).push(" AND status <> 'fixed'");
        sql = sql.push(" AND tool = ").bind(tool);
        if let Some(files) = files {
            sql = sql.push(" AND file_path IN (").bind_all(files.iter().copied()).push(")");
        }
        if let Some(after) = after {
            sql = sql.push(" AND id > ").bind(after);
        }
        sql = sql.push(" ORDER BY id LIMIT ").bind(READ_BATCH as i64);
        let rows = reader.list(sql.text(), sql.params()).await?;
        for row in &rows {
            found.push(stored(row)?);
        }
        if rows.len() < READ_BATCH {
            return Ok(());
        }
        after = found.last().map(|last| last.id);
    }
}

/// The newest of the fixed findings of a repository that had these fingerprints.
pub async fn fixed(reader: &mut Reader, repository: RepositoryId, fingerprints: &[String]) -> Result<Vec<Stored>> {
    let mut found = Vec::new();
    for fingerprints in fingerprints.chunks(ID_BATCH) {
        let sql = Sql::new(STORED).push(" WHERE repository_id = ").bind(repository).push(" AND status = 'fixed'");
        let sql = sql.push(" AND fingerprint IN (").bind_all(fingerprints.iter().cloned());
        let sql = sql.push(") ORDER BY fixed_at DESC, id DESC LIMIT ").bind(READ_BATCH as i64);
        for row in reader.list(sql.text(), sql.params()).await? {
            found.push(stored(&row)?);
        }
    }
    Ok(found)
}

/// Takes the repository's findings for this transaction; whether they are still as they were at that revision.
pub async fn take(
    tx: &mut Tx,
    granted: &Granted<RecordScans>,
    repository: RepositoryId,
    revision: i64,
) -> Result<bool> {
    let now = tx.origin().now();
    // Of another workspace's repository there is none.
    let insert = "INSERT INTO repository_findings (repository_id, workspace_id, updated_at)
                  SELECT id, workspace_id, $3 FROM repositories WHERE id = $1 AND workspace_id = $2
                  ON CONFLICT (repository_id) DO NOTHING";
    let workspace = granted.workspace();
    tx.execute(insert, &params![repository, workspace, now]).await?;
    let sql = "UPDATE repository_findings SET revision = revision + 1, updated_at = $4
               WHERE repository_id = $1 AND workspace_id = $2 AND revision = $3";
    Ok(tx.execute(sql, &params![repository, workspace, revision, now]).await? > 0)
}

/// A finding to be written: new, or one whose content is another now.
pub struct Write<'a> {
    pub id: VulnerabilityId,
    pub content: &'a Content,
    /// Of a new one.
    pub standing: Standing,
    pub reason: Option<&'a str>,
}

/// In which scan of which repository something is written, and when. Statements are made before the transaction in which they run: it
/// lasts as long as the database takes.
#[derive(Clone, Copy, Debug)]
pub struct Scene {
    pub workspace: WorkspaceId,
    pub repository: RepositoryId,
    pub scan: ScanId,
    pub now: Timestamp,
}

/// Writes findings whole. How those stand that were there already is not changed.
pub fn write(scene: Scene, writes: &[Write<'_>], out: &mut Vec<Sql>) -> Result<()> {
    let Scene { workspace, repository, scan, now } = scene;
    for writes in writes.chunks(WRITE_BATCH) {
        let mut sql = Sql::new(
            "INSERT INTO vulnerabilities (id, workspace_id, repository_id, first_scan_id, last_scan_id, fingerprint, signatures,
                digest, rule_id, rule_revision, tool, type, category, severity, status, decided_by, status_reason, file_path,
                line_number, end_line, column_number, through, is_placed, code_snippet, description, cwe_id, owasp_category,
                cvss_score, confidence, reach, risk, auto_fix_available, detail, detected_at, last_seen_at, created_at, updated_at)
             VALUES ",
        );
        for (index, write) in writes.iter().enumerate() {
            let Write { id, content, standing, reason } = write;
            sql = sql.push(if index == 0 { "(" } else { ", (" }).bind(*id).push(", ").bind(workspace);
            sql = sql.push(", ").bind(repository).push(", ").bind(scan).push(", ").bind(scan);
            sql = sql.push(", ").bind(content.fingerprint()).push(", ").bind(json(&content.item.signatures)?);
            sql = sql.push(", ").bind(content.digest()).push(", ").bind(&content.item.rule);
            sql = sql.push(", ").bind(content.rule_revision.clone()).push(", ").bind(&content.tool);
            sql = sql.push(", ").bind(&content.kind).push(", ").bind(content.category.clone());
            sql = sql.push(", ").bind(content.severity.rank()).push(", ").bind(standing.status);
            sql = sql.push(", ").bind(standing.decider).push(", ").bind(*reason).push(", ").bind(&content.item.path);
            sql = sql.push(", ").bind(content.item.line).push(", ").bind(content.end_line);
            sql = sql.push(", ").bind(content.item.column).push(", ").bind(json(&content.through())?);
            sql =
                sql.push(", ").bind(true).push(", ").bind(&content.code_snippet).push(", ").bind(&content.description);
            sql = sql.push(", ").bind(content.cwe_id.clone()).push(", ").bind(content.owasp.clone());
            sql = sql.push(", ").bind(content.cvss_score).push(", ").bind(content.confidence);
            sql = sql.push(", ").bind(content.reach).push(", ").bind(content.risk);
            sql = sql.push(", ").bind(content.detail.fix.is_some()).push(", ").bind(json(&content.detail)?);
            sql = sql.push(", ").bind(now).push(", ").bind(now).push(", ").bind(now).push(", ").bind(now).push(")");
        }
        let sql = sql.push(
            " ON CONFLICT (id) DO UPDATE SET last_scan_id = excluded.last_scan_id, fingerprint = excluded.fingerprint,
                signatures = excluded.signatures, digest = excluded.digest, rule_id = excluded.rule_id,
                rule_revision = excluded.rule_revision, tool = excluded.tool, type = excluded.type, category = excluded.category,
                severity = excluded.severity, file_path = excluded.file_path, line_number = excluded.line_number,
                end_line = excluded.end_line, column_number = excluded.column_number, through = excluded.through,
                is_placed = excluded.is_placed, unseen = NULL, unseen_since = NULL, code_snippet = excluded.code_snippet,
                description = excluded.description, cwe_id = excluded.cwe_id, owasp_category = excluded.owasp_category,
                cvss_score = excluded.cvss_score, confidence = excluded.confidence, reach = excluded.reach,
                risk = excluded.risk, auto_fix_available = excluded.auto_fix_available, detail = excluded.detail,
                last_seen_at = excluded.last_seen_at, updated_at = excluded.updated_at",
        );
        out.push(sql);
    }
    Ok(())
}

/// They are there, and nothing else of them has changed.
pub fn see(scene: Scene, ids: &[VulnerabilityId], out: &mut Vec<Sql>) {
    for ids in ids.chunks(ID_BATCH) {
        let sql =
            Sql::new("UPDATE vulnerabilities SET is_placed = ").bind(true).push(", unseen = NULL, unseen_since = NULL");
        let sql = sql.push(", last_scan_id = ").bind(scene.scan).push(", last_seen_at = ").bind(scene.now);
        out.push(sql.push(" WHERE id IN (").bind_all(ids.iter().copied()).push(")"));
    }
}

/// Nobody can say whether they are still there; their lines may be others now.
pub fn lose(scene: Scene, why: Unseen, ids: &[VulnerabilityId], out: &mut Vec<Sql>) {
    for ids in ids.chunks(ID_BATCH) {
        let sql = Sql::new("UPDATE vulnerabilities SET is_placed = ").bind(false).push(", unseen = ").bind(why);
        let sql = sql.push(", unseen_since = COALESCE(unseen_since, ").bind(scene.now).push(") WHERE id IN (");
        out.push(sql.bind_all(ids.iter().copied()).push(")"));
    }
}

/// They stand otherwise now, all in the same way.
pub fn stand(scene: Scene, standing: Standing, reason: Option<&str>, ids: &[VulnerabilityId], out: &mut Vec<Sql>) {
    let now = scene.now;
    let fixed_at = (standing.status == Status::Fixed).then_some(now);
    for ids in ids.chunks(ID_BATCH) {
        let sql = Sql::new("UPDATE vulnerabilities SET status = ").bind(standing.status);
        let sql = sql.push(", decided_by = ").bind(standing.decider).push(", fixed_by = ").bind(standing.fixed_by);
        let sql = sql.push(", fixed_at = ").bind(fixed_at).push(", status_reason = ").bind(reason);
        let sql = sql.push(", ignored_until = NULL, updated_at = ").bind(now);
        out.push(sql.push(" WHERE id IN (").bind_all(ids.iter().copied()).push(")"));
    }
}

rampart_kernel::named! {
    /// What a scan made of a finding.
    pub enum State {
        New = "new",
        Existing = "existing",
        Fixed = "fixed",
    }
}

/// A finding in a scan.
pub struct Occurrence<'a> {
    pub id: VulnerabilityId,
    pub state: State,
    pub recognised_by: Option<Pass>,
    pub path: &'a str,
    pub line: u32,
}

/// Once each, however often the scan is written down.
pub fn occur(scene: Scene, occurrences: &[Occurrence<'_>], out: &mut Vec<Sql>) {
    for occurrences in occurrences.chunks(ID_BATCH) {
        let mut sql = Sql::new(
            "INSERT INTO vulnerability_occurrences
                (vulnerability_id, scan_id, state, recognised_by, file_path, line_number, created_at) VALUES ",
        );
        for (index, one) in occurrences.iter().enumerate() {
            sql = sql.push(if index == 0 { "(" } else { ", (" }).bind(one.id).push(", ").bind(scene.scan);
            sql = sql.push(", ").bind(one.state).push(", ").bind(one.recognised_by.map(Pass::name));
            sql = sql.push(", ").bind(one.path).push(", ").bind(one.line).push(", ").bind(scene.now).push(")");
        }
        out.push(sql.push(" ON CONFLICT (vulnerability_id, scan_id) DO NOTHING"));
    }
}

pub fn json(value: &impl serde::Serialize) -> Result<Value> {
    serde_json::to_value(value).map_err(|error| rampart_store::Error::Unexpected(error.into()))
}

/// Who decides when a scan sees something for the first time.
pub fn first(content: &Content) -> Standing {
    Standing { status: Status::Open, decider: Decider::Scan, fixed_by: None }.seen(content.excuse.is_some())
}
