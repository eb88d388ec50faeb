//! What this module's settings are.

rampart_kernel::settings! {
    /// Which backups of the nightly schedule are kept.
    pub struct OperationsSettings {
        /// Nightly backups that are kept: one of each of the last days.
        keep_daily: u32 = "7" from "BACKUP_KEEP_DAILY",
        /// Nightly backups that are kept besides: one of each of the last weeks.
        keep_weekly: u32 = "4" from "BACKUP_KEEP_WEEKLY",
    }
}
