//! The use cases of scans: starting, seeing, cancelling, reports.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use rampart_access::audit::{Audit, Record};
use rampart_access::{Ctx, Granted, Permission};
use rampart_events::Caused;
use rampart_findings::{Findings, FindingsImported, ReadFindings, Severity, VulnerabilitySummary, Whole};
use rampart_forge::{
    BranchName, Commit, CommitHash, Forge, Measured, PushReceived, RecordScans, Repository, RepositoryConnected,
    RepositoryDisconnected, RepositoryId, ScanStatus, Shown,
};
use rampart_identity::Identity;
use rampart_jobs::Jobs;
use rampart_kernel::{Origin, Timestamp, make_private_folder};
use rampart_objects::{ObjectName, Objects};
use rampart_report::model::Report;
use rampart_report::{csv, sarif};
use rampart_store::{Reader, Store, Tx};
use rampart_web::{Page, Paged};
use tokio::sync::Semaphore;

use crate::access::{ReadScans, RunScans};
use crate::error::Error;
use crate::events::{ScanCancelled, ScanQueued};
use crate::jobs::{AnalyzeCommit, SCAN_LIMIT, ScanRepository};
use crate::model::{Mode, Scan, ScanId, Status, Task, Trigger};
use crate::scanner::Scanner;
use crate::settings::AnalysisSettings;
use crate::store::{self, Filter, New};

pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// Repositories of one bulk request.
pub const MOST_AT_ONCE: usize = 100;

/// Bytes of a report that is handed out.
pub(crate) const LARGEST_REPORT: u64 = 256_000_000;

/// Documents that are rendered at the same time: each takes a processor for a second, and memory.
const RENDERED_AT_ONCE: usize = 2;

/// Findings that are shown with a scan or a commit.
pub const SHOWN: u32 = 100;

const DAY_MS: i64 = 24 * 3_600 * 1_000;

/// Reports that are removed in one transaction.
const FORGOTTEN: i64 = 100;

/// In the data folder: commits while they are scanned, and results of earlier scans.
const WORK: &str = "work";
const CACHE: &str = "scan-cache";

/// What the module stands on.
pub struct Ground {
    pub store: Store,
    pub audit: Audit,
    pub jobs: Jobs,
    pub objects: Objects,
    pub forge: Forge,
    pub findings: Findings,
    pub identity: Identity,
    pub scanner: Scanner,
    pub settings: AnalysisSettings,
    pub data_dir: PathBuf,
}

/// Clones are the same.
#[derive(Clone)]
pub struct Analysis {
    pub(crate) store: Store,
    pub(crate) audit: Audit,
    pub(crate) jobs: Jobs,
    pub(crate) objects: Objects,
    pub(crate) forge: Forge,
    pub(crate) findings: Findings,
    pub(crate) scanner: Scanner,
    pub(crate) identity: Identity,
    pub(crate) settings: AnalysisSettings,
    pub(crate) rendering: Arc<Semaphore>,
    pub(crate) data_dir: PathBuf,
}

/// What is to be scanned; where the default branch is, when nothing is said.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub branch: Option<BranchName>,
    pub hash: Option<CommitHash>,
    pub mode: Option<Mode>,
}

rampart_kernel::named! {
    /// In which form a report is handed out.
    pub enum Form {
        Json = "json",
        Sarif = "sarif",
        Csv = "csv",
        Html = "html",
        Pdf = "pdf",
    }
}

impl Form {
    pub fn content_type(self) -> &'static str {
        match self {
            Form::Json => "application/json",
            Form::Sarif => "application/sarif+json",
            Form::Csv => "text/csv; charset=utf-8",
            Form::Html => "text/html; charset=utf-8",
            Form::Pdf => "application/pdf",
        }
    }
}

impl Analysis {
    pub fn new(ground: Ground) -> Analysis {
        let Ground { store, audit, jobs, objects, forge, findings, identity, scanner, settings, data_dir } = ground;
        let rendering = Arc::new(Semaphore::new(RENDERED_AT_ONCE));
        Analysis { store, audit, jobs, objects, forge, findings, identity, settings, scanner, rendering, data_dir }
    }

    /// Queues a scan.
    ///
    /// # Errors
    /// [`Error::AlreadyRunning`] for a second full one; [`Error::Disconnected`]; when there is no such repository.
    pub async fn start(&self, ctx: &Ctx, id: RepositoryId, request: Request) -> Result<Scan> {
        let granted = ctx.require::<RunScans>()?;
        let most = self.scans_per_day(ctx).await?;
        let mut tx = self.store.begin(ctx).await?;
        store::take_turn(&mut tx, &granted).await?;
        count(&mut tx, &granted, ctx.now(), most, 1).await?;
        let scan = self.queue(&mut tx, &granted, id, request, Trigger::Manual).await?;
        self.audit
            .record(&mut tx, ctx, Record::new("scan.started", "scan").of(scan).detail("repository", id.to_string()))
            .await?;
        let scan = store::get(&mut tx, &granted, scan).await?;
        tx.commit().await?;
        Ok(scan)
    }

    /// Queues full scans of several repositories; for each what came of it.
    ///
    /// # Errors
    /// When the caller may not scan.
    pub async fn start_many(
        &self,
        ctx: &Ctx,
        ids: &[RepositoryId],
        mode: Mode,
    ) -> Result<Vec<(RepositoryId, Result<ScanId>)>> {
        let granted = ctx.require::<RunScans>()?;
        // All of them or none: who is told that some were begun has to find out which.
        let most = self.scans_per_day(ctx).await?;
        count(&mut self.store.read().await?, &granted, ctx.now(), most, ids.len()).await?;
        let mut outcomes = Vec::with_capacity(ids.len());
        for id in ids {
            let request = Request { mode: Some(mode), ..Request::default() };
            outcomes.push((*id, self.start(ctx, *id, request).await.map(|scan| scan.id)));
        }
        Ok(outcomes)
    }

    /// How many scans people may begin on one day; nothing when there is no most.
    pub(crate) async fn scans_per_day(&self, ctx: &Ctx) -> Result<Option<u32>> {
        Ok(self.settings.scans_per_day(self.identity.workspace(ctx).await?.tier.name()))
    }

    /// What was brought in is in the list of scans.
    pub(crate) async fn imported(&self, tx: &mut Tx, event: FindingsImported) -> Result<()> {
        let granted = of_system(tx.origin()).require::<RecordScans>()?;
        match self.forge.find_in(tx, &granted, event.repository_id).await {
            Ok(repository) => Ok(store::insert_import(tx, &granted, &event, &repository.default_branch).await?),
            // Gone meanwhile.
            Err(rampart_store::Error::NotFound) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The scan that was queued.
    pub(crate) async fn queue<P: Permission>(
        &self,
        tx: &mut Tx,
        granted: &Granted<P>,
        id: RepositoryId,
        request: Request,
        trigger: Trigger,
    ) -> Result<ScanId> {
        self.refuse_suspended(tx, granted).await?;
        // Whoever else queues one for it waits here.
        let repository = self.forge.lock_in(tx, granted, id).await?;
        if !repository.active {
            return Err(Error::Disconnected);
        }
        let mode = request.mode.unwrap_or(Mode::Full);
        if mode == Mode::Full && store::full_is_open(tx, granted, id).await? {
            return Err(Error::AlreadyRunning);
        }
        let scan: ScanId = tx.origin().new_id();
        let job =
            self.jobs.enqueue(tx, &ScanRepository { scan, repository: id }).await?.ok_or(Error::AlreadyRunning)?;
        let branch = request.branch.as_ref().unwrap_or(&repository.default_branch);
        let hash = request.hash.as_ref();
        enter(tx, granted, New { id: scan, repository: id, job, hash, branch, trigger, mode, pull: None }).await?;
        Ok(scan)
    }

    /// In a workspace that is suspended no scan is begun, whatever happens in its repositories.
    pub(crate) async fn refuse_suspended<P: Permission>(&self, tx: &mut Tx, granted: &Granted<P>) -> Result<()> {
        let suspended = self.identity.is_suspended_in(tx, granted.workspace()).await?;
        if suspended { Err(rampart_access::Error::Suspended.into()) } else { Ok(()) }
    }

    /// The first scan of a repository that was connected. One that waits already is as good.
    pub(crate) async fn connected(&self, tx: &mut Tx, event: RepositoryConnected) -> Result<()> {
        let (Some(hash), ctx) = (event.hash, of_system(tx.origin())) else { return Ok(()) };
        let granted = ctx.require::<RunScans>()?;
        let request = Request { branch: Some(event.branch), hash: Some(hash), mode: None };
        match self.queue(tx, &granted, event.repository_id, request, Trigger::Api).await {
            // Gone again, or somebody was quicker.
            Err(error) if error.is_no_turn() => Ok(()),
            other => other.map(drop),
        }
    }

    /// The scans of commits that were pushed.
    pub(crate) async fn pushed(&self, tx: &mut Tx, pushes: Vec<Caused<PushReceived>>) -> Result<()> {
        let granted = |it: &Caused<PushReceived>| of_system(&it.origin).require::<RunScans>();
        let granted: Vec<Granted<RunScans>> = pushes.iter().map(granted).collect::<Result<_, _>>()?;
        let places = granted.iter().zip(pushes.iter().map(|it| it.event.repository_id));
        let repositories = self.forge.find_all_in(tx, places).await?;
        let suspended = self.identity.suspended_in(tx, granted.iter().map(Granted::workspace)).await?;
        let is_wanted = |granted: &Granted<RunScans>, repository| {
            let found = repositories.get(&(granted.workspace(), repository));
            found.is_some_and(|it| it.active && it.summary.auto_scan_enabled)
                && !suspended.contains(&granted.workspace())
        };
        let job = |Caused { origin, event }: &Caused<PushReceived>| {
            let (scan, repository) = (origin.new_id(), event.repository_id);
            AnalyzeCommit { scan, repository, hash: event.hash.clone() }
        };
        let wanted = granted.iter().zip(&pushes).filter(|(granted, it)| is_wanted(granted, it.event.repository_id));
        let wanted: Vec<_> = wanted.map(|(granted, it)| (granted, it, job(it))).collect();
        let jobs = self.jobs.enqueue_all(tx, wanted.iter().map(|(_, it, job)| (&it.origin, job))).await?;
        let new = wanted.iter().zip(jobs).filter_map(|((granted, Caused { origin, event }, queued), job)| {
            let (id, repository, branch) = (queued.scan, queued.repository, &event.branch);
            let (trigger, mode) = (Trigger::Webhook, Mode::Incremental);
            // One that waits for the commit already is as good.
            let new = New { id, repository, job: job?, hash: Some(&event.hash), branch, trigger, mode, pull: None };
            Some((origin, *granted, new))
        });
        enter_all(tx, &new.collect::<Vec<_>>()).await
    }

    /// Of a repository that is looked at no more no scan is waited for.
    pub(crate) async fn disconnected(&self, tx: &mut Tx, event: RepositoryDisconnected) -> Result<()> {
        let ctx = of_system(tx.origin());
        let granted = ctx.require::<RunScans>()?;
        for (scan, job) in store::open(tx, &granted, event.repository_id).await? {
            store::end(tx, &granted, scan, Status::Cancelled, Some("the repository was disconnected")).await?;
            if let Some(job) = job {
                self.jobs.cancel_in(tx, job).await?;
            }
            tx.emit(&ScanCancelled { repository_id: event.repository_id, scan_id: scan });
        }
        Ok(())
    }

    /// Queues a full scan of every repository with automatic scans that has none; how many.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn start_all(&self, origin: &Origin) -> Result<u64> {
        let (mut started, mut after) = (0, None);
        loop {
            let found = self.forge.scheduled(after).await?;
            let Some((last, _)) = found.last() else { return Ok(started) };
            after = Some(*last);
            for (id, workspace) in found {
                let ctx = of_system(&origin.clone().in_workspace(Some(workspace)));
                let granted = ctx.require::<RunScans>()?;
                let mut tx = self.store.begin(&ctx).await?;
                match self.queue(&mut tx, &granted, id, Request::default(), Trigger::Scheduled).await {
                    Ok(_) => {
                        tx.commit().await?;
                        started += 1;
                    }
                    Err(error) if error.is_no_turn() => {}
                    Err(error) => return Err(error),
                }
            }
        }
    }

    /// # Errors
    /// When there is none in the caller's workspace.
    pub async fn get_scan(&self, ctx: &Ctx, id: ScanId) -> Result<(Scan, Vec<Task>)> {
        let granted = ctx.require::<ReadScans>()?;
        let mut reader = self.store.read().await?;
        let scan = store::get(&mut reader, &granted, id).await?;
        Ok((scan, store::tasks(&mut reader, &granted, id).await?))
    }

    /// Findings of a scan, the worst first; `state` is `new`, `existing` or `fixed`.
    ///
    /// # Errors
    /// When there is no such scan in the caller's workspace.
    pub async fn findings_of(
        &self,
        ctx: &Ctx,
        id: ScanId,
        (state, severity): (Option<&str>, Option<Severity>),
        page: Page,
    ) -> Result<Paged<VulnerabilitySummary>> {
        let granted = ctx.require::<ReadScans>()?;
        store::get(&mut self.store.read().await?, &granted, id).await?;
        Ok(self.findings.of_scan(ctx, id, state, severity, page).await?)
    }

    /// A commit, the last scan that looked at it, and what that saw, at most a hundred findings, the worst first.
    ///
    /// # Errors
    /// As [`Forge::get_commit`].
    pub async fn scan_of_commit(
        &self,
        ctx: &Ctx,
        digits: &str,
        repository: Option<RepositoryId>,
    ) -> Result<(Commit, Option<Scan>, Vec<Whole>)> {
        let commit = self.forge.get_commit(ctx, digits, repository).await?;
        let Some(id) = commit.scan_id.as_deref().and_then(|id| id.parse::<ScanId>().ok()) else {
            return Ok((commit, None, Vec::new()));
        };
        let (scan, _) = self.get_scan(ctx, id).await?;
        let seen = self.findings.wholes_of_scan(ctx, id, SHOWN).await?;
        Ok((commit, Some(scan), seen))
    }

    /// The newest first.
    ///
    /// # Errors
    /// When the caller has no part in the workspace.
    pub async fn list_scans(&self, ctx: &Ctx, filter: &Filter, page: Page) -> Result<Paged<Scan>> {
        let granted = ctx.require::<ReadScans>()?;
        let (items, total) = store::list(&mut self.store.read().await?, &granted, filter, page).await?;
        Ok(Paged { items, total, page })
    }

    /// Ends a scan that waits or runs. One that runs ends within some seconds.
    ///
    /// # Errors
    /// [`Error::Over`]; when there is none in the caller's workspace.
    pub async fn cancel(&self, ctx: &Ctx, id: ScanId) -> Result<Scan> {
        let granted = ctx.require::<RunScans>()?;
        let mut tx = self.store.begin(ctx).await?;
        let scan = store::lock(&mut tx, &granted, id).await?;
        if scan.status.is_over() {
            return Err(Error::Over);
        }
        store::end(&mut tx, &granted, id, Status::Cancelled, None).await?;
        if let Some(job) = store::job(&mut tx, &granted, id).await? {
            self.jobs.cancel_in(&mut tx, job).await?;
        }
        self.change_cancelled(&mut tx, &granted, &scan).await?;
        if scan.status == Status::Running && scan.pull_request_id.is_none() {
            let repository = self.forge.find_in(&mut tx, &granted, scan.repository_id).await?;
            let before =
                if repository.summary.last_scan_at.is_some() { ScanStatus::Completed } else { ScanStatus::Pending };
            let measured = Measured { status: before, progress: 0, size: None };
            self.forge.record_scan(&mut tx, &ctx.require::<RecordScans>()?, repository.id(), &measured).await?;
        }
        self.audit.record(&mut tx, ctx, Record::new("scan.cancelled", "scan").of(id)).await?;
        tx.emit(&ScanCancelled { repository_id: scan.repository_id, scan_id: id });
        let scan = store::get(&mut tx, &granted, id).await?;
        tx.commit().await?;
        Ok(scan)
    }

    /// The report of a scan.
    ///
    /// # Errors
    /// [`Error::ReportNotReady`], [`Error::ReportExpired`].
    pub async fn report(&self, ctx: &Ctx, id: ScanId, form: Form) -> Result<Vec<u8>> {
        if matches!(form, Form::Html | Form::Pdf) {
            return self.document_of_scan(ctx, id, form).await;
        }
        let granted = ctx.require::<ReadScans>()?;
        let (bytes, _) = self.report_bytes(ctx, &granted, id).await?;
        // Seconds of work for a large one: not on a thread that answers others.
        let rendered = tokio::task::spawn_blocking(move || render(&bytes, form)).await;
        rendered.map_err(|error| Error::Report(error.to_string()))?
    }

    /// The report as it was stored, and until when it is kept.
    pub(crate) async fn report_bytes(
        &self,
        ctx: &Ctx,
        granted: &Granted<ReadScans>,
        id: ScanId,
    ) -> Result<(Bytes, Timestamp)> {
        let kept = store::report(&mut self.store.read().await?, granted, id).await?;
        let (key, until) = kept.ok_or(Error::ReportNotReady)?;
        Ok((self.kept_bytes(ctx, &key, Some(until)).await?, until))
    }

    /// What is kept under a name until a time.
    ///
    /// # Errors
    /// [`Error::ReportExpired`]
    pub(crate) async fn kept_bytes(&self, ctx: &Ctx, object: &str, until: Option<Timestamp>) -> Result<Bytes> {
        let name: ObjectName = object.parse().map_err(|_| Error::ReportExpired)?;
        if until.is_some_and(|until| until <= ctx.now()) {
            return Err(Error::ReportExpired);
        }
        match self.objects.get(&name, None).await {
            Ok(object) => Ok(object.bytes(LARGEST_REPORT).await?),
            Err(rampart_objects::Error::NotFound) => Err(Error::ReportExpired),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes reports that were kept for as long as they are; how many.
    ///
    /// # Errors
    /// As the database and the object store answer.
    pub async fn forget_reports(&self, origin: &Origin) -> Result<u64> {
        let mut removed = 0;
        // What is kept for less long by now goes, however long was promised when it was made.
        let made_until = origin.now() - self.identity.retention().await?.report_days.duration();
        loop {
            let old = store::expired(&mut self.store.read().await?, origin.now(), made_until, FORGOTTEN).await?;
            if old.is_empty() {
                return Ok(removed);
            }
            // First the objects: of one whose row is gone nobody would know.
            for (_, object) in &old {
                if let Ok(name) = object.parse::<ObjectName>() {
                    self.objects.delete(&name).await?;
                }
            }
            let ids: Vec<_> = old.into_iter().map(|(id, _)| id).collect();
            let mut tx = self.store.begin(origin).await?;
            store::forget(&mut tx, &ids).await?;
            tx.commit().await?;
            removed += ids.len() as u64;
        }
    }

    /// A file of a commit that was fetched, and the open findings in it, at most a hundred.
    ///
    /// # Errors
    /// [`Error::Forge`] when there is none, or it cannot be shown.
    pub async fn show_file(
        &self,
        ctx: &Ctx,
        id: RepositoryId,
        path: &str,
        reference: Option<&str>,
    ) -> Result<(Shown, Vec<VulnerabilitySummary>)> {
        ctx.require::<ReadFindings>()?;
        let shown = self.forge.show_file(ctx, id, path, reference).await?;
        let filter = rampart_findings::Filter {
            repositories: vec![id],
            statuses: vec![rampart_findings::Status::Open],
            path: Some(path.to_owned()),
            ..rampart_findings::Filter::default()
        };
        let listed = self.findings.list(ctx, &filter, &[], Page { page: 1, limit: 100 }).await?;
        Ok((shown, listed.page.items))
    }

    pub(crate) fn work_folder(&self) -> PathBuf {
        self.data_dir.join(WORK)
    }

    pub(crate) fn cache_folder(&self, repository: &Repository) -> PathBuf {
        self.data_dir.join(CACHE).join(repository.id().to_string())
    }

    /// Removes what scans left that were cut off with their process. Another process may have scans under way in the same folder: what
    /// is younger than any scan can be is left.
    ///
    /// # Errors
    /// When the folder cannot be used.
    pub fn sweep(&self, origin: &Origin) -> Result<()> {
        let folder = self.work_folder();
        make_private_folder(&folder)?;
        let before = origin.now() - SCAN_LIMIT * 2;
        for entry in std::fs::read_dir(&folder).map_err(Error::Folder)?.flatten() {
            let modified = entry.metadata().and_then(|found| found.modified()).ok();
            let since = modified.and_then(|modified| modified.duration_since(std::time::UNIX_EPOCH).ok());
            let is_old = since.is_some_and(|since| since.as_millis() < u128::try_from(before.as_millis()).unwrap_or(0));
            if is_old && let Err(error) = std::fs::remove_dir_all(entry.path()) {
                tracing::warn!(%error, folder = %entry.path().display(), "what a scan left cannot be removed");
            }
        }
        Ok(())
    }
}

/// A scan whose job was queued becomes one that is seen.
pub(crate) async fn enter<P: Permission>(tx: &mut Tx, granted: &Granted<P>, new: New<'_>) -> Result<()> {
    let origin = tx.origin().clone();
    enter_all(tx, &[(&origin, granted, new)]).await
}

/// As [`enter`], of several, each with its cause.
async fn enter_all<P: Permission>(tx: &mut Tx, new: &[(&Origin, &Granted<P>, New<'_>)]) -> Result<()> {
    store::insert(tx, new).await?;
    for (origin, _, new) in new {
        tx.as_caused_by(origin.request_id.as_str(), origin.workspace);
        tx.emit(&ScanQueued { repository_id: new.repository, scan_id: new.id });
    }
    Ok(())
}

/// Refuses when so many scans more are more than may be begun on this day.
pub(crate) async fn count(
    reader: &mut Reader,
    granted: &Granted<RunScans>,
    now: Timestamp,
    most: Option<u32>,
    more: usize,
) -> Result<()> {
    let Some(most) = most else { return Ok(()) };
    let day = Timestamp::from_millis(now.as_millis() - now.as_millis().rem_euclid(DAY_MS));
    let used = store::begun_since(reader, granted, day).await?;
    if used.saturating_add(u32::try_from(more).unwrap_or(u32::MAX)) > most {
        let wait = Duration::from_millis(u64::try_from(DAY_MS - (now.as_millis() - day.as_millis())).unwrap_or(0));
        return Err(Error::QuotaExceeded { most, used, wait });
    }
    Ok(())
}

/// The program itself, in the workspace of what caused it.
pub(crate) fn of_system(origin: &Origin) -> Ctx {
    Ctx::of_system(origin.clone(), "analysis")
}

fn render(bytes: &Bytes, form: Form) -> Result<Vec<u8>> {
    let failed = |error: &dyn std::fmt::Display| Error::Report(error.to_string());
    if form == Form::Json {
        return Ok(bytes.to_vec());
    }
    let report: Report = serde_json::from_slice(bytes).map_err(|error| failed(&error))?;
    let mut out = Vec::with_capacity(bytes.len());
    let written = match form {
        Form::Json | Form::Html | Form::Pdf => Ok(()),
        Form::Sarif => sarif::write(&report, &mut out),
        Form::Csv => csv::write(&report, &mut out),
    };
    written.map_err(|error| failed(&error))?;
    Ok(out)
}
