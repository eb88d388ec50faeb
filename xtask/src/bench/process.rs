//! What a program used, with everything it started.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::Context;
use serde::{Deserialize, Serialize};
use wait4::Wait4;

/// How often the memory of a tree of processes is looked at: often enough for runs of a tenth of a second, rare enough not to be felt.
const SAMPLE_EVERY: Duration = Duration::from_millis(10);

/// One run of a program. Processor time and the largest process come from the system's own account of the finished tree, so
/// processes that lived between two samples count.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Usage {
    pub command: Vec<String>,
    /// UTC, as `2026-01-31T12:00:00Z`.
    pub started: String,
    pub exit: i32,
    pub user_seconds: f64,
    pub system_seconds: f64,
    pub wall_seconds: f64,
    /// The most memory that any one process held.
    pub largest_bytes: u64,
    /// The most memory seen at one moment in all processes together; shared pages count once per process. 0 where the system does not tell.
    pub tree_bytes: u64,
}

impl Usage {
    pub fn cpu_seconds(&self) -> f64 {
        self.user_seconds + self.system_seconds
    }

    /// The sum over the processes; never less than the largest of them.
    pub fn memory_bytes(&self) -> u64 {
        self.tree_bytes.max(self.largest_bytes)
    }
}

/// Runs a command to its end, its output in files.
///
/// # Errors
/// When it cannot be started. How it ends is for the caller to judge.
pub fn measure(command: &mut Command, out: &Path, err: &Path) -> anyhow::Result<Usage> {
    let file = |path: &Path| File::create(path).with_context(|| format!("cannot write {}", path.display()));
    let words: Vec<String> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    command.stdin(Stdio::null()).stdout(file(out)?).stderr(file(err)?);
    let started = now()?;
    let began = Instant::now();
    let child = command.spawn().with_context(|| format!("cannot start {}", words[0]))?;
    let pid = child.id();
    let (stop, stopped) = channel::<()>();
    let sampler = std::thread::spawn(move || {
        let mut most = 0;
        while stopped.recv_timeout(SAMPLE_EVERY) == Err(RecvTimeoutError::Timeout) {
            most = most.max(tree_bytes(pid));
        }
        most
    });
    let used = child.wait4()?;
    let wall = began.elapsed();
    drop(stop);
    Ok(Usage {
        command: words,
        started,
        exit: used.status.code().unwrap_or(-1),
        user_seconds: used.rusage.utime.as_secs_f64(),
        system_seconds: used.rusage.stime.as_secs_f64(),
        wall_seconds: wall.as_secs_f64(),
        largest_bytes: used.rusage.maxrss,
        tree_bytes: sampler.join().unwrap_or(0),
    })
}

/// Each figure's median over runs of the same command.
pub fn median(runs: &[Usage]) -> Usage {
    let middle = |figure: fn(&Usage) -> f64| {
        let mut figures: Vec<f64> = runs.iter().map(figure).collect();
        figures.sort_by(f64::total_cmp);
        match figures.len() {
            0 => 0.0,
            n if n % 2 == 1 => figures[n / 2],
            n => f64::midpoint(figures[n / 2 - 1], figures[n / 2]),
        }
    };
    Usage {
        user_seconds: middle(|u| u.user_seconds),
        system_seconds: middle(|u| u.system_seconds),
        wall_seconds: middle(|u| u.wall_seconds),
        largest_bytes: middle(|u| u.largest_bytes as f64) as u64,
        tree_bytes: middle(|u| u.tree_bytes as f64) as u64,
        ..runs.first().cloned().unwrap_or_default()
    }
}

/// What a command prints, trimmed; nothing when it fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The time in UTC.
pub fn now() -> anyhow::Result<String> {
    output(Command::new("date").args(["-u", "+%Y-%m-%dT%H:%M:%SZ"])).context("cannot run `date`")
}

/// The resident memory of a process and all below it; processes that end meanwhile count nothing.
fn tree_bytes(pid: u32) -> u64 {
    let own = std::fs::read_to_string(format!("/proc/{pid}/status")).ok().and_then(|status| {
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.split_whitespace().next()?.parse::<u64>().ok()
    });
    let Ok(threads) = std::fs::read_dir(format!("/proc/{pid}/task")) else { return 0 };
    let children: u64 = threads
        .flatten()
        .filter_map(|thread| std::fs::read_to_string(thread.path().join("children")).ok())
        .flat_map(|list| list.split_whitespace().filter_map(|child| child.parse().ok()).collect::<Vec<u32>>())
        .map(tree_bytes)
        .sum();
    own.unwrap_or(0) * 1_024 + children
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grandchild_counts() {
        let folder = tempfile::tempdir().unwrap();
        let (out, err) = (folder.path().join("out"), folder.path().join("err"));
        let spin = "sh -c 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done'; true";
        let used = measure(Command::new("sh").args(["-c", spin]), &out, &err).unwrap();
        assert_eq!(used.exit, 0);
        assert!(used.cpu_seconds() > 0.02, "{used:?}");
    }

    #[test]
    fn medians_are_taken_per_figure() {
        let run = |user, wall| Usage { user_seconds: user, wall_seconds: wall, ..Usage::default() };
        let check = |runs: &[Usage], user: f64, wall: f64| {
            let middle = median(runs);
            assert_eq!((middle.user_seconds, middle.wall_seconds), (user, wall));
        };
        check(&[], 0.0, 0.0);
        check(&[run(3.0, 1.0), run(1.0, 2.0), run(2.0, 3.0)], 2.0, 2.0);
        check(&[run(1.0, 2.0), run(2.0, 4.0)], 1.5, 3.0);
    }
}
