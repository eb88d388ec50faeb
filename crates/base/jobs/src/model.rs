//! Jobs, queues and failures as values; no database, nothing that waits.

use std::time::Duration;

use rampart_kernel::{Origin, Timestamp, WorkspaceId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

rampart_kernel::id! {
    /// One job.
    JobId,
}

rampart_kernel::named! {
    /// Where a job stands.
    pub enum Status {
        /// Waiting for its time and a worker.
        Queued = "queued",
        Running = "running",
        Completed = "completed",
        Cancelled = "cancelled",
        /// Failed for good; among the dead letters.
        Dead = "dead",
    }
}

/// A queue: jobs that compete for the same workers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queue {
    pub name: &'static str,
    /// Jobs that one process runs at the same time.
    pub concurrency: usize,
    /// A job that takes longer is aborted, and has failed.
    pub timeout: Duration,
    /// Runs in all, the first included.
    pub attempts: u32,
}

/// Something to be done later. Its fields are its input: ids and little else; they are added to, not renamed.
pub trait Job: Serialize + DeserializeOwned + Send + 'static {
    /// Imperative: `analyze_commit`.
    const KIND: &'static str;
    const QUEUE: Queue;

    /// While a job with this key waits or runs, another is not added.
    fn dedupe_key(&self) -> Option<String> {
        None
    }

    /// Of jobs with the same key only one runs at a time, on all nodes together.
    fn exclusive_key(&self) -> Option<String> {
        None
    }
}

/// Why a job did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It may succeed later.
    Retry(String),
    /// It may succeed after this time, as somebody said who knows.
    RetryAfter(Duration, String),
    /// It cannot be begun now, for want of something that is not its own; it is tried after this time, and the try does not count.
    PutOff(Duration, String),
    /// It will not succeed: straight to the dead letters.
    Fatal(String),
}

impl Failure {
    pub fn retry(what: impl ToString) -> Failure {
        Failure::Retry(what.to_string())
    }

    pub fn fatal(what: impl ToString) -> Failure {
        Failure::Fatal(what.to_string())
    }

    /// Whether the try does not count.
    pub(crate) fn gives_back(&self) -> bool {
        matches!(self, Failure::PutOff(..))
    }

    /// Cut to what a row should hold.
    pub(crate) fn message(&self) -> String {
        let (Failure::Retry(message)
        | Failure::RetryAfter(_, message)
        | Failure::PutOff(_, message)
        | Failure::Fatal(message)) = self;
        message.chars().take(MESSAGE_LENGTH).collect()
    }
}

/// The database's errors pass: it comes back, or the next attempt finds what this one did not.
impl From<rampart_store::Error> for Failure {
    fn from(error: rampart_store::Error) -> Failure {
        Failure::retry(error)
    }
}

/// Characters of an error that are kept: the beginning says what happened.
const MESSAGE_LENGTH: usize = 2_000;

/// The pause before the first retry; each further one is four times as long (15 s, 1 min, 4 min).
const FIRST_PAUSE: Duration = Duration::from_secs(15);

/// No pause is longer: whoever asks for more has other troubles.
const LONGEST_PAUSE: Duration = Duration::from_secs(24 * 3_600);

/// When a job that failed runs again; nothing when it does not.
///
/// The pause varies by a fifth in both directions, so that what failed together does not come back together.
pub(crate) fn next_run(failure: &Failure, attempts: u32, max_attempts: u32, origin: &Origin) -> Option<Timestamp> {
    if attempts >= max_attempts && !failure.gives_back() {
        return None;
    }
    let pause = match failure {
        Failure::Fatal(_) => return None,
        Failure::RetryAfter(pause, _) | Failure::PutOff(pause, _) => *pause,
        Failure::Retry(_) => FIRST_PAUSE.saturating_mul(4_u32.saturating_pow(attempts.saturating_sub(1))),
    };
    let mut byte = [0];
    origin.fill(&mut byte);
    let share = 0.8 + 0.4 * f64::from(byte[0]) / 255.0;
    Some(origin.now() + pause.min(LONGEST_PAUSE).mul_f64(share))
}

/// A job as it is shown.
#[derive(Clone, Debug)]
pub struct JobInfo {
    pub id: JobId,
    pub queue: String,
    pub kind: String,
    pub workspace: Option<WorkspaceId>,
    pub status: Status,
    pub attempts: u32,
    pub max_attempts: u32,
    pub run_at: Timestamp,
    pub started_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    pub last_error: Option<String>,
    pub request_id: String,
}

/// Which jobs are looked for; all where nothing is said.
#[derive(Clone, Debug, Default)]
pub struct JobFilter {
    pub queue: Option<String>,
    pub status: Option<Status>,
    pub kind: Option<String>,
    /// Older than this one: where the page before ended.
    pub after: Option<JobId>,
}

/// A schedule as it is shown.
#[derive(Clone, Debug)]
pub struct ScheduleInfo {
    pub name: String,
    /// As the program has it.
    pub cron: String,
    /// What an administrator chose in its place.
    pub own_cron: Option<String>,
    pub timezone: String,
    pub enabled: bool,
    pub last_run_at: Option<Timestamp>,
    pub next_run_at: Timestamp,
}

/// A job that failed for good.
#[derive(Clone, Debug)]
pub struct DeadLetter {
    pub job: JobId,
    pub queue: String,
    pub kind: String,
    pub attempts: u32,
    pub error: String,
    /// The last tries: `[{ "at", "error" }]`.
    pub errors: Value,
    pub failed_at: Timestamp,
}

/// How full a queue is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueDepth {
    /// Ready to run.
    pub ready: u64,
    /// To run later.
    pub delayed: u64,
    pub running: u64,
    pub dead: u64,
    /// How long the oldest one has been ready.
    pub oldest: Option<Duration>,
    /// Nothing of it is begun.
    pub paused: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_vary_by_a_fifth() {
        let origin = Origin::of_system("test");
        let failure = Failure::retry("x");
        for (attempts, seconds) in [(1, 15.0), (2, 60.0), (3, 240.0)] {
            for _ in 0..50 {
                let now = origin.now();
                let pause = next_run(&failure, attempts, 4, &origin).unwrap().since(now).as_secs_f64();
                assert!((seconds * 0.79..seconds * 1.21).contains(&pause), "{attempts}: {pause}");
            }
        }
        assert_eq!(next_run(&failure, 4, 4, &origin), None);
        assert_eq!(next_run(&Failure::fatal("x"), 1, 4, &origin), None);
        let far = next_run(&failure, 40, 99, &origin).unwrap().since(origin.now());
        assert!(far <= LONGEST_PAUSE.mul_f64(1.21), "{far:?}");
    }
}
