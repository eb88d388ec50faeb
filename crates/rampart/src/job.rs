//! The hidden role that scans a commit for the platform: a process of its own, so that whatever a repository makes of the walk, of
//! ignore files and of the report's size costs the server nothing, and all of it ends when the server says so.
//!
//! Takes its job as a line of JSON on standard input, says on standard output how far it is, and writes the report to a file.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rampart_report::model::{SkipReason, Skipped};
use rampart_scan::supervise::{self, Worker};
use rampart_scan::walk::{WalkOptions, walk};
use rampart_scan::{DEFAULT_MAX_FILE_BYTES, Options, Target};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::{WORKER, clock, exit, packs, scan};

/// More is no job, in bytes.
const MOST: u64 = 1 << 20;

/// How often it is said how far the scan is.
const PACE: Duration = Duration::from_millis(500);

/// What is to be scanned.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Job {
    /// The folder that holds the commit.
    root: PathBuf,
    /// Where the report goes.
    report: PathBuf,
    /// Results of earlier scans of the repository.
    cache: PathBuf,
    exclude: Vec<String>,
    /// Only these languages; all when empty.
    languages: Vec<String>,
    threads: usize,
}

/// How far it is.
#[derive(Serialize)]
struct Progress {
    done: usize,
    total: usize,
}

pub fn run() -> Result<u8, Failure> {
    let started = clock::now();
    let mut text = String::new();
    BufReader::new(std::io::stdin().lock()).take(MOST).read_line(&mut text)?;
    std::thread::spawn(end_with_server);
    let job: Job = serde_json::from_str(&text).map_err(Failure::new)?;
    // Paths in the report are relative to here.
    std::env::set_current_dir(&job.root).map_err(Failure::new)?;
    rampart_scan::cache::prepare(&job.cache).map_err(Failure::new)?;

    let rules = packs::resolve(&[packs::DEFAULT.to_owned()])?;
    let options = Options { threads: job.threads.max(1), cache: Some(job.cache), ..Options::default() };
    let program = std::env::current_exe().map_err(Failure::new)?;
    let worker = Worker { program, args: vec![WORKER.into()] };
    let running = supervise::start(&worker, &rules, &options)?;
    let walk_options = WalkOptions {
        include: Vec::new(),
        exclude: job.exclude,
        no_ignore: false,
        committed: true,
        max_file_bytes: DEFAULT_MAX_FILE_BYTES,
        threads: options.threads,
    };
    let mut found = walk(&[PathBuf::from(".")], &walk_options)?;
    if !job.languages.is_empty() {
        let wanted = |name: &str| job.languages.iter().any(|language| language.eq_ignore_ascii_case(name));
        let (kept, left) =
            found.targets.into_iter().partition(|target| target.lang.is_some_and(|lang| wanted(lang.name())));
        found.targets = kept;
        let skip = |target: Target| Skipped {
            path: target.path,
            reason: SkipReason::Ignored,
            detail: "not of the chosen languages".to_owned(),
        };
        found.skipped.extend(Vec::into_iter(left).map(skip));
    }
    let total = found.targets.len();
    say(0, total);
    let mut said = Instant::now();
    let outcome = running.run(&found.targets, &mut |done| {
        if said.elapsed() >= PACE {
            said = Instant::now();
            say(done, total);
        }
    });
    let mut outcome = outcome?;
    outcome.coverage.skipped.extend(found.skipped);
    let mut report = scan::report(outcome, ".".to_owned(), started);
    report.sort();
    let mut file = std::io::BufWriter::new(std::fs::File::create(&job.report).map_err(Failure::new)?);
    serde_json::to_writer(&mut file, &report).map_err(Failure::new)?;
    file.flush()?;
    Ok(exit::DONE)
}

/// The server holds the other end of standard input for as long as somebody waits for this scan.
fn end_with_server() {
    let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
    std::process::exit(i32::from(exit::FAILED));
}

/// Whoever listened is gone when this fails, and this process soon after.
fn say(done: usize, total: usize) {
    let line = serde_json::to_string(&Progress { done, total }).unwrap_or_default();
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}
