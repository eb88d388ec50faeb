//! Deliveries, taken: whose signature it is, what it says, and what follows from it, in one transaction for each repository.
//!
//! Nothing is asked of a forge before the answer. What somebody says without the right secret leaves no trace but a count.

use rampart_access::Ctx;
use rampart_store::{Error as StoreError, Tx};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::model::{Delivered, DeliveryStatus, GithubEvent, Incoming, Taken};
use super::payload::{About, Commented, Installed, PullRequestTold, Push, Reviewed};
use super::store::{self, Hooked};
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

/// Characters of a comment; GitHub takes no more either.
const COMMENT_LENGTH: usize = 65_536;

impl Forge {
    /// Takes what GitHub tells, once; returns when it is durable.
    ///
    /// # Errors
    /// [`Error::InvalidSignature`], [`Error::UnsupportedEvent`]; [`Error::Field`] when it cannot be read.
    pub async fn take_github(&self, ctx: &Ctx, incoming: &Incoming) -> Result<Taken> {
        // The rest waits here, in order, and not for the database, which gives up after some seconds and serves others too.
        let turn = self.deliveries.acquire().await;
        let _turn = turn.map_err(|error| Error::Unexpected(error.into()))?;
        let targets = self.targets(incoming).await?;
        let event: GithubEvent = incoming.event.parse().map_err(|_| Error::UnsupportedEvent)?;
        if incoming.only_pull_requests && event != GithubEvent::PullRequest {
            return Err(Error::UnsupportedEvent);
        }
        let plain = |byte: u8| byte.is_ascii_graphic();
        if !(1..=DELIVERY_LENGTH).contains(&incoming.delivery.len()) || !incoming.delivery.bytes().all(plain) {
            return Err(Error::Field { field: "X-GitHub-Delivery", what: "names the delivery".to_owned() });
        }
        let taken = match event {
            GithubEvent::Ping => Taken::Ignored("ping"),
            GithubEvent::Installation | GithubEvent::InstallationRepositories => match targets {
                // One repository's people say nothing of the installations of others.
                Targets::Rows(_) => Taken::Ignored("only the app tells of installations"),
                Targets::Installation => self.installed(ctx, event, incoming).await?,
            },
            _ => {
                let rows = match targets {
                    Targets::Rows(rows) => rows,
                    Targets::Installation => self.all_named(incoming).await?,
                };
                self.take_for(ctx, event, incoming, &rows).await?
            }
        };
        let result = if taken == Taken::Accepted { "accepted" } else { "ignored" };
        metrics::counter!("rampart_webhooks_total", "provider" => "github", "event" => event.name(), "result" => result)
            .increment(1);
        Ok(taken)
    }

    /// For whom the signature speaks: the repositories whose secret it was made with, or, with the installation's own secret,
    /// whichever the payload names.
    async fn targets(&self, incoming: &Incoming) -> Result<Targets> {
        let candidates = match &incoming.repository {
            Some(id) => match id.parse() {
                Ok(id) => store::find(&mut self.store.read().await?, Provider::Github, id).await?.into_iter().collect(),
                Err(_) => Vec::new(),
            },
            None => self.named(incoming).await?,
        };
        let own = |hooked: &Hooked| hooked.secret.is_some();
        let has_own = candidates.iter().any(own);
        let mut signed = Vec::new();
        for hooked in candidates {
            let Some(sealed) = &hooked.secret else { continue };
            let cell = WEBHOOK_SECRET.cell(rampart_kernel::Id::uuid(hooked.repository.id()));
            let secret = self.keys.open(cell, sealed).map_err(|error| Error::Unexpected(error.into()))?;
            if incoming.signature.is_of(&secret, &incoming.body) {
                signed.push(hooked.repository);
            }
        }
        if !signed.is_empty() {
            return Ok(Targets::Rows(signed));
        }
        // A repository that is named and has a secret of its own is spoken for by no other.
        let fallback = self.github.webhook_secret().filter(|_| incoming.repository.is_none() || !has_own);
        match fallback {
            Some(secret) if incoming.signature.is_of(secret, &incoming.body) => Ok(Targets::Installation),
            _ => {
                metrics::counter!("rampart_webhooks_total", "provider" => "github", "event" => "unknown",
                    "result" => "rejected")
                .increment(1);
                Err(Error::InvalidSignature)
            }
        }
    }

    /// By the repository that the payload says it is about.
    async fn named(&self, incoming: &Incoming) -> Result<Vec<Hooked>> {
        let about: Option<About> = serde_json::from_slice(&incoming.body).ok();
        let Some(named) = about.and_then(|about| about.repository) else { return Ok(Vec::new()) };
        Ok(store::list(&mut self.store.read().await?, Provider::Github, &named.id.to_string()).await?)
    }

    async fn all_named(&self, incoming: &Incoming) -> Result<Vec<Repository>> {
        let named = self.named(incoming).await?.into_iter().map(|hooked| hooked.repository);
        Ok(match &incoming.repository {
            Some(id) => named.filter(|repository| repository.id().to_string() == *id).collect(),
            None => named.collect(),
        })
    }

    async fn take_for(&self, ctx: &Ctx, event: GithubEvent, incoming: &Incoming, rows: &[Repository]) -> Result<Taken> {
        let about: About = parse(&incoming.body)?;
        let told = Told::parse(event, &incoming.body)?;
        let at_forge = about.repository.map(|named| named.id.to_string());
        let mut taken = Taken::Ignored("no repository that is connected");
        for repository in rows {
            // The secret of one hook does not speak for another repository, which may have been given the same.
            if repository.provider_repo_id.is_some() && repository.provider_repo_id != at_forge {
                continue;
            }
            let mut again = AGAIN;
            let one = loop {
                match self.take_one(ctx, event, incoming, &told, repository).await {
                    // Nothing of it was written.
                    Err(Error::Store(StoreError::Busy | StoreError::TookTooLong { .. })) if again > 0 => again -= 1,
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
        event: GithubEvent,
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
        let kept = (DeliveryStatus::Queued, &kept(&incoming.body));
        if !store::insert(&mut tx, Provider::Github, Some(repository.workspace), &delivered, kept).await? {
            // It was taken. What followed may have failed for good, though: then it is taken up again.
            let reopened = match told {
                Told::Push(push) => reopen(&mut tx, &repository, push).await?,
                _ => false,
            };
            if !reopened {
                return Ok(Taken::Ignored("it was delivered before"));
            }
            tx.commit().await?;
            return Ok(Taken::Accepted);
        }
        let taken = match told {
            Told::Push(push) => pushed(&mut tx, &repository, &delivered, push).await?,
            Told::PullRequest(told) => {
                let Some(action) = told.action() else {
                    return self.ignore(tx, &delivered, "nothing to look at").await;
                };
                let seen = match told.pull_request.seen(system.now()) {
                    Ok(seen) => seen,
                    Err(why) => return self.ignore(tx, &delivered, why).await,
                };
                match self.note_pull_request_in(&mut tx, &granted, repository.id(), &seen, action).await? {
                    Some(_) => Taken::Accepted,
                    None => Taken::Ignored("something later is known"),
                }
            }
            Told::Review(told) if told.action == "submitted" => {
                match pulls::store::find(&mut tx, &granted, repository.id(), told.pull_request.number).await? {
                    Some(pull) => {
                        let author = told.review.user.as_ref().map(|user| user.login.clone()).unwrap_or_default();
                        let verdict = told.review.state.clone().unwrap_or_default();
                        tx.emit(&PullRequestReviewed {
                            pr_id: pull.id,
                            repository_id: repository.id(),
                            author,
                            verdict,
                        });
                        Taken::Accepted
                    }
                    None => Taken::Ignored("a pull request that is not known"),
                }
            }
            Told::Comment(told) if told.action == "created" && told.issue.pull_request.is_some() => {
                match pulls::store::find(&mut tx, &granted, repository.id(), told.issue.number).await? {
                    Some(pull) => {
                        tx.emit(&commented(&repository, pull.id, told));
                        Taken::Accepted
                    }
                    None => Taken::Ignored("a pull request that is not known"),
                }
            }
            Told::Review(_) | Told::Comment(_) => Taken::Ignored("nothing to look at"),
        };
        match taken {
            Taken::Accepted => {
                tx.commit().await?;
                Ok(Taken::Accepted)
            }
            Taken::Ignored(why) => self.ignore(tx, &delivered, why).await,
        }
    }

    /// Noted all the same, so that it is known when it comes again.
    async fn ignore(&self, mut tx: Tx, delivered: &Delivered<'_>, why: &'static str) -> Result<Taken> {
        store::settle(&mut tx, delivered.id, DeliveryStatus::Ignored, Some(why)).await?;
        tx.commit().await?;
        Ok(Taken::Ignored(why))
    }

    /// The app was installed, taken away, or given other repositories.
    async fn installed(&self, ctx: &Ctx, event: GithubEvent, incoming: &Incoming) -> Result<Taken> {
        let told: Installed = parse(&incoming.body)?;
        let mut tx = self.store.begin(&Ctx::of_system((**ctx).clone(), "forge")).await?;
        let delivered = Delivered { id: ctx.new_id(), delivery: &incoming.delivery, event, repository: None };
        let kept = (DeliveryStatus::Processed, &kept(&incoming.body));
        if !store::insert(&mut tx, Provider::Github, None, &delivered, kept).await? {
            return Ok(Taken::Ignored("it was delivered before"));
        }
        let id = told.installation.id.to_string();
        if event == GithubEvent::Installation && matches!(told.action.as_str(), "deleted" | "suspend") {
            installations::store::forget(&mut tx, &id, told.action == "deleted").await?;
        }
        let names = |named: &[super::payload::Named]| named.iter().map(|it| it.id.to_string()).collect::<Vec<_>>();
        let mut added = names(&told.repositories_added);
        if event == GithubEvent::Installation && matches!(told.action.as_str(), "created" | "unsuspend") {
            added.extend(names(&told.repositories));
        }
        installations::store::give(&mut tx, &id, &added).await?;
        installations::store::take(&mut tx, &id, &names(&told.repositories_removed)).await?;
        tx.commit().await?;
        Ok(Taken::Accepted)
    }
}

/// For whom a signature speaks.
enum Targets {
    Rows(Vec<Repository>),
    /// For the whole installation.
    Installation,
}

/// What is told of a repository.
enum Told {
    Push(Push),
    PullRequest(Box<PullRequestTold>),
    Review(Reviewed),
    Comment(Commented),
}

impl Told {
    fn parse(event: GithubEvent, body: &[u8]) -> Result<Told> {
        Ok(match event {
            GithubEvent::Push => Told::Push(parse(body)?),
            GithubEvent::PullRequest => Told::PullRequest(parse(body)?),
            GithubEvent::PullRequestReview => Told::Review(parse(body)?),
            GithubEvent::IssueComment => Told::Comment(parse(body)?),
            GithubEvent::Ping | GithubEvent::Installation | GithubEvent::InstallationRepositories => {
                return Err(Error::UnsupportedEvent);
            }
        })
    }
}

/// What is wrong is said by its place; what stands there is not.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    serde_json::from_slice(body).map_err(|error| {
        let what = match error.classify() {
            serde_json::error::Category::Data => "is no payload of this event",
            _ => "is no JSON",
        };
        let what = format!("{what}: line {}, column {}", error.line(), error.column());
        Error::Field { field: "body", what }
    })
}

/// What is kept of a payload.
fn kept(body: &[u8]) -> Value {
    match serde_json::from_slice(body) {
        Ok(value) if body.len() <= PAYLOAD_KEPT => value,
        _ => json!({ "bytes": body.len() }),
    }
}

/// The commits of a push, and where the branch is now.
async fn pushed(tx: &mut Tx, repository: &Repository, delivered: &Delivered<'_>, push: &Push) -> Result<Taken> {
    let (branch, hash) = match push.head() {
        Ok(head) => head,
        Err(why) => return Ok(Taken::Ignored(why)),
    };
    if !repository.watched().contains(&&branch) {
        return Ok(Taken::Ignored("the branch is not watched"));
    }
    if !repository.summary.auto_scan_enabled {
        return Ok(Taken::Ignored("automatic scans are switched off"));
    }
    let known = head(tx, repository.id(), &branch).await?;
    let pushed_at = push.repository.pushed_at;
    if known.as_ref().is_some_and(|known| known.hash == hash) {
        return Ok(Taken::Ignored("it is known already"));
    }
    let late = known.and_then(|known| known.pushed_at).zip(pushed_at).is_some_and(|(known, this)| this < known);
    let pusher = push.pusher.as_ref().and_then(|pusher| pusher.name.as_deref());
    let about = (repository.workspace, repository.id(), &branch);
    commits::store::note_skipped(tx, about, (delivered.id, pusher), &push.commits).await?;
    if late {
        return Ok(Taken::Ignored("something later is known"));
    }
    save_head(tx, repository.id(), &branch, &hash, pushed_at).await?;
    let commit_id = commits::store::note(tx, repository.workspace, repository.id(), &branch, &hash).await?;
    commits::store::forget_tree(tx, repository.id(), &branch).await?;
    tx.emit(&PushReceived { repository_id: repository.id(), commit_id, branch, hash });
    Ok(Taken::Accepted)
}

/// Whether the analysis of the pushed commit had failed, and is tried again.
async fn reopen(tx: &mut Tx, repository: &Repository, push: &Push) -> Result<bool> {
    let Ok((branch, hash)) = push.head() else { return Ok(false) };
    let is_head = head(tx, repository.id(), &branch).await?.is_some_and(|known| known.hash == hash);
    let Some(commit_id) = commits::store::requeue_failed(tx, repository.id(), &hash).await?.filter(|_| is_head) else {
        return Ok(false);
    };
    tx.emit(&PushReceived { repository_id: repository.id(), commit_id, branch, hash });
    Ok(true)
}

fn commented(repository: &Repository, pr_id: crate::PullRequestId, told: &Commented) -> PullRequestCommented {
    let user = told.comment.user.as_ref();
    PullRequestCommented {
        pr_id,
        repository_id: repository.id(),
        external_id: told.comment.id.to_string(),
        author: user.map(|user| user.login.clone()).unwrap_or_default(),
        by_bot: user.is_some_and(super::payload::Login::is_bot),
        association: told.comment.author_association.clone(),
        text: told.comment.body.as_deref().unwrap_or_default().chars().take(COMMENT_LENGTH).collect(),
    }
}
