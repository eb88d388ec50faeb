//! What the module hands to the program.

use rampart_events::Subscriptions;
use rampart_jobs::{Failure, Handlers, Jobs, Run, Schedule};
use rampart_kernel::SealedColumn;
use rampart_realtime::Feed;
use rampart_store::Migration;
use rampart_web::Route;

use crate::channels::jobs::{Deliver, RetryDeliveries};
use crate::jobs::{self, CleanNotifications, FanOutEvent, SendDigests};
use crate::push::jobs::PushNotification;
use crate::service::Notifications;
use crate::{channels, events, push, routes, rules};

/// The module's tables. `shown` is what the dashboard lists; `digest` waits for one.
pub const MIGRATIONS: &[Migration] = &[TABLES, GROUPS, channels::store::TABLES, push::store::TABLES];

/// What is sealed.
pub const SEALED: &[SealedColumn] = &[channels::store::CONFIG, push::store::AUTH];

const TABLES: Migration = Migration::new(
    "notifications/0001-notifications",
    "CREATE TABLE notifications (
        id {uuid} PRIMARY KEY,
        workspace_id {uuid} NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
        user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        event_id {uuid} NOT NULL,
        type TEXT NOT NULL,
        title TEXT NOT NULL,
        body TEXT NOT NULL,
        severity TEXT NOT NULL,
        link TEXT,
        data {json} NOT NULL,
        shown {bool} NOT NULL,
        digest {bool} NOT NULL,
        read_at {ts},
        created_at {ts} NOT NULL,
        UNIQUE (event_id, user_id)
    );
    CREATE INDEX notifications_user ON notifications (user_id, workspace_id, id);
    CREATE INDEX notifications_unread ON notifications (user_id, workspace_id) WHERE read_at IS NULL AND shown = TRUE;
    CREATE INDEX notifications_digest ON notifications (workspace_id, user_id, created_at) WHERE digest = TRUE;
    CREATE INDEX notifications_read ON notifications (read_at);
    CREATE INDEX notifications_created ON notifications (created_at);
    CREATE TABLE notification_preferences (
        user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        workspace_id {uuid} NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
        chosen {json} NOT NULL,
        updated_at {ts} NOT NULL,
        PRIMARY KEY (user_id, workspace_id)
    )",
);

/// What happens again within some minutes is told together.
const GROUPS: Migration = Migration::new(
    "notifications/0002-groups",
    "ALTER TABLE notifications ADD COLUMN group_key TEXT;
    CREATE INDEX notifications_group ON notifications (group_key, created_at) WHERE group_key IS NOT NULL",
);

/// The module, as the program mounts it.
pub struct Module {
    pub routes: Vec<Route>,
    pub handlers: Handlers,
    pub schedules: Vec<Schedule>,
    pub feed: Feed,
}

pub fn module(notifications: &Notifications, handlers: Handlers) -> Module {
    let own = notifications.clone();
    let handlers = handlers.on(move |run: Run, job: FanOutEvent| {
        let notifications = own.clone();
        async move { notifications.fan_out(&run.origin, &job).await.map_err(Failure::retry) }
    });
    let own = notifications.clone();
    let handlers = handlers.on(move |run: Run, _: SendDigests| {
        let notifications = own.clone();
        async move { notifications.send_digests(&run.origin).await.map(drop).map_err(Failure::retry) }
    });
    let own = notifications.clone();
    let handlers = handlers.on(move |run: Run, _: CleanNotifications| {
        let notifications = own.clone();
        async move { notifications.forget(&run.origin).await.map(drop).map_err(Failure::retry) }
    });
    let own = notifications.clone();
    let handlers = handlers.on(move |run: Run, job: Deliver| {
        let notifications = own.clone();
        async move { notifications.deliver(&run, job.delivery).await }
    });
    let own = notifications.clone();
    let handlers = handlers.on(move |run: Run, _: RetryDeliveries| {
        let notifications = own.clone();
        async move { notifications.retry_due(&run.origin).await.map(drop).map_err(Failure::retry) }
    });
    let own = notifications.clone();
    let handlers = handlers.on(move |run: Run, job: PushNotification| {
        let notifications = own.clone();
        async move { notifications.push(&run, &job).await }
    });
    let routes =
        [routes::routes(notifications), channels::routes::routes(notifications), push::routes::routes(notifications)];
    let routes = routes.into_iter().flatten().collect();
    let schedules = jobs::schedules().into_iter().chain(channels::jobs::schedules()).collect();
    Module { routes, handlers, schedules, feed: events::feed() }
}

/// What is to be done when something has happened.
pub fn subscriptions(subscriptions: Subscriptions, jobs: &Jobs) -> Subscriptions {
    rules::subscribe(subscriptions, jobs)
}
