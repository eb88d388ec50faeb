//! Later work: looks at repositories at forges, for what was not told of, and what need not be kept.

use std::time::Duration;

use rampart_jobs::{Job, Queue, Schedule};
use rampart_kernel::WorkspaceId;
use serde::{Deserialize, Serialize};

use crate::model::RepositoryId;
use crate::webhooks::model::DeliveryId;

/// What is asked of forges.
const INTEGRATIONS: Queue =
    Queue { name: "integrations", concurrency: 4, timeout: Duration::from_secs(10 * 60), attempts: 4 };

/// Housekeeping of all modules: one at a time, so that it stands in nobody's way.
const MAINTENANCE: Queue =
    Queue { name: "maintenance", concurrency: 1, timeout: Duration::from_secs(30 * 60), attempts: 4 };

/// Queues a look at every repository at a forge.
#[derive(Default, Serialize, Deserialize)]
pub struct LookAtForges {}

impl Job for LookAtForges {
    const KIND: &'static str = "look_at_forges";
    const QUEUE: Queue = MAINTENANCE;

    fn dedupe_key(&self) -> Option<String> {
        Some("forges.look".to_owned())
    }
}

/// Looks at a repository for what was not told of: deliveries that failed, branches that moved, pull requests.
#[derive(Serialize, Deserialize)]
pub struct LookAtRepository {
    pub repository: RepositoryId,
    pub workspace: WorkspaceId,
}

impl Job for LookAtRepository {
    const KIND: &'static str = "sync_repository_metadata";
    const QUEUE: Queue = INTEGRATIONS;

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("look:{}", self.repository))
    }
}

/// Takes a delivery again, of what is kept of it.
#[derive(Serialize, Deserialize)]
pub struct ReplayDelivery {
    pub delivery: DeliveryId,
}

impl Job for ReplayDelivery {
    const KIND: &'static str = "replay_delivery";
    const QUEUE: Queue = INTEGRATIONS;

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("replay:{}", self.delivery))
    }
}

/// Removes deliveries that were taken long ago.
#[derive(Default, Serialize, Deserialize)]
pub struct ForgetDeliveries {}

impl Job for ForgetDeliveries {
    const KIND: &'static str = "forget_deliveries";
    const QUEUE: Queue = MAINTENANCE;

    fn dedupe_key(&self) -> Option<String> {
        Some("deliveries.retention".to_owned())
    }
}

/// A slot that was missed, while nothing ran, is made up for at the start.
pub fn schedules() -> Vec<Schedule> {
    vec![
        Schedule::new::<LookAtForges>("forges.look", "7 * * * *"),
        Schedule::new::<ForgetDeliveries>("deliveries.retention", "30 3 * * *"),
    ]
}
