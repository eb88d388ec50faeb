//! The wire form of a scan result and the faces it is shown with.
//!
//! Owns [`model::Report`] and its renderers. Never looks at a scanned file, a clock or the environment: what a renderer says, it
//! was told. The same report gives the same bytes.

pub mod csv;
pub mod gitlab;
pub mod json;
pub mod junit;
pub mod model;
pub mod sarif;

mod visible;
mod wire;
