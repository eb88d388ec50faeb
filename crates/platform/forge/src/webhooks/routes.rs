//! The doors of forges.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use rampart_access::Rule;
use rampart_web::{ApiError, Caller, Params, Route, read_body};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::model::{Incoming, Taken};
use super::signature::Signature;
use crate::error::Error;
use crate::service::Forge;

/// The secret is the hook's own, or the one of the installation.
const SIGNED: Rule = Rule::Signed("X-Hub-Signature-256");

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
    vec![
        described(all, "What GitHub tells: pushes, pull requests, installations"),
        described(pulls.also_at_root(), "What GitHub tells of pull requests"),
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
    let incoming = read(&forge, hook, request, false).await?;
    answer(forge.take_github(&ctx, &incoming).await?, incoming.delivery)
}

async fn take_github_pull_request(
    State(forge): State<Forge>,
    Caller(ctx): Caller,
    Params(hook): Params<OfHook>,
    request: Request,
) -> Result<(StatusCode, Json<Answer>), ApiError> {
    let incoming = read(&forge, hook, request, true).await?;
    answer(forge.take_github(&ctx, &incoming).await?, incoming.delivery)
}

/// What is not signed at all is not even read.
async fn read(forge: &Forge, hook: OfHook, request: Request, only_pull_requests: bool) -> Result<Incoming, ApiError> {
    let signature = Signature::of(request.headers()).ok_or(Error::InvalidSignature)?;
    let (event, delivery) = (text(request.headers(), "x-github-event"), text(request.headers(), "x-github-delivery"));
    let body = read_body(request, forge).await?;
    Ok(Incoming { signature, repository: hook.repo, event, delivery, only_pull_requests, body })
}

fn text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

fn answer(taken: Taken, delivery_id: String) -> Result<(StatusCode, Json<Answer>), ApiError> {
    let (status, accepted, reason) = match taken {
        Taken::Accepted => (StatusCode::ACCEPTED, true, None),
        Taken::Ignored(why) => (StatusCode::OK, false, Some(why)),
    };
    let jobs = accepted.then(Vec::new);
    Ok((status, Json(Answer { delivery_id, accepted, reason, jobs })))
}
