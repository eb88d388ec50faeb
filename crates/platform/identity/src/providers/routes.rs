//! The routes of signing in through others.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rampart_access::Rule;
use rampart_kernel::{Secret, Timestamp};
use rampart_web::{ApiError, Body, Caller, Class, Cookies, Done, Params, Route};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{Link, Provider, STATE_LIFETIME};
use super::service::{Leave, Return, Wish};
use crate::error::Error;
use crate::factor::SignIn;
use crate::factor::routes::TwoFactorChallenge;
use crate::routes::{LoginAnswer, Rooms};
use crate::service::Identity;
use crate::sessions::routes::{answer_signed, set_session_cookies};

/// Only the host that sets it gets a cookie of this name, over TLS and for all paths (RFC 6265bis §4.1.3.2).
const STATE_COOKIE: &str = "__Host-rampart_state";
/// Where there is no TLS a browser refuses the other.
const PLAIN_STATE_COOKIE: &str = "rampart_state";

pub fn routes(rooms: &Rooms) -> Vec<Route> {
    let (get, post, delete) = (Method::GET, Method::POST, Method::DELETE);
    let leaving = Rule::Public("this is how one gets in");
    let back = Rule::Public("the state says who left");
    let comes_back = |route: Route| {
        route
            .limited(&[Class::Auth])
            .refuses(StatusCode::BAD_REQUEST, &["OAUTH_STATE_MISMATCH", "OAUTH_CODE_INVALID", "INVITATION_INVALID"])
            .refuses(StatusCode::CONFLICT, &["EMAIL_TAKEN", "PROVIDER_NOT_CONFIGURED"])
            .refuses(StatusCode::BAD_GATEWAY, &["UPSTREAM_ERROR"])
    };
    let goes = |route: Route| {
        route
            .limited(&[Class::Auth])
            .refuses(StatusCode::CONFLICT, &["PROVIDER_NOT_CONFIGURED"])
            .refuses(StatusCode::BAD_GATEWAY, &["UPSTREAM_ERROR"])
    };
    vec![
        goes(Route::new(get.clone(), "/auth/github", leaving, rooms, leave_for_github))
            .summary("Sign in with GitHub")
            .also_at_root()
            .answers_nothing(StatusCode::FOUND),
        comes_back(Route::new(get.clone(), "/auth/github/callback", back, rooms, come_back_from_github))
            .summary("Where GitHub sends the browser back to")
            .also_at_root()
            .answers_nothing(StatusCode::FOUND),
        comes_back(Route::new(post.clone(), "/auth/github/callback", back, rooms, exchange_github_code))
            .summary("The same for a page that has the code")
            .in_maintenance()
            .takes::<ReturnBody>()
            .answers::<LoginAnswer>(StatusCode::OK),
        goes(Route::new(get.clone(), "/auth/google", leaving, rooms, leave_for_google))
            .summary("Sign in with Google")
            .answers_nothing(StatusCode::FOUND),
        comes_back(Route::new(get.clone(), "/auth/google/callback", back, rooms, come_back_from_google))
            .summary("Where Google sends the browser back to")
            .answers_nothing(StatusCode::FOUND),
        Route::new(get, "/users/me/connections", Rule::SignedIn, rooms, list_connections)
            .summary("Accounts elsewhere that lead to one's own")
            .answers::<Connections>(StatusCode::OK),
        goes(Route::new(post, "/users/me/connections/{provider}", Rule::SignedIn, rooms, connect))
            .summary("Begin to link an account elsewhere: the browser goes to the address that is answered")
            .takes::<ConnectBody>()
            .answers::<LeaveAnswer>(StatusCode::OK)
            .refuses(StatusCode::UNAUTHORIZED, &["INVALID_CREDENTIALS"]),
        Route::new(delete, "/users/me/connections/{provider}", Rule::SignedIn, rooms, disconnect)
            .summary("Take an account elsewhere from one's own")
            .answers::<Done>(StatusCode::OK)
            .refuses(StatusCode::CONFLICT, &["CONFLICT"]),
    ]
}

/// A path below the dashboard's address: nothing that leads elsewhere.
struct Below(String);

impl<'de> Deserialize<'de> for Below {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Below, D::Error> {
        let text = String::deserialize(deserializer)?;
        let plain = |b: u8| b.is_ascii_graphic() && !matches!(b, b'\\' | b'"' | b'<' | b'>');
        let fits = text.len() <= 512 && text.bytes().all(plain) && text.starts_with('/') && !text.starts_with("//");
        if fits && !text.contains("..") {
            Ok(Below(text))
        } else {
            Err(serde::de::Error::custom("is a path of the dashboard, such as /repositories"))
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WishParams {
    redirect: Option<Below>,
    invitation: Option<Secret>,
}

async fn leave_for_github(
    State(rooms): State<Rooms>,
    Caller(ctx): Caller,
    Params(wish): Params<WishParams>,
) -> Result<Response, ApiError> {
    leave_for(&rooms, &ctx, Provider::GitHub, wish).await
}

async fn leave_for_google(
    State(rooms): State<Rooms>,
    Caller(ctx): Caller,
    Params(wish): Params<WishParams>,
) -> Result<Response, ApiError> {
    leave_for(&rooms, &ctx, Provider::Google, wish).await
}

async fn leave_for(
    rooms: &Rooms,
    ctx: &rampart_access::Ctx,
    provider: Provider,
    wish: WishParams,
) -> Result<Response, ApiError> {
    let wish = Wish { redirect: wish.redirect.map(|below| below.0), invitation: wish.invitation };
    let leave = rooms.identity.leave_for(ctx, provider, wish).await?;
    let mut response = found(&leave.url);
    keep_state(response.headers_mut(), Some(&leave), rooms.secure);
    Ok(response)
}

fn found(url: &str) -> Response {
    match HeaderValue::from_str(url) {
        Ok(url) => (StatusCode::FOUND, [(header::LOCATION, url)]).into_response(),
        Err(error) => ApiError::internal(&error).into_response(),
    }
}

/// Sets the cookie of the state, or clears it.
fn keep_state(headers: &mut HeaderMap, leave: Option<&Leave>, secure: bool) {
    let (name, attribute) = if secure { (STATE_COOKIE, "; Secure") } else { (PLAIN_STATE_COOKIE, "") };
    let (value, age) = leave.map_or(("", 0), |leave| (leave.state.expose(), STATE_LIFETIME.as_secs()));
    let cookie = format!("{name}={value}; Path=/; Max-Age={age}; SameSite=Lax; HttpOnly{attribute}");
    if let Ok(mut value) = HeaderValue::from_str(&cookie) {
        value.set_sensitive(true);
        headers.append(header::SET_COOKIE, value);
    }
}

fn kept_state(headers: &HeaderMap, secure: bool) -> Option<Secret> {
    let name = if secure { STATE_COOKIE } else { PLAIN_STATE_COOKIE };
    Cookies::of(headers).get(name).filter(|value| !value.is_empty()).map(Secret::new)
}

/// Providers may add more.
#[derive(Deserialize)]
struct BackParams {
    code: Option<Secret>,
    state: Option<Secret>,
    iss: Option<String>,
}

async fn come_back_from_github(
    State(rooms): State<Rooms>,
    Caller(ctx): Caller,
    headers: HeaderMap,
    Params(back): Params<BackParams>,
) -> Response {
    come_back(&rooms, &ctx, Provider::GitHub, &headers, back).await
}

async fn come_back_from_google(
    State(rooms): State<Rooms>,
    Caller(ctx): Caller,
    headers: HeaderMap,
    Params(back): Params<BackParams>,
) -> Response {
    come_back(&rooms, &ctx, Provider::Google, &headers, back).await
}

/// For browsers: whatever comes of it ends on a page of the dashboard.
async fn come_back(
    rooms: &Rooms,
    ctx: &rampart_access::Ctx,
    provider: Provider,
    headers: &HeaderMap,
    back: BackParams,
) -> Response {
    // A provider that says no sends a state and no code.
    let result = match (back.code, back.state) {
        (Some(code), Some(state)) => {
            let kept_state = kept_state(headers, rooms.secure);
            rooms.identity.come_back(ctx, provider, Return { code, state, kept_state, issuer: back.iss }).await
        }
        _ => Err(Error::OauthCodeInvalid),
    };
    let wants_json = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|it| it.contains("application/json"));
    let mut response = match result {
        Ok(arrival) => match arrival.sign_in {
            None => found(&format!("{}{}", rooms.frontend, arrival.redirect)),
            Some(SignIn::Complete(signed)) => {
                let mut response = found(&format!("{}{}", rooms.frontend, arrival.redirect));
                set_session_cookies(response.headers_mut(), &signed, rooms.secure);
                response
            }
            // Behind the hash: browsers keep that to themselves.
            Some(SignIn::Challenged(challenge)) => {
                found(&format!("{}/login#challenge={}", rooms.frontend, challenge.token.expose()))
            }
        },
        Err(error) => {
            let error = ApiError::from(error);
            if wants_json {
                error.into_response()
            } else {
                found(&format!("{}/login?error={}", rooms.frontend, error.code()))
            }
        }
    };
    keep_state(response.headers_mut(), None, rooms.secure);
    response
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReturnBody {
    #[schema(value_type = String)]
    code: Secret,
    #[schema(value_type = String)]
    state: Secret,
}

async fn exchange_github_code(
    State(rooms): State<Rooms>,
    Caller(ctx): Caller,
    headers: HeaderMap,
    Body(body): Body<ReturnBody>,
) -> Result<Response, ApiError> {
    let kept_state = kept_state(&headers, rooms.secure);
    let back = Return { code: body.code, state: body.state, kept_state, issuer: None };
    let arrival = rooms.identity.come_back(&ctx, Provider::GitHub, back).await?;
    let mut response = match arrival.sign_in {
        None => Json(Done::new()).into_response(),
        Some(SignIn::Complete(signed)) => answer_signed(&signed, rooms.secure),
        Some(SignIn::Challenged(challenge)) => {
            Json(LoginAnswer::Challenged(TwoFactorChallenge::new(&challenge))).into_response()
        }
    };
    keep_state(response.headers_mut(), None, rooms.secure);
    Ok(response)
}

#[derive(Serialize, ToSchema)]
struct Connections {
    connections: Vec<Connection>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Connection {
    provider: &'static str,
    login: String,
    scopes: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    connected_at: Timestamp,
}

impl Connection {
    fn new(link: Link) -> Connection {
        let scopes = link.scopes.split([',', ' ']).filter(|scope| !scope.is_empty()).map(str::to_owned).collect();
        Connection { provider: link.provider.name(), login: link.login, scopes, connected_at: link.created_at }
    }
}

async fn list_connections(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
) -> Result<Json<Connections>, ApiError> {
    let connections = identity.links(&ctx).await?.into_iter().map(Connection::new).collect();
    Ok(Json(Connections { connections }))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ConnectBody {
    /// Needed where there is one.
    #[schema(value_type = Option<String>)]
    password: Option<Secret>,
}

#[derive(Serialize, ToSchema)]
struct LeaveAnswer {
    url: String,
}

/// What is no provider names nothing.
fn provider(name: &str) -> Result<Provider, ApiError> {
    name.parse().map_err(|_| ApiError::not_found())
}

async fn connect(
    State(rooms): State<Rooms>,
    Caller(ctx): Caller,
    axum::extract::Path(name): axum::extract::Path<String>,
    Body(body): Body<ConnectBody>,
) -> Result<Response, ApiError> {
    let leave = rooms.identity.leave_to_link(&ctx, provider(&name)?, body.password).await?;
    let mut response = Json(LeaveAnswer { url: leave.url.clone() }).into_response();
    keep_state(response.headers_mut(), Some(&leave), rooms.secure);
    Ok(response)
}

async fn disconnect(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    axum::extract::Path(name): axum::extract::Path<String>,
) -> Result<Json<Done>, ApiError> {
    identity.unlink(&ctx, provider(&name)?).await?;
    Ok(Json(Done::new()))
}
