//! Words that a rule demands of a file, read off the texts of its patterns.
//!
//! Parsing patterns is most of what starting costs, and for few files most patterns are in vain: what they name does not occur.
//! This tells without a grammar, and so only where it is plain: member names, and names that are called. What it demands, the
//! exact condition ([`crate::prefilter::Need`]) demands too; a rule that is left out here would not have run.

use rustc_hash::FxHashMap;

use crate::model::{Condition, Formula, FormulaKind, Mode, Rule, TaintEntry};

/// Which words a few texts contain; asked once for each word.
pub struct Texts<'t> {
    texts: Vec<&'t str>,
    known: FxHashMap<String, Vec<bool>>,
}

impl<'t> Texts<'t> {
    pub fn new(texts: Vec<&'t str>) -> Texts<'t> {
        Texts { texts, known: FxHashMap::default() }
    }

    /// Could the rule match in one of the texts?
    pub fn may_match(&mut self, rule: &Rule) -> bool {
        match &rule.mode {
            // In such texts patterns are no code.
            _ if rule.targets.generic || rule.targets.regex => true,
            Mode::Search(formula) => (0..self.texts.len()).any(|text| self.may_hold(formula, text)),
            // Source and sink may stand in different files.
            Mode::Taint(taint) => {
                let mut some = |entries: &[TaintEntry]| {
                    entries.iter().any(|entry| match entry {
                        TaintEntry::Spec(spec) => (0..self.texts.len()).any(|text| self.may_hold(&spec.formula, text)),
                        TaintEntry::Use(..) => true,
                    })
                };
                some(&taint.sources) && some(&taint.sinks)
            }
            _ => true,
        }
    }

    fn may_hold(&mut self, formula: &Formula, text: usize) -> bool {
        match &formula.kind {
            FormulaKind::Pattern(pattern) => words(&pattern.text).into_iter().all(|word| self.contains(word, text)),
            FormulaKind::Regex(_) | FormulaKind::Not(_) => true,
            FormulaKind::And(parts) => parts.iter().all(|part| self.may_hold(part, text)),
            FormulaKind::Or(parts) => parts.is_empty() || parts.iter().any(|part| self.may_hold(part, text)),
            FormulaKind::Inside(inner) | FormulaKind::Anywhere(inner) => self.may_hold(inner, text),
        }
    }

    fn contains(&mut self, word: &str, text: usize) -> bool {
        if let Some(known) = self.known.get(word) {
            return known[text];
        }
        let finder = memchr::memmem::Finder::new(word);
        let found: Vec<bool> = self.texts.iter().map(|text| finder.find(text.as_bytes()).is_some()).collect();
        let answer = found[text];
        self.known.insert(word.to_owned(), found);
        answer
    }
}

/// How many patterns a rule has.
pub fn patterns(rule: &Rule) -> usize {
    let (mut stack, mut count) = (rule.mode.formulas(), 0);
    while let Some(formula) = stack.pop() {
        match &formula.kind {
            FormulaKind::Pattern(_) => count += 1,
            FormulaKind::Regex(_) => {}
            FormulaKind::And(parts) | FormulaKind::Or(parts) => stack.extend(parts),
            FormulaKind::Not(inner) | FormulaKind::Inside(inner) | FormulaKind::Anywhere(inner) => stack.push(inner),
        }
        stack.extend(formula.conditions.iter().filter_map(|condition| match condition {
            Condition::Pattern { formula, .. } => Some(&**formula),
            _ => None,
        }));
    }
    count
}

/// Words before a bracket that call nothing.
const KEYWORDS: &[&str] = &[
    "and",
    "as",
    "assert",
    "async",
    "await",
    "case",
    "catch",
    "class",
    "constructor",
    "def",
    "default",
    "defer",
    "del",
    "delete",
    "do",
    "elif",
    "else",
    "except",
    "exec",
    "finally",
    "for",
    "func",
    "function",
    "get",
    "go",
    "if",
    "import",
    "in",
    "instanceof",
    "interface",
    "is",
    "lambda",
    "match",
    "new",
    "not",
    "of",
    "or",
    "print",
    "raise",
    "range",
    "return",
    "select",
    "set",
    "static",
    "super",
    "switch",
    "synchronized",
    "this",
    "throw",
    "try",
    "typeof",
    "var",
    "void",
    "when",
    "while",
    "with",
    "yield",
];

/// Where one of these stands, names are written in ways that are matched by other means, or not at all.
const DIRECTIVES: &[&str] = &[
    "declare",
    "enum",
    "export",
    "extends",
    "from",
    "global",
    "goto",
    "implements",
    "import",
    "interface",
    "namespace",
    "nonlocal",
    "package",
    "record",
    "throws",
    "type",
];

/// Names that a match of the pattern must contain, as far as they are plain.
pub fn words(pattern: &str) -> Vec<&str> {
    let bytes = pattern.as_bytes();
    let (mut found, mut depth, mut typed, mut at) = (Vec::new(), 0usize, false, 0);
    while at < bytes.len() {
        match bytes[at] {
            quote @ (b'"' | b'\'') => match string_end(bytes, at, quote) {
                Some(end) => at = end,
                None => return Vec::new(),
            },
            // Comments, elements, expressions, templates and type arguments: all not worth telling apart.
            b'/' | b'#' | b'`' | b'\\' => return Vec::new(),
            b'<' if !pattern[at..].starts_with("<...") => return Vec::new(),
            b'(' => (depth, at) = (depth + 1, at + 1),
            b')' => (depth, at) = (depth.saturating_sub(1), at + 1),
            // `($X : T)`: the type may be written otherwise, or nowhere.
            b':' => (typed, at) = (typed || depth > 0, at + 1),
            b'$' => {
                let end = at + 1 + word_length(&bytes[at + 1..]);
                // `(T $X)`
                let spaced = pattern[..at].ends_with(|c: char| c.is_whitespace());
                let after_word = pattern[..at].trim_end().ends_with(|c: char| !"(,=".contains(c));
                typed |= depth > 0 && spaced && after_word;
                at = end;
            }
            byte if is_word(byte) => {
                let end = at + word_length(&bytes[at..]);
                let word = &pattern[at..end];
                let before = pattern[..at].trim_end_matches([' ', '\t']);
                let member = before.ends_with('.') && !before.ends_with("..");
                if !member && DIRECTIVES.contains(&word) {
                    return Vec::new();
                }
                let called = bytes.get(end) == Some(&b'(')
                    && !member
                    && !pattern[..at].ends_with('.')
                    && !KEYWORDS.contains(&word);
                let named = member && !["class", "new", "super", "this"].contains(&word);
                let whole = bytes.get(end).is_none_or(|&next| next != b'$' && next.is_ascii());
                if (called || named) && whole && !byte.is_ascii_digit() {
                    found.push((word, depth));
                }
                at = end;
            }
            byte if !byte.is_ascii() => return Vec::new(),
            _ => at += 1,
        }
    }
    found.retain(|&(_, depth)| !typed || depth == 0);
    found.into_iter().map(|(word, _)| word).collect()
}

/// The byte after the string that begins at `at`; `None` where that is not plain.
fn string_end(bytes: &[u8], at: usize, quote: u8) -> Option<usize> {
    if bytes[at..].starts_with(&[quote; 3]) {
        return None;
    }
    let mut end = at + 1;
    loop {
        match *bytes.get(end)? {
            b'\n' => return None,
            b'\\' => end += 2,
            byte if byte == quote => return Some(end + 1),
            _ => end += 1,
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn word_length(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|&&byte| is_word(byte)).count()
}
