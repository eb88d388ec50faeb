//! Events as they pass in this process, its own and those of others.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use rampart_kernel::{Timestamp, WorkspaceId};
use rampart_store::EventId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::broadcast;

/// Events that a listener may be behind; further ones are lost to it. Enough for a burst of one commit, and bounded memory.
const BACKLOG: usize = 4_096;

/// An event with what is known about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
pub struct Bus(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    all: broadcast::Sender<Arc<Envelope>>,
    /// Those that this process has told, for others.
    own: broadcast::Sender<Arc<Envelope>>,
    known: Mutex<Known>,
}

/// The last events: what comes by several ways is told once.
#[derive(Debug, Default)]
struct Known {
    ids: HashSet<EventId>,
    order: VecDeque<EventId>,
}

/// Events that are remembered, half a megabyte: more than are looked for in the database at once.
const REMEMBERED: usize = 8_192;

impl Bus {
    pub fn new() -> Bus {
        let channel = || broadcast::Sender::new(BACKLOG);
        Bus(Arc::new(Inner { all: channel(), own: channel(), known: Mutex::default() }))
    }

    /// What this process has taken from the outbox.
    pub fn publish(&self, envelope: Envelope) {
        let envelope = Arc::new(envelope);
        if self.tell(envelope.clone()) {
            // Nobody listening is no error.
            let _ = self.0.own.send(envelope);
        }
    }

    /// What another process has taken, unless it is known already.
    pub(crate) fn pass_on(&self, envelope: Envelope) {
        self.tell(Arc::new(envelope));
    }

    pub fn listen(&self) -> Listener {
        Listener(self.0.all.subscribe())
    }

    /// Hears what this process publishes.
    pub(crate) fn listen_to_own(&self) -> Listener {
        Listener(self.0.own.subscribe())
    }

    /// Whether it was new.
    fn tell(&self, envelope: Arc<Envelope>) -> bool {
        // Held while it is sent: who hears of it by another way hears of it after this.
        let mut known = self.0.known.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.ids.insert(envelope.id) {
            return false;
        }
        known.order.push_back(envelope.id);
        if known.order.len() > REMEMBERED
            && let Some(oldest) = known.order.pop_front()
        {
            known.ids.remove(&oldest);
        }
        let _ = self.0.all.send(envelope);
        true
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
