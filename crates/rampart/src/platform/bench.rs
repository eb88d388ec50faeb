//! `rampart bench queue`: what the queue of jobs does by itself, said as others say it of theirs.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rampart_jobs::{Handlers, Job, Jobs, Others, Queue, Worker};
use rampart_kernel::{Origin, Secret};
use rampart_redis::{Redis, RedisSettings};
use rampart_store::{Dialect, Store, StoreSettings};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::parts;
use crate::cli::BenchQueueArgs;
use crate::exit;
use crate::failure::Failure;

/// Between the backlog and the first probe, so that nothing of the former is left.
const REST: Duration = Duration::from_secs(2);

/// Between two probes. Not a round number, so that they fall at all moments of what runs at intervals.
const PROBE_GAP: Duration = Duration::from_micros(25_300);

/// A job as small as they come.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Measure {
    n: u64,
    commit_id: String,
    repository: String,
}

impl Measure {
    fn number(n: u64) -> Measure {
        let commit_id = "00000000-0000-4000-8000-000000000000".to_owned();
        Measure { n, commit_id, repository: "org/repo".to_owned() }
    }
}

impl Job for Measure {
    const KIND: &'static str = "bench_measure";
    const QUEUE: Queue = Queue { name: "bench", concurrency: 1, timeout: Duration::from_secs(60), attempts: 3 };
}

/// Prints one JSON object: jobs added per second, jobs run per second, and how long an idle worker takes to begin.
pub fn queue(args: &BenchQueueArgs) -> Result<u8, Failure> {
    super::run(measure(args))
}

async fn measure(args: &BenchQueueArgs) -> Result<u8, Failure> {
    let place = Place::new(args)?;
    let (adding, working) = (Store::open(&place.settings).await.map_err(Failure::new)?, place.second().await?);
    let origin = Origin::of_system("bench");
    let all = parts::migrations();
    if adding.pending(&all).await.map_err(Failure::new)?.names.len() < all.len() {
        return Err(Failure::new("the database is in use").hint("name one that is empty, made for this measurement"));
    }
    adding.migrate(&origin, &all).await.map_err(Failure::new)?;

    let adder = Jobs::new(adding.clone());
    let enqueue_seconds = enqueue(&adding, &adder, &origin, args).await?;

    // With the embedded database who adds and who works are one process, with PostgreSQL two.
    let jobs = working.as_ref().map_or_else(|| adder.clone(), |store| Jobs::new(store.clone()));
    let (started, mut starts) = mpsc::unbounded_channel();
    let began = Instant::now();
    let handlers = Handlers::new().on(move |_, job: Measure| {
        let _ = started.send((job.n, Instant::now()));
        async { Ok(()) }
    });
    let handlers = handlers.concurrency(Measure::QUEUE.name, usize::from(args.concurrency));
    let stop = CancellationToken::new();
    let mut tasks = JoinSet::new();
    for jobs in [&adder, &jobs] {
        tasks.spawn(Others::new(jobs.clone(), [Measure::QUEUE].iter(), place.redis()?).run(stop.clone()));
    }
    tasks.spawn(Worker::new(jobs, handlers, origin.clone()).run(stop.clone()));
    let (mut seen, mut handled) = (HashSet::new(), 0);
    let mut process_seconds = 0.0;
    while seen.len() < args.jobs as usize {
        let Some((n, at)) = starts.recv().await else { break };
        seen.insert(n);
        handled += 1;
        process_seconds = at.duration_since(began).as_secs_f64();
    }

    sleep(REST).await;
    let mut waits = Vec::new();
    for probe in 0..args.probes {
        let began = Instant::now();
        add(&adding, &adder, &origin, args.jobs + probe).await.map_err(Failure::new)?;
        while let Some((n, at)) = starts.recv().await {
            if n == args.jobs + probe {
                waits.push(at.duration_since(began));
                break;
            }
            handled += 1;
        }
        sleep(PROBE_GAP).await;
    }
    stop.cancel();
    while tasks.join_next().await.is_some() {}
    drop((adder, adding));
    waits.sort_unstable();
    let at = |share: f64| {
        let index = (waits.len() as f64 * share).ceil() as usize;
        waits.get(index.max(1) - 1).map(|wait| (wait.as_secs_f64() * 100_000.0).round() / 100.0)
    };
    let figures = json!({
        "library": format!("rampart-{}", place.name()),
        "concurrency": args.concurrency,
        "jobs": args.jobs,
        "duplicates": handled - seen.len(),
        "enqueue_per_second": (args.jobs as f64 / enqueue_seconds).round(),
        "process_per_second": (args.jobs as f64 / process_seconds).round(),
        "pickup_ms": { "p50": at(0.5), "p95": at(0.95), "p99": at(0.99), "max": at(1.0), "samples": waits.len() },
    });
    println!("{figures}");
    Ok(exit::DONE)
}

/// One job per transaction, as requests add them, from so many at once; how many seconds it took.
async fn enqueue(store: &Store, jobs: &Jobs, origin: &Origin, args: &BenchQueueArgs) -> Result<f64, Failure> {
    let next = Arc::new(AtomicU64::new(0));
    let began = Instant::now();
    let mut callers: JoinSet<rampart_store::Result<()>> = JoinSet::new();
    for _ in 0..args.concurrency {
        let (store, jobs, origin, next, all) = (store.clone(), jobs.clone(), origin.clone(), next.clone(), args.jobs);
        callers.spawn(async move {
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed);
                if n >= all {
                    return Ok(());
                }
                add(&store, &jobs, &origin, n).await?;
            }
        });
    }
    while let Some(ended) = callers.join_next().await {
        ended.map_err(Failure::new)?.map_err(Failure::new)?;
    }
    Ok(began.elapsed().as_secs_f64())
}

async fn add(store: &Store, jobs: &Jobs, origin: &Origin, n: u64) -> rampart_store::Result<()> {
    let mut tx = store.begin(origin).await?;
    jobs.enqueue(&mut tx, &Measure::number(n)).await?;
    tx.commit().await
}

/// Where it is measured: a folder made for it, removed at the end, or an empty PostgreSQL.
struct Place {
    settings: StoreSettings,
    redis_url: Option<String>,
    made: Option<PathBuf>,
}

impl Place {
    fn new(args: &BenchQueueArgs) -> Result<Place, Failure> {
        let redis_url = args.redis_url.clone();
        if let Some(url) = &args.database_url {
            let settings =
                StoreSettings { database_url: Some(Secret::new(url)), ..StoreSettings::embedded(Path::new(".")) };
            return Ok(Place { settings, redis_url, made: None });
        }
        // Of the current folder: a folder for temporary files is often in memory, where nothing is durable.
        let folder = PathBuf::from(format!("rampart-bench-{}", std::process::id()));
        std::fs::create_dir(&folder)?;
        Ok(Place { settings: StoreSettings::embedded(&folder), redis_url, made: Some(folder) })
    }

    fn name(&self) -> &'static str {
        match self.settings.dialect() {
            Dialect::Sqlite => "sqlite",
            Dialect::Postgres => "postgres",
        }
    }

    async fn second(&self) -> Result<Option<Store>, Failure> {
        match self.settings.dialect() {
            Dialect::Sqlite => Ok(None),
            Dialect::Postgres => Store::open(&self.settings).await.map(Some).map_err(Failure::new),
        }
    }

    fn redis(&self) -> Result<Option<Redis>, Failure> {
        let Some(url) = &self.redis_url else { return Ok(None) };
        Redis::open(&RedisSettings { url: Some(Secret::new(url)) }).map_err(Failure::new)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(folder) = &self.made {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}
