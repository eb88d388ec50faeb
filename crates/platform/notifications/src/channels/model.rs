//! Channels and deliveries as values.

use std::time::Duration;

use rampart_egress::Target;
use rampart_kernel::{Secret, Timestamp, WorkspaceId};
use rampart_mail::Address;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::{Kind, Severity};

rampart_kernel::id! {
    /// Where a workspace is told.
    ChannelId,
    /// What one channel is told of one event.
    DeliveryId,
}

rampart_kernel::named! {
    /// How a channel is told.
    pub enum ChannelType {
        /// An incoming webhook of Slack, or of what speaks like it.
        Slack = "slack",
        /// JSON, signed.
        Webhook = "webhook",
        Email = "email",
    }
}

rampart_kernel::named! {
    /// How a delivery stands.
    pub enum DeliveryStatus {
        /// It waits for its next try.
        Pending = "pending",
        Sent = "sent",
        /// The other side does not take it.
        Failed = "failed",
        /// It was tried for as long as deliveries are.
        Abandoned = "abandoned",
    }
}

/// Pauses before further tries, of the first on; after the last a delivery is abandoned.
const PAUSES: [Duration; 7] = [
    Duration::from_secs(60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(15 * 60),
    Duration::from_secs(3_600),
    Duration::from_secs(4 * 3_600),
    Duration::from_secs(12 * 3_600),
    Duration::from_secs(24 * 3_600),
];

/// Tries of a delivery, the first included.
pub const MOST_ATTEMPTS: u32 = PAUSES.len() as u32 + 1;

/// Tries in a row that failed, after which a channel is switched off.
pub const MOST_FAILURES: u32 = 20;

/// How long after so many tries the next comes; nothing when there is none.
pub fn pause(attempts: u32) -> Option<Duration> {
    PAUSES.get(attempts.checked_sub(1)? as usize).copied()
}

/// Where a channel leads, as it is sealed: addresses of hooks are secrets themselves.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Config {
    Slack { url: String },
    Webhook { url: String, secret: String },
    Email { addresses: Vec<Address> },
}

impl Config {
    pub fn channel_type(&self) -> ChannelType {
        match self {
            Config::Slack { .. } => ChannelType::Slack,
            Config::Webhook { .. } => ChannelType::Webhook,
            Config::Email { .. } => ChannelType::Email,
        }
    }

    /// Where it posts to, if it does.
    pub fn target(&self) -> Option<Result<Target, rampart_egress::BadTarget>> {
        match self {
            Config::Slack { url } | Config::Webhook { url, .. } => Some(Target::parse(url)),
            Config::Email { .. } => None,
        }
    }

    /// With what the body is signed.
    pub fn secret(&self) -> Option<Secret> {
        match self {
            Config::Webhook { secret, .. } => Some(Secret::new(secret)),
            Config::Slack { .. } | Config::Email { .. } => None,
        }
    }

    /// What may be shown of it.
    pub fn destination(&self) -> String {
        match self {
            Config::Email { addresses } if addresses.len() == 1 => "1 address".to_owned(),
            Config::Email { addresses } => format!("{} addresses", addresses.len()),
            Config::Slack { .. } | Config::Webhook { .. } => {
                self.target().and_then(Result::ok).map_or_else(String::new, |target| target.origin())
            }
        }
    }
}

/// What a channel hears of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Events {
    All,
    Only(Vec<Kind>),
}

impl Events {
    pub fn include(&self, kind: Kind) -> bool {
        match self {
            Events::All => true,
            Events::Only(kinds) => kinds.contains(&kind),
        }
    }

    pub fn names(&self) -> Vec<&'static str> {
        match self {
            Events::All => vec!["*"],
            Events::Only(kinds) => kinds.iter().map(|kind| kind.name()).collect(),
        }
    }

    /// # Errors
    /// A name that is none.
    pub fn parse(names: &[String]) -> Result<Events, String> {
        if names.iter().any(|name| name == "*") {
            return Ok(Events::All);
        }
        let read = |name: &String| name.parse::<Kind>().map_err(|_| name.clone());
        names.iter().map(read).collect::<Result<_, _>>().map(Events::Only)
    }
}

/// Where a workspace is told.
#[derive(Clone, Debug)]
pub struct Channel {
    pub id: ChannelId,
    pub channel_type: ChannelType,
    pub name: String,
    /// What may be shown of where it leads.
    pub destination: String,
    pub events: Events,
    pub min_severity: Severity,
    pub enabled: bool,
    /// Tries in a row that failed.
    pub failures: u32,
    /// Why the program itself has switched it off.
    pub disabled_reason: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Channel {
    pub fn hears(&self, kind: Kind, severity: Severity) -> bool {
        self.enabled && severity >= self.min_severity && self.events.include(kind)
    }
}

/// What is told, as it is kept until it is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    /// The type of notification.
    pub event: String,
    pub severity: Severity,
    pub title: String,
    pub body: String,
    /// Into the dashboard.
    pub url: Option<String>,
    pub workspace_id: WorkspaceId,
    pub occurred_at: Timestamp,
    pub data: Value,
}

/// What one channel is told of one event.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub id: DeliveryId,
    pub channel: ChannelId,
    pub notice: Notice,
    pub status: DeliveryStatus,
    pub attempts: u32,
    pub next_attempt_at: Option<Timestamp>,
    /// What the other side answered last.
    pub status_code: Option<u16>,
    pub last_error: Option<String>,
    pub sent_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_are_further_and_further_apart_and_end() {
        let pauses: Vec<_> = (1..MOST_ATTEMPTS).map(|attempts| pause(attempts).unwrap()).collect();
        assert!(pauses.is_sorted() && pauses.len() == 7);
        assert_eq!((pause(0), pause(MOST_ATTEMPTS)), (None, None));
    }

    #[test]
    fn what_is_shown_of_a_hook_is_not_its_secret() {
        let slack = Config::Slack { url: "https://hooks.slack.com/services/T0/B0/x".to_owned() };
        assert_eq!(slack.destination(), "https://hooks.slack.com");
        assert_eq!(Events::parse(&["scan_failed".to_owned()]).unwrap(), Events::Only(vec![Kind::ScanFailed]));
        assert_eq!(Events::parse(&["none".to_owned()]).unwrap_err(), "none");
    }
}
