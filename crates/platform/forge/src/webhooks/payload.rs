//! What GitHub says, as far as it is listened to. Whatever else is in a payload may change without notice.

use rampart_kernel::Timestamp;
use serde::{Deserialize, Deserializer};

use crate::fields::{BranchName, CommitHash};
use crate::pulls::model::{PullRequestAction, SeenPullRequest};

/// Which repository it is about, if any; read before the signature is looked at.
#[derive(Deserialize)]
pub struct About {
    pub repository: Option<Named>,
}

#[derive(Deserialize)]
pub struct Named {
    pub id: u64,
}

#[derive(Deserialize)]
pub struct Push {
    #[serde(rename = "ref")]
    pub reference: String,
    pub after: String,
    #[serde(default)]
    pub deleted: bool,
    pub repository: Pushed,
    /// The newest last.
    #[serde(default)]
    pub commits: Vec<PushedCommit>,
    pub pusher: Option<Pusher>,
}

#[derive(Deserialize)]
pub struct Pushed {
    /// Seconds since 1970 here; a text in other events.
    #[serde(default, deserialize_with = "moment")]
    pub pushed_at: Option<Timestamp>,
}

#[derive(Deserialize)]
pub struct Pusher {
    pub name: Option<String>,
}

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

#[derive(Deserialize)]
pub struct PullRequestTold {
    pub action: String,
    pub pull_request: Pull,
    #[serde(default)]
    pub changes: Changes,
}

#[derive(Default, Deserialize)]
pub struct Changes {
    pub base: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
pub struct Pull {
    pub number: u32,
    pub title: String,
    pub html_url: String,
    pub state: Option<String>,
    pub user: Option<Login>,
    pub head: End,
    pub base: End,
    #[serde(default)]
    pub merged: Option<bool>,
    pub merged_at: Option<String>,
    #[serde(deserialize_with = "moment")]
    pub updated_at: Option<Timestamp>,
}

#[derive(Deserialize)]
pub struct Login {
    pub login: String,
    /// `User`, `Bot`, `Organization`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

impl Login {
    pub fn is_bot(&self) -> bool {
        self.kind.as_deref() == Some("Bot")
    }
}

#[derive(Deserialize)]
pub struct End {
    #[serde(rename = "ref")]
    pub reference: String,
    pub sha: String,
    /// Nothing when the repository is gone.
    pub repo: Option<Named>,
}

#[derive(Deserialize)]
pub struct Reviewed {
    pub action: String,
    pub review: Review,
    pub pull_request: Numbered,
}

#[derive(Deserialize)]
pub struct Review {
    pub user: Option<Login>,
    pub state: Option<String>,
}

#[derive(Deserialize)]
pub struct Numbered {
    pub number: u32,
}

#[derive(Deserialize)]
pub struct Commented {
    pub action: String,
    pub issue: Issue,
    pub comment: Comment,
}

#[derive(Deserialize)]
pub struct Issue {
    pub number: u32,
    /// Only of those that are pull requests.
    pub pull_request: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
pub struct Comment {
    pub id: u64,
    pub user: Option<Login>,
    #[serde(default)]
    pub body: Option<String>,
    /// What its author is to the repository: `OWNER`, `MEMBER`, `COLLABORATOR`, `CONTRIBUTOR`, `NONE` …
    #[serde(default)]
    pub author_association: String,
}

#[derive(Deserialize)]
pub struct Installed {
    pub action: String,
    pub installation: Named,
    #[serde(default)]
    pub repositories: Vec<Named>,
    #[serde(default)]
    pub repositories_added: Vec<Named>,
    #[serde(default)]
    pub repositories_removed: Vec<Named>,
}

impl Push {
    /// The branch, and where it is now. Tags and branches that are gone are neither.
    pub fn head(&self) -> Result<(BranchName, CommitHash), &'static str> {
        let name = self.reference.strip_prefix("refs/heads/").ok_or("not a branch")?;
        let branch = name.parse().map_err(|_| "a branch with a name that no branch here can have")?;
        if self.deleted {
            return Err("the branch was deleted");
        }
        let hash = self.after.parse().map_err(|_| "no commit")?;
        Ok((branch, hash))
    }
}

impl PullRequestTold {
    /// What became of it; nothing when that is of no concern, such as a label.
    pub fn action(&self) -> Option<PullRequestAction> {
        match self.action.as_str() {
            "opened" => Some(PullRequestAction::Opened),
            "reopened" => Some(PullRequestAction::Reopened),
            "synchronize" => Some(PullRequestAction::Synchronized),
            // Its title, mostly; but the branch that it goes into can be changed so, too.
            "edited" if self.changes.base.is_some() => Some(PullRequestAction::Synchronized),
            "closed" if self.pull_request.is_merged() => Some(PullRequestAction::Merged),
            "closed" => Some(PullRequestAction::Closed),
            _ => None,
        }
    }
}

impl Pull {
    pub fn is_merged(&self) -> bool {
        self.merged.unwrap_or(self.merged_at.is_some())
    }

    /// As we know it; `now` where the forge does not say when.
    ///
    /// # Errors
    /// What of it cannot be.
    pub fn seen(&self, now: Timestamp) -> Result<SeenPullRequest, &'static str> {
        let repository = |end: &End| end.repo.as_ref().map(|repository| repository.id);
        Ok(SeenPullRequest {
            number: self.number,
            title: self.title.clone(),
            url: self.html_url.clone(),
            author: self.user.as_ref().map(|user| user.login.clone()).unwrap_or_default(),
            branch: self.head.reference.clone(),
            from_fork: repository(&self.head).is_none() || repository(&self.head) != repository(&self.base),
            base_branch: self.base.reference.parse().map_err(|_| "it goes into a branch with a name of no branch")?,
            head: self.head.sha.parse().map_err(|_| "its head is no commit")?,
            base: self.base.sha.parse().ok(),
            at: self.updated_at.unwrap_or(now),
        })
    }
}

/// Seconds since 1970, or a text with whatever offset from UTC; anything else is no moment.
fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Moment {
        Seconds(i64),
        Text(String),
        Other(serde::de::IgnoredAny),
    }
    Ok(match Moment::deserialize(deserializer)? {
        Moment::Seconds(seconds) => Some(Timestamp::from_millis(seconds.saturating_mul(1_000))),
        Moment::Text(text) => text.parse().ok(),
        Moment::Other(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_in_every_form() {
        let read = |text: &str| serde_json::from_str::<Pushed>(&format!("{{\"pushed_at\":{text}}}")).unwrap().pushed_at;
        let moment = read("1700000000").unwrap();
        assert_eq!(moment.to_text(), "2023-11-14T22:13:20.000Z");
        assert_eq!(read("\"2023-11-14T22:13:20Z\""), Some(moment));
        assert_eq!(read("\"2023-11-15T00:13:20+02:00\""), Some(moment));
        for none in ["null", "{}", "\"soon\"", "1.5"] {
            assert_eq!(read(none), None, "{none}");
        }
    }
}
