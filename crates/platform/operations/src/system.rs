//! How the installation is.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use rampart_access::{Ctx, Rule};
use rampart_store::Dialect;
use rampart_web::{ApiError, Caller, Route};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Result;
use crate::module::Operations;

pub fn routes(operations: &Operations) -> Vec<Route> {
    vec![
        Route::new(Method::GET, "/admin/system", Rule::PlatformAdmin, operations, show_system)
            .summary("How the installation is")
            .answers::<System>(StatusCode::OK),
    ]
}

#[derive(Serialize, ToSchema)]
struct System {
    version: &'static str,
    database: Database,
}

#[derive(Serialize, ToSchema)]
struct Database {
    /// sqlite or postgresql
    kind: &'static str,
    /// Whether it takes a write: ok or down.
    status: &'static str,
}

impl Operations {
    async fn system(&self, ctx: &Ctx) -> Result<System> {
        ctx.require_platform_admin()?;
        let kind = match self.store.dialect() {
            Dialect::Sqlite => "sqlite",
            Dialect::Postgres => "postgresql",
        };
        let status = if self.store.check(ctx).await.is_ok() { "ok" } else { "down" };
        Ok(System { version: env!("CARGO_PKG_VERSION"), database: Database { kind, status } })
    }
}

async fn show_system(State(operations): State<Operations>, Caller(ctx): Caller) -> Result<Json<System>, ApiError> {
    Ok(Json(operations.system(&ctx).await?))
}
