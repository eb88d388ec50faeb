//! What tests are made with: a database of each kind, a clock that stands still, a client of an application in this process.
//! Never part of the program.

mod client;
mod clock;
mod postgres;
mod redis;
mod store;

pub use client::{Answer, Client};
pub use clock::StillClock;
pub use redis::TestRedis;
pub use store::{TestStore, on_both};
