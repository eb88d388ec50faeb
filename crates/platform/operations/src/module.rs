//! What the module is made of, and what it hands to the program.

use std::path::PathBuf;
use std::sync::Arc;

use rampart_access::audit::Audit;
use rampart_identity::Identity;
use rampart_jobs::{Failure, Handlers, Jobs, Queue, Run, Schedule};
use rampart_kernel::Keys;
use rampart_kernel::config::Effective;
use rampart_objects::Objects;
use rampart_store::{Migration, Store, StoreSettings};
use rampart_web::Route;

use crate::alerts::jobs::{ALERTS, EvaluateAlerts};
use crate::alerts::model::AlertRule;
use crate::backups::jobs::{MakeBackup, VerifyBackup};
use crate::settings::OperationsSettings;
use crate::{alerts, audit, backups, config, jobs, system};

/// The module's tables.
pub const MIGRATIONS: &[Migration] = &[backups::store::TABLES, alerts::store::TABLES];

/// What the module stands on.
pub struct Ground {
    pub store: Store,
    /// Where the database is, for backups of it.
    pub database: StoreSettings,
    pub audit: Audit,
    pub keys: Arc<Keys>,
    pub identity: Identity,
    pub jobs: Jobs,
    pub objects: Objects,
    /// Where objects are, when they are in a folder of this machine: they are part of backups then.
    pub object_folder: Option<PathBuf>,
    /// Those that the other modules know.
    pub queues: Vec<Queue>,
    pub schedules: Vec<Schedule>,
    pub rules: Vec<AlertRule>,
    /// Where the heads of the audit record are kept besides the database.
    pub checkpoints: PathBuf,
    /// The configuration, as people may see it.
    pub effective: Effective,
}

/// The use cases. Clones are the same.
#[derive(Clone)]
pub struct Operations {
    pub(crate) store: Store,
    pub(crate) database: StoreSettings,
    pub(crate) audit: Audit,
    pub(crate) keys: Arc<Keys>,
    pub(crate) identity: Identity,
    pub(crate) jobs: Jobs,
    pub(crate) objects: Objects,
    pub(crate) object_folder: Option<PathBuf>,
    /// Those that this program knows.
    pub(crate) queues: Arc<[Queue]>,
    pub(crate) schedules: Arc<[Schedule]>,
    /// Those of other modules.
    others: Arc<[AlertRule]>,
    pub(crate) checkpoints: PathBuf,
    pub(crate) effective: Arc<Effective>,
    pub(crate) settings: OperationsSettings,
}

impl Operations {
    pub fn new(ground: Ground, settings: OperationsSettings) -> Operations {
        let mut queues = ground.queues;
        queues.push(ALERTS);
        Operations {
            store: ground.store,
            database: ground.database,
            audit: ground.audit,
            keys: ground.keys,
            identity: ground.identity,
            jobs: ground.jobs,
            objects: ground.objects,
            object_folder: ground.object_folder,
            queues: queues.into(),
            schedules: ground.schedules.into_iter().chain(schedules()).collect(),
            others: ground.rules.into(),
            checkpoints: ground.checkpoints,
            effective: Arc::new(ground.effective),
            settings,
        }
    }

    /// What is measured.
    pub(crate) fn rules(&self) -> Vec<AlertRule> {
        alerts::rules::own(self).into_iter().chain(self.others.iter().cloned()).collect()
    }
}

fn schedules() -> Vec<Schedule> {
    backups::jobs::schedules().into_iter().chain(alerts::jobs::schedules()).collect()
}

/// The module, as the program mounts it.
pub struct Module {
    pub routes: Vec<Route>,
    pub handlers: Handlers,
    pub schedules: Vec<Schedule>,
}

pub fn module(operations: &Operations, handlers: Handlers) -> Module {
    let own = operations.clone();
    let handlers = handlers.on(move |run: Run, job: MakeBackup| {
        let operations = own.clone();
        async move { operations.make_backup(&run, &job).await }
    });
    let own = operations.clone();
    let handlers = handlers.on(move |run: Run, _: VerifyBackup| {
        let operations = own.clone();
        async move { operations.verify_newest(&run).await }
    });
    let own = operations.clone();
    let handlers = handlers.on(move |run: Run, _: EvaluateAlerts| {
        let operations = own.clone();
        async move { operations.evaluate_alerts(&run.origin).await.map_err(Failure::retry) }
    });
    let routes = [
        audit::routes(operations),
        jobs::routes(operations),
        system::routes(operations),
        config::routes(operations),
        backups::routes::routes(operations),
        alerts::routes::routes(operations),
    ];
    Module { routes: routes.into_iter().flatten().collect(), handlers, schedules: schedules() }
}
