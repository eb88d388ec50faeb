//! The routes of sessions, and the answer to every sign-in.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rampart_access::{Rule, SessionId};
use rampart_kernel::{Secret, Timestamp};
use rampart_web::{ApiError, Body, CSRF_COOKIE, Caller, Class, Done, Id, Params, Route, SESSION_COOKIE};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::device;
use super::model::{Session, Signed};
use crate::routes::{Rooms, UserAnswer};
use crate::service::Identity;

pub fn routes(rooms: &Rooms) -> Vec<Route> {
    let (get, post, delete) = (Method::GET, Method::POST, Method::DELETE);
    let credentials = Rule::Public("the refresh token says whose session it is");
    let anybody = Rule::Public("who is signed out already is led to the dashboard too");
    vec![
        Route::new(post.clone(), "/auth/refresh", credentials, rooms, refresh)
            .summary("New tokens for a refresh token")
            .in_maintenance()
            .limited(&[Class::Auth])
            .takes::<RefreshBody>()
            .answers::<AuthTokens>(StatusCode::OK)
            .refuses(StatusCode::UNAUTHORIZED, &["TOKEN_EXPIRED", "TOKEN_REVOKED", "REFRESH_TOKEN_REUSED"]),
        Route::new(post, "/auth/logout", Rule::SignedIn, rooms, log_out)
            .summary("End the session")
            .in_maintenance()
            .limited(&[Class::Auth])
            .takes::<LogoutBody>()
            .answers::<Done>(StatusCode::OK),
        Route::new(get.clone(), "/auth/logout", anybody, rooms, log_out_by_link)
            .summary("End the session and go to the dashboard")
            .limited(&[Class::Auth])
            .also_at_root()
            .answers_nothing(StatusCode::FOUND)
            .answers::<Done>(StatusCode::OK),
        Route::new(get, "/auth/sessions", Rule::SignedIn, rooms, list_sessions)
            .summary("Where one is signed in")
            .answers::<Sessions>(StatusCode::OK),
        Route::new(delete.clone(), "/auth/sessions/{id}", Rule::SignedIn, rooms, end_session)
            .summary("End one of one's sessions")
            .answers::<Done>(StatusCode::OK),
        Route::new(delete, "/auth/sessions", Rule::SignedIn, rooms, end_sessions)
            .summary("End all of one's sessions, or all but this one with keepCurrent=true")
            .answers::<Ended>(StatusCode::OK),
    ]
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RefreshBody {
    #[schema(value_type = String)]
    refresh_token: Secret,
}

async fn refresh(
    State(rooms): State<Rooms>,
    Caller(ctx): Caller,
    Body(body): Body<RefreshBody>,
) -> Result<Response, ApiError> {
    let signed = rooms.identity.refresh(&ctx, &body.refresh_token).await?;
    Ok(answer_signed(&signed, rooms.secure))
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuthTokens {
    access_token: String,
    /// The same, by another name.
    token: String,
    refresh_token: String,
    token_type: &'static str,
    /// In seconds.
    expires_in: u64,
    refresh_expires_in: u64,
    user: UserAnswer,
}

pub fn answer_signed(signed: &Signed, secure: bool) -> Response {
    let tokens = AuthTokens {
        access_token: signed.access_token.expose().to_owned(),
        token: signed.access_token.expose().to_owned(),
        refresh_token: signed.refresh_token.expose().to_owned(),
        token_type: "Bearer",
        expires_in: signed.access_lifetime.as_secs(),
        refresh_expires_in: signed.refresh_lifetime.as_secs(),
        user: UserAnswer::new(&signed.user, signed.subscription),
    };
    let mut response = Json(tokens).into_response();
    set_session_cookies(response.headers_mut(), signed, secure);
    response
}

pub fn set_session_cookies(headers: &mut HeaderMap, signed: &Signed, secure: bool) {
    let lifetime = signed.refresh_lifetime;
    set_cookie(headers, SESSION_COOKIE, signed.cookie.expose(), lifetime, secure, true);
    set_cookie(headers, CSRF_COOKIE, signed.csrf.expose(), lifetime, secure, false);
}

fn set_cookie(headers: &mut HeaderMap, name: &str, value: &str, lifetime: Duration, secure: bool, http_only: bool) {
    let mut cookie = format!("{name}={value}; Path=/; Max-Age={}; SameSite=Lax", lifetime.as_secs());
    if secure {
        cookie += "; Secure";
    }
    if http_only {
        cookie += "; HttpOnly";
    }
    if let Ok(mut value) = HeaderValue::from_str(&cookie) {
        value.set_sensitive(true);
        headers.append(header::SET_COOKIE, value);
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LogoutBody {
    /// Taken, and needed for nothing: it ends with its session.
    #[schema(value_type = Option<String>)]
    #[expect(dead_code, reason = "clients send it")]
    refresh_token: Option<Secret>,
    #[serde(default)]
    all_sessions: bool,
}

async fn log_out(
    State(rooms): State<Rooms>,
    Caller(ctx): Caller,
    Body(body): Body<LogoutBody>,
) -> Result<Response, ApiError> {
    rooms.identity.log_out(&ctx, body.all_sessions).await?;
    let mut response = Json(Done::new()).into_response();
    clear_cookies(response.headers_mut(), rooms.secure);
    Ok(response)
}

pub fn clear_cookies(headers: &mut HeaderMap, secure: bool) {
    for (name, http_only) in [(SESSION_COOKIE, true), (CSRF_COOKIE, false)] {
        set_cookie(headers, name, "", Duration::ZERO, secure, http_only);
    }
}

/// For links: ends the session that the browser has, if any, and leads to the dashboard.
async fn log_out_by_link(
    State(rooms): State<Rooms>,
    Caller(ctx): Caller,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if ctx.in_session().is_ok() {
        rooms.identity.log_out(&ctx, false).await?;
    }
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("");
    let mut response = if accept.contains("application/json") {
        Json(Done::new()).into_response()
    } else {
        (StatusCode::FOUND, [(header::LOCATION, rooms.frontend)]).into_response()
    };
    clear_cookies(response.headers_mut(), rooms.secure);
    Ok(response)
}

#[derive(Serialize, ToSchema)]
struct Sessions {
    sessions: Vec<SessionAnswer>,
}

#[derive(Serialize, ToSchema)]
struct DeviceInfo {
    browser: Option<&'static str>,
    os: Option<&'static str>,
    /// As the user calls it.
    name: Option<String>,
}

impl DeviceInfo {
    fn new(user_agent: Option<&str>, name: Option<String>) -> DeviceInfo {
        let (browser, os) = user_agent.map_or((None, None), device::read);
        DeviceInfo { browser, os, name }
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SessionAnswer {
    id: String,
    device_info: DeviceInfo,
    ip_address: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    last_used: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    current: bool,
}

async fn list_sessions(State(identity): State<Identity>, Caller(ctx): Caller) -> Result<Json<Sessions>, ApiError> {
    let current = ctx.signed_in()?.session();
    let answer = |session: Session| SessionAnswer {
        id: session.id.to_string(),
        device_info: DeviceInfo::new(session.user_agent.as_deref(), session.device_name),
        ip_address: session.ip_address,
        created_at: session.created_at,
        last_used: session.last_used,
        expires_at: session.expires_at,
        current: Some(session.id) == current,
    };
    Ok(Json(Sessions { sessions: identity.sessions(&ctx).await?.into_iter().map(answer).collect() }))
}

async fn end_session(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Id(session): Id<SessionId>,
) -> Result<Json<Done>, ApiError> {
    identity.end_session(&ctx, session).await?;
    Ok(Json(Done::new()))
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Keep {
    keep_current: bool,
}

#[derive(Serialize, ToSchema)]
struct Ended {
    revoked: u64,
}

async fn end_sessions(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Params(keep): Params<Keep>,
) -> Result<Json<Ended>, ApiError> {
    Ok(Json(Ended { revoked: identity.end_sessions(&ctx, keep.keep_current).await? }))
}
