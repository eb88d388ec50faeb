//! Numbers, and the feed of what happened.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use rampart_access::Rule;
use rampart_forge::RepositoryId;
use rampart_web::{ApiError, Caller, Id, Page, Params, Route, list_of};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::access::ReadFindings;
use crate::activity::{self, Activity};
use crate::dashboard::{DashboardStats, HistoryDays, Interval, Period, RiskScore, Statistics, TimesToFix, Trends};
use crate::service::Findings;

pub(super) fn routes(findings: &Findings) -> Vec<Route> {
    let read = Rule::of::<ReadFindings>();
    vec![
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
    ]
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
