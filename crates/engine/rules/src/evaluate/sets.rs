//! Set operations on ranges with bindings.

use super::search::{nodes_in, selectable};
use super::*;

impl Scope<'_> {
    /// Is `x` in `y`, with bindings that agree?
    pub(super) fn within(&self, x: &Range, y: &Range) -> bool {
        (y.span.contains(x.span) || y.role == Role::Anywhere)
            && self.budget.take(1)
            && x.env.iter().all(|(mv, a)| match y.env.iter().find(|(m, _)| m == mv) {
                Some((_, b)) => self.numbered(*mv) || self.same(a, b),
                None => true,
            })
    }

    pub(super) fn same(&self, a: &Val, b: &Val) -> bool {
        match self.code {
            Some(code) => {
                // Trees that are equal by their hashes are compared node by node.
                if let (&Val::Node(a), &Val::Node(b)) = (a, b)
                    && a != b
                    && code.target.tree.hash(a) == code.target.tree.hash(b)
                {
                    self.budget.take(u64::from(a.0 - code.target.tree[a].low) / EQUAL_NODES_PER_STEP);
                }
                code.target.same(a, b, self.options.unify_ids_strictly)
            }
            None => self.source(a) == self.source(b),
        }
    }

    /// `$1`: groups of expressions never have to agree.
    pub(super) fn numbered(&self, mv: Mv) -> bool {
        self.shared.mvs.name(mv)[1..].bytes().all(|b| b.is_ascii_digit())
    }

    pub(super) fn intersect(&self, xs: &[Range], ys: &[Range]) -> Vec<Range> {
        let merge = |u: &Range, v: &Range| {
            if !self.within(u, v) || u.role == Role::Inside && v.role != Role::Inside {
                return None;
            }
            let mut merged = u.clone();
            for (mv, val) in &v.env {
                if !merged.env.iter().any(|(m, _)| m == mv) {
                    merged.env.push((*mv, val.clone()));
                }
            }
            merged.fix = merged.fix.or_else(|| v.fix.clone());
            Some(merged)
        };
        let mut out = Vec::new();
        let index = Index::new(ys);
        for x in xs {
            let (mut pairs, before) = (0, out.len());
            for y in index.near(x) {
                pairs += 1;
                out.extend(merge(x, y));
                out.extend(merge(y, x));
            }
            let merged = (out.len() - before) as u64;
            if out.len() > MAX_RANGES {
                dedup(&mut out);
                if out.len() > MAX_RANGES {
                    self.budget.exhaust();
                    break;
                }
            }
            if !self.budget.take(1 + pairs / PAIRS_PER_STEP + merged * STEPS_OF_MERGE) {
                break;
            }
        }
        dedup(&mut out);
        out
    }

    pub(super) fn takes_away(&self, x: &Range, y: &Range) -> bool {
        match y.role {
            Role::Inside => self.within(x, y),
            Role::Regex => self.within(x, y) || self.within(y, x),
            Role::Plain => self.within(x, y) && self.within(y, x),
            Role::Anywhere => true,
        }
    }

    /// `pattern: $X` inside ranges that may bind `$X`.
    pub(super) fn select(&self, id: PatternId, ranges: &[Range]) -> Vec<Range> {
        let (Some(code), Some(mv)) = (self.code, self.shared.patterns[id.0 as usize].pattern.lone_metavar()) else {
            return Vec::new();
        };
        let tree = code.target.tree;
        let mut out = Vec::new();
        for range in ranges {
            let bound = range.env.iter().find(|(m, _)| *m == mv).map(|(_, v)| v);
            let (mut seen, before) = (0, out.len());
            for id in nodes_in(tree, range.span) {
                seen += 1;
                if !selectable(tree, id) || !range.span.contains(tree.span(id)) {
                    continue;
                }
                let val = Val::Node(id);
                if bound.is_none_or(|known| self.same(known, &val)) {
                    let mut env = range.env.clone();
                    if bound.is_none() {
                        env.push((mv, val));
                    }
                    out.push(Range {
                        span: tree.span(id),
                        env,
                        fix: range.fix.clone(),
                        role: Role::Plain,
                        node: Some(id),
                    });
                }
            }
            let selected = (out.len() - before) as u64;
            if out.len() > MAX_RANGES {
                self.budget.exhaust();
            }
            if !self.budget.take(1 + seen / NODES_PER_STEP + selected * STEPS_OF_MERGE) {
                break;
            }
        }
        dedup(&mut out);
        out
    }

    pub(super) fn focus(&self, lists: &[Vec<Mv>], range: Range) -> Vec<Range> {
        let mut current: Option<Vec<Span>> = None;
        for list in lists {
            let mut spans = Vec::new();
            for mv in list {
                if let Some((_, val)) = range.env.iter().find(|(m, _)| m == mv)
                    && let Some(span) = overlap(self.span_of(val), range.span)
                {
                    spans.push(span);
                }
            }
            current = Some(match current {
                None => spans,
                Some(before) => before.iter().flat_map(|&a| spans.iter().filter_map(move |&b| overlap(a, b))).collect(),
            });
        }
        let spans = current.unwrap_or_default();
        spans.into_iter().map(|span| Range { span, node: None, ..range.clone() }).collect()
    }
}

/// Ranges by place, so that only those that contain or lie in another are compared with it.
pub(super) struct Index<'r> {
    /// By start, then by end.
    sorted: Vec<&'r Range>,
    /// The largest end among the ranges up to each.
    reach: Vec<u32>,
    anywhere: bool,
}

impl<'r> Index<'r> {
    pub(super) fn new(ranges: &'r [Range]) -> Self {
        let mut sorted: Vec<&Range> = ranges.iter().collect();
        sorted.sort_by_key(|r| (r.span.start, r.span.end));
        let mut end = 0;
        let reach = sorted.iter().map(|r| {
            end = end.max(r.span.end);
            end
        });
        let reach = reach.collect();
        Index { reach, anywhere: ranges.iter().any(|r| r.role == Role::Anywhere), sorted }
    }

    /// All ranges that contain `x` or lie in it (and some that do not), in order of place.
    pub(super) fn near<'i>(&'i self, x: &Range) -> impl Iterator<Item = &'r Range> + use<'i, 'r> {
        let all = self.anywhere || x.role == Role::Anywhere;
        // Containing ranges start at or before `x`; walking back ends where nothing reaches its end.
        let before = if all { 0 } else { self.sorted.partition_point(|r| r.span.start < x.span.start) };
        let mut from = before;
        while from > 0 && self.reach[from - 1] >= x.span.end {
            from -= 1;
        }
        let after = if all { self.sorted.len() } else { self.sorted.partition_point(|r| r.span.start <= x.span.end) };
        self.sorted[from..after].iter().copied()
    }
}

pub(super) fn overlap(a: Span, b: Span) -> Option<Span> {
    if b.contains(a) {
        Some(a)
    } else if a.contains(b) {
        Some(b)
    } else {
        None
    }
}

pub(super) fn dedup(ranges: &mut Vec<Range>) {
    let mut seen = rustc_hash::FxHashSet::default();
    ranges.retain(|r| {
        let env: Vec<(Mv, u32, u32)> = r
            .env
            .iter()
            .map(|(mv, v)| match v {
                Val::Node(id) => (*mv, id.0, u32::MAX),
                Val::Nodes(_, s) | Val::Text(_, s) => (*mv, s.start, s.end),
            })
            .collect();
        seen.insert((r.span, r.role as u8, env))
    });
}
