//! Who asks GitHub, and of which repository.

use rampart_kernel::{Origin, Secret};

use super::app::App;
use super::settings::GithubSettings;
use crate::model::Provider;
use crate::remote::transport::{Caller, Manners, Pages, Transport};
use crate::remote::{Credential, Error};

const MANNERS: Manners = Manners {
    forge: Provider::Github,
    headers: &[("accept", "application/vnd.github+json"), ("x-github-api-version", "2022-11-28")],
    token: None,
    remaining: "x-ratelimit-remaining",
    reset: "x-ratelimit-reset",
    slower: Some("secondary rate limit"),
    pages: Pages::Link,
};

/// The API of one GitHub, and what this installation is there. Clones are the same.
#[derive(Clone)]
pub struct Github {
    pub(super) transport: Transport,
    app: Option<App>,
    webhook_secret: Option<Secret>,
    app_slug: Option<String>,
}

/// Who asks.
#[derive(Clone)]
pub struct Client {
    github: Github,
    credential: Credential,
    origin: Origin,
}

/// A repository there, and who asks of it.
#[derive(Clone)]
pub struct Lot {
    pub(super) client: Client,
    full_name: String,
}

impl Github {
    /// # Errors
    /// When the key of the app is none, or the machine trusts nobody.
    pub fn new(settings: &GithubSettings, api: &str) -> Result<Github, Error> {
        let app = match (&settings.app_id, &settings.app_private_key) {
            (Some(id), Some(key)) => Some(App::new(id, key)?),
            _ => None,
        };
        Ok(Github {
            transport: Transport::new(&MANNERS, api)?,
            app,
            webhook_secret: settings.webhook_secret.clone(),
            app_slug: settings.app_slug.clone(),
        })
    }

    /// Of hooks that have no secret of their own.
    pub fn webhook_secret(&self) -> Option<&Secret> {
        self.webhook_secret.as_ref()
    }

    /// The app's name in addresses, where there is an app.
    pub fn app_slug(&self) -> Option<&str> {
        self.app_slug.as_deref().filter(|_| self.app.is_some())
    }

    pub fn has_app(&self) -> bool {
        self.app.is_some()
    }

    pub fn client(&self, credential: Credential, origin: &Origin) -> Client {
        Client { github: self.clone(), credential, origin: origin.clone() }
    }
}

impl Client {
    /// Whether it asks as the app: only apps may make check runs.
    pub fn is_app(&self) -> bool {
        matches!(self.credential, Credential::Installation(_))
    }

    /// What git is to show, so that it may fetch.
    pub async fn token(&self) -> Result<Secret, Error> {
        match &self.credential {
            Credential::Token(token) => Ok(token.clone()),
            Credential::Installation(id) => self.app()?.token(&self.github, id, &self.origin).await,
        }
    }

    pub(super) async fn caller(&self) -> Result<Caller, Error> {
        let token = self.token().await?;
        Ok(match &self.credential {
            Credential::Token(who) => self.github.transport.caller(who.expose(), token, &self.origin),
            // Its token changes; who asks does not.
            Credential::Installation(id) => {
                self.github.transport.caller(&format!("installation {id}"), token, &self.origin)
            }
        })
    }

    /// The name of the account: a person's, or the app's, which comments as `slug[bot]`.
    pub async fn own_name(&self) -> Result<String, Error> {
        match &self.credential {
            Credential::Token(_) => super::account::login(&self.caller().await?).await,
            Credential::Installation(_) => Ok(format!("{}[bot]", self.app()?.slug(&self.github, &self.origin).await?)),
        }
    }

    fn app(&self) -> Result<&App, Error> {
        self.github.app.as_ref().ok_or(Error::Unauthorized(Provider::Github))
    }

    /// # Errors
    /// [`Error::NotFound`] when that is no name of a repository.
    pub fn at(&self, full_name: &str) -> Result<Lot, Error> {
        Ok(Lot { client: self.clone(), full_name: path_of(full_name)?.to_owned() })
    }
}

impl Lot {
    pub async fn token(&self) -> Result<Secret, Error> {
        self.client.token().await
    }

    pub async fn own_name(&self) -> Result<String, Error> {
        self.client.own_name().await
    }

    /// The app has one hook for all.
    pub fn is_told_by_app(&self) -> bool {
        self.client.is_app() && self.client.github.webhook_secret().is_some()
    }

    pub(super) async fn caller(&self) -> Result<Caller, Error> {
        self.client.caller().await
    }

    /// `/repos/owner/name` and what follows.
    pub(super) fn path(&self, rest: &str) -> String {
        format!("/repos/{}{rest}", self.full_name)
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
        _ => Err(Error::NotFound(Provider::Github)),
    }
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
    }
}
