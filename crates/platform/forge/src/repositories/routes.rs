//! The routes of repositories.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use rampart_access::Rule;
use rampart_kernel::{Secret, Timestamp};
use rampart_web::{ApiError, Body, Caller, Done, Id, Listing, Params, Route, list_of};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::connect::Connect;
use super::service::Change;
use super::store::{Filter, Order};
use crate::access::{DisconnectRepositories, ManageRepositories, ReadRepositories};
use crate::fields::BranchName;
use crate::model::{Provider, Repository, RepositoryId, RepositorySettings, RepositorySummary, ScanStatus, Threshold};
use crate::service::Forge;

pub fn routes(forge: &Forge) -> Vec<Route> {
    let (read, manage) = (Rule::of::<ReadRepositories>(), Rule::of::<ManageRepositories>());
    let disconnect = Rule::of::<DisconnectRepositories>();
    let connected = |path: &'static str| {
        Route::new(Method::POST, path, manage, forge, connect_repository)
            .summary("Connect a repository; its first scan begins by itself")
            .takes::<ConnectRepositoryBody>()
            .answers::<Repository>(StatusCode::CREATED)
            .refuses(
                StatusCode::CONFLICT,
                &["REPOSITORY_ALREADY_CONNECTED", "GITHUB_NOT_CONNECTED", "PROVIDER_NOT_CONFIGURED"],
            )
            .refuses(StatusCode::BAD_GATEWAY, &["UPSTREAM_ERROR"])
    };
    vec![
        Route::new(Method::GET, "/repositories", read, forge, list_repositories)
            .summary("Connected repositories")
            .lists::<Asked>()
            .answers::<RepositoryList>(StatusCode::OK),
        connected("/repositories"),
        connected("/repositories/connect"),
        Route::new(Method::GET, "/repositories/{id}", read, forge, show_repository)
            .summary("A repository")
            .answers::<Repository>(StatusCode::OK),
        Route::new(Method::PUT, "/repositories/{id}", manage, forge, change_repository)
            .summary("Change a repository's branch or how it is reached, or switch it on and off")
            .takes::<ChangeRepositoryBody>()
            .answers::<Repository>(StatusCode::OK)
            .refuses(StatusCode::CONFLICT, &["GITHUB_NOT_CONNECTED", "PROVIDER_NOT_CONFIGURED"])
            .refuses(StatusCode::BAD_GATEWAY, &["UPSTREAM_ERROR"]),
        Route::new(Method::PATCH, "/repositories/{id}/settings", manage, forge, change_settings)
            .summary("Choose what is done with a repository")
            .takes::<RepositorySettingsBody>()
            .answers::<Repository>(StatusCode::OK),
        Route::new(Method::DELETE, "/repositories/{id}", disconnect, forge, disconnect_repository)
            .summary("Disconnect a repository; with purge what is known of it goes too")
            .asks::<Purge>()
            .answers::<Done>(StatusCode::OK),
        Route::new(Method::GET, "/repositories/{id}/tree", read, forge, show_tree)
            .summary("The files of a branch, as of the last scan")
            .asks::<OfBranch>()
            .answers::<Tree>(StatusCode::OK),
    ]
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Asked {
    /// Part of the full name.
    q: Option<String>,
    #[param(value_type = Option<String>)]
    provider: Option<Provider>,
    language: Option<String>,
    #[param(value_type = Option<String>)]
    scan_status: Option<ScanStatus>,
    project_id: Option<String>,
    /// name, securityScore, lastScanAt, totalVulnerabilities, createdAt; with `-` the other way round.
    #[param(value_type = Option<String>)]
    sort: Option<Sort>,
}

struct Sort(Order, bool);

impl<'de> Deserialize<'de> for Sort {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Sort, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (field, down) = text.strip_prefix('-').map_or((text.as_str(), false), |field| (field, true));
        Ok(Sort(field.parse().map_err(serde::de::Error::custom)?, down))
    }
}

list_of!(RepositoryList { repositories: RepositorySummary });

async fn list_repositories(
    State(forge): State<Forge>,
    Caller(ctx): Caller,
    Listing { page, filter }: Listing<Asked>,
) -> Result<Json<RepositoryList>, ApiError> {
    let Asked { q, provider, language, scan_status, project_id, sort } = filter;
    let order = sort.map(|Sort(order, down)| (order, down));
    let filter = Filter { text: q, provider, language, scan_status, project: project_id, order };
    let paged = forge.list_repositories(&ctx, &filter, page).await?;
    Ok(Json(RepositoryList::new(paged.map(|repository| repository.summary))))
}

async fn show_repository(
    State(forge): State<Forge>,
    Caller(ctx): Caller,
    Id(id): Id<RepositoryId>,
) -> Result<Json<Repository>, ApiError> {
    Ok(Json(forge.get_repository(&ctx, id).await?))
}

/// Of which repository, one of the first three.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ConnectRepositoryBody {
    /// A path or address: for local ones `/srv/code/shop` or `file:///srv/code/shop`.
    #[schema(max_length = 2048)]
    repo_url: Option<String>,
    provider_repo_id: Option<String>,
    full_name: Option<String>,
    /// When nothing is said, gitlab for an address there and github for anything else.
    #[schema(value_type = Option<String>)]
    provider: Option<Provider>,
    #[schema(value_type = Option<String>)]
    default_branch: Option<BranchName>,
    auto_scan_enabled: Option<bool>,
    auto_fix_enabled: Option<bool>,
    /// With its name, instead of the three above.
    owner: Option<String>,
    repo_name: Option<String>,
    /// With what it is reached, instead of the caller's linked account; it is kept sealed.
    #[schema(value_type = Option<String>)]
    access_token: Option<Secret>,
    /// Of its hook, instead of one that nobody knows; it is kept sealed.
    #[schema(value_type = Option<String>)]
    webhook_secret: Option<Secret>,
}

/// Characters of an address.
const URL_LENGTH: usize = 2_048;

async fn connect_repository(
    State(forge): State<Forge>,
    Caller(ctx): Caller,
    Body(body): Body<ConnectRepositoryBody>,
) -> Result<(StatusCode, Json<Repository>), ApiError> {
    let provider = body.provider.unwrap_or_else(|| forge.provider_at(body.repo_url.as_deref().unwrap_or_default()));
    let whole = body.owner.as_ref().zip(body.repo_name.as_ref()).map(|(owner, name)| format!("{owner}/{name}"));
    let named = [&body.repo_url, &body.provider_repo_id, &body.full_name, &whole].into_iter().flatten().next();
    let url = match (&body.repo_url, named) {
        (_, None) => {
            return Err(ApiError::invalid("repoUrl", "say which repository: repoUrl, providerRepoId or fullName"));
        }
        (None, Some(_)) if provider == Provider::Local => {
            return Err(ApiError::invalid("repoUrl", "a local repository is named by its path"));
        }
        (_, Some(url)) if url.len() > URL_LENGTH => {
            return Err(ApiError::invalid("repoUrl", "is longer than 2,048 characters"));
        }
        (_, Some(url)) => url.clone(),
    };
    let connect = Connect {
        provider,
        url,
        default_branch: body.default_branch,
        auto_scan: body.auto_scan_enabled.unwrap_or(true),
        auto_fix: body.auto_fix_enabled.unwrap_or(false),
        access_token: body.access_token,
        webhook_secret: body.webhook_secret,
    };
    Ok((StatusCode::CREATED, Json(forge.connect(&ctx, connect).await?)))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ChangeRepositoryBody {
    #[schema(value_type = Option<String>)]
    default_branch: Option<BranchName>,
    active: Option<bool>,
    /// In place of the one it was connected with; it has to reach the repository.
    #[schema(value_type = Option<String>)]
    access_token: Option<Secret>,
    /// Of its hook, which is given it at the forge.
    #[schema(value_type = Option<String>)]
    webhook_secret: Option<Secret>,
}

async fn change_repository(
    State(forge): State<Forge>,
    Caller(ctx): Caller,
    Id(id): Id<RepositoryId>,
    Body(body): Body<ChangeRepositoryBody>,
) -> Result<Json<Repository>, ApiError> {
    if body.access_token.is_some() || body.webhook_secret.is_some() {
        forge.change_access(&ctx, id, body.access_token, body.webhook_secret).await?;
    }
    let change = Change { default_branch: body.default_branch, active: body.active, ..Change::default() };
    Ok(Json(forge.change_repository(&ctx, id, change).await?))
}

/// What is not named stays.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RepositorySettingsBody {
    auto_scan_enabled: Option<bool>,
    auto_fix_enabled: Option<bool>,
    #[schema(value_type = Option<String>)]
    min_severity_for_fix: Option<Threshold>,
    comment_on_pull_requests: Option<bool>,
    check_runs_enabled: Option<bool>,
    #[schema(value_type = Option<String>)]
    fail_check_on: Option<Threshold>,
    exclude_paths: Option<Vec<String>>,
    languages: Option<Vec<String>>,
    dynamic_analysis: Option<bool>,
    #[schema(value_type = Option<Vec<String>>)]
    scan_branches: Option<Vec<BranchName>>,
}

async fn change_settings(
    State(forge): State<Forge>,
    Caller(ctx): Caller,
    Id(id): Id<RepositoryId>,
    Body(body): Body<RepositorySettingsBody>,
) -> Result<Json<Repository>, ApiError> {
    let now = forge.get_repository(&ctx, id).await?.settings;
    let settings = RepositorySettings {
        min_severity_for_fix: body.min_severity_for_fix.unwrap_or(now.min_severity_for_fix),
        comment_on_pull_requests: body.comment_on_pull_requests.unwrap_or(now.comment_on_pull_requests),
        check_runs_enabled: body.check_runs_enabled.unwrap_or(now.check_runs_enabled),
        fail_check_on: body.fail_check_on.unwrap_or(now.fail_check_on),
        exclude_paths: body.exclude_paths.unwrap_or(now.exclude_paths),
        languages: body.languages.unwrap_or(now.languages),
        dynamic_analysis: body.dynamic_analysis.unwrap_or(now.dynamic_analysis),
        scan_branches: body.scan_branches.unwrap_or(now.scan_branches),
    };
    let change = Change {
        auto_scan: body.auto_scan_enabled,
        auto_fix: body.auto_fix_enabled,
        settings: Some(settings),
        ..Change::default()
    };
    Ok(Json(forge.change_repository(&ctx, id, change).await?))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Purge {
    /// Scans, findings and history of the repository go too.
    #[serde(default)]
    #[param(required = false)]
    purge: bool,
}

async fn disconnect_repository(
    State(forge): State<Forge>,
    Caller(ctx): Caller,
    Id(id): Id<RepositoryId>,
    Params(Purge { purge }): Params<Purge>,
) -> Result<Json<Done>, ApiError> {
    forge.disconnect(&ctx, id, purge).await?;
    Ok(Json(Done::new()))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct OfBranch {
    /// The default branch when nothing is said.
    #[param(value_type = Option<String>)]
    branch: Option<BranchName>,
    /// Not from the cache.
    #[serde(default)]
    #[param(required = false)]
    refresh: bool,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RepositoryTree)]
struct Tree {
    branch: String,
    commit_sha: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    #[schema(value_type = Vec<Object>)]
    tree: Value,
}

async fn show_tree(
    State(forge): State<Forge>,
    Caller(ctx): Caller,
    Id(id): Id<RepositoryId>,
    Params(OfBranch { branch, refresh }): Params<OfBranch>,
) -> Result<Json<Tree>, ApiError> {
    let listing = forge.tree(&ctx, id, branch, refresh).await?;
    Ok(Json(Tree {
        branch: listing.branch.to_string(),
        commit_sha: listing.hash.to_string(),
        expires_at: listing.expires_at,
        tree: listing.tree,
    }))
}
