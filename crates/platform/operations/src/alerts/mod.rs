//! What the installation measures about itself each minute, and says when it is not as it should be.

pub mod jobs;
pub mod model;
pub mod routes;
pub mod rules;
pub mod service;
pub mod store;
