//! The routes of accounts and sessions: what they take and answer, and nothing decided.

use axum::extract::{FromRef, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use rampart_access::{Permissions, Rule};
use rampart_kernel::{Secret, Timestamp};
use rampart_web::{ApiError, Body, Caller, Class, Route, WebSettings};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::factor::SignIn;
use crate::factor::routes::TwoFactorChallenge;
use crate::fields::Name;
use crate::model::{EmailAddress, User};
use crate::service::{Identity, Registration};
use crate::sessions::routes::{AuthTokens, answer_signed};
use crate::sign_in::Login;
use crate::workspaces::model::Tier;
use crate::workspaces::routes::PartAnswer;

/// What the handlers work with.
#[derive(Clone)]
pub struct Rooms {
    pub identity: Identity,
    /// Cookies are for TLS only where there is TLS.
    pub secure: bool,
    /// Where the dashboard is.
    pub frontend: String,
}

impl FromRef<Rooms> for Identity {
    fn from_ref(rooms: &Rooms) -> Identity {
        rooms.identity.clone()
    }
}

impl Rooms {
    pub fn new(identity: &Identity, web: &WebSettings) -> Rooms {
        Rooms { identity: identity.clone(), secure: web.is_https(), frontend: web.frontend_url() }
    }
}

pub fn routes(rooms: &Rooms) -> Vec<Route> {
    let (get, post) = (Method::GET, Method::POST);
    let credentials = Rule::Public("this is how one gets in");
    vec![
        Route::new(post.clone(), "/auth/register", credentials, rooms, register)
            .summary("Make an account with an invitation")
            .limited(&[Class::Auth, Class::Register])
            .takes::<RegisterBody>()
            .answers::<Registered>(StatusCode::CREATED)
            .refuses(StatusCode::BAD_REQUEST, &["WEAK_PASSWORD", "INVITATION_INVALID"])
            .refuses(StatusCode::CONFLICT, &["EMAIL_TAKEN"])
            .refuses(StatusCode::GONE, &["INVITATION_EXPIRED"]),
        Route::new(post, "/auth/login", credentials, rooms, log_in)
            .summary("Sign in")
            .in_maintenance()
            .limited(&[Class::Auth, Class::Login])
            .takes::<LoginBody>()
            .answers::<LoginAnswer>(StatusCode::OK)
            .refuses(StatusCode::UNAUTHORIZED, &["INVALID_CREDENTIALS", "TWO_FACTOR_INVALID"])
            .refuses(StatusCode::LOCKED, &["ACCOUNT_LOCKED"]),
        Route::new(get, "/auth/me", Rule::SignedIn, rooms, show_me)
            .summary("Who is signed in")
            .also_at_root()
            .answers::<Me>(StatusCode::OK),
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
    /// Of the second factor, when it is known that there is one.
    #[schema(value_type = Option<String>)]
    totp_code: Option<Secret>,
    #[serde(default)]
    remember_me: bool,
    #[schema(value_type = Option<String>, min_length = 1, max_length = 80)]
    device_name: Option<Name<1, 80>>,
}

/// Either the tokens or the wait for a second factor.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum LoginAnswer {
    #[expect(dead_code, reason = "answered together with its cookies, by `answer_signed`; here for the document")]
    Complete(Box<AuthTokens>),
    Challenged(TwoFactorChallenge),
}

async fn log_in(
    State(rooms): State<Rooms>,
    Caller(ctx): Caller,
    Body(body): Body<LoginBody>,
) -> Result<Response, ApiError> {
    let login = Login {
        email: body.email,
        password: body.password,
        code: body.totp_code,
        remember: body.remember_me,
        device_name: body.device_name.map(|name| name.0),
    };
    Ok(match rooms.identity.log_in(&ctx, login).await? {
        SignIn::Complete(signed) => answer_signed(&signed, rooms.secure),
        SignIn::Challenged(challenge) => {
            Json(LoginAnswer::Challenged(TwoFactorChallenge::new(&challenge))).into_response()
        }
    })
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserAnswer {
    id: String,
    email: String,
    username: Option<String>,
    name: Option<String>,
    role: &'static str,
    subscription: Option<&'static str>,
    verified: bool,
    two_factor_enabled: bool,
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
    pub fn new(user: &User, subscription: Option<Tier>) -> UserAnswer {
        UserAnswer {
            id: user.id.to_string(),
            email: user.email.clone(),
            username: user.username.clone(),
            name: user.name.clone(),
            role: user.role.name(),
            subscription: subscription.map(Tier::name),
            verified: user.verified,
            two_factor_enabled: user.two_factor,
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
    /// By name, what the caller may do in the workspace of the request, with the token that asks.
    permissions: Vec<&'static str>,
}

async fn show_me(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Extension(permissions): Extension<Permissions>,
) -> Result<Json<Me>, ApiError> {
    let (user, parts) = identity.me(&ctx).await?;
    let default = parts.iter().find(|part| Some(part.workspace) == user.default_workspace);
    let current = parts.iter().find(|part| Some(part.workspace) == ctx.workspace);
    Ok(Json(Me {
        user: UserAnswer::new(&user, default.map(|part| part.tier)),
        current_workspace: current.map(PartAnswer::new),
        workspaces: parts.iter().map(PartAnswer::new).collect(),
        permissions: permissions.held_by(&ctx),
    }))
}
