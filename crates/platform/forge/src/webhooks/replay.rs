//! Deliveries looked at, and done again, by who administers the installation.
//!
//! What is done again is what is kept, by the rules that hold when the forge itself delivers a second time: what was taken is not
//! taken twice.

use rampart_access::Ctx;
use rampart_access::audit::Record;
use rampart_jobs::{Failure, JobId, Run};
use rampart_web::{Page, Paged};

use super::github::GithubEvent;
use super::gitlab;
use super::group::Fresh;
use super::model::{Delivery, DeliveryId, DeliveryStatus, Kind, Taken, WholeDelivery};
use super::service::take_again;
use super::store::{self, DeliveryFilter};
use super::told::Told;
use crate::access::ManageRepositories;
use crate::error::Error;
use crate::jobs::ReplayDelivery;
use crate::model::{Provider, RepositoryId};
use crate::service::{Forge, Result, system};

impl Forge {
    /// Of all workspaces, the newest first.
    ///
    /// # Errors
    /// When the caller does not administer the installation; the same with all that follow.
    pub async fn deliveries(&self, ctx: &Ctx, filter: &DeliveryFilter, page: Page) -> Result<Paged<Delivery>> {
        let admin = ctx.require_platform_admin()?;
        let (items, total) = store::deliveries(&mut self.store.read().await?, &admin, filter, page).await?;
        Ok(Paged { items, total, page })
    }

    /// # Errors
    /// When there is none.
    pub async fn delivery(&self, ctx: &Ctx, id: DeliveryId) -> Result<WholeDelivery> {
        ctx.require_platform_admin()?;
        Ok(store::get_delivery(&mut self.store.read().await?, id).await?)
    }

    /// Queues a delivery to be taken again; nothing when one waits or runs already.
    ///
    /// # Errors
    /// [`Error::NotReplayed`]; when there is none.
    pub async fn replay(&self, ctx: &Ctx, id: DeliveryId) -> Result<Option<JobId>> {
        let admin = ctx.require_platform_admin()?;
        let whole = self.delivery(ctx, id).await?;
        let delivery = &whole.delivery;
        replayed(&whole)?;
        // The job is of the workspace that the delivery is for.
        let origin = (**ctx).clone().in_workspace(delivery.workspace);
        let mut tx = self.store.begin(&origin).await?;
        let job = self.jobs.enqueue(&mut tx, &ReplayDelivery { delivery: id }).await?;
        if let Some(job) = job {
            store::note_replay(&mut tx, &admin, delivery, job).await?;
            let record = Record::new("webhook.replayed", "webhook_delivery").of(id);
            let record = delivery.workspace.map_or(record.clone(), |workspace| record.in_workspace(workspace));
            self.audit.record(&mut tx, ctx, record).await?;
        }
        tx.commit().await?;
        Ok(job)
    }

    /// Takes again what is kept of a delivery.
    ///
    /// # Errors
    /// When it cannot be.
    pub(crate) async fn run_replay(&self, run: &Run, id: DeliveryId) -> Result<(), Failure> {
        match self.take_kept(run, id).await {
            Ok(_) => Ok(()),
            Err(Error::Store(error)) => Err(error.into()),
            Err(error) => Err(Failure::fatal(error)),
        }
    }

    async fn take_kept(&self, run: &Run, id: DeliveryId) -> Result<Taken> {
        let whole = match store::get_delivery(&mut self.store.read().await?, id).await {
            // It was kept for as long as deliveries are.
            Err(rampart_store::Error::NotFound) => return Ok(Taken::Ignored("it is kept no more")),
            whole => whole?,
        };
        let delivery = &whole.delivery;
        let (repository, workspace, kind) = replayed(&whole)?;
        let body = serde_json::to_vec(&whole.payload).map_err(|error| Error::Unexpected(error.into()))?;
        let told = Told::read(delivery.provider, kind, &body, delivery.received_at)?;
        let system = system(&Ctx::of_system(run.origin.clone(), "forge"), workspace);
        let granted = system.require::<ManageRepositories>()?;
        let mut tx = self.store.begin(&system).await?;
        let repository = match self.lock_in(&mut tx, &granted, repository).await {
            Ok(repository) if repository.active => repository,
            Ok(_) | Err(rampart_store::Error::NotFound) => return Ok(Taken::Ignored("it is connected no more")),
            Err(error) => return Err(error.into()),
        };
        // As it stands now that the repository is held.
        let before = store::get_delivery(&mut tx, id).await?.delivery.status;
        let taken = if matches!(before, DeliveryStatus::Queued | DeliveryStatus::Processed) {
            take_again(&mut tx, &repository, &told).await?
        } else {
            let fresh =
                Fresh { system: &system, granted: &granted, repository: &repository, delivery: id, told: &told };
            let taken = self.follow(&mut tx, &[fresh]).await?[0];
            let (status, why) = match taken {
                Taken::Accepted => (DeliveryStatus::Queued, None),
                Taken::Ignored(why) => (DeliveryStatus::Ignored, Some(why)),
            };
            store::settle(&mut tx, id, status, why).await?;
            taken
        };
        tx.commit().await?;
        Ok(taken)
    }
}

/// What a delivery that can be taken again is about.
fn replayed(whole: &WholeDelivery) -> Result<(RepositoryId, rampart_kernel::WorkspaceId, Kind)> {
    let delivery = &whole.delivery;
    if !whole.is_whole() {
        return Err(Error::NotReplayed("it was too large to be kept; deliver it again at the forge"));
    }
    // What an installation reaches now may be less than it did then.
    let (Some(repository), Some(workspace)) = (delivery.repository, delivery.workspace) else {
        return Err(Error::NotReplayed("it is of no repository; deliver it again at the forge"));
    };
    let kind = match delivery.provider {
        Provider::Gitlab => gitlab::named(&delivery.event).map(|(_, kind)| kind),
        Provider::Github | Provider::Local => delivery.event.parse().ok().map(GithubEvent::kind),
    };
    let kind = kind.ok_or(Error::NotReplayed("nothing follows from events of its kind"))?;
    Ok((repository, workspace, kind))
}
