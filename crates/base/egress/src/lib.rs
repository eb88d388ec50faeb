//! HTTP to the outside: the one place where clients are made.
//!
//! Every request ends within a limit, follows no redirect (whoever is asked answers, or nobody does), keeps no cookie, takes no
//! proxy from the environment, and reads no more than a limit of bytes. Errors name no address, as an address may hold a secret.
//! Where people say whom to ask, [`Guarded`] keeps them from what only this program can reach.
//!
//! Knows nothing of what is asked and why.
//!
//! ```
//! use std::time::Duration;
//!
//! use rampart_egress::{Ask, Egress};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! let egress = Egress::new(Duration::from_secs(10)).unwrap();
//! // Nobody listens there.
//! assert!(egress.send(Ask::get("http://127.0.0.1:9/")).await.is_err());
//! # });
//! ```

mod endpoint;
mod guarded;

use std::sync::Arc;
use std::time::Duration;

pub use endpoint::Endpoint;
pub use guarded::{BadTarget, Guarded, OutboundSettings, Target};
use rampart_kernel::{SPANS, Secret};
pub use reqwest::Method;
use reqwest::dns::Resolve;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
pub use reqwest::header::{HeaderMap, HeaderName};
use reqwest::redirect::Policy;
use rustls::crypto::ring;
use thiserror::Error;
use tracing::Instrument;

/// Whoever is there answers a connection within this.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// Answers that are read whole are smaller.
const ANSWER_LIMIT: usize = 10_000_000;

const USER_AGENT: &str = concat!("Rampart/", env!("CARGO_PKG_VERSION"));

#[derive(Debug, Error)]
pub enum Error {
    #[error("the client cannot be made: {0}")]
    Client(#[source] reqwest::Error),
    #[error("no answer in time")]
    TimedOut,
    #[error("cannot be reached: {0}")]
    Unreachable(#[source] reqwest::Error),
    /// An address that somebody gave, and that is not spoken to.
    #[error("the address {0}")]
    Forbidden(BadTarget),
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
}

/// What is asked.
pub struct Ask {
    method: Method,
    url: String,
    /// Header fields that are secrets, and what stands before them.
    secrets: Vec<(HeaderName, &'static str, Secret)>,
    headers: Vec<(HeaderName, String)>,
    body: Option<Sent>,
    limit: usize,
}

enum Sent {
    Form(Vec<(&'static str, Secret)>),
    Json(Vec<u8>),
    /// What is no text.
    Bytes(Vec<u8>),
}

impl Ask {
    pub fn get(url: impl Into<String>) -> Ask {
        Ask::new(Method::GET, url)
    }

    /// A form, as `application/x-www-form-urlencoded`.
    pub fn post(url: impl Into<String>, form: Vec<(&'static str, Secret)>) -> Ask {
        Ask { body: Some(Sent::Form(form)), ..Ask::new(Method::POST, url) }
    }

    pub fn new(method: Method, url: impl Into<String>) -> Ask {
        Ask { method, url: url.into(), secrets: Vec::new(), headers: Vec::new(), body: None, limit: ANSWER_LIMIT }
    }

    /// With a body of JSON.
    #[must_use]
    pub fn json(mut self, body: Vec<u8>) -> Ask {
        self.body = Some(Sent::Json(body));
        self
    }

    /// With a body that is no text.
    #[must_use]
    pub fn bytes(mut self, body: Vec<u8>) -> Ask {
        self.body = Some(Sent::Bytes(body));
        self
    }

    #[must_use]
    pub fn bearer(mut self, token: &Secret) -> Ask {
        self.secrets.push((AUTHORIZATION, "Bearer ", token.clone()));
        self
    }

    /// A token, where it does not go by `Authorization`.
    #[must_use]
    pub fn secret(mut self, name: HeaderName, token: &Secret) -> Ask {
        self.secrets.push((name, "", token.clone()));
        self
    }

    /// A header field that is no secret. What cannot be one is not sent.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: impl Into<String>) -> Ask {
        self.headers.push((name, value.into()));
        self
    }

    /// Instead of 10 MB.
    #[must_use]
    pub fn at_most(mut self, bytes: usize) -> Ask {
        self.limit = bytes;
        self
    }
}

/// What came back, whatever its status.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// A header field that is text.
    pub fn header(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// A client for those who speak more than [`Ask`] says, with the same limits and manners, but for the size of answers.
///
/// # Errors
/// When the machine has no certificates to trust.
pub fn client(limit: Duration) -> Result<reqwest::Client, Error> {
    builder(limit).build().map_err(Error::Client)
}

#[expect(clippy::disallowed_methods, reason = "this is the place where clients are made")]
fn builder(limit: Duration) -> reqwest::ClientBuilder {
    // Somebody else in this process may have said the same before.
    let _ = ring::default_provider().install_default();
    reqwest::Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .connect_timeout(CONNECT_LIMIT)
        .timeout(limit)
        .user_agent(USER_AGENT)
}

/// An error with what caused it, in one line.
pub fn reason(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// Clones share their connections.
#[derive(Clone)]
pub struct Egress(reqwest::Client);

impl Egress {
    /// A client whose requests take at most `limit`, connecting and reading included.
    ///
    /// # Errors
    /// When the machine has no certificates to trust.
    pub fn new(limit: Duration) -> Result<Egress, Error> {
        client(limit).map(Egress)
    }

    /// As [`Egress::new`], with names looked up by this.
    fn resolving(limit: Duration, resolver: impl Resolve + 'static) -> Result<Egress, Error> {
        let client = builder(limit).dns_resolver(Arc::new(resolver)).build();
        client.map(Egress).map_err(Error::Client)
    }

    /// Asks for JSON.
    ///
    /// # Errors
    /// When there is no answer, or one that is too large.
    pub async fn send(&self, ask: Ask) -> Result<Answer, Error> {
        // The host and nothing more: an address may hold a secret.
        let host = url::Url::parse(&ask.url).ok().and_then(|url| url.host_str().map(str::to_owned));
        let span = tracing::info_span!(
            target: SPANS,
            "ask",
            otel.name = ask.method.as_str(),
            otel.kind = "client",
            http.request.method = ask.method.as_str(),
            server.address = host,
            http.response.status_code = tracing::field::Empty,
        );
        let answer = self.exchange(ask).instrument(span.clone()).await;
        if let Ok(answer) = &answer {
            span.record("http.response.status_code", answer.status);
        }
        answer
    }

    async fn exchange(&self, ask: Ask) -> Result<Answer, Error> {
        let mut request = self.0.request(ask.method, &ask.url);
        request = match ask.body {
            None => request,
            Some(Sent::Form(fields)) => {
                let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.expose())).collect();
                request.form(&fields)
            }
            Some(Sent::Json(body)) => request.header(CONTENT_TYPE, "application/json").body(body),
            Some(Sent::Bytes(body)) => request.header(CONTENT_TYPE, "application/octet-stream").body(body),
        };
        if !ask.headers.iter().any(|(name, _)| *name == ACCEPT) {
            request = request.header(ACCEPT, "application/json");
        }
        for (name, value) in ask.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                request = request.header(name, value);
            }
        }
        for (name, before, token) in ask.secrets {
            if let Ok(mut value) = HeaderValue::from_str(&format!("{before}{}", token.expose())) {
                value.set_sensitive(true);
                request = request.header(name, value);
            }
        }
        let mut response = request.send().await.map_err(failed)?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > ask.limit {
                return Err(Error::TooLarge(ask.limit));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, headers, body })
    }
}

fn failed(error: reqwest::Error) -> Error {
    if error.is_timeout() { Error::TimedOut } else { Error::Unreachable(error.without_url()) }
}
