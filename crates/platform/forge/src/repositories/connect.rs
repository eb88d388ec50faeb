//! Repositories are connected, with their hooks, and disconnected.
//!
//! What a forge is asked for is asked before a transaction, and what it is told is told after one: a hook that could not be made is
//! made later, by whoever asks for it or by the next look.

use rampart_access::audit::Record;
use rampart_access::{Ctx, Granted};
use rampart_kernel::{Id as _, Secret};

use super::heads;
use super::store::{self, New, WEBHOOK_SECRET};
use crate::access::{ConnectForges, DisconnectRepositories, ManageRepositories};
use crate::accounts::checked;
use crate::commits;
use crate::error::Error;
use crate::events::{RepositoryConnected, RepositoryDisconnected};
use crate::fields::BranchName;
use crate::git::{self, Heads, Source};
use crate::model::{Provider, Repository, RepositoryId};
use crate::remote::{Error as Refused, ForgeClient};
use crate::service::{Forge, Result};

/// Characters of a token or a secret; GitHub's have some hundreds at most.
const SECRET_LENGTH: usize = 1_000;

/// A repository to be connected.
#[derive(Clone, Debug)]
pub struct Connect {
    pub provider: Provider,
    /// For local ones a path or `file://` address; at a forge an address, its full name or the number that it has there.
    pub url: String,
    /// The branch that it is on when nothing is said.
    pub default_branch: Option<BranchName>,
    pub auto_scan: bool,
    pub auto_fix: bool,
    /// With what it is reached, instead of an account that is known.
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
    client: ForgeClient,
    installation: Option<String>,
    /// Whose comments are ours.
    account: Option<String>,
}

impl Forge {
    /// Connects a repository, or connects one again that was disconnected, and has its forge tell what happens there. Without a
    /// hook, as where a forge cannot reach this program, it is looked at from time to time.
    ///
    /// # Errors
    /// [`Error::AlreadyConnected`], [`Error::NotLinked`], [`Error::ProviderNotConfigured`]; [`Error::Git`] and [`Error::Forge`] when it
    /// cannot be read.
    pub async fn connect(&self, ctx: &Ctx, connect: Connect) -> Result<Repository> {
        let granted = ctx.require::<ManageRepositories>()?;
        for (field, given) in [("accessToken", &connect.access_token), ("webhookSecret", &connect.webhook_secret)] {
            check_secret(field, given.as_ref())?;
        }
        let found = match connect.provider {
            Provider::Local => self.find_here(&connect).await?,
            Provider::Github | Provider::Gitlab => self.find_at_forge(ctx, &granted, &connect).await?,
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
                    account: it.account.as_deref(),
                    token: token.as_ref(),
                    secret: &seal(WEBHOOK_SECRET.cell(id.uuid()), &secret),
                },
            )
            .await?;
        }
        if let Some(head) = &head {
            heads::save_head(&mut tx, id, &branch, head, None).await?;
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

    async fn find_at_forge(
        &self,
        ctx: &Ctx,
        granted: &Granted<ManageRepositories>,
        connect: &Connect,
    ) -> Result<Found> {
        let forge = connect.provider;
        let which = Which::parse(&connect.url, forge, &self.web_of(forge))?;
        let (desk, installation) =
            self.desk(ctx, granted, (forge, which.owner()), connect.access_token.as_ref()).await?;
        let remote = match &which {
            Which::Id(id) => desk.repository_of_id(id).await,
            Which::Name(name) => desk.repository(name).await,
        };
        let remote = match remote {
            Err(Refused::NotFound(_)) => {
                let what = format!("is no repository at {} that the account may see", forge.title());
                return Err(Error::Field { field: "repoUrl", what });
            }
            remote => remote?,
        };
        let client = desk.at(&remote.id, &remote.full_name)?;
        let (owner, name) = remote.names();
        Ok(Found {
            source: self.remote_source(forge, &remote.full_name, client.token().await?)?,
            url: format!("{}/{}", self.web_of(forge), remote.full_name),
            owner: owner.to_owned(),
            name: name.to_owned(),
            private: remote.private,
            at_forge: Some(AtForge { id: remote.id, account: account(&client).await, client, installation }),
            language: remote.language,
            default_branch: remote.default_branch,
        })
    }

    /// Has the forge tell what happens, where it does not anyway. That it does not yet is no failure of connecting.
    async fn install_hook(
        &self,
        ctx: &Ctx,
        granted: &Granted<ManageRepositories>,
        repository: Repository,
        client: &ForgeClient,
        secret: &Secret,
    ) -> Result<Repository> {
        let made = match client.is_told_anyway() {
            true => Ok(None),
            false => self.make_hook(&repository, client, secret).await.map(Some),
        };
        let hook = match made {
            Ok(hook) => hook,
            Err(error) => {
                tracing::warn!(%error, repository = %repository.id(), "its forge takes no hook; it is looked at from time to time");
                return Ok(repository);
            }
        };
        let mut tx = self.store.begin(ctx).await?;
        store::record_hook(&mut tx, granted, repository.id(), hook.as_deref(), true).await?;
        let repository = store::get(&mut tx, granted, repository.id()).await?;
        tx.commit().await?;
        Ok(repository)
    }

    async fn make_hook(&self, repository: &Repository, client: &ForgeClient, secret: &Secret) -> Result<String> {
        let (forge, id) = (repository.provider, repository.id());
        let url = format!("{}/api/v1/webhooks/{forge}?repo={id}", self.web.base_url.0);
        if let Some(hook) = &repository.webhook_id {
            match client.update_hook(hook, &url, secret).await {
                Err(Refused::NotFound(_)) => {}
                done => return Ok(done.map(|()| hook.clone())?),
            }
        }
        Ok(client.create_hook(&url, secret).await?)
    }

    /// Gives a repository's hook another secret, and makes the hook where there is none.
    ///
    /// # Errors
    /// [`Error::Forge`] when the forge does not take it: everything stays as it was.
    pub async fn renew_hook(&self, ctx: &Ctx, id: RepositoryId) -> Result<Repository> {
        let granted = ctx.require::<ConnectForges>()?;
        let repository = store::get(&mut self.store.read().await?, &granted, id).await?;
        let client = self.forge_client(ctx, &repository).await?;
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
    /// [`Error::Field`], [`Error::Forge`]: everything stays as it was.
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
            None => self.forge_client(ctx, &repository).await?,
        };
        let hook = match &secret {
            Some(secret) => Some(self.make_hook(&repository, &client, secret).await?),
            None => None,
        };
        let account = match &token {
            Some(_) => account(&client).await,
            None => None,
        };
        let seal = |cell, value| self.keys.seal(ctx.chance(), cell, value);
        let mut tx = self.store.begin(ctx).await?;
        store::lock(&mut tx, &granted, id).await?;
        if let Some(token) = &token {
            store::save_token(&mut tx, &granted, id, &seal(store::ACCESS_TOKEN.cell(id.uuid()), token)).await?;
            store::save_account(&mut tx, &granted, id, account.as_deref()).await?;
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
    async fn client_with(&self, ctx: &Ctx, repository: &Repository, token: &Secret) -> Result<ForgeClient> {
        let refused = |what: String| Error::Field { field: "accessToken", what };
        let forge = repository.provider;
        if forge == Provider::Local {
            return Err(refused("is for repositories at a forge".to_owned()));
        }
        match self.with_token(forge, ctx, token.clone()).repository(&repository.summary.full_name).await {
            Ok(remote) if Some(&remote.id) == repository.provider_repo_id.as_ref() => {
                self.forge_client_with(ctx, repository, token.clone())
            }
            Ok(_) | Err(Refused::NotFound(_) | Refused::Forbidden(_)) => {
                Err(refused("does not reach the repository".to_owned()))
            }
            Err(Refused::Unauthorized(_)) => Err(refused(format!("is no token that {} takes", forge.title()))),
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
            Some(hook) => self.forge_client(ctx, &known).await.ok().map(|client| (client, hook.clone())),
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
        tx.emit(&RepositoryDisconnected { repository_id: id, full_name });
        tx.commit().await?;
        if let Some((client, hook)) = client
            && let Err(error) = client.delete_hook(&hook).await
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

/// Whose comments are ours. That it is not known yet is no failure: it is asked for again by the next look.
pub async fn account(client: &ForgeClient) -> Option<String> {
    match client.own_name().await {
        Ok(name) => Some(name),
        Err(error) => {
            tracing::debug!(%error, "a forge does not say who asks");
            None
        }
    }
}

/// Which repository at a forge is meant.
enum Which {
    Id(String),
    Name(String),
}

impl Which {
    fn parse(text: &str, forge: Provider, web: &str) -> Result<Which> {
        let text = text.trim();
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Which::Id(text.to_owned()));
        }
        let host = web.split_once("://").map_or(web, |(_, rest)| rest.split(['/', ':']).next().unwrap_or(rest));
        let ssh = format!("git@{host}:");
        let name = match text.strip_prefix(web).and_then(|rest| rest.strip_prefix('/')) {
            Some(name) => name,
            None => text.strip_prefix(&ssh).unwrap_or(text),
        };
        let name = name.trim_end_matches('/');
        let name = name.strip_suffix(".git").unwrap_or(name);
        let name = checked(forge, name).map_err(|_| Error::Field {
            field: "repoUrl",
            what: format!("names no repository at {web}: owner/name, or its address there"),
        })?;
        Ok(Which::Name(name.to_owned()))
    }

    fn owner(&self) -> Option<&str> {
        match self {
            Which::Id(_) => None,
            Which::Name(name) => name.rsplit_once('/').map(|(owner, _)| owner),
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
        let read = |text: &str, forge, web| match Which::parse(text, forge, web) {
            Ok(Which::Id(id)) => format!("id {id}"),
            Ok(Which::Name(name)) => name,
            Err(_) => "refused".to_owned(),
        };
        let at_github = |text: &str| read(text, Provider::Github, "https://github.com");
        for name in [
            "ada/shop",
            "ada/shop.git",
            "https://github.com/ada/shop",
            "https://github.com/ada/shop.git",
            "https://github.com/ada/shop/",
            "git@github.com:ada/shop.git",
        ] {
            assert_eq!(at_github(name), "ada/shop", "{name}");
        }
        assert_eq!(at_github("186853002"), "id 186853002");
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
            assert_eq!(at_github(bad), "refused", "{bad}");
        }
        // Below a path, and within groups.
        let at_gitlab = |text: &str| read(text, Provider::Gitlab, "https://code.example:8443/gitlab");
        for name in ["a/b/shop", "https://code.example:8443/gitlab/a/b/shop.git", "git@code.example:a/b/shop.git"] {
            assert_eq!(at_gitlab(name), "a/b/shop", "{name}");
        }
        for bad in ["https://code.example:8443/a/b/shop", "https://code.example:8443/gitlab/a/b/-/tree/main", "shop"] {
            assert_eq!(at_gitlab(bad), "refused", "{bad}");
        }
    }
}
