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

    /// What an expression needs. Texts in any case are not looked for.
    pub fn from_regex(required: &Required) -> Need {
        match required {
            Required::Literal { text, caseless: false } if !text.is_empty() => Need::Text(text.clone()),
            Required::Nothing | Required::Literal { .. } => Need::Nothing,
            Required::All(parts) => Need::all(parts.iter().map(Need::from_regex).collect()),
            Required::Any(parts) => Need::any(parts.iter().map(Need::from_regex).collect()),
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
    automaton: Option<AhoCorasick>,
    literals: usize,
    conditions: Vec<Condition>,
}

impl Prefilter {
    /// One condition per need, in order.
    pub fn new<'n>(needs: impl Iterator<Item = &'n Need>, symbols: &Symbols) -> Prefilter {
        let mut literals: FxHashMap<String, u32> = FxHashMap::default();
        let conditions = needs.map(|need| number(need, symbols, &mut literals)).collect();
        let mut texts: Vec<(&String, u32)> = literals.iter().map(|(t, &n)| (t, n)).collect();
        texts.sort_by_key(|(_, n)| *n);
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(texts.iter().map(|(t, _)| t.as_bytes()))
            // Too many literals for an automaton: every rule is run on every file then, which is slow and right.
            .ok();
        Prefilter { automaton, literals: literals.len(), conditions }
    }

    /// Which conditions hold for this text.
    pub fn run(&self, text: &str) -> Vec<bool> {
        let Some(automaton) = &self.automaton else { return vec![true; self.conditions.len()] };
        let mut seen = vec![0u64; self.literals / 64 + 1];
        for found in automaton.find_overlapping_iter(text) {
            let n = found.pattern().as_usize();
            seen[n / 64] |= 1 << (n % 64);
        }
        self.conditions.iter().map(|c| c.holds(&seen)).collect()
    }
}

fn number(need: &Need, symbols: &Symbols, literals: &mut FxHashMap<String, u32>) -> Condition {
    let mut literal = |text: &str| {
        let next = literals.len() as u32;
        Condition::Literal(*literals.entry(text.to_string()).or_insert(next))
    };
    match need {
        Need::Nothing => Condition::True,
        Need::Name(sym) => literal(symbols.text(*sym)),
        Need::Text(text) => literal(text),
        Need::All(parts) => Condition::All(parts.iter().map(|p| number(p, symbols, literals)).collect()),
        Need::Any(parts) => Condition::Any(parts.iter().map(|p| number(p, symbols, literals)).collect()),
    }
}
