//! One socket after it has been let in, whatever protocol it speaks: who it is of, what it hears, when it ends.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rampart_access::Ctx;
use rampart_kernel::WorkspaceId;
use rampart_store::EventId;
use rampart_web::{ApiError, Credentials, Request};
use tokio::time::Instant;

use crate::hub::Seat;
use crate::past;
use crate::realtime::Inner;
use crate::told::Told;
use crate::words::{Channel, MOST_CHANNELS, invalid};

/// Why a socket ends.
#[derive(Debug)]
pub(crate) enum Leave {
    /// This process stops.
    GoingAway,
    /// It did not read what it was told.
    Slow,
    /// They may no longer, or never might.
    Refused(ApiError),
}

/// What somebody came with.
pub(crate) struct Knock {
    pub seen: Request,
    pub shown: Credentials,
    pub workspace: Option<WorkspaceId>,
}

/// What is to be said next.
pub(crate) enum Turn {
    Tell(Arc<Told>),
    /// Events were lost: what they show may be old.
    Missed,
}

pub(crate) struct Session {
    inner: Arc<Inner>,
    knock: Knock,
    ctx: Ctx,
    seat: Seat,
    /// Nothing until they subscribe: then all that they may hear.
    channels: Option<BTreeSet<String>>,
    /// Told again from the past; what of it waits in the queue as well is not told twice.
    again: HashSet<EventId>,
    settled: u64,
    check_at: Instant,
    /// After trouble with the database.
    try_at: Instant,
}

/// The pause after the database could not say who somebody is. They are told nothing meanwhile, and are not sent away either.
const TROUBLE_PAUSE: Duration = Duration::from_secs(1);

impl Session {
    /// Lets somebody in.
    ///
    /// # Errors
    /// When they may not come in, or there is no room.
    pub async fn begin(inner: &Arc<Inner>, knock: Knock) -> Result<Session, Leave> {
        let ctx = admit(inner, &knock).await?;
        let seat = inner.hub.join(&ctx).map_err(Leave::Refused)?;
        // Looked at once more with the place taken: what ended their part before could not find them yet. From now on the workspace
        // is named, so that another choice of theirs elsewhere does not move this socket.
        let knock = Knock { workspace: ctx.workspace, ..knock };
        let ctx = admit(inner, &knock).await?;
        let check_at = Instant::now() + inner.pace.check;
        let (inner, again, try_at) = (inner.clone(), HashSet::new(), Instant::now());
        Ok(Session { inner, knock, ctx, seat, channels: None, again, settled: 0, check_at, try_at })
    }

    /// Waits for what is to be said next. May be dropped at any time without loss, and says nothing while there are doubts.
    ///
    /// # Errors
    /// When the socket ends.
    pub async fn turn(&mut self) -> Result<Turn, Leave> {
        loop {
            let ear = self.seat.ear.clone();
            let in_doubt = ear.doubt.count() != self.settled;
            tokio::select! {
                biased;
                () = self.inner.stop.cancelled() => return Err(Leave::GoingAway),
                () = ear.slow.cancelled() => {
                    metrics::counter!("rampart_sockets_cut_total").increment(1);
                    return Err(Leave::Slow);
                }
                () = async { ear.doubt.beyond(self.settled).await; tokio::time::sleep_until(self.try_at).await } => {
                    self.look_again().await?;
                    if ear.doubt.count() == self.settled && ear.missed.swap(false, Ordering::AcqRel) {
                        return Ok(Turn::Missed);
                    }
                }
                () = tokio::time::sleep_until(self.check_at) => self.look_again().await?,
                told = self.seat.next(), if !in_doubt => {
                    let Some(told) = told else { return Err(Leave::GoingAway) };
                    if self.hears(&told) && !self.again.remove(&told.id) {
                        return Ok(Turn::Tell(told));
                    }
                }
            }
        }
    }

    async fn look_again(&mut self) -> Result<(), Leave> {
        match self.check().await {
            Err(Leave::Refused(error)) if error.status().is_server_error() => {
                self.try_at = Instant::now() + TROUBLE_PAUSE;
                self.check_at = self.try_at;
                Ok(())
            }
            other => other,
        }
    }

    /// Whether they are still who they were, and what part they have now.
    ///
    /// # Errors
    /// When they are not, or it cannot be said.
    pub async fn check(&mut self) -> Result<(), Leave> {
        let doubts = self.seat.ear.doubt.count();
        let ctx = admit(&self.inner, &self.knock).await?;
        // Their place is in the index of one user and one workspace.
        if ctx.user() != Some(self.seat.user()) || ctx.workspace != self.seat.workspace() {
            return Err(Leave::Refused(ApiError::not_found()));
        }
        self.ctx = ctx;
        self.settled = doubts;
        self.check_at = Instant::now() + self.inner.pace.check;
        Ok(())
    }

    /// New credentials of the same user.
    ///
    /// # Errors
    /// When they are not good, or another's.
    pub async fn show(&mut self, shown: Credentials) -> Result<(), Leave> {
        self.knock.shown = shown;
        self.check().await
    }

    /// The channels from now on; or why one does not exist for them, and then nothing has changed.
    ///
    /// # Errors
    /// When they may not be here any more.
    pub async fn subscribe(&mut self, channels: &[Channel]) -> Result<Result<Vec<String>, ApiError>, Leave> {
        self.check().await?;
        let mut all = self.channels.clone().unwrap_or_default();
        for channel in channels {
            if let Err(error) = self.may_join(channel).await {
                return Ok(Err(error));
            }
            all.insert(channel.name());
            if all.len() > MOST_CHANNELS {
                return Ok(Err(invalid("these are too many channels; subscribe to less, or to all")));
            }
        }
        Ok(Ok(self.channels.insert(all).iter().cloned().collect()))
    }

    async fn may_join(&self, channel: &Channel) -> Result<(), ApiError> {
        if channel.kind == "events" {
            return Ok(());
        }
        let room = self.inner.feed.find_room(&channel.kind);
        let room = room.ok_or_else(|| invalid("there is no such kind of channel"))?;
        (room.check)(self.ctx.clone(), channel.rest.clone()).await
    }

    /// Who never subscribed hears everything; who took back their last subscription, nothing.
    pub fn unsubscribe(&mut self, channels: &[Channel]) -> Vec<String> {
        let all = self.channels.get_or_insert_default();
        for channel in channels {
            all.remove(&channel.name());
        }
        all.iter().cloned().collect()
    }

    /// What they missed since the event that they heard last, and whether that is all.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn missed(&mut self, last: EventId) -> Result<(Vec<Told>, bool), Leave> {
        let missed = past::missed(&self.inner.store, &self.inner.feed, &self.ctx, last).await;
        let (mut told, complete) = missed.map_err(Leave::Refused)?;
        told.retain(|told| self.is_subscribed(told));
        self.again = told.iter().map(|told| told.id).collect();
        Ok((told, complete))
    }

    pub fn ctx(&self) -> &Ctx {
        &self.ctx
    }

    pub fn slow(&self) -> tokio_util::sync::CancellationToken {
        self.seat.ear.slow.clone()
    }

    fn hears(&self, told: &Told) -> bool {
        told.is_for(&self.ctx) && self.is_subscribed(told)
    }

    fn is_subscribed(&self, told: &Told) -> bool {
        self.channels.as_ref().is_none_or(|own| told.channels().iter().any(|channel| own.contains(channel)))
    }
}

async fn admit(inner: &Inner, knock: &Knock) -> Result<Ctx, Leave> {
    inner.door.admit(&knock.seen, &knock.shown, knock.workspace).await.map_err(Leave::Refused)
}
