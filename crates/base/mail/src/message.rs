//! Every message that Rampart sends, with what it needs.

use rampart_kernel::Timestamp;
use serde::{Deserialize, Serialize};

use crate::link::Link;
use crate::model::Name;

/// A message. Its words are in `templates/<language>.toml`, under its name.
///
/// Serialised it holds its links whole: that is for the sealed column it waits in, and for nothing else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "template", rename_all = "snake_case")]
pub enum Message {
    /// Somebody registered with this address.
    VerifyEmail { name: Name, link: Link, hours: u32 },
    /// Somebody tried to register with an address that has an account; the page tells them nothing.
    AlreadyRegistered { name: Name, link: Link },
    /// Somebody asked for a new password.
    ResetPassword { name: Name, link: Link, minutes: u32 },
    /// Somebody is asked into a workspace.
    Invitation { inviter: Name, workspace: Name, role: Name, link: Link, hours: u32 },
    /// A sign-in from where there was none before; the link leads to the sessions.
    NewSignIn { name: Name, at: Timestamp, address: Name, device: Name, link: Link },
    /// The link leads to where a new password is asked for.
    PasswordChanged { name: Name, at: Timestamp, address: Name, link: Link },
    /// The link leads to the security settings.
    SecondFactorChanged { name: Name, change: Change, at: Timestamp, address: Name, link: Link },
    /// Too many wrong passwords; the link leads to where a new one is asked for.
    AccountLocked { name: Name, at: Timestamp, address: Name, minutes: u32, link: Link },
    /// One event that somebody wants to hear of at once.
    Notification { workspace: Name, item: DigestItem, link: Link },
    /// Events since the last digest; the link leads to all of them.
    Digest { workspace: Name, period: Period, items: Vec<DigestItem>, more: u32, link: Link },
}

rampart_kernel::named! {
    /// What became of the second factor.
    pub enum Change {
        Enabled = "enabled",
        Disabled = "disabled",
        /// The backup codes were made anew.
        Codes = "codes",
    }
}

rampart_kernel::named! {
    /// What a digest covers.
    pub enum Period {
        Daily = "daily",
        Weekly = "weekly",
    }
}

/// One line of a digest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DigestItem {
    pub title: Name,
    /// Empty when the title says it all.
    pub detail: Name,
    /// `critical`, `high`, `medium`, `low` or `info`.
    pub severity: Name,
    pub at: Timestamp,
    pub link: Option<Link>,
}

impl Message {
    /// Under which its words are found; also in figures and logs.
    pub fn name(&self) -> &'static str {
        match self {
            Message::VerifyEmail { .. } => "verify_email",
            Message::AlreadyRegistered { .. } => "already_registered",
            Message::ResetPassword { .. } => "reset_password",
            Message::Invitation { .. } => "invitation",
            Message::NewSignIn { .. } => "new_sign_in",
            Message::PasswordChanged { .. } => "password_changed",
            Message::SecondFactorChanged { .. } => "second_factor_changed",
            Message::AccountLocked { .. } => "account_locked",
            Message::Notification { .. } => "notification",
            Message::Digest { .. } => "digest",
        }
    }
}

/// One of each message, as people would get them: for a look at them, and for tests.
pub fn samples() -> Vec<Message> {
    let link = |path: &str| Link::parse(&format!("https://rampart.example/app/{path}")).expect("it is an address");
    let (name, address, at) =
        (Name::new("Ada Lovelace"), Name::new("203.0.113.7"), Timestamp::from_millis(1_767_258_000_000));
    let item = |title: &str, detail: &str, severity: &str, minutes: i64| DigestItem {
        title: Name::new(title),
        detail: Name::new(detail),
        severity: Name::new(severity),
        at: Timestamp::from_millis(at.as_millis() - minutes * 60_000),
        link: Some(link("vulnerabilities/0192f0c1")),
    };
    let second_factor = |change| Message::SecondFactorChanged {
        name: name.clone(),
        change,
        at,
        address: address.clone(),
        link: link("profile/security"),
    };
    vec![
        Message::VerifyEmail { name: name.clone(), link: link("verify?token=sample"), hours: 24 },
        Message::AlreadyRegistered { name: name.clone(), link: link("forgot-password") },
        Message::ResetPassword { name: name.clone(), link: link("reset?token=sample"), minutes: 60 },
        Message::Invitation {
            inviter: Name::new("Grace Hopper"),
            workspace: Name::new("Analytical Engines"),
            role: Name::new("member"),
            link: link("invitations/accept?code=sample"),
            hours: 168,
        },
        Message::NewSignIn {
            name: name.clone(),
            at,
            address: address.clone(),
            device: Name::new("Firefox on Linux"),
            link: link("profile/sessions"),
        },
        Message::PasswordChanged { name: name.clone(), at, address: address.clone(), link: link("forgot-password") },
        second_factor(Change::Enabled),
        second_factor(Change::Disabled),
        second_factor(Change::Codes),
        Message::AccountLocked {
            name: name.clone(),
            at,
            address: address.clone(),
            minutes: 30,
            link: link("forgot-password"),
        },
        Message::Notification {
            workspace: Name::new("Analytical Engines"),
            item: item("SQL injection in orders.py", "engines/shop, line 45", "critical", 3),
            link: link("profile/notifications"),
        },
        Message::Digest {
            workspace: Name::new("Analytical Engines"),
            period: Period::Daily,
            items: vec![
                item("SQL injection in orders.py", "engines/shop, line 45", "critical", 63),
                item("Scan of engines/shop finished", "3 new findings, 5 fixed", "info", 66),
                item("Fix ready for review", "engines/mill: weak hash replaced", "medium", 190),
                item("Path traversal in export handler", "engines/mill, line 12", "high", 612),
                item("Cookie without SameSite", "engines/shop, line 7", "low", 700),
            ],
            more: 12,
            link: link("notifications"),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_as_it_is_written_and_named_alike() {
        for message in samples() {
            let written = serde_json::to_value(&message).unwrap();
            assert_eq!(written["template"], message.name());
            assert_eq!(serde_json::from_value::<Message>(written).unwrap(), message);
        }
    }
}
