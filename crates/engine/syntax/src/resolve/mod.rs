//! Names: which definition an identifier means, what an import stands for, which values are constant, declared types.
//!
//! Two passes over the tree. The first binds every identifier to its definition (scopes as the language has them) and counts
//! assignments; the second follows values through the statements of each function, joining at branches. Both are linear
//! in the size of the tree but for the nesting of loops and of `finally`.

mod scopes;
mod values;

use rustc_hash::FxHashMap;

use crate::lang::Lang;
use crate::symbols::Sym;
use crate::tree::{NodeId, Tree};

pub use values::{Value, parse_int};

/// Index into [`Names::defs`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct DefId(pub u32);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DefKind {
    /// A module or an entity of one, by its full path: `["os", "path"]`.
    Import(Box<[Sym]>),
    Local,
    Param,
    Field,
    Function,
    Class,
}

#[derive(Clone, Debug)]
pub struct Def {
    pub kind: DefKind,
    /// The identifier that introduces it.
    pub node: NodeId,
    /// The declared type, or the type of the constructor call it is initialised with.
    pub ty: Option<NodeId>,
    /// How many places give it a value; 2 and more means "not constant".
    pub assigned: u32,
    /// The value of the first assignment.
    pub init: Option<NodeId>,
    /// The function it lives in, as the id of its body + 1; 0 is the file.
    function: u32,
}

impl Def {
    /// The function it lives in, as the id of that function's body + 1; 0 is the file.
    pub fn home(&self) -> u32 {
        self.function
    }
}

/// What is known of the names of one file.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pub defs: Vec<Def>,
    /// Per node: definition index + 1, or 0.
    of: Vec<u32>,
    /// Modules imported whole (`from m import *`, `import a.b.*`).
    pub wildcards: Vec<Box<[Sym]>>,
    /// Fields of the file's classes by name (the first of that name).
    pub fields: FxHashMap<Sym, DefId>,
    values: FxHashMap<NodeId, Value>,
}

impl Names {
    /// The definition that the identifier `id` means.
    pub fn def(&self, id: NodeId) -> Option<DefId> {
        match self.of.get(id.index()) {
            None | Some(0) => None,
            Some(&n) => Some(DefId(n - 1)),
        }
    }

    pub fn get(&self, def: DefId) -> &Def {
        &self.defs[def.0 as usize]
    }

    /// The full path an imported identifier stands for.
    pub fn import(&self, id: NodeId) -> Option<&[Sym]> {
        match &self.get(self.def(id)?).kind {
            DefKind::Import(path) => Some(path),
            _ => None,
        }
    }

    /// The value that the identifier `id` has where it stands.
    pub fn value(&self, id: NodeId) -> Option<&Value> {
        self.values.get(&id)
    }

    /// The constant that the expression `id` evaluates to, folding literals, `+` and interpolation.
    pub fn constant(&self, tree: &Tree, id: NodeId) -> Option<Value> {
        values::constant(tree, id, &|ident| self.values.get(&ident).cloned(), 0)
    }

    /// The declared type of the expression `id`, as a node of the tree.
    pub fn type_of(&self, tree: &Tree, id: NodeId) -> Option<NodeId> {
        use crate::kind::{Kind, Op};
        match tree.kind(id) {
            Kind::Ident => self.get(self.def(id)?).ty,
            Kind::New | Kind::Composite | Kind::Cast => tree.slot(id, 0),
            Kind::Unary if tree.op(id) == Op::Ref as u16 || tree.op(id) == Op::Deref as u16 => {
                self.type_of(tree, tree.child(id, 0))
            }
            Kind::Await => self.type_of(tree, tree.child(id, 0)),
            Kind::Member if tree.kind(tree.child(id, 0)) == Kind::This => {
                self.get(*self.fields.get(&tree.sym(tree.child(id, 1)))?).ty
            }
            _ => None,
        }
    }
}

/// Resolves the names of a file.
pub fn resolve(tree: &mut Tree, lang: Lang) -> Names {
    let mut names = scopes::bind(tree, lang);
    values::flow(tree, &mut names, lang);
    names
}
