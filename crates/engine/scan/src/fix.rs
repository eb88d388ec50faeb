//! Applies the fixes of findings to their files.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};
use std::path::Path;

use rampart_report::model::{Finding, Fix};

use crate::file::digest;
use crate::{Content, Part, Target, decode};

/// What was, or would be, changed.
#[derive(Debug, Default)]
pub struct Applied {
    pub edits: Vec<Edit>,
    pub files: usize,
    /// Files and fixes left alone, and why, for people.
    pub left: Vec<String>,
}

/// One replacement.
#[derive(Debug, PartialEq, Eq)]
pub struct Edit {
    pub path: String,
    /// From 1, before the change.
    pub line: u32,
    pub before: String,
    pub after: String,
}

/// Applies the fixes of findings that are not suppressed. A fix that overlaps an earlier one of its file is left for the next scan; a file
/// that changed since it was scanned is left alone. With `write` false nothing is written.
pub fn apply(findings: &[Finding], targets: &[Target], digests: &HashMap<String, String>, write: bool) -> Applied {
    let mut by_file: BTreeMap<&str, Vec<&Fix>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.suppressed.is_none()) {
        if let Some(fix) = &finding.fix {
            by_file.entry(&finding.path).or_default().push(fix);
        }
    }
    let mut applied = Applied::default();
    for (path, fixes) in by_file {
        let file = targets.iter().find_map(|target| match &target.source {
            Content::File(file) if target.path == path && target.part != Part::Before => Some(file),
            _ => None,
        });
        let Some(file) = file else {
            applied.left.push(format!("{path}: not a file that can be written"));
            continue;
        };
        match apply_to_file(file, path, fixes, digests.get(path), write, &mut applied) {
            Ok(()) => {}
            Err(error) => applied.left.push(format!("{path}: {error}")),
        }
    }
    applied
}

fn apply_to_file(
    file: &Path,
    path: &str,
    fixes: Vec<&Fix>,
    known: Option<&String>,
    write: bool,
    applied: &mut Applied,
) -> io::Result<()> {
    let bytes = std::fs::read(file)?;
    let unchanged = decode(bytes.clone()).ok().filter(|now| now.shift.is_some() && known == Some(&digest(&now.text)));
    if unchanged.is_none() {
        return Err(io::Error::other("changed since it was scanned"));
    }
    let (chosen, overlapping) = choose(fixes);
    if overlapping > 0 {
        applied.left.push(format!("{path}: {overlapping} fixes overlap others; scan again for them"));
    }
    let (fixed, edits) = replace(&bytes, path, &chosen)?;
    if write {
        replace_file(file, &fixed)?;
    }
    applied.files += 1;
    applied.edits.extend(edits);
    Ok(())
}

/// The fixes that can be applied together, in order, and how many cannot.
pub fn choose(mut fixes: Vec<&Fix>) -> (Vec<&Fix>, usize) {
    fixes.sort_by_key(|fix| (fix.start, fix.end));
    fixes.dedup();
    let all = fixes.len();
    let mut chosen: Vec<&Fix> = Vec::with_capacity(all);
    for fix in fixes {
        let free = chosen
            .last()
            .is_none_or(|last| last.end.offset <= fix.start.offset && last.start.offset < fix.start.offset);
        if free {
            chosen.push(fix);
        }
    }
    let overlapping = all - chosen.len();
    (chosen, overlapping)
}

/// The bytes with the replacements made, from the end so that offsets stay right.
pub fn replace(bytes: &[u8], path: &str, fixes: &[&Fix]) -> io::Result<(Vec<u8>, Vec<Edit>)> {
    let mut fixed = bytes.to_vec();
    let mut edits = Vec::with_capacity(fixes.len());
    for fix in fixes.iter().rev() {
        let range = fix.start.offset as usize..fix.end.offset as usize;
        let before = bytes.get(range.clone()).ok_or_else(|| io::Error::other("a fix lies outside the file"))?;
        let before = String::from_utf8_lossy(before).into_owned();
        fixed.splice(range, fix.replacement.bytes());
        edits.push(Edit { path: path.to_owned(), line: fix.start.line, before, after: fix.replacement.clone() });
    }
    edits.reverse();
    Ok((fixed, edits))
}

/// Replaces a file at once: a reader sees the old or the new content, never half of it.
fn replace_file(file: &Path, bytes: &[u8]) -> io::Result<()> {
    // Behind a link the file is replaced, not the link.
    let file = std::fs::canonicalize(file)?;
    let folder = file.parent().ok_or_else(|| io::Error::other("no folder"))?;
    let mut new = tempfile::Builder::new().prefix(".rampart-fix-").tempfile_in(folder)?;
    new.write_all(bytes)?;
    new.as_file().set_permissions(std::fs::metadata(&file)?.permissions())?;
    new.as_file().sync_all()?;
    new.persist(&file).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use rampart_report::model::Position;

    use super::*;

    #[test]
    fn fixes_that_overlap_are_left() {
        let fix = |start, end, replacement: &str| {
            let at = |offset| Position { line: 1, column: offset as u32 + 1, offset };
            Fix { start: at(start), end: at(end), replacement: replacement.into() }
        };
        let check = |fixes: &[Fix], text: &str, left| {
            let (chosen, overlapping) = choose(fixes.iter().collect());
            let (fixed, _) = replace(b"abcdef", "x", &chosen).unwrap();
            assert_eq!((String::from_utf8(fixed).unwrap().as_str(), overlapping), (text, left));
        };
        check(&[fix(4, 6, "Z"), fix(0, 1, "long")], "longbcdZ", 0);
        check(&[fix(0, 3, "X"), fix(2, 4, "Y")], "Xdef", 1);
        check(&[fix(0, 3, "X"), fix(0, 3, "X")], "Xdef", 0);
        check(&[fix(0, 1, ""), fix(1, 2, "")], "cdef", 0);
        assert!(replace(b"a", "x", &[&fix(0, 2, "")]).is_err());
    }
}
