//! One queue in one process: what runs, what waits for a place, and the rounds in which the database hears of it.
//!
//! A round is one transaction: what ended is recorded, leases are renewed, what is due is claimed. Jobs run meanwhile, and the round that
//! follows carries all that ended during the one before, however many that are.
//!
//! Jobs that end sooner than a commit would wait for rounds more than they run. While all that end are so brief, some more are claimed
//! than there are places; they begin as places become free, and what finds none soon is given back.

use std::collections::{HashMap, HashSet, VecDeque};
use std::pin::Pin;
use std::time::Duration;

use rampart_kernel::RequestId;
use rampart_store::{Dialect, Result};
use tokio::task::{AbortHandle, Id, JoinError, JoinSet};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use crate::claims::{self, Claim, Claimed, Failed, Fence};
use crate::model::{Failure, JobId, Queue, next_run};
use crate::store;
use crate::worker::{Outcome, Run, Worker};

/// How long a claim holds without a sign of life. Short, so that a dead worker's jobs soon run elsewhere.
const LEASE: Duration = Duration::from_secs(30);

/// A third of the lease: two signs of life may be lost.
pub(crate) const HEARTBEAT: Duration = Duration::from_secs(10);

/// What takes no longer is brief: about as long as a round.
const BRIEF: Duration = Duration::from_millis(5);

/// Claimed beyond the places that are free, at most: about what runs while the disk syncs.
const AHEAD: usize = 64;

/// How long such a job waits for its place before it is given back.
const AHEAD_WAIT: Duration = Duration::from_millis(100);

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

pub(crate) struct Lane<'a> {
    worker: &'a Worker,
    queue: Queue,
    running: JoinSet<Outcome>,
    held: HashMap<Id, Held>,
    /// Claimed ahead, and waiting for a place until then.
    ready: VecDeque<Claimed>,
    ready_until: Instant,
    /// Ended, and not yet recorded.
    ended: Vec<Ended>,
    /// How many more than there are places may be claimed.
    ahead: usize,
    /// The workspace that was served last.
    served: String,
    beat: Instant,
}

struct Held {
    job: Claimed,
    since: Instant,
    abort: AbortHandle,
}

struct Ended {
    job: Claimed,
    outcome: Outcome,
    was_brief: bool,
}

/// What the database is to hear and to give.
struct Round {
    ended: Vec<Ended>,
    renew: Vec<Fence>,
    give_back: Vec<Fence>,
    free: usize,
    /// Of these, how many begin at once.
    places: usize,
    served: String,
}

/// What came of it.
#[derive(Default)]
struct Came {
    claimed: Vec<Claimed>,
    served: String,
    /// Of the leases that were to be renewed.
    renewed: HashSet<JobId>,
    /// How long there is nothing to look for.
    pause: Duration,
}

type UnderWay<'a> = Option<Pin<Box<dyn Future<Output = (Round, Result<Came>)> + Send + 'a>>>;

impl<'a> Lane<'a> {
    pub fn new(worker: &'a Worker, queue: Queue) -> Lane<'a> {
        Lane {
            worker,
            queue,
            running: JoinSet::new(),
            held: HashMap::new(),
            ready: VecDeque::new(),
            ready_until: Instant::now(),
            ended: Vec::new(),
            ahead: 0,
            served: String::new(),
            beat: Instant::now() + HEARTBEAT,
        }
    }

    /// Until stopped. Nothing but the round waits for the database: what runs is looked after meanwhile.
    pub async fn run(mut self, stop: &CancellationToken) {
        let bell = self.worker.jobs.bell(self.queue.name).here;
        let mut under_way: UnderWay<'a> = None;
        let (mut is_due, mut look_at) = (true, Instant::now());
        while !stop.is_cancelled() {
            if self.start_ready() {
                // What begins does not wait for the next look.
                tokio::task::yield_now().await;
            }
            if is_due && under_way.is_none() {
                is_due = false;
                under_way = self.next_round().map(|round| -> Pin<Box<dyn Future<Output = _> + Send + 'a>> {
                    let (worker, queue) = (self.worker, self.queue);
                    Box::pin(async move {
                        let came = exchange(worker, &queue, &round).await;
                        (round, came)
                    })
                });
            }
            let (rests, has_room) = (under_way.is_none(), self.free() > 0);
            tokio::select! {
                () = stop.cancelled() => {}
                (round, came) = over(&mut under_way) => {
                    under_way = None;
                    let pause = self.came(round, came);
                    is_due |= pause.is_zero();
                    look_at = Instant::now() + pause;
                }
                Some(ended) = self.running.join_next_with_id() => {
                    self.ended(ended);
                    // All that ended meanwhile go into the same transaction.
                    while let Some(ended) = self.running.try_join_next_with_id() {
                        self.ended(ended);
                    }
                    is_due = true;
                }
                () = bell.heard(), if has_room => is_due = true,
                () = sleep_until(look_at), if rests && has_room => is_due = true,
                () = sleep_until(self.beat), if rests && !self.held.is_empty() => is_due = true,
                () = sleep_until(self.ready_until), if rests && !self.ready.is_empty() => is_due = true,
            }
        }
        self.stop(under_way).await;
    }

    /// Runs everything that is due, and what that adds to the queue; how many runs it took.
    pub async fn run_due(mut self) -> Result<u64> {
        let mut runs = 0;
        while let Some(round) = self.next_round() {
            let came = exchange(self.worker, &self.queue, &round).await?;
            self.came(round, Ok(came));
            self.start_ready();
            if self.running.is_empty() {
                break;
            }
            while let Some(ended) = self.running.join_next_with_id().await {
                self.ended(ended);
                self.start_ready();
                runs += 1;
            }
        }
        Ok(runs)
    }

    fn free(&self) -> usize {
        self.below(self.queue.concurrency + self.ahead)
    }

    /// How many may be claimed until so many run or wait.
    fn below(&self, most: usize) -> usize {
        most.saturating_sub(self.running.len() + self.ready.len())
    }

    /// Nothing when there is nothing to say, and no place for more.
    fn next_round(&mut self) -> Option<Round> {
        let (now, ended) = (Instant::now(), std::mem::take(&mut self.ended));
        self.ahead = if ended.iter().all(|it| it.was_brief) { (2 * ended.len()).min(AHEAD) } else { 0 };
        let (mut renew, mut give_back) = (Vec::new(), Vec::new());
        if self.beat <= now {
            self.beat = now + HEARTBEAT;
            renew.extend(self.held.values().map(|held| held.job.fence()));
        }
        if self.ready_until <= now {
            give_back.extend(self.ready.drain(..).map(|job| job.fence()));
        }
        let (free, places) = (self.free(), self.below(self.queue.concurrency));
        let round = Round { ended, renew, give_back, free, places, served: self.served.clone() };
        (round.says_something() || round.free > 0).then_some(round)
    }

    /// How long there is nothing to look for.
    fn came(&mut self, round: Round, came: Result<Came>) -> Duration {
        let came = match came {
            Ok(came) => came,
            Err(error) => {
                tracing::warn!(queue = self.queue.name, %error, "the queue's database does not answer");
                // Said again. What was given back comes back when its leases run out.
                self.ended.splice(..0, round.ended);
                return TROUBLE_PAUSE;
            }
        };
        let is_lost = |job: &Claimed| round.renew.contains(&job.fence()) && !came.renewed.contains(&job.id);
        for Held { job, abort, .. } in self.held.values().filter(|held| is_lost(&held.job)) {
            tracing::warn!(job = %job.id, kind = job.kind, "the lease is gone, the job is aborted");
            abort.abort();
        }
        if !came.claimed.is_empty() {
            self.served = came.served;
            self.ready_until = Instant::now() + AHEAD_WAIT;
            self.ready.extend(came.claimed);
        }
        came.pause
    }

    /// Whether something was begun.
    fn start_ready(&mut self) -> bool {
        let before = self.running.len();
        while self.running.len() < self.queue.concurrency
            && let Some(job) = self.ready.pop_front()
        {
            self.start(job);
        }
        self.running.len() > before
    }

    fn start(&mut self, mut job: Claimed) {
        let origin = self.worker.origin.caused_by(job.request_id.clone()).in_workspace(job.workspace);
        let is_last = job.attempts >= job.max_attempts;
        let run = Run { origin, job: job.id, attempt: job.attempts, is_last };
        let handler = self.worker.handlers.of(&job.kind);
        let (kind, payload, timeout) = (job.kind.clone(), job.payload.take(), self.queue.timeout);
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
        self.held.insert(abort.id(), Held { job, since: Instant::now(), abort });
    }

    fn ended(&mut self, ended: Result<(Id, Outcome), JoinError>) {
        let (id, outcome) = match ended {
            Ok((id, outcome)) => (id, Some(outcome)),
            Err(error) if error.is_panic() => (error.id(), Some(Err(Failure::retry("it panicked")))),
            // Aborted, as its lease is gone: the outcome is somebody else's.
            Err(error) => (error.id(), None),
        };
        let Some(Held { job, since, .. }) = self.held.remove(&id) else { return };
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
            self.ended.push(Ended { job, outcome, was_brief: since.elapsed() < BRIEF });
        }
    }

    /// Waits for what runs, gives back what takes too long and what has not begun.
    async fn stop(mut self, under_way: UnderWay<'a>) {
        if let Some(under_way) = under_way {
            let (round, came) = under_way.await;
            self.came(round, came);
        }
        let wait = async {
            while let Some(ended) = self.running.join_next_with_id().await {
                self.ended(ended);
            }
        };
        let _ = tokio::time::timeout(DRAIN_LIMIT, wait).await;
        self.running.abort_all();
        let unfinished = self.held.values().map(|held| &held.job).chain(&self.ready);
        let give_back = unfinished.map(Claimed::fence).collect();
        let last = Round { ended: self.ended, renew: Vec::new(), give_back, free: 0, places: 0, served: self.served };
        if let Err(error) = exchange(self.worker, &self.queue, &last).await {
            // Their leases run out, and they run again.
            tracing::warn!(queue = self.queue.name, %error, "the last jobs could not be recorded");
        }
    }
}

impl Round {
    fn says_something(&self) -> bool {
        !(self.ended.is_empty() && self.renew.is_empty() && self.give_back.is_empty())
    }
}

/// When the round is over; never when none is under way.
async fn over(under_way: &mut UnderWay<'_>) -> (Round, Result<Came>) {
    match under_way {
        Some(under_way) => under_way.await,
        None => std::future::pending().await,
    }
}

/// One round with the database, in one transaction.
async fn exchange(worker: &Worker, queue: &Queue, round: &Round) -> Result<Came> {
    let (store, node, now) = (worker.jobs.store(), &worker.node, worker.origin.now());
    let poll = match store.dialect() {
        Dialect::Sqlite => POLL_ALONE,
        Dialect::Postgres if worker.jobs.is_told() => POLL_TOLD,
        Dialect::Postgres => POLL_SHARED,
    };
    // An idle queue is looked at without taking the writer.
    let due = if round.free > 0 { store::next_due(&mut store.read().await?, queue.name).await? } else { None };
    let claims = due.is_some_and(|due| due <= now);
    let mut came = Came { pause: due.map_or(poll, |due| due.since(now)).min(poll), ..Came::default() };
    if !claims && !round.says_something() {
        return Ok(came);
    }
    let mut tx = store.begin(&worker.origin).await?;
    let done: Vec<Fence> = round.ended.iter().filter(|it| it.outcome.is_ok()).map(|it| it.job.fence()).collect();
    let mut current = claims::complete(&mut tx, node, &done).await?;
    let failures: Vec<(&Claimed, &Failure, String)> = round
        .ended
        .iter()
        .filter_map(|it| it.outcome.as_ref().err().map(|failure| (&it.job, failure, failure.message())))
        .collect();
    let failed = failures.iter().map(|(job, failure, message)| {
        let again = next_run(failure, job.attempts, job.max_attempts, &worker.origin);
        Failed { job, node, message, again, gives_back: failure.gives_back() }
    });
    let failed: Vec<Failed<'_>> = failed.collect();
    current.extend(claims::fail(&mut tx, &failed).await?);
    claims::release(&mut tx, node, &round.give_back).await?;
    came.renewed = claims::renew(&mut tx, node, now + LEASE, &round.renew).await?;
    if claims {
        let Round { free, places, served, .. } = round;
        let claim = Claim { queue: queue.name, node, free: *free, places: *places, lease: LEASE, after: served };
        (came.claimed, came.served) = claims::claim(&mut tx, &claim).await?;
        // Nothing is due but what waits for a key; or something was, and what else is, is asked at once.
        came.pause = if came.claimed.is_empty() { poll } else { Duration::ZERO };
    }
    tx.commit().await?;

    for Ended { job, .. } in round.ended.iter().filter(|it| !current.contains(&it.job.id)) {
        tracing::warn!(job = %job.id, kind = job.kind, "the result was refused: somebody else had taken the job over");
    }
    for it in failed.iter().filter(|it| it.again.is_none() && current.contains(&it.job.id)) {
        tracing::error!(job = %it.job.id, kind = it.job.kind, error = it.message, "a job failed for good");
    }
    Ok(came)
}
