//! The configuration in effect.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use rampart_access::{Ctx, Rule};
use rampart_kernel::config::Entry;
use rampart_web::{ApiError, Caller, Route};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Result;
use crate::module::Operations;

pub fn routes(operations: &Operations) -> Vec<Route> {
    vec![
        Route::new(Method::GET, "/admin/config", Rule::PlatformAdmin, operations, show_config)
            .summary(
                "The configuration of the process that answers, and where each value came from; secrets are masked",
            )
            .answers::<EffectiveConfig>(StatusCode::OK),
    ]
}

#[derive(Serialize, ToSchema)]
struct EffectiveConfig {
    settings: Vec<EffectiveSetting>,
}

#[derive(Serialize, ToSchema)]
struct EffectiveSetting {
    /// Of its environment variable.
    name: &'static str,
    /// `***` when it is secret; empty when it is not set.
    value: String,
    /// `default`, `environment NAME` or `file PATH`.
    origin: String,
    meaning: &'static str,
}

impl From<&Entry> for EffectiveSetting {
    fn from(entry: &Entry) -> EffectiveSetting {
        EffectiveSetting {
            name: entry.name,
            value: entry.shown.clone(),
            origin: entry.origin.to_string(),
            meaning: entry.meaning,
        }
    }
}

impl Operations {
    /// # Errors
    /// When the caller does not administer the installation.
    pub fn config(&self, ctx: &Ctx) -> Result<&[Entry]> {
        ctx.require_platform_admin()?;
        Ok(self.effective.entries())
    }
}

async fn show_config(
    State(operations): State<Operations>,
    Caller(ctx): Caller,
) -> Result<Json<EffectiveConfig>, ApiError> {
    let settings = operations.config(&ctx)?.iter().map(EffectiveSetting::from).collect();
    Ok(Json(EffectiveConfig { settings }))
}
