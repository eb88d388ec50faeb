//! What a search has read on its way, so that the next scan can tell whether a search would go the same way again.
//!
//! A search depends on the files where its states stand, and of all others on what linking and the look ahead give at those places:
//! what is called and who calls, which values go to other files, and of which rules a sink lies ahead there. All of that is drawn
//! together in one hash. Where the files are the same and the hash is too, each state leads to the same states in the same order, and
//! so does the whole search, limits included. What leads to no sink is never followed, so it leaves nothing in the hash: another file
//! may call what it likes, or be called, as long as nothing of it has a part in a way.
//!
//! Cost: a look at each edge from places where states stand, once, where the search takes it for each state.

use std::hash::Hasher;

use serde::{Deserialize, Serialize};

use super::*;

/// What stands for a file: its path, its graph and what rules say of it.
pub type Content = [u8; 32];

/// A search that was made. Files are numbered by their places in `files`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Known {
    files: Vec<Content>,
    /// By file, from the first on: the nodes where states stood, each as the distance from the one before.
    nodes: Vec<Vec<Value>>,
    /// Functions that were left to all who call them.
    left: Vec<FunctionRef>,
    read: Content,
    outcome: Outcome,
}

/// The numbers of files in [`Known::files`].
struct Places {
    of_unit: FxHashMap<u32, u32>,
    /// Units by their numbers.
    units: Vec<u32>,
}

impl Places {
    fn of(&mut self, unit: u32) -> u32 {
        let next = self.units.len() as u32;
        *self.of_unit.entry(unit).or_insert_with(|| {
            self.units.push(unit);
            next
        })
    }
}

/// What was read, hashed in portions.
struct Words {
    bytes: Vec<u8>,
    hasher: blake3::Hasher,
}

const PORTION: usize = 1 << 16;

impl Words {
    fn digest(mut self) -> Content {
        *self.hasher.update(&self.bytes).finalize().as_bytes()
    }
}

impl Hasher for Words {
    fn write(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        if self.bytes.len() >= PORTION {
            self.hasher.update(&self.bytes);
            self.bytes.clear();
        }
    }

    fn finish(&self) -> u64 {
        unreachable!("the hash is taken by `digest`")
    }
}

/// What is read. Each begins with what it is, so that no two say the same.
#[derive(Hash)]
enum Told<'a> {
    Source(u32, usize, Value, &'a [Key], Rules),
    Node(u32, Value),
    Way(Way, u32, Value, Rules),
    Checked(Rules),
    Past(Rules),
    Call { is_unknown: bool, is_bound: bool, is_silent: bool },
    Left(u32, u32),
}

/// How something comes to a place.
#[derive(Hash)]
enum Way {
    Edge(usize),
    Across(Step),
    Feed,
    Given(u32, Prefix),
    Back,
    Left(usize, u32),
}

/// Reads what a search reads.
struct Reader<'s, 'p, 'f> {
    search: &'s Search<'p, 'f>,
    places: Places,
    words: Words,
}

impl<'p, 'f> Search<'p, 'f> {
    /// What the search came to before, if it would come to the same now.
    pub(super) fn recall(&self, contents: &[Content], known: &Known) -> Option<Outcome> {
        let by_content: FxHashMap<&Content, u32> = contents.iter().zip(0..).collect();
        let units: Vec<u32> = known.files.iter().map(|file| by_content.get(file).copied()).collect::<Option<_>>()?;
        // The order in which files are searched shows in what is found first.
        let with_nodes = units.get(..known.nodes.len())?;
        if !with_nodes.is_sorted() {
            return None;
        }
        let nodes = with_nodes.iter().zip(&known.nodes).flat_map(|(&unit, steps)| {
            let along = steps.iter().scan(0u32, |at, &step| {
                *at = at.wrapping_add(step);
                Some(*at)
            });
            along.map(move |value| (unit, value))
        });
        let fits = |&(unit, value): &ValueRef| (value as usize) < self.project.units[unit as usize].graph.nodes.len();
        let nodes: Vec<ValueRef> = nodes.collect();
        let left: Vec<FunctionRef> =
            known.left.iter().map(|&(file, f)| Some((*units.get(file as usize)?, f))).collect::<Option<_>>()?;
        let there = |&(unit, f): &FunctionRef| (f as usize) < self.project.units[unit as usize].graph.functions.len();
        if !nodes.iter().all(fits) || !left.iter().all(there) {
            return None;
        }
        let (read, places) = self.read(&nodes, &left);
        if read != known.read || places != units {
            return None;
        }
        known.outcome.renumbered(&|file| units.get(file as usize).copied())
    }

    /// The search that was made, for [`Self::recall`].
    pub(super) fn remember(&self, contents: &[Content], outcome: &Outcome) -> Option<Known> {
        let mut stood = vec![0u64; self.project.numbers.total.div_ceil(64)];
        for state in &self.states {
            let node = self.project.numbers.of(state.at);
            stood[node / 64] |= 1 << (node % 64);
        }
        let mut nodes: Vec<ValueRef> = Vec::new();
        for (u, unit) in self.project.units.iter().enumerate().filter(|(u, _)| self.by_unit[*u].0 > 0) {
            let start = self.project.numbers.of((u as u32, 0));
            let is_there =
                |&value: &Value| stood[(start + value as usize) / 64] >> ((start + value as usize) % 64) & 1 != 0;
            nodes.extend((0..unit.graph.nodes.len() as u32).filter(is_there).map(|value| (u as u32, value)));
        }
        let mut left: Vec<FunctionRef> = self.left.iter().copied().collect();
        left.sort_unstable();
        let (read, units) = self.read(&nodes, &left);
        let of_unit: FxHashMap<u32, u32> = units.iter().copied().zip(0..).collect();
        let mut by_file: Vec<Vec<Value>> = Vec::new();
        let mut last = None;
        for (unit, value) in nodes {
            match last.replace((unit, value)).filter(|before| before.0 == unit) {
                Some((_, before)) => by_file.last_mut().expect("the file was begun").push(value - before),
                None => by_file.push(vec![value]),
            }
        }
        Some(Known {
            files: units.iter().map(|&unit| contents[unit as usize]).collect(),
            nodes: by_file,
            left: left.iter().map(|&(unit, f)| Some((*of_unit.get(&unit)?, f))).collect::<Option<_>>()?,
            read,
            outcome: outcome.renumbered(&|unit| of_unit.get(&unit).copied())?,
        })
    }

    /// A hash of what is read where states stand, and the files that it speaks of: those of the nodes first, in their order.
    fn read(&self, nodes: &[ValueRef], left: &[FunctionRef]) -> (Content, Vec<u32>) {
        let places = Places { of_unit: FxHashMap::default(), units: Vec::new() };
        let words = Words { bytes: Vec::with_capacity(2 * PORTION), hasher: blake3::Hasher::new() };
        let mut reader = Reader { search: self, places, words };
        nodes.iter().for_each(|&(unit, _)| _ = reader.places.of(unit));
        reader.sources();
        nodes.iter().for_each(|&at| reader.node(at));
        left.iter().for_each(|&function| reader.callers(function));
        (reader.words.digest(), reader.places.units)
    }
}

impl Reader<'_, '_, '_> {
    fn tell(&mut self, what: Told) {
        what.hash(&mut self.words);
    }

    /// Something may go to a place, by the way that is told; nothing is said where nothing may.
    fn push(&mut self, way: Way, at: ValueRef) {
        let rules = self.search.open(at);
        if rules != 0 {
            let file = self.places.of(at.0);
            self.tell(Told::Way(way, file, at.1, rules));
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
                        let file = self.places.of(u);
                        self.tell(Told::Source(file, i, value, path, rules));
                    }
                }
            }
        }
    }

    fn node(&mut self, at: ValueRef) {
        let search = self.search;
        let (u, graph) = (at.0, &search.project.units[at.0 as usize].graph);
        let file = self.places.of(u);
        self.tell(Told::Node(file, at.1));
        for (feed, _) in search.marks.feeds(at) {
            let Some(facts) = search.of_unit.get(&u) else { continue };
            let (values, later) = match feed {
                Feed::Source(i) => (&facts.sources[i as usize].values, &facts.sources[i as usize].later),
                Feed::Propagator(i) => (&facts.propagators[i as usize].to, &facts.propagators[i as usize].later),
            };
            values.iter().for_each(|&value| self.push(Way::Feed, (u, value)));
            later.iter().for_each(|&(value, _)| self.push(Way::Feed, (u, value)));
        }
        for (i, edge) in graph.out(at.1).iter().enumerate() {
            match edge.step {
                Step::Argument(slot) => {
                    self.argument((u, edge.to), slot);
                    continue;
                }
                Step::Checked(call, position) => self.tell(Told::Checked(search.vouched(u, call, position))),
                Step::Past(call) => self.tell(Told::Past(search.replaced(u, call, edge.to))),
                _ => {}
            }
            self.push(Way::Edge(i), (u, edge.to));
        }
        if search.marks.is_across(at) {
            for &(to, step) in search.project.across(at) {
                self.push(Way::Across(step), to);
            }
        }
    }

    fn argument(&mut self, (u, call_id): (u32, u32), slot: Slot) {
        let project = self.search.project;
        let call = &project.units[u as usize].graph.calls[call_id as usize];
        let targets = project.targets(u, call_id);
        let mut is_bound = false;
        for &(tu, f) in targets {
            let function = &project.units[tu as usize].graph.functions[f as usize];
            for param in &function.params {
                if let Some(prefix) = binds(call, slot, param, function) {
                    is_bound = true;
                    self.push(Way::Given(f, prefix), (tu, param.value));
                }
            }
        }
        let is_silent = project.is_silent(u, call_id);
        self.tell(Told::Call { is_unknown: targets.is_empty(), is_bound, is_silent });
        // Where it may come to, passed on or back from what is called.
        let after = call.after.iter().map(|&(_, value)| value);
        after.chain([call.result, call.thrown]).for_each(|value| self.push(Way::Back, (u, value)));
    }

    /// Where it may come to from a function that was not entered.
    fn callers(&mut self, function: FunctionRef) {
        let project = self.search.project;
        let callee = &project.units[function.0 as usize].graph.functions[function.1 as usize];
        let file = self.places.of(function.0);
        self.tell(Told::Left(file, function.1));
        for &(u, call) in project.callers(function) {
            let call = &project.units[u as usize].graph.calls[call as usize];
            let left = callee.left.iter().map(|&(slot, _)| ExitSlot::Left(slot));
            for (i, slot) in left.chain([ExitSlot::Return, ExitSlot::Thrown]).enumerate() {
                if let Some(to) = arrives(call, callee, slot) {
                    self.push(Way::Left(i, call.function), (u, to));
                }
            }
        }
    }
}

impl Outcome {
    /// With other numbers for files. `None`: one has none.
    fn renumbered(&self, file: &dyn Fn(u32) -> Option<u32>) -> Option<Outcome> {
        let mut outcome = self.clone();
        for flow in &mut outcome.flows {
            let Flow { sink, source, steps, .. } = flow;
            for number in steps.iter_mut().map(|step| &mut step.unit).chain([&mut sink.0, &mut source.0]) {
                *number = file(*number)?;
            }
        }
        for number in &mut outcome.cut {
            *number = file(*number)?;
        }
        outcome.cut.sort_unstable();
        Some(outcome)
    }
}
