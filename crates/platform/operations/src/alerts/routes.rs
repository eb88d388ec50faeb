//! The route of alerts.

use axum::Json;
use axum::extract::State as Held;
use axum::http::{Method, StatusCode};
use rampart_access::Rule;
use rampart_kernel::Timestamp;
use rampart_web::{ApiError, Caller, Route};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Alert, AlertRule, State};
use crate::module::Operations;

pub fn routes(operations: &Operations) -> Vec<Route> {
    vec![
        Route::new(Method::GET, "/admin/alerts", Rule::PlatformAdmin, operations, list_alerts)
            .summary("What the installation measures about itself each minute, and whether it is as it should be")
            .answers::<PlatformAlerts>(StatusCode::OK),
    ]
}

#[derive(Serialize, ToSchema)]
struct PlatformAlerts {
    /// Those that fire first, then by name.
    alerts: Vec<PlatformAlert>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PlatformAlert {
    rule: &'static str,
    summary: &'static str,
    /// `ok` or `firing`.
    state: &'static str,
    /// Nothing where it was not measured yet, or there is nothing to measure.
    value: Option<f64>,
    threshold: f64,
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    checked_at: Option<Timestamp>,
}

impl From<(AlertRule, Option<Alert>)> for PlatformAlert {
    fn from((rule, alert): (AlertRule, Option<Alert>)) -> PlatformAlert {
        PlatformAlert {
            rule: rule.name,
            summary: rule.summary,
            state: alert.as_ref().map_or(State::Ok, |alert| alert.state).name(),
            value: alert.as_ref().map(|alert| alert.value),
            threshold: rule.threshold,
            since: alert.as_ref().map(|alert| alert.since),
            checked_at: alert.as_ref().map(|alert| alert.checked_at),
        }
    }
}

async fn list_alerts(
    Held(operations): Held<Operations>,
    Caller(ctx): Caller,
) -> Result<Json<PlatformAlerts>, ApiError> {
    let mut alerts: Vec<PlatformAlert> = operations.alerts(&ctx).await?.into_iter().map(PlatformAlert::from).collect();
    alerts.sort_by_key(|alert| (alert.state != State::Firing.name(), alert.rule));
    Ok(Json(PlatformAlerts { alerts }))
}
