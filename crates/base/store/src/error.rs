//! What can come of a statement or a transaction.

use std::time::Duration;

use thiserror::Error;

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, Error)]
pub enum Error {
    /// `get` found no row.
    #[error("there is no such row")]
    NotFound,
    /// A row like it exists already.
    #[error("a row like it exists already: {0}")]
    Conflict(String),
    /// A row that it refers to does not exist, or one refers to it.
    #[error("a row that belongs to it is missing or in the way")]
    Reference,
    /// The statement or the transaction held others up for longer than allowed; it was rolled back.
    #[error("the transaction took longer than {limit:?} and was rolled back")]
    TookTooLong { limit: Duration },
    /// An earlier statement of the transaction failed: only a roll-back is left.
    #[error("the transaction has failed already")]
    Failed,
    /// More are waiting than can be served in time.
    #[error("the database is busy")]
    Busy,
    /// There is no space left to write to.
    #[error("the disk of the database is full")]
    Full,
    /// A list that grew beyond what one answer may hold.
    #[error("more than {0} rows")]
    TooManyRows(usize),
    /// The database cannot be reached, or was closed.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    #[error("column {column} holds something else than expected")]
    Column { column: String },
    #[error("{0}")]
    Migration(String),
    /// A mistake in the program, or a broken database.
    #[error("unexpected answer of the database: {0}")]
    Unexpected(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// Whether it is the database's own, and another statement would not fare better.
    pub fn is_of_all(&self) -> bool {
        matches!(self, Error::Busy | Error::Full | Error::Unavailable(_))
    }

    /// The same outcome for another who shares it.
    pub fn again(&self) -> Error {
        match self {
            Error::Full => Error::Full,
            Error::Busy => Error::Busy,
            other => Error::Unavailable(other.to_string()),
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Error {
        use rusqlite::ffi::{self, ErrorCode};
        let rusqlite::Error::SqliteFailure(failure, message) = &error else {
            return Error::Unexpected(Box::new(error));
        };
        match (failure.code, failure.extended_code) {
            (_, ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY) => {
                Error::Conflict(message.clone().unwrap_or_default())
            }
            (_, ffi::SQLITE_CONSTRAINT_FOREIGNKEY) => Error::Reference,
            (ErrorCode::OperationInterrupted, _) => Error::TookTooLong { limit: crate::STATEMENT_LIMIT },
            (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => Error::Busy,
            (ErrorCode::DiskFull, _) => Error::Full,
            _ => Error::Unexpected(Box::new(error)),
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Error {
        match &error {
            sqlx::Error::Database(refusal) => match refusal.code().as_deref() {
                Some("23505") => Error::Conflict(refusal.constraint().unwrap_or_default().to_owned()),
                Some("23503") => Error::Reference,
                // A statement, a lock or an idle transaction ran out of time.
                Some("57014" | "55P03" | "25P03") => Error::TookTooLong { limit: crate::STATEMENT_LIMIT },
                Some("25P02") => Error::Failed,
                Some("53100") => Error::Full,
                // Serialisation failures and deadlocks: the same again may succeed.
                Some("40001" | "40P01") => Error::Busy,
                Some(code) if code.starts_with("57P") || code.starts_with("08") => {
                    Error::Unavailable(error.to_string())
                }
                _ => Error::Unexpected(Box::new(error)),
            },
            sqlx::Error::PoolTimedOut => Error::Busy,
            sqlx::Error::Io(_) | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed | sqlx::Error::Protocol(_) => {
                Error::Unavailable(error.to_string())
            }
            _ => Error::Unexpected(Box::new(error)),
        }
    }
}
