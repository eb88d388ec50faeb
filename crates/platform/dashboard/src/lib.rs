//! The dashboard's files, as the program carries them.
//!
//! They are what `npm run build` makes in `web/dist`; a program that was built without them serves a page that says how to make
//! them. Debug builds read the files when they are asked for. Knows nothing of the API: the pages are one of its clients.

use axum::Router;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use memory_serve::CacheControl;

/// To be mounted at `/app`. Every address that is no file is the dashboard's own to make sense of, and gets its page.
pub fn files() -> Router {
    memory_serve::load!()
        .index_file(Some("/index.html"))
        .fallback(Some("/index.html"))
        .fallback_status(StatusCode::OK)
        // The page names the files that belong to it; those have their contents' hash in their names.
        .html_cache_control(CacheControl::Custom("no-cache"))
        .cache_control(CacheControl::Long)
        .into_router()
        .layer(middleware::from_fn(no_page_for_a_file))
}

/// A file of an older build is not there any more; the page in its place would be run as a script.
async fn no_page_for_a_file(request: Request, next: Next) -> Response {
    let wants_file = request.uri().path().contains("/assets/");
    let response = next.run(request).await;
    let is_page =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if wants_file && is_page { StatusCode::NOT_FOUND.into_response() } else { response }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use tower::ServiceExt;

    use super::*;

    async fn ask(path: &str) -> Response {
        let request = Request::get(path).body(Body::empty()).unwrap();
        Router::new().nest("/app", files()).oneshot(request).await.unwrap()
    }

    #[tokio::test]
    async fn every_address_of_the_dashboard_is_its_page() {
        for path in ["/app", "/app/sign-in", "/app/w/acme/findings/7"] {
            let answer = ask(path).await;
            assert_eq!(answer.status(), StatusCode::OK, "{path}");
            assert!(answer.headers()[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/html"), "{path}");
            assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-cache", "{path}");
        }
    }

    #[tokio::test]
    async fn a_file_that_is_not_there_is_no_page() {
        assert_eq!(ask("/app/assets/index-of-yesterday.js").await.status(), StatusCode::NOT_FOUND);
    }
}
