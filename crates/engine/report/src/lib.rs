//! The wire form of a scan result and the faces it is shown with.
//!
//! Owns [`model::Report`] and its renderers, each a function `write`. Never looks at a scanned file, a clock or the environment:
//! what a renderer says, it was told. The same report gives the same bytes. Renderers write in small pieces: give them something
//! buffered.
//!
//! ```
//! use rampart_report::{model::*, sarif, text};
//!
//! let report = Report {
//!     schema: SCHEMA,
//!     tool: Tool { name: "Rampart".into(), version: "0.1.0".into(), ..Tool::default() },
//!     started: "2026-11-21T06:00:00Z".into(),
//!     finished: "2026-11-21T06:00:01Z".into(),
//!     root: ".".into(),
//!     rules: Vec::new(),
//!     findings: Vec::new(),
//!     coverage: Coverage { files_scanned: 3, complete: true, ..Coverage::default() },
//! };
//! let mut page = Vec::new();
//! text::write(&report, &mut page, text::Options::default())?;
//! assert!(String::from_utf8(page).unwrap().contains("No findings"));
//! sarif::write(&report, &mut Vec::new())?;
//! # std::io::Result::Ok(())
//! ```

pub mod csv;
pub mod gitlab;
pub mod json;
pub mod junit;
pub mod model;
pub mod sarif;
pub mod text;

pub mod visible;
mod wire;
