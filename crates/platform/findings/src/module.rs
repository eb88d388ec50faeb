//! What the module hands to the program.

use rampart_events::Subscriptions;
use rampart_jobs::{Failure, Handlers, Run, Schedule};
use rampart_realtime::Feed;
use rampart_store::Migration;
use rampart_web::Route;

use crate::jobs::{self, ForgetActivity, RecalculateScores, ReopenFindings};
use crate::service::Findings;
use crate::{activity, events, routes, store, views};

/// The module's tables.
pub const MIGRATIONS: &[Migration] = &[store::TABLES, views::TABLES];

/// The module, as the program mounts it.
pub struct Module {
    pub routes: Vec<Route>,
    pub handlers: Handlers,
    pub schedules: Vec<Schedule>,
    pub feed: Feed,
}

pub fn module(findings: &Findings, handlers: Handlers) -> Module {
    let own = findings.clone();
    let handlers = handlers.on(move |run: Run, _: ReopenFindings| {
        let findings = own.clone();
        async move { findings.reopen_due(&run.origin).await.map(drop).map_err(Failure::retry) }
    });
    let own = findings.clone();
    let handlers = handlers.on(move |run: Run, _: ForgetActivity| {
        let findings = own.clone();
        async move { findings.forget(&run.origin).await.map(drop).map_err(Failure::retry) }
    });
    let own = findings.clone();
    let handlers = handlers.on(move |run: Run, _: RecalculateScores| {
        let findings = own.clone();
        async move { findings.recalculate(&run.origin).await.map(drop).map_err(Failure::retry) }
    });
    let routes = routes::routes(findings).into_iter().chain(views::routes(findings)).collect();
    Module { routes, handlers, schedules: jobs::schedules(), feed: events::feed() }
}

/// What is to be done when something has happened.
pub fn subscriptions(subscriptions: Subscriptions) -> Subscriptions {
    activity::subscribe(subscriptions)
}
