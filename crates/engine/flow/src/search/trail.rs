//! What a search has read on its way, so that the next scan can tell whether a search would go the same way again.
//!
//! A search depends on the parts of files (functions, statements) where its states stand, and of all else on what linking and the look ahead give at those places:
//! what is called and who calls, which values go elsewhere, and of which rules a sink lies ahead there. All of that is drawn
//! together in one hash. Where those parts are the same and the hash is too, each state leads to the same states in the same order,
//! and so does the whole search, limits included. What leads to no sink is never followed, so it leaves nothing in the hash: another
//! part may call what it likes, or be called, as long as nothing of it has a part in a way.
//!
//! Cost: a look at each edge from places where states stand, once, where the search takes it for each state.

use std::hash::Hash;

use serde::{Deserialize, Serialize};

use super::told::Way;
use super::*;
use crate::bits::Bits;
use crate::content::{PartKey, PartRef, Words};

/// A search that was made. Parts are numbered by their places in `parts`, nodes and matches by their places in those.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Known {
    parts: Vec<PartKey>,
    /// By part, from the first on: the nodes where states stood, each as the distance from the one before.
    nodes: Vec<Vec<u32>>,
    /// Functions that were left to all who call them.
    left: Vec<u32>,
    read: [u8; 32],
    ways: Vec<KnownWay>,
    /// A part of each file in which a limit was met.
    cut: Vec<u32>,
    cut_rules: Rules,
    states: usize,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct KnownWay {
    rule: u32,
    sink: (u32, u32),
    source: (u32, u32),
    steps: Vec<(u32, u32, Role)>,
}

/// The numbers of parts in [`Known::parts`].
#[derive(Default)]
struct Numbered {
    of: FxHashMap<PartRef, u32>,
    parts: Vec<PartRef>,
}

impl Numbered {
    fn of(&mut self, part: PartRef) -> u32 {
        let next = self.parts.len() as u32;
        *self.of.entry(part).or_insert_with(|| {
            self.parts.push(part);
            next
        })
    }
}

/// What is read is hashed in portions of so many bytes.
const PORTION: usize = 1 << 16;

/// What is read. Each begins with what it is, so that no two say the same.
#[derive(Hash)]
enum Read<'a> {
    /// By part: the rules that do not look at its file.
    Barred(Rules),
    Source(u32, u32, &'a [Key], Rules),
    Node(u32, u32),
    Sink(u32, u32, Rules),
    Feed(u32, u32, Rules),
    Exit(u32, u8, Option<Slot>),
    Passage(Passage, u32, u32, Rules),
    Checked(Rules),
    Past(Rules),
    Decided(Rules),
    Call {
        is_unknown: bool,
        is_bound: bool,
        is_silent: bool,
    },
    Left(u32),
}

/// How something comes to a place. Numbers count what there is of the kind.
#[derive(Hash)]
enum Passage {
    Source,
    Edge(usize),
    Across(Step),
    Feed(usize),
    Given(u32, Prefix),
    Back(usize),
    Left(usize, u32),
}

/// Reads what a search reads.
struct Reader<'s, 'p, 'f> {
    search: &'s Search<'p, 'f>,
    parts: &'s Parts<'f>,
    numbered: Numbered,
    words: Words,
    hasher: blake3::Hasher,
}

impl<'p, 'f> Search<'p, 'f> {
    /// What the search came to before, if it would come to the same now.
    pub(super) fn recall(&self, parts: &Parts<'f>, known: &Known) -> Option<Told> {
        let refs: Vec<PartRef> = known.parts.iter().map(|key| parts.find(key)).collect::<Option<_>>()?;
        // The order in which files are searched shows in what is found first.
        if !refs.get(..known.nodes.len())?.is_sorted() {
            return None;
        }
        let part = |number: u32| refs.get(number as usize).copied();
        let node = |number: u32, rank: u32| parts.node(part(number)?, rank);
        let mut nodes: Vec<ValueRef> = Vec::new();
        for (number, steps) in (0..).zip(&known.nodes) {
            let mut rank = 0u32;
            for &step in steps {
                rank = rank.wrapping_add(step);
                nodes.push(node(number, rank)?);
            }
        }
        let is_function =
            |&(unit, part): &PartRef| (part as usize) < self.project.units[unit as usize].graph.functions.len();
        let left: Vec<FunctionRef> =
            known.left.iter().map(|&number| part(number).filter(is_function)).collect::<Option<_>>()?;
        let (read, numbered) = self.read(parts, &nodes, &left);
        if read != known.read || numbered.parts != refs {
            return None;
        }
        let way = |way: &KnownWay| {
            let steps = way.steps.iter().map(|&(number, rank, role)| Some((node(number, rank)?, role)));
            Some(Way {
                rule: way.rule,
                sink: parts.sink_at(part(way.sink.0)?, way.sink.1)?,
                source: parts.source_at(part(way.source.0)?, way.source.1)?,
                steps: steps.collect::<Option<_>>()?,
            })
        };
        let mut ways: Vec<Way> = known.ways.iter().map(way).collect::<Option<_>>()?;
        ways.sort_by_key(|way| (way.rule, way.sink));
        let cut: BTreeSet<u32> = known.cut.iter().map(|&number| Some(part(number)?.0)).collect::<Option<_>>()?;
        Some(Told { ways, cut: cut.into_iter().collect(), cut_rules: known.cut_rules, states: known.states })
    }

    /// The search that was made, for [`Self::recall`]. `None`: which of too many ways are told may change with what else there is.
    pub(super) fn remember(&self, parts: &Parts<'f>, told: &Told) -> Option<Known> {
        if told.ways.len() >= self.limits.flows {
            return None;
        }
        let mut stood = Bits::new(self.project.numbers.total);
        self.states.iter().for_each(|state| stood.set(self.project.numbers.of(state.at)));
        let mut nodes: Vec<ValueRef> =
            std::iter::from_fn(|| stood.take(0)).map(|number| self.project.numbers.at(number)).collect();
        nodes.sort_by_key(|&at| parts.place(at));
        let mut left: Vec<FunctionRef> = self.left.iter().copied().collect();
        left.sort_unstable();
        let (read, numbered) = self.read(parts, &nodes, &left);
        let mut by_part: Vec<Vec<u32>> = Vec::new();
        let mut last = None;
        for at in nodes {
            let (part, rank) = parts.place(at);
            match last.replace((part, rank)).filter(|before| before.0 == part) {
                Some((_, before)) => by_part.last_mut().expect("the part was begun").push(rank - before),
                None => by_part.push(vec![rank]),
            }
        }
        let number = |(part, rank): (PartRef, u32)| Some((*numbered.of.get(&part)?, rank));
        let way = |way: &Way| {
            let step = |&(at, role): &(ValueRef, Role)| number(parts.place(at)).map(|(part, rank)| (part, rank, role));
            Some(KnownWay {
                rule: way.rule,
                sink: number(parts.sink(way.sink))?,
                source: number(parts.source(way.source))?,
                steps: way.steps.iter().map(step).collect::<Option<_>>()?,
            })
        };
        let in_file = |&unit: &u32| numbered.parts.iter().position(|part| part.0 == unit).map(|at| at as u32);
        Some(Known {
            parts: numbered.parts.iter().map(|&part| parts.key(part)).collect::<Option<_>>()?,
            nodes: by_part,
            left: left.iter().map(|function| numbered.of.get(function).copied()).collect::<Option<_>>()?,
            read,
            ways: told.ways.iter().map(way).collect::<Option<_>>()?,
            cut: told.cut.iter().map(in_file).collect::<Option<_>>()?,
            cut_rules: told.cut_rules,
            states: told.states,
        })
    }

    /// A hash of what is read where states stand, and the parts that it speaks of: those of the nodes first, in their order.
    fn read(&self, parts: &Parts<'f>, nodes: &[ValueRef], left: &[FunctionRef]) -> ([u8; 32], Numbered) {
        let words = Words(Vec::with_capacity(2 * PORTION));
        let hasher = blake3::Hasher::new();
        let mut reader = Reader { search: self, parts, numbered: Numbered::default(), words, hasher };
        for &at in nodes {
            reader.numbered.of(parts.place(at).0);
        }
        reader.sources();
        nodes.iter().for_each(|&at| reader.node(at));
        left.iter().for_each(|&function| reader.callers(function));
        if !self.group.barred.is_empty() {
            for (unit, _) in reader.numbered.parts.clone() {
                let barred = self.group.barred.get(&unit).copied().unwrap_or(0);
                reader.tell(Read::Barred(barred));
            }
        }
        let digest = *reader.hasher.update(&reader.words.0).finalize().as_bytes();
        (digest, reader.numbered)
    }
}

impl Reader<'_, '_, '_> {
    fn tell(&mut self, what: Read) {
        what.hash(&mut self.words);
        if self.words.0.len() >= PORTION {
            self.hasher.update(&self.words.0);
            self.words.0.clear();
        }
    }

    /// Numbers in place of the part.
    fn number(&mut self, (part, rank): (PartRef, u32)) -> (u32, u32) {
        (self.numbered.of(part), rank)
    }

    /// Something may go to a place, by the way that is told; nothing is said where nothing may.
    fn push(&mut self, passage: Passage, at: ValueRef) {
        let rules = self.search.open(at);
        if rules != 0 {
            let (part, rank) = self.number(self.parts.place(at));
            self.tell(Read::Passage(passage, part, rank, rules));
        }
    }

    fn sources(&mut self) {
        let search = self.search;
        for &(u, facts) in search.facts {
            for (i, source) in facts.sources.iter().enumerate().filter(|(_, source)| search.is_free(source)) {
                let all = search.group.of(u, source.entry);
                let values = source.values.iter().map(|&value| (value, &[][..]));
                for (value, path) in values.chain(source.later.iter().map(|(value, path)| (*value, path.as_slice()))) {
                    let at = (u, value);
                    let rules = all & search.open(at) & !search.marks.cleaned(at, path);
                    if rules != 0 {
                        let (part, rank) = self.number(self.parts.source((u, i as u32)));
                        self.tell(Read::Source(part, rank, path, rules));
                        self.push(Passage::Source, at);
                    }
                }
            }
        }
    }

    fn node(&mut self, at: ValueRef) {
        let search = self.search;
        let (u, graph) = (at.0, &search.project.units[at.0 as usize].graph);
        let (part, rank) = self.number(self.parts.place(at));
        self.tell(Read::Node(part, rank));
        self.sinks(u, &search.marks.sinks(at));
        for (feed, rules) in search.marks.feeds(at) {
            let Some(facts) = search.of_unit.get(&u) else { continue };
            let (values, later) = match feed {
                Feed::Source(i) => {
                    let (part, rank) = self.number(self.parts.source((u, i)));
                    self.tell(Read::Feed(part, rank, rules));
                    (&facts.sources[i as usize].values, &facts.sources[i as usize].later)
                }
                Feed::Propagator(i) => (&facts.propagators[i as usize].to, &facts.propagators[i as usize].later),
            };
            let to = values.iter().copied().chain(later.iter().map(|(value, _)| *value));
            to.enumerate().for_each(|(i, value)| self.push(Passage::Feed(i), (u, value)));
        }
        for (i, edge) in graph.out(at.1).iter().enumerate() {
            match edge.step {
                Step::Argument(slot) => {
                    self.argument((u, edge.to), slot);
                    continue;
                }
                Step::Checked(call, position) => self.tell(Read::Checked(search.vouched(u, call, position))),
                Step::Past(call) => self.tell(Read::Past(search.replaced(u, call, edge.to))),
                Step::Decided(condition) => self.tell(Read::Decided(search.marks.clean((u, condition)))),
                _ => {}
            }
            self.push(Passage::Edge(i), (u, edge.to));
        }
        if search.marks.is_across(at) {
            for &(to, step) in search.project.across(at) {
                self.push(Passage::Across(step), to);
            }
        }
        if search.marks.is_exit(at) {
            for &(function, slot) in search.project.exits(at) {
                let function = self.numbered.of((u, function));
                let (kind, slot) = match slot {
                    ExitSlot::Return => (0, None),
                    ExitSlot::Thrown => (1, None),
                    ExitSlot::Left(slot) => (2, Some(slot)),
                };
                self.tell(Read::Exit(function, kind, slot));
            }
        }
    }

    fn sinks(&mut self, u: u32, sinks: &[(u32, Rules)]) {
        for &(sink, rules) in sinks {
            let (part, rank) = self.number(self.parts.sink((u, sink)));
            self.tell(Read::Sink(part, rank, rules));
        }
    }

    fn argument(&mut self, (u, call_id): (u32, u32), slot: Slot) {
        let project = self.search.project;
        let call = &project.units[u as usize].graph.calls[call_id as usize];
        self.sinks(u, &self.search.marks.sinks_of_call((u, call_id)));
        let targets = project.targets(u, call_id);
        let mut is_bound = false;
        for &(tu, f) in targets {
            let function = &project.units[tu as usize].graph.functions[f as usize];
            for param in &function.params {
                let Some(prefix) = binds(call, slot, param, function) else { continue };
                is_bound = true;
                let at = (tu, param.value);
                if self.search.open(at) != 0 {
                    let function = self.numbered.of((tu, f));
                    self.push(Passage::Given(function, prefix), at);
                }
            }
        }
        let is_silent = project.is_silent(u, call_id);
        self.tell(Read::Call { is_unknown: targets.is_empty(), is_bound, is_silent });
        // Where it may come to, passed on or back from what is called.
        let after = call.after.iter().map(|&(_, value)| value);
        let back = after.chain([call.result, call.thrown]);
        back.enumerate().for_each(|(i, value)| self.push(Passage::Back(i), (u, value)));
    }

    /// Where it may come to from a function that was not entered.
    fn callers(&mut self, function: FunctionRef) {
        let project = self.search.project;
        let callee = &project.units[function.0 as usize].graph.functions[function.1 as usize];
        let number = self.numbered.of(function);
        self.tell(Read::Left(number));
        for &(u, call) in project.callers(function) {
            let call = &project.units[u as usize].graph.calls[call as usize];
            let left = callee.left.iter().map(|&(slot, _)| ExitSlot::Left(slot));
            for (i, slot) in left.chain([ExitSlot::Return, ExitSlot::Thrown]).enumerate() {
                let Some(to) = arrives(call, callee, slot).map(|to| (u, to)) else { continue };
                if self.search.open(to) != 0 {
                    let caller = self.numbered.of((u, call.function));
                    self.push(Passage::Left(i, caller), to);
                }
            }
        }
    }
}
