//! Names of objects.

use std::fmt;
use std::str::FromStr;

use rampart_kernel::WorkspaceId;
use thiserror::Error;

/// A text that names no object.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "`{0}` is not the name of an object: parts of a-z, A-Z, 0-9, `.`, `_`, `-` with `/` between, none of which begins with a dot"
)]
pub struct BadName(String);

/// The name of one object: `ws/<workspace>/reports/one.pdf`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectName(String);

/// The beginning of names, by whole parts: `ws/<workspace>/reports`.
#[derive(Clone, PartialEq, Eq)]
pub struct ObjectPrefix(String);

/// S3 takes 1,024 bytes, a folder 255 per part; whoever needs more should keep it in a row.
const NAME_LENGTH: usize = 512;
const PART_LENGTH: usize = 128;

fn check(text: &str) -> Result<String, BadName> {
    let plain = |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
    let fits = |part: &str| (1..=PART_LENGTH).contains(&part.len()) && !part.starts_with('.') && plain(part);
    let whole = text.len() <= NAME_LENGTH && text.split('/').all(fits);
    if whole { Ok(text.to_owned()) } else { Err(BadName(text.chars().take(NAME_LENGTH).collect())) }
}

impl ObjectName {
    /// A name within a workspace; `rest` as in [`ObjectName::from_str`].
    ///
    /// # Errors
    /// When `rest` is no name.
    pub fn of(workspace: WorkspaceId, rest: &str) -> Result<ObjectName, BadName> {
        check(&format!("ws/{workspace}/{rest}")).map(ObjectName)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl ObjectPrefix {
    /// Everything of a workspace.
    pub fn of(workspace: WorkspaceId) -> ObjectPrefix {
        ObjectPrefix(format!("ws/{workspace}"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! texts {
    ($($type:ident),+) => {$(
        impl FromStr for $type {
            type Err = BadName;

            fn from_str(text: &str) -> Result<$type, BadName> {
                check(text).map($type)
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

texts!(ObjectName, ObjectPrefix);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_within_the_store() {
        for good in ["a", "ws/1/reports/a.json", "a-b_c.d/E"] {
            assert!(good.parse::<ObjectName>().is_ok(), "{good}");
        }
        let long = "a/".repeat(300) + "a";
        for bad in [
            "", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", ".hidden", "a/.git", "a\\b", "a b",
            "a\0", "ä", "a%2fb", "a:b", &long,
        ] {
            assert!(bad.parse::<ObjectName>().is_err(), "{bad}");
        }
        let workspace: WorkspaceId = "0192f0c1-7b5a-7cc3-98b0-2f4d5c6a7b8c".parse().unwrap();
        assert!(ObjectName::of(workspace, "../other").is_err());
        assert!(ObjectName::of(workspace, "a").unwrap().as_str().starts_with(ObjectPrefix::of(workspace).as_str()));
    }
}
