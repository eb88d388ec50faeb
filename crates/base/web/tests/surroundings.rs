//! What every request meets before a route: over a socket, as clients that mean no good send it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::pin::Pin;
use std::sync::Arc;

use axum::http::{Method, StatusCode};
use rampart_access::{Actor, Rule};
use rampart_kernel::WorkspaceId;
use rampart_kernel::config::{Loader, Sources};
use rampart_store::Dialect;
use rampart_testkit::TestStore;
use rampart_web::{ApiError, App, Authenticator, Credentials, Kit, Limiter, Request, Route};
use tokio_util::sync::CancellationToken;

/// Knows nobody.
struct Nobody;

impl Authenticator for Nobody {
    fn authenticate<'a>(
        &'a self,
        _: &'a Request,
        _: &'a Credentials,
        _: Option<WorkspaceId>,
    ) -> Pin<Box<dyn Future<Output = Result<Actor, ApiError>> + Send + 'a>> {
        Box::pin(async { Err(rampart_access::Error::Unauthenticated.into()) })
    }
}

/// The status of the answer to what is sent, by a server with one route.
fn check(requests: &[(String, &str)]) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let test = TestStore::new(Dialect::Sqlite, &[]).await;
        let mut loader = Loader::new(Sources::of_variables([("RATE_LIMIT_PUBLIC", "unlimited")]));
        let kit = Kit {
            settings: loader.group().unwrap(),
            store: test.store.clone(),
            origin: test.origin.clone(),
            authenticator: Arc::new(Nobody),
            limiter: Limiter::new(loader.group().unwrap()),
            metrics: None,
        };
        let route = Route::new(Method::GET, "/things", Rule::Public("a test"), &(), async || StatusCode::NO_CONTENT);
        let router = App::new(vec![route]).into_router(kit);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let server = tokio::spawn(rampart_web::serve(listener, router, stop.clone()));
        for (request, expected) in requests {
            let beginning: String = request.chars().take(60).collect();
            let request = request.clone();
            let answer = tokio::task::spawn_blocking(move || send(address, &request)).await.unwrap();
            assert!(answer.starts_with(&format!("HTTP/1.1 {expected} ")), "{beginning:?}: {answer}");
        }
        stop.cancel();
        server.await.unwrap().unwrap();
    });
}

fn send(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    // Who is refused early may find the connection closed while still sending.
    let _ = stream.write_all(request.as_bytes());
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn get(path: &str, headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{headers}\r\n")
}

#[test]
fn a_slash_at_the_end_means_nothing() {
    check(&[
        (get("/api/v1/things", ""), "204"),
        (get("/api/v1/things/", ""), "204"),
        (get("/api/things//?page=1", ""), "204"),
        (get("/livez/", ""), "200"),
        (get("/", ""), "307"),
        (get("/api/v1/thing/s", ""), "404"),
        (get("/api/v1/things/", "").replace("GET", "HEAD"), "204"),
        (get("/api/v1/things/", "").replace("GET", "POST"), "405"),
    ]);
}

#[test]
fn headers_and_addresses_have_a_size() {
    let many: String = (0..10_000).map(|number| format!("x-{number}: y\r\n")).collect();
    let large = |bytes: usize| format!("x-large: {}\r\n", "y".repeat(bytes));
    let long = |bytes: usize| get(&format!("/api/v1/things?{}", "y".repeat(bytes)), "");
    check(&[
        (get("/api/v1/things", &many), "431"),
        (get("/api/v1/things", &large(40 * 1_024)), "431"),
        (get("/api/v1/things", &large(30 * 1_024)), "204"),
        (long(9 * 1_024), "414"),
        (long(8_000), "204"),
    ]);
}
