//! Rule files: model, loading, checking; patterns compiled and matched.
//!
//! Owns the rule language. Knows no files, no threads, no output: a rule set is made from texts and run on one text at a time.

pub mod analysis;
mod around;
mod budget;
pub mod compare;
mod compile;
pub mod demands;
mod engine;
mod evaluate;
mod extract;
pub mod generic;
mod join;
pub mod load;
mod matcher;
pub mod model;
mod paths;
mod pattern;
mod prefilter;
mod read_ahead;
pub mod regex;
mod settings;
mod taint;
mod wording;
pub mod yaml;

pub use engine::{CompileOptions, Cut, CutAt, FileInput, FileOutcome, Limits, RuleMatch, RuleSet, Timings};
pub use rampart_flow::Reach;
pub use settings::{Setting, Settings};
pub use taint::{FileFlow, FlowMatch, Role, Shelf, TraceStep};
