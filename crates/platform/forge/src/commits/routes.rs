//! The routes of commits.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{Method, StatusCode};
use rampart_access::Rule;
use rampart_web::{ApiError, Caller, Listing, Params, Route, list_of};
use serde::Deserialize;
use utoipa::IntoParams;

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

list_of!(CommitList { commits: Commit });

async fn list_commits(
    State(forge): State<Forge>,
    Caller(ctx): Caller,
    Listing { page, filter }: Listing<Asked>,
) -> Result<Json<CommitList>, ApiError> {
    let Asked { repository_id, branch, author, status } = filter;
    let filter = Filter { repository: repository_id, branch, author, status };
    Ok(Json(CommitList::new(forge.list_commits(&ctx, &filter, page).await?)))
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
