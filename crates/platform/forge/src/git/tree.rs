//! What a commit holds, listed and counted before any of it is written.

use tokio::io::{AsyncBufReadExt, BufReader};

use super::error::{Error, Result};
use super::{Mirror, READ_LIMIT};
use crate::fields::CommitHash;

/// Files of a commit (spec 04 §7). The listing of a tree that stands for billions is cut off here.
pub const MOST_FILES: usize = 50_000;

/// Bytes of all files of a commit together (spec 04 §7).
pub const MOST_BYTES: u64 = 500_000_000;

/// What an entry of a tree is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    File,
    Link,
    Submodule,
}

/// An entry of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub kind: Kind,
    /// Of the content.
    pub id: CommitHash,
    pub size: u64,
    /// As git has it: any bytes but NUL, `/` between parts.
    pub path: Vec<u8>,
}

/// What a commit holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    pub entries: Vec<Entry>,
    /// Of all files together.
    pub bytes: u64,
}

impl Entry {
    /// For people: what is not UTF-8 is shown as U+FFFD.
    pub fn shown(&self) -> String {
        String::from_utf8_lossy(&self.path).into_owned()
    }
}

impl Mirror {
    /// # Errors
    /// [`Error::TooManyFiles`] or [`Error::TooLarge`] as soon as either is known; [`Error::NoCommit`].
    pub async fn tree(&self, hash: &CommitHash) -> Result<Tree> {
        if !self.has(hash).await {
            return Err(Error::NoCommit);
        }
        let program = self.program().args(["ls-tree", "-r", "-z", "-l", "--full-tree", hash.as_str()]);
        let mut running = program.start()?;
        let stdout = running.stdout().ok_or(Error::Answer("no pipe"))?;
        let list = async {
            let mut lines = BufReader::with_capacity(1 << 16, stdout).split(0);
            let mut tree = Tree::default();
            while let Some(line) = lines.next_segment().await.map_err(|_| Error::Answer("a broken pipe"))? {
                let entry = read(&line)?;
                tree.bytes = tree.bytes.saturating_add(entry.size);
                tree.entries.push(entry);
                if tree.entries.len() > MOST_FILES {
                    return Err(Error::TooManyFiles(MOST_FILES));
                }
                if tree.bytes > MOST_BYTES {
                    return Err(Error::TooLarge(MOST_BYTES));
                }
            }
            running.finish().await?;
            Ok(tree)
        };
        let program = || "git".to_owned();
        let late = |_| rampart_programs::Error::TookTooLong { program: program(), limit: READ_LIMIT };
        tokio::time::timeout(READ_LIMIT, list).await.map_err(late)?
    }
}

/// `<mode> <type> <id> <size>\t<path>`
fn read(line: &[u8]) -> Result<Entry> {
    let wrong = || Error::Answer("an entry of a tree");
    let tab = line.iter().position(|byte| *byte == b'\t').ok_or_else(wrong)?;
    let head = std::str::from_utf8(&line[..tab]).map_err(|_| wrong())?;
    let parts: Vec<&str> = head.split_ascii_whitespace().collect();
    let [mode, _, id, size] = parts[..] else { return Err(wrong()) };
    let kind = match mode {
        "120000" => Kind::Link,
        "160000" => Kind::Submodule,
        _ if mode.starts_with("100") => Kind::File,
        _ => return Err(wrong()),
    };
    let size = if size == "-" { 0 } else { size.parse().map_err(|_| wrong())? };
    let id = id.parse().map_err(|_| wrong())?;
    Ok(Entry { kind, id, size, path: line[tab + 1..].to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_whatever_their_names_are() {
        let id = "a".repeat(40);
        let entry = read(format!("100644 blob {id}       7\ta\n\tb\u{1b}").as_bytes()).unwrap();
        assert_eq!((entry.kind, entry.size, entry.path.as_slice()), (Kind::File, 7, &b"a\n\tb\x1b"[..]));
        assert_eq!(read(format!("160000 commit {id}       -\tsub").as_bytes()).unwrap().kind, Kind::Submodule);
        assert_eq!(read(format!("120000 blob {id}       3\tlink").as_bytes()).unwrap().kind, Kind::Link);
        for bad in ["", "100644 blob x 7\ta", "040000 tree 7\ta", "100644 blob"] {
            assert!(read(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
