//! Who asks GitLab, and of which project.

use rampart_kernel::{Origin, Secret};

use super::settings::GitlabSettings;
use crate::model::Provider;
use crate::remote::Error;
use crate::remote::transport::{Caller, Manners, Pages, Transport};

const MANNERS: Manners = Manners {
    forge: Provider::Gitlab,
    headers: &[],
    token: Some("private-token"),
    remaining: "ratelimit-remaining",
    reset: "ratelimit-reset",
    slower: None,
    // Addresses of pages lead to where GitLab thinks it lies, which need not be how it is reached from here.
    pages: Pages::Number("x-next-page"),
};

/// Groups lie within groups, twenty deep at most.
const DEEPEST: usize = 21;

/// One GitLab, and what this installation is there. Clones are the same.
#[derive(Clone)]
pub struct Gitlab {
    transport: Transport,
    web: String,
    token: Option<Secret>,
    webhook_secret: Option<Secret>,
}

/// Who asks.
#[derive(Clone)]
pub struct Client {
    pub(super) caller: Caller,
}

/// A project there, and who asks of it.
#[derive(Clone)]
pub struct Project {
    pub(super) caller: Caller,
    /// Its number: names change.
    id: String,
}

impl Gitlab {
    /// # Errors
    /// When the machine trusts nobody.
    pub fn new(settings: &GitlabSettings) -> Result<Gitlab, Error> {
        let web = settings.base_url.0.clone();
        Ok(Gitlab {
            transport: Transport::new(&MANNERS, &format!("{web}/api/v4"))?,
            web,
            token: settings.token.clone(),
            webhook_secret: settings.webhook_secret.clone(),
        })
    }

    /// Address of its pages, without a slash at the end.
    pub fn web(&self) -> &str {
        &self.web
    }

    /// For projects that have no token of their own.
    pub fn token(&self) -> Option<&Secret> {
        self.token.as_ref()
    }

    /// Of hooks that have no secret of their own.
    pub fn webhook_secret(&self) -> Option<&Secret> {
        self.webhook_secret.as_ref()
    }

    pub fn client(&self, token: Secret, origin: &Origin) -> Client {
        Client { caller: self.transport.caller(token.clone().expose(), token, origin) }
    }
}

impl Client {
    /// # Errors
    /// [`Error::NotFound`] when that is no number.
    pub fn at(&self, id: &str) -> Result<Project, Error> {
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Error::NotFound(Provider::Gitlab));
        }
        Ok(Project { caller: self.caller.clone(), id: id.to_owned() })
    }
}

impl Project {
    #[expect(clippy::unused_async, reason = "another forge has to ask for it")]
    pub async fn token(&self) -> Result<Secret, Error> {
        Ok(self.caller.token().clone())
    }

    /// `/projects/42` and what follows.
    pub(super) fn path(&self, rest: &str) -> String {
        format!("/projects/{}{rest}", self.id)
    }
}

/// `group/name` or `group/within/name`, of names as GitLab gives them: nothing that leads elsewhere in an address.
pub fn path_of(full_name: &str) -> Result<&str, Error> {
    let plain = |part: &str| {
        let byte = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        (1..=255).contains(&part.len()) && part.bytes().all(byte) && !part.starts_with(['-', '.'])
    };
    let parts = full_name.split('/').count();
    if (2..=DEEPEST).contains(&parts) && full_name.split('/').all(plain) {
        Ok(full_name)
    } else {
        Err(Error::NotFound(Provider::Gitlab))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_nowhere_else() {
        for good in ["ada/shop", "a/b/c/shop.js", "a/_x-1"] {
            assert_eq!(path_of(good).unwrap(), good);
        }
        let deep = "a/".repeat(21) + "b";
        for bad in
            ["ada", "ada/", "/x", "a/..", "../x", "a//b", "a/b/-/tree", "a/b?x", "a/b%2e", "a b/c", "a/b\n", &deep]
        {
            assert!(path_of(bad).is_err(), "{bad}");
        }
    }
}
