//! Reading, and reading and writing: the two things that others do with a store.

use std::ops::{Deref, DerefMut};

use rampart_kernel::{Origin, RequestId, Timestamp, Value, WorkspaceId};
use tracing::Span;

use crate::event::{self, Emitted, Event};
use crate::sql::{of_rows, rows_at_once};
use crate::store::Dialect;
use crate::{Bell, Error, ROWS_LIMIT, Result, Row, postgres, sqlite};

/// A connection that reads. Every query takes SQL with `$1`, `$2` … and their values ([`params!`](crate::params)).
pub struct Reader {
    session: Session,
    /// Ends when the connection is given back.
    _span: Span,
}

/// The database behind a session.
pub(crate) enum Session {
    SqliteReader(Box<sqlite::ReadConnection>),
    SqliteTurn(sqlite::Turn),
    Postgres(postgres::Connection),
}

impl Session {
    async fn rows(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        match self {
            Session::SqliteReader(connection) => connection.rows(sql, params),
            Session::SqliteTurn(turn) => turn.rows(sql, params),
            Session::Postgres(connection) => connection.rows(sql, params).await,
        }
    }

    async fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64> {
        match self {
            Session::SqliteReader(_) => Err(Error::Unexpected("a reader does not write".into())),
            Session::SqliteTurn(turn) => turn.execute(sql, params),
            Session::Postgres(connection) => connection.execute(sql, params).await,
        }
    }
}

impl Reader {
    pub(crate) fn new(session: Session, span: Span) -> Reader {
        Reader { session, _span: span }
    }

    /// The rows in the order the statement gives them; it must say how many at most.
    ///
    /// # Errors
    /// [`Error::TooManyRows`] beyond [`ROWS_LIMIT`]; otherwise as the database answers.
    pub async fn list(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        let rows = self.session.rows(sql, params).await?;
        if rows.len() > ROWS_LIMIT { Err(Error::TooManyRows(ROWS_LIMIT)) } else { Ok(rows) }
    }

    /// The first row, if there is any.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn find(&mut self, sql: &str, params: &[Value]) -> Result<Option<Row>> {
        Ok(self.list(sql, params).await?.into_iter().next())
    }

    /// The first row.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none.
    pub async fn get(&mut self, sql: &str, params: &[Value]) -> Result<Row> {
        self.find(sql, params).await?.ok_or(Error::NotFound)
    }

    /// The time on which all processes with this database agree: its server's, however wrong a process's own clock may be. The
    /// embedded database has one process, whose clock it is.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn now(&mut self, origin: &Origin) -> Result<Timestamp> {
        if self.dialect() == Dialect::Sqlite {
            return Ok(origin.now());
        }
        let sql = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS now_ms";
        Ok(Timestamp::from_millis(self.get(sql, &[]).await?.get("now_ms")?))
    }

    pub fn dialect(&self) -> Dialect {
        match self.session {
            Session::SqliteReader(_) | Session::SqliteTurn(_) => Dialect::Sqlite,
            Session::Postgres(_) => Dialect::Postgres,
        }
    }
}

/// A transaction: everything or nothing. Dropped without [`Tx::commit`], it is rolled back.
///
/// After an error only the roll-back is left, as on PostgreSQL: what may go wrong without harm says `ON CONFLICT DO NOTHING`.
pub struct Tx {
    reader: Reader,
    origin: Origin,
    events: Vec<Emitted>,
    /// Rung when there are events.
    outbox: Bell,
    bells: Vec<Bell>,
    failed: bool,
}

impl Tx {
    pub(crate) fn new(session: Session, span: Span, origin: Origin, outbox: Bell) -> Tx {
        Tx { reader: Reader::new(session, span), origin, events: Vec::new(), outbox, bells: Vec::new(), failed: false }
    }

    /// How many rows it changed.
    ///
    /// # Errors
    /// As the database answers; the transaction has then failed.
    pub async fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64> {
        if self.failed {
            return Err(Error::Failed);
        }
        let done = self.reader.session.execute(sql, params).await;
        self.failed = done.is_err();
        done
    }

    /// A change that says what it changed: `UPDATE … RETURNING …`.
    ///
    /// # Errors
    /// As [`Tx::execute`].
    pub async fn change(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        if self.failed {
            return Err(Error::Failed);
        }
        let changed = self.reader.session.rows(sql, params).await;
        self.failed = changed.is_err();
        changed
    }

    /// One statement for many rows, each with its values, which stand where its text says `{rows}`: `INSERT INTO t (a, b) VALUES {rows}`.
    /// What it says it changed.
    ///
    /// # Errors
    /// As [`Tx::execute`].
    pub async fn change_all<const N: usize>(&mut self, sql: &str, rows: &[[Value; N]]) -> Result<Vec<Row>> {
        let (mut rest, mut changed) = (rows, Vec::new());
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rows_at_once(rest.len(), N));
            changed.extend(self.change(&of_rows(sql, now.len(), N), now.as_flattened()).await?);
            rest = later;
        }
        Ok(changed)
    }

    /// Tells of a fact when, and only when, the transaction is durable.
    pub fn emit<E: Event>(&mut self, event: &E) {
        self.push_event(self.origin.workspace, event);
    }

    /// As [`Tx::emit`], for a fact of another workspace than that of the request: one that was made just now, or entered.
    pub fn emit_in<E: Event>(&mut self, workspace: WorkspaceId, event: &E) {
        self.push_event(Some(workspace), event);
    }

    fn push_event<E: Event>(&mut self, workspace: Option<WorkspaceId>, event: &E) {
        let cause = self.origin.request_id.clone();
        self.events.push(Emitted { name: E::NAME, workspace, cause, data: serde_json::to_value(event).ok() });
    }

    /// Rings when the transaction is durable.
    pub fn ring(&mut self, bell: &Bell) {
        self.bells.push(bell.clone());
    }

    pub(crate) fn session(&mut self) -> &mut Session {
        &mut self.reader.session
    }

    /// What follows is caused by something else than what began the transaction: an event that is passed on, with others.
    pub fn as_caused_by(&mut self, request_id: &str, workspace: Option<WorkspaceId>) {
        self.origin = self.origin.caused_by(RequestId::parse(request_id)).in_workspace(workspace);
    }

    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// What makes a `SELECT` hold its rows until the end of the transaction. On SQLite the writer holds them all.
    pub fn for_update(&self) -> &'static str {
        match self.dialect() {
            Dialect::Sqlite => "",
            Dialect::Postgres => " FOR UPDATE",
        }
    }

    /// Writes what is to be told to the outbox now and not at the end, for who takes it from there in the same transaction; how many
    /// events that are.
    ///
    /// # Errors
    /// As [`Tx::execute`].
    pub async fn write_events(&mut self) -> Result<usize> {
        let events = std::mem::take(&mut self.events);
        let count = events.len();
        event::write(self, events).await?;
        Ok(count)
    }

    /// Returns when the change is durable.
    ///
    /// # Errors
    /// When it is not: everything in it is rolled back.
    pub async fn commit(mut self) -> Result<()> {
        if self.write_events().await? > 0 {
            self.bells.push(self.outbox.clone());
        }
        if self.failed {
            return Err(Error::Failed);
        }
        match self.reader.session {
            Session::SqliteReader(_) => return Err(Error::Unexpected("a reader has nothing to commit".into())),
            Session::SqliteTurn(turn) => turn.commit().await?,
            Session::Postgres(connection) => connection.commit().await?,
        }
        for bell in &self.bells {
            bell.ring();
        }
        Ok(())
    }

    /// Returns when everything in it is undone and what it held is free for others. Dropping it does the same a little later.
    ///
    /// # Errors
    /// When the database does not answer: then it undoes it by itself.
    pub async fn roll_back(self) -> Result<()> {
        match self.reader.session {
            Session::SqliteReader(_) | Session::SqliteTurn(_) => Ok(()),
            Session::Postgres(connection) => connection.roll_back().await,
        }
    }
}

impl Deref for Tx {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.reader
    }
}

/// So that what reads from a [`Reader`] reads from a transaction too, and sees its changes.
impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Reader {
        &mut self.reader
    }
}
