//! One object under several names: after `b = a`, `p := &a.f`, `rows.add(row)`, a change by one name is seen by the others.
//!
//! Two *places* (a variable and a path of parts in it) share an object as long as neither variable is given another value. Values that
//! are versions of one object have one origin; a share holds while both variables hold versions of what they held when it began.

use rampart_syntax::Op;
use smallvec::SmallVec;

use super::*;

/// A path of parts, from a variable inwards.
pub(super) type Parts = SmallVec<[Key; 2]>;

#[derive(Clone)]
pub(super) struct Share {
    /// Where in the variable the object is, and of what the variable holds a version.
    path: Parts,
    origin: Value,
    /// The other place.
    other: Var,
    other_path: Parts,
    other_origin: Value,
    /// The other place is a pointer to this one, which sees assignments too.
    is_pointed_at: bool,
}

/// Shares of one variable that are remembered.
const MAX_SHARES: usize = 16;
/// Longest path of a place.
const MAX_PARTS: usize = 3;
/// Longest chain of names for one object.
const MAX_CHAIN: u32 = 4;

impl Builder<'_> {
    /// What a value is a version of.
    fn origin(&self, value: Value) -> Value {
        self.origins.get(&value).copied().unwrap_or(value)
    }

    /// The variable and path that an expression names.
    pub(super) fn place(&self, id: NodeId) -> Option<(Var, Parts)> {
        let tree = self.tree;
        match tree.kind(id) {
            Kind::Ident => {
                let def = self.names.def(id).filter(|&d| self.names.get(d).home() == self.body)?;
                (!matches!(self.names.get(def).kind, DefKind::Import(_) | DefKind::Field))
                    .then(|| (def.0, Parts::new()))
            }
            Kind::This => Some((self.this(), Parts::new())),
            Kind::Member => {
                let key = Key::name(tree.text(tree.child(id, 1)));
                if self.embedded.contains(&key) {
                    self.place(tree.child(id, 0))
                } else {
                    self.place_in(tree.child(id, 0), key)
                }
            }
            Kind::Index => self.place_in(tree.child(id, 0), self.key_of(tree.child(id, 1))),
            Kind::Cast => self.place(tree.child(id, 1)),
            Kind::Call => {
                let (object, key) = self.part_of_call(id)?;
                self.place_in(object, key)
            }
            _ => None,
        }
    }

    fn place_in(&self, object: NodeId, key: Key) -> Option<(Var, Parts)> {
        let (var, mut path) = self.place(object)?;
        path.push(key);
        (path.len() <= MAX_PARTS).then_some((var, path))
    }

    /// `list.get(0)`, `map.get("a")`: a call that names an element.
    pub(super) fn part_of_call(&self, id: NodeId) -> Option<(NodeId, Key)> {
        let tree = self.tree;
        let callee = tree.child(id, 0);
        if self.lang == Lang::Go || tree.kind(callee) != Kind::Member {
            return None;
        }
        let args = tree.children(tree.child(id, 1));
        let key = match (tree.text(tree.child(callee, 1)), args) {
            ("get" | "computeIfAbsent" | "getOrDefault" | "setdefault", &[key, ..]) => self.key_of(key),
            ("getFirst" | "getLast" | "peek" | "element", []) if self.lang == Lang::Java => Key::ANY,
            _ => return None,
        };
        let object = tree.child(callee, 0);
        let is_own = self.type_of(object, self.of[object.index()]).is_some_and(|ty| self.is_own(&ty));
        (!is_own).then_some((object, key))
    }

    /// The variable `var` holds, at `path`, what the expression `source` names: from here on they share it.
    pub(super) fn share(&mut self, var: Var, path: Parts, source: NodeId) {
        let tree = self.tree;
        match tree.kind(source) {
            Kind::Unary if tree.op(source) == Op::Ref as u16 => {
                let inner = tree.child(source, 0);
                match self.place(inner) {
                    Some((other, other_path)) => self.share_places((var, path), (other, other_path), true),
                    None => self.share_parts(var, path, inner),
                }
            }
            Kind::Ident | Kind::Member | Kind::Index | Kind::Call | Kind::Cast => {
                if !self.is_copied(source)
                    && let Some((other, other_path)) = self.place(source)
                {
                    self.share_places((var, path), (other, other_path), false);
                }
            }
            _ => self.share_parts(var, path, source),
        }
    }

    /// A loop's variable is an element of what is looped over.
    pub(super) fn share_element(&mut self, target: NodeId, iterable: NodeId) {
        let target = if self.tree.kind(target) == Kind::VarDef { self.tree.child(target, 0) } else { target };
        if let (Some((var, path)), Some((of, mut element))) = (self.place(target), self.place(iterable)) {
            element.push(Key::ANY);
            self.share_places((var, path), (of, element), false);
        }
    }

    /// The parts of a literal.
    fn share_parts(&mut self, var: Var, path: Parts, literal: NodeId) {
        let tree = self.tree;
        let literal = if tree.kind(literal) == Kind::Composite { tree.child(literal, 1) } else { literal };
        if path.len() >= MAX_PARTS
            || !matches!(tree.kind(literal), Kind::Object | Kind::Dict | Kind::Array | Kind::Tuple)
        {
            return;
        }
        for (i, &item) in tree.children(literal).iter().enumerate() {
            let (key, value) = match tree.kind(item) {
                Kind::Pair => {
                    let name = tree.child(item, 0);
                    let is_name = tree.kind(name) == Kind::Ident
                        && tree.kind(literal) == Kind::Object
                        && self.is_field_name(item);
                    (if is_name { Key::name(tree.text(name)) } else { self.key_of(name) }, tree.child(item, 1))
                }
                Kind::Spread | Kind::FuncDef => continue,
                _ => (self.position_key(literal, i), item),
            };
            let is_name = matches!(
                tree.kind(value),
                Kind::Ident | Kind::Unary | Kind::Object | Kind::Dict | Kind::Array | Kind::Composite
            );
            if is_name {
                let mut path = path.clone();
                if !self.embedded.contains(&key) {
                    path.push(key);
                }
                self.share(var, path, value);
            }
        }
    }

    fn share_places(&mut self, (a, a_path): (Var, Parts), (b, b_path): (Var, Parts), is_pointer: bool) {
        let (held_a, held_b) = (self.state[a as usize], self.state[b as usize]);
        if a == b || held_a == NOWHERE || held_b == NOWHERE {
            return;
        }
        let (a_origin, b_origin) = (self.origin(held_a), self.origin(held_b));
        self.origins.insert(held_a, a_origin);
        self.origins.insert(held_b, b_origin);
        let of_a = Share {
            path: a_path.clone(),
            origin: a_origin,
            other: b,
            other_path: b_path.clone(),
            other_origin: b_origin,
            is_pointed_at: false,
        };
        let of_b = Share {
            path: b_path,
            origin: b_origin,
            other: a,
            other_path: a_path,
            other_origin: a_origin,
            is_pointed_at: is_pointer,
        };
        for (var, share) in [(a, of_a), (b, of_b)] {
            let list = self.shares.entry(var).or_default();
            if list.len() >= MAX_SHARES {
                list.remove(0);
            }
            list.push(share);
        }
    }

    /// Go: structs and arrays are copied, what points is not. `source` is what is assigned.
    fn is_copied(&self, source: NodeId) -> bool {
        if self.lang != Lang::Go {
            return false;
        }
        match self.names.type_of(self.tree, source) {
            Some(ty) => self.is_value_type(ty) && !self.is_made_by_pointer(source),
            None => self.tree.kind(source) != Kind::Ident,
        }
    }

    /// `p := &T{}`: the type that is known of `p` is what it points to.
    fn is_made_by_pointer(&self, source: NodeId) -> bool {
        let init = self.names.def(source).and_then(|d| self.names.get(d).init);
        init.is_some_and(|i| self.tree.kind(i) == Kind::Unary && self.tree.op(i) == Op::Ref as u16)
    }

    /// Go: a type whose values are copied as a whole.
    pub(super) fn is_value_type(&self, ty: NodeId) -> bool {
        let tree = self.tree;
        match tree.kind(ty) {
            Kind::TypePointer | Kind::TypeMap | Kind::TypeFunc => false,
            Kind::TypeArray => tree.kind(tree.child(ty, 1)) != Kind::Nil,
            Kind::Ident => match self.class_named(ty) {
                Some(class) => !self.graph.classes[class as usize].is_interface,
                None => true,
            },
            _ => false,
        }
    }

    /// The place `path` of a variable changed, where there now is `part`; `held` is what the variable held before.
    pub(super) fn changed(&mut self, var: Var, held: Value, path: &[Key], part: Value, at: NodeId) {
        if self.shares.is_empty() {
            return;
        }
        if let Some(&origin) = self.origins.get(&held) {
            let now = self.state[var as usize];
            self.origins.insert(now, origin);
            let mut seen: SmallVec<[Var; 4]> = SmallVec::new();
            self.pass_on(var, origin, path, part, at, &mut seen, 0);
        }
    }

    #[allow(clippy::too_many_arguments, reason = "one step of a walk")]
    fn pass_on(
        &mut self,
        var: Var,
        origin: Value,
        path: &[Key],
        part: Value,
        at: NodeId,
        seen: &mut SmallVec<[Var; 4]>,
        depth: u32,
    ) {
        seen.push(var);
        if depth >= MAX_CHAIN {
            return;
        }
        for share in self.shares.get(&var).cloned().unwrap_or_default() {
            let held = self.state[share.other as usize];
            let holds = share.origin == origin && held != NOWHERE && self.origin(held) == share.other_origin;
            if !holds || seen.contains(&share.other) || path.len() < share.path.len() {
                continue;
            }
            // An unknown element may be this one.
            let is_within = path.iter().zip(&share.path).all(|(a, b)| a.meets(*b));
            if !is_within {
                continue;
            }
            let is_certain = path.iter().zip(&share.path).all(|(a, b)| a == b && *a != Key::ANY);
            let full: Parts = share.other_path.iter().chain(&path[share.path.len()..]).copied().collect();
            let version = self.with_part(held, &full, part, is_certain, at);
            self.origins.insert(version, share.other_origin);
            if let Some(ty) = self.types.get(&held).cloned() {
                self.types.entry(version).or_insert(ty);
            }
            self.set_shared(share.other, version);
            self.pass_on(share.other, share.other_origin, &full, part, at, seen, depth + 1);
        }
    }

    fn set_shared(&mut self, var: Var, version: Value) {
        if (var as usize) < self.names.defs.len() { self.set(DefId(var), version) } else { self.set_var(var, version) }
    }

    /// The object with another part at a path.
    fn with_part(&mut self, held: Value, path: &[Key], part: Value, is_certain: bool, at: NodeId) -> Value {
        let version = self.hidden(at);
        let Some((&first, rest)) = path.split_first() else {
            self.same(part, version);
            if !is_certain {
                self.copy(held, version);
            }
            return version;
        };
        let replaces = is_certain && rest.is_empty() && first != Key::ANY;
        self.edge(held, version, if replaces { Step::Keep(first) } else { Step::Copy });
        let mut inner = part;
        for &key in rest.iter().rev() {
            let around = self.hidden(at);
            self.edge(inner, around, Step::Store(key));
            inner = around;
        }
        self.edge(inner, version, Step::Store(first));
        version
    }

    /// A variable is given another value: pointers to it see that.
    pub(super) fn assigned(&mut self, def: DefId, held: Value, value: Value, at: NodeId) {
        let Some(shares) = self.shares.get(&def.0) else { return };
        if !shares.iter().any(|s| s.is_pointed_at && s.path.is_empty() && Some(&s.origin) == self.origins.get(&held)) {
            return;
        }
        let origin = self.origins[&held];
        self.origins.insert(value, origin);
        let mut seen: SmallVec<[Var; 4]> = SmallVec::new();
        self.pass_on(def.0, origin, &[], value, at, &mut seen, 0);
    }
}
