//! Notifications, and what people choose to hear of, as values.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, NaiveTime, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use rampart_kernel::{Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

rampart_kernel::id! {
    /// What one person hears of one event.
    NotificationId,
}

rampart_kernel::named! {
    /// What a notification is about; people choose for each how they hear of it.
    pub enum Kind {
        MemberJoined = "member_joined",
        RoleChanged = "role_changed",
        VulnerabilityFound = "vulnerability_found",
        ScanCompleted = "scan_completed",
        ScanFailed = "scan_failed",
        FixApplied = "fix_applied",
        PolicyViolated = "policy_violated",
        ApprovalRequested = "approval_requested",
        MissionFinished = "mission_finished",
        AlertCreated = "alert_created",
        CaseCreated = "case_created",
        /// Told to who administers the installation.
        SystemAlert = "system_alert",
        /// A channel failed too often and was switched off.
        ChannelDisabled = "channel_disabled",
    }
}

rampart_kernel::named! {
    /// How much it matters.
    pub enum Severity {
        Info = "info",
        Low = "low",
        Medium = "medium",
        High = "high",
        Critical = "critical",
    }
}

rampart_kernel::named! {
    /// When somebody hears of something in one way.
    pub enum Delivery {
        Instant = "instant",
        Digest = "digest",
        Off = "off",
    }
}

rampart_kernel::named! {
    /// How often digests come.
    pub enum Rhythm {
        Daily = "daily",
        /// On Mondays.
        Weekly = "weekly",
        Off = "off",
    }
}

/// What one person hears of one event.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Notification {
    #[schema(value_type = String)]
    pub id: NotificationId,
    #[serde(skip)]
    pub workspace: WorkspaceId,
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: Kind,
    pub title: String,
    pub body: String,
    #[schema(value_type = String)]
    pub severity: Severity,
    /// Below the dashboard's address.
    pub link: Option<String>,
    #[schema(value_type = Object)]
    pub data: Value,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub read_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// How somebody hears of one kind of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ways {
    /// In the dashboard: instant or off.
    #[schema(value_type = String)]
    pub in_app: Delivery,
    #[schema(value_type = String)]
    pub email: Delivery,
    /// In browsers that were subscribed to Web Push: instant or off.
    #[serde(default = "no_push")]
    #[schema(value_type = String)]
    pub push: Delivery,
}

/// What push is for somebody whose choices are older than push itself.
fn no_push() -> Delivery {
    Delivery::Off
}

/// Hours of the day in which no mail comes at once; over midnight when `from` is later than `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// First quiet hour, 0 to 23.
    pub from: u8,
    /// First hour that is not quiet any more, 0 to 23.
    pub to: u8,
}

/// What somebody chose in a workspace. Kinds that are missing are as [`Preferences::usual`] says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Preferences {
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Ways>)]
    pub matrix: BTreeMap<Kind, Ways>,
    #[schema(value_type = String)]
    pub digest: Rhythm,
    /// Local hour, 0 to 23.
    pub digest_hour: u8,
    pub quiet_hours: Option<QuietHours>,
}

impl Default for Preferences {
    fn default() -> Preferences {
        Preferences { matrix: BTreeMap::new(), digest: Rhythm::Daily, digest_hour: 8, quiet_hours: None }
    }
}

impl Preferences {
    /// What nobody has chosen: the dashboard shows what somebody may have to act on, mail comes at once for what waits for an answer.
    /// That a scan came to its end says nothing yet: what it found is told of its own, and so is that it failed.
    fn usual(kind: Kind) -> Ways {
        let email = match kind {
            Kind::ApprovalRequested | Kind::RoleChanged | Kind::SystemAlert => Delivery::Instant,
            Kind::ScanCompleted | Kind::MemberJoined => Delivery::Off,
            _ => Delivery::Digest,
        };
        let in_app = if kind == Kind::ScanCompleted { Delivery::Off } else { Delivery::Instant };
        // Who subscribes a browser wants to hear there what the dashboard shows.
        Ways { in_app, email, push: in_app }
    }

    pub fn ways(&self, kind: Kind) -> Ways {
        self.matrix.get(&kind).copied().unwrap_or_else(|| Preferences::usual(kind))
    }

    /// With every kind, as it is shown.
    #[must_use]
    pub fn whole(mut self) -> Preferences {
        self.matrix = Kind::ALL.iter().map(|kind| (*kind, self.ways(*kind))).collect();
        self
    }

    /// # Errors
    /// What cannot be.
    pub fn check(&self) -> Result<(), &'static str> {
        let hours = self.quiet_hours.map_or([0, 0], |quiet| [quiet.from, quiet.to]);
        if self.digest_hour > 23 || hours.iter().any(|hour| *hour > 23) {
            return Err("hours go from 0 to 23");
        }
        if self.matrix.values().any(|ways| ways.in_app == Delivery::Digest) {
            return Err("the dashboard shows a notification at once or not at all: in_app is instant or off");
        }
        if self.matrix.values().any(|ways| ways.push == Delivery::Digest) {
            return Err("a browser is told at once or not at all: push is instant or off");
        }
        Ok(())
    }

    /// Whether somebody in this zone wants no mail now.
    pub fn is_quiet(&self, now: Timestamp, zone: Tz) -> bool {
        let Some(QuietHours { from, to }) = self.quiet_hours else { return false };
        let hour = u8::try_from(now.to_chrono().with_timezone(&zone).hour()).expect("hours are below 24");
        if from <= to { (from..to).contains(&hour) } else { hour >= from || hour < to }
    }

    /// The latest moment, up to now, at which a digest was due; what was waiting then is sent. Nothing when there are none.
    pub fn digest_due(&self, now: Timestamp, zone: Tz) -> Option<Timestamp> {
        let local = now.to_chrono().with_timezone(&zone);
        let hour = NaiveTime::from_hms_opt(u32::from(self.digest_hour), 0, 0)?;
        let mut day = match self.digest {
            Rhythm::Off => return None,
            Rhythm::Daily => local.date_naive(),
            Rhythm::Weekly => local.date_naive() - Days::new(u64::from(local.weekday().num_days_from_monday())),
        };
        let step = Days::new(if self.digest == Rhythm::Weekly { 7 } else { 1 });
        // An hour that the clocks skip in spring does not come: then the one before is the latest.
        for _ in 0..3 {
            let moment = zone.from_local_datetime(&day.and_time(hour)).earliest();
            if let Some(moment) = moment.filter(|moment| *moment <= local) {
                let moment: DateTime<Utc> = moment.to_utc();
                return Some(Timestamp::from_millis(moment.timestamp_millis()));
            }
            day = day - step;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn digests_are_due_at_the_local_hour() {
        let berlin: Tz = "Europe/Berlin".parse().unwrap();
        let mut preferences = Preferences::default();
        // 8 in Berlin is 6 UTC in summer, 7 in winter.
        assert_eq!(preferences.digest_due(at("2026-07-01T05:59:59Z"), berlin), Some(at("2026-06-30T06:00:00Z")));
        assert_eq!(preferences.digest_due(at("2026-07-01T06:00:00Z"), berlin), Some(at("2026-07-01T06:00:00Z")));
        assert_eq!(preferences.digest_due(at("2026-12-01T12:00:00Z"), berlin), Some(at("2026-12-01T07:00:00Z")));
        preferences.digest = Rhythm::Weekly;
        // 2026-07-01 is a Wednesday.
        assert_eq!(preferences.digest_due(at("2026-07-01T12:00:00Z"), berlin), Some(at("2026-06-29T06:00:00Z")));
        preferences.digest = Rhythm::Daily;
        preferences.digest_hour = 2;
        // On 2026-03-29 there is no 2 o'clock.
        assert_eq!(preferences.digest_due(at("2026-03-29T12:00:00Z"), berlin), Some(at("2026-03-28T01:00:00Z")));
        preferences.digest = Rhythm::Off;
        assert_eq!(preferences.digest_due(at("2026-07-01T12:00:00Z"), berlin), None);
    }

    #[test]
    fn quiet_hours_go_over_midnight() {
        let quiet = |from, to, hour: &str| {
            let preferences = Preferences { quiet_hours: Some(QuietHours { from, to }), ..Preferences::default() };
            preferences.is_quiet(at(&format!("2026-07-01T{hour}:30:00Z")), Tz::UTC)
        };
        assert!(quiet(22, 7, "23") && quiet(22, 7, "06") && !quiet(22, 7, "07") && !quiet(22, 7, "12"));
        assert!(quiet(12, 13, "12") && !quiet(12, 13, "13") && !quiet(5, 5, "05"));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let mut preferences = Preferences { digest_hour: 24, ..Preferences::default() };
        assert!(preferences.check().is_err());
        preferences.digest_hour = 0;
        preferences
            .matrix
            .insert(Kind::ScanFailed, Ways { in_app: Delivery::Digest, email: Delivery::Off, push: Delivery::Off });
        assert!(preferences.check().is_err());
    }
}
