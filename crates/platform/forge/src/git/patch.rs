//! The lines of a patch, file by file. Names in it are not read: they may be written to look like anything.

use super::diff::{DiffHunk, DiffLine, LineKind};
use super::lines::replaced;

/// Bytes of a line that are shown: what is longer was written by a program.
const LINE_BYTES: usize = 2_000;

/// What lines take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Room {
    pub lines: usize,
    pub bytes: usize,
}

impl Room {
    pub fn holds(self, other: Room) -> bool {
        other.lines <= self.lines && other.bytes <= self.bytes
    }

    pub fn without(self, other: Room) -> Room {
        Room { lines: self.lines - other.lines, bytes: self.bytes - other.bytes }
    }
}

/// A file of a patch.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub is_binary: bool,
    pub added: u32,
    pub removed: u32,
    /// Empty when `is_over`.
    pub hunks: Vec<DiffHunk>,
    pub room: Room,
    /// There are more lines than were asked for.
    pub is_over: bool,
    /// A line is none that git writes.
    pub is_wrong: bool,
}

impl Part {
    /// Both as one file.
    pub fn and(mut self, other: Part) -> Part {
        self.hunks.extend(other.hunks);
        Part {
            is_binary: self.is_binary || other.is_binary,
            added: self.added.saturating_add(other.added),
            removed: self.removed.saturating_add(other.removed),
            hunks: self.hunks,
            room: Room { lines: self.room.lines + other.room.lines, bytes: self.room.bytes + other.room.bytes },
            is_over: self.is_over || other.is_over,
            is_wrong: self.is_wrong || other.is_wrong,
        }
    }

    fn keep(&mut self, kind: LineKind, bytes: &[u8], most: Room) {
        match kind {
            LineKind::Added => self.added = self.added.saturating_add(1),
            LineKind::Removed => self.removed = self.removed.saturating_add(1),
            LineKind::Context => {}
        }
        let (text, cut) = shown(bytes);
        self.room.lines += 1;
        self.room.bytes += text.len();
        if !most.holds(self.room) {
            self.is_over = true;
            self.hunks = Vec::new();
        }
        if let Some(hunk) = self.hunks.last_mut() {
            let text = String::from_utf8_lossy(text).into_owned();
            hunk.lines.push(DiffLine { kind, text, cut, no_newline: false });
        }
    }
}

/// As much of a line as is shown, and whether it goes on; it does not end within a letter.
fn shown(line: &[u8]) -> (&[u8], bool) {
    let Some(next) = line.get(LINE_BYTES) else { return (line, false) };
    let is_within = |byte: &u8| byte & 0xc0 == 0x80;
    let end = if is_within(next) { line[..LINE_BYTES].iter().rposition(|byte| !is_within(byte)) } else { None };
    (&line[..end.unwrap_or(LINE_BYTES)], true)
}

/// The files of a patch, each with at most so many lines. How many lines a hunk has is said before it: none of them is mistaken for
/// what git says.
pub(super) fn parts(patch: &[u8], most: Room) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    // Lines of the hunk that are still to come, by side.
    let (mut old, mut new) = (0_u32, 0_u32);
    for line in patch.split(|byte| *byte == b'\n') {
        let is_within = old > 0 || new > 0;
        if !is_within && line.starts_with(b"diff --git ") {
            parts.push(Part::default());
        }
        let Some(part) = parts.last_mut() else { continue };
        match line.split_first() {
            // After the last line of a side; then its other may still come.
            Some((b'\\', _)) => {
                if let Some(last) = part.hunks.last_mut().and_then(|hunk| hunk.lines.last_mut()) {
                    last.no_newline = true;
                }
            }
            Some((b' ', text)) if old > 0 && new > 0 => {
                (old, new) = (old - 1, new - 1);
                part.keep(LineKind::Context, text, most);
            }
            Some((b'-', text)) if old > 0 => {
                old -= 1;
                part.keep(LineKind::Removed, text, most);
            }
            Some((b'+', text)) if new > 0 => {
                new -= 1;
                part.keep(LineKind::Added, text, most);
            }
            _ if is_within => {
                part.is_wrong = true;
                (old, new) = (0, 0);
            }
            Some((b'@', _)) => {
                let Some(at) = replaced(line) else {
                    part.is_wrong = true;
                    continue;
                };
                (old, new) = (at.old_lines, at.new_lines);
                if !part.is_over {
                    part.hunks.push(DiffHunk {
                        old_start: at.old_start,
                        old_lines: at.old_lines,
                        new_start: at.new_start,
                        new_lines: at.new_lines,
                        lines: Vec::new(),
                    });
                }
            }
            _ if line.starts_with(b"Binary files ") => part.is_binary = true,
            _ => {}
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    const MUCH: Room = Room { lines: 100, bytes: 10_000 };

    fn only(patch: &[u8], most: Room) -> Part {
        let mut parts = parts(patch, most);
        assert_eq!(parts.len(), 1);
        parts.remove(0)
    }

    #[test]
    fn lines_that_look_like_what_git_says_are_lines() {
        let patch =
            b"diff --git a/x b/x\nindex 1..2\n--- a/x\n+++ b/x\n@@ -1,3 +1,4 @@ diff --git a/y b/y\n diff --git a/y b/y\n\
              --- a/z\n+++ b/z\n+@@ -1 +1 @@\n \r\n\\ No newline at end of file\n";
        let part = only(patch, MUCH);
        let lines: Vec<_> = part.hunks[0].lines.iter().map(|line| (line.kind, line.text.as_str())).collect();
        assert_eq!(
            lines,
            [
                (LineKind::Context, "diff --git a/y b/y"),
                (LineKind::Removed, "-- a/z"),
                (LineKind::Added, "++ b/z"),
                (LineKind::Added, "@@ -1 +1 @@"),
                (LineKind::Context, "\r")
            ]
        );
        assert!(part.hunks[0].lines[4].no_newline && !part.hunks[0].lines[3].no_newline && !part.is_wrong);
        assert_eq!((part.added, part.removed, part.room.lines), (2, 1, 5));
    }

    #[test]
    fn what_is_too_much_is_counted_and_not_kept() {
        let patch = b"diff --git a/x b/x\n@@ -0,0 +1,3 @@\n+1\n+2\n+3\n@@ -9 +12 @@\n-4\n+4\n";
        let part = only(patch, Room { lines: 2, bytes: 100 });
        assert_eq!((part.is_over, part.hunks.len(), part.added, part.removed), (true, 0, 4, 1));
        assert!(only(patch, Room { lines: 100, bytes: 4 }).is_over);
        assert!(!only(patch, MUCH).is_over);
    }

    #[test]
    fn a_long_line_is_cut_between_letters() {
        let patch = format!("diff --git a/x b/x\n@@ -0,0 +1 @@\n+a{}\n", "é".repeat(LINE_BYTES));
        let part = only(patch.as_bytes(), MUCH);
        let line = &part.hunks[0].lines[0];
        assert!(
            line.cut && line.text.len() == LINE_BYTES - 1 && !line.text.contains('\u{fffd}'),
            "{}",
            line.text.len()
        );
    }

    #[test]
    fn a_hunk_that_ends_early_is_not_believed() {
        for patch in ["@@ -1,2 +1,2 @@\n a\n?\n", "@@ x\n", "@@ -1,2 +1,2 @@\n a\n"] {
            assert!(only(format!("diff --git a/x b/x\n{patch}").as_bytes(), MUCH).is_wrong, "{patch}");
        }
    }
}
