//! The maker of HTTP clients.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy;

use crate::Error;

const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// A client whose requests take at most `limit` in all.
///
/// # Errors
/// When TLS cannot be set up.
pub fn client(limit: Duration) -> Result<Client, Error> {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let tls = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Client(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    // A redirect would carry tokens elsewhere.
    let builder = Client::builder().tls_backend_preconfigured(tls).no_proxy().redirect(Policy::none());
    let client = builder.timeout(limit).connect_timeout(CONNECT_LIMIT).build();
    client.map_err(|error| Error::Client(reason(&error)))
}

/// An error with what caused it, in one line.
pub fn reason(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
