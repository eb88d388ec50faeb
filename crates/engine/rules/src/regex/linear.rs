//! The linear engine, built when it is first needed: of a large rule set, most expressions never see a text.

use std::sync::OnceLock;

use regex_automata::meta;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::MAX_SIZE;

/// Parts up to which an expression surely fits into [`MAX_SIZE`]; larger ones are built at once, to know.
const SURELY_SMALL: usize = 20_000;

#[derive(Debug)]
pub struct Linear {
    hir: Hir,
    built: OnceLock<meta::Regex>,
}

impl Linear {
    pub fn new(hir: Hir) -> Result<Linear, String> {
        let built = OnceLock::new();
        if size(&hir) > SURELY_SMALL {
            let regex = build(&hir)
                .ok_or_else(|| "the expression is too large once its repetitions are written out".to_string())?;
            return Ok(Linear { hir, built: OnceLock::from(regex) });
        }
        Ok(Linear { hir, built })
    }

    pub fn get(&self) -> &meta::Regex {
        self.built.get_or_init(|| build(&self.hir).expect("small expressions fit into the limit"))
    }
}

fn build(hir: &Hir) -> Option<meta::Regex> {
    let config = meta::Config::new().nfa_size_limit(Some(MAX_SIZE)).onepass_size_limit(Some(MAX_SIZE));
    meta::Regex::builder().configure(config).build_from_hir(hir).ok()
}

pub fn parse(text: &str) -> Result<Hir, String> {
    regex_syntax::parse(text).map_err(|e| match e {
        regex_syntax::Error::Parse(e) => e.kind().to_string(),
        regex_syntax::Error::Translate(e) => e.kind().to_string(),
        _ => "the expression cannot be read".to_string(),
    })
}

/// Names of groups by number, the whole match first. The parser bounds the depth.
pub fn group_names(hir: &Hir) -> Vec<Option<String>> {
    fn collect(hir: &Hir, names: &mut Vec<Option<String>>) {
        match hir.kind() {
            HirKind::Capture(capture) => {
                let index = capture.index as usize;
                if names.len() <= index {
                    names.resize(index + 1, None);
                }
                names[index] = capture.name.as_deref().map(str::to_string);
                collect(&capture.sub, names);
            }
            HirKind::Repetition(repetition) => collect(&repetition.sub, names),
            HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().for_each(|p| collect(p, names)),
            _ => {}
        }
    }
    let mut names = vec![None];
    collect(hir, &mut names);
    names
}

/// States that an expression needs, roughly and rather too many.
fn size(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        HirKind::Class(Class::Unicode(class)) => class.ranges().len() * 8,
        HirKind::Class(Class::Bytes(class)) => class.ranges().len(),
        HirKind::Capture(capture) => size(&capture.sub).saturating_add(2),
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min.saturating_add(1)).max(1) as usize;
            size(&repetition.sub).saturating_add(2).saturating_mul(times)
        }
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().map(size).fold(2, |sum, part| sum.saturating_add(part))
        }
    }
}
