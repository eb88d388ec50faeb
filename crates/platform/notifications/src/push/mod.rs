//! Browsers that are told while nobody looks at the dashboard: Web Push.

pub mod encryption;
pub mod jobs;
pub mod routes;
pub mod service;
pub mod settings;
pub mod store;
pub mod vapid;
