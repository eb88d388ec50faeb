//! As whom forges are asked: with a token that was given for it, as an app, by an account that somebody linked, as this installation.

use rampart_access::{Ctx, Granted};
use rampart_kernel::{Id as _, Origin, Secret};

use crate::access::ManageRepositories;
use crate::error::Error;
use crate::git::{Remote, Source};
use crate::model::{Provider, Repository};
use crate::remote::{Credential, Desk, ForgeClient};
use crate::repositories::store::{self, ACCESS_TOKEN};
use crate::service::{Forge, Result};
use crate::{github, gitlab, installations};

pub(crate) const AT_NO_FORGE: Error = Error::ProviderNotConfigured("a repository of this machine is at no forge");

impl Forge {
    /// Who asks at a forge for the caller's workspace, and by which installation of an app: with this token; else as the app where it is
    /// installed for that owner, as the caller, or as this installation.
    ///
    /// # Errors
    /// [`Error::NotLinked`] when nobody lets the program in there; [`Error::ProviderNotConfigured`] for what is no forge.
    pub(crate) async fn desk(
        &self,
        ctx: &Ctx,
        granted: &Granted<ManageRepositories>,
        (provider, owner): (Provider, Option<&str>),
        token: Option<&Secret>,
    ) -> Result<(Desk, Option<String>)> {
        match (provider, token) {
            (Provider::Local, _) => Err(AT_NO_FORGE),
            (forge, Some(token)) => Ok((self.with_token(forge, ctx, token.clone()), None)),
            (forge @ Provider::Gitlab, None) => {
                let token = self.gitlab.token().ok_or(Error::NotLinked(forge))?;
                Ok((self.with_token(forge, ctx, token.clone()), None))
            }
            (forge @ Provider::Github, None) => {
                if let Some(id) = self.installation(granted, owner).await? {
                    let client = self.github.client(Credential::Installation(id.clone()), ctx);
                    return Ok((Desk::Github(client), Some(id)));
                }
                let token = self.identity.github_token(ctx).await.map_err(|error| Error::Unexpected(error.into()))?;
                Ok((self.with_token(forge, ctx, token.ok_or(Error::NotLinked(forge))?), None))
            }
        }
    }

    /// The installation of the app that the workspace may use for an owner.
    async fn installation(&self, granted: &Granted<ManageRepositories>, owner: Option<&str>) -> Result<Option<String>> {
        if !self.github.has_app() {
            return Ok(None);
        }
        let installed = installations::store::list(&mut self.store.read().await?, granted).await?;
        let of = |account: &str| owner.is_none_or(|owner| account.eq_ignore_ascii_case(owner));
        Ok(installed.into_iter().find(|(_, account)| of(account)).map(|(id, _)| id))
    }

    pub(crate) fn with_token(&self, forge: Provider, origin: &Origin, token: Secret) -> Desk {
        match forge {
            Provider::Gitlab => Desk::Gitlab(self.gitlab.client(token, origin)),
            Provider::Github | Provider::Local => Desk::Github(self.github.client(Credential::Token(token), origin)),
        }
    }

    /// What speaks for a connected repository at its forge: the app where it is installed; else the token that it was connected with, that
    /// of whoever connected it, or the installation's own.
    ///
    /// # Errors
    /// [`Error::ProviderNotConfigured`] for one that lies at no forge; [`Error::NotLinked`] when nobody lets the program in there.
    pub async fn forge_client(&self, origin: &Origin, repository: &Repository) -> Result<ForgeClient> {
        let forge = repository.provider;
        if forge == Provider::Local {
            return Err(AT_NO_FORGE);
        }
        let known = store::credentials(&mut self.store.read().await?, repository.id()).await?;
        if let (Provider::Github, Some(id), true) = (forge, &known.installation, self.github.has_app()) {
            let client = self.github.client(Credential::Installation(id.clone()), origin);
            return Ok(Desk::Github(client).at("", &repository.summary.full_name)?);
        }
        let token = match (&known.token, forge) {
            (Some(sealed), _) => {
                let cell = ACCESS_TOKEN.cell(repository.id().uuid());
                Some(self.keys.open(cell, sealed).map_err(|error| Error::Unexpected(error.into()))?)
            }
            (None, Provider::Gitlab) => self.gitlab.token().cloned(),
            (None, _) => match known.added_by {
                Some(user) => {
                    self.identity.github_token_of(user).await.map_err(|error| Error::Unexpected(error.into()))?
                }
                None => None,
            },
        };
        self.forge_client_with(origin, repository, token.ok_or(Error::NotLinked(forge))?)
    }

    /// The same with this token.
    ///
    /// # Errors
    /// When the forge can have no such repository.
    pub(crate) fn forge_client_with(
        &self,
        origin: &Origin,
        repository: &Repository,
        token: Secret,
    ) -> Result<ForgeClient> {
        let desk = self.with_token(repository.provider, origin, token);
        let number = repository.provider_repo_id.as_deref().unwrap_or_default();
        Ok(desk.at(number, &repository.summary.full_name)?)
    }

    /// Address of a forge's pages, without a slash at the end.
    pub(crate) fn web_of(&self, forge: Provider) -> String {
        match forge {
            Provider::Gitlab => self.gitlab.web().to_owned(),
            Provider::Github | Provider::Local => self.identity.github_addresses().web,
        }
    }

    /// The forge that an address is of.
    pub(crate) fn provider_at(&self, url: &str) -> Provider {
        let below = |web: &str| url.strip_prefix(web).is_some_and(|rest| rest.starts_with('/'));
        if below(self.gitlab.web()) { Provider::Gitlab } else { Provider::Github }
    }

    /// Where git fetches from: at the forges of this installation and nowhere else, whatever a row says.
    pub(crate) fn remote_source(&self, forge: Provider, full_name: &str, token: Secret) -> Result<Source> {
        let name = checked(forge, full_name)?;
        let user = match forge {
            Provider::Gitlab => "oauth2",
            Provider::Github | Provider::Local => "x-access-token",
        };
        Ok(Source::Forge(Remote::new(format!("{}/{name}.git", self.web_of(forge)), (user, token))))
    }
}

/// A full name that a repository of the forge can have.
pub(crate) fn checked(forge: Provider, full_name: &str) -> Result<&str, crate::remote::Error> {
    match forge {
        Provider::Gitlab => gitlab::path_of(full_name),
        Provider::Github | Provider::Local => github::path_of(full_name),
    }
}
