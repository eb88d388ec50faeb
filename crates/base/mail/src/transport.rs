//! The ways a message goes, behind one door.

use std::sync::Arc;

use rampart_kernel::Timestamp;

use crate::error::{Error, SendError};
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

/// How this installation sends.
#[derive(Clone)]
pub(crate) enum Transport {
    Console,
    Smtp(Arc<Smtp>),
}

impl Transport {
    pub fn new(settings: &MailSettings) -> Result<Transport, Error> {
        match settings.provider {
            Provider::Console => Ok(Transport::Console),
            Provider::Smtp => Ok(Transport::Smtp(Arc::new(Smtp::new(settings)?))),
        }
    }

    pub async fn send(&self, outgoing: &Outgoing<'_>) -> Result<(), SendError> {
        match self {
            Transport::Console => {
                let Letter { subject, text, .. } = outgoing.masked;
                tracing::info!(to = %outgoing.to, subject, "mail, as no mail server is configured:\n{text}");
                Ok(())
            }
            Transport::Smtp(smtp) => smtp.send(outgoing).await,
        }
    }
}
