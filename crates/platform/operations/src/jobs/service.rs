//! The use cases of jobs, dead letters and queues.

use rampart_access::audit::Record;
use rampart_access::{Ctx, Error as Refusal};
use rampart_jobs::{DeadLetter, JobFilter, JobId, JobInfo, QueueDepth};
use rampart_web::{Page, Paged};
use serde_json::Value;

use crate::error::{Error, Result};
use crate::module::Operations;

/// Dead jobs that are put back at once: one transaction, which others wait for.
pub const MOST_RETRIED: u32 = 1_000;

/// A queue, and how full it is.
pub struct QueueInfo {
    pub name: String,
    /// Jobs that one process runs at the same time; nothing when this version of the program does not know it.
    pub concurrency: Option<usize>,
    pub depth: QueueDepth,
}

impl Operations {
    /// All queues that this program knows or that hold anything, by name.
    ///
    /// # Errors
    /// When the caller does not administer the installation; the same with all that follow.
    pub async fn queues(&self, ctx: &Ctx) -> Result<Vec<QueueInfo>> {
        ctx.require_platform_admin()?;
        let mut depths = self.jobs.depths(ctx.now()).await?;
        for queue in self.queues.iter() {
            depths.entry(queue.name.to_owned()).or_default();
        }
        let known = |name: &str| self.queues.iter().find(|queue| queue.name == name).map(|queue| queue.concurrency);
        Ok(depths.into_iter().map(|(name, depth)| QueueInfo { concurrency: known(&name), name, depth }).collect())
    }

    /// Newest first, at most `limit`.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn list_jobs(&self, ctx: &Ctx, filter: &JobFilter, limit: u32) -> Result<Vec<JobInfo>> {
        ctx.require_platform_admin()?;
        Ok(self.jobs.list(filter, limit).await?)
    }

    /// # Errors
    /// When there is none.
    pub async fn job(&self, ctx: &Ctx, id: JobId) -> Result<JobInfo> {
        ctx.require_platform_admin()?;
        Ok(self.jobs.find(id).await?.ok_or(Refusal::NotFound)?)
    }

    /// Puts a dead job back.
    ///
    /// # Errors
    /// When there is none; [`Error::WrongState`] when it is not dead, or one like it waits already.
    pub async fn retry_job(&self, ctx: &Ctx, id: JobId) -> Result<JobInfo> {
        self.job(ctx, id).await?;
        let mut tx = self.store.begin(ctx).await?;
        if !self.jobs.requeue_in(&mut tx, id).await? {
            return Err(Error::WrongState);
        }
        self.audit.record(&mut tx, ctx, Record::new("job.retried", "job").of(id)).await?;
        tx.commit().await?;
        self.job(ctx, id).await
    }

    /// Puts dead jobs back, of one queue or of all, up to [`MOST_RETRIED`]; how many, and how many are dead still.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn retry_dead_letters(&self, ctx: &Ctx, queue: Option<&str>) -> Result<(u64, u64)> {
        ctx.require_platform_admin()?;
        let mut tx = self.store.begin(ctx).await?;
        let retried = self.jobs.requeue_all_in(&mut tx, queue, MOST_RETRIED).await?;
        let after = serde_json::json!({ "queue": queue, "retried": retried });
        self.audit.record(&mut tx, ctx, Record::new("jobs.retried", "job").changed(Value::Null, after)).await?;
        tx.commit().await?;
        Ok((retried, self.jobs.count_dead_letters(queue).await?))
    }

    /// Ends a job that waits or runs.
    ///
    /// # Errors
    /// When there is none; [`Error::WrongState`] when it has ended.
    pub async fn cancel_job(&self, ctx: &Ctx, id: JobId) -> Result<JobInfo> {
        self.job(ctx, id).await?;
        let mut tx = self.store.begin(ctx).await?;
        if !self.jobs.cancel_in(&mut tx, id).await? {
            return Err(Error::WrongState);
        }
        self.audit.record(&mut tx, ctx, Record::new("job.cancelled", "job").of(id)).await?;
        tx.commit().await?;
        self.job(ctx, id).await
    }

    /// Jobs that failed for good, newest first.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn dead_letters(&self, ctx: &Ctx, queue: Option<&str>, page: Page) -> Result<Paged<DeadLetter>> {
        ctx.require_platform_admin()?;
        let offset = u32::try_from(page.offset()).unwrap_or(u32::MAX);
        let items = self.jobs.dead_letters(queue, page.limit, offset).await?;
        let total = self.jobs.count_dead_letters(queue).await?;
        Ok(Paged { items, total, page })
    }

    /// Removes a dead job for good.
    ///
    /// # Errors
    /// When there is none.
    pub async fn discard_dead_letter(&self, ctx: &Ctx, id: JobId) -> Result<()> {
        ctx.require_platform_admin()?;
        let mut tx = self.store.begin(ctx).await?;
        if !self.jobs.discard_in(&mut tx, id).await? {
            return Err(Refusal::NotFound.into());
        }
        self.audit.record(&mut tx, ctx, Record::new("job.discarded", "job").of(id)).await?;
        Ok(tx.commit().await?)
    }
}
