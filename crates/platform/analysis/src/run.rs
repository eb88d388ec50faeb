//! A scan from its turn to its end: fetch, check out, scan, save.
//!
//! Runs again from its beginning when the process was cut off; what it wrote before its last transaction is an object and files of
//! its own, which the next run replaces.

use std::collections::HashSet;
use std::time::Duration;

use rampart_access::{Ctx, Granted};
use rampart_findings::identity::Change;
use rampart_findings::{Comparison, Ingest, Plan, Scope};
use rampart_forge::{
    CommitHash, CommitStatus, Fetched, Measured, PullRequest, PullRequestStatus, RecordScans, Repository, ScanStatus,
};
use rampart_jobs::{Failure, Run};
use rampart_kernel::{Id, Timestamp};
use rampart_report::model::Report;
use rampart_store::Tx;

use crate::error::Error;
use crate::events::{ScanCancelled, ScanCompleted, ScanFailed, ScanProgress, ScanStarted};
use crate::jobs::SCAN_LIMIT;
use crate::look::Code;
use crate::model::{Phase, Scan, ScanId, Status};
use crate::outcome::{Came, REPORT, language, number};
use crate::pulls::of_pull;
use crate::service::{Analysis, Result, of_system};
use crate::store;

/// Where the parts of a scan begin and end, of a hundred.
pub(crate) const FETCHED: u32 = 10;
pub(crate) const SCANNED: u32 = 90;

/// Until it is looked again whether there is space for a scan.
const SPACE_PAUSE: Duration = Duration::from_secs(30);

/// Times that saving is tried, when others change findings of the repository at the same time.
const SAVES: usize = 5;

/// A scan that is under way.
pub(crate) struct Work<'a> {
    pub(crate) analysis: &'a Analysis,
    pub(crate) ctx: Ctx,
    pub(crate) granted: Granted<RecordScans>,
    pub(crate) scan: Scan,
    pub(crate) repository: Repository,
    /// The one that it looks at, if it does.
    pull: Option<PullRequest>,
}

impl Analysis {
    /// Runs a scan, unless it is over already.
    ///
    /// # Errors
    /// When it failed: for good, or so that it is tried again.
    pub(crate) async fn run(&self, run: &Run, id: ScanId) -> Result<(), Failure> {
        if let Some(why) = self.space(run, id).await.map_err(Failure::retry)? {
            return Err(Failure::PutOff(SPACE_PAUSE, why));
        }
        let Some(work) = self.begin(run, id).await.map_err(Failure::retry)? else { return Ok(()) };
        let limit = SCAN_LIMIT;
        let done = match tokio::time::timeout(limit, work.run()).await {
            Ok(done) => done,
            Err(_) => Err(Error::Scanner(crate::scanner::Error::TookTooLong(limit))),
        };
        let Err(error) = done else { return Ok(()) };
        if error.may_pass() && !run.is_last {
            work.note(&error).await.map_err(Failure::retry)?;
            return Err(Failure::retry(error));
        }
        work.fail(&error).await.map_err(Failure::retry)?;
        Err(Failure::fatal(error))
    }

    /// The database must be able to write what is told and decided, whatever repositories take. Why it waits, where it does not.
    async fn space(&self, run: &Run, id: ScanId) -> Result<Option<String>> {
        let free = rampart_kernel::free_space(&self.data_dir);
        let free = free.map_err(|error| rampart_store::Error::Unexpected(error.into()))?;
        let reserve = self.settings.disk_reserve.0 as u64;
        if free >= reserve {
            return Ok(None);
        }
        let (free, reserve) = (free / 1_000_000, reserve / 1_000_000);
        let why = format!(
            "waits for space: the data folder has {free} MB left, and {reserve} MB are kept free (DISK_RESERVE)"
        );
        let ctx = of_system(&run.origin);
        let granted = ctx.require::<RecordScans>()?;
        let mut tx = self.store.begin(&ctx).await?;
        store::note_error(&mut tx, &granted, id, &why).await?;
        tx.commit().await?;
        Ok(Some(why))
    }

    async fn begin(&self, run: &Run, id: ScanId) -> Result<Option<Work<'_>>> {
        let ctx = of_system(&run.origin);
        let granted = ctx.require::<RecordScans>()?;
        let mut tx = self.store.begin(&ctx).await?;
        let scan = match store::lock(&mut tx, &granted, id).await {
            Ok(scan) if !scan.status.is_over() => scan,
            // It failed, and its job was put back by hand: then the tries begin anew.
            Ok(scan) if scan.status == Status::Failed && run.attempt == 1 => scan,
            // Cancelled, or its repository is gone.
            Ok(_) | Err(rampart_store::Error::NotFound) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let repository = self.forge.find_in(&mut tx, &granted, scan.repository_id).await?;
        if self.identity.is_suspended_in(&mut tx, repository.workspace).await? {
            store::end(&mut tx, &granted, id, Status::Cancelled, Some("the workspace is suspended")).await?;
            self.change_cancelled(&mut tx, &granted, &scan).await?;
            tx.emit(&ScanCancelled { repository_id: scan.repository_id, scan_id: id });
            tx.commit().await?;
            return Ok(None);
        }
        let pull = match of_pull(&scan) {
            Some(pull) => Some(self.forge.lock_pull_request_in(&mut tx, &granted, pull).await?),
            None => None,
        };
        store::begin(&mut tx, &granted, id).await?;
        let scan = store::get(&mut tx, &granted, id).await?;
        let work = Work { analysis: self, ctx, granted, scan, repository, pull };
        work.stand(&mut tx, ScanStatus::Scanning, (work.scan.commit_hash.as_ref(), CommitStatus::Analyzing)).await?;
        tx.emit(&ScanStarted {
            repo_id: work.repository.id(),
            repository_id: work.repository.id(),
            scan_id: id,
            start_time: work.ctx.now(),
            trigger: work.scan.trigger_type,
        });
        tx.commit().await?;
        Ok(Some(work))
    }
}

impl Work<'_> {
    async fn run(&self) -> Result<()> {
        if let Some(pull) = &self.pull {
            return self.run_change(pull).await;
        }
        let fetched = self.fetch().await?;
        let report = self.looked_at(&Code { hash: &fetched.hash, ignored_as: None, own: true }).await?;
        self.save(&fetched, report).await
    }

    /// Where the scan stands, as repository and commit or pull request show it. The repository is shown by its branches alone.
    async fn stand(
        &self,
        tx: &mut Tx,
        status: ScanStatus,
        (hash, commit): (Option<&CommitHash>, CommitStatus),
    ) -> Result<()> {
        let (forge, granted, id) = (&self.analysis.forge, &self.granted, self.scan.id.uuid());
        if let Some(pull) = &self.pull {
            if commit == CommitStatus::Analyzing {
                let (of, status) = ((pull.id, &pull.head_sha), PullRequestStatus::Analyzing);
                forge.record_pull_request(tx, granted, of, status, Some(id)).await?;
            }
            return Ok(());
        }
        let standing = Measured { status, progress: 0, size: None };
        forge.record_scan(tx, granted, self.repository.id(), &standing).await?;
        if let Some(hash) = hash {
            forge.record_commit(tx, granted, (self.repository.id(), hash), commit, Some((id, None))).await?;
        }
        Ok(())
    }

    /// The commit is here.
    pub(crate) async fn fetched(&self) -> Result<()> {
        self.progress(Phase::Static, FETCHED, 0).await
    }

    /// All was looked at.
    pub(crate) async fn saving(&self, report: &Report) -> Result<()> {
        self.progress(Phase::Save, SCANNED, number(report.coverage.files_scanned)).await
    }

    async fn fetch(&self) -> Result<Fetched> {
        let Scan { branch, commit_hash, .. } = &self.scan;
        let forge = &self.analysis.forge;
        let fetched = forge.fetch(&self.repository, branch.as_ref(), commit_hash.as_ref()).await?;
        let mut tx = self.analysis.store.begin(&self.ctx).await?;
        let parent = fetched.described.parent.as_ref();
        store::save_commit(&mut tx, &self.granted, self.scan.id, &fetched.hash, parent).await?;
        forge.describe_commit(&mut tx, &self.granted, self.repository.id(), &fetched).await?;
        let (commit, of) = ((self.repository.id(), &fetched.hash), Some((self.scan.id.uuid(), None)));
        forge.record_commit(&mut tx, &self.granted, commit, CommitStatus::Analyzing, of).await?;
        self.tell(&mut tx, Phase::Static, FETCHED, 0).await?;
        tx.commit().await?;
        Ok(fetched)
    }

    async fn save(&self, fetched: &Fetched, report: Report) -> Result<()> {
        let Work { analysis, ctx, granted, scan, repository, .. } = self;
        self.saving(&report).await?;
        let kept = self.keep(REPORT, &report).await?;
        let until = ctx.now() + analysis.identity.retention().await?.report_days.duration();

        let files: HashSet<String> = analysis.forge.files(repository.id(), &fetched.hash).await?.into_iter().collect();
        // What is on other branches is no finding of the repository yet.
        let counts = fetched.branch == repository.default_branch;
        for attempt in 1.. {
            let ingest = Ingest {
                repository: repository.id(),
                scan: scan.id,
                report: &report,
                scope: Scope::Whole,
                change: self.change(&fetched.hash).await?,
                files: Some(files.clone()),
            };
            let planned = if counts {
                Planned::Recorded(Box::new(analysis.findings.plan(ctx, &ingest).await?))
            } else {
                Planned::Compared(analysis.findings.compare(granted, &ingest).await?)
            };
            let mut tx = analysis.store.begin(ctx).await?;
            // Cancelled meanwhile: then nothing of it counts.
            if store::lock(&mut tx, granted, scan.id).await?.status != Status::Running {
                return Ok(());
            }
            let came = match planned {
                Planned::Compared(compared) => Came::compared(&report, &compared),
                Planned::Recorded(plan) => match analysis.findings.record(&mut tx, granted, &plan).await {
                    Err(rampart_findings::Error::Outdated) if attempt < SAVES => {
                        tx.roll_back().await?;
                        continue;
                    }
                    recorded => Came::recorded(&recorded?),
                },
            };
            store::save_report(&mut tx, granted, scan.id, &kept.artifact(until)).await?;
            let object = (kept.object.as_str(), until);
            let duration = self.complete(&mut tx, fetched, &report, &came, object).await?;
            tx.emit(&ScanCompleted {
                repo_id: repository.id(),
                repository_id: repository.id(),
                scan_id: scan.id,
                total_vulns: came.open,
                new_vulns: came.new,
                fixed_vulns: came.fixed,
                duration,
                security_score: came.score,
            });
            tx.commit().await?;
            return Ok(());
        }
        Ok(())
    }

    /// Scan, commit and repository as they are now; how long the scan took, in milliseconds.
    async fn complete(
        &self,
        tx: &mut Tx,
        fetched: &Fetched,
        report: &Report,
        came: &Came,
        (object, until): (&str, Timestamp),
    ) -> Result<i64> {
        let Work { analysis, granted, scan, repository, .. } = self;
        let ended = self.ended(report, came, (object, until));
        let (files, lines) = (ended.files, ended.lines);
        let duration = store::complete(tx, granted, scan, ended).await?;
        let language = language(report);
        let size = (fetched.branch == repository.default_branch).then_some((files, lines, language));
        let measured = Measured { status: ScanStatus::Completed, progress: 100, size };
        analysis.forge.record_scan(tx, granted, repository.id(), &measured).await?;
        let (commit, of) = ((repository.id(), &fetched.hash), (scan.id.uuid(), Some(came.open)));
        analysis.forge.record_commit(tx, granted, commit, CommitStatus::Completed, Some(of)).await?;
        Ok(duration)
    }

    /// What happened since the commit in which findings were last placed.
    async fn change(&self, hash: &CommitHash) -> Result<Change> {
        let Work { analysis, granted, repository, .. } = self;
        let mut reader = analysis.store.read().await?;
        let last = store::last_commit(&mut reader, granted, repository.id(), &repository.default_branch).await?;
        drop(reader);
        let Some(last) = last else { return Ok(Change::Unknown) };
        Ok(analysis.change_between(repository.id(), &last, hash).await)
    }

    pub(crate) async fn progress(&self, phase: Phase, percent: u32, files: u32) -> Result<()> {
        let mut tx = self.analysis.store.begin(&self.ctx).await?;
        self.tell(&mut tx, phase, percent, files).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn tell(&self, tx: &mut Tx, phase: Phase, percent: u32, files: u32) -> Result<()> {
        let (scan, repository) = (self.scan.id, self.repository.id());
        if !store::progress(tx, &self.granted, scan, (phase, percent, files)).await? {
            return Ok(());
        }
        if self.pull.is_none() {
            let standing = Measured { status: ScanStatus::Scanning, progress: percent, size: None };
            self.analysis.forge.record_scan(tx, &self.granted, repository, &standing).await?;
        }
        tx.emit(&ScanProgress {
            repo_id: repository,
            repository_id: repository,
            scan_id: scan,
            progress: percent,
            phase,
            files_scanned: files,
        });
        Ok(())
    }

    /// It is tried again; meanwhile people can see why.
    async fn note(&self, error: &Error) -> Result<()> {
        let mut tx = self.analysis.store.begin(&self.ctx).await?;
        store::note_error(&mut tx, &self.granted, self.scan.id, &said(error)).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn fail(&self, error: &Error) -> Result<()> {
        let Work { analysis, ctx, granted, scan, repository, .. } = self;
        tracing::warn!(%error, scan = %scan.id, "a scan failed");
        let mut tx = analysis.store.begin(ctx).await?;
        let now = store::lock(&mut tx, granted, scan.id).await?;
        if now.status.is_over() {
            return Ok(());
        }
        let said = said(error);
        store::end(&mut tx, granted, scan.id, Status::Failed, Some(&said)).await?;
        self.stand(&mut tx, ScanStatus::Failed, (now.commit_hash.as_ref(), CommitStatus::Failed)).await?;
        if let Some(pull) = &self.pull {
            self.fail_change(&mut tx, pull).await?;
        }
        let (repo_id, repository_id) = (repository.id(), repository.id());
        tx.emit(&ScanFailed { repo_id, repository_id, scan_id: scan.id, error: said });
        tx.commit().await?;
        Ok(())
    }
}

/// For people of the workspace: what is wrong with a repository is told, what is wrong with this machine is in the log.
fn said(error: &Error) -> String {
    match error {
        Error::Forge(error @ rampart_forge::Error::Git(git)) if !git.may_pass() => error.to_string(),
        Error::Forge(error @ (rampart_forge::Error::ProviderNotConfigured(_) | rampart_forge::Error::NotLinked(_))) => {
            error.to_string()
        }
        Error::Scanner(error @ (crate::scanner::Error::TookTooLong(_) | crate::scanner::Error::TooMuch)) => {
            error.to_string()
        }
        Error::Findings(error @ rampart_findings::Error::TooMany { .. }) => error.to_string(),
        _ => "something went wrong on our side; the log of the server says what".to_owned(),
    }
}

/// What is to come of a scan.
enum Planned {
    /// Findings of the repository, of its default branch.
    Recorded(Box<Plan>),
    /// What would be, of another branch.
    Compared(Comparison),
}
