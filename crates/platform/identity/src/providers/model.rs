//! Providers and who somebody is there.

use std::time::Duration;

use rampart_kernel::{Secret, Timestamp, UserId};

use crate::sessions::model::Method;

rampart_kernel::id! {
    /// An account elsewhere that leads to one here.
    LinkId,
}

rampart_kernel::named! {
    /// Through whom one can sign in.
    pub enum Provider {
        GitHub = "github",
        Google = "google",
    }
}

impl Provider {
    pub fn method(self) -> Method {
        match self {
            Provider::GitHub => Method::GitHub,
            Provider::Google => Method::Google,
        }
    }
}

/// From leaving for the provider to coming back.
pub const STATE_LIFETIME: Duration = Duration::from_secs(10 * 60);

/// Somebody, as a provider knows them.
#[derive(Clone, Debug)]
pub struct Outsider {
    pub issuer: String,
    /// Never given to another.
    pub subject: String,
    pub login: String,
    pub name: Option<String>,
    /// Nothing unless the provider says that it is theirs.
    pub verified_email: Option<String>,
    /// For what else is asked of the provider in their name.
    pub access_token: Option<Secret>,
    pub scopes: String,
}

/// An account elsewhere, as it is shown.
#[derive(Clone, Debug)]
pub struct Link {
    pub id: LinkId,
    pub provider: Provider,
    pub login: String,
    pub scopes: String,
    pub created_at: Timestamp,
}

/// What was kept of a sign-in while the browser was away.
#[derive(Clone, Debug)]
pub struct Departure {
    pub provider: Provider,
    /// Below the dashboard's address; begins with a slash.
    pub redirect: String,
    /// Whose account is to be linked.
    pub link: Option<UserId>,
    pub invitation_hash: Option<String>,
    pub expires_at: Timestamp,
}
