//! Findings as values: what they say, how they stand, what may become of them.

use rampart_forge::RepositoryId;
use rampart_kernel::{Timestamp, UserId};
use rampart_report::model::Severity as Reported;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Error, Result};

rampart_kernel::id! {
    /// A finding, through all scans that see it.
    VulnerabilityId,
    /// A scan, of the module above.
    ScanId,
    /// A change of a finding's status.
    ChangeId,
    /// A line of the activity feed.
    ActivityId,
}

rampart_kernel::named! {
    /// How a finding stands.
    pub enum Status {
        Open = "open",
        Fixed = "fixed",
        FalsePositive = "false_positive",
        Ignored = "ignored",
    }
}

rampart_kernel::named! {
    /// How bad it is, the least first.
    pub enum Severity {
        Info = "info",
        Low = "low",
        Medium = "medium",
        High = "high",
        Critical = "critical",
    }
}

impl Severity {
    /// As columns hold it, so that they can be sorted: 0 is `info`.
    pub fn rank(self) -> i64 {
        self as i64
    }

    pub fn of_rank(rank: i64) -> Option<Severity> {
        usize::try_from(rank).ok().and_then(|rank| Severity::ALL.get(rank)).copied()
    }
}

impl From<Reported> for Severity {
    fn from(severity: Reported) -> Severity {
        match severity {
            Reported::Info => Severity::Info,
            Reported::Low => Severity::Low,
            Reported::Medium => Severity::Medium,
            Reported::High => Severity::High,
            Reported::Critical => Severity::Critical,
        }
    }
}

impl From<Severity> for Reported {
    fn from(severity: Severity) -> Reported {
        match severity {
            Severity::Info => Reported::Info,
            Severity::Low => Reported::Low,
            Severity::Medium => Reported::Medium,
            Severity::High => Reported::High,
            Severity::Critical => Reported::Critical,
        }
    }
}

rampart_kernel::named! {
    /// Who has decided how a finding stands.
    pub enum Decider {
        /// A scan: it is there, or is not any more.
        Scan = "scan",
        /// A comment in the code, which gives a reason.
        Code = "code",
        Person = "person",
    }
}

rampart_kernel::named! {
    /// How a finding was fixed.
    pub enum FixedBy {
        /// A pull request of Rampart's own was merged.
        FixPr = "fix_pr",
        /// A scan did not find it any more.
        Commit = "commit",
        /// Somebody says so.
        Manual = "manual",
    }
}

/// Longest reason, in characters.
pub const REASON_LENGTH: usize = 1_000;

/// What a person decides about a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub status: Status,
    pub reason: Option<String>,
    /// Of what is ignored: it comes back then.
    pub ignored_until: Option<Timestamp>,
}

impl Decision {
    /// # Errors
    /// When a reason is missing or too long, or a time is given where none belongs.
    pub fn check(&self, now: Timestamp) -> Result<()> {
        let reason = self.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
        let needs_reason = matches!(self.status, Status::FalsePositive | Status::Ignored);
        if needs_reason && reason.is_none() {
            return Err(Error::ReasonMissing);
        }
        if reason.is_some_and(|reason| reason.chars().count() > REASON_LENGTH) {
            return Err(Error::Invalid("reason", format!("is at most {REASON_LENGTH} characters long")));
        }
        match self.ignored_until {
            Some(_) if self.status != Status::Ignored => {
                Err(Error::Invalid("ignoredUntil", "goes with the status ignored only".to_owned()))
            }
            Some(until) if until <= now => Err(Error::Invalid("ignoredUntil", "lies in the past".to_owned())),
            _ => Ok(()),
        }
    }
}

/// How a finding stands, and since when that may change by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub status: Status,
    pub decider: Decider,
    pub fixed_by: Option<FixedBy>,
}

impl Standing {
    /// What a person may do: dismiss what is open, call it fixed, and take each of these back.
    ///
    /// # Errors
    /// When it is none of these.
    pub fn decide(self, to: Status) -> Result<Standing> {
        let may = match (self.status, to) {
            (Status::Open, Status::Fixed | Status::FalsePositive | Status::Ignored) => true,
            (Status::FalsePositive | Status::Ignored, Status::Open) => true,
            // What a scan has verified, only a scan can see again.
            (Status::Fixed, Status::Open) => self.fixed_by == Some(FixedBy::Manual),
            _ => false,
        };
        if !may {
            return Err(Error::Transition { from: self.status, to });
        }
        let fixed_by = (to == Status::Fixed).then_some(FixedBy::Manual);
        Ok(Standing { status: to, decider: Decider::Person, fixed_by })
    }

    /// A scan sees it; `is_excused` when a comment in the code dismisses it with a reason. What people have decided stands.
    #[must_use]
    pub fn seen(self, is_excused: bool) -> Standing {
        let by_scan = |status| Standing { status, decider: Decider::Scan, fixed_by: None };
        match (self.status, self.decider) {
            (Status::Open | Status::Fixed, _) if is_excused => {
                Standing { status: Status::Ignored, decider: Decider::Code, fixed_by: None }
            }
            (Status::Fixed, _) => by_scan(Status::Open),
            (Status::Ignored, Decider::Code) if !is_excused => by_scan(Status::Open),
            _ => self,
        }
    }

    /// A scan that would have seen it does not. What people have dismissed stays dismissed, should it come back.
    #[must_use]
    pub fn gone(self) -> Standing {
        match (self.status, self.decider) {
            (Status::Open, _) | (Status::Ignored, Decider::Code) => {
                Standing { status: Status::Fixed, decider: Decider::Scan, fixed_by: Some(FixedBy::Commit) }
            }
            _ => self,
        }
    }
}

/// A line of a list of findings.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VulnerabilitySummary {
    #[schema(value_type = String)]
    pub id: VulnerabilityId,
    #[schema(value_type = String)]
    pub repository_id: RepositoryId,
    pub repository_name: String,
    #[serde(rename = "type")]
    pub kind: String,
    #[schema(value_type = String)]
    pub severity: Severity,
    #[schema(value_type = String)]
    pub status: Status,
    pub file_path: String,
    pub line_number: u32,
    pub cwe_id: Option<String>,
    pub owasp: Option<String>,
    pub cvss_score: Option<f64>,
    pub auto_fix_available: bool,
    pub fix_confidence: Option<f64>,
    #[schema(value_type = String, format = DateTime)]
    pub detected_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub last_seen_at: Timestamp,
    /// The message of the rule: what is wrong here.
    pub title: String,
    /// The id of the rule.
    pub rule: String,
    /// `security`, `correctness` and the like, as the rule says.
    pub category: Option<String>,
    pub confidence: f64,
    /// How data gets there: `network`, `local`, `pattern`, `test`.
    pub reach: String,
    /// 0 to 1.
    pub risk: f64,
}

/// Who has changed a finding's status, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatusChange {
    #[schema(value_type = String)]
    pub id: ChangeId,
    #[schema(value_type = String)]
    pub from_status: Status,
    #[schema(value_type = String)]
    pub to_status: Status,
    /// Nobody when a scan did.
    #[schema(value_type = Option<String>)]
    pub changed_by: Option<UserId>,
    pub reason: Option<String>,
    #[schema(value_type = Option<String>)]
    pub scan_id: Option<ScanId>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_dismiss_and_take_back_and_nothing_else() {
        use Status::{FalsePositive, Fixed, Ignored, Open};
        let allowed = [(Open, Fixed), (Open, FalsePositive), (Open, Ignored), (FalsePositive, Open), (Ignored, Open)];
        for &from in Status::ALL {
            for &to in Status::ALL {
                let standing = Standing { status: from, decider: Decider::Scan, fixed_by: Some(FixedBy::Commit) };
                assert_eq!(standing.decide(to).is_ok(), allowed.contains(&(from, to)), "{from} to {to}");
            }
        }
        let fixed = Standing { status: Open, decider: Decider::Scan, fixed_by: None }.decide(Fixed).unwrap();
        assert_eq!(fixed.decide(Open).unwrap().status, Open);
    }

    #[test]
    fn scans_reopen_what_comes_back_and_leave_what_people_decided() {
        let of = |status, decider| Standing { status, decider, fixed_by: None };
        let seen = |standing: Standing, excused| standing.seen(excused).status;
        assert_eq!(seen(of(Status::Fixed, Decider::Scan), false), Status::Open);
        assert_eq!(seen(of(Status::FalsePositive, Decider::Person), false), Status::FalsePositive);
        assert_eq!(seen(of(Status::Ignored, Decider::Person), false), Status::Ignored);
        assert_eq!(seen(of(Status::Open, Decider::Scan), true), Status::Ignored);
        assert_eq!(seen(of(Status::Ignored, Decider::Code), false), Status::Open);
        assert_eq!(of(Status::Open, Decider::Scan).gone().status, Status::Fixed);
        assert_eq!(of(Status::Ignored, Decider::Code).gone().status, Status::Fixed);
        assert_eq!(of(Status::FalsePositive, Decider::Person).gone().status, Status::FalsePositive);
    }

    #[test]
    fn nothing_is_dismissed_without_a_reason() {
        let now = Timestamp::from_millis(1_000);
        let decide = |status, reason: Option<&str>, until| {
            Decision { status, reason: reason.map(str::to_owned), ignored_until: until }.check(now)
        };
        assert!(decide(Status::Ignored, Some("accepted"), None).is_ok());
        assert!(decide(Status::Open, None, None).is_ok());
        assert!(matches!(decide(Status::FalsePositive, Some("  "), None), Err(Error::ReasonMissing)));
        assert!(matches!(decide(Status::Ignored, None, None), Err(Error::ReasonMissing)));
        assert!(decide(Status::Ignored, Some(&"x".repeat(1_001)), None).is_err());
        assert!(decide(Status::Ignored, Some("x"), Some(now)).is_err());
        assert!(decide(Status::Open, None, Some(Timestamp::from_millis(2_000))).is_err());
    }
}
