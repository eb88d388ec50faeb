//! Later work: looking at the rules.

use std::time::Duration;

use rampart_jobs::{Job, Queue, Schedule};
use serde::{Deserialize, Serialize};

/// By itself: an alarm that waits behind what it is about is none.
pub const ALERTS: Queue = Queue { name: "alerts", concurrency: 1, timeout: Duration::from_secs(55), attempts: 1 };

/// Looks at every rule.
#[derive(Default, Serialize, Deserialize)]
pub struct EvaluateAlerts {}

impl Job for EvaluateAlerts {
    const KIND: &'static str = "evaluate_alerts";
    const QUEUE: Queue = ALERTS;

    fn dedupe_key(&self) -> Option<String> {
        Some("alerts.evaluate".to_owned())
    }
}

pub fn schedules() -> [Schedule; 1] {
    [Schedule::new::<EvaluateAlerts>("alerts.evaluate", "* * * * *")]
}
