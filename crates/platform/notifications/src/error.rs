//! What can come of this module's use cases.

use axum::http::StatusCode;
use rampart_web::ApiError;
use thiserror::Error;

#[derive(Debug, Error)]
pub enum Error {
    /// A preference that cannot be.
    #[error("{0}")]
    Preference(&'static str),
    /// An address that is not spoken to, and why.
    #[error("the address {0}")]
    Target(rampart_egress::BadTarget),
    #[error("a workspace has at most {} channels; remove one first", crate::channels::service::MOST_CHANNELS)]
    TooManyChannels,
    #[error("a channel of another type is another channel: make one, and remove this one")]
    OtherType,
    #[error("it was delivered already")]
    Delivered,
    #[error("Web Push is not configured here; VAPID_PUBLIC_KEY, VAPID_PRIVATE_KEY and VAPID_SUBJECT make it")]
    NoPush,
    /// Settings that cannot be, and why.
    #[error("{0}")]
    Push(&'static str),
    #[error("p256dh is a point of P-256, auth 16 bytes, both in base64url")]
    NoKeys,
    #[error("there are too many browsers that are told; have some told no more first")]
    TooManySubscriptions,
    #[error("what should work did not")]
    Unexpected(#[source] Box<dyn std::error::Error + Send + Sync>),
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
            Error::Target(_) => ApiError::new(StatusCode::BAD_REQUEST, "TARGET_NOT_ALLOWED", error.to_string()),
            Error::NoPush => ApiError::new(StatusCode::CONFLICT, "PROVIDER_NOT_CONFIGURED", error.to_string()),
            Error::NoKeys => ApiError::invalid("keys", &error.to_string()),
            Error::Push(_) => ApiError::internal(&error),
            Error::OtherType => ApiError::invalid("type", &error.to_string()),
            Error::TooManyChannels | Error::TooManySubscriptions => {
                ApiError::new(StatusCode::CONFLICT, "CONFLICT", error.to_string())
            }
            Error::Delivered => ApiError::new(StatusCode::CONFLICT, "INVALID_STATE_TRANSITION", error.to_string()),
            Error::Unexpected(error) => ApiError::internal(&*error),
            Error::Access(error) => error.into(),
            Error::Identity(error) => error.into(),
            Error::Store(error) => error.into(),
            Error::Mail(error) => ApiError::internal(&error),
        }
    }
}
