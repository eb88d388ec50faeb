//! The use cases of channels.

use std::time::Duration;

use rampart_access::audit::Record;
use rampart_access::{Ctx, Granted};
use rampart_jobs::{Failure, Run};
use rampart_kernel::{Id, Origin, Sealed, Secret, Timestamp};
use rampart_mail::{DigestItem, Locale, Message, Name};
use rampart_web::{Page, Paged};
use serde_json::json;

use super::jobs::Deliver;
use super::model::{
    Channel, ChannelId, Config, Delivery, DeliveryId, DeliveryStatus, Events, MOST_FAILURES, Notice, pause,
};
use super::sending::{self, Outcome, Tried};
use super::store::{self, CONFIG};
use crate::access::ManageChannels;
use crate::error::Error;
use crate::events::ChannelDisabled;
use crate::jobs::FanOutEvent;
use crate::model::Severity;
use crate::rules::{Audience, Told};
use crate::service::{Notifications, Result};

/// Channels of one workspace: each is told in the job of each event.
pub const MOST_CHANNELS: u32 = 50;

/// By what a test is known to its receiver.
const TEST: &str = "channel_test";

/// Deliveries that are queued in one transaction.
const ROUND: i64 = 100;

/// A channel to be made.
pub struct MakeChannel {
    pub name: String,
    pub config: Config,
    pub events: Events,
    pub min_severity: Severity,
    pub enabled: bool,
}

/// What is to be changed; the rest stays.
#[derive(Default)]
pub struct ChangeChannel {
    pub name: Option<String>,
    /// Of the same type.
    pub config: Option<Config>,
    pub events: Option<Events>,
    pub min_severity: Option<Severity>,
    pub enabled: Option<bool>,
}

impl Notifications {
    /// The newest first.
    ///
    /// # Errors
    /// When the caller may not manage channels; the same with all that follow.
    pub async fn channels(&self, ctx: &Ctx, page: Page) -> Result<Paged<Channel>> {
        let granted = ctx.require::<ManageChannels>()?;
        let (items, total) = store::list(&mut self.store.read().await?, &granted, page).await?;
        Ok(Paged { items, total, page })
    }

    /// # Errors
    /// [`Error::Target`]; [`Error::TooManyChannels`].
    pub async fn make_channel(&self, ctx: &Ctx, make: MakeChannel) -> Result<Channel> {
        let granted = ctx.require::<ManageChannels>()?;
        self.check(&make.config).await?;
        let mut tx = self.store.begin(ctx).await?;
        if store::number(&mut tx, &granted).await? >= u64::from(MOST_CHANNELS) {
            return Err(Error::TooManyChannels);
        }
        let now = ctx.now();
        let channel = Channel {
            id: ctx.new_id(),
            channel_type: make.config.channel_type(),
            name: make.name,
            destination: make.config.destination(),
            events: make.events,
            min_severity: make.min_severity,
            enabled: make.enabled,
            failures: 0,
            disabled_reason: None,
            created_at: now,
            updated_at: now,
        };
        store::insert(&mut tx, &granted, &channel, &self.seal(ctx, channel.id, &make.config)?).await?;
        let record = Record::new("channel.created", "notification_channel").of(channel.id);
        self.audit.record(&mut tx, ctx, record.changed(serde_json::Value::Null, shown(&channel))).await?;
        tx.commit().await?;
        Ok(channel)
    }

    /// One that the program has switched off begins anew when it is switched on.
    ///
    /// # Errors
    /// [`Error::Target`]; [`Error::OtherType`]; when there is no such channel.
    pub async fn change_channel(&self, ctx: &Ctx, id: ChannelId, change: ChangeChannel) -> Result<Channel> {
        let granted = ctx.require::<ManageChannels>()?;
        if let Some(config) = &change.config {
            self.check(config).await?;
        }
        let mut tx = self.store.begin(ctx).await?;
        let (before, sealed) = store::lock(&mut tx, &granted, id).await?;
        let (config, destination) = match &change.config {
            Some(config) if config.channel_type() != before.channel_type => return Err(Error::OtherType),
            Some(config) => (self.seal(ctx, id, config)?, config.destination()),
            None => (sealed, before.destination.clone()),
        };
        let enabled = change.enabled.unwrap_or(before.enabled);
        let anew = enabled && !before.enabled;
        let after = Channel {
            name: change.name.unwrap_or_else(|| before.name.clone()),
            destination,
            events: change.events.unwrap_or_else(|| before.events.clone()),
            min_severity: change.min_severity.unwrap_or(before.min_severity),
            enabled,
            failures: if anew { 0 } else { before.failures },
            disabled_reason: before.disabled_reason.clone().filter(|_| !anew),
            updated_at: ctx.now(),
            ..before.clone()
        };
        store::save(&mut tx, &granted, &after, &config).await?;
        let record = Record::new("channel.updated", "notification_channel").of(id);
        self.audit.record(&mut tx, ctx, record.changed(shown(&before), shown(&after))).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// # Errors
    /// When there is no such channel.
    pub async fn delete_channel(&self, ctx: &Ctx, id: ChannelId) -> Result<()> {
        let granted = ctx.require::<ManageChannels>()?;
        let mut tx = self.store.begin(ctx).await?;
        store::delete(&mut tx, &granted, id).await?;
        self.audit.record(&mut tx, ctx, Record::new("channel.deleted", "notification_channel").of(id)).await?;
        Ok(tx.commit().await?)
    }

    /// Tells a channel that this is a test; what came of it.
    ///
    /// # Errors
    /// When there is no such channel.
    pub async fn test_channel(&self, ctx: &Ctx, id: ChannelId) -> Result<Tried> {
        let granted = ctx.require::<ManageChannels>()?;
        let (channel, sealed) = store::get(&mut self.store.read().await?, &granted, id).await?;
        let notice = Notice {
            event: TEST.to_owned(),
            severity: Severity::Info,
            title: "This is a test".to_owned(),
            body: format!("The channel {} is told what happens in the workspace.", channel.name),
            url: Some(self.url("/settings")),
            workspace_id: granted.workspace(),
            occurred_at: ctx.now(),
            data: json!({}),
        };
        let delivery: DeliveryId = ctx.new_id();
        let tried = self.try_to_tell(ctx, &self.open(id, &sealed)?, delivery, &notice).await?;
        let mut tx = self.store.begin(ctx).await?;
        let record = Record::new("channel.tested", "notification_channel").of(id);
        let record = if let Some(error) = &tried.error { record.failed(error) } else { record };
        self.audit.record(&mut tx, ctx, record).await?;
        tx.commit().await?;
        Ok(tried)
    }

    /// The newest first.
    ///
    /// # Errors
    /// When there is no such channel.
    pub async fn deliveries(
        &self,
        ctx: &Ctx,
        id: ChannelId,
        status: Option<DeliveryStatus>,
        page: Page,
    ) -> Result<Paged<Delivery>> {
        let granted = ctx.require::<ManageChannels>()?;
        let mut reader = self.store.read().await?;
        store::get(&mut reader, &granted, id).await?;
        let (items, total) = store::deliveries(&mut reader, &granted, id, status, page).await?;
        Ok(Paged { items, total, page })
    }

    /// Tries a delivery again now, with as many tries as a new one has.
    ///
    /// # Errors
    /// [`Error::Delivered`]; when there is none.
    pub async fn retry_delivery(&self, ctx: &Ctx, id: DeliveryId) -> Result<Delivery> {
        let granted = ctx.require::<ManageChannels>()?;
        let mut tx = self.store.begin(ctx).await?;
        let delivery = store::get_delivery(&mut tx, &granted, id).await?;
        // In turn with a try that is under way.
        store::lock(&mut tx, &granted, delivery.channel).await?;
        let delivery = store::get_delivery(&mut tx, &granted, id).await?;
        if delivery.status == DeliveryStatus::Sent {
            return Err(Error::Delivered);
        }
        let again = Delivery {
            status: DeliveryStatus::Pending,
            attempts: if delivery.status == DeliveryStatus::Pending { delivery.attempts } else { 0 },
            next_attempt_at: Some(ctx.now()),
            ..delivery
        };
        store::save_delivery(&mut tx, &granted, &again).await?;
        self.jobs.enqueue(&mut tx, &Deliver { delivery: id }).await?;
        self.audit.record(&mut tx, ctx, Record::new("delivery.retried", "notification_delivery").of(id)).await?;
        tx.commit().await?;
        Ok(again)
    }

    /// Queues what the channels of a workspace are told of an event. Twice does no harm: each is told once.
    pub(crate) async fn tell_channels(&self, ctx: &Ctx, told: &Told, job: &FanOutEvent) -> Result<()> {
        // What concerns one person is nobody else's business.
        if !matches!(told.audience, Audience::Least(_) | Audience::Channels) {
            return Ok(());
        }
        let granted = ctx.require::<ManageChannels>()?;
        let mut tx = self.store.begin(ctx).await?;
        let channels = store::enabled(&mut tx, &granted, MOST_CHANNELS).await?;
        let hearing = channels.iter().filter(|channel| channel.hears(told.kind, told.severity));
        let hearing: Vec<ChannelId> = hearing.map(|channel| channel.id).collect();
        let notice = Notice {
            event: told.kind.name().to_owned(),
            severity: told.severity,
            title: told.title.clone(),
            body: told.body.clone(),
            url: told.link.as_deref().map(|path| self.url(path)),
            workspace_id: granted.workspace(),
            occurred_at: job.occurred_at,
            data: job.data.clone(),
        };
        for delivery in store::insert_deliveries(&mut tx, &granted, job.event, &notice, &hearing).await? {
            self.jobs.enqueue(&mut tx, &Deliver { delivery }).await?;
        }
        Ok(tx.commit().await?)
    }

    /// One try at a delivery, if it is due.
    ///
    /// # Errors
    /// As the database answers. What the other side answers is noted with the delivery.
    pub(crate) async fn deliver(&self, run: &Run, id: DeliveryId) -> Result<(), Failure> {
        self.deliver_due(&run.origin, id).await.map_err(Failure::retry)
    }

    async fn deliver_due(&self, origin: &Origin, id: DeliveryId) -> Result<()> {
        let ctx = Ctx::of_system(origin.clone(), "notifications");
        let granted = ctx.require::<ManageChannels>()?;
        let mut reader = self.store.read().await?;
        let delivery = match store::get_delivery(&mut reader, &granted, id).await {
            // Its channel was removed.
            Err(rampart_store::Error::NotFound) => return Ok(()),
            delivery => delivery?,
        };
        let due = delivery.next_attempt_at.is_some_and(|at| at <= ctx.now());
        if delivery.status != DeliveryStatus::Pending || !due {
            return Ok(());
        }
        let (channel, sealed) = store::get(&mut reader, &granted, delivery.channel).await?;
        drop(reader);
        let tried = if channel.enabled {
            self.try_to_tell(&ctx, &self.open(channel.id, &sealed)?, id, &delivery.notice).await?
        } else {
            Tried::refused("the channel is switched off")
        };
        let result = match tried.outcome {
            Outcome::Delivered => "sent",
            Outcome::Later => "deferred",
            Outcome::Refused => "refused",
        };
        metrics::counter!("rampart_notifications_total", "medium" => channel.channel_type.name(), "result" => result)
            .increment(1);
        self.note(&ctx, &granted, &delivery, tried).await
    }

    /// What came of a try.
    async fn note(
        &self,
        ctx: &Ctx,
        granted: &Granted<ManageChannels>,
        delivery: &Delivery,
        tried: Tried,
    ) -> Result<()> {
        let now = ctx.now();
        let mut tx = self.store.begin(ctx).await?;
        let (channel, sealed) = match store::lock(&mut tx, granted, delivery.channel).await {
            Err(rampart_store::Error::NotFound) => return Ok(()),
            found => found?,
        };
        let attempts = delivery.attempts + 1;
        let (status, next_attempt_at) = match (tried.outcome, pause(attempts)) {
            (Outcome::Delivered, _) => (DeliveryStatus::Sent, None),
            (Outcome::Refused, _) => (DeliveryStatus::Failed, None),
            (Outcome::Later, Some(pause)) => (DeliveryStatus::Pending, Some(now + pause)),
            (Outcome::Later, None) => (DeliveryStatus::Abandoned, None),
        };
        let after = Delivery {
            status,
            attempts,
            next_attempt_at,
            status_code: tried.status_code,
            last_error: tried.error.clone(),
            sent_at: (status == DeliveryStatus::Sent).then_some(now),
            ..delivery.clone()
        };
        store::save_delivery(&mut tx, granted, &after).await?;
        let failures = if status == DeliveryStatus::Sent { 0 } else { channel.failures.saturating_add(1) };
        if channel.enabled && failures != channel.failures {
            let over = failures >= MOST_FAILURES;
            let reason = tried.error.unwrap_or_default();
            let disabled_reason = over.then(|| format!("{failures} tries in a row failed; the last one: {reason}"));
            if over {
                tx.emit(&ChannelDisabled { channel_id: channel.id, name: &channel.name, reason: &reason });
            }
            let after = Channel { failures, enabled: !over, disabled_reason, ..channel };
            store::save(&mut tx, granted, &after, &sealed).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn try_to_tell(&self, ctx: &Ctx, config: &Config, id: DeliveryId, notice: &Notice) -> Result<Tried> {
        match config {
            Config::Email { addresses } => {
                let letter = self.letter(ctx, notice).await?;
                let mut tx = self.store.begin(ctx).await?;
                for address in addresses {
                    self.mail.send(&mut tx, address, Locale::En, letter.clone()).await?;
                }
                tx.commit().await?;
                Ok(Tried::delivered(None))
            }
            Config::Slack { .. } | Config::Webhook { .. } => {
                Ok(sending::post(&self.guarded, config, id, notice, ctx.now()).await)
            }
        }
    }

    async fn letter(&self, ctx: &Ctx, notice: &Notice) -> Result<Message> {
        let item = DigestItem {
            title: Name::new(&notice.title),
            detail: Name::new(&notice.body),
            severity: Name::new(notice.severity.name()),
            at: notice.occurred_at,
            link: notice.url.as_deref().and_then(|url| rampart_mail::Link::parse(url).ok()),
        };
        Ok(Message::Notification { workspace: self.place(ctx).await?, item, link: self.link("/settings") })
    }

    /// Queues what is due of all workspaces; how many.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn retry_due(&self, origin: &Origin) -> Result<u64> {
        let (mut queued, mut after) = (0, None);
        loop {
            let due = store::due(&mut self.store.read().await?, origin.now(), after, ROUND).await?;
            let Some((at, id, _)) = due.last() else { return Ok(queued) };
            after = Some((*at, *id));
            let mut tx = self.store.begin(origin).await?;
            for (_, delivery, workspace) in &due {
                let request = origin.request_id.to_string();
                tx.as_caused_by(&request, Some(*workspace));
                let job = self.jobs.enqueue(&mut tx, &Deliver { delivery: *delivery }).await?;
                queued += u64::from(job.is_some());
            }
            tx.commit().await?;
        }
    }

    /// Deliveries of all workspaces that did not arrive since a time, for who looks after the installation.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn lost_since(&self, since: Timestamp) -> rampart_store::Result<u64> {
        store::lost_since(&mut self.store.read().await?, since).await
    }

    async fn check(&self, config: &Config) -> Result<()> {
        match config.target() {
            Some(target) => Ok(self.guarded.check(&target.map_err(Error::Target)?).await.map_err(Error::Target)?),
            None => Ok(()),
        }
    }

    fn seal(&self, ctx: &Ctx, id: ChannelId, config: &Config) -> Result<Sealed> {
        let text = serde_json::to_string(config).map_err(|error| Error::Unexpected(error.into()))?;
        Ok(self.keys.seal(ctx.chance(), CONFIG.cell(id.uuid()), &Secret::new(text)))
    }

    fn open(&self, id: ChannelId, sealed: &Sealed) -> Result<Config> {
        let opened = self.keys.open(CONFIG.cell(id.uuid()), sealed);
        let opened = opened.map_err(|error| Error::Unexpected(error.into()))?;
        // What is wrong with it may hold what it says.
        serde_json::from_str(opened.expose()).map_err(|_| Error::Unexpected("a channel leads nowhere".into()))
    }
}

/// How long a test may take, and a try: somebody waits for it, or another delivery does.
pub const SENDING_LIMIT: Duration = Duration::from_secs(10);

/// For the record: nothing that is secret.
fn shown(channel: &Channel) -> serde_json::Value {
    json!({ "name": channel.name, "type": channel.channel_type, "destination": channel.destination,
        "events": channel.events.names(), "minSeverity": channel.min_severity, "enabled": channel.enabled })
}
