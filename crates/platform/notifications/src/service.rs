//! The use cases: reading and marking, choosing, telling of events, digests.

use std::sync::Arc;
use std::time::Duration;

use chrono_tz::Tz;
use rampart_access::Ctx;
use rampart_access::audit::Audit;
use rampart_egress::{Guarded, OutboundSettings};
use rampart_identity::{Identity, Members, Recipient};
use rampart_jobs::Jobs;
use rampart_kernel::{Id, Keys, Origin, Timestamp, UserId, WorkspaceId};
use rampart_mail::{Address, DigestItem, Link, Locale, Mail, Message, Name, Period};
use rampart_store::{Store, Tx};
use rampart_web::{Page, Paged};

use crate::access::{ChangeNotifications, ReadNotifications};
use crate::channels::service::SENDING_LIMIT;
use crate::channels::store as deliveries;
use crate::error::Error;
use crate::events::{NotificationCreated, NotificationRead};
use crate::jobs::FanOutEvent;
use crate::model::{Delivery, Notification, NotificationId, Preferences, Rhythm};
use crate::push::settings::PushSettings;
use crate::push::vapid::Vapid;
use crate::rules::{Audience, Told, tell, together};
use crate::store::{self, Filter, New, Own};

pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// People who are told in one transaction: some milliseconds of the writer.
const BATCH: u32 = 100;

/// Lines of a digest: who has more to read goes to the dashboard.
const DIGEST_LINES: i64 = 20;

/// The same within this time is told together.
const TOGETHER: Duration = Duration::from_secs(10 * 60);

/// What the module stands on.
pub struct Ground {
    pub store: Store,
    pub audit: Audit,
    pub keys: Arc<Keys>,
    pub jobs: Jobs,
    pub identity: Identity,
    pub mail: Mail,
    /// Address of the dashboard, which links are below.
    pub dashboard: String,
}

/// Clones are the same.
#[derive(Clone)]
pub struct Notifications {
    pub(crate) store: Store,
    pub(crate) audit: Audit,
    pub(crate) keys: Arc<Keys>,
    pub(crate) jobs: Jobs,
    identity: Identity,
    pub(crate) mail: Mail,
    /// For addresses that people have given.
    pub(crate) guarded: Guarded,
    /// Nothing where Web Push is not configured.
    pub(crate) vapid: Arc<Option<Vapid>>,
    dashboard: String,
}

impl Notifications {
    /// # Errors
    /// When the settings of Web Push are none, or the machine trusts nobody.
    pub fn new(ground: Ground, outbound: &OutboundSettings, push: &PushSettings) -> Result<Notifications> {
        let guarded = Guarded::new(SENDING_LIMIT, outbound).map_err(|error| Error::Unexpected(error.into()))?;
        let Ground { store, audit, keys, jobs, identity, mail, dashboard } = ground;
        let vapid = Arc::new(Vapid::new(push).map_err(Error::Push)?);
        Ok(Notifications { store, audit, keys, jobs, identity, mail, guarded, vapid, dashboard })
    }

    /// The caller's in the workspace of the request, the newest first; and how many are unread.
    ///
    /// # Errors
    /// When the caller has no part in it.
    pub async fn list(&self, ctx: &Ctx, filter: &Filter, page: Page) -> Result<(Paged<Notification>, u64)> {
        let own = Own::of(&ctx.require::<ReadNotifications>()?)?;
        let mut reader = self.store.read().await?;
        let (items, total) = store::list(&mut reader, &own, filter, page).await?;
        let unread = store::count_unread(&mut reader, &own).await?;
        Ok((Paged { items, total, page }, unread))
    }

    /// # Errors
    /// As [`Notifications::list`].
    pub async fn count_unread(&self, ctx: &Ctx) -> Result<u64> {
        let own = Own::of(&ctx.require::<ReadNotifications>()?)?;
        Ok(store::count_unread(&mut self.store.read().await?, &own).await?)
    }

    /// # Errors
    /// When the caller has no such notification.
    pub async fn mark(&self, ctx: &Ctx, id: NotificationId, read: bool) -> Result<Notification> {
        let own = Own::of(&ctx.require::<ChangeNotifications>()?)?;
        let mut tx = self.store.begin(ctx).await?;
        let marked = store::mark(&mut tx, &own, id, read.then(|| ctx.now())).await?;
        tx.emit(&NotificationRead { user_id: own.user(), notification_id: Some(id) });
        tx.commit().await?;
        Ok(marked)
    }

    /// Marks all up to a time as read; how many there were.
    ///
    /// # Errors
    /// As [`Notifications::list`].
    pub async fn mark_all(&self, ctx: &Ctx, until: Option<Timestamp>) -> Result<u64> {
        let own = Own::of(&ctx.require::<ChangeNotifications>()?)?;
        let mut tx = self.store.begin(ctx).await?;
        let count = store::mark_all(&mut tx, &own, until.unwrap_or_else(|| ctx.now())).await?;
        if count > 0 {
            tx.emit(&NotificationRead { user_id: own.user(), notification_id: None });
        }
        tx.commit().await?;
        Ok(count)
    }

    /// # Errors
    /// When the caller has no such notification.
    pub async fn delete(&self, ctx: &Ctx, id: NotificationId) -> Result<()> {
        let own = Own::of(&ctx.require::<ChangeNotifications>()?)?;
        let mut tx = self.store.begin(ctx).await?;
        store::delete(&mut tx, &own, id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// With every kind of event.
    ///
    /// # Errors
    /// As [`Notifications::list`].
    pub async fn preferences(&self, ctx: &Ctx) -> Result<Preferences> {
        let own = Own::of(&ctx.require::<ReadNotifications>()?)?;
        Ok(store::preferences(&mut self.store.read().await?, &own).await?.whole())
    }

    /// # Errors
    /// [`Error::Preference`] when they cannot be.
    pub async fn choose(&self, ctx: &Ctx, chosen: Preferences) -> Result<Preferences> {
        let granted = ctx.require::<ChangeNotifications>()?;
        chosen.check().map_err(Error::Preference)?;
        let mut tx = self.store.begin(ctx).await?;
        store::save_preferences(&mut tx, &granted, &chosen).await?;
        tx.commit().await?;
        Ok(chosen.whole())
    }

    /// Tells of an event everybody who is to hear of it. Twice does no harm: who has heard of it is passed over.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn fan_out(&self, origin: &Origin, job: &FanOutEvent) -> Result<()> {
        let Some(told) = tell(&job.name, &job.data) else { return Ok(()) };
        let ctx = Ctx::of_system(origin.clone(), "notifications");
        if origin.workspace.is_some() {
            self.tell_channels(&ctx, &told, job).await?;
        }
        match (&told.audience, origin.workspace) {
            (Audience::PlatformAdmins, _) => self.tell_admins(&ctx, &told, job).await,
            (Audience::Channels, _) | (_, None) => Ok(()),
            (Audience::Only(user), Some(_)) => {
                let place = self.place(&ctx).await?;
                self.tell_members(&ctx, &told, &place, job, &Members::Only(vec![*user])).await.map(drop)
            }
            (Audience::Least(role), Some(_)) => {
                let place = self.place(&ctx).await?;
                let mut after = None;
                loop {
                    let members = Members::Least { role: *role, after };
                    after = self.tell_members(&ctx, &told, &place, job, &members).await?;
                    if after.is_none() {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// What people call the workspace of the context.
    pub(crate) async fn place(&self, ctx: &Ctx) -> Result<Name> {
        Ok(Name::new(&self.identity.workspace(ctx).await?.name))
    }

    /// As many of them as are told at once; who was the last.
    async fn tell_members(
        &self,
        ctx: &Ctx,
        told: &Told,
        place: &Name,
        job: &FanOutEvent,
        members: &Members,
    ) -> Result<Option<UserId>> {
        let Some(workspace) = ctx.workspace else { return Ok(None) };
        let recipients = self.identity.recipients(ctx, members, BATCH).await?;
        self.tell(ctx, (told, &notification(workspace, job, told)), place, job, &recipients).await?;
        Ok(recipients.last().map(|recipient| recipient.user))
    }

    /// What is of no workspace is told where each of them usually is.
    async fn tell_admins(&self, ctx: &Ctx, told: &Told, job: &FanOutEvent) -> Result<()> {
        let admins = self.identity.platform_admins(ctx, BATCH).await?;
        let place = Name::new("This installation");
        for of_one in admins.chunk_by(|a, b| a.0 == b.0) {
            let workspace = of_one[0].0;
            let recipients: Vec<Recipient> = of_one.iter().map(|(_, recipient)| recipient.clone()).collect();
            let origin = (**ctx).clone().in_workspace(Some(workspace));
            self.tell(&origin, (told, &notification(workspace, job, told)), &place, job, &recipients).await?;
        }
        Ok(())
    }

    async fn tell(
        &self,
        origin: &Origin,
        (told, like): (&Told, &Notification),
        place: &Name,
        job: &FanOutEvent,
        recipients: &[Recipient],
    ) -> Result<()> {
        let users: Vec<UserId> = recipients.iter().map(|recipient| recipient.user).collect();
        let mut tx = self.store.begin(origin).await?;
        let chosen = store::preferences_of(&mut tx, like.workspace, &users).await?;
        let usual = Preferences::default();
        let group = told.group.as_deref();
        let known = match group {
            Some(group) => store::of_group(&mut tx, like.workspace, &users, group, job.occurred_at - TOGETHER).await?,
            None => Vec::new(),
        };
        let mut new = Vec::with_capacity(recipients.len());
        let mut at_once = Vec::new();
        let mut pushed = Vec::new();
        for recipient in recipients {
            let preferences = chosen.get(&recipient.user).unwrap_or(&usual);
            let ways = preferences.ways(like.kind);
            let quiet = preferences.is_quiet(origin.now(), zone(recipient));
            let instant = ways.email == Delivery::Instant && !quiet && recipient.verified;
            // What would come in quiet hours comes with the next digest.
            let later = ways.email == Delivery::Digest || (ways.email == Delivery::Instant && quiet);
            let (shown, digest) =
                (ways.in_app == Delivery::Instant, later && recipient.verified && preferences.digest != Rhythm::Off);
            let mut own = known.iter().filter(|(user, _)| *user == recipient.user).map(|(_, told)| told);
            if own.clone().any(|told| tells_of(told, job)) {
                continue;
            }
            // What is worse than what was told stands for itself.
            if let Some(earlier) = own.find(|told| told.read_at.is_none() && told.severity >= like.severity) {
                let more = with_more(earlier, job);
                store::tell_more(&mut tx, &more, digest).await?;
                if shown {
                    tx.emit(&NotificationCreated { user_id: recipient.user, notification: &more });
                }
                continue;
            }
            let push = ways.push == Delivery::Instant && !quiet;
            // Kept even if nobody sees it: it is by this that a second run knows.
            if shown || digest || instant || push {
                let id = origin.new_id();
                new.push(New { id, user: recipient.user, shown, digest });
                pushed.extend(push.then_some((recipient.user, id)));
            }
            if instant {
                at_once.push(recipient);
            }
        }
        let fresh = store::insert(&mut tx, job.event, like, group, &new).await?;
        for one in new.iter().filter(|one| one.shown && fresh.contains(&one.user)) {
            let notification = Notification { id: one.id, ..like.clone() };
            tx.emit(&NotificationCreated { user_id: one.user, notification: &notification });
        }
        pushed.retain(|(user, _)| fresh.contains(user));
        self.push_in(&mut tx, &pushed).await?;
        for recipient in at_once.into_iter().filter(|recipient| fresh.contains(&recipient.user)) {
            let message = Message::Notification {
                workspace: place.clone(),
                item: self.item(like),
                link: self.link("/profile/notifications"),
            };
            self.write(&mut tx, recipient, message).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Sends the digests that are due; how many.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn send_digests(&self, origin: &Origin) -> Result<u64> {
        let (mut sent, mut after) = (0, None);
        loop {
            let found = store::waiting(&mut self.store.read().await?, after, i64::from(BATCH)).await?;
            let Some(last) = found.last() else { return Ok(sent) };
            after = Some(*last);
            for workspace in found.chunk_by(|a, b| a.0 == b.0) {
                sent += self.digests_of(origin, workspace).await?;
            }
        }
    }

    /// Those of some people of one workspace.
    async fn digests_of(&self, origin: &Origin, people: &[(WorkspaceId, UserId)]) -> Result<u64> {
        let Some((workspace, _)) = people.first().copied() else { return Ok(0) };
        let origin = origin.clone().in_workspace(Some(workspace));
        let users: Vec<UserId> = people.iter().map(|(_, user)| *user).collect();
        let ctx = Ctx::of_system(origin.clone(), "notifications");
        let recipients = self.identity.recipients(&ctx, &Members::Only(users.clone()), BATCH).await?;
        let chosen = store::preferences_of(&mut self.store.read().await?, workspace, &users).await?;
        let place = self.place(&ctx).await?;
        let mut sent = 0;
        for user in users {
            let preferences = chosen.get(&user).cloned().unwrap_or_default();
            let recipient = recipients.iter().find(|recipient| recipient.user == user);
            let mut tx = self.store.begin(&origin).await?;
            match recipient {
                // Who is no member any more, or wants no digests any more, is waited for by nothing.
                None | Some(Recipient { verified: false, .. }) => {
                    store::settle(&mut tx, (workspace, user), origin.now()).await?;
                }
                Some(_) if preferences.digest == Rhythm::Off => {
                    store::settle(&mut tx, (workspace, user), origin.now()).await?;
                }
                Some(recipient) => {
                    sent += u64::from(self.digest(&mut tx, workspace, &place, recipient, &preferences).await?);
                }
            }
            tx.commit().await?;
        }
        Ok(sent)
    }

    /// Whether there was one to send.
    async fn digest(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        place: &Name,
        recipient: &Recipient,
        preferences: &Preferences,
    ) -> Result<bool> {
        let Some(due) = preferences.digest_due(tx.origin().now(), zone(recipient)) else { return Ok(false) };
        let whose = (workspace, recipient.user);
        let (items, more) = store::digest(tx, whose, due, DIGEST_LINES).await?;
        if items.is_empty() {
            return Ok(false);
        }
        let message = Message::Digest {
            workspace: place.clone(),
            period: if preferences.digest == Rhythm::Weekly { Period::Weekly } else { Period::Daily },
            items: items.iter().map(|item| self.item(item)).collect(),
            more: u32::try_from(more).unwrap_or(u32::MAX),
            link: self.link("/notifications"),
        };
        self.write(tx, recipient, message).await?;
        store::settle(tx, whose, due).await?;
        Ok(true)
    }

    /// Removes what was read long ago, and what nobody read for longer; how many.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn forget(&self, origin: &Origin) -> Result<u64> {
        let kept = self.identity.retention().await?.notification_days.duration();
        let read = self.store.remove_past(origin, &store::READ, origin.now() - kept).await?;
        let made = self.store.remove_past(origin, &store::MADE, origin.now() - kept * 2).await?;
        let kept = self.identity.retention().await?.webhook_delivery_days.duration();
        let delivered = self.store.remove_past(origin, &deliveries::PAST, origin.now() - kept).await?;
        Ok(read + made + delivered)
    }

    async fn write(&self, tx: &mut Tx, recipient: &Recipient, message: Message) -> Result<()> {
        // An address that cannot be written to is the account's trouble, not the event's.
        let Ok(to) = recipient.email.parse::<Address>() else { return Ok(()) };
        self.mail.send(tx, &to, Locale::nearest(&recipient.locale), message).await?;
        Ok(())
    }

    fn item(&self, notification: &Notification) -> DigestItem {
        DigestItem {
            title: Name::new(&notification.title),
            detail: Name::new(&notification.body),
            severity: Name::new(notification.severity.name()),
            at: notification.created_at,
            link: notification.link.as_deref().map(|path| self.link(path)),
        }
    }

    pub(crate) fn link(&self, path: &str) -> Link {
        Link::parse(&self.url(path)).expect("the dashboard's address is of the web")
    }

    /// Of a page of the dashboard.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.dashboard)
    }
}

/// A zone that is none counts as UTC.
fn zone(recipient: &Recipient) -> Tz {
    recipient.timezone.parse().unwrap_or(Tz::UTC)
}

/// In what is kept of a notification: the events that it tells of, where that may be several.
const EVENTS: &str = "events";

fn tells_of(told: &Notification, job: &FanOutEvent) -> bool {
    let event = job.event.to_string();
    told.data[EVENTS].as_array().is_some_and(|events| events.iter().any(|known| *known == event))
}

/// What was told, and another event of its kind.
fn with_more(earlier: &Notification, job: &FanOutEvent) -> Notification {
    let mut data = together(&earlier.data, &job.data);
    let mut events = earlier.data[EVENTS].as_array().cloned().unwrap_or_default();
    events.push(job.event.to_string().into());
    data[EVENTS] = events.into();
    let more = earlier.clone();
    match tell(&job.name, &data) {
        Some(Told { title, body, severity, link, .. }) => Notification { title, body, severity, link, data, ..more },
        None => Notification { data, ..more },
    }
}

/// What everybody gets, with an id of nobody's.
fn notification(workspace: WorkspaceId, job: &FanOutEvent, told: &Told) -> Notification {
    let mut data = job.data.clone();
    if told.group.is_some()
        && let Some(data) = data.as_object_mut()
    {
        data.insert(EVENTS.to_owned(), vec![job.event.to_string()].into());
    }
    Notification {
        id: NotificationId::from_uuid(job.event.uuid()),
        workspace,
        kind: told.kind,
        title: told.title.clone(),
        body: told.body.clone(),
        severity: told.severity,
        link: told.link.clone(),
        data,
        read_at: None,
        created_at: job.occurred_at,
    }
}
