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
        match error {
            Error::WrongState => ApiError::new(StatusCode::CONFLICT, "INVALID_STATE_TRANSITION", error.to_string()),
            Error::Cron(error) => ApiError::invalid("cron", &error.to_string()),
            Error::Checkpoints(_) => ApiError::internal(&error),
            Error::Access(error) => error.into(),
            Error::Identity(error) => error.into(),
            Error::Store(error) => error.into(),
        }
    }
}
