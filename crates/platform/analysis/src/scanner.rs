//! The process that scans: started on a folder, listened to, and read from when it has ended.
//!
//! The folder's files are hostile: nothing of them is looked at here. What comes back is the report, which is data of our own form,
//! and bounded.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rampart_programs::Program;
use rampart_report::model::Report;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

/// Bytes of a report. Hundreds of thousands of findings are no report that anybody reads.
const LARGEST_REPORT: u64 = 256_000_000;

/// Bytes of a line in which the process says how far it is.
const LONGEST_LINE: usize = 1_000;

/// How the process is started: a program that takes a job on its standard input.
#[derive(Clone, Debug)]
pub struct Scanner {
    pub program: PathBuf,
    pub args: Vec<OsString>,
    /// Threads of one scan.
    pub threads: usize,
    /// What tells this scanner and its rules from any other: the same code need not be looked at twice. Nothing when that is not
    /// known.
    pub identity: Option<String>,
}

#[derive(Debug, Error)]
pub enum Error {
    #[error(transparent)]
    Program(#[from] rampart_programs::Error),
    #[error("the scan took longer than {} minutes", .0.as_secs() / 60)]
    TookTooLong(Duration),
    #[error("the scan found more than a report can hold: leave out folders with excludePaths")]
    TooMuch,
    #[error("the scanner's answer could not be read: {0}")]
    Answer(String),
}

/// What is to be scanned.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Job<'a> {
    pub root: &'a Path,
    pub report: &'a Path,
    pub cache: &'a Path,
    pub exclude: &'a [String],
    pub languages: &'a [String],
    pub threads: usize,
}

/// How far it is.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Progress {
    pub done: u32,
    pub total: u32,
}

impl Scanner {
    /// Scans; `progress` is told how far it is. Dropped, the process ends.
    ///
    /// # Errors
    /// When the process fails or takes longer than `limit`; when the report is too large.
    pub async fn scan<F>(
        &self,
        job: &Job<'_>,
        limit: Duration,
        progress: impl Fn(Progress) -> F,
    ) -> Result<Report, Error>
    where
        F: Future<Output = ()>,
    {
        let work = self.listen(job, progress);
        tokio::time::timeout(limit, work).await.map_err(|_| Error::TookTooLong(limit))??;
        let path = job.report.to_owned();
        let read = tokio::task::spawn_blocking(move || read(&path));
        read.await.map_err(|error| Error::Answer(error.to_string()))?
    }

    async fn listen<F>(&self, job: &Job<'_>, progress: impl Fn(Progress) -> F) -> Result<(), Error>
    where
        F: Future<Output = ()>,
    {
        let broken = |error: std::io::Error| Error::Answer(error.to_string());
        let mut running = Program::new(&self.program.to_string_lossy(), "/usr/bin:/bin").args(&self.args).start()?;
        let (Some(mut input), Some(output)) = (running.stdin(), running.stdout()) else {
            return Err(Error::Answer("no pipe".to_owned()));
        };
        let mut line = serde_json::to_vec(job).map_err(|error| Error::Answer(error.to_string()))?;
        line.push(b'\n');
        // One that ends before it has read its job is judged by its status.
        let _ = input.write_all(&line).await;
        let mut lines = BufReader::new(output).lines();
        while let Some(line) = lines.next_line().await.map_err(broken)? {
            if line.len() <= LONGEST_LINE
                && let Ok(told) = serde_json::from_str(&line)
            {
                progress(told).await;
            }
        }
        // Held until here: the process ends itself when nobody holds it any more.
        drop(input);
        Ok(running.finish().await?)
    }
}

fn read(path: &Path) -> Result<Report, Error> {
    let broken = |error: std::io::Error| Error::Answer(error.to_string());
    if std::fs::metadata(path).map_err(broken)?.len() > LARGEST_REPORT {
        return Err(Error::TooMuch);
    }
    let bytes = std::fs::read(path).map_err(broken)?;
    serde_json::from_slice(&bytes).map_err(|error| Error::Answer(error.to_string()))
}
