//! Storage: SQLite or PostgreSQL from one code.
//!
//! Owns connections, transactions, migrations, the outbox of events, and backups. SQL is written once, in what both databases
//! understand, with `$1`, `$2` for values; types that they spell differently stand in braces in migrations only.
//! A reader reads; a [`Tx`] reads and writes, and is rolled back unless it is committed. A commit returns when the change
//! is durable. On SQLite all transactions that wait at the same time share one commit (`docs/decisions/0004-store.md`).
//!
//! Knows no tables but its own and nothing of who may do what.
//!
//! ```
//! use rampart_kernel::Origin;
//! use rampart_store::{Migration, Store, StoreSettings, params};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! const NOTES: Migration = Migration::new("example/0001-notes", "CREATE TABLE notes (body TEXT NOT NULL)");
//! let folder = tempfile::tempdir().unwrap();
//! let store = Store::open(&StoreSettings::embedded(folder.path())).await?;
//! store.migrate(&Origin::of_system("example"), &[NOTES]).await?;
//!
//! let mut tx = store.begin(&Origin::of_system("example")).await?;
//! tx.execute("INSERT INTO notes (body) VALUES ($1)", &params!["remember"]).await?;
//! tx.commit().await?;
//!
//! let row = store.read().await?.get("SELECT body FROM notes", &[]).await?;
//! assert_eq!(row.get::<String>("body")?, "remember");
//! # Ok::<(), rampart_store::Error>(())
//! # }).unwrap();
//! ```

use std::time::Duration;

mod bell;
mod clock;
mod error;
mod event;
mod migrate;
mod past;
mod postgres;
mod row;
mod session;
mod settings;
mod sql;
mod sqlite;
mod store;

pub use bell::Bell;
pub use clock::SharedClock;
pub use error::{Error, Result};
pub use event::{Event, EventId};
pub use migrate::{Migration, Pending};
pub use past::Past;
pub use rampart_kernel::Value;
pub use row::Row;
pub use session::{Reader, Tx};
pub use settings::StoreSettings;
pub use sql::{Sql, containing};
pub use store::{Dialect, Store};

/// How long one statement may run. What the platform asks is answered from indexes in milliseconds; a statement of seconds
/// lacks one, and on SQLite it keeps a thread from other work.
pub const STATEMENT_LIMIT: Duration = Duration::from_secs(5);

/// How long a transaction may hold the writer, or rows of PostgreSQL, between two statements and in all. Others wait meanwhile:
/// on SQLite all that write, and those whose commit it shares.
pub const TURN_LIMIT: Duration = Duration::from_secs(2);

/// How long somebody waits for a connection or for the turn to write before being told that the database is busy. Shorter than
/// the 30 seconds of a request, so that the answer is an answer.
pub const WAIT_LIMIT: Duration = Duration::from_secs(10);

/// How many rows one query may return. A page has 100; a batch of jobs fewer; what asks for more has forgotten its limit.
pub const ROWS_LIMIT: usize = 10_000;
