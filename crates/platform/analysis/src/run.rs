//! A scan from its turn to its end: fetch, check out, scan, save.
//!
//! Runs again from its beginning when the process was cut off; what it wrote before its last transaction is an object and files of
//! its own, which the next run replaces.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use rampart_access::{Ctx, Granted};
use rampart_findings::identity::{Change, FileChange, Hunk};
use rampart_findings::{Comparison, Ingest, Ingested, Plan, Scope, Severity};
use rampart_forge::git::{LeftOut, Moved, Replaced, Terms};
use rampart_forge::{
    CommitHash, CommitStatus, Fetched, Measured, PullRequest, PullRequestStatus, RecordScans, Repository, RepositoryId,
    ScanStatus,
};
use rampart_jobs::{Failure, Run};
use rampart_kernel::{Id, Timestamp, make_private_folder};
use rampart_objects::{ObjectName, Stored};
use rampart_report::model::{IGNORE_FILES, Report, SkipReason, Skipped};
use rampart_store::Tx;
use serde_json::{Value, json};

use crate::error::Error;
use crate::events::{CacheHit, ScanCompleted, ScanFailed, ScanProgress, ScanStarted};
use crate::jobs::{ATTEMPTS, SCAN_LIMIT};
use crate::model::{Phase, Scan, ScanId, Status};
use crate::pulls::of_pull;
use crate::scanner::{Job, Progress};
use crate::service::{Analysis, Result, of_system};
use crate::store::{self, Artifact, Ended};

/// How often it is written down how far a scan is.
const PACE: Duration = Duration::from_secs(5);

/// Where the parts of a scan begin and end, of a hundred.
const FETCHED: u32 = 10;
const SCANNED: u32 = 90;

/// What a scan came to stands for another of the same code for this long.
const CACHE_KEPT: Duration = Duration::from_secs(7 * 24 * 3_600);

/// The names of what is kept of a scan: the report, and for a pull request that of where the change began.
pub(crate) const REPORT: &str = "report";
pub(crate) const BASE: &str = "base";

/// Reports are kept this long.
pub(crate) const REPORT_KEPT: Duration = Duration::from_secs(90 * 24 * 3_600);

/// Larger files are not scanned, and need not be written out for that.
const FILE_BYTES: u64 = 1_000_000;

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

/// What is looked at.
#[derive(Clone, Copy)]
pub(crate) struct Code<'a> {
    pub hash: &'a CommitHash,
    /// The commit whose ignore files count: a change does not say what of it is looked at.
    pub ignored_as: Option<&'a CommitHash>,
    /// Whether the scan is of this commit.
    pub own: bool,
}

/// A report that was put away.
pub(crate) struct Kept {
    pub object: ObjectName,
    stored: Stored,
}

impl Kept {
    pub fn artifact(&self, expires_at: Timestamp) -> Artifact<'_> {
        Artifact {
            object: self.object.as_str(),
            sha256: &self.stored.sha256,
            size_bytes: i64::try_from(self.stored.size_bytes).unwrap_or(i64::MAX),
            content_type: "application/json",
            expires_at,
        }
    }
}

impl Analysis {
    /// Runs a scan, unless it is over already.
    ///
    /// # Errors
    /// When it failed: for good, or so that it is tried again.
    pub(crate) async fn run(&self, run: &Run, id: ScanId) -> Result<(), Failure> {
        let Some(work) = self.begin(run, id).await.map_err(Failure::retry)? else { return Ok(()) };
        let limit = SCAN_LIMIT;
        let done = match tokio::time::timeout(limit, work.run()).await {
            Ok(done) => done,
            Err(_) => Err(Error::Scanner(crate::scanner::Error::TookTooLong(limit))),
        };
        let Err(error) = done else { return Ok(()) };
        if error.may_pass() && run.attempt < ATTEMPTS {
            work.note(&error).await.map_err(Failure::retry)?;
            return Err(Failure::retry(error));
        }
        work.fail(&error).await.map_err(Failure::retry)?;
        Err(Failure::fatal(error))
    }

    async fn begin(&self, run: &Run, id: ScanId) -> Result<Option<Work<'_>>> {
        let ctx = of_system(&run.origin);
        let granted = ctx.require::<RecordScans>()?;
        let mut tx = self.store.begin(&ctx).await?;
        let scan = match store::lock(&mut tx, &granted, id).await {
            Ok(scan) if !scan.status.is_over() => scan,
            // Cancelled, or its repository is gone.
            Ok(_) | Err(rampart_store::Error::NotFound) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let repository = self.forge.find_in(&mut tx, &granted, scan.repository_id).await?;
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

impl Analysis {
    /// What git says happened from one commit to another. Of one that was rewritten away and swept up nobody can say.
    pub(crate) async fn change_between(&self, id: RepositoryId, from: &CommitHash, to: &CommitHash) -> Change {
        let Ok(moved) = self.forge.moved(id, from, to).await else { return Change::Unknown };
        let file = |file: Moved| {
            let change = match (file.to, file.lines) {
                (None, _) => FileChange::deleted(),
                (Some(to), None) => FileChange::somewhere(&to),
                (Some(to), Some(lines)) => FileChange::new(&to, lines.into_iter().map(hunk).collect()),
            };
            (file.from, change)
        };
        Change::Between(moved.into_iter().map(file).collect())
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

    /// What a commit that was fetched comes to; as it was the last time, if that is known.
    pub(crate) async fn looked_at(&self, code: &Code<'_>) -> Result<Report> {
        if let Some(report) = self.known(code).await? {
            return Ok(report);
        }
        let folder = self.analysis.work_folder();
        make_private_folder(&folder)?;
        // Goes away with its content, however this ends.
        let work = tempfile::Builder::new().prefix("scan-").tempdir_in(&folder).map_err(Error::Folder)?;
        let mut report = self.scan(code, work.path()).await?;
        // The files are not needed any more; removing them takes a while.
        tokio::task::spawn_blocking(move || drop(work));
        report.sort();
        Ok(report)
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

    /// What an earlier scan of the same commit came to, by the same scanner and with the same settings.
    async fn known(&self, code: &Code<'_>) -> Result<Option<Report>> {
        let Work { analysis, ctx, granted, scan, repository, .. } = self;
        let Some(scanner) = &analysis.scanner.identity else { return Ok(None) };
        let settings = &repository.settings;
        let parts = (scanner, code.hash, code.ignored_as, &settings.exclude_paths, &settings.languages);
        let parts = serde_json::to_vec(&parts).map_err(|error| Error::Report(error.to_string()))?;
        let code_hash = blake3::hash(&parts).to_hex().to_string();
        let since = ctx.now() - CACHE_KEPT;
        let mut reader = analysis.store.read().await?;
        let earlier = store::same_code(&mut reader, granted, repository.id(), &code_hash, since).await?;
        drop(reader);
        let report = match earlier {
            Some((_, object)) => self.stored(&object).await,
            None => None,
        };
        if !code.own {
            return Ok(report);
        }
        let mut tx = analysis.store.begin(ctx).await?;
        store::save_code(&mut tx, granted, scan.id, &code_hash, report.is_some()).await?;
        if let Some(report) = &report {
            let language = language(report);
            tx.emit(&CacheHit { repository_id: repository.id(), session_id: scan.id, code_hash, language });
        }
        tx.commit().await?;
        Ok(report)
    }

    /// A report of an earlier scan; nothing when it cannot be had: then it is scanned.
    async fn stored(&self, object: &str) -> Option<Report> {
        let object = self.analysis.objects.get(&object.parse().ok()?, None).await.ok()?;
        let bytes = object.bytes(crate::service::LARGEST_REPORT).await.ok()?;
        tokio::task::spawn_blocking(move || serde_json::from_slice(&bytes).ok()).await.ok()?
    }

    async fn scan(&self, code: &Code<'_>, work: &Path) -> Result<Report> {
        let (root, file) = (work.join("commit"), work.join("report.json"));
        make_private_folder(&root)?;
        let cache = self.analysis.cache_folder(&self.repository);
        make_private_folder(&cache)?;
        let terms = Terms { file_bytes: FILE_BYTES, instead: code.ignored_as.map(|other| (other, &IGNORE_FILES[..])) };
        let checkout = self.analysis.forge.checkout(self.repository.id(), code.hash, &root, terms).await?;
        let settings = &self.repository.settings;
        let job = Job {
            root: &root,
            report: &file,
            cache: &cache,
            exclude: &settings.exclude_paths,
            languages: &settings.languages,
            threads: self.analysis.scanner.threads,
        };
        let told = Mutex::new(Instant::now());
        let progress = |Progress { done, total }: Progress| {
            let due = {
                let mut told = told.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                let due = told.elapsed() >= PACE;
                if due {
                    *told = Instant::now();
                }
                due
            };
            async move {
                let part = u64::from(SCANNED - FETCHED) * u64::from(done) / u64::from(total.max(1));
                let percent = FETCHED + u32::try_from(part).unwrap_or(0).min(SCANNED - FETCHED);
                // How far it is is no reason to end it.
                if due && let Err(error) = self.progress(Phase::Static, percent, done).await {
                    tracing::warn!(%error, scan = %self.scan.id, "cannot say how far a scan is");
                }
            }
        };
        let mut report = self.analysis.scanner.scan(&job, SCAN_LIMIT, progress).await?;
        report.root.clone_from(&self.repository.summary.full_name);
        report.coverage.skipped.extend(checkout.left_out.into_iter().map(left_out));
        Ok(report)
    }

    async fn save(&self, fetched: &Fetched, report: Report) -> Result<()> {
        let Work { analysis, ctx, granted, scan, repository, .. } = self;
        self.saving(&report).await?;
        let kept = self.keep(REPORT, &report).await?;
        let until = ctx.now() + REPORT_KEPT;

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

    /// Puts a report away under a name of the scan; a run that is repeated replaces it.
    pub(crate) async fn keep(&self, name: &str, report: &Report) -> Result<Kept> {
        let object = object_of(&self.scan, name)?;
        let bytes = serde_json::to_vec(report).map_err(|error| Error::Report(error.to_string()))?;
        let stored = self.analysis.objects.put_bytes(&object, bytes.into()).await?;
        Ok(Kept { object, stored })
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

    pub(crate) fn ended<'o>(&self, report: &Report, came: &Came, (object, until): (&'o str, Timestamp)) -> Ended<'o> {
        let coverage = &report.coverage;
        Ended {
            files: number(coverage.files_scanned),
            lines: number(coverage.lines_scanned),
            open: came.open,
            new: came.new,
            fixed: came.fixed,
            severities: came.severities.clone(),
            summary: summary(report, came.score),
            report: object,
            report_until: until,
        }
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

    async fn progress(&self, phase: Phase, percent: u32, files: u32) -> Result<()> {
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

/// Where a report of a scan is kept.
pub(crate) fn object_of(scan: &Scan, name: &str) -> Result<ObjectName> {
    let object = ObjectName::of(scan.workspace, &format!("scans/{}/{name}.json", scan.id));
    object.map_err(|error| Error::Report(error.to_string()))
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

fn left_out((path, why): (String, LeftOut)) -> Skipped {
    let (reason, detail) = match why {
        LeftOut::Link => (SkipReason::NotAFile, "symbolic link".to_owned()),
        LeftOut::Submodule => (SkipReason::NotAFile, "submodule".to_owned()),
        LeftOut::TooLarge { bytes } => (SkipReason::TooLarge, format!("{bytes} bytes, the limit is {FILE_BYTES}")),
        LeftOut::Name => (SkipReason::Other, "a name that is not written to disk".to_owned()),
        LeftOut::Taken => (SkipReason::Other, "another file of the commit has its place".to_owned()),
    };
    Skipped { path, reason, detail }
}

/// What is to come of a scan.
enum Planned {
    /// Findings of the repository, of its default branch.
    Recorded(Box<Plan>),
    /// What would be, of another branch.
    Compared(Comparison),
}

/// What a scan came to, in the numbers that are shown of it.
pub(crate) struct Came {
    pub open: u32,
    pub new: u32,
    pub fixed: u32,
    pub severities: Value,
    pub score: Option<u32>,
}

impl Came {
    fn recorded(ingested: &Ingested) -> Came {
        let counts = ingested.severity_counts.iter();
        let severities = counts.map(|(severity, count)| (severity.name().to_owned(), json!(count))).collect();
        Came {
            open: number(ingested.open),
            new: number(ingested.new),
            fixed: number(ingested.fixed),
            severities: Value::Object(severities),
            score: ingested.score,
        }
    }

    /// Of another branch: what would be.
    fn compared(report: &Report, comparison: &Comparison) -> Came {
        let new = comparison.known.iter().filter(|known| known.is_none()).count();
        Came::of_change(report, new, comparison.fixed.len())
    }

    /// Of a change that is no part of the default branch.
    pub fn of_change(report: &Report, new: usize, fixed: usize) -> Came {
        let mut counts: BTreeMap<Severity, u64> = BTreeMap::new();
        for finding in report.active() {
            *counts.entry(finding.severity.into()).or_default() += 1;
        }
        let severities = counts.iter().map(|(severity, count)| (severity.name().to_owned(), json!(count))).collect();
        Came {
            open: number(counts.values().sum()),
            new: number(new as u64),
            fixed: number(fixed as u64),
            severities: Value::Object(severities),
            score: None,
        }
    }
}

fn hunk(replaced: Replaced) -> Hunk {
    let Replaced { old_start, old_lines, new_start, new_lines } = replaced;
    Hunk { old_start, old_lines, new_start, new_lines }
}

fn number(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// That of most files.
fn language(report: &Report) -> Option<String> {
    report.coverage.files_by_language.iter().max_by_key(|(_, files)| **files).map(|(name, _)| name.clone())
}

/// What was looked at, in numbers: what was left out is a part of every answer.
fn summary(report: &Report, score: Option<u32>) -> serde_json::Value {
    let coverage = &report.coverage;
    json!({
        "filesScanned": coverage.files_scanned,
        "filesSkipped": coverage.skipped.len(),
        "filesPartlyUnderstood": coverage.partially_parsed.len(),
        "rulesRun": coverage.rules_run,
        "complete": coverage.complete,
        "limits": coverage.limits,
        "wallMs": coverage.wall_ms,
        "securityScore": score,
    })
}
