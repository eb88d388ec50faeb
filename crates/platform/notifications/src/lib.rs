//! Who hears of what, and how: in the dashboard, by mail at once, or in a digest; and what rooms and programs of others are told.
//!
//! An event becomes notifications in two steps: a subscription adds a job in the transaction that takes the event from the outbox,
//! and the job asks who is to hear of it, and by which of their preferences. Each person hears of an event once, however often the
//! job runs. Digests look at what waits for them: an hour that was missed is made up for.
//!
//! Owns notifications, preferences, channels and their deliveries. Never decides what has happened, and tells nobody of a workspace they have no part in.

mod access;
mod channels;
mod error;
mod events;
mod jobs;
mod model;
mod module;
mod push;
mod routes;
mod rules;
mod service;
mod store;

pub use access::{ChangeNotifications, ManageChannels, ReadNotifications};
pub use channels::sending::sign;
pub use error::Error;
pub use events::NotificationCreated;
pub use model::{Notification, NotificationId, Preferences};
pub use module::{MIGRATIONS, Module, SEALED, module, subscriptions};
pub use push::settings::PushSettings;
pub use service::{Ground, Notifications};
