//! How much is told, and to whom.

use rampart_kernel::Secret;
use rampart_kernel::config::Setting;
use url::Url;

rampart_kernel::named! {
    /// From which weight on a log line is written.
    pub enum LogLevel {
        Error = "error",
        Warn = "warn",
        Info = "info",
        Debug = "debug",
        Trace = "trace",
    }
}

rampart_kernel::named! {
    /// How log lines look.
    pub enum LogFormat {
        Json = "json",
        Pretty = "pretty",
    }
}

rampart_kernel::settings! {
    /// What the program tells of itself.
    pub struct TelemetrySettings {
        /// error, warn, info, debug or trace.
        log_level: LogLevel = "info" from "LOG_LEVEL",
        /// json or pretty.
        log_format: LogFormat = "json" from "LOG_FORMAT",
        /// A collector of OpenTelemetry that takes traces over HTTP, such as http://127.0.0.1:4318; none when empty.
        otlp_endpoint: Option<Collector> = "" from "OTEL_EXPORTER_OTLP_ENDPOINT",
        /// Header fields for the collector: name=value, with commas between.
        otlp_headers: Option<Secret> = "" from "OTEL_EXPORTER_OTLP_HEADERS",
        /// The name that traces are told under.
        service_name: String = "rampart" from "OTEL_SERVICE_NAME",
        /// The share of requests and jobs that are traced, 0 to 1.
        traces_sample_rate: Share = "1" from "OTEL_TRACES_SAMPLER_ARG",
        /// Where errors are reported to, by Sentry's protocol; nowhere when empty.
        sentry_dsn: Option<Dsn> = "" from "SENTRY_DSN",
        /// The share of requests and jobs whose times are reported with them, 0 to 1.
        sentry_traces_sample_rate: Share = "0.1" from "SENTRY_TRACES_SAMPLE_RATE",
        /// The environment that errors are reported for.
        sentry_environment: String = "production" from "SENTRY_ENVIRONMENT",
    }
}

/// The address of a collector, without a slash at the end. Inside a private network these listen in clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collector(pub String);

impl Setting for Collector {
    fn parse(text: &str) -> Result<Collector, String> {
        let wrong = || "an address, such as http://127.0.0.1:4318".to_owned();
        let url = Url::parse(text).map_err(|_| wrong())?;
        let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
        let is_http = matches!(url.scheme(), "http" | "https") && url.has_host();
        if is_http && plain { Ok(Collector(text.trim_end_matches('/').to_owned())) } else { Err(wrong()) }
    }
}

/// An address with a key in it, as Sentry gives it.
#[derive(Clone, Debug)]
pub struct Dsn(pub sentry::types::Dsn);

impl Setting for Dsn {
    const SECRET: bool = true;

    fn parse(text: &str) -> Result<Dsn, String> {
        text.parse().map(Dsn).map_err(|_| "a DSN, such as https://key@errors.example.org/1".to_owned())
    }
}

/// From 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share(pub f32);

impl Setting for Share {
    fn parse(text: &str) -> Result<Share, String> {
        let share = text.trim().parse().ok().filter(|share| (0.0..=1.0).contains(share));
        share.map(Share).ok_or_else(|| "a number from 0 to 1".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_shares_are_read_or_refused() {
        assert_eq!(Collector::parse("http://collector:4318/"), Ok(Collector("http://collector:4318".to_owned())));
        for bad in ["collector:4318", "ftp://collector", "http://a:b@collector", "http://collector?x", ""] {
            assert!(Collector::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Share::parse("0.1"), Ok(Share(0.1)));
        for bad in ["-1", "1.1", "NaN", "all", ""] {
            assert!(Share::parse(bad).is_err(), "{bad}");
        }
        assert!(Dsn::parse("https://key@errors.example.org/1").is_ok());
        assert!(Dsn::parse("https://errors.example.org").is_err());
    }
}
