//! Tokens that are mailed: whoever shows one reads the mail of its address.
//!
//! They confirm an address, set a new password, and move an account to another address. Each is used once and within its time;
//! rows hold hashes. Who asks for one without being signed in learns nothing of whether there is an account: the request only
//! writes down, for every address alike, that it was asked for, and a job looks it up.

pub mod jobs;
pub mod model;
pub mod routes;
pub mod service;
pub mod store;

pub use service::{EXPIRED_KEPT, address_of, name_of};
pub use store::{EXPIRED, MIGRATION};
