//! What can come of this module's use cases.

use rampart_jobs::Failure;
use rampart_web::ApiError;
use thiserror::Error;

#[derive(Debug, Error)]
pub enum Error {
    /// A field that cannot be, and why.
    #[error("{0} {1}")]
    Field(&'static str, &'static str),
    #[error(transparent)]
    Forge(#[from] rampart_forge::remote::Error),
    #[error(transparent)]
    Repository(#[from] rampart_forge::Error),
    #[error(transparent)]
    Analysis(#[from] rampart_analysis::Error),
    #[error(transparent)]
    Access(#[from] rampart_access::Error),
    #[error(transparent)]
    Store(#[from] rampart_store::Error),
}

impl From<Error> for ApiError {
    fn from(error: Error) -> ApiError {
        match error {
            Error::Field(field, what) => ApiError::invalid(field, what),
            Error::Forge(error) => error.into(),
            Error::Repository(error) => error.into(),
            Error::Analysis(error) => error.into(),
            Error::Access(error) => error.into(),
            Error::Store(error) => error.into(),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        match error {
            Error::Forge(error) => error.failure(),
            error => Failure::retry(error),
        }
    }
}

/// For what runs in the transaction of an event.
impl From<Error> for rampart_store::Error {
    fn from(error: Error) -> rampart_store::Error {
        match error {
            Error::Store(error) => error,
            error => rampart_store::Error::Unexpected(error.into()),
        }
    }
}
