//! The routes of what repositories have at their forge.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rampart_access::Rule;
use rampart_kernel::Secret;
use rampart_web::{ApiError, Body, Caller, Class, Id, Listing, Params, Route, list_of};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::at_forge::Guarded;
use crate::access::{ConnectForges, ManageRepositories};
use crate::fields::BranchName;
use crate::model::{Provider, Repository, RepositoryId};
use crate::remote::CHECK;
use crate::service::Forge;

pub fn routes(forge: &Forge) -> Vec<Route> {
    let (manage, connect) = (Rule::of::<ManageRepositories>(), Rule::of::<ConnectForges>());
    let failing = |route: Route| route.refuses(StatusCode::BAD_GATEWAY, &["UPSTREAM_ERROR"]);
    vec![
        failing(
            Route::new(Method::GET, "/repositories/available", manage, forge, list_available)
                .summary("Repositories that the caller could connect")
                .lists::<Asked>()
                .answers::<AvailableRepositories>(StatusCode::OK)
                .refuses(StatusCode::CONFLICT, &["GITHUB_NOT_CONNECTED", "PROVIDER_NOT_CONFIGURED"]),
        ),
        failing(
            Route::new(Method::POST, "/repositories/{id}/webhook", connect, forge, renew_hook)
                .summary("Give the repository's hook another secret, or make the hook")
                .answers::<Repository>(StatusCode::OK),
        ),
        failing(
            Route::new(Method::GET, "/repositories/{id}/branch-protection", connect, forge, show_protection)
                .summary("Which checks the forge asks for before a branch takes a change")
                .answers::<Guarded>(StatusCode::OK),
        ),
        failing(
            Route::new(Method::PUT, "/repositories/{id}/branch-protection", connect, forge, change_protection)
                .summary("Have the forge ask for checks before a branch takes a change, or no longer")
                .takes::<ProtectionBody>()
                .answers::<Guarded>(StatusCode::OK),
        ),
        Route::new(Method::GET, "/integrations/github/install", connect, forge, leave_to_install)
            .summary("To GitHub, to install the app; who accepts `application/json` is told the address instead")
            .limited(&[Class::Auth])
            .answers::<Address>(StatusCode::OK)
            .answers_nothing(StatusCode::FOUND)
            .refuses(StatusCode::CONFLICT, &["PROVIDER_NOT_CONFIGURED"]),
        Route::new(Method::GET, "/integrations/github/callback", Rule::SignedIn, forge, come_back_from_install)
            .summary("Back from GitHub, with the app installed")
            .limited(&[Class::Auth])
            .asks::<Back>()
            .answers_nothing(StatusCode::FOUND)
            .refuses(StatusCode::CONFLICT, &["GITHUB_NOT_CONNECTED", "PROVIDER_NOT_CONFIGURED"]),
    ]
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// github when nothing is said.
    #[param(value_type = Option<String>)]
    provider: Option<Provider>,
    /// Part of the full name.
    q: Option<String>,
}

/// A repository at a forge.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AvailableRepository {
    pub provider_repo_id: String,
    pub full_name: String,
    pub private: bool,
    pub language: Option<String>,
    pub default_branch: Option<String>,
    /// Whether it is connected to the workspace.
    pub connected: bool,
}

list_of!(AvailableRepositories { repositories: AvailableRepository });

async fn list_available(
    State(forge): State<Forge>,
    Caller(ctx): Caller,
    Listing { page, filter }: Listing<Asked>,
) -> Result<Json<AvailableRepositories>, ApiError> {
    let provider = filter.provider.unwrap_or(Provider::Github);
    let found = forge.list_available(&ctx, provider, filter.q.as_deref(), page).await?;
    Ok(Json(AvailableRepositories::new(found)))
}

async fn renew_hook(
    State(forge): State<Forge>,
    Caller(ctx): Caller,
    Id(id): Id<RepositoryId>,
) -> Result<Json<Repository>, ApiError> {
    Ok(Json(forge.renew_hook(&ctx, id).await?))
}

async fn show_protection(
    State(forge): State<Forge>,
    Caller(ctx): Caller,
    Id(id): Id<RepositoryId>,
) -> Result<Json<Guarded>, ApiError> {
    Ok(Json(forge.get_protection(&ctx, id).await?))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ProtectionBody {
    #[schema(value_type = String)]
    branch: BranchName,
    enforced: bool,
    /// `rampart/security` when nothing is said.
    required_checks: Option<Vec<String>>,
}

async fn change_protection(
    State(forge): State<Forge>,
    Caller(ctx): Caller,
    Id(id): Id<RepositoryId>,
    Body(body): Body<ProtectionBody>,
) -> Result<Json<Guarded>, ApiError> {
    let checks = body.required_checks.unwrap_or_else(|| vec![CHECK.to_owned()]);
    let wanted = Guarded { branch: body.branch, enforced: body.enforced, required_checks: checks };
    Ok(Json(forge.change_protection(&ctx, id, wanted).await?))
}

/// Where a browser is to go.
#[derive(Serialize, ToSchema)]
struct Address {
    url: String,
}

/// A page that asks cannot see where a redirection leads, and a browser that follows one cannot say for which workspace.
async fn leave_to_install(
    State(forge): State<Forge>,
    Caller(ctx): Caller,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let url = forge.leave_to_install(&ctx)?;
    let as_json = headers.get(header::ACCEPT).is_some_and(|accepted| accepted == "application/json");
    if as_json { Ok(Json(Address { url }).into_response()) } else { found(&url) }
}

#[derive(Deserialize, IntoParams)]
struct Back {
    installation_id: String,
    state: Option<String>,
}

async fn come_back_from_install(
    State(forge): State<Forge>,
    Caller(ctx): Caller,
    Params(back): Params<Back>,
) -> Result<Response, ApiError> {
    let state = Secret::new(back.state.unwrap_or_default());
    found(&forge.come_back_from_install(&ctx, &back.installation_id, &state).await?)
}

fn found(url: &str) -> Result<Response, ApiError> {
    let url = HeaderValue::from_str(url).map_err(|error| ApiError::internal(&error))?;
    Ok((StatusCode::FOUND, [(header::LOCATION, url)]).into_response())
}
