//! The routes of mailed tokens.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use rampart_access::Rule;
use rampart_kernel::Secret;
use rampart_web::{ApiError, Body, Caller, Class, Done, Route};
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::Purpose;
use crate::model::EmailAddress;
use crate::routes::Rooms;
use crate::service::Identity;

pub fn routes(rooms: &Rooms) -> Vec<Route> {
    let post = Method::POST;
    let (asking, token) = (Rule::Public("who asks cannot sign in"), Rule::Public("the token says whose account it is"));
    vec![
        Route::new(post.clone(), "/auth/verify-email", token, rooms, verify_email)
            .summary("Confirm an e-mail address with the token that was mailed to it")
            .limited(&[Class::Auth])
            .takes::<MailedTokenBody>()
            .answers::<Done>(StatusCode::OK)
            .refuses(StatusCode::BAD_REQUEST, &["VERIFICATION_TOKEN_INVALID"])
            .refuses(StatusCode::CONFLICT, &["EMAIL_TAKEN"]),
        Route::new(post.clone(), "/auth/resend-verification", asking, rooms, resend_verification)
            .summary("Mail the token that confirms an address again")
            .limited(&[Class::Auth])
            .takes::<EmailBody>()
            .answers::<Done>(StatusCode::OK),
        Route::new(post.clone(), "/auth/forgot-password", asking, rooms, forget_password)
            .summary("Mail a token that sets a new password")
            .limited(&[Class::Auth])
            .takes::<EmailBody>()
            .answers::<Done>(StatusCode::OK),
        Route::new(post, "/auth/reset-password", token, rooms, reset_password)
            .summary("Set a new password with the token that was mailed")
            .limited(&[Class::Auth])
            .takes::<ResetBody>()
            .answers::<Done>(StatusCode::OK)
            .refuses(StatusCode::BAD_REQUEST, &["RESET_TOKEN_INVALID", "WEAK_PASSWORD", "PASSWORD_REUSED"]),
    ]
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MailedTokenBody {
    #[schema(value_type = String)]
    token: Secret,
}

async fn verify_email(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Body(body): Body<MailedTokenBody>,
) -> Result<Json<Done>, ApiError> {
    identity.verify_email(&ctx, &body.token).await?;
    Ok(Json(Done::new()))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct EmailBody {
    #[schema(value_type = String, format = Email, max_length = 254)]
    email: EmailAddress,
}

async fn resend_verification(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Body(body): Body<EmailBody>,
) -> Result<Json<Done>, ApiError> {
    identity.ask_for_token(&ctx, body.email, Purpose::VerifyEmail).await?;
    Ok(Json(Done::new()))
}

async fn forget_password(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Body(body): Body<EmailBody>,
) -> Result<Json<Done>, ApiError> {
    identity.ask_for_token(&ctx, body.email, Purpose::ResetPassword).await?;
    Ok(Json(Done::new()))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ResetBody {
    #[schema(value_type = String)]
    token: Secret,
    #[schema(value_type = String, min_length = 12, max_length = 128)]
    new_password: Secret,
}

async fn reset_password(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Body(body): Body<ResetBody>,
) -> Result<Json<Done>, ApiError> {
    identity.reset_password(&ctx, &body.token, body.new_password).await?;
    Ok(Json(Done::new()))
}
