//! The store: opened once, asked for readers and transactions.

use std::sync::Arc;

use rampart_kernel::Origin;

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
        let session = match &self.engine {
            Engine::Sqlite(database) => Session::SqliteTurn(database.writer().turn().await?),
            Engine::Postgres(database) => Session::Postgres(database.begin().await?),
        };
        Ok(Tx::new(session, origin.clone(), self.outbox.clone()))
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
        let session = match &self.engine {
            Engine::Sqlite(database) => Session::SqliteReader(database.reader().await?),
            Engine::Postgres(database) => Session::Postgres(database.acquire().await?),
        };
        Ok(Reader::new(session))
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

    /// Writes a consistent copy of the embedded database to a new file, while others go on.
    ///
    /// # Errors
    /// On PostgreSQL, whose own tools do that; or when the file exists or cannot be written.
    pub async fn copy_to(&self, path: &std::path::Path) -> Result<()> {
        match &self.engine {
            Engine::Sqlite(database) => database.copy_to(path).await,
            Engine::Postgres(_) => {
                Err(crate::Error::Unavailable("a PostgreSQL database is backed up with pg_dump".to_owned()))
            }
        }
    }

    /// Ends the connections: what was committed is in the database's file, and other processes may open it.
    pub async fn close(self) {
        match self.engine {
            Engine::Sqlite(database) => drop(database),
            Engine::Postgres(database) => database.close().await,
        }
    }
}
