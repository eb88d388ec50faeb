//! What an account is and sees: its name, projects.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::client::{Client, Project, path_of};
use crate::remote::transport::{Caller, segment};
use crate::remote::{Account, Error, RemoteRepository};

/// The least that somebody is who may push to a project: a developer.
const DEVELOPER: u32 = 30;

#[derive(Deserialize)]
struct Described {
    id: u64,
    path_with_namespace: String,
    /// `private`, `internal`, `public`.
    visibility: Option<String>,
    default_branch: Option<String>,
}

#[derive(Deserialize)]
struct User {
    username: String,
}

#[derive(Deserialize)]
struct Member {
    access_level: u32,
}

impl From<Described> for RemoteRepository {
    fn from(it: Described) -> RemoteRepository {
        RemoteRepository {
            id: it.id.to_string(),
            full_name: it.path_with_namespace,
            private: it.visibility.as_deref() != Some("public"),
            default_branch: it.default_branch.and_then(|name| name.parse().ok()),
            language: None,
        }
    }
}

impl Client {
    /// At most `most` of those that the account is a member of, the last changed first.
    pub async fn repositories(&self, most: usize) -> Result<Vec<RemoteRepository>, Error> {
        let path = "/projects?membership=true&archived=false&order_by=last_activity_at";
        let found = self.caller.list(path, most, |page: Vec<Described>| page).await?;
        Ok(found.into_iter().map(RemoteRepository::from).collect())
    }

    /// By its name, `group/name`.
    pub async fn repository(&self, full_name: &str) -> Result<RemoteRepository, Error> {
        described(&self.caller, path_of(full_name)?).await
    }

    pub async fn repository_of_id(&self, id: &str) -> Result<RemoteRepository, Error> {
        described(&self.caller, id).await
    }
}

/// With the language that most of it is in.
async fn described(caller: &Caller, which: &str) -> Result<RemoteRepository, Error> {
    let path = format!("/projects/{}", segment(which));
    let mut found = RemoteRepository::from(caller.get::<Described>(&path).await?);
    let languages: Option<BTreeMap<String, f64>> = caller.find(&format!("{path}/languages")).await?;
    let most = languages.into_iter().flatten().max_by(|(_, one), (_, other)| one.total_cmp(other));
    found.language = most.map(|(name, _)| name);
    Ok(found)
}

impl Project {
    /// Of a project's or group's token: its bot.
    pub async fn own_name(&self) -> Result<String, Error> {
        Ok(self.caller.get::<User>("/user").await?.username)
    }

    /// By the project itself or by a group that it lies in.
    pub async fn may_write(&self, who: &Account) -> Result<bool, Error> {
        let path = self.path(&format!("/members/all/{}", segment(&who.id)));
        let found: Option<Member> = self.caller.find(&path).await?;
        Ok(found.is_some_and(|found| found.access_level >= DEVELOPER))
    }
}
