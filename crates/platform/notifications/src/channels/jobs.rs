//! Later work: telling channels.

use rampart_jobs::{Job, Queue, Schedule};
use rampart_mail::NOTIFICATIONS;
use serde::{Deserialize, Serialize};

use super::model::DeliveryId;

/// Tells a channel what is due.
#[derive(Serialize, Deserialize)]
pub struct Deliver {
    pub delivery: DeliveryId,
}

impl Job for Deliver {
    const KIND: &'static str = "deliver";
    const QUEUE: Queue = NOTIFICATIONS;

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("delivery:{}", self.delivery))
    }
}

/// Queues deliveries whose next try has come. Not with the housekeeping, which may take half an hour.
#[derive(Default, Serialize, Deserialize)]
pub struct RetryDeliveries {}

impl Job for RetryDeliveries {
    const KIND: &'static str = "retry_deliveries";
    const QUEUE: Queue = NOTIFICATIONS;

    fn dedupe_key(&self) -> Option<String> {
        Some("notifications.retry".to_owned())
    }
}

pub fn schedules() -> [Schedule; 1] {
    [Schedule::new::<RetryDeliveries>("notifications.retry", "* * * * *")]
}
