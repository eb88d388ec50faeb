//! Backups as values, and which of them are kept.

use std::collections::BTreeSet;

use chrono::Datelike;
use rampart_kernel::Timestamp;

use crate::settings::OperationsSettings;

rampart_kernel::id! {
    /// One backup.
    BackupId,
}

rampart_kernel::named! {
    /// Who asked for a backup.
    pub enum Kind {
        Scheduled = "scheduled",
        /// An administrator: it is kept until one removes it.
        Manual = "manual",
    }
}

rampart_kernel::named! {
    /// How a backup stands.
    pub enum Status {
        Running = "running",
        Completed = "completed",
        /// Read to its end, and the database in it checked.
        Verified = "verified",
        Failed = "failed",
    }
}

/// A backup.
#[derive(Clone, Debug)]
pub struct Backup {
    pub id: BackupId,
    pub kind: Kind,
    pub status: Status,
    /// The name of its object, when there is one.
    pub object: Option<String>,
    pub size_bytes: u64,
    pub sha256: Option<String>,
    pub error: Option<String>,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}

impl Backup {
    /// Whether there is something to restore.
    pub fn is_made(&self) -> bool {
        matches!(self.status, Status::Completed | Status::Verified)
    }
}

/// Of these, the newest first, those that are kept: the newest of each of the last days and of each of the last weeks that have any.
pub fn kept(made: &[(BackupId, Timestamp)], settings: &OperationsSettings) -> BTreeSet<BackupId> {
    let newest_of = |period: &dyn Fn(Timestamp) -> (i32, u32), most: u32| {
        let mut seen = Vec::new();
        let mut ids = Vec::new();
        for (id, at) in made {
            let of = period(*at);
            if !seen.contains(&of) {
                seen.push(of);
                ids.push(*id);
            }
        }
        ids.truncate(most as usize);
        ids
    };
    let day = |at: Timestamp| (at.to_chrono().year(), at.to_chrono().ordinal());
    let week = |at: Timestamp| (at.to_chrono().iso_week().year(), at.to_chrono().iso_week().week());
    newest_of(&day, settings.keep_daily).into_iter().chain(newest_of(&week, settings.keep_weekly)).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rampart_kernel::Origin;

    use super::*;

    #[test]
    fn the_newest_of_days_and_of_weeks_are_kept() {
        let origin = Origin::of_system("test");
        // Sunday, the last day of its week; two on each day.
        let last: Timestamp = "2026-11-22T03:00:00Z".parse().unwrap();
        let made: Vec<(BackupId, Timestamp)> =
            (0..80).map(|half| (origin.new_id(), last - Duration::from_secs(half * 12 * 3_600))).collect();
        let settings = OperationsSettings { keep_daily: 3, keep_weekly: 3 };
        let kept = kept(&made, &settings);
        let days: Vec<String> = made.iter().filter(|(id, _)| kept.contains(id)).map(|(_, at)| at.to_string()).collect();
        assert_eq!(
            days,
            [
                "2026-11-22T03:00:00Z",
                "2026-11-21T15:00:00Z",
                "2026-11-20T15:00:00Z",
                "2026-11-15T15:00:00Z",
                "2026-11-08T15:00:00Z"
            ]
        );
        assert!(super::kept(&made, &OperationsSettings { keep_daily: 0, keep_weekly: 0 }).is_empty());
    }
}
