//! Annotated fixtures: which lines a rule is to find, and which not.

/// A line that an annotation speaks of.
#[derive(Debug, PartialEq, Eq)]
pub struct Mark {
    /// `ruleid` is true, `ok` is false.
    pub found: bool,
    /// From 1: the first line below the annotation that is none itself.
    pub line: usize,
}

/// The `ruleid:` and `ok:` marks of rule `id` in a text. `todoruleid:` and `todook:` promise nothing and are left out.
pub fn marks(text: &str, id: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut waiting: Vec<bool> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if is_annotation(line) {
            waiting.extend(about(line, id));
        } else {
            marks.extend(waiting.drain(..).map(|found| Mark { found, line: index + 1 }));
        }
    }
    marks
}

/// Whether a line is a comment that holds an annotation of any rule.
pub fn is_annotation(line: &str) -> bool {
    ["ruleid:", "ok:", "todoruleid:", "todook:"].iter().any(|word| rest_after(line, word).is_some())
}

/// What a line says of rule `id`: found or not.
fn about(line: &str, id: &str) -> Option<bool> {
    [("ruleid:", true), ("ok:", false)].into_iter().find_map(|(word, found)| {
        let mut ids =
            rest_after(line, word)?.split([',', ' ', '*', '}']).map(str::trim).filter(|part| !part.is_empty());
        ids.any(|short| stands_for(short, id)).then_some(found)
    })
}

/// Whether `short` is `id` or its last parts.
fn stands_for(short: &str, id: &str) -> bool {
    id.strip_suffix(short).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// What follows an annotation's word in a comment.
fn rest_after<'l>(line: &'l str, word: &str) -> Option<&'l str> {
    let body = line.trim_start().trim_start_matches('{');
    let comment = ["//", "/*", "#", "<!--", "--"].iter().find_map(|open| body.strip_prefix(open))?;
    comment.trim_start().strip_prefix(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_speak_of_the_next_line_of_code() {
        let check = |text: &str, expected: &[(bool, usize)]| {
            let found: Vec<_> = marks(text, "python.crypto.weak").iter().map(|mark| (mark.found, mark.line)).collect();
            assert_eq!(found, expected, "{text:?}");
        };
        check("# ruleid: python.crypto.weak\nf()\n", &[(true, 2)]);
        check("// ok: weak\nf()\n", &[(false, 2)]);
        check("# ok: other\n# ruleid: other, weak\nf()\n", &[(true, 3)]);
        check("{/* ruleid: weak */}\n<b/>\n", &[(true, 2)]);
        check("# todoruleid: weak\nf()\n# todook: weak\ng()\n", &[]);
        check("# ok: eak\nf()\nx = 'ruleid: weak'\ng()\n", &[]);
    }
}
