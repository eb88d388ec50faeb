//! The SQL of channels and deliveries. Rows are reached by a proof.

use rampart_access::{Granted, Permission};
use rampart_kernel::{Sealed, SealedColumn, Timestamp, WorkspaceId};
use rampart_store::{Error, EventId, Migration, Past, Reader, Result, Row, Sql, Tx, params};
use rampart_web::Page;

use super::model::{Channel, ChannelId, Delivery, DeliveryId, DeliveryStatus, Events, Notice};
use crate::access::ManageChannels;

pub const TABLES: Migration = Migration::new(
    "notifications/0003-channels",
    "CREATE TABLE notification_channels (
        id {uuid} PRIMARY KEY,
        workspace_id {uuid} NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
        type TEXT NOT NULL CHECK (type IN ('slack', 'webhook', 'email')),
        name TEXT NOT NULL,
        config TEXT NOT NULL,
        destination TEXT NOT NULL,
        events {json} NOT NULL,
        min_severity TEXT NOT NULL,
        enabled {bool} NOT NULL,
        failure_count {int} NOT NULL DEFAULT 0,
        disabled_reason TEXT,
        created_at {ts} NOT NULL,
        updated_at {ts} NOT NULL
    );
    CREATE INDEX notification_channels_workspace ON notification_channels (workspace_id, id);
    CREATE TABLE notification_deliveries (
        id {uuid} PRIMARY KEY,
        workspace_id {uuid} NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
        channel_id {uuid} NOT NULL REFERENCES notification_channels (id) ON DELETE CASCADE,
        event_id {uuid} NOT NULL,
        payload {json} NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('pending', 'sent', 'failed', 'abandoned')),
        attempts {int} NOT NULL DEFAULT 0,
        next_attempt_at {ts},
        status_code {int},
        last_error TEXT,
        sent_at {ts},
        created_at {ts} NOT NULL,
        updated_at {ts} NOT NULL,
        UNIQUE (channel_id, event_id)
    );
    CREATE INDEX notification_deliveries_due ON notification_deliveries (next_attempt_at) WHERE status = 'pending';
    CREATE INDEX notification_deliveries_channel ON notification_deliveries (channel_id, id);
    CREATE INDEX notification_deliveries_status ON notification_deliveries (status, updated_at);
    CREATE INDEX notification_deliveries_workspace ON notification_deliveries (workspace_id);
    CREATE INDEX notification_deliveries_created ON notification_deliveries (created_at)",
);

pub const CONFIG: SealedColumn =
    SealedColumn { table: "notification_channels", column: "config", row: "id", sealed_as: "config" };

/// Deliveries are kept as long as those of forges.
pub const PAST: Past = Past::of("notification_deliveries", "created_at");

fn read(row: &Row) -> Result<Channel> {
    let events: Vec<String> =
        serde_json::from_value(row.get("events")?).map_err(|error| Error::Unexpected(error.into()))?;
    Ok(Channel {
        id: row.get("id")?,
        channel_type: row.get("type")?,
        name: row.get("name")?,
        destination: row.get("destination")?,
        // Of kinds that this version does not know nothing is heard.
        events: Events::parse(&events).unwrap_or(Events::Only(Vec::new())),
        min_severity: row.get("min_severity")?,
        enabled: row.get("enabled")?,
        failures: row.get("failure_count")?,
        disabled_reason: row.get("disabled_reason")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}

fn read_delivery(row: &Row) -> Result<Delivery> {
    let notice: Notice =
        serde_json::from_value(row.get("payload")?).map_err(|error| Error::Unexpected(error.into()))?;
    Ok(Delivery {
        id: row.get("id")?,
        channel: row.get("channel_id")?,
        notice,
        status: row.get("status")?,
        attempts: row.get("attempts")?,
        next_attempt_at: row.get("next_attempt_at")?,
        status_code: row.get::<Option<i64>>("status_code")?.and_then(|code| u16::try_from(code).ok()),
        last_error: row.get("last_error")?,
        sent_at: row.get("sent_at")?,
        created_at: row.get("created_at")?,
    })
}

fn count(row: &Row) -> Result<u64> {
    Ok(u64::try_from(row.get::<i64>("count")?).unwrap_or(0))
}

/// The newest first; and how many there are.
pub async fn list(reader: &mut Reader, granted: &Granted<ManageChannels>, page: Page) -> Result<(Vec<Channel>, u64)> {
    let sql = "SELECT * FROM notification_channels WHERE workspace_id = $1 ORDER BY id DESC LIMIT $2 OFFSET $3";
    let rows = reader.list(sql, &params![granted.workspace(), page.limit, page.offset()]).await?;
    Ok((rows.iter().map(read).collect::<Result<_>>()?, number(reader, granted).await?))
}

pub async fn number(reader: &mut Reader, granted: &Granted<ManageChannels>) -> Result<u64> {
    let sql = "SELECT COUNT(*) AS count FROM notification_channels WHERE workspace_id = $1";
    count(&reader.get(sql, &params![granted.workspace()]).await?)
}

/// Those of a workspace that are switched on.
pub async fn enabled(reader: &mut Reader, granted: &Granted<ManageChannels>, limit: u32) -> Result<Vec<Channel>> {
    let sql = "SELECT * FROM notification_channels WHERE workspace_id = $1 AND enabled = TRUE ORDER BY id LIMIT $2";
    reader.list(sql, &params![granted.workspace(), limit]).await?.iter().map(read).collect()
}

/// A channel, and where it leads.
pub async fn get<P: Permission>(reader: &mut Reader, granted: &Granted<P>, id: ChannelId) -> Result<(Channel, Sealed)> {
    let sql = "SELECT * FROM notification_channels WHERE id = $1 AND workspace_id = $2";
    let row = reader.get(sql, &params![id, granted.workspace()]).await?;
    Ok((read(&row)?, Sealed::from_text(row.get("config")?)))
}

/// As [`get`], held for change.
pub async fn lock<P: Permission>(tx: &mut Tx, granted: &Granted<P>, id: ChannelId) -> Result<(Channel, Sealed)> {
    let sql = format!("SELECT id FROM notification_channels WHERE id = $1 AND workspace_id = $2{}", tx.for_update());
    tx.get(&sql, &params![id, granted.workspace()]).await?;
    get(tx, granted, id).await
}

/// Whoever else makes one in the workspace waits here, so that both are counted.
pub async fn insert(tx: &mut Tx, granted: &Granted<ManageChannels>, channel: &Channel, config: &Sealed) -> Result<()> {
    let sql = "INSERT INTO notification_channels (id, workspace_id, type, name, config, destination, events, min_severity, enabled,
                   created_at, updated_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)";
    tx.execute(
        sql,
        &params![
            channel.id,
            granted.workspace(),
            channel.channel_type,
            &channel.name,
            config.as_text(),
            &channel.destination,
            serde_json::json!(channel.events.names()),
            channel.min_severity,
            channel.enabled,
            channel.created_at,
        ],
    )
    .await
    .map(drop)
}

pub async fn save<P: Permission>(tx: &mut Tx, granted: &Granted<P>, channel: &Channel, config: &Sealed) -> Result<()> {
    let now = tx.origin().now();
    let sql =
        "UPDATE notification_channels SET name = $3, config = $4, destination = $5, events = $6, min_severity = $7,
                   enabled = $8, failure_count = $9, disabled_reason = $10, updated_at = $11
               WHERE id = $1 AND workspace_id = $2";
    tx.execute(
        sql,
        &params![
            channel.id,
            granted.workspace(),
            &channel.name,
            config.as_text(),
            &channel.destination,
            serde_json::json!(channel.events.names()),
            channel.min_severity,
            channel.enabled,
            channel.failures,
            channel.disabled_reason.as_deref(),
            now,
        ],
    )
    .await
    .map(drop)
}

/// Its deliveries go with it.
pub async fn delete(tx: &mut Tx, granted: &Granted<ManageChannels>, id: ChannelId) -> Result<()> {
    let sql = "DELETE FROM notification_channels WHERE id = $1 AND workspace_id = $2";
    if tx.execute(sql, &params![id, granted.workspace()]).await? == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Of these channels, those that had not been told of the event yet: what they are told.
pub async fn insert_deliveries(
    tx: &mut Tx,
    granted: &Granted<ManageChannels>,
    event: EventId,
    notice: &Notice,
    channels: &[ChannelId],
) -> Result<Vec<DeliveryId>> {
    if channels.is_empty() {
        return Ok(Vec::new());
    }
    let now = tx.origin().now();
    let payload = serde_json::to_value(notice).map_err(|error| Error::Unexpected(error.into()))?;
    let ids: Vec<DeliveryId> = channels.iter().map(|_| tx.origin().new_id()).collect();
    let mut sql = Sql::new(
        "INSERT INTO notification_deliveries
         (id, workspace_id, channel_id, event_id, payload, status, next_attempt_at, created_at, updated_at) VALUES ",
    );
    for (index, (id, channel)) in ids.into_iter().zip(channels).enumerate() {
        sql = sql.push(if index == 0 { "(" } else { ", (" }).bind(id).push(", ").bind(granted.workspace());
        sql = sql.push(", ").bind(*channel).push(", ").bind(rampart_kernel::Id::uuid(event)).push(", ");
        sql = sql.bind(payload.clone()).push(", 'pending', ").bind(now).push(", ").bind(now).push(", ").bind(now);
        sql = sql.push(")");
    }
    sql = sql.push(" ON CONFLICT (channel_id, event_id) DO NOTHING RETURNING id");
    tx.change(sql.text(), sql.params()).await?.iter().map(|row| row.get("id")).collect()
}

/// Of one channel, the newest first; and how many there are.
pub async fn deliveries(
    reader: &mut Reader,
    granted: &Granted<ManageChannels>,
    channel: ChannelId,
    status: Option<DeliveryStatus>,
    page: Page,
) -> Result<(Vec<Delivery>, u64)> {
    let filtered = |select: &'static str| {
        let sql = Sql::new(select).push(" FROM notification_deliveries WHERE channel_id = ").bind(channel);
        let sql = sql.push(" AND workspace_id = ").bind(granted.workspace());
        match status {
            Some(status) => sql.push(" AND status = ").bind(status),
            None => sql,
        }
    };
    let sql = filtered("SELECT *").push(" ORDER BY id DESC LIMIT ").bind(page.limit).push(" OFFSET ");
    let sql = sql.bind(page.offset());
    let rows = reader.list(sql.text(), sql.params()).await?;
    let sql = filtered("SELECT COUNT(*) AS count");
    let total = count(&reader.get(sql.text(), sql.params()).await?)?;
    Ok((rows.iter().map(read_delivery).collect::<Result<_>>()?, total))
}

pub async fn get_delivery<P: Permission>(
    reader: &mut Reader,
    granted: &Granted<P>,
    id: DeliveryId,
) -> Result<Delivery> {
    let sql = "SELECT * FROM notification_deliveries WHERE id = $1 AND workspace_id = $2";
    read_delivery(&reader.get(sql, &params![id, granted.workspace()]).await?)
}

/// How it stands after a try.
pub async fn save_delivery<P: Permission>(tx: &mut Tx, granted: &Granted<P>, delivery: &Delivery) -> Result<()> {
    let now = tx.origin().now();
    let sql = "UPDATE notification_deliveries SET status = $3, attempts = $4, next_attempt_at = $5, status_code = $6,
                   last_error = $7, sent_at = $8, updated_at = $9
               WHERE id = $1 AND workspace_id = $2";
    tx.execute(
        sql,
        &params![
            delivery.id,
            granted.workspace(),
            delivery.status,
            delivery.attempts,
            delivery.next_attempt_at,
            delivery.status_code.map(i64::from),
            delivery.last_error.as_deref(),
            delivery.sent_at,
            now,
        ],
    )
    .await
    .map(drop)
}

/// Deliveries of all workspaces whose next try has come, the oldest first, from behind `after`; for the schedule.
pub async fn due(
    reader: &mut Reader,
    now: Timestamp,
    after: Option<(Timestamp, DeliveryId)>,
    limit: i64,
) -> Result<Vec<(Timestamp, DeliveryId, WorkspaceId)>> {
    let mut sql = Sql::new(
        "SELECT id, workspace_id, next_attempt_at FROM notification_deliveries
         WHERE status = 'pending' AND next_attempt_at <= ",
    )
    .bind(now);
    if let Some((at, id)) = after {
        sql = sql.push(" AND (next_attempt_at > ").bind(at).push(" OR (next_attempt_at = ").bind(at);
        sql = sql.push(" AND id > ").bind(id).push("))");
    }
    sql = sql.push(" ORDER BY next_attempt_at, id LIMIT ").bind(limit);
    let rows = reader.list(sql.text(), sql.params()).await?;
    rows.iter().map(|row| Ok((row.get("next_attempt_at")?, row.get("id")?, row.get("workspace_id")?))).collect()
}

/// Deliveries of all workspaces that did not arrive, since a time.
pub async fn lost_since(reader: &mut Reader, since: Timestamp) -> Result<u64> {
    let sql = "SELECT COUNT(*) AS count FROM notification_deliveries
               WHERE status IN ('failed', 'abandoned') AND updated_at >= $1";
    count(&reader.get(sql, &params![since]).await?)
}
