//! Answers that browsers save as files.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

/// A file to be saved under a name. Names are the program's own: of ids, kinds and endings.
pub struct Attachment<B> {
    pub name: String,
    pub content_type: HeaderValue,
    pub bytes: B,
}

impl<B: Into<Body>> IntoResponse for Attachment<B> {
    fn into_response(self) -> Response {
        // What no header can hold is no name; the browser then makes one up.
        let disposition = HeaderValue::try_from(format!("attachment; filename=\"{}\"", self.name))
            .unwrap_or_else(|_| HeaderValue::from_static("attachment"));
        let headers = [(header::CONTENT_TYPE, self.content_type), (header::CONTENT_DISPOSITION, disposition)];
        (headers, self.bytes.into()).into_response()
    }
}
