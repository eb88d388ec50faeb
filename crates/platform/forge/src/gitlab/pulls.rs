//! Merge requests, as GitLab's API and its webhooks have them.

use rampart_kernel::Timestamp;
use serde::Deserialize;

use super::client::Project;
use crate::fields::CommitHash;
use crate::pulls::model::{PullRequestState, SeenPullRequest};
use crate::remote::{Error, RemotePull};
use crate::webhooks::told::moment;

/// Merge requests that are looked at for what was missed.
const MOST_PULLS: usize = 200;

/// What both have of it.
#[derive(Deserialize)]
pub struct MergeRequest {
    pub iid: u32,
    pub title: String,
    #[serde(default, alias = "web_url")]
    pub url: String,
    #[serde(default)]
    pub state: Stand,
    pub source_branch: String,
    pub target_branch: String,
    /// Nothing when the fork is gone.
    pub source_project_id: Option<u64>,
    pub target_project_id: Option<u64>,
    #[serde(default, deserialize_with = "moment")]
    pub updated_at: Option<Timestamp>,
}

/// How it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stand {
    #[default]
    Opened,
    Closed,
    Merged,
    /// It is being merged.
    Locked,
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Listed {
    #[serde(flatten)]
    request: MergeRequest,
    /// Of its head; nothing where its branch is gone.
    sha: Option<String>,
    author: Option<Author>,
}

#[derive(Deserialize)]
struct Author {
    username: String,
}

#[derive(Deserialize)]
struct Commit {
    id: String,
}

impl MergeRequest {
    /// As we know it; `now` where GitLab does not say when.
    ///
    /// # Errors
    /// What of it cannot be.
    pub fn seen(&self, head: &str, author: Option<&str>, now: Timestamp) -> Result<SeenPullRequest, &'static str> {
        Ok(SeenPullRequest {
            number: self.iid,
            title: self.title.clone(),
            url: self.url.clone(),
            author: author.map(str::to_owned),
            branch: self.source_branch.clone(),
            from_fork: self.source_project_id.is_none() || self.source_project_id != self.target_project_id,
            base_branch: self.target_branch.parse().map_err(|_| "it goes into a branch with a name of no branch")?,
            head: head.parse().map_err(|_| "its head is no commit")?,
            base: None,
            at: self.updated_at.unwrap_or(now),
        })
    }
}

impl Listed {
    fn remote(&self, now: Timestamp) -> Option<RemotePull> {
        let state = match self.request.state {
            Stand::Merged => PullRequestState::Merged,
            Stand::Closed => PullRequestState::Closed,
            Stand::Opened | Stand::Locked | Stand::Other => PullRequestState::Open,
        };
        let author = self.author.as_ref().map(|author| author.username.as_str());
        let seen = self.request.seen(self.sha.as_deref()?, author, now).ok()?;
        Some(RemotePull { seen, state })
    }
}

impl Project {
    /// The last changed first.
    pub async fn open_pulls(&self) -> Result<Vec<RemotePull>, Error> {
        let path = self.path("/merge_requests?state=opened&order_by=updated_at&sort=desc");
        let found = self.caller.list(&path, MOST_PULLS, |page: Vec<Listed>| page).await?;
        Ok(found.iter().filter_map(|pull| pull.remote(self.caller.now())).collect())
    }

    pub async fn pull(&self, number: u32) -> Result<Option<RemotePull>, Error> {
        let found: Option<Listed> = self.caller.find(&self.path(&format!("/merge_requests/{number}"))).await?;
        Ok(found.and_then(|pull| pull.remote(self.caller.now())))
    }

    pub async fn merge_base(&self, base: &CommitHash, head: &CommitHash) -> Result<CommitHash, Error> {
        let path = self.path(&format!("/repository/merge_base?refs[]={base}&refs[]={head}"));
        let commit: Commit = self.caller.get(&path).await?;
        commit.id.parse().map_err(|_| Error::Answer(self.caller.forge(), "a merge base"))
    }
}
