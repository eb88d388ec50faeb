//! The use cases of Web Push.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rampart_access::Ctx;
use rampart_egress::{Error as EgressError, HeaderName, Target};
use rampart_jobs::{Failure, Run};
use rampart_kernel::{Id, Secret, UserId};
use rampart_store::Tx;
use serde_json::json;

use super::encryption::Keys;
use super::jobs::PushNotification;
use super::store::{self, AUTH, Subscription, SubscriptionId};
use crate::error::Error;
use crate::model::{Notification, NotificationId, Severity};
use crate::service::{Notifications, Result};

/// Browsers of one person: who has more has forgotten some.
const MOST_SUBSCRIPTIONS: u32 = 20;

/// For how long a push service keeps what a browser that is off has not got, in seconds.
const TTL: u32 = 24 * 3_600;

/// Characters of a text on a screen that is locked.
const TEXT: usize = 300;

const AUTHORIZATION: HeaderName = HeaderName::from_static("authorization");
const CONTENT_ENCODING: HeaderName = HeaderName::from_static("content-encoding");
const TTL_NAME: HeaderName = HeaderName::from_static("ttl");
const URGENCY: HeaderName = HeaderName::from_static("urgency");

/// What a push service says is of no interest but for its status.
const ANSWER_LIMIT: usize = 64 * 1024;

/// A browser that wants to be told, as it says of itself.
pub struct Subscribe {
    pub endpoint: String,
    /// In base64url, both.
    pub p256dh: String,
    pub auth: String,
}

impl Notifications {
    /// The key that browsers subscribe with.
    ///
    /// # Errors
    /// [`Error::NoPush`]; when nobody is signed in.
    pub fn push_key(&self, ctx: &Ctx) -> Result<&str> {
        ctx.signed_in()?;
        Ok(&self.vapid.as_ref().as_ref().ok_or(Error::NoPush)?.public_key)
    }

    /// From now on a browser is told.
    ///
    /// # Errors
    /// [`Error::NoPush`], [`Error::Target`], [`Error::NoKeys`], [`Error::TooManySubscriptions`]; when nobody is in a session.
    pub async fn subscribe(&self, ctx: &Ctx, new: Subscribe) -> Result<SubscriptionId> {
        let who = ctx.in_session()?;
        self.push_key(ctx)?;
        let target = Target::parse(&new.endpoint).map_err(Error::Target)?;
        self.guarded.check(&target).await.map_err(Error::Target)?;
        read_keys(&new.p256dh, &new.auth).ok_or(Error::NoKeys)?;
        let id: SubscriptionId = ctx.new_id();
        let auth = self.keys.seal(ctx.chance(), AUTH.cell(id.uuid()), &Secret::new(new.auth));
        let mut tx = self.store.begin(ctx).await?;
        if store::count(&mut tx, who).await? >= MOST_SUBSCRIPTIONS {
            return Err(Error::TooManySubscriptions);
        }
        let subscription = Subscription { id, endpoint: new.endpoint, p256dh: new.p256dh, auth };
        store::insert(&mut tx, who, &subscription, ctx.client().user_agent.as_deref()).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// # Errors
    /// When the caller has no such subscription.
    pub async fn unsubscribe(&self, ctx: &Ctx, endpoint: &str) -> Result<()> {
        let who = ctx.in_session()?;
        let mut tx = self.store.begin(ctx).await?;
        if !store::delete_own(&mut tx, who, endpoint).await? {
            return Err(rampart_access::Error::NotFound.into());
        }
        Ok(tx.commit().await?)
    }

    /// Queues what the browsers of these people are told, with what tells them.
    pub(crate) async fn push_in(&self, tx: &mut Tx, told: &[(UserId, NotificationId)]) -> Result<()> {
        if told.is_empty() || self.vapid.is_none() {
            return Ok(());
        }
        for (user, subscription) in store::of_users(tx, told.iter().map(|(user, _)| *user)).await? {
            for (_, notification) in told.iter().filter(|(of, _)| *of == user) {
                let job = PushNotification { notification: *notification, subscription };
                self.jobs.enqueue(tx, &job).await?;
            }
        }
        Ok(())
    }

    /// Tells one browser. What its push service does not know any more is forgotten.
    ///
    /// # Errors
    /// When the push service does not answer, or does not take it.
    pub(crate) async fn push(&self, run: &Run, job: &PushNotification) -> Result<(), Failure> {
        let Some(vapid) = self.vapid.as_ref() else { return Ok(()) };
        let found = store::find(&mut self.store.read().await?, job.notification, job.subscription).await?;
        let Some((notification, subscription)) = found else { return Ok(()) };
        let target = Target::parse(&subscription.endpoint).map_err(Failure::fatal)?;
        let auth = self.keys.open(AUTH.cell(subscription.id.uuid()), &subscription.auth).map_err(Failure::fatal)?;
        let keys = read_keys(&subscription.p256dh, auth.expose());
        let body = keys.and_then(|keys| keys.seal(self.message(&notification).as_bytes()));
        let body = body.ok_or_else(|| Failure::fatal("the browser's key is none"))?;
        let authorization = vapid.authorization(&target, run.origin.now()).map_err(Failure::retry)?;
        let urgency = if notification.severity >= Severity::High { "high" } else { "normal" };
        let answer = self
            .guarded
            .post(&target, |ask| {
                ask.bytes(body)
                    .at_most(ANSWER_LIMIT)
                    .secret(AUTHORIZATION, &authorization)
                    .header(CONTENT_ENCODING, "aes128gcm")
                    .header(TTL_NAME, TTL.to_string())
                    .header(URGENCY, urgency)
            })
            .await;
        let result = match &answer {
            Ok(answer) if (200..300).contains(&answer.status) => "sent",
            _ => "refused",
        };
        metrics::counter!("rampart_notifications_total", "medium" => "push", "result" => result).increment(1);
        match answer {
            Ok(answer) => match answer.status {
                200..300 => Ok(()),
                404 | 410 => {
                    let mut tx = self.store.begin(&run.origin).await?;
                    store::forget(&mut tx, subscription.id).await?;
                    Ok(tx.commit().await?)
                }
                status @ (408 | 429 | 500..) => Err(Failure::retry(format!("the push service answered {status}"))),
                status => Err(Failure::fatal(format!("the push service answered {status}"))),
            },
            Err(error @ EgressError::Forbidden(_)) => Err(Failure::fatal(error)),
            Err(EgressError::TooLarge(_)) => Ok(()),
            Err(_) => Err(Failure::retry("the push service does not answer")),
        }
    }

    /// As the dashboard's worker shows it.
    fn message(&self, notification: &Notification) -> String {
        let cut = |text: &str| text.chars().take(TEXT).collect::<String>();
        json!({
            "id": notification.id,
            "type": notification.kind,
            "severity": notification.severity,
            "title": cut(&notification.title),
            "body": cut(&notification.body),
            "url": notification.link.as_deref().map(|path| self.url(path)),
        })
        .to_string()
    }
}

fn read_keys(p256dh: &str, auth: &str) -> Option<Keys> {
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok();
    Keys::new(decode(p256dh)?, decode(auth)?)
}
