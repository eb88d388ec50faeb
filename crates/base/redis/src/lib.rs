//! Redis, where one is given: counters and messages that several processes share.
//!
//! Nothing that matters is kept in it, and nothing waits for it: a command that is not answered in a quarter of a second has failed,
//! and after a failure nobody asks for a second. Who uses it says what happens then: limits are counted in the process,
//! events are looked for in the database. It is told by the measurement `rampart_redis_up`.

mod counter;
mod messages;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rampart_kernel::Secret;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, RedisError};
use thiserror::Error;
use tokio::time::Instant;

pub use counter::Counted;
pub use messages::{Heard, Messages};

rampart_kernel::settings! {
    /// What several processes share besides the database.
    pub struct RedisSettings {
        /// Address of a Redis, such as redis://localhost:6379; without one each process counts for itself.
        url: Option<Secret> = "" from "REDIS_URL",
    }
}

/// Redis on the same network answers in a millisecond; who waits longer holds up the requests of people.
const ANSWER_LIMIT: Duration = Duration::from_millis(250);

/// After a failure.
const PAUSE: Duration = Duration::from_secs(1);

/// It did not answer, or not as it should.
#[derive(Debug, Error)]
#[error("Redis does not serve")]
pub struct Down;

/// `REDIS_URL` is none.
#[derive(Debug, Error)]
#[error("REDIS_URL is not the address of a Redis, such as redis://localhost:6379")]
pub struct BadUrl;

/// One Redis. Clones share the connection.
#[derive(Clone)]
pub struct Redis(Arc<Inner>);

struct Inner {
    client: Client,
    line: Mutex<Line>,
    up: AtomicBool,
}

#[derive(Default)]
struct Line {
    connection: Option<MultiplexedConnection>,
    /// Nobody asks before.
    try_at: Option<Instant>,
}

impl Redis {
    /// Nothing when none is configured. It need not run: it is connected to when it is needed, again and again.
    ///
    /// # Errors
    /// When the address is none.
    pub fn open(settings: &RedisSettings) -> Result<Option<Redis>, BadUrl> {
        let Some(url) = &settings.url else { return Ok(None) };
        // The message of the library may quote the address, which may hold a password.
        let client = Client::open(url.expose()).map_err(|_| BadUrl)?;
        metrics::gauge!("rampart_redis_up").set(0.0);
        Ok(Some(Redis(Arc::new(Inner { client, line: Mutex::default(), up: AtomicBool::new(false) }))))
    }

    /// Whether the last command was answered.
    pub fn is_up(&self) -> bool {
        self.0.up.load(Ordering::Relaxed)
    }

    /// # Errors
    /// When it does not answer.
    pub async fn check(&self) -> Result<(), Down> {
        self.ask(async |mut connection| redis::cmd("PING").query_async::<()>(&mut connection).await).await
    }

    async fn ask<T>(
        &self,
        command: impl AsyncFnOnce(MultiplexedConnection) -> Result<T, RedisError>,
    ) -> Result<T, Down> {
        let known = {
            let line = self.line();
            if line.try_at.is_some_and(|at| at > Instant::now()) {
                return Err(Down);
            }
            line.connection.clone()
        };
        let answer = tokio::time::timeout(ANSWER_LIMIT, async {
            let connection = match known {
                Some(connection) => connection,
                None => self.connect().await?,
            };
            command(connection).await
        });
        match answer.await {
            Ok(Ok(answer)) => {
                self.line().try_at = None;
                self.note(true, "");
                Ok(answer)
            }
            failed => {
                *self.line() = Line { connection: None, try_at: Some(Instant::now() + PAUSE) };
                let why = match failed {
                    Ok(Err(error)) => error.category().to_owned(),
                    _ => "no answer in time".to_owned(),
                };
                self.note(false, &why);
                Err(Down)
            }
        }
    }

    async fn connect(&self) -> Result<MultiplexedConnection, RedisError> {
        // The limit of the whole command is the one that counts.
        let config = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
        let connection = self.0.client.get_multiplexed_async_connection_with_config(&config).await?;
        self.line().connection = Some(connection.clone());
        Ok(connection)
    }

    fn note(&self, up: bool, why: &str) {
        if !up {
            metrics::counter!("rampart_redis_failures_total").increment(1);
        }
        if self.0.up.swap(up, Ordering::Relaxed) == up {
            return;
        }
        metrics::gauge!("rampart_redis_up").set(if up { 1.0 } else { 0.0 });
        if up {
            tracing::info!("Redis serves");
        } else {
            tracing::warn!(
                why,
                "Redis does not serve: limits are counted by each process, events are looked for in the database"
            );
        }
    }

    fn line(&self) -> std::sync::MutexGuard<'_, Line> {
        self.0.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
