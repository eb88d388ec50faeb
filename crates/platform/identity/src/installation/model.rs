//! The settings as values.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::settings::RegistrationMode;
use crate::workspaces::model::Tier;

/// Longer than ten years nobody keeps anything here.
const MOST_DAYS: u16 = 3_650;

/// How long something is kept: 1 to 3650 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Days(u16);

impl Days {
    pub const fn new(days: u16) -> Days {
        assert!(days >= 1 && days <= MOST_DAYS, "1 to 3650 days");
        Days(days)
    }

    pub fn duration(self) -> Duration {
        Duration::from_secs(u64::from(self.0) * 24 * 3_600)
    }
}

impl<'de> Deserialize<'de> for Days {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Days, D::Error> {
        let days = u16::deserialize(deserializer)?;
        let wrong = || serde::de::Error::custom("goes from 1 to 3650 days");
        if (1..=MOST_DAYS).contains(&days) { Ok(Days(days)) } else { Err(wrong()) }
    }
}

/// How long things are kept that grow without end.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Retention {
    /// Reports of scans, and documents made of them.
    #[schema(value_type = u16)]
    pub report_days: Days,
    /// What forges delivered.
    #[schema(value_type = u16)]
    pub webhook_delivery_days: Days,
    /// Notifications that were read; what nobody read is kept twice as long.
    #[schema(value_type = u16)]
    pub notification_days: Days,
}

impl Default for Retention {
    fn default() -> Retention {
        Retention { report_days: Days::new(90), webhook_delivery_days: Days::new(30), notification_days: Days::new(90) }
    }
}

/// All of them, as they are in force.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Installation {
    pub registration: RegistrationMode,
    /// Changes are taken from administrators of the installation only.
    pub maintenance: bool,
    /// Of workspaces that are made from now on.
    pub default_tier: Tier,
    pub retention: Retention,
}

/// What is to be changed; the rest stays.
#[derive(Clone, Copy, Debug, Default)]
pub struct ChangeInstallation {
    pub registration: Option<RegistrationMode>,
    pub maintenance: Option<bool>,
    pub default_tier: Option<Tier>,
    pub report_days: Option<Days>,
    pub webhook_delivery_days: Option<Days>,
    pub notification_days: Option<Days>,
}
