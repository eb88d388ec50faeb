//! The routes of administering users.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use rampart_access::{PlatformRole, Rule};
use rampart_kernel::{Timestamp, UserId};
use rampart_web::{ApiError, Body, Caller, Done, Id, Listing, Route, list_of};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::service::{ChangeUser, UserFilter};
use crate::model::User;
use crate::service::Identity;
use crate::workspaces::routes::PartAnswer;

pub fn routes(identity: &Identity) -> Vec<Route> {
    let rule = Rule::PlatformAdmin;
    vec![
        Route::new(Method::GET, "/admin/users", rule, identity, list_users)
            .summary("Users, newest first")
            .lists::<UsersAsked>()
            .answers::<Users>(StatusCode::OK),
        Route::new(Method::GET, "/admin/users/{id}", rule, identity, show_user)
            .summary("A user, with the parts they have")
            .answers::<UserInFull>(StatusCode::OK),
        Route::new(Method::PATCH, "/admin/users/{id}", rule, identity, change_user)
            .summary("Change a user's role, verification or access")
            .takes::<ChangeUserBody>()
            .answers::<Administered>(StatusCode::OK)
            .refuses(StatusCode::CONFLICT, &["CONFLICT"]),
        Route::new(Method::DELETE, "/admin/users/{id}", rule, identity, delete_user)
            .summary("End somebody's account; what they did stays in the audit log")
            .answers::<Done>(StatusCode::OK)
            .refuses(StatusCode::CONFLICT, &["CONFLICT", "LAST_OWNER"]),
        Route::new(Method::POST, "/admin/users/{id}/unlock", rule, identity, unlock_user)
            .summary("Let somebody try again who failed too often")
            .answers::<Administered>(StatusCode::OK),
        Route::new(Method::POST, "/admin/users/{id}/reset-2fa", rule, identity, reset_factor)
            .summary("Turn somebody's second factor off who has lost it")
            .answers::<Done>(StatusCode::OK)
            .refuses(StatusCode::CONFLICT, &["CONFLICT"]),
    ]
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct UsersAsked {
    /// Part of an address or a name.
    #[param(max_length = 80)]
    q: Option<String>,
    #[param(value_type = Option<String>)]
    role: Option<PlatformRole>,
    locked: Option<bool>,
    verified: Option<bool>,
}

list_of!(Users { users: Administered });

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Administered {
    id: String,
    email: String,
    username: Option<String>,
    name: Option<String>,
    role: &'static str,
    verified: bool,
    disabled: bool,
    two_factor_enabled: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    locked_until: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_login_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<User> for Administered {
    fn from(user: User) -> Administered {
        Administered {
            id: user.id.to_string(),
            email: user.email,
            username: user.username,
            name: user.name,
            role: user.role.name(),
            verified: user.verified,
            disabled: user.disabled,
            two_factor_enabled: user.two_factor,
            locked_until: user.locked_until,
            last_login_at: user.last_login,
            created_at: user.created_at,
        }
    }
}

#[derive(Serialize, ToSchema)]
struct UserInFull {
    #[serde(flatten)]
    user: Administered,
    workspaces: Vec<PartAnswer>,
}

async fn list_users(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Listing { page, filter }: Listing<UsersAsked>,
) -> Result<Json<Users>, ApiError> {
    let filter = UserFilter {
        text: filter.q,
        role: filter.role,
        locked: filter.locked,
        verified: filter.verified,
        now: ctx.now(),
    };
    Ok(Json(Users::new(identity.users(&ctx, &filter, page).await?.map(Administered::from))))
}

async fn show_user(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Id(id): Id<UserId>,
) -> Result<Json<UserInFull>, ApiError> {
    let (user, parts) = identity.user(&ctx, id).await?;
    Ok(Json(UserInFull { user: user.into(), workspaces: parts.iter().map(PartAnswer::new).collect() }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeUserBody {
    #[schema(value_type = Option<String>)]
    role: Option<PlatformRole>,
    verified: Option<bool>,
    disabled: Option<bool>,
}

async fn change_user(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Id(id): Id<UserId>,
    Body(body): Body<ChangeUserBody>,
) -> Result<Json<Administered>, ApiError> {
    let change = ChangeUser { role: body.role, verified: body.verified, disabled: body.disabled };
    Ok(Json(identity.change_user(&ctx, id, change).await?.into()))
}

async fn unlock_user(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Id(id): Id<UserId>,
) -> Result<Json<Administered>, ApiError> {
    Ok(Json(identity.unlock_user(&ctx, id).await?.into()))
}

async fn reset_factor(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Id(id): Id<UserId>,
) -> Result<Json<Done>, ApiError> {
    identity.reset_factor(&ctx, id).await?;
    Ok(Json(Done::new()))
}

async fn delete_user(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Id(id): Id<UserId>,
) -> Result<Json<Done>, ApiError> {
    identity.delete_user(&ctx, id).await?;
    Ok(Json(Done::new()))
}
