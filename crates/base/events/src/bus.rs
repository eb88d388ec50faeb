//! Events as they pass, within this process.

use std::sync::Arc;

use rampart_kernel::{Timestamp, WorkspaceId};
use rampart_store::EventId;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::broadcast;

/// Events that a listener may be behind; further ones are lost to it. Enough for a burst of one commit, and bounded memory.
const BACKLOG: usize = 4_096;

/// An event with what is known about it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Envelope {
    pub id: EventId,
    pub name: String,
    pub workspace_id: Option<WorkspaceId>,
    pub occurred_at: Timestamp,
    pub request_id: String,
    pub data: Value,
}

/// Clones are the same bus.
#[derive(Clone, Debug)]
pub struct Bus(broadcast::Sender<Arc<Envelope>>);

impl Bus {
    pub fn new() -> Bus {
        Bus(broadcast::Sender::new(BACKLOG))
    }

    pub fn publish(&self, envelope: Envelope) {
        // Nobody listening is no error.
        let _ = self.0.send(Arc::new(envelope));
    }

    pub fn listen(&self) -> Listener {
        Listener(self.0.subscribe())
    }
}

impl Default for Bus {
    fn default() -> Bus {
        Bus::new()
    }
}

/// Hears every event from when it was made.
#[derive(Debug)]
pub struct Listener(broadcast::Receiver<Arc<Envelope>>);

/// What a listener heard.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    Event(Arc<Envelope>),
    /// It was too slow for this many.
    Missed(u64),
}

impl Listener {
    /// Nothing when the bus is gone.
    pub async fn next(&mut self) -> Option<Heard> {
        match self.0.recv().await {
            Ok(envelope) => Some(Heard::Event(envelope)),
            Err(broadcast::error::RecvError::Lagged(count)) => Some(Heard::Missed(count)),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}
