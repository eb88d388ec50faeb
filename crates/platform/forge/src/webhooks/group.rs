//! Deliveries that wait at the same time are taken together, in one transaction of a few statements however many they are.
//!
//! Groups form by availability: what comes while one is being taken is in the next, and what comes alone is taken at once. An error is
//! that of a member, mostly: then each is taken by itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use rampart_access::{Ctx, Granted};
use rampart_kernel::{Value, WorkspaceId};
use rampart_store::{Error as StoreError, Tx};
use tokio::sync::oneshot;

use super::model::{DeliveryId, DeliveryStatus, Taken};
use super::push::Pushes;
use super::service::{TAKEN_BEFORE, take_again};
use super::store::{self, New};
use super::told::{Comment, Told};
use crate::access::ManageRepositories;
use crate::error::Error;
use crate::events::{PullRequestCommented, PullRequestReviewed};
use crate::model::{Provider, Repository, RepositoryId};
use crate::pulls;
use crate::repositories::store::lock_all;
use crate::service::{Forge, Result};

/// Deliveries of one transaction: some milliseconds of the writer.
const GROUP: usize = 128;

/// How often a group is tried again when the database had no time for it: who delivers it does not try again by itself.
const AGAIN: u32 = 3;

/// Characters of a comment; GitHub takes no more, and who writes more at GitLab is cut short.
const COMMENT_LENGTH: usize = 65_536;

const UNKNOWN: &str = "a pull request that is not known";

/// A delivery that was read, for one repository.
pub struct Waiting {
    /// The program itself, in the workspace of the repository.
    pub system: Ctx,
    pub granted: Granted<ManageRepositories>,
    pub id: DeliveryId,
    pub provider: Provider,
    pub delivery: String,
    pub event: &'static str,
    pub repository: RepositoryId,
    pub told: Arc<Told>,
    pub payload: Value,
}

impl Waiting {
    fn place(&self) -> (WorkspaceId, RepositoryId) {
        (self.granted.workspace(), self.repository)
    }
}

type Entry = (Waiting, oneshot::Sender<Result<Taken>>);

/// Those who wait, and whether somebody takes them.
#[derive(Default)]
pub struct Line(Mutex<(Vec<Entry>, bool)>);

impl Line {
    /// Whether nobody takes those who wait, so that the caller has to.
    fn join(&self, entry: Entry) -> bool {
        let mut line = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        line.0.push(entry);
        !std::mem::replace(&mut line.1, true)
    }

    /// The next group; with an empty one it is over.
    fn next(&self) -> Vec<Entry> {
        let mut line = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = line.0.len().min(GROUP);
        line.1 = count > 0;
        line.0.drain(..count).collect()
    }
}

/// A delivery that is noted, of a repository that is held.
pub struct Fresh<'a> {
    pub system: &'a Ctx,
    pub granted: &'a Granted<ManageRepositories>,
    pub repository: &'a Repository,
    pub delivery: DeliveryId,
    pub told: &'a Told,
}

impl Forge {
    /// Returns when it is durable.
    pub(super) async fn take_in_line(&self, waiting: Waiting) -> Result<Taken> {
        let (sender, answer) = oneshot::channel();
        if self.deliveries.join((waiting, sender)) {
            let forge = self.clone();
            tokio::spawn(async move {
                loop {
                    let group = forge.deliveries.next();
                    if group.is_empty() {
                        return;
                    }
                    let forge = forge.clone();
                    // By itself, so that a panic is only that of a group.
                    let _ = tokio::spawn(async move { forge.take_group(group).await }).await;
                }
            });
        }
        answer.await.map_err(|error| Error::Unexpected(error.into()))?
    }

    async fn take_group(&self, group: Vec<Entry>) {
        let (waiting, answers): (Vec<_>, Vec<_>) = group.into_iter().unzip();
        let outcomes = match self.take_together(&waiting).await {
            Ok(taken) => taken.into_iter().map(Ok).collect(),
            Err(error) if waiting.len() == 1 => vec![Err(error)],
            Err(Error::Store(error)) if error.is_of_all() => {
                waiting.iter().map(|_| Err(error.again().into())).collect()
            }
            Err(_) => self.take_each(&waiting).await,
        };
        for (answer, outcome) in answers.into_iter().zip(outcomes) {
            // Whoever waited may have gone away.
            let _ = answer.send(outcome);
        }
    }

    /// One of them cannot be taken: which, is found out.
    async fn take_each(&self, waiting: &[Waiting]) -> Vec<Result<Taken>> {
        let mut outcomes = Vec::with_capacity(waiting.len());
        for one in waiting.chunks(1) {
            outcomes.push(self.take_together(one).await.map(|taken| taken[0]));
        }
        outcomes
    }

    async fn take_together(&self, waiting: &[Waiting]) -> Result<Vec<Taken>> {
        let mut again = AGAIN;
        loop {
            match self.take_once(waiting).await {
                Err(Error::Store(StoreError::Busy | StoreError::TookTooLong { .. })) if again > 0 => again -= 1,
                // They were written all or none: which, the next try has seen.
                Ok(taken) if again < AGAIN => {
                    let known = |it| if it == Taken::Ignored(TAKEN_BEFORE) { Taken::Accepted } else { it };
                    return Ok(taken.into_iter().map(known).collect());
                }
                outcome => return outcome,
            }
        }
    }

    async fn take_once(&self, waiting: &[Waiting]) -> Result<Vec<Taken>> {
        let Some(first) = waiting.first() else { return Ok(Vec::new()) };
        let mut tx = self.store.begin(&first.system).await?;
        // In turn: what is told of one repository at the same time, or by a look at it.
        let wanted = waiting.iter().map(|it| (&it.granted, it.repository));
        let held = lock_all(&mut tx, wanted).await?;
        let connected: Vec<(&Waiting, Option<&Repository>)> =
            waiting.iter().map(|it| (it, held.get(&it.place()).filter(|repository| repository.active))).collect();
        let new = connected.iter().filter_map(|(it, repository)| {
            let (payload, workspace) = (it.payload.clone(), repository.as_ref()?.workspace);
            Some(New {
                id: it.id,
                provider: it.provider,
                delivery: &it.delivery,
                event: it.event,
                of: Some((it.repository, workspace)),
                status: DeliveryStatus::Queued,
                payload,
            })
        });
        let noted = store::insert(&mut tx, new).await?;
        let fresh = connected.iter().filter(|(it, _)| noted.contains(&it.id)).filter_map(|(it, repository)| {
            let Waiting { system, granted, id: delivery, told, .. } = *it;
            Some(Fresh { system, granted, repository: (*repository)?, delivery: *delivery, told })
        });
        let fresh: Vec<Fresh<'_>> = fresh.collect();
        let followed = self.follow(&mut tx, &fresh).await?;
        // Noted all the same, so that it is known when it comes again.
        let ignored = fresh.iter().zip(&followed).filter_map(|(it, taken)| match taken {
            Taken::Accepted => None,
            Taken::Ignored(why) => Some((it.delivery, *why)),
        });
        store::ignore(&mut tx, ignored).await?;
        let followed: HashMap<DeliveryId, Taken> = fresh.iter().map(|it| it.delivery).zip(followed).collect();
        let mut taken = Vec::with_capacity(waiting.len());
        for (it, repository) in connected {
            taken.push(match (repository, followed.get(&it.id)) {
                (None, _) => Taken::Ignored("it is connected no more"),
                (Some(_), Some(taken)) => *taken,
                // It was taken. What followed may have failed for good, though: then it is taken up again.
                (Some(repository), None) => {
                    cause(&mut tx, &it.system);
                    take_again(&mut tx, repository, &it.told).await?
                }
            });
        }
        tx.commit().await?;
        Ok(taken)
    }

    /// What follows from deliveries that were not taken before, of repositories that are held; of each what came of it, in their order.
    pub(super) async fn follow(&self, tx: &mut Tx, fresh: &[Fresh<'_>]) -> Result<Vec<Taken>> {
        let suspended = self.identity.suspended_in(tx, fresh.iter().map(|it| it.repository.workspace)).await?;
        let is_suspended = |it: &Fresh<'_>| suspended.contains(&it.repository.workspace);
        let mut pushes = Pushes::default();
        for it in fresh.iter().filter(|it| !is_suspended(it)) {
            if let Told::Push(push) = it.told {
                pushes.add(it.repository, it.delivery, push);
            }
        }
        let mut pushed = pushes.note(tx).await?;
        let mut taken = Vec::with_capacity(fresh.len());
        for it in fresh {
            cause(tx, it.system);
            taken.push(match it.told {
                _ if is_suspended(it) => Taken::Ignored("the workspace is suspended"),
                Told::Push(_) => match pushed.remove(&it.delivery) {
                    Some(Ok(event)) => {
                        tx.emit(&event);
                        Taken::Accepted
                    }
                    Some(Err(why)) => Taken::Ignored(why),
                    None => return Err(Error::Unexpected("a push was not looked at".into())),
                },
                _ => self.follow_one(tx, it).await?,
            });
        }
        Ok(taken)
    }

    /// What is told of pull requests: seldom, and each another change.
    async fn follow_one(&self, tx: &mut Tx, fresh: &Fresh<'_>) -> Result<Taken> {
        let (granted, repository_id) = (fresh.granted, fresh.repository.id());
        Ok(match fresh.told {
            Told::PullRequest(seen, action) => {
                match self.note_pull_request_in(tx, granted, repository_id, seen, *action).await? {
                    Some(_) => Taken::Accepted,
                    None => Taken::Ignored("something later is known"),
                }
            }
            Told::Review(review) => match pulls::store::find(tx, granted, repository_id, review.number).await? {
                Some(pull) => {
                    let (author, verdict) = (review.author.clone(), review.verdict.clone());
                    tx.emit(&PullRequestReviewed { pr_id: pull.id, repository_id, author, verdict });
                    Taken::Accepted
                }
                None => Taken::Ignored(UNKNOWN),
            },
            Told::Comment(comment) => match pulls::store::find(tx, granted, repository_id, comment.number).await? {
                Some(pull) => {
                    tx.emit(&commented(fresh.repository, pull.id, comment));
                    Taken::Accepted
                }
                None => Taken::Ignored(UNKNOWN),
            },
            Told::Nothing(why) => Taken::Ignored(why),
            Told::Push(_) => return Err(Error::Unexpected("pushes are looked at together".into())),
        })
    }
}

/// What follows is caused by this delivery.
fn cause(tx: &mut Tx, system: &Ctx) {
    tx.as_caused_by(system.request_id.as_str(), system.workspace);
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
