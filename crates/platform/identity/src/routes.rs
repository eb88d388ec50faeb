//! The routes of accounts and sessions: what they take and answer, and nothing decided.

use std::time::Duration;

use axum::Json;
use axum::extract::{FromRef, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rampart_access::{Rule, SessionId};
use rampart_kernel::{Secret, Timestamp};
use rampart_web::{ApiError, Body, CSRF_COOKIE, Caller, Class, Id, Route, SESSION_COOKIE, WebSettings};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::fields::Name;
use crate::model::{EmailAddress, Session, User};
use crate::service::{Identity, Login, Registration, Signed};
use crate::workspaces::model::Tier;
use crate::workspaces::routes::PartAnswer;

/// What the handlers work with.
#[derive(Clone)]
struct Rooms {
    identity: Identity,
    /// Cookies are for TLS only where there is TLS.
    secure: bool,
}

impl FromRef<Rooms> for Identity {
    fn from_ref(rooms: &Rooms) -> Identity {
        rooms.identity.clone()
    }
}

pub fn routes(identity: &Identity, web: &WebSettings) -> Vec<Route> {
    let rooms = Rooms { identity: identity.clone(), secure: web.is_https() };
    let (get, post, delete) = (Method::GET, Method::POST, Method::DELETE);
    let credentials = Rule::Public("this is how one gets in");
    vec![
        Route::new(post.clone(), "/auth/register", credentials, &rooms, register)
            .summary("Make an account with an invitation")
            .limited(&[Class::Auth, Class::Register])
            .takes::<RegisterBody>()
            .answers::<Registered>(StatusCode::CREATED)
            .refuses(StatusCode::BAD_REQUEST, &["WEAK_PASSWORD", "INVITATION_INVALID"])
            .refuses(StatusCode::CONFLICT, &["EMAIL_TAKEN"])
            .refuses(StatusCode::GONE, &["INVITATION_EXPIRED"]),
        Route::new(post.clone(), "/auth/login", credentials, &rooms, log_in)
            .summary("Sign in")
            .limited(&[Class::Auth, Class::Login])
            .takes::<LoginBody>()
            .answers::<AuthTokens>(StatusCode::OK)
            .refuses(StatusCode::UNAUTHORIZED, &["INVALID_CREDENTIALS"])
            .refuses(StatusCode::LOCKED, &["ACCOUNT_LOCKED"]),
        Route::new(post.clone(), "/auth/refresh", credentials, &rooms, refresh)
            .summary("New tokens for a refresh token")
            .limited(&[Class::Auth])
            .takes::<RefreshBody>()
            .answers::<AuthTokens>(StatusCode::OK)
            .refuses(StatusCode::UNAUTHORIZED, &["TOKEN_EXPIRED", "TOKEN_REVOKED", "REFRESH_TOKEN_REUSED"]),
        Route::new(post, "/auth/logout", Rule::SignedIn, &rooms, log_out)
            .summary("End the session")
            .limited(&[Class::Auth])
            .takes::<LogoutBody>()
            .answers::<Done>(StatusCode::OK),
        Route::new(get.clone(), "/auth/me", Rule::SignedIn, &rooms, show_me)
            .summary("Who is signed in")
            .also_at_root()
            .answers::<Me>(StatusCode::OK),
        Route::new(get, "/auth/sessions", Rule::SignedIn, &rooms, list_sessions)
            .summary("Where one is signed in")
            .answers::<Sessions>(StatusCode::OK),
        Route::new(delete, "/auth/sessions/{id}", Rule::SignedIn, &rooms, end_session)
            .summary("End one of one's sessions")
            .answers::<Done>(StatusCode::OK),
    ]
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RegisterBody {
    #[schema(value_type = String, format = Email, max_length = 254)]
    email: EmailAddress,
    #[schema(value_type = String, min_length = 12, max_length = 128)]
    password: Secret,
    #[schema(value_type = Option<String>)]
    invitation_code: Option<Secret>,
    #[schema(value_type = Option<String>, min_length = 3, max_length = 39)]
    username: Option<Name<3, 39>>,
    #[schema(value_type = Option<String>, min_length = 1, max_length = 80)]
    name: Option<Name<1, 80>>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Registered {
    user_id: String,
    email: String,
    verification_required: bool,
}

async fn register(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Body(body): Body<RegisterBody>,
) -> Result<(StatusCode, Json<Registered>), ApiError> {
    let registration = Registration {
        email: body.email,
        password: body.password,
        invitation: body.invitation_code,
        username: body.username.map(|name| name.0),
        name: body.name.map(|name| name.0),
    };
    let user = identity.register(&ctx, registration).await?;
    let answer = Registered { user_id: user.id.to_string(), email: user.email, verification_required: !user.verified };
    Ok((StatusCode::CREATED, Json(answer)))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LoginBody {
    #[schema(value_type = String, format = Email)]
    email: EmailAddress,
    #[schema(value_type = String)]
    password: Secret,
    #[serde(default)]
    remember_me: bool,
}

async fn log_in(
    State(rooms): State<Rooms>,
    Caller(ctx): Caller,
    Body(body): Body<LoginBody>,
) -> Result<Response, ApiError> {
    let login = Login { email: body.email, password: body.password, remember: body.remember_me };
    let signed = rooms.identity.log_in(&ctx, login).await?;
    Ok(answer_signed(&signed, rooms.secure))
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
struct AuthTokens {
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

fn answer_signed(signed: &Signed, secure: bool) -> Response {
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
    let lifetime = signed.refresh_lifetime;
    set_cookie(response.headers_mut(), SESSION_COOKIE, signed.cookie.expose(), lifetime, secure, true);
    set_cookie(response.headers_mut(), CSRF_COOKIE, signed.csrf.expose(), lifetime, secure, false);
    response
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

#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct LogoutBody {
    all_sessions: bool,
}

#[derive(Serialize, ToSchema)]
pub struct Done {
    success: bool,
}

impl Done {
    pub fn new() -> Done {
        Done { success: true }
    }
}

async fn log_out(
    State(rooms): State<Rooms>,
    Caller(ctx): Caller,
    Body(body): Body<LogoutBody>,
) -> Result<Response, ApiError> {
    rooms.identity.log_out(&ctx, body.all_sessions).await?;
    let mut response = Json(Done { success: true }).into_response();
    for (name, http_only) in [(SESSION_COOKIE, true), (CSRF_COOKIE, false)] {
        set_cookie(response.headers_mut(), name, "", Duration::ZERO, rooms.secure, http_only);
    }
    Ok(response)
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UserAnswer {
    id: String,
    email: String,
    username: Option<String>,
    name: Option<String>,
    role: &'static str,
    subscription: Option<&'static str>,
    verified: bool,
    locale: String,
    timezone: String,
    default_workspace_id: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_login_at: Option<Timestamp>,
}

impl UserAnswer {
    fn new(user: &User, subscription: Option<Tier>) -> UserAnswer {
        UserAnswer {
            id: user.id.to_string(),
            email: user.email.clone(),
            username: user.username.clone(),
            name: user.name.clone(),
            role: user.role.name(),
            subscription: subscription.map(Tier::name),
            verified: user.verified,
            locale: user.locale.clone(),
            timezone: user.timezone.clone(),
            default_workspace_id: user.default_workspace.map(|id| id.to_string()),
            created_at: user.created_at,
            updated_at: user.updated_at,
            last_login_at: user.last_login,
        }
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Me {
    #[serde(flatten)]
    user: UserAnswer,
    current_workspace: Option<PartAnswer>,
    workspaces: Vec<PartAnswer>,
}

async fn show_me(State(identity): State<Identity>, Caller(ctx): Caller) -> Result<Json<Me>, ApiError> {
    let (user, parts) = identity.me(&ctx).await?;
    let default = parts.iter().find(|part| Some(part.workspace) == user.default_workspace);
    let current = parts.iter().find(|part| Some(part.workspace) == ctx.workspace);
    Ok(Json(Me {
        user: UserAnswer::new(&user, default.map(|part| part.tier)),
        current_workspace: current.map(PartAnswer::new),
        workspaces: parts.iter().map(PartAnswer::new).collect(),
    }))
}

#[derive(Serialize, ToSchema)]
struct Sessions {
    sessions: Vec<SessionAnswer>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SessionAnswer {
    id: String,
    ip_address: Option<String>,
    user_agent: Option<String>,
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
        ip_address: session.ip_address,
        user_agent: session.user_agent,
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
    Ok(Json(Done { success: true }))
}
