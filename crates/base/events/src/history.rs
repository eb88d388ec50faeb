//! Events that were told, for those who look back; as far as they are kept.

use rampart_kernel::{Timestamp, WorkspaceId};
use rampart_store::{EventId, Reader, Result, Row, Sql, params};

use crate::bus::Envelope;

/// What happened since.
#[derive(Debug, Default)]
pub struct Since {
    /// In the order in which they were told.
    pub events: Vec<Envelope>,
    /// Whether that is all: not when there are more than were asked for, or the event is not known any more.
    pub complete: bool,
}

/// The events of these names in a workspace that were told after the one that somebody has heard last, at most `limit`.
///
/// The order is that of telling: an event that was begun before another and committed after it is told after it, and must not
/// be missed. One that was told in the same moment may come again.
///
/// # Errors
/// As the database answers.
pub async fn since(
    reader: &mut Reader,
    workspace: WorkspaceId,
    last: EventId,
    names: &[&str],
    limit: usize,
) -> Result<Since> {
    let sql =
        "SELECT seq, published_at FROM event_outbox WHERE id = $1 AND (workspace_id = $2 OR workspace_id IS NULL)";
    let Some(last) = reader.find(sql, &params![last, workspace]).await? else { return Ok(Since::default()) };
    let (seq, told_at): (i64, Option<Timestamp>) = (last.get("seq")?, last.get("published_at")?);
    let Some(told_at) = told_at else { return Ok(Since::default()) };
    if names.is_empty() {
        return Ok(Since { events: Vec::new(), complete: true });
    }
    let mut sql = Sql::new("SELECT * FROM event_outbox WHERE workspace_id = ").bind(workspace);
    sql = sql.push(" AND published_at >= ").bind(told_at);
    sql = sql.push(" AND (published_at > ").bind(told_at).push(" OR seq > ").bind(seq).push(")");
    sql = sql.push(" AND name IN (").bind_all(names.iter().copied()).push(")");
    let one_more = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    sql = sql.push(" ORDER BY published_at, seq LIMIT ").bind(one_more);
    let rows = reader.list(sql.text(), sql.params()).await?;
    let events = rows.iter().take(limit).map(read).collect::<Result<_>>()?;
    Ok(Since { events, complete: rows.len() <= limit })
}

pub(crate) fn read(row: &Row) -> Result<Envelope> {
    Ok(Envelope {
        id: row.get("id")?,
        name: row.get("name")?,
        workspace_id: row.get("workspace_id")?,
        occurred_at: row.get("occurred_at")?,
        request_id: row.get("request_id")?,
        data: row.get("data")?,
    })
}
