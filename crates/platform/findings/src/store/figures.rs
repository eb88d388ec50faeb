//! Counts, scores and days: small tables that are kept with every change, so that no page counts findings.

use std::collections::BTreeMap;

use rampart_access::{Granted, Permission};
use rampart_forge::RepositoryId;
use rampart_kernel::uuid::Uuid;
use rampart_kernel::{Timestamp, WorkspaceId};
use rampart_store::{Reader, Result, Row, Sql, Tx, params};

use crate::model::{Severity, Status};
use crate::scores::{Open, Overall};

/// Of the workspace as a whole.
pub const WHOLE: Uuid = Uuid::nil();

/// Repositories that a workspace may have; more are not read.
const MOST_REPOSITORIES: i64 = 10_000;

/// How many findings of a repository, or of all of a workspace, stand how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Census {
    /// By status, in the order of [`Status::ALL`]; then by the rank of the severity.
    counts: [[u64; 5]; 4],
}

/// The columns of a census, in its order.
const COLUMNS: [[&str; 5]; 4] = [
    ["open_0", "open_1", "open_2", "open_3", "open_4"],
    ["fixed_0", "fixed_1", "fixed_2", "fixed_3", "fixed_4"],
    ["false_positive_0", "false_positive_1", "false_positive_2", "false_positive_3", "false_positive_4"],
    ["ignored_0", "ignored_1", "ignored_2", "ignored_3", "ignored_4"],
];

impl Census {
    pub fn count(&self, status: Status, severity: Severity) -> u64 {
        self.counts[status as usize][severity as usize]
    }

    /// Those of these statuses and severities; all where none is named.
    pub fn total(&self, statuses: &[Status], severities: &[Severity]) -> u64 {
        let wanted = |status: &Status| statuses.is_empty() || statuses.contains(status);
        let severe = |severity: &Severity| severities.is_empty() || severities.contains(severity);
        let statuses = Status::ALL.iter().filter(|status| wanted(status));
        let pairs = statuses.flat_map(|status| Severity::ALL.iter().map(move |severity| (*status, *severity)));
        pairs.filter(|(_, severity)| severe(severity)).map(|(status, severity)| self.count(status, severity)).sum()
    }

    pub fn open(&self) -> u64 {
        self.total(&[Status::Open], &[])
    }

    fn read(row: &Row) -> Result<Census> {
        let mut census = Census::default();
        for (counts, columns) in census.counts.iter_mut().zip(COLUMNS) {
            for (count, column) in counts.iter_mut().zip(columns) {
                // PostgreSQL's sums are exact numbers of any size; none of them here is larger than this.
                *count = u64::try_from(row.get::<Option<i64>>(column)?.unwrap_or(0)).unwrap_or(0);
            }
        }
        Ok(census)
    }
}

/// What is known of a repository as a whole.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    pub census: Census,
    pub lines_of_code: u64,
    /// The part of its code that was looked at, in 0..1; nothing before the first scan.
    pub coverage: Option<f64>,
    pub score: Option<u32>,
    pub risk: f64,
}

fn figures(row: &Row) -> Result<Figures> {
    Ok(Figures {
        census: Census::read(row)?,
        lines_of_code: u64::try_from(row.get::<i64>("lines_of_code")?).unwrap_or(0),
        coverage: row.get("coverage")?,
        score: row.get("score")?,
        risk: row.get("risk")?,
    })
}

/// Of one repository; as of an empty one when nothing was ever found in it.
pub async fn of_repository<P: Permission>(
    reader: &mut Reader,
    granted: &Granted<P>,
    repository: RepositoryId,
) -> Result<Figures> {
    let sql = "SELECT * FROM repository_findings WHERE repository_id = $1 AND workspace_id = $2";
    let row = reader.find(sql, &params![repository, granted.workspace()]).await?;
    row.as_ref().map_or_else(|| Ok(Figures::default()), figures)
}

/// Of all connected repositories of a workspace, what its own numbers are made of; and how many findings are open in them, and
/// critical.
pub async fn of_workspace(reader: &mut Reader, workspace: WorkspaceId) -> Result<(Vec<Overall>, u64, u64)> {
    // Three columns and a sum: the dashboard begins with this, and a workspace may have thousands of repositories.
    let sql = "SELECT f.score, f.risk, f.lines_of_code FROM repository_findings f JOIN repositories r ON r.id = f.repository_id
               WHERE f.workspace_id = $1 AND r.active = TRUE ORDER BY f.repository_id LIMIT $2";
    let rows = reader.list(sql, &params![workspace, MOST_REPOSITORIES]).await?;
    let overall = |row: &Row| {
        let lines_of_code = u64::try_from(row.get::<i64>("lines_of_code")?).unwrap_or(0);
        Ok(Overall { score: row.get("score")?, risk: row.get("risk")?, lines_of_code })
    };
    let all = rows.iter().map(overall).collect::<Result<_>>()?;
    let sql = "SELECT CAST(COALESCE(SUM(open_0 + open_1 + open_2 + open_3 + open_4), 0) AS BIGINT) AS open,
                  CAST(COALESCE(SUM(open_4), 0) AS BIGINT) AS critical
               FROM repository_findings f JOIN repositories r ON r.id = f.repository_id
               WHERE f.workspace_id = $1 AND r.active = TRUE";
    let row = reader.get(sql, &params![workspace]).await?;
    let number = |column: &str| -> Result<u64> { Ok(u64::try_from(row.get::<i64>(column)?).unwrap_or(0)) };
    Ok((all, number("open")?, number("critical")?))
}

/// Repositories of all workspaces that findings are known of, from behind `after`; for the program's own schedule.
pub async fn every(
    reader: &mut Reader,
    after: Option<RepositoryId>,
    limit: i64,
) -> Result<Vec<(RepositoryId, WorkspaceId)>> {
    let mut sql = Sql::new("SELECT repository_id, workspace_id FROM repository_findings");
    if let Some(after) = after {
        sql = sql.push(" WHERE repository_id > ").bind(after);
    }
    let sql = sql.push(" ORDER BY repository_id LIMIT ").bind(limit);
    let rows = reader.list(sql.text(), sql.params()).await?;
    rows.iter().map(|row| Ok((row.get("repository_id")?, row.get("workspace_id")?))).collect()
}

/// How all findings of a workspace stand, of repositories that are no longer connected too.
pub async fn census(reader: &mut Reader, workspace: WorkspaceId) -> Result<Census> {
    let mut sql = Sql::new("SELECT ");
    for (index, column) in COLUMNS.as_flattened().iter().enumerate() {
        sql = sql
            .push(if index == 0 { "CAST(SUM(" } else { ", CAST(SUM(" })
            .push(column)
            .push(") AS BIGINT) AS ")
            .push(column);
    }
    let sql = sql.push(" FROM repository_findings WHERE workspace_id = ").bind(workspace);
    Census::read(&reader.get(sql.text(), sql.params()).await?)
}

/// Counted from the findings themselves: how they stand, and the risks of those that are open.
pub async fn count(reader: &mut Reader, repository: RepositoryId) -> Result<(Census, Open)> {
    let sql = "SELECT status, severity, risk, COUNT(*) AS count FROM vulnerabilities WHERE repository_id = $1
               GROUP BY status, severity, risk ORDER BY status, severity, risk LIMIT 9999";
    let mut census = Census::default();
    let mut risks = Vec::new();
    for row in reader.list(sql, &params![repository]).await? {
        let (status, count): (Status, i64) = (row.get("status")?, row.get("count")?);
        let count = u64::try_from(count).unwrap_or(0);
        if let Some(severity) = Severity::of_rank(row.get("severity")?) {
            census.counts[status as usize][severity as usize] += count;
        }
        if status == Status::Open {
            risks.push((row.get("risk")?, count));
        }
    }
    Ok((census, Open::new(risks)))
}

/// Keeps what was counted.
pub async fn save(tx: &mut Tx, repository: RepositoryId, figures: &Figures) -> Result<()> {
    let now = tx.origin().now();
    let mut sql = Sql::new("UPDATE repository_findings SET updated_at = ").bind(now);
    for (counts, columns) in figures.census.counts.iter().zip(COLUMNS) {
        for (count, column) in counts.iter().zip(columns) {
            sql = sql.push(", ").push(column).push(" = ").bind(int(*count));
        }
    }
    sql = sql.push(", lines_of_code = ").bind(int(figures.lines_of_code)).push(", coverage = ").bind(figures.coverage);
    sql = sql.push(", score = ").bind(figures.score).push(", risk = ").bind(figures.risk);
    let sql = sql.push(" WHERE repository_id = ").bind(repository);
    tx.execute(sql.text(), sql.params()).await.map(drop)
}

/// What happened on a day, added to what is known of it; and how it stands now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Day {
    pub census: Census,
    pub score: Option<u32>,
    pub risk: f64,
    pub opened: u64,
    pub fixed: u64,
    pub auto_fixed: u64,
    /// Fixes that say how long they took, and the sum of that.
    pub timed: u64,
    pub timed_hours: f64,
    pub scans: u64,
    pub scan_ms: u64,
}

/// `repository` is [`WHOLE`] for the workspace. That row is everybody's: it is written last, so that it is held for a moment only.
pub async fn add_day(tx: &mut Tx, workspace: WorkspaceId, repository: Uuid, day: &Day) -> Result<()> {
    let open = |severity| int(day.census.count(Status::Open, severity));
    let date = date(tx.origin().now());
    tx.execute(
        "INSERT INTO daily_statistics (workspace_id, repository_id, date, total_open, critical, high, medium, low, opened, fixed,
            auto_fixed, timed, timed_hours, scans, scan_ms, security_score, risk_score)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
         ON CONFLICT (workspace_id, repository_id, date) DO UPDATE SET total_open = excluded.total_open,
            critical = excluded.critical, high = excluded.high, medium = excluded.medium, low = excluded.low,
            opened = daily_statistics.opened + excluded.opened, fixed = daily_statistics.fixed + excluded.fixed,
            auto_fixed = daily_statistics.auto_fixed + excluded.auto_fixed, timed = daily_statistics.timed + excluded.timed,
            timed_hours = daily_statistics.timed_hours + excluded.timed_hours,
            scans = daily_statistics.scans + excluded.scans, scan_ms = daily_statistics.scan_ms + excluded.scan_ms,
            security_score = excluded.security_score, risk_score = excluded.risk_score",
        &params![
            workspace,
            repository,
            date,
            int(day.census.open()),
            open(Severity::Critical),
            open(Severity::High),
            open(Severity::Medium),
            open(Severity::Low),
            int(day.opened),
            int(day.fixed),
            int(day.auto_fixed),
            int(day.timed),
            day.timed_hours,
            int(day.scans),
            int(day.scan_ms),
            day.score,
            day.risk,
        ],
    )
    .await
    .map(drop)
}

/// A day as it is kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kept {
    /// `2026-01-31`
    pub date: String,
    pub total_open: u64,
    /// By [`Severity`], without `info`.
    pub open: BTreeMap<Severity, u64>,
    pub opened: u64,
    pub fixed: u64,
    pub auto_fixed: u64,
    pub timed: u64,
    pub timed_hours: f64,
    pub scans: u64,
    pub scan_ms: u64,
    pub score: Option<u32>,
}

/// Days on which something happened, the oldest first: those from `from` on, and the one before.
pub async fn days(reader: &mut Reader, workspace: WorkspaceId, repository: Uuid, from: &str) -> Result<Vec<Kept>> {
    let before = "SELECT * FROM daily_statistics WHERE workspace_id = $1 AND repository_id = $2 AND date < $3
                  ORDER BY date DESC LIMIT 1";
    let since = "SELECT * FROM daily_statistics WHERE workspace_id = $1 AND repository_id = $2 AND date >= $3
                 ORDER BY date LIMIT 1000";
    let values = params![workspace, repository, from];
    let mut rows = reader.list(before, &values).await?;
    rows.extend(reader.list(since, &values).await?);
    rows.iter().map(kept).collect()
}

fn kept(row: &Row) -> Result<Kept> {
    let number = |column: &str| -> Result<u64> { Ok(u64::try_from(row.get::<i64>(column)?).unwrap_or(0)) };
    Ok(Kept {
        date: row.get("date")?,
        total_open: number("total_open")?,
        open: [
            (Severity::Critical, number("critical")?),
            (Severity::High, number("high")?),
            (Severity::Medium, number("medium")?),
            (Severity::Low, number("low")?),
        ]
        .into(),
        opened: number("opened")?,
        fixed: number("fixed")?,
        auto_fixed: number("auto_fixed")?,
        timed: number("timed")?,
        timed_hours: row.get("timed_hours")?,
        scans: number("scans")?,
        scan_ms: number("scan_ms")?,
        score: row.get("security_score")?,
    })
}

/// Scans that were ever written down in a workspace.
pub async fn scans(reader: &mut Reader, workspace: WorkspaceId) -> Result<u64> {
    let sql = "SELECT CAST(COALESCE(SUM(scans), 0) AS BIGINT) AS count FROM daily_statistics
               WHERE workspace_id = $1 AND repository_id = $2";
    let count: i64 = reader.get(sql, &params![workspace, WHOLE]).await?.get("count")?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Repositories of a workspace: how many are connected, and how many of them are being scanned.
pub async fn repositories(reader: &mut Reader, workspace: WorkspaceId) -> Result<(u64, u64)> {
    let sql = "SELECT COUNT(*) AS connected, COUNT(CASE WHEN scan_status = 'scanning' THEN 1 END) AS scanning
               FROM repositories WHERE workspace_id = $1 AND active = TRUE";
    let row = reader.get(sql, &params![workspace]).await?;
    let number = |column: &str| -> Result<u64> { Ok(u64::try_from(row.get::<i64>(column)?).unwrap_or(0)) };
    Ok((number("connected")?, number("scanning")?))
}

/// The UTC day of a moment.
pub fn date(at: Timestamp) -> String {
    at.to_chrono().format("%Y-%m-%d").to_string()
}

pub fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
