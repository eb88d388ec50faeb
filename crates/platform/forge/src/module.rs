//! What the module hands to the program.

use std::time::{Duration, Instant};

use rampart_jobs::{Failure, Handlers, Run, Schedule};
use rampart_kernel::{Origin, SealedColumn};
use rampart_realtime::Feed;
use rampart_store::Migration;
use rampart_web::Route;
use tokio_util::sync::CancellationToken;

use crate::jobs::{self, ForgetDeliveries, LookAtForges, LookAtRepository, ReplayDelivery};
use crate::service::Forge;
use crate::{commits, events, pulls, repositories, webhooks};

/// The module's tables.
pub const MIGRATIONS: &[Migration] = &[
    repositories::store::TABLES,
    commits::store::TABLES,
    pulls::store::COLUMNS,
    webhooks::store::COLUMNS,
    repositories::store::ACCOUNTS,
    webhooks::store::LOOKING,
    webhooks::store::STATUS,
];

/// What is sealed.
pub const SEALED: &[SealedColumn] = &[repositories::store::WEBHOOK_SECRET, repositories::store::ACCESS_TOKEN];

/// How often local repositories are looked at. A look takes some milliseconds for each of them; where there are so many that a round
/// takes longer than a tenth of the time, rounds are further apart.
const LOOK: Duration = Duration::from_secs(2);
const SHARE: u32 = 10;

/// The module, as the program mounts it.
pub struct Module {
    pub routes: Vec<Route>,
    pub handlers: Handlers,
    pub schedules: Vec<Schedule>,
    pub feed: Feed,
}

pub fn module(forge: &Forge, handlers: Handlers) -> Module {
    let own = forge.clone();
    let handlers = handlers.on(move |run: Run, _: LookAtForges| {
        let forge = own.clone();
        async move { forge.look_at_forges(&run.origin).await.map(drop).map_err(Failure::retry) }
    });
    let own = forge.clone();
    let handlers = handlers.on(move |run: Run, job: LookAtRepository| {
        let forge = own.clone();
        async move { forge.look_at_forge(&run.origin, &job).await }
    });
    let own = forge.clone();
    let handlers = handlers.on(move |run: Run, _: ForgetDeliveries| {
        let forge = own.clone();
        async move { Ok(forge.forget_deliveries(&run.origin).await.map(drop)?) }
    });
    let own = forge.clone();
    let handlers = handlers.on(move |run: Run, job: ReplayDelivery| {
        let forge = own.clone();
        async move { forge.run_replay(&run, job.delivery).await }
    });
    let routes = [
        repositories::routes::routes(forge),
        repositories::forge_routes::routes(forge),
        commits::routes::routes(forge),
        webhooks::routes::routes(forge),
        webhooks::admin_routes::routes(forge),
    ];
    let routes = routes.into_iter().flatten().collect();
    Module { routes, handlers, schedules: jobs::schedules(), feed: events::feed() }
}

impl Forge {
    /// Looks at local repositories again and again, until stopped. What is missed while nobody looks is found by the next look.
    pub async fn watch(self, origin: Origin, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let began = Instant::now();
            if let Err(error) = self.look(&origin).await {
                tracing::warn!(%error, "local repositories cannot be looked at");
            }
            let pause = LOOK.max(began.elapsed() * SHARE);
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }
}
