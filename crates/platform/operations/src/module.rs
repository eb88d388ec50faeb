//! What the module is made of, and what it hands to the program.

use std::path::PathBuf;
use std::sync::Arc;

use rampart_access::audit::Audit;
use rampart_identity::Identity;
use rampart_jobs::{Jobs, Queue, Schedule};
use rampart_store::Store;
use rampart_web::Route;

use crate::{audit, jobs, system};

/// The use cases. Clones are the same.
#[derive(Clone)]
pub struct Operations {
    pub(crate) store: Store,
    pub(crate) audit: Audit,
    pub(crate) identity: Identity,
    pub(crate) jobs: Jobs,
    /// Those that this program knows.
    pub(crate) queues: Arc<[Queue]>,
    pub(crate) schedules: Arc<[Schedule]>,
    /// Where the heads of the audit record are kept besides the database.
    pub(crate) checkpoints: PathBuf,
}

impl Operations {
    pub fn new(
        store: Store,
        audit: Audit,
        identity: Identity,
        jobs: Jobs,
        queues: Vec<Queue>,
        schedules: Vec<Schedule>,
        checkpoints: PathBuf,
    ) -> Operations {
        Operations { store, audit, identity, jobs, queues: queues.into(), schedules: schedules.into(), checkpoints }
    }
}

pub fn module(operations: &Operations) -> Vec<Route> {
    let routes = [audit::routes(operations), jobs::routes(operations), system::routes(operations)];
    routes.into_iter().flatten().collect()
}
