//! What holds for source files: their length, no `unwrap()` outside tests, no files in the engine outside `scan`, no paths of a machine, no marks
//! of a merge.

use super::Problem;
use crate::repository;

/// Longer files are split by noun.
const MAX_LINES: usize = 800;

/// Texts that are looked at; the rest is binary or data.
const SOURCES: [&str; 13] =
    [".rs", ".toml", ".md", ".py", ".js", ".ts", ".tsx", ".css", ".html", ".java", ".go", ".yaml", ".sh"];

pub fn check(files: &[String]) -> anyhow::Result<Vec<Problem>> {
    let places = machine_places();
    let mut problems = Vec::new();
    for file in files {
        let script = matches!(file.as_str(), "Makefile" | ".ci/run");
        if !script && !SOURCES.iter().any(|ending| file.ends_with(ending)) {
            continue;
        }
        let text = repository::read(file)?;
        problems.extend(machine_paths(file, &text, &places));
        problems.extend(merge_marks(file, &text));
        if file.ends_with(".rs") {
            problems.extend(too_long(file, &text));
            problems.extend(panics(file, &text));
            problems.extend(files_in_engine(file, &text));
        }
    }
    Ok(problems)
}

fn too_long(file: &str, text: &str) -> Option<Problem> {
    let exempt = file.split('/').any(|part| matches!(part, "generated" | "tables" | "generated.rs" | "tables.rs"));
    let lines = text.lines().count();
    (!exempt && lines > MAX_LINES).then(|| {
        Problem::new(
            file,
            MAX_LINES + 1,
            format!("{lines} lines; a file has at most {MAX_LINES}"),
            "make it a folder of the same name, split by noun; tables go to `tables.rs`",
        )
    })
}

/// Whether a file is made of tests only.
fn is_test(file: &str) -> bool {
    file.split('/').any(|part| matches!(part, "tests" | "tests.rs" | "testkit" | "benches"))
}

fn panics(file: &str, text: &str) -> Vec<Problem> {
    if !file.starts_with("crates/") || is_test(file) {
        return Vec::new();
    }
    lines_with(text, ".unwrap()")
        .map(|line| {
            Problem::new(
                file,
                line,
                "`unwrap()` outside tests",
                "write `expect(\"why it holds\")`, or handle the other case",
            )
        })
        .collect()
}

fn files_in_engine(file: &str, text: &str) -> Vec<Problem> {
    if !file.starts_with("crates/engine/") || file.starts_with("crates/engine/scan/") || is_test(file) {
        return Vec::new();
    }
    lines_with(text, "std::fs")
        .map(|line| {
            Problem::new(
                file,
                line,
                "`std::fs` in the engine",
                "only `scan` touches files: take the text as an argument",
            )
        })
        .collect()
}

/// The lines of code outside tests that hold `needle`.
fn lines_with<'t>(text: &'t str, needle: &'t str) -> impl Iterator<Item = usize> + 't {
    // The text of code and of its lines have the same line breaks, so numbers carry over.
    let code = without_tests(&code_only(text));
    let found: Vec<usize> =
        code.lines().enumerate().filter(|(_, line)| line.contains(needle)).map(|(index, _)| index + 1).collect();
    found.into_iter()
}

/// Folders that exist on this machine only: where this checkout is, and the home of whoever runs this.
fn machine_places() -> Vec<String> {
    let checkout = repository::root().display().to_string();
    let home = std::env::var("HOME").unwrap_or_default();
    [checkout, home].into_iter().filter(|place| place.matches('/').count() > 1 || place == "/root").collect()
}

fn machine_paths(file: &str, text: &str, places: &[String]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for place in places {
            let is_path = line.match_indices(place.as_str()).any(|(at, _)| {
                let starts = !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-/".contains(c));
                starts && line[at + place.len()..].starts_with('/')
            });
            if is_path {
                problems.push(Problem::new(
                    file,
                    index + 1,
                    "a path of this machine",
                    "name it relative to the repository, or take it from the environment",
                ));
            }
        }
    }
    problems
}

/// Rust code with its comments, strings and characters replaced by blanks; lines stay where they are.
fn code_only(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        let length = match bytes[at] {
            b'/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            b'/' if rest.starts_with("/*") => block_comment(rest),
            b'"' => string(rest),
            b'r' | b'b' | b'c' if !after_word(bytes, at) => prefixed_string(rest).unwrap_or(0),
            b'\'' => character(rest).unwrap_or(0),
            _ => 0,
        };
        if length == 0 {
            let c = rest.chars().next().expect("not at the end");
            code.push(c);
            at += c.len_utf8();
        } else {
            code.extend(rest[..length].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            at += length;
        }
    }
    code
}

fn after_word(bytes: &[u8], at: usize) -> bool {
    at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_')
}

/// Comments nest.
fn block_comment(text: &str) -> usize {
    let mut depth = 0;
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match &bytes[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// `r"…"`, `r#"…"#`, `b"…"`, `br"…"`, `b'…'`.
fn prefixed_string(text: &str) -> Option<usize> {
    let prefix = text.find(|c| !matches!(c, 'r' | 'b' | 'c'))?;
    let (marks, body) = (&text[..prefix], &text[prefix..]);
    if !marks.contains('r') {
        return match body.as_bytes().first()? {
            b'"' => Some(prefix + string(body)),
            b'\'' => character(body).map(|length| prefix + length),
            _ => None,
        };
    }
    let hashes = body.find(|c| c != '#')?;
    let opened = body[hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    Some(prefix + hashes + 1 + opened.find(&close).map_or(opened.len(), |at| at + close.len()))
}

/// `'x'` and `'\n'`, but not the lifetime `'x`.
fn character(text: &str) -> Option<usize> {
    let mut chars = text.char_indices().skip(1);
    let (_, first) = chars.next()?;
    if first == '\\' {
        let (skipped, _) = chars.next()?;
        return text[skipped + 1..].find('\'').map(|at| skipped + 1 + at + 1);
    }
    chars.next().filter(|(_, c)| *c == '\'').map(|(at, _)| at + 1)
}

/// What git leaves where it could not merge. Compilers see it in code; nobody does in a document.
fn merge_marks(file: &str, text: &str) -> Vec<Problem> {
    let is_mark = |line: &str| line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ");
    let marked = text.lines().zip(1..).filter(|(line, _)| is_mark(line));
    marked.map(|(_, line)| Problem::new(file, line, "a mark of a merge", "keep what is right of both sides")).collect()
}

/// Code without the items that `#[cfg(test)]` stands before.
fn without_tests(code: &str) -> String {
    let mut kept = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find("#[cfg(test)]") {
        let (before, item) = rest.split_at(at);
        kept.push_str(before);
        let end = item_end(item);
        kept.extend(item[..end].chars().filter(|c| *c == '\n'));
        rest = &item[end..];
    }
    kept.push_str(rest);
    kept
}

/// Where an item ends: at the brace that closes its first one, or at a semicolon before any.
fn item_end(item: &str) -> usize {
    let mut depth = 0;
    for (at, c) in item.char_indices() {
        match c {
            ';' if depth == 0 => return at + 1,
            '{' => depth += 1,
            '}' if depth == 1 => return at + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    item.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_a_merge_are_seen() {
        let marked = format!("# Changes\n{} HEAD\n- a\n=======\n- b\n{} other\n", "<".repeat(7), ">".repeat(7));
        let lines: Vec<_> = merge_marks("CHANGELOG.md", &marked).iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [2, 6]);
        assert!(merge_marks("a.md", "a <<<<<<< b\n=======\n").is_empty());
    }

    #[test]
    fn unwrap_is_seen_in_code_only() {
        let check = |text: &str, expected: &[usize]| {
            let lines: Vec<_> = panics("crates/engine/x/src/a.rs", text).iter().map(|p| p.line).collect();
            assert_eq!(lines, expected, "{text}");
        };
        check("fn a() {\n    b().unwrap();\n}\n", &[2]);
        check("// x.unwrap()\n/* /* */ x.unwrap()\n*/ a.unwrap()\n", &[3]);
        check("let a = \"x.unwrap()\\\"\"; let b = 'x'.unwrap();\n", &[1]);
        check("let a = r#\"\"x.unwrap()\"#;\nlet b = br\"\\\"; c.unwrap()", &[2]);
        check("fn a<'x>(b: &'x str) { '\\''; '\"'; b.unwrap() }\n", &[1]);
        check("#[cfg(test)]\nmod tests {\n    fn a() { b.unwrap() }\n}\nfn c() { d.unwrap() }\n", &[5]);
        check("#[cfg(test)]\nuse a::b;\nfn c() { d.unwrap() }\n", &[3]);
        check("fn a() { b.unwrap_or(1); c.expect(\"it is there\") }\n", &[]);
    }

    #[test]
    fn tests_may_unwrap() {
        let check = |file: &str, expected: usize| assert_eq!(panics(file, "a.unwrap()").len(), expected, "{file}");
        check("crates/engine/x/src/a.rs", 1);
        check("crates/engine/x/tests/a.rs", 0);
        check("crates/engine/x/src/lower/tests.rs", 0);
        check("xtask/src/a.rs", 0);
    }

    #[test]
    fn the_engine_touches_no_files_outside_scan() {
        let check =
            |file: &str, expected: usize| assert_eq!(files_in_engine(file, "use std::fs;").len(), expected, "{file}");
        check("crates/engine/rules/src/a.rs", 1);
        check("crates/engine/scan/src/a.rs", 0);
        check("crates/engine/rules/tests/a.rs", 0);
        check("crates/rampart/src/a.rs", 0);
    }

    #[test]
    fn long_files_are_refused() {
        let check = |file: &str, lines: usize, expected: bool| {
            assert_eq!(too_long(file, &"x\n".repeat(lines)).is_some(), expected, "{file} {lines}");
        };
        check("crates/a/src/b.rs", 800, false);
        check("crates/a/src/b.rs", 801, true);
        check("crates/a/src/b/tables.rs", 5_000, false);
    }

    #[test]
    fn paths_of_the_machine_are_refused() {
        let places = ["/somewhere/rampart".to_owned()];
        let check =
            |text: &str, expected: usize| assert_eq!(machine_paths("a.md", text, &places).len(), expected, "{text}");
        check("cd /somewhere/rampart/crates", 1);
        check("cd /elsewhere/somewhere/rampart/crates", 0);
        check("cd /somewhere/rampartparts", 0);
        check("see crates/rampart", 0);
    }
}
