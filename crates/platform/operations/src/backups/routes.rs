//! The routes of backups.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use rampart_access::Rule;
use rampart_kernel::Timestamp;
use rampart_web::{ApiError, Caller, Done, Id, Page, Params, Route, list_of};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Backup, BackupId};
use crate::module::Operations;

pub fn routes(operations: &Operations) -> Vec<Route> {
    let rule = Rule::PlatformAdmin;
    vec![
        Route::new(Method::GET, "/admin/backups", rule, operations, list_backups)
            .summary("Backups of the embedded database, newest first")
            .asks::<Page>()
            .answers::<Backups>(StatusCode::OK),
        Route::new(Method::POST, "/admin/backups", rule, operations, make_backup)
            .summary("Make a backup; PostgreSQL is backed up by its own means")
            .answers::<BackupAnswer>(StatusCode::ACCEPTED)
            .refuses(StatusCode::CONFLICT, &["CONFLICT", "PROVIDER_NOT_CONFIGURED"]),
        Route::new(Method::POST, "/admin/backups/{id}/verify", rule, operations, verify_backup)
            .summary("Read a backup to its end and check the database in it")
            .answers::<BackupVerdict>(StatusCode::OK)
            .refuses(StatusCode::CONFLICT, &["INVALID_STATE_TRANSITION"]),
        Route::new(Method::DELETE, "/admin/backups/{id}", rule, operations, delete_backup)
            .summary("Remove a backup for good")
            .answers::<Done>(StatusCode::OK)
            .refuses(StatusCode::CONFLICT, &["CONFLICT"]),
    ]
}

list_of!(Backups { backups: BackupAnswer });

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Backup)]
struct BackupAnswer {
    id: String,
    /// `scheduled`: kept for as long as the settings say; `manual`: until it is removed.
    kind: &'static str,
    /// `running`, `completed`, `verified` or `failed`.
    status: &'static str,
    /// The name of its object.
    object_key: Option<String>,
    size_bytes: u64,
    sha256: Option<String>,
    error: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Timestamp>,
}

impl From<Backup> for BackupAnswer {
    fn from(backup: Backup) -> BackupAnswer {
        BackupAnswer {
            id: backup.id.to_string(),
            kind: backup.kind.name(),
            status: backup.status.name(),
            object_key: backup.object,
            size_bytes: backup.size_bytes,
            sha256: backup.sha256,
            error: backup.error,
            created_at: backup.created_at,
            finished_at: backup.finished_at,
        }
    }
}

#[derive(Serialize, ToSchema)]
struct BackupVerdict {
    valid: bool,
    /// What is wrong with it.
    error: Option<String>,
}

async fn list_backups(
    State(operations): State<Operations>,
    Caller(ctx): Caller,
    Params(page): Params<Page>,
) -> Result<Json<Backups>, ApiError> {
    Ok(Json(Backups::new(operations.backups(&ctx, page).await?.map(BackupAnswer::from))))
}

async fn make_backup(
    State(operations): State<Operations>,
    Caller(ctx): Caller,
) -> Result<(StatusCode, Json<BackupAnswer>), ApiError> {
    Ok((StatusCode::ACCEPTED, Json(operations.back_up(&ctx).await?.into())))
}

async fn verify_backup(
    State(operations): State<Operations>,
    Caller(ctx): Caller,
    Id(id): Id<BackupId>,
) -> Result<Json<BackupVerdict>, ApiError> {
    let error = operations.verify_backup(&ctx, id).await?;
    Ok(Json(BackupVerdict { valid: error.is_none(), error }))
}

async fn delete_backup(
    State(operations): State<Operations>,
    Caller(ctx): Caller,
    Id(id): Id<BackupId>,
) -> Result<Json<Done>, ApiError> {
    operations.delete_backup(&ctx, id).await?;
    Ok(Json(Done::new()))
}
