//! What a search found, as people are told it.

use super::*;

/// Places of one way that are told, half of them from its beginning and half from its end: ten thousand ways through ten thousand
/// places would be gigabytes.
const MAX_TOLD: usize = 100;

/// [`Outcome`], in the graphs' own terms.
pub(super) struct Told {
    pub ways: Vec<Way>,
    pub cut: Vec<u32>,
    pub cut_rules: Rules,
    pub states: usize,
}

pub(super) struct Way {
    pub rule: u32,
    pub sink: (u32, u32),
    pub source: (u32, u32),
    pub steps: Vec<(ValueRef, Role)>,
}

impl Told {
    /// With places in texts.
    pub fn placed(self, project: &Project) -> Outcome {
        let place = |(at, role): (ValueRef, Role)| Place { unit: at.0, span: project.node(at).span, role };
        let flow = |Way { rule, sink, source, steps }: Way| {
            let steps = steps.into_iter().map(place).collect();
            Flow { rule, sink, source, steps }
        };
        let Told { ways, cut, cut_rules, states } = self;
        Outcome { flows: ways.into_iter().map(flow).collect(), cut, cut_rules, states }
    }
}

impl Search<'_, '_> {
    pub(super) fn outcome(&self) -> Told {
        // (which way to its sink it is, rule, sink, state)
        let mut ways: Vec<(usize, u32, (u32, u32), StateId)> = Vec::new();
        let mut reached: Vec<((u32, u32), &Arrivals)> = self.reached.iter().map(|(k, v)| (*k, v)).collect();
        reached.sort_unstable_by_key(|(key, _)| *key);
        for ((u, index), states) in reached {
            let requires = self.entry(self.of_unit[&u].sinks[index as usize].entry).requires.as_ref();
            let mut wanted = Vec::new();
            requires.inspect(|r| r.wants(&mut wanted));
            let arrived: Vec<(u16, Rules)> =
                states.iter().map(|&(s, rules)| (self.states[s as usize].label, rules)).collect();
            let rules = fulfilled(requires, &arrived, arrived.iter().fold(0, |all, (_, rules)| all | rules));
            for bit in each(rules) {
                let rule = bit.trailing_zeros();
                // With a condition on labels one way is told; without, one from each source.
                let is_one = requires.is_some_and(|r| !matches!(r, Requirement::Always(_)));
                let ids = states
                    .iter()
                    .filter(|(_, rules)| rules & bit != 0)
                    .map(|&(id, _)| id)
                    .filter(|&id| wanted.is_empty() || wanted.contains(&self.states[id as usize].label))
                    .take(if is_one { 1 } else { usize::MAX });
                ways.extend(ids.enumerate().map(|(rank, id)| (rank, rule, (u, index), id)));
            }
        }
        // Each sink is told before any is told twice.
        ways.sort_by_key(|way| way.0);
        let mut counts = [0; Rules::BITS as usize];
        let mut cut = self.cut.clone();
        ways.retain(|&(rank, rule, sink, _)| {
            let count = &mut counts[rule as usize];
            *count += 1;
            if rank == 0 && *count > self.limits.flows {
                cut.insert(sink.0);
            }
            *count <= self.limits.flows
        });
        ways.sort_by_key(|&(rank, rule, sink, _)| (rule, sink, rank));
        let way = |&(_, rule, sink, id): &(usize, u32, (u32, u32), StateId)| {
            let source = self.states[id as usize].source;
            Way { rule, sink, source, steps: self.steps(id) }
        };
        let ways = ways.iter().map(way).collect();
        Told { ways, cut: cut.into_iter().collect(), cut_rules: self.exhausted, states: self.states.len() }
    }

    /// The way to a state, from its source; what people would not call a step is left out.
    fn steps(&self, id: StateId) -> Vec<(ValueRef, Role)> {
        let mut back: Vec<(ValueRef, Role)> = Vec::new();
        let mut callers: Vec<StateId> = Vec::new();
        let mut at = id;
        let mut role = Role::Sink;
        for _ in 0..10_000 {
            let state = &self.states[at as usize];
            let node = self.project.node(state.at);
            let shown = node.shown || state.kind == StateKind::Source;
            if state.kind == StateKind::Source && state.from == NO_STATE {
                role = Role::Source;
            } else if role == Role::Step {
                role = match state.kind {
                    StateKind::Entry => Role::Enters,
                    StateKind::Return => Role::Returns,
                    _ => Role::Step,
                };
            }
            if shown || role != Role::Step {
                back.push((state.at, role));
            }
            role = Role::Step;
            match state.kind {
                StateKind::Source if state.from == NO_STATE => break,
                // The way went through the callee: on to where it was entered, and there back to this call.
                StateKind::Return if state.caller != NO_STATE => {
                    callers.push(state.caller);
                    at = state.from;
                }
                StateKind::Entry => at = callers.pop().unwrap_or(state.from),
                _ => at = state.from,
            }
        }
        back.reverse();
        let mut steps: Vec<(ValueRef, Role)> = Vec::with_capacity(back.len());
        let is_same = |a: ValueRef, b: ValueRef| a.0 == b.0 && self.project.node(a).span == self.project.node(b).span;
        for (at, role) in back {
            match steps.last_mut() {
                // The same place twice says no more than once.
                Some((last, known)) if is_same(*last, at) => {
                    if *known == Role::Step || role == Role::Sink && *known != Role::Source {
                        *known = role;
                    }
                }
                _ => steps.push((at, role)),
            }
        }
        if steps.len() > MAX_TOLD {
            steps.drain(MAX_TOLD / 2..steps.len() - MAX_TOLD / 2);
        }
        steps
    }
}
