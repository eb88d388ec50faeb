//! Names of git, parsed once: nothing that is one of these can be mistaken for an option, a range or another ref.

use std::fmt;
use std::str::FromStr;

use rampart_kernel::{FromValue, Value};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// Bytes of a branch's name; people write shorter ones, and file systems hold no longer ones.
const BRANCH_LENGTH: usize = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("is no name that a branch can have")]
pub struct BadBranch;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("is no commit hash: 40 or 64 hexadecimal digits")]
pub struct BadHash;

/// A branch, without `refs/heads/`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BranchName(String);

impl BranchName {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `refs/heads/main`
    pub fn full(&self) -> String {
        format!("refs/heads/{}", self.0)
    }
}

impl FromStr for BranchName {
    type Err = BadBranch;

    /// As `git check-ref-format --branch` has it, and no longer than a name is.
    fn from_str(text: &str) -> Result<BranchName, BadBranch> {
        let part = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.ends_with(".lock");
        let plain = |c: char| !c.is_control() && !matches!(c, ' ' | '~' | '^' | ':' | '?' | '*' | '[' | '\\');
        let good = (1..=BRANCH_LENGTH).contains(&text.len())
            && text.chars().all(plain)
            && text.split('/').all(part)
            && !text.starts_with('-')
            && !text.ends_with('.')
            && !text.contains("..")
            && !text.contains("@{")
            && text != "@"
            && text != "HEAD";
        if good { Ok(BranchName(text.to_owned())) } else { Err(BadBranch) }
    }
}

/// The name of a commit, in lower case: SHA-1 or SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommitHash(String);

impl CommitHash {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_sha256(&self) -> bool {
        self.0.len() == 64
    }
}

impl FromStr for CommitHash {
    type Err = BadHash;

    fn from_str(text: &str) -> Result<CommitHash, BadHash> {
        let digits = text.bytes().all(|byte| byte.is_ascii_hexdigit());
        // All zeros is how git says that there is none.
        let some = text.bytes().any(|byte| byte != b'0');
        if matches!(text.len(), 40 | 64) && digits && some {
            Ok(CommitHash(text.to_ascii_lowercase()))
        } else {
            Err(BadHash)
        }
    }
}

macro_rules! as_text {
    ($($type:ident),+) => {$(
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }

        impl From<&$type> for Value {
            fn from(it: &$type) -> Value {
                Value::from(it.0.as_str())
            }
        }

        impl FromValue for $type {
            fn from_value(value: Value) -> Option<$type> {
                String::from_value(value)?.parse().ok()
            }
        }
    )+};
}

as_text!(BranchName, CommitHash);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_are_names_and_nothing_else() {
        for good in ["main", "feature/x", "release-1.2", "ä/ö", "a@b"] {
            assert_eq!(good.parse::<BranchName>().unwrap().as_str(), good);
        }
        let long = "x".repeat(BRANCH_LENGTH + 1);
        for bad in [
            "",
            "-upload-pack=x",
            "a b",
            "a..b",
            "a~1",
            "a^",
            "a:b",
            "a\nb",
            "/a",
            "a/",
            "a//b",
            ".a",
            "a/.b",
            "a.lock",
            "a.",
            "@",
            "@{u}",
            "HEAD",
            "a*",
            "a\\b",
            "a?",
            "[a",
            "a\u{1b}b",
            &long,
        ] {
            assert_eq!(bad.parse::<BranchName>(), Err(BadBranch), "{bad:?}");
        }
    }

    #[test]
    fn hashes_are_whole() {
        let hash = "AB".repeat(20);
        assert_eq!(hash.parse::<CommitHash>().unwrap().as_str(), hash.to_lowercase());
        assert!("ab".repeat(32).parse::<CommitHash>().unwrap().is_sha256());
        for bad in [String::new(), "ab".repeat(19), "ab".repeat(21), "gg".repeat(20), "0".repeat(40), "--".repeat(20)] {
            assert_eq!(bad.parse::<CommitHash>(), Err(BadHash), "{bad:?}");
        }
    }
}
