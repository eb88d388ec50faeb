//! What can come of this module's use cases.

use axum::http::StatusCode;
use rampart_web::ApiError;
use thiserror::Error;

#[derive(Debug, Error)]
pub enum Error {
    /// It waits, runs, or ended in another way.
    #[error("the job does not stand where this can be done with it; look at it again")]
    WrongState,
    #[error(transparent)]
    Cron(#[from] rampart_jobs::BadSchedule),
    #[error(
        "a PostgreSQL database is backed up by its own means: pg_dump, or base backups; see docs/operations/backups.md"
    )]
    OwnMeans,
    #[error("a backup is being made already; wait until it is done")]
    BackupUnderWay,
    #[error("there is nothing to check: the backup was not made, or does not hold")]
    NotMade,
    #[error(transparent)]
    Archive(#[from] crate::backups::archive::Error),
    #[error(transparent)]
    Objects(#[from] rampart_objects::Error),
    #[error("what should work did not: {0}")]
    Unexpected(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the checkpoints of the audit record cannot be read: {0}")]
    Checkpoints(#[source] std::io::Error),
    #[error(transparent)]
    Access(#[from] rampart_access::Error),
    #[error(transparent)]
    Identity(#[from] rampart_identity::Error),
    #[error(transparent)]
    Store(#[from] rampart_store::Error),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<Error> for ApiError {
    fn from(error: Error) -> ApiError {
        let conflict = |code| ApiError::new(StatusCode::CONFLICT, code, error.to_string());
        match error {
            Error::OwnMeans => conflict("PROVIDER_NOT_CONFIGURED"),
            Error::BackupUnderWay => conflict("CONFLICT"),
            Error::NotMade => conflict("INVALID_STATE_TRANSITION"),
            Error::WrongState => conflict("INVALID_STATE_TRANSITION"),
            Error::Cron(error) => ApiError::invalid("cron", &error.to_string()),
            Error::Checkpoints(_) | Error::Archive(_) | Error::Objects(_) => ApiError::internal(&error),
            Error::Unexpected(error) => ApiError::internal(&*error),
            Error::Access(error) => error.into(),
            Error::Identity(error) => error.into(),
            Error::Store(error) => error.into(),
        }
    }
}
