//! Workspaces, as who administers the installation sees them: what each is, its tier, and whether it is suspended.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use rampart_access::audit::Record;
use rampart_access::{Ctx, PlatformAdmin, Rule};
use rampart_kernel::{Timestamp, WorkspaceId};
use rampart_store::{Reader, Row, Sql, Tx, containing, params};
use rampart_web::{ApiError, Body, Caller, Id, Listing, Page, Paged, Route, list_of};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use crate::service::{Identity, Result};
use crate::tokens::store::count;
use crate::workspaces::events::WorkspaceUpdated;
use crate::workspaces::model::{Tier, Workspace};
use crate::workspaces::store::{SELECT, get_new, lock, read_workspace};

pub fn routes(identity: &Identity) -> Vec<Route> {
    let rule = Rule::PlatformAdmin;
    vec![
        Route::new(Method::GET, "/admin/workspaces", rule, identity, list_workspaces)
            .summary("Workspaces, newest first")
            .lists::<WorkspacesAsked>()
            .answers::<AdministeredWorkspaces>(StatusCode::OK),
        Route::new(Method::PATCH, "/admin/workspaces/{id}", rule, identity, change_workspace)
            .summary("Give a workspace another tier, suspend it, or let its members in again")
            .takes::<AdministerWorkspaceBody>()
            .answers::<AdministeredWorkspace>(StatusCode::OK),
    ]
}

/// Which workspaces; all where nothing is said.
#[derive(Clone, Debug, Default)]
pub struct WorkspaceFilter {
    /// Part of a name or a slug.
    pub text: Option<String>,
    pub tier: Option<Tier>,
    pub suspended: Option<bool>,
}

/// What is to be changed; the rest stays.
#[derive(Clone, Copy, Debug, Default)]
pub struct AdministerWorkspace {
    pub tier: Option<Tier>,
    pub suspended: Option<bool>,
}

/// A workspace, and the address of whoever answers for it.
pub struct Answered {
    workspace: Workspace,
    owner_email: String,
}

impl Identity {
    /// All there are, with their owners and the number of their members.
    ///
    /// # Errors
    /// When the caller does not administer the installation; the same with what follows.
    pub async fn all_workspaces(&self, ctx: &Ctx, filter: &WorkspaceFilter, page: Page) -> Result<Paged<Answered>> {
        let admin = ctx.require_platform_admin()?;
        let (items, total) = list(&mut self.store.read().await?, &admin, filter, page).await?;
        Ok(Paged { items, total, page })
    }

    /// Sets the tier of a workspace, or suspends it: its members are out at once, and no scan is begun in it.
    ///
    /// # Errors
    /// When there is no such workspace.
    pub async fn administer_workspace(
        &self,
        ctx: &Ctx,
        id: WorkspaceId,
        change: AdministerWorkspace,
    ) -> Result<Answered> {
        let admin = ctx.require_platform_admin()?;
        let mut tx = self.store.begin(ctx).await?;
        let before = lock(&mut tx, id).await?;
        let after = Workspace {
            tier: change.tier.unwrap_or(before.tier),
            suspended: change.suspended.unwrap_or(before.suspended),
            ..before.clone()
        };
        let changes: Vec<&str> =
            [("tier", after.tier != before.tier), ("suspended", after.suspended != before.suspended)]
                .into_iter()
                .filter_map(|(name, changed)| changed.then_some(name))
                .collect();
        if !changes.is_empty() {
            save(&mut tx, &admin, &after).await?;
            // Sockets of its members are looked at again.
            tx.emit_in(id, &WorkspaceUpdated { workspace_id: id, changes });
            let shown = |of: &Workspace| json!({ "tier": of.tier, "suspended": of.suspended });
            let record = Record::new("workspace.administered", "workspace").of(id).in_workspace(id);
            self.audit.record(&mut tx, ctx, record.changed(shown(&before), shown(&after))).await?;
        }
        let workspace = get_new(&mut tx, id).await?;
        let owner_email = crate::store::get_user(&mut tx, workspace.owner).await?.email;
        tx.commit().await?;
        Ok(Answered { workspace, owner_email })
    }
}

async fn list(
    reader: &mut Reader,
    _: &PlatformAdmin,
    filter: &WorkspaceFilter,
    page: Page,
) -> rampart_store::Result<(Vec<Answered>, u64)> {
    let filtered = |select: Sql| {
        let mut sql = select.push(" FROM workspaces w JOIN users u ON u.id = w.owner_id WHERE w.deleted_at IS NULL");
        if let Some(text) = &filter.text {
            let pattern = containing(&text.to_lowercase());
            sql = sql.push(" AND (LOWER(w.name) LIKE ").bind(&pattern).push(" ESCAPE '\\' OR w.slug LIKE ");
            sql = sql.bind(&pattern).push(" ESCAPE '\\')");
        }
        if let Some(tier) = filter.tier {
            sql = sql.push(" AND w.tier = ").bind(tier);
        }
        if let Some(suspended) = filter.suspended {
            sql = sql.push(" AND w.suspended = ").bind(suspended);
        }
        sql
    };
    let sql = filtered(Sql::new(SELECT).push(", u.email AS owner_email")).push(" ORDER BY w.id DESC LIMIT ");
    let sql = sql.bind(page.limit).push(" OFFSET ").bind(page.offset());
    let rows = reader.list(sql.text(), sql.params()).await?;
    let sql = filtered(Sql::new("SELECT COUNT(*) AS count"));
    let total = count(&reader.get(sql.text(), sql.params()).await?)?;
    let read = |row: &Row| Ok(Answered { workspace: read_workspace(row)?, owner_email: row.get("owner_email")? });
    Ok((rows.iter().map(read).collect::<rampart_store::Result<_>>()?, total))
}

async fn save(tx: &mut Tx, _: &PlatformAdmin, workspace: &Workspace) -> rampart_store::Result<()> {
    let now = tx.origin().now();
    let sql = "UPDATE workspaces SET tier = $2, suspended = $3, updated_at = $4 WHERE id = $1";
    tx.execute(sql, &params![workspace.id, workspace.tier, workspace.suspended, now]).await.map(drop)
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct WorkspacesAsked {
    /// Part of a name or a slug.
    #[param(max_length = 80)]
    q: Option<String>,
    #[param(value_type = Option<String>)]
    tier: Option<Tier>,
    suspended: Option<bool>,
}

list_of!(AdministeredWorkspaces { workspaces: AdministeredWorkspace });

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AdministeredWorkspace {
    id: String,
    name: String,
    slug: String,
    owner_id: String,
    owner_email: String,
    tier: &'static str,
    personal: bool,
    suspended: bool,
    member_count: u64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl From<Answered> for AdministeredWorkspace {
    fn from(Answered { workspace, owner_email }: Answered) -> AdministeredWorkspace {
        AdministeredWorkspace {
            id: workspace.id.to_string(),
            name: workspace.name,
            slug: workspace.slug,
            owner_id: workspace.owner.to_string(),
            owner_email,
            tier: workspace.tier.name(),
            personal: workspace.personal,
            suspended: workspace.suspended,
            member_count: workspace.members,
            created_at: workspace.created_at,
            updated_at: workspace.updated_at,
        }
    }
}

async fn list_workspaces(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Listing { page, filter }: Listing<WorkspacesAsked>,
) -> Result<Json<AdministeredWorkspaces>, ApiError> {
    let filter = WorkspaceFilter { text: filter.q, tier: filter.tier, suspended: filter.suspended };
    let found = identity.all_workspaces(&ctx, &filter, page).await?;
    Ok(Json(AdministeredWorkspaces::new(found.map(AdministeredWorkspace::from))))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AdministerWorkspaceBody {
    #[schema(value_type = Option<String>)]
    tier: Option<Tier>,
    suspended: Option<bool>,
}

async fn change_workspace(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Id(id): Id<WorkspaceId>,
    Body(body): Body<AdministerWorkspaceBody>,
) -> Result<Json<AdministeredWorkspace>, ApiError> {
    let change = AdministerWorkspace { tier: body.tier, suspended: body.suspended };
    Ok(Json(identity.administer_workspace(&ctx, id, change).await?.into()))
}
