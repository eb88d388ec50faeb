//! The cases of the matching suite: how they are written, and what the engine says of them.
//!
//! ```text
//! === the same metavariable twice is the same code
//! pattern: $X == $X
//! ---
//! a == a      <--
//! a == b
//! ```
//!
//! A name; the body of a rule in YAML (identifier, language, severity and, unless it is what the case is about, message are
//! supplied); the target, where ` <--` ends each line on which a finding starts. When the rule has a message of its own, the mark
//! is followed by the messages found there. A rule with a fix has the fixed target below `--- fixed`. `differs: reason`
//! below the name says that Semgrep finds what is marked, and Rampart does not.
//!
//! Cases live in `<language>/<topic>.txt`; the marks come from `cargo xtask oracle --cases`.

use std::collections::BTreeMap;

use rampart_rules::{CompileOptions, FileInput, Limits, RuleSet, Settings};
use rampart_syntax::Lang;

#[derive(Clone, Debug)]
pub struct Case {
    /// Line of the name, from 1.
    pub line: usize,
    pub name: String,
    pub differs: Option<String>,
    pub body: String,
    /// The target, without marks.
    pub code: String,
    pub found: Found,
}

/// What a rule finds in a target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Messages per start line (from 1), joined; empty when the rule has no message of its own.
    pub lines: BTreeMap<usize, String>,
    /// The target after all fixes; `None` when the rule has none.
    pub fixed: Option<String>,
}

/// One finding, by whichever program.
pub struct Finding {
    pub line: usize,
    pub message: String,
    /// Start, end and replacement.
    pub fix: Option<(usize, usize, String)>,
}

/// The language a rule names and the ending of a target, by folder.
pub const FOLDERS: &[(&str, &str, &str)] = &[
    ("python", "python", "py"),
    ("javascript", "javascript", "js"),
    ("typescript", "typescript", "ts"),
    ("tsx", "typescript", "tsx"),
    ("java", "java", "java"),
    ("go", "go", "go"),
    ("generic", "generic", "txt"),
    ("regex", "regex", "txt"),
];

pub const MARK: &str = " <--";

pub fn read(text: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    let mut at = 0;
    while at < lines.len() {
        let Some(name) = lines[at].strip_prefix("=== ") else {
            assert!(lines[at].trim().is_empty(), "line {}: text before `=== name`", at + 1);
            at += 1;
            continue;
        };
        let end = (at + 1..lines.len()).find(|&l| lines[l].starts_with("=== ")).unwrap_or(lines.len());
        cases.push(read_case(name, at + 1, &lines[at + 1..end]));
        at = end;
    }
    cases
}

fn read_case(name: &str, line: usize, lines: &[&str]) -> Case {
    let differs = lines.first().and_then(|l| l.strip_prefix("differs: ")).map(str::to_string);
    let lines = &lines[usize::from(differs.is_some())..];
    let split = lines.iter().position(|l| *l == "---").unwrap_or_else(|| panic!("line {line}: no `---` in `{name}`"));
    let (body, target) = (&lines[..split], &lines[split + 1..]);
    let fixed_at = target.iter().position(|l| *l == "--- fixed");
    let mut code = Vec::new();
    let mut found = Found { fixed: fixed_at.map(|at| trimmed(&target[at + 1..])), ..Found::default() };
    for (i, text) in target[..fixed_at.unwrap_or(target.len())].iter().enumerate() {
        code.push(match text.rsplit_once(MARK) {
            Some((text, message)) if message.is_empty() || message.starts_with(' ') => {
                found.lines.insert(i + 1, message.trim().to_string());
                text.trim_end()
            }
            _ => text,
        });
    }
    Case { line, name: name.to_string(), differs, body: body.join("\n"), code: trimmed(&code), found }
}

fn trimmed(lines: &[&str]) -> String {
    format!("{}\n", lines.join("\n").trim_end())
}

impl Case {
    /// The rule with what its body leaves out.
    pub fn rule(&self, id: &str, language: &str) -> String {
        let mut out = format!("- id: {id}\n  languages: [{language}]\n  severity: LOW\n");
        if !self.has_message() {
            out.push_str("  message: found\n");
        }
        self.body.lines().for_each(|line| out.push_str(&format!("  {line}\n")));
        out
    }

    fn has_message(&self) -> bool {
        self.body.lines().any(|l| l.starts_with("message:"))
    }

    /// Sums findings up as the case writes them down.
    pub fn sum(&self, findings: Vec<Finding>) -> Found {
        let mut messages: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        let mut edits = Vec::new();
        for finding in findings {
            messages.entry(finding.line).or_default().push(finding.message.trim().replace('\n', "\\n"));
            edits.extend(finding.fix);
        }
        let lines = messages.into_iter().map(|(line, mut messages)| {
            messages.sort();
            messages.dedup();
            (line, if self.has_message() { messages.join(" | ") } else { String::new() })
        });
        let fixed = self.body.lines().any(|l| l.starts_with("fix")).then(|| apply(&self.code, edits));
        Found { lines: lines.collect(), fixed }
    }

    /// What Rampart finds; an error says why the rule cannot be used. A panic is one more way to differ.
    pub fn run(&self, folder: &str) -> Result<Found, String> {
        std::panic::catch_unwind(|| self.try_run(folder)).unwrap_or_else(|_| Err("PANIC".into()))
    }

    fn try_run(&self, folder: &str) -> Result<Found, String> {
        let (_, language, ending) = FOLDERS.iter().find(|f| f.0 == folder).expect("a folder of FOLDERS");
        let (rules, mut errors) =
            rampart_rules::load::load_str("case", &format!("rules:\n{}", self.rule("case", language)));
        let (set, more) = RuleSet::compile(rules, &CompileOptions::default());
        errors.extend(more);
        if let Some(error) = errors.first() {
            return Err(error.message.clone());
        }
        let path = format!("target.{ending}");
        let lang = Lang::of_file(path.as_ref(), "");
        let outcome = set.scan(
            &FileInput { path: &path, text: &self.code, lang, settings: &Settings::default() },
            &Limits::default(),
        );
        let findings = outcome.matches.into_iter().map(|m| Finding {
            line: self.code[..m.span.start as usize].matches('\n').count() + 1,
            message: m.message,
            fix: m.fix.map(|(span, text)| (span.start as usize, span.end as usize, text)),
        });
        Ok(self.sum(findings.collect()))
    }
}

/// Applies edits from the last to the first; of those that overlap, the last one wins.
fn apply(code: &str, mut edits: Vec<(usize, usize, String)>) -> String {
    edits.sort_by(|a, b| (b.0, b.1, &b.2).cmp(&(a.0, a.1, &a.2)));
    let (mut out, mut limit) = (code.to_string(), usize::MAX);
    for (start, end, text) in edits {
        if end <= limit {
            out.replace_range(start..end, &text);
            limit = start;
        }
    }
    format!("{}\n", out.trim_end())
}
