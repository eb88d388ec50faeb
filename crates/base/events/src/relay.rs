//! Takes events from the outbox, runs what is subscribed to them, and tells the bus.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rampart_kernel::{Origin, RequestId};
use rampart_store::{Dialect, Error, Event, Past, Result, Sql, Store, Tx, params};
use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;

use crate::bus::{Bus, Envelope};
use crate::history;

/// Events told in one transaction: some milliseconds of the writer.
const BATCH: i64 = 200;

/// Told events are kept this long, for those who look back.
const KEPT: Duration = Duration::from_secs(7 * 24 * 3_600);

const TOLD: Past = Past::of("event_outbox", "published_at").keyed("seq");

/// How often those that are older are removed.
const CLEAN_INTERVAL: Duration = Duration::from_secs(3_600);

/// How often to look without having been woken: on SQLite every event is of this process, which rings; on PostgreSQL other
/// processes leave events too, and may die before they tell them.
const POLL_ALONE: Duration = Duration::from_secs(5);
const POLL_SHARED: Duration = Duration::from_millis(250);

/// The pause after the database did not answer.
const TROUBLE_PAUSE: Duration = Duration::from_secs(1);

type Handled<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;
type Handler = Arc<dyn for<'a> Fn(&'a mut Tx, &'a [Envelope]) -> Handled<'a> + Send + Sync>;

/// An event, and what it was caused by: a request, in a workspace.
pub struct Caused<E> {
    pub origin: Origin,
    pub event: E,
}

/// What is done when something has happened.
#[derive(Clone, Default)]
pub struct Subscriptions {
    by_name: HashMap<&'static str, Vec<Handler>>,
}

impl Subscriptions {
    pub fn new() -> Subscriptions {
        Subscriptions::default()
    }

    /// Runs `handle` in the transaction that takes the event from the outbox, with the event's workspace and request id. It
    /// writes, and mostly adds a job; a failure keeps the event in the outbox.
    #[must_use]
    pub fn on<E, F>(mut self, handle: F) -> Subscriptions
    where
        E: Event,
        F: for<'a> Fn(&'a mut Tx, &'a Envelope) -> Handled<'a> + Send + Sync + 'static,
    {
        let handle = Arc::new(handle);
        let handler: Handler = Arc::new(move |tx, envelopes| {
            let handle = handle.clone();
            Box::pin(async move {
                for envelope in envelopes {
                    tx.as_caused_by(&envelope.request_id, envelope.workspace_id);
                    handle(tx, envelope).await?;
                }
                Ok(())
            })
        });
        self.by_name.entry(E::NAME).or_default().push(handler);
        self
    }

    /// As [`Subscriptions::on`], with the event itself; one that cannot be read is a failure.
    #[must_use]
    pub fn take<E, F>(self, handle: F) -> Subscriptions
    where
        E: Event + DeserializeOwned + Send + 'static,
        F: for<'a> Fn(&'a mut Tx, E) -> Handled<'a> + Send + Sync + 'static,
    {
        let handle = Arc::new(handle);
        self.on::<E, _>(move |tx, envelope| {
            let (handle, event) = (handle.clone(), read(envelope));
            Box::pin(async move { handle(tx, event?).await })
        })
    }

    /// As [`Subscriptions::take`], of all that follow one another, for who has statements for any number of them.
    #[must_use]
    pub fn take_all<E, F>(mut self, handle: F) -> Subscriptions
    where
        E: Event + DeserializeOwned + Send + 'static,
        F: for<'a> Fn(&'a mut Tx, Vec<Caused<E>>) -> Handled<'a> + Send + Sync + 'static,
    {
        let handle = Arc::new(handle);
        let handler: Handler = Arc::new(move |tx, envelopes| {
            let handle = handle.clone();
            Box::pin(async move {
                let caused = |envelope: &Envelope| {
                    let origin = tx.origin().caused_by(RequestId::parse(&envelope.request_id));
                    Ok(Caused { origin: origin.in_workspace(envelope.workspace_id), event: read(envelope)? })
                };
                let events = envelopes.iter().map(caused).collect::<Result<_>>()?;
                handle(tx, events).await
            })
        });
        self.by_name.entry(E::NAME).or_default().push(handler);
        self
    }
}

fn read<E: DeserializeOwned>(envelope: &Envelope) -> Result<E> {
    serde_json::from_value(envelope.data.clone()).map_err(|error| Error::Unexpected(error.into()))
}

/// Moves events on. Any number of nodes may run one: each event is taken by one of them.
#[derive(Clone)]
pub struct Relay {
    store: Store,
    subscriptions: Subscriptions,
    bus: Bus,
}

impl Relay {
    pub fn new(store: Store, subscriptions: Subscriptions, bus: Bus) -> Relay {
        Relay { store, subscriptions, bus }
    }

    pub async fn run(self, origin: Origin, stop: CancellationToken) {
        let bell = self.store.outbox_bell();
        let poll = match self.store.dialect() {
            Dialect::Sqlite => POLL_ALONE,
            Dialect::Postgres => POLL_SHARED,
        };
        let mut clean_at = Instant::now();
        while !stop.is_cancelled() {
            if clean_at <= Instant::now() {
                clean_at += CLEAN_INTERVAL;
                if let Err(error) = self.forget(&origin).await {
                    tracing::warn!(%error, "old events cannot be removed");
                }
            }
            let pause = match self.relay(&origin).await {
                Ok(_) => poll,
                Err(error) => {
                    tracing::warn!(%error, "events cannot be told");
                    TROUBLE_PAUSE
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = bell.heard() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Tells everything that is in the outbox; how many events.
    ///
    /// # Errors
    /// As the database answers. An event whose subscription fails stays, and holds up none but itself.
    pub async fn relay(&self, origin: &Origin) -> Result<u64> {
        let mut told = 0;
        let mut after = 0;
        loop {
            // An empty outbox is looked at without taking the writer.
            let waiting = "SELECT seq FROM event_outbox WHERE published_at IS NULL AND seq > $1 ORDER BY seq LIMIT 1";
            if self.store.read().await?.find(waiting, &params![after]).await?.is_none() {
                return Ok(told);
            }
            let (count, last) = match self.batch(origin, after, BATCH).await {
                // That was all: what has come since rings.
                Ok((count, _)) if count < BATCH as u64 => return Ok(told + count),
                Ok(done) => done,
                // One of them fails: each by itself, to find which.
                Err(_) => self.one(origin, after).await?,
            };
            told += count;
            after = last;
        }
    }

    /// The first event behind `after`, alone; when it fails it is left for the next time.
    async fn one(&self, origin: &Origin, after: i64) -> Result<(u64, i64)> {
        match self.batch(origin, after, 1).await {
            Ok(done) => Ok(done),
            Err(error) => {
                let sql = "SELECT MIN(seq) AS seq FROM event_outbox WHERE published_at IS NULL AND seq > $1";
                let seq = self.store.read().await?.get(sql, &params![after]).await?.get::<Option<i64>>("seq")?;
                tracing::error!(seq, %error, "an event cannot be told and stays in the outbox");
                Ok((0, seq.unwrap_or(i64::MAX)))
            }
        }
    }

    /// How many were told, and the last of those that were looked at.
    async fn batch(&self, origin: &Origin, after: i64, limit: i64) -> Result<(u64, i64)> {
        let mut tx = self.store.begin(origin).await?;
        let (envelopes, last) = match self.tell(&mut tx, origin, after, limit).await {
            Ok(told) => told,
            Err(error) => {
                // The same events are looked at again at once: they must not be held any more.
                let _ = tx.roll_back().await;
                return Err(error);
            }
        };
        tx.commit().await?;
        let count = envelopes.len() as u64;
        for envelope in envelopes {
            self.bus.publish(envelope);
        }
        // Nothing to be had: another node has taken them.
        Ok((count, last.unwrap_or(i64::MAX)))
    }

    /// Takes events from the outbox and runs what is subscribed to them, and what that tells, too; the events, and the number of the last.
    async fn tell(&self, tx: &mut Tx, origin: &Origin, after: i64, limit: i64) -> Result<(Vec<Envelope>, Option<i64>)> {
        let mut sql =
            "SELECT * FROM event_outbox WHERE published_at IS NULL AND seq > $1 ORDER BY seq LIMIT $2".to_owned();
        if tx.dialect() == Dialect::Postgres {
            sql += " FOR UPDATE SKIP LOCKED";
        }
        let (mut told, mut seqs) = (Vec::new(), Vec::new());
        loop {
            let from = seqs.last().copied().unwrap_or(after);
            let rows = tx.change(&sql, &params![from, limit - seqs.len() as i64]).await?;
            let envelopes: Vec<Envelope> = rows.iter().map(history::read).collect::<Result<_>>()?;
            for same in envelopes.chunk_by(|one, next| one.name == next.name) {
                for handle in self.subscriptions.by_name.get(same[0].name.as_str()).into_iter().flatten() {
                    handle(tx, same).await?;
                }
            }
            told.extend(envelopes);
            for row in &rows {
                seqs.push(row.get("seq")?);
            }
            if tx.write_events().await? == 0 || seqs.len() as i64 >= limit {
                break;
            }
        }
        let last = seqs.last().copied();
        if last.is_some() {
            // By the clock that all processes share: they look for what was told since they last looked.
            let now = tx.now(origin).await?;
            let sql = Sql::new("UPDATE event_outbox SET published_at = ").bind(now);
            let sql = sql.push(" WHERE seq IN (").bind_all(seqs).push(")");
            tx.execute(sql.text(), sql.params()).await?;
        }
        Ok((told, last))
    }

    /// Removes events that were told long ago; how many.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn forget(&self, origin: &Origin) -> Result<u64> {
        self.store.remove_past(origin, &TOLD, origin.now() - KEPT).await
    }
}
