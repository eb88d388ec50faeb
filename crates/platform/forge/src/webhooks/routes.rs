//! The doors of forges.

use std::sync::OnceLock;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use rampart_access::{Ctx, Rule};
use rampart_web::{ApiError, Caller, Params, Route, read_body};
use ring::digest;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::model::{Incoming, Taken};
use super::proof::Proof;
use crate::error::Error;
use crate::model::Provider;
use crate::service::Forge;

/// The secret is the hook's own, or the one of the installation.
const SIGNED: Rule = Rule::Signed("X-Hub-Signature-256");
const SHOWN: Rule = Rule::Signed("X-Gitlab-Token");

pub fn routes(forge: &Forge) -> Vec<Route> {
    let described = |route: Route, summary: &str| {
        route
            .summary(summary)
            .bodies_up_to(forge.webhook_limit())
            .asks::<OfHook>()
            .answers::<Answer>(StatusCode::ACCEPTED)
            .answers::<Answer>(StatusCode::OK)
            .refuses(StatusCode::BAD_REQUEST, &["UNSUPPORTED_EVENT", "VALIDATION_ERROR"])
            .refuses(StatusCode::UNAUTHORIZED, &["INVALID_SIGNATURE"])
    };
    let all = Route::new(Method::POST, "/webhooks/github", SIGNED, forge, take_github).also_at_root();
    let pulls = Route::new(Method::POST, "/webhooks/github/pr", SIGNED, forge, take_github_pull_request);
    let gitlab = Route::new(Method::POST, "/webhooks/gitlab", SHOWN, forge, take_gitlab).also_at_root();
    vec![
        described(all, "What GitHub tells: pushes, pull requests, installations"),
        described(pulls.also_at_root(), "What GitHub tells of pull requests"),
        described(gitlab, "What GitLab tells: pushes, merge requests, notes, and all of it by system hooks"),
    ]
}

#[derive(Deserialize, IntoParams)]
struct OfHook {
    /// Which connected repository the hook was installed for.
    repo: Option<String>,
}

/// Whether something follows from it, and why not.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WebhookTaken)]
struct Answer {
    delivery_id: String,
    accepted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// Jobs that were queued by the time of the answer. What is scanned is queued as soon as the delivery is told inside.
    #[serde(skip_serializing_if = "Option::is_none")]
    jobs: Option<Vec<String>>,
}

async fn take_github(
    State(forge): State<Forge>,
    Caller(ctx): Caller,
    Params(hook): Params<OfHook>,
    request: Request,
) -> Result<(StatusCode, Json<Answer>), ApiError> {
    let incoming = read(&forge, Provider::Github, hook, request).await?;
    answer(&forge, &ctx, incoming).await
}

async fn take_github_pull_request(
    State(forge): State<Forge>,
    Caller(ctx): Caller,
    Params(hook): Params<OfHook>,
    request: Request,
) -> Result<(StatusCode, Json<Answer>), ApiError> {
    let incoming = read(&forge, Provider::Github, hook, request).await?;
    answer(&forge, &ctx, Incoming { only_pull_requests: true, ..incoming }).await
}

async fn take_gitlab(
    State(forge): State<Forge>,
    Caller(ctx): Caller,
    Params(hook): Params<OfHook>,
    request: Request,
) -> Result<(StatusCode, Json<Answer>), ApiError> {
    let incoming = read(&forge, Provider::Gitlab, hook, request).await?;
    answer(&forge, &ctx, incoming).await
}

/// What shows nothing that it comes from there is not even read.
async fn read(forge: &Forge, provider: Provider, hook: OfHook, request: Request) -> Result<Incoming, ApiError> {
    let proof = Proof::of(provider, request.headers()).ok_or(Error::InvalidSignature)?;
    let (event, delivery) = match provider {
        Provider::Gitlab => (text(request.headers(), "x-gitlab-event"), text(request.headers(), "idempotency-key")),
        _ => (text(request.headers(), "x-github-event"), text(request.headers(), "x-github-delivery")),
    };
    let body = read_body(request, forge).await?;
    // Before 17.4 GitLab gives deliveries no names, and `X-Gitlab-Event-UUID` is the same for all that follows from one event. What is
    // sent again has the same bytes.
    let delivery = if provider == Provider::Gitlab && delivery.is_empty() { hash(&body) } else { delivery };
    Ok(Incoming {
        provider,
        proof,
        repository: hook.repo,
        event,
        delivery,
        only_pull_requests: false,
        body,
        about: OnceLock::new(),
    })
}

fn hash(body: &[u8]) -> String {
    digest::digest(&digest::SHA256, body).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

async fn answer(forge: &Forge, ctx: &Ctx, incoming: Incoming) -> Result<(StatusCode, Json<Answer>), ApiError> {
    let (status, accepted, reason) = match forge.take(ctx, &incoming).await? {
        Taken::Accepted => (StatusCode::ACCEPTED, true, None),
        Taken::Ignored(why) => (StatusCode::OK, false, Some(why)),
    };
    let jobs = accepted.then(Vec::new);
    Ok((status, Json(Answer { delivery_id: incoming.delivery, accepted, reason, jobs })))
}
