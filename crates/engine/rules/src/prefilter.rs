//! What a file must contain for a rule to match at all.
//!
//! One automaton over the literals of all rules is run once over the bytes of a file. It decides which rules can match; a file
//! that no rule can match is not parsed. After parsing the same conditions are asked of the file's symbols, which is exact.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use rampart_syntax::{Sym, Symbols};
use rustc_hash::FxHashMap;

use crate::regex::Required;

/// A condition on the content of a file; monotone: more content never makes it false.
#[derive(Clone, Debug, PartialEq)]
pub enum Need {
    Nothing,
    /// The name occurs as an identifier.
    Name(Sym),
    /// The text occurs.
    Text(String),
    /// The text, of small letters, occurs in whatever case.
    Caseless(String),
    All(Vec<Need>),
    Any(Vec<Need>),
}

impl Need {
    pub fn all(parts: Vec<Need>) -> Need {
        let mut parts: Vec<Need> = parts.into_iter().filter(|p| *p != Need::Nothing).collect();
        match parts.len() {
            0 => Need::Nothing,
            1 => parts.remove(0),
            _ => Need::All(parts),
        }
    }

    pub fn any(parts: Vec<Need>) -> Need {
        if parts.is_empty() || parts.contains(&Need::Nothing) { Need::Nothing } else { Need::Any(parts) }
    }

    /// All of these texts (an empty list needs nothing).
    pub fn from_literals(literals: Vec<String>) -> Need {
        Need::all(literals.into_iter().filter(|l| !l.is_empty()).map(Need::Text).collect())
    }

    /// What an expression on the text of a file needs.
    pub fn from_regex(required: &Required) -> Need {
        match required {
            Required::Literal { text, .. } if text.is_empty() => Need::Nothing,
            Required::Literal { text, caseless: false } => Need::Text(text.clone()),
            Required::Literal { text, caseless: true } => Need::Caseless(text.clone()),
            Required::Nothing => Need::Nothing,
            Required::All(parts) => Need::all(parts.iter().map(Need::from_regex).collect()),
            Required::Any(parts) => Need::any(parts.iter().map(Need::from_regex).collect()),
        }
    }

    /// What an expression on a piece of code needs. The piece stands in the file, but for dots: those of what was imported may not.
    pub fn from_regex_on_code(required: &Required) -> Need {
        match required {
            Required::Literal { text, caseless } => {
                let word = |text: &str| Required::Literal { text: text.to_string(), caseless: *caseless };
                Need::all(text.split('.').map(|part| Need::from_regex(&word(part))).collect())
            }
            Required::Nothing => Need::Nothing,
            Required::All(parts) => Need::all(parts.iter().map(Need::from_regex_on_code).collect()),
            Required::Any(parts) => Need::any(parts.iter().map(Need::from_regex_on_code).collect()),
        }
    }
}

/// A [`Need`] over literal numbers.
#[derive(Debug)]
enum Condition {
    True,
    Literal(u32),
    All(Vec<Condition>),
    Any(Vec<Condition>),
}

impl Condition {
    fn holds(&self, seen: &[u64]) -> bool {
        match self {
            Condition::True => true,
            Condition::Literal(n) => seen[*n as usize / 64] >> (n % 64) & 1 == 1,
            Condition::All(parts) => parts.iter().all(|p| p.holds(seen)),
            Condition::Any(parts) => parts.iter().any(|p| p.holds(seen)),
        }
    }
}

/// The literals of a rule set and the condition of each of its formulas.
pub struct Prefilter {
    /// For texts as they are, and for those in any case. `None`: too many literals for an automaton; every rule is run on every file then,
    /// which is slow and right.
    automata: Option<[Automaton; 2]>,
    literals: usize,
    conditions: Vec<Condition>,
}

/// Some of the literals, and the number of each.
struct Automaton {
    automaton: AhoCorasick,
    numbers: Vec<u32>,
}

impl Automaton {
    fn new(literals: &Literals, caseless: bool) -> Option<Automaton> {
        let mut texts: Vec<(u32, &str)> = literals
            .iter()
            .filter(|((_, any), _)| *any == caseless)
            .map(|((text, _), &n)| (n, text.as_str()))
            .collect();
        texts.sort_unstable();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(caseless)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(texts.iter().map(|(_, text)| text.as_bytes()))
            .ok()?;
        Some(Automaton { automaton, numbers: texts.into_iter().map(|(n, _)| n).collect() })
    }

    fn run(&self, text: &str, seen: &mut [u64]) {
        if self.numbers.is_empty() {
            return;
        }
        for found in self.automaton.find_overlapping_iter(text) {
            let n = self.numbers[found.pattern().as_usize()] as usize;
            seen[n / 64] |= 1 << (n % 64);
        }
    }
}

/// Texts, and whether they are looked for in any case; by number.
type Literals = FxHashMap<(String, bool), u32>;

impl Prefilter {
    /// One condition per need, in order.
    pub fn new<'n>(needs: impl Iterator<Item = &'n Need>, symbols: &Symbols) -> Prefilter {
        let mut literals = Literals::default();
        let conditions = needs.map(|need| number(need, symbols, &mut literals)).collect();
        let automata = Automaton::new(&literals, false).zip(Automaton::new(&literals, true));
        Prefilter { automata: automata.map(<[Automaton; 2]>::from), literals: literals.len(), conditions }
    }

    /// Which conditions hold for this text, of those that are asked for.
    pub fn run(&self, text: &str, is_asked: impl Fn(usize) -> bool) -> Vec<bool> {
        let Some(automata) = &self.automata else { return (0..self.conditions.len()).map(is_asked).collect() };
        let mut seen = vec![0u64; self.literals / 64 + 1];
        automata.iter().for_each(|automaton| automaton.run(text, &mut seen));
        self.conditions.iter().enumerate().map(|(n, condition)| is_asked(n) && condition.holds(&seen)).collect()
    }
}

fn number(need: &Need, symbols: &Symbols, literals: &mut Literals) -> Condition {
    let mut literal = |text: &str, caseless: bool| {
        let next = literals.len() as u32;
        Condition::Literal(*literals.entry((text.to_string(), caseless)).or_insert(next))
    };
    match need {
        Need::Nothing => Condition::True,
        Need::Name(sym) => literal(symbols.text(*sym), false),
        Need::Text(text) => literal(text, false),
        Need::Caseless(text) => literal(text, true),
        Need::All(parts) => Condition::All(parts.iter().map(|p| number(p, symbols, literals)).collect()),
        Need::Any(parts) => Condition::Any(parts.iter().map(|p| number(p, symbols, literals)).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::regex::{Flags, Regex};

    fn possible(regex: &str, text: &str) -> bool {
        let regex = Regex::new(regex, Flags::default()).unwrap();
        let need = Need::from_regex_on_code(regex.required());
        Prefilter::new([&need].into_iter(), &Symbols::default()).run(text, |_| true)[0]
    }

    #[test]
    fn what_is_asked_of_code_is_looked_for_in_the_text() {
        assert!(possible("^(recv|recvfrom)$", "s.recvfrom(1)"));
        assert!(!possible("^(recv|recvfrom)$", "s.Recv(1)"));
        assert!(possible(r"(?i)^\w*sanitize\w*$", "x.HtmlSanitizer().SaNiTiZe(a)"));
        assert!(!possible(r"(?i)^\w*sanitize\w*$", "x.clean(a)"));
        // A name that was imported in parts is not written in one piece.
        assert!(possible(r"^os\.path$", "from os import path"));
        assert!(possible(r"^os\.path$", "from os . path import join"));
        assert!(!possible(r"^os\.path$", "import os"));
    }

    #[test]
    fn what_is_not_asked_for_is_not_possible() {
        let prefilter = Prefilter::new([&Need::Nothing, &Need::Text("a".into())].into_iter(), &Symbols::default());
        assert_eq!(prefilter.run("a", |n| n == 1), [false, true]);
    }
}
