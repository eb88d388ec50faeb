//! Answers connections until it is told to stop.

use std::future::IntoFuture;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// How long requests that are under way may take to end.
const DRAIN_LIMIT: Duration = Duration::from_secs(30);

/// Answers requests until stopped; then takes no new connections and lets those under way end.
///
/// # Errors
/// When the socket fails.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) -> std::io::Result<()> {
    let app = router.into_make_service_with_connect_info::<SocketAddr>();
    let stopping = stop.clone();
    let server = axum::serve(listener, app).with_graceful_shutdown(async move { stopping.cancelled().await });
    let mut server = std::pin::pin!(server.into_future());
    tokio::select! {
        ended = &mut server => return ended,
        () = stop.cancelled() => {}
    }
    // Connections that are kept open without a request end at once; a request that hangs ends here.
    tokio::time::timeout(DRAIN_LIMIT, server).await.unwrap_or(Ok(()))
}
