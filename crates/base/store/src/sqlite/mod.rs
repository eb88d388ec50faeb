//! The embedded database: one writer that groups commits, a few readers.

mod readers;
mod statement;
mod writer;

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

pub(crate) use readers::ReadConnection;
pub(crate) use writer::Turn;

use crate::{Error, Result};
use readers::Readers;
use writer::Writer;

/// Statements kept compiled per connection: more than the program has, so that none is compiled twice.
const STATEMENTS: usize = 512;

/// Pages of the write-ahead log after which it is written back, 16 MB: seldom enough to stay out of most commits, small enough
/// that readers find their pages quickly.
const CHECKPOINT_PAGES: u32 = 4_000;

/// Page cache per connection, in KiB.
const CACHE_KIB: u32 = 8_192;

pub(crate) struct Database {
    // Dropped in this order: the writer last, as its end writes the log back; then the lock.
    readers: Arc<Readers>,
    writer: Writer,
    _lock: File,
}

impl Database {
    pub fn open(path: &Path) -> Result<Database> {
        let lock = lock(path)?;
        let connection = Connection::open(path)?;
        configure(&connection)?;
        // Every commit is synced before it is reported: what was promised survives a power cut.
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
        let writer = Writer::start(connection)?;
        let readers = Readers::new(path.to_owned());
        Ok(Database { readers: Arc::new(readers), writer, _lock: lock })
    }

    pub fn writer(&self) -> &Writer {
        &self.writer
    }

    pub async fn reader(&self) -> Result<ReadConnection> {
        Readers::take(&self.readers).await
    }
}

/// `VACUUM INTO` reads one state of the database; it takes as long as writing the file does, so not on a thread of others.
pub(crate) async fn copy(from: &Path, to: &Path) -> Result<()> {
    let (from, to) = (from.to_owned(), to.to_string_lossy().into_owned());
    blocking(move || {
        let connection = open_reader(&from)?;
        connection.execute("VACUUM INTO ?1", [to])?;
        Ok(())
    })
    .await
}

pub(crate) async fn check_copy(file: &Path) -> Result<()> {
    let file = file.to_owned();
    blocking(move || {
        let connection = open_reader(&file)?;
        let verdict: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
        if verdict == "ok" { Ok(()) } else { Err(Error::Unavailable(format!("the database is damaged: {verdict}"))) }
    })
    .await
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Unexpected(error.into()))?
}

/// A file of SQLite serves one process of ours: two writers would each group their own commits and time out on one another.
fn lock(database: &Path) -> Result<File> {
    let unavailable = |what: String| Error::Unavailable(format!("{}: {what}", database.display()));
    if let Some(folder) = database.parent() {
        rampart_kernel::make_private_folder(folder).map_err(|error| unavailable(error.to_string()))?;
    }
    let path = database.with_extension("lock");
    let mut options = File::options();
    let file = options.create(true).write(true).truncate(false).open(&path);
    let file = file.map_err(|error| unavailable(error.to_string()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(unavailable("another process has it open".to_owned())),
        Err(std::fs::TryLockError::Error(error)) => Err(unavailable(error.to_string())),
    }
}

fn open_reader(path: &Path) -> Result<Connection> {
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    configure(&connection)?;
    Ok(connection)
}

fn configure(connection: &Connection) -> Result<()> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.busy_timeout(crate::STATEMENT_LIMIT)?;
    connection.pragma_update(None, "cache_size", -i64::from(CACHE_KIB))?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // Otherwise a statement is parsed and planned anew whenever a value it was planned by is another.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // The file may come from a backup that somebody else had in hands.
    connection.pragma_update(None, "trusted_schema", false)?;
    Ok(())
}
