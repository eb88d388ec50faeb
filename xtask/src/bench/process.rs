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

/// One run of a program. Processor time is the system's own account of the finished tree, so processes that lived between two samples
/// count. Memory is sampled: the system's account of a child's peak begins with that of the program that started it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Usage {
    pub command: Vec<String>,
    /// UTC, as `2026-01-31T12:00:00Z`.
    pub started: String,
    pub exit: i32,
    pub user_seconds: f64,
    pub system_seconds: f64,
    pub wall_seconds: f64,
    /// The most memory that any one process held; 0 where the system does not tell, and for runs too short to be seen.
    pub largest_bytes: u64,
    /// The most memory seen at one moment in all processes together; shared pages count once per process.
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
        let mut memory = Memory::default();
        loop {
            let now = memory_of(pid);
            memory.largest_bytes = memory.largest_bytes.max(now.largest_bytes);
            memory.tree_bytes = memory.tree_bytes.max(now.tree_bytes);
            if stopped.recv_timeout(SAMPLE_EVERY) != Err(RecvTimeoutError::Timeout) {
                return memory;
            }
        }
    });
    let used = child.wait4()?;
    let wall = began.elapsed();
    drop(stop);
    let memory = sampler.join().unwrap_or_default();
    Ok(Usage {
        command: words,
        started,
        exit: used.status.code().unwrap_or(-1),
        user_seconds: used.rusage.utime.as_secs_f64(),
        system_seconds: used.rusage.stime.as_secs_f64(),
        wall_seconds: wall.as_secs_f64(),
        largest_bytes: memory.largest_bytes,
        tree_bytes: memory.tree_bytes,
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

#[derive(Clone, Copy, Default)]
struct Memory {
    largest_bytes: u64,
    tree_bytes: u64,
}

/// The memory of a process and all below it; processes that end meanwhile count nothing.
fn memory_of(pid: u32) -> Memory {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let bytes = |field: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(field))?;
        line.split_whitespace().next()?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1_024)
    };
    let mut memory = Memory { largest_bytes: bytes("VmHWM:").unwrap_or(0), tree_bytes: bytes("VmRSS:").unwrap_or(0) };
    let Ok(threads) = std::fs::read_dir(format!("/proc/{pid}/task")) else { return memory };
    for thread in threads.flatten() {
        let children = std::fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        for child in children.split_whitespace().filter_map(|child| child.parse().ok()) {
            let below = memory_of(child);
            memory.largest_bytes = memory.largest_bytes.max(below.largest_bytes);
            memory.tree_bytes += below.tree_bytes;
        }
    }
    memory
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
    #[cfg(target_os = "linux")]
    fn the_memory_of_who_measures_is_not_that_of_the_child() {
        let folder = tempfile::tempdir().unwrap();
        let (out, err) = (folder.path().join("out"), folder.path().join("err"));
        let ballast = vec![1u8; 64 << 20];
        let used = measure(Command::new("sh").args(["-c", "sleep 0.1"]), &out, &err).unwrap();
        assert!((100_000..ballast.len() as u64).contains(&used.largest_bytes), "{used:?}");
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
