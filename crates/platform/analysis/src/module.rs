//! What the module hands to the program.

use rampart_events::{Envelope, Subscriptions};
use rampart_findings::FindingsImported;
use rampart_forge::{PullRequestUpdated, PushReceived, RepositoryConnected, RepositoryDisconnected};
use rampart_jobs::{Failure, Handlers, Run, Schedule};
use rampart_realtime::Feed;
use rampart_store::Migration;
use rampart_web::{ApiError, Route};
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::jobs::{self, AnalyzeCommit, AnalyzePullRequest, CleanReports, ScanAll, ScanRepository};
use crate::model::ScanId;
use crate::service::Analysis;
use crate::{events, routes, store};

/// The module's tables.
pub const MIGRATIONS: &[Migration] = &[store::TABLES, store::CODE, store::PULLS];

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
    Module { routes: routes::routes(analysis), handlers, schedules: jobs::schedules(), feed }
}

/// What is to be done when something has happened.
pub fn subscriptions(subscriptions: Subscriptions, analysis: &Analysis) -> Subscriptions {
    let own = analysis.clone();
    let subscriptions = subscriptions.on::<RepositoryConnected, _>(move |tx, envelope| {
        let (analysis, event) = (own.clone(), told::<RepositoryConnected>(envelope));
        Box::pin(async move { stored(analysis.connected(tx, event?).await) })
    });
    let own = analysis.clone();
    let subscriptions = subscriptions.on::<RepositoryDisconnected, _>(move |tx, envelope| {
        let (analysis, event) = (own.clone(), told::<RepositoryDisconnected>(envelope));
        Box::pin(async move { stored(analysis.disconnected(tx, event?).await) })
    });
    let own = analysis.clone();
    let subscriptions = subscriptions.on::<FindingsImported, _>(move |tx, envelope| {
        let (analysis, event) = (own.clone(), told::<FindingsImported>(envelope));
        Box::pin(async move { stored(analysis.imported(tx, event?).await) })
    });
    let own = analysis.clone();
    let subscriptions = subscriptions.on::<PullRequestUpdated, _>(move |tx, envelope| {
        let (analysis, event) = (own.clone(), told::<PullRequestUpdated>(envelope));
        Box::pin(async move { stored(analysis.pull_request_updated(tx, event?).await) })
    });
    let own = analysis.clone();
    subscriptions.on::<PushReceived, _>(move |tx, envelope| {
        let (analysis, event) = (own.clone(), told::<PushReceived>(envelope));
        Box::pin(async move { stored(analysis.pushed(tx, event?).await) })
    })
}

fn told<E: DeserializeOwned>(envelope: &Envelope) -> rampart_store::Result<E> {
    serde_json::from_value(envelope.data.clone()).map_err(|error| rampart_store::Error::Unexpected(error.into()))
}

fn stored(outcome: Result<(), Error>) -> rampart_store::Result<()> {
    outcome.map_err(|error| match error {
        Error::Store(error) => error,
        error => rampart_store::Error::Unexpected(error.into()),
    })
}
