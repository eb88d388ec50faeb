//! Later work: telling a browser.

use rampart_jobs::{Job, Queue};
use rampart_mail::NOTIFICATIONS;
use serde::{Deserialize, Serialize};

use super::store::SubscriptionId;
use crate::model::NotificationId;

/// Tells one browser of one notification.
#[derive(Serialize, Deserialize)]
pub struct PushNotification {
    pub notification: NotificationId,
    pub subscription: SubscriptionId,
}

impl Job for PushNotification {
    const KIND: &'static str = "push_notification";
    const QUEUE: Queue = NOTIFICATIONS;

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("push:{}:{}", self.notification, self.subscription))
    }
}
