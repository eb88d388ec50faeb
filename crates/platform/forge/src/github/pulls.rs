//! Pull requests, as GitHub's API and its webhooks have them.

use rampart_kernel::Timestamp;
use serde::Deserialize;

use super::client::Lot;
use crate::fields::CommitHash;
use crate::pulls::model::{PullRequestState, SeenPullRequest};
use crate::remote::{Error, RemotePull};
use crate::webhooks::told::moment;

/// Pull requests that are looked at for what was missed.
const MOST_PULLS: usize = 200;

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
    pub id: Option<u64>,
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
pub struct Named {
    pub id: u64,
}

#[derive(Deserialize)]
struct Compared {
    merge_base_commit: Sha,
}

#[derive(Deserialize)]
struct Sha {
    sha: String,
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
            author: self.user.as_ref().map(|user| user.login.clone()),
            branch: self.head.reference.clone(),
            from_fork: repository(&self.head).is_none() || repository(&self.head) != repository(&self.base),
            base_branch: self.base.reference.parse().map_err(|_| "it goes into a branch with a name of no branch")?,
            head: self.head.sha.parse().map_err(|_| "its head is no commit")?,
            base: self.base.sha.parse().ok(),
            at: self.updated_at.unwrap_or(now),
        })
    }

    fn remote(&self, now: Timestamp) -> Option<RemotePull> {
        let state = match self.state.as_deref() {
            Some("closed") if self.is_merged() => PullRequestState::Merged,
            Some("closed") => PullRequestState::Closed,
            _ => PullRequestState::Open,
        };
        Some(RemotePull { seen: self.seen(now).ok()?, state })
    }
}

impl Lot {
    /// The last changed first.
    pub async fn open_pulls(&self) -> Result<Vec<RemotePull>, Error> {
        let path = self.path("/pulls?state=open&sort=updated&direction=desc");
        let caller = self.caller().await?;
        let found = caller.list(&path, MOST_PULLS, |page: Vec<Pull>| page).await?;
        Ok(found.iter().filter_map(|pull| pull.remote(caller.now())).collect())
    }

    pub async fn pull(&self, number: u32) -> Result<Option<RemotePull>, Error> {
        let caller = self.caller().await?;
        let found: Option<Pull> = caller.find(&self.path(&format!("/pulls/{number}"))).await?;
        Ok(found.and_then(|pull| pull.remote(caller.now())))
    }

    pub async fn merge_base(&self, base: &CommitHash, head: &CommitHash) -> Result<CommitHash, Error> {
        let path = self.path(&format!("/compare/{base}...{head}?per_page=1"));
        let caller = self.caller().await?;
        let compared: Compared = caller.get(&path).await?;
        compared.merge_base_commit.sha.parse().map_err(|_| Error::Answer(caller.forge(), "a merge base"))
    }
}
