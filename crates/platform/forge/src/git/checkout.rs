//! The files of a commit, written into a folder of our own.
//!
//! Git would do this by its index, with attributes, filters and links; here a listing is counted, and then each regular file that is
//! wanted is written under a name whose parts are plain. Nothing else is made, so there is nothing to follow out of the folder.

use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{ChildStdin, ChildStdout};

use super::error::{Error, Result};
use super::tree::{Entry, Kind};
use super::{FETCH_LIMIT, Mirror};
use crate::fields::CommitHash;

/// Bytes of a path and parts of it: what people write is shorter, and file systems end somewhere.
const PATH_LENGTH: usize = 1_024;
const PART_LENGTH: usize = 255;
const DEPTH: usize = 64;

/// Bytes of files that are held in memory before they are written.
const BATCH: usize = 4 << 20;

/// Ids that are asked for at a time, so that neither side of the pipes waits for the other.
const ASKED: usize = 256;

/// What is written.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// Larger files are left out.
    pub file_bytes: u64,
    /// Files of these names, in whatever folder, as another commit has them.
    pub instead: Option<(&'a CommitHash, &'a [&'a str])>,
}

/// Why a file of a commit was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOut {
    Link,
    Submodule,
    TooLarge {
        bytes: u64,
    },
    /// Too long, too deep, or of parts that mean something to git or the system.
    Name,
    /// Another file is where it should be: names that only some systems tell apart.
    Taken,
}

/// What was written.
#[derive(Debug, Default)]
pub struct Checkout {
    pub files: usize,
    pub bytes: u64,
    /// By their shown paths, in the order of the tree.
    pub left_out: Vec<(String, LeftOut)>,
}

impl Mirror {
    /// Writes the files of a commit into `folder`, which is empty.
    ///
    /// # Errors
    /// As [`Mirror::tree`]; when the folder cannot be written to.
    pub async fn checkout(&self, hash: &CommitHash, folder: &Path, terms: Terms<'_>) -> Result<Checkout> {
        let mut tree = self.tree(hash).await?;
        if let Some((other, names)) = terms.instead {
            let named = |entry: &Entry| {
                let name = entry.path.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
                names.iter().any(|wanted| wanted.as_bytes() == name)
            };
            tree.entries.retain(|entry| !named(entry));
            // Last: where the commit has a file of its own, the file stays.
            tree.entries.extend(self.tree(other).await?.entries.into_iter().filter(named));
        }
        let mut out = Checkout::default();
        let mut wanted = Vec::with_capacity(tree.entries.len());
        for entry in tree.entries {
            let name = place(&entry.path);
            match (entry.kind, name) {
                (Kind::Link, _) => out.left_out.push((entry.shown(), LeftOut::Link)),
                (Kind::Submodule, _) => out.left_out.push((entry.shown(), LeftOut::Submodule)),
                (Kind::File, None) => out.left_out.push((entry.shown(), LeftOut::Name)),
                (Kind::File, Some(_)) if entry.size > terms.file_bytes => {
                    out.left_out.push((entry.shown(), LeftOut::TooLarge { bytes: entry.size }));
                }
                (Kind::File, Some(name)) => wanted.push((entry, name)),
            }
        }
        let work = self.write(wanted, folder, &mut out);
        let late = |_| rampart_programs::Error::TookTooLong { program: "git".to_owned(), limit: FETCH_LIMIT };
        tokio::time::timeout(FETCH_LIMIT, work).await.map_err(late)??;
        Ok(out)
    }

    async fn write(&self, wanted: Vec<(Entry, PathBuf)>, folder: &Path, out: &mut Checkout) -> Result<()> {
        if wanted.is_empty() {
            return Ok(());
        }
        let mut running = self.program().args(["cat-file", "--batch"]).start()?;
        let (Some(mut input), Some(output)) = (running.stdin(), running.stdout()) else {
            return Err(Error::Answer("no pipe"));
        };
        let mut output = BufReader::with_capacity(1 << 16, output);
        let mut batch = Batch::new(folder);
        for group in wanted.chunks(ASKED) {
            // Asked for while the answers come: some may be larger than a pipe.
            let ask = ask(&mut input, group);
            let read = read(&mut output, group, &mut batch, out);
            let ((), ()) = tokio::try_join!(ask, read)?;
        }
        batch.flush(out).await?;
        drop(input);
        Ok(running.finish().await?)
    }
}

/// The ids, a line each.
async fn ask(input: &mut ChildStdin, group: &[(Entry, PathBuf)]) -> Result<()> {
    let mut text = String::with_capacity(group.len() * 65);
    for (entry, _) in group {
        text += entry.id.as_str();
        text.push('\n');
    }
    let sent = async {
        input.write_all(text.as_bytes()).await?;
        input.flush().await
    };
    sent.await.map_err(|_| Error::Answer("no pipe"))
}

async fn read(
    output: &mut BufReader<ChildStdout>,
    group: &[(Entry, PathBuf)],
    batch: &mut Batch,
    out: &mut Checkout,
) -> Result<()> {
    let broken = |_| Error::Answer("a file that breaks off");
    for (entry, name) in group {
        let mut head = String::new();
        (&mut *output).take(200).read_line(&mut head).await.map_err(broken)?;
        let mut parts = head.trim_end().split(' ');
        let (id, kind, size) = (parts.next(), parts.next(), parts.next().and_then(|size| size.parse::<u64>().ok()));
        // The listing said what comes: anything else is not written.
        if id != Some(entry.id.as_str()) || kind != Some("blob") || size != Some(entry.size) {
            return Err(Error::Answer("another file than was asked for"));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(entry.size).unwrap_or(0).min(BATCH));
        (&mut *output).take(entry.size + 1).read_to_end(&mut bytes).await.map_err(broken)?;
        if bytes.len() as u64 != entry.size + 1 || bytes.pop() != Some(b'\n') {
            return Err(Error::Answer("a file that breaks off"));
        }
        batch.add(name.clone(), entry, bytes);
        if batch.bytes >= BATCH {
            batch.flush(out).await?;
        }
    }
    Ok(())
}

/// Files that wait to be written.
struct Batch {
    folder: PathBuf,
    files: Vec<(PathBuf, String, Vec<u8>)>,
    bytes: usize,
}

impl Batch {
    fn new(folder: &Path) -> Batch {
        Batch { folder: folder.to_owned(), files: Vec::new(), bytes: 0 }
    }

    fn add(&mut self, name: PathBuf, entry: &Entry, bytes: Vec<u8>) {
        self.bytes += bytes.len();
        self.files.push((name, entry.shown(), bytes));
    }

    async fn flush(&mut self, out: &mut Checkout) -> Result<()> {
        let (files, folder) = (std::mem::take(&mut self.files), self.folder.clone());
        self.bytes = 0;
        let write = move || write_all(&folder, files);
        let written =
            tokio::task::spawn_blocking(write).await.map_err(|_| Error::Answer("a writer that panicked"))??;
        out.files += written.files;
        out.bytes += written.bytes;
        out.left_out.extend(written.left_out);
        Ok(())
    }
}

fn write_all(folder: &Path, files: Vec<(PathBuf, String, Vec<u8>)>) -> Result<Checkout> {
    let mut out = Checkout::default();
    let mut made = PathBuf::new();
    for (name, shown, bytes) in files {
        let path = folder.join(&name);
        let parent = path.parent().unwrap_or(folder);
        let mut write = || {
            // Files of a folder follow each other.
            if made != parent {
                std::fs::create_dir_all(parent)?;
                made = parent.to_owned();
            }
            std::fs::File::create_new(&path)?.write_all(&bytes)
        };
        match write() {
            Ok(()) => {
                out.files += 1;
                out.bytes += bytes.len() as u64;
            }
            Err(error) if is_taken(&error) => out.left_out.push((shown, LeftOut::Taken)),
            Err(error) => return Err(Error::Folder { path: folder.to_owned(), error }),
        }
    }
    Ok(out)
}

/// Something else has the name, or is where a folder should be.
fn is_taken(error: &std::io::Error) -> bool {
    use std::io::ErrorKind;
    matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::NotADirectory | ErrorKind::IsADirectory)
}

/// Where a file goes, relative to the folder; nothing when its name is none that we write.
fn place(path: &[u8]) -> Option<PathBuf> {
    if path.is_empty() || path.len() > PATH_LENGTH || path.contains(&0) {
        return None;
    }
    let mut parts = 0;
    for part in path.split(|byte| *byte == b'/') {
        let git = part.eq_ignore_ascii_case(b".git") || part.eq_ignore_ascii_case(b"git~1");
        if part.is_empty() || part == b"." || part == b".." || part.len() > PART_LENGTH || git {
            return None;
        }
        parts += 1;
    }
    (parts <= DEPTH).then(|| PathBuf::from(OsStr::from_bytes(path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_nowhere_else() {
        for good in ["a", "a/b.py", ".github/x", "a b\n\u{1b}", "..a", "C:x", "-rf", "a\\..\\b"] {
            assert_eq!(place(good.as_bytes()), Some(PathBuf::from(good)), "{good}");
        }
        assert!(place(b"\xff\xfe.py").is_some());
        let (long, deep) = (format!("a/{}", "b".repeat(256)), "a/".repeat(64) + "b");
        for bad in
            ["", "/a", "a//b", "a/", "../a", "a/../b", "./a", ".git/config", "a/.GIT/hooks/x", "GIT~1/x", &long, &deep]
        {
            assert_eq!(place(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(place("a/".repeat(600).as_bytes()), None);
    }

    #[test]
    fn names_that_fall_together_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| (PathBuf::from(name), name.to_owned(), vec![1]);
        let out = write_all(folder.path(), vec![file("a"), file("a"), file("a/b"), file("c/d"), file("c")]).unwrap();
        assert_eq!(out.files, 2);
        let left: Vec<&str> = out.left_out.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(left, ["a", "a/b", "c"]);
    }
}
