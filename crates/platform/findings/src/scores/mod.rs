//! How bad it is, in numbers: pure functions of stored facts, the same for the same facts, explained term by term.
//!
//! Model 1. The risk of a finding `r` is in 0..1; from the risks of what is open in a repository come its score `S` in 0..100 (the
//! higher the better) and its overall risk `R` in 0..1. What the numbers promise is tested: a further finding never raises `S` or
//! lowers `R`, a fix never does the reverse, the order of findings does not matter.

mod finding;
mod repository;
mod time_to_fix;

pub use finding::{
    CodeReach, Confidence, Context, Criticality, DependencyReach, Evidence, Exposure, Impact, SecretState, Terms, risk,
};
pub use repository::{Grade, Level, Open, Overall, Rating, Terms as ScoreTerms, overall_score, portfolio_risk, rate};
pub use time_to_fix::{Lifetime, TimeToFix, time_to_fix};

/// Raised whenever the same facts would give another number.
pub const SCORE_MODEL: u32 = 1;
