//! The routes of commits.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{Method, StatusCode};
use rampart_access::Rule;
use rampart_web::{ApiError, Caller, Listing, Params, Route};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::model::{Commit, CommitStatus};
use super::store::Filter;
use crate::access::ReadRepositories;
use crate::model::RepositoryId;
use crate::service::Forge;

pub fn routes(forge: &Forge) -> Vec<Route> {
    let read = Rule::of::<ReadRepositories>();
    vec![
        Route::new(Method::GET, "/commits", read, forge, list_commits)
            .summary("Commits of watched branches, the newest first")
            .also_at_root()
            .lists::<Asked>()
            .answers::<CommitList>(StatusCode::OK),
        Route::new(Method::GET, "/commits/{hash}", read, forge, show_commit)
            .summary("A commit by the first digits of its hash")
            .asks::<Within>()
            .answers::<Commit>(StatusCode::OK)
            .refuses(StatusCode::CONFLICT, &["CONFLICT"]),
    ]
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Asked {
    #[param(value_type = Option<String>)]
    repository_id: Option<RepositoryId>,
    branch: Option<String>,
    author: Option<String>,
    #[param(value_type = Option<String>)]
    status: Option<CommitStatus>,
}

/// The shape for the document; the answer is put together by the page.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CommitList {
    commits: Vec<Commit>,
    total: u64,
    page: u32,
    per_page: u32,
}

async fn list_commits(
    State(forge): State<Forge>,
    Caller(ctx): Caller,
    Listing { page, filter }: Listing<Asked>,
) -> Result<Json<Value>, ApiError> {
    let Asked { repository_id, branch, author, status } = filter;
    let filter = Filter { repository: repository_id, branch, author, status };
    Ok(Json(forge.list_commits(&ctx, &filter, page).await?.named("commits")))
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Within {
    /// Needed when commits of several repositories begin so.
    #[param(value_type = Option<String>)]
    repository_id: Option<RepositoryId>,
}

async fn show_commit(
    State(forge): State<Forge>,
    Caller(ctx): Caller,
    Path(hash): Path<String>,
    Params(within): Params<Within>,
) -> Result<Json<Commit>, ApiError> {
    Ok(Json(forge.get_commit(&ctx, &hash, within.repository_id).await?))
}
