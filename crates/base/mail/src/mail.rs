//! Writing a message with its cause, and the job that sends it.

use std::sync::Arc;
use std::time::Duration;

use rampart_aws::AwsSettings;
use rampart_jobs::{Failure, Handlers, Job, JobId, Jobs, Queue, Run, Schedule};
use rampart_kernel::{Keys, Origin, Sealed, Secret};
use rampart_store::{Store, Tx};
use serde::{Deserialize, Serialize};

use crate::error::{Error, SendError};
use crate::message::Message;
use crate::model::{Address, Locale};
use crate::render::{Links, render_with};
use crate::settings::{MailSettings, Provider};
use crate::store::{self, MailId};
use crate::transport::{Outgoing, Transport};

/// What tells people of something.
pub const NOTIFICATIONS: Queue =
    Queue { name: "notifications", concurrency: 10, timeout: Duration::from_secs(60), attempts: 4 };

/// Housekeeping of all modules: one at a time, so that it stands in nobody's way.
const MAINTENANCE: Queue =
    Queue { name: "maintenance", concurrency: 1, timeout: Duration::from_secs(30 * 60), attempts: 4 };

/// What could not be sent is kept as long as its dead letter.
const UNSENT_KEPT: Duration = Duration::from_secs(30 * 24 * 3_600);

/// Sends one message.
#[derive(Serialize, Deserialize)]
pub struct SendEmail {
    mail: MailId,
}

impl Job for SendEmail {
    const KIND: &'static str = "send_email";
    const QUEUE: Queue = NOTIFICATIONS;
}

/// Removes what could not be sent long ago.
#[derive(Default, Serialize, Deserialize)]
pub struct CleanMails {}

impl Job for CleanMails {
    const KIND: &'static str = "clean_mails";
    const QUEUE: Queue = MAINTENANCE;

    fn dedupe_key(&self) -> Option<String> {
        Some("mails.cleanup".to_owned())
    }
}

/// A message as it waits.
#[derive(Serialize, Deserialize)]
struct Waiting {
    to: Address,
    locale: Locale,
    message: Message,
}

/// The post office. Clones are the same one.
#[derive(Clone)]
pub struct Mail {
    store: Store,
    jobs: Jobs,
    keys: Arc<Keys>,
    transport: Transport,
    provider: Provider,
    links: Links,
}

impl Mail {
    /// Connects to nobody yet.
    ///
    /// # Errors
    /// When the way that is configured lacks something.
    pub fn new(
        store: Store,
        jobs: Jobs,
        keys: Arc<Keys>,
        settings: &MailSettings,
        aws: &AwsSettings,
    ) -> Result<Mail, Error> {
        let links = if settings.console_links { Links::Whole } else { Links::Masked };
        Ok(Mail { store, jobs, keys, transport: Transport::new(settings, aws)?, provider: settings.provider, links })
    }

    /// Writes a message that is sent as soon as the transaction is durable.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn send(&self, tx: &mut Tx, to: &Address, locale: Locale, message: Message) -> Result<JobId, Error> {
        let waiting = Waiting { to: to.clone(), locale, message };
        let text = serde_json::to_string(&waiting).map_err(|error| Error::Template(error.into()))?;
        let id: MailId = tx.origin().new_id();
        let sealed = self.keys.seal(tx.origin().chance(), store::cell(id), &Secret::new(text));
        store::insert(tx, id, sealed.as_text()).await?;
        let job = self.jobs.enqueue(tx, &SendEmail { mail: id }).await?;
        Ok(job.expect("without a key every job is a new one"))
    }

    pub fn handlers(&self, handlers: Handlers) -> Handlers {
        let (sender, cleaner) = (self.clone(), self.clone());
        handlers
            .on(move |run: Run, job: SendEmail| {
                let mail = sender.clone();
                async move { mail.deliver(&run, job.mail).await }
            })
            .on(move |run: Run, _: CleanMails| {
                let mail = cleaner.clone();
                async move { mail.clean(&run.origin).await.map(drop).map_err(Failure::retry) }
            })
    }

    pub fn schedules() -> Vec<Schedule> {
        vec![Schedule::new::<CleanMails>("mails.cleanup", "35 3 * * *")]
    }

    /// Sends, then forgets. Between the two the process may die: the message is then sent again, with the same `Message-ID`.
    async fn deliver(&self, run: &Run, id: MailId) -> Result<(), Failure> {
        let Some(sealed) = store::find(&mut self.store.read().await?, id).await? else { return Ok(()) };
        let opened = self.keys.open(store::cell(id), &Sealed::from_text(sealed)).map_err(Failure::fatal)?;
        let waiting: Waiting = serde_json::from_str(opened.expose())
            .map_err(|error| Failure::fatal(format!("the message cannot be read: line {}", error.line())))?;
        let letter = render_with(&waiting.message, waiting.locale, Links::Whole).map_err(Failure::fatal)?;
        let masked = render_with(&waiting.message, waiting.locale, self.links).map_err(Failure::fatal)?;
        let key = run.job.to_string();
        let outgoing = Outgoing { to: &waiting.to, letter: &letter, masked: &masked, key, now: run.origin.now() };
        let sent = self.transport.send(&outgoing).await;
        let result = match &sent {
            Ok(()) => "sent",
            Err(SendError::Temporary { .. }) => "deferred",
            Err(SendError::Permanent(_)) => "refused",
        };
        metrics::counter!(
            "rampart_mails_total",
            "provider" => self.provider.name(), "template" => waiting.message.name(), "result" => result
        )
        .increment(1);
        sent?;
        let mut tx = self.store.begin(&run.origin).await?;
        store::delete(&mut tx, id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Removes what could not be sent long ago; how many.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn clean(&self, origin: &Origin) -> Result<u64, Error> {
        Ok(self.store.remove_past(origin, &store::UNSENT, origin.now() - UNSENT_KEPT).await?)
    }
}
