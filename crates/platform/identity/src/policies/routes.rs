//! The routes of policies.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use rampart_access::Rule;
use rampart_web::{ApiError, Body, Caller, Class, Params, Route};
use serde::Deserialize;
use utoipa::IntoParams;

use super::model::Policy;
use crate::access::ManagePolicies;
use crate::service::Identity;

pub fn routes(identity: &Identity) -> Vec<Route> {
    let rule = Rule::of::<ManagePolicies>();
    vec![
        Route::new(Method::GET, "/workspaces/{id}/security", rule, identity, show_policy)
            .summary("What the workspace asks of those who enter it")
            .answers::<Policy>(StatusCode::OK),
        Route::new(Method::PUT, "/workspaces/{id}/security", rule, identity, set_policy)
            .summary("Set what the workspace asks of those who enter it")
            .limited(&[Class::User, Class::WorkspaceUpdate])
            .asks::<Force>()
            .takes::<Policy>()
            .answers::<Policy>(StatusCode::OK)
            .refuses(StatusCode::CONFLICT, &["CONFLICT"]),
    ]
}

async fn show_policy(State(identity): State<Identity>, Caller(ctx): Caller) -> Result<Json<Policy>, ApiError> {
    Ok(Json(identity.policy(&ctx).await?))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Force {
    /// Even if it keeps the caller out.
    #[serde(default)]
    #[param(required = false)]
    force: bool,
}

async fn set_policy(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Params(force): Params<Force>,
    Body(policy): Body<Policy>,
) -> Result<Json<Policy>, ApiError> {
    Ok(Json(identity.set_policy(&ctx, policy, force.force).await?))
}
