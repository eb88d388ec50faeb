//! Events: facts that are written with the change that caused them, and told afterwards.

use rampart_kernel::{RequestId, WorkspaceId};
use serde::Serialize;

use crate::{Result, Tx, params};

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
    pub cause: RequestId,
    /// Nothing when it could not be serialised: the transaction then fails at its end.
    pub data: Option<serde_json::Value>,
}

/// Writes them to the outbox, all in one statement.
pub(crate) async fn write(tx: &mut Tx, emitted: Vec<Emitted>) -> Result<()> {
    let (origin, mut rows) = (tx.origin().clone(), Vec::with_capacity(emitted.len()));
    let now = origin.now();
    for event in emitted {
        let data = event.data.ok_or_else(|| crate::Error::Unexpected("an event cannot be serialised".into()))?;
        let id: EventId = origin.new_id();
        rows.push(params![id, event.name, event.workspace, data, event.cause.as_str(), now]);
    }
    let sql = "INSERT INTO event_outbox (id, name, workspace_id, data, request_id, occurred_at) VALUES {rows}";
    tx.change_all(sql, &rows).await.map(drop)
}
