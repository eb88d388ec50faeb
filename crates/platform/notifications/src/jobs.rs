//! Later work: telling of an event, digests, and forgetting.

use std::time::Duration;

use rampart_jobs::{Job, Queue, Schedule};
use rampart_kernel::Timestamp;
use rampart_mail::NOTIFICATIONS;
use rampart_store::EventId;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Tells of an event those who are to hear of it.
#[derive(Serialize, Deserialize)]
pub struct FanOutEvent {
    pub event: EventId,
    pub name: String,
    pub occurred_at: Timestamp,
    /// As it was emitted.
    pub data: Value,
}

impl Job for FanOutEvent {
    const KIND: &'static str = "fan_out_event";
    const QUEUE: Queue = NOTIFICATIONS;

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("event:{}", self.event))
    }
}

/// Housekeeping of all modules: one at a time, so that it stands in nobody's way.
const MAINTENANCE: Queue =
    Queue { name: "maintenance", concurrency: 1, timeout: Duration::from_secs(30 * 60), attempts: 4 };

/// Sends the digests that are due.
#[derive(Default, Serialize, Deserialize)]
pub struct SendDigests {}

impl Job for SendDigests {
    const KIND: &'static str = "send_digests";
    const QUEUE: Queue = MAINTENANCE;

    fn dedupe_key(&self) -> Option<String> {
        Some("notifications.digest".to_owned())
    }
}

/// Removes notifications that were read long ago.
#[derive(Default, Serialize, Deserialize)]
pub struct CleanNotifications {}

impl Job for CleanNotifications {
    const KIND: &'static str = "clean_notifications";
    const QUEUE: Queue = MAINTENANCE;

    fn dedupe_key(&self) -> Option<String> {
        Some("notifications.cleanup".to_owned())
    }
}

pub fn schedules() -> Vec<Schedule> {
    vec![
        Schedule::new::<SendDigests>("notifications.digest", "0 * * * *"),
        Schedule::new::<CleanNotifications>("notifications.cleanup", "30 3 * * *"),
    ]
}
