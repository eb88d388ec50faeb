//! The routes of jobs, dead letters and queues.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use rampart_access::Rule;
use rampart_jobs::{DeadLetter, JobFilter, JobId, JobInfo, Status};
use rampart_kernel::Timestamp;
use rampart_web::{ApiError, Body, Caller, Done, Id, Listing, Params, Route, list_of};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::service::QueueInfo;
use crate::module::Operations;

pub fn routes(operations: &Operations) -> Vec<Route> {
    let (get, post, delete, rule) = (Method::GET, Method::POST, Method::DELETE, Rule::PlatformAdmin);
    vec![
        Route::new(get.clone(), "/admin/queues", rule, operations, list_queues)
            .summary("How full the queues are")
            .answers::<Queues>(StatusCode::OK),
        Route::new(get.clone(), "/admin/jobs", rule, operations, list_jobs)
            .summary("Jobs, newest first")
            .asks::<JobsAsked>()
            .answers::<JobsAnswer>(StatusCode::OK),
        Route::new(get.clone(), "/admin/jobs/{id}", rule, operations, show_job)
            .summary("A job")
            .answers::<JobAnswer>(StatusCode::OK),
        Route::new(post.clone(), "/admin/jobs/{id}/retry", rule, operations, retry_job)
            .summary("Put a job back that failed for good")
            .answers::<JobAnswer>(StatusCode::OK)
            .refuses(StatusCode::CONFLICT, &["INVALID_STATE_TRANSITION"]),
        Route::new(post.clone(), "/admin/jobs/{id}/cancel", rule, operations, cancel_job)
            .summary("End a job that waits or runs")
            .answers::<JobAnswer>(StatusCode::OK)
            .refuses(StatusCode::CONFLICT, &["INVALID_STATE_TRANSITION"]),
        Route::new(get, "/admin/dead-letters", rule, operations, list_dead_letters)
            .summary("Jobs that failed for good, newest first")
            .lists::<DeadLettersAsked>()
            .answers::<DeadLetters>(StatusCode::OK),
        Route::new(post.clone(), "/admin/dead-letters/retry", rule, operations, retry_dead_letters)
            .summary("Put jobs back that failed for good, of one queue or of all, up to 1,000")
            .takes::<RetryBody>()
            .answers::<Retried>(StatusCode::OK),
        Route::new(post, "/admin/dead-letters/{id}/retry", rule, operations, retry_job)
            .summary("Put a job back that failed for good")
            .answers::<JobAnswer>(StatusCode::OK)
            .refuses(StatusCode::CONFLICT, &["INVALID_STATE_TRANSITION"]),
        Route::new(delete, "/admin/dead-letters/{id}", rule, operations, discard_dead_letter)
            .summary("Remove a job that failed for good")
            .answers::<Done>(StatusCode::OK),
    ]
}

#[derive(Serialize, ToSchema)]
struct Queues {
    queues: Vec<QueueAnswer>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct QueueAnswer {
    name: String,
    /// Ready to run.
    depth: u64,
    /// To run later.
    delayed: u64,
    running: u64,
    dead: u64,
    /// Jobs that one process runs at the same time.
    concurrency: Option<usize>,
    /// How long the oldest has been ready.
    oldest_age_seconds: Option<u64>,
}

impl From<QueueInfo> for QueueAnswer {
    fn from(queue: QueueInfo) -> QueueAnswer {
        QueueAnswer {
            name: queue.name,
            depth: queue.depth.ready,
            delayed: queue.depth.delayed,
            running: queue.depth.running,
            dead: queue.depth.dead,
            concurrency: queue.concurrency,
            oldest_age_seconds: queue.depth.oldest.map(|age| age.as_secs()),
        }
    }
}

async fn list_queues(State(operations): State<Operations>, Caller(ctx): Caller) -> Result<Json<Queues>, ApiError> {
    let queues = operations.queues(&ctx).await?.into_iter().map(QueueAnswer::from).collect();
    Ok(Json(Queues { queues }))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct JobsAsked {
    queue: Option<String>,
    /// queued, running, completed, cancelled or dead
    #[param(value_type = Option<String>)]
    status: Option<Status>,
    #[serde(rename = "type")]
    #[param(rename = "type")]
    kind: Option<String>,
    /// Where the page before ended: its `nextCursor`.
    #[param(value_type = Option<String>, format = Uuid)]
    cursor: Option<JobId>,
    /// Rows of the page, 20 unless told.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// Rows of a page.
const USUAL: u32 = 20;
const LARGEST: u32 = 100;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct JobsAnswer {
    jobs: Vec<JobAnswer>,
    /// Nothing at the end.
    next_cursor: Option<String>,
}

/// Without its payload, which is the module's own.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobAnswer {
    id: String,
    queue: String,
    r#type: String,
    status: &'static str,
    attempts: u32,
    max_attempts: u32,
    workspace_id: Option<String>,
    last_error: Option<String>,
    request_id: String,
    #[schema(value_type = String, format = DateTime)]
    run_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    started_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Timestamp>,
}

impl From<JobInfo> for JobAnswer {
    fn from(job: JobInfo) -> JobAnswer {
        JobAnswer {
            id: job.id.to_string(),
            queue: job.queue,
            r#type: job.kind,
            status: job.status.name(),
            attempts: job.attempts,
            max_attempts: job.max_attempts,
            workspace_id: job.workspace.map(|id| id.to_string()),
            last_error: job.last_error,
            request_id: job.request_id,
            run_at: job.run_at,
            started_at: job.started_at,
            finished_at: job.finished_at,
        }
    }
}

async fn list_jobs(
    State(operations): State<Operations>,
    Caller(ctx): Caller,
    Params(asked): Params<JobsAsked>,
) -> Result<Json<JobsAnswer>, ApiError> {
    let limit = asked.limit.unwrap_or(USUAL);
    if !(1..=LARGEST).contains(&limit) {
        return Err(ApiError::invalid("limit", "goes from 1 to 100"));
    }
    let filter = JobFilter { queue: asked.queue, status: asked.status, kind: asked.kind, after: asked.cursor };
    let jobs = operations.list_jobs(&ctx, &filter, limit).await?;
    let next_cursor = jobs.last().filter(|_| jobs.len() == limit as usize).map(|last| last.id.to_string());
    Ok(Json(JobsAnswer { jobs: jobs.into_iter().map(JobAnswer::from).collect(), next_cursor }))
}

async fn show_job(
    State(operations): State<Operations>,
    Caller(ctx): Caller,
    Id(id): Id<JobId>,
) -> Result<Json<JobAnswer>, ApiError> {
    Ok(Json(operations.job(&ctx, id).await?.into()))
}

async fn retry_job(
    State(operations): State<Operations>,
    Caller(ctx): Caller,
    Id(id): Id<JobId>,
) -> Result<Json<JobAnswer>, ApiError> {
    Ok(Json(operations.retry_job(&ctx, id).await?.into()))
}

async fn cancel_job(
    State(operations): State<Operations>,
    Caller(ctx): Caller,
    Id(id): Id<JobId>,
) -> Result<Json<JobAnswer>, ApiError> {
    Ok(Json(operations.cancel_job(&ctx, id).await?.into()))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct DeadLettersAsked {
    queue: Option<String>,
}

list_of!(DeadLetters { dead_letters: DeadLetterAnswer });

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DeadLetterAnswer {
    /// Of the job.
    id: String,
    queue: String,
    r#type: String,
    attempts: u32,
    error: String,
    /// The last ten tries, each with when and why it failed.
    errors: Vec<TryAnswer>,
    #[schema(value_type = String, format = DateTime)]
    failed_at: Timestamp,
}

#[derive(Serialize, Deserialize, ToSchema)]
struct TryAnswer {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    error: String,
}

impl From<DeadLetter> for DeadLetterAnswer {
    fn from(letter: DeadLetter) -> DeadLetterAnswer {
        DeadLetterAnswer {
            id: letter.job.to_string(),
            queue: letter.queue,
            r#type: letter.kind,
            attempts: letter.attempts,
            error: letter.error,
            errors: serde_json::from_value(letter.errors).unwrap_or_default(),
            failed_at: letter.failed_at,
        }
    }
}

async fn list_dead_letters(
    State(operations): State<Operations>,
    Caller(ctx): Caller,
    Listing { page, filter }: Listing<DeadLettersAsked>,
) -> Result<Json<DeadLetters>, ApiError> {
    let found = operations.dead_letters(&ctx, filter.queue.as_deref(), page).await?;
    Ok(Json(DeadLetters::new(found.map(DeadLetterAnswer::from))))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RetryBody {
    /// All of them where nothing is said.
    queue: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct Retried {
    retried: u64,
    /// Those that were too many, and those that are like one that waits already.
    left: u64,
}

async fn retry_dead_letters(
    State(operations): State<Operations>,
    Caller(ctx): Caller,
    Body(body): Body<RetryBody>,
) -> Result<Json<Retried>, ApiError> {
    let (retried, left) = operations.retry_dead_letters(&ctx, body.queue.as_deref()).await?;
    Ok(Json(Retried { retried, left }))
}

async fn discard_dead_letter(
    State(operations): State<Operations>,
    Caller(ctx): Caller,
    Id(id): Id<JobId>,
) -> Result<Json<Done>, ApiError> {
    operations.discard_dead_letter(&ctx, id).await?;
    Ok(Json(Done::new()))
}
