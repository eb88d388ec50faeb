//! Brings events to the sockets that may hear them.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::http::StatusCode;
use rampart_access::Ctx;
use rampart_events::{Envelope, Heard, Listener};
use rampart_kernel::{UserId, WorkspaceId};
use rampart_web::ApiError;
use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::feed::{Audience, Feed};
use crate::told::{Told, user_of};

/// What may wait for one socket. Whoever is further behind is cut: it may come back and ask for what it missed, while memory for it
/// would have no end.
const MOST_WAITING: usize = 256;
const MOST_WAITING_BYTES: usize = 64 * 1024;

/// How long the whole process waits for those whose queues are full before they are cut: once per slow reader, and far below
/// what anybody notices.
const GRACE: Duration = Duration::from_millis(50);

/// Sockets of one user: tabs and devices; more are a mistake in a program that reconnects without closing.
const MOST_PER_USER: usize = 100;

/// Sockets of this process; each takes some tens of kilobytes.
const MOST: usize = 20_000;

/// All sockets of this process that have been let in.
#[derive(Default)]
pub(crate) struct Hub {
    seats: RwLock<Seats>,
}

#[derive(Default)]
struct Seats {
    last: u64,
    by_id: HashMap<u64, Arc<Ear>>,
    by_workspace: HashMap<WorkspaceId, HashSet<u64>>,
    by_user: HashMap<UserId, HashSet<u64>>,
}

/// The hub's side of a socket.
pub(crate) struct Ear {
    queue: mpsc::Sender<Arc<Told>>,
    waiting_bytes: AtomicUsize,
    /// Something was taken from the queue.
    drained: Notify,
    pub doubt: Doubt,
    /// Too much waits for it.
    pub slow: CancellationToken,
    /// Events were lost before they came here.
    pub missed: AtomicBool,
}

/// That somebody has to be looked at again: a count that goes up, so that none is lost while another is being looked at.
#[derive(Default)]
pub(crate) struct Doubt {
    raised: AtomicU64,
    bell: Notify,
}

/// The socket's side: gives its place back when dropped.
pub(crate) struct Seat {
    hub: Arc<Hub>,
    id: u64,
    pub ear: Arc<Ear>,
    queue: mpsc::Receiver<Arc<Told>>,
    user: UserId,
    workspace: Option<WorkspaceId>,
}

impl Hub {
    /// Until the bus is gone.
    pub async fn run(&self, mut listener: Listener, feed: &Feed, stop: CancellationToken) {
        loop {
            let heard = tokio::select! {
                () = stop.cancelled() => return,
                heard = listener.next() => heard,
            };
            match heard {
                None => return,
                Some(Heard::Event(envelope)) => self.hear(&envelope, feed).await,
                Some(Heard::Missed(count)) => {
                    metrics::counter!("rampart_realtime_missed_total").increment(count);
                    tracing::warn!(count, "events were faster than the sockets of this process could be told");
                    self.miss();
                }
            }
        }
    }

    async fn hear(&self, envelope: &Envelope, feed: &Feed) {
        let told = Told::of(envelope, feed).map(Arc::new);
        let full = {
            let seats = self.seats.read().unwrap_or_else(PoisonError::into_inner);
            if feed.is_doubt(&envelope.name) {
                seats.doubted(envelope).for_each(|ear| ear.doubt.raise());
            }
            let Some(told) = &told else { return };
            let mut full = Vec::new();
            let mut tell = |ear: &Arc<Ear>| {
                if !ear.try_tell(told) {
                    full.push(ear.clone());
                }
            };
            match told.audience() {
                Audience::Workspace(_) => {
                    let ids = told.workspace().and_then(|workspace| seats.by_workspace.get(&workspace));
                    seats.ears(ids).for_each(&mut tell);
                }
                Audience::User => {
                    let ids = told.user().and_then(|user| seats.by_user.get(&user));
                    seats.ears(ids).for_each(&mut tell);
                }
                // Who of them administers is looked at when it is sent.
                Audience::Admins => seats.by_id.values().for_each(&mut tell),
            }
            full
        };
        if let Some(told) = told {
            wait_for(full, &told).await;
        }
        // A commit of many events must not fill the queues before those who read have had a turn.
        tokio::task::yield_now().await;
    }

    /// Whatever was missed may have been a doubt.
    fn miss(&self) {
        let seats = self.seats.read().unwrap_or_else(PoisonError::into_inner);
        for ear in seats.by_id.values() {
            ear.missed.store(true, Ordering::Release);
            ear.doubt.raise();
        }
    }

    /// # Errors
    /// When there is no room for another socket of this user, or for any.
    pub fn join(self: &Arc<Hub>, ctx: &Ctx) -> Result<Seat, ApiError> {
        let user = ctx.signed_in()?.user();
        let mut seats = self.seats.write().unwrap_or_else(PoisonError::into_inner);
        if seats.by_id.len() >= MOST {
            let message = "no more sockets fit here; try again in a moment";
            return Err(ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE", message));
        }
        if seats.by_user.get(&user).is_some_and(|own| own.len() >= MOST_PER_USER) {
            let message = "you hold too many sockets; close some";
            return Err(ApiError::new(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED", message));
        }
        let (sender, queue) = mpsc::channel(MOST_WAITING);
        let ear = Arc::new(Ear {
            queue: sender,
            waiting_bytes: AtomicUsize::new(0),
            drained: Notify::new(),
            doubt: Doubt::default(),
            slow: CancellationToken::new(),
            missed: AtomicBool::new(false),
        });
        seats.last += 1;
        let id = seats.last;
        seats.by_id.insert(id, ear.clone());
        seats.by_user.entry(user).or_default().insert(id);
        if let Some(workspace) = ctx.workspace {
            seats.by_workspace.entry(workspace).or_default().insert(id);
        }
        drop(seats);
        Ok(Seat { hub: self.clone(), id, ear, queue, user, workspace: ctx.workspace })
    }
}

/// Gives those whose queues are full a last moment, together; then they are cut.
async fn wait_for(full: Vec<Arc<Ear>>, told: &Arc<Told>) {
    let deadline = Instant::now() + GRACE;
    for ear in full {
        while !ear.slow.is_cancelled() && !ear.try_tell(told) {
            if tokio::time::timeout_at(deadline, ear.drained.notified()).await.is_err() {
                ear.slow.cancel();
            }
        }
    }
}

impl Seats {
    fn doubted(&self, envelope: &Envelope) -> impl Iterator<Item = &Arc<Ear>> {
        let ids = match user_of(envelope) {
            Some(user) => self.by_user.get(&user),
            None => envelope.workspace_id.and_then(|workspace| self.by_workspace.get(&workspace)),
        };
        self.ears(ids)
    }

    fn ears<'a>(&'a self, ids: Option<&'a HashSet<u64>>) -> impl Iterator<Item = &'a Arc<Ear>> {
        ids.into_iter().flatten().filter_map(|id| self.by_id.get(id))
    }
}

impl Ear {
    /// Whether there was room.
    fn try_tell(&self, told: &Arc<Told>) -> bool {
        let size = told.text.len();
        let waiting = self.waiting_bytes.fetch_add(size, Ordering::AcqRel) + size;
        let fits = waiting <= MOST_WAITING_BYTES && self.queue.try_send(told.clone()).is_ok();
        if !fits {
            self.waiting_bytes.fetch_sub(size, Ordering::AcqRel);
        }
        fits
    }
}

impl Doubt {
    pub fn raise(&self) {
        self.raised.fetch_add(1, Ordering::AcqRel);
        self.bell.notify_one();
    }

    /// To be remembered before looking.
    pub fn count(&self) -> u64 {
        self.raised.load(Ordering::Acquire)
    }

    /// Returns while there are others than those that were looked at.
    pub async fn beyond(&self, settled: u64) {
        while self.count() == settled {
            self.bell.notified().await;
        }
    }
}

impl Seat {
    pub fn user(&self) -> UserId {
        self.user
    }

    pub fn workspace(&self) -> Option<WorkspaceId> {
        self.workspace
    }

    /// What is to be told next. May be dropped at any time without loss.
    pub async fn next(&mut self) -> Option<Arc<Told>> {
        let told = self.queue.recv().await?;
        self.ear.waiting_bytes.fetch_sub(told.text.len(), Ordering::AcqRel);
        self.ear.drained.notify_one();
        Some(told)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.hub.seats.write().unwrap_or_else(PoisonError::into_inner);
        seats.by_id.remove(&self.id);
        leave(&mut seats.by_user, self.user, self.id);
        if let Some(workspace) = self.workspace {
            leave(&mut seats.by_workspace, workspace, self.id);
        }
    }
}

fn leave<K: Eq + std::hash::Hash>(index: &mut HashMap<K, HashSet<u64>>, key: K, id: u64) {
    if let Some(ids) = index.get_mut(&key) {
        ids.remove(&id);
        if ids.is_empty() {
            index.remove(&key);
        }
    }
}
