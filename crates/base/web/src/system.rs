//! How the program is: alive, ready, measured, documented.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use metrics_exporter_prometheus::PrometheusHandle;
use rampart_access::Rule;
use rampart_kernel::Origin;
use rampart_store::Store;
use serde_json::{Value, json};
use subtle::ConstantTimeEq;
use utoipa::openapi::OpenApi;

use crate::error::ApiError;
use crate::route::Route;
use crate::settings::WebSettings;

/// Something outside that the program needs.
pub(crate) struct Probe {
    name: &'static str,
    check: Box<dyn Fn() -> Checking + Send + Sync>,
}

type Checking = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

impl Probe {
    pub fn new<F, T>(name: &'static str, check: F) -> Probe
    where
        F: Fn() -> T + Send + Sync + 'static,
        T: Future<Output = Result<(), String>> + Send + 'static,
    {
        Probe { name, check: Box::new(move || Box::pin(check())) }
    }

    /// What does not answer in time does not answer.
    async fn answers(&self) -> bool {
        let outcome = tokio::time::timeout(PROBE_LIMIT, (self.check)()).await;
        let what = match outcome {
            Ok(Ok(())) => return true,
            Ok(Err(what)) => what,
            Err(_) => format!("no answer within {PROBE_LIMIT:?}"),
        };
        tracing::error!(part = self.name, error = what, "a part that is needed does not answer");
        false
    }
}

/// Who asks whether the program is ready waits some seconds at most.
const PROBE_LIMIT: Duration = Duration::from_secs(3);

#[derive(Clone)]
pub(crate) struct System(Arc<Inner>);

struct Inner {
    store: Store,
    origin: Origin,
    metrics: Option<PrometheusHandle>,
    settings: Arc<WebSettings>,
    document: OpenApi,
    probes: Vec<Probe>,
    start: Instant,
}

impl System {
    pub fn new(
        store: Store,
        origin: Origin,
        metrics: Option<PrometheusHandle>,
        settings: Arc<WebSettings>,
        document: OpenApi,
        probes: Vec<Probe>,
    ) -> System {
        System(Arc::new(Inner { store, origin, metrics, settings, document, probes, start: Instant::now() }))
    }
}

/// Under the prefixes. Without limits: machines ask, and often.
pub(crate) fn routes(system: &System) -> Vec<Route> {
    let public = |path, reason, summary| (path, Rule::Public(reason), summary);
    let (path, rule, summary) = public("/health", "monitoring asks it", "How the installation is");
    let health = Route::new(Method::GET, path, rule, system, health).summary(summary).limited(&[]).also_at_root();
    let (path, rule, summary) = public("/version", "it tells nothing that is secret", "Name and version");
    let version = Route::new(Method::GET, path, rule, system, version).summary(summary).limited(&[]);
    let (path, rule, summary) = public("/openapi.json", "it documents what is public", "This document");
    let document = Route::new(Method::GET, path, rule, system, document).summary(summary).limited(&[]);
    vec![health, version, document]
}

/// At the root: what an orchestrator asks, and the way to the dashboard.
pub(crate) fn probes(system: System) -> Router {
    Router::new()
        .route("/", get(start_page))
        .route("/livez", get(live))
        .route("/health/live", get(live))
        .route("/readyz", get(ready))
        .route("/health/ready", get(ready))
        .route("/metrics", get(measurements))
        .with_state(system)
}

/// That requests are answered at all.
async fn live() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

/// Whether what is promised can be kept: the database takes a write, and what else is needed answers.
async fn ready(State(system): State<System>) -> Response {
    let mut ready = true;
    if let Err(error) = system.0.store.check(&system.0.origin).await {
        tracing::error!(%error, "the database takes no write");
        ready = false;
    }
    for probe in &system.0.probes {
        ready &= probe.answers().await;
    }
    if ready {
        Json(json!({ "status": "ok" })).into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "unavailable" }))).into_response()
    }
}

async fn health(State(system): State<System>) -> Response {
    let database = system.0.store.check(&system.0.origin).await;
    let word = |ok: bool| if ok { "ok" } else { "down" };
    let mut checks = json!({ "database": word(database.is_ok()) });
    let mut whole = database.is_ok();
    for probe in &system.0.probes {
        let answers = probe.answers().await;
        whole &= answers;
        checks[probe.name] = word(answers).into();
    }
    // Without its database the program is down; without another part it does less.
    let status = if database.is_ok() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = json!({
        "status": if whole { "ok" } else { "degraded" },
        "version": env!("CARGO_PKG_VERSION"),
        "uptimeSeconds": system.0.start.elapsed().as_secs(),
        "checks": checks,
    });
    (status, Json(body)).into_response()
}

async fn version() -> Json<Value> {
    Json(json!({ "name": "rampart", "version": env!("CARGO_PKG_VERSION") }))
}

async fn document(State(system): State<System>) -> Json<OpenApi> {
    Json(system.0.document.clone())
}

/// For this machine, or for who has the token.
async fn measurements(
    State(system): State<System>,
    peer: Option<axum::Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
) -> Response {
    let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let allowed = match (&system.0.settings.metrics_token, sent) {
        (Some(token), Some(sent)) => token.expose().as_bytes().ct_eq(sent.as_bytes()).into(),
        // Behind a proxy every request comes from this machine: then only the token counts.
        _ => {
            system.0.settings.trusted_proxies.is_empty()
                && peer.is_some_and(|peer| peer.0.0.ip().to_canonical().is_loopback())
        }
    };
    match &system.0.metrics {
        Some(metrics) if allowed => {
            ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics.render()).into_response()
        }
        _ => ApiError::not_found().into_response(),
    }
}

/// People come to the root, and their pages are at the dashboard.
async fn start_page() -> Redirect {
    Redirect::temporary("/app/")
}
