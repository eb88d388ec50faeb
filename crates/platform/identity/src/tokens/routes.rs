//! The routes of API tokens.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use rampart_access::{Rule, Scope, TokenId};
use rampart_kernel::{Timestamp, WorkspaceId};
use rampart_web::{ApiError, Body, Caller, Done, Id, Page, Params, Route, list_of};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::ApiToken;
use super::service::MakeToken;
use crate::fields::{Between, Few, Name};
use crate::service::Identity;

pub fn routes(identity: &Identity) -> Vec<Route> {
    let rule = Rule::InSession;
    vec![
        Route::new(Method::GET, "/users/me/tokens", rule, identity, list_tokens)
            .summary("One's API tokens")
            .asks::<Page>()
            .answers::<Tokens>(StatusCode::OK),
        Route::new(Method::POST, "/users/me/tokens", rule, identity, make_token)
            .summary("Make an API token")
            .takes::<TokenBody>()
            .answers::<Made>(StatusCode::CREATED)
            .refuses(StatusCode::CONFLICT, &["CONFLICT"]),
        Route::new(Method::DELETE, "/users/me/tokens/{id}", rule, identity, revoke_token)
            .summary("Revoke an API token")
            .answers::<Done>(StatusCode::OK),
    ]
}

list_of!(Tokens { tokens: TokenAnswer });

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TokenAnswer {
    id: String,
    name: String,
    prefix: String,
    #[schema(value_type = Vec<String>)]
    scopes: Vec<Scope>,
    workspace_id: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<ApiToken> for TokenAnswer {
    fn from(token: ApiToken) -> TokenAnswer {
        TokenAnswer {
            id: token.id.to_string(),
            name: token.name,
            prefix: token.prefix,
            scopes: token.scopes,
            workspace_id: token.workspace.to_string(),
            expires_at: token.expires_at,
            last_used_at: token.last_used,
            created_at: token.created_at,
        }
    }
}

async fn list_tokens(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Params(page): Params<Page>,
) -> Result<Json<Tokens>, ApiError> {
    Ok(Json(Tokens::new(identity.tokens(&ctx, page).await?.map(TokenAnswer::from))))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TokenBody {
    #[schema(value_type = String, min_length = 1, max_length = 80)]
    name: Name<1, 80>,
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 5)]
    scopes: Few<Scope, 5>,
    #[schema(value_type = Option<String>, format = Uuid)]
    workspace_id: Option<WorkspaceId>,
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 365)]
    expires_in_days: Option<Between<1, 365>>,
}

/// A quarter of a year.
const USUAL_DAYS: u32 = 90;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Made {
    /// Told once.
    token: String,
    api_token: TokenAnswer,
}

async fn make_token(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Body(body): Body<TokenBody>,
) -> Result<(StatusCode, Json<Made>), ApiError> {
    let mut scopes = body.scopes.to_vec();
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() {
        return Err(ApiError::invalid("scopes", "name what the token is for"));
    }
    let days = body.expires_in_days.map_or(USUAL_DAYS, |days| days.0);
    let lifetime = Duration::from_secs(86_400 * u64::from(days));
    let make = MakeToken { name: body.name.0, scopes, workspace: body.workspace_id, lifetime };
    let made = identity.make_token(&ctx, make).await?;
    let answer = Made { token: made.secret.expose().to_owned(), api_token: made.token.into() };
    Ok((StatusCode::CREATED, Json(answer)))
}

async fn revoke_token(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Id(id): Id<TokenId>,
) -> Result<Json<Done>, ApiError> {
    identity.revoke_token(&ctx, id).await?;
    Ok(Json(Done::new()))
}
