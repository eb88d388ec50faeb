//! Scans of pull requests: the head, and the commit at which the change began, so that only what the change brings is told.
//!
//! Nothing of it becomes a finding of the repository: that is what the default branch holds.

use rampart_access::{Ctx, Granted, Permission};
use rampart_findings::between;
use rampart_findings::identity::Change;
use rampart_forge::{
    CommitHash, Fetched, PullRequest, PullRequestId, PullRequestStatus, PullRequestUpdated, RecordScans, Repository,
};
use rampart_kernel::Id;
use rampart_report::model::Report;
use rampart_store::Tx;

use crate::access::RunScans;
use crate::error::Error;
use crate::events::{ChangeAnalysis, ScanCancelled, ScanCompleted, Stage};
use crate::jobs::AnalyzePullRequest;
use crate::look::Code;
use crate::model::{Mode, Scan, ScanId, Status, Trigger};
use crate::outcome::{BASE, Came, REPORT, object_of};
use crate::run::Work;
use crate::service::{Analysis, Result, enter, of_system};
use crate::store::{self, New};

/// Both sides of a change, scanned.
pub struct Sides {
    pub scan: Scan,
    pub base_hash: Option<CommitHash>,
    pub base: Report,
    pub head: Report,
    /// What git says happened from the one to the other.
    pub change: Change,
}

impl Analysis {
    /// A pull request has a head that nobody has looked at.
    pub(crate) async fn pull_request_updated(&self, tx: &mut Tx, event: PullRequestUpdated) -> Result<()> {
        if !event.action.is_news() {
            return Ok(());
        }
        self.queue_pull_request(tx, event.pull_request_id, |repository| repository.summary.auto_scan_enabled).await
    }

    /// Looks at a pull request again, as somebody asked at the forge.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn analyze_again(&self, tx: &mut Tx, id: PullRequestId) -> Result<()> {
        self.queue_pull_request(tx, id, |_| true).await
    }

    /// For the program itself: one that waits for this head already is as good, and one that is gone is not looked at.
    async fn queue_pull_request(
        &self,
        tx: &mut Tx,
        id: PullRequestId,
        wanted: impl Fn(&Repository) -> bool,
    ) -> Result<()> {
        let granted = of_system(tx.origin()).require::<RunScans>()?;
        let pull = match self.forge.lock_pull_request_in(tx, &granted, id).await {
            Ok(pull) => pull,
            Err(rampart_store::Error::NotFound) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let repository = self.forge.find_in(tx, &granted, pull.repo_id).await?;
        if !repository.active || !wanted(&repository) {
            return Ok(());
        }
        match self.queue_change(tx, &granted, &repository, &pull).await {
            Err(error) if error.is_no_turn() => Ok(()),
            other => other.map(drop),
        }
    }

    /// Looks at a pull request again.
    ///
    /// # Errors
    /// [`Error::AlreadyRunning`], [`Error::QuotaExceeded`], [`Error::Disconnected`]; when there is none in the caller's workspace.
    pub async fn analyze_pull_request(&self, ctx: &Ctx, id: PullRequestId) -> Result<Scan> {
        let granted = ctx.require::<RunScans>()?;
        let most = self.scans_per_day(ctx).await?;
        let mut tx = self.store.begin(ctx).await?;
        store::take_turn(&mut tx, &granted).await?;
        crate::service::count(&mut tx, &granted, ctx.now(), most, 1).await?;
        let pull = self.forge.lock_pull_request_in(&mut tx, &granted, id).await?;
        let repository = self.forge.find_in(&mut tx, &granted, pull.repo_id).await?;
        if !repository.active {
            return Err(Error::Disconnected);
        }
        let scan = self.queue_change(&mut tx, &granted, &repository, &pull).await?;
        let scan = store::get(&mut tx, &granted, scan).await?;
        tx.commit().await?;
        Ok(scan)
    }

    async fn queue_change<P: Permission>(
        &self,
        tx: &mut Tx,
        granted: &Granted<P>,
        repository: &Repository,
        pull: &PullRequest,
    ) -> Result<ScanId> {
        self.refuse_suspended(tx, granted).await?;
        let (id, head, base) = (repository.id(), &pull.head_sha, &pull.base_branch);
        // Nobody waits for what an earlier head comes to.
        for (scan, job) in store::open_of_pull(tx, granted, pull.id, head).await? {
            store::end(tx, granted, scan, Status::Cancelled, Some("the pull request has another head by now")).await?;
            if let Some(job) = job {
                self.jobs.cancel_in(tx, job).await?;
            }
            tx.emit(&ScanCancelled { repository_id: id, scan_id: scan });
        }
        let scan: ScanId = tx.origin().new_id();
        let job = AnalyzePullRequest { scan, repository: id, pull: pull.id, head: head.clone(), base: base.clone() };
        let job = self.jobs.enqueue(tx, &job).await?.ok_or(Error::AlreadyRunning)?;
        // The branch may be one of a fork, and named as no branch of ours can be.
        let own = pull.branch.parse().ok();
        let new = New {
            id: scan,
            repository: id,
            job,
            hash: Some(head),
            branch: own.as_ref().unwrap_or(base),
            trigger: Trigger::PullRequest,
            mode: Mode::Incremental,
            pull: Some(pull.id),
        };
        enter(tx, granted, new).await?;
        say(tx, pull, scan, Stage::Queued);
        Ok(scan)
    }

    /// The scan of a pull request's head was ended by somebody.
    pub(crate) async fn change_cancelled<P: Permission>(
        &self,
        tx: &mut Tx,
        granted: &Granted<P>,
        scan: &Scan,
    ) -> Result<()> {
        let Some(id) = of_pull(scan) else { return Ok(()) };
        let pull = self.forge.lock_pull_request_in(tx, granted, id).await?;
        // Of a head that it has no more nothing is said.
        if scan.commit_hash.as_ref() != Some(&pull.head_sha) {
            return Ok(());
        }
        let recorder = of_system(tx.origin()).require::<RecordScans>()?;
        let of = ((id, &pull.head_sha), Some(scan.id.uuid()));
        self.forge.record_pull_request(tx, &recorder, of.0, PullRequestStatus::Failed, of.1).await?;
        say(tx, &pull, scan.id, Stage::Cancelled);
        Ok(())
    }

    /// What a scan of a pull request has looked at.
    ///
    /// # Errors
    /// When the scan is not of one, or its reports are gone.
    pub async fn sides(&self, granted: &Granted<RecordScans>, id: ScanId) -> Result<Sides> {
        let mut reader = self.store.read().await?;
        let scan = store::get(&mut reader, granted, id).await?;
        let base_hash = store::base_of(&mut reader, granted, id).await?;
        drop(reader);
        let read = async |name: &str| -> Result<Report> {
            let object = object_of(&scan, name)?;
            let bytes = self.objects.get(&object, None).await?.bytes(crate::service::LARGEST_REPORT).await?;
            let read = tokio::task::spawn_blocking(move || serde_json::from_slice(&bytes)).await;
            let failed = |error: &dyn std::fmt::Display| Error::Report(error.to_string());
            read.map_err(|error| failed(&error))?.map_err(|error| failed(&error))
        };
        let (base, head) = (read(BASE).await?, read(REPORT).await?);
        let change = match (&base_hash, &scan.commit_hash) {
            (Some(from), Some(to)) => self.change_between(scan.repository_id, from, to).await,
            _ => Change::Unknown,
        };
        Ok(Sides { scan, base_hash, base, head, change })
    }
}

impl Work<'_> {
    /// Looks at both sides of a pull request.
    pub(crate) async fn run_change(&self, pull: &PullRequest) -> Result<()> {
        let Work { analysis, ctx, granted, scan, repository, .. } = self;
        let (fetched, parted) = analysis.forge.fetch_pull_request(repository, pull).await?;
        let mut tx = analysis.store.begin(ctx).await?;
        store::save_commit(&mut tx, granted, scan.id, &fetched.hash, parted.as_ref()).await?;
        tx.commit().await?;
        self.fetched().await?;
        let head = self.looked_at(&Code { hash: &fetched.hash, ignored_as: parted.as_ref(), own: true }).await?;
        let base = match &parted {
            Some(parted) => self.looked_at(&Code { hash: parted, ignored_as: None, own: false }).await?,
            // They have nothing in common: all of it is new.
            None => Report { rules: Vec::new(), findings: Vec::new(), coverage: Default::default(), ..head.clone() },
        };
        self.save_change(pull, &fetched, parted.as_ref(), (base, head)).await
    }

    async fn save_change(
        &self,
        pull: &PullRequest,
        fetched: &Fetched,
        parted: Option<&CommitHash>,
        (base, head): (Report, Report),
    ) -> Result<()> {
        let Work { analysis, ctx, granted, scan, repository, .. } = self;
        self.saving(&head).await?;
        let change = match parted {
            Some(parted) => analysis.change_between(repository.id(), parted, &fetched.hash).await,
            None => Change::Unknown,
        };
        let compared = between(&base, &head, &change);
        let new = compared.is_new.iter().filter(|is_new| **is_new).count();
        let came = Came::of_change(&head, new, compared.gone);
        let until = ctx.now() + analysis.identity.retention().await?.report_days.duration();
        let before = self.keep(BASE, &base).await?;
        let after = self.keep(REPORT, &head).await?;
        let mut tx = analysis.store.begin(ctx).await?;
        // Cancelled meanwhile, as there is another head: then nothing of it counts.
        if store::lock(&mut tx, granted, scan.id).await?.status != Status::Running {
            return Ok(());
        }
        store::save_report(&mut tx, granted, scan.id, &before.artifact(until)).await?;
        store::save_report(&mut tx, granted, scan.id, &after.artifact(until)).await?;
        let ended = self.ended(&head, &came, (after.object.as_str(), until));
        let duration = store::complete(&mut tx, granted, scan, ended).await?;
        let of = ((pull.id, &fetched.hash), Some(scan.id.uuid()));
        analysis.forge.record_pull_request(&mut tx, granted, of.0, PullRequestStatus::Completed, of.1).await?;
        tx.emit(&ScanCompleted {
            repo_id: repository.id(),
            repository_id: repository.id(),
            scan_id: scan.id,
            total_vulns: came.open,
            new_vulns: came.new,
            fixed_vulns: came.fixed,
            duration,
            security_score: None,
        });
        say(&mut tx, pull, scan.id, Stage::Completed);
        tx.commit().await?;
        Ok(())
    }

    /// Says why nobody can say what a pull request brings.
    pub(crate) async fn fail_change(&self, tx: &mut Tx, pull: &PullRequest) -> Result<()> {
        let of = ((pull.id, &pull.head_sha), Some(self.scan.id.uuid()));
        let forge = &self.analysis.forge;
        forge.record_pull_request(tx, &self.granted, of.0, PullRequestStatus::Failed, of.1).await?;
        say(tx, pull, self.scan.id, Stage::Failed);
        Ok(())
    }
}

/// The pull request that a scan is of.
pub(crate) fn of_pull(scan: &Scan) -> Option<PullRequestId> {
    scan.pull_request_id.as_deref()?.parse().ok()
}

/// Tells those above that there is something to say of a pull request.
fn say(tx: &mut Tx, pull: &PullRequest, scan_id: ScanId, stage: Stage) {
    tx.emit(&ChangeAnalysis {
        repository_id: pull.repo_id,
        pull_request_id: pull.id,
        scan_id,
        head: pull.head_sha.clone(),
        stage,
    });
}
