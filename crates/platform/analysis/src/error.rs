//! What can come of this module's use cases.

use axum::http::StatusCode;
use rampart_web::ApiError;
use thiserror::Error;

#[derive(Debug, Error)]
pub enum Error {
    #[error("a full scan of the repository waits or runs already")]
    AlreadyRunning,
    /// A scan that is over is not cancelled any more.
    #[error("the scan is over already")]
    Over,
    #[error("the repository is not connected")]
    Disconnected,
    #[error("the scan has no report yet")]
    ReportNotReady,
    #[error("the report was kept for as long as reports are, and is gone; scan again")]
    ReportExpired,
    /// A field that cannot be, and why.
    #[error("{field} {what}")]
    Field { field: &'static str, what: String },
    #[error(transparent)]
    Scanner(#[from] crate::scanner::Error),
    #[error(transparent)]
    Forge(#[from] rampart_forge::Error),
    #[error(transparent)]
    Findings(#[from] rampart_findings::Error),
    #[error(transparent)]
    Objects(#[from] rampart_objects::Error),
    #[error("the folder of scans cannot be used: {0}")]
    Folder(std::io::Error),
    #[error(transparent)]
    File(#[from] rampart_kernel::FileError),
    #[error("the report cannot be written: {0}")]
    Report(String),
    #[error(transparent)]
    Access(#[from] rampart_access::Error),
    #[error(transparent)]
    Store(#[from] rampart_store::Error),
}

impl From<Error> for ApiError {
    fn from(error: Error) -> ApiError {
        let text = error.to_string();
        let conflict = |code| ApiError::new(StatusCode::CONFLICT, code, text.clone());
        match error {
            Error::AlreadyRunning => conflict("SCAN_ALREADY_RUNNING"),
            Error::Over => conflict("INVALID_STATE_TRANSITION"),
            Error::Disconnected => conflict("CONFLICT"),
            Error::ReportNotReady => conflict("REPORT_NOT_READY"),
            Error::ReportExpired => ApiError::new(StatusCode::GONE, "ARTIFACT_EXPIRED", text),
            Error::Field { field, what } => ApiError::invalid(field, &what),
            Error::Forge(error) => error.into(),
            Error::Findings(error) => error.into(),
            Error::Access(error) => error.into(),
            Error::Store(error) => error.into(),
            error @ (Error::Scanner(_) | Error::Objects(_) | Error::Folder(_) | Error::File(_) | Error::Report(_)) => {
                ApiError::internal(&error)
            }
        }
    }
}

impl Error {
    /// Whether the same again may succeed: the machine was in the way, not the repository.
    pub fn may_pass(&self) -> bool {
        match self {
            Error::Forge(rampart_forge::Error::Git(error)) => error.may_pass(),
            Error::Forge(rampart_forge::Error::Store(_))
            | Error::Store(_)
            | Error::Objects(_)
            | Error::Folder(_)
            | Error::File(_) => true,
            Error::Scanner(crate::scanner::Error::Program(_)) => true,
            Error::Findings(error) => !matches!(error, rampart_findings::Error::TooMany { .. }),
            _ => false,
        }
    }
}
