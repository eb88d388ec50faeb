//! Events that other processes have told come to the bus of this one, and its own go to them.
//!
//! By Redis, where there is one, in a millisecond; and from the database, which knows all of them. So nothing is lost when Redis
//! is: what it did not bring is found some moments later.

use std::time::Duration;

use rampart_kernel::{Origin, Timestamp};
use rampart_redis::{Heard as Said, Redis};
use rampart_store::{Dialect, Result, Store, params};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::bus::{Bus, Envelope, Heard};
use crate::history;

/// By which processes know the channel.
const CHANNEL: &str = "rampart:events";

/// How often the database is looked at: as the only way, and beside Redis.
const LOOK_ALONE: Duration = Duration::from_millis(250);
const LOOK_BESIDE: Duration = Duration::from_secs(2);

/// An event is told at a moment, and seen when that transaction commits, which has two seconds and a little.
const OVERLAP: Duration = Duration::from_secs(4);

/// Rows read at once.
const PAGE: usize = 1_000;

/// Ties the bus to those of other processes with the same database.
pub struct Others {
    store: Store,
    bus: Bus,
    redis: Option<Redis>,
}

/// Up to where the database was read.
struct Cursor {
    told_at: Timestamp,
    seq: i64,
}

impl Others {
    pub fn new(store: Store, bus: Bus, redis: Option<Redis>) -> Others {
        Others { store, bus, redis }
    }

    pub async fn run(self, origin: Origin, stop: CancellationToken) {
        // The embedded database has no other processes.
        if self.store.dialect() == Dialect::Sqlite {
            return stop.cancelled().await;
        }
        let mut own = self.bus.listen_to_own();
        let mut messages = self.redis.as_ref().map(|redis| redis.listen(CHANNEL));
        let mut since = None;
        let (mut pause, mut look_at) = (LOOK_ALONE, Instant::now());
        loop {
            let said = async {
                match &mut messages {
                    Some(messages) => messages.next().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                heard = own.next(), if self.redis.is_some() => self.tell(heard).await,
                said = said => match said {
                    Said::Message(text) => self.pass_on(&text),
                    Said::Connected => pause = LOOK_BESIDE,
                    Said::Lost => {
                        pause = LOOK_ALONE;
                        look_at = Instant::now();
                    }
                },
                () = tokio::time::sleep_until(look_at) => {
                    match self.look(&origin, since.take()).await {
                        Ok(next) => since = Some(next),
                        Err(error) => tracing::warn!(%error, "events of other processes cannot be looked for"),
                    }
                    look_at = Instant::now() + pause;
                }
            }
        }
    }

    async fn tell(&self, heard: Option<Heard>) {
        let (Some(Heard::Event(envelope)), Some(redis)) = (heard, &self.redis) else { return };
        let Ok(text) = serde_json::to_string(&*envelope) else { return };
        // When it fails they find it in the database.
        let _ = redis.publish(CHANNEL, &text).await;
    }

    fn pass_on(&self, text: &str) {
        match serde_json::from_str::<Envelope>(text) {
            Ok(envelope) => self.bus.pass_on(envelope),
            Err(error) => tracing::warn!(%error, "a message of Redis is no event"),
        }
    }

    /// Passes on what was told since; up to where.
    async fn look(&self, origin: &Origin, since: Option<Timestamp>) -> Result<Timestamp> {
        let mut reader = self.store.read().await?;
        let Some(since) = since else { return Ok(reader.now(origin).await? - OVERLAP) };
        let mut cursor = Cursor { told_at: since, seq: -1 };
        loop {
            let rows = reader
                .list(
                    "SELECT * FROM event_outbox WHERE published_at >= $1 AND (published_at > $1 OR seq > $2)
                     ORDER BY published_at, seq LIMIT 1000",
                    &params![cursor.told_at, cursor.seq],
                )
                .await?;
            for row in &rows {
                self.bus.pass_on(history::read(row)?);
            }
            let Some(last) = rows.last() else { break };
            cursor = Cursor { told_at: last.get("published_at")?, seq: last.get("seq")? };
            if rows.len() < PAGE {
                break;
            }
        }
        Ok(since.max(cursor.told_at - OVERLAP))
    }
}
