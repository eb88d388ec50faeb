//! `rampart serve`: the roles of this process, from start to drain.

use std::sync::Arc;
use std::time::Duration;

use rampart_access::audit::Audit;
use rampart_kernel::config::Sources;
use rampart_kernel::{Origin, SystemChance};
use rampart_store::{Dialect, SharedClock, Store};
use rampart_telemetry::Telemetry;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::open;
use super::parts::{self, Parts};
use super::settings::{Role, Settings};
use crate::exit;
use crate::failure::Failure;

/// How much of the audit record could be cut unseen, in time.
const CHECKPOINT_INTERVAL: Duration = Duration::from_secs(5 * 60);

/// What is under way may take this long to end, all together; orchestrators wait for little more before they kill.
const DRAIN_LIMIT: Duration = Duration::from_secs(30);

/// Runs until a signal says stop.
pub fn serve(roles: &[String]) -> Result<u8, Failure> {
    let mut settings = Settings::load(Sources::of_environment())?;
    if !roles.is_empty() {
        let parsed: Result<Vec<Role>, String> = roles.iter().map(|role| role.trim().parse()).collect();
        settings.process.roles = parsed.map_err(|what| Failure::new(format!("--roles: {what}")))?;
    }
    super::run(async {
        let telemetry = Telemetry::start(&settings.telemetry, settings.effective.secrets()).map_err(Failure::new)?;
        let ended = start(settings).await;
        // Sends what waits, which happens in the runtime: not on the thread that waits for it.
        let _ = tokio::task::spawn_blocking(|| telemetry.end()).await;
        ended
    })
}

async fn start(settings: Settings) -> Result<u8, Failure> {
    let origin = Origin::of_system("start");
    // Of a node with PostgreSQL too: the invitation and the checkpoints of the audit record are kept there.
    settings.make_data_folder()?;
    let keys = Arc::new(settings.keys(true)?);
    // Held until the process ends, however it ends.
    let alone = if settings.store.dialect() == Dialect::Sqlite { Some(settings.claim_data_folder()?) } else { None };
    let store = open(&settings).await?;
    let applied = store.migrate(&origin, &parts::migrations()).await.map_err(Failure::new)?;
    tracing::info!(migrations = applied.len(), "the database is ready");
    let mut stops = Stops::new()?;
    let stop = CancellationToken::new();
    let mut tasks = JoinSet::new();
    let origin = share_clock(&store, origin, &mut tasks, &stop).await?;
    // Before the parts, which begin to measure when they are made.
    let metrics = parts::measure()?;
    let parts = Parts::new(&store, &keys, &settings)?;
    let audit = parts.audit.clone();

    let plays = |role| settings.process.roles.contains(&role);
    tasks.spawn(parts.others().run(origin.clone(), stop.clone()));
    tasks.spawn(parts.other_jobs().run(stop.clone()));
    if plays(Role::Worker) {
        if alone.is_some() {
            parts.jobs.end_claims(&origin).await.map_err(Failure::new)?;
        }
        parts.analysis.sweep(&origin).map_err(Failure::new)?;
        tasks.spawn(parts.worker(&origin).run(stop.clone()));
        tasks.spawn(parts.relay().run(origin.clone(), stop.clone()));
        tasks.spawn(parts.forge.clone().watch(origin.clone(), stop.clone()));
    }
    if plays(Role::Scheduler) {
        tasks.spawn(parts.scheduler(&origin).await?.run(origin.clone(), stop.clone()));
        let path = settings.checkpoint_file();
        tasks.spawn(checkpoint(audit, store.clone(), origin.clone(), path, stop.clone()));
    }
    if plays(Role::Api) {
        invite(&parts, &settings, &origin).await?;
        let address = settings.web.address();
        let listener = TcpListener::bind(address).await.map_err(|error| {
            Failure::new(format!("cannot listen on {address}: {error}")).hint("set API_PORT to a port that is free")
        })?;
        let address = listener.local_addr().map_err(Failure::new)?;
        let (router, realtime) = parts.router(&settings, &origin, metrics, stop.clone())?;
        tasks.spawn(realtime.ended());
        let stopping = stop.clone();
        tasks.spawn(async move {
            if let Err(error) = rampart_web::serve(listener, router, stopping).await {
                tracing::error!(%error, "the listener failed");
            }
        });
        println!("Rampart answers at http://{address}");
    }

    let ended_early = tokio::select! {
        () = stops.next() => false,
        _ = tasks.join_next() => true,
    };
    tracing::info!("stopping: what is under way may end");
    stop.cancel();
    let drain = async { while tasks.join_next().await.is_some() {} };
    tokio::select! {
        () = drain => store.close().await,
        () = tokio::time::sleep(DRAIN_LIMIT) => return Err(Failure::new("not everything ended in time; what was left is done again")),
        () = stops.next() => {
            return Err(Failure::new("stopped before everything had ended; what was left is done again"));
        }
    }
    if ended_early {
        Err(Failure::new("a part of the program ended unexpectedly; the log says why"))
    } else {
        Ok(exit::DONE)
    }
}

/// Several processes with one database go by its time. The embedded database has one process, and its time is the machine's.
async fn share_clock(
    store: &Store,
    origin: Origin,
    tasks: &mut JoinSet<()>,
    stop: &CancellationToken,
) -> Result<Origin, Failure> {
    if store.dialect() == Dialect::Sqlite {
        return Ok(origin);
    }
    let clock = Arc::new(SharedClock::start(store, &origin).await.map_err(Failure::new)?);
    let (own, store, asks, stop) = (clock.clone(), store.clone(), origin.clone(), stop.clone());
    tasks.spawn(async move { own.follow(store, asks, stop).await });
    Ok(Origin::new(clock, Arc::new(SystemChance), Some(origin.request_id)))
}

/// Prints the administrator's invitation, while there is no administrator.
async fn invite(parts: &Parts, settings: &Settings, origin: &Origin) -> Result<(), Failure> {
    match parts.identity.bootstrap(origin).await.map_err(Failure::new)? {
        Some(invited) => {
            let path = settings.keep_invitation(&invited.code)?;
            println!("There is no administrator yet. Make one with this invitation, once and within 24 hours:");
            println!("  {}", invited.code.expose());
            // Behind the sign, so that no server and no log is told.
            println!("or open {}/setup#{}", settings.web.frontend_url(), invited.code.expose());
            println!("It is also in {}.", path.display());
        }
        None => settings.forget_invitation(),
    }
    Ok(())
}

async fn checkpoint(audit: Audit, store: Store, origin: Origin, path: std::path::PathBuf, stop: CancellationToken) {
    loop {
        if let Err(error) = audit.checkpoint(&store, &path, origin.now()).await {
            tracing::error!(%error, "the audit record cannot be checkpointed");
        }
        if stop.is_cancelled() {
            return;
        }
        tokio::select! {
            // Once more at the end.
            () = stop.cancelled() => {}
            () = tokio::time::sleep(CHECKPOINT_INTERVAL) => {}
        }
    }
}

/// Somebody says stop: an orchestrator, or a person at the keyboard. Made before anything is started, so that none is missed.
struct Stops {
    terminate: Signal,
    interrupt: Signal,
}

impl Stops {
    fn new() -> Result<Stops, Failure> {
        let listen = |kind| signal(kind).map_err(Failure::new);
        Ok(Stops { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
