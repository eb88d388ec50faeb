//! Later work: what has expired is removed.

use std::time::Duration;

use rampart_jobs::{Job, Queue, Schedule};
use serde::{Deserialize, Serialize};

/// Removes sessions that ended long ago, with their tokens.
#[derive(Default, Serialize, Deserialize)]
pub struct CleanSessions {}

/// Removes API tokens that expired long ago.
#[derive(Default, Serialize, Deserialize)]
pub struct CleanTokens {}

/// Removes workspaces that were deleted long ago, with everything in them.
#[derive(Default, Serialize, Deserialize)]
pub struct PurgeWorkspaces {}

/// Housekeeping of all modules: one at a time, so that it stands in nobody's way.
const MAINTENANCE: Queue =
    Queue { name: "maintenance", concurrency: 1, timeout: Duration::from_secs(30 * 60), attempts: 4 };

impl Job for CleanSessions {
    const KIND: &'static str = "clean_sessions";
    const QUEUE: Queue = MAINTENANCE;

    fn dedupe_key(&self) -> Option<String> {
        Some("sessions.cleanup".to_owned())
    }
}

impl Job for CleanTokens {
    const KIND: &'static str = "clean_tokens";
    const QUEUE: Queue = MAINTENANCE;

    fn dedupe_key(&self) -> Option<String> {
        Some("tokens.cleanup".to_owned())
    }
}

impl Job for PurgeWorkspaces {
    const KIND: &'static str = "purge_workspaces";
    const QUEUE: Queue = MAINTENANCE;

    fn dedupe_key(&self) -> Option<String> {
        Some("workspaces.purge".to_owned())
    }
}

pub fn schedules() -> Vec<Schedule> {
    vec![
        Schedule::new::<CleanSessions>("sessions.cleanup", "10 * * * *"),
        Schedule::new::<CleanTokens>("tokens.cleanup", "15 * * * *"),
        Schedule::new::<PurgeWorkspaces>("workspaces.purge", "50 4 * * *"),
    ]
}
