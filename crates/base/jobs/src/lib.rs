//! Work for later: a durable queue in the database, and schedules.
//!
//! A job is written in the transaction of what caused it, so it exists exactly when its cause does. It runs at least once:
//! a worker holds it by a lease that it renews; when the worker dies, the lease runs out and another takes the job. Every
//! claim counts up `attempts`, and a result is accepted only from the claim that is current: who was thought dead and comes back
//! changes nothing. What a job does outside the database must therefore be harmless when done twice.
//!
//! Owns the tables `jobs`, `dead_letters` and `schedules`. Knows no module: they declare [`Job`]s and hand in [`Handlers`].
//!
//! - Fairness: a worker takes from the workspaces in turns, so that one with a thousand jobs does not hold up one with a single job.
//! - Failure: retried with growing pauses, at last put with the dead letters, which can be listed, put back and discarded.
//! - Throughput: finished jobs are recorded, and new ones claimed, many in one transaction.

mod claims;
mod jobs;
mod lane;
mod model;
mod others;
mod schedule;
mod store;
mod worker;

pub use jobs::Jobs;
pub use model::{DeadLetter, Failure, Job, JobFilter, JobId, JobInfo, Queue, QueueDepth, ScheduleInfo, Status};
pub use others::Others;
pub use schedule::{BadSchedule, Schedule, Scheduler, next_time};
pub use store::MIGRATIONS;
pub use worker::{Handlers, Run, Worker};
