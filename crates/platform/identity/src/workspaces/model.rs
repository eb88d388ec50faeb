//! Workspaces and parts as values.

use rampart_access::WorkspaceRole;
use rampart_kernel::{Timestamp, UserId, Value, WorkspaceId};
use serde::Deserialize;

rampart_kernel::named! {
    /// What a workspace has paid for.
    pub enum Tier {
        Free = "free",
        Pro = "pro",
        Enterprise = "enterprise",
    }
}

/// A workspace and the part that somebody has in it.
#[derive(Clone, Debug)]
pub struct Part {
    pub workspace: WorkspaceId,
    pub name: String,
    pub slug: String,
    pub tier: Tier,
    pub role: WorkspaceRole,
}

/// A tenant.
#[derive(Clone, Debug)]
pub struct Workspace {
    pub id: WorkspaceId,
    pub name: String,
    pub slug: String,
    /// One of its owners: the one who answers for it.
    pub owner: UserId,
    pub tier: Tier,
    /// Somebody's own, made with the account.
    pub personal: bool,
    /// Its members are kept out, and nothing is scanned in it.
    pub suspended: bool,
    /// An object that the dashboard keeps here, as it was given.
    pub settings: serde_json::Value,
    pub members: u64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Somebody in a workspace.
#[derive(Clone, Debug)]
pub struct Member {
    pub user: UserId,
    pub email: String,
    pub username: Option<String>,
    pub name: Option<String>,
    pub role: WorkspaceRole,
    pub joined_at: Timestamp,
}

/// The name of a workspace in addresses: 2 to 63 of `a-z 0-9 -`, hyphens inside only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slug(String);

const SLUG_LENGTHS: std::ops::RangeInclusive<usize> = 2..=63;

impl Slug {
    /// Nothing when too little of the name can be part of one.
    pub fn of_name(name: &str) -> Option<Slug> {
        let mut text = String::new();
        for c in name.to_lowercase().chars() {
            if c.is_ascii_alphanumeric() {
                text.push(c);
            } else if !text.is_empty() && !text.ends_with('-') {
                text.push('-');
            }
        }
        // Room for what makes it unique.
        text.truncate(40);
        Slug::parse(text.trim_end_matches('-'))
    }

    /// The same with something behind it that nobody else has.
    #[must_use]
    pub fn with(&self, suffix: &str) -> Slug {
        Slug(format!("{}-{suffix}", self.0))
    }

    fn parse(text: &str) -> Option<Slug> {
        let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let inside = !text.starts_with('-') && !text.ends_with('-');
        (SLUG_LENGTHS.contains(&text.len()) && plain && inside).then(|| Slug(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&Slug> for Value {
    fn from(slug: &Slug) -> Value {
        Value::from(slug.as_str())
    }
}

impl<'de> Deserialize<'de> for Slug {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Slug, D::Error> {
        let wrong = || serde::de::Error::custom("has 2 to 63 of a-z, 0-9 and hyphens, none of them at an end");
        Slug::parse(&String::deserialize(deserializer)?).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_plain() {
        let of = |name: &str| Slug::of_name(name).map(|slug| slug.0);
        assert_eq!(of("  Ada & Sons, Ltd. "), Some("ada-sons-ltd".to_owned()));
        assert_eq!(of("日本"), None);
        assert!(Slug::parse("-a").is_none() && Slug::parse("A b").is_none() && Slug::parse("a").is_none());
        assert!(Slug::parse(&of(&"long name ".repeat(20)).unwrap()).is_some());
    }
}
