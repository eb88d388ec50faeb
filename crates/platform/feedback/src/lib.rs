//! What a change is told of itself: new findings only, judged against the commit that it began at, in a check, one summary and a few
//! comments.
//!
//! [`judge`] compares the scans of two commits and decides; [`words`] says it in the Markdown of forges. Both are pure: who asks for
//! scans and who posts stands above.
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

mod judgement;
mod markdown;
pub mod words;

pub use judgement::{Judgement, New, Rules, Suggestion, Verdict, judge};
