//! Later work: making and checking backups.

use std::time::Duration;

use rampart_jobs::{Job, Queue, Schedule};
use serde::{Deserialize, Serialize};

use super::model::BackupId;

/// Housekeeping of all modules: one at a time, so that it stands in nobody's way.
const MAINTENANCE: Queue =
    Queue { name: "maintenance", concurrency: 1, timeout: Duration::from_secs(30 * 60), attempts: 4 };

/// Makes a backup: the one that was asked for, or the schedule's.
#[derive(Default, Serialize, Deserialize)]
pub struct MakeBackup {
    pub backup: Option<BackupId>,
}

impl Job for MakeBackup {
    const KIND: &'static str = "make_backup";
    const QUEUE: Queue = MAINTENANCE;

    fn dedupe_key(&self) -> Option<String> {
        Some("backups.make".to_owned())
    }
}

/// Checks the newest backup.
#[derive(Default, Serialize, Deserialize)]
pub struct VerifyBackup {}

impl Job for VerifyBackup {
    const KIND: &'static str = "verify_backup";
    const QUEUE: Queue = MAINTENANCE;

    fn dedupe_key(&self) -> Option<String> {
        Some("backups.verify".to_owned())
    }
}

pub fn schedules() -> [Schedule; 2] {
    [
        Schedule::new::<MakeBackup>("backups.daily", "0 3 * * *"),
        Schedule::new::<VerifyBackup>("backups.verify", "0 5 * * 0"),
    ]
}
