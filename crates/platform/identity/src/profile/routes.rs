//! The routes of one's own account.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use rampart_access::Rule;
use rampart_kernel::{Secret, WorkspaceId};
use rampart_web::{ApiError, Body, Caller, Class, Done, Route};
use serde::Deserialize;
use utoipa::ToSchema;

use super::service::Change;
use crate::fields::Name;
use crate::model::EmailAddress;
use crate::routes::{Rooms, UserAnswer};
use crate::service::Identity;
use crate::sessions::routes::clear_cookies;

pub fn routes(rooms: &Rooms) -> Vec<Route> {
    let (get, put, post, delete) = (Method::GET, Method::PUT, Method::POST, Method::DELETE);
    vec![
        Route::new(get, "/users/me", Rule::SignedIn, rooms, show_user)
            .summary("One's own account")
            .answers::<UserAnswer>(StatusCode::OK),
        Route::new(put, "/users/me", Rule::SignedIn, rooms, change_user)
            .summary("Change one's own account; another e-mail address counts once it is confirmed")
            .limited(&[Class::User, Class::Auth])
            .takes::<UserBody>()
            .answers::<UserAnswer>(StatusCode::OK)
            .refuses(StatusCode::UNAUTHORIZED, &["INVALID_CREDENTIALS"])
            .refuses(StatusCode::CONFLICT, &["EMAIL_TAKEN", "CONFLICT"]),
        Route::new(delete, "/users/me", Rule::SignedIn, rooms, delete_user)
            .summary("End one's own account")
            .limited(&[Class::Auth])
            .takes::<DeletionBody>()
            .answers::<Done>(StatusCode::OK)
            .refuses(StatusCode::UNAUTHORIZED, &["INVALID_CREDENTIALS"])
            .refuses(StatusCode::CONFLICT, &["LAST_OWNER"]),
        Route::new(post, "/users/change-password", Rule::SignedIn, rooms, change_password)
            .summary("Set a new password; the other sessions end")
            .limited(&[Class::Auth])
            .takes::<ChangePasswordBody>()
            .answers::<Done>(StatusCode::OK)
            .refuses(StatusCode::BAD_REQUEST, &["WEAK_PASSWORD", "PASSWORD_REUSED"])
            .refuses(StatusCode::UNAUTHORIZED, &["INVALID_CREDENTIALS"]),
    ]
}

async fn show_user(State(identity): State<Identity>, Caller(ctx): Caller) -> Result<Json<UserAnswer>, ApiError> {
    let (user, parts) = identity.me(&ctx).await?;
    let default = parts.iter().find(|part| Some(part.workspace) == user.default_workspace);
    Ok(Json(UserAnswer::new(&user, default.map(|part| part.tier))))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct UserBody {
    #[schema(value_type = Option<String>, min_length = 3, max_length = 39)]
    username: Option<Name<3, 39>>,
    #[schema(value_type = Option<String>, min_length = 1, max_length = 80)]
    name: Option<Name<1, 80>>,
    /// A language, such as `de` or `pt-BR`.
    #[schema(value_type = Option<String>, max_length = 35)]
    locale: Option<LanguageTag>,
    /// As IANA names it, such as `Europe/Vienna`.
    #[schema(value_type = Option<String>)]
    timezone: Option<Timezone>,
    #[schema(value_type = Option<String>)]
    default_workspace_id: Option<WorkspaceId>,
    /// Counts once the token that is mailed to it was shown.
    #[schema(value_type = Option<String>, format = Email, max_length = 254)]
    email: Option<EmailAddress>,
    /// Needed to change the e-mail address, where there is one.
    #[schema(value_type = Option<String>)]
    password: Option<Secret>,
}

/// RFC 5646 in outline: whether such a language exists is for those who translate.
struct LanguageTag(String);

impl<'de> Deserialize<'de> for LanguageTag {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<LanguageTag, D::Error> {
        let text = String::deserialize(deserializer)?;
        let part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
        let fits = (2..=35).contains(&text.len()) && text.split('-').all(part);
        if fits { Ok(LanguageTag(text)) } else { Err(serde::de::Error::custom("is a language such as de or pt-BR")) }
    }
}

struct Timezone(chrono_tz::Tz);

impl<'de> Deserialize<'de> for Timezone {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Timezone, D::Error> {
        let zone = String::deserialize(deserializer)?.parse();
        zone.map(Timezone).map_err(|_| serde::de::Error::custom("is a time zone such as Europe/Vienna"))
    }
}

async fn change_user(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Body(body): Body<UserBody>,
) -> Result<Json<UserAnswer>, ApiError> {
    if let Some(email) = &body.email {
        identity.ask_for_email(&ctx, email, body.password).await?;
    }
    let change = Change {
        username: body.username.map(|name| name.0),
        name: body.name.map(|name| name.0),
        locale: body.locale.map(|tag| tag.0),
        timezone: body.timezone.map(|zone| zone.0.name().to_owned()),
        default_workspace: body.default_workspace_id,
    };
    identity.change_profile(&ctx, change).await?;
    show_user(State(identity), Caller(ctx)).await
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DeletionBody {
    /// Needed where there is one.
    #[schema(value_type = Option<String>)]
    password: Option<Secret>,
}

async fn delete_user(
    State(rooms): State<Rooms>,
    Caller(ctx): Caller,
    Body(body): Body<DeletionBody>,
) -> Result<Response, ApiError> {
    rooms.identity.delete_account(&ctx, body.password).await?;
    let mut response = Json(Done::new()).into_response();
    clear_cookies(response.headers_mut(), rooms.secure);
    Ok(response)
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ChangePasswordBody {
    #[schema(value_type = String)]
    old_password: Secret,
    #[schema(value_type = String, min_length = 12, max_length = 128)]
    new_password: Secret,
}

async fn change_password(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Body(body): Body<ChangePasswordBody>,
) -> Result<Json<Done>, ApiError> {
    identity.change_password(&ctx, body.old_password, body.new_password).await?;
    Ok(Json(Done::new()))
}
