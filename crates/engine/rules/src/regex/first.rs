//! The bytes that a match can begin with.

use regex_syntax::hir::{Class, Hir, HirKind};
use regex_syntax::utf8::Utf8Sequences;

/// The first bytes of the texts that an expression matches at their start.
#[derive(Clone, Debug)]
pub struct FirstBytes([u64; 4]);

/// Expressions nest no deeper than the parser of their syntax allows; what lies deeper than this may begin with anything.
const MAX_DEPTH: usize = 100;

impl FirstBytes {
    /// `None` when a match may be empty, or when that can begin with anything.
    pub fn of(hir: &Hir) -> Option<FirstBytes> {
        let mut bytes = FirstBytes([0; 4]);
        (hir.properties().minimum_len()? > 0 && bytes.add(hir, 0) && bytes.0 != [u64::MAX; 4]).then_some(bytes)
    }

    /// Can a text that begins with this byte match at its start?
    pub fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte / 64)] >> (byte % 64) & 1 == 1
    }

    fn insert(&mut self, from: u8, to: u8) {
        (from..=to).for_each(|byte| self.0[usize::from(byte / 64)] |= 1 << (byte % 64));
    }

    /// Adds what a part may begin with; `false` when that is not known.
    fn add(&mut self, hir: &Hir, depth: usize) -> bool {
        if depth > MAX_DEPTH {
            return false;
        }
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => true,
            HirKind::Literal(literal) => {
                literal.0.first().inspect(|&&byte| self.insert(byte, byte));
                true
            }
            HirKind::Class(Class::Bytes(class)) => {
                class.ranges().iter().for_each(|range| self.insert(range.start(), range.end()));
                true
            }
            HirKind::Class(Class::Unicode(class)) => {
                for range in class.ranges() {
                    for sequence in Utf8Sequences::new(range.start(), range.end()) {
                        let first = sequence.as_slice()[0];
                        self.insert(first.start, first.end);
                    }
                }
                true
            }
            HirKind::Repetition(repetition) => self.add(&repetition.sub, depth + 1),
            HirKind::Capture(capture) => self.add(&capture.sub, depth + 1),
            HirKind::Alternation(parts) => parts.iter().all(|part| self.add(part, depth + 1)),
            HirKind::Concat(parts) => {
                for part in parts {
                    if !self.add(part, depth + 1) {
                        return false;
                    }
                    // What cannot be empty hides what follows it.
                    if part.properties().minimum_len().is_none_or(|length| length > 0) {
                        break;
                    }
                }
                true
            }
        }
    }
}
