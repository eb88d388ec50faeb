//! What a change is told of itself: new findings only, judged against the commit that it began at, in a check, one summary and a few
//! comments.
//!
//! When both sides of a pull request were scanned, a job judges ([`judge`] compares two reports and decides), writes down what came of it, and
//! makes check and comments as they are to be ([`words`] says it in the Markdown of forges). Both are pure; `tell` is what posts.
//!
//! Owns what was judged and what was said at pull requests. The pull requests themselves are forge's, the scans analysis'.
//!
//! **A change cannot excuse itself.** What the gate goes by ([`Rules`]) is read from the base branch, and a comment in the change that
//! dismisses a finding is told of and does not count.
//!
//! ```
//! use rampart_feedback::{Rules, Verdict, judge};
//! use rampart_findings::identity::Change;
//!
//! # let empty = || rampart_report::model::Report {
//! #     schema: 1, tool: Default::default(), started: String::new(), finished: String::new(), root: String::new(),
//! #     rules: vec![], findings: vec![], coverage: Default::default(),
//! # };
//! let (base, head) = (empty(), empty());
//! assert_eq!(judge(&base, &head, &Change::none(), &Rules::default()).verdict, Verdict::Clean);
//! ```

mod access;
mod error;
mod events;
mod jobs;
mod judgement;
mod markdown;
mod module;
mod routes;
mod service;
mod store;
mod tell;
pub mod words;

pub use access::CommentOnChanges;
pub use error::Error;
pub use events::CommentAdded;
pub use judgement::{Judgement, New, Rules, Source, Suggestion, Verdict, judge};
pub use module::{MIGRATIONS, Module, module, subscriptions};
pub use service::{Feedback, Ground, NewComment, Whole};
pub use store::{Author, Judged, PrComment};
