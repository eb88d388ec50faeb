//! Schedules: jobs that are added at set times, once each however many nodes there are.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use chrono_tz::Tz;
use croner::Cron;
use rampart_kernel::{Origin, Timestamp};
use rampart_store::{Result, Store, Tx, params};
use thiserror::Error;
use tokio_util::sync::CancellationToken;

use crate::jobs::Jobs;
use crate::model::{Job, JobId};

/// The longest sleep between two looks: another node may have changed a schedule.
const LOOK: Duration = Duration::from_secs(30);

#[derive(Debug, Error)]
#[error("the schedule {name} is not a cron expression with a time zone: {what}")]
pub struct BadSchedule {
    name: &'static str,
    what: String,
}

type Enqueue = Arc<
    dyn for<'a> Fn(&'a Jobs, &'a mut Tx) -> std::pin::Pin<Box<dyn Future<Output = Result<Option<JobId>>> + Send + 'a>>
        + Send
        + Sync,
>;

/// Adds a job whenever its time has come. The job takes no input: it looks at the state and mends it, so that a missed time
/// costs time, not truth.
#[derive(Clone)]
pub struct Schedule {
    pub name: &'static str,
    cron: &'static str,
    timezone: &'static str,
    enqueue: Enqueue,
}

impl Schedule {
    /// Five fields in UTC: `0 2 * * *` is each night at two.
    pub fn new<J: Job + Default + Sync>(name: &'static str, cron: &'static str) -> Schedule {
        let enqueue: Enqueue = Arc::new(|jobs, tx| Box::pin(async move { jobs.enqueue(tx, &J::default()).await }));
        Schedule { name, cron, timezone: "UTC", enqueue }
    }

    /// Of the IANA database: `Europe/Berlin`.
    #[must_use]
    pub fn in_timezone(mut self, timezone: &'static str) -> Schedule {
        self.timezone = timezone;
        self
    }

    /// Adds its job now, whatever the time; nothing when one waits or runs already.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn run(&self, jobs: &Jobs, tx: &mut Tx) -> Result<Option<JobId>> {
        (self.enqueue)(jobs, tx).await
    }

    /// The first time after `now`; what the clocks skip in spring runs when they have skipped.
    fn next(&self, now: Timestamp) -> Result<Timestamp, BadSchedule> {
        let bad = |what: String| BadSchedule { name: self.name, what };
        let zone = Tz::from_str(self.timezone).map_err(|error| bad(error.to_string()))?;
        let cron = Cron::from_str(self.cron).map_err(|error| bad(error.to_string()))?;
        let next = cron.find_next_occurrence(&now.to_chrono().with_timezone(&zone), false);
        Ok(next.map_err(|error| bad(error.to_string()))?.with_timezone(&chrono::Utc).into())
    }
}

/// Runs schedules. Every node may: a time is taken by whoever moves `next_run_at` first.
pub struct Scheduler {
    jobs: Jobs,
    schedules: Vec<Schedule>,
}

impl Scheduler {
    /// Registers the schedules; known ones keep their time.
    ///
    /// # Errors
    /// When one cannot be read, or as the database answers.
    pub async fn new(jobs: Jobs, schedules: Vec<Schedule>, origin: &Origin) -> Result<Scheduler> {
        let mut tx = jobs.store().begin(origin).await?;
        for schedule in &schedules {
            let next = schedule.next(origin.now()).map_err(|error| rampart_store::Error::Unexpected(error.into()))?;
            tx.execute(
                "INSERT INTO schedules (name, cron, timezone, enabled, next_run_at) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (name) DO UPDATE SET cron = excluded.cron, timezone = excluded.timezone,
                    next_run_at = CASE WHEN schedules.cron = excluded.cron AND schedules.timezone = excluded.timezone
                                  THEN schedules.next_run_at ELSE excluded.next_run_at END",
                &params![schedule.name, schedule.cron, schedule.timezone, true, next],
            )
            .await?;
        }
        tx.commit().await?;
        Ok(Scheduler { jobs, schedules })
    }

    pub async fn run(self, origin: Origin, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let pause = match self.tick(&origin).await {
                Ok(next) => next.map_or(LOOK, |next| next.since(origin.now())).min(LOOK),
                Err(error) => {
                    tracing::warn!(%error, "the schedules cannot be looked at");
                    LOOK
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Adds the jobs whose time has come, and the time of the next. Of times that were missed only the last one counts.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn tick(&self, origin: &Origin) -> Result<Option<Timestamp>> {
        let mut soonest = None;
        for schedule in &self.schedules {
            let next = self.tick_one(schedule, origin).await?;
            soonest = soonest.into_iter().chain(next).min();
        }
        Ok(soonest)
    }

    async fn tick_one(&self, schedule: &Schedule, origin: &Origin) -> Result<Option<Timestamp>> {
        let find = "SELECT next_run_at, enabled FROM schedules WHERE name = $1";
        let Some(row) = self.store().read().await?.find(find, &params![schedule.name]).await? else { return Ok(None) };
        let due: Timestamp = row.get("next_run_at")?;
        if !row.get::<bool>("enabled")? || due > origin.now() {
            return Ok(Some(due));
        }
        let next = schedule.next(origin.now()).map_err(|error| rampart_store::Error::Unexpected(error.into()))?;
        let mut tx = self.store().begin(origin).await?;
        let moved = tx
            .execute(
                "UPDATE schedules SET next_run_at = $3, last_run_at = $4 WHERE name = $1 AND next_run_at = $2",
                &params![schedule.name, due, next, origin.now()],
            )
            .await?;
        if moved > 0 {
            schedule.run(&self.jobs, &mut tx).await?;
        }
        tx.commit().await?;
        Ok(Some(next))
    }

    fn store(&self) -> &Store {
        self.jobs.store()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default, serde::Serialize, serde::Deserialize)]
    struct Nothing {}

    impl Job for Nothing {
        const KIND: &'static str = "nothing";
        const QUEUE: crate::Queue =
            crate::Queue { name: "test", concurrency: 1, timeout: Duration::from_secs(1), attempts: 1 };
    }

    #[test]
    fn times_follow_the_clocks_of_the_zone() {
        let next = |schedule: &Schedule, now: &str| schedule.next(now.parse().unwrap()).unwrap().to_string();
        let utc = Schedule::new::<Nothing>("utc", "0 2 * * *");
        assert_eq!(next(&utc, "2026-03-01T02:00:00Z"), "2026-03-02T02:00:00Z");
        let berlin = Schedule::new::<Nothing>("berlin", "0 8 * * 1").in_timezone("Europe/Berlin");
        assert_eq!(next(&berlin, "2026-01-05T00:00:00Z"), "2026-01-05T07:00:00Z");
        assert_eq!(next(&berlin, "2026-07-06T00:00:00Z"), "2026-07-06T06:00:00Z");
        assert!(Schedule::new::<Nothing>("bad", "often").next(Timestamp::from_millis(0)).is_err());
    }
}
