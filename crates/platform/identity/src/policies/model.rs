//! Policies as values, and whom they let in.

use std::net::IpAddr;
use std::time::Duration;

use rampart_access::Error as Refusal;
use rampart_kernel::{Secret, Timestamp};
use rampart_web::Network;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::fields::{Between, Few};
use crate::model::EmailAddress;

/// Five minutes to thirty days.
type Minutes = Between<5, 43_200>;

/// What a workspace asks beyond what the installation asks. It is stored as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Policy {
    /// Addresses and networks from which the workspace may be entered: `203.0.113.0/24`.
    #[schema(value_type = Vec<String>, max_items = 100)]
    pub ip_allowlist: Few<Network, 100>,
    pub ip_allowlist_enabled: bool,
    /// Since signing in.
    #[schema(value_type = Option<u32>, minimum = 5, maximum = 43_200)]
    pub session_timeout_minutes: Option<Minutes>,
    /// Since the last request.
    #[schema(value_type = Option<u32>, minimum = 5, maximum = 43_200)]
    pub idle_timeout_minutes: Option<Minutes>,
    /// Whoever has no second factor sets one up first.
    pub require_two_factor: bool,
    pub password_policy: PasswordPolicy,
    /// Who is invited must have an address in one of them; anybody when there is none.
    #[schema(value_type = Vec<String>, max_items = 100)]
    pub allowed_email_domains: Few<Domain, 100>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PasswordPolicy {
    #[schema(value_type = Option<u32>, minimum = 12, maximum = 128)]
    pub min_length: Option<Between<12, 128>>,
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 3_650)]
    pub max_age_days: Option<Between<1, 3_650>>,
}

impl PasswordPolicy {
    /// In characters.
    pub fn is_met_by(&self, password: &Secret) -> bool {
        self.min_length.is_none_or(|least| password.expose().chars().count() >= least.0 as usize)
    }
}

/// The part of an address behind the `@`, in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Domain(String);

impl<'de> Deserialize<'de> for Domain {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Domain, D::Error> {
        let text = String::deserialize(deserializer)?.trim().to_lowercase();
        // A domain is what makes an address out of a name.
        let address = format!("a@{text}").parse::<EmailAddress>();
        address.map(|_| Domain(text)).map_err(|_| serde::de::Error::custom("is not a domain such as example.com"))
    }
}

/// Who wants to enter, as far as policies care.
#[derive(Clone, Copy, Debug)]
pub struct Visitor {
    pub ip: Option<IpAddr>,
    /// Nothing when an API token is used.
    pub session: Option<Use>,
    /// Nothing when there is no password.
    pub password_changed_at: Option<Timestamp>,
    /// Whether signing in takes more than a password.
    pub second_factor: bool,
    pub administers_platform: bool,
}

/// When a session began and was used last.
#[derive(Clone, Copy, Debug)]
pub struct Use {
    pub since: Timestamp,
    pub last: Timestamp,
}

impl Policy {
    /// # Errors
    /// Why the visitor is not let in.
    pub fn admit(&self, visitor: &Visitor, now: Timestamp) -> Result<(), Refusal> {
        // Who administers the installation comes from anywhere: somebody must be able to let the others back in.
        if self.ip_allowlist_enabled && !visitor.administers_platform {
            let known = visitor.ip.is_some_and(|ip| self.ip_allowlist.iter().any(|network| network.contains(ip)));
            if !known {
                return Err(Refusal::AddressNotAllowed);
            }
        }
        if let Some(session) = visitor.session {
            let past = |since: Timestamp, limit: Option<Minutes>| limit.is_some_and(|limit| now >= since + span(limit));
            if past(session.since, self.session_timeout_minutes) || past(session.last, self.idle_timeout_minutes) {
                return Err(Refusal::SessionTooOld);
            }
        }
        let age = self.password_policy.max_age_days.map(|days| Duration::from_secs(86_400 * u64::from(days.0)));
        if let (Some(changed_at), Some(age)) = (visitor.password_changed_at, age)
            && now >= changed_at + age
        {
            return Err(Refusal::PasswordTooOld);
        }
        if self.require_two_factor && !visitor.second_factor {
            return Err(Refusal::SecondFactorNeeded);
        }
        Ok(())
    }

    pub fn invites(&self, email: &EmailAddress) -> bool {
        let domain = email.as_str().rsplit_once('@').map_or("", |(_, domain)| domain);
        self.allowed_email_domains.is_empty() || self.allowed_email_domains.iter().any(|own| own.0 == domain)
    }
}

fn span(minutes: Minutes) -> Duration {
    Duration::from_secs(60 * u64::from(minutes.0))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn policy(value: serde_json::Value) -> Policy {
        serde_json::from_value(value).unwrap()
    }

    fn visitor() -> Visitor {
        Visitor {
            ip: None,
            session: None,
            password_changed_at: None,
            second_factor: false,
            administers_platform: false,
        }
    }

    #[test]
    fn addresses_of_both_kinds_are_compared_by_their_networks() {
        let list = policy(json!({ "ipAllowlist": ["203.0.113.0/24", "2001:db8::/32"], "ipAllowlistEnabled": true }));
        let admit = |ip: &str| list.admit(&Visitor { ip: ip.parse().ok(), ..visitor() }, Timestamp::from_millis(0));
        for inside in ["203.0.113.7", "::ffff:203.0.113.7", "2001:db8:1::1"] {
            assert_eq!(admit(inside), Ok(()), "{inside}");
        }
        for outside in ["203.0.114.1", "2001:db9::1", "::1", "no address"] {
            assert_eq!(admit(outside), Err(Refusal::AddressNotAllowed), "{outside}");
        }
        let disabled = Policy { ip_allowlist_enabled: false, ..list };
        assert_eq!(disabled.admit(&visitor(), Timestamp::from_millis(0)), Ok(()));
    }

    #[test]
    fn sessions_and_passwords_grow_too_old() {
        let now = Timestamp::from_millis(1_767_225_600_000);
        let strict = policy(json!({
            "sessionTimeoutMinutes": 60, "idleTimeoutMinutes": 10, "passwordPolicy": { "maxAgeDays": 1 },
        }));
        let admit = |since: u32, last: u32| {
            let session = Use { since: now - MINUTE * since, last: now - MINUTE * last };
            strict.admit(&Visitor { session: Some(session), ..visitor() }, now)
        };
        assert_eq!(admit(59, 9), Ok(()));
        assert_eq!(admit(60, 9), Err(Refusal::SessionTooOld));
        assert_eq!(admit(59, 10), Err(Refusal::SessionTooOld));
        let password = |age| strict.admit(&Visitor { password_changed_at: Some(now - age), ..visitor() }, now);
        assert_eq!(password(MINUTE * 1_439), Ok(()));
        assert_eq!(password(MINUTE * 1_440), Err(Refusal::PasswordTooOld));
    }

    #[test]
    fn a_second_factor_is_asked_for() {
        let strict = policy(json!({ "requireTwoFactor": true }));
        let now = Timestamp::from_millis(0);
        assert_eq!(strict.admit(&visitor(), now), Err(Refusal::SecondFactorNeeded));
        assert_eq!(strict.admit(&Visitor { second_factor: true, ..visitor() }, now), Ok(()));
    }

    #[test]
    fn domains_are_exact() {
        let own = policy(json!({ "allowedEmailDomains": ["Example.com"] }));
        let invites = |email: &str| own.invites(&email.parse().unwrap());
        assert!(invites("ada@example.com"));
        assert!(!invites("ada@sub.example.com") && !invites("ada@example.com.evil.test"));
        assert!(serde_json::from_value::<Policy>(json!({ "allowedEmailDomains": ["a@b.c"] })).is_err());
    }
}
