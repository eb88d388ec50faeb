//! What a commit says of itself, what differs between two, and a file of one.

use rampart_kernel::Timestamp;

use super::Mirror;
use super::error::{Error, Result};
use crate::fields::CommitHash;

/// Characters kept of what people wrote into a commit: enough to know it by.
pub const MESSAGE_LENGTH: usize = 4_000;
pub const NAME_LENGTH: usize = 200;

/// Bytes of a commit object that are read; what is longer is no message.
const MOST_DESCRIBED: u64 = 4_000_000;

/// Bytes of a list of names: 50,000 files with long ones.
const MOST_NAMES: u64 = 32_000_000;

/// What a commit says of itself. Text is cut, and without what steers a terminal; nobody has checked that it is true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    pub message: String,
    pub author: String,
    pub author_email: String,
    pub authored_at: Option<Timestamp>,
    /// The first one.
    pub parent: Option<CommitHash>,
}

/// Files that differ, by name; bytes that are not UTF-8 are shown as U+FFFD.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    pub added: Vec<String>,
    pub modified: Vec<String>,
    pub removed: Vec<String>,
    /// From, to: what changed little while it moved counts as renamed.
    pub renamed: Vec<(String, String)>,
}

impl Mirror {
    /// # Errors
    /// [`Error::NoCommit`].
    pub async fn describe(&self, hash: &CommitHash) -> Result<Described> {
        let format = "--format=%P%x00%an%x00%ae%x00%at%x00%B";
        let arguments =
            ["log", "-1", "--no-show-signature", "--no-mailmap", "--encoding=UTF-8", format, hash.as_str(), "--"];
        let output = self.read(&arguments, MOST_DESCRIBED).await.map_err(|_| Error::NoCommit)?;
        let mut parts = output.splitn(5, |byte| *byte == 0).map(String::from_utf8_lossy);
        let mut next = || parts.next().ok_or(Error::Answer("a commit"));
        let (parents, author, email, at, message) = (next()?, next()?, next()?, next()?, next()?);
        let seconds: Option<i64> = at.trim().parse().ok();
        Ok(Described {
            message: plain(message.trim(), MESSAGE_LENGTH),
            author: plain(&author, NAME_LENGTH),
            author_email: plain(&email, NAME_LENGTH),
            authored_at: seconds.map(|seconds| Timestamp::from_millis(seconds.saturating_mul(1_000))),
            parent: parents.split_whitespace().next().and_then(|hash| hash.parse().ok()),
        })
    }

    /// What differs in `to` from `from`; everything is added when there is no `from`.
    ///
    /// # Errors
    /// [`Error::NoCommit`] when one of them is not here.
    pub async fn changes(&self, from: Option<&CommitHash>, to: &CommitHash) -> Result<Changes> {
        let common = ["diff-tree", "-r", "-z", "--name-status", "--no-commit-id", "--no-ext-diff", "--find-renames"];
        let mut arguments = common.to_vec();
        match from {
            Some(from) => arguments.extend([from.as_str(), to.as_str()]),
            None => arguments.extend(["--root", to.as_str()]),
        }
        arguments.push("--");
        if !self.has(to).await || matches!(from, Some(from) if !self.has(from).await) {
            return Err(Error::NoCommit);
        }
        names(&self.read(&arguments, MOST_NAMES).await?)
    }

    /// A file as it is in a commit; nothing when it has more than `most` bytes.
    ///
    /// # Errors
    /// [`Error::NoCommit`], [`Error::NoFile`]: also of a folder, a link or a submodule.
    pub async fn file(&self, hash: &CommitHash, path: &str, most: u64) -> Result<Option<Vec<u8>>> {
        if !self.has(hash).await {
            return Err(Error::NoCommit);
        }
        // The path is a path and no pattern: what `:` or `*` mean to git is told off.
        let program = self.program().arg("--literal-pathspecs");
        let listed = program.args(["ls-tree", "-z", "-l", "--full-tree", hash.as_str(), "--", path]);
        let listed = listed.output(MOST_DESCRIBED, super::READ_LIMIT).await?;
        let entry = String::from_utf8_lossy(&listed);
        let mut parts = entry.split(['\t', '\0']).next().unwrap_or("").split_ascii_whitespace();
        let (mode, _, id, size) = (parts.next(), parts.next(), parts.next(), parts.next());
        let (Some(mode), Some(id), Some(size)) = (mode, id, size.and_then(|size| size.parse::<u64>().ok())) else {
            return Err(Error::NoFile);
        };
        if !mode.starts_with("100") {
            return Err(Error::NoFile);
        }
        if size > most {
            return Ok(None);
        }
        Ok(Some(self.read(&["cat-file", "blob", id], most).await?))
    }
}

/// Fields of `--name-status -z`: a letter and a path, for renames and copies two paths.
fn names(output: &[u8]) -> Result<Changes> {
    let mut fields = output.split(|byte| *byte == 0).filter(|field| !field.is_empty());
    let mut changes = Changes::default();
    while let Some(status) = fields.next() {
        let mut path = || {
            let path = fields.next().ok_or(Error::Answer("a name that differs"))?;
            Ok::<_, Error>(String::from_utf8_lossy(path).into_owned())
        };
        match status.first() {
            Some(b'A') => changes.added.push(path()?),
            Some(b'D') => changes.removed.push(path()?),
            Some(b'R') => changes.renamed.push((path()?, path()?)),
            Some(b'C') => {
                path()?;
                changes.added.push(path()?);
            }
            Some(_) => changes.modified.push(path()?),
            None => return Err(Error::Answer("a name that differs")),
        }
    }
    Ok(changes)
}

/// Without what steers a terminal, and cut to so many characters.
pub fn plain(text: &str, most: usize) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_are_read() {
        let changes = names(b"A\0new\nname\0M\0same\0D\0gone\0R087\0from\0to\0C100\0a\0b\0T\0kind\0").unwrap();
        assert_eq!(changes.added, ["new\nname", "b"]);
        assert_eq!(changes.modified, ["same", "kind"]);
        assert_eq!(changes.removed, ["gone"]);
        assert_eq!(changes.renamed, [("from".to_owned(), "to".to_owned())]);
        assert!(names(b"R100\0only").is_err());
    }
}
