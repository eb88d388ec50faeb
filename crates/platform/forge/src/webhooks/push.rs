//! What follows from pushes: their commits, and where their branches are now. Of many at once as of one, in the order in which they came.

use std::collections::HashMap;

use rampart_store::Tx;

use super::model::DeliveryId;
use super::told::Push;
use crate::commits::store::{Pushed, forget_trees, note_pushed};
use crate::error::Error;
use crate::events::PushReceived;
use crate::model::Repository;
use crate::repositories::heads::{BranchAt, Head, heads, save_heads};
use crate::service::Result;

/// Pushes that are looked at together.
#[derive(Default)]
pub struct Pushes<'a>(Vec<(&'a Repository, DeliveryId, &'a Push)>);

/// What came of a push: what is to be told, or why nothing.
pub type Came = Result<PushReceived, &'static str>;

impl<'a> Pushes<'a> {
    pub fn add(&mut self, repository: &'a Repository, delivery: DeliveryId, push: &'a Push) {
        self.0.push((repository, delivery, push));
    }

    /// Notes their commits and the heads of their branches.
    pub async fn note(self, tx: &mut Tx) -> Result<HashMap<DeliveryId, Came>> {
        let branch = |(repository, _, push): &(&'a Repository, DeliveryId, &'a Push)| BranchAt {
            repository: repository.id(),
            name: push.branch.clone(),
        };
        let mut known = heads(tx, self.0.iter().map(branch)).await?;
        let (mut outcomes, mut moved) = (HashMap::new(), HashMap::new());
        let (mut pushed, mut news) = (Vec::new(), Vec::new());
        for it in &self.0 {
            let (repository, delivery, push) = *it;
            let at = branch(it);
            let why = refused(repository, push, known.get(&at));
            if why.is_none_or(|why| why == LATE) {
                let is_head = why.is_none();
                pushed.push(Pushed { workspace: repository.workspace, at: at.clone(), delivery, push, is_head });
            }
            if let Some(why) = why {
                outcomes.insert(delivery, Err(why));
                continue;
            }
            let before = known.get(&at).and_then(|known| known.pushed_at);
            let head = Head { hash: push.head.clone(), pushed_at: push.at.or(before) };
            known.insert(at.clone(), head.clone());
            moved.insert(at.clone(), head);
            news.push((delivery, at, push));
        }
        let commits = note_pushed(tx, &pushed).await?;
        save_heads(tx, &moved).await?;
        forget_trees(tx, moved.keys()).await?;
        for (delivery, BranchAt { repository: repository_id, name: branch }, push) in news {
            let hash = push.head.clone();
            let commit_id = commits.get(&(repository_id, hash.clone()));
            let commit_id = *commit_id.ok_or_else(|| Error::Unexpected("a head was not noted".into()))?;
            outcomes.insert(delivery, Ok(PushReceived { repository_id, commit_id, branch, hash }));
        }
        Ok(outcomes)
    }
}

/// Its commits are noted all the same.
const LATE: &str = "something later is known";

/// Why a branch is not moved by a push.
fn refused(repository: &Repository, push: &Push, known: Option<&Head>) -> Option<&'static str> {
    if !repository.watched().contains(&&push.branch) {
        return Some("the branch is not watched");
    }
    if !repository.summary.auto_scan_enabled {
        return Some("automatic scans are switched off");
    }
    let known = known?;
    if known.hash == push.head {
        return Some("it is known already");
    }
    let is_late = known.pushed_at.zip(push.at).is_some_and(|(known, this)| this < known);
    is_late.then_some(LATE)
}
