//! Answers connections until it is told to stop.

use std::future::IntoFuture;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

/// How long requests that are under way may take to end; within the 30 seconds that the process has.
const DRAIN_LIMIT: Duration = Duration::from_secs(25);

/// A peer that takes nothing of what it was sent for this long is gone, or wants to hold the connection: the system then ends it.
#[cfg(target_os = "linux")]
const STALL_LIMIT: Duration = Duration::from_secs(30);

/// Answers requests until stopped; then takes no new connections and lets those under way end.
///
/// # Errors
/// When the socket fails.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) -> std::io::Result<()> {
    let listener = listener.tap_io(prepare);
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

fn prepare(stream: &mut TcpStream) {
    // Answers and events are small and are waited for. A connection that is gone by now fails by itself.
    let _ = stream.set_nodelay(true);
    #[cfg(target_os = "linux")]
    let _ = rustix::net::sockopt::set_tcp_user_timeout(&*stream, STALL_LIMIT.as_millis() as u32);
}
