//! Errors to a server that speaks Sentry's protocol.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use sentry::integrations::tracing::{BreadcrumbLayer, ErrorLayer, SpanLayer};
use sentry::protocol::{Event, Value};
use sentry::{ClientInitGuard, ClientOptions, Envelope, Transport, TransportFactory, TransportOptions};
use tokio::sync::mpsc::{Sender, channel, error::TrySendError};
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::registry::LookupSpan;

use crate::outgoing::Outgoing;
use crate::redact::Redactor;
use crate::settings::TelemetrySettings;
use crate::{Error, SPANS};

/// What waits to be sent. More are dropped: whoever has as many errors knows of them.
const WAITING: usize = 64;

const USER_AGENT: &str = concat!("rampart/", env!("CARGO_PKG_VERSION"));

/// Nothing when no address is set.
pub(crate) fn client(settings: &TelemetrySettings, redactor: &Arc<Redactor>) -> Result<Option<ClientInitGuard>, Error> {
    let Some(dsn) = &settings.sentry_dsn else { return Ok(None) };
    let (dsn, redactor) = (dsn.0.clone(), redactor.clone());
    let transport = Arc::new(Sending::new(&dsn)?);
    let mut options = ClientOptions::default();
    options.dsn = Some(dsn);
    options.release = Some(concat!("rampart@", env!("CARGO_PKG_VERSION")).into());
    options.environment = Some(settings.sentry_environment.clone().into());
    options = options.traces_sample_rate(settings.sentry_traces_sample_rate.0);
    // Neither addresses nor names of people or machines.
    options.send_default_pii = false;
    options.server_name = Some("".into());
    options.before_send = Some(Arc::new(move |event| Some(redacted(event, &redactor))));
    options.transport = Some(Arc::new(Always(transport)));
    Ok(Some(sentry::init(options)))
}

/// What is logged as an error is reported; what was logged before goes with it; spans are times.
pub(crate) fn layer<S>() -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let is_ours = |metadata: &Metadata<'_>| metadata.target().starts_with("rampart");
    let times = SpanLayer::new().with_filter(filter_fn(|metadata| metadata.target() == SPANS));
    let before = filter_fn(move |metadata| is_ours(metadata) && matches!(*metadata.level(), Level::WARN | Level::INFO));
    let errors = filter_fn(move |metadata| is_ours(metadata) && *metadata.level() == Level::ERROR);
    times.and_then(BreadcrumbLayer::new().with_filter(before)).and_then(ErrorLayer::new().with_filter(errors))
}

/// Every text in it.
fn redacted(event: Event<'static>, redactor: &Redactor) -> Event<'static> {
    let id = event.event_id;
    let whole = serde_json::to_value(event).ok().and_then(|mut value| {
        redact_in(&mut value, redactor);
        serde_json::from_value(value).ok()
    });
    // What cannot be looked through does not leave.
    whole.unwrap_or_else(|| Event {
        event_id: id,
        message: Some("an error that cannot be told".to_owned()),
        ..Event::new()
    })
}

fn redact_in(value: &mut Value, redactor: &Redactor) {
    match value {
        Value::String(text) => *text = redactor.redact(text).into_owned(),
        Value::Array(items) => items.iter_mut().for_each(|item| redact_in(item, redactor)),
        Value::Object(fields) => fields.values_mut().for_each(|field| redact_in(field, redactor)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Sends in the runtime, one after the other.
struct Sending {
    waiting: Sender<Told>,
}

enum Told {
    Envelope(Box<Envelope>),
    /// Answered when everything before it was sent.
    End(std::sync::mpsc::Sender<()>),
}

impl Sending {
    fn new(dsn: &sentry::types::Dsn) -> Result<Sending, Error> {
        let outgoing = Outgoing::new()?;
        let url = dsn.envelope_api_url().to_string();
        let auth = dsn.to_auth(Some(USER_AGENT)).to_string();
        let (waiting, mut told) = channel(WAITING);
        outgoing.runtime().clone().spawn(async move {
            while let Some(one) = told.recv().await {
                match one {
                    Told::Envelope(envelope) => post(&outgoing, &url, &auth, &envelope).await,
                    Told::End(done) => drop(done.send(())),
                }
            }
        });
        Ok(Sending { waiting })
    }
}

async fn post(outgoing: &Outgoing, url: &str, auth: &str, envelope: &Envelope) {
    let mut body = Vec::new();
    if envelope.to_writer(&mut body).is_err() {
        return;
    }
    let request =
        Request::post(url).header("x-sentry-auth", auth).header("content-type", "application/x-sentry-envelope");
    let Ok(request) = request.body(Bytes::from(body)) else { return };
    // Said as a warning: as an error it would be reported, again and again.
    match outgoing.send(request).await {
        Ok(answer) if answer.status().is_success() => {}
        Ok(answer) => {
            tracing::warn!(status = answer.status().as_u16(), "errors are not taken where they are reported to")
        }
        Err(error) => tracing::warn!(error = rampart_egress::reason(&error), "errors cannot be reported"),
    }
}

impl Transport for Sending {
    fn send_envelope(&self, envelope: Envelope) {
        if let Err(TrySendError::Full(_)) = self.waiting.try_send(Told::Envelope(Box::new(envelope))) {
            tracing::warn!("more errors than can be reported: one was dropped");
        }
    }

    /// Blocks; not from within the runtime's own threads, of which it takes one.
    fn flush(&self, timeout: Duration) -> bool {
        let (done, ended) = std::sync::mpsc::channel();
        self.waiting.try_send(Told::End(done)).is_ok() && ended.recv_timeout(timeout).is_ok()
    }
}

struct Always(Arc<Sending>);

impl TransportFactory for Always {
    fn create_transport_with_options(&self, _: TransportOptions) -> Arc<dyn Transport> {
        self.0.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_of_an_error_leaves_with_a_secret() {
        let event = Event {
            message: Some("password=hunter22".to_owned()),
            logger: Some("rampart_web".to_owned()),
            extra: [("asked".to_owned(), Value::from(vec!["Bearer abcdefghij"]))].into(),
            ..Event::new()
        };
        let told = redacted(event, &Redactor::new(&[]));
        assert_eq!(told.message.as_deref(), Some("password=***"));
        assert_eq!(told.extra["asked"], Value::from(vec!["Bearer ***"]));
        assert_eq!(told.logger.as_deref(), Some("rampart_web"));
    }
}
