//! The value-flow graph of one file: plain data, free of the tree it was built from, so that it can be kept and linked.
//!
//! A node is a value at one place: an expression, a parameter, a version of a variable (SSA), a join. An edge says that what the
//! one holds reaches the other, and how the *access path* changes on the way. A path says in which part of a value the interesting
//! thing lies: `[]` is the value itself, `[name]` its field `name`, `[0, name]` the field of its first element.

use std::sync::Arc;

use rampart_syntax::{Lang, Span, hash_text};
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

/// Index of a node in its file's graph.
pub type Value = u32;

/// "No node": code that is never reached.
pub const NOWHERE: Value = u32::MAX;

/// A cell of a container or a field: by name, by index, or [`Key::ANY`] when it is not known which.
///
/// Its bits are kept in halves: an edge, of which there are millions, is a third smaller so.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Key {
    high: u32,
    low: u32,
}

impl std::hash::Hash for Key {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        state.write_u64(self.bits());
    }
}

impl Key {
    pub const ANY: Key = Key::of(0);
    /// The keys of a map, all together; no unknown cell is meant by it.
    pub const KEYS: Key = Key::of((1 << 62) - 1);
    const INDEX: u64 = 1 << 63;
    const NOT: u64 = 1 << 62;

    const fn of(bits: u64) -> Key {
        Key { high: (bits >> 32) as u32, low: bits as u32 }
    }

    fn bits(self) -> u64 {
        u64::from(self.high) << 32 | u64::from(self.low)
    }

    pub fn name(text: &str) -> Key {
        Key::of((hash_text(text) & !(Key::INDEX | Key::NOT)).max(1))
    }

    pub fn index(index: u32) -> Key {
        Key::of(Key::INDEX | u64::from(index))
    }

    pub fn as_index(self) -> Option<u32> {
        (self.bits() & Key::INDEX != 0 && !self.is_without()).then_some(self.low)
    }

    /// In a path: everything but this cell.
    pub fn without(self) -> Key {
        Key::of(self.bits() | Key::NOT)
    }

    pub fn is_without(self) -> bool {
        self.bits() & Key::NOT != 0
    }

    /// The key, if it is known.
    pub fn into_part(self) -> Option<Key> {
        (self != Key::ANY).then_some(self)
    }

    /// Can the two mean the same cell?
    pub fn meets(self, other: Key) -> bool {
        self == other || (self == Key::ANY || other == Key::ANY) && self != Key::KEYS && other != Key::KEYS
    }
}

/// How a path changes along an edge.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Step {
    /// The same value.
    Copy,
    /// A new value made of it: whatever part was interesting, the whole of the result is.
    Derive,
    /// The value becomes the part `key` of the target.
    Store(Key),
    /// The same value, if it is a part of it that is interesting and not the whole.
    Parts,
    /// The part `key` of the value.
    Load(Key),
    /// The value with the part `key` replaced by something else.
    Keep(Key),
    /// A list to which something was added at this index (later elements move up).
    Insert(u32),
    /// A list without the element at this index (later elements move down).
    Remove(u32),
    /// A list of which every element moves up by this many places (down when negative; those before the first are gone).
    Shift(i32),
    /// A list of the elements before this index.
    Below(u32),
    /// The same value, on a way that is only taken when this call said yes to it; it is the argument at this position, or
    /// [`RECEIVER`].
    Checked(u32, u16),
    /// The same value, on a way that the condition at this node decided on: rules may say that it is a check.
    Decided(Value),
    /// The same value, unless it is known what this call leaves of it.
    Past(u32),
    /// An argument of the call with this slot; the target is an index into [`Graph::calls`].
    Argument(Slot),
}

/// The position that stands for a call's receiver.
pub const RECEIVER: u16 = u16::MAX;

/// Which input of a call or function: the receiver (`this`, `self`) or an argument by position.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Slot {
    Receiver,
    At(u16),
    /// By name: only at calls, and for parameters that gather what has no parameter of its own.
    Named(Key),
    /// The rest of the positional arguments (variadic parameter), or a spread argument.
    Rest,
    /// No value of the program: what has happened before the call.
    Course,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Edge {
    pub to: u32,
    pub step: Step,
}

const _: () = assert!(size_of::<Edge>() == 16);

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Node {
    pub span: Span,
    /// Index into [`Graph::functions`].
    pub function: u32,
    /// Plain for people: shown as a step of a trace.
    pub shown: bool,
}

/// A function, method, lambda, or (index 0) the statements of the file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Function {
    pub name: String,
    pub span: Span,
    /// Index into [`Graph::classes`].
    pub class: Option<u32>,
    /// The function around it.
    pub outer: Option<u32>,
    pub params: Vec<Param>,
    /// What it returns (or yields).
    pub returned: Value,
    /// What it throws.
    pub thrown: Value,
    /// What its parameters hold when it ends.
    pub left: Vec<(Slot, Value)>,
    pub is_static: bool,
    /// How many parameters it is written with.
    pub arity: u16,
    /// Without a body: of an interface, abstract, a declaration.
    pub is_declaration: bool,
    /// Type that it says to return.
    pub returns: Option<TypeName>,
    /// Its name stands for what a decorator made of it.
    pub is_decorated: bool,
    /// It is called where its name is read or written like a field: a property.
    pub is_accessor: bool,
    /// Parameters, by position, that are one of the program's own constants when it returns something true.
    pub vouches: Vec<u16>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Param {
    pub slot: Slot,
    pub name: Key,
    pub value: Value,
    /// Functions that are given for it at known calls are found by this.
    pub ty: Option<TypeName>,
}

/// A dotted name as the file says it, import aliases replaced by what they stand for; `path[0]` of a script's import is a file name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TypeName {
    /// The same few stand in many places.
    pub path: Arc<[String]>,
    /// The first part is an import of the file.
    pub imported: bool,
}

impl TypeName {
    /// What has this name in it.
    pub(crate) fn member(&self, name: &str) -> TypeName {
        TypeName { path: self.path.iter().cloned().chain([name.to_string()]).collect(), imported: self.imported }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Call {
    /// The call's result.
    pub result: Value,
    pub function: u32,
    pub callee: Callee,
    pub receiver: Option<Value>,
    pub args: Vec<(Slot, Value)>,
    /// What receiver and arguments are after the call.
    pub after: Vec<(Slot, Value)>,
    /// One argument may be several values.
    pub is_go: bool,
    /// The last argument may be the list of all the rest.
    pub ends_with_list: bool,
    /// The receiver is not written: it is the object whose method this is.
    pub is_implied: bool,
    /// How its inputs reach its result when nothing is known of the callee.
    pub unknown: Unknown,
    /// Where what the callee throws arrives.
    pub thrown: Value,
}

/// What a call of something unknown does.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Unknown {
    /// Receiver and arguments reach the result.
    Passes,
    /// The library's own: its edges are in the graph.
    Modelled,
    /// Not written as a call: it is none, if the object has no such method.
    Implied,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Callee {
    /// A function of this file.
    Function(u32),
    /// A name that was imported, or of the package.
    Named(TypeName),
    /// A method, on a receiver whose type may be known.
    Method { name: String, of: Option<TypeName> },
    /// A method as this class has it, or the nearest of its bases: `super.name(…)`.
    Super { name: String, of: TypeName },
    /// A class is made.
    New(TypeName),
    /// A function that is the value of this node: a parameter.
    Value(Value),
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Class {
    pub name: String,
    pub span: Span,
    /// Classes around it, outermost first.
    pub outer: Vec<String>,
    pub bases: Vec<TypeName>,
    pub methods: Vec<u32>,
    /// Components of a record, in their order.
    pub components: Vec<Key>,
    /// Fields with a known type.
    pub fields: Vec<(Key, TypeName)>,
    /// Fields of the class itself, and of its objects before any method has run.
    pub statics: Vec<(Key, Value)>,
    pub defaults: Value,
    pub is_interface: bool,
    pub is_enum: bool,
}

/// A cell that outlives calls: a variable of the file, one that inner functions use, a static field.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Shared {
    pub name: String,
    pub value: Value,
    pub holds: Holds,
}

/// What a value is known to be besides its flow.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Holds {
    #[default]
    Anything,
    Function(u32),
    /// An object literal with these functions.
    Functions(Vec<(Key, u32)>),
    /// An object of a class.
    Object(TypeName),
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Graph {
    pub lang: Option<Lang>,
    pub nodes: Vec<Node>,
    /// Edges of node `n` are `edges[starts[n]..starts[n + 1]]`.
    pub starts: Vec<u32>,
    pub edges: Vec<Edge>,
    pub functions: Vec<Function>,
    pub classes: Vec<Class>,
    pub calls: Vec<Call>,
    /// Variables of the file by name, for other files.
    pub shared: Vec<Shared>,
    /// Uses of what other files define: (what, the node that reads it).
    pub reads: Vec<(TypeName, Value)>,
    /// Objects that no call makes, and their classes.
    pub objects: Vec<(Value, TypeName)>,
    /// Values given to what other files define.
    pub writes: Vec<(TypeName, Value)>,
    /// Package or module as the file itself says (`package` of Java and Go).
    pub package: Option<String>,
    /// Values that are functions of the file, where they are named or written.
    pub function_values: Vec<(Value, u32)>,
    /// Values that are classes of the file.
    pub class_values: Vec<(Value, u32)>,
    pub exports: Vec<Export>,
    /// Modules of which every name is taken over.
    pub wildcards: Vec<Vec<String>>,
    /// Where the statements outside of functions begin, in order.
    pub statements: Vec<u32>,
    /// The first function of which the rest was not looked at: too many variables meet in too many places.
    pub too_intricate: Option<Span>,
}

/// A name that other files know under another one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Export {
    /// `default`, a name, or `*` for all of a module.
    pub name: String,
    pub target: ExportTarget,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum ExportTarget {
    Function(u32),
    Class(u32),
    Value(Value, Holds),
    /// Something of another file.
    Other(TypeName),
}

impl Graph {
    /// Keeps each name once and gives back what was reserved: all graphs of a project are held at once.
    pub fn shrink(&mut self) {
        let mut known: FxHashSet<Arc<[String]>> = FxHashSet::default();
        self.each_name(&mut |name| match known.get(&name.path) {
            Some(path) => name.path = path.clone(),
            None => _ = known.insert(name.path.clone()),
        });
        self.nodes.shrink_to_fit();
        self.edges.shrink_to_fit();
        self.starts.shrink_to_fit();
        self.functions.shrink_to_fit();
        self.calls.shrink_to_fit();
        for call in &mut self.calls {
            call.args.shrink_to_fit();
            call.after.shrink_to_fit();
        }
        for function in &mut self.functions {
            function.params.shrink_to_fit();
            function.left.shrink_to_fit();
        }
        self.reads.shrink_to_fit();
        self.objects.shrink_to_fit();
        self.shared.shrink_to_fit();
        self.function_values.shrink_to_fit();
        self.statements.shrink_to_fit();
    }

    /// Names of types and of what other files define.
    fn each_name(&mut self, found: &mut dyn FnMut(&mut TypeName)) {
        for call in &mut self.calls {
            match &mut call.callee {
                Callee::Named(name)
                | Callee::New(name)
                | Callee::Super { of: name, .. }
                | Callee::Method { of: Some(name), .. } => found(name),
                Callee::Method { of: None, .. } | Callee::Function(_) | Callee::Value(_) => {}
            }
        }
        for function in &mut self.functions {
            function.returns.as_mut().map(&mut *found);
            function.params.iter_mut().filter_map(|param| param.ty.as_mut()).for_each(&mut *found);
        }
        for class in &mut self.classes {
            class.bases.iter_mut().chain(class.fields.iter_mut().map(|(_, ty)| ty)).for_each(&mut *found);
        }
        let values = self.reads.iter_mut().chain(&mut self.writes).map(|(name, _)| name);
        values.chain(self.objects.iter_mut().map(|(_, ty)| ty)).for_each(found);
    }

    pub fn out(&self, value: Value) -> &[Edge] {
        &self.edges[self.starts[value as usize] as usize..self.starts[value as usize + 1] as usize]
    }
}
