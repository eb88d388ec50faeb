//! What the module hands to the program.

use rampart_analysis::ChangeAnalysis;
use rampart_events::Subscriptions;
use rampart_forge::PullRequestCommented;
use rampart_jobs::{Handlers, Jobs, Run};
use rampart_realtime::Feed;
use rampart_store::Migration;
use rampart_web::Route;

use crate::jobs::{RescanAsAsked, TellPullRequest};
use crate::service::Feedback;
use crate::{events, routes, store};

/// The module's tables.
pub const MIGRATIONS: &[Migration] = &[store::TABLES];

/// The module, as the program mounts it.
pub struct Module {
    pub routes: Vec<Route>,
    pub handlers: Handlers,
    pub feed: Feed,
}

pub fn module(feedback: &Feedback, handlers: Handlers) -> Module {
    let own = feedback.clone();
    let handlers = handlers.on(move |run: Run, job: TellPullRequest| {
        let feedback = own.clone();
        async move { Ok(feedback.tell(&run.origin, &job).await?) }
    });
    let own = feedback.clone();
    let handlers = handlers.on(move |run: Run, job: RescanAsAsked| {
        let feedback = own.clone();
        async move { Ok(feedback.rescan_as_asked(&run.origin, &job).await?) }
    });
    Module { routes: routes::routes(feedback), handlers, feed: events::feed() }
}

/// What is to be done when something has happened.
pub fn subscriptions(subscriptions: Subscriptions, feedback: &Feedback, jobs: &Jobs) -> Subscriptions {
    let own = jobs.clone();
    let subscriptions = subscriptions.take::<ChangeAnalysis, _>(move |tx, event| {
        let jobs = own.clone();
        Box::pin(async move {
            let ChangeAnalysis { repository_id, pull_request_id, scan_id, head, stage } = event;
            let job = TellPullRequest { repository: repository_id, pull: pull_request_id, scan: scan_id, head, stage };
            jobs.enqueue(tx, &job).await.map(drop)
        })
    });
    let (own, jobs) = (feedback.clone(), jobs.clone());
    subscriptions.take::<PullRequestCommented, _>(move |tx, event| {
        let (feedback, jobs) = (own.clone(), jobs.clone());
        Box::pin(async move {
            match feedback.commented(tx, event).await? {
                Some(asked) => jobs.enqueue(tx, &asked).await.map(drop),
                None => Ok(()),
            }
        })
    })
}
