//! Later work: mailing a token to an address, if there is an account with it.

use rampart_jobs::{Failure, Handlers, Job, Queue, Run};
use rampart_mail::NOTIFICATIONS;
use serde::{Deserialize, Serialize};

use super::model::Purpose;
use crate::model::EmailAddress;
use crate::service::Identity;

/// Mails a token that confirms the address or sets a new password.
#[derive(Serialize, Deserialize)]
pub struct MailToken {
    pub email: EmailAddress,
    pub purpose: Purpose,
}

impl Job for MailToken {
    const KIND: &'static str = "mail_token";
    const QUEUE: Queue = NOTIFICATIONS;

    /// Whoever asks ten times while the first waits gets one.
    fn dedupe_key(&self) -> Option<String> {
        Some(format!("{}:{}", self.purpose, self.email.as_str()))
    }
}

pub fn handlers(identity: &Identity, handlers: Handlers) -> Handlers {
    let own = identity.clone();
    handlers.on(move |run: Run, job: MailToken| {
        let identity = own.clone();
        async move { identity.mail_token(&run.origin, &job.email, job.purpose).await.map_err(Failure::retry) }
    })
}
