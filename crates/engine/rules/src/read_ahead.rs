//! Reads the patterns of many rules on several threads before they are compiled one by one.
//!
//! Parsing patterns is most of what starting costs; it needs nothing that the rules share.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use rampart_syntax::{Lang, Symbols, pattern};
use rustc_hash::FxHashMap;

use crate::compile::Family;
use crate::model::{Condition, Formula, FormulaKind, Rule};

type Read = Result<pattern::Pattern, String>;

/// Patterns that were read, by language and text.
#[derive(Default)]
pub struct ReadAhead(FxHashMap<(Lang, String), Read>);

/// Below this many patterns threads cost more than they save.
const WORTH_THREADS: usize = 64;
/// Patterns nest as deep as code may; debug builds need some kilobytes for each level.
const STACK: usize = 64 << 20;

impl ReadAhead {
    pub fn of(rules: &[Rule]) -> ReadAhead {
        let mut texts: FxHashMap<(Lang, &str), ()> = FxHashMap::default();
        let mut order: Vec<(Lang, &str)> = Vec::new();
        for rule in rules {
            let formulas = rule.mode.formulas();
            for &lang in &rule.targets.langs {
                let Family::Code(lang) = Family::of(lang) else { continue };
                for formula in &formulas {
                    patterns(formula, lang, &mut |lang, text| {
                        if let Entry::Vacant(entry) = texts.entry((lang, text.trim())) {
                            entry.insert(());
                            order.push((lang, text.trim()));
                        }
                    });
                }
            }
        }
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
        if order.len() < WORTH_THREADS || threads < 2 {
            return ReadAhead::default();
        }
        let order = &order;
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads)
                .map_while(|worker| {
                    let read = move || -> Vec<((Lang, String), Read)> {
                        let base: Arc<Symbols> = Arc::default();
                        let mine = order.iter().skip(worker).step_by(threads);
                        mine.map(|&(lang, text)| ((lang, text.to_string()), pattern::read(lang, text, &base))).collect()
                    };
                    std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, read).ok()
                })
                .collect();
            // What a thread could not do is read when it is needed.
            ReadAhead(workers.into_iter().filter_map(|w| w.join().ok()).flatten().collect())
        })
    }

    /// The pattern, if it was read ahead.
    pub fn get(&self, lang: Lang, text: &str) -> Option<&Read> {
        self.0.get(&(lang, text.trim().to_string()))
    }
}

/// Calls `found` for each code pattern of a formula.
fn patterns<'f>(formula: &'f Formula, lang: Lang, found: &mut impl FnMut(Lang, &'f str)) {
    let mut stack = vec![(formula, lang)];
    while let Some((formula, lang)) = stack.pop() {
        match &formula.kind {
            FormulaKind::Pattern(text) => found(lang, &text.text),
            FormulaKind::Regex(_) => {}
            FormulaKind::And(parts) | FormulaKind::Or(parts) => stack.extend(parts.iter().map(|p| (p, lang))),
            FormulaKind::Not(inner) | FormulaKind::Inside(inner) | FormulaKind::Anywhere(inner) => {
                stack.push((inner, lang))
            }
        }
        for condition in &formula.conditions {
            let Condition::Pattern { language, formula, .. } = condition else { continue };
            match language.as_deref().map(Lang::from_rule_name) {
                None => stack.push((formula, lang)),
                Some(Some(other)) => {
                    if let Family::Code(lang) = Family::of(other) {
                        stack.push((formula, lang));
                    }
                }
                Some(None) => {}
            }
        }
    }
}
