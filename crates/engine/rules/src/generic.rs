//! Patterns for texts of any language: words, signs, `...`, `$X` and `$...X`.
//!
//! A text is a tree of blocks, by indentation and by brackets. A pattern without indentation matches across blocks; one
//! with indented lines wants blocks where it has them. `...` skips tokens up to some lines further. Words match whole.

mod alien;
mod doc;
mod pattern;

use rustc_hash::FxHashSet;

use crate::model::Options;
use alien::AlienPattern;
pub use doc::{Comments, GenericDoc};
use doc::{FIRST_WORD, Item, Symbol, Token};
use pattern::{Atom, Node};

/// Steps that one pattern may take on a text for each of its tokens, on average, and at least.
const STEPS_PER_TOKEN: usize = 500;
const MIN_STEPS: usize = 1_000_000;

/// Steps of one start after which dead ends are remembered.
const STEPS_WITHOUT_MEMORY: usize = 256;

/// How many dead ends are remembered: some tens of megabytes.
const MAX_DEAD_ENDS: usize = 1_000_000;

/// A compiled pattern.
#[derive(Debug)]
pub struct GenericPattern {
    engine: Engine,
}

#[derive(Debug)]
enum Engine {
    Space(SpacePattern),
    Alien(Box<AlienPattern>),
}

/// A pattern of words, signs and blocks.
#[derive(Debug)]
struct SpacePattern {
    nodes: Vec<Node<Atom>>,
    names: Vec<String>,
    /// How many lines further one `...` reaches.
    max_span: u32,
}

/// Where a pattern matches, in bytes of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GenericMatch {
    pub start: usize,
    pub end: usize,
    /// Metavariables with their ranges: `$X`, `$...X`.
    pub bindings: Vec<(String, usize, usize)>,
}

/// The matches of one pattern in one text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GenericMatches {
    /// By their starts.
    pub matches: Vec<GenericMatch>,
    /// The search took too many steps and ended early.
    pub incomplete: bool,
}

impl GenericPattern {
    /// Errors say what is wrong in words for the author of the pattern.
    pub fn compile(text: &str, options: &Options) -> Result<GenericPattern, String> {
        let engine = if options.aliengrep {
            Engine::Alien(Box::new(AlienPattern::compile(text, options)?))
        } else {
            let parsed = pattern::parse(text)?;
            let max_span = options.generic_ellipsis_max_span;
            Engine::Space(SpacePattern { nodes: parsed.nodes, names: parsed.names, max_span })
        };
        Ok(GenericPattern { engine })
    }

    /// Words that every match contains.
    pub fn words(&self) -> Vec<&str> {
        fn collect<'p>(nodes: &'p [Node<Atom>], words: &mut Vec<&'p str>) {
            for node in nodes {
                match node {
                    Node::Atom(Atom::Word(word)) => words.push(word),
                    Node::Block(block) => collect(block, words),
                    _ => {}
                }
            }
        }
        let mut words = Vec::new();
        match &self.engine {
            Engine::Space(pattern) => collect(&pattern.nodes, &mut words),
            Engine::Alien(pattern) => words = pattern.words(),
        }
        words
    }

    /// Names of the metavariables, each once.
    pub fn metavariables(&self) -> &[String] {
        match &self.engine {
            Engine::Space(pattern) => &pattern.names,
            Engine::Alien(pattern) => pattern.metavariables(),
        }
    }

    pub fn matches(&self, doc: &GenericDoc) -> GenericMatches {
        match &self.engine {
            Engine::Space(pattern) => pattern.matches(doc),
            Engine::Alien(pattern) => pattern.matches(&doc.text),
        }
    }
}

impl SpacePattern {
    fn matches(&self, doc: &GenericDoc) -> GenericMatches {
        let Some(nodes) = pattern::resolve(&self.nodes, doc) else { return GenericMatches::default() };
        let mut search = Search {
            doc,
            max_span: self.max_span,
            steps: (doc.items.len() * STEPS_PER_TOKEN).max(MIN_STEPS),
            steps_of_start: 0,
            dead_ends: FxHashSet::default(),
            remembers_across_starts: self.names.is_empty(),
        };
        let mut found = search.all(&nodes);
        keep_one_per_end(&mut found, matches!(nodes.last(), Some(Node::Dots(_))));
        let matches = found.into_iter().map(|found| GenericMatch {
            start: found.start as usize,
            end: found.last.end as usize,
            bindings: found
                .bindings
                .iter()
                .map(|b| (self.names[usize::from(b.name)].clone(), b.start as usize, b.end as usize))
                .collect(),
        });
        GenericMatches { matches: matches.collect(), incomplete: search.steps == 0 }
    }
}

/// Whether people write such text: with lines, and without control characters. Generic patterns do not run on other
/// files: they find nothing of use in minified code, slowly. Short texts may lack lines.
pub fn is_readable(text: &str) -> bool {
    const SHORT: usize = 500;
    const LONGEST_LINES_ON_AVERAGE: usize = 150;
    let (mut lines, mut ascii, mut control) = (1, 0, 0);
    for byte in text.bytes().filter(u8::is_ascii) {
        ascii += 1;
        lines += usize::from(byte == b'\n');
        control += usize::from(byte.is_ascii_control() && !matches!(byte, b'\n' | b'\r' | b'\t'));
    }
    let has_lines = lines * LONGEST_LINES_ON_AVERAGE >= text.len() || text.len() <= SHORT;
    has_lines && (ascii == 0 || control * 100 < ascii)
}

struct Found {
    start: u32,
    last: Last,
    bindings: Vec<Binding>,
}

/// Of matches with the same end the shortest is meant, or the longest if the pattern ends with an ellipsis.
fn keep_one_per_end(found: &mut Vec<Found>, keep_longest: bool) {
    let mut ends = FxHashSet::default();
    if keep_longest {
        found.retain(|f| ends.insert(f.last.end));
    } else {
        found.reverse();
        found.retain(|f| ends.insert(f.last.end));
        found.reverse();
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Binding {
    name: u16,
    start: u32,
    end: u32,
}

/// The last token of a match so far.
#[derive(Clone, Copy)]
struct Last {
    end: u32,
    line: u32,
}

/// An ellipsis that is being matched.
#[derive(Clone, Copy)]
struct Dots {
    name: Option<u16>,
    /// The last line on which it may skip, and on which what follows it may stand.
    max_line: u32,
    start: u32,
    end: u32,
}

struct Search<'d, 't> {
    doc: &'d GenericDoc<'t>,
    max_span: u32,
    /// Steps that are left.
    steps: usize,
    steps_of_start: usize,
    /// Where matching failed: nodes of the pattern that were left, item, line limit. Holds for the bindings at hand.
    dead_ends: FxHashSet<(usize, usize, u32, u64)>,
    remembers_across_starts: bool,
}

/// What is matched: the rest of a pattern's block, an item, and where the block of the text ends that must not be left.
#[derive(Clone, Copy)]
struct At<'p> {
    nodes: &'p [Node<Symbol>],
    item: usize,
    /// The `Close` that ends the block in which matching began.
    base: usize,
    /// Whether this is the whole pattern, which need not reach the end of a block, or a block of it, which must.
    is_root: bool,
}

impl Search<'_, '_> {
    fn all(&mut self, nodes: &[Node<Symbol>]) -> Vec<Found> {
        let doc = self.doc;
        let mut found = Vec::new();
        let mut blocks = Blocks { items: &doc.items, next: 0, open: Vec::new() };
        match nodes.first() {
            Some(Node::Atom(symbol)) => {
                for &item in doc.places(*symbol) {
                    let base = blocks.end_of_block_with(item as usize);
                    self.start(nodes, item as usize, base, &mut found);
                }
            }
            first => {
                let at_block_starts = matches!(first, Some(Node::Dots(_)));
                for item in 0..doc.items.len() {
                    let is_start = item == 0 || matches!(doc.items[item - 1], Item::Open { .. });
                    if matches!(doc.items[item], Item::Token(_)) && (is_start || !at_block_starts) {
                        let base = blocks.end_of_block_with(item);
                        self.start(nodes, item, base, &mut found);
                    }
                }
            }
        }
        found
    }

    fn start(&mut self, nodes: &[Node<Symbol>], item: usize, base: usize, found: &mut Vec<Found>) {
        let Item::Token(token) = self.doc.items[item] else { return };
        self.steps_of_start = 0;
        // What is known of dead ends holds for one way of binding, and for one base.
        if !self.dead_ends.is_empty() && !self.remembers_across_starts {
            self.dead_ends.clear();
        }
        let mut bindings = Vec::new();
        let at = At { nodes, item, base, is_root: true };
        let last = Last { end: token.start, line: token.line };
        if let Some(last) = self.run(at, None, last, &mut bindings) {
            bindings.sort_unstable_by_key(|b| b.name);
            found.push(Found { start: token.start, last, bindings });
        }
    }

    /// Matches; gives the last token of the match, and leaves `bindings` as they were if there is none.
    fn run(&mut self, mut at: At, mut dots: Option<Dots>, mut last: Last, bindings: &mut Vec<Binding>) -> Option<Last> {
        let bound = bindings.len();
        let result = loop {
            if self.steps == 0 {
                break None;
            }
            self.steps -= 1;
            self.steps_of_start += 1;
            let Some((node, rest)) = at.nodes.split_first() else {
                break self.end_of_pattern(&at, dots, last, bindings);
            };
            let item = self.doc.items[at.item];
            match (node, item) {
                (Node::Dots(name), _) => {
                    dots = Some(match dots {
                        None => {
                            let max_line = last.line.saturating_add(self.max_span);
                            Dots { name: *name, max_line, start: last.end, end: last.end }
                        }
                        Some(dots) => Dots { max_line: dots.max_line.saturating_add(self.max_span), ..dots },
                    });
                    at.nodes = rest;
                }
                (Node::Block(block), Item::Open { close }) => {
                    if !self.bind_dots(dots.take(), bindings) {
                        break None;
                    }
                    let inner = At { nodes: block, item: at.item + 1, base: close as usize, is_root: false };
                    match self.run(inner, None, last, bindings) {
                        Some(end) => last = end,
                        None => break None,
                    }
                    at.nodes = rest;
                    at.item = close as usize + 1;
                }
                (Node::Block(block), Item::Close) => {
                    if !(matches_nothing(block) && matches_nothing(rest)) {
                        break None;
                    }
                    let dots = dots.map(|d| Dots { end: last.end.max(d.end), ..d });
                    break self.bind_dots(dots, bindings).then_some(last);
                }
                (Node::Block(block), Item::Token(token)) => match skip(dots, token) {
                    Some(skipped) => {
                        dots = Some(skipped);
                        at.item += 1;
                    }
                    None => {
                        if !self.bind_dots(dots.take(), bindings) || !matches_nothing(block) {
                            break None;
                        }
                        at.nodes = rest;
                    }
                },
                // The text may have blocks where the pattern has none.
                (_, Item::Open { .. }) => at.item += 1,
                (_, Item::Close) if at.item != at.base => at.item += 1,
                (_, Item::Close) => {
                    let is_done = at.nodes.iter().all(|n| matches!(n, Node::Dots(_)));
                    break is_done.then_some(last);
                }
                (_, Item::Token(token)) => {
                    if dots.is_some_and(|d| token.line > d.max_line) {
                        break None;
                    }
                    let next = At { nodes: rest, item: at.item + 1, ..at };
                    let end = Last { end: token.end, line: token.line };
                    let before = bindings.len();
                    let fits = self.fits(node, token, bindings) && self.bind_dots_before(dots, before, bindings);
                    match dots {
                        // Without an ellipsis there is one way on.
                        None if fits => {
                            at = next;
                            last = end;
                        }
                        None => break None,
                        Some(_) => {
                            if fits && let Some(last) = self.branch(next, end, bindings) {
                                break Some(last);
                            }
                            bindings.truncate(before);
                            match skip(dots, token) {
                                Some(skipped) => {
                                    dots = Some(skipped);
                                    at.item += 1;
                                }
                                None => break None,
                            }
                        }
                    }
                }
            }
        };
        if result.is_none() {
            bindings.truncate(bound);
        }
        result
    }

    /// One of several ways on. Long searches remember where they failed.
    fn branch(&mut self, at: At, last: Last, bindings: &mut Vec<Binding>) -> Option<Last> {
        if self.steps_of_start < STEPS_WITHOUT_MEMORY {
            return self.run(at, None, last, bindings);
        }
        let key = (at.nodes.as_ptr() as usize, at.item, at.base as u32, self.fingerprint(at.nodes.len(), bindings));
        if self.dead_ends.contains(&key) {
            return None;
        }
        let result = self.run(at, None, last, bindings);
        if result.is_none() && self.steps > 0 {
            if self.dead_ends.len() >= MAX_DEAD_ENDS {
                self.dead_ends.clear();
            }
            self.dead_ends.insert(key);
        }
        result
    }

    /// What is left of the pattern, and bindings as far as they decide what matches: their texts.
    fn fingerprint(&self, nodes_left: usize, bindings: &[Binding]) -> u64 {
        use std::hash::{Hash, Hasher};
        let mut hasher = rustc_hash::FxHasher::default();
        nodes_left.hash(&mut hasher);
        for binding in bindings {
            (binding.name, self.text(*binding)).hash(&mut hasher);
        }
        hasher.finish()
    }

    /// The whole pattern is matched, or a block of it.
    fn end_of_pattern(&self, at: &At, dots: Option<Dots>, last: Last, bindings: &mut Vec<Binding>) -> Option<Last> {
        let Some(dots) = dots else {
            let is_end = matches!(self.doc.items[at.item], Item::Close);
            return (at.is_root || is_end).then_some(last);
        };
        // An ellipsis at the end reaches to the end of its block.
        let mut last = last;
        let mut depth = 0;
        for item in &self.doc.items[at.item..] {
            match item {
                Item::Open { .. } => depth += 1,
                Item::Close if depth == 0 => break,
                Item::Close => depth -= 1,
                Item::Token(token) if token.line <= dots.max_line => {
                    last = Last { end: token.end, line: token.line };
                }
                Item::Token(_) => break,
            }
        }
        let dots = Dots { end: last.end.max(dots.end), ..dots };
        self.bind_dots(Some(dots), bindings).then_some(last)
    }

    fn fits(&self, node: &Node<Symbol>, token: Token, bindings: &mut Vec<Binding>) -> bool {
        match node {
            Node::Atom(symbol) => *symbol == token.symbol,
            Node::Metavariable(name) => {
                let binding = Binding { name: *name, start: token.start, end: token.end };
                token.symbol >= FIRST_WORD
                    && self.doc.text.as_bytes()[token.start as usize].is_ascii()
                    && self.bind(binding, bindings)
            }
            _ => false,
        }
    }

    /// As [`Self::bind_dots`], after a token was bound that stands behind the ellipsis.
    fn bind_dots_before(&self, dots: Option<Dots>, bound: usize, bindings: &mut Vec<Binding>) -> bool {
        self.bind_dots(dots, bindings) || {
            bindings.truncate(bound);
            false
        }
    }

    /// An ellipsis ends; one with a name is bound to what it skipped.
    fn bind_dots(&self, dots: Option<Dots>, bindings: &mut Vec<Binding>) -> bool {
        match dots {
            Some(Dots { name: Some(name), start, end, .. }) => self.bind(Binding { name, start, end }, bindings),
            _ => true,
        }
    }

    /// A name that is bound already must stand for the same text.
    fn bind(&self, binding: Binding, bindings: &mut Vec<Binding>) -> bool {
        match bindings.iter().find(|b| b.name == binding.name) {
            Some(bound) => self.text(*bound) == self.text(binding),
            None => {
                bindings.push(binding);
                true
            }
        }
    }

    fn text(&self, binding: Binding) -> &str {
        self.doc.text.get(binding.start as usize..binding.end as usize).unwrap_or("")
    }
}

/// The ellipsis after it skipped a token, if it may.
fn skip(dots: Option<Dots>, token: Token) -> Option<Dots> {
    dots.filter(|d| token.line <= d.max_line).map(|d| Dots { end: token.end, ..d })
}

fn matches_nothing(nodes: &[Node<Symbol>]) -> bool {
    nodes.iter().all(|node| match node {
        Node::Dots(_) => true,
        Node::Block(block) => matches_nothing(block),
        Node::Atom(_) | Node::Metavariable(_) => false,
    })
}

/// Finds the blocks in which items lie, asked from left to right.
struct Blocks<'d> {
    items: &'d [Item],
    next: usize,
    open: Vec<usize>,
}

impl Blocks<'_> {
    fn end_of_block_with(&mut self, item: usize) -> usize {
        while self.next < item {
            match self.items[self.next] {
                Item::Open { close } => self.open.push(close as usize),
                Item::Close => {
                    self.open.pop();
                }
                Item::Token(_) => {}
            }
            self.next += 1;
        }
        self.open.last().copied().unwrap_or(self.items.len() - 1)
    }
}
