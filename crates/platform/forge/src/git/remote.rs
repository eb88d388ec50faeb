//! What a repository has, asked without fetching anything.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Git;
use super::error::{Error, Result};
use super::place::Place;
use crate::fields::{BranchName, CommitHash};

/// A look at branches is part of a request, and of a round over all repositories.
const LOOK_LIMIT: Duration = Duration::from_secs(10);

/// Bytes of branches: some tens of thousands of them.
const MOST: u64 = 4_000_000;

/// The branches of a repository and where they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heads {
    /// The branch that it is on.
    pub default: Option<BranchName>,
    /// Those with names of ours: others cannot be asked for.
    pub branches: BTreeMap<BranchName, CommitHash>,
}

/// # Errors
/// When it cannot be read.
pub async fn heads(git: &Git, place: &Place) -> Result<Heads> {
    let program = git.local().args(["ls-remote", "--symref", "--quiet", "--"]).arg(place.path());
    let output = program.arg("HEAD").arg("refs/heads/*").output(MOST, LOOK_LIMIT).await.map_err(refused)?;
    Ok(read(&output))
}

/// A repository that git does not take is not our trouble.
pub fn refused(error: rampart_programs::Error) -> Error {
    match error {
        rampart_programs::Error::Failed { words, .. } => Error::Refused(visible(&words)),
        other => Error::Program(other),
    }
}

/// The last line, without what steers a terminal: it may quote the repository.
fn visible(words: &str) -> String {
    let line = words.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("git says no reason");
    line.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).take(300).collect()
}

/// Lines of `git ls-remote --symref`: `ref: refs/heads/main\tHEAD`, `<hash>\trefs/heads/main`.
fn read(output: &[u8]) -> Heads {
    let mut heads = Heads::default();
    for line in output.split(|byte| *byte == b'\n') {
        let Some((left, right)) = std::str::from_utf8(line).ok().and_then(|line| line.split_once('\t')) else {
            continue;
        };
        if let (Some(target), "HEAD") = (left.strip_prefix("ref: refs/heads/"), right) {
            heads.default = target.parse().ok();
        } else if let Some(name) = right.strip_prefix("refs/heads/")
            && let (Ok(name), Ok(hash)) = (name.parse(), left.parse())
        {
            heads.branches.insert(name, hash);
        }
    }
    heads
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_and_what_is_odd_is_left_out() {
        let (a, b) = ("a".repeat(40), "b".repeat(40));
        let output = format!(
            "ref: refs/heads/main\tHEAD\n{a}\tHEAD\n{a}\trefs/heads/main\n{b}\trefs/heads/-x\n{b}\trefs/heads/x\n"
        );
        let heads = read(output.as_bytes());
        assert_eq!(heads.default, "main".parse().ok());
        assert_eq!(heads.branches.keys().map(BranchName::as_str).collect::<Vec<_>>(), ["main", "x"]);
        assert_eq!(read(b"\xff\t\n\tx\nref: \tHEAD"), Heads::default());
    }

    #[test]
    fn words_of_repositories_are_shown_as_one_plain_line() {
        assert_eq!(visible("warning: x\nfatal: \u{1b}[31mno\n\n"), "fatal: \u{fffd}[31mno");
        assert_eq!(visible(""), "git says no reason");
    }
}
