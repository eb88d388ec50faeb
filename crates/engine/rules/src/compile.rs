//! From the model of a rule to what is run: patterns shared between rules, formulas per language, conditions prepared.

use std::sync::Arc;

use rampart_flow::{EntryId, Requirement};
use rampart_syntax::{Lang, Symbols, pattern};
use rustc_hash::FxHashMap;

use crate::compare;
use crate::generic::GenericPattern;
use crate::model::{
    Analyzer, Condition, Formula, FormulaKind, Labels, Mode, Options, PatternText, Rule, RuleError, SideEffect, Taint,
    TaintEntry, TaintKind, TaintSpec,
};
use crate::pattern::{Metavariables, Mv, Pattern};
use crate::prefilter::Need;
use crate::read_ahead::ReadAhead;
use crate::regex::{Flags, Regex};

/// Languages that share patterns: rules for JavaScript and TypeScript are written in one syntax.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Family {
    Code(Lang),
    Generic,
    /// Regular expressions only.
    Text,
}

impl Family {
    pub fn of(lang: Lang) -> Family {
        Family::Code(if lang.is_script() { Lang::TypeScript } else { lang })
    }
}

/// Index of a shared pattern.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct PatternId(pub u32);

pub struct SharedPattern {
    pub pattern: Pattern,
    pub options: Arc<Options>,
    pub inside: bool,
}

/// A formula ready to run in one language family.
pub struct Compiled {
    pub kind: Kind,
    pub conditions: Vec<Check>,
    pub focus: Vec<Vec<Mv>>,
    pub bind_as: Option<Mv>,
    pub fix: Option<Arc<str>>,
    /// What a file must contain for this to match.
    pub need: Need,
}

pub enum Kind {
    Pattern(PatternId),
    Regex(Arc<Regex>, Vec<(usize, Mv)>),
    Generic(Arc<GenericPattern>),
    And { positive: Vec<Compiled>, negative: Vec<Compiled>, selector: Option<PatternId> },
    Or(Vec<Compiled>),
    Inside(Box<Compiled>),
    Anywhere(Box<Compiled>),
}

impl Kind {
    /// Does it say what is around things, not what they are?
    pub fn is_inside(&self) -> bool {
        match self {
            Kind::Inside(_) => true,
            Kind::Or(parts) => !parts.is_empty() && parts.iter().all(|part| part.kind.is_inside()),
            _ => false,
        }
    }

    /// Is some of it found by expressions alone?
    pub fn has_regex(&self) -> bool {
        match self {
            Kind::Regex(..) => true,
            Kind::Pattern(_) | Kind::Generic(_) => false,
            Kind::Inside(inner) | Kind::Anywhere(inner) => inner.kind.has_regex(),
            Kind::Or(parts) => parts.iter().any(|part| part.kind.has_regex()),
            Kind::And { positive, .. } => positive.iter().any(|part| part.kind.has_regex()),
        }
    }
}

impl Check {
    /// Does it say yes or no to bindings, and make none of its own?
    pub fn is_plain(&self) -> bool {
        matches!(self, Check::Regex { groups, .. } if groups.is_empty())
    }

    fn may_bind(&self, mv: Mv) -> bool {
        match self {
            Check::Regex { groups, .. } => groups.iter().any(|(_, group)| *group == mv),
            Check::Formula { .. } | Check::Setting { .. } => true,
            _ => false,
        }
    }
}

pub enum Check {
    Regex {
        mv: Mv,
        regex: Arc<Regex>,
        groups: Vec<(usize, Mv)>,
        constant: bool,
    },
    Formula {
        mv: Mv,
        family: Option<(Family, Option<Lang>)>,
        formula: Box<Compiled>,
    },
    Comparison(compare::Expr),
    Entropy(Mv),
    Redos(Mv),
    /// The type is one of these (typed patterns of one metavariable).
    Type {
        mv: Mv,
        patterns: Vec<PatternId>,
    },
    /// A setting of the project has a value that matches.
    Setting {
        key: Vec<KeyPart>,
        regex: Option<Arc<Regex>>,
        value: Option<Mv>,
        place: Option<Mv>,
    },
    /// A condition that needs what only a whole-program analysis knows: nothing passes.
    Never,
}

/// A part of the name of a setting: text, or what a metavariable is bound to.
pub enum KeyPart {
    Text(Box<str>),
    Bound(Mv),
}

pub struct CompiledRule {
    pub index: usize,
    /// One formula per family the rule is written for.
    pub formulas: Vec<(Family, Compiled)>,
    /// The same for taint rules.
    pub taint: Vec<(Family, CompiledTaint)>,
    pub paths: crate::paths::PathFilter,
    pub options: Arc<Options>,
    pub fix_regex: Option<(Arc<Regex>, String, Option<u32>)>,
}

/// A taint rule ready to run in one language family: its entries, by their place in [`Shared::entries`].
pub struct CompiledTaint {
    pub sources: Vec<EntryId>,
    pub sinks: Vec<EntryId>,
    pub sanitizers: Vec<EntryId>,
    pub propagators: Vec<EntryId>,
}

impl CompiledTaint {
    pub fn entries(&self) -> impl Iterator<Item = EntryId> {
        [&self.sources, &self.sinks, &self.sanitizers, &self.propagators].into_iter().flatten().copied()
    }
}

/// One source, sink, sanitizer or propagator; shared by the rules that use a library.
pub struct CompiledEntry {
    pub kind: TaintKind,
    pub family: Family,
    pub options: Arc<Options>,
    pub formula: Compiled,
    /// The match is narrowed to a part of what its pattern covers.
    pub has_focus: bool,
    pub exact: bool,
    pub by_side_effect: SideEffect,
    pub at_exit: bool,
    pub not_conflicting: bool,
    pub control: Option<Control>,
    pub from: Mv,
    pub to: Mv,
}

/// Of sources that taint all that runs after them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Control {
    Always,
    /// Where a condition holds on what has happened before.
    Conditional,
}

/// Everything shared by the rules of a set.
#[derive(Default)]
pub struct Shared {
    pub symbols: Symbols,
    pub mvs: Metavariables,
    pub patterns: Vec<SharedPattern>,
    /// Some rule has a condition on settings.
    pub asks_settings: bool,
    /// Patterns that were read ahead.
    pub read: ReadAhead,
    known: FxHashMap<(Family, String, bool, u32), PatternId>,
    /// Entries of taint rules, and what the search needs to know of them.
    pub entries: Vec<CompiledEntry>,
    pub flow_entries: Vec<rampart_flow::Entry>,
    /// By where the entry lies in memory; those that speak of labels are of one rule, as labels are.
    known_entries: FxHashMap<(usize, Family, u32, Option<usize>), EntryId>,
    options: Vec<Arc<Options>>,
}

/// Compiles one rule.
///
/// # Errors
/// The first thing in it that cannot be used.
pub fn compile(index: usize, rule: &Rule, shared: &mut Shared) -> Result<CompiledRule, RuleError> {
    if matches!(rule.mode, Mode::Unsupported(_)) {
        return Ok(CompiledRule {
            index,
            formulas: Vec::new(),
            taint: Vec::new(),
            paths: crate::paths::PathFilter::default(),
            options: Arc::default(),
            fix_regex: None,
        });
    }
    let options = shared.options(&rule.options);
    let mut families: Vec<Family> = rule.targets.langs.iter().map(|&l| Family::of(l)).collect();
    if rule.targets.generic {
        families.push(Family::Generic);
    }
    if rule.targets.regex {
        families.push(Family::Text);
    }
    families.dedup();
    let mut formulas = Vec::new();
    let mut taints = Vec::new();
    let mut done: Vec<Family> = Vec::new();
    for family in families {
        if done.contains(&family) {
            continue;
        }
        done.push(family);
        let mut compiler = Compiler { index, rule, shared, family, options: options.clone() };
        match &rule.mode {
            Mode::Search(formula) => formulas.push((family, compiler.formula(formula, false)?)),
            Mode::Extract(extract) => formulas.push((family, compiler.formula(&extract.formula, false)?)),
            Mode::Taint(taint) if matches!(family, Family::Code(_)) => taints.push((family, compiler.taint(taint)?)),
            _ => {}
        }
    }
    let fix_regex = match &rule.fix_regex {
        Some(fix) => {
            let regex = Regex::new(&fix.regex.text, Flags::default()).map_err(|e| problem(rule, &fix.regex, e))?;
            Some((Arc::new(regex), fix.replacement.clone(), fix.count.filter(|&n| n > 0)))
        }
        None => None,
    };
    let paths = crate::paths::PathFilter::new(&rule.paths).map_err(|message| RuleError {
        rule_id: Some(rule.id.clone()),
        place: rule.place.clone(),
        message,
        hint: Some("`paths` takes globs such as `src/**` or `*.test.js`".into()),
        source_line: None,
    })?;
    Ok(CompiledRule { index, formulas, taint: taints, paths, options, fix_regex })
}

fn problem(rule: &Rule, text: &PatternText, message: String) -> RuleError {
    RuleError { rule_id: Some(rule.id.clone()), place: text.place.clone(), message, hint: None, source_line: None }
}

/// What sources are labelled with that say nothing.
const DEFAULT_LABEL: &str = "__SOURCE__";

fn label(name: &str, labels: &mut Vec<String>) -> u16 {
    let at = labels.iter().position(|l| l == name).unwrap_or_else(|| {
        labels.push(name.to_string());
        labels.len() - 1
    });
    u16::try_from(at).unwrap_or(u16::MAX)
}

fn requirement(labels: &Labels, names: &mut Vec<String>) -> Requirement {
    match labels {
        Labels::Has(name) => Requirement::Label(label(name, names)),
        Labels::Not(inner) => Requirement::Not(Box::new(requirement(inner, names))),
        Labels::And(parts) => Requirement::And(parts.iter().map(|p| requirement(p, names)).collect()),
        Labels::Or(parts) => Requirement::Or(parts.iter().map(|p| requirement(p, names)).collect()),
        Labels::Always(value) => Requirement::Always(*value),
    }
}

/// Does the formula match something and then point to a part of it?
fn has_focus(formula: &Formula) -> bool {
    !formula.focus.is_empty()
        || match &formula.kind {
            FormulaKind::And(parts) => parts.iter().any(has_focus),
            FormulaKind::Or(parts) => !parts.is_empty() && parts.iter().all(has_focus),
            _ => false,
        }
}

impl Shared {
    fn options(&mut self, options: &Options) -> Arc<Options> {
        if let Some(known) = self.options.iter().find(|o| ***o == *options) {
            return known.clone();
        }
        let new = Arc::new(options.clone());
        self.options.push(new.clone());
        new
    }

    fn options_number(&self, options: &Arc<Options>) -> u32 {
        self.options.iter().position(|o| Arc::ptr_eq(o, options)).unwrap_or(0) as u32
    }
}

struct Compiler<'c> {
    index: usize,
    rule: &'c Rule,
    shared: &'c mut Shared,
    family: Family,
    options: Arc<Options>,
}

impl Compiler<'_> {
    fn formula(&mut self, formula: &Formula, inside: bool) -> Result<Compiled, RuleError> {
        let kind = match &formula.kind {
            FormulaKind::Pattern(text) => self.pattern(text, inside)?,
            FormulaKind::Regex(text) => {
                let regex = self.regex(text, Flags { multi_line: true, ..Flags::default() })?;
                let groups = self.groups(&regex);
                Kind::Regex(regex, groups)
            }
            FormulaKind::Inside(inner) => Kind::Inside(Box::new(self.formula(inner, true)?)),
            FormulaKind::Anywhere(inner) => Kind::Anywhere(Box::new(self.formula(inner, false)?)),
            FormulaKind::Or(parts) => {
                Kind::Or(parts.iter().map(|p| self.formula(p, inside)).collect::<Result<_, _>>()?)
            }
            FormulaKind::And(parts) => self.conjunction(parts, inside)?,
            FormulaKind::Not(inner) => {
                return Err(RuleError {
                    rule_id: Some(self.rule.id.clone()),
                    place: inner.place.clone(),
                    message: "a negation needs something to take away from".into(),
                    hint: Some("put it into `patterns:` beside a positive pattern".into()),
                    source_line: None,
                });
            }
        };
        let mut kind = kind;
        let mut conditions = Vec::new();
        for condition in &formula.conditions {
            let check = self.condition(condition)?;
            conditions.extend(self.hand_down(check, &mut kind));
        }
        let focus =
            formula.focus.iter().map(|list| list.iter().map(|name| self.shared.mvs.number(name)).collect()).collect();
        let need = Need::all([self.need(&kind), self.need_of(&conditions, &kind)].into());
        Ok(Compiled {
            kind,
            conditions,
            focus,
            bind_as: formula.bind_as.as_ref().map(|name| self.shared.mvs.number(name)),
            fix: formula.fix.as_deref().map(Arc::from),
            need,
        })
    }

    fn taint(&mut self, taint: &Taint) -> Result<CompiledTaint, RuleError> {
        let mut labels: Vec<String> = vec![DEFAULT_LABEL.to_string()];
        let mut list = |entries: &[TaintEntry], kind: TaintKind| -> Result<Vec<EntryId>, RuleError> {
            let specs = entries.iter().filter_map(|e| match e {
                TaintEntry::Spec(spec) => Some(spec),
                // Those of libraries were put in their place before.
                TaintEntry::Use(..) => None,
            });
            specs.map(|spec| self.entry(spec, kind, &mut labels)).collect()
        };
        Ok(CompiledTaint {
            sources: list(&taint.sources, TaintKind::Sources)?,
            sinks: list(&taint.sinks, TaintKind::Sinks)?,
            sanitizers: list(&taint.sanitizers, TaintKind::Sanitizers)?,
            propagators: list(&taint.propagators, TaintKind::Propagators)?,
        })
    }

    fn entry(
        &mut self,
        spec: &Arc<TaintSpec>,
        kind: TaintKind,
        labels: &mut Vec<String>,
    ) -> Result<EntryId, RuleError> {
        let speaks_of_labels = spec.label.is_some() || spec.requires.is_some() || !spec.replaces.is_empty();
        let owner = speaks_of_labels.then_some(self.index);
        let key = (Arc::as_ptr(spec) as usize, self.family, self.shared.options_number(&self.options), owner);
        if let Some(&known) = self.shared.known_entries.get(&key) {
            return Ok(known);
        }
        let formula = self.formula(&spec.formula, false)?;
        let exact = matches!(kind, TaintKind::Sinks | TaintKind::Propagators);
        let entry = CompiledEntry {
            kind,
            family: self.family,
            options: self.options.clone(),
            formula,
            has_focus: has_focus(&spec.formula),
            exact: spec.exact.unwrap_or(exact),
            by_side_effect: spec.by_side_effect,
            at_exit: spec.at_exit,
            not_conflicting: spec.not_conflicting,
            control: spec.control.then_some(match spec.requires {
                None => Control::Always,
                Some(_) => Control::Conditional,
            }),
            from: self.shared.mvs.number(&spec.from),
            to: self.shared.mvs.number(&spec.to),
        };
        let flow = rampart_flow::Entry {
            label: spec.label.as_ref().map(|name| label(name, labels)),
            requires: spec.requires.as_ref().map(|r| requirement(r, labels)),
            replaces: spec.replaces.iter().map(|name| label(name, labels)).collect(),
        };
        let id = self.shared.entries.len() as EntryId;
        self.shared.entries.push(entry);
        self.shared.flow_entries.push(flow);
        self.shared.known_entries.insert(key, id);
        Ok(id)
    }

    fn conjunction(&mut self, parts: &[Formula], inside: bool) -> Result<Kind, RuleError> {
        let (mut positive, mut negative, mut selector) = (Vec::new(), Vec::new(), None);
        for part in parts {
            match &part.kind {
                FormulaKind::Not(inner) => {
                    negative.push(self.formula(inner, matches!(inner.kind, FormulaKind::Inside(_)))?)
                }
                _ => positive.push(self.formula(part, inside)?),
            }
        }
        // `pattern: $X` beside others only selects what they have bound: it is run inside their ranges, not over the file.
        if positive.len() > 1
            && let Some(at) = positive.iter().position(|p| self.is_selector(p))
            && let Kind::Pattern(id) = positive.remove(at).kind
        {
            selector = Some(id);
        }
        Ok(Kind::And { positive, negative, selector })
    }

    /// Has the parts of a formula that bind what a condition asks of ask it for themselves: what does not hold is then seen before anything
    /// is made of it. Handed back is what is left to the formula as a whole, as conditions that bind groups are.
    fn hand_down(&self, check: Check, kind: &mut Kind) -> Option<Check> {
        let Check::Regex { mv, regex, constant, .. } = &check else { return Some(check) };
        let copy = || Check::Regex { mv: *mv, regex: regex.clone(), groups: Vec::new(), constant: *constant };
        match kind {
            // The part that alone binds the metavariable.
            Kind::And { positive, selector, .. } => {
                let selects = selector.is_some_and(|id| self.shared.patterns[id.0 as usize].pattern.binds.contains(mv));
                let mut binding = positive.iter_mut().filter(|part| self.may_bind(part, *mv));
                match (binding.next(), binding.next()) {
                    (Some(part), None) if !selects && self.takes(part, *mv) => self.give(copy(), part),
                    _ => return Some(check),
                }
            }
            Kind::Or(parts) if parts.iter().all(|part| self.takes(part, *mv)) => {
                parts.iter_mut().for_each(|part| self.give(copy(), part));
            }
            Kind::Inside(part) if self.takes(part, *mv) => self.give(copy(), part),
            _ => return Some(check),
        }
        (!check.is_plain()).then_some(check)
    }

    /// May a part ask for itself what is asked of the metavariable after it? What it is focused on, or bound as, comes after its own
    /// conditions.
    fn takes(&self, part: &Compiled, mv: Mv) -> bool {
        part.focus.is_empty() && part.bind_as != Some(mv)
    }

    fn give(&self, check: Check, part: &mut Compiled) {
        let is_plain = part.conditions.iter().all(Check::is_plain);
        let left = if is_plain { self.hand_down(check, &mut part.kind) } else { Some(check) };
        part.conditions.extend(left);
        part.need = Need::all([self.need(&part.kind), self.need_of(&part.conditions, &part.kind)].into());
    }

    /// What a file must contain for expressions on metavariables to match.
    fn need_of(&self, conditions: &[Check], kind: &Kind) -> Need {
        let need = |check: &Check| match check {
            Check::Regex { mv, regex, constant: false, .. }
                if self.binds_code(kind, *mv) && !conditions.iter().any(|other| other.may_bind(*mv)) =>
            {
                Need::from_regex_on_code(regex.required())
            }
            _ => Need::Nothing,
        };
        Need::all(conditions.iter().map(need).collect())
    }

    /// Is what a formula binds to the metavariable a piece of the code, as it stands there?
    fn binds_code(&self, kind: &Kind, mv: Mv) -> bool {
        let part_binds = |part: &Compiled| {
            let by_check = part.conditions.iter().any(|check| check.may_bind(mv));
            part.bind_as != Some(mv) && !by_check && self.binds_code(&part.kind, mv)
        };
        match kind {
            Kind::Pattern(id) => self.shared.patterns[id.0 as usize].pattern.binds_code(mv),
            Kind::Regex(_, groups) => groups.iter().all(|(_, group)| *group != mv),
            Kind::Generic(_) => false,
            Kind::And { positive, .. } => positive.iter().all(part_binds),
            Kind::Or(parts) => parts.iter().all(part_binds),
            Kind::Inside(inner) | Kind::Anywhere(inner) => part_binds(inner),
        }
    }

    fn may_bind(&self, part: &Compiled, mv: Mv) -> bool {
        part.conditions.iter().any(|check| check.may_bind(mv))
            || part.bind_as == Some(mv)
            || match &part.kind {
                Kind::Pattern(id) => self.shared.patterns[id.0 as usize].pattern.binds.contains(&mv),
                Kind::Regex(_, groups) => groups.iter().any(|(_, group)| *group == mv),
                Kind::Generic(_) => true,
                Kind::And { positive, selector, .. } => {
                    positive.iter().any(|part| self.may_bind(part, mv))
                        || selector.is_some_and(|id| self.shared.patterns[id.0 as usize].pattern.binds.contains(&mv))
                }
                Kind::Or(parts) => parts.iter().any(|part| self.may_bind(part, mv)),
                Kind::Inside(inner) | Kind::Anywhere(inner) => self.may_bind(inner, mv),
            }
    }

    fn is_selector(&self, compiled: &Compiled) -> bool {
        match &compiled.kind {
            Kind::Pattern(id) => {
                compiled.conditions.is_empty()
                    && compiled.focus.is_empty()
                    && self.shared.patterns[id.0 as usize].pattern.lone_metavar().is_some_and(|mv| mv != Mv::ANONYMOUS)
            }
            _ => false,
        }
    }

    fn pattern(&mut self, text: &PatternText, inside: bool) -> Result<Kind, RuleError> {
        match self.family {
            Family::Code(lang) => self.code(lang, &text.text, inside).map(Kind::Pattern).map_err(|message| RuleError {
                hint: Some(
                    "write it as it would stand in the code; `$X` stands for one thing, `...` for any number".into(),
                ),
                ..problem(self.rule, text, message)
            }),
            Family::Generic => match GenericPattern::compile(&text.text, &self.options) {
                Ok(pattern) => {
                    for name in pattern.metavariables() {
                        self.shared.mvs.number(name);
                    }
                    Ok(Kind::Generic(Arc::new(pattern)))
                }
                Err(message) => Err(problem(self.rule, text, message)),
            },
            // Where only expressions run, a pattern is one.
            Family::Text => {
                let regex = self.regex(text, Flags { multi_line: true, ..Flags::default() })?;
                let groups = self.groups(&regex);
                Ok(Kind::Regex(regex, groups))
            }
        }
    }

    fn code(&mut self, lang: Lang, text: &str, inside: bool) -> Result<PatternId, String> {
        let key = (self.family, text.trim().to_string(), inside, self.shared.options_number(&self.options));
        if let Some(&id) = self.shared.known.get(&key) {
            return Ok(id);
        }
        let Shared { read, symbols, mvs, .. } = &mut *self.shared;
        let pattern = match read.get(lang, text) {
            Some(Ok(read)) => Pattern::compile(lang, read, symbols, mvs)?,
            Some(Err(message)) => return Err(message.clone()),
            None => Pattern::compile(lang, &pattern::read(lang, text, &Arc::default())?, symbols, mvs)?,
        };
        let demanded = |word| pattern.required.iter().any(|&name| symbols.text(name) == word);
        debug_assert!(
            crate::demands::words(text).into_iter().all(demanded),
            "more is demanded of a file than by {text}"
        );
        let id = PatternId(self.shared.patterns.len() as u32);
        self.shared.patterns.push(SharedPattern { pattern, options: self.options.clone(), inside });
        self.shared.known.insert(key, id);
        Ok(id)
    }

    fn regex(&mut self, text: &PatternText, flags: Flags) -> Result<Arc<Regex>, RuleError> {
        Regex::new(&text.text, flags)
            .map(Arc::new)
            .map_err(|e| problem(self.rule, text, format!("bad regular expression: {e}")))
    }

    /// Groups of an expression bind `$1`, `$2`, … and `$name`.
    fn groups(&mut self, regex: &Regex) -> Vec<(usize, Mv)> {
        let mut groups = Vec::new();
        for group in 1..regex.group_count() {
            groups.push((group, self.shared.mvs.number(&format!("${group}"))));
        }
        for (group, name) in regex.names() {
            groups.push((group, self.shared.mvs.number(&format!("${name}"))));
        }
        groups
    }

    fn condition(&mut self, condition: &Condition) -> Result<Check, RuleError> {
        Ok(match condition {
            Condition::Regex { metavariable, regex, constant_propagation } => {
                let mv = self.shared.mvs.number(metavariable);
                let regex = self.regex(regex, Flags::default())?;
                let groups = self.groups(&regex);
                Check::Regex { mv, regex, groups, constant: *constant_propagation }
            }
            Condition::Pattern { metavariable, language, formula } => {
                let mv = self.shared.mvs.number(metavariable);
                let family = match language.as_deref() {
                    None => None,
                    Some("generic" | "none") => Some((Family::Generic, None)),
                    Some("regex") => Some((Family::Text, None)),
                    Some(name) => match Lang::from_rule_name(name) {
                        Some(lang) => Some((Family::of(lang), Some(lang))),
                        None => return Ok(Check::Never),
                    },
                };
                let before = self.family;
                self.family = family.map_or(before, |(f, _)| f);
                let formula = self.formula(formula, false);
                self.family = before;
                Check::Formula { mv, family, formula: Box::new(formula?) }
            }
            Condition::Comparison { comparison, strip, .. } => {
                // `base` only matters to numbers that are text, and their prefix says it too.
                let parsed = compare::parse(&comparison.text, *strip)
                    .map_err(|e| problem(self.rule, comparison, format!("bad comparison: {e}")))?;
                Check::Comparison(parsed)
            }
            Condition::Analysis { metavariable, analyzer } => {
                let mv = self.shared.mvs.number(metavariable);
                match analyzer {
                    Analyzer::Entropy => Check::Entropy(mv),
                    Analyzer::Redos => Check::Redos(mv),
                }
            }
            Condition::Type { metavariable, types, language: _ } => {
                let Family::Code(lang) = self.family else { return Ok(Check::Never) };
                let mv = self.shared.mvs.number(metavariable);
                let mut patterns = Vec::new();
                for ty in types {
                    let text = if lang == Lang::Java {
                        format!("({ty} {metavariable})")
                    } else {
                        format!("({metavariable} : {ty})")
                    };
                    patterns.push(self.code(lang, &text, false).map_err(|message| RuleError {
                        rule_id: Some(self.rule.id.clone()),
                        place: self.rule.place.clone(),
                        message: format!("`{ty}` is not a type: {message}"),
                        hint: None,
                        source_line: None,
                    })?);
                }
                Check::Type { mv, patterns }
            }
            Condition::Setting { key, regex, value, place } => {
                self.shared.asks_settings = true;
                let regex = regex.as_ref().map(|regex| self.regex(regex, Flags::default())).transpose()?;
                let mut number = |name: &Option<String>| name.as_ref().map(|name| self.shared.mvs.number(name));
                let (value, place) = (number(value), number(place));
                Check::Setting { key: self.key(&key.text), regex, value, place }
            }
            Condition::Name { .. } => Check::Never,
        })
    }

    /// `$SECTION.$NAME` as its parts.
    fn key(&mut self, text: &str) -> Vec<KeyPart> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            let length = rest[at + 1..].bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
            let (before, name) = (&rest[..at], &rest[at..=at + length]);
            if !before.is_empty() {
                parts.push(KeyPart::Text(before.into()));
            }
            parts.push(KeyPart::Bound(self.shared.mvs.number(name)));
            rest = &rest[at + 1 + length..];
        }
        if !rest.is_empty() {
            parts.push(KeyPart::Text(rest.into()));
        }
        parts
    }

    fn need(&self, kind: &Kind) -> Need {
        match kind {
            Kind::Pattern(id) => {
                let shared = &self.shared.patterns[id.0 as usize];
                Need::all(shared.pattern.required.iter().map(|&s| Need::Name(s)).collect())
            }
            Kind::Regex(regex, _) => Need::from_regex(regex.required()),
            Kind::Generic(pattern) => Need::from_literals(pattern.words().into_iter().map(str::to_string).collect()),
            Kind::And { positive, .. } => Need::all(positive.iter().map(|p| p.need.clone()).collect()),
            Kind::Or(parts) => Need::any(parts.iter().map(|p| p.need.clone()).collect()),
            Kind::Inside(inner) | Kind::Anywhere(inner) => inner.need.clone(),
        }
    }
}
