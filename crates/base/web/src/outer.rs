//! What surrounds every request: its id, who may ask from a browser, the headers of every answer, its log line.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{ConnectInfo, MatchedPath, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rampart_access::Client;
use rampart_kernel::{Origin, RequestId};
use rampart_telemetry::Asked;

use crate::error::ApiError;
use crate::settings::WebSettings;

pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const CORRELATION_ID: HeaderName = HeaderName::from_static("x-correlation-id");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const TRACE_PARENT: HeaderName = HeaderName::from_static("traceparent");

/// Of a user agent this much is kept.
const USER_AGENT_LENGTH: usize = 256;

/// Bytes of all header fields together. Cookies and tokens take some hundreds.
const HEADERS_LIMIT: usize = 32 * 1_024;

/// Bytes of an address.
const ADDRESS_LIMIT: usize = 8 * 1_024;

/// A browser may keep what it learned about allowed origins this long.
const CORS_SECONDS: &str = "600";

/// What is known of a request before it is looked at.
#[derive(Clone)]
pub struct Request {
    pub origin: Origin,
    pub client: Client,
}

/// For all requests.
pub(crate) struct Outer {
    pub settings: Arc<WebSettings>,
    pub origin: Origin,
}

pub(crate) async fn surround(
    State(outer): State<Arc<Outer>>,
    mut request: axum::http::Request<Body>,
    next: Next,
) -> Response {
    let start = Instant::now();
    let headers = request.headers();
    let adopted = [&REQUEST_ID, &CORRELATION_ID].into_iter().find_map(|name| text(headers, name));
    let origin = outer.origin.caused_by(adopted.and_then(RequestId::parse));
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let client = Client {
        ip: peer.map(|peer| client_address(&outer.settings, peer, headers)),
        user_agent: text(headers, &header::USER_AGENT)
            .map(|agent| agent.chars().take(USER_AGENT_LENGTH).collect::<String>().into()),
    };
    let from = text(headers, &header::ORIGIN).map(str::to_owned);
    let allowed = from.as_deref().is_none_or(|from| outer.settings.allows_origin(from));
    let is_preflight =
        request.method() == Method::OPTIONS && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let method = request.method().clone();
    // The pattern, never the address itself: it may hold what must not be logged.
    let path =
        request.extensions().get::<MatchedPath>().map_or("unmatched".to_owned(), |path| path.as_str().to_owned());
    // Part of somebody else's trace only where a proxy of ours says so.
    let is_ours = peer.is_some_and(|peer| is_trusted(&outer.settings, peer));
    let parent = if is_ours { text(request.headers(), &TRACE_PARENT).map(str::to_owned) } else { None };
    let too_large = too_large(&request);
    let (request_id, ip) = (origin.request_id.clone(), client.ip);
    request.extensions_mut().insert(Request { origin, client });

    let mut response = if let Some(status) = too_large {
        let message = "the address or the headers are too large";
        ApiError::new(status, "PAYLOAD_TOO_LARGE", message).into_response()
    } else if !allowed {
        let message = "pages of this origin may not call this address";
        ApiError::new(StatusCode::FORBIDDEN, "ORIGIN_NOT_ALLOWED", message).into_response()
    } else if is_preflight {
        StatusCode::NO_CONTENT.into_response()
    } else {
        let asked =
            Asked { method: method.as_str(), route: &path, request_id: request_id.as_str(), from: parent.as_deref() };
        rampart_telemetry::request(asked, |answer: &Response| answer.status().as_u16(), next.run(request)).await
    };

    let headers = response.headers_mut();
    security_headers(headers, &outer.settings);
    if let Some(from) = from.filter(|_| allowed).and_then(|from| HeaderValue::from_str(&from).ok()) {
        cors_headers(headers, from, is_preflight);
    }
    if let Ok(value) = HeaderValue::from_str(request_id.as_str()) {
        headers.insert(REQUEST_ID, value);
    }
    record(&method, &path, response.status(), start, &request_id, ip);
    response
}

/// More header fields than a hundred are refused before, by the server of connections.
fn too_large(request: &axum::http::Request<Body>) -> Option<StatusCode> {
    let fields = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len());
    if fields.sum::<usize>() > HEADERS_LIMIT {
        return Some(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    }
    let address = request.uri().path_and_query().map_or(0, |address| address.as_str().len());
    (address > ADDRESS_LIMIT).then_some(StatusCode::URI_TOO_LONG)
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The socket's address, or, behind proxies that are trusted, the last address that none of them is.
fn client_address(settings: &WebSettings, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    if !is_trusted(settings, peer) {
        return peer.to_canonical();
    }
    let forwarded = headers.get_all(FORWARDED_FOR);
    let hops: Vec<&str> =
        forwarded.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).collect();
    let mut client = peer;
    for hop in hops.into_iter().rev() {
        // Whatever stands before something unreadable was not written by a proxy of ours.
        let Ok(ip) = hop.trim().parse::<IpAddr>() else { break };
        client = ip;
        if !is_trusted(settings, ip) {
            break;
        }
    }
    client.to_canonical()
}

fn is_trusted(settings: &WebSettings, ip: IpAddr) -> bool {
    settings.trusted_proxies.iter().any(|network| network.contains(ip))
}

fn security_headers(headers: &mut HeaderMap, settings: &WebSettings) {
    const FIXED: [(&str, &str); 8] = [
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
        ("x-xss-protection", "1; mode=block"),
        ("referrer-policy", "strict-origin-when-cross-origin"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        (
            "content-security-policy",
            "default-src 'self'; script-src 'self'; style-src 'self'; \
             img-src 'self' data: blob: https://avatars.githubusercontent.com; font-src 'self'; connect-src 'self'; \
             object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
        ),
    ];
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if settings.is_https() {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    // Answers are somebody's; what may be kept says so itself.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

fn cors_headers(headers: &mut HeaderMap, from: HeaderValue, is_preflight: bool) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, from);
    headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    if is_preflight {
        let methods = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE, OPTIONS");
        let allowed =
            HeaderValue::from_static("authorization, content-type, x-csrf-token, x-request-id, x-workspace-id");
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed);
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(CORS_SECONDS));
    }
}

fn record(method: &Method, path: &str, status: StatusCode, start: Instant, request_id: &RequestId, ip: Option<IpAddr>) {
    let labels =
        [("method", method.as_str().to_owned()), ("route", path.to_owned()), ("status", status.as_u16().to_string())];
    metrics::counter!("rampart_http_requests_total", &labels).increment(1);
    metrics::histogram!("rampart_http_request_duration_seconds", &labels).record(start.elapsed().as_secs_f64());
    let ip = ip.map(|ip| ip.to_string());
    tracing::info!(
        requestId = request_id.as_str(),
        method = method.as_str(),
        path,
        status = status.as_u16(),
        durationMs = start.elapsed().as_secs_f64() * 1_000.0,
        ip,
        "request"
    );
}
