//! Where a workspace is told besides its people: rooms of Slack, programs of others, addresses.

pub mod jobs;
pub mod model;
pub mod routes;
pub mod sending;
pub mod service;
pub mod store;
