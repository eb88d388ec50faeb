//! The numbers of a workspace and of a repository: what pages begin with. They are made of what is kept day by day and repository by
//! repository; findings themselves are counted for one repository only.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{Datelike, Days, NaiveDate};
use rampart_access::{Ctx, Granted, Permission};
use rampart_forge::RepositoryId;
use rampart_kernel::uuid::Uuid;
use rampart_kernel::{Id, Timestamp};
use rampart_store::{Reader, Result as Stored, Row, Sql, params};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::ReadFindings;
use crate::error::Result;
use crate::ingest::hours;
use crate::model::{Severity, Status};
use crate::scores::{self, Grade, Level, Lifetime, SCORE_MODEL, TimeToFix};
use crate::service::Findings;
use crate::store::figures::{self, Census, Figures, Kept, WHOLE};

/// Fixes of this many days make the mean time to fix.
const MTTR_DAYS: u64 = 90;
/// Fewer fixes than this say nothing.
const LEAST_TIMED: u64 = 5;

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DashboardStats {
    pub total_repositories: u64,
    /// Open ones.
    pub total_vulnerabilities: u64,
    pub critical_issues: u64,
    pub auto_fixed_this_week: u64,
    /// 0 to 100; null while nothing is rated.
    pub overall_security_score: Option<u32>,
    /// 0 to 1.
    pub risk_score: f64,
    pub scanning_now: u64,
    pub trends: StatsTrend,
    pub total_scans: u64,
    /// The mean over the last 90 days; null for fewer than five fixes.
    pub mttr_hours: Option<f64>,
}

/// Open findings now, less those of then: below zero is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatsTrend {
    pub last_week: i64,
    pub last_month: i64,
}

impl Findings {
    /// # Errors
    /// When the caller may not look.
    pub async fn stats(&self, ctx: &Ctx) -> Result<DashboardStats> {
        let granted: Granted<ReadFindings> = ctx.require()?;
        let workspace = granted.workspace();
        let today = today(ctx.now());
        let mut reader = self.store.read().await?;
        let (overall, open, critical) = figures::of_workspace(&mut reader, workspace).await?;
        let days = figures::days(&mut reader, workspace, WHOLE, &day_before(today, MTTR_DAYS)).await?;
        let (total_repositories, scanning_now) = figures::repositories(&mut reader, workspace).await?;
        let total_scans = figures::scans(&mut reader, workspace).await?;
        let since = |before: u64| figures::int(open) - figures::int(open_at(&days, &day_before(today, before)));
        let week = day_before(today, 7);
        Ok(DashboardStats {
            total_repositories,
            total_vulnerabilities: open,
            critical_issues: critical,
            auto_fixed_this_week: days.iter().filter(|day| day.date > week).map(|day| day.auto_fixed).sum(),
            overall_security_score: scores::overall_score(&overall),
            risk_score: two_digits(scores::portfolio_risk(&overall)),
            scanning_now,
            trends: StatsTrend { last_week: since(7), last_month: since(30) },
            total_scans,
            mttr_hours: mttr(&days, &day_before(today, MTTR_DAYS)),
        })
    }
}

fn today(now: Timestamp) -> NaiveDate {
    now.to_chrono().date_naive()
}

fn day_before(today: NaiveDate, days: u64) -> String {
    today.checked_sub_days(Days::new(days)).unwrap_or(today).format("%Y-%m-%d").to_string()
}

/// At the end of a day; nothing was open before the first.
fn open_at(days: &[Kept], date: &str) -> u64 {
    days.iter().rev().find(|day| day.date.as_str() <= date).map_or(0, |day| day.total_open)
}

fn mttr(days: &[Kept], from: &str) -> Option<f64> {
    let recent = || days.iter().filter(|day| day.date.as_str() >= from);
    let timed: u64 = recent().map(|day| day.timed).sum();
    let hours: f64 = recent().map(|day| day.timed_hours).sum();
    (timed >= LEAST_TIMED).then(|| (hours / timed as f64 * 10.0).round() / 10.0)
}

fn two_digits(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

rampart_kernel::named! {
    /// How far back.
    pub enum Period { Week = "7d", Month = "30d", Quarter = "90d", Year = "365d" }
}

rampart_kernel::named! {
    /// How much one point stands for.
    pub enum Interval { Day = "day", Week = "week", Month = "month" }
}

impl Period {
    fn days(self) -> u64 {
        match self {
            Period::Week => 7,
            Period::Month => 30,
            Period::Quarter => 90,
            Period::Year => 365,
        }
    }

    /// About thirty points, where nothing is asked.
    pub fn interval(self) -> Interval {
        match self {
            Period::Week | Period::Month => Interval::Day,
            Period::Quarter => Interval::Week,
            Period::Year => Interval::Month,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Trends {
    #[schema(value_type = String)]
    pub period: Period,
    #[schema(value_type = String)]
    pub interval: Interval,
    pub points: Vec<TrendPoint>,
}

/// How it stood at the end of an interval, and what happened in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrendPoint {
    /// The first day of the interval.
    pub date: String,
    pub total: u64,
    pub critical: u64,
    pub high: u64,
    pub medium: u64,
    pub low: u64,
    pub opened: u64,
    pub fixed: u64,
    pub security_score: Option<u32>,
}

impl Findings {
    /// # Errors
    /// When the caller may not look, or there is no such repository.
    pub async fn trends(
        &self,
        ctx: &Ctx,
        period: Period,
        interval: Option<Interval>,
        repository: Option<RepositoryId>,
    ) -> Result<Trends> {
        let granted: Granted<ReadFindings> = ctx.require()?;
        let mut reader = self.store.read().await?;
        let key = self.key(&mut reader, &granted, repository).await?;
        let today = today(ctx.now());
        let first = today.checked_sub_days(Days::new(period.days() - 1)).unwrap_or(today);
        let days = figures::days(&mut reader, granted.workspace(), key, &day_before(first, 0)).await?;
        let interval = interval.unwrap_or(period.interval());
        Ok(Trends { period, interval, points: points(&days, first, today, interval) })
    }

    /// Of whom days are kept.
    async fn key<P: Permission>(
        &self,
        reader: &mut Reader,
        granted: &Granted<P>,
        repository: Option<RepositoryId>,
    ) -> Result<Uuid> {
        match repository {
            None => Ok(WHOLE),
            Some(id) => Ok(self.forge.find_in(reader, granted, id).await.map(|found| found.id().uuid())?),
        }
    }
}

/// A day on which nothing happened is as the one before.
fn points(days: &[Kept], first: NaiveDate, last: NaiveDate, interval: Interval) -> Vec<TrendPoint> {
    let begin = first.format("%Y-%m-%d").to_string();
    let mut by_date: BTreeMap<&str, &Kept> = BTreeMap::new();
    let mut state = None;
    for day in days {
        if day.date < begin {
            state = Some(day);
        } else {
            by_date.insert(&day.date, day);
        }
    }
    let mut points: Vec<TrendPoint> = Vec::new();
    for date in first.iter_days().take_while(|date| *date <= last) {
        let is_new = points.is_empty()
            || match interval {
                Interval::Day => true,
                Interval::Week => date.weekday() == chrono::Weekday::Mon,
                Interval::Month => date.day() == 1,
            };
        let name = date.format("%Y-%m-%d").to_string();
        let today = by_date.get(name.as_str()).copied();
        state = today.or(state);
        if is_new {
            points.push(TrendPoint { date: name, ..TrendPoint::default() });
        }
        let Some(point) = points.last_mut() else { continue };
        if let Some(day) = today {
            point.opened += day.opened;
            point.fixed += day.fixed;
        }
        if let Some(state) = state {
            let open = |severity| state.open.get(&severity).copied().unwrap_or(0);
            point.total = state.total_open;
            (point.critical, point.high) = (open(Severity::Critical), open(Severity::High));
            (point.medium, point.low) = (open(Severity::Medium), open(Severity::Low));
            point.security_score = state.score;
        }
    }
    points
}

/// The risk and what it is made of.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RiskScore {
    /// 0 to 1.
    pub risk_score: f64,
    #[schema(value_type = String)]
    pub level: Level,
    pub factors: RiskFactors,
    #[schema(value_type = String, format = DateTime)]
    pub computed_at: Timestamp,
    /// The version of the formulas.
    pub score_model: u32,
    /// 0 to 100; null when not rated.
    pub security_score: Option<u32>,
    #[schema(value_type = Option<String>)]
    pub grade: Option<Grade>,
    /// What a repository's score is made of; null for a workspace.
    #[schema(value_type = Option<Object>)]
    pub terms: Option<scores::ScoreTerms>,
}

/// Each 0 to 1: what weighs on the workspace, for people to see what to do next.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RiskFactors {
    /// What is missing to a score of 100.
    pub security_debt: f64,
    /// How much open critical findings press: 1 − e^(−n/10).
    pub critical_pressure: f64,
    /// The part of open findings that is open for longer than 7, 30, 90, 180 days: critical, high, medium, low.
    pub overdue_ratio: f64,
}

/// How long findings may stay open, by severity.
const DUE_DAYS: [(Severity, u64); 4] =
    [(Severity::Critical, 7), (Severity::High, 30), (Severity::Medium, 90), (Severity::Low, 180)];

impl Findings {
    /// Of a repository, or of all.
    ///
    /// # Errors
    /// When the caller may not look, or there is no such repository.
    pub async fn risk_score(&self, ctx: &Ctx, repository: Option<RepositoryId>) -> Result<RiskScore> {
        let granted: Granted<ReadFindings> = ctx.require()?;
        let mut reader = self.store.read().await?;
        let (risk, score, census, terms) = match repository {
            Some(id) => {
                self.forge.find_in(&mut reader, &granted, id).await?;
                let figures = figures::of_repository(&mut reader, &granted, id).await?;
                let (census, open) = figures::count(&mut reader, id).await?;
                let rating = scores::rate(&open, figures.lines_of_code, figures.coverage);
                (rating.risk, rating.score, census, Some(rating.terms))
            }
            None => {
                let (overall, ..) = figures::of_workspace(&mut reader, granted.workspace()).await?;
                let census = figures::census(&mut reader, granted.workspace()).await?;
                (scores::portfolio_risk(&overall), scores::overall_score(&overall), census, None)
            }
        };
        let overdue = overdue(&mut reader, &granted, repository, ctx.now()).await?;
        let critical = census.count(Status::Open, Severity::Critical) as f64;
        Ok(RiskScore {
            risk_score: two_digits(risk),
            level: Level::of(risk),
            factors: RiskFactors {
                security_debt: two_digits(score.map_or(0.0, |score| 1.0 - f64::from(score) / 100.0)),
                critical_pressure: two_digits(1.0 - (-critical / 10.0).exp()),
                overdue_ratio: two_digits(overdue as f64 / census.open().max(1) as f64),
            },
            computed_at: ctx.now(),
            score_model: SCORE_MODEL,
            security_score: score,
            grade: score.map(Grade::of),
            terms,
        })
    }
}

async fn overdue<P: Permission>(
    reader: &mut Reader,
    granted: &Granted<P>,
    repository: Option<RepositoryId>,
    now: Timestamp,
) -> Stored<u64> {
    let mut sum = 0;
    for (severity, days) in DUE_DAYS {
        let due = now - Duration::from_secs(days * 24 * 3_600);
        let sql =
            Sql::new("SELECT COUNT(*) AS count FROM vulnerabilities WHERE workspace_id = ").bind(granted.workspace());
        let sql = sql.push(" AND status = 'open' AND severity = ").bind(severity.rank());
        let mut sql = sql.push(" AND detected_at < ").bind(due);
        if let Some(repository) = repository {
            sql = sql.push(" AND repository_id = ").bind(repository);
        }
        let count: i64 = reader.get(sql.text(), sql.params()).await?.get("count")?;
        sum += u64::try_from(count).unwrap_or(0);
    }
    Ok(sum)
}

/// What is known of one repository.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Statistics {
    /// Open findings by severity.
    pub severity_counts: BTreeMap<String, u64>,
    pub status_counts: BTreeMap<String, u64>,
    /// Open findings by what they are, the most frequent first; so the next three.
    pub by_type: Vec<StatisticsShare>,
    pub by_cwe: Vec<StatisticsShare>,
    pub by_owasp: Vec<StatisticsShare>,
    pub by_file: Vec<StatisticsShare>,
    pub score_history: Vec<StatisticsScore>,
    /// The mean over the last 90 days; null for fewer than five fixes.
    pub mttr_hours: Option<f64>,
    /// By severity; the median also of what is still open.
    #[schema(value_type = Object)]
    pub time_to_fix: BTreeMap<String, TimeToFix>,
    pub opened_last30_days: u64,
    pub fixed_last30_days: u64,
    pub auto_fix: StatisticsAutoFix,
    pub scans: StatisticsScans,
    pub languages: Vec<String>,
    /// Null: not measured yet.
    #[schema(value_type = Option<Object>)]
    pub complexity: Option<()>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_scan_at: Option<Timestamp>,
    /// The part of the code that was looked at, 0 to 1; null before the first scan.
    pub coverage: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StatisticsShare {
    pub name: String,
    pub count: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatisticsScore {
    pub date: String,
    pub security_score: Option<u32>,
}

/// Pull requests with fixes. Those that were merged are counted by the findings they fixed.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatisticsAutoFix {
    pub created: u64,
    pub merged: u64,
    pub success_rate: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatisticsScans {
    pub total: u64,
    pub failed: u64,
    pub average_duration_ms: Option<u64>,
}

/// Shares that are named of each kind.
const SHARES: i64 = 20;
/// Findings whose lives are looked at.
const LIVES: i64 = 10_000;

/// How long findings live, by severity; also of what is still open.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TimesToFix {
    #[schema(value_type = Object)]
    pub time_to_fix: BTreeMap<String, TimeToFix>,
}

impl Findings {
    /// Of the workspace's latest 10,000 findings.
    ///
    /// # Errors
    /// When the caller may not look.
    pub async fn times_to_fix(&self, ctx: &Ctx) -> Result<TimesToFix> {
        let granted: Granted<ReadFindings> = ctx.require()?;
        let of = Sql::new(LIVES_OF).push("workspace_id = ").bind(granted.workspace());
        Ok(TimesToFix { time_to_fix: times(&mut self.store.read().await?, of, ctx.now()).await? })
    }

    /// # Errors
    /// When there is no such repository in the caller's workspace.
    pub async fn statistics(&self, ctx: &Ctx, id: RepositoryId, history_days: u64) -> Result<Statistics> {
        let granted: Granted<ReadFindings> = ctx.require()?;
        let mut reader = self.store.read().await?;
        let repository = self.forge.find_in(&mut reader, &granted, id).await?;
        let Figures { census, coverage, .. } = figures::of_repository(&mut reader, &granted, id).await?;
        let today = today(ctx.now());
        let from = history_days.max(MTTR_DAYS);
        let days = figures::days(&mut reader, granted.workspace(), id.uuid(), &day_before(today, from)).await?;
        let month = day_before(today, 30);
        let recent = |count: fn(&Kept) -> u64| days.iter().filter(|day| day.date > month).map(count).sum();
        let first = today.checked_sub_days(Days::new(history_days - 1)).unwrap_or(today);
        let history = points(&days, first, today, Interval::Day);
        let merged = merged(&mut reader, id).await?;
        let (scans, scan_ms) = scans(&mut reader, &granted, id).await?;
        Ok(Statistics {
            severity_counts: open_by_severity(&census),
            status_counts: by_status(&census),
            by_type: shares(&mut reader, id, "type").await?,
            by_cwe: shares(&mut reader, id, "cwe_id").await?,
            by_owasp: shares(&mut reader, id, "owasp_category").await?,
            by_file: shares(&mut reader, id, "file_path").await?,
            score_history: history
                .into_iter()
                .map(|point| StatisticsScore { date: point.date, security_score: point.security_score })
                .collect(),
            mttr_hours: mttr(&days, &day_before(today, MTTR_DAYS)),
            time_to_fix: times(&mut reader, Sql::new(LIVES_OF).push("repository_id = ").bind(id), ctx.now()).await?,
            opened_last30_days: recent(|day| day.opened),
            fixed_last30_days: recent(|day| day.fixed),
            auto_fix: StatisticsAutoFix { created: merged, merged, success_rate: (merged > 0).then_some(1.0) },
            scans: StatisticsScans {
                total: scans,
                failed: failed_scans(&mut reader, id).await?,
                average_duration_ms: scan_ms.checked_div(scans),
            },
            languages: repository.summary.language.into_iter().collect(),
            complexity: None,
            last_scan_at: repository.summary.last_scan_at,
            coverage,
        })
    }
}

fn open_by_severity(census: &Census) -> BTreeMap<String, u64> {
    Severity::ALL.iter().map(|one| (one.name().to_owned(), census.count(Status::Open, *one))).collect()
}

fn by_status(census: &Census) -> BTreeMap<String, u64> {
    Status::ALL.iter().map(|one| (one.name().to_owned(), census.total(&[*one], &[]))).collect()
}

async fn shares(reader: &mut Reader, repository: RepositoryId, column: &'static str) -> Stored<Vec<StatisticsShare>> {
    let sql = Sql::new("SELECT ")
        .push(column)
        .push(" AS name, COUNT(*) AS count FROM vulnerabilities WHERE repository_id = ");
    let sql =
        sql.bind(repository).push(" AND status = 'open' AND ").push(column).push(" IS NOT NULL GROUP BY ").push(column);
    let sql = sql.push(" ORDER BY count DESC, name LIMIT ").bind(SHARES);
    let read = |row: &Row| {
        Ok(StatisticsShare { name: row.get("name")?, count: u64::try_from(row.get::<i64>("count")?).unwrap_or(0) })
    };
    reader.list(sql.text(), sql.params()).await?.iter().map(read).collect()
}

const LIVES_OF: &str = "SELECT severity, detected_at, fixed_at FROM vulnerabilities WHERE ";

/// Of what scans have seen and nobody has dismissed: until the fix that a scan has verified, or until now. The latest of those that
/// are asked for.
async fn times(reader: &mut Reader, of: Sql, now: Timestamp) -> Stored<BTreeMap<String, TimeToFix>> {
    let sql = of.push(" AND unseen IS NULL AND (status = 'open' OR status = 'fixed' AND fixed_by <> 'manual')");
    let sql = sql.push(" ORDER BY detected_at DESC, id DESC LIMIT ").bind(LIVES);
    let mut lives: BTreeMap<Severity, Vec<Lifetime>> = BTreeMap::new();
    for row in reader.list(sql.text(), sql.params()).await? {
        let fixed: Option<Timestamp> = row.get("fixed_at")?;
        let life = Lifetime { hours: hours(row.get("detected_at")?, fixed.unwrap_or(now)), is_fixed: fixed.is_some() };
        lives.entry(Severity::of_rank(row.get("severity")?).unwrap_or(Severity::Info)).or_default().push(life);
    }
    Ok(lives.into_iter().map(|(severity, lives)| (severity.name().to_owned(), scores::time_to_fix(&lives))).collect())
}

async fn merged(reader: &mut Reader, id: RepositoryId) -> Stored<u64> {
    let sql = "SELECT COUNT(*) AS count FROM vulnerabilities WHERE repository_id = $1 AND status = 'fixed' AND fixed_by = 'fix_pr'";
    let count: i64 = reader.get(sql, &params![id]).await?.get("count")?;
    Ok(u64::try_from(count).unwrap_or(0))
}

async fn scans<P: Permission>(reader: &mut Reader, granted: &Granted<P>, id: RepositoryId) -> Stored<(u64, u64)> {
    let sql = "SELECT CAST(COALESCE(SUM(scans), 0) AS BIGINT) AS scans, CAST(COALESCE(SUM(scan_ms), 0) AS BIGINT) AS ms
               FROM daily_statistics WHERE workspace_id = $1 AND repository_id = $2";
    let row = reader.get(sql, &params![granted.workspace(), id]).await?;
    let number = |column: &str| -> Stored<u64> { Ok(u64::try_from(row.get::<i64>(column)?).unwrap_or(0)) };
    Ok((number("scans")?, number("ms")?))
}

/// As far back as the feed goes.
async fn failed_scans(reader: &mut Reader, id: RepositoryId) -> Stored<u64> {
    let sql = "SELECT COUNT(*) AS count FROM activity_events WHERE repository_id = $1 AND event_type = 'scan_failed'";
    let count: i64 = reader.get(sql, &params![id]).await?.get("count")?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// `?days=` of a repository's statistics.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "u64")]
pub struct HistoryDays(pub u64);

impl TryFrom<u64> for HistoryDays {
    type Error = String;

    fn try_from(days: u64) -> Result<HistoryDays, String> {
        if (1..=365).contains(&days) { Ok(HistoryDays(days)) } else { Err("days go from 1 to 365".to_owned()) }
    }
}

impl Default for HistoryDays {
    fn default() -> HistoryDays {
        HistoryDays(30)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(date: &str, total_open: u64, opened: u64, score: u32) -> Kept {
        Kept { date: date.to_owned(), total_open, opened, score: Some(score), ..Kept::default() }
    }

    #[test]
    fn days_without_news_are_as_the_one_before() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 1, day).unwrap();
        let days = [kept("2025-12-20", 3, 3, 70), kept("2026-01-06", 5, 2, 60), kept("2026-01-08", 4, 0, 65)];
        let totals = |interval| -> Vec<(String, u64, u64)> {
            let points = points(&days, day(5), day(13), interval);
            points.into_iter().map(|point| (point.date[8..].to_owned(), point.total, point.opened)).collect()
        };
        let daily = totals(Interval::Day);
        let of = |day: &str, total, opened| (day.to_owned(), total, opened);
        assert_eq!(daily[..4], [of("05", 3, 0), of("06", 5, 2), of("07", 5, 0), of("08", 4, 0)]);
        assert_eq!((daily.len(), daily[8].clone()), (9, of("13", 4, 0)));
        // 5 January 2026 is a Monday.
        assert_eq!(totals(Interval::Week), [of("05", 4, 2), of("12", 4, 0)]);
        assert_eq!(totals(Interval::Month), [of("05", 4, 2)]);
        assert_eq!((open_at(&days, "2025-12-19"), open_at(&days, "2026-01-07")), (0, 5));
    }
}
