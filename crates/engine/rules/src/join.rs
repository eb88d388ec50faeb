//! Joins: findings of several rules over all files, and what of it fits together.
//!
//! For each finding that may be reported, findings of the other rules are looked for one rule after the other; those that must be equal
//! to what is known already are found by an index. Cost: findings times those that are looked at for each, at most [`MAX_TRIES`].

use std::collections::BTreeMap;

use rampart_flow::Role;
use rampart_syntax::Span;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::engine::RuleMatch;
use crate::model::{Join, JoinCondition, JoinOperator, Mode, Property, Rule};
use crate::taint::{FlowMatch, TraceStep};

/// Findings that one join rule looks at, all in all. An honest one needs a few for each finding.
const MAX_TRIES: usize = 5_000_000;

/// A finding of a rule that is joined, as it is kept until all files are read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// Index of the rule.
    rule: u32,
    span: Span,
    metavariables: Vec<(String, Span, String)>,
    scope: Vec<String>,
    body: String,
    tokens: String,
}

impl Row {
    pub fn of(found: &RuleMatch) -> Row {
        Row {
            rule: u32::try_from(found.rule).unwrap_or(u32::MAX),
            span: found.span,
            metavariables: found.metavariables.clone(),
            scope: found.scope.clone(),
            body: found.body.clone(),
            tokens: found.tokens.clone(),
        }
    }
}

/// Whether findings of each rule are joined by another one.
pub fn joined(rules: &[Rule]) -> Vec<bool> {
    let joins = rules.iter().filter_map(|rule| match &rule.mode {
        Mode::Join(join) => Some(join),
        _ => None,
    });
    let names: FxHashSet<&str> = joins.flat_map(|join| join.parts.iter().map(|part| part.rule.as_str())).collect();
    rules.iter().map(|rule| names.contains(rule.id.as_str())).collect()
}

/// What join rules find in all files: `rows` by file. Messages are templates still. The second value: some rule was cut
/// short.
pub fn run(rules: &[Rule], paths: &[&str], rows: &[(usize, &Row)]) -> (Vec<FlowMatch>, bool) {
    let mut by_rule: FxHashMap<u32, Vec<(usize, &Row)>> = FxHashMap::default();
    for &(file, row) in rows {
        by_rule.entry(row.rule).or_default().push((file, row));
    }
    let numbers: FxHashMap<&str, u32> = rules.iter().zip(0..).map(|(rule, n)| (rule.id.as_str(), n)).collect();
    let (mut out, mut cut) = (Vec::new(), false);
    for (index, rule) in rules.iter().enumerate() {
        let Mode::Join(join) = &rule.mode else { continue };
        let rows_of = |name: &str| numbers.get(name).and_then(|n| by_rule.get(n)).map_or(&[][..], Vec::as_slice);
        let (found, was_cut) = Search::new(join, paths, &rows_of).run();
        out.extend(found.into_iter().map(|rows| matched(index, rule, join, &rows)));
        cut |= was_cut;
    }
    (out, cut)
}

/// One finding of each rule: (part, file, finding), the one to report last.
type Chosen<'r> = Vec<(usize, usize, &'r Row)>;

/// The match that they are together.
fn matched(index: usize, rule: &Rule, join: &Join, rows: &Chosen) -> FlowMatch {
    let &(_, file, last) = rows.last().expect("a join has a finding to report");
    let mut bound: BTreeMap<String, (Span, String)> = BTreeMap::new();
    for &(part, _, row) in rows.iter().rev() {
        for (name, span, text) in &row.metavariables {
            let name = renamed(&join.parts[part].renames, name);
            bound.entry(name.to_string()).or_insert_with(|| (*span, text.clone()));
        }
    }
    let found = RuleMatch {
        rule: index,
        span: last.span,
        message: rule.message.clone(),
        metavariables: bound.into_iter().map(|(name, (span, text))| (name, span, text)).collect(),
        fix: None,
        scope: last.scope.clone(),
        body: last.body.clone(),
        tokens: last.tokens.clone(),
        steps: rows.iter().map(|&(_, file, row)| TraceStep { file, span: row.span, role: Role::Step }).collect(),
    };
    FlowMatch { file, found }
}

/// The name by which conditions know a metavariable.
fn renamed<'n>(renames: &'n [(String, String)], name: &'n str) -> &'n str {
    renames.iter().find(|(from, _)| from == name).map_or(name, |(_, to)| to)
}

/// A finding with the values that conditions ask for, by their places in [`Part::properties`].
struct Line<'r> {
    file: usize,
    row: &'r Row,
    values: Vec<Option<String>>,
}

/// The findings of one rule of the join.
#[derive(Default)]
struct Part<'r> {
    properties: Vec<&'r str>,
    lines: Vec<Line<'r>>,
    /// By property: the lines of each value.
    indexes: Vec<FxHashMap<String, Vec<u32>>>,
}

struct Search<'r> {
    join: &'r Join,
    parts: Vec<Part<'r>>,
    /// Parts that conditions speak of, the one to report first, those that equal a known one before others.
    order: Vec<usize>,
    /// For each in `order`: the conditions that can be asked when its line is chosen.
    asked: Vec<Vec<&'r JoinCondition>>,
    chosen: Vec<Option<u32>>,
    tries: usize,
}

impl<'r> Search<'r> {
    fn new(join: &'r Join, paths: &[&str], rows_of: &dyn Fn(&str) -> &'r [(usize, &'r Row)]) -> Search<'r> {
        let mut parts: Vec<Part> = join.parts.iter().map(|_| Part::default()).collect();
        for property in join.conditions.iter().flat_map(|c| [&c.left, &c.right]) {
            let part = &mut parts[property.part];
            if !part.properties.contains(&property.name.as_str()) {
                part.properties.push(&property.name);
            }
        }
        for (part, model) in parts.iter_mut().zip(&join.parts) {
            let value = |file: usize, row: &Row, property: &str| match property {
                "path" => Some(paths[file].to_string()),
                _ => row
                    .metavariables
                    .iter()
                    .find(|(name, ..)| renamed(&model.renames, name) == property)
                    .map(|(.., text)| plain(text).to_string()),
            };
            for &(file, row) in rows_of(&model.rule) {
                let values = part.properties.iter().map(|property| value(file, row, property)).collect();
                part.lines.push(Line { file, row, values });
            }
        }
        let chosen = vec![None; parts.len()];
        let mut search = Search { join, parts, order: Vec::new(), asked: Vec::new(), chosen, tries: 0 };
        for condition in join.conditions.iter().filter(|c| c.operator == JoinOperator::Leads) {
            search.lead(condition);
        }
        for part in &mut search.parts {
            part.index();
        }
        search.plan();
        search
    }

    /// Findings that join one to the next, from `left` to `right`: each finding at the end of such a way now begins where the way does.
    fn lead(&mut self, condition: &JoinCondition) {
        let part = &mut self.parts[condition.left.part];
        let (from, to) = (part.number(&condition.left.name), part.number(&condition.right.name));
        let mut next: FxHashMap<&str, Vec<u32>> = FxHashMap::default();
        for (line, n) in part.lines.iter().zip(0u32..) {
            if let (Some(begin), Some(_)) = (&line.values[from], &line.values[to]) {
                next.entry(begin).or_default().push(n);
            }
        }
        let mut begins: Vec<&str> = next.keys().copied().collect();
        begins.sort_unstable();
        let mut lines = Vec::new();
        'begins: for begin in begins {
            let (mut seen, mut stack) = (FxHashSet::default(), vec![begin]);
            let mut met = FxHashSet::from_iter([begin]);
            while let Some(at) = stack.pop() {
                for &n in next.get(at).map_or(&[][..], Vec::as_slice) {
                    self.tries += 1;
                    if self.tries > MAX_TRIES {
                        break 'begins;
                    }
                    let line = &part.lines[n as usize];
                    if seen.insert(n) {
                        let mut values = line.values.clone();
                        values[from] = Some(begin.to_string());
                        lines.push(Line { file: line.file, row: line.row, values });
                    }
                    if let Some(end) = line.values[to].as_deref().filter(|end| met.insert(end)) {
                        stack.push(end);
                    }
                }
            }
        }
        part.lines = lines;
    }

    fn plan(&mut self) {
        let conditions: Vec<&JoinCondition> =
            self.join.conditions.iter().filter(|c| c.operator != JoinOperator::Leads).collect();
        let Some(last) = conditions.last() else { return };
        let mut left: Vec<usize> = conditions.iter().flat_map(|c| [c.left.part, c.right.part]).collect();
        left.sort_unstable();
        left.dedup();
        let mut next = Some(last.right.part);
        while let Some(part) = next {
            left.retain(|&other| other != part);
            self.order.push(part);
            let known = |p: &Property| self.order.contains(&p.part);
            let asked = conditions
                .iter()
                .copied()
                .filter(|c| known(&c.left) && known(&c.right) && (c.left.part == part || c.right.part == part));
            self.asked.push(asked.collect());
            let equals = |p: usize| {
                conditions.iter().any(|c| {
                    c.operator == JoinOperator::Equal
                        && (c.left.part == p && known(&c.right) || c.right.part == p && known(&c.left))
                })
            };
            next = left.iter().copied().find(|&p| equals(p)).or(left.first().copied());
        }
    }

    /// Findings that fulfil all conditions together; one such set for each finding to report. The second value: it was cut short.
    fn run(mut self) -> (Vec<Chosen<'r>>, bool) {
        let mut out = Vec::new();
        let Some(&first) = self.order.first() else { return (out, false) };
        let mut known = FxHashSet::default();
        for n in 0..self.parts[first].lines.len() as u32 {
            let line = &self.parts[first].lines[n as usize];
            let key = (line.file, line.row.span);
            if known.contains(&key) || !self.choose(0, n) {
                continue;
            }
            known.insert(key);
            // In the order of the rule, the one to report last.
            let mut parts = self.order.clone();
            parts.sort_unstable_by_key(|&part| (part == first, part));
            let chosen = parts.into_iter().filter_map(|part| {
                let line = &self.parts[part].lines[self.chosen[part]? as usize];
                Some((part, line.file, line.row))
            });
            out.push(chosen.collect());
        }
        (out, self.tries > MAX_TRIES)
    }

    /// Takes line `n` for the part at `depth`, and lines for all after it. There are as many levels as rules in the join.
    fn choose(&mut self, depth: usize, n: u32) -> bool {
        self.tries += 1;
        if self.tries > MAX_TRIES {
            return false;
        }
        let part = self.order[depth];
        self.chosen[part] = Some(n);
        let holds = self.asked[depth].iter().all(|condition| self.holds(condition));
        let found = holds
            && match self.order.get(depth + 1) {
                None => true,
                Some(&next) => match self.equal_to_known(depth + 1) {
                    Some(candidates) => candidates.into_iter().any(|n| self.choose(depth + 1, n)),
                    None => (0..self.parts[next].lines.len() as u32).any(|n| self.choose(depth + 1, n)),
                },
            };
        if !found {
            self.chosen[part] = None;
        }
        found
    }

    /// The lines that an equality leaves for the part at `depth`.
    fn equal_to_known(&self, depth: usize) -> Option<Vec<u32>> {
        let part = self.order[depth];
        let condition =
            self.asked[depth].iter().find(|c| c.operator == JoinOperator::Equal && c.left.part != c.right.part)?;
        let (own, other) = if condition.left.part == part {
            (&condition.left, &condition.right)
        } else {
            (&condition.right, &condition.left)
        };
        let part = &self.parts[part];
        let lines = self.value(other).and_then(|value| part.indexes[part.number(&own.name)].get(value));
        Some(lines.cloned().unwrap_or_default())
    }

    fn value(&self, property: &Property) -> Option<&str> {
        let part = &self.parts[property.part];
        let line = &part.lines[self.chosen[property.part]? as usize];
        line.values[part.number(&property.name)].as_deref()
    }

    /// What a finding is not bound to fulfils no condition.
    fn holds(&self, condition: &JoinCondition) -> bool {
        let (Some(left), Some(right)) = (self.value(&condition.left), self.value(&condition.right)) else {
            return false;
        };
        match condition.operator {
            JoinOperator::Equal => left == right,
            JoinOperator::Unequal => left != right,
            JoinOperator::Within => contains(right, left),
            JoinOperator::Contains => contains(left, right),
            JoinOperator::Leads => true,
        }
    }
}

impl Part<'_> {
    fn number(&self, property: &str) -> usize {
        self.properties.iter().position(|p| *p == property).expect("conditions ask for known properties")
    }

    fn index(&mut self) {
        self.indexes = vec![FxHashMap::default(); self.properties.len()];
        for (line, n) in self.lines.iter().zip(0u32..) {
            for (value, index) in line.values.iter().zip(&mut self.indexes) {
                if let Some(value) = value {
                    index.entry(value.clone()).or_insert_with(Vec::new).push(n);
                }
            }
        }
    }
}

/// A value as it is compared: without white space and quotes around it.
fn plain(text: &str) -> &str {
    text.trim().trim_matches(['"', '\''])
}

/// Upper and lower case of ASCII are the same, as they are to the database that join rules were first written for.
fn contains(text: &str, part: &str) -> bool {
    text.to_ascii_lowercase().contains(&part.to_ascii_lowercase())
}
