//! What can come of this module's use cases.

use axum::http::StatusCode;
use rampart_jobs::Failure;
use rampart_web::ApiError;
use thiserror::Error;

#[derive(Debug, Error)]
pub enum Error {
    /// A field that cannot be, and why.
    #[error("{0} {1}")]
    Field(&'static str, &'static str),
    /// For the job that asked: when it may go better.
    #[error("the forge does not take it: {0}")]
    Forge(Failure),
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
            Error::Forge(failure) => ApiError::new(StatusCode::BAD_GATEWAY, "UPSTREAM_ERROR", failure.to_string()),
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
            Error::Forge(failure) => failure,
            error => Failure::retry(error),
        }
    }
}
