//! Saved views: filters of the list of findings that people keep under a name, for themselves or for everybody in the workspace.
//!
//! A filter is kept as the dashboard has it in its address; what it means is the dashboard's business, and whoever opens it sees what
//! they may see.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use rampart_access::{Ctx, Granted, Permission, Rule};
use rampart_kernel::{Timestamp, UserId};
use rampart_store::{Error as StoreError, Migration, Result as Stored, Row, params};
use rampart_web::{ApiError, Body, Caller, Done, Id, Route};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::{KeepViews, ReadFindings, TriageFindings};
use crate::error::{Error, Result};
use crate::service::Findings;

pub const TABLES: Migration = Migration::new(
    "findings/0002-saved-views",
    "CREATE TABLE saved_views (
        id {uuid} PRIMARY KEY,
        workspace_id {uuid} NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
        user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        filter TEXT NOT NULL,
        shared {bool} NOT NULL,
        created_at {ts} NOT NULL
    );
    CREATE INDEX saved_views_workspace ON saved_views (workspace_id, user_id, name, id);",
);

rampart_kernel::id! {
    /// A saved view.
    ViewId,
}

/// Views that one person keeps in a workspace, and that are told of others: more than a menu can hold.
const MOST_VIEWS: i64 = 50;
/// Characters of a name, and bytes of a filter.
const NAME_LENGTH: usize = 60;
const FILTER_LENGTH: usize = 1_000;

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SavedView {
    #[schema(value_type = String)]
    pub id: ViewId,
    pub name: String,
    /// As it stands in the address of the list: `severity=critical,high&status=open`.
    pub filter: String,
    /// Everybody in the workspace has it.
    pub shared: bool,
    /// The caller has saved it, and may remove it.
    pub own: bool,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// A view to be saved.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = SavedViewBody)]
pub struct NewView {
    /// From 1 to 60 characters.
    pub name: String,
    /// At most 1,000 bytes.
    pub filter: String,
    /// Needs the right to decide about findings.
    #[serde(default)]
    #[schema(required = false)]
    pub shared: bool,
}

impl NewView {
    fn check(&self) -> Result<()> {
        let length = self.name.chars().count();
        if self.name.trim().is_empty() || length > NAME_LENGTH || self.name.chars().any(char::is_control) {
            return Err(Error::Invalid("name", format!("has 1 to {NAME_LENGTH} characters")));
        }
        if self.filter.len() > FILTER_LENGTH || self.filter.chars().any(char::is_control) {
            return Err(Error::Invalid("filter", format!("is at most {FILTER_LENGTH} bytes of an address")));
        }
        Ok(())
    }
}

impl Findings {
    /// Own ones first, then what others share, each by name.
    ///
    /// # Errors
    /// When the caller may not look.
    pub async fn views(&self, ctx: &Ctx) -> Result<Vec<SavedView>> {
        let granted: Granted<ReadFindings> = ctx.require()?;
        let user = person(&granted)?;
        let sql =
            "SELECT id, name, filter, shared, created_at, CASE WHEN user_id = $2 THEN 0 ELSE 1 END AS foreign_view
                   FROM saved_views WHERE workspace_id = $1 AND (user_id = $2 OR shared = TRUE)
                   ORDER BY foreign_view, name, id LIMIT $3";
        let rows = self.store.read().await?.list(sql, &params![granted.workspace(), user, 2 * MOST_VIEWS]).await?;
        let read = |row: &Row| -> Stored<SavedView> {
            Ok(SavedView {
                id: row.get("id")?,
                name: row.get("name")?,
                filter: row.get("filter")?,
                shared: row.get("shared")?,
                own: row.get::<i64>("foreign_view")? == 0,
                created_at: row.get("created_at")?,
            })
        };
        Ok(rows.iter().map(read).collect::<Stored<_>>()?)
    }

    /// # Errors
    /// When the caller may not, or keeps as many as one may.
    pub async fn save_view(&self, ctx: &Ctx, new: NewView) -> Result<SavedView> {
        let granted: Granted<KeepViews> = ctx.require()?;
        if new.shared {
            let _: Granted<TriageFindings> = ctx.require()?;
        }
        new.check()?;
        let user = person(&granted)?;
        let view = SavedView {
            id: ctx.new_id(),
            name: new.name.trim().to_owned(),
            filter: new.filter,
            shared: new.shared,
            own: true,
            created_at: ctx.now(),
        };
        let mut tx = self.store.begin(ctx).await?;
        let sql = "SELECT COUNT(*) AS count FROM saved_views WHERE workspace_id = $1 AND user_id = $2";
        let count: i64 = tx.get(sql, &params![granted.workspace(), user]).await?.get("count")?;
        if count >= MOST_VIEWS {
            return Err(Error::Invalid(
                "name",
                format!("is one too many: at most {MOST_VIEWS} are kept; remove another"),
            ));
        }
        let sql = "INSERT INTO saved_views (id, workspace_id, user_id, name, filter, shared, created_at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let (name, filter) = (view.name.as_str(), view.filter.as_str());
        let values = params![view.id, granted.workspace(), user, name, filter, view.shared, view.created_at];
        tx.execute(sql, &values).await?;
        tx.commit().await?;
        Ok(view)
    }

    /// # Errors
    /// `NotFound` when the caller has no such view: those of others are theirs to remove.
    pub async fn remove_view(&self, ctx: &Ctx, id: ViewId) -> Result<()> {
        let granted: Granted<KeepViews> = ctx.require()?;
        let user = person(&granted)?;
        let mut tx = self.store.begin(ctx).await?;
        let sql = "DELETE FROM saved_views WHERE id = $1 AND workspace_id = $2 AND user_id = $3";
        if tx.execute(sql, &params![id, granted.workspace(), user]).await? == 0 {
            return Err(StoreError::NotFound.into());
        }
        Ok(tx.commit().await?)
    }
}

/// The program itself keeps no views.
fn person<P: Permission>(granted: &Granted<P>) -> Result<UserId> {
    Ok(granted.user().ok_or(StoreError::NotFound)?)
}

pub fn routes(findings: &Findings) -> Vec<Route> {
    let (read, keep) = (Rule::of::<ReadFindings>(), Rule::of::<KeepViews>());
    vec![
        Route::new(Method::GET, "/views", read, findings, list_views)
            .summary("Saved filters of the list of findings: own ones, then shared ones")
            .answers::<SavedViewList>(StatusCode::OK),
        Route::new(Method::POST, "/views", keep, findings, save_view)
            .summary("Save a filter of the list of findings")
            .takes::<NewView>()
            .answers::<SavedView>(StatusCode::CREATED),
        Route::new(Method::DELETE, "/views/{id}", keep, findings, remove_view)
            .summary("Remove a saved filter of one's own")
            .answers::<Done>(StatusCode::OK),
    ]
}

#[derive(Serialize, ToSchema)]
struct SavedViewList {
    views: Vec<SavedView>,
}

async fn list_views(State(findings): State<Findings>, Caller(ctx): Caller) -> Result<Json<SavedViewList>, ApiError> {
    Ok(Json(SavedViewList { views: findings.views(&ctx).await? }))
}

async fn save_view(
    State(findings): State<Findings>,
    Caller(ctx): Caller,
    Body(new): Body<NewView>,
) -> Result<(StatusCode, Json<SavedView>), ApiError> {
    Ok((StatusCode::CREATED, Json(findings.save_view(&ctx, new).await?)))
}

async fn remove_view(
    State(findings): State<Findings>,
    Caller(ctx): Caller,
    Id(id): Id<ViewId>,
) -> Result<Json<Done>, ApiError> {
    findings.remove_view(&ctx, id).await?;
    Ok(Json(Done::new()))
}
