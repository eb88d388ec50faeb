//! What this module's settings are.

use rampart_kernel::config::{Setting, Size};

/// How many scans may be begun on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PerDay(pub Option<u32>);

impl Setting for PerDay {
    fn parse(text: &str) -> Result<PerDay, String> {
        match text.trim() {
            "unlimited" => Ok(PerDay(None)),
            count => count.parse().map(|count| PerDay(Some(count))).map_err(|_| "a count, or `unlimited`".to_owned()),
        }
    }
}

rampart_kernel::settings! {
    /// What scans may take. Their number is of those that people and tokens begin, in one workspace and on one day (UTC); those of pushes
    /// and schedules do not count.
    pub struct AnalysisSettings {
        /// Space that scans leave free on the disk of the data folder; with less, they wait.
        disk_reserve: Size = "512MB" from "DISK_RESERVE",
        /// Of a workspace of the free tier.
        free_scans: PerDay = "10" from "RATE_LIMIT_FREE_TIER",
        /// Of a workspace of the tiers that are paid for.
        paid_scans: PerDay = "unlimited" from "RATE_LIMIT_PRO_TIER",
    }
}

impl AnalysisSettings {
    pub fn scans_per_day(&self, tier: &str) -> Option<u32> {
        let PerDay(most) = if tier == "free" { self.free_scans } else { self.paid_scans };
        most
    }
}
