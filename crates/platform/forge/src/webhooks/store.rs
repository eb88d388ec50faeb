//! The SQL of deliveries, and of repositories as deliveries find them: by a signature instead of a proof, of whatever workspace.

use std::collections::HashSet;

use rampart_access::PlatformAdmin;
use rampart_jobs::JobId;
use rampart_kernel::{Sealed, WorkspaceId};
use rampart_store::{Error, Migration, Past, Reader, Result, Row, Sql, Tx, params};
use rampart_web::Page;

use super::model::{Delivery, DeliveryId, DeliveryStatus, WholeDelivery};
use crate::model::{Provider, RepositoryId};

/// When a branch was pushed to, by the forge's clock; and who may use which installation of the GitHub App.
pub const COLUMNS: Migration = Migration::new(
    "forge/0004-webhooks",
    "ALTER TABLE repository_branches ADD COLUMN pushed_at {ts};
    CREATE INDEX repositories_installation ON repositories (installation_id);
    CREATE TABLE github_installations (
        installation_id TEXT NOT NULL,
        workspace_id {uuid} NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
        account TEXT NOT NULL,
        added_by {uuid} REFERENCES users (id),
        created_at {ts} NOT NULL,
        PRIMARY KEY (installation_id, workspace_id)
    );
    CREATE INDEX github_installations_workspace ON github_installations (workspace_id)",
);

/// Deliveries are looked at by how they stand.
pub const LOOKING: Migration =
    Migration::new("forge/0006-deliveries", "CREATE INDEX webhook_deliveries_page ON webhook_deliveries (status, id)");

/// The index of pages begins with the status, too.
pub const STATUS: Migration = Migration::new("forge/0007-status", "DROP INDEX webhook_deliveries_status");

/// Jobs that a delivery remembers to have been replayed by.
const JOBS_KEPT: usize = 20;

/// Deliveries are kept this long (spec 03 §2).
pub const PAST: Past = Past::of("webhook_deliveries", "received_at");

/// Workspaces in which one repository is connected.
const MOST: i64 = 100;

/// A repository as a delivery finds it.
pub struct Hooked {
    pub repository: RepositoryId,
    pub workspace: WorkspaceId,
    /// Its number at its forge.
    pub at_forge: Option<String>,
    /// Of its hook.
    pub secret: Option<Sealed>,
}

fn read(row: &Row) -> Result<Hooked> {
    let secret: Option<String> = row.get("webhook_secret")?;
    Ok(Hooked {
        repository: row.get("id")?,
        workspace: row.get("workspace_id")?,
        at_forge: row.get("provider_repo_id")?,
        secret: secret.map(Sealed::from_text),
    })
}

/// The connected repository that the address of a hook names.
pub async fn find(reader: &mut Reader, provider: Provider, id: RepositoryId) -> Result<Option<Hooked>> {
    let sql = "SELECT r.id, r.workspace_id, r.provider_repo_id, r.webhook_secret FROM repositories r JOIN workspaces w ON w.id = r.workspace_id
               WHERE r.id = $1 AND r.provider = $2 AND r.active = TRUE AND w.deleted_at IS NULL";
    reader.find(sql, &params![id, provider]).await?.as_ref().map(read).transpose()
}

/// The connected repositories that are this one at the forge: one in each workspace.
pub async fn list(reader: &mut Reader, provider: Provider, at_forge: &str) -> Result<Vec<Hooked>> {
    let sql = "SELECT r.id, r.workspace_id, r.provider_repo_id, r.webhook_secret FROM repositories r JOIN workspaces w ON w.id = r.workspace_id
               WHERE r.provider = $1 AND r.provider_repo_id = $2 AND r.active = TRUE AND w.deleted_at IS NULL
               ORDER BY r.id LIMIT $3";
    reader.list(sql, &params![provider, at_forge, MOST]).await?.iter().map(read).collect()
}

/// A delivery to be noted.
pub struct New<'a> {
    pub id: DeliveryId,
    pub provider: Provider,
    pub delivery: &'a str,
    pub event: &'static str,
    /// What it is about, unless it is an installation.
    pub of: Option<(RepositoryId, WorkspaceId)>,
    pub status: DeliveryStatus,
    pub payload: rampart_kernel::Value,
}

/// Those that were not noted before.
pub async fn insert<'a>(tx: &mut Tx, new: impl IntoIterator<Item = New<'a>>) -> Result<HashSet<DeliveryId>> {
    let now = tx.origin().now();
    let row = |it: New<'_>| {
        let headers = serde_json::json!({ "event": it.event, "delivery": it.delivery });
        let (repository, workspace) = it.of.unzip();
        params![
            it.id,
            it.provider,
            it.delivery,
            it.event,
            repository,
            workspace,
            it.status,
            headers,
            it.payload,
            serde_json::json!([]),
            now,
            now,
        ]
    };
    let rows: Vec<_> = new.into_iter().map(row).collect();
    let sql = "INSERT INTO webhook_deliveries (id, provider, delivery_id, event, repository_id, workspace_id, status, headers,
            payload, job_ids, received_at, processed_at) VALUES {rows} ON CONFLICT DO NOTHING RETURNING id";
    tx.change_all(sql, &rows).await?.iter().map(|row| row.get("id")).collect()
}

/// Nothing followed from these, and why.
pub async fn ignore(tx: &mut Tx, ignored: impl Iterator<Item = (DeliveryId, &'static str)>) -> Result<()> {
    let now = tx.origin().now();
    let rows: Vec<_> = ignored.map(|(id, why)| params![id, why, now]).collect();
    let sql = "WITH given (delivery, why, at) AS (VALUES {rows})
        UPDATE webhook_deliveries SET status = 'ignored', error = given.why, processed_at = given.at FROM given
        WHERE webhook_deliveries.id = given.delivery";
    tx.change_all(sql, &rows).await.map(drop)
}

/// What became of it, as it turned out.
pub async fn settle(tx: &mut Tx, id: DeliveryId, status: DeliveryStatus, why: Option<&str>) -> Result<()> {
    let now = tx.origin().now();
    let sql = "UPDATE webhook_deliveries SET status = $2, error = $3, processed_at = $4 WHERE id = $1";
    tx.execute(sql, &params![id, status, why, now]).await.map(drop)
}

/// Which of these are known, for a repository.
pub async fn known(reader: &mut Reader, provider: Provider, id: RepositoryId, these: &[String]) -> Result<Vec<String>> {
    if these.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("SELECT delivery_id FROM webhook_deliveries WHERE provider = ").bind(provider);
    sql = sql.push(" AND repository_id = ").bind(id).push(" AND delivery_id IN (");
    for (index, delivery) in these.iter().enumerate() {
        sql = sql.push(if index == 0 { "" } else { ", " }).bind(delivery.as_str());
    }
    sql = sql.push(") ORDER BY delivery_id LIMIT ").bind(these.len() as i64);
    reader.list(sql.text(), sql.params()).await?.iter().map(|row| row.get("delivery_id")).collect()
}

/// Which deliveries; all where nothing is said.
#[derive(Clone, Debug, Default)]
pub struct DeliveryFilter {
    pub provider: Option<Provider>,
    pub status: Option<DeliveryStatus>,
}

const SELECT: &str =
    "SELECT d.*, r.full_name FROM webhook_deliveries d LEFT JOIN repositories r ON r.id = d.repository_id";

/// Of all workspaces, the newest first; and how many there are.
pub async fn deliveries(
    reader: &mut Reader,
    _: &PlatformAdmin,
    filter: &DeliveryFilter,
    page: Page,
) -> Result<(Vec<Delivery>, u64)> {
    let filtered = |select: &'static str| {
        let mut sql = Sql::new(select).push(" WHERE d.provider IN ('github', 'gitlab')");
        if let Some(provider) = filter.provider {
            sql = sql.push(" AND d.provider = ").bind(provider);
        }
        if let Some(status) = filter.status {
            sql = sql.push(" AND d.status = ").bind(status);
        }
        sql
    };
    let sql = filtered(SELECT).push(" ORDER BY d.id DESC LIMIT ").bind(page.limit).push(" OFFSET ").bind(page.offset());
    let rows = reader.list(sql.text(), sql.params()).await?;
    let sql = filtered("SELECT COUNT(*) AS count FROM webhook_deliveries d");
    let total: i64 = reader.get(sql.text(), sql.params()).await?.get("count")?;
    Ok((rows.iter().map(read_delivery).collect::<Result<_>>()?, u64::try_from(total).unwrap_or(0)))
}

pub async fn get_delivery(reader: &mut Reader, id: DeliveryId) -> Result<WholeDelivery> {
    let row = reader.get(&format!("{SELECT} WHERE d.id = $1"), &params![id]).await?;
    Ok(WholeDelivery { delivery: read_delivery(&row)?, headers: row.get("headers")?, payload: row.get("payload")? })
}

/// The job that replays it is remembered with it.
pub async fn note_replay(tx: &mut Tx, _: &PlatformAdmin, delivery: &Delivery, job: JobId) -> Result<()> {
    let mut jobs = delivery.jobs.clone();
    jobs.push(job.to_string());
    let kept = serde_json::json!(jobs[jobs.len().saturating_sub(JOBS_KEPT)..]);
    let sql = "UPDATE webhook_deliveries SET job_ids = $2 WHERE id = $1";
    tx.execute(sql, &params![delivery.id, kept]).await.map(drop)
}

fn read_delivery(row: &Row) -> Result<Delivery> {
    Ok(Delivery {
        id: row.get("id")?,
        provider: row.get("provider")?,
        delivery: row.get("delivery_id")?,
        event: row.get("event")?,
        repository: row.get("repository_id")?,
        repository_name: row.get("full_name")?,
        workspace: row.get("workspace_id")?,
        status: row.get("status")?,
        error: row.get("error")?,
        jobs: serde_json::from_value(row.get("job_ids")?).map_err(|error| Error::Unexpected(error.into()))?,
        received_at: row.get("received_at")?,
        processed_at: row.get("processed_at")?,
    })
}
