//! SMTP, the way of every mail server.

use std::net::IpAddr;
use std::time::Duration;

use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::error::{Error, SendError};
use crate::settings::{MailSettings, SmtpTls};
use crate::transport::Outgoing;

/// For each step of the conversation; the job as a whole has a minute.
const STEP_LIMIT: Duration = Duration::from_secs(20);

pub(crate) struct Smtp {
    from: Mailbox,
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl Smtp {
    pub fn new(settings: &MailSettings) -> Result<Smtp, Error> {
        let host = settings.smtp_host.as_deref().ok_or_else(|| {
            Error::setting("SMTP_HOST", "is needed when EMAIL_PROVIDER is smtp: the name of the mail server")
        })?;
        let tls = match settings.smtp_tls {
            SmtpTls::StartTls => Tls::Required(parameters(settings, host)?),
            SmtpTls::Tls => Tls::Wrapper(parameters(settings, host)?),
            SmtpTls::None if is_this_machine(host) => Tls::None,
            SmtpTls::None => {
                return Err(Error::setting(
                    "SMTP_TLS",
                    "none is for a mail server on this machine only: set starttls or tls",
                ));
            }
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(settings.smtp_port)
            .tls(tls)
            .timeout(Some(STEP_LIMIT));
        match (&settings.smtp_username, &settings.smtp_password) {
            (Some(name), Some(password)) => {
                builder = builder.credentials(Credentials::new(name.clone(), password.expose().to_owned()));
            }
            (None, None) => {}
            (Some(_), None) => return Err(Error::setting("SMTP_PASSWORD", "is needed with SMTP_USERNAME")),
            (None, Some(_)) => return Err(Error::setting("SMTP_USERNAME", "is needed with SMTP_PASSWORD")),
        }
        Ok(Smtp { from: settings.from.0.clone(), transport: builder.build() })
    }

    pub async fn send(&self, outgoing: &Outgoing<'_>) -> Result<(), SendError> {
        let message = compose(&self.from, outgoing)?;
        self.transport.send(message).await.map(drop).map_err(|error| judge(&error))
    }
}

fn parameters(settings: &MailSettings, host: &str) -> Result<TlsParameters, Error> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(path) = &settings.smtp_authority {
        let bad = |error: &dyn std::fmt::Display| Error::setting("SMTP_CA", format!("{}: {error}", path.display()));
        let pem = std::fs::read(path).map_err(|error| bad(&error))?;
        builder = builder.add_root_certificate(Certificate::from_pem(&pem).map_err(|error| bad(&error))?);
    }
    builder.build().map_err(|error| Error::setting("SMTP_TLS", error))
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The message as it goes over the wire (RFC 5322, RFC 2045).
pub(crate) fn compose(from: &Mailbox, outgoing: &Outgoing<'_>) -> Result<Message, SendError> {
    let wrong = |error: lettre::error::Error| SendError::Permanent(format!("the message cannot be written: {error}"));
    Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, outgoing.to.lettre().clone()))
        .subject(&outgoing.letter.subject)
        .message_id(Some(outgoing.message_id(from)))
        .date(std::time::UNIX_EPOCH + Duration::from_millis(u64::try_from(outgoing.now.as_millis()).unwrap_or(0)))
        .header(AutoSubmitted)
        .multipart(MultiPart::alternative_plain_html(outgoing.letter.text.clone(), outgoing.letter.html.clone()))
        .map_err(wrong)
}

/// Tells holiday responders to keep quiet (RFC 3834 §5).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(AutoSubmitted)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// 5xx is for good; all else may pass: a server that is away, one that is busy, one that shows no certificate today.
fn judge(error: &lettre::transport::smtp::Error) -> SendError {
    use std::error::Error;
    let mut what = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        let next = source.to_string();
        if !what.contains(&next) {
            what = format!("{what}: {next}");
        }
        cause = source.source();
    }
    if error.is_permanent() { SendError::Permanent(what) } else { SendError::temporary(what) }
}
