//! A scan from paths to a report: walk, read, run, suppress, fingerprint, supervise.
//!
//! Owns the way a file goes and what happens when a file is too much for the engine. Knows no language and no rule: those are
//! `rampart-syntax` and `rampart-rules`. Never touches the network, the clock of the day or the environment.
//!
//! [`scan`] runs in this process; [`supervise::scan`] runs the same in a child process that may die, and is what programs use
//! on files they do not trust. Both give the same [`Outcome`] for the same files and rules at any number of threads.

pub mod baseline;
pub mod cache;
mod confine;
mod file;
mod fingerprint;
pub mod fix;
mod follow;
mod outcome;
mod preview;
mod read;
mod rules;
mod run;
pub mod settings;
pub mod supervise;
mod suppress;
pub mod walk;
mod wire;
pub mod worker;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rampart_report::model::Severity;
use rampart_syntax::Lang;
use serde::{Deserialize, Serialize};

pub use confine::prefer_small_pages;
pub use outcome::{Outcome, Slow, Spent};
pub use rampart_rules::Reach;
pub use read::{Decoded, Lines, Refused, decode};
pub use rules::{Loaded, load_rules as load, problem, read_all, rule_info, severity};
pub use run::on_big_stack;
pub use suppress::stands_for;

/// How the names of rule files begin that Rampart brings. Its own tests compile every rule in them.
pub const PACK: &str = "rampart:";

/// One file of rules.
#[derive(Clone, Debug)]
pub struct RuleFile {
    /// As the user named it; errors and reports point there.
    pub name: String,
    pub text: std::borrow::Cow<'static, str>,
}

/// One file to scan.
#[derive(Clone, Debug)]
pub struct Target {
    /// As reports have it: relative to the root, `/` between parts.
    pub path: String,
    pub lang: Option<Lang>,
    pub source: Content,
    /// Scan it even if it is minified or generated: the user asked for it.
    pub any_form: bool,
    pub part: Part,
}

/// What a target is there for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// To be scanned.
    #[default]
    Scanned,
    /// The file as it was before the change; its findings go into [`Outcome::before`].
    Before,
    /// It did not change, and is read for the data that flows through it only.
    Around,
}

#[derive(Clone, Debug)]
pub enum Content {
    File(PathBuf),
    /// Standard input, or a file of another commit.
    Bytes(Arc<[u8]>),
}

impl Target {
    /// By path as shown, then by the bytes of the path: two names that are not UTF-8 may look alike.
    fn order(&self) -> (&str, Part, &[u8]) {
        let raw = match &self.source {
            Content::File(path) => path.file_name().map_or(&[][..], |name| name.as_encoded_bytes()),
            Content::Bytes(_) => &[],
        };
        (&self.path, self.part, raw)
    }
}

/// How to scan. Everything has a limit.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Options {
    pub threads: usize,
    /// How long one file may take, in processor time. The engine gives up on a file by itself; what does not heed that is ended
    /// a little later.
    pub file_time: Duration,
    /// Larger files are not read, in bytes.
    pub max_file_bytes: u64,
    /// How much memory the scan may hold beside the stacks of its threads, in bytes.
    pub max_memory_bytes: u64,
    /// Measure each rule.
    pub time_rules: bool,
    /// Compile every rule for the languages of the targets, so that its mistakes are known, even where no target can match it.
    pub check_rules: bool,
    pub only: RuleFilter,
    /// How far taint rules follow data.
    pub dataflow: Reach,
    /// The folder of results of earlier scans, if they are kept.
    pub cache: Option<PathBuf>,
}

/// Which of the rules to run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RuleFilter {
    /// Only rules of these severities; empty for all.
    pub severities: Vec<Severity>,
    /// Ids, or their last parts, of rules to leave out.
    pub exclude: Vec<String>,
}

impl RuleFilter {
    fn takes(&self, rule: &rampart_rules::model::Rule) -> bool {
        let excluded = self.exclude.iter().any(|short| suppress::stands_for(short, &rule.id));
        !excluded && (self.severities.is_empty() || self.severities.contains(&severity(rule.severity)))
    }
}

impl Default for Options {
    fn default() -> Self {
        Options {
            threads: default_threads(),
            file_time: Duration::from_secs(10),
            max_file_bytes: DEFAULT_MAX_FILE_BYTES,
            max_memory_bytes: DEFAULT_MAX_MEMORY_BYTES,
            time_rules: false,
            check_rules: false,
            only: RuleFilter::default(),
            dataflow: Reach::Project,
            cache: None,
        }
    }
}

/// Source files that people write are smaller; what is larger is data.
pub const DEFAULT_MAX_FILE_BYTES: u64 = 1_000_000;

/// Far above what a scan needs, and below what most machines have. A hostile file makes a grammar use all of it twice.
pub const DEFAULT_MAX_MEMORY_BYTES: u64 = 2 << 30;

/// More threads than this do not make a scan faster and cost a stack each.
pub const MAX_THREADS: usize = 256;

/// As many threads as the machine runs at once.
pub fn default_threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).min(MAX_THREADS)
}

/// Why there is no scan.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot scan {}: {error}", path.display())]
    NoSuchPath { path: PathBuf, error: std::io::Error },
    #[error("the glob `{glob}` is wrong: {message}")]
    BadGlob { glob: String, message: String },
    #[error("the scanner could not be started: {0}")]
    Start(std::io::Error),
    /// The child died before it had read the rules: no file is to blame.
    #[error("the scanner ended while it read the rules: {0}")]
    Rules(String),
    #[error("the scanner answered with something that could not be read: {0}")]
    Protocol(String),
    #[error(transparent)]
    Git(#[from] baseline::GitError),
}

/// Scans `targets` in this process. `progress` is told how many files are done.
pub fn scan(rules: &[RuleFile], targets: &[Target], options: &Options, progress: &(dyn Fn(usize) + Sync)) -> Outcome {
    let loaded = load(rules, options);
    let mut outcome = Outcome::new(loaded.describe());
    let done = std::sync::atomic::AtomicUsize::new(0);
    let outcome_lock = std::sync::Mutex::new(&mut outcome);
    let files: Vec<run::Numbered> = targets.iter().cloned().enumerate().map(|(n, target)| (n as u32, target)).collect();
    let settings = loaded.settings(&settings::files(targets));
    let cache = cache::Cache::of(rules, &loaded, &settings, options);
    let flows = run::scan_all(
        &loaded,
        cache.as_ref(),
        &settings,
        &files,
        options,
        &run::Watch::new(options.threads),
        &|records: Vec<file::Record>| {
            progress(done.fetch_add(records.len(), std::sync::atomic::Ordering::Relaxed) + records.len());
            let mut outcome = outcome_lock.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            for record in records {
                let target = &targets[record.index as usize];
                outcome.take(target, record.result);
            }
        },
    );
    if !flows.is_empty() {
        let flows =
            follow::follow(&loaded.set, cache.as_ref(), flows, &files, &follow::folders(targets.iter()), options);
        outcome.take_flows(flows, |index| targets.get(index as usize).map(|t| t.path.clone()));
    }
    outcome.finish();
    outcome
}
