//! The routes of workspaces and members.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use rampart_access::{Ctx, ReadWorkspace, Rule, WorkspaceRole};
use rampart_kernel::{Secret, Timestamp, UserId, WorkspaceId};
use rampart_web::{ApiError, Body, Caller, Class, Done, Ids, Listing, Page, Params, Route, list_of};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::model::{Member, Part, Slug, Workspace};
use super::service::{ChangeWorkspace, MakeWorkspace};
use super::store::MemberFilter;
use crate::access::{LeaveWorkspace, ManageMembers, ManageWorkspace, OwnWorkspace};
use crate::fields::Name;
use crate::service::Identity;

pub fn routes(identity: &Identity) -> Vec<Route> {
    let (get, post, put, patch, delete) = (Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE);
    let change = |method| {
        Route::new(method, "/workspaces/{id}", Rule::of::<ManageWorkspace>(), identity, change_workspace)
            .summary("Change the workspace")
            .limited(&[Class::User, Class::WorkspaceUpdate])
            .takes::<ChangeBody>()
            .answers::<WorkspaceAnswer>(StatusCode::OK)
            .refuses(StatusCode::CONFLICT, &["CONFLICT"])
    };
    vec![
        Route::new(get.clone(), "/workspaces", Rule::SignedIn, identity, list_workspaces)
            .summary("The workspaces one has a part in")
            .asks::<Page>()
            .answers::<Workspaces>(StatusCode::OK),
        Route::new(post.clone(), "/workspaces", Rule::InSession, identity, make_workspace)
            .summary("Make a workspace")
            .limited(&[Class::User, Class::WorkspaceCreate])
            .takes::<MakeBody>()
            .answers::<WorkspaceAnswer>(StatusCode::CREATED)
            .refuses(StatusCode::CONFLICT, &["CONFLICT"]),
        Route::new(get.clone(), "/workspaces/{id}", Rule::of::<ReadWorkspace>(), identity, show_workspace)
            .summary("The workspace")
            .answers::<WorkspaceAnswer>(StatusCode::OK),
        change(patch.clone()),
        change(put),
        Route::new(delete.clone(), "/workspaces/{id}", Rule::of::<OwnWorkspace>(), identity, delete_workspace)
            .summary("Delete the workspace; its rows stay for thirty days")
            .limited(&[Class::User, Class::WorkspaceUpdate])
            .takes::<DeleteBody>()
            .answers::<Done>(StatusCode::OK),
        Route::new(
            post,
            "/workspaces/{id}/transfer-ownership",
            Rule::of::<OwnWorkspace>(),
            identity,
            transfer_ownership,
        )
        .summary("Hand the workspace over to another member")
        .limited(&[Class::Auth, Class::User, Class::WorkspaceUpdate])
        .takes::<TransferBody>()
        .answers::<WorkspaceAnswer>(StatusCode::OK)
        .refuses(StatusCode::UNAUTHORIZED, &["INVALID_CREDENTIALS"]),
        Route::new(get, "/workspaces/{id}/members", Rule::of::<ReadWorkspace>(), identity, list_members)
            .summary("The members of the workspace")
            .lists::<MembersAsked>()
            .answers::<Members>(StatusCode::OK),
        Route::new(patch, "/workspaces/{id}/members/{user_id}", Rule::of::<ManageMembers>(), identity, change_role)
            .summary("Give a member another role")
            .limited(&[Class::User, Class::WorkspaceUpdate])
            .takes::<RoleBody>()
            .answers::<MemberAnswer>(StatusCode::OK)
            .refuses(StatusCode::CONFLICT, &["LAST_OWNER"]),
        Route::new(delete, "/workspaces/{id}/members/{user_id}", Rule::of::<LeaveWorkspace>(), identity, remove_member)
            .summary("Remove a member, or leave")
            .limited(&[Class::User, Class::WorkspaceUpdate])
            .answers::<Done>(StatusCode::OK)
            .refuses(StatusCode::CONFLICT, &["LAST_OWNER"]),
    ]
}

/// A workspace as far as it says who somebody is.
#[derive(Serialize, ToSchema)]
pub struct PartAnswer {
    id: String,
    name: String,
    slug: String,
    role: &'static str,
    tier: &'static str,
}

impl PartAnswer {
    pub fn new(part: &Part) -> PartAnswer {
        PartAnswer {
            id: part.workspace.to_string(),
            name: part.name.clone(),
            slug: part.slug.clone(),
            role: part.role.name(),
            tier: part.tier.name(),
        }
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkspaceAnswer {
    id: String,
    name: String,
    slug: String,
    owner_id: String,
    tier: &'static str,
    personal: bool,
    settings: Value,
    member_count: u64,
    /// The caller's, as it counts.
    role: Option<&'static str>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl WorkspaceAnswer {
    fn new(workspace: Workspace, role: Option<WorkspaceRole>) -> WorkspaceAnswer {
        WorkspaceAnswer {
            id: workspace.id.to_string(),
            name: workspace.name,
            slug: workspace.slug,
            owner_id: workspace.owner.to_string(),
            tier: workspace.tier.name(),
            personal: workspace.personal,
            settings: workspace.settings,
            member_count: workspace.members,
            role: role.map(WorkspaceRole::name),
            created_at: workspace.created_at,
            updated_at: workspace.updated_at,
        }
    }
}

list_of!(Workspaces { workspaces: WorkspaceAnswer });

async fn list_workspaces(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Params(page): Params<Page>,
) -> Result<Json<Workspaces>, ApiError> {
    let found = identity.workspaces(&ctx, page).await?;
    Ok(Json(Workspaces::new(found.map(|(workspace, role)| WorkspaceAnswer::new(workspace, Some(role))))))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MakeBody {
    #[schema(value_type = String, min_length = 2, max_length = 80)]
    name: Name<2, 80>,
    #[schema(value_type = Option<String>, min_length = 2, max_length = 63)]
    slug: Option<Slug>,
}

async fn make_workspace(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Body(body): Body<MakeBody>,
) -> Result<(StatusCode, Json<WorkspaceAnswer>), ApiError> {
    let made = identity.make_workspace(&ctx, MakeWorkspace { name: body.name.0, slug: body.slug }).await?;
    Ok((StatusCode::CREATED, Json(WorkspaceAnswer::new(made, Some(WorkspaceRole::Owner)))))
}

fn answer(ctx: &Ctx, workspace: Workspace) -> Json<WorkspaceAnswer> {
    Json(WorkspaceAnswer::new(workspace, ctx.role()))
}

async fn show_workspace(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
) -> Result<Json<WorkspaceAnswer>, ApiError> {
    Ok(answer(&ctx, identity.workspace(&ctx).await?))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ChangeBody {
    #[schema(value_type = Option<String>, min_length = 2, max_length = 80)]
    name: Option<Name<2, 80>>,
    #[schema(value_type = Option<String>, min_length = 2, max_length = 63)]
    slug: Option<Slug>,
    /// An object of at most 16 KB, kept as it is.
    #[schema(value_type = Option<Object>)]
    settings: Option<Map<String, Value>>,
}

/// What a dashboard keeps of its own is small.
const SETTINGS_BYTES: usize = 16_384;

async fn change_workspace(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Body(body): Body<ChangeBody>,
) -> Result<Json<WorkspaceAnswer>, ApiError> {
    let settings = body.settings.map(Value::Object);
    if settings.as_ref().is_some_and(|settings| settings.to_string().len() > SETTINGS_BYTES) {
        return Err(ApiError::invalid("settings", "has at most 16 KB"));
    }
    let change = ChangeWorkspace { name: body.name.map(|name| name.0), slug: body.slug, settings };
    let changed = identity.change_workspace(&ctx, change).await?;
    Ok(answer(&ctx, changed))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DeleteBody {
    /// The slug of the workspace.
    confirm: String,
}

async fn delete_workspace(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Body(body): Body<DeleteBody>,
) -> Result<Json<Done>, ApiError> {
    identity.delete_workspace(&ctx, &body.confirm).await?;
    Ok(Json(Done::new()))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TransferBody {
    #[schema(value_type = String, format = Uuid)]
    user_id: UserId,
    /// The caller's.
    #[schema(value_type = String)]
    password: Secret,
}

async fn transfer_ownership(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Body(body): Body<TransferBody>,
) -> Result<Json<WorkspaceAnswer>, ApiError> {
    let changed = identity.transfer_ownership(&ctx, body.user_id, body.password).await?;
    Ok(answer(&ctx, changed))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct MembersAsked {
    #[param(value_type = Option<String>)]
    role: Option<WorkspaceRole>,
    /// Part of an address or a name.
    #[param(max_length = 80)]
    q: Option<String>,
}

list_of!(Members { members: MemberAnswer });

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MemberAnswer {
    user_id: String,
    email: String,
    username: Option<String>,
    name: Option<String>,
    role: &'static str,
    #[schema(value_type = String, format = DateTime)]
    joined_at: Timestamp,
}

impl From<Member> for MemberAnswer {
    fn from(member: Member) -> MemberAnswer {
        MemberAnswer {
            user_id: member.user.to_string(),
            email: member.email,
            username: member.username,
            name: member.name,
            role: member.role.name(),
            joined_at: member.joined_at,
        }
    }
}

async fn list_members(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Listing { page, filter }: Listing<MembersAsked>,
) -> Result<Json<Members>, ApiError> {
    let filter = MemberFilter { role: filter.role, text: filter.q };
    Ok(Json(Members::new(identity.members(&ctx, filter, page).await?.map(MemberAnswer::from))))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RoleBody {
    #[schema(value_type = String)]
    role: WorkspaceRole,
}

async fn change_role(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Ids(_, user): Ids<WorkspaceId, UserId>,
    Body(body): Body<RoleBody>,
) -> Result<Json<MemberAnswer>, ApiError> {
    Ok(Json(identity.change_role(&ctx, user, body.role).await?.into()))
}

async fn remove_member(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Ids(_, user): Ids<WorkspaceId, UserId>,
) -> Result<Json<Done>, ApiError> {
    identity.remove_member(&ctx, user).await?;
    Ok(Json(Done::new()))
}
