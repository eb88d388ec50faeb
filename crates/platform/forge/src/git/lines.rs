//! Which lines of which files differ between two commits.

use super::error::{Error, Result};
use super::{Mirror, READ_LIMIT};
use crate::fields::CommitHash;

/// Bytes of a patch that is read for its line numbers. Of a larger one only the names are told.
const MOST_PATCH: u64 = 64_000_000;

/// Bytes of a list of names: 50,000 files with long ones.
const MOST_NAMES: u64 = 32_000_000;

/// Lines that were replaced, as git numbers them: from 1; where there are none, the start is the line before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replaced {
    pub old_start: u32,
    pub old_lines: u32,
    pub new_start: u32,
    pub new_lines: u32,
}

/// What became of a file that was there before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    pub from: String,
    /// Where it is now; nothing when it is gone.
    pub to: Option<String>,
    /// Nothing when nobody can say which lines changed.
    pub lines: Option<Vec<Replaced>>,
}

impl Mirror {
    /// Every file of `from` that is not the same in `to`.
    ///
    /// # Errors
    /// [`Error::NoCommit`] when one of them is not here.
    pub async fn moved(&self, from: &CommitHash, to: &CommitHash) -> Result<Vec<Moved>> {
        if !self.has(from).await || !self.has(to).await {
            return Err(Error::NoCommit);
        }
        let common = ["diff-tree", "-r", "--no-commit-id", "--no-ext-diff", "--no-textconv", "--find-renames"];
        let ends = [from.as_str(), to.as_str(), "--"];
        let names = [&common[..], &["-z", "--name-status"], &ends].concat();
        let names = self.read(&names, MOST_NAMES).await?;
        let patch = [&common[..], &["-p", "--unified=0", "--no-color", "--full-index"], &ends].concat();
        let patch = self.program().args(patch).output(MOST_PATCH, READ_LIMIT).await;
        moved(&names, patch.ok().as_deref())
    }
}

/// The names come from a list that cannot be misread, the lines from a patch whose files are in the same order.
fn moved(names: &[u8], patch: Option<&[u8]>) -> Result<Vec<Moved>> {
    let mut files = patch.map(lines);
    let mut fields = names.split(|byte| *byte == 0).filter(|field| !field.is_empty());
    let wrong = || Error::Answer("a name that differs");
    let mut entries = Vec::new();
    while let Some(status) = fields.next() {
        let mut path = || Some(String::from_utf8_lossy(fields.next()?).into_owned());
        let (first, kind) = (path().ok_or_else(wrong)?, status.first().copied().unwrap_or(b'?'));
        let second = if matches!(kind, b'R' | b'C') { Some(path().ok_or_else(wrong)?) } else { None };
        // What became something else (a link, say) is told as gone and come.
        let parts = if kind == b'T' { 2 } else { 1 };
        entries.push((kind, first, second, parts));
    }
    // A patch of another shape than the names say is not believed.
    let expected: usize = entries.iter().map(|entry| entry.3).sum();
    if files.as_ref().is_some_and(|files| files.len() != expected) {
        files = None;
    }
    let mut files = files.map(Vec::into_iter);
    let mut out = Vec::new();
    for (kind, first, second, parts) in entries {
        let mut lines = None;
        for _ in 0..parts {
            lines = files.as_mut().and_then(Iterator::next).flatten();
        }
        match kind {
            b'A' | b'C' => {}
            b'D' => out.push(Moved { from: first, to: None, lines: None }),
            b'R' => out.push(Moved { from: first, to: second, lines }),
            b'T' => out.push(Moved { to: Some(first.clone()), from: first, lines: None }),
            _ => out.push(Moved { to: Some(first.clone()), from: first, lines }),
        }
    }
    Ok(out)
}

/// For each file of a patch the lines that were replaced; nothing for one that is no text. Lines of files begin with a sign, so what
/// begins with a word is git's own.
fn lines(patch: &[u8]) -> Vec<Option<Vec<Replaced>>> {
    let mut files: Vec<Option<Vec<Replaced>>> = Vec::new();
    for line in patch.split(|byte| *byte == b'\n') {
        if line.starts_with(b"diff --git ") {
            files.push(Some(Vec::new()));
        } else if line.starts_with(b"Binary files ") {
            files.last_mut().map(Option::take);
        } else if line.starts_with(b"@@ ")
            && let Some(Some(file)) = files.last_mut()
            && let Some(replaced) = replaced(line)
        {
            file.push(replaced);
        }
    }
    files
}

/// `@@ -3,2 +3 @@ fn main()`
pub(super) fn replaced(line: &[u8]) -> Option<Replaced> {
    let end = line.iter().skip(3).position(|byte| *byte == b'@')? + 3;
    let text = std::str::from_utf8(line.get(3..end)?).ok()?;
    let (old, new) = text.trim().split_once(' ')?;
    let range = |text: &str, sign| {
        let text: &str = text.strip_prefix(sign)?;
        let (start, count) = text.split_once(',').unwrap_or((text, "1"));
        Some((start.parse().ok()?, count.parse().ok()?))
    };
    let ((old_start, old_lines), (new_start, new_lines)) = (range(old, '-')?, range(new, '+')?);
    Some(Replaced { old_start, old_lines, new_start, new_lines })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_to_the_files_they_are_of() {
        let names = b"M\0a\nb\0A\0new\0R090\0from\0to\0D\0gone\0M\0image\0T\0link\0";
        let patch = "diff --git \"a/a\\nb\" \"b/a\\nb\"\n--- x\n+++ y\n@@ -3,2 +3 @@ fn x @@ y\n-diff --git a b\n-@@ -1 +1 @@\n+z\n\
                     @@ -9,0 +9,4 @@\n+1\ndiff --git a/new b/new\n@@ -0,0 +1 @@\n+x\ndiff --git a/from b/to\n@@ -1 +1 @@\n-a\n+b\n\
                     diff --git a/gone b/gone\n@@ -1 +0,0 @@\n-a\ndiff --git a/image b/image\nBinary files a and b differ\n\
                     diff --git a/link b/link\n@@ -1 +0,0 @@\n-a\ndiff --git a/link b/link\n@@ -0,0 +1 @@\n+a\n";
        let found = moved(names, Some(patch.as_bytes())).unwrap();
        let at = |old_start, old_lines, new_start, new_lines| Replaced { old_start, old_lines, new_start, new_lines };
        let of = |from: &str, to: Option<&str>, lines| Moved { from: from.into(), to: to.map(Into::into), lines };
        assert_eq!(
            found,
            [
                of("a\nb", Some("a\nb"), Some(vec![at(3, 2, 3, 1), at(9, 0, 9, 4)])),
                of("from", Some("to"), Some(vec![at(1, 1, 1, 1)])),
                of("gone", None, None),
                of("image", Some("image"), None),
                of("link", Some("link"), None),
            ]
        );
        // A patch that has more or fewer files than there are names says nothing.
        let other = moved(names, Some(b"diff --git a/x b/x\n@@ -1 +1 @@\n")).unwrap();
        assert!(other.len() == 5 && other.iter().all(|file| file.lines.is_none()));
    }
}
