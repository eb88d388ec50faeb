//! What others do with the queue: add jobs, look at them, mend what failed.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rampart_kernel::{Origin, Timestamp};
use rampart_store::{Bell, Result, Store, Tx};

use crate::claims;
use crate::model::{DeadLetter, Job, JobFilter, JobId, JobInfo, QueueDepth, ScheduleInfo};
use crate::store::{self, NewJob};

/// Finished jobs are kept this long, to be looked at.
const FINISHED_KEPT: Duration = Duration::from_secs(7 * 24 * 3_600);

/// The queue. Clones are the same queue.
#[derive(Clone)]
pub struct Jobs {
    store: Store,
    bells: Arc<Mutex<BTreeMap<String, QueueBell>>>,
    hears_others: Arc<AtomicBool>,
}

/// Rung when a queue has something to do.
#[derive(Clone, Default)]
pub(crate) struct QueueBell {
    /// Wakes the workers of this process.
    pub here: Bell,
    /// Wakes those of others, when somebody carries it to them.
    pub elsewhere: Bell,
}

impl Jobs {
    pub fn new(store: Store) -> Jobs {
        Jobs { store, bells: Arc::default(), hears_others: Arc::default() }
    }

    /// Adds a job that runs as soon as the transaction is durable, for the workspace of the transaction.
    /// Nothing when one with its dedupe key waits or runs already.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn enqueue<J: Job>(&self, tx: &mut Tx, job: &J) -> Result<Option<JobId>> {
        let now = tx.origin().now();
        self.enqueue_at(tx, job, now).await
    }

    /// As [`Jobs::enqueue`], to run not before `run_at`.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn enqueue_at<J: Job>(&self, tx: &mut Tx, job: &J, run_at: Timestamp) -> Result<Option<JobId>> {
        let origin = tx.origin().clone();
        Ok(self.insert(tx, [(&origin, job)], run_at).await?.pop().flatten())
    }

    /// As [`Jobs::enqueue`], of many jobs, each with its cause and its workspace; of each what came of it.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn enqueue_all<'a, J: Job>(
        &self,
        tx: &mut Tx,
        jobs: impl IntoIterator<Item = (&'a Origin, &'a J)>,
    ) -> Result<Vec<Option<JobId>>> {
        let now = tx.origin().now();
        self.insert(tx, jobs, now).await
    }

    async fn insert<'a, J: Job>(
        &self,
        tx: &mut Tx,
        jobs: impl IntoIterator<Item = (&'a Origin, &'a J)>,
        run_at: Timestamp,
    ) -> Result<Vec<Option<JobId>>> {
        self.ring(tx, J::QUEUE.name);
        let new = |(origin, job): (&Origin, &J)| {
            let payload = serde_json::to_value(job).map_err(|error| rampart_store::Error::Unexpected(error.into()))?;
            Ok(NewJob {
                origin: origin.clone(),
                queue: J::QUEUE.name,
                kind: J::KIND,
                payload,
                max_attempts: J::QUEUE.attempts,
                run_at,
                dedupe_key: job.dedupe_key(),
                exclusive_key: job.exclusive_key(),
            })
        };
        let new = jobs.into_iter().map(new).collect::<Result<_>>()?;
        store::insert(tx, new).await
    }

    /// # Errors
    /// As the database answers.
    pub async fn find(&self, id: JobId) -> Result<Option<JobInfo>> {
        store::find(&mut self.store.read().await?, id).await
    }

    /// # Errors
    /// As the database answers.
    pub async fn depth(&self, queue: &str, now: Timestamp) -> Result<QueueDepth> {
        store::depth(&mut self.store.read().await?, queue, now).await
    }

    /// Newest first.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn dead_letters(&self, queue: Option<&str>, limit: u32, offset: u32) -> Result<Vec<DeadLetter>> {
        store::dead_letters(&mut self.store.read().await?, queue, limit, offset).await
    }

    /// Newest first, at most `limit`, of those that the filter names.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn list(&self, filter: &JobFilter, limit: u32) -> Result<Vec<JobInfo>> {
        store::list(&mut self.store.read().await?, filter, limit).await
    }

    /// How full the queues are that hold anything.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn depths(&self, now: Timestamp) -> Result<BTreeMap<String, QueueDepth>> {
        store::depths(&mut self.store.read().await?, now).await
    }

    /// # Errors
    /// As the database answers.
    pub async fn count_dead_letters(&self, queue: Option<&str>) -> Result<u64> {
        store::count_dead_letters(&mut self.store.read().await?, queue).await
    }

    /// Schedules that are registered, by name.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn schedules(&self) -> Result<Vec<ScheduleInfo>> {
        store::schedules(&mut self.store.read().await?).await
    }

    /// As it is within a larger change.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn find_schedule_in(&self, tx: &mut Tx, name: &str) -> Result<Option<ScheduleInfo>> {
        store::find_schedule(tx, name).await
    }

    /// Whether it is on, its own time, and when it comes next.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn save_schedule_in(&self, tx: &mut Tx, schedule: &ScheduleInfo) -> Result<()> {
        store::save_schedule(tx, schedule).await
    }

    /// From now on nothing of the queue is begun, by no process; what runs goes on to its end. Whether that is new.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn pause_in(&self, tx: &mut Tx, queue: &str) -> Result<bool> {
        store::pause(tx, queue).await
    }

    /// What waits in the queue is begun again; whether it was paused.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn resume_in(&self, tx: &mut Tx, queue: &str) -> Result<bool> {
        let was_paused = store::resume(tx, queue).await?;
        if was_paused {
            self.ring(tx, queue);
        }
        Ok(was_paused)
    }

    /// Puts a dead job back; whether there was one to put back.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn requeue(&self, origin: &Origin, id: JobId) -> Result<bool> {
        let mut tx = self.store.begin(origin).await?;
        let found = self.requeue_in(&mut tx, id).await?;
        tx.commit().await?;
        Ok(found)
    }

    /// As [`Jobs::requeue`], as a part of something larger.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn requeue_in(&self, tx: &mut Tx, id: JobId) -> Result<bool> {
        let queue = store::requeue(tx, id).await?;
        if let Some(queue) = &queue {
            self.ring(tx, queue);
        }
        Ok(queue.is_some())
    }

    /// Puts dead jobs back, of one queue or of all, up to `most`, as a part of something larger; how many. Of jobs that are alike only one.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn requeue_all_in(&self, tx: &mut Tx, queue: Option<&str>, most: u32) -> Result<u64> {
        let queues = store::requeue_all(tx, queue, most).await?;
        for queue in queues.keys() {
            self.ring(tx, queue);
        }
        Ok(queues.values().sum())
    }

    /// Removes a dead job for good; whether there was one.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn discard(&self, origin: &Origin, id: JobId) -> Result<bool> {
        let mut tx = self.store.begin(origin).await?;
        let found = self.discard_in(&mut tx, id).await?;
        tx.commit().await?;
        Ok(found)
    }

    /// As [`Jobs::discard`], as a part of something larger.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn discard_in(&self, tx: &mut Tx, id: JobId) -> Result<bool> {
        store::discard(tx, id).await
    }

    /// Ends a job that waits or runs; whether there was one. A running one is aborted at its worker's next heartbeat.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn cancel(&self, origin: &Origin, id: JobId) -> Result<bool> {
        let mut tx = self.store.begin(origin).await?;
        let found = self.cancel_in(&mut tx, id).await?;
        tx.commit().await?;
        Ok(found)
    }

    /// As [`Jobs::cancel`], as a part of something larger.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn cancel_in(&self, tx: &mut Tx, id: JobId) -> Result<bool> {
        store::cancel(tx, id).await
    }

    /// Removes jobs that finished long ago; how many.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn forget(&self, origin: &Origin) -> Result<u64> {
        self.store.remove_past(origin, &store::ENDED, origin.now() - FINISHED_KEPT).await
    }

    /// Every claim ends now, so that what a killed process left runs at once and not when its leases run out; how many there were. For
    /// who knows that no other process works on this database.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn end_claims(&self, origin: &Origin) -> Result<u64> {
        let mut tx = self.store.begin(origin).await?;
        let ended = claims::end_claims(&mut tx).await?;
        tx.commit().await?;
        Ok(ended)
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Whether this process is told of jobs that others added, so that it need not look for them often.
    pub(crate) fn is_told(&self) -> bool {
        self.hears_others.load(Ordering::Relaxed)
    }

    pub(crate) fn hears_others(&self, does: bool) {
        self.hears_others.store(does, Ordering::Relaxed);
        if !does {
            // What was added meanwhile is looked for at once.
            let bells = self.bells.lock().unwrap_or_else(PoisonError::into_inner);
            bells.values().for_each(|bell| bell.here.ring());
        }
    }

    /// When the transaction is durable.
    pub(crate) fn ring(&self, tx: &mut Tx, queue: &str) {
        let bell = self.bell(queue);
        tx.ring(&bell.here);
        tx.ring(&bell.elsewhere);
    }

    pub(crate) fn bell(&self, queue: &str) -> QueueBell {
        let mut bells = self.bells.lock().unwrap_or_else(PoisonError::into_inner);
        bells.entry(queue.to_owned()).or_default().clone()
    }
}
