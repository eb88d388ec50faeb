//! Runs jobs: who does what, for each queue a lane, and what holds for all of them.

use std::collections::{BTreeMap, HashMap};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use rampart_kernel::Origin;
use rampart_store::Result;
use serde_json::Value;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::claims;
use crate::jobs::Jobs;
use crate::lane::{HEARTBEAT, Lane};
use crate::model::{Failure, Job, JobId, Queue};

/// How often jobs that finished long ago are removed.
const CLEAN_INTERVAL: Duration = Duration::from_secs(3_600);

/// Jobs of silent workers that are taken back in one transaction.
const REAP_BATCH: i64 = 100;

/// What a job is run with.
#[derive(Clone, Debug)]
pub struct Run {
    /// Of the request that caused the job, in its workspace.
    pub origin: Origin,
    pub job: JobId,
    /// From 1.
    pub attempt: u32,
    /// When it fails, it is not tried again.
    pub is_last: bool,
}

pub(crate) type Outcome = Result<(), Failure>;
pub(crate) type Handler = Arc<dyn Fn(Run, Value) -> Pin<Box<dyn Future<Output = Outcome> + Send>> + Send + Sync>;

/// What is done for each kind of job.
#[derive(Clone, Default)]
pub struct Handlers {
    by_kind: HashMap<&'static str, Handler>,
    queues: BTreeMap<&'static str, Queue>,
}

impl Handlers {
    pub fn new() -> Handlers {
        Handlers::default()
    }

    /// # Panics
    /// When the kind has a handler already, or its queue is declared in two ways: a mistake in the program.
    #[must_use]
    pub fn on<J, F, T>(mut self, handle: F) -> Handlers
    where
        J: Job,
        F: Fn(Run, J) -> T + Send + Sync + 'static,
        T: Future<Output = Outcome> + Send + 'static,
    {
        let handler: Handler = Arc::new(move |run, payload| match serde_json::from_value::<J>(payload) {
            Ok(job) => Box::pin(handle(run, job)),
            Err(error) => Box::pin(async move { Err(Failure::fatal(format!("the payload cannot be read: {error}"))) }),
        });
        assert!(self.by_kind.insert(J::KIND, handler).is_none(), "{} has two handlers", J::KIND);
        let queue = self.queues.entry(J::QUEUE.name).or_insert(J::QUEUE);
        assert_eq!(*queue, J::QUEUE, "the queue is declared in two ways");
        self
    }

    /// How many jobs of a queue this process runs at the same time, when the configuration says otherwise.
    #[must_use]
    pub fn concurrency(mut self, queue: &str, concurrency: usize) -> Handlers {
        if let Some(queue) = self.queues.get_mut(queue) {
            queue.concurrency = concurrency.max(1);
        }
        self
    }

    pub fn queues(&self) -> impl Iterator<Item = &Queue> {
        self.queues.values()
    }

    pub(crate) fn of(&self, kind: &str) -> Option<Handler> {
        self.by_kind.get(kind).cloned()
    }
}

/// Runs the jobs of all queues that it has handlers for.
pub struct Worker {
    pub(crate) jobs: Jobs,
    pub(crate) handlers: Handlers,
    pub(crate) origin: Origin,
    /// By which this process is known in the queue.
    pub(crate) node: String,
}

impl Worker {
    pub fn new(jobs: Jobs, handlers: Handlers, origin: Origin) -> Worker {
        let node = origin.new_id::<JobId>().to_string();
        Worker { jobs, handlers, origin, node }
    }

    /// Until stopped; then it claims nothing more, waits for what runs, and gives back what takes too long.
    pub async fn run(self, stop: CancellationToken) {
        let worker = Arc::new(self);
        let mut tasks = JoinSet::new();
        for queue in worker.handlers.queues() {
            let (worker, queue, stop) = (worker.clone(), *queue, stop.clone());
            tasks.spawn(async move { Lane::new(&worker, queue).run(&stop).await });
        }
        tasks.spawn({
            let worker = worker.clone();
            async move { worker.reap_until(&stop).await }
        });
        while let Some(ended) = tasks.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a worker ended unexpectedly");
            }
        }
    }

    /// Runs everything that is due, and what that adds, until nothing is due; how many runs it took. For tests and for commands.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn drain(&self) -> Result<u64> {
        let mut runs = 0;
        loop {
            let before = runs;
            for queue in self.handlers.queues() {
                runs += Lane::new(self, *queue).run_due().await?;
            }
            if runs == before {
                return Ok(runs);
            }
        }
    }

    /// Takes back the jobs of workers that fell silent; how many.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn reap(&self) -> Result<u64> {
        let mut tx = self.jobs.store().begin(&self.origin).await?;
        let count = claims::reap(&mut tx, REAP_BATCH).await?;
        if count > 0 {
            for queue in self.handlers.queues() {
                self.jobs.ring(&mut tx, queue.name);
            }
        }
        tx.commit().await?;
        Ok(count)
    }

    async fn reap_until(&self, stop: &CancellationToken) {
        let mut clean_at = Instant::now();
        loop {
            if clean_at <= Instant::now() {
                clean_at += CLEAN_INTERVAL;
                if let Err(error) = self.jobs.forget(&self.origin).await {
                    tracing::warn!(%error, "finished jobs cannot be removed");
                }
            }
            match self.reap().await {
                Ok(0) => {}
                Ok(count) => tracing::warn!(count, "jobs of silent workers run again"),
                Err(error) => tracing::warn!(%error, "cannot look for jobs of silent workers"),
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(HEARTBEAT) => {}
            }
        }
    }
}
