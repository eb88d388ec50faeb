//! The routes: what they take and answer, and nothing decided.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use rampart_access::Rule;
use rampart_analysis::{RunScans, Scan};
use rampart_findings::{ReadFindings, Severity};
use rampart_forge::git::Diff;
use rampart_forge::{
    PullRequest, PullRequestFilter, PullRequestId, PullRequestState, PullRequestStatus, ReadRepositories, RepositoryId,
};
use rampart_web::{ApiError, Body, Caller, Id, Listing, Params, Route, list_of};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::access::CommentOnChanges;
use crate::service::{COMMENT, Feedback, Listed, NewComment, Whole};
use crate::store::{Author, Judged, PrComment};

pub fn routes(feedback: &Feedback) -> Vec<Route> {
    let read = Rule::of::<ReadRepositories>();
    vec![
        Route::new(Method::GET, "/pull-requests", read, feedback, list_pull_requests)
            .summary("Pull requests, the newest first")
            .lists::<Asked>()
            .answers::<PullRequestList>(StatusCode::OK),
        Route::new(Method::GET, "/pull-requests/{id}", read, feedback, show_pull_request)
            .summary("A pull request, the scan that looked at it last, and what that came to")
            .answers::<PullRequestDetail>(StatusCode::OK),
        Route::new(Method::GET, "/pull-requests/{id}/diff", Rule::of::<ReadFindings>(), feedback, show_diff)
            .summary("What a pull request changes, line by line")
            .asks::<OfDiff>()
            .answers::<Diff>(StatusCode::OK)
            .refuses(StatusCode::CONFLICT, &["CONFLICT"]),
        Route::new(Method::GET, "/pull-requests/{id}/comments", read, feedback, list_comments)
            .summary("What was said at a pull request by Rampart and through it, the oldest first")
            .lists::<OfComments>()
            .answers::<PrCommentList>(StatusCode::OK),
        Route::new(Method::POST, "/pull-requests/{id}/comments", Rule::of::<CommentOnChanges>(), feedback, add_comment)
            .summary("Say something at a pull request")
            .takes::<PrCommentBody>()
            .answers::<PrComment>(StatusCode::CREATED)
            .refuses(StatusCode::CONFLICT, &["PROVIDER_NOT_CONFIGURED", "GITHUB_NOT_CONNECTED"])
            .refuses(StatusCode::BAD_GATEWAY, &["UPSTREAM_ERROR"]),
        Route::new(Method::POST, "/pull-requests/{id}/analyze", Rule::of::<RunScans>(), feedback, analyze)
            .summary("Look at a pull request again")
            .answers::<Scan>(StatusCode::ACCEPTED)
            .refuses(StatusCode::CONFLICT, &["SCAN_ALREADY_RUNNING", "CONFLICT"])
            .refuses(StatusCode::TOO_MANY_REQUESTS, &["SCAN_QUOTA_EXCEEDED"]),
    ]
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Asked {
    #[param(value_type = Option<String>)]
    repo_id: Option<RepositoryId>,
    #[param(value_type = Option<String>)]
    status: Option<PullRequestStatus>,
    #[param(value_type = Option<String>)]
    state: Option<PullRequestState>,
    author: Option<String>,
    /// As the forge counts; of every repository, when none is named.
    number: Option<u32>,
}

list_of!(PullRequestList { pull_requests: Listed });

async fn list_pull_requests(
    State(feedback): State<Feedback>,
    Caller(ctx): Caller,
    Listing { page, filter }: Listing<Asked>,
) -> Result<Json<PullRequestList>, ApiError> {
    let Asked { repo_id, status, state, author, number } = filter;
    let filter = PullRequestFilter { repository: repo_id, status, state, author, number };
    Ok(Json(PullRequestList::new(feedback.list(&ctx, &filter, page).await?)))
}

#[derive(Serialize, ToSchema)]
struct PullRequestDetail {
    #[serde(flatten)]
    pull_request: PullRequest,
    /// The scan that looked at it last; its new and fixed findings are those of the change.
    analysis: Option<Scan>,
    /// What that scan came to; nothing while it waits or runs, or when it failed.
    judgement: Option<Judged>,
}

async fn show_pull_request(
    State(feedback): State<Feedback>,
    Caller(ctx): Caller,
    Id(id): Id<PullRequestId>,
) -> Result<Json<PullRequestDetail>, ApiError> {
    let Whole { pull, scan, judged } = feedback.get(&ctx, id).await?;
    Ok(Json(PullRequestDetail { pull_request: pull, analysis: scan, judgement: judged }))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct OfDiff {
    /// One file that differs, of which more lines are shown: 20,000 instead of 3,000.
    path: Option<String>,
}

async fn show_diff(
    State(feedback): State<Feedback>,
    Caller(ctx): Caller,
    Id(id): Id<PullRequestId>,
    Params(OfDiff { path }): Params<OfDiff>,
) -> Result<Json<Diff>, ApiError> {
    Ok(Json(feedback.diff(&ctx, id, path.as_deref()).await?))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct OfComments {
    #[param(value_type = Option<String>)]
    severity: Option<Severity>,
    #[param(value_type = Option<String>)]
    author: Option<Author>,
}

list_of!(PrCommentList { comments: PrComment });

async fn list_comments(
    State(feedback): State<Feedback>,
    Caller(ctx): Caller,
    Id(id): Id<PullRequestId>,
    Listing { page, filter }: Listing<OfComments>,
) -> Result<Json<PrCommentList>, ApiError> {
    let asked = (filter.severity.map(Severity::name), filter.author);
    Ok(Json(PrCommentList::new(feedback.comments(&ctx, id, asked, page).await?)))
}

/// Said in the conversation, or beside a line.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PrCommentBody {
    /// 1 to 65,536 characters of Markdown.
    comment: String,
    /// With `lineNumber`: a file of the change.
    file_path: Option<String>,
    /// From 1, as the head has it.
    line_number: Option<u32>,
    /// `info` when nothing is said.
    #[schema(value_type = Option<String>)]
    severity: Option<Severity>,
    /// `comment` when nothing is said.
    category: Option<String>,
    /// What is to stand in place of the line.
    suggestion: Option<String>,
}

async fn add_comment(
    State(feedback): State<Feedback>,
    Caller(ctx): Caller,
    Id(id): Id<PullRequestId>,
    Body(body): Body<PrCommentBody>,
) -> Result<(StatusCode, Json<PrComment>), ApiError> {
    let PrCommentBody { comment, file_path, line_number, severity, category, suggestion } = body;
    let place = match (file_path, line_number) {
        (Some(path), Some(line)) => Some((path, line)),
        (None, None) => None,
        _ => return Err(ApiError::invalid("filePath", "goes with lineNumber")),
    };
    let severity = severity.unwrap_or(Severity::Info);
    let category = category.unwrap_or_else(|| COMMENT.to_owned());
    let new = NewComment { comment, place, severity, category, suggestion };
    Ok((StatusCode::CREATED, Json(feedback.comment(&ctx, id, &new).await?)))
}

async fn analyze(
    State(feedback): State<Feedback>,
    Caller(ctx): Caller,
    Id(id): Id<PullRequestId>,
) -> Result<(StatusCode, Json<Scan>), ApiError> {
    Ok((StatusCode::ACCEPTED, Json(feedback.analyze(&ctx, id).await?)))
}
