//! Log lines: JSON for machines, one line each; or for people.

use std::io::{self, Stderr, Write};
use std::sync::Arc;

use rampart_kernel::VERBATIM;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{EnvFilter, Layer};

use crate::redact::Redactor;
use crate::settings::{LogFormat, TelemetrySettings};

/// Writes on standard error, so that standard output is the program's own.
pub(crate) fn layer<S>(settings: &TelemetrySettings, redactor: Arc<Redactor>) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    // What libraries say below a warning, and what drivers say of statements, is theirs. Ours all begin with the name.
    let filter = EnvFilter::new(format!("warn,sqlx=warn,rampart={}", settings.log_level));
    let lines = tracing_subscriber::fmt::layer().with_writer(Lines(redactor));
    match settings.log_format {
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(false).with_filter(filter).boxed(),
        LogFormat::Pretty => lines.with_ansi(false).with_filter(filter).boxed(),
    }
}

struct Lines(Arc<Redactor>);

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line { redactor: Some(&self.0), to: io::stderr() }
    }

    fn make_writer_for(&'a self, of: &Metadata<'_>) -> Line<'a> {
        Line { redactor: (of.target() != VERBATIM).then_some(&*self.0), to: io::stderr() }
    }
}

/// Is given whole lines.
struct Line<'a> {
    redactor: Option<&'a Redactor>,
    to: Stderr,
}

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.redactor {
            Some(redactor) => {
                let text = String::from_utf8_lossy(bytes);
                self.to.write_all(redactor.redact(&text).as_bytes())?;
            }
            None => self.to.write_all(bytes)?,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
