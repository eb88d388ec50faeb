//! Users and sessions as values.

use std::str::FromStr;
use std::time::Duration;

use rampart_access::{PlatformRole, SessionId};
use rampart_kernel::{Timestamp, UserId, Value, WorkspaceId};
use serde::{Deserialize, Serialize};

rampart_kernel::id! {
    /// One link of a session's chain of refresh tokens.
    RefreshTokenId,
}

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
        let fits =
            plain && labels && !local.is_empty() && local.len() <= 64 && !local.contains(['@', '<', '>', '"', ',']);
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
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl User {
    /// How long the account stays locked; nothing when it is not.
    pub fn locked_for(&self, now: Timestamp) -> Option<Duration> {
        self.locked_until.filter(|until| *until > now).map(|until| until.since(now))
    }
}

/// A sign-in on one device.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: SessionId,
    pub ip_address: Option<String>,
    pub user_agent: Option<String>,
    pub created_at: Timestamp,
    pub last_used: Timestamp,
    pub expires_at: Timestamp,
}

/// A link of the chain, with what its session is.
#[derive(Clone, Debug)]
pub struct RefreshToken {
    pub id: RefreshTokenId,
    pub session: SessionId,
    pub user: UserId,
    pub remember: bool,
    pub rotated_at: Option<Timestamp>,
    /// Whether the token that replaced it has been used itself.
    pub successor_rotated: bool,
    pub expires_at: Timestamp,
    pub session_revoked: bool,
    pub session_expires_at: Timestamp,
}

/// How long a token that was just replaced still counts: tabs of one browser refresh at the same moment, and an answer may
/// get lost on the way.
pub const ROTATION_GRACE: Duration = Duration::from_secs(15);

/// What a refresh token that is shown means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// A new pair for it.
    Rotate,
    Expired,
    Revoked,
    /// It was used before: somebody has a copy.
    Reused,
}

impl RefreshToken {
    pub fn judge(&self, now: Timestamp) -> Refresh {
        if self.session_revoked {
            return Refresh::Revoked;
        }
        match self.rotated_at {
            Some(at) if now > at + ROTATION_GRACE || self.successor_rotated => Refresh::Reused,
            _ if self.expires_at <= now || self.session_expires_at <= now => Refresh::Expired,
            _ => Refresh::Rotate,
        }
    }
}

#[cfg(test)]
mod tests {
    use rampart_kernel::Origin;

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

    #[test]
    fn a_refresh_token_counts_once_and_a_little_longer() {
        let origin = Origin::of_system("test");
        let now = origin.now();
        let second = Duration::from_secs(1);
        let token = |rotated_at, successor_rotated| RefreshToken {
            id: origin.new_id(),
            session: origin.new_id(),
            user: origin.new_id(),
            remember: false,
            rotated_at,
            successor_rotated,
            expires_at: now + 10 * second,
            session_revoked: false,
            session_expires_at: now + 10 * second,
        };
        assert_eq!(token(None, false).judge(now), Refresh::Rotate);
        assert_eq!(token(None, false).judge(now + 10 * second), Refresh::Expired);
        assert_eq!(token(Some(now), false).judge(now + second), Refresh::Rotate);
        assert_eq!(
            token(Some(now), true).judge(now + second),
            Refresh::Reused,
            "only the direct predecessor has grace"
        );
        assert_eq!(token(Some(now), false).judge(now + ROTATION_GRACE + second), Refresh::Reused);
        let revoked = RefreshToken { session_revoked: true, ..token(Some(now), false) };
        assert_eq!(revoked.judge(now + second), Refresh::Revoked);
    }
}
