//! What the comments of a fixture say about the lines below them.

use rampart_scan::stands_for;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    Finding,
    Nothing,
    /// There should be a finding, and the engine or the rule does not find it yet.
    FindingSomeDay,
    /// There should be none, and there is one.
    NothingSomeDay,
}

/// One annotation: for one rule, about one line.
#[derive(Debug, PartialEq, Eq)]
pub struct Annotation {
    pub expect: Expect,
    pub rule: String,
    /// The line it speaks of, from 1.
    pub line: u32,
}

/// The words of annotations. Those of Semgrep's paid engine (`deepruleid`, `proruleid`) are for another engine and left out.
const WORDS: [(&str, Expect); 4] = [
    ("todoruleid", Expect::FindingSomeDay),
    ("todook", Expect::NothingSomeDay),
    ("ruleid", Expect::Finding),
    ("ok", Expect::Nothing),
];

/// What opens a comment that may hold an annotation.
const COMMENTS: [&str; 11] = ["#", "//", "/*", "<!--", "--", ";", "%", "(*", "{#", "*", "\"\"\""];

/// Reads the annotations of a text. Several in a row speak of the first line below them.
pub fn annotations(text: &str) -> Vec<Annotation> {
    let mut found: Vec<Annotation> = Vec::new();
    let mut waiting = 0;
    let mut number = 0;
    for line in text.lines() {
        number += 1;
        let own = annotation(line);
        if own.is_empty() {
            found[waiting..].iter_mut().for_each(|annotation| annotation.line = number);
            waiting = found.len();
        }
        found.extend(own.into_iter().map(|(expect, rule)| Annotation { expect, rule: rule.to_owned(), line: 0 }));
    }
    found[waiting..].iter_mut().for_each(|annotation| annotation.line = number + 1);
    found
}

/// The annotations of a line: `# ruleid: a, b`, also behind other words of the comment.
fn annotation(line: &str) -> Vec<(Expect, &str)> {
    let trimmed = line.trim_start().trim_start_matches("{").trim_start();
    let Some(mut rest) = COMMENTS.iter().find_map(|open| trimmed.strip_prefix(open)) else { return Vec::new() };
    let mut found = Vec::new();
    while let Some(colon) = rest.find(':') {
        let word = rest[..colon].trim_end().rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
        rest = &rest[colon + 1..];
        let Some((_, expect)) = WORDS.iter().find(|(name, _)| *name == word) else { continue };
        let mut list = rest;
        loop {
            list = list.trim_start();
            let end =
                list.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '/'))).unwrap_or(list.len());
            // `ok: id` may end in the close of the comment: `-->`.
            let id = list[..end].trim_end_matches(['-', '.', '/']);
            if !id.is_empty() {
                found.push((*expect, id));
            }
            list = list[end..].trim_start();
            match list.strip_prefix(',') {
                Some(more) => list = more,
                None => break,
            }
        }
        rest = list;
    }
    found
}

impl Annotation {
    /// Whether it is about this rule; an id may be shortened to its last parts.
    pub fn is_about(&self, id: &str) -> bool {
        stands_for(&self.rule, id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annotations_speak_of_the_next_line_of_code() {
        let check = |text: &str, expected: &[(Expect, &str, u32)]| {
            let found = annotations(text);
            let found: Vec<_> = found.iter().map(|a| (a.expect, a.rule.as_str(), a.line)).collect();
            assert_eq!(found, expected, "{text:?}");
        };
        check("# ruleid: a.b\nf()\n", &[(Expect::Finding, "a.b", 2)]);
        check(
            "# ruleid: a, b\n// ok: c\nf()",
            &[(Expect::Finding, "a", 3), (Expect::Finding, "b", 3), (Expect::Nothing, "c", 3)],
        );
        check("<!-- todook: a-b -->\nx", &[(Expect::NothingSomeDay, "a-b", 2)]);
        check("/* todoruleid:a*/\nx", &[(Expect::FindingSomeDay, "a", 2)]);
        check("{/* ok: a */}\nx", &[(Expect::Nothing, "a", 2)]);
        check("x = 'ok: a'\n# broken: a\n# deepruleid: a\n", &[]);
        check("# ruleid: a", &[(Expect::Finding, "a", 2)]);
    }
}
