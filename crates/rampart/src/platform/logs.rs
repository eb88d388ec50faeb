//! Log lines: JSON for machines, one line each; or for people.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::settings::{LogFormat, ProcessSettings};
use crate::failure::Failure;

/// Begins to log on standard error, so that standard output is the program's own.
///
/// Secrets do not get here: their type prints as `***`, bodies and headers are not logged, and of an address only its pattern is.
pub fn start(settings: &ProcessSettings) -> Result<(), Failure> {
    let hint = "LOG_LEVEL is error, warn, info, debug or trace";
    let level: tracing::Level =
        settings.log_level.parse().map_err(|_| Failure::new("LOG_LEVEL is not a level").hint(hint))?;
    // What libraries say below a warning, and what drivers say of statements, is theirs.
    let filter = EnvFilter::new(format!("warn,sqlx=warn,rampart={level}"));
    let filter = ["web", "jobs", "events", "store", "access", "mail", "objects", "identity", "notifications"]
        .into_iter()
        .fold(filter, |filter, name| match format!("rampart_{name}={level}").parse() {
            Ok(directive) => filter.add_directive(directive),
            Err(_) => filter,
        });
    let registry = tracing_subscriber::registry().with(filter);
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let started = match settings.log_format {
        LogFormat::Json => registry.with(layer.json().flatten_event(true).with_current_span(false)).try_init(),
        LogFormat::Pretty => registry.with(layer.with_ansi(false)).try_init(),
    };
    started.map_err(Failure::new)
}
