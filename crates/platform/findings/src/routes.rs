//! The routes: what they take and answer, and nothing decided.

use std::str::FromStr;

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use rampart_access::Rule;
use rampart_forge::RepositoryId;
use rampart_kernel::Timestamp;
use rampart_report::model::TraceStep;
use rampart_web::{ApiError, Body, Caller, Id, Listing, Page, Params, Route, list_of};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use crate::access::{ImportFindings, ReadFindings, TriageFindings};
use crate::activity::{self, Activity};
use crate::dashboard::{DashboardStats, HistoryDays, Interval, Period, RiskScore, Statistics, TimesToFix, Trends};
use crate::imports::ImportedScan;
use crate::model::{Decision, Severity, Status, StatusChange, VulnerabilityId, VulnerabilitySummary};
use crate::service::{Decided, Findings};
use crate::store::look::{Facet, Filter, Order, Whole};
use crate::store::triage::Occurred;

pub fn routes(findings: &Findings) -> Vec<Route> {
    let (read, triage) = (Rule::of::<ReadFindings>(), Rule::of::<TriageFindings>());
    let import = Rule::of::<ImportFindings>();
    vec![
        Route::new(Method::GET, "/vulnerabilities", read, findings, list_vulnerabilities)
            .summary("Findings, the newest first")
            .lists::<Asked>()
            .answers::<VulnerabilityList>(StatusCode::OK),
        Route::new(Method::GET, "/vulnerabilities/{id}", read, findings, show_vulnerability)
            .summary("A finding")
            .asks::<Expand>()
            .answers::<VulnerabilityDetail>(StatusCode::OK),
        Route::new(Method::GET, "/vulnerabilities/{id}/history", read, findings, show_history)
            .summary("What happened to a finding")
            .answers::<VulnerabilityHistory>(StatusCode::OK),
        Route::new(Method::PATCH, "/vulnerabilities/{id}/status", triage, findings, change_status)
            .summary("Decide about a finding")
            .takes::<VulnerabilityStatusBody>()
            .answers::<VulnerabilityDetail>(StatusCode::OK)
            .refuses(StatusCode::CONFLICT, &["INVALID_STATE_TRANSITION"]),
        Route::new(Method::POST, "/vulnerabilities/bulk-status", triage, findings, change_statuses)
            .summary("Decide about several findings")
            .takes::<BulkStatusBody>()
            .answers::<BulkStatusAnswer>(StatusCode::OK),
        Route::new(Method::GET, "/dashboard/stats", read, findings, show_stats)
            .summary("The numbers of a workspace")
            .also_at_root()
            .answers::<DashboardStats>(StatusCode::OK),
        Route::new(Method::GET, "/dashboard/activity", read, findings, list_activity)
            .summary("What happened, the newest first")
            .asks::<ActivityAsked>()
            .answers::<ActivityList>(StatusCode::OK),
        Route::new(Method::GET, "/dashboard/trends", read, findings, show_trends)
            .summary("How findings came and went")
            .asks::<TrendsAsked>()
            .answers::<Trends>(StatusCode::OK),
        Route::new(Method::GET, "/dashboard/risk-score", read, findings, show_risk)
            .summary("The risk, and what it is made of")
            .asks::<RiskAsked>()
            .answers::<RiskScore>(StatusCode::OK),
        Route::new(Method::GET, "/dashboard/time-to-fix", read, findings, show_times)
            .summary("How long findings live, by severity")
            .answers::<TimesToFix>(StatusCode::OK),
        Route::new(Method::GET, "/repositories/{id}/statistics", read, findings, show_statistics)
            .summary("The numbers of a repository")
            .asks::<StatisticsAsked>()
            .answers::<Statistics>(StatusCode::OK),
        Route::new(Method::POST, "/repositories/{id}/findings/import", import, findings, import_findings)
            .summary("Bring in what another tool has found: SARIF 2.1.0, or a tool and a list")
            .asks::<ImportAsked>()
            .takes::<ImportBody>()
            .answers::<ImportedScan>(StatusCode::ACCEPTED),
    ]
}

/// Values with commas between them; with `!` before the first: all others.
#[derive(Clone, Debug, Default, PartialEq)]
struct Choice {
    values: Vec<String>,
    is_not: bool,
}

impl<'de> Deserialize<'de> for Choice {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Choice, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (is_not, text) = text.strip_prefix('!').map_or((false, text.as_str()), |rest| (true, rest));
        Ok(Choice { values: text.split(',').map(|value| value.trim().to_owned()).collect(), is_not })
    }
}

impl Choice {
    fn of<T: FromStr + Copy + PartialEq>(&self, field: &str, all: &[T]) -> Result<Vec<T>, ApiError> {
        let values = self.values.iter().map(|value| value.parse::<T>());
        let values = values
            .collect::<Result<Vec<T>, _>>()
            .map_err(|_| ApiError::invalid(field, "has a value that it cannot have"))?;
        if self.is_not { Ok(all.iter().copied().filter(|one| !values.contains(one)).collect()) } else { Ok(values) }
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Asked {
    /// `critical,high`, or `!info` for all others.
    #[param(value_type = Option<String>)]
    severity: Option<Choice>,
    /// `open,ignored`, or `!fixed` for all others.
    #[param(value_type = Option<String>)]
    status: Option<Choice>,
    /// One or several, with commas between them.
    #[param(value_type = Option<String>)]
    repository_id: Option<Choice>,
    /// As `repositoryId`.
    #[param(value_type = Option<String>)]
    repo: Option<Choice>,
    #[serde(rename = "type")]
    kind: Option<String>,
    /// The id of a rule.
    rule: Option<String>,
    /// `CWE-89`, or `89`.
    cwe_id: Option<String>,
    /// Part of the path, the title, the type or the rule's id.
    q: Option<String>,
    /// Detected at this time or later.
    #[param(value_type = Option<String>)]
    from: Option<Timestamp>,
    /// Detected before this time.
    #[param(value_type = Option<String>)]
    to: Option<Timestamp>,
    auto_fix_available: Option<bool>,
    /// `severity`, `detectedAt`, `cvssScore`, `risk`; with `-` before it, the other way round.
    sort: Option<String>,
    /// Count by these as well: `severity,status,repository,rule`.
    #[param(value_type = Option<String>)]
    facets: Option<Choice>,
}

/// Longest text that is searched for.
const QUERY_LENGTH: usize = 200;
/// Repositories that a list is narrowed to.
const MOST_REPOSITORIES: usize = 200;

impl Asked {
    fn filter(self) -> Result<(Filter, Vec<Facet>), ApiError> {
        let severities = self.severity.map(|choice| choice.of("severity", Severity::ALL)).transpose()?;
        let statuses = self.status.map(|choice| choice.of("status", Status::ALL)).transpose()?;
        let repositories = self.repository_id.or(self.repo).unwrap_or_default();
        if repositories.is_not || repositories.values.len() > MOST_REPOSITORIES {
            return Err(ApiError::invalid("repositoryId", "names up to 200 repositories"));
        }
        let repositories: Vec<RepositoryId> = repositories.of("repositoryId", &[])?;
        let too_long = |text: &Option<String>| text.as_ref().is_some_and(|text| text.len() > QUERY_LENGTH);
        if too_long(&self.q) || too_long(&self.kind) || too_long(&self.rule) || too_long(&self.cwe_id) {
            return Err(ApiError::invalid("q", "is at most 200 bytes long"));
        }
        let order = self.sort.as_deref().map(|sort| {
            let (name, is_down) = sort.strip_prefix('-').map_or((sort, false), |name| (name, true));
            let order: Order = name.parse().map_err(|what: String| ApiError::invalid("sort", &what))?;
            Ok::<_, ApiError>((order, is_down))
        });
        let cwe = self
            .cwe_id
            .map(|cwe| rampart_report::model::cwe_number(&cwe).map_or(cwe, |number| format!("CWE-{number}")));
        let facets = self.facets.map(|choice| choice.of("facets", Facet::ALL)).transpose()?;
        let filter = Filter {
            severities: severities.unwrap_or_default(),
            statuses: statuses.unwrap_or_default(),
            repositories,
            kind: self.kind,
            rule: self.rule,
            cwe,
            path: None,
            text: self.q.filter(|text| !text.trim().is_empty()),
            from: self.from,
            to: self.to,
            fixable: self.auto_fix_available,
            order: order.transpose()?,
        };
        Ok((filter, facets.unwrap_or_default()))
    }
}

list_of! {
    /// The total is counted up to 10,000, unless severity and status are all that is asked.
    VulnerabilityList {
        vulnerabilities: VulnerabilitySummary,
        /// By facet: value, count and, of repositories, the name; when facets are asked for.
        #[schema(value_type = Option<Object>)]
        #[serde(skip_serializing_if = "Option::is_none")]
        facets: Option<Value>,
    }
}

async fn list_vulnerabilities(
    State(findings): State<Findings>,
    Caller(ctx): Caller,
    Listing { page, filter }: Listing<Asked>,
) -> Result<Json<VulnerabilityList>, ApiError> {
    let (filter, facets) = filter.filter()?;
    let listed = findings.list(&ctx, &filter, &facets, page).await?;
    let counts = listed.facets.iter().map(|(facet, counts)| (facet.name().to_owned(), json!(counts)));
    let counted = (!facets.is_empty()).then(|| Value::Object(counts.collect()));
    Ok(Json(VulnerabilityList::new(listed.page, counted)))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Expand {
    /// `fix`, `occurrences`, `history`, `flow`, with commas between them.
    #[param(value_type = Option<String>)]
    expand: Option<Choice>,
}

rampart_kernel::named! {
    /// What a finding is told with when it is asked for.
    pub enum Part { Fix = "fix", Occurrences = "occurrences", History = "history", Flow = "flow" }
}

/// A finding whole.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VulnerabilityDetail {
    #[schema(value_type = String)]
    id: VulnerabilityId,
    #[schema(value_type = String)]
    repository_id: RepositoryId,
    #[serde(rename = "type")]
    kind: String,
    #[schema(value_type = String)]
    severity: Severity,
    #[schema(value_type = String)]
    status: Status,
    file_path: String,
    line_number: u32,
    code_snippet: String,
    description: String,
    explanation: Option<String>,
    impact: String,
    recommendation: String,
    cwe_id: Option<String>,
    owasp: Option<String>,
    cvss_score: Option<f64>,
    auto_fix_available: bool,
    fix_confidence: Option<f64>,
    /// Null: none was made.
    #[schema(value_type = Option<Object>)]
    fix_pull_request: Option<()>,
    #[schema(value_type = String, format = DateTime)]
    detected_at: Timestamp,
    repository_name: String,
    rule: String,
    tool: String,
    category: Option<String>,
    end_line: u32,
    column_number: u32,
    /// The number of the first of `lines`.
    first_line: u32,
    /// The lines around the finding.
    lines: Vec<String>,
    references: Vec<String>,
    confidence: f64,
    reach: String,
    /// 0 to 1.
    risk: f64,
    /// Who decided how it stands: `scan`, `code` (a comment in it), `person`.
    decided_by: String,
    status_reason: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    ignored_until: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    last_seen_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    fixed_at: Option<Timestamp>,
    /// `fix_pr`, `commit`, `manual`.
    fixed_by: Option<String>,
    /// Why the last scans could not tell whether it is still there; null when they could.
    not_observed: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    not_observed_since: Option<Timestamp>,
    /// When asked for: the replacement that a rule proposes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    fix: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    occurrences: Option<Vec<Occurred>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<Vec<StatusChange>>,
    /// When asked for: the way of the data, from where it comes in to where it is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Object>>)]
    data_flow: Option<Vec<TraceStep>>,
}

impl From<Whole> for VulnerabilityDetail {
    fn from(whole: Whole) -> VulnerabilityDetail {
        let Whole { summary, detail, .. } = whole;
        VulnerabilityDetail {
            id: summary.id,
            repository_id: summary.repository_id,
            kind: summary.kind,
            severity: summary.severity,
            status: summary.status,
            file_path: summary.file_path,
            line_number: summary.line_number,
            code_snippet: whole.code_snippet,
            description: summary.title,
            explanation: detail.explanation,
            impact: detail.impact,
            recommendation: detail.recommendation,
            cwe_id: summary.cwe_id,
            owasp: summary.owasp,
            cvss_score: summary.cvss_score,
            auto_fix_available: summary.auto_fix_available,
            fix_confidence: summary.fix_confidence,
            fix_pull_request: None,
            detected_at: summary.detected_at,
            repository_name: summary.repository_name,
            rule: summary.rule,
            tool: whole.tool,
            category: summary.category,
            end_line: whole.end_line,
            column_number: whole.column,
            first_line: detail.first_line,
            lines: detail.lines,
            references: detail.references,
            confidence: summary.confidence,
            reach: summary.reach,
            risk: summary.risk,
            decided_by: whole.decider.name().to_owned(),
            status_reason: whole.status_reason,
            ignored_until: whole.ignored_until,
            last_seen_at: summary.last_seen_at,
            fixed_at: whole.fixed_at,
            fixed_by: whole.fixed_by.map(|by| by.name().to_owned()),
            not_observed: whole.unseen,
            not_observed_since: whole.unseen_since,
            fix: None,
            occurrences: None,
            history: None,
            data_flow: None,
        }
    }
}

async fn show_vulnerability(
    State(findings): State<Findings>,
    Caller(ctx): Caller,
    Id(id): Id<VulnerabilityId>,
    Params(asked): Params<Expand>,
) -> Result<Json<VulnerabilityDetail>, ApiError> {
    let parts = asked.expand.map(|choice| choice.of("expand", Part::ALL)).transpose()?.unwrap_or_default();
    let whole = findings.get(&ctx, id).await?;
    let (fix, trace) = (whole.detail.fix.clone(), whole.detail.trace.clone());
    let mut detail = VulnerabilityDetail::from(whole);
    if parts.contains(&Part::Fix) {
        let to_json = |fix| serde_json::to_value(fix).map_err(|error| ApiError::internal(&error));
        detail.fix = Some(fix.map(to_json).transpose()?.unwrap_or(Value::Null));
    }
    if parts.contains(&Part::Flow) {
        detail.data_flow = Some(trace);
    }
    if parts.contains(&Part::Occurrences) || parts.contains(&Part::History) {
        let history = findings.history(&ctx, id).await?;
        detail.occurrences = parts.contains(&Part::Occurrences).then_some(history.occurrences);
        detail.history = parts.contains(&Part::History).then_some(history.status_changes);
    }
    Ok(Json(detail))
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct VulnerabilityHistory {
    status_changes: Vec<StatusChange>,
    occurrences: Vec<Occurred>,
}

async fn show_history(
    State(findings): State<Findings>,
    Caller(ctx): Caller,
    Id(id): Id<VulnerabilityId>,
) -> Result<Json<VulnerabilityHistory>, ApiError> {
    let history = findings.history(&ctx, id).await?;
    Ok(Json(VulnerabilityHistory { status_changes: history.status_changes, occurrences: history.occurrences }))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct VulnerabilityStatusBody {
    #[schema(value_type = String)]
    status: Status,
    /// At most 1,000 characters; needed for `false_positive` and `ignored`.
    reason: Option<String>,
    /// Of `ignored`: it is open again then.
    #[schema(value_type = Option<String>, format = DateTime)]
    ignored_until: Option<Timestamp>,
}

async fn change_status(
    State(findings): State<Findings>,
    Caller(ctx): Caller,
    Id(id): Id<VulnerabilityId>,
    Body(body): Body<VulnerabilityStatusBody>,
) -> Result<Json<VulnerabilityDetail>, ApiError> {
    let decision = Decision { status: body.status, reason: body.reason, ignored_until: body.ignored_until };
    findings.decide(&ctx, id, &decision).await?;
    Ok(Json(findings.get(&ctx, id).await?.into()))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct BulkStatusBody {
    /// From 1 to 200.
    #[schema(value_type = Vec<String>)]
    ids: Vec<VulnerabilityId>,
    #[schema(value_type = String)]
    status: Status,
    reason: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    ignored_until: Option<Timestamp>,
}

#[derive(Serialize, ToSchema)]
struct BulkStatusAnswer {
    updated: u64,
    failed: Vec<StatusRefused>,
    /// How those that were changed stood before, to take it back.
    before: Vec<StatusBefore>,
}

#[derive(Serialize, ToSchema)]
struct StatusRefused {
    #[schema(value_type = String)]
    id: VulnerabilityId,
    code: String,
    error: String,
}

#[derive(Serialize, ToSchema)]
struct StatusBefore {
    #[schema(value_type = String)]
    id: VulnerabilityId,
    #[schema(value_type = String)]
    status: Status,
}

async fn change_statuses(
    State(findings): State<Findings>,
    Caller(ctx): Caller,
    Body(body): Body<BulkStatusBody>,
) -> Result<Json<BulkStatusAnswer>, ApiError> {
    let decision = Decision { status: body.status, reason: body.reason, ignored_until: body.ignored_until };
    let Decided { updated, failed } = findings.decide_many(&ctx, &body.ids, &decision).await?;
    Ok(Json(BulkStatusAnswer {
        updated: updated.len() as u64,
        failed: failed
            .into_iter()
            .map(|(id, code, error)| StatusRefused { id, code: code.to_owned(), error })
            .collect(),
        before: updated.into_iter().map(|(id, status)| StatusBefore { id, status }).collect(),
    }))
}

async fn show_stats(State(findings): State<Findings>, Caller(ctx): Caller) -> Result<Json<DashboardStats>, ApiError> {
    Ok(Json(findings.stats(&ctx).await?))
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ActivityAsked {
    /// From 1.
    page: Option<u32>,
    /// From 1 to 100; 50 where nothing is said.
    limit: Option<u32>,
    #[param(value_type = Option<String>)]
    repository_id: Option<RepositoryId>,
    event_type: Option<String>,
}

list_of!(ActivityList { activities: Activity });

/// Lines of the feed on a page, where nothing is said.
const ACTIVITY_LINES: u32 = 50;

async fn list_activity(
    State(findings): State<Findings>,
    Caller(ctx): Caller,
    Params(asked): Params<ActivityAsked>,
) -> Result<Json<ActivityList>, ApiError> {
    let (page, limit) = (asked.page.unwrap_or(1), asked.limit.unwrap_or(ACTIVITY_LINES));
    if page == 0 || !(1..=100).contains(&limit) {
        return Err(ApiError::invalid("page", "page counts from 1, limit goes from 1 to 100"));
    }
    let filter = activity::Filter { repository: asked.repository_id, event_type: asked.event_type };
    Ok(Json(ActivityList::new(findings.activity(&ctx, &filter, Page { page, limit }).await?)))
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TrendsAsked {
    /// `7d`, `30d`, `90d`, `365d`; 30 days where nothing is said.
    #[param(value_type = Option<String>)]
    period: Option<Period>,
    /// `day`, `week`, `month`.
    #[param(value_type = Option<String>)]
    interval: Option<Interval>,
    #[param(value_type = Option<String>)]
    repository_id: Option<RepositoryId>,
}

async fn show_trends(
    State(findings): State<Findings>,
    Caller(ctx): Caller,
    Params(asked): Params<TrendsAsked>,
) -> Result<Json<Trends>, ApiError> {
    let period = asked.period.unwrap_or(Period::Month);
    Ok(Json(findings.trends(&ctx, period, asked.interval, asked.repository_id).await?))
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RiskAsked {
    #[param(value_type = Option<String>)]
    repository_id: Option<RepositoryId>,
}

async fn show_risk(
    State(findings): State<Findings>,
    Caller(ctx): Caller,
    Params(asked): Params<RiskAsked>,
) -> Result<Json<RiskScore>, ApiError> {
    Ok(Json(findings.risk_score(&ctx, asked.repository_id).await?))
}

async fn show_times(State(findings): State<Findings>, Caller(ctx): Caller) -> Result<Json<TimesToFix>, ApiError> {
    Ok(Json(findings.times_to_fix(&ctx).await?))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct StatisticsAsked {
    /// From 1 to 365; 30 where nothing is said.
    #[param(value_type = Option<u64>)]
    days: Option<HistoryDays>,
}

async fn show_statistics(
    State(findings): State<Findings>,
    Caller(ctx): Caller,
    Id(id): Id<RepositoryId>,
    Params(asked): Params<StatisticsAsked>,
) -> Result<Json<Statistics>, ApiError> {
    Ok(Json(findings.statistics(&ctx, id, asked.days.unwrap_or_default().0).await?))
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ImportAsked {
    /// 7 to 64 hexadecimal digits: what the tool has looked at.
    commit_hash: Option<String>,
}

/// SARIF 2.1.0; or `{ "tool": "name", "findings": [{ "ruleId", "severity", "filePath", "lineNumber", "endLine", "message",
/// "codeSnippet", "fingerprint" }] }`.
#[derive(Deserialize, ToSchema)]
#[schema(value_type = Object)]
struct ImportBody(Value);

async fn import_findings(
    State(findings): State<Findings>,
    Caller(ctx): Caller,
    Id(id): Id<RepositoryId>,
    Params(asked): Params<ImportAsked>,
    Body(ImportBody(document)): Body<ImportBody>,
) -> Result<(StatusCode, Json<ImportedScan>), ApiError> {
    let scan = findings.import(&ctx, id, asked.commit_hash.as_deref(), document).await?;
    Ok((StatusCode::ACCEPTED, Json(scan)))
}
