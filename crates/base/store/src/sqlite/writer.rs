//! The one writer: use cases take turns on one connection, and those that waited for each other share one commit.
//!
//! A sync of the disk costs more than a whole use case. So a commit is not one use case's: `BEGIN`, then turn after turn, each
//! within a savepoint of its own, then one `COMMIT` for all of them. A turn that fails or is dropped rolls back to its savepoint
//! and takes nobody along. A use case that is done learns so after the commit, never before.
//!
//! Groups form by availability: whoever arrives while a turn or a sync is under way is in the next group, and when nobody waits
//! the group is committed at once. There is no timer to wait for company.
//!
//! Statements run on the thread of whoever has the turn, as they take microseconds and a change of threads takes ten;
//! only the commit, which waits for the disk, has a thread of its own. That thread also ends turns that take too long.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rampart_kernel::Value;
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::statement::Line;
use crate::{Error, Result, Row, TURN_LIMIT, WAIT_LIMIT};

/// Use cases that share one commit. Beyond, the sync is a small part of each, and the first has waited long enough.
const GROUP_LIMIT: usize = 256;

/// How long the first use case of a group waits for others that stand in line. About ten syncs: more company than that saves
/// less than the wait costs.
const GROUP_AGE: Duration = Duration::from_millis(3);

/// How often the thread looks whether a turn takes too long. It is not woken for every turn: that would cost more than the turn.
const WATCH_INTERVAL: Duration = Duration::from_millis(500);

/// Use cases in line for a turn; more could not be served within [`WAIT_LIMIT`].
const LINE_LIMIT: usize = 10_000;

pub(crate) struct Writer {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    /// Held for one statement, or for a commit.
    desk: Mutex<Desk>,
    queue: Mutex<Queue>,
    /// Wakes the thread: something to commit, or the end.
    wake: Condvar,
}

/// The connection and what is open on it.
struct Desk {
    line: Line,
    /// A group's transaction is open.
    open: bool,
    /// Whose savepoint is open.
    turn: Option<u64>,
}

struct Queue {
    phase: Phase,
    waiting: VecDeque<oneshot::Sender<Turn>>,
    /// Use cases that are done, and wait to hear that they are durable.
    done: Vec<oneshot::Sender<Result<()>>>,
    /// When the first of them was done.
    group_since: Option<Instant>,
    turns: u64,
    closed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Idle,
    /// Somebody has the turn; to be ended at the time given.
    Turn(u64, Option<Instant>),
    /// Somebody is giving the turn back.
    Ending(u64),
    /// The thread commits.
    Commit,
}

impl Writer {
    pub fn start(connection: Connection) -> Result<Writer> {
        let shared = Arc::new(Shared {
            desk: Mutex::new(Desk { line: Line::new(connection)?, open: false, turn: None }),
            queue: Mutex::new(Queue {
                phase: Phase::Idle,
                waiting: VecDeque::new(),
                done: Vec::new(),
                group_since: None,
                turns: 0,
                closed: false,
            }),
            wake: Condvar::new(),
        });
        let own = shared.clone();
        let thread = std::thread::Builder::new().name("store-writer".to_owned()).spawn(move || own.run());
        let thread = thread.map_err(|error| Error::Unavailable(error.to_string()))?;
        Ok(Writer { shared, thread: Some(thread) })
    }

    /// Waits for a turn; those who came first go first.
    pub async fn turn(&self) -> Result<Turn> {
        let (sender, receiver) = oneshot::channel();
        {
            let mut queue = self.shared.queue();
            if queue.waiting.len() >= LINE_LIMIT {
                return Err(Error::Busy);
            }
            queue.waiting.push_back(sender);
            if queue.phase == Phase::Idle {
                self.shared.next(&mut queue);
            }
        }
        let turn = tokio::time::timeout(WAIT_LIMIT, receiver).await.map_err(|_| Error::Busy)?;
        let turn = turn.map_err(|_| Error::Unavailable("the store is closed".to_owned()))?;
        turn.open()?;
        Ok(turn)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.shared.queue().closed = true;
        self.shared.wake.notify_one();
        if let Some(thread) = self.thread.take() {
            // It only fails when the thread panicked, which has been reported as a panic.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Decides what follows a turn or a commit: the next turn, a commit, or nothing.
    fn next(self: &Arc<Self>, queue: &mut Queue) {
        let full = queue.done.len() >= GROUP_LIMIT
            || queue.group_since.is_some_and(|since| since.elapsed() >= GROUP_AGE && !queue.done.is_empty());
        while let Some(waiting) = if full { None } else { queue.waiting.pop_front() } {
            queue.turns += 1;
            let turn = Turn { shared: self.clone(), number: queue.turns, ended: false };
            match waiting.send(turn) {
                Ok(()) => {
                    queue.phase = Phase::Turn(queue.turns, Some(Instant::now() + TURN_LIMIT));
                    return;
                }
                // Whoever waited has gone away.
                Err(mut turn) => turn.ended = true,
            }
        }
        let finished = queue.done.is_empty() && queue.group_since.is_none();
        queue.phase = if finished { Phase::Idle } else { Phase::Commit };
        if !finished {
            self.wake.notify_one();
        }
    }

    /// The thread: commits groups, and ends turns that take too long.
    fn run(self: Arc<Self>) {
        let mut queue = self.queue();
        loop {
            match queue.phase {
                Phase::Commit => {
                    let done = std::mem::take(&mut queue.done);
                    queue.group_since = None;
                    drop(queue);
                    let outcome = self.desk().commit();
                    for waiting in done {
                        // Whoever waited may have gone away; the change is durable all the same.
                        let _ = waiting.send(match &outcome {
                            Ok(()) => Ok(()),
                            Err(error) => Err(error.again()),
                        });
                    }
                    queue = self.queue();
                    self.next(&mut queue);
                }
                Phase::Turn(number, Some(end)) if end <= Instant::now() => {
                    queue.phase = Phase::Ending(number);
                    drop(queue);
                    self.desk().roll_back(number);
                    queue = self.queue();
                    queue.group_since.get_or_insert_with(Instant::now);
                    self.next(&mut queue);
                }
                Phase::Idle if queue.closed => return,
                Phase::Idle | Phase::Turn(..) | Phase::Ending(_) => {
                    let waited = self.wake.wait_timeout(queue, WATCH_INTERVAL);
                    queue = waited.unwrap_or_else(PoisonError::into_inner).0;
                }
            }
        }
    }
}

impl Desk {
    /// Rolls back what one turn did; the rest of its group stays.
    fn roll_back(&mut self, number: u64) {
        if self.turn == Some(number) {
            self.turn = None;
            // It fails when the whole transaction is lost already, which the commit will find.
            let _ = self.line.batch("ROLLBACK TO turn; RELEASE turn");
        }
    }

    fn commit(&mut self) -> Result<()> {
        if !std::mem::take(&mut self.open) {
            return Ok(());
        }
        self.turn = None;
        // A full disk or a failing one makes SQLite roll back the transaction by itself, with everything that was in it.
        if self.line.connection.is_autocommit() {
            return Err(Error::Full);
        }
        let outcome = self.line.batch("COMMIT");
        if outcome.is_err() {
            let _ = self.line.batch("ROLLBACK");
        }
        outcome
    }
}

/// The right to write, until it is given back by [`Turn::commit`] or by being dropped, which rolls back.
pub(crate) struct Turn {
    shared: Arc<Shared>,
    number: u64,
    ended: bool,
}

impl Turn {
    /// Opens the savepoint, and the group's transaction when this is its first turn.
    fn open(&self) -> Result<()> {
        let mut desk = self.shared.desk();
        if !desk.open {
            // At once for writing: a transaction that begins with reading may find that it is too late to write.
            desk.line.batch("BEGIN IMMEDIATE; SAVEPOINT turn")?;
            desk.open = true;
        } else {
            desk.line.batch("SAVEPOINT turn")?;
        }
        desk.turn = Some(self.number);
        Ok(())
    }

    pub fn rows(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        self.desk()?.line.rows(sql, params)
    }

    pub fn execute(&self, sql: &str, params: &[Value]) -> Result<u64> {
        self.desk()?.line.execute(sql, params)
    }

    /// For migrations: several statements, and as much time as they need.
    pub fn batch(&self, sql: &str) -> Result<()> {
        let mut queue = self.shared.queue();
        if matches!(queue.phase, Phase::Turn(number, _) if number == self.number) {
            queue.phase = Phase::Turn(self.number, None);
        }
        drop(queue);
        self.desk()?.line.batch(sql)
    }

    /// # Errors
    /// When the turn was ended because it took too long.
    fn desk(&self) -> Result<MutexGuard<'_, Desk>> {
        let desk = self.shared.desk();
        if desk.turn == Some(self.number) { Ok(desk) } else { Err(Error::TookTooLong { limit: TURN_LIMIT }) }
    }

    /// Gives the turn back and waits for the commit of the group.
    pub async fn commit(mut self) -> Result<()> {
        let (sender, receiver) = oneshot::channel();
        self.end(Some(sender))?;
        receiver.await.map_err(|_| Error::Unavailable("the store is closed".to_owned()))?
    }

    fn end(&mut self, done: Option<oneshot::Sender<Result<()>>>) -> Result<()> {
        self.ended = true;
        {
            let mut queue = self.shared.queue();
            if !matches!(queue.phase, Phase::Turn(number, _) if number == self.number) {
                return Err(Error::TookTooLong { limit: TURN_LIMIT });
            }
            // From here on the thread leaves the turn alone.
            queue.phase = Phase::Ending(self.number);
        }
        let released = {
            let mut desk = self.shared.desk();
            let released = match &done {
                Some(_) => desk.line.batch("RELEASE turn"),
                None => Err(Error::Failed),
            };
            if released.is_ok() {
                desk.turn = None;
            } else {
                desk.roll_back(self.number);
            }
            released
        };
        let mut queue = self.shared.queue();
        queue.group_since.get_or_insert_with(Instant::now);
        if released.is_ok() {
            queue.done.extend(done);
        }
        self.shared.next(&mut queue);
        released
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if !self.ended {
            // Rolled back, as nobody asked for more.
            let _ = self.end(None);
        }
    }
}
