//! The routes of invitations.

use std::time::Duration;

use axum::Json;
use axum::extract::{FromRef, Path, State};
use axum::http::{Method, StatusCode};
use rampart_access::{PlatformRole, Rule, WorkspaceRole};
use rampart_kernel::{Secret, Timestamp, WorkspaceId};
use rampart_web::{ApiError, Body, Caller, Class, Done, Id, Ids, Page, Params, Route, WebSettings, list_of};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{Invitation, InvitationId, InvitationStatus};
use super::service::{Invite, Invited};
use crate::access::ManageMembers;
use crate::fields::Between;
use crate::model::EmailAddress;
use crate::service::Identity;
use crate::workspaces::routes::PartAnswer;

/// What the handlers work with.
#[derive(Clone)]
struct Rooms {
    identity: Identity,
    /// Of the dashboard: where invitations are opened.
    frontend_url: String,
}

impl FromRef<Rooms> for Identity {
    fn from_ref(rooms: &Rooms) -> Identity {
        rooms.identity.clone()
    }
}

pub fn routes(identity: &Identity, web: &WebSettings) -> Vec<Route> {
    let rooms = Rooms { identity: identity.clone(), frontend_url: web.frontend_url() };
    let (get, post, delete) = (Method::GET, Method::POST, Method::DELETE);
    let (admin, manage) = (Rule::PlatformAdmin, Rule::of::<ManageMembers>());
    vec![
        Route::new(get.clone(), "/admin/invitations", admin, &rooms, list_platform_invitations)
            .summary("Invitations onto the installation")
            .asks::<Page>()
            .answers::<Invitations>(StatusCode::OK),
        Route::new(post.clone(), "/admin/invitations", admin, &rooms, invite_to_platform)
            .summary("Invite somebody onto the installation")
            .takes::<InvitationBody<String>>()
            .answers::<InvitedAnswer>(StatusCode::CREATED),
        Route::new(delete.clone(), "/admin/invitations/{id}", admin, &rooms, revoke_platform_invitation)
            .summary("Revoke an invitation onto the installation")
            .answers::<Done>(StatusCode::OK),
        Route::new(get.clone(), "/workspaces/{id}/invitations", manage, &rooms, list_invitations)
            .summary("Invitations into the workspace")
            .asks::<Page>()
            .answers::<Invitations>(StatusCode::OK),
        Route::new(post.clone(), "/workspaces/{id}/invitations", manage, &rooms, invite_to_workspace)
            .summary("Invite somebody into the workspace")
            .limited(&[Class::User, Class::WorkspaceInvite])
            .takes::<InvitationBody<String>>()
            .answers::<InvitedAnswer>(StatusCode::CREATED),
        Route::new(delete, "/workspaces/{id}/invitations/{invitation_id}", manage, &rooms, revoke_invitation)
            .summary("Revoke an invitation into the workspace")
            .limited(&[Class::User, Class::WorkspaceInvite])
            .answers::<Done>(StatusCode::OK),
        Route::new(
            post.clone(),
            "/workspaces/{id}/invitations/{invitation_id}/resend",
            manage,
            &rooms,
            resend_invitation,
        )
        .summary("Mail an invitation once more, with a new code in place of the one before")
        .limited(&[Class::User, Class::WorkspaceInvite])
        .answers::<Done>(StatusCode::OK)
        .refuses(StatusCode::CONFLICT, &["CONFLICT"])
        .refuses(StatusCode::GONE, &["INVITATION_EXPIRED"]),
        Route::new(get, "/invitations/{code}", Rule::Public("the code is what lets one see"), &rooms, show_invitation)
            .summary("What an invitation leads into")
            .answers::<Preview>(StatusCode::OK)
            .refuses(StatusCode::BAD_REQUEST, &["INVITATION_INVALID"])
            .refuses(StatusCode::GONE, &["INVITATION_EXPIRED"]),
        Route::new(post, "/invitations/accept", Rule::InSession, &rooms, accept_invitation)
            .summary("Become a member by an invitation")
            .limited(&[Class::Auth, Class::User])
            .takes::<AcceptBody>()
            .answers::<Accepted>(StatusCode::OK)
            .refuses(StatusCode::BAD_REQUEST, &["INVITATION_INVALID"])
            .refuses(StatusCode::CONFLICT, &["CONFLICT"])
            .refuses(StatusCode::GONE, &["INVITATION_EXPIRED"]),
    ]
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct InvitationBody<R> {
    #[schema(value_type = String)]
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
struct InvitedAnswer {
    invitation: InvitationAnswer,
    /// Told once.
    code: String,
    /// Where it is opened; told once too.
    url: String,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct InvitationAnswer {
    id: String,
    email: Option<String>,
    role: String,
    max_uses: u32,
    uses: u32,
    #[schema(value_type = String)]
    status: InvitationStatus,
    created_by: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl InvitationAnswer {
    fn new(invitation: Invitation, now: Timestamp) -> InvitationAnswer {
        InvitationAnswer {
            id: invitation.id.to_string(),
            status: invitation.status(now),
            email: invitation.email,
            role: invitation.role,
            max_uses: invitation.max_uses,
            uses: invitation.uses,
            created_by: invitation.created_by.map(|id| id.to_string()),
            expires_at: invitation.expires_at,
            created_at: invitation.created_at,
        }
    }
}

list_of!(Invitations { invitations: InvitationAnswer });

async fn list_platform_invitations(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Params(page): Params<Page>,
) -> Result<Json<Invitations>, ApiError> {
    let found = identity.platform_invitations(&ctx, page).await?;
    Ok(Json(Invitations::new(found.map(|invitation| InvitationAnswer::new(invitation, ctx.now())))))
}

async fn list_invitations(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Params(page): Params<Page>,
) -> Result<Json<Invitations>, ApiError> {
    let found = identity.invitations(&ctx, page).await?;
    Ok(Json(Invitations::new(found.map(|invitation| InvitationAnswer::new(invitation, ctx.now())))))
}

fn answer_invited(rooms: &Rooms, invited: Invited) -> (StatusCode, Json<InvitedAnswer>) {
    let code = invited.code.expose().to_owned();
    let url = format!("{}/invitations/{code}", rooms.frontend_url);
    let now = invited.invitation.created_at;
    let invitation = InvitationAnswer::new(invited.invitation, now);
    (StatusCode::CREATED, Json(InvitedAnswer { invitation, code, url }))
}

async fn invite_to_platform(
    State(rooms): State<Rooms>,
    Caller(ctx): Caller,
    Body(body): Body<InvitationBody<PlatformRole>>,
) -> Result<(StatusCode, Json<InvitedAnswer>), ApiError> {
    let invite = invite(body.role, body.email, body.max_uses, body.expires_in_hours);
    Ok(answer_invited(&rooms, rooms.identity.invite_to_platform(&ctx, invite).await?))
}

async fn invite_to_workspace(
    State(rooms): State<Rooms>,
    Caller(ctx): Caller,
    Body(body): Body<InvitationBody<WorkspaceRole>>,
) -> Result<(StatusCode, Json<InvitedAnswer>), ApiError> {
    let invite = invite(body.role, body.email, body.max_uses, body.expires_in_hours);
    Ok(answer_invited(&rooms, rooms.identity.invite_to_workspace(&ctx, invite).await?))
}

async fn revoke_platform_invitation(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Id(id): Id<InvitationId>,
) -> Result<Json<Done>, ApiError> {
    identity.revoke_platform_invitation(&ctx, id).await?;
    Ok(Json(Done::new()))
}

async fn revoke_invitation(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Ids(_, id): Ids<WorkspaceId, InvitationId>,
) -> Result<Json<Done>, ApiError> {
    identity.revoke_invitation(&ctx, id).await?;
    Ok(Json(Done::new()))
}

async fn resend_invitation(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Ids(_, id): Ids<WorkspaceId, InvitationId>,
) -> Result<Json<Done>, ApiError> {
    identity.resend_invitation(&ctx, id).await?;
    Ok(Json(Done::new()))
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Preview {
    /// Nothing when it leads onto the installation.
    workspace_name: Option<String>,
    role: String,
    email: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

async fn show_invitation(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Path(code): Path<Secret>,
) -> Result<Json<Preview>, ApiError> {
    let found = identity.show_invitation(&ctx, &code).await?;
    Ok(Json(Preview {
        workspace_name: found.workspace_name,
        role: found.role,
        email: found.email,
        expires_at: found.expires_at,
    }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AcceptBody {
    #[schema(value_type = String)]
    code: Secret,
}

#[derive(Serialize, ToSchema)]
struct Accepted {
    workspace: PartAnswer,
    role: &'static str,
}

async fn accept_invitation(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Body(body): Body<AcceptBody>,
) -> Result<Json<Accepted>, ApiError> {
    let part = identity.accept_invitation(&ctx, &body.code).await?;
    Ok(Json(Accepted { workspace: PartAnswer::new(&part), role: part.role.name() }))
}
