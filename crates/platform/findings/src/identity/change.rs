//! What happened to files between two commits, as git tells it.

use std::collections::HashMap;

/// Lines that were replaced: `@@ -old_start,old_lines +new_start,new_lines @@` of a diff without context. Lines count from 1; where
/// there are none, the start is the line before, as git writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hunk {
    pub old_start: u32,
    pub old_lines: u32,
    pub new_start: u32,
    pub new_lines: u32,
}

impl Hunk {
    /// The first old line that is no longer there, or before which something was put.
    fn old_first(self) -> u32 {
        if self.old_lines == 0 { self.old_start.saturating_add(1) } else { self.old_start }
    }

    fn new_first(self) -> u32 {
        if self.new_lines == 0 { self.new_start.saturating_add(1) } else { self.new_start }
    }
}

/// What became of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileChange {
    /// Where it is now; nothing when it was deleted.
    to: Option<String>,
    /// Sorted, without overlaps; nothing when nobody can say which lines changed.
    hunks: Option<Vec<Hunk>>,
}

impl FileChange {
    /// Hunks in any order; of those that overlap, which git does not make, the later are dropped.
    pub fn new(to: &str, mut hunks: Vec<Hunk>) -> FileChange {
        hunks.sort_unstable();
        let mut end = 0u64;
        hunks.retain(|hunk| {
            let fits = u64::from(hunk.old_first()) >= end;
            if fits {
                end = u64::from(hunk.old_first()) + u64::from(hunk.old_lines);
            }
            fits
        });
        FileChange { to: Some(to.to_owned()), hunks: Some(hunks) }
    }

    /// It changed, and nobody can say where.
    pub fn somewhere(to: &str) -> FileChange {
        FileChange { to: Some(to.to_owned()), hunks: None }
    }

    pub fn deleted() -> FileChange {
        FileChange::default()
    }

    /// The new number of a line that did not change.
    fn line(&self, old: u32) -> Option<u32> {
        let hunks = self.hunks.as_deref()?;
        let after = hunks.partition_point(|hunk| hunk.old_first() <= old);
        let Some(hunk) = after.checked_sub(1).map(|last| hunks[last]) else { return Some(old) };
        let past = u64::from(old) - u64::from(hunk.old_first());
        let unchanged = past.checked_sub(u64::from(hunk.old_lines))?;
        u32::try_from(u64::from(hunk.new_first()) + u64::from(hunk.new_lines) + unchanged).ok()
    }

    /// The new number of a line that was changed where it stood: as many lines came as went.
    fn edited(&self, old: u32) -> Option<u32> {
        let hunks = self.hunks.as_deref()?;
        let last = hunks.partition_point(|hunk| hunk.old_first() <= old).checked_sub(1)?;
        let hunk = hunks[last];
        let at = old.checked_sub(hunk.old_first()).filter(|at| *at < hunk.old_lines)?;
        (hunk.old_lines == hunk.new_lines).then(|| hunk.new_first().checked_add(at)).flatten()
    }

    /// Whether one of these old lines was changed, or something was put between them.
    fn touches(&self, from: u32, to: u32) -> bool {
        self.hunks.as_deref().is_none_or(|hunks| {
            hunks.iter().any(|hunk| {
                let (first, behind) =
                    (u64::from(hunk.old_first()), u64::from(hunk.old_first()) + u64::from(hunk.old_lines));
                if hunk.old_lines == 0 {
                    u64::from(from) < first && first <= u64::from(to)
                } else {
                    u64::from(from) < behind && first <= u64::from(to)
                }
            })
        })
    }
}

/// All that happened between the commit that the stored findings were last placed in and that of the new scan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Change {
    /// Nobody can say: the older commit is gone, or there is no history.
    #[default]
    Unknown,
    /// By old path; files that are not named did not change.
    Between(HashMap<String, FileChange>),
}

impl Change {
    /// Nothing changed.
    pub fn none() -> Change {
        Change::Between(HashMap::new())
    }

    /// Where a file is now. Nothing when it was deleted, or nobody can say.
    pub fn path<'a>(&'a self, old: &'a str) -> Option<&'a str> {
        let Change::Between(files) = self else { return None };
        files.get(old).map_or(Some(old), |file| file.to.as_deref())
    }

    /// Where a line is now that did not change.
    pub fn place<'a>(&'a self, old: &'a str, line: u32) -> Option<(&'a str, u32)> {
        let Change::Between(files) = self else { return None };
        match files.get(old) {
            None => Some((old, line)),
            Some(file) => Some((file.to.as_deref()?, file.line(line)?)),
        }
    }

    /// Where a line is now that was changed where it stood.
    pub fn edited<'a>(&'a self, old: &str, line: u32) -> Option<(&'a str, u32)> {
        let Change::Between(files) = self else { return None };
        let file = files.get(old)?;
        Some((file.to.as_deref()?, file.edited(line)?))
    }

    /// The lines that were written, from and to, by the file's path of today; nothing for a file of which nobody can say. Files that
    /// are new as a whole are not among them: nothing became of what was not there.
    pub fn written(&self) -> HashMap<&str, Option<Vec<(u32, u32)>>> {
        let Change::Between(files) = self else { return HashMap::new() };
        let ranges = |hunks: &Vec<Hunk>| {
            let written = hunks.iter().filter(|hunk| hunk.new_lines > 0);
            written.map(|hunk| (hunk.new_start, hunk.new_start.saturating_add(hunk.new_lines - 1))).collect()
        };
        files.values().filter_map(|file| Some((file.to.as_deref()?, file.hunks.as_ref().map(ranges)))).collect()
    }

    pub fn is_deleted(&self, old: &str) -> bool {
        matches!(self, Change::Between(files) if files.get(old).is_some_and(|file| file.to.is_none()))
    }

    /// Whether something between these old lines is different now; nothing when nobody can say.
    pub fn touches(&self, old: &str, from: u32, to: u32) -> Option<bool> {
        let Change::Between(files) = self else { return None };
        Some(files.get(old).is_some_and(|file| file.to.is_none() || file.touches(from, to.max(from))))
    }

    /// Whether anything in the file is different now; nothing when nobody can say.
    pub fn changes(&self, old: &str) -> Option<bool> {
        let Change::Between(files) = self else { return None };
        Some(
            files
                .get(old)
                .is_some_and(|file| file.to.is_none() || file.hunks.as_deref().is_none_or(|hunks| !hunks.is_empty())),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hunk(old_start: u32, old_lines: u32, new_start: u32, new_lines: u32) -> Hunk {
        Hunk { old_start, old_lines, new_start, new_lines }
    }

    fn change(hunks: Vec<Hunk>) -> Change {
        Change::Between([("a".to_owned(), FileChange::new("a", hunks))].into())
    }

    #[test]
    fn lines_are_mapped_as_git_says() {
        // Two lines put before the first; line 5 replaced by three; line 8 removed.
        let change = change(vec![hunk(8, 1, 11, 0), hunk(0, 0, 1, 2), hunk(5, 1, 7, 3)]);
        let line = |old| change.place("a", old).map(|(_, line)| line);
        assert_eq!([1, 4, 5, 6, 7, 8, 9].map(line), [Some(3), Some(6), None, Some(10), Some(11), None, Some(12)]);
        let edited = |old| change.edited("a", old).map(|(_, line)| line);
        assert_eq!([4, 5, 6, 8].map(edited), [None; 4]);
        let even = self::change(vec![hunk(3, 2, 9, 2)]);
        assert_eq!([2, 3, 4, 5].map(|old| even.edited("a", old)), [None, Some(("a", 9)), Some(("a", 10)), None]);
        assert_eq!(change.place("b", 7), Some(("b", 7)));
        assert_eq!(Change::Unknown.place("a", 1), None);
    }

    #[test]
    fn what_is_put_between_lines_touches_them() {
        let change = change(vec![hunk(3, 0, 4, 1), hunk(6, 2, 8, 2)]);
        let touches = |from, to| change.touches("a", from, to).unwrap();
        assert_eq!(
            [touches(1, 3), touches(3, 4), touches(4, 5), touches(5, 6), touches(7, 7), touches(8, 9)],
            [false, true, false, true, true, false]
        );
        assert_eq!((change.touches("b", 1, 9), Change::Unknown.touches("a", 1, 9)), (Some(false), None));
    }

    #[test]
    fn hunks_that_cannot_be_do_no_harm() {
        let top = u32::MAX;
        for hunks in [
            vec![hunk(top, top, top, top)],
            vec![hunk(0, top, top, 0), hunk(1, 1, 1, 1)],
            vec![hunk(top, 0, top, 0), hunk(top, 1, 0, 0)],
        ] {
            let change = change(hunks);
            for line in [0, 1, 2, top - 1, top] {
                let _ = (
                    change.place("a", line),
                    change.edited("a", line),
                    change.touches("a", line, top),
                    change.touches("a", 0, line),
                );
            }
        }
    }
}
