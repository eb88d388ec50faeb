//! An event as sockets are told it: made once, however many hear it.

use axum::extract::ws::Utf8Bytes;
use rampart_access::Ctx;
use rampart_events::Envelope;
use rampart_kernel::{Timestamp, UserId, WorkspaceId};
use rampart_store::EventId;
use serde_json::{Value, json};

use crate::feed::{Audience, Feed};

/// Larger events are told to nobody: they are facts, ids and little else, and one of this size is a mistake of its module.
const LARGEST: usize = 16 * 1024;

#[derive(Debug)]
pub(crate) struct Told {
    pub id: EventId,
    pub name: String,
    pub at: Timestamp,
    /// For Socket.IO, which has the name beside it.
    pub data: Value,
    /// For WebSockets.
    pub text: Utf8Bytes,
    /// What somebody may have subscribed to in order to hear this.
    channels: Vec<String>,
    audience: Audience,
    workspace: Option<WorkspaceId>,
    user: Option<UserId>,
}

impl Told {
    /// Nothing when no module lets it out.
    pub fn of(envelope: &Envelope, feed: &Feed) -> Option<Told> {
        let line = feed.line(&envelope.name)?;
        let frame = json!({
            "event": line.name,
            "timestamp": envelope.occurred_at,
            "id": envelope.id,
            "data": envelope.data,
        });
        let text = frame.to_string();
        if text.len() > LARGEST {
            tracing::error!(event = envelope.name, bytes = text.len(), "an event is too large to be told to sockets");
            return None;
        }
        let group = line.name.split(':').next().unwrap_or_default();
        let mut channels = vec![format!("events:{}", line.name), format!("events:{group}:*"), "events:*".to_owned()];
        for (kind, field) in feed.rooms() {
            if let Some(id) = envelope.data[field].as_str() {
                channels.push(format!("{kind}:{id}"));
            }
        }
        Some(Told {
            id: envelope.id,
            name: line.name.clone(),
            at: envelope.occurred_at,
            data: envelope.data.clone(),
            text: text.into(),
            channels,
            audience: line.audience,
            workspace: envelope.workspace_id,
            user: user_of(envelope),
        })
    }

    pub fn audience(&self) -> Audience {
        self.audience
    }

    pub fn workspace(&self) -> Option<WorkspaceId> {
        self.workspace
    }

    pub fn user(&self) -> Option<UserId> {
        self.user
    }

    pub fn channels(&self) -> &[String] {
        &self.channels
    }

    /// Whether somebody may hear it: asked for every socket and every event, whatever index led here.
    pub fn is_for(&self, ctx: &Ctx) -> bool {
        match self.audience {
            Audience::Workspace(rule) => {
                self.workspace.is_some() && self.workspace == ctx.workspace && ctx.check(rule).is_ok()
            }
            Audience::User => self.user.is_some() && self.user == ctx.user(),
            Audience::Admins => ctx.require_platform_admin().is_ok(),
        }
    }
}

/// Whom an event is about.
pub(crate) fn user_of(envelope: &Envelope) -> Option<UserId> {
    envelope.data["userId"].as_str()?.parse().ok()
}
