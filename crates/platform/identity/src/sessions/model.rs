//! Sessions and their tokens as values.

use std::time::Duration;

use rampart_access::SessionId;
use rampart_kernel::{Secret, Timestamp, UserId};

use crate::model::User;
use crate::workspaces::model::Tier;

rampart_kernel::id! {
    /// One link of a session's chain of refresh tokens.
    RefreshTokenId,
}

rampart_kernel::named! {
    /// By what somebody came in.
    pub enum Method {
        Password = "password",
        Passkey = "passkey",
        GitHub = "github",
        Google = "google",
    }
}

/// How a session is to begin.
#[derive(Clone, Debug)]
pub struct Begin {
    pub method: Method,
    pub remember: bool,
    /// As the user calls the device.
    pub device_name: Option<String>,
}

/// What a session hands out; nothing of it is kept but hashes.
#[derive(Clone, Debug)]
pub struct Signed {
    pub user: User,
    pub subscription: Option<Tier>,
    pub access_token: Secret,
    pub access_lifetime: Duration,
    pub refresh_token: Secret,
    pub refresh_lifetime: Duration,
    /// For browsers.
    pub cookie: Secret,
    pub csrf: Secret,
}

/// A sign-in on one device.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: SessionId,
    pub ip_address: Option<String>,
    pub user_agent: Option<String>,
    pub device_name: Option<String>,
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
