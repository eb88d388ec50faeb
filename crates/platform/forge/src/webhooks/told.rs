//! What forges tell of a repository, in terms of none of them.

use rampart_kernel::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use super::model::Kind;
use super::{github, gitlab};
use crate::error::Error;
use crate::fields::{BranchName, CommitHash};
use crate::model::Provider;
use crate::pulls::model::{PullRequestAction, SeenPullRequest};
use crate::remote::Account;

/// What is told of a repository.
pub enum Told {
    Push(Push),
    PullRequest(Box<SeenPullRequest>, PullRequestAction),
    Review(Review),
    Comment(Comment),
    /// Nothing to look at, and why.
    Nothing(&'static str),
}

/// A branch is elsewhere.
pub struct Push {
    pub branch: BranchName,
    pub head: CommitHash,
    /// By the forge's clock, where it says when.
    pub at: Option<Timestamp>,
    pub pusher: Option<String>,
    /// The newest last.
    pub commits: Vec<PushedCommit>,
}

/// A commit as forges tell of it; both do in the same way.
#[derive(Deserialize)]
pub struct PushedCommit {
    pub id: String,
    #[serde(default)]
    pub message: String,
    #[serde(default, deserialize_with = "moment")]
    pub timestamp: Option<Timestamp>,
    pub author: Option<Author>,
    #[serde(default)]
    pub added: Vec<String>,
    #[serde(default)]
    pub modified: Vec<String>,
    #[serde(default)]
    pub removed: Vec<String>,
}

#[derive(Deserialize)]
pub struct Author {
    #[serde(default)]
    pub name: String,
    pub email: Option<String>,
}

/// Somebody has reviewed a pull request.
pub struct Review {
    pub number: u32,
    pub author: String,
    /// `approved`, `changes_requested`, `commented`.
    pub verdict: String,
}

/// Somebody has written a comment at a pull request.
pub struct Comment {
    pub number: u32,
    pub id: String,
    pub author: Account,
    /// A program wrote it, as far as the forge says.
    pub by_bot: bool,
    pub text: String,
}

impl Push {
    /// # Errors
    /// Why nothing is to be looked at: tags and branches that are gone are no branch.
    pub fn head(reference: &str, after: &str, deleted: bool) -> Result<(BranchName, CommitHash), &'static str> {
        let name = reference.strip_prefix("refs/heads/").ok_or("not a branch")?;
        let branch = name.parse().map_err(|_| "a branch with a name that no branch here can have")?;
        if deleted {
            return Err("the branch was deleted");
        }
        let hash = after.parse().map_err(|_| "no commit")?;
        Ok((branch, hash))
    }
}

impl Told {
    /// `now` where the forge does not say when.
    ///
    /// # Errors
    /// [`Error::Field`] when it cannot be read.
    pub fn read(provider: Provider, kind: Kind, body: &[u8], now: Timestamp) -> Result<Told, Error> {
        match provider {
            Provider::Gitlab => gitlab::told(kind, body, now),
            Provider::Github | Provider::Local => github::told(kind, body, now),
        }
    }
}

/// The number, at its forge, of the repository that a delivery is about; nothing when it is about none or cannot be read.
pub fn about(provider: Provider, body: &[u8]) -> Option<String> {
    let number = match provider {
        Provider::Gitlab => gitlab::about(body),
        Provider::Github | Provider::Local => github::about(body),
    };
    number.map(|number| number.to_string())
}

/// What is wrong is said by its place; what stands there is not.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|error| {
        let what = match error.classify() {
            serde_json::error::Category::Data => "is no payload of this event",
            _ => "is no JSON",
        };
        let what = format!("{what}: line {}, column {}", error.line(), error.column());
        Error::Field { field: "body", what }
    })
}

/// Seconds since 1970, or a text with whatever offset from UTC, also as `2024-01-15 10:30:00 UTC`; anything else is no moment.
pub fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Moment {
        Seconds(i64),
        Text(String),
        Other(serde::de::IgnoredAny),
    }
    Ok(match Moment::deserialize(deserializer)? {
        Moment::Seconds(seconds) => Some(Timestamp::from_millis(seconds.saturating_mul(1_000))),
        Moment::Text(text) => match text.strip_suffix(" UTC").and_then(|rest| rest.split_once(' ')) {
            Some((day, time)) => format!("{day}T{time}Z").parse().ok(),
            None => text.parse().ok(),
        },
        Moment::Other(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct At {
        #[serde(default, deserialize_with = "moment")]
        at: Option<Timestamp>,
    }

    #[test]
    fn moments_are_read_in_every_form() {
        let read = |text: &str| serde_json::from_str::<At>(&format!("{{\"at\":{text}}}")).unwrap().at;
        let moment = read("1700000000").unwrap();
        assert_eq!(moment.to_text(), "2023-11-14T22:13:20.000Z");
        for same in ["\"2023-11-14T22:13:20Z\"", "\"2023-11-15T00:13:20+02:00\"", "\"2023-11-14 22:13:20 UTC\""] {
            assert_eq!(read(same), Some(moment), "{same}");
        }
        for none in ["null", "{}", "\"soon\"", "1.5", "\" UTC\""] {
            assert_eq!(read(none), None, "{none}");
        }
    }
}
