//! The git program, hardened: what a repository says never decides what is run here.
//!
//! - Its environment and its configuration are ours alone: nothing of the machine's or a user's is read, there are no hooks, filters,
//!   helpers, submodules or prompts. What is fetched comes from one folder of this machine or from one address of a forge,
//!   without redirects.
//! - A mirror is bare and stays so. No work tree is ever made by git: what a commit holds is listed, counted and then written by
//!   this program ([`checkout`]), regular files only, so that links, attributes and names in trees have no power.
//! - Every run has limits: time, the size of what it prints, of the files it writes, of its memory.
//!
//! The repository from which is fetched is read by `git upload-pack`, which git makes for repositories of others.

mod changes;
mod checkout;
mod diff;
mod error;
mod lines;
mod mirror;
mod patch;
mod place;
mod remote;
mod tree;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rampart_programs::{Limits, Program};

pub use changes::{Changes, Described, MESSAGE_LENGTH, NAME_LENGTH, plain};
pub use checkout::{Checkout, LeftOut, Terms};
pub use diff::{Diff, DiffFile, DiffHunk, DiffLine, DiffStatus, DiffTotals, LineKind, Omitted};
pub use error::{Error, Result};
pub use lines::{Moved, Replaced};
pub use mirror::Mirror;
pub use place::{Place, Places};
pub use remote::{Heads, Remote, Source, heads};
pub use tree::{Entry, Kind, Tree};

/// The largest pack that is taken from a repository, in bytes: a clone of more is refused (spec 04 §7).
pub const LARGEST_PACK: u64 = 500_000_000;

/// Address space of a git process: packs are mapped into it.
const MEMORY: u64 = 4 << 30;

/// Processor time of a git process. A fetch within the limits takes seconds.
const PROCESSOR: Duration = Duration::from_secs(300);

/// How long a fetch may take.
const FETCH_LIMIT: Duration = Duration::from_secs(300);

/// How long everything else may take: it reads what is already here.
const READ_LIMIT: Duration = Duration::from_secs(60);

/// What git is told before anything else. Of `fsck` three mistakes that old versions of git made in many honest repositories are
/// let pass; they harm nobody. Attributes in a tree count for nothing: some versions read them in bare repositories too, and they may say that
/// code has no lines.
const CONFIGURATION: &str = "\
[core]
	hooksPath = /dev/null
	fsmonitor = false
	attributesFile = /dev/null
	excludesFile = /dev/null
	askPass =
	symlinks = false
	protectHFS = true
	protectNTFS = true
	quotePath = false
	logAllRefUpdates = false
[init]
	templateDir =
[transfer]
	fsckObjects = true
[fetch]
	recurseSubmodules = false
[fetch \"fsck\"]
	zeroPaddedFilemode = warn
	badTimezone = warn
	missingSpaceBeforeDate = warn
[submodule]
	recurse = false
[protocol]
	allow = never
[http]
	followRedirects = false
	proxy =
	sslVerify = true
	lowSpeedLimit = 1000
	lowSpeedTime = 30
[credential]
	helper =
[gc]
	auto = 0
[maintenance]
	auto = false
[safe]
	bareRepository = explicit
	directory = *
[attr]
	tree = refs/none
[diff]
	external =
	renameLimit = 1000
[log]
	showSignature = false
[pack]
	threads = 1
";

/// How git is started. Clones are the same.
#[derive(Clone, Debug)]
pub struct Git {
    /// Holds git's configuration, and is its home.
    home: PathBuf,
    /// Where programs are looked for.
    path: String,
}

impl Git {
    /// Writes the configuration into `home`, which is made.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(home: &Path, path: &str) -> Result<Git> {
        let failed = |error: std::io::Error| Error::Folder { path: home.to_owned(), error };
        std::fs::create_dir_all(home).map_err(failed)?;
        let home = std::fs::canonicalize(home).map_err(failed)?;
        rampart_kernel::write_private(&home.join("gitconfig"), CONFIGURATION)
            .map_err(|error| Error::Folder { path: home.clone(), error: std::io::Error::other(error) })?;
        Ok(Git { home, path: path.to_owned() })
    }

    fn program(&self) -> Program {
        let limits = Limits { file_bytes: Some(LARGEST_PACK), memory_bytes: Some(MEMORY), processor: Some(PROCESSOR) };
        Program::new("git", &self.path)
            .limits(limits)
            .env("HOME", &self.home)
            .env("GIT_CONFIG_GLOBAL", self.home.join("gitconfig"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_ATTR_NOSYSTEM", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_NO_REPLACE_OBJECTS", "1")
            .env("GIT_OPTIONAL_LOCKS", "0")
            // Nothing above a folder that is named is looked at.
            .env("GIT_CEILING_DIRECTORIES", "/")
            .env("LC_ALL", "C")
            .arg("--no-pager")
    }

    /// For what reads from a place on this machine, and from nowhere else.
    fn local(&self) -> Program {
        self.program().env("GIT_ALLOW_PROTOCOL", "file")
    }
}
