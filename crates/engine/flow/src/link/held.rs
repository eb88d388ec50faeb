//! What values are known to hold: a small set per node, and the nodes whose sets have grown.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::{ClassRef, FunctionRef, Unit, ValueRef};
use crate::graph::{Key, NOWHERE, Step};

/// At most so many things are known of one value.
const MAX_HELD: usize = 16;
/// Longest path to a thing in a value.
const MAX_PATH: usize = 3;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Held {
    Function(FunctionRef),
    Class(ClassRef),
    /// An object of exactly this class.
    Object(ClassRef),
    /// An object of this class or one that extends it.
    Some(ClassRef),
}

/// In which part of a value something lies: a number of [`Paths`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub(super) struct Path(u32);

impl Path {
    /// The value itself.
    pub const WHOLE: Path = Path(0);
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Item {
    pub what: Held,
    pub path: Path,
}

pub(super) type Items = SmallVec<[Item; 4]>;

type Keys = SmallVec<[Key; MAX_PATH]>;

/// Paths, each kept once.
pub(super) struct Paths {
    all: Vec<Keys>,
    known: FxHashMap<Keys, u32>,
}

impl Paths {
    fn new() -> Self {
        Paths { all: vec![Keys::new()], known: [(Keys::new(), 0)].into_iter().collect() }
    }

    pub fn keys(&self, path: Path) -> &[Key] {
        &self.all[path.0 as usize]
    }

    fn intern(&mut self, keys: Keys) -> Path {
        let next = self.all.len() as u32;
        Path(*self.known.entry(keys).or_insert_with_key(|keys| {
            self.all.push(keys.clone());
            next
        }))
    }

    /// The path of what becomes the part `key`. `None`: too deep to be followed.
    pub fn store(&mut self, key: Key, path: Path) -> Option<Path> {
        let keys = self.keys(path);
        let longer = || std::iter::once(key).chain(keys.iter().copied()).collect();
        (keys.len() < MAX_PATH).then(longer).map(|keys| self.intern(keys))
    }

    /// The path in the part `key`, if that is where it lies.
    pub fn load(&mut self, key: Key, path: Path) -> Option<Path> {
        let (first, rest) = self.keys(path).split_first()?;
        let rest = first.meets(key).then(|| rest.iter().copied().collect())?;
        Some(self.intern(rest))
    }

    /// Along an edge of the graph that is neither a load nor an argument.
    pub fn step(&mut self, step: Step, path: Path) -> Option<Path> {
        match step {
            Step::Copy | Step::Checked(..) | Step::Decided(_) | Step::Past(_) => Some(path),
            Step::Derive | Step::Argument(_) => None,
            Step::Parts => (path != Path::WHOLE).then_some(path),
            Step::Store(key) => self.store(key, path),
            Step::Load(key) => self.load(key, path),
            Step::Keep(key) => (self.keys(path).first() != Some(&key)).then_some(path),
            // Where in a list a thing lies matters little.
            Step::Insert(_) | Step::Remove(_) | Step::Shift(_) | Step::Below(_) => {
                match self.keys(path).split_first() {
                    Some((first, rest)) if first.as_index().is_some() => {
                        let keys = std::iter::once(Key::ANY).chain(rest.iter().copied()).collect();
                        Some(self.intern(keys))
                    }
                    _ => Some(path),
                }
            }
        }
    }
}

/// The set of one node.
#[derive(Default)]
struct Cell {
    items: Items,
    /// So many of them have been followed.
    done: u8,
    is_waiting: bool,
}

/// The sets of all nodes of all files.
pub(super) struct Holdings {
    pub paths: Paths,
    /// By file: the number of its first node among all.
    starts: Vec<u32>,
    /// By node: its place in `cells` plus one; 0 where nothing is known.
    cell_of: Vec<u32>,
    cells: Vec<Cell>,
    waiting: VecDeque<ValueRef>,
}

impl Holdings {
    pub fn new(units: &[&Unit]) -> Self {
        let mut total = 0;
        let mut starts = Vec::with_capacity(units.len());
        for unit in units {
            starts.push(total);
            total += unit.graph.nodes.len() as u32;
        }
        Holdings {
            paths: Paths::new(),
            starts,
            cell_of: vec![0; total as usize],
            cells: Vec::new(),
            waiting: VecDeque::new(),
        }
    }

    fn place(&self, at: ValueRef) -> usize {
        (self.starts[at.0 as usize] + at.1) as usize
    }

    pub fn of(&self, at: ValueRef) -> &[Item] {
        if at.1 == NOWHERE {
            return &[];
        }
        match self.cell_of[self.place(at)] {
            0 => &[],
            cell => &self.cells[cell as usize - 1].items,
        }
    }

    pub fn add(&mut self, at: ValueRef, what: Held, path: Path) {
        if at.1 == NOWHERE {
            return;
        }
        let place = self.place(at);
        if self.cell_of[place] == 0 {
            self.cells.push(Cell::default());
            self.cell_of[place] = self.cells.len() as u32;
        }
        let cell = &mut self.cells[self.cell_of[place] as usize - 1];
        let item = Item { what, path };
        if cell.items.len() < MAX_HELD && !cell.items.contains(&item) {
            cell.items.push(item);
            if !cell.is_waiting {
                cell.is_waiting = true;
                self.waiting.push_back(at);
            }
        }
    }

    /// The next node that holds more than was followed, and what of it is new.
    pub fn next(&mut self) -> Option<(ValueRef, Items)> {
        let at = self.waiting.pop_front()?;
        let place = self.place(at);
        let cell = &mut self.cells[self.cell_of[place] as usize - 1];
        cell.is_waiting = false;
        let new = Items::from_slice(&cell.items[usize::from(cell.done)..]);
        cell.done = cell.items.len() as u8;
        Some((at, new))
    }

    /// Follows nothing more.
    pub fn stop(&mut self) {
        self.waiting.clear();
    }
}
