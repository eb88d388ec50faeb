//! The routes of passkeys.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use rampart_access::Rule;
use rampart_kernel::{Secret, Timestamp};
use rampart_web::{ApiError, Body, Caller, Class, Done, Id, Route};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use webauthn_rs::prelude::{PublicKeyCredential, RegisterPublicKeyCredential};

use super::model::{CeremonyId, PasskeyId, PasskeyInfo};
use super::service::Ceremony;
use crate::fields::Name;
use crate::routes::Rooms;
use crate::service::Identity;
use crate::sessions::model::{self, Begin};
use crate::sessions::routes::{AuthTokens, answer_signed};

pub fn routes(rooms: &Rooms) -> Vec<Route> {
    let (get, post, patch, delete) = (Method::GET, Method::POST, Method::PATCH, Method::DELETE);
    let anybody = Rule::Public("the passkey says who it is");
    vec![
        Route::new(post.clone(), "/auth/passkeys/registration", Rule::SignedIn, rooms, begin_passkey)
            .summary("Begin to register a passkey")
            .limited(&[Class::Auth])
            .takes::<BeginBody>()
            .answers::<CeremonyAnswer>(StatusCode::OK)
            .refuses(StatusCode::UNAUTHORIZED, &["INVALID_CREDENTIALS"])
            .refuses(StatusCode::CONFLICT, &["PROVIDER_NOT_CONFIGURED", "CONFLICT"]),
        Route::new(post.clone(), "/auth/passkeys", Rule::SignedIn, rooms, finish_passkey)
            .summary("Keep the passkey that the authenticator made")
            .takes::<FinishBody>()
            .answers::<PasskeyAnswer>(StatusCode::CREATED)
            .refuses(StatusCode::UNAUTHORIZED, &["INVALID_CREDENTIALS"]),
        Route::new(get, "/auth/passkeys", Rule::SignedIn, rooms, list_passkeys)
            .summary("One's own passkeys")
            .answers::<Passkeys>(StatusCode::OK),
        Route::new(patch, "/auth/passkeys/{id}", Rule::SignedIn, rooms, rename_passkey)
            .summary("Call a passkey something else")
            .takes::<NameBody>()
            .answers::<Done>(StatusCode::OK),
        Route::new(delete, "/auth/passkeys/{id}", Rule::SignedIn, rooms, remove_passkey)
            .summary("Remove a passkey")
            .answers::<Done>(StatusCode::OK)
            .refuses(StatusCode::CONFLICT, &["CONFLICT"]),
        Route::new(post.clone(), "/auth/passkeys/challenge", anybody, rooms, ask_for_passkey)
            .summary("Begin to sign in with a passkey")
            .in_maintenance()
            .limited(&[Class::Auth])
            .answers::<CeremonyAnswer>(StatusCode::OK)
            .refuses(StatusCode::CONFLICT, &["PROVIDER_NOT_CONFIGURED"]),
        Route::new(post, "/auth/passkeys/sign-in", anybody, rooms, sign_in_with_passkey)
            .summary("Sign in with a passkey")
            .in_maintenance()
            .limited(&[Class::Auth, Class::Login])
            .takes::<SignInBody>()
            .answers::<AuthTokens>(StatusCode::OK)
            .refuses(StatusCode::UNAUTHORIZED, &["INVALID_CREDENTIALS"]),
    ]
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct BeginBody {
    /// Needed where there is one.
    #[schema(value_type = Option<String>)]
    password: Option<Secret>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CeremonyAnswer {
    ceremony_id: String,
    /// For `navigator.credentials`, binary values in base64url.
    #[schema(value_type = Object)]
    options: Value,
}

impl CeremonyAnswer {
    fn new(ceremony: Ceremony) -> Json<CeremonyAnswer> {
        Json(CeremonyAnswer { ceremony_id: ceremony.id.to_string(), options: ceremony.options })
    }
}

async fn begin_passkey(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Body(body): Body<BeginBody>,
) -> Result<Json<CeremonyAnswer>, ApiError> {
    Ok(CeremonyAnswer::new(identity.begin_passkey(&ctx, body.password).await?))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FinishBody {
    #[schema(value_type = String)]
    ceremony_id: CeremonyId,
    #[schema(value_type = String, min_length = 1, max_length = 80)]
    name: Name<1, 80>,
    /// What `navigator.credentials.create` gave, binary values in base64url.
    #[schema(value_type = Object)]
    credential: RegisterPublicKeyCredential,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PasskeyAnswer {
    id: String,
    name: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
}

impl PasskeyAnswer {
    fn new(info: PasskeyInfo) -> PasskeyAnswer {
        let PasskeyInfo { id, name, created_at, last_used } = info;
        PasskeyAnswer { id: id.to_string(), name, created_at, last_used_at: last_used }
    }
}

async fn finish_passkey(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Body(body): Body<FinishBody>,
) -> Result<(StatusCode, Json<PasskeyAnswer>), ApiError> {
    let info = identity.finish_passkey(&ctx, body.ceremony_id, &body.name.0, &body.credential).await?;
    Ok((StatusCode::CREATED, Json(PasskeyAnswer::new(info))))
}

#[derive(Serialize, ToSchema)]
struct Passkeys {
    passkeys: Vec<PasskeyAnswer>,
}

async fn list_passkeys(State(identity): State<Identity>, Caller(ctx): Caller) -> Result<Json<Passkeys>, ApiError> {
    let passkeys = identity.passkeys(&ctx).await?.into_iter().map(PasskeyAnswer::new).collect();
    Ok(Json(Passkeys { passkeys }))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NameBody {
    #[schema(value_type = String, min_length = 1, max_length = 80)]
    name: Name<1, 80>,
}

async fn rename_passkey(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Id(id): Id<PasskeyId>,
    Body(body): Body<NameBody>,
) -> Result<Json<Done>, ApiError> {
    identity.rename_passkey(&ctx, id, &body.name.0).await?;
    Ok(Json(Done::new()))
}

async fn remove_passkey(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Id(id): Id<PasskeyId>,
) -> Result<Json<Done>, ApiError> {
    identity.remove_passkey(&ctx, id).await?;
    Ok(Json(Done::new()))
}

async fn ask_for_passkey(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
) -> Result<Json<CeremonyAnswer>, ApiError> {
    Ok(CeremonyAnswer::new(identity.ask_for_passkey(&ctx).await?))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SignInBody {
    #[schema(value_type = String)]
    ceremony_id: CeremonyId,
    /// What `navigator.credentials.get` gave, binary values in base64url.
    #[schema(value_type = Object)]
    credential: PublicKeyCredential,
    #[serde(default)]
    remember_me: bool,
    #[schema(value_type = Option<String>, min_length = 1, max_length = 80)]
    device_name: Option<Name<1, 80>>,
}

async fn sign_in_with_passkey(
    State(rooms): State<Rooms>,
    Caller(ctx): Caller,
    Body(body): Body<SignInBody>,
) -> Result<Response, ApiError> {
    let device_name = body.device_name.map(|name| name.0);
    let begin = Begin { method: model::Method::Passkey, remember: body.remember_me, device_name };
    let signed = rooms.identity.sign_in_with_passkey(&ctx, body.ceremony_id, &body.credential, begin).await?;
    Ok(answer_signed(&signed, rooms.secure))
}
