//! Repositories are connected, with their hooks, and disconnected.
//!
//! What a forge is asked for is asked before a transaction, and what it is told is told after one: a hook that could not be made is
//! made later, by whoever asks for it or by the next look.

use rampart_access::audit::Record;
use rampart_access::{Ctx, Granted};
use rampart_kernel::{Id as _, Secret};

use super::store::{self, New, WEBHOOK_SECRET};
use crate::access::{ConnectForges, DisconnectRepositories, ManageRepositories};
use crate::commits;
use crate::error::Error;
use crate::events::{RepositoryConnected, RepositoryDisconnected};
use crate::fields::BranchName;
use crate::git::{self, Heads, Source};
use crate::github::{self, Client, Credential, RemoteRepository};
use crate::installations;
use crate::model::{Provider, Repository, RepositoryId};
use crate::service::{Forge, NO_GITLAB, Result};

/// Characters of a token or a secret; GitHub's have some hundreds at most.
const SECRET_LENGTH: usize = 1_000;

/// A repository to be connected.
#[derive(Clone, Debug)]
pub struct Connect {
    pub provider: Provider,
    /// For local ones a path or `file://` address; at GitHub an address, `owner/name` or the number that it has there.
    pub url: String,
    /// The branch that it is on when nothing is said.
    pub default_branch: Option<BranchName>,
    pub auto_scan: bool,
    pub auto_fix: bool,
    /// With what it is reached, instead of the caller's linked account.
    pub access_token: Option<Secret>,
    /// Of its hook, instead of one that nobody knows.
    pub webhook_secret: Option<Secret>,
}

/// A repository as it was found.
struct Found {
    source: Source,
    url: String,
    owner: String,
    name: String,
    private: bool,
    language: Option<String>,
    /// As its forge has it.
    default_branch: Option<BranchName>,
    /// Of those at a forge.
    at_forge: Option<AtForge>,
}

struct AtForge {
    id: String,
    client: Client,
    installation: Option<String>,
}

impl Forge {
    /// Connects a repository, or connects one again that was disconnected, and has its forge tell what happens there. Without a
    /// hook, as where a forge cannot reach this program, it is looked at from time to time.
    ///
    /// # Errors
    /// [`Error::AlreadyConnected`], [`Error::NotLinked`], [`Error::ProviderNotConfigured`]; [`Error::Git`] and [`Error::Github`] when it
    /// cannot be read.
    pub async fn connect(&self, ctx: &Ctx, connect: Connect) -> Result<Repository> {
        let granted = ctx.require::<ManageRepositories>()?;
        for (field, given) in [("accessToken", &connect.access_token), ("webhookSecret", &connect.webhook_secret)] {
            check_secret(field, given.as_ref())?;
        }
        let found = match connect.provider {
            Provider::Local => self.find_here(&connect).await?,
            Provider::Github => self.find_at_github(ctx, &granted, &connect).await?,
            Provider::Gitlab => return Err(NO_GITLAB),
        };
        let heads = git::heads(&self.git, &found.source).await?;
        let branch = default_branch(connect.default_branch.or(found.default_branch), &heads)?;
        let head = heads.branches.get(&branch).cloned();

        let mut tx = self.store.begin(ctx).await?;
        let at_forge = found.at_forge.as_ref().map(|it| it.id.as_str());
        let known = store::lock_known(&mut tx, &granted, connect.provider, &found.url, at_forge).await?;
        let id = match known {
            Some(known) if known.active => return Err(Error::AlreadyConnected),
            Some(mut known) => {
                known.active = true;
                known.default_branch = branch.clone();
                known.summary.auto_scan_enabled = connect.auto_scan;
                known.summary.auto_fix_enabled = connect.auto_fix;
                store::save(&mut tx, &granted, &known).await?;
                known.id()
            }
            None => {
                let id = ctx.new_id();
                let new = New {
                    id,
                    provider: connect.provider,
                    url: &found.url,
                    owner: &found.owner,
                    name: &found.name,
                    private: found.private,
                    default_branch: &branch,
                    auto_scan: connect.auto_scan,
                    auto_fix: connect.auto_fix,
                };
                store::insert(&mut tx, &granted, &new).await?;
                id
            }
        };
        let secret = connect.webhook_secret.unwrap_or_else(|| ctx.new_token());
        if let Some(it) = &found.at_forge {
            let seal = |cell, value| self.keys.seal(ctx.chance(), cell, value);
            let token = connect.access_token.as_ref().map(|token| seal(store::ACCESS_TOKEN.cell(id.uuid()), token));
            store::save_at_forge(
                &mut tx,
                &granted,
                &store::AtForge {
                    id,
                    at_forge: &it.id,
                    private: found.private,
                    language: found.language.as_deref(),
                    installation: it.installation.as_deref(),
                    token: token.as_ref(),
                    secret: &seal(WEBHOOK_SECRET.cell(id.uuid()), &secret),
                },
            )
            .await?;
        }
        if let Some(head) = &head {
            store::save_head(&mut tx, id, &branch, head, None).await?;
            commits::store::note(&mut tx, granted.workspace(), id, &branch, head).await?;
        }
        let repository = store::get(&mut tx, &granted, id).await?;
        let full_name = repository.summary.full_name.clone();
        let record = Record::new("repository.connected", "repository").of(id).detail("url", found.url);
        self.audit.record(&mut tx, ctx, record).await?;
        tx.emit(&RepositoryConnected { repository_id: id, full_name, branch, hash: head });
        tx.commit().await?;
        match found.at_forge {
            Some(it) => self.install_hook(ctx, &granted, repository, &it.client, &secret).await,
            None => Ok(repository),
        }
    }

    async fn find_here(&self, connect: &Connect) -> Result<Found> {
        let place = self.local_place(connect.url.clone()).await?;
        let (url, (owner, name)) = (place.url(), place.names());
        // Nobody but this machine can read it.
        let (source, private) = (place.into(), true);
        Ok(Found { source, url, owner, name, private, language: None, default_branch: None, at_forge: None })
    }

    async fn find_at_github(
        &self,
        ctx: &Ctx,
        granted: &Granted<ManageRepositories>,
        connect: &Connect,
    ) -> Result<Found> {
        let which = Which::parse(&connect.url, &self.identity.github_addresses().web)?;
        let (credential, installation) = match &connect.access_token {
            Some(token) => (Credential::Token(token.clone()), None),
            None => self.credential(ctx, granted, which.owner()).await?,
        };
        let client = self.github.client(credential, ctx);
        let remote = match &which {
            Which::Id(id) => client.repository_of_id(id).await,
            Which::Name(name) => client.repository(name).await,
        };
        let remote = match remote {
            Err(github::Error::NotFound) => {
                let what = "is no repository at GitHub that the account may see".to_owned();
                return Err(Error::Field { field: "repoUrl", what });
            }
            remote => remote?,
        };
        let RemoteRepository { id, name, full_name, private, default_branch, language, owner, .. } = remote;
        Ok(Found {
            source: self.github_source(&full_name, Some(client.token().await?))?,
            url: format!("{}/{full_name}", self.identity.github_addresses().web),
            owner: owner.login,
            name,
            private,
            language,
            default_branch: default_branch.and_then(|name| name.parse().ok()),
            at_forge: Some(AtForge { id: id.to_string(), client, installation }),
        })
    }

    /// As whom the caller's workspace asks: as the app where it is installed for that owner, else as the caller.
    pub(crate) async fn credential(
        &self,
        ctx: &Ctx,
        granted: &Granted<ManageRepositories>,
        owner: Option<&str>,
    ) -> Result<(Credential, Option<String>)> {
        if self.github.has_app() {
            let installed = installations::store::list(&mut self.store.read().await?, granted).await?;
            let of = |account: &str| owner.is_none_or(|owner| account.eq_ignore_ascii_case(owner));
            if let Some((id, _)) = installed.into_iter().find(|(_, account)| of(account)) {
                return Ok((Credential::Installation(id.clone()), Some(id)));
            }
        }
        let token = self.identity.github_token(ctx).await.map_err(|error| Error::Unexpected(error.into()))?;
        Ok((Credential::Token(token.ok_or(Error::NotLinked(Provider::Github))?), None))
    }

    /// Has GitHub tell what happens, where it does not by the app. That it does not yet is no failure of connecting.
    async fn install_hook(
        &self,
        ctx: &Ctx,
        granted: &Granted<ManageRepositories>,
        repository: Repository,
        client: &Client,
        secret: &Secret,
    ) -> Result<Repository> {
        let told_by_app = client.is_app() && self.github.webhook_secret().is_some();
        let made = match told_by_app {
            true => Ok(None),
            false => self.make_hook(&repository, client, secret).await.map(Some),
        };
        let hook = match made {
            Ok(hook) => hook,
            Err(error) => {
                tracing::warn!(%error, repository = %repository.id(), "GitHub takes no hook; it is looked at from time to time");
                return Ok(repository);
            }
        };
        let mut tx = self.store.begin(ctx).await?;
        store::record_hook(&mut tx, granted, repository.id(), hook.as_deref(), true).await?;
        let repository = store::get(&mut tx, granted, repository.id()).await?;
        tx.commit().await?;
        Ok(repository)
    }

    async fn make_hook(&self, repository: &Repository, client: &Client, secret: &Secret) -> Result<String> {
        let url = format!("{}/api/v1/webhooks/github?repo={}", self.web.base_url.0, repository.id());
        let name = &repository.summary.full_name;
        if let Some(id) = &repository.webhook_id {
            match client.update_hook(name, id, &url, secret).await {
                Err(github::Error::NotFound) => {}
                done => return Ok(done.map(|()| id.clone())?),
            }
        }
        Ok(client.create_hook(name, &url, secret).await?)
    }

    /// Gives a repository's hook another secret, and makes the hook where there is none.
    ///
    /// # Errors
    /// [`Error::Github`] when GitHub does not take it: everything stays as it was.
    pub async fn renew_hook(&self, ctx: &Ctx, id: RepositoryId) -> Result<Repository> {
        let granted = ctx.require::<ConnectForges>()?;
        let repository = store::get(&mut self.store.read().await?, &granted, id).await?;
        let client = self.client_of(ctx, &repository).await?;
        let secret = ctx.new_token();
        let hook = self.make_hook(&repository, &client, &secret).await?;
        let sealed = self.keys.seal(ctx.chance(), WEBHOOK_SECRET.cell(id.uuid()), &secret);
        let mut tx = self.store.begin(ctx).await?;
        store::lock(&mut tx, &granted, id).await?;
        store::record_hook(&mut tx, &granted, id, Some(&hook), true).await?;
        store::save_secret(&mut tx, &granted, id, &sealed).await?;
        self.audit.record(&mut tx, ctx, Record::new("repository.webhook_renewed", "repository").of(id)).await?;
        let repository = store::get(&mut tx, &granted, id).await?;
        tx.commit().await?;
        Ok(repository)
    }

    /// Gives a repository another token, or its hook another secret. A token counts when it reaches that very repository; a secret when
    /// the hook has it.
    ///
    /// # Errors
    /// [`Error::Field`], [`Error::Github`]: everything stays as it was.
    pub async fn change_access(
        &self,
        ctx: &Ctx,
        id: RepositoryId,
        token: Option<Secret>,
        secret: Option<Secret>,
    ) -> Result<Repository> {
        let granted = ctx.require::<ManageRepositories>()?;
        check_secret("accessToken", token.as_ref())?;
        check_secret("webhookSecret", secret.as_ref())?;
        let repository = store::get(&mut self.store.read().await?, &granted, id).await?;
        let client = match &token {
            Some(token) => self.client_with(ctx, &repository, token).await?,
            None => self.client_of(ctx, &repository).await?,
        };
        let hook = match &secret {
            Some(secret) => Some(self.make_hook(&repository, &client, secret).await?),
            None => None,
        };
        let seal = |cell, value| self.keys.seal(ctx.chance(), cell, value);
        let mut tx = self.store.begin(ctx).await?;
        store::lock(&mut tx, &granted, id).await?;
        if let Some(token) = &token {
            store::save_token(&mut tx, &granted, id, &seal(store::ACCESS_TOKEN.cell(id.uuid()), token)).await?;
        }
        if let Some(secret) = &secret {
            store::record_hook(&mut tx, &granted, id, hook.as_deref(), true).await?;
            store::save_secret(&mut tx, &granted, id, &seal(WEBHOOK_SECRET.cell(id.uuid()), secret)).await?;
        }
        let record = Record::new("repository.access_changed", "repository").of(id);
        let record = record.detail("accessToken", token.is_some()).detail("webhookSecret", secret.is_some());
        self.audit.record(&mut tx, ctx, record).await?;
        let repository = store::get(&mut tx, &granted, id).await?;
        tx.commit().await?;
        Ok(repository)
    }

    /// What asks with a token, if the token reaches the repository.
    async fn client_with(&self, ctx: &Ctx, repository: &Repository, token: &Secret) -> Result<Client> {
        let refused = |what: &str| Error::Field { field: "accessToken", what: what.to_owned() };
        match repository.provider {
            Provider::Github => {}
            Provider::Gitlab => return Err(NO_GITLAB),
            Provider::Local => return Err(refused("is for repositories at a forge")),
        }
        let client = self.github.client(Credential::Token(token.clone()), ctx);
        match client.repository(&repository.summary.full_name).await {
            Ok(remote) if Some(remote.id.to_string()) == repository.provider_repo_id => Ok(client),
            Ok(_) | Err(github::Error::NotFound | github::Error::Forbidden) => {
                Err(refused("does not reach the repository"))
            }
            Err(github::Error::Unauthorized) => Err(refused("is no token that GitHub takes")),
            Err(error) => Err(error.into()),
        }
    }

    /// It is looked at no more, and its forge tells nothing more; with `purge` what is known of it goes too, and its mirror.
    ///
    /// # Errors
    /// When there is none in the caller's workspace.
    pub async fn disconnect(&self, ctx: &Ctx, id: RepositoryId, purge: bool) -> Result<()> {
        let granted = ctx.require::<DisconnectRepositories>()?;
        let known = store::get(&mut self.store.read().await?, &granted, id).await?;
        // Before what it needs is gone.
        let client = match &known.webhook_id {
            Some(hook) => self.client_of(ctx, &known).await.ok().map(|client| (client, hook.clone())),
            None => None,
        };
        let mut tx = self.store.begin(ctx).await?;
        let repository = store::lock(&mut tx, &granted, id).await?;
        if purge {
            store::purge(&mut tx, &granted, id).await?;
        } else {
            store::disconnect(&mut tx, &granted, id).await?;
        }
        let record = Record::new("repository.disconnected", "repository").of(id);
        self.audit.record(&mut tx, ctx, record.detail("purge", purge).detail("url", repository.repo_url)).await?;
        let full_name = repository.summary.full_name;
        tx.emit(&RepositoryDisconnected { repository_id: id, full_name: full_name.clone() });
        tx.commit().await?;
        if let Some((client, hook)) = client
            && let Err(error) = client.delete_hook(&full_name, &hook).await
        {
            // What it sends from now on is refused.
            tracing::warn!(%error, repository = %id, "the hook of a disconnected repository is left");
        }
        // Only a copy: another look at the folder of mirrors finds what is left here.
        if purge && let Err(error) = self.mirror(id).remove().await {
            tracing::warn!(%error, repository = %id, "the mirror of a purged repository is left");
        }
        Ok(())
    }
}

/// Which repository at GitHub is meant.
enum Which {
    Id(String),
    Name(String),
}

impl Which {
    fn parse(text: &str, web: &str) -> Result<Which> {
        let text = text.trim();
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Which::Id(text.to_owned()));
        }
        let host = web.split_once("://").map_or(web, |(_, host)| host);
        let ssh = format!("git@{host}:");
        let name = match text.strip_prefix(web).and_then(|rest| rest.strip_prefix('/')) {
            Some(name) => name,
            None => text.strip_prefix(&ssh).unwrap_or(text),
        };
        let name = name.trim_end_matches('/');
        let name = name.strip_suffix(".git").unwrap_or(name);
        let name = github::path_of(name).map_err(|_| Error::Field {
            field: "repoUrl",
            what: format!("names no repository at {web}: owner/name, or its address there"),
        })?;
        Ok(Which::Name(name.to_owned()))
    }

    fn owner(&self) -> Option<&str> {
        match self {
            Which::Id(_) => None,
            Which::Name(name) => name.split_once('/').map(|(owner, _)| owner),
        }
    }
}

fn check_secret(field: &'static str, given: Option<&Secret>) -> Result<()> {
    let good =
        |text: &str| (8..=SECRET_LENGTH).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    match given {
        Some(secret) if !good(secret.expose()) => {
            let what = format!("has 8 to {SECRET_LENGTH} characters, of those that can be printed");
            Err(Error::Field { field, what })
        }
        _ => Ok(()),
    }
}

/// The branch that was asked for, the one it is on, or one of the usual names; of an empty repository any will do.
fn default_branch(asked: Option<BranchName>, heads: &Heads) -> Result<BranchName> {
    let branches = &heads.branches;
    match asked.or_else(|| heads.default.clone()) {
        Some(branch) if branches.is_empty() || branches.contains_key(&branch) => Ok(branch),
        Some(branch) => {
            Err(Error::Field { field: "defaultBranch", what: format!("`{branch}` is no branch of the repository") })
        }
        None => {
            let usual = ["main", "master"].iter().filter_map(|name| name.parse::<BranchName>().ok());
            let mut usual = usual.filter(|name| branches.is_empty() || branches.contains_key(name));
            let found = usual.next().or_else(|| branches.keys().next().cloned());
            let what = || "is on no branch: name one".to_owned();
            found.ok_or_else(|| Error::Field { field: "defaultBranch", what: what() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_is_named_by_number_name_or_address() {
        let read = |text: &str| match Which::parse(text, "https://github.com") {
            Ok(Which::Id(id)) => format!("id {id}"),
            Ok(Which::Name(name)) => name,
            Err(_) => "refused".to_owned(),
        };
        for name in [
            "ada/shop",
            "ada/shop.git",
            "https://github.com/ada/shop",
            "https://github.com/ada/shop.git",
            "https://github.com/ada/shop/",
            "git@github.com:ada/shop.git",
        ] {
            assert_eq!(read(name), "ada/shop", "{name}");
        }
        assert_eq!(read("186853002"), "id 186853002");
        for bad in [
            "",
            "ada",
            "https://evil.example/ada/shop",
            "https://github.com.evil.example/ada/shop",
            "https://github.com@evil.example/ada/shop",
            "http://github.com/ada/shop",
            "https://github.com/ada/shop/tree/main",
            "ada/../x",
            "-x",
            "file:///etc",
            "ext::sh -c x/y",
        ] {
            assert_eq!(read(bad), "refused", "{bad}");
        }
    }
}
