//! What differs between two commits, line by line and within limits: for people, who read no more.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use rampart_programs::Program;
use serde::Serialize;
use tokio::io::AsyncReadExt;
use utoipa::ToSchema;

use super::error::{Error, Result};
use super::patch::{Part, Room, parts};
use super::{Mirror, READ_LIMIT};
use crate::fields::CommitHash;

/// Bytes of a list of names: 50,000 files with long ones.
const MOST_NAMES: u64 = 32_000_000;

/// Bytes of a patch that is read. Of what comes after it the numbers are told, and each file by itself.
const MOST_PATCH: u64 = 16_000_000;

/// Files that are listed; of more only the totals are told.
const LISTED: usize = 3_000;

/// Files whose lines are shown together.
const SHOWN_FILES: usize = 300;

/// What is shown of one file among others: more is generated, or read by itself.
const OF_ONE: Room = Room { lines: 3_000, bytes: 500_000 };

/// What is shown at a time, and of a file that is asked for by itself.
const OF_ALL: Room = Room { lines: 20_000, bytes: 4_000_000 };

/// How git is asked in both runs: they must list the same files in the same order.
const COMMON: [&str; 6] = ["diff-tree", "-r", "--no-commit-id", "--no-ext-diff", "--no-textconv", "--find-renames"];

/// What differs in `to` from `from`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Diff {
    /// Nothing when all of `to` is new.
    #[schema(value_type = Option<String>)]
    pub from: Option<CommitHash>,
    #[schema(value_type = String)]
    pub to: CommitHash,
    pub totals: DiffTotals,
    /// In the order of their names; at most 3,000.
    pub files: Vec<DiffFile>,
}

/// Of all files, also of those that are not listed or not shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct DiffTotals {
    pub files: u32,
    pub added: u32,
    pub removed: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DiffFile {
    /// Bytes that are not UTF-8 are shown as U+FFFD.
    pub path: String,
    /// Of one that was renamed.
    pub previous_path: Option<String>,
    #[schema(value_type = String)]
    pub status: DiffStatus,
    /// Has no lines.
    pub binary: bool,
    pub added: u32,
    pub removed: u32,
    /// Nothing when `binary` or `omitted`.
    pub hunks: Option<Vec<DiffHunk>>,
    /// Why its lines are not here: `too_long` by itself; `too_many` together with those before it: `?path=` shows it; `unread`.
    #[schema(value_type = Option<String>)]
    pub omitted: Option<Omitted>,
}

rampart_kernel::named! {
    /// What became of a file.
    pub enum DiffStatus {
        Added = "added",
        Modified = "modified",
        Removed = "removed",
        Renamed = "renamed",
    }
}

rampart_kernel::named! {
    /// Why lines are not shown.
    pub enum Omitted {
        TooLong = "too_long",
        TooMany = "too_many",
        /// What git said of it was not understood.
        Unread = "unread",
    }
}

/// Lines that were changed, with up to three before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DiffHunk {
    /// From 1; where there are no lines, the one before.
    pub old_start: u32,
    pub old_lines: u32,
    pub new_start: u32,
    pub new_lines: u32,
    pub lines: Vec<DiffLine>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DiffLine {
    #[schema(value_type = String)]
    pub kind: LineKind,
    /// Bytes that are not UTF-8 are shown as U+FFFD.
    pub text: String,
    /// The line goes on.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
    /// The file ends with it, and it with nothing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub no_newline: bool,
}

rampart_kernel::named! {
    /// On which sides a line is.
    pub enum LineKind {
        Context = "context",
        Added = "added",
        Removed = "removed",
    }
}

impl Mirror {
    /// What differs in `to` from `from`; everything is added when there is no `from`. Of one file by itself, with a `path`, more lines
    /// are shown.
    ///
    /// # Errors
    /// [`Error::NoCommit`] when one of them is not here; [`Error::NoFile`] when the file does not differ.
    pub async fn diff(&self, from: Option<&CommitHash>, to: &CommitHash, path: Option<&str>) -> Result<Diff> {
        if !self.has(to).await || matches!(from, Some(from) if !self.has(from).await) {
            return Err(Error::NoCommit);
        }
        let ends = [from.map_or_else(|| empty_tree(to), CommitHash::as_str), to.as_str(), "--"];
        let names = [&COMMON[..], &["-z", "--raw", "--numstat"], &ends].concat();
        let mut entries = entries(&self.read(&names, MOST_NAMES).await?)?;
        let totals = totals(&entries);
        let (mut of_one, mut beyond, mut only) = (OF_ONE, Omitted::TooMany, Vec::new());
        if let Some(path) = path {
            let at = entries.iter().position(|entry| entry.shown() == path).ok_or(Error::NoFile)?;
            entries = vec![entries.swap_remove(at)];
            (of_one, beyond, only) = (OF_ALL, Omitted::TooLong, entries.iter().flat_map(Entry::paths).collect());
        }
        // Paths are paths and no patterns: what `:` or `*` mean to git is told off.
        let program = self.program().arg("--literal-pathspecs");
        let program = program.args([&COMMON[..], &["-p", "--unified=3", "--no-color", "--full-index"], &ends].concat());
        let (patch, is_whole) = beginning(program.args(only)).await?;
        let files = files(&entries, parts(&patch, of_one), is_whole, beyond);
        Ok(Diff { from: from.cloned(), to: to.clone(), totals, files })
    }
}

/// A file that differs, as the list of names has it.
#[derive(Debug)]
struct Entry {
    kind: u8,
    path: Vec<u8>,
    previous: Option<Vec<u8>>,
    /// Nothing for one that has no lines.
    counts: Option<(u32, u32)>,
}

impl Entry {
    fn shown(&self) -> String {
        String::from_utf8_lossy(&self.path).into_owned()
    }

    /// Both: without the one the other would be new.
    fn paths(&self) -> impl Iterator<Item = OsString> {
        [self.previous.clone(), Some(self.path.clone())].into_iter().flatten().map(OsString::from_vec)
    }

    /// What became something else (a link, say) is told in a patch as gone and come.
    fn parts(&self) -> usize {
        if self.kind == b'T' { 2 } else { 1 }
    }

    fn file(&self) -> DiffFile {
        let (added, removed) = self.counts.unwrap_or_default();
        let status = match self.kind {
            b'A' => DiffStatus::Added,
            b'D' => DiffStatus::Removed,
            b'R' => DiffStatus::Renamed,
            _ => DiffStatus::Modified,
        };
        let previous_path = self.previous.as_deref().map(|path| String::from_utf8_lossy(path).into_owned());
        let binary = self.counts.is_none();
        DiffFile { path: self.shown(), previous_path, status, binary, added, removed, hunks: None, omitted: None }
    }
}

/// Fields of `--raw --numstat -z`: for each file `:<modes> <ids> <status>` and its path, for renames two; then for each
/// `<added>\t<removed>\t<path>`, for renames without the path and with two more.
fn entries(output: &[u8]) -> Result<Vec<Entry>> {
    let wrong = || Error::Answer("a name that differs");
    let mut fields = output.split(|byte| *byte == 0).peekable();
    let mut entries = Vec::new();
    while let Some(head) = fields.next_if(|field| field.starts_with(b":")) {
        let status = head.rsplit(|byte| *byte == b' ').next().and_then(<[u8]>::first);
        let kind = *status.ok_or_else(wrong)?;
        let mut path = || fields.next().filter(|path| !path.is_empty()).map(<[u8]>::to_vec).ok_or_else(wrong);
        let first = path()?;
        let (path, previous) = if kind == b'R' { (path()?, Some(first)) } else { (first, None) };
        entries.push(Entry { kind, path, previous, counts: None });
    }
    for entry in &mut entries {
        let field = fields.next().ok_or_else(wrong)?;
        let mut parts = field.splitn(3, |byte| *byte == b'\t');
        let (added, removed, path) = (parts.next(), parts.next(), parts.next().ok_or_else(wrong)?);
        let path = if path.is_empty() { fields.nth(1).ok_or_else(wrong)? } else { path };
        if path != entry.path {
            return Err(wrong());
        }
        let number = |text: Option<&[u8]>| std::str::from_utf8(text?).ok()?.parse().ok();
        entry.counts = number(added).zip(number(removed));
    }
    Ok(entries)
}

fn totals(entries: &[Entry]) -> DiffTotals {
    let mut totals = DiffTotals { files: u32::try_from(entries.len()).unwrap_or(u32::MAX), ..DiffTotals::default() };
    for (added, removed) in entries.iter().filter_map(|entry| entry.counts) {
        totals.added = totals.added.saturating_add(added);
        totals.removed = totals.removed.saturating_add(removed);
    }
    totals
}

/// What a program prints, as far as it is read; whether that is all.
async fn beginning(program: Program) -> Result<(Vec<u8>, bool)> {
    let mut running = program.start()?;
    let stdout = running.stdout().ok_or(Error::Answer("no pipe"))?;
    let read = async {
        let mut patch = Vec::new();
        stdout.take(MOST_PATCH).read_to_end(&mut patch).await.map_err(|_| Error::Answer("a broken pipe"))?;
        let is_whole = (patch.len() as u64) < MOST_PATCH;
        // Otherwise it ends when it is dropped: nobody reads on.
        if is_whole {
            running.finish().await?;
        }
        Ok((patch, is_whole))
    };
    let late = |_| rampart_programs::Error::TookTooLong { program: "git".to_owned(), limit: READ_LIMIT };
    tokio::time::timeout(READ_LIMIT, read).await.map_err(late)?
}

/// The names come from a list that cannot be misread, the lines from a patch whose files are in the same order. `beyond` is what a file
/// is left out as that the patch has not come to.
fn files(entries: &[Entry], mut parts: Vec<Part>, is_whole: bool, beyond: Omitted) -> Vec<DiffFile> {
    // The last one was cut off within.
    if !is_whole {
        parts.pop();
    }
    let expected: usize = entries.iter().map(Entry::parts).sum();
    // A patch of another shape than the names say is not believed.
    let is_believed = if is_whole { parts.len() == expected } else { parts.len() <= expected };
    let missing = if is_believed { beyond } else { Omitted::Unread };
    let mut parts = parts.into_iter().filter(|_| is_believed);
    let (mut left, mut left_files) = (OF_ALL, SHOWN_FILES);
    let mut files = Vec::new();
    for entry in entries.iter().take(LISTED) {
        let mut file = entry.file();
        let mut own = parts.by_ref().take(entry.parts());
        let part = (0..entry.parts()).map(|_| own.next()).reduce(|one, other| Some(one?.and(other?))).flatten();
        match part {
            None => file.omitted = Some(missing),
            Some(part) => {
                // What became something else is counted by its lines.
                if entry.kind == b'T' {
                    (file.binary, file.added, file.removed) = (part.is_binary, part.added, part.removed);
                }
                file.omitted = if part.is_wrong
                    || (part.is_binary, part.added, part.removed) != (file.binary, file.added, file.removed)
                {
                    Some(Omitted::Unread)
                } else if part.is_over {
                    Some(Omitted::TooLong)
                } else if left_files == 0 || !left.holds(part.room) {
                    Some(Omitted::TooMany)
                } else {
                    None
                };
                if file.omitted.is_none() && !file.binary {
                    (left, left_files) = (left.without(part.room), left_files - 1);
                    file.hunks = Some(part.hunks);
                }
            }
        }
        files.push(file);
    }
    files
}

/// The tree of no files, which git knows without having it.
fn empty_tree(beside: &CommitHash) -> &'static str {
    if beside.is_sha256() {
        "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321"
    } else {
        "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
    }
}

#[cfg(test)]
mod tests {
    use super::super::patch::parts;
    use super::*;

    const NAMES: &[u8] =
        b":100644 100644 1 2 M\0a\tb\nc\0:100644 120000 1 2 T\0link\0:100644 100644 1 2 R090\0:from\0to\0\
        :000000 100644 0 2 A\0image\x001\t1\ta\tb\nc\x001\t1\tlink\x002\t0\t\0:from\0to\0-\t-\timage\0";

    const PATCH: &str = "diff --git x\n@@ -1 +1 @@\n-a\n+b\ndiff --git l\n@@ -1 +0,0 @@\n-a\ndiff --git l\n@@ -0,0 +1 @@\n+a\n\
        diff --git f\n@@ -1,0 +2,2 @@\n+1\n+2\ndiff --git i\nBinary files a and b differ\n";

    fn read(patch: &str, is_whole: bool) -> Vec<(String, Option<usize>, Option<Omitted>)> {
        let files = files(&entries(NAMES).unwrap(), parts(patch.as_bytes(), OF_ONE), is_whole, Omitted::TooMany);
        files.into_iter().map(|file| (file.path, file.hunks.map(|hunks| hunks.len()), file.omitted)).collect()
    }

    #[test]
    fn lines_go_to_the_files_they_are_of() {
        let found = entries(NAMES).unwrap();
        assert_eq!((totals(&found).files, totals(&found).added, totals(&found).removed), (4, 4, 2));
        let of = |path: &str, hunks| (path.to_owned(), hunks, None);
        let shown = [of("a\tb\nc", Some(1)), of("link", Some(2)), of("to", Some(1)), of("image", None)];
        assert_eq!(read(PATCH, true), shown);
        assert_eq!(found[2].file().previous_path.as_deref(), Some(":from"));
        for wrong in [&b":100644 1 2 M\0a\x001\t1\tb\0"[..], b":1 M\0", b":1 M\0a\0", b":1 R1\0a\0"] {
            assert!(entries(wrong).is_err());
        }
    }

    #[test]
    fn a_patch_of_another_shape_is_not_believed() {
        let more = format!("{PATCH}diff --git y\n@@ -1 +1 @@\n-a\n+b\n");
        let unread = |patch: &str| read(patch, true).iter().filter(|file| file.2 == Some(Omitted::Unread)).count();
        assert_eq!(unread(&more), 4);
        // One line more than its number says.
        assert_eq!(unread(&PATCH.replacen("@@ -1 +1 @@\n-a\n+b\n", "@@ -1 +1,2 @@\n-a\n+b\n+c\n", 1)), 1);
        // Cut off within the third: the two before it are whole.
        let begun = PATCH.split("+1\n+2").next().unwrap();
        let omitted: Vec<_> = read(begun, false).into_iter().map(|file| file.2).collect();
        assert_eq!(omitted, [None, None, Some(Omitted::TooMany), Some(Omitted::TooMany)]);
    }

    #[test]
    fn files_beyond_the_limits_are_listed_without_their_lines() {
        let (mut names, mut patch) = (Vec::new(), String::new());
        let count = LISTED + 1;
        names.extend((0..count).flat_map(|at| format!(":0 A\0{at:05}\0").into_bytes()));
        names.extend((0..count).flat_map(|at| format!("100\t0\t{at:05}\0").into_bytes()));
        for _ in 0..count {
            patch += "diff --git x\n@@ -0,0 +1,100 @@\n";
            patch += &"+x\n".repeat(100);
        }
        let entries = entries(&names).unwrap();
        let files = files(&entries, parts(patch.as_bytes(), OF_ONE), true, Omitted::TooMany);
        let shown = files.iter().filter(|file| file.hunks.is_some()).count();
        assert_eq!((files.len(), shown, totals(&entries).files as usize), (LISTED, OF_ALL.lines / 100, count));
        assert!(files[shown..].iter().all(|file| file.omitted == Some(Omitted::TooMany)));
    }
}
