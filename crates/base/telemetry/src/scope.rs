//! What belongs to one request or one job: its span, where it came from, whose it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};
use sentry::{Hub, SentryFutureExt};
use tracing::{Instrument, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::SPANS;

/// Whether somebody listens: looked at for every request and job.
static TRACES: AtomicBool = AtomicBool::new(false);
static ERRORS: AtomicBool = AtomicBool::new(false);

pub(crate) fn listen(traces: bool, errors: bool) {
    TRACES.store(traces, Ordering::Relaxed);
    ERRORS.store(errors, Ordering::Relaxed);
}

/// A request, as far as it may be told of.
pub struct Asked<'a> {
    pub method: &'a str,
    /// The pattern of its address, never the address itself: it may hold what must not be told.
    pub route: &'a str,
    pub request_id: &'a str,
    /// The span at whoever asked, as `traceparent` has it, when they are to be believed.
    pub from: Option<&'a str>,
}

/// Answers a request in a span of its own; whose it is (`belongs_to`) is known of it and of nothing after it. `status` reads the answer.
pub async fn request<T>(asked: Asked<'_>, status: impl Fn(&T) -> u16, answer: impl Future<Output = T>) -> T {
    if !TRACES.load(Ordering::Relaxed) && !ERRORS.load(Ordering::Relaxed) {
        return answer.await;
    }
    let name = format!("{} {}", asked.method, asked.route);
    let hub = ERRORS.load(Ordering::Relaxed).then(|| {
        let hub = Hub::new_from_top(Hub::current());
        hub.configure_scope(|scope| {
            scope.set_tag("request_id", asked.request_id);
            scope.set_transaction(Some(&name));
        });
        Arc::new(hub)
    });
    let work = async {
        let span = tracing::info_span!(
            target: SPANS,
            "request",
            otel.name = name,
            sentry.name = name,
            otel.kind = "server",
            otel.status_code = tracing::field::Empty,
            http.request.method = asked.method,
            http.route = asked.route,
            http.response.status_code = tracing::field::Empty,
            request.id = asked.request_id,
            user.id = tracing::field::Empty,
        );
        if let Some(from) = asked.from {
            continued(&span, from);
        }
        let answer = answer.instrument(span.clone()).await;
        let status = status(&answer);
        span.record("http.response.status_code", status);
        if status >= 500 {
            span.record("otel.status_code", "ERROR");
        }
        answer
    };
    match hub {
        // The span is made within: it goes by what is current then.
        Some(hub) => work.bind_hub(hub).await,
        None => work.await,
    }
}

/// Whose the request is: the id, and nothing else of them.
pub fn belongs_to(user: impl std::fmt::Display) {
    if TRACES.load(Ordering::Relaxed) {
        Span::current().record("user.id", tracing::field::display(&user));
    }
    if ERRORS.load(Ordering::Relaxed) {
        let user = sentry::User { id: Some(user.to_string()), ..sentry::User::default() };
        sentry::configure_scope(|scope| scope.set_user(Some(user)));
    }
}

/// The span this is in, as `traceparent` has it (W3C Trace Context, version 00, 55 characters); nothing where nobody traces.
pub fn here() -> Option<String> {
    if !TRACES.load(Ordering::Relaxed) {
        return None;
    }
    let context = Span::current().context();
    let span = context.span().span_context().clone();
    let (trace, id, flags) = (span.trace_id(), span.span_id(), span.trace_flags().to_u8());
    span.is_valid().then(|| format!("00-{trace}-{id}-{flags:02x}"))
}

/// Makes a span part of the trace that [`here`] or another program told of. What is no `traceparent` changes nothing.
pub fn continued(span: &Span, from: &str) {
    if let Some(from) = parse(from) {
        // Where nobody traces there is nothing to continue.
        let _ = span.set_parent(Context::new().with_remote_span_context(from));
    }
}

fn parse(text: &str) -> Option<SpanContext> {
    let mut parts = text.split('-');
    let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let is_hex = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let fits = version.len() == 2 && trace.len() == 32 && span.len() == 16 && flags.len() == 2;
    // Later versions may have more parts, this one has not.
    let known = version != "ff" && (version != "00" || parts.next().is_none());
    if !fits || !known || ![version, trace, span, flags].into_iter().all(is_hex) {
        return None;
    }
    let context = SpanContext::new(
        TraceId::from_hex(trace).ok()?,
        SpanId::from_hex(span).ok()?,
        TraceFlags::new(u8::from_str_radix(flags, 16).ok()?),
        true,
        TraceState::default(),
    );
    context.is_valid().then_some(context)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_traceparent_is_read_or_refused() {
        let (trace, span) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
        let context = parse(&format!("00-{trace}-{span}-01")).unwrap();
        assert_eq!(
            (context.trace_id().to_string(), context.span_id().to_string()),
            (trace.to_owned(), span.to_owned())
        );
        assert!(context.is_sampled() && context.is_remote());
        assert!(parse(&format!("01-{trace}-{span}-01-more")).is_some());
        for bad in [
            String::new(),
            "00".to_owned(),
            format!("00-{trace}-{span}-01-more"),
            format!("ff-{trace}-{span}-01"),
            format!("00-{}-{span}-01", "0".repeat(32)),
            format!("00-{}-{span}-01", trace.to_uppercase()),
            format!("00-{trace}-{}-01", "0".repeat(16)),
            format!("00-{trace}-{span}-1"),
            "é".repeat(20),
        ] {
            assert!(parse(&bad).is_none(), "{bad}");
        }
    }
}
