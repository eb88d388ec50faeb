//! What values are known to hold: a small list per node, and the nodes whose lists have grown.
//!
//! The same few things are held by tens of thousands of nodes, so each list is kept once (see [`Lists`]) and a node has its number; what
//! one list makes of another is looked up before it is worked out.
//!
//! What lies in a field of an object whose class is known is not kept with each value that holds the object, but once for the field of
//! the class and its relatives: that loses little and keeps the sets small. Paths are for objects without a class.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::waiting::{Next, Waiting};
use super::{ClassRef, FunctionRef, Numbers, ValueRef};
use crate::graph::{Key, NOWHERE, Step};

/// At most so many things are known of one value: what may be one of many functions is a table of handlers.
const MAX_HELD: usize = 16;
/// At most so many of them are objects and classes: what may be more is something general, of which its declared type says as much.
const MAX_OBJECTS: usize = 6;
/// Longest path to a thing in a value.
const MAX_PATH: usize = 3;

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
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

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Item {
    pub what: Held,
    pub path: Path,
}

type Items = SmallVec<[Item; 4]>;

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

/// Number of a list of [`Lists`]; 0 is the empty one. It stands for the last item of the list as well.
pub(super) type List = u32;

/// A list is a shorter one and the item that came after it.
struct Link {
    before: List,
    item: Item,
    len: u8,
    objects: u8,
    /// Something in it lies in a part of the value.
    has_parts: bool,
    /// Something in it has a class, whose fields take what lies in parts of the value.
    has_class: bool,
}

/// Lists of items in the order in which they came, each kept once.
struct Lists {
    links: Vec<Link>,
    known: HashTable<List>,
    /// What was added lately to which list, and what became of it, by hash; the place is taken by the next of the same hash.
    joined: Vec<Joined>,
}

/// `list` is `to` with the items of `from` after the first `skip`; not all of them had a place in it if it `is_open`.
#[derive(Clone, Copy, Default)]
struct Joined {
    to: List,
    from: List,
    skip: u8,
    is_open: bool,
    list: List,
}

/// Places for what was joined lately; a power of two. With more, they would push other things out of the processor's cache.
const JOINED: usize = 1 << 15;

impl Lists {
    fn new() -> Self {
        let empty = Item { what: Held::Function((0, 0)), path: Path::WHOLE };
        let links = vec![Link { before: 0, item: empty, len: 0, objects: 0, has_parts: false, has_class: false }];
        Lists { links, known: HashTable::new(), joined: vec![Joined::default(); JOINED] }
    }

    fn link(&self, list: List) -> &Link {
        &self.links[list as usize]
    }

    /// The items of a list in their order, those before `skip` left out.
    fn items(&self, list: List, skip: u8) -> SmallVec<[List; MAX_HELD]> {
        let mut items: SmallVec<[List; MAX_HELD]> =
            self.back(list).take(usize::from(self.link(list).len - skip)).collect();
        items.reverse();
        items
    }

    /// From the last to the first.
    fn back(&self, mut list: List) -> impl Iterator<Item = List> + Clone {
        std::iter::from_fn(move || {
            let item = (list != 0).then_some(list);
            list = self.link(list).before;
            item
        })
    }

    /// The list with one more item. `None`: it has no place for it.
    fn with(&mut self, list: List, item: Item) -> Option<List> {
        if self.back(list).any(|known| self.link(known).item == item) {
            return Some(list);
        }
        let Link { len, objects, has_parts, has_class, .. } = *self.link(list);
        let is_object = !matches!(item.what, Held::Function(_));
        if usize::from(len) >= MAX_HELD || is_object && usize::from(objects) >= MAX_OBJECTS {
            return None;
        }
        let hash = FxBuildHasher.hash_one((list, item));
        let is_it = |&other: &List| {
            let link = self.link(other);
            link.before == list && link.item == item
        };
        if let Some(&known) = self.known.find(hash, is_it) {
            return Some(known);
        }
        let next = self.links.len() as List;
        let is_part = item.path != Path::WHOLE;
        self.links.push(Link {
            before: list,
            item,
            len: len + 1,
            objects: objects + u8::from(is_object),
            has_parts: has_parts || is_part,
            has_class: has_class || is_object && !is_part,
        });
        let links = &self.links;
        self.known.insert_unique(hash, next, |&other| {
            let link = &links[other as usize];
            FxBuildHasher.hash_one((link.before, link.item))
        });
        Some(next)
    }

    /// One list with the items of another after the first `skip`, and whether some had no place in it.
    fn join(&mut self, to: List, from: List, skip: u8) -> (List, bool) {
        let place = FxBuildHasher.hash_one((to, from, skip)) as usize % JOINED;
        let known = self.joined[place];
        if (known.to, known.from, known.skip) == (to, from, skip) {
            return (known.list, known.is_open);
        }
        let (mut list, mut is_open) = (to, false);
        for item in self.items(from, skip) {
            match self.with(list, self.link(item).item) {
                Some(longer) => list = longer,
                None => is_open = true,
            }
        }
        self.joined[place] = Joined { to, from, skip, is_open, list };
        (list, is_open)
    }
}

/// What is known of one node.
#[derive(Clone, Copy, Default)]
struct Cell {
    list: List,
    /// So many of its items have been followed.
    done: u8,
    /// It may hold more than is known.
    is_open: bool,
}

/// The new items of a node: those of its list after the first `skip`.
#[derive(Clone, Copy)]
pub(super) struct New {
    list: List,
    skip: u8,
    pub len: u8,
    /// Something among them, or before them, lies in a part of the value.
    pub has_parts: bool,
}

/// The lists of all nodes of all files.
pub(super) struct Holdings {
    pub paths: Paths,
    numbers: Numbers,
    lists: Lists,
    /// By node.
    cells: Vec<Cell>,
    waiting: Waiting,
    /// By file and class: the number of its relatives, which share their fields.
    relatives: Vec<Vec<u32>>,
    /// By relatives and field: its place in the next two.
    fields: FxHashMap<(u32, Key), u32>,
    field_cells: Vec<Cell>,
    readers: Vec<FxHashSet<Reader>>,
}

impl Holdings {
    /// `relatives` gives each class of each file a number that those have in common which share fields.
    pub fn new(numbers: Numbers, relatives: Vec<Vec<u32>>) -> Self {
        Holdings {
            paths: Paths::new(),
            lists: Lists::new(),
            cells: vec![Cell::default(); numbers.total],
            waiting: Waiting::new(numbers.total),
            numbers,
            relatives,
            fields: FxHashMap::default(),
            field_cells: Vec::new(),
            readers: Vec::new(),
        }
    }

    fn cell(&self, at: ValueRef) -> &Cell {
        match at.0 {
            FIELDS => &self.field_cells[at.1 as usize],
            _ => &self.cells[self.numbers.of(at)],
        }
    }

    fn cell_mut(&mut self, at: ValueRef) -> &mut Cell {
        match at.0 {
            FIELDS => &mut self.field_cells[at.1 as usize],
            _ => &mut self.cells[self.numbers.of(at)],
        }
    }

    pub fn of(&self, at: ValueRef) -> impl Iterator<Item = Item> + Clone {
        let items = self.items(self.all(at));
        (0..items.len()).map(move |i| self.item(items[i]))
    }

    /// All that is known of a node, as if it were new.
    pub fn all(&self, at: ValueRef) -> New {
        let list = if at.1 == NOWHERE { 0 } else { self.cell(at).list };
        self.new_of(list, 0)
    }

    fn new_of(&self, list: List, skip: u8) -> New {
        let link = self.lists.link(list);
        New { list, skip, len: link.len - skip, has_parts: link.has_parts }
    }

    /// The numbers of new items, for [`Self::item`].
    pub fn items(&self, new: New) -> SmallVec<[List; MAX_HELD]> {
        self.lists.items(new.list, new.skip)
    }

    pub fn item(&self, item: List) -> Item {
        self.lists.link(item).item
    }

    /// May a value hold more than is known of it?
    pub fn is_open(&self, at: ValueRef) -> bool {
        at.1 != NOWHERE && self.cell(at).is_open
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
            self.hand_over_parts(at);
        }
    }

    /// What came before the class of an object was known.
    fn hand_over_parts(&mut self, at: ValueRef) {
        if !self.all(at).has_parts {
            return;
        }
        let parts: Items = self.of(at).filter(|item| item.path != Path::WHOLE).collect();
        for part in parts {
            self.add_to_fields(at, part.what, part.path);
        }
    }

    /// Adds things as they are, one after the other.
    pub fn add_all(&mut self, at: ValueRef, new: New) {
        if at.1 == NOWHERE {
            return;
        }
        let list = self.cell(at).list;
        let (known, link) = (self.lists.link(list), self.lists.link(new.list));
        let meets = link.has_parts && (known.has_class || link.has_class) || link.has_class && known.has_parts;
        if meets && at.0 != FIELDS {
            for item in self.items(new) {
                let Item { what, path } = self.item(item);
                self.add(at, what, path);
            }
            return;
        }
        let (joined, is_open) = self.lists.join(list, new.list, new.skip);
        self.put(at, joined, is_open);
    }

    /// Adds things with their paths changed; those without one are left out.
    pub fn add_changed(&mut self, at: ValueRef, new: New, change: impl Fn(&mut Paths, Path) -> Option<Path>) {
        let mut last = None;
        for item in self.items(new) {
            let Item { what, path } = self.item(item);
            let (_, changed) = match last {
                Some(known @ (before, _)) if before == path => known,
                _ => (path, change(&mut self.paths, path)),
            };
            last = Some((path, changed));
            if let Some(path) = changed {
                self.add(at, what, path);
            }
        }
    }

    fn insert(&mut self, at: ValueRef, item: Item) -> bool {
        let list = self.cell(at).list;
        let longer = self.lists.with(list, item);
        self.put(at, longer.unwrap_or(list), longer.is_none());
        longer.is_some_and(|longer| longer != list)
    }

    fn put(&mut self, at: ValueRef, list: List, is_open: bool) {
        let cell = self.cell_mut(at);
        cell.is_open |= is_open;
        if cell.list != list {
            cell.list = list;
            match at.0 {
                FIELDS => self.waiting.add_field(at.1),
                _ => self.waiting.add(self.numbers.of(at)),
            }
        }
    }

    /// Gives something that lies in a part of a value to the fields of the classes that the value is of. `false`: none is known.
    fn add_to_fields(&mut self, at: ValueRef, what: Held, path: Path) -> bool {
        if !self.lists.link(self.cell(at).list).has_class {
            return false;
        }
        let of = self.classes(at);
        for &relatives in &of {
            let Some((&field, rest)) = self.paths.keys(path).split_first() else { return false };
            let rest = rest.iter().copied().collect();
            let rest = self.paths.intern(rest);
            let field = self.field(relatives, field);
            self.insert((FIELDS, field), Item { what, path: rest });
        }
        true
    }

    /// The classes of which a value may be an object, by the numbers of their relatives.
    fn classes(&self, at: ValueRef) -> SmallVec<[u32; 4]> {
        let mut out = SmallVec::new();
        for item in self.of(at).filter(|item| item.path == Path::WHOLE) {
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
            self.field_cells.push(Cell::default());
            self.readers.push(FxHashSet::default());
            next
        })
    }

    /// What a field of an object holds is told to the reader, now and later. Nothing for what has no class, or was told before.
    pub fn read(&mut self, object: Held, field: Key, reader: Reader) -> Option<New> {
        let relatives = self.relatives(object)?;
        let field = self.field(relatives, field);
        self.readers[field as usize].insert(reader).then(|| self.all((FIELDS, field)))
    }

    /// Who reads a field.
    pub fn readers(&self, field: u32) -> Vec<Reader> {
        self.readers[field as usize].iter().copied().collect()
    }

    /// The next node that holds more than was followed, and what of it is new.
    pub fn next(&mut self) -> Option<(ValueRef, New)> {
        let at = match self.waiting.next()? {
            Next::Node(number) => self.numbers.at(number),
            Next::Field(field) => (FIELDS, field),
        };
        let Cell { list, done, .. } = *self.cell(at);
        let new = self.new_of(list, done);
        self.cell_mut(at).done = done + new.len;
        Some((at, new))
    }

    /// Follows nothing more.
    pub fn stop(&mut self) {
        self.waiting = Waiting::new(0);
    }
}
