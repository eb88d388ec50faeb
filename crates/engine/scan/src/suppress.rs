//! Comments that suppress findings.
//!
//! `nosem` and `nosemgrep`, bare or with `: id, id`, mean what they mean to Semgrep. `rampart: ignore[id, id] reason` asks for a
//! comment; `rampart: ignore-file[id] reason` above the first line of code speaks for the whole file. An id may be shortened to its last
//! parts: `weak-hash` stands for `python.crypto.weak-hash`. A bare mark stands for every rule.

use rampart_report::model::{Suppression, SuppressionKind};

use crate::read::Lines;

/// What opens a comment in some language, longest first where one begins another.
const COMMENT_STARTS: [&str; 14] =
    ["<!--", "{#-", "{#", "{{!", "/**", "/*", "///", "//", "#", "--", ";", "%", "*", "\"\"\""];

/// What may close a comment behind a reason.
const COMMENT_ENDS: [&str; 6] = ["*/", "-->", "-#}", "#}", "}}", "\"\"\""];

/// The marks of one file.
pub struct Suppressions<'t> {
    /// In the order of their lines.
    marks: Vec<Mark<'t>>,
}

struct Mark<'t> {
    line: u32,
    scope: Scope,
    /// Nothing but a comment stands on the line.
    alone: bool,
    /// Empty for every rule.
    ids: Vec<&'t str>,
    reason: Option<&'t str>,
    comment: &'t str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Line,
    File,
}

impl<'t> Suppressions<'t> {
    /// Finds the marks of a file. Costs one search for two short words when there are none.
    pub fn of(lines: &Lines<'t>, text: &'t str) -> Suppressions<'t> {
        let mut at: Vec<u32> = Vec::new();
        let bytes = text.as_bytes();
        // Every way to write `nosem` has an `s` between an `o` and an `e`; those are tested in place instead of lowering the text.
        at.extend(memchr::memchr2_iter(b's', b'S', bytes).filter(|&i| is_nosem(bytes, i)).map(|i| lines.line_of(i)));
        at.extend(memchr::memmem::find_iter(bytes, "rampart:").map(|i| lines.line_of(i)));
        at.sort_unstable();
        at.dedup();
        let mut head = Head { lines, next: 1 };
        let mut marks = Vec::new();
        for number in at {
            let line = lines.line(number).unwrap_or_default();
            marks.extend(nosem(line, number));
            marks.extend(ours(line, number).filter(|mark| mark.scope == Scope::Line || head.reaches(number)));
        }
        Suppressions { marks }
    }

    /// The mark that speaks for a finding of rule `id` that starts on `line`: on that line, alone on the lines directly before it, or
    /// for the file.
    pub fn find(&self, id: &str, line: u32) -> Option<Suppression> {
        let speaks = |mark: &&Mark| mark.ids.is_empty() || mark.ids.iter().any(|short| stands_for(short, id));
        let on = |line: u32| self.marks.iter().filter(move |mark| mark.line == line && mark.scope == Scope::Line);
        let mut found = on(line).find(speaks);
        let mut above = line;
        while found.is_none() && above > 1 && on(above - 1).any(|mark| mark.alone) {
            above -= 1;
            found = on(above).filter(|mark| mark.alone).find(speaks);
        }
        let found = found.or_else(|| self.marks.iter().filter(|mark| mark.scope == Scope::File).find(speaks))?;
        Some(Suppression {
            kind: SuppressionKind::InSource,
            comment: found.comment.to_owned(),
            reason: found.reason.map(str::to_owned),
            line: Some(found.line),
        })
    }
}

/// Whether the `s` at `at` is that of `nosem` behind a space.
fn is_nosem(bytes: &[u8], at: usize) -> bool {
    at >= 3
        && bytes[at - 3] == b' '
        && bytes.get(at - 2..at + 3).is_some_and(|word| word.eq_ignore_ascii_case(b"nosem"))
}

fn nosem(line: &str, number: u32) -> Option<Mark<'_>> {
    let bytes = line.as_bytes();
    let at = memchr::memchr2_iter(b's', b'S', bytes).find(|&i| is_nosem(bytes, i))? - 2;
    let word = if bytes.get(at..at + 9).is_some_and(|w| w.eq_ignore_ascii_case(b"nosemgrep")) { 9 } else { 5 };
    let rest = &line[at + word..];
    if rest.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let alone = !line[..at].contains(|c: char| c.is_alphanumeric());
    let mut ids = Vec::new();
    let mut reason = rest;
    if let Some(list) = rest.strip_prefix([':', '=']) {
        (ids, reason) = id_list(list);
    }
    Some(Mark { line: number, scope: Scope::Line, alone, ids, reason: tidy_reason(reason), comment: line[at..].trim() })
}

/// `id, id reason`: the ids, and what follows the last one.
fn id_list(mut list: &str) -> (Vec<&str>, &str) {
    let mut ids = Vec::new();
    loop {
        list = list.trim_start();
        let end = list.find(|c: char| c == ',' || c.is_whitespace()).unwrap_or(list.len());
        let id = COMMENT_ENDS.iter().fold(&list[..end], |id, close| id.strip_suffix(close).unwrap_or(id));
        if !id.is_empty() && is_id(id) {
            ids.push(id);
        }
        list = list[end..].trim_start();
        match list.strip_prefix(',') {
            Some(rest) => list = rest,
            None => return (ids, list),
        }
    }
}

fn is_id(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '/'))
}

fn ours(line: &str, number: u32) -> Option<Mark<'_>> {
    let at = line.find("rampart:")?;
    let before = line[..at].trim_end();
    let open = COMMENT_STARTS.iter().find(|open| before.ends_with(*open))?;
    let rest = line[at + "rampart:".len()..].trim_start().strip_prefix("ignore")?;
    let (scope, rest) = match rest.strip_prefix("-file") {
        Some(rest) => (Scope::File, rest),
        None => (Scope::Line, rest),
    };
    let (ids, reason) = match rest.strip_prefix('[') {
        Some(list) => {
            let (list, reason) = list.split_once(']')?;
            (list.split(',').map(str::trim).filter(|id| !id.is_empty()).collect(), reason)
        }
        None if rest.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-') => return None,
        None => (Vec::new(), rest),
    };
    let alone = before[..before.len() - open.len()].trim().is_empty();
    Some(Mark { line: number, scope, alone, ids, reason: tidy_reason(reason), comment: line[at..].trim() })
}

/// A reason without the punctuation before it and the end of the comment behind it.
fn tidy_reason(text: &str) -> Option<&str> {
    let mut text = text.trim();
    for close in COMMENT_ENDS {
        text = text.strip_suffix(close).unwrap_or(text).trim_end();
    }
    let text = text.trim_start_matches(['-', ':', '–', '—', '(', '#', ' ']).trim();
    let text = text.strip_suffix(')').filter(|_| !text.contains('(')).unwrap_or(text);
    (!text.is_empty()).then_some(text)
}

/// Whether `short` is `id` or its last parts.
pub fn stands_for(short: &str, id: &str) -> bool {
    id.strip_suffix(short).is_some_and(|before| before.is_empty() || before.ends_with(['.', '/']))
}

/// The lines above the first line of code.
struct Head<'l, 't> {
    lines: &'l Lines<'t>,
    /// All lines before this one are comments or empty.
    next: u32,
}

impl Head<'_, '_> {
    fn reaches(&mut self, number: u32) -> bool {
        while self.next < number {
            let line = self.lines.line(self.next).unwrap_or_default().trim_start();
            if !line.is_empty() && !COMMENT_STARTS.iter().any(|open| line.starts_with(open)) {
                return false;
            }
            self.next += 1;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, id: &str, line: u32, expected: Option<(u32, Option<&str>)>) {
        let lines = Lines::new(text);
        let found = Suppressions::of(&lines, text).find(id, line);
        let found = found.as_ref().map(|s| (s.line.unwrap(), s.reason.as_deref()));
        assert_eq!(found, expected, "{text:?} {id} {line}");
    }

    #[test]
    fn nosem_speaks_as_it_does_to_semgrep() {
        check("f()  # nosem", "a.b", 1, Some((1, None)));
        check("f()  # NoSemGrep", "a.b", 1, Some((1, None)));
        check("f()  #nosem", "a.b", 1, None);
        check("f()  // nosemantics", "a.b", 1, None);
        check("f()  // nosemgrep: b", "a.b", 1, Some((1, None)));
        check("f()  // nosemgrep: a.b, c", "a.b", 1, Some((1, None)));
        check("f()  // nosemgrep: c,b known safe", "a.b", 1, Some((1, Some("known safe"))));
        check("f()  // nosemgrep: bb", "a.b", 1, None);
        check("f()  /* nosem: b */", "a.b", 1, Some((1, None)));
        check("f()  <!-- nosem:b-->", "a.b", 1, Some((1, None)));
        check("# nosem\nf()", "a.b", 2, Some((1, None)));
        check("g() # nosem\nf()", "a.b", 2, None);
        check("# nosem\n\nf()", "a.b", 3, None);
        check("# nosem: c\n# nosem: b\nf()", "a.c", 3, Some((1, None)));
    }

    #[test]
    fn our_marks_want_a_comment_and_carry_a_reason() {
        check("f()  # rampart: ignore[b] used for caching", "a.b", 1, Some((1, Some("used for caching"))));
        check("f()  # rampart: ignore[c] x", "a.b", 1, None);
        check("f()  # rampart: ignore[c, a.b]", "a.b", 1, Some((1, None)));
        check("f()  /* rampart: ignore[b] (why not) */", "a.b", 1, Some((1, Some("why not"))));
        check("f()  # rampart: ignore", "a.b", 1, Some((1, None)));
        check("f('rampart: ignore[b]')", "a.b", 1, None);
        check("f()  # rampart: ignored", "a.b", 1, None);
        check("// rampart: ignore[b] why\nf()", "a.b", 2, Some((1, Some("why"))));
        check("g() // rampart: ignore[b] why\nf()", "a.b", 2, None);
        check("#!/bin/x\n\n# rampart: ignore-file[b] a fixture\nf()\nf()", "a.b", 5, Some((3, Some("a fixture"))));
        check("f()\n# rampart: ignore-file[b] late\nf()", "a.b", 1, None);
    }
}
