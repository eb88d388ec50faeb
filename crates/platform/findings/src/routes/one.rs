//! A finding, what happened to it, and what is decided about it.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use rampart_access::Rule;
use rampart_forge::RepositoryId;
use rampart_kernel::Timestamp;
use rampart_report::model::TraceStep;
use rampart_web::{ApiError, Body, Caller, Id, Params, Route};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::Choice;
use crate::access::{ReadFindings, TriageFindings};
use crate::model::{Decision, Severity, Status, StatusChange, VulnerabilityId};
use crate::service::{Decided, Findings};
use crate::store::look::Whole;
use crate::store::triage::Occurred;

pub(super) fn routes(findings: &Findings) -> Vec<Route> {
    let (read, triage) = (Rule::of::<ReadFindings>(), Rule::of::<TriageFindings>());
    vec![
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
    ]
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
