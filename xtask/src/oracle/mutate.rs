//! Variants of a rule's patterns: a name becomes a metavariable, arguments or a statement an ellipsis.

use serde_json::Value;

/// Changes one pattern of a rule; says how. `None` when there is nothing to change.
pub fn mutate(rule: &mut Value, chance: &mut Chance) -> Option<String> {
    let mut patterns = Vec::new();
    patterns_of(rule, false, &mut patterns);
    let pick = chance.below(patterns.len())?;
    let pattern = patterns.swap_remove(pick);
    let before = pattern.clone();
    let changed = match chance.below(3)? {
        0 => name_to_metavariable(&before, chance),
        1 => arguments_to_ellipsis(&before, chance),
        _ => line_to_ellipsis(&before, chance),
    }?;
    *pattern = changed.clone();
    (before != changed).then(|| format!("{before:?} → {changed:?}"))
}

fn patterns_of<'v>(value: &'v mut Value, is_pattern: bool, out: &mut Vec<&'v mut String>) {
    match value {
        Value::String(text) => out.extend(is_pattern.then_some(text)),
        Value::Array(items) => items.iter_mut().for_each(|item| patterns_of(item, false, out)),
        Value::Object(fields) => {
            for (key, value) in fields.iter_mut().filter(|(key, _)| *key != "metadata") {
                let pattern =
                    matches!(key.as_str(), "pattern" | "pattern-not" | "pattern-inside" | "pattern-not-inside");
                patterns_of(value, pattern, out);
            }
        }
        _ => {}
    }
}

const KEYWORDS: &[&str] = &[
    "and",
    "as",
    "async",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "def",
    "default",
    "defer",
    "elif",
    "else",
    "except",
    "export",
    "extends",
    "finally",
    "for",
    "from",
    "func",
    "function",
    "go",
    "if",
    "implements",
    "import",
    "in",
    "interface",
    "is",
    "lambda",
    "let",
    "new",
    "not",
    "or",
    "package",
    "pass",
    "private",
    "protected",
    "public",
    "raise",
    "range",
    "return",
    "static",
    "struct",
    "switch",
    "throw",
    "throws",
    "try",
    "type",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// All occurrences of one name outside strings become `$MUTANT`.
fn name_to_metavariable(pattern: &str, chance: &mut Chance) -> Option<String> {
    let words = words(pattern);
    let (start, end) = words[chance.below(words.len())?];
    let name = &pattern[start..end];
    let mut out = pattern.to_string();
    for &(start, end) in words.iter().rev().filter(|&&(s, e)| &pattern[s..e] == name) {
        out.replace_range(start..end, "$MUTANT");
    }
    Some(out)
}

/// Names outside strings that are neither keywords nor metavariables.
fn words(pattern: &str) -> Vec<(usize, usize)> {
    let bytes = pattern.as_bytes();
    let (mut out, mut quote, mut at) = (Vec::new(), None, 0);
    while at < bytes.len() {
        let b = bytes[at];
        match quote {
            Some(q) if b == q => quote = None,
            Some(_) => {}
            None if matches!(b, b'"' | b'\'' | b'`') => quote = Some(b),
            None if b.is_ascii_alphanumeric() || b == b'_' || b == b'$' => {
                let end = (at..bytes.len())
                    .find(|&i| !(bytes[i].is_ascii_alphanumeric() || matches!(bytes[i], b'_' | b'$')))
                    .unwrap_or(bytes.len());
                if !b.is_ascii_digit() && b != b'$' && !KEYWORDS.contains(&&pattern[at..end]) {
                    out.push((at, end));
                }
                at = end;
                continue;
            }
            None => {}
        }
        at += 1;
    }
    out
}

/// What stands between one pair of parentheses behind a name becomes `...`.
fn arguments_to_ellipsis(pattern: &str, chance: &mut Chance) -> Option<String> {
    let bytes = pattern.as_bytes();
    let opens: Vec<usize> = (1..bytes.len())
        .filter(|&i| bytes[i] == b'(' && (bytes[i - 1].is_ascii_alphanumeric() || bytes[i - 1] == b'_'))
        .collect();
    let open = opens[chance.below(opens.len())?];
    let mut depth = 0;
    let close = (open..bytes.len()).find(|&i| {
        depth += i32::from(bytes[i] == b'(') - i32::from(bytes[i] == b')');
        depth == 0
    })?;
    Some(format!("{}...{}", &pattern[..=open], &pattern[close..]))
}

/// One line of several, not the head of a block, becomes `...`.
fn line_to_ellipsis(pattern: &str, chance: &mut Chance) -> Option<String> {
    let mut lines: Vec<String> = pattern.lines().map(str::to_string).collect();
    let plain = |l: &String| {
        !l.trim().is_empty() && !l.trim_end().ends_with([':', '{', '}', '(', ',', ')']) || l.trim_end().ends_with(");")
    };
    let candidates: Vec<usize> = (0..lines.len()).filter(|&i| lines.len() > 1 && plain(&lines[i])).collect();
    let pick = candidates[chance.below(candidates.len())?];
    let indent = lines[pick].len() - lines[pick].trim_start().len();
    lines[pick] = format!("{}...", " ".repeat(indent));
    Some(lines.join("\n"))
}

/// A small generator of pseudo-random numbers (xorshift64*), so that a seed gives the same mutants everywhere.
pub struct Chance(pub u64);

impl Chance {
    fn below(&mut self, n: usize) -> Option<usize> {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (n > 0).then(|| (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % n)
    }
}
