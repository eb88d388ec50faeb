//! Requests to the outside: the maker of HTTP clients, and who this installation is at AWS.
//!
//! A client follows no redirect, asks no proxy of the environment, believes the public authorities, and gives up in time. Knows no
//! service; those who call one know it.
//!
//! ```
//! use std::time::Duration;
//!
//! let client = rampart_outbound::client(Duration::from_secs(30)).unwrap();
//! assert!(client.post("https://api.example.org/v1/things").build().is_ok());
//! ```

mod aws;
mod client;
mod endpoint;

pub use aws::{Aws, AwsSettings};
pub use client::{client, reason};
pub use endpoint::Endpoint;

use thiserror::Error;

#[derive(Debug, Error)]
pub enum Error {
    #[error("{0} is needed: the key that requests to AWS are signed with")]
    Missing(&'static str),
    #[error("{0} has characters that no header can hold")]
    NotPlain(&'static str),
    #[error("the request cannot be signed: {0}")]
    Unsigned(String),
    #[error("no client can be made: {0}")]
    Client(String),
}
