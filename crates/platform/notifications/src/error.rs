//! What can come of this module's use cases.

use axum::http::StatusCode;
use rampart_web::ApiError;
use thiserror::Error;

#[derive(Debug, Error)]
pub enum Error {
    /// A preference that cannot be.
    #[error("{0}")]
    Preference(&'static str),
    #[error(transparent)]
    Identity(#[from] rampart_identity::Error),
    #[error(transparent)]
    Mail(#[from] rampart_mail::Error),
    #[error(transparent)]
    Access(#[from] rampart_access::Error),
    #[error(transparent)]
    Store(#[from] rampart_store::Error),
}

impl From<Error> for ApiError {
    fn from(error: Error) -> ApiError {
        match error {
            Error::Preference(what) => ApiError::new(StatusCode::BAD_REQUEST, "VALIDATION_ERROR", what),
            Error::Access(error) => error.into(),
            Error::Identity(error) => error.into(),
            Error::Store(error) => error.into(),
            Error::Mail(error) => ApiError::internal(&error),
        }
    }
}
