//! Deliveries, taken: whose signature it is, and what it says. What follows from it stands in `group.rs`.
//!
//! Nothing is asked of a forge before the answer. What somebody says without the right secret leaves no trace but a count.

use std::sync::Arc;

use rampart_access::Ctx;
use rampart_kernel::Value;
use rampart_store::Tx;
use serde_json::json;

use super::github::{self, GithubEvent};
use super::gitlab;
use super::group::Waiting;
use super::model::{DeliveryStatus, Incoming, Kind, Taken};
use super::store::{self, Hooked, New};
use super::told::{Push, Told};
use crate::access::ManageRepositories;
use crate::commits;
use crate::error::Error;
use crate::events::PushReceived;
use crate::installations;
use crate::model::{Provider, Repository};
use crate::repositories::heads::head;
use crate::repositories::store::WEBHOOK_SECRET;
use crate::service::{Forge, Result, system};

/// Bytes of a payload that is kept to be looked at; of longer ones the length is.
const PAYLOAD_KEPT: usize = 64 * 1024;

/// Bytes of a delivery's name; GitHub's are UUIDs.
const DELIVERY_LENGTH: usize = 100;

pub(super) const TAKEN_BEFORE: &str = "it was delivered before";

impl Forge {
    /// Takes what a forge tells, once; returns when it is durable.
    ///
    /// # Errors
    /// [`Error::InvalidSignature`], [`Error::UnsupportedEvent`]; [`Error::Field`] when it cannot be read.
    pub async fn take(&self, ctx: &Ctx, incoming: &Incoming) -> Result<Taken> {
        let targets = self.targets(incoming).await?;
        let (event, kind) = event(incoming).ok_or(Error::UnsupportedEvent)?;
        if incoming.only_pull_requests && kind != Kind::PullRequest {
            return Err(Error::UnsupportedEvent);
        }
        let plain = |byte: u8| byte.is_ascii_graphic();
        if !(1..=DELIVERY_LENGTH).contains(&incoming.delivery.len()) || !incoming.delivery.bytes().all(plain) {
            return Err(Error::Field { field: "delivery", what: "has a name of 1 to 100 characters".to_owned() });
        }
        let taken = match kind {
            Kind::Nothing(why) => Taken::Ignored(why),
            Kind::Installation => match targets {
                // One repository's people say nothing of the installations of others.
                Targets::Rows(_) => Taken::Ignored("only the app tells of installations"),
                Targets::Installation(_) => self.installed(ctx, event, incoming).await?,
            },
            kind => {
                let (Targets::Rows(hooked) | Targets::Installation(hooked)) = targets;
                self.take_for(ctx, (event, kind), incoming, hooked).await?
            }
        };
        let result = if taken == Taken::Accepted { "accepted" } else { "ignored" };
        metrics::counter!("rampart_webhooks_total", "provider" => incoming.provider.name(), "event" => event,
            "result" => result)
        .increment(1);
        Ok(taken)
    }

    /// For whom the proof speaks: the repositories whose secret it was made with, or, with the installation's own secret,
    /// whichever the payload names.
    async fn targets(&self, incoming: &Incoming) -> Result<Targets> {
        // The rest waits here, in order, and not for the database, which gives up after some seconds and serves others too.
        let turn = self.lookups.acquire().await;
        let _turn = turn.map_err(|error| Error::Unexpected(error.into()))?;
        let candidates = match &incoming.repository {
            Some(id) => match id.parse() {
                Ok(id) => {
                    store::find(&mut self.store.read().await?, incoming.provider, id).await?.into_iter().collect()
                }
                Err(_) => Vec::new(),
            },
            None => self.named(incoming).await?,
        };
        let has_own = candidates.iter().any(|hooked| hooked.secret.is_some());
        let (mut signed, mut others) = (Vec::new(), Vec::new());
        for hooked in candidates {
            let is_signed = match &hooked.secret {
                Some(sealed) => {
                    let cell = WEBHOOK_SECRET.cell(rampart_kernel::Id::uuid(hooked.repository));
                    let secret = self.keys.open(cell, sealed).map_err(|error| Error::Unexpected(error.into()))?;
                    incoming.proof.is_of(&secret, &incoming.body)
                }
                None => false,
            };
            if is_signed { &mut signed } else { &mut others }.push(hooked);
        }
        if !signed.is_empty() {
            return Ok(Targets::Rows(signed));
        }
        // A repository that is named and has a secret of its own is spoken for by no other.
        let of_all = match incoming.provider {
            Provider::Gitlab => self.gitlab.webhook_secret(),
            Provider::Github | Provider::Local => self.github.webhook_secret(),
        };
        let fallback = of_all.filter(|_| incoming.repository.is_none() || !has_own);
        match fallback {
            Some(secret) if incoming.proof.is_of(secret, &incoming.body) => {
                // Whatever address it came by, it is about what it names.
                others.retain(|it| it.at_forge.is_some() && it.at_forge.as_deref() == incoming.about());
                Ok(Targets::Installation(others))
            }
            _ => {
                metrics::counter!("rampart_webhooks_total", "provider" => incoming.provider.name(), "event" => "unknown",
                    "result" => "rejected")
                .increment(1);
                Err(Error::InvalidSignature)
            }
        }
    }

    /// By the repository that the payload says it is about.
    async fn named(&self, incoming: &Incoming) -> Result<Vec<Hooked>> {
        let Some(at_forge) = incoming.about() else { return Ok(Vec::new()) };
        Ok(store::list(&mut self.store.read().await?, incoming.provider, at_forge).await?)
    }

    /// Of each repository by itself: what is taken for one is not held up by another.
    async fn take_for(
        &self,
        ctx: &Ctx,
        (event, kind): (&'static str, Kind),
        incoming: &Incoming,
        hooked: Vec<Hooked>,
    ) -> Result<Taken> {
        let told = Arc::new(Told::read(incoming.provider, kind, &incoming.body, ctx.now())?);
        let payload = kept(&incoming.body);
        // The secret of one hook does not speak for another repository, which may have been given the same.
        let is_about = |it: &Hooked| it.at_forge.is_none() || it.at_forge.as_deref() == incoming.about();
        let mut taken = Taken::Ignored("no repository that is connected");
        for Hooked { repository, workspace, .. } in hooked.into_iter().filter(is_about) {
            let system = system(ctx, workspace);
            let (granted, id) = (system.require::<ManageRepositories>()?, system.new_id());
            let (provider, delivery) = (incoming.provider, incoming.delivery.clone());
            let (told, payload) = (told.clone(), payload.clone());
            let waiting = Waiting { system, granted, id, provider, delivery, event, repository, told, payload };
            let one = self.take_in_line(waiting).await?;
            if taken != Taken::Accepted {
                taken = one;
            }
        }
        Ok(taken)
    }

    /// The app was installed, taken away, or given other repositories.
    async fn installed(&self, ctx: &Ctx, event: &'static str, incoming: &Incoming) -> Result<Taken> {
        let told = github::installation(&incoming.body)?;
        let mut tx = self.store.begin(&Ctx::of_system((**ctx).clone(), "forge")).await?;
        let new = New {
            id: ctx.new_id(),
            provider: incoming.provider,
            delivery: &incoming.delivery,
            event,
            of: None,
            status: DeliveryStatus::Processed,
            payload: kept(&incoming.body),
        };
        if store::insert(&mut tx, [new]).await?.is_empty() {
            return Ok(Taken::Ignored(TAKEN_BEFORE));
        }
        if let Some(for_good) = told.ended {
            installations::store::forget(&mut tx, &told.id, for_good).await?;
        }
        installations::store::give(&mut tx, &told.id, &told.added).await?;
        installations::store::take(&mut tx, &told.id, &told.removed).await?;
        tx.commit().await?;
        Ok(Taken::Accepted)
    }
}

/// What a delivery tells, and by which name it is noted; nothing for what is not listened to.
fn event(incoming: &Incoming) -> Option<(&'static str, Kind)> {
    match incoming.provider {
        Provider::Gitlab => gitlab::event(&incoming.event, &incoming.body),
        Provider::Github | Provider::Local => {
            incoming.event.parse().ok().map(|event: GithubEvent| (event.name(), event.kind()))
        }
    }
}

/// For whom a proof speaks.
enum Targets {
    Rows(Vec<Hooked>),
    /// For the whole installation, and so for these, which the payload names.
    Installation(Vec<Hooked>),
}

/// What is kept of a payload that was read: as it came.
fn kept(body: &[u8]) -> Value {
    match std::str::from_utf8(body) {
        Ok(whole) if body.len() <= PAYLOAD_KEPT => Value::JsonText(whole.trim().to_owned()),
        _ => Value::Json(json!({ "bytes": body.len() })),
    }
}

/// What follows from a delivery that was taken before: nothing, but for a commit whose analysis failed for good.
pub(super) async fn take_again(tx: &mut Tx, repository: &Repository, told: &Told) -> Result<Taken> {
    match told {
        Told::Push(push) if reopen(tx, repository, push).await? => Ok(Taken::Accepted),
        _ => Ok(Taken::Ignored(TAKEN_BEFORE)),
    }
}

/// Whether the analysis of the pushed commit had failed, and is tried again.
async fn reopen(tx: &mut Tx, repository: &Repository, push: &Push) -> Result<bool> {
    let (branch, hash) = (push.branch.clone(), push.head.clone());
    let is_head = head(tx, repository.id(), &branch).await?.is_some_and(|known| known.hash == hash);
    let Some(commit_id) = commits::store::requeue_failed(tx, repository.id(), &hash).await?.filter(|_| is_head) else {
        return Ok(false);
    };
    tx.emit(&PushReceived { repository_id: repository.id(), commit_id, branch, hash });
    Ok(true)
}
