//! Spans to a collector of OpenTelemetry.

use std::collections::HashMap;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider;
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::registry::LookupSpan;

use crate::outgoing::Outgoing;
use crate::settings::TelemetrySettings;
use crate::{Error, SPANS};

/// Nothing when no collector is set.
pub(crate) fn provider(settings: &TelemetrySettings) -> Result<Option<SdkTracerProvider>, Error> {
    let Some(collector) = &settings.otlp_endpoint else { return Ok(None) };
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(Sender(Outgoing::new()?))
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{}/v1/traces", collector.0))
        .with_headers(headers(settings))
        .build()?;
    let resource = Resource::builder_empty()
        .with_service_name(settings.service_name.clone())
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .build();
    let share = Sampler::TraceIdRatioBased(f64::from(settings.traces_sample_rate.0));
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_sampler(Sampler::ParentBased(Box::new(share)))
        .with_resource(resource)
        .build();
    Ok(Some(provider))
}

pub(crate) fn layer<S>(provider: &SdkTracerProvider) -> impl Layer<S> + use<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("rampart")).with_location(false);
    layer.with_threads(false).with_target(false).with_filter(filter_fn(|metadata| metadata.target() == SPANS))
}

/// As `OTEL_EXPORTER_OTLP_HEADERS` has them.
fn headers(settings: &TelemetrySettings) -> HashMap<String, String> {
    let text = settings.otlp_headers.as_ref().map_or("", |secret| secret.expose());
    let pairs = text.split(',').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect()
}

#[derive(Debug)]
struct Sender(Outgoing);

#[async_trait]
impl HttpClient for Sender {
    /// Called from a thread without a runtime, and waited for there.
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let outgoing = self.0.clone();
        Ok(self.0.runtime().spawn(async move { outgoing.send(request).await }).await??)
    }
}
