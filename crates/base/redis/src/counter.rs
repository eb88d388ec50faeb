//! Counters that several processes share, in windows that begin with the first count.

use std::sync::LazyLock;
use std::time::Duration;

use redis::Script;

use crate::{Down, Redis};

/// Where a counter stands after it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Whether this one was within the limit, and counted.
    pub allowed: bool,
    pub count: u32,
    /// Until it begins anew.
    pub reset: Duration,
}

/// In one step, so that two processes at once do not both take the last. A counter without an end, which a crash between two
/// commands of somebody else may leave, gets one.
static TAKE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local limit, window = tonumber(ARGV[1]), tonumber(ARGV[2])
         local count = tonumber(redis.call('GET', KEYS[1]) or '0')
         local allowed = count < limit
         if allowed then count = redis.call('INCR', KEYS[1]) end
         local left = redis.call('PTTL', KEYS[1])
         if left < 0 then
             redis.call('PEXPIRE', KEYS[1], window)
             left = window
         end
         return { allowed and 1 or 0, count, left }",
    )
});

static GIVE_BACK: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if tonumber(redis.call('GET', KEYS[1]) or '0') > 0 then return redis.call('DECR', KEYS[1]) end return 0",
    )
});

impl Redis {
    /// Counts one more, unless `limit` of them were counted in this window.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn count(&self, counter: &str, limit: u32, window: Duration) -> Result<Counted, Down> {
        let window_ms = u64::try_from(window.as_millis()).unwrap_or(u64::MAX);
        let mut take = TAKE.key(counter);
        take.arg(limit).arg(window_ms);
        let (allowed, count, left): (bool, u32, u64) =
            self.ask(async |mut connection| take.invoke_async(&mut connection).await).await?;
        Ok(Counted { allowed, count, reset: Duration::from_millis(left) })
    }

    /// Takes one back.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn give_back(&self, counter: &str) -> Result<(), Down> {
        let give_back = GIVE_BACK.key(counter);
        self.ask(async |mut connection| give_back.invoke_async::<u32>(&mut connection).await).await?;
        Ok(())
    }
}
