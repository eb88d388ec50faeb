//! A commit looked at: as it was the last time, or checked out and scanned by a process of its own.

use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use rampart_findings::identity::{Change, FileChange, Hunk};
use rampart_forge::git::{LeftOut, Moved, Replaced, Terms};
use rampart_forge::{CommitHash, RepositoryId};
use rampart_kernel::make_private_folder;
use rampart_report::model::{IGNORE_FILES, Report, SkipReason, Skipped};

use crate::error::Error;
use crate::events::CacheHit;
use crate::jobs::SCAN_LIMIT;
use crate::model::Phase;
use crate::outcome::language;
use crate::run::{FETCHED, SCANNED, Work};
use crate::scanner::{Job, Progress};
use crate::service::{Analysis, Result};
use crate::store;

/// How often it is written down how far a scan is.
const PACE: Duration = Duration::from_secs(5);

/// What a scan came to stands for another of the same code for this long.
const CACHE_KEPT: Duration = Duration::from_secs(7 * 24 * 3_600);

/// Larger files are not scanned, and need not be written out for that.
const FILE_BYTES: u64 = 1_000_000;

/// What is looked at.
#[derive(Clone, Copy)]
pub(crate) struct Code<'a> {
    pub hash: &'a CommitHash,
    /// The commit whose ignore files count: a change does not say what of it is looked at.
    pub ignored_as: Option<&'a CommitHash>,
    /// Whether the scan is of this commit.
    pub own: bool,
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

fn hunk(replaced: Replaced) -> Hunk {
    let Replaced { old_start, old_lines, new_start, new_lines } = replaced;
    Hunk { old_start, old_lines, new_start, new_lines }
}
