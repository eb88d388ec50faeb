//! The modules, put together.

use std::sync::Arc;
use std::time::Duration;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use rampart_access::audit::{self, Audit};
use rampart_analysis::{Analysis, Scanner};
use rampart_events::{Bus, Others, Relay, Subscriptions};
use rampart_feedback::Feedback;
use rampart_findings::Findings;
use rampart_forge::Forge;
use rampart_identity::{Ground, Identity};
use rampart_jobs::{Handlers, Jobs, Schedule, Scheduler, Worker};
use rampart_kernel::config::Sources;
use rampart_kernel::{Keys, MasterKey, Origin, SealedColumn, SystemChance};
use rampart_mail::Mail;
use rampart_notifications::Notifications;
use rampart_objects::Objects;
use rampart_operations::{AlertRule, Bad, Operations};
use rampart_realtime::{Feed, Pace, Realtime};
use rampart_redis::Redis;
use rampart_store::{Migration, Store, StoreSettings};
use rampart_web::{App, Kit, Limiter, Route};
use tokio_util::sync::CancellationToken;
use utoipa::openapi::OpenApi;

use super::settings::Settings;
use crate::failure::Failure;

/// Deliveries to channels that do not arrive in a day: some do not, of a room that was closed or a program that is gone.
const LOST_DELIVERIES: f64 = 20.0;
const DAY: Duration = Duration::from_secs(24 * 3_600);

/// Every table of the program, in the order in which they refer to each other.
pub fn migrations() -> Vec<Migration> {
    [
        audit::MIGRATIONS,
        rampart_jobs::MIGRATIONS,
        rampart_mail::MIGRATIONS,
        rampart_identity::MIGRATIONS,
        rampart_forge::MIGRATIONS,
        rampart_findings::MIGRATIONS,
        rampart_analysis::MIGRATIONS,
        rampart_feedback::MIGRATIONS,
        rampart_notifications::MIGRATIONS,
        rampart_operations::MIGRATIONS,
    ]
    .concat()
}

/// Everything that is sealed, as the modules say.
pub fn sealed_columns() -> Vec<SealedColumn> {
    [rampart_mail::SEALED, rampart_identity::SEALED, rampart_forge::SEALED, rampart_notifications::SEALED].concat()
}

pub struct Parts {
    pub identity: Identity,
    pub audit: Audit,
    pub forge: Forge,
    pub analysis: Analysis,
    objects: Objects,
    pub jobs: Jobs,
    store: Store,
    bus: Bus,
    redis: Option<Redis>,
    feed: Feed,
    routes: Vec<Route>,
    handlers: Handlers,
    subscriptions: Subscriptions,
    schedules: Vec<Schedule>,
}

impl Parts {
    pub fn new(store: &Store, keys: &Arc<Keys>, settings: &Settings) -> Result<Parts, Failure> {
        let jobs = Jobs::new(store.clone());
        let mail = Mail::new(store.clone(), jobs.clone(), keys.clone(), &settings.mail, &settings.aws)
            .map_err(|error| Failure::new(error).hint("`rampart config` shows every setting and what it means"))?;
        let redis = Redis::open(&settings.redis).map_err(Failure::new)?;
        let identity = Identity::new(
            Ground {
                store: store.clone(),
                keys: keys.clone(),
                jobs: jobs.clone(),
                mail: mail.clone(),
                web: settings.web.clone(),
            },
            settings.identity.clone(),
            settings.providers.clone(),
        )
        .map_err(Failure::new)?;
        let accounts = rampart_identity::module(&identity, &settings.web, mail.handlers(Handlers::new()));
        let ground = rampart_forge::Ground {
            store: store.clone(),
            audit: Parts::audit(keys),
            keys: keys.clone(),
            jobs: jobs.clone(),
            identity: identity.clone(),
            web: settings.web.clone(),
            data_dir: settings.store.data_dir.clone(),
        };
        let forge = Forge::new(ground, &settings.forge, (&settings.github, &settings.gitlab)).map_err(Failure::new)?;
        let repositories = rampart_forge::module(&forge, accounts.handlers);
        let findings = Findings::new(store.clone(), Parts::audit(keys), forge.clone());
        let found = rampart_findings::module(&findings, repositories.handlers);
        let objects = settings.objects()?;
        let analysis = Analysis::new(rampart_analysis::Ground {
            store: store.clone(),
            audit: Parts::audit(keys),
            jobs: jobs.clone(),
            objects: objects.clone(),
            forge: forge.clone(),
            findings,
            identity: identity.clone(),
            scanner: scanner()?,
            settings: settings.analysis.clone(),
            data_dir: settings.store.data_dir.clone(),
        });
        let scans = rampart_analysis::module(&analysis, found.handlers);
        let feedback = Feedback::new(rampart_feedback::Ground {
            store: store.clone(),
            audit: Parts::audit(keys),
            forge: forge.clone(),
            analysis: analysis.clone(),
            dashboard: settings.web.frontend_url(),
        });
        let ground = rampart_notifications::Ground {
            store: store.clone(),
            audit: Parts::audit(keys),
            keys: keys.clone(),
            jobs: jobs.clone(),
            identity: identity.clone(),
            mail,
            dashboard: settings.web.frontend_url(),
        };
        let notifications = Notifications::new(ground, &settings.outbound, &settings.push)
            .map_err(|error| Failure::new(error).hint("`rampart config` shows every setting and what it means"))?;
        let changes = rampart_feedback::module(&feedback, scans.handlers);
        let notices = rampart_notifications::module(&notifications, changes.handlers);
        let schedules = [
            Mail::schedules(),
            accounts.schedules,
            repositories.schedules,
            found.schedules,
            scans.schedules,
            notices.schedules,
        ]
        .concat();
        let ground = rampart_operations::Ground {
            store: store.clone(),
            database: settings.store.clone(),
            audit: Parts::audit(keys),
            keys: keys.clone(),
            identity: identity.clone(),
            jobs: jobs.clone(),
            objects: objects.clone(),
            object_folder: settings.object_folder(),
            queues: notices.handlers.queues().copied().collect(),
            schedules: schedules.clone(),
            rules: vec![lost_deliveries(&notifications)],
            checkpoints: settings.checkpoint_file(),
            effective: settings.effective.clone(),
        };
        let operations = Operations::new(ground, settings.operations.clone());
        let operations = rampart_operations::module(&operations, notices.handlers);
        let code = [repositories.routes, found.routes, scans.routes, changes.routes];
        let routes = [accounts.routes, code.into_iter().flatten().collect(), notices.routes, operations.routes];
        let feeds = [repositories.feed, found.feed, scans.feed, changes.feed, notices.feed];
        let subscriptions = rampart_analysis::subscriptions(Subscriptions::new(), &analysis);
        let subscriptions = rampart_feedback::subscriptions(subscriptions, &feedback, &jobs);
        let subscriptions = rampart_findings::subscriptions(subscriptions);
        Ok(Parts {
            identity,
            audit: Parts::audit(keys),
            forge,
            analysis,
            objects,
            store: store.clone(),
            subscriptions: rampart_notifications::subscriptions(subscriptions, &jobs),
            jobs,
            bus: Bus::new(),
            redis,
            feed: feeds.into_iter().fold(accounts.feed, Feed::and),
            routes: routes.into_iter().flatten().collect(),
            handlers: operations.handlers,
            schedules: [schedules, operations.schedules].concat(),
        })
    }

    pub fn audit(keys: &Keys) -> Audit {
        Audit::new(keys)
    }

    pub fn worker(&self, origin: &Origin) -> Worker {
        Worker::new(self.jobs.clone(), self.handlers.clone(), origin.clone())
    }

    pub fn relay(&self) -> Relay {
        Relay::new(self.store.clone(), self.subscriptions.clone(), self.bus.clone())
    }

    /// Which jobs other processes have added.
    pub fn other_jobs(&self) -> rampart_jobs::Others {
        rampart_jobs::Others::new(self.jobs.clone(), self.handlers.queues(), self.redis.clone())
    }

    pub fn others(&self) -> Others {
        Others::new(self.store.clone(), self.bus.clone(), self.redis.clone())
    }

    pub async fn scheduler(&self, origin: &Origin) -> Result<Scheduler, Failure> {
        Scheduler::new(self.jobs.clone(), self.schedules.clone(), origin).await.map_err(Failure::new)
    }

    /// What answers, and its sockets, which end with `stop`.
    pub fn router(
        self,
        settings: &Settings,
        origin: &Origin,
        metrics: PrometheusHandle,
        stop: CancellationToken,
    ) -> Result<(axum::Router, Realtime), Failure> {
        let limiter = Limiter::new(settings.limits.clone()).shared_by(self.redis.clone());
        let kit = self.kit(settings, origin, metrics, limiter);
        let objects = self.objects;
        let realtime = Realtime::start(rampart_realtime::Parts {
            settings: settings.realtime.clone(),
            web: settings.web.clone(),
            pace: Pace::default(),
            store: self.store,
            bus: self.bus,
            authenticator: kit.authenticator.clone(),
            limiter: kit.limiter.clone(),
            feed: self.feed,
            stop,
        });
        let routes = self.routes.into_iter().chain(realtime.routes()).collect();
        let app = App::new(routes).pages(rampart_dashboard::files()).probe("objectStore", move || {
            let objects = objects.clone();
            async move { objects.check().await.map_err(|error| error.to_string()) }
        });
        Ok((app.into_router(kit), realtime))
    }

    /// What answers but for sockets, with other rules than these: what tests take away to see that it was there.
    #[cfg(test)]
    pub fn shaped_router(
        self,
        settings: &Settings,
        origin: &Origin,
        metrics: PrometheusHandle,
        shape: impl FnOnce(App) -> App,
    ) -> axum::Router {
        let kit = self.kit(settings, origin, metrics, Limiter::new(settings.limits.clone()));
        shape(App::new(self.routes)).into_router(kit)
    }

    fn kit(&self, settings: &Settings, origin: &Origin, metrics: PrometheusHandle, limiter: Limiter) -> Kit {
        Kit {
            settings: settings.web.clone(),
            store: self.store.clone(),
            origin: origin.clone(),
            authenticator: Arc::new(self.identity.clone()),
            limiter,
            metrics: Some(metrics),
        }
    }
}

/// What channels were not told since a day ago: the list of their deliveries says why.
fn lost_deliveries(notifications: &Notifications) -> AlertRule {
    let own = notifications.clone();
    let summary = "Channels were not told: the deliveries of each say why";
    AlertRule::new("ChannelDeliveriesLost", summary, (Bad::Above, LOST_DELIVERIES), move |origin| {
        let own = own.clone();
        async move { Ok(Some(own.lost_since(origin.now() - DAY).await? as f64)) }
    })
}

/// This program again, in the role that scans a commit.
fn scanner() -> Result<Scanner, Failure> {
    let program = std::env::current_exe()
        .map_err(|error| Failure::new(format!("the place of this program is unknown: {error}")))?;
    // Rules are a part of the program: another file is another scanner.
    let identity = std::fs::metadata(&program).ok().and_then(|file| {
        let modified = file.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
        Some(format!("{} {} {}", env!("CARGO_PKG_VERSION"), file.len(), modified.as_nanos()))
    });
    Ok(Scanner { program, args: vec![crate::JOB.into()], threads: rampart_scan::default_threads(), identity })
}

/// Where the program's own measurements go, once per process.
pub fn measure() -> Result<PrometheusHandle, Failure> {
    PrometheusBuilder::new().install_recorder().map_err(Failure::new)
}

/// The API as it is documented. Routes are made of modules, and modules of a store: an empty one in a temporary folder.
pub async fn document() -> Result<OpenApi, Failure> {
    let folder = std::env::temp_dir().join(format!("rampart-openapi-{}", std::process::id()));
    let mut settings = Settings::load(Sources::of_variables([]))?;
    settings.store = StoreSettings::embedded(&folder);
    let store = Store::open(&settings.store).await.map_err(Failure::new)?;
    let keys = Arc::new(Keys::new(MasterKey::generate(&SystemChance), Vec::new()).map_err(Failure::new)?);
    let document = App::new(Parts::new(&store, &keys, &settings)?.routes).document();
    store.close().await;
    let _ = std::fs::remove_dir_all(folder);
    Ok(document)
}
