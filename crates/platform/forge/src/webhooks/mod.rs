//! What forges tell: deliveries with a proof, each taken once, noted in one transaction with what it says.
//!
//! [`github`] and [`gitlab`] say in neutral terms ([`told`]) what their forge tells; what follows from it is the same for both.

pub mod admin_routes;
pub mod github;
pub mod gitlab;
pub mod group;
pub mod model;
pub mod proof;
pub mod push;
pub mod replay;
pub mod routes;
pub mod service;
pub mod signature;
pub mod store;
pub mod told;

pub use group::Line;
