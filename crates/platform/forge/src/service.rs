//! The module's state, and what modules above ask of it.

use std::collections::HashMap;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rampart_access::audit::Audit;
use rampart_access::{Ctx, Granted, Permission};
use rampart_identity::Identity;
use rampart_jobs::Jobs;
use rampart_kernel::uuid::Uuid;
use rampart_kernel::{Keys, Origin, WorkspaceId};
use rampart_store::{Reader, Store, Tx};
use rampart_web::WebSettings;
use tokio::sync::Semaphore;

use crate::access::{ReadRepositories, RecordScans};
use crate::commits::model::CommitStatus;
use crate::error::Error;
use crate::fields::{BranchName, CommitHash};
use crate::git::{self, Changes, Checkout, Described, Entry, Git, Kind, Mirror, Moved, Place, Places, Source, Terms};
use crate::github::{Github, GithubSettings};
use crate::gitlab::{Gitlab, GitlabSettings};
use crate::model::{Provider, Repository, RepositoryId};
use crate::pulls::model::PullRequest;
use crate::repositories::store::{Counts, Measured};
use crate::settings::ForgeSettings;
use crate::webhooks::Line;
use crate::{commits, repositories};

pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// In the data folder: mirrors, and git's own home.
const FOLDER: &str = "mirrors";
const HOME: &str = "home";

/// Repositories that are looked at in one query.
const ROUND: i64 = 500;

/// Deliveries that are looked up at the same time: fewer than there are connections to the database, which serve others too.
const LOOKUPS: usize = 16;

/// What the module stands on.
pub struct Ground {
    pub store: Store,
    pub audit: Audit,
    /// For sealed columns.
    pub keys: Arc<Keys>,
    pub jobs: Jobs,
    /// Whose accounts at forges are linked.
    pub identity: Identity,
    /// By what addresses the program is reached: hooks lead there.
    pub web: WebSettings,
    pub data_dir: PathBuf,
}

/// Clones are the same, and cheap: each request has one.
#[derive(Clone)]
pub struct Forge(Arc<Parts>);

pub struct Parts {
    pub(crate) store: Store,
    pub(crate) audit: Audit,
    pub(crate) git: Git,
    pub(crate) places: Places,
    pub(crate) keys: Arc<Keys>,
    pub(crate) jobs: Jobs,
    pub(crate) identity: Identity,
    pub(crate) web: WebSettings,
    pub(crate) github: Github,
    pub(crate) gitlab: Gitlab,
    /// For deliveries whose repositories are looked up.
    pub(crate) lookups: Semaphore,
    /// Deliveries that wait to be taken.
    pub(crate) deliveries: Line,
    mirrors: PathBuf,
}

impl Deref for Forge {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// What was fetched, and what it says of itself.
#[derive(Clone, Debug)]
pub struct Fetched {
    pub branch: BranchName,
    pub hash: CommitHash,
    pub described: Described,
    /// From its first parent.
    pub changes: Changes,
}

impl Forge {
    /// # Errors
    /// When the folder of mirrors cannot be made, or the key of the GitHub App is none.
    pub fn new(
        ground: Ground,
        settings: &ForgeSettings,
        (github, gitlab): (&GithubSettings, &GitlabSettings),
    ) -> Result<Forge> {
        let mirrors = ground.data_dir.join(FOLDER);
        let git = Git::new(&mirrors.join(HOME), &settings.programs)?;
        let places = Places::new(settings.local_roots.clone(), &mirrors);
        let github = Github::new(github, &ground.identity.github_addresses().api)?;
        let gitlab = Gitlab::new(gitlab)?;
        Ok(Forge(Arc::new(Parts {
            store: ground.store,
            audit: ground.audit,
            git,
            places,
            keys: ground.keys,
            jobs: ground.jobs,
            identity: ground.identity,
            web: ground.web,
            github,
            gitlab,
            lookups: Semaphore::new(LOOKUPS),
            deliveries: Line::default(),
            mirrors,
        })))
    }

    /// Bytes of a delivery.
    pub(crate) fn webhook_limit(&self) -> usize {
        self.web.webhook_limit.0
    }

    /// # Errors
    /// When there is none in the caller's workspace.
    pub async fn get_repository(&self, ctx: &Ctx, id: RepositoryId) -> Result<Repository> {
        let granted = ctx.require::<ReadRepositories>()?;
        Ok(repositories::store::get(&mut self.store.read().await?, &granted, id).await?)
    }

    /// As [`Forge::get_repository`], as part of something larger and by whatever proof that is done.
    ///
    /// # Errors
    /// When there is none in the workspace of the proof.
    pub async fn find_in<P: Permission>(
        &self,
        reader: &mut Reader,
        granted: &Granted<P>,
        id: RepositoryId,
    ) -> rampart_store::Result<Repository> {
        repositories::store::get(reader, granted, id).await
    }

    /// As [`Forge::find_in`], of several: those that are there.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn find_all_in<'a, P: Permission>(
        &self,
        reader: &mut Reader,
        wanted: impl IntoIterator<Item = (&'a Granted<P>, RepositoryId)>,
    ) -> rampart_store::Result<HashMap<(WorkspaceId, RepositoryId), Repository>> {
        repositories::store::get_all(reader, wanted).await
    }

    /// As [`Forge::find_in`], held until the end of the transaction: what is decided of a repository is decided in turn.
    ///
    /// # Errors
    /// When there is none in the workspace of the proof.
    pub async fn lock_in<P: Permission>(
        &self,
        tx: &mut Tx,
        granted: &Granted<P>,
        id: RepositoryId,
    ) -> rampart_store::Result<Repository> {
        repositories::store::lock(tx, granted, id).await
    }

    /// Those with automatic scans, of all workspaces, from behind `after`; for schedules.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn scheduled(
        &self,
        after: Option<RepositoryId>,
    ) -> rampart_store::Result<Vec<(RepositoryId, WorkspaceId)>> {
        repositories::store::scheduled(&mut self.store.read().await?, after, ROUND).await
    }

    /// How a scan stands.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn record_scan(
        &self,
        tx: &mut Tx,
        granted: &Granted<RecordScans>,
        id: RepositoryId,
        measured: &Measured,
    ) -> rampart_store::Result<()> {
        repositories::store::record_scan(tx, granted, id, measured).await
    }

    /// How many findings are open, and the score that follows.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn record_counts(
        &self,
        tx: &mut Tx,
        granted: &Granted<RecordScans>,
        id: RepositoryId,
        counts: &Counts,
    ) -> rampart_store::Result<()> {
        repositories::store::record_counts(tx, granted, id, counts).await
    }

    /// How far a commit has come, by which scan, and how many open findings there were after it. Of a commit that is not known
    /// nothing is written.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn record_commit(
        &self,
        tx: &mut Tx,
        granted: &Granted<RecordScans>,
        commit: (RepositoryId, &CommitHash),
        status: CommitStatus,
        scan: Option<(Uuid, Option<u32>)>,
    ) -> rampart_store::Result<()> {
        commits::store::record(tx, granted, commit, status, scan).await
    }

    /// Notes a commit, if it is not known, and what it says of itself.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn describe_commit(
        &self,
        tx: &mut Tx,
        granted: &Granted<RecordScans>,
        repository: RepositoryId,
        fetched: &Fetched,
    ) -> rampart_store::Result<()> {
        let Fetched { branch, hash, described, changes } = fetched;
        commits::store::note(tx, granted.workspace(), repository, branch, hash).await?;
        commits::store::describe(tx, granted, (repository, hash), described, changes).await
    }

    /// Brings a commit of a repository into its mirror: the one that is named, or where the branch is now.
    ///
    /// # Errors
    /// [`Error::Git`]; [`Error::ProviderNotConfigured`] for a provider that this installation does not reach.
    pub async fn fetch(
        &self,
        repository: &Repository,
        branch: Option<&BranchName>,
        hash: Option<&CommitHash>,
    ) -> Result<Fetched> {
        let source = self.source(repository).await?;
        let mirror = self.mirror(repository.id());
        let branch = branch.unwrap_or(&repository.default_branch).clone();
        let hash = match hash {
            // What is here need not be fetched: commits never change.
            Some(hash) if mirror.has(hash).await => hash.clone(),
            Some(hash) => {
                // It is mostly the branch's head.
                if mirror.fetch(&source, &branch).await? != *hash {
                    mirror.fetch_commit(&source, hash).await?;
                }
                hash.clone()
            }
            None => mirror.fetch(&source, &branch).await?,
        };
        let described = mirror.describe(&hash).await?;
        let changes = mirror.changes(described.parent.as_ref(), &hash).await.unwrap_or_default();
        Ok(Fetched { branch, hash, described, changes })
    }

    /// Brings the head of a pull request and the branch that it goes into; what its head says of itself, what it changes from where
    /// it parted from that branch, and where that is. Nothing of the last two when they have nothing in common.
    ///
    /// # Errors
    /// As [`Forge::fetch`]; [`git::Error::NoCommit`] when its head is another one by now.
    pub async fn fetch_pull_request(
        &self,
        repository: &Repository,
        pull: &PullRequest,
    ) -> Result<(Fetched, Option<CommitHash>)> {
        let source = self.source(repository).await?;
        let (mirror, head) = (self.mirror(repository.id()), &pull.head_sha);
        let base = mirror.fetch(&source, &pull.base_branch).await?;
        if !mirror.has(head).await {
            match repository.provider {
                // Nothing but branches is kept there.
                Provider::Local => mirror.fetch_commit(&source, head).await?,
                forge @ (Provider::Github | Provider::Gitlab) => {
                    let name = reference(forge, pull.pr_number);
                    let _now = mirror.fetch_pull(&source, &name, head.is_sha256()).await?;
                    if !mirror.has(head).await {
                        return Err(git::Error::NoCommit.into());
                    }
                }
            }
        }
        let parted = mirror.merge_base(&base, head).await?;
        let described = mirror.describe(head).await?;
        let changes = match &parted {
            Some(parted) => mirror.changes(Some(parted), head).await?,
            None => Changes::default(),
        };
        let fetched = Fetched { branch: pull.base_branch.clone(), hash: head.clone(), described, changes };
        Ok((fetched, parted))
    }

    /// Writes the files of a commit that was fetched into an empty folder.
    ///
    /// # Errors
    /// [`Error::Git`].
    pub async fn checkout(
        &self,
        id: RepositoryId,
        hash: &CommitHash,
        folder: &Path,
        terms: Terms<'_>,
    ) -> Result<Checkout> {
        Ok(self.mirror(id).checkout(hash, folder, terms).await?)
    }

    /// What became of the files of a commit that was fetched, in another one.
    ///
    /// # Errors
    /// [`Error::Git`] when one of them is not here.
    pub async fn moved(&self, id: RepositoryId, from: &CommitHash, to: &CommitHash) -> Result<Vec<Moved>> {
        Ok(self.mirror(id).moved(from, to).await?)
    }

    /// Every file of a commit that was fetched, by the paths that reports show.
    ///
    /// # Errors
    /// [`Error::Git`].
    pub async fn files(&self, id: RepositoryId, hash: &CommitHash) -> Result<Vec<String>> {
        let tree = self.mirror(id).tree(hash).await?;
        Ok(tree.entries.iter().filter(|entry| entry.kind == Kind::File).map(Entry::shown).collect())
    }

    pub(crate) fn mirror(&self, id: RepositoryId) -> Mirror {
        Mirror::new(&self.git, &self.mirrors, id)
    }

    /// Where the repository can be fetched from, and with what.
    pub(crate) async fn source(&self, repository: &Repository) -> Result<Source> {
        match repository.provider {
            Provider::Local => Ok(self.local_place(repository.repo_url.clone()).await?.into()),
            forge @ (Provider::Github | Provider::Gitlab) => {
                // What is asked of forges is asked by the clock of the machine, as their tokens are.
                let client = self.forge_client(&Origin::of_system("fetch"), repository).await?;
                self.remote_source(forge, &repository.summary.full_name, client.token().await?)
            }
        }
    }

    /// Asked each time: links may have been put there since.
    pub(crate) async fn local_place(&self, url: String) -> Result<Place> {
        if !self.places.any() {
            return Err(NO_ROOTS);
        }
        let places = self.places.clone();
        let found = tokio::task::spawn_blocking(move || places.find(&url)).await;
        Ok(found.map_err(|_| git::Error::Answer("a look at a folder that panicked"))??)
    }
}

/// Where a forge keeps the head of a pull request, from wherever it comes.
fn reference(forge: Provider, number: u32) -> String {
    match forge {
        Provider::Gitlab => format!("refs/merge-requests/{number}/head"),
        Provider::Github | Provider::Local => format!("refs/pull/{number}/head"),
    }
}

const NO_ROOTS: Error = Error::ProviderNotConfigured(
    "no folder of this machine is open for repositories: whoever runs Rampart names those that are in LOCAL_GIT_ROOTS",
);

/// The program itself, in the workspace of a repository.
pub(crate) fn system(origin: &Origin, workspace: WorkspaceId) -> Ctx {
    Ctx::of_system(origin.clone().in_workspace(Some(workspace)), "forge")
}
