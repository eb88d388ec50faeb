//! Events: facts that are written with the change that caused them, and told afterwards.

use rampart_kernel::{Id, Origin, WorkspaceId};
use serde::Serialize;

use crate::{Result, Sql, Tx};

rampart_kernel::id! {
    /// One event.
    EventId,
}

/// A fact. Its fields are ids and little else; they are added to, not renamed.
pub trait Event: Serialize {
    /// Dotted: `user.registered`.
    const NAME: &'static str;
}

/// An event waiting for the end of its transaction.
pub(crate) struct Emitted {
    pub name: &'static str,
    pub workspace: Option<WorkspaceId>,
    /// Nothing when it could not be serialised: the transaction then fails at its end.
    pub data: Option<serde_json::Value>,
}

/// Writes them to the outbox, all in one statement.
pub(crate) async fn write(tx: &mut Tx, origin: &Origin, emitted: Vec<Emitted>) -> Result<()> {
    if emitted.is_empty() {
        return Ok(());
    }
    let now = origin.now();
    let mut sql = Sql::new("INSERT INTO event_outbox (id, name, workspace_id, data, request_id, occurred_at) VALUES ");
    for (index, event) in emitted.into_iter().enumerate() {
        let data = event.data.ok_or_else(|| crate::Error::Unexpected("an event cannot be serialised".into()))?;
        let id: EventId = origin.new_id();
        sql = sql.push(if index == 0 { "(" } else { ", (" });
        sql = sql.bind(id.uuid()).push(", ").bind(event.name).push(", ").bind(event.workspace).push(", ");
        sql = sql.bind(data).push(", ").bind(origin.request_id.as_str()).push(", ").bind(now).push(")");
    }
    tx.execute(sql.text(), sql.params()).await?;
    Ok(())
}
