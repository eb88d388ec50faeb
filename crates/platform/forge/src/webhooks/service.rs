//! Deliveries, taken: whose signature it is, what it says, and what follows from it, in one transaction for each repository.
//!
//! Nothing is asked of a forge before the answer. What somebody says without the right secret leaves no trace but a count.

use rampart_access::{Ctx, Granted};
use rampart_kernel::Value;
use rampart_store::{Error as StoreError, Tx};
use serde_json::json;
use serde_json::value::RawValue;

use super::github::{self, GithubEvent};
use super::gitlab;
use super::model::{Delivered, DeliveryId, DeliveryStatus, Incoming, Kind, Taken};
use super::store::{self, Hooked};
use super::told::{Comment, Push, Told, about};
use crate::access::ManageRepositories;
use crate::commits;
use crate::error::Error;
use crate::events::{PullRequestCommented, PullRequestReviewed, PushReceived};
use crate::installations;
use crate::model::{Provider, Repository};
use crate::pulls;
use crate::repositories::store::{WEBHOOK_SECRET, head, save_head};
use crate::service::{Forge, Result, system};

/// Bytes of a payload that is kept to be looked at; of longer ones the length is.
const PAYLOAD_KEPT: usize = 64 * 1024;

/// How often a delivery is tried again when the database had no time for it: who delivers it does not try again by itself.
const AGAIN: u32 = 3;

/// Bytes of a delivery's name; GitHub's are UUIDs.
const DELIVERY_LENGTH: usize = 100;

/// Characters of a comment; GitHub takes no more, and who writes more at GitLab is cut short.
const COMMENT_LENGTH: usize = 65_536;

pub(super) const TAKEN_BEFORE: &str = "it was delivered before";
const UNKNOWN: &str = "a pull request that is not known";

impl Forge {
    /// Takes what a forge tells, once; returns when it is durable.
    ///
    /// # Errors
    /// [`Error::InvalidSignature`], [`Error::UnsupportedEvent`]; [`Error::Field`] when it cannot be read.
    pub async fn take(&self, ctx: &Ctx, incoming: &Incoming) -> Result<Taken> {
        // The rest waits here, in order, and not for the database, which gives up after some seconds and serves others too.
        let turn = self.deliveries.acquire().await;
        let _turn = turn.map_err(|error| Error::Unexpected(error.into()))?;
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
                let (Targets::Rows(rows) | Targets::Installation(rows)) = targets;
                self.take_for(ctx, (event, kind), incoming, &rows).await?
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
        let candidates = match &incoming.repository {
            Some(id) => match id.parse() {
                Ok(id) => {
                    store::find(&mut self.store.read().await?, incoming.provider, id).await?.into_iter().collect()
                }
                Err(_) => Vec::new(),
            },
            None => self.named(incoming).await?,
        };
        let own = |hooked: &Hooked| hooked.secret.is_some();
        let has_own = candidates.iter().any(own);
        let mut signed = Vec::new();
        for hooked in &candidates {
            let Some(sealed) = &hooked.secret else { continue };
            let cell = WEBHOOK_SECRET.cell(rampart_kernel::Id::uuid(hooked.repository.id()));
            let secret = self.keys.open(cell, sealed).map_err(|error| Error::Unexpected(error.into()))?;
            if incoming.proof.is_of(&secret, &incoming.body) {
                signed.push(hooked.repository.clone());
            }
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
                let at_forge = about(incoming.provider, &incoming.body);
                let named = candidates.into_iter().map(|hooked| hooked.repository);
                // Whatever address it came by, it is about what it names.
                let is_named = |it: &Repository| it.provider_repo_id.is_some() && it.provider_repo_id == at_forge;
                Ok(Targets::Installation(named.filter(is_named).collect()))
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
        let Some(at_forge) = about(incoming.provider, &incoming.body) else { return Ok(Vec::new()) };
        Ok(store::list(&mut self.store.read().await?, incoming.provider, &at_forge).await?)
    }

    async fn take_for(
        &self,
        ctx: &Ctx,
        (event, kind): (&'static str, Kind),
        incoming: &Incoming,
        rows: &[Repository],
    ) -> Result<Taken> {
        let told = Told::read(incoming.provider, kind, &incoming.body, ctx.now())?;
        let at_forge = about(incoming.provider, &incoming.body);
        let mut taken = Taken::Ignored("no repository that is connected");
        for repository in rows {
            // The secret of one hook does not speak for another repository, which may have been given the same.
            if repository.provider_repo_id.is_some() && repository.provider_repo_id != at_forge {
                continue;
            }
            let mut again = AGAIN;
            let one = loop {
                match self.take_one(ctx, event, incoming, &told, repository).await {
                    // It was written whole or not at all: which, the next try sees.
                    Err(Error::Store(StoreError::Busy | StoreError::TookTooLong { .. })) if again > 0 => again -= 1,
                    Ok(Taken::Ignored(TAKEN_BEFORE)) if again < AGAIN => break Taken::Accepted,
                    one => break one?,
                }
            };
            if taken != Taken::Accepted {
                taken = one;
            }
        }
        Ok(taken)
    }

    async fn take_one(
        &self,
        ctx: &Ctx,
        event: &'static str,
        incoming: &Incoming,
        told: &Told,
        repository: &Repository,
    ) -> Result<Taken> {
        let system = system(ctx, repository.workspace);
        let granted = system.require::<ManageRepositories>()?;
        let mut tx = self.store.begin(&system).await?;
        // In turn: what is told of one repository at the same time, or by a look at it.
        let repository = match self.lock_in(&mut tx, &granted, repository.id()).await {
            Ok(repository) if repository.active => repository,
            Ok(_) | Err(rampart_store::Error::NotFound) => return Ok(Taken::Ignored("it is connected no more")),
            Err(error) => return Err(error.into()),
        };
        let delivered =
            Delivered { id: system.new_id(), delivery: &incoming.delivery, event, repository: Some(repository.id()) };
        let kept = (DeliveryStatus::Queued, kept(&incoming.body));
        if !store::insert(&mut tx, incoming.provider, Some(repository.workspace), &delivered, kept).await? {
            // It was taken. What followed may have failed for good, though: then it is taken up again.
            let taken = take_again(&mut tx, &repository, told).await?;
            tx.commit().await?;
            return Ok(taken);
        }
        let taken = self.follow(&mut tx, &granted, &repository, delivered.id, told).await?;
        if let Taken::Ignored(why) = taken {
            // Noted all the same, so that it is known when it comes again.
            store::settle(&mut tx, delivered.id, DeliveryStatus::Ignored, Some(why)).await?;
        }
        tx.commit().await?;
        Ok(taken)
    }

    /// What follows from a delivery that was not taken before, for a repository that is held.
    pub(super) async fn follow(
        &self,
        tx: &mut Tx,
        granted: &Granted<ManageRepositories>,
        repository: &Repository,
        delivery: DeliveryId,
        told: &Told,
    ) -> Result<Taken> {
        if self.identity.is_suspended_in(tx, repository.workspace).await? {
            return Ok(Taken::Ignored("the workspace is suspended"));
        }
        let id = repository.id();
        Ok(match told {
            Told::Push(push) => pushed(tx, repository, delivery, push).await?,
            Told::PullRequest(seen, action) => match self.note_pull_request_in(tx, granted, id, seen, *action).await? {
                Some(_) => Taken::Accepted,
                None => Taken::Ignored("something later is known"),
            },
            Told::Review(review) => match pulls::store::find(tx, granted, id, review.number).await? {
                Some(pull) => {
                    let (author, verdict) = (review.author.clone(), review.verdict.clone());
                    tx.emit(&PullRequestReviewed { pr_id: pull.id, repository_id: id, author, verdict });
                    Taken::Accepted
                }
                None => Taken::Ignored(UNKNOWN),
            },
            Told::Comment(comment) => match pulls::store::find(tx, granted, id, comment.number).await? {
                Some(pull) => {
                    tx.emit(&commented(repository, pull.id, comment));
                    Taken::Accepted
                }
                None => Taken::Ignored(UNKNOWN),
            },
            Told::Nothing(why) => Taken::Ignored(why),
        })
    }

    /// The app was installed, taken away, or given other repositories.
    async fn installed(&self, ctx: &Ctx, event: &'static str, incoming: &Incoming) -> Result<Taken> {
        let told = github::installation(&incoming.body)?;
        let mut tx = self.store.begin(&Ctx::of_system((**ctx).clone(), "forge")).await?;
        let delivered = Delivered { id: ctx.new_id(), delivery: &incoming.delivery, event, repository: None };
        let kept = (DeliveryStatus::Processed, kept(&incoming.body));
        if !store::insert(&mut tx, incoming.provider, None, &delivered, kept).await? {
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
    Rows(Vec<Repository>),
    /// For the whole installation, and so for these, which the payload names.
    Installation(Vec<Repository>),
}

/// What is kept of a payload: as it came, without taking it apart.
fn kept(body: &[u8]) -> Value {
    match serde_json::from_slice::<&RawValue>(body) {
        Ok(whole) if body.len() <= PAYLOAD_KEPT => Value::JsonText(whole.get().to_owned()),
        _ => Value::Json(json!({ "bytes": body.len() })),
    }
}

/// The commits of a push, and where the branch is now.
async fn pushed(tx: &mut Tx, repository: &Repository, delivery: DeliveryId, push: &Push) -> Result<Taken> {
    let (branch, hash) = (push.branch.clone(), push.head.clone());
    if !repository.watched().contains(&&branch) {
        return Ok(Taken::Ignored("the branch is not watched"));
    }
    if !repository.summary.auto_scan_enabled {
        return Ok(Taken::Ignored("automatic scans are switched off"));
    }
    let known = head(tx, repository.id(), &branch).await?;
    let pushed_at = push.at;
    if known.as_ref().is_some_and(|known| known.hash == hash) {
        return Ok(Taken::Ignored("it is known already"));
    }
    let late = known.and_then(|known| known.pushed_at).zip(pushed_at).is_some_and(|(known, this)| this < known);
    let about = (repository.workspace, repository.id(), &branch);
    commits::store::note_skipped(tx, about, (delivery, push.pusher.as_deref()), &push.commits).await?;
    if late {
        return Ok(Taken::Ignored("something later is known"));
    }
    save_head(tx, repository.id(), &branch, &hash, pushed_at).await?;
    let commit_id = commits::store::note(tx, repository.workspace, repository.id(), &branch, &hash).await?;
    commits::store::forget_tree(tx, repository.id(), &branch).await?;
    tx.emit(&PushReceived { repository_id: repository.id(), commit_id, branch, hash });
    Ok(Taken::Accepted)
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

fn commented(repository: &Repository, pr_id: crate::PullRequestId, comment: &Comment) -> PullRequestCommented {
    // Until it is known as whom the program writes, everybody may be it.
    let own = repository.account.as_ref().is_none_or(|own| own.eq_ignore_ascii_case(&comment.author.name));
    PullRequestCommented {
        pr_id,
        repository_id: repository.id(),
        external_id: comment.id.clone(),
        author: comment.author.name.clone(),
        author_id: comment.author.id.clone(),
        by_bot: comment.by_bot,
        by_own_account: own,
        text: comment.text.chars().take(COMMENT_LENGTH).collect(),
    }
}
