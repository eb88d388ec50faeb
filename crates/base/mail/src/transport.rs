//! The ways a message goes, behind one door.

use std::sync::Arc;

use lettre::message::Mailbox;
use rampart_aws::AwsSettings;
use rampart_kernel::{Timestamp, VERBATIM};

use crate::error::{Error, SendError};
use crate::http::{Postmark, SendGrid, Ses};
use crate::model::Address;
use crate::render::Letter;
use crate::settings::{MailSettings, Provider};
use crate::smtp::Smtp;

/// A message ready to go.
pub(crate) struct Outgoing<'a> {
    pub to: &'a Address,
    pub letter: &'a Letter,
    /// With what the log may show.
    pub masked: &'a Letter,
    /// Of this message, however often it is sent.
    pub key: String,
    pub now: Timestamp,
}

impl Outgoing<'_> {
    /// The same however often the message is sent, so that a second one can be known as such.
    pub fn message_id(&self, from: &Mailbox) -> String {
        format!("<{}@{}>", self.key, from.email.domain())
    }
}

/// How this installation sends.
#[derive(Clone)]
pub(crate) enum Transport {
    Console,
    Smtp(Arc<Smtp>),
    Ses(Arc<Ses>),
    SendGrid(Arc<SendGrid>),
    Postmark(Arc<Postmark>),
}

impl Transport {
    pub fn new(settings: &MailSettings, aws: &AwsSettings) -> Result<Transport, Error> {
        match settings.provider {
            Provider::Console => Ok(Transport::Console),
            Provider::Smtp => Ok(Transport::Smtp(Arc::new(Smtp::new(settings)?))),
            Provider::Ses => Ok(Transport::Ses(Arc::new(Ses::new(settings, aws)?))),
            Provider::SendGrid => Ok(Transport::SendGrid(Arc::new(SendGrid::new(settings)?))),
            Provider::Postmark => Ok(Transport::Postmark(Arc::new(Postmark::new(settings)?))),
        }
    }

    pub async fn send(&self, outgoing: &Outgoing<'_>) -> Result<(), SendError> {
        match self {
            Transport::Console => {
                let Letter { subject, text, .. } = outgoing.masked;
                tracing::info!(target: VERBATIM, to = %outgoing.to, subject, "mail, as no mail server is configured:\n{text}");
                Ok(())
            }
            Transport::Smtp(smtp) => smtp.send(outgoing).await,
            Transport::Ses(ses) => ses.send(outgoing).await,
            Transport::SendGrid(sendgrid) => sendgrid.send(outgoing).await,
            Transport::Postmark(postmark) => postmark.send(outgoing).await,
        }
    }
}
