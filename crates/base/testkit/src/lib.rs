//! What tests are made with: a database of each kind, a clock that stands still. Never part of the program.

mod clock;
mod postgres;
mod store;

pub use clock::StillClock;
pub use store::{TestStore, on_both};
