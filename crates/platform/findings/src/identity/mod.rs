//! Which finding of a new scan is which one of those that are stored.
//!
//! A finding carries signatures of several kinds, made where the code is. The findings `N` of a new scan are paired with the stored
//! ones `S` in passes, each of which takes its pairs away. Signatures of different kinds are never compared, and every pairing is
//! one to one:
//!
//! | pass | pairs what has | and where several have the same |
//! | --- | --- | --- |
//! | [`Pass::Match`] | the same rule, file, enclosing definitions and code | in order if there are as many, else by git's map of lines, by the place in the function, in order |
//! | [`Pass::Line`] | the same rule on a line that git says did not change | by column, or in order if there are as many |
//! | [`Pass::Rename`] | the same, in a file that git says was renamed | the same |
//! | [`Pass::Scope`] | the same rule, file, function and place in it | in order if there are as many, else none |
//! | [`Pass::Body`] | the same rule and place in a function that is the same but for the names of its variables | none |
//! | [`Pass::Edit`] | the same rule on a line that git says was changed where it stood | none |
//! | [`Pass::Hint`] | what another tool calls the same | none |
//!
//! What is left of `N` is new; what is left of `S` is absent, which is not yet fixed: [`absence`] says when it is.
//!
//! **Ambiguity keeps both.** A wrong pair would carry a person's decision to code that nobody has judged; a missed one costs a second
//! look. Therefore a group that does not come out even is paired only where code and place agree, and among findings that are the same
//! to the letter those still open are taken before those that somebody has dismissed.
//!
//! **Cost.** Each pass puts what is left into hash tables once and sorts within groups: `O((N + S) · log g)` for groups of `g`, where
//! a group is findings of one rule with the same signature or on the same line; a line is mapped in `O(log h)` for `h` hunks of its file.
//! Seven passes: near linear in `N + S` however they are spread. Two thousand findings with one signature are sorted, not compared in pairs.

mod absence;
mod change;
mod pairing;

pub use absence::{Absence, Looked, Place, Unseen, absence};
pub use change::{Change, FileChange, Hunk};
pub use pairing::{Item, Known, Pair, pair};

rampart_kernel::named! {
    /// What a signature is made of. Another version of the same is another kind.
    pub enum Kind {
        /// Rule, path, enclosing definitions, code of the match.
        Match = "match/v1",
        /// Rule, path, enclosing definitions, place in the innermost.
        Scope = "scope/v1",
        /// Rule, enclosing function without the names of its variables, place in it.
        Body = "body/v1",
        /// A secret, under the installation's key.
        Secret = "secret/v1",
        /// Package without version, advisory, manifest.
        Dependency = "dependency/v1",
        /// Check and address of a resource.
        Resource = "resource/v1",
        /// What another tool said: tool, rule, path, words.
        Import = "import/v1",
        /// How another tool knows it; never trusted.
        Hint = "hint/v1",
    }
}

impl Kind {
    /// Those that say for themselves that two findings are one; a finding has one of them.
    pub const WHOLE: [Kind; 5] = [Kind::Secret, Kind::Dependency, Kind::Resource, Kind::Match, Kind::Import];
}

rampart_kernel::named! {
    /// By what two findings were recognised as one.
    pub enum Pass {
        Match = "match",
        Line = "line",
        Rename = "rename",
        Scope = "scope",
        Body = "body",
        Edit = "edit",
        Hint = "hint",
    }
}

/// A `match/v1` signature without its count: equal matches of one file have `…`, `…:1`, `…:2`.
pub fn uncounted(signature: &str) -> &str {
    signature.split_once(':').map_or(signature, |(bare, _)| bare)
}
