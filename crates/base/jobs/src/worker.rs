//! Runs jobs: for each queue a loop that records what finished and claims what is due, in one transaction.

use std::collections::{BTreeMap, HashMap};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use rampart_kernel::{Origin, RequestId, Timestamp};
use rampart_store::{Dialect, Result};
use serde_json::Value;
use tokio::task::{AbortHandle, Id, JoinError, JoinSet};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use crate::jobs::Jobs;
use crate::model::{Failure, Job, JobId, Queue};
use crate::store::{self, Claim, Claimed};

/// How long a claim holds without a sign of life. Short, so that a dead worker's jobs soon run elsewhere.
const LEASE: Duration = Duration::from_secs(30);

/// A third of the lease: two signs of life may be lost.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// How long running jobs may go on after a stop. What takes longer is aborted and runs again elsewhere. Less than the 30 seconds
/// that the process has, so that there is time to give them back.
const DRAIN_LIMIT: Duration = Duration::from_secs(25);

/// How often to look without having been woken. On SQLite every job is added by this process, which rings; on PostgreSQL also by
/// others, whose ringing is heard where Redis carries it, unless it is lost.
const POLL_ALONE: Duration = Duration::from_secs(5);
const POLL_TOLD: Duration = Duration::from_secs(2);
const POLL_SHARED: Duration = Duration::from_millis(250);

/// The pause after the database did not answer.
const TROUBLE_PAUSE: Duration = Duration::from_secs(1);

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

type Outcome = Result<(), Failure>;
type Handler = Arc<dyn Fn(Run, Value) -> Pin<Box<dyn Future<Output = Outcome> + Send>> + Send + Sync>;

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
}

/// Runs the jobs of all queues that it has handlers for.
pub struct Worker {
    jobs: Jobs,
    handlers: Handlers,
    origin: Origin,
    /// By which this process is known in the queue.
    node: String,
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
                let mut lane = Lane::new(self, *queue);
                while lane.settle_and_claim(queue.concurrency).await? > 0 {
                    while let Some(ended) = lane.running.join_next_with_id().await {
                        lane.ended(ended);
                        runs += 1;
                    }
                }
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
        let count = store::reap(&mut tx, REAP_BATCH).await?;
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

/// One queue in one process.
struct Lane<'a> {
    worker: &'a Worker,
    queue: Queue,
    running: JoinSet<Outcome>,
    held: HashMap<Id, (Claimed, AbortHandle)>,
    /// Ended, and not yet recorded.
    ended: Vec<(Claimed, Outcome)>,
    served: String,
    beat: Instant,
}

impl<'a> Lane<'a> {
    fn new(worker: &'a Worker, queue: Queue) -> Lane<'a> {
        Lane {
            worker,
            queue,
            running: JoinSet::new(),
            held: HashMap::new(),
            ended: Vec::new(),
            served: String::new(),
            beat: Instant::now() + HEARTBEAT,
        }
    }

    async fn run(mut self, stop: &CancellationToken) {
        let bell = self.worker.jobs.bell(self.queue.name).here;
        let mut look = true;
        while !stop.is_cancelled() {
            let free = if look { self.queue.concurrency.saturating_sub(self.running.len()) } else { 0 };
            let pause = match self.round(free).await {
                Ok(pause) => pause,
                Err(error) => {
                    tracing::warn!(queue = self.queue.name, %error, "the queue's database does not answer");
                    TROUBLE_PAUSE
                }
            };
            look = true;
            tokio::select! {
                () = stop.cancelled() => {}
                Some(ended) = self.running.join_next_with_id() => {
                    self.ended(ended);
                    // All that ended meanwhile go into the same transaction.
                    while let Some(ended) = self.running.try_join_next_with_id() {
                        self.ended(ended);
                    }
                }
                () = bell.heard(), if self.running.len() < self.queue.concurrency => {}
                () = tokio::time::sleep_until(self.beat), if !self.held.is_empty() => look = false,
                () = tokio::time::sleep(pause), if self.running.len() < self.queue.concurrency => {}
            }
        }
        self.drain().await;
    }

    /// Renews leases when it is time, records what ended, claims what is due. How long there is nothing to do but wait.
    async fn round(&mut self, free: usize) -> Result<Duration> {
        if self.beat <= Instant::now() {
            self.beat = Instant::now() + HEARTBEAT;
            self.renew().await?;
        }
        let poll = match self.worker.jobs.store().dialect() {
            Dialect::Sqlite => POLL_ALONE,
            Dialect::Postgres if self.worker.jobs.is_told() => POLL_TOLD,
            Dialect::Postgres => POLL_SHARED,
        };
        // An idle queue is looked at without taking the writer.
        let due = if free > 0 { self.next_due().await? } else { None };
        let now = self.worker.origin.now();
        let claim = due.is_some_and(|due| due <= now);
        if self.ended.is_empty() && !claim {
            return Ok(due.map_or(poll, |due| due.since(now)).min(poll));
        }
        let claimed = self.settle_and_claim(if claim { free } else { 0 }).await?;
        // Fewer than asked for: the rest is not due, or waits for a key that is taken.
        Ok(if claimed < free || free == 0 { poll } else { Duration::ZERO })
    }

    async fn next_due(&self) -> Result<Option<Timestamp>> {
        store::next_due(&mut self.worker.jobs.store().read().await?, self.queue.name).await
    }

    /// One transaction: what ended is recorded, what is due is claimed. Then the claimed ones run; how many.
    async fn settle_and_claim(&mut self, free: usize) -> Result<usize> {
        let node = &self.worker.node;
        let mut tx = self.worker.jobs.store().begin(&self.worker.origin).await?;
        let done: Vec<(JobId, u32)> =
            self.ended.iter().filter(|(_, outcome)| outcome.is_ok()).map(|(job, _)| (job.id, job.attempts)).collect();
        let accepted = store::complete(&mut tx, node, &done).await?;
        let mut dead = Vec::new();
        for (job, outcome) in &self.ended {
            if let Err(failure) = outcome {
                let (current, is_dead) = store::fail(&mut tx, node, job, failure).await?;
                if current && is_dead {
                    dead.push((job.id, job.kind.clone(), failure.message()));
                }
            }
        }
        let claim = Claim { queue: self.queue.name, node, free, lease: LEASE, after: &self.served };
        let (claimed, served) = if free > 0 { store::claim(&mut tx, &claim).await? } else { Default::default() };
        tx.commit().await?;

        if accepted < done.len() as u64 {
            tracing::warn!(queue = self.queue.name, "results of jobs that somebody else had taken over were refused");
        }
        for (job, kind, error) in dead {
            tracing::error!(%job, kind, error, "a job failed for good");
        }
        self.ended.clear();
        let count = claimed.len();
        if free > 0 {
            self.served = served;
        }
        for job in claimed {
            self.start(job);
        }
        Ok(count)
    }

    fn start(&mut self, job: Claimed) {
        let origin = self.worker.origin.caused_by(job.request_id.clone()).in_workspace(job.workspace);
        let is_last = job.attempts >= job.max_attempts;
        let run = Run { origin, job: job.id, attempt: job.attempts, is_last };
        let handler = self.worker.handlers.by_kind.get(job.kind.as_str()).cloned();
        let (kind, payload, timeout) = (job.kind.clone(), job.payload.clone(), self.queue.timeout);
        let task = async move {
            let Some(handler) = handler else {
                return Err(Failure::retry(format!("this version of the program knows no {kind}")));
            };
            // Dropping the future when the time is over is what aborts it.
            match tokio::time::timeout(timeout, handler(run, payload)).await {
                Ok(outcome) => outcome,
                Err(_) => Err(Failure::retry(format!("took longer than {timeout:?}"))),
            }
        };
        let span = tracing::info_span!(
            target: rampart_telemetry::SPANS,
            "job",
            otel.name = job.kind,
            sentry.name = job.kind,
            otel.kind = "consumer",
            messaging.destination.name = self.queue.name,
            job.id = %job.id,
            job.attempt = job.attempts,
            request.id = job.request_id.as_ref().map(RequestId::as_str),
        );
        if let Some(from) = &job.trace_context {
            rampart_telemetry::continued(&span, from);
        }
        let abort = self.running.spawn(task.instrument(span));
        self.held.insert(abort.id(), (job, abort));
    }

    fn ended(&mut self, ended: Result<(Id, Outcome), JoinError>) {
        let (id, outcome) = match ended {
            Ok((id, outcome)) => (id, Some(outcome)),
            Err(error) if error.is_panic() => (error.id(), Some(Err(Failure::retry("it panicked")))),
            // Aborted, as its lease is gone: the outcome is somebody else's.
            Err(error) => (error.id(), None),
        };
        let Some((job, _)) = self.held.remove(&id) else { return };
        let result = match &outcome {
            Some(Ok(())) => "success",
            Some(Err(_)) => "failure",
            None => "lost",
        };
        metrics::counter!("rampart_jobs_total", "queue" => self.queue.name, "type" => job.kind.clone(), "result" => result)
            .increment(1);
        if let Some(outcome) = outcome {
            if let Err(failure) = &outcome {
                tracing::warn!(job = %job.id, kind = job.kind, attempt = job.attempts, error = failure.message(), "a job failed");
            }
            self.ended.push((job, outcome));
        }
    }

    /// Signs of life; what is no longer ours is aborted.
    async fn renew(&mut self) -> Result<()> {
        let held: Vec<(JobId, u32)> = self.held.values().map(|(job, _)| (job.id, job.attempts)).collect();
        if held.is_empty() {
            return Ok(());
        }
        let mut tx = self.worker.jobs.store().begin(&self.worker.origin).await?;
        let until = self.worker.origin.now() + LEASE;
        let ours = store::renew(&mut tx, &self.worker.node, until, &held).await?;
        tx.commit().await?;
        for (job, abort) in self.held.values() {
            if !ours.contains(&job.id) {
                tracing::warn!(job = %job.id, kind = job.kind, "the lease is gone, the job is aborted");
                abort.abort();
            }
        }
        Ok(())
    }

    /// Waits for what runs, gives back what takes too long.
    async fn drain(mut self) {
        let wait = async {
            while let Some(ended) = self.running.join_next_with_id().await {
                self.ended(ended);
            }
        };
        let _ = tokio::time::timeout(DRAIN_LIMIT, wait).await;
        self.running.abort_all();
        let outcome = async {
            self.settle_and_claim(0).await?;
            let mut tx = self.worker.jobs.store().begin(&self.worker.origin).await?;
            for (job, _) in self.held.values() {
                store::release(&mut tx, &self.worker.node, job).await?;
            }
            tx.commit().await
        };
        if let Err(error) = outcome.await {
            // Their leases run out, and they run again.
            tracing::warn!(queue = self.queue.name, %error, "the last jobs could not be recorded");
        }
    }
}
