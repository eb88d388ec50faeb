//! What an account sees: repositories, their branches, the installations that are its own.

use serde::Deserialize;

use super::client::Client;
use super::error::Error;
use crate::fields::{BranchName, CommitHash};

/// Branches that are looked at; whoever has more names those that are to be scanned.
const MOST_BRANCHES: usize = 1_000;

/// Repositories that one is looked for among.
const MOST_LOOKED_THROUGH: usize = 2_000;

/// Pull requests that are looked at for what was missed.
const MOST_PULLS: usize = 200;

/// A repository as GitHub describes it.
#[derive(Clone, Debug, Deserialize)]
pub struct RemoteRepository {
    pub id: u64,
    pub name: String,
    pub full_name: String,
    pub private: bool,
    pub html_url: String,
    pub clone_url: Option<String>,
    pub default_branch: Option<String>,
    pub language: Option<String>,
    pub owner: Owner,
    #[serde(default)]
    pub permissions: Permissions,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Owner {
    pub login: String,
}

/// What the account may do there. Of an installation nothing is said.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Permissions {
    #[serde(default)]
    pub admin: bool,
    #[serde(default)]
    pub push: bool,
}

#[derive(Clone, Debug, Deserialize)]
pub struct RemoteBranch {
    pub name: String,
    pub commit: Sha,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Sha {
    pub sha: String,
}

/// An installation of the app that an account may manage.
#[derive(Clone, Debug, Deserialize)]
pub struct Installation {
    pub id: u64,
    pub account: Option<Account>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Account {
    /// Enterprises have none.
    pub login: Option<String>,
}

#[derive(Deserialize)]
struct OfInstallation {
    repositories: Vec<RemoteRepository>,
}

#[derive(Deserialize)]
struct Installations {
    installations: Vec<Installation>,
}

impl Client {
    /// At most `most` of those that the account or the installation can see, the last pushed first.
    pub async fn repositories(&self, most: usize) -> Result<Vec<RemoteRepository>, Error> {
        if self.is_app() {
            let page = |page: OfInstallation| page.repositories;
            return self.list("/installation/repositories", most, page).await;
        }
        self.list("/user/repos?sort=pushed", most, |page: Vec<RemoteRepository>| page).await
    }

    /// By its name, `owner/name`.
    pub async fn repository(&self, full_name: &str) -> Result<RemoteRepository, Error> {
        self.get(&format!("/repos/{}", path_of(full_name)?)).await
    }

    /// By its id, which it keeps when it is renamed, among those that are seen: GitHub documents no way to ask for one by its id.
    pub async fn repository_of_id(&self, id: &str) -> Result<RemoteRepository, Error> {
        let all = self.repositories(MOST_LOOKED_THROUGH).await?;
        all.into_iter().find(|repository| repository.id.to_string() == id).ok_or(Error::NotFound)
    }

    /// Those with names of ours, by name.
    pub async fn branches(&self, full_name: &str) -> Result<Vec<(BranchName, CommitHash)>, Error> {
        let path = format!("/repos/{}/branches", path_of(full_name)?);
        let found = self.list(&path, MOST_BRANCHES, |page: Vec<RemoteBranch>| page).await?;
        let read = |branch: RemoteBranch| Some((branch.name.parse().ok()?, branch.commit.sha.parse().ok()?));
        Ok(found.into_iter().filter_map(read).collect())
    }

    /// Where one branch is; nothing when there is none.
    pub async fn branch(&self, full_name: &str, branch: &BranchName) -> Result<Option<CommitHash>, Error> {
        let path = format!("/repos/{}/branches/{}", path_of(full_name)?, segment(branch.as_str()));
        let found: Option<RemoteBranch> = self.find(&path).await?;
        Ok(found.and_then(|branch| branch.commit.sha.parse().ok()))
    }

    /// The open ones, the last changed first.
    pub async fn open_pulls(&self, full_name: &str) -> Result<Vec<crate::webhooks::payload::Pull>, Error> {
        let path = format!("/repos/{}/pulls?state=open&sort=updated&direction=desc", path_of(full_name)?);
        self.list(&path, MOST_PULLS, |page: Vec<_>| page).await
    }

    /// One of them, however it stands.
    pub async fn pull(&self, full_name: &str, number: u32) -> Result<Option<crate::webhooks::payload::Pull>, Error> {
        self.find(&format!("/repos/{}/pulls/{number}", path_of(full_name)?)).await
    }

    /// The installations of the app that the account, which the token is of, may manage.
    pub async fn installations(&self) -> Result<Vec<Installation>, Error> {
        self.list("/user/installations", 200, |page: Installations| page.installations).await
    }
}

/// `owner/name`, where both are names as GitHub gives them: nothing that leads elsewhere in an address.
pub fn path_of(full_name: &str) -> Result<&str, Error> {
    let plain = |part: &str| {
        let byte = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        (1..=100).contains(&part.len()) && part.bytes().all(byte) && part != "." && part != ".."
    };
    match full_name.split_once('/') {
        Some((owner, name)) if plain(owner) && plain(name) => Ok(full_name),
        _ => Err(Error::NotFound),
    }
}

/// A part of an address, whatever is in it.
pub fn segment(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_nowhere_else() {
        assert_eq!(path_of("ada/shop.js").unwrap(), "ada/shop.js");
        for bad in ["ada", "ada/", "/x", "ada/..", "../x", "a/b/c", "a/b?x", "a/b#x", "a/b%2e", "a b/c", "a/b\n"] {
            assert!(path_of(bad).is_err(), "{bad}");
        }
        assert_eq!(segment("feature/ä x?#%"), "feature%2F%C3%A4%20x%3F%23%25");
    }
}
