//! Users and sessions as values.

use std::str::FromStr;
use std::time::Duration;

use rampart_access::PlatformRole;
use rampart_kernel::{Timestamp, UserId, Value, WorkspaceId};
use serde::{Deserialize, Serialize};

/// An address that mail can be sent to, in lower case: two spellings are not two accounts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

/// RFC 5321 §4.5.3.1.3, without the angle brackets.
const EMAIL_LENGTH: usize = 254;

impl EmailAddress {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn local_part(&self) -> &str {
        self.0.split_once('@').map_or("", |(local, _)| local)
    }
}

impl FromStr for EmailAddress {
    type Err = String;

    /// Whether mail arrives is seen by sending some; here only what cannot be an address is refused.
    fn from_str(text: &str) -> Result<EmailAddress, String> {
        let wrong = || "is not an e-mail address".to_owned();
        let text = text.trim().to_lowercase();
        let (local, domain) = text.rsplit_once('@').ok_or_else(wrong)?;
        let plain = text.len() <= EMAIL_LENGTH && !text.chars().any(|c| c.is_whitespace() || c.is_control());
        let labels = domain.split('.').all(|label| {
            !label.is_empty() && !label.starts_with('-') && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        });
        let fits = plain
            && labels
            && !local.is_empty()
            && local.len() <= 64
            && !local.contains(['@', '<', '>', '"', ',', ':']);
        if fits { Ok(EmailAddress(text)) } else { Err(wrong()) }
    }
}

impl<'de> Deserialize<'de> for EmailAddress {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<EmailAddress, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl From<&EmailAddress> for Value {
    fn from(email: &EmailAddress) -> Value {
        Value::from(email.as_str())
    }
}

/// A person with an account.
#[derive(Clone, Debug)]
pub struct User {
    pub id: UserId,
    pub email: String,
    pub username: Option<String>,
    pub name: Option<String>,
    pub role: PlatformRole,
    pub verified: bool,
    pub disabled: bool,
    pub locale: String,
    pub timezone: String,
    pub default_workspace: Option<WorkspaceId>,
    pub last_login: Option<Timestamp>,
    pub failed_logins: u32,
    pub locked_until: Option<Timestamp>,
    /// Whether signing in takes a code too.
    pub two_factor: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl User {
    /// How long the account stays locked; nothing when it is not.
    pub fn locked_for(&self, now: Timestamp) -> Option<Duration> {
        self.locked_until.filter(|until| *until > now).map(|until| until.since(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_or_refused() {
        let email = |text: &str| text.parse::<EmailAddress>().ok().map(|email| email.0);
        assert_eq!(email(" Ada@Example.COM "), Some("ada@example.com".to_owned()));
        for bad in
            ["", "ada", "@example.com", "ada@", "ada@ex ample.com", "ada@-x.com", "a\n@example.com", "<a>@example.com"]
        {
            assert_eq!(email(bad), None, "{bad:?}");
        }
    }
}
