//! Later work: what was ignored comes back, old lines are forgotten.

use std::time::Duration;

use rampart_jobs::{Job, Queue, Schedule};
use serde::{Deserialize, Serialize};

/// Housekeeping of all modules: one at a time, so that it stands in nobody's way.
const MAINTENANCE: Queue =
    Queue { name: "maintenance", concurrency: 1, timeout: Duration::from_secs(30 * 60), attempts: 4 };

/// Opens findings again whose time of being ignored is over.
#[derive(Default, Serialize, Deserialize)]
pub struct ReopenFindings {}

impl Job for ReopenFindings {
    const KIND: &'static str = "reopen_findings";
    const QUEUE: Queue = MAINTENANCE;

    fn dedupe_key(&self) -> Option<String> {
        Some("vulnerabilities.reopen".to_owned())
    }
}

/// Removes old lines of the activity feed, and where findings were in scans of long ago.
#[derive(Default, Serialize, Deserialize)]
pub struct ForgetActivity {}

impl Job for ForgetActivity {
    const KIND: &'static str = "forget_activity";
    const QUEUE: Queue = MAINTENANCE;

    fn dedupe_key(&self) -> Option<String> {
        Some("activity.retention".to_owned())
    }
}

/// Counts the findings of every repository anew, and the numbers made of them.
#[derive(Default, Serialize, Deserialize)]
pub struct RecalculateScores {}

impl Job for RecalculateScores {
    const KIND: &'static str = "recalculate_scores";
    const QUEUE: Queue = MAINTENANCE;

    fn dedupe_key(&self) -> Option<String> {
        Some("scores.recalculate".to_owned())
    }
}

pub fn schedules() -> Vec<Schedule> {
    vec![
        Schedule::new::<ReopenFindings>("vulnerabilities.reopen", "15 1 * * *"),
        Schedule::new::<RecalculateScores>("scores.recalculate", "0 */6 * * *"),
        Schedule::new::<ForgetActivity>("activity.retention", "30 3 * * *"),
    ]
}
