//! Data flow: value-flow graphs of files, linked through calls and imports, searched for ways from sources to sinks.
//!
//! [`build`] turns one file's tree into a [`Graph`] that no rule has a part in. [`Project`] links graphs. [`search`] follows what
//! the sources of rules produce until a sink. Knows no patterns: which nodes are sources, sinks and sanitizers is given as [`Facts`].

mod bits;
mod build;
mod content;
mod facts;
mod graph;
mod link;
mod search;

pub use build::{Built, Order, Passing, build};
pub use content::{Digest, Parts, digests};
pub use facts::{Entry, EntryId, Facts, Group, Propagator, Requirement, Rules, Sanitizer, Sink, Source};
pub use graph::{Edge, Graph, Key, NOWHERE, Node, RECEIVER, Slot, Step, Value};
pub use link::{Project, Reach, Unit};
pub use search::{Flow, Known, Limits, Outcome, Place, Role, search, search_again};
