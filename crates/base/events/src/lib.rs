//! Events: from the outbox, where their transactions left them, to those who want to know.
//!
//! There are two ways to know. A [`Subscriptions`] handler runs in the transaction that takes the event from the outbox: what
//! it writes, such as a job, is durable exactly when the event counts as told, so nothing is missed and nothing is done
//! twice. A [`Bus`] receiver hears of events as they pass, for what is live anyway; who is slow or away misses them.
//!
//! Several processes with one database hear of each other's events by [`Others`].
//!
//! Owns the relay. The outbox's table is the store's, as every transaction writes to it.

mod bus;
mod history;
mod others;
mod relay;

pub use bus::{Bus, Envelope, Heard, Listener};
pub use history::{Since, since};
pub use others::Others;
pub use relay::{Caused, Relay, Subscriptions};
