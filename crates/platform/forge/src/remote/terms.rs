//! What forges have and are told, in terms of none of them.

use rampart_kernel::{Secret, Timestamp};
use serde::{Deserialize, Serialize};

use crate::fields::{BranchName, CommitHash};
use crate::pulls::model::{PullRequestState, SeenPullRequest};

/// The name of the check that is made of changes.
pub const CHECK: &str = "rampart/security";

/// By whom a forge is asked.
#[derive(Clone)]
pub enum Credential {
    /// Of a person, or made for this by one.
    Token(Secret),
    /// As an installation of the GitHub App.
    Installation(String),
}

/// A repository as its forge describes it.
#[derive(Clone, Debug)]
pub struct RemoteRepository {
    /// Its number, which it keeps when it is renamed.
    pub id: String,
    /// `owner/name`; of an owner within groups `a/b/name`.
    pub full_name: String,
    pub private: bool,
    pub default_branch: Option<BranchName>,
    pub language: Option<String>,
}

impl RemoteRepository {
    /// Whose it is, and its own name.
    pub fn names(&self) -> (&str, &str) {
        self.full_name.rsplit_once('/').unwrap_or(("", &self.full_name))
    }
}

/// Something that a forge told, or tried to.
#[derive(Clone, Debug)]
pub struct HookDelivery {
    pub id: u64,
    /// The same for each time it is sent.
    pub name: String,
    pub was_taken: bool,
}

/// A pull request as it stands at its forge.
#[derive(Clone, Debug)]
pub struct RemotePull {
    pub seen: SeenPullRequest,
    pub state: PullRequestState,
}

/// A head of a pull request, of which something is told.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    pub number: u32,
    pub head: &'a CommitHash,
    /// Where it comes from, as the forge calls it.
    pub branch: &'a str,
    pub from_fork: bool,
}

rampart_kernel::named! {
    /// How a check ended.
    pub enum Conclusion {
        Success = "success",
        Failure = "failure",
        Neutral = "neutral",
        Cancelled = "cancelled",
    }
}

rampart_kernel::named! {
    pub enum AnnotationLevel {
        Notice = "notice",
        Warning = "warning",
        Failure = "failure",
    }
}

/// A remark at lines of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    pub path: String,
    /// Counted from 1.
    pub start_line: u32,
    pub end_line: u32,
    pub level: AnnotationLevel,
    pub title: String,
    pub message: String,
}

/// A check of a head as it is to be. Texts are Markdown, cut to what the forge takes; where a forge has a state and one line for it and no
/// more, it is told those.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// `rampart/security`
    pub name: String,
    /// By which it is known again.
    pub external_id: String,
    pub details_url: Option<String>,
    /// Nothing while it runs.
    pub conclusion: Option<Conclusion>,
    pub completed_at: Option<Timestamp>,
    /// All of it in one line.
    pub line: String,
    pub title: String,
    pub summary: String,
    pub annotations: Vec<Annotation>,
}

/// A comment at a pull request as it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForgeComment {
    pub id: String,
    /// The name of their account.
    pub author: String,
    pub text: String,
}

/// A comment to be made at lines of the change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlineComment {
    pub path: String,
    /// As the head has them, counted from 1; the last must be part of the difference that the forge shows.
    pub first_line: u32,
    pub last_line: u32,
    /// Markdown.
    pub text: String,
    /// What is to stand in place of the lines.
    pub suggestion: Option<String>,
}

impl InlineComment {
    /// The text, and the suggestion as a block of a kind that the forge draws as one.
    pub fn markdown(&self, kind: &str) -> String {
        match &self.suggestion {
            None => self.text.clone(),
            Some(lines) => format!("{}\n\n{}", self.text.trim_end(), fenced(kind, lines)),
        }
    }
}

/// Who wrote something at a forge.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its number there.
    pub id: String,
    pub name: String,
}

/// Lines between fences that none of them can end.
fn fenced(kind: &str, lines: &str) -> String {
    let longest = lines.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    format!("{fence}{kind}\n{}\n{fence}\n", lines.trim_end_matches(['\n', '\r']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suggestion_cannot_leave_its_fence() {
        assert_eq!(fenced("suggestion", "a\n```\nb\n"), "````suggestion\na\n```\nb\n````\n");
        assert_eq!(fenced("suggestion:-1+0", "  a\r\n"), "```suggestion:-1+0\n  a\n```\n");
    }
}
