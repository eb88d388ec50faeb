//! What went wrong, as callers see it.

use std::time::Duration;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};

/// An answer that is not what was asked for: `{ "error": "message", "code": "ERROR_CODE" }`, for some codes with `details`.
///
/// The message is for people and says what to do; what happened inside is in the log.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiError(Box<Refusal>);

#[derive(Clone, Debug, PartialEq)]
struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
    details: Option<Value>,
    retry_after: Option<Duration>,
}

/// A field that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    pub field: String,
    pub message: String,
    pub rule: String,
}

impl ApiError {
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> ApiError {
        let message = message.into();
        ApiError(Box::new(Refusal { status, code, message, details: None, retry_after: None }))
    }

    #[must_use]
    pub fn details(mut self, details: impl Into<Value>) -> ApiError {
        self.0.details = Some(details.into());
        self
    }

    #[must_use]
    pub fn retry_after(mut self, pause: Duration) -> ApiError {
        self.0.retry_after = Some(pause);
        self
    }

    pub fn validation(problems: &[Problem]) -> ApiError {
        ApiError::new(StatusCode::BAD_REQUEST, "VALIDATION_ERROR", "some fields cannot be used")
            .details(json!(problems))
    }

    /// One field that cannot be used, and why.
    pub fn invalid(field: &str, message: &str) -> ApiError {
        ApiError::validation(&[Problem {
            field: field.to_owned(),
            message: message.to_owned(),
            rule: "value".to_owned(),
        }])
    }

    pub fn not_found() -> ApiError {
        ApiError::new(StatusCode::NOT_FOUND, "NOT_FOUND", "there is no such thing")
    }

    /// Logged here, once; the caller learns nothing of it.
    pub fn internal(error: &(dyn std::error::Error + 'static)) -> ApiError {
        tracing::error!(error = %Chain(error), "a request failed unexpectedly");
        ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_ERROR", "something went wrong on our side")
    }

    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// `{ "error", "code" }`, for some codes with `details`.
    pub fn body(&self) -> Value {
        let mut body = json!({ "error": self.0.message, "code": self.0.code });
        if let Some(details) = &self.0.details {
            body["details"] = details.clone();
        }
        body
    }
}

/// An error with what caused it.
struct Chain<'a>(&'a (dyn std::error::Error + 'static));

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status(), Json(self.body())).into_response();
        if let Some(pause) = self.0.retry_after {
            // Rounded up: who comes back then is let in.
            let seconds = pause.as_secs() + u64::from(pause.subsec_nanos() > 0);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
        }
        response
    }
}

impl From<rampart_access::Error> for ApiError {
    fn from(error: rampart_access::Error) -> ApiError {
        use rampart_access::Error;
        let (status, code) = match error {
            Error::Unauthenticated => (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"),
            Error::Forbidden | Error::SessionNeeded | Error::PasswordTooOld | Error::Suspended => {
                (StatusCode::FORBIDDEN, "FORBIDDEN")
            }
            Error::AddressNotAllowed => (StatusCode::FORBIDDEN, "IP_NOT_ALLOWED"),
            Error::SecondFactorNeeded => (StatusCode::FORBIDDEN, "TWO_FACTOR_SETUP_REQUIRED"),
            Error::SessionTooOld => (StatusCode::UNAUTHORIZED, "TOKEN_EXPIRED"),
            Error::ScopeInsufficient => (StatusCode::FORBIDDEN, "TOKEN_SCOPE_INSUFFICIENT"),
            Error::NotFound => return ApiError::not_found(),
        };
        ApiError::new(status, code, error.to_string())
    }
}

impl From<rampart_store::Error> for ApiError {
    fn from(error: rampart_store::Error) -> ApiError {
        use rampart_store::Error;
        match &error {
            Error::NotFound => ApiError::not_found(),
            Error::Conflict(_) | Error::Reference => {
                tracing::warn!(%error, "a conflict that its use case did not foresee");
                ApiError::new(StatusCode::CONFLICT, "CONFLICT", "it contradicts what is there already")
            }
            Error::Busy | Error::Full | Error::Unavailable(_) | Error::TookTooLong { .. } => {
                tracing::error!(%error, "the database does not serve");
                ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE", "try again in a moment")
                    .retry_after(Duration::from_secs(1))
            }
            _ => ApiError::internal(&error),
        }
    }
}
