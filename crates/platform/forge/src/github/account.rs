//! What an account is and sees: its name, repositories, the installations that are its own.

use serde::Deserialize;

use super::client::{Client, path_of};
use super::pulls::Login;
use crate::model::Provider;
use crate::remote::transport::Caller;
use crate::remote::{Error, RemoteRepository};

/// Repositories that one is looked for among.
const MOST_LOOKED_THROUGH: usize = 2_000;

/// Installations of one account.
const MOST_INSTALLATIONS: usize = 200;

#[derive(Deserialize)]
struct Repository {
    id: u64,
    full_name: String,
    private: bool,
    default_branch: Option<String>,
    language: Option<String>,
}

impl From<Repository> for RemoteRepository {
    fn from(it: Repository) -> RemoteRepository {
        RemoteRepository {
            id: it.id.to_string(),
            full_name: it.full_name,
            private: it.private,
            default_branch: it.default_branch.and_then(|name| name.parse().ok()),
            language: it.language,
        }
    }
}

/// An installation of the app that an account may manage.
#[derive(Clone, Debug, Deserialize)]
pub struct Installation {
    pub id: u64,
    pub account: Option<Owner>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Owner {
    /// Enterprises have none.
    pub login: Option<String>,
}

#[derive(Deserialize)]
struct OfInstallation {
    repositories: Vec<Repository>,
}

#[derive(Deserialize)]
struct Installations {
    installations: Vec<Installation>,
}

/// The name of the account that a token is of.
pub async fn login(caller: &Caller) -> Result<String, Error> {
    Ok(caller.get::<Login>("/user").await?.login)
}

impl Client {
    /// At most `most` of those that the account or the installation can see, the last pushed first.
    pub async fn repositories(&self, most: usize) -> Result<Vec<RemoteRepository>, Error> {
        let caller = self.caller().await?;
        let found = match self.is_app() {
            true => caller.list("/installation/repositories", most, |page: OfInstallation| page.repositories).await?,
            false => caller.list("/user/repos?sort=pushed", most, |page: Vec<Repository>| page).await?,
        };
        Ok(found.into_iter().map(RemoteRepository::from).collect())
    }

    /// By its name, `owner/name`.
    pub async fn repository(&self, full_name: &str) -> Result<RemoteRepository, Error> {
        let path = format!("/repos/{}", path_of(full_name)?);
        Ok(self.caller().await?.get::<Repository>(&path).await?.into())
    }

    /// By its id, among those that are seen: GitHub documents no way to ask for one by its id.
    pub async fn repository_of_id(&self, id: &str) -> Result<RemoteRepository, Error> {
        let all = self.repositories(MOST_LOOKED_THROUGH).await?;
        all.into_iter().find(|repository| repository.id == id).ok_or(Error::NotFound(Provider::Github))
    }

    /// The installations of the app that the account, which the token is of, may manage.
    pub async fn installations(&self) -> Result<Vec<Installation>, Error> {
        let page = |page: Installations| page.installations;
        self.caller().await?.list("/user/installations", MOST_INSTALLATIONS, page).await
    }
}
