//! A scan in a child process that may hang, run out of memory or die, on files that nobody has checked.
//!
//! One child scans everything with all threads. When it dies, the files that may have been in its hands are scanned one by one by a
//! child with one thread, which shows who is to blame; that file is recorded as skipped, and a new child goes on with the rest. What was
//! found stays found, and as every suspect gets its own try, the result does not depend on the number of threads.

use std::ffi::OsString;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use rampart_report::model::SkipReason;

use crate::confine::{cpu_ms, peak_memory_bytes};
use crate::file::{NotScanned, Record};
use crate::follow::Flows;
use crate::rules::Described;
use crate::run::BATCH;
use crate::settings;
use crate::wire::{self, Done, Job, Kind, Overran, Task};
use crate::{Error, Options, Outcome, RuleFile, Target};

/// How to start a worker: a program that calls [`crate::worker::main`] when run with these arguments.
#[derive(Clone, Debug)]
pub struct Worker {
    pub program: PathBuf,
    pub args: Vec<OsString>,
}

/// A living worker says so once a second; after this much silence it is ended.
const SILENCE: Duration = Duration::from_secs(30);

/// Reading and compiling the rules may take this long: a mistake in thousands of rules must not look like a dead child.
const RULES_TIME: Duration = Duration::from_secs(300);

/// How much of what a dying worker wrote to standard error is kept, in bytes.
const LAST_WORDS: usize = 4_096;

/// A first worker that reads the rules while its user looks for files.
pub struct Scan<'r> {
    worker: &'r Worker,
    rules: &'r [RuleFile],
    options: &'r Options,
    first: Running,
    began: Instant,
}

/// Starts a worker and gives it the rules.
///
/// # Errors
/// When the program cannot be started.
pub fn start<'r>(worker: &'r Worker, rules: &'r [RuleFile], options: &'r Options) -> Result<Scan<'r>, Error> {
    let first = Running::start(worker, rules, options, true, Task::Everything)?;
    Ok(Scan { worker, rules, options, first, began: Instant::now() })
}

impl Scan<'_> {
    /// Scans the files. `progress` is told how many are done.
    ///
    /// # Errors
    /// When a worker cannot be started or dies before it has read the rules.
    pub fn run(self, targets: &[Target], progress: &mut dyn FnMut(usize)) -> Result<Outcome, Error> {
        let mut ledger = Ledger {
            targets,
            done: vec![false; targets.len()],
            scanned: Vec::new(),
            died: false,
            finished: 0,
            outcome: Outcome::default(),
            progress,
        };
        let mut running = Some(self.first);
        let one_by_one = Options { threads: 1, ..self.options.clone() };
        let mut suspects: Vec<u32> = Vec::new();
        let mut flows_lost = false;
        loop {
            suspects.retain(|&index| !ledger.done[index as usize]);
            let alone = !suspects.is_empty();
            let open = if alone { suspects.clone() } else { ledger.open() };
            let options = if alone { &one_by_one } else { self.options };
            let worker = match running.take() {
                Some(first) => first,
                None if open.is_empty() => break,
                None => {
                    // What the first worker knew of the files' data flow is gone with it.
                    flows_lost = true;
                    Running::start(self.worker, self.rules, options, false, Task::Files)?
                }
            };
            match worker.run(&open, &mut ledger)? {
                End::Done => {
                    // A worker that ends in peace has answered for every file; anything else would be a loop without end.
                    if let Some(lost) = open.iter().find(|&&index| !ledger.done[index as usize]) {
                        let reason = SkipReason::Other;
                        ledger.skip(*lost, reason, "the scanner gave no answer".to_owned());
                    }
                }
                End::Overran(index) => {
                    ledger.died = true;
                    let seconds = self.options.file_time.as_secs_f32();
                    ledger.skip(index, SkipReason::Timeout, format!("more than {seconds} s"));
                }
                End::Died { reason, detail } => {
                    ledger.died = true;
                    let open: Vec<u32> = open.into_iter().filter(|&index| !ledger.done[index as usize]).collect();
                    if options.threads == 1 {
                        if let Some(&culprit) = open.first() {
                            ledger.skip(culprit, reason, detail);
                        }
                    } else {
                        // Files are taken in order and records held back are few: the culprit is among the first that are open.
                        suspects = open.into_iter().take(options.threads * (BATCH + 1)).collect();
                    }
                }
            }
        }
        if flows_lost || ledger.died {
            follow_again(self.worker, self.rules, self.options, &mut ledger)?;
        }
        let mut outcome = ledger.outcome;
        outcome.coverage.wall_ms = self.began.elapsed().as_millis() as u64;
        outcome.coverage.cpu_ms += cpu_ms();
        outcome.coverage.peak_memory_bytes =
            outcome.coverage.peak_memory_bytes.zip(peak_memory_bytes()).map(|(child, own)| child + own);
        outcome.finish();
        Ok(outcome)
    }
}

/// Data is followed through all files together; when a worker died on one of them, another does so without it.
fn follow_again(worker: &Worker, rules: &[RuleFile], options: &Options, ledger: &mut Ledger) -> Result<(), Error> {
    let mut files = ledger.scanned.clone();
    files.sort_unstable();
    let worker = Running::start(worker, rules, options, false, Task::Flows)?;
    match worker.run(&files, ledger)? {
        End::Done => {}
        End::Overran(_) | End::Died { .. } => {
            let limit = "data was not followed through the project: the scanner ended on the way";
            ledger.outcome.coverage.limits.push(limit.to_owned());
        }
    }
    Ok(())
}

/// Which files are done, and what came of them.
struct Ledger<'t> {
    targets: &'t [Target],
    done: Vec<bool>,
    /// Files that were scanned without harm.
    scanned: Vec<u32>,
    /// Some worker did not come to its end.
    died: bool,
    finished: usize,
    outcome: Outcome,
    progress: &'t mut dyn FnMut(usize),
}

impl Ledger<'_> {
    fn open(&self) -> Vec<u32> {
        (0..self.targets.len() as u32).filter(|&index| !self.done[index as usize]).collect()
    }

    fn take(&mut self, record: Record) {
        // A worker is not trusted to count: a file is answered for once.
        let Some(target) = self.targets.get(record.index as usize) else { return };
        if !std::mem::replace(&mut self.done[record.index as usize], true) {
            if record.result.is_ok() {
                self.scanned.push(record.index);
            }
            self.outcome.take(target, record.result);
            self.finished += 1;
            (self.progress)(self.finished);
        }
    }

    fn skip(&mut self, index: u32, reason: SkipReason, detail: String) {
        self.take(Record { index, result: Err(NotScanned { reason, detail }) });
    }
}

enum End {
    Done,
    Overran(u32),
    Died { reason: SkipReason, detail: String },
}

/// A worker that has been given its rules.
struct Running {
    child: Child,
    input: Option<BufWriter<ChildStdin>>,
    frames: Receiver<io::Result<(Kind, Vec<u8>)>>,
    last_words: std::thread::JoinHandle<Vec<u8>>,
    /// It has read the rules: from here on a file is to blame for its death.
    ready: bool,
}

impl Running {
    fn start(
        worker: &Worker,
        rules: &[RuleFile],
        options: &Options,
        describe: bool,
        task: Task,
    ) -> Result<Running, Error> {
        let mut child = Command::new(&worker.program)
            .args(&worker.args)
            // Nothing in the environment is meant for the worker.
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(Error::Start)?;
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let missing = || Error::Start(io::Error::other("no pipe to the worker"));
        let (stdin, stdout, stderr) =
            (stdin.ok_or_else(missing)?, stdout.ok_or_else(missing)?, stderr.ok_or_else(missing)?);
        // Few frames wait here: a slow reader slows the worker instead of filling memory.
        let (send, frames) = sync_channel(64);
        std::thread::spawn(move || {
            let mut stdout = BufReader::with_capacity(1 << 16, stdout);
            while let Some(frame) = wire::read(&mut stdout).transpose() {
                let broken = frame.is_err();
                if send.send(frame).is_err() || broken {
                    return;
                }
            }
        });
        let last_words = std::thread::spawn(move || read_tail(stderr));
        let mut input = BufWriter::with_capacity(1 << 16, stdin);
        // A worker that dies here is noticed when its answers are read.
        let _ = send_rules(&mut input, rules, options, describe, task);
        Ok(Running { child, input: Some(input), frames, last_words, ready: false })
    }

    /// Has the files scanned, in order.
    fn run(mut self, files: &[u32], ledger: &mut Ledger) -> Result<End, Error> {
        let mut input = self.input.take();
        let targets = ledger.targets;
        // Files are sent while answers come in: with both pipes full, each would wait for the other.
        let end = std::thread::scope(|scope| {
            scope.spawn(move || input.as_mut().map(|input| send_files(input, files, targets)));
            let end = self.listen(ledger);
            // Without the child nobody reads, and the sender above comes to its end too.
            if !matches!(end, Ok(Some(End::Done))) {
                let _ = self.child.kill();
            }
            end
        });
        let status = self.child.wait().map_err(Error::Start)?;
        let words = self.last_words.join().unwrap_or_default();
        let end = match end? {
            Some(end) => end,
            None => cause_of_death(status, &String::from_utf8_lossy(&words)),
        };
        match end {
            End::Died { detail, .. } if !self.ready => Err(Error::Rules(detail)),
            end => Ok(end),
        }
    }

    /// Takes what the worker says until it is done, dead (`None`) or silent.
    fn listen(&mut self, ledger: &mut Ledger) -> Result<Option<End>, Error> {
        let mut patience = RULES_TIME;
        loop {
            let frame = match self.frames.recv_timeout(patience) {
                Ok(frame) => frame,
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
                Err(RecvTimeoutError::Timeout) => {
                    return Ok(Some(End::Died {
                        reason: SkipReason::Timeout,
                        detail: "it stopped answering".to_owned(),
                    }));
                }
            };
            // A frame cut off is the mark of a death.
            let Ok((kind, bytes)) = frame else { return Ok(None) };
            patience = SILENCE;
            self.ready = true;
            let broken = |error: io::Error| Error::Protocol(error.to_string());
            match kind {
                Kind::Ready => ledger.outcome.describe(wire::json::<Described>(&bytes).map_err(broken)?),
                Kind::Records => {
                    let records: Vec<Record> = wire::json(&bytes).map_err(broken)?;
                    records.into_iter().for_each(|record| ledger.take(record));
                }
                Kind::Overran => return Ok(Some(End::Overran(wire::json::<Overran>(&bytes).map_err(broken)?.index))),
                Kind::Alive => {}
                Kind::Flows => {
                    let flows: Flows = wire::json(&bytes).map_err(broken)?;
                    let targets = ledger.targets;
                    ledger.outcome.take_flows(flows, |index| targets.get(index as usize).map(|t| t.path.clone()));
                }
                Kind::Done => {
                    let done: Done = wire::json(&bytes).map_err(broken)?;
                    let coverage = &mut ledger.outcome.coverage;
                    coverage.cpu_ms += done.cpu_ms;
                    coverage.peak_memory_bytes = coverage.peak_memory_bytes.max(done.peak_memory_bytes);
                    ledger.outcome.spent.rules_ready = ledger.outcome.spent.rules_ready.max(done.rules_ready_us);
                    return Ok(Some(End::Done));
                }
                _ => return Err(Error::Protocol(format!("{kind:?} from a worker"))),
            }
        }
    }
}

/// Reads to the end and keeps the last part.
fn read_tail(mut from: impl Read) -> Vec<u8> {
    let mut tail = Vec::new();
    let mut buffer = [0; LAST_WORDS];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        tail.extend_from_slice(&buffer[..count]);
        tail.drain(..tail.len().saturating_sub(LAST_WORDS));
    }
    tail
}

fn send_rules(
    out: &mut impl Write,
    rules: &[RuleFile],
    options: &Options,
    describe: bool,
    task: Task,
) -> io::Result<()> {
    wire::write_json(out, Kind::Job, &Job { options: options.clone(), describe, task })?;
    for file in rules {
        wire::write(out, Kind::Rules, &wire::rule_file(file))?;
    }
    out.flush()
}

fn send_files(out: &mut impl Write, files: &[u32], targets: &[Target]) -> io::Result<()> {
    let mut send = |kind, index, target: &Target| {
        if let crate::Content::Bytes(bytes) = &target.source {
            wire::write(out, Kind::Bytes, bytes)?;
        }
        wire::write(out, kind, &wire::target(index, target))
    };
    for &index in files {
        send(Kind::File, index, &targets[index as usize])?;
    }
    // The settings are those of the whole project, whichever files are left to scan: all workers find the same.
    for (index, file) in (0..).zip(settings::files(targets)) {
        send(Kind::Settings, index, &file)?;
    }
    wire::write(out, Kind::Go, &[])?;
    out.flush()
}

/// Why a worker died, by its exit and its last words.
fn cause_of_death(status: std::process::ExitStatus, words: &str) -> End {
    let died = |reason, detail: String| End::Died { reason, detail };
    // As the standard library, the parsers and the C library say it.
    if ["memory allocation of", "failed to allocate", "out of memory"].iter().any(|said| words.contains(said)) {
        return died(SkipReason::OutOfMemory, "more than the scanner may use".to_owned());
    }
    if words.contains("overflowed its stack") {
        return died(SkipReason::Crashed, "stack overflow".to_owned());
    }
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        let name = match signal {
            4 => "illegal instruction",
            6 => "abort",
            7 => "bus error",
            8 => "arithmetic error",
            9 => "killed; the system may have run out of memory",
            11 => "segmentation fault",
            15 => "asked to end",
            _ => "",
        };
        return died(SkipReason::Crashed, format!("signal {signal} {name}").trim().to_owned());
    }
    let said = words.lines().last().map(|line| format!(": {}", line.trim())).unwrap_or_default();
    died(SkipReason::Crashed, format!("{status}{said}"))
}
