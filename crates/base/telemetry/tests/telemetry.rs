//! What leaves the process, as those see it whom it is sent to.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use rampart_kernel::Secret;
use rampart_kernel::config::{Loader, Sources};
use rampart_telemetry::{Asked, SPANS, Telemetry, TelemetrySettings};
use tracing::Instrument;

type Requests = Mutex<Vec<(HeaderMap, Bytes)>>;

#[derive(Clone, Default)]
struct Taken {
    traces: Arc<Requests>,
    errors: Arc<Requests>,
}

impl Taken {
    fn spans(&self) -> Vec<Span> {
        let bodies = self.traces.lock().unwrap().clone();
        let requests = bodies.into_iter().map(|(_, body)| ExportTraceServiceRequest::decode(body).unwrap());
        let scopes = requests.flat_map(|request| request.resource_spans).flat_map(|resource| resource.scope_spans);
        scopes.flat_map(|scope| scope.spans).collect()
    }

    fn span(&self, name: &str) -> Span {
        let spans = self.spans();
        let names: Vec<&str> = spans.iter().map(|span| span.name.as_str()).collect();
        spans.iter().find(|span| span.name == name).unwrap_or_else(|| panic!("{name} is not among {names:?}")).clone()
    }

    /// Of the items of all envelopes, those of a kind.
    fn told(&self, kind: &str) -> Vec<serde_json::Value> {
        let errors = self.errors.lock().unwrap();
        let lines = errors.iter().flat_map(|(_, body)| std::str::from_utf8(body).unwrap().lines());
        let parsed: Vec<serde_json::Value> = lines.map(|line| serde_json::from_str(line).unwrap()).collect();
        parsed.windows(2).filter(|pair| pair[0]["type"] == kind).map(|pair| pair[1].clone()).collect()
    }
}

fn text<'a>(span: &'a Span, key: &str) -> Option<&'a str> {
    let found = span.attributes.iter().find(|attribute| attribute.key == key)?;
    match found.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text),
        _ => None,
    }
}

/// A collector and a server for errors, on this machine.
async fn listen(taken: Taken) -> std::net::SocketAddr {
    let keep = |list: fn(&Taken) -> &Requests| {
        post(move |State(taken): State<Taken>, headers: HeaderMap, body: Bytes| async move {
            list(&taken).lock().unwrap().push((headers, body));
            "{}"
        })
    };
    let router = Router::new()
        .route("/v1/traces", keep(|taken| &taken.traces))
        .route("/api/7/envelope/", keep(|taken| &taken.errors))
        .with_state(taken);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

// One test: a process tells in one way.
#[tokio::test(flavor = "multi_thread")]
async fn requests_and_the_jobs_they_cause_are_one_trace_and_errors_say_whose_they_are_without_secrets() {
    let taken = Taken::default();
    let address = listen(taken.clone()).await;
    let endpoint = format!("http://{address}");
    let dsn = format!("http://key@{address}/7");
    let mut loader = Loader::new(Sources::of_variables([
        ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.as_str()),
        ("OTEL_EXPORTER_OTLP_HEADERS", "x-team=blue"),
        ("SENTRY_DSN", dsn.as_str()),
        ("SENTRY_TRACES_SAMPLE_RATE", "1"),
        ("SENTRY_ENVIRONMENT", "test"),
    ]));
    let settings: TelemetrySettings = loader.group().unwrap();
    let telemetry = Telemetry::start(&settings, &[Secret::new("known-to-be-secret")]).unwrap();
    assert_eq!(rampart_telemetry::here(), None, "outside of a span");

    let asked = Asked {
        method: "POST",
        route: "/repositories/{id}/scan",
        request_id: "request-1",
        from: Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
    };
    let handler = async {
        rampart_telemetry::belongs_to("user-1");
        drop(tracing::info_span!(target: SPANS, "database", otel.kind = "client"));
        tracing::info!(target: "rampart_test", "before, with token=abcdefgh");
        tracing::error!(target: "rampart_test", "it broke with known-to-be-secret");
        tracing::error!(target: "somebody_else", "that is theirs");
        rampart_telemetry::here()
    };
    let here = rampart_telemetry::request(asked, |_| 500, handler).await.expect("inside of a span");
    let job = tracing::info_span!(target: SPANS, "job", otel.name = "analyze_commit", sentry.name = "analyze_commit", otel.kind = "consumer");
    rampart_telemetry::continued(&job, &here);
    async { tracing::error!(target: "rampart_test", "a job failed for good") }.instrument(job).await;
    tokio::task::spawn_blocking(|| telemetry.end()).await.unwrap();

    let request = taken.span("POST /repositories/{id}/scan");
    assert_eq!(hex(&request.trace_id), "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_eq!(hex(&request.parent_span_id), "00f067aa0ba902b7");
    assert_eq!(text(&request, "user.id"), Some("user-1"));
    assert_eq!(text(&request, "request.id"), Some("request-1"));
    assert_eq!(request.status.as_ref().map(|status| status.code), Some(2), "an answer of 500 is an error");
    for name in ["database", "analyze_commit"] {
        let below = taken.span(name);
        assert_eq!((&below.trace_id, &below.parent_span_id), (&request.trace_id, &request.span_id), "{name}");
    }
    assert_eq!(taken.traces.lock().unwrap()[0].0["x-team"], "blue");

    let errors = taken.told("event");
    let said: Vec<_> = errors.iter().map(|error| error["message"].as_str().unwrap()).collect();
    assert_eq!(said, ["it broke with ***", "a job failed for good"]);
    assert_eq!(errors[0]["user"]["id"], "user-1");
    assert_eq!(errors[0]["tags"]["request_id"], "request-1");
    assert_eq!(errors[0]["environment"], "test");
    assert_eq!(errors[0]["breadcrumbs"]["values"][0]["message"], "before, with token=***");
    assert_eq!(errors[1].get("user"), None, "what comes after the request is nobody's");
    let times = taken.told("transaction");
    let names: Vec<_> = times.iter().map(|one| one["transaction"].as_str().unwrap()).collect();
    assert_eq!(names, ["POST /repositories/{id}/scan", "analyze_commit"]);
    let whole = taken.errors.lock().unwrap();
    assert!(whole.iter().all(|(headers, _)| headers["x-sentry-auth"].to_str().unwrap().contains("sentry_key=key")));
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
