//! The time on which all processes with one database agree.

use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

use rampart_kernel::{Clock, Origin, Timestamp};
use tokio_util::sync::CancellationToken;

use crate::{Result, Store};

/// How often the database is asked. Between, the time goes on by the machine's steady counter, which no administrator sets and no
/// leap moves; in ten seconds it does not run away far enough to matter to a lease.
const INTERVAL: Duration = Duration::from_secs(10);

/// The clock of the database's server, without asking it each time. A process whose own clock is wrong takes no lease too early,
/// and adds no job for a time that is not yet, or long past.
#[derive(Debug)]
pub struct SharedClock {
    measured: RwLock<(Timestamp, Instant)>,
}

impl SharedClock {
    /// # Errors
    /// When the database does not say what time it is.
    pub async fn start(store: &Store, origin: &Origin) -> Result<SharedClock> {
        Ok(SharedClock { measured: RwLock::new(measure(store, origin).await?) })
    }

    /// Asks again and again, until stopped. While the database does not answer, time goes on.
    pub async fn follow(&self, store: Store, origin: Origin, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(INTERVAL) => {}
            }
            if let Ok(measured) = measure(&store, &origin).await {
                *self.measured.write().unwrap_or_else(PoisonError::into_inner) = measured;
            }
        }
    }
}

async fn measure(store: &Store, origin: &Origin) -> Result<(Timestamp, Instant)> {
    let mut reader = store.read().await?;
    let start = Instant::now();
    let now = reader.now(origin).await?;
    // It was asked and answered; on average the answer is from the middle.
    Ok((now, start + start.elapsed() / 2))
}

impl Clock for SharedClock {
    fn now(&self) -> Timestamp {
        let (at, since) = *self.measured.read().unwrap_or_else(PoisonError::into_inner);
        at + since.elapsed()
    }
}
