//! Who hears of what, and how: in the dashboard, by mail at once, or in a digest.
//!
//! An event becomes notifications in two steps: a subscription adds a job in the transaction that takes the event from the outbox,
//! and the job asks who is to hear of it, and by which of their preferences. Each person hears of an event once, however often the
//! job runs. Digests look at what waits for them: an hour that was missed is made up for.
//!
//! Owns notifications and preferences. Never decides what has happened, and tells nobody of a workspace they have no part in.

mod access;
mod error;
mod events;
mod jobs;
mod model;
mod module;
mod routes;
mod rules;
mod service;
mod store;

pub use access::{ChangeNotifications, ReadNotifications};
pub use error::Error;
pub use events::NotificationCreated;
pub use model::{Notification, NotificationId, Preferences};
pub use module::{MIGRATIONS, Module, module, subscriptions};
pub use service::Notifications;
