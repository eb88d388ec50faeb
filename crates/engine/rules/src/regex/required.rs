//! What a text must contain for an expression to match in it.

use regex_syntax::hir::{Class, Hir, HirKind};

/// A condition on a text. Where it fails, the expression matches nowhere; where it holds, it may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Required {
    /// Nothing is known.
    Nothing,
    /// The text contains this; `caseless` compares ASCII letters without regard to case (and has them small).
    Literal {
        text: String,
        caseless: bool,
    },
    All(Vec<Required>),
    Any(Vec<Required>),
}

/// Alternatives beyond these are not worth their search.
const MAX_ALTERNATIVES: usize = 200;

/// Expressions nest no deeper than the parser of their syntax allows; what lies deeper than this is not looked at.
const MAX_DEPTH: usize = 100;

impl Required {
    pub(super) fn of(hir: &Hir) -> Required {
        simple(required(hir, 0))
    }

    /// Whether `text` fulfils the condition; for small texts and tests. Rule sets search all literals at once.
    pub fn holds(&self, text: &str) -> bool {
        match self {
            Required::Nothing => true,
            Required::Literal { text: literal, caseless: false } => text.contains(literal),
            Required::Literal { text: literal, caseless: true } => text.to_ascii_lowercase().contains(literal),
            Required::All(parts) => parts.iter().all(|p| p.holds(text)),
            Required::Any(parts) => parts.iter().any(|p| p.holds(text)),
        }
    }
}

fn required(hir: &Hir, depth: usize) -> Required {
    if depth > MAX_DEPTH {
        return Required::Nothing;
    }
    match hir.kind() {
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(text) => Required::Literal { text: text.to_string(), caseless: false },
            Err(_) => Required::Nothing,
        },
        HirKind::Capture(capture) => required(&capture.sub, depth + 1),
        HirKind::Repetition(repetition) if repetition.min > 0 => required(&repetition.sub, depth + 1),
        HirKind::Concat(parts) => concat(parts, depth),
        HirKind::Alternation(parts) if parts.len() <= MAX_ALTERNATIVES => {
            Required::Any(parts.iter().map(|p| simple(required(p, depth + 1))).collect())
        }
        // A class alone is one character: too little to search for.
        HirKind::Class(_) | HirKind::Empty | HirKind::Look(_) | HirKind::Repetition(_) | HirKind::Alternation(_) => {
            Required::Nothing
        }
    }
}

/// Literals that follow one another are one. `(?i)ab` has become the classes `[Aa][Bb]`, which are caseless letters.
fn concat(parts: &[Hir], depth: usize) -> Required {
    let mut all = Vec::new();
    let mut run = Run::default();
    for part in parts {
        match part.kind() {
            HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
                Ok(text) => text.chars().for_each(|c| run.push(c, false)),
                Err(_) => run.end(&mut all),
            },
            HirKind::Class(class) => match caseless_letter(class) {
                Some(c) => run.push(c, true),
                None => run.end(&mut all),
            },
            // Assertions have no length: what stands around them is still together.
            HirKind::Look(_) => {}
            _ => {
                run.end(&mut all);
                all.push(required(part, depth + 1));
            }
        }
    }
    run.end(&mut all);
    Required::All(all)
}

/// Characters in a row. One caseless letter makes the whole run caseless, which asks less, never more.
#[derive(Default)]
struct Run {
    text: String,
    caseless: bool,
}

impl Run {
    fn push(&mut self, c: char, caseless: bool) {
        self.text.push(c);
        self.caseless |= caseless;
    }

    fn end(&mut self, all: &mut Vec<Required>) {
        let Run { mut text, caseless } = std::mem::take(self);
        if caseless {
            text.make_ascii_lowercase();
        }
        if !text.is_empty() {
            all.push(Required::Literal { text, caseless });
        }
    }
}

/// `[Aa]` as `a`. Not `[KkK]`: the Kelvin sign is no ASCII letter.
fn caseless_letter(class: &Class) -> Option<char> {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class.ranges().iter().map(|r| (r.start(), r.end())).collect(),
        Class::Bytes(class) => class.ranges().iter().map(|r| (r.start() as char, r.end() as char)).collect(),
    };
    match ranges[..] {
        [(a, b), (c, d)] if a == b && c == d && c.is_ascii_lowercase() && c.to_ascii_uppercase() == a => Some(c),
        _ => None,
    }
}

/// Without parts that say nothing, and with the few literals that say most.
fn simple(required: Required) -> Required {
    match required {
        Required::All(parts) => {
            let mut flat = Vec::new();
            for part in parts {
                match part {
                    Required::Nothing => {}
                    Required::All(inner) => flat.extend(inner),
                    part => flat.push(simple(part)),
                }
            }
            flat.retain(|p| *p != Required::Nothing);
            // Short literals are everywhere: they count only if nothing better is there.
            if flat.iter().any(|p| weight(p) >= 3) {
                flat.retain(|p| weight(p) >= 3);
            }
            flat.dedup();
            match flat.len() {
                0 => Required::Nothing,
                1 => flat.remove(0),
                _ => Required::All(flat),
            }
        }
        Required::Any(parts) => {
            if parts.is_empty() || parts.contains(&Required::Nothing) {
                return Required::Nothing;
            }
            Required::Any(parts)
        }
        Required::Literal { text, .. } if text.is_empty() => Required::Nothing,
        other => other,
    }
}

/// The length of the shortest literal that a text must have.
fn weight(required: &Required) -> usize {
    match required {
        Required::Nothing => 0,
        Required::Literal { text, .. } => text.len(),
        Required::All(parts) => parts.iter().map(weight).max().unwrap_or(0),
        Required::Any(parts) => parts.iter().map(weight).min().unwrap_or(0),
    }
}
