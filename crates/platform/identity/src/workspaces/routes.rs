//! The routes of workspaces and invitations.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use rampart_access::{PlatformRole, Rule, WorkspaceRole};
use rampart_kernel::{Id as _, Timestamp};
use rampart_web::{ApiError, Body, Caller, Route};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::Part;
use super::service::{Invite, Invited};
use crate::access::ManageMembers;
use crate::fields::Between;
use crate::model::EmailAddress;
use crate::service::Identity;

pub fn routes(identity: &Identity) -> Vec<Route> {
    let post = Method::POST;
    vec![
        Route::new(post.clone(), "/admin/invitations", Rule::PlatformAdmin, identity, invite_to_platform)
            .summary("Invite somebody onto the installation")
            .takes::<InvitationBody<String>>()
            .answers::<InvitationAnswer>(StatusCode::CREATED),
        Route::new(post, "/workspaces/{id}/invitations", Rule::of::<ManageMembers>(), identity, invite_to_workspace)
            .summary("Invite somebody into the workspace")
            .takes::<InvitationBody<String>>()
            .answers::<InvitationAnswer>(StatusCode::CREATED),
    ]
}

#[derive(Serialize, ToSchema)]
pub struct WorkspaceAnswer {
    id: String,
    name: String,
    slug: String,
    role: &'static str,
    tier: &'static str,
}

impl WorkspaceAnswer {
    pub fn new(part: &Part) -> WorkspaceAnswer {
        WorkspaceAnswer {
            id: part.workspace.to_string(),
            name: part.name.clone(),
            slug: part.slug.clone(),
            role: part.role.name(),
            tier: part.tier.name(),
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct InvitationBody<R> {
    role: R,
    #[schema(value_type = Option<String>, format = Email)]
    email: Option<EmailAddress>,
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 100)]
    max_uses: Option<Between<1, 100>>,
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 720)]
    expires_in_hours: Option<Between<1, 720>>,
}

/// One person, within a week.
const USUAL_USES: u32 = 1;
const USUAL_HOURS: u32 = 168;

fn invite<R>(
    role: R,
    email: Option<EmailAddress>,
    max_uses: Option<Between<1, 100>>,
    hours: Option<Between<1, 720>>,
) -> Invite<R> {
    let hours = hours.map_or(USUAL_HOURS, |hours| hours.0);
    Invite {
        role,
        email,
        max_uses: max_uses.map_or(USUAL_USES, |uses| uses.0),
        lifetime: Duration::from_secs(3_600 * u64::from(hours)),
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct InvitationAnswer {
    id: String,
    /// Told once.
    code: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

fn answer_invited(invited: &Invited) -> (StatusCode, Json<InvitationAnswer>) {
    let answer = InvitationAnswer {
        id: invited.id.uuid().as_hyphenated().to_string(),
        code: invited.code.expose().to_owned(),
        expires_at: invited.expires_at,
    };
    (StatusCode::CREATED, Json(answer))
}

async fn invite_to_platform(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Body(body): Body<InvitationBody<PlatformRole>>,
) -> Result<(StatusCode, Json<InvitationAnswer>), ApiError> {
    let invite = invite(body.role, body.email, body.max_uses, body.expires_in_hours);
    Ok(answer_invited(&identity.invite_to_platform(&ctx, invite).await?))
}

async fn invite_to_workspace(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Body(body): Body<InvitationBody<WorkspaceRole>>,
) -> Result<(StatusCode, Json<InvitationAnswer>), ApiError> {
    let invite = invite(body.role, body.email, body.max_uses, body.expires_in_hours);
    Ok(answer_invited(&identity.invite_to_workspace(&ctx, invite).await?))
}
