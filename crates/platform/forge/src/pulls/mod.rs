//! Pull requests: what a forge said of them last, and how far their analysis has come.

pub mod model;
pub mod service;
pub mod store;
