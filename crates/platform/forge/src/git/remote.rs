//! Where a repository is fetched from, and what it has there, asked without fetching anything.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rampart_kernel::Secret;
use rampart_programs::Program;

use super::Git;
use super::error::{Error, Result};
use super::place::Place;
use crate::fields::{BranchName, CommitHash};

/// A look at branches is part of a request, and of a round over all repositories.
const LOOK_LIMIT: Duration = Duration::from_secs(10);

/// Bytes of branches: some tens of thousands of them.
const MOST: u64 = 4_000_000;

/// Where a repository is fetched from.
#[derive(Clone, Debug)]
pub enum Source {
    /// A folder of this machine.
    Place(Place),
    Forge(Remote),
}

/// A repository at a forge, over HTTP.
#[derive(Clone, Debug)]
pub struct Remote {
    /// Without a name or a password in it.
    url: String,
    /// As whom a token is shown, and the token.
    login: (&'static str, Secret),
}

impl Remote {
    /// At an address that this program has put together; nobody else names hosts.
    pub fn new(url: String, login: (&'static str, Secret)) -> Remote {
        Remote { url, login }
    }
}

impl From<Place> for Source {
    fn from(place: Place) -> Source {
        Source::Place(place)
    }
}

impl Source {
    /// Git, as it may reach this and nothing else.
    ///
    /// A token goes by the environment of the one process that shows it: arguments can be read by everybody on the machine, and
    /// files stay. It is bound to the address, and as no redirect is followed, nobody else is shown it.
    pub(super) fn program(&self, git: &Git) -> Program {
        let remote = match self {
            Source::Place(_) => return git.local(),
            Source::Forge(remote) => remote,
        };
        let scheme = remote.url.split_once("://").map_or("https", |(scheme, _)| scheme);
        let program = git.program().env("GIT_ALLOW_PROTOCOL", scheme);
        let (name, token) = &remote.login;
        let shown = STANDARD.encode(format!("{name}:{}", token.expose()));
        program
            .env("GIT_CONFIG_COUNT", "1")
            .env("GIT_CONFIG_KEY_0", format!("http.{}.extraHeader", remote.url))
            .env("GIT_CONFIG_VALUE_0", format!("Authorization: Basic {shown}"))
    }

    /// As git is told.
    pub(super) fn argument(&self) -> &OsStr {
        match self {
            Source::Place(place) => place.path().as_os_str(),
            Source::Forge(remote) => OsStr::new(&remote.url),
        }
    }

    /// What a failure means. Words are all that git says.
    pub(super) fn refused(&self, error: rampart_programs::Error) -> Error {
        let (rampart_programs::Error::Failed { words, .. }, Source::Forge(_)) = (&error, self) else {
            return refused(error);
        };
        let says = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
        if says(&["could not read Username", "Authentication failed", "returned error: 401", "returned error: 403"]) {
            return Error::Denied;
        }
        // Ours is in the way, and made anew by who asked.
        if says(&[".lock", "corrupt", "is not a git repository"]) {
            return Error::Mirror(visible(words));
        }
        // What is sent is judged here, whoever sends it: it is the same the next time.
        if says(&["fsck", "not our ref", "couldn't find remote ref", "not found", "File size limit"]) {
            return refused(error);
        }
        if says(&["unable to access", "RPC failed", "hung up", "early EOF", "Could not resolve", "expected flush"]) {
            return Error::Unreachable(visible(words));
        }
        refused(error)
    }
}

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
pub async fn heads(git: &Git, source: &Source) -> Result<Heads> {
    let program = source.program(git).args(["ls-remote", "--symref", "--quiet", "--"]).arg(source.argument());
    let output = program.arg("HEAD").arg("refs/heads/*").output(MOST, LOOK_LIMIT).await;
    let output = output.map_err(|error| source.refused(error))?;
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
