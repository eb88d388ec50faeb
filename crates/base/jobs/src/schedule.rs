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
#[error("`{cron}` in the time zone {timezone} is no schedule: {what}")]
pub struct BadSchedule {
    cron: String,
    timezone: String,
    what: String,
}

/// The first time after `now`; what the clocks skip in spring runs when they have skipped.
///
/// # Errors
/// When it has no five fields that make sense, never comes, or there is no such zone.
pub fn next_time(cron: &str, timezone: &str, now: Timestamp) -> Result<Timestamp, BadSchedule> {
    let bad = |what: String| BadSchedule { cron: cron.to_owned(), timezone: timezone.to_owned(), what };
    let zone = Tz::from_str(timezone).map_err(|error| bad(error.to_string()))?;
    if cron.split_whitespace().count() != 5 {
        return Err(bad("it has five fields: minute, hour, day, month, day of the week".to_owned()));
    }
    let read = Cron::from_str(cron).map_err(|error| bad(error.to_string()))?;
    let next = read.find_next_occurrence(&now.to_chrono().with_timezone(&zone), false);
    Ok(next.map_err(|error| bad(error.to_string()))?.with_timezone(&chrono::Utc).into())
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
            let next = next_time(schedule.cron, schedule.timezone, origin.now()).map_err(unexpected)?;
            // A time that an administrator chose stays.
            tx.execute(
                "INSERT INTO schedules (name, cron, timezone, enabled, next_run_at) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (name) DO UPDATE SET cron = excluded.cron, timezone = excluded.timezone,
                    next_run_at = CASE WHEN schedules.own_cron IS NOT NULL
                                         OR schedules.cron = excluded.cron AND schedules.timezone = excluded.timezone
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
        let find = "SELECT next_run_at, enabled, COALESCE(own_cron, cron) AS cron FROM schedules WHERE name = $1";
        let Some(row) = self.store().read().await?.find(find, &params![schedule.name]).await? else { return Ok(None) };
        let due: Timestamp = row.get("next_run_at")?;
        if !row.get::<bool>("enabled")? || due > origin.now() {
            return Ok(Some(due));
        }
        let next = next_time(&row.get::<String>("cron")?, schedule.timezone, origin.now()).map_err(unexpected)?;
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

fn unexpected(error: BadSchedule) -> rampart_store::Error {
    rampart_store::Error::Unexpected(error.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_follow_the_clocks_of_the_zone() {
        let next =
            |cron: &str, zone: &str, now: &str| next_time(cron, zone, now.parse().unwrap()).map(|at| at.to_string());
        assert_eq!(next("0 2 * * *", "UTC", "2026-03-01T02:00:00Z").unwrap(), "2026-03-02T02:00:00Z");
        assert_eq!(next("0 8 * * 1", "Europe/Berlin", "2026-01-05T00:00:00Z").unwrap(), "2026-01-05T07:00:00Z");
        assert_eq!(next("0 8 * * 1", "Europe/Berlin", "2026-07-06T00:00:00Z").unwrap(), "2026-07-06T06:00:00Z");
        for (cron, zone) in [("often", "UTC"), ("* * * * * *", "UTC"), ("0 0 30 2 *", "UTC"), ("0 2 * * *", "Nowhere")]
        {
            assert!(next(cron, zone, "2026-03-01T02:00:00Z").is_err(), "{cron} {zone}");
        }
    }
}
