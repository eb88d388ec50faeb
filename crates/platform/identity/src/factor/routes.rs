//! The routes of the second factor.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rampart_access::Rule;
use rampart_kernel::Secret;
use rampart_web::{ApiError, Body, Caller, Class, Done, Route};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{CHALLENGE_LIFETIME, Challenge};
use crate::routes::Rooms;
use crate::service::Identity;
use crate::sessions::routes::{AuthTokens, answer_signed};

pub fn routes(rooms: &Rooms) -> Vec<Route> {
    let post = Method::POST;
    let wrong = |route: Route| route.refuses(StatusCode::UNAUTHORIZED, &["TWO_FACTOR_INVALID", "INVALID_CREDENTIALS"]);
    vec![
        Route::new(post.clone(), "/auth/2fa/setup", Rule::SignedIn, rooms, enrol_factor)
            .summary("A seed for an authenticator app")
            .limited(&[Class::TwoFactor])
            .takes::<PasswordBody>()
            .answers::<EnrolmentAnswer>(StatusCode::OK)
            .refuses(StatusCode::UNAUTHORIZED, &["INVALID_CREDENTIALS"])
            .refuses(StatusCode::CONFLICT, &["TWO_FACTOR_ALREADY_ENABLED"]),
        wrong(Route::new(post.clone(), "/auth/2fa/verify", Rule::SignedIn, rooms, confirm_factor))
            .summary("Turn the second factor on with its first code")
            .limited(&[Class::TwoFactor])
            .takes::<CodeBody>()
            .answers::<BackupCodes>(StatusCode::OK)
            .refuses(StatusCode::CONFLICT, &["TWO_FACTOR_ALREADY_ENABLED"]),
        wrong(Route::new(post.clone(), "/auth/2fa/challenge", CREDENTIALS, rooms, answer_challenge))
            .summary("Complete a sign-in with a code")
            .in_maintenance()
            .limited(&[Class::Login, Class::TwoFactor])
            .takes::<ChallengeBody>()
            .answers::<AuthTokens>(StatusCode::OK)
            .refuses(StatusCode::LOCKED, &["ACCOUNT_LOCKED"]),
        wrong(Route::new(post.clone(), "/auth/2fa/disable", Rule::SignedIn, rooms, remove_factor))
            .summary("Turn the second factor off")
            .limited(&[Class::TwoFactor])
            .takes::<PasswordAndCodeBody>()
            .answers::<Done>(StatusCode::OK),
        wrong(Route::new(post, "/auth/2fa/backup-codes", Rule::SignedIn, rooms, renew_backup_codes))
            .summary("New backup codes; the old ones are void")
            .limited(&[Class::TwoFactor])
            .takes::<PasswordAndCodeBody>()
            .answers::<BackupCodes>(StatusCode::OK),
    ]
}

const CREDENTIALS: Rule = Rule::Public("the challenge says who it is");

/// The password was right; the code is what is missing.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TwoFactorChallenge {
    two_factor_required: bool,
    challenge_token: String,
    /// In seconds.
    expires_in: u64,
    methods: [&'static str; 2],
}

impl TwoFactorChallenge {
    pub fn new(challenge: &Challenge) -> TwoFactorChallenge {
        TwoFactorChallenge {
            two_factor_required: true,
            challenge_token: challenge.token.expose().to_owned(),
            expires_in: CHALLENGE_LIFETIME.as_secs(),
            methods: ["totp", "backup_code"],
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PasswordBody {
    /// Needed where there is one.
    #[schema(value_type = Option<String>)]
    password: Option<Secret>,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CodeBody {
    /// Six digits.
    #[schema(value_type = String, min_length = 6, max_length = 6)]
    token: Secret,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PasswordAndCodeBody {
    /// Needed where there is one.
    #[schema(value_type = Option<String>)]
    password: Option<Secret>,
    /// Six digits, or a backup code.
    #[schema(value_type = String)]
    code: Secret,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ChallengeBody {
    #[schema(value_type = String)]
    challenge_token: Secret,
    /// Six digits, or a backup code.
    #[schema(value_type = String)]
    code: Secret,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct EnrolmentAnswer {
    secret: String,
    otpauth_url: String,
    /// A picture as a `data:` URL.
    qr_code: String,
}

async fn enrol_factor(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Body(body): Body<PasswordBody>,
) -> Result<Json<EnrolmentAnswer>, ApiError> {
    let enrolment = identity.enrol_factor(&ctx, body.password).await?;
    Ok(Json(EnrolmentAnswer {
        secret: enrolment.seed.expose().to_owned(),
        otpauth_url: enrolment.url.expose().to_owned(),
        qr_code: format!("data:image/svg+xml;base64,{}", STANDARD.encode(enrolment.picture.expose())),
    }))
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct BackupCodes {
    enabled: bool,
    /// Told once.
    backup_codes: Vec<String>,
}

impl BackupCodes {
    fn new(codes: &[Secret]) -> Json<BackupCodes> {
        let backup_codes = codes.iter().map(|code| code.expose().to_owned()).collect();
        Json(BackupCodes { enabled: true, backup_codes })
    }
}

async fn confirm_factor(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Body(body): Body<CodeBody>,
) -> Result<Json<BackupCodes>, ApiError> {
    Ok(BackupCodes::new(&identity.confirm_factor(&ctx, &body.token).await?))
}

async fn answer_challenge(
    State(rooms): State<Rooms>,
    Caller(ctx): Caller,
    Body(body): Body<ChallengeBody>,
) -> Result<Response, ApiError> {
    let signed = rooms.identity.answer_challenge(&ctx, &body.challenge_token, &body.code).await?;
    Ok(answer_signed(&signed, rooms.secure))
}

async fn remove_factor(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Body(body): Body<PasswordAndCodeBody>,
) -> Result<Json<Done>, ApiError> {
    identity.remove_factor(&ctx, body.password, &body.code).await?;
    Ok(Json(Done::new()))
}

async fn renew_backup_codes(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Body(body): Body<PasswordAndCodeBody>,
) -> Result<Json<BackupCodes>, ApiError> {
    Ok(BackupCodes::new(&identity.renew_backup_codes(&ctx, body.password, &body.code).await?))
}
