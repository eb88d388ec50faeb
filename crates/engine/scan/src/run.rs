//! Files through the engine on several threads, and the watch over them.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rampart_report::model::SkipReason;
use rampart_rules::{RuleSet, Settings};

use crate::cache::{Cache, Kept};
use crate::confine::memory_bytes;
use crate::file::{NotScanned, Reach, Record, scan_file};
use crate::{Loaded, Options, Target};

/// Address space for the stack of a scanning thread, in bytes: trees are 1,500 levels deep and each level takes several frames.
/// Only what is used becomes memory.
pub const STACK_BYTES: usize = 512 << 20;

/// Files whose records a thread may hold back, so that small files do not cost a write each. At most this many files of a thread are
/// scanned again after a death.
pub const BATCH: usize = 32;

/// Longest time that records are held back.
const BATCH_TIME: Duration = Duration::from_millis(20);

/// A target and its place in the list of all targets.
pub type Numbered = (u32, Target);

/// Scans all files. `emit` is called from several threads, with every file once. What the files add to the data flow of the project is
/// returned.
pub fn scan_all(
    rules: &Loaded,
    cache: Option<&Cache>,
    settings: &Settings,
    files: &[Numbered],
    options: &Options,
    watch: &Watch,
    emit: &(dyn Fn(Vec<Record>) + Sync),
) -> Vec<(u32, Kept)> {
    let next = AtomicUsize::new(0);
    let Loaded { set, reach, .. } = rules;
    let threads = options.threads.clamp(1, files.len().max(1));
    // A single thread is there to find the file that kills: it holds nothing back.
    let batch = if threads == 1 { 1 } else { BATCH };
    let flows = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        let (next, flows) = (&next, &flows);
        let work = |number: usize| {
            move || {
                let mut held = Vec::new();
                let mut since = Instant::now();
                watch.enter(number);
                while let Some((index, target)) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    watch.start(number, *index);
                    let result = guarded(target, set, reach, cache, settings, options);
                    watch.stop(number);
                    let result = result.map(|(scanned, flow)| {
                        if let Some(flow) = flow {
                            flows.lock().unwrap_or_else(PoisonError::into_inner).push((*index, flow));
                        }
                        scanned
                    });
                    let urgent = !matches!(&result, Ok(scanned) if scanned.findings.is_empty());
                    held.push(Record { index: *index, result });
                    if held.len() >= batch || urgent && since.elapsed() > BATCH_TIME / 4 || since.elapsed() > BATCH_TIME
                    {
                        emit(std::mem::take(&mut held));
                        since = Instant::now();
                    }
                }
                if !held.is_empty() {
                    emit(held);
                }
            }
        };
        let started = (0..threads).filter(|&number| spawn(scope, work(number))).count();
        if started == 0 {
            work(0)();
        }
    });
    flows.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Starts a thread with as large a stack as the system grants.
fn spawn<'s>(scope: &'s std::thread::Scope<'s, '_>, work: impl FnOnce() + Send + Clone + 's) -> bool {
    [STACK_BYTES, STACK_BYTES / 8, STACK_BYTES / 32]
        .into_iter()
        .any(|stack| std::thread::Builder::new().stack_size(stack).spawn_scoped(scope, work.clone()).is_ok())
}

/// Runs `work` on a thread with as large a stack as the system grants.
pub fn on_big_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let mut done = None;
    // A thread that cannot be started drops its closure; the work must outlive that.
    let work = Mutex::new((Some(work), &mut done));
    let run = || {
        let mut work = work.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = work.0.take() {
            *work.1 = Some(taken());
        }
    };
    std::thread::scope(|scope| {
        spawn(scope, run);
    });
    run();
    drop(work);
    done.expect("the work was taken, on the thread or here, and a panic went on from there")
}

thread_local! {
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Keeps panics off the terminal: they become the reason why a file was skipped.
pub fn keep_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
        let message = info.payload_as_str().unwrap_or("unknown failure");
        PANIC.set(Some(format!("internal error{place}: {message}")));
    }));
}

/// A panic in the engine costs the file it happened on.
fn guarded(
    target: &Target,
    set: &RuleSet,
    reach: &Reach,
    cache: Option<&Cache>,
    settings: &Settings,
    options: &Options,
) -> Result<(crate::file::Scanned, Option<Kept>), NotScanned> {
    catch_unwind(AssertUnwindSafe(|| scan_file(target, set, reach, cache, settings, options))).unwrap_or_else(|_| {
        let detail = PANIC.take().unwrap_or_else(|| "internal error".to_owned());
        Err(NotScanned { reason: SkipReason::Crashed, detail })
    })
}

/// Knows for each thread which file it is at, since when, and how much processor time it had used then.
pub struct Watch {
    began: Instant,
    slots: Vec<Slot>,
    over: AtomicBool,
}

#[derive(Default)]
struct Slot {
    /// The system's id of the thread; 0 before it runs.
    thread: AtomicU32,
    /// Milliseconds since `began` when the file was started, plus 1; 0 when there is none.
    since: AtomicU64,
    file: AtomicU32,
}

/// A file that takes no processor time hangs in the system; it may take this many times the limit by the clock.
const WALL_FACTOR: u32 = 6;

/// The engine keeps the time limit by itself in most cases; this much later it is enforced.
const GRACE: Duration = Duration::from_millis(1_500);

impl Watch {
    pub fn new(threads: usize) -> Watch {
        let slots = std::iter::repeat_with(Slot::default).take(threads.max(1)).collect();
        Watch { began: Instant::now(), slots, over: AtomicBool::new(false) }
    }

    fn enter(&self, number: usize) {
        self.slots[number].thread.store(thread_id(), Ordering::Relaxed);
    }

    fn start(&self, number: usize, file: u32) {
        let slot = &self.slots[number];
        slot.file.store(file, Ordering::Relaxed);
        slot.since.store(self.began.elapsed().as_millis() as u64 + 1, Ordering::Release);
    }

    fn stop(&self, number: usize) {
        self.slots[number].since.store(0, Ordering::Release);
    }

    pub fn finish(&self) {
        self.over.store(true, Ordering::Release);
    }

    /// Looks at the threads until [`Watch::finish`]; `overran` is told the first file that passes its limit, `swollen` that the process
    /// holds more than `memory` bytes, which the system notices late or never; `alive` is called about once a second.
    pub fn keep(&self, limit: Duration, memory: u64, overran: impl Fn(u32), swollen: impl Fn(), alive: impl Fn()) {
        let mut used = vec![(0, 0); self.slots.len()];
        let mut beat = Instant::now();
        while !self.over.load(Ordering::Acquire) {
            std::thread::park_timeout(Duration::from_millis(100));
            if memory_bytes().is_some_and(|held| held > memory) {
                swollen();
                return;
            }
            if beat.elapsed() > Duration::from_secs(1) {
                alive();
                beat = Instant::now();
            }
            for (slot, (known, at_start)) in self.slots.iter().zip(&mut used) {
                let since = slot.since.load(Ordering::Acquire);
                if since == 0 {
                    continue;
                }
                let now = thread_cpu_ms(slot.thread.load(Ordering::Relaxed));
                if *known != since {
                    (*known, *at_start) = (since, now.unwrap_or(0));
                    continue;
                }
                let clock = self.began.elapsed().saturating_sub(Duration::from_millis(since));
                let worked = now.map_or(clock, |now| Duration::from_millis(now.saturating_sub(*at_start)));
                if worked > limit + GRACE || clock > limit * WALL_FACTOR + GRACE {
                    overran(slot.file.load(Ordering::Relaxed));
                    return;
                }
            }
        }
    }
}

#[cfg(target_os = "linux")]
fn thread_id() -> u32 {
    rustix::thread::gettid().as_raw_nonzero().get() as u32
}

#[cfg(not(target_os = "linux"))]
fn thread_id() -> u32 {
    0
}

/// Processor time of a thread in milliseconds. Time by the clock would skip other files on a busy machine than on an idle one.
/// `None` where the system does not tell.
fn thread_cpu_ms(thread: u32) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/self/task/{thread}/schedstat")).ok()?;
    let nanoseconds: u64 = text.split_whitespace().next()?.parse().ok()?;
    Some(nanoseconds / 1_000_000)
}
