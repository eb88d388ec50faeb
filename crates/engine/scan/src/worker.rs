//! The child: reads a job from standard input, scans, streams records to standard output. It may die at any moment.

use std::io::{self, BufReader, Stdout, Write};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::Target;
use crate::cache::Cache;
use crate::confine::{confine, cpu_ms, peak_memory_bytes};
use crate::follow::{folders, follow};
use crate::preview::Preview;
use crate::run::{Numbered, Watch, keep_panics, scan_all};
use crate::wire::{self, Done, Job, Kind, Overran, Task};

/// Does one job and returns.
///
/// # Errors
/// When the job cannot be read or the supervisor is gone.
pub fn main() -> io::Result<()> {
    keep_panics();
    let mut input = BufReader::with_capacity(1 << 16, io::stdin().lock());
    let (kind, bytes) = wire::read(&mut input)?.ok_or(io::ErrorKind::UnexpectedEof)?;
    if kind != Kind::Job {
        return Err(io::Error::other("no job"));
    }
    let job: Job = wire::json(&bytes)?;
    confine(&job.options);

    let mut rules = Vec::new();
    let first = loop {
        let frame = wire::read(&mut input)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        match frame.0 {
            Kind::Rules => rules.push(wire::to_rule_file(&frame.1)?),
            _ => break frame,
        }
    };
    // The supervisor is still looking for files while the rules are read; which of them are needed shows when the files are known.
    let begin = Instant::now();
    let prepared = crate::rules::prepare(&rules, &job.options);
    let reading = begin.elapsed();
    let Files { mut files, settings } = read_files(&mut input, first)?;
    let begin = Instant::now();
    let folders = folders(files.iter().map(|(_, target)| target));
    let mut preview = Preview::of(&mut files, job.options.max_file_bytes);
    preview.texts = preview.texts.filter(|_| !job.options.check_rules && job.options.cache.is_none());
    let loaded = prepared.compile(&rules, Some(&preview));
    let settings = loaded.settings(&settings);
    let cache = Cache::of(&rules, &loaded, &settings, &job.options);
    drop(rules);
    let rules_ready_us = (reading + begin.elapsed()).as_micros() as u64;
    let out = Output(Mutex::new(io::stdout()));
    if job.describe {
        out.send_json(Kind::Ready, &loaded.describe())?;
    } else {
        out.send(Kind::Alive, &[])?;
    }

    let watch = Watch::new(job.options.threads);
    std::thread::scope(|scope| {
        let keeper = scope.spawn(|| {
            let overran = |index| {
                // Threads cannot be stopped from outside: the process ends here, and the supervisor goes on without the file.
                let _ = out.send_json(Kind::Overran, &Overran { index });
                std::process::abort();
            };
            let swollen = || {
                eprintln!("out of memory");
                std::process::abort();
            };
            let options = &job.options;
            watch.keep(options.file_time, options.max_memory_bytes, overran, swollen, || {
                out.send_or_end(Kind::Alive, &[])
            });
        });
        let flows = scan_all(&loaded, cache.as_ref(), &settings, &files, &job.options, &watch, &|records| {
            match serde_json::to_vec(&records) {
                _ if job.task == Task::Flows => {}
                Ok(bytes) => out.send_or_end(Kind::Records, &bytes),
                Err(_) => std::process::abort(),
            }
        });
        if job.task != Task::Files && !flows.is_empty() {
            let flows = follow(&loaded.set, cache.as_ref(), flows, &files, &folders, &job.options);
            match serde_json::to_vec(&flows) {
                Ok(bytes) => out.send_or_end(Kind::Flows, &bytes),
                Err(_) => std::process::abort(),
            }
        }
        watch.finish();
        keeper.thread().unpark();
    });
    out.send_json(Kind::Done, &Done { cpu_ms: cpu_ms(), peak_memory_bytes: peak_memory_bytes(), rules_ready_us })?;
    // The system takes memory back faster than its owners.
    std::mem::forget((loaded, files));
    Ok(())
}

/// What a worker is to scan, and the settings of the project, which are the same for every worker.
#[derive(Default)]
struct Files {
    files: Vec<Numbered>,
    settings: Vec<Target>,
}

fn read_files(input: &mut impl io::Read, first: (Kind, Vec<u8>)) -> io::Result<Files> {
    let mut all = Files::default();
    let mut content = None;
    let mut frame = Some(first);
    while let Some((kind, bytes)) = frame {
        match kind {
            Kind::Bytes => content = Some(bytes),
            Kind::File => all.files.push(wire::to_target(&bytes, content.take())?),
            Kind::Settings => all.settings.push(wire::to_target(&bytes, content.take())?.1),
            Kind::Go => return Ok(all),
            _ => return Err(io::Error::other("a frame out of place")),
        }
        frame = wire::read(input)?;
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}

struct Output(Mutex<Stdout>);

impl Output {
    fn send(&self, kind: Kind, bytes: &[u8]) -> io::Result<()> {
        let out = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // One write for a small frame, whatever lies between us and the pipe.
        let mut out = io::BufWriter::with_capacity(1 << 16, &*out);
        wire::write(&mut out, kind, bytes)?;
        out.flush()
    }

    fn send_json(&self, kind: Kind, value: &impl serde::Serialize) -> io::Result<()> {
        self.send(kind, &serde_json::to_vec(value)?)
    }

    /// Nobody listens any more: there is nothing left to do.
    fn send_or_end(&self, kind: Kind, bytes: &[u8]) {
        if self.send(kind, bytes).is_err() {
            std::process::exit(1);
        }
    }
}
