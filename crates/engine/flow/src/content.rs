//! What stands for each part of a file from scan to scan: a hash of all that a search reads there. A part is a function, or a statement
//! of the file itself.
//!
//! Nodes are told by their places among those of their part, places in the text by their order, and what matches of rules are by
//! the values they name. So a part keeps its hash when it moves, when the file changes elsewhere, and when only its words change.
//! What an edge leads to in another part is not in it: a search tells that for itself ([`crate::search_again`]).

use std::hash::{Hash, Hasher};
use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::facts::{Facts, Sink, Source};
use crate::graph::*;
use crate::link::{Project, ValueRef};

/// What stands for a part, or for a file by its name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Digest([u8; 16]);

impl Digest {
    pub fn of(bytes: &[u8]) -> Digest {
        Digest(*blake3::hash(bytes).as_bytes().first_chunk().expect("a hash has 32 bytes"))
    }
}

/// What is hashed, as bytes.
#[derive(Default)]
pub(crate) struct Words(pub Vec<u8>);

impl Hasher for Words {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn finish(&self) -> u64 {
        unreachable!("the bytes are hashed by who reads them")
    }
}

/// How a file falls into parts. Functions have their numbers, statements come after them.
struct Layout {
    /// By node: its part, and its place among the nodes there.
    places: Vec<(u32, u32)>,
    /// Nodes by part: those of `p` are `nodes[starts[p]..starts[p + 1]]`.
    starts: Vec<u32>,
    nodes: Vec<Value>,
}

impl Layout {
    fn new(graph: &Graph) -> Layout {
        let functions = graph.functions.len();
        let part = |node: &Node| match node.function as usize {
            0 => functions + graph.statements.partition_point(|&start| start <= node.span.start),
            function => function,
        };
        let parts: Vec<usize> = graph.nodes.iter().map(part).collect();
        let mut starts = vec![0u32; functions + graph.statements.len() + 2];
        parts.iter().for_each(|part| starts[part + 1] += 1);
        for p in 1..starts.len() {
            starts[p] += starts[p - 1];
        }
        let mut next = starts.clone();
        let mut nodes = vec![0; graph.nodes.len()];
        let place = |(value, part): (usize, usize)| {
            nodes[next[part] as usize] = value as Value;
            next[part] += 1;
            (part as u32, next[part] - 1 - starts[part])
        };
        let places = parts.into_iter().enumerate().map(place).collect();
        Layout { places, starts, nodes }
    }

    fn count(&self) -> u32 {
        self.starts.len() as u32 - 1
    }

    fn nodes(&self, part: u32) -> &[Value] {
        let at = |part: u32| self.starts[part as usize] as usize;
        &self.nodes[at(part)..at(part + 1)]
    }
}

/// Sources or sinks of a file: the part that each is in, and its place among those there.
struct Owned {
    places: Vec<(u32, u32)>,
    at: FxHashMap<(u32, u32), u32>,
}

impl Owned {
    fn new(parts: impl Iterator<Item = u32>) -> Owned {
        let mut counts: FxHashMap<u32, u32> = FxHashMap::default();
        let place = |part: u32| {
            let count = counts.entry(part).or_default();
            *count += 1;
            (part, *count - 1)
        };
        let places: Vec<(u32, u32)> = parts.map(place).collect();
        let at = places.iter().copied().zip(0..).collect();
        Owned { places, at }
    }
}

/// What stands for each part of a file.
pub fn digests(graph: &Graph, facts: &Facts) -> Vec<Digest> {
    let layout = Layout::new(graph);
    let words = (0..layout.count()).map(|_| Words::default()).collect();
    let mut writer = Writer { graph, layout, call_sinks: FxHashMap::default(), words };
    for sink in &facts.sinks {
        sink.calls.iter().for_each(|&call| writer.call_sinks.entry(call).or_default().push(sink.entry));
    }
    (0..graph.functions.len() as u32).for_each(|f| writer.function(f));
    (0..writer.layout.count()).for_each(|part| writer.nodes(part));
    writer.facts(facts);
    writer.words.iter().map(|words| Digest::of(&words.0)).collect()
}

struct Writer<'g> {
    graph: &'g Graph,
    layout: Layout,
    /// Sinks by the calls of which every input counts.
    call_sinks: FxHashMap<u32, Vec<u32>>,
    /// By part.
    words: Vec<Words>,
}

/// A node as one of the part that speaks of it.
#[derive(Hash)]
enum Seen {
    Nowhere,
    Elsewhere,
    Here(u32),
}

impl Writer<'_> {
    fn seen(&self, from: u32, value: Value) -> Seen {
        match self.layout.places.get(value as usize) {
            None => Seen::Nowhere,
            Some(&(part, rank)) if part == from => Seen::Here(rank),
            Some(_) => Seen::Elsewhere,
        }
    }

    fn tell(&mut self, part: u32, what: impl Hash) {
        what.hash(&mut self.words[part as usize]);
    }

    fn function(&mut self, f: u32) {
        let graph = self.graph;
        let Function { name, class, params, returned, thrown, left, is_static, arity, .. } =
            &graph.functions[f as usize];
        self.tell(f, (name, class.is_some(), is_static, arity, params.len(), left.len()));
        for Param { slot, name, value, .. } in params {
            self.tell(f, (slot, name, self.seen(f, *value)));
        }
        for &(slot, value) in left {
            self.tell(f, (slot, self.seen(f, value)));
        }
        self.tell(f, (self.seen(f, *returned), self.seen(f, *thrown)));
    }

    fn nodes(&mut self, part: u32) {
        let graph = self.graph;
        let nodes = self.layout.nodes(part).to_vec();
        let mut spans: Vec<_> = nodes.iter().map(|&value| graph.nodes[value as usize].span).collect();
        spans.sort_unstable();
        spans.dedup();
        for value in nodes {
            let Node { span, shown, .. } = graph.nodes[value as usize];
            let place = spans.binary_search(&span).expect("it is one of them");
            let edges = graph.out(value);
            self.tell(part, (place, shown, edges.len()));
            for edge in edges {
                match edge.step {
                    Step::Argument(slot) => {
                        self.tell(part, slot);
                        self.call(part, edge.to);
                        continue;
                    }
                    // What they come to is told by the search.
                    Step::Checked(..) => self.tell(part, 1u8),
                    Step::Decided(_) => self.tell(part, 2u8),
                    Step::Past(_) => self.tell(part, 3u8),
                    step => self.tell(part, step),
                }
                self.tell(part, self.seen(part, edge.to));
            }
        }
    }

    fn call(&mut self, part: u32, id: u32) {
        let Call {
            result,
            function: _,
            callee,
            receiver,
            args,
            after,
            is_go,
            ends_with_list,
            is_implied,
            unknown,
            thrown,
        } = &self.graph.calls[id as usize];
        match callee {
            Callee::Function(_) => self.tell(part, 0u8),
            Callee::Named(name) => self.tell(part, (1u8, name)),
            Callee::Method { name, of } => self.tell(part, (2u8, name, of)),
            Callee::Super { name, of } => self.tell(part, (3u8, name, of)),
            Callee::New(name) => self.tell(part, (4u8, name)),
            Callee::Value(value) => self.tell(part, (5u8, self.seen(part, *value))),
        }
        self.tell(part, (is_go, ends_with_list, is_implied, *unknown as u8, args.len(), after.len()));
        for &(slot, value) in args.iter().chain(after) {
            self.tell(part, (slot, self.seen(part, value)));
        }
        let receiver = receiver.map(|value| self.seen(part, value));
        self.tell(part, (receiver, self.seen(part, *result), self.seen(part, *thrown)));
        let sinks = self.call_sinks.get(&id).cloned().unwrap_or_default();
        self.tell(part, sinks);
    }

    /// What rules say, in each part that it is said of.
    fn facts(&mut self, facts: &Facts) {
        for source in &facts.sources {
            self.fact(0, source.entry, &[], [&source.values, &[]], [&source.later, &[]]);
        }
        for sink in &facts.sinks {
            self.fact(1, sink.entry, &[], [&sink.values, &[]], [&[], &[]]);
        }
        for sanitizer in &facts.sanitizers {
            self.fact(2, sanitizer.entry, &sanitizer.unless, [&sanitizer.values, &[]], [&sanitizer.later, &[]]);
        }
        for propagator in &facts.propagators {
            self.fact(3, propagator.entry, &[], [&propagator.from, &propagator.to], [&[], &propagator.later]);
        }
    }

    fn fact(&mut self, kind: u8, entry: u32, unless: &[u32], values: [&[Value]; 2], later: [&[(Value, Vec<Key>)]; 2]) {
        let named = values.iter().flat_map(|list| list.iter().copied());
        let named = named.chain(later.iter().flat_map(|list| list.iter().map(|(value, _)| *value)));
        let places = named.filter_map(|value| self.layout.places.get(value as usize));
        let mut parts: Vec<u32> = places.map(|&(part, _)| part).collect();
        parts.sort_unstable();
        parts.dedup();
        for part in parts {
            self.tell(part, (kind, entry, unless, values[0].len(), later[0].len()));
            for list in values {
                list.iter().for_each(|&value| self.tell(part, self.seen(part, value)));
            }
            for list in later {
                list.iter().for_each(|(value, path)| self.tell(part, (self.seen(part, *value), path)));
            }
        }
    }
}

/// What a part is known by in the next scan: its file, what is in it, and which one it is of those that are alike.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub(crate) struct PartKey {
    file: Digest,
    content: Digest,
    nth: u32,
}

/// A part by file and number; that of a function has its number.
pub(crate) type PartRef = (u32, u32);

/// The parts of a project by what stands for them. What is known of a file is worked out when it is first asked for.
pub struct Parts<'p> {
    files: Vec<(&'p Graph, &'p Facts, &'p [Digest])>,
    names: Vec<Digest>,
    by_name: FxHashMap<Digest, u32>,
    layouts: Vec<OnceLock<FileParts>>,
}

struct FileParts {
    layout: Layout,
    sources: Owned,
    sinks: Owned,
    nths: Vec<u32>,
    by_content: FxHashMap<(Digest, u32), u32>,
}

impl<'p> Parts<'p> {
    /// Of each file of the project, what rules say of it and what [`digests`] gave for it.
    pub fn new(project: &Project<'p>, said: impl Iterator<Item = (&'p Facts, &'p [Digest])>) -> Parts<'p> {
        let names: Vec<Digest> = project.units.iter().map(|unit| Digest::of(unit.path.as_bytes())).collect();
        Parts {
            files: project
                .units
                .iter()
                .zip(said)
                .map(|(unit, (facts, digests))| (&unit.graph, facts, digests))
                .collect(),
            by_name: names.iter().copied().zip(0..).collect(),
            names,
            layouts: project.units.iter().map(|_| OnceLock::new()).collect(),
        }
    }

    fn file(&self, unit: u32) -> &FileParts {
        self.layouts[unit as usize].get_or_init(|| {
            let (graph, facts, digests) = self.files[unit as usize];
            let layout = Layout::new(graph);
            let part = |value: Option<Value>| value.map_or(0, |value| layout.places[value as usize].0);
            let is_there = |value: &Value| *value != NOWHERE;
            let of_source = |Source { values, later, .. }: &Source| {
                part(values.iter().copied().chain(later.iter().map(|(value, _)| *value)).find(is_there))
            };
            let of_sink = |Sink { values, calls, .. }: &Sink| {
                let results = calls.iter().map(|&call| graph.calls[call as usize].result);
                part(values.iter().copied().chain(results).find(is_there))
            };
            let mut counts: FxHashMap<Digest, u32> = FxHashMap::default();
            let nth = |content: &Digest| {
                let count = counts.entry(*content).or_default();
                *count += 1;
                *count - 1
            };
            let nths: Vec<u32> = digests.iter().map(nth).collect();
            let by_content = digests.iter().copied().zip(nths.iter().copied()).zip(0..).collect();
            let sources = Owned::new(facts.sources.iter().map(of_source));
            let sinks = Owned::new(facts.sinks.iter().map(of_sink));
            FileParts { layout, sources, sinks, nths, by_content }
        })
    }

    pub(crate) fn find(&self, key: &PartKey) -> Option<PartRef> {
        let unit = *self.by_name.get(&key.file)?;
        Some((unit, *self.file(unit).by_content.get(&(key.content, key.nth))?))
    }

    /// `None`: nothing stands for it.
    pub(crate) fn key(&self, (unit, part): PartRef) -> Option<PartKey> {
        let content = *self.files[unit as usize].2.get(part as usize)?;
        Some(PartKey { file: self.names[unit as usize], content, nth: self.file(unit).nths[part as usize] })
    }

    /// The part of a node, and its place there.
    pub(crate) fn place(&self, at: ValueRef) -> (PartRef, u32) {
        let (part, rank) = self.file(at.0).layout.places[at.1 as usize];
        ((at.0, part), rank)
    }

    pub(crate) fn node(&self, (unit, part): PartRef, rank: u32) -> Option<ValueRef> {
        Some((unit, *self.file(unit).layout.nodes(part).get(rank as usize)?))
    }

    /// The part of a source, by file and number, and its place there.
    pub(crate) fn source(&self, (unit, source): (u32, u32)) -> (PartRef, u32) {
        let (part, rank) = self.file(unit).sources.places[source as usize];
        ((unit, part), rank)
    }

    pub(crate) fn source_at(&self, (unit, part): PartRef, rank: u32) -> Option<(u32, u32)> {
        Some((unit, *self.file(unit).sources.at.get(&(part, rank))?))
    }

    /// The same of sinks.
    pub(crate) fn sink(&self, (unit, sink): (u32, u32)) -> (PartRef, u32) {
        let (part, rank) = self.file(unit).sinks.places[sink as usize];
        ((unit, part), rank)
    }

    pub(crate) fn sink_at(&self, (unit, part): PartRef, rank: u32) -> Option<(u32, u32)> {
        Some((unit, *self.file(unit).sinks.at.get(&(part, rank))?))
    }
}
