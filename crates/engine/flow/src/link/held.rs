//! What values are known to hold: a small set per node, and the nodes whose sets have grown.
//!
//! What lies in a field of an object whose class is known is not kept with each value that holds the object, but once for the field of
//! the class and its relatives: that loses little and keeps the sets small. Paths are for objects without a class.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::{ClassRef, FunctionRef, Numbers, ValueRef};
use crate::graph::{Key, NOWHERE, Step};

/// At most so many things are known of one value: what may be one of many functions is a table of handlers.
const MAX_HELD: usize = 16;
/// At most so many of them are objects and classes: what may be more is something general, of which its declared type says as much.
const MAX_OBJECTS: usize = 6;
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
    /// The object whose method it is in, of this class or one that extends it. It tells fields; calls of its methods are found by their
    /// names where they stand, and where it goes to it says too little.
    This(ClassRef),
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

/// Most values hold one thing, and there are millions of them.
type Kept = SmallVec<[Item; 1]>;

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

/// Number of the file that fields of classes stand for, as nodes.
pub(super) const FIELDS: u32 = u32::MAX;

/// Who hears of what a field holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Reader {
    /// A node that reads the field.
    Node(ValueRef),
    /// A call of what the field holds, by file and number.
    Call(u32, u32),
}

/// The set of one node.
#[derive(Default)]
struct Cell {
    items: Kept,
    /// So many of them have been followed.
    done: u8,
    objects: u8,
    is_waiting: bool,
    /// It may hold more than is known.
    is_open: bool,
}

/// The sets of all nodes of all files.
pub(super) struct Holdings {
    pub paths: Paths,
    numbers: Numbers,
    /// By node: its place in `cells` plus one; 0 where nothing is known.
    cell_of: Vec<u32>,
    cells: Vec<Cell>,
    waiting: VecDeque<ValueRef>,
    /// By file and class: the number of its relatives, which share their fields.
    relatives: Vec<Vec<u32>>,
    /// By relatives and field: its place in the next two lists.
    fields: FxHashMap<(u32, Key), u32>,
    field_cells: Vec<u32>,
    readers: Vec<FxHashSet<Reader>>,
}

impl Holdings {
    /// `relatives` gives each class of each file a number that those have in common which share fields.
    pub fn new(numbers: Numbers, relatives: Vec<Vec<u32>>) -> Self {
        Holdings {
            paths: Paths::new(),
            cell_of: vec![0; numbers.total],
            // What is not used of it is no memory. Grown step by step, the last step would hold all of it twice.
            cells: Vec::with_capacity(numbers.total),
            numbers,
            waiting: VecDeque::new(),
            relatives,
            fields: FxHashMap::default(),
            field_cells: Vec::new(),
            readers: Vec::new(),
        }
    }

    fn cell(&self, at: ValueRef) -> u32 {
        if at.0 == FIELDS {
            return self.field_cells[at.1 as usize];
        }
        self.cell_of[self.numbers.of(at)]
    }

    pub fn of(&self, at: ValueRef) -> &[Item] {
        match if at.1 == NOWHERE { 0 } else { self.cell(at) } {
            0 => &[],
            cell => &self.cells[cell as usize - 1].items,
        }
    }

    /// May a value hold more than is known of it?
    pub fn is_open(&self, at: ValueRef) -> bool {
        at.1 != NOWHERE && self.cell(at) != 0 && self.cells[self.cell(at) as usize - 1].is_open
    }

    pub fn add(&mut self, at: ValueRef, what: Held, path: Path) {
        if at.1 == NOWHERE {
            return;
        }
        if at.0 != FIELDS && path != Path::WHOLE && self.add_to_fields(at, what, path) {
            return;
        }
        let is_object = path == Path::WHOLE && !matches!(what, Held::Function(_));
        let item = Item { what, path };
        if self.insert(at, item) && is_object && at.0 != FIELDS {
            // What came before the class was known.
            let parts: Items = self.of(at).iter().copied().filter(|item| item.path != Path::WHOLE).collect();
            for part in parts {
                self.add_to_fields(at, part.what, part.path);
            }
        }
    }

    fn insert(&mut self, at: ValueRef, item: Item) -> bool {
        if self.cell(at) == 0 {
            self.cells.push(Cell::default());
            let cell = self.cells.len() as u32;
            match at.0 {
                FIELDS => self.field_cells[at.1 as usize] = cell,
                _ => self.cell_of[self.numbers.of(at)] = cell,
            }
        }
        let cell = self.cell(at);
        let cell = &mut self.cells[cell as usize - 1];
        if cell.items.contains(&item) {
            return false;
        }
        let is_object = !matches!(item.what, Held::Function(_));
        if cell.items.len() >= MAX_HELD || is_object && usize::from(cell.objects) >= MAX_OBJECTS {
            cell.is_open = true;
            return false;
        }
        cell.objects += u8::from(is_object);
        cell.items.push(item);
        if !cell.is_waiting {
            cell.is_waiting = true;
            self.waiting.push_back(at);
        }
        true
    }

    /// Gives something that lies in a part of a value to the fields of the classes that the value is of. `false`: none is known.
    fn add_to_fields(&mut self, at: ValueRef, what: Held, path: Path) -> bool {
        let of = self.classes(self.of(at));
        for &relatives in &of {
            let Some((&field, rest)) = self.paths.keys(path).split_first() else { return false };
            let rest = rest.iter().copied().collect();
            let rest = self.paths.intern(rest);
            let field = self.field(relatives, field);
            self.insert((FIELDS, field), Item { what, path: rest });
        }
        !of.is_empty()
    }

    /// The classes of which some things are objects, by the numbers of their relatives.
    fn classes(&self, items: &[Item]) -> SmallVec<[u32; 4]> {
        let mut out = SmallVec::new();
        for item in items.iter().filter(|item| item.path == Path::WHOLE) {
            if let Some(relatives) = self.relatives(item.what).filter(|r| !out.contains(r)) {
                out.push(relatives);
            }
        }
        out
    }

    fn relatives(&self, what: Held) -> Option<u32> {
        match what {
            Held::Function(_) => None,
            Held::Class((u, c)) | Held::Object((u, c)) | Held::Some((u, c)) | Held::This((u, c)) => {
                Some(self.relatives[u as usize][c as usize])
            }
        }
    }

    fn field(&mut self, relatives: u32, field: Key) -> u32 {
        let next = self.field_cells.len() as u32;
        *self.fields.entry((relatives, field)).or_insert_with(|| {
            self.field_cells.push(0);
            self.readers.push(FxHashSet::default());
            next
        })
    }

    /// What a field of an object holds is told to the reader, now and later. Nothing for what has no class.
    pub fn read(&mut self, object: Held, field: Key, reader: Reader) -> Items {
        let Some(relatives) = self.relatives(object) else { return Items::new() };
        let field = self.field(relatives, field);
        if !self.readers[field as usize].insert(reader) {
            return Items::new();
        }
        Items::from_slice(self.of((FIELDS, field)))
    }

    /// Who reads a field.
    pub fn readers(&self, field: u32) -> Vec<Reader> {
        self.readers[field as usize].iter().copied().collect()
    }

    /// The next node that holds more than was followed, and what of it is new.
    pub fn next(&mut self) -> Option<(ValueRef, Items)> {
        let at = self.waiting.pop_front()?;
        let cell = self.cell(at);
        let cell = &mut self.cells[cell as usize - 1];
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
