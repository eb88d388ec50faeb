//! A clock that stands still until it is told to move.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use rampart_kernel::{Clock, Timestamp};

/// Clones are the same clock.
#[derive(Clone, Debug)]
pub struct StillClock(Arc<AtomicI64>);

/// 2026-01-01T00:00:00Z: any moment would do.
const START_MS: i64 = 1_767_225_600_000;

impl StillClock {
    pub fn new() -> StillClock {
        StillClock(Arc::new(AtomicI64::new(START_MS)))
    }

    pub fn advance(&self, span: Duration) {
        self.0.fetch_add(
            i64::try_from(span.as_millis()).expect("tests stay within the age of the world"),
            Ordering::SeqCst,
        );
    }
}

impl Default for StillClock {
    fn default() -> StillClock {
        StillClock::new()
    }
}

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}
