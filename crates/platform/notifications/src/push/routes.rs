//! The routes of Web Push.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use rampart_access::Rule;
use rampart_web::{ApiError, Body, Caller, Done, Route};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::service::Subscribe;
use crate::service::Notifications;

pub fn routes(notifications: &Notifications) -> Vec<Route> {
    const PATH: &str = "/notifications/push-subscriptions";
    let unconfigured = |route: Route| route.refuses(StatusCode::CONFLICT, &["PROVIDER_NOT_CONFIGURED", "CONFLICT"]);
    vec![
        unconfigured(Route::new(Method::GET, PATH, Rule::SignedIn, notifications, show_key))
            .summary("The key that browsers subscribe with")
            .answers::<PushKey>(StatusCode::OK),
        unconfigured(Route::new(Method::POST, PATH, Rule::InSession, notifications, subscribe))
            .summary("Have this browser told")
            .takes::<PushSubscriptionBody>()
            .answers::<PushSubscribed>(StatusCode::CREATED)
            .refuses(StatusCode::BAD_REQUEST, &["TARGET_NOT_ALLOWED", "VALIDATION_ERROR"]),
        Route::new(Method::DELETE, PATH, Rule::InSession, notifications, unsubscribe)
            .summary("Tell this browser no more")
            .takes::<PushUnsubscribeBody>()
            .answers::<Done>(StatusCode::OK),
    ]
}

/// Of an endpoint, in bytes.
const ENDPOINT_LENGTH: usize = 2_000;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PushKey {
    /// A point of P-256 in base64url: the `applicationServerKey`.
    public_key: String,
}

/// As `PushSubscription.toJSON()` says it.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PushSubscriptionBody {
    #[schema(max_length = 2_000)]
    endpoint: String,
    keys: PushKeys,
    /// Not looked at: what is gone is forgotten when its push service says so.
    #[serde(default, rename = "expirationTime")]
    _expiration_time: Option<u64>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PushKeys {
    /// 65 bytes in base64url.
    p256dh: String,
    /// 16 bytes in base64url.
    auth: String,
}

#[derive(Serialize, ToSchema)]
struct PushSubscribed {
    id: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PushUnsubscribeBody {
    endpoint: String,
}

async fn show_key(State(notifications): State<Notifications>, Caller(ctx): Caller) -> Result<Json<PushKey>, ApiError> {
    Ok(Json(PushKey { public_key: notifications.push_key(&ctx)?.to_owned() }))
}

async fn subscribe(
    State(notifications): State<Notifications>,
    Caller(ctx): Caller,
    Body(body): Body<PushSubscriptionBody>,
) -> Result<(StatusCode, Json<PushSubscribed>), ApiError> {
    if body.endpoint.len() > ENDPOINT_LENGTH {
        return Err(ApiError::invalid("endpoint", "has at most 2000 bytes"));
    }
    let new = Subscribe { endpoint: body.endpoint, p256dh: body.keys.p256dh, auth: body.keys.auth };
    let id = notifications.subscribe(&ctx, new).await?;
    Ok((StatusCode::CREATED, Json(PushSubscribed { id: id.to_string() })))
}

async fn unsubscribe(
    State(notifications): State<Notifications>,
    Caller(ctx): Caller,
    Body(body): Body<PushUnsubscribeBody>,
) -> Result<Json<Done>, ApiError> {
    notifications.unsubscribe(&ctx, &body.endpoint).await?;
    Ok(Json(Done::new()))
}
