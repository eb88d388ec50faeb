//! What mailed tokens are for and how long they count.

use std::time::Duration;

use rampart_kernel::{Timestamp, UserId};

rampart_kernel::id! {
    /// One token that was mailed.
    MailedTokenId,
}

rampart_kernel::named! {
    /// What a mailed token is for.
    pub enum Purpose {
        VerifyEmail = "verify_email",
        /// Move the account to the address it was mailed to.
        ChangeEmail = "change_email",
        ResetPassword = "reset_password",
    }
}

impl Purpose {
    pub fn lifetime(self) -> Duration {
        match self {
            Purpose::VerifyEmail | Purpose::ChangeEmail => Duration::from_secs(24 * 3_600),
            Purpose::ResetPassword => Duration::from_secs(3_600),
        }
    }
}

/// A token as its row says.
pub struct MailedToken {
    pub id: MailedTokenId,
    pub user: UserId,
    pub purpose: Purpose,
    /// Where it was mailed to.
    pub email: String,
    pub expires_at: Timestamp,
    pub used: bool,
}

impl MailedToken {
    pub fn counts(&self, now: Timestamp) -> bool {
        !self.used && now < self.expires_at
    }
}
