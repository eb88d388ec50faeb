//! Finds inputs that crash the engine, make it hang or give it a broken tree.
//!
//! `cargo xtask fuzz` changes real rules and fixtures at random and gives them to one part of the engine after the other. The
//! same seed gives the same inputs in the same order. An input that fails is saved; `--replay FILE` runs it again. An input that
//! kills the whole process (a stack overflow, a crash in a grammar) is found as `current-TARGET` in the folder of failures.

mod flow;
mod mutate;
mod targets;
mod words;

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context;
use mutate::{Mutator, Random};
use targets::{Target, Verdict};

/// Processor time that one input may take. The inputs are at most 64 kB: real files of that size take some tens of milliseconds.
const MAX_TIME: Duration = Duration::from_secs(2);

/// An input that is not done by then, by the clock, is left to itself.
const HANGS: Duration = Duration::from_secs(30);

/// As the scanner has it: trees are deep and each level takes several frames.
const STACK_BYTES: usize = 512 << 20;

/// More failures of one target teach nothing new before the first are mended.
const MAX_FAILURES: usize = 20;

const USAGE: &str =
    "usage: cargo xtask fuzz [--seconds 60] [--seed N] [--target NAME|all] [--out FOLDER] [--replay FILE]";

struct Args {
    time: Duration,
    seed: u64,
    target: String,
    out: PathBuf,
    replay: Option<PathBuf>,
}

impl Args {
    fn read(args: Vec<String>) -> anyhow::Result<Args> {
        let out = std::env::temp_dir().join("rampart-fuzz");
        let mut read = Args { time: Duration::from_secs(60), seed: 1, target: "all".into(), out, replay: None };
        let mut args = args.into_iter();
        while let Some(name) = args.next() {
            let value = args.next().with_context(|| format!("{name} wants a value; {USAGE}"))?;
            match name.as_str() {
                "--seconds" => read.time = Duration::from_secs(value.parse().context(USAGE)?),
                "--seed" => read.seed = value.parse().context(USAGE)?,
                "--target" => read.target = value,
                "--out" => read.out = value.into(),
                "--replay" => read.replay = Some(value.into()),
                _ => anyhow::bail!("{name}? {USAGE}"),
            }
        }
        Ok(read)
    }
}

/// Fuzzes the targets one after the other and prints a line for each.
///
/// # Errors
/// When an input failed.
pub fn run(args: Vec<String>) -> anyhow::Result<()> {
    let args = Args::read(args)?;
    std::fs::create_dir_all(&args.out).with_context(|| format!("cannot write to {}", args.out.display()))?;
    keep_panics();
    let known = targets::all()?;
    let names: Vec<&str> = known.iter().map(|target| target.name).collect();
    anyhow::ensure!(
        args.target == "all" || names.contains(&args.target.as_str()),
        "targets are all, {}",
        names.join(", ")
    );
    let mut failures = 0;
    for target in known {
        if args.target != "all" && args.target != target.name {
            continue;
        }
        let target = Arc::new(target);
        failures += match &args.replay {
            Some(file) => replay(&target, file)?,
            None => fuzz(&target, &args),
        };
    }
    anyhow::ensure!(failures == 0, "{failures} inputs failed; they are in {}", args.out.display());
    Ok(())
}

fn replay(target: &Arc<Target>, file: &Path) -> anyhow::Result<usize> {
    let input = String::from_utf8_lossy(&std::fs::read(file)?).into_owned();
    let target = target.clone();
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(move || {
        let (verdict, time) = attempt(&target, &input);
        println!("{}: {verdict:?} in {time:?}", target.name);
        usize::from(matches!(verdict, Verdict::Wrong(_)))
    })?;
    Ok(thread.join().unwrap_or(1))
}

/// What a worker has done so far, as the thread that watches it sees it.
struct Progress {
    began: Instant,
    over: AtomicBool,
    count: AtomicU64,
    bytes: AtomicU64,
    /// Milliseconds since `began` at which the input at hand was started.
    since: AtomicU64,
    input: Mutex<String>,
    slowest: Mutex<(Duration, u64)>,
    /// Inputs that a grammar did not parse in time: the scanner ends such files from outside.
    gave_up: AtomicU64,
    failures: Mutex<Vec<String>>,
}

fn lock<T>(of: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Gives mutated inputs to one target for a while. Returns how many failed.
fn fuzz(target: &Arc<Target>, args: &Args) -> usize {
    let progress = Arc::new(Progress {
        began: Instant::now(),
        over: AtomicBool::new(false),
        count: AtomicU64::new(0),
        bytes: AtomicU64::new(0),
        since: AtomicU64::new(0),
        input: Mutex::default(),
        slowest: Mutex::default(),
        gave_up: AtomicU64::new(0),
        failures: Mutex::default(),
    });
    let start = |first: u64| {
        let (target, progress, out, seed) = (target.clone(), progress.clone(), args.out.clone(), args.seed);
        std::thread::Builder::new().stack_size(STACK_BYTES).spawn(move || work(&target, &progress, &out, seed, first))
    };
    let mut worker = start(0);
    while progress.began.elapsed() < args.time && lock(&progress.failures).len() < MAX_FAILURES {
        std::thread::park_timeout(Duration::from_millis(50));
        let since = Duration::from_millis(progress.since.load(Ordering::Acquire));
        if progress.began.elapsed().saturating_sub(since) > HANGS {
            // A thread cannot be ended: it goes on for itself while another does the rest.
            let input = lock(&progress.input).clone();
            let number = progress.count.load(Ordering::Acquire);
            fail(target, &progress, &args.out, number, &input, "it hangs");
            progress.since.store(progress.began.elapsed().as_millis() as u64, Ordering::Release);
            worker = start(number + 1);
        }
    }
    progress.over.store(true, Ordering::Release);
    while progress.began.elapsed() < args.time + HANGS && worker.as_ref().is_ok_and(|worker| !worker.is_finished()) {
        std::thread::park_timeout(Duration::from_millis(50));
    }
    let _ = std::fs::remove_file(current(&args.out, target));
    let (count, failures) = (progress.count.load(Ordering::Acquire), lock(&progress.failures).len());
    let (slowest, number) = *lock(&progress.slowest);
    println!(
        "{:<11} {count:>8} inputs  {:>7.1} MB  {:>6.1} s  slowest {:>6.3} s (#{number})  given up {}  failed {failures}",
        target.name,
        progress.bytes.load(Ordering::Acquire) as f64 / 1e6,
        progress.began.elapsed().as_secs_f64(),
        slowest.as_secs_f64(),
        progress.gave_up.load(Ordering::Acquire),
    );
    failures
}

fn work(target: &Target, progress: &Progress, out: &Path, seed: u64, first: u64) {
    let mutator = Mutator { seeds: &target.seeds, words: &target.words };
    for number in first.. {
        if progress.over.load(Ordering::Acquire) {
            return;
        }
        let input = mutator.input(&mut Random::new(seed, target.name, number));
        // Only what is on disk outlives a stack overflow.
        let _ = std::fs::write(current(out, target), &input);
        lock(&progress.input).clone_from(&input);
        progress.count.store(number, Ordering::Release);
        progress.since.store(progress.began.elapsed().as_millis() as u64, Ordering::Release);
        let (verdict, time) = attempt(target, &input);
        if progress.count.load(Ordering::Acquire) != number {
            return; // It took so long that another thread has gone on.
        }
        progress.count.store(number + 1, Ordering::Release);
        progress.bytes.fetch_add(input.len() as u64, Ordering::Relaxed);
        match verdict {
            Verdict::Wrong(reason) => fail(target, progress, out, number, &input, &reason),
            Verdict::GaveUp => {
                progress.gave_up.fetch_add(1, Ordering::Relaxed);
            }
            Verdict::Fine => {
                let mut slowest = lock(&progress.slowest);
                *slowest = (*slowest).max((time, number));
                if time > MAX_TIME {
                    fail(target, progress, out, number, &input, &format!("it took {:.1} s", time.as_secs_f64()));
                }
            }
        }
    }
}

fn current(out: &Path, target: &Target) -> PathBuf {
    out.join(format!("current-{}", target.name))
}

fn fail(target: &Target, progress: &Progress, out: &Path, number: u64, input: &str, reason: &str) {
    let mut failures = lock(&progress.failures);
    let file = out.join(format!("{}-{number}", target.name));
    let saved = std::fs::write(&file, input).map_or_else(|error| error.to_string(), |()| file.display().to_string());
    println!("{} #{number} ({} bytes): {reason}\n    {saved}", target.name, input.len());
    failures.push(reason.to_owned());
}

thread_local! {
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

fn keep_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(String::new, ToString::to_string);
        let message = info.payload_as_str().unwrap_or("no message");
        PANIC.set(format!("panic at {place}: {message}"));
    }));
}

/// Runs one input; time is that of the processor, as the machine may be busy.
fn attempt(target: &Target, input: &str) -> (Verdict, Duration) {
    let begin = processor_time();
    let verdict =
        catch_unwind(AssertUnwindSafe(|| (target.run)(input))).unwrap_or_else(|_| Verdict::Wrong(PANIC.take()));
    (verdict, processor_time().saturating_sub(begin))
}

fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec as u32)
}
