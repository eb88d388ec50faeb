//! The store: opened once, asked for readers and transactions.

use std::sync::Arc;

use rampart_kernel::{Origin, SPANS};
use tracing::Span;

use crate::session::{Reader, Session, Tx};
use crate::{Bell, Migration, Pending, Result, StoreSettings, migrate, postgres, sqlite};

/// Which SQL is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

/// The database. Clones are the same store.
#[derive(Clone)]
pub struct Store {
    engine: Engine,
    outbox: Bell,
}

#[derive(Clone)]
enum Engine {
    Sqlite(Arc<sqlite::Database>),
    Postgres(postgres::Database),
}

impl Store {
    /// Opens the embedded database, and makes it when it is missing; or connects to PostgreSQL.
    ///
    /// # Errors
    /// When it cannot be reached, or another process has the embedded database open.
    pub async fn open(settings: &StoreSettings) -> Result<Store> {
        let engine = match &settings.database_url {
            Some(url) if settings.dialect() == Dialect::Postgres => {
                Engine::Postgres(postgres::Database::connect(url, settings.pool_size).await?)
            }
            _ => Engine::Sqlite(Arc::new(sqlite::Database::open(&settings.database_file())?)),
        };
        Ok(Store { engine, outbox: Bell::default() })
    }

    pub fn dialect(&self) -> Dialect {
        match self.engine {
            Engine::Sqlite(_) => Dialect::Sqlite,
            Engine::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Begins a transaction. On SQLite it has the writer for itself from here to its end: no network, no waiting inside.
    ///
    /// # Errors
    /// [`Error::Busy`](crate::Error::Busy) when the turn does not come in time.
    pub async fn begin(&self, origin: &Origin) -> Result<Tx> {
        let span = self.span("transaction");
        let session = match &self.engine {
            Engine::Sqlite(database) => Session::SqliteTurn(database.writer().turn().await?),
            Engine::Postgres(database) => Session::Postgres(database.begin().await?),
        };
        Ok(Tx::new(session, span, origin.clone(), self.outbox.clone()))
    }

    /// Rung when events have become durable in the outbox.
    pub fn outbox_bell(&self) -> Bell {
        self.outbox.clone()
    }

    /// A connection that reads what was committed.
    ///
    /// # Errors
    /// [`Error::Busy`](crate::Error::Busy) when none becomes free in time.
    pub async fn read(&self) -> Result<Reader> {
        let span = self.span("read");
        let session = match &self.engine {
            Engine::Sqlite(database) => Session::SqliteReader(Box::new(database.reader().await?)),
            Engine::Postgres(database) => Session::Postgres(database.acquire().await?),
        };
        Ok(Reader::new(session, span))
    }

    /// From waiting for a connection to giving it back.
    fn span(&self, what: &'static str) -> Span {
        let system = match self.dialect() {
            Dialect::Sqlite => "sqlite",
            Dialect::Postgres => "postgresql",
        };
        tracing::info_span!(target: SPANS, "database", otel.name = what, otel.kind = "client", db.system.name = system)
    }

    /// Brings the schema up to `migrations`, each in a transaction of its own, one process at a time.
    ///
    /// # Errors
    /// When one fails, when an applied one was changed since, or when the database is newer than the program.
    pub async fn migrate(&self, origin: &Origin, migrations: &[Migration]) -> Result<Vec<&'static str>> {
        let _lock = match &self.engine {
            // The file belongs to this process, and the writer runs one transaction at a time.
            Engine::Sqlite(_) => None,
            Engine::Postgres(database) => Some(database.lock_migrations().await?),
        };
        migrate::run(self, origin, migrations).await
    }

    /// What [`Store::migrate`] would do.
    ///
    /// # Errors
    /// As [`Store::migrate`].
    pub async fn pending(&self, migrations: &[Migration]) -> Result<Pending> {
        migrate::pending(self, migrations).await
    }

    /// Whether it answers and can be written to.
    ///
    /// # Errors
    /// When it does not.
    pub async fn check(&self, origin: &Origin) -> Result<()> {
        let mut tx = self.begin(origin).await?;
        tx.execute("UPDATE store_probe SET checked_at = $1", &crate::params![origin.now()]).await?;
        tx.commit().await
    }

    /// Writes a consistent copy of the embedded database to a new file. Another process may have it open, and go on.
    ///
    /// # Errors
    /// On PostgreSQL, whose own tools do that; or when the file exists or cannot be written.
    pub async fn copy(settings: &StoreSettings, to: &std::path::Path) -> Result<()> {
        match settings.dialect() {
            Dialect::Sqlite => sqlite::copy(&settings.database_file(), to).await,
            Dialect::Postgres => {
                Err(crate::Error::Unavailable("a PostgreSQL database is backed up with pg_dump".to_owned()))
            }
        }
    }

    /// Whether a file is a whole database.
    ///
    /// # Errors
    /// When it is not, with what is wrong.
    pub async fn check_copy(file: &std::path::Path) -> Result<()> {
        sqlite::check_copy(file).await
    }

    /// Ends the connections: what was committed is in the database's file, and other processes may open it.
    pub async fn close(self) {
        match self.engine {
            Engine::Sqlite(database) => drop(database),
            Engine::Postgres(database) => database.close().await,
        }
    }
}
