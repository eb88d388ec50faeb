//! What the program tells of itself: log lines, and, where somebody asks for them, traces and errors.
//!
//! Log lines go to standard error. Spans go to a collector of OpenTelemetry when one is set, errors to a server that speaks Sentry's
//! protocol; both are sent besides the work, and what they cannot take is dropped. Nothing leaves with a secret in it: their type prints as
//! `***`, and [`Redactor`] takes out what got past that.
//!
//! A span is made by `tracing` with the target [`SPANS`]; where nobody listens, it costs one look at a flag.
//!
//! Knows nothing of what is told.

mod errors;
mod logs;
mod outgoing;
mod redact;
mod scope;
mod settings;
mod traces;

use std::sync::Arc;

use opentelemetry_sdk::trace::SdkTracerProvider;
pub use rampart_kernel::SPANS;
use rampart_kernel::Secret;
use thiserror::Error;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

pub use redact::Redactor;
pub use scope::{Asked, belongs_to, continued, here, request};
pub use settings::{Collector, Dsn, LogFormat, LogLevel, Share, TelemetrySettings};

#[derive(Debug, Error)]
pub enum Error {
    #[error(transparent)]
    Egress(#[from] rampart_egress::Error),
    #[error("traces cannot be sent: {0}")]
    Traces(#[from] opentelemetry_otlp::ExporterBuildError),
    #[error("the process writes its log already: {0}")]
    Taken(#[from] tracing_subscriber::util::TryInitError),
}

/// Ends what it began: keep it for as long as there is something to tell.
pub struct Telemetry {
    traces: Option<SdkTracerProvider>,
    errors: Option<sentry::ClientInitGuard>,
}

impl Telemetry {
    /// From now on, for this process. Inside a runtime, where what is sent is sent.
    ///
    /// # Errors
    /// When the process tells already, or the machine has no certificates to trust.
    pub fn start(settings: &TelemetrySettings, secrets: &[Secret]) -> Result<Telemetry, Error> {
        let redactor = Arc::new(Redactor::new(secrets));
        let traces = traces::provider(settings)?;
        let errors = errors::client(settings, &redactor)?;
        scope::listen(traces.is_some(), errors.is_some());
        tracing_subscriber::registry()
            .with(logs::layer(settings, redactor))
            .with(traces.as_ref().map(traces::layer))
            .with(errors.as_ref().map(|_| errors::layer()))
            .try_init()?;
        Ok(Telemetry { traces, errors })
    }

    /// What waits to be sent is sent, within seconds; blocks.
    pub fn end(self) {
        if let Some(traces) = self.traces {
            let _ = traces.shutdown();
        }
        drop(self.errors);
    }
}
