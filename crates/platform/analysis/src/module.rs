//! What the module hands to the program.

use rampart_events::Subscriptions;
use rampart_findings::FindingsImported;
use rampart_forge::{PullRequestUpdated, PushReceived, RepositoryConnected, RepositoryDisconnected};
use rampart_jobs::{Failure, Handlers, Run, Schedule};
use rampart_realtime::Feed;
use rampart_store::Migration;
use rampart_web::{ApiError, Route};

use crate::jobs::{self, AnalyzeCommit, AnalyzePullRequest, CleanReports, ScanAll, ScanRepository};
use crate::model::ScanId;
use crate::service::Analysis;
use crate::{events, routes, sessions, store};

/// The module's tables.
pub const MIGRATIONS: &[Migration] = &[store::TABLES, store::CODE, store::PULLS, store::MADE];

/// The module, as the program mounts it.
pub struct Module {
    pub routes: Vec<Route>,
    pub handlers: Handlers,
    pub schedules: Vec<Schedule>,
    pub feed: Feed,
}

pub fn module(analysis: &Analysis, handlers: Handlers) -> Module {
    let own = analysis.clone();
    let handlers = handlers.on(move |run: Run, job: ScanRepository| {
        let analysis = own.clone();
        async move { analysis.run(&run, job.scan).await }
    });
    let own = analysis.clone();
    let handlers = handlers.on(move |run: Run, job: AnalyzeCommit| {
        let analysis = own.clone();
        async move { analysis.run(&run, job.scan).await }
    });
    let own = analysis.clone();
    let handlers = handlers.on(move |run: Run, job: AnalyzePullRequest| {
        let analysis = own.clone();
        async move { analysis.run(&run, job.scan).await }
    });
    let own = analysis.clone();
    let handlers = handlers.on(move |run: Run, _: ScanAll| {
        let analysis = own.clone();
        async move { analysis.start_all(&run.origin).await.map(drop).map_err(Failure::retry) }
    });
    let own = analysis.clone();
    let handlers = handlers.on(move |run: Run, _: CleanReports| {
        let analysis = own.clone();
        async move { analysis.forget_reports(&run.origin).await.map(drop).map_err(Failure::retry) }
    });
    let own = analysis.clone();
    let feed = events::feed().room("scan", "scanId", move |ctx, id| {
        let analysis = own.clone();
        async move {
            let id: ScanId = id.parse().map_err(|_| ApiError::not_found())?;
            analysis.get_scan(&ctx, id).await?;
            Ok(())
        }
    });
    let routes = routes::routes(analysis).into_iter().chain(sessions::routes(analysis)).collect();
    Module { routes, handlers, schedules: jobs::schedules(), feed }
}

/// What is to be done when something has happened.
pub fn subscriptions(subscriptions: Subscriptions, analysis: &Analysis) -> Subscriptions {
    let own = analysis.clone();
    let subscriptions = subscriptions.take::<RepositoryConnected, _>(move |tx, event| {
        let analysis = own.clone();
        Box::pin(async move { Ok(analysis.connected(tx, event).await?) })
    });
    let own = analysis.clone();
    let subscriptions = subscriptions.take::<RepositoryDisconnected, _>(move |tx, event| {
        let analysis = own.clone();
        Box::pin(async move { Ok(analysis.disconnected(tx, event).await?) })
    });
    let own = analysis.clone();
    let subscriptions = subscriptions.take::<FindingsImported, _>(move |tx, event| {
        let analysis = own.clone();
        Box::pin(async move { Ok(analysis.imported(tx, event).await?) })
    });
    let own = analysis.clone();
    let subscriptions = subscriptions.take::<PullRequestUpdated, _>(move |tx, event| {
        let analysis = own.clone();
        Box::pin(async move { Ok(analysis.pull_request_updated(tx, event).await?) })
    });
    let own = analysis.clone();
    subscriptions.take_all::<PushReceived, _>(move |tx, events| {
        let analysis = own.clone();
        Box::pin(async move { Ok(analysis.pushed(tx, events).await?) })
    })
}
