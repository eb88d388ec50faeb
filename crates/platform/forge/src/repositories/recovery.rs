//! What a forge told and nobody heard: found by looking.

use std::collections::BTreeMap;

use rampart_access::Ctx;
use rampart_jobs::Failure;
use rampart_kernel::Origin;

use super::connect::account;
use super::store;
use crate::access::ManageRepositories;
use crate::error::Error;
use crate::jobs::LookAtRepository;
use crate::model::{Provider, Repository};
use crate::pulls::model::{PullRequestAction, PullRequestState};
use crate::pulls::store as pulls;
use crate::remote::{Error as Refused, ForgeClient};
use crate::service::{Forge, Result, system};
use crate::webhooks::store as deliveries;

/// Repositories in one query of a round.
const ROUND: i64 = 500;

/// Deliveries that are asked for again in one look.
const MOST_AGAIN: usize = 100;

/// Open pull requests of one repository that are compared.
const MOST_OPEN: i64 = 500;

impl Forge {
    /// Queues a look at every repository at a forge that is watched; how many.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn look_at_forges(&self, origin: &Origin) -> Result<u64> {
        let mut queued = 0;
        for forge in Provider::FORGES {
            let mut after = None;
            loop {
                let found = store::watched(&mut self.store.read().await?, forge, after, ROUND).await?;
                let Some(last) = found.last() else { break };
                after = Some(last.id());
                let mut tx = self.store.begin(origin).await?;
                for repository in &found {
                    let job = LookAtRepository { repository: repository.id(), workspace: repository.workspace };
                    queued += u64::from(self.jobs.enqueue(&mut tx, &job).await?.is_some());
                }
                tx.commit().await?;
            }
        }
        Ok(queued)
    }

    /// Looks at a repository at its forge for what was not told of, or told and not heard.
    ///
    /// # Errors
    /// What it means for the job.
    pub(crate) async fn look_at_forge(&self, origin: &Origin, job: &LookAtRepository) -> Result<(), Failure> {
        let ctx = system(origin, job.workspace);
        let repository = match self.get_repository(&ctx, job.repository).await {
            Ok(repository) if repository.active => repository,
            // It was disconnected meanwhile.
            Ok(_) | Err(Error::Store(rampart_store::Error::NotFound)) => return Ok(()),
            Err(error) => return Err(Failure::retry(error)),
        };
        let outcome = async {
            let client = self.forge_client(origin, &repository).await?;
            if repository.account.is_none() {
                self.note_account(&ctx, &client, &repository).await?;
            }
            self.ask_again(&client, &repository).await?;
            self.look_at(origin, &repository).await?;
            self.look_at_pulls(&ctx, &client, &repository).await
        };
        match outcome.await {
            Ok(()) => Ok(()),
            // The next look may find it otherwise: nothing that people would have to see to in a list of failures.
            Err(Error::NotLinked(_)) => Ok(()),
            Err(Error::Forge(error)) => Err(error.failure()),
            Err(error) => Err(Failure::retry(error)),
        }
    }

    /// As whom the program writes there: what was connected by an earlier version does not say.
    async fn note_account(&self, ctx: &Ctx, client: &ForgeClient, repository: &Repository) -> Result<()> {
        let Some(account) = account(client).await else { return Ok(()) };
        let granted = ctx.require::<ManageRepositories>()?;
        let mut tx = self.store.begin(ctx).await?;
        store::save_account(&mut tx, &granted, repository.id(), Some(&account)).await?;
        Ok(tx.commit().await?)
    }

    /// Has the forge send again what it could not deliver, as far as it is not known from elsewhere.
    async fn ask_again(&self, client: &ForgeClient, repository: &Repository) -> Result<()> {
        let Some(hook) = &repository.webhook_id else { return Ok(()) };
        let all = match client.hook_deliveries(hook).await {
            // Who may read a repository may not always see its hooks; and somebody may have removed it there.
            Err(Refused::NotFound(_) | Refused::Forbidden(_)) => return Ok(()),
            all => all?,
        };
        // The newest attempt of each says how it ended; forges list the newest first.
        let mut newest = BTreeMap::new();
        for delivery in all {
            newest.entry(delivery.name.clone()).or_insert(delivery);
        }
        let mut failed: Vec<_> = newest.into_values().filter(|it| !it.was_taken).collect();
        failed.sort_by_key(|delivery| delivery.id);
        failed.truncate(MOST_AGAIN);
        let names: Vec<String> = failed.iter().map(|delivery| delivery.name.clone()).collect();
        let (mut reader, forge) = (self.store.read().await?, repository.provider);
        let known = deliveries::known(&mut reader, forge, repository.id(), &names).await?;
        drop(reader);
        for delivery in failed.iter().filter(|delivery| !known.contains(&delivery.name)) {
            client.redeliver(hook, delivery.id).await?;
        }
        Ok(())
    }

    /// Pull requests that were opened, changed or closed without our hearing of it.
    async fn look_at_pulls(&self, ctx: &Ctx, client: &ForgeClient, repository: &Repository) -> Result<()> {
        let granted = ctx.require::<ManageRepositories>()?;
        let id = repository.id();
        let known = pulls::open(&mut self.store.read().await?, id, MOST_OPEN).await?;
        let there = client.open_pulls().await?;
        let mut news = Vec::new();
        for pull in &there {
            let seen = pull.seen.clone();
            match known.iter().find(|(number, ..)| *number == seen.number) {
                None => news.push((seen, PullRequestAction::Opened)),
                Some((_, head, base)) if head != seen.head.as_str() || base != seen.base_branch.as_str() => {
                    news.push((seen, PullRequestAction::Synchronized));
                }
                Some(_) => {}
            }
        }
        for (number, ..) in known.iter().filter(|(number, ..)| !there.iter().any(|pull| pull.seen.number == *number)) {
            let Some(pull) = client.pull(*number).await? else { continue };
            match pull.state {
                PullRequestState::Open => {}
                PullRequestState::Closed => news.push((pull.seen, PullRequestAction::Closed)),
                PullRequestState::Merged => news.push((pull.seen, PullRequestAction::Merged)),
            }
        }
        for (seen, action) in news {
            let mut tx = self.store.begin(ctx).await?;
            self.note_pull_request_in(&mut tx, &granted, id, &seen, action).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Removes deliveries that were taken long ago; how many.
    ///
    /// # Errors
    /// As the database answers.
    pub(crate) async fn forget_deliveries(&self, origin: &Origin) -> rampart_store::Result<u64> {
        let kept = self.identity.retention().await?.webhook_delivery_days.duration();
        self.store.remove_past(origin, &deliveries::PAST, origin.now() - kept).await
    }
}
