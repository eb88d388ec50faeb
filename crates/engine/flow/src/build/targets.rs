//! Assignment: what a target takes of a value.

use rampart_syntax::Op;

use super::*;

impl Builder<'_> {
    /// Assigns `value` (of the expression `source`, if there is one) to a name, a field, an element or a pattern of them.
    pub(super) fn assign(&mut self, target: NodeId, value: Value, source: Option<NodeId>) {
        let tree = self.tree;
        match tree.kind(target) {
            Kind::Ident => {
                let Some(def) = self.names.def(target) else {
                    let node = self.at(target);
                    self.same(value, node);
                    return;
                };
                // A field of Java without `this`.
                if self.is_own_field(def) {
                    let node = self.at(target);
                    self.same(value, node);
                    self.store_field(target, Some(def), Key::name(tree.text(target)), node);
                    return;
                }
                let node = self.at(target);
                self.same(value, node);
                if let Some(ty) =
                    self.names.get(def).ty.filter(|_| !self.types.contains_key(&node)).and_then(|ty| self.type_name(ty))
                {
                    self.types.insert(node, ty);
                }
                let held = self.state[def.0 as usize];
                self.set(def, node);
                if held != NOWHERE {
                    self.assigned(def, held, node, target);
                }
                if let Some(source) = source {
                    if self.names.get(def).home() == self.body {
                        self.share(def.0, sharing::Parts::new(), source);
                    }
                    self.note_check(def, source);
                }
            }
            Kind::Member => {
                let object = tree.child(target, 0);
                self.evaluated(object);
                let held = self.current(object);
                let node = self.at(target);
                self.same(value, node);
                let key = Key::name(tree.text(tree.child(target, 1)));
                if tree.kind(object) == Kind::This
                    && let Some(class) = self.class
                    && let Some(ty) = self.types.get(&node).cloned()
                    && !self.graph.classes[class as usize].fields.iter().any(|(k, _)| *k == key)
                {
                    self.graph.classes[class as usize].fields.push((key, ty));
                }
                self.static_store(object, key, node);
                if self.lang == Lang::Java && tree.kind(object) == Kind::This {
                    self.shared_field(tree.child(target, 1), key, node);
                }
                if let Some(name) = self.dotted(target) {
                    self.graph.writes.push((name, node));
                }
                let version = self.hidden(target);
                // `list.length = n` of scripts cuts the list.
                match self.constants.get(&node) {
                    Some(&Const::Int(n)) if self.lang.is_script() && key == Key::name("length") => {
                        self.edge(held, version, Step::Below(u32::try_from(n).unwrap_or(0)));
                        self.lengths.insert(version, u32::try_from(n).unwrap_or(0));
                    }
                    _ => {
                        self.edge(held, version, Step::Keep(key));
                        self.edge(node, version, Step::Store(key));
                    }
                }
                let version = self.write_property(target, tree.text(tree.child(target, 1)), held, node, version);
                self.after.insert(object, (version, Vec::new()));
                self.replace(object, held, version);
            }
            Kind::Index => {
                let object = tree.child(target, 0);
                self.evaluated(object);
                self.evaluated(tree.child(target, 1));
                let held = self.current(object);
                let node = self.at(target);
                self.same(value, node);
                let key = self.key_in(held, tree.child(target, 1));
                let index = self.of[tree.child(target, 1).index()];
                self.indexes.push((node, index));
                let version = self.hidden(target);
                if !self.is_constant(tree.child(target, 1)) {
                    self.edge(index, version, Step::Store(Key::KEYS));
                }
                self.edge(held, version, if key == Key::ANY { Step::Copy } else { Step::Keep(key) });
                self.edge(node, version, Step::Store(key));
                let version = if self.getters.contains("__setitem__") {
                    self.write_by(target, "__setitem__", held, &[(Slot::At(0), index), (Slot::At(1), node)], version)
                } else {
                    version
                };
                self.replace_with(object, held, version, key, node);
                self.share_stored(target, source);
            }
            Kind::Slice => {
                let object = tree.child(target, 0);
                let held = self.evaluated(object);
                let version = self.hidden(target);
                self.copy(held, version);
                self.copy(value, version);
                self.replace(object, held, version);
            }
            // `*p = v`
            Kind::Unary => {
                let object = tree.child(target, 0);
                let held = self.evaluated(object);
                let version = self.at(target);
                self.same(value, version);
                self.replace(object, held, version);
            }
            Kind::Tuple | Kind::Array => {
                let parts = tree.children(target).to_vec();
                let sources = source.filter(|&s| {
                    matches!(tree.kind(s), Kind::Tuple | Kind::Array)
                        && tree.children(s).len() == parts.len()
                        && !parts.iter().any(|&p| tree.kind(p) == Kind::Spread)
                        && !tree.children(s).iter().any(|&p| tree.kind(p) == Kind::Spread)
                });
                // Go: whether the map has the key, the value is of the type, the channel is open.
                let has_ok = self.lang == Lang::Go
                    && parts.len() == 2
                    && source.is_some_and(|s| {
                        matches!(tree.kind(s), Kind::Index | Kind::Cast)
                            || tree.kind(s) == Kind::Unary && tree.op(s) == Op::Arrow as u16
                    });
                if let (true, Some(source)) = (has_ok, source) {
                    self.assign(parts[0], value, Some(source));
                    let ok = self.hidden(parts[1]);
                    self.assign(parts[1], ok, None);
                    if let Some(def) = self.names.def(parts[1]) {
                        self.note_check(def, source);
                    }
                    return;
                }
                for (i, &part) in parts.iter().enumerate() {
                    if tree.kind(part) == Kind::Nil {
                        continue;
                    }
                    if let Some(sources) = sources {
                        let value = self.of[tree.child(sources, i).index()];
                        self.assign(part, value, Some(tree.child(sources, i)));
                    } else if tree.kind(part) == Kind::Spread {
                        let list = self.hidden(part);
                        self.edge(value, list, Step::Shift(-(i as i32)));
                        self.assign(tree.child(part, 0), list, None);
                    } else {
                        let item = self.hidden(part);
                        self.edge(value, item, Step::Load(Key::index(i as u32)));
                        self.assign(part, item, None);
                    }
                }
            }
            Kind::Object => {
                let mut taken = Vec::new();
                for &pair in tree.children(target) {
                    match tree.kind(pair) {
                        Kind::Pair => {
                            let key = tree.child(pair, 0);
                            let key = if tree.kind(key) == Kind::Ident {
                                Key::name(tree.text(key))
                            } else {
                                self.key_of(key)
                            };
                            let item = self.hidden(pair);
                            self.edge(value, item, Step::Load(key));
                            self.assign(tree.child(pair, 1), item, None);
                            taken.push(key);
                        }
                        Kind::Spread => {
                            let rest = self.hidden(pair);
                            self.all_but(pair, value, &taken, rest);
                            self.assign(tree.child(pair, 0), rest, None);
                        }
                        _ => {
                            let item = self.hidden(pair);
                            self.edge(value, item, Step::Load(Key::ANY));
                            self.assign(pair, item, None);
                        }
                    }
                }
            }
            // A default: `{ a = 1 } = o`.
            Kind::Assign | Kind::VarDef => {
                let inner = tree.child(target, 0);
                let default =
                    if tree.kind(target) == Kind::Assign { Some(tree.child(target, 1)) } else { tree.slot(target, 2) };
                match default {
                    Some(default) => {
                        let default = self.expr(default);
                        let either = self.hidden(target);
                        self.copy(value, either);
                        self.copy(default, either);
                        self.assign(inner, either, None);
                    }
                    None => self.assign(inner, value, source),
                }
                self.of[target.index()] = self.of[inner.index()];
            }
            Kind::Spread => self.assign(tree.child(target, 0), value, None),
            Kind::Cast => self.assign(tree.child(target, 1), value, source),
            Kind::Nil => {}
            _ => {
                self.expr(target);
            }
        }
    }

    /// The value of an expression that may have been followed before: `x[i()] += 1` reads it and then stores. Following it again would
    /// double the work with each level of nesting.
    fn evaluated(&mut self, id: NodeId) -> Value {
        match self.of[id.index()] {
            NOWHERE => self.expr(id),
            known => known,
        }
    }

    /// The object that the expression `id` names (with the value `held`) has changed to `version`: variables that hold it, or hold
    /// something it is part of, get a new version too.
    pub(super) fn replace(&mut self, id: NodeId, held: Value, version: Value) {
        let tree = self.tree;
        let ty = self.types.get(&held).cloned();
        if let Some(ty) = ty {
            self.types.entry(version).or_insert(ty);
        }
        match tree.kind(id) {
            Kind::Ident => {
                let Some(def) = self.names.def(id) else { return };
                if matches!(self.names.get(def).kind, DefKind::Import(_)) {
                    if let Some(name) = self.dotted(id).filter(|name| name.path.len() > 1) {
                        self.graph.writes.push((name, version));
                    }
                    return;
                }
                if self.is_own_field(def) {
                    self.store_field(id, Some(def), Key::name(tree.text(id)), version);
                    self.set_var(def.0, version);
                } else {
                    let before = self.state[def.0 as usize];
                    self.set(def, version);
                    if before != NOWHERE && self.names.get(def).home() == self.body {
                        self.root_changed(def.0, before, version, id);
                    }
                }
            }
            Kind::This | Kind::Super => {
                let var = self.this();
                let before = self.state[var as usize];
                self.set_var(var, version);
                self.root_changed(var, before, version, id);
            }

            Kind::Call if self.is_super(id) => {
                let var = self.receiver_var();
                self.set_var(var, version);
            }
            Kind::Member => {
                let (object, key) = (tree.child(id, 0), Key::name(tree.text(tree.child(id, 1))));
                self.replace_part(object, key, version, id);
                self.static_store(object, key, version);
            }
            Kind::Index => {
                let key = self.key_of(tree.child(id, 1));
                self.replace_part(tree.child(id, 0), key, version, id);
            }
            Kind::Call => {
                if let Some((object, key)) = self.part_of_call(id) {
                    self.replace_part(object, key, version, id);
                }
            }
            Kind::Cast => self.replace(tree.child(id, 1), held, version),
            Kind::Unary => self.replace(tree.child(id, 0), held, version),
            _ => {}
        }
    }

    /// What a variable, field or element holds now, apart from the expression that names it here.
    pub(super) fn current(&mut self, id: NodeId) -> Value {
        let tree = self.tree;
        match tree.kind(id) {
            Kind::Ident => match self.names.def(id) {
                Some(def)
                    if self.names.get(def).home() == self.body
                        && !matches!(self.names.get(def).kind, DefKind::Import(_)) =>
                {
                    let now = self.state[def.0 as usize];
                    if now == NOWHERE { self.of[id.index()] } else { now }
                }
                // A field without `this`, and variables of other functions: read again, as what is said of this use is not said of them.
                Some(def)
                    if self.names.get(def).kind == DefKind::Field && self.class.is_some() && self.function != 0 =>
                {
                    let value = self.hidden(id);
                    let this = self.state[self.this() as usize];
                    self.edge(this, value, Step::Load(Key::name(tree.text(id))));
                    value
                }
                Some(def) if matches!(self.names.get(def).kind, DefKind::Local | DefKind::Param) => {
                    let value = self.get(def, id);
                    if value == NOWHERE { self.of[id.index()] } else { value }
                }
                _ => self.of[id.index()],
            },
            Kind::This | Kind::Super => self.state[self.this() as usize],
            Kind::Call if self.is_super(id) => self.state[self.receiver_var() as usize],
            Kind::Member | Kind::Index if self.of[id.index()] != NOWHERE => {
                let object = self.current(tree.child(id, 0));
                let key = if tree.kind(id) == Kind::Member {
                    Key::name(tree.text(tree.child(id, 1)))
                } else {
                    self.key_of(tree.child(id, 1))
                };
                let value = self.hidden(id);
                self.edge(object, value, Step::Load(key));
                let from = self.of[id.index()];
                if let Some(ty) = self.types.get(&from).cloned() {
                    self.types.insert(value, ty);
                }
                if let Some(&length) = self.lengths.get(&from) {
                    self.lengths.insert(value, length);
                }
                value
            }
            Kind::Call if self.part_of_call(id).is_some_and(|(object, _)| self.is_place(object)) => {
                let Some((object, key)) = self.part_of_call(id) else { return self.of[id.index()] };
                let object = self.current(object);
                let value = self.hidden(id);
                self.edge(object, value, Step::Load(key));
                let from = self.of[id.index()];
                self.known_of(from, value);
                value
            }
            Kind::Cast => self.current(tree.child(id, 1)),
            _ => self.of[id.index()],
        }
    }

    fn replace_part(&mut self, object: NodeId, key: Key, part: Value, at: NodeId) {
        let held = self.current(object);
        if held == NOWHERE {
            return;
        }
        let version = self.hidden(at);
        self.edge(held, version, if key == Key::ANY { Step::Copy } else { Step::Keep(key) });
        self.edge(part, version, Step::Store(key));
        self.replace_with(object, held, version, key, part);
    }

    /// The variable at the root of what is replaced has changed.
    fn root_changed(&mut self, var: Var, held: Value, version: Value, at: NodeId) {
        let path: Vec<Key> = self.changing.iter().rev().copied().collect();
        let part = self.changed_part.unwrap_or(version);
        self.changed(var, held, &path, part, at);
    }

    /// As [`Self::replace`], where what is new about the version is known to be its part `key`.
    fn replace_with(&mut self, id: NodeId, held: Value, version: Value, key: Key, part: Value) {
        let innermost = self.changed_part.is_none();
        if innermost {
            self.changed_part = Some(part);
        }
        self.changing.push(key);
        self.replace(id, held, version);
        self.changing.pop();
        if innermost {
            self.changed_part = None;
        }
    }

    /// An object that is stored in another is the same object there.
    fn share_stored(&mut self, target: NodeId, source: Option<NodeId>) {
        if let (Some((var, path)), Some(source)) = (self.place(target), source) {
            self.share(var, path, source);
        }
    }

    /// A field that is named without its object.
    fn is_own_field(&self, def: DefId) -> bool {
        self.names.get(def).kind == DefKind::Field
            && self.class.is_some()
            && (self.function != 0 || self.lang == Lang::Java)
    }

    /// Stores into a field of the present object, of its class, or of an object around it.
    fn store_field(&mut self, at: NodeId, def: Option<DefId>, key: Key, value: Value) {
        let owner = def.filter(|_| self.lang == Lang::Java).and_then(|def| self.field_owner(def)).or(self.class);
        if let Some(owner) = owner {
            if let Some(&cell) = self.statics.get(&(owner, key)) {
                self.copy(value, cell);
                if self.lang == Lang::Java && def.is_none_or(|d| !self.outer_fields.contains(&d)) {
                    return;
                }
            } else if def.is_some_and(|d| self.outer_fields.contains(&d)) {
                let cell = self.static_cell(owner, key, at);
                self.copy(value, cell);
            }
            if Some(owner) != self.class {
                return;
            }
        }
        let this = self.state[self.this() as usize];
        if this == NOWHERE {
            return;
        }
        let version = self.stored(at, this, key, value);
        if let Some(ty) = self.types.get(&this).cloned() {
            self.types.insert(version, ty);
        }
        let var = self.this();
        self.set_var(var, version);
    }

    /// `this.name = value`, where inner classes use the field.
    fn shared_field(&mut self, name: NodeId, key: Key, value: Value) {
        let Some(class) = self.class else { return };
        let field = self.names.fields.get(&self.tree.sym(name)).copied();
        if field.is_some_and(|f| self.outer_fields.contains(&f)) {
            let cell = self.static_cell(class, key, name);
            self.copy(value, cell);
        } else if let Some(&cell) = self.statics.get(&(class, key)) {
            self.copy(value, cell);
        }
    }

    /// `Class.field = value`.
    fn static_store(&mut self, object: NodeId, key: Key, value: Value) {
        let target = self.tree.parent(object).filter(|&p| self.tree.kind(p) == Kind::Member);
        if let Some(name) = target
            .and_then(|t| self.dotted(t))
            .filter(|name| name.imported && (self.lang == Lang::Python || self.lang.is_script()))
        {
            self.graph.writes.push((name, value));
        }
        if let Some(class) = self.class_named(object) {
            let cell = self.static_cell(class, key, object);
            self.copy(value, cell);
        }
    }

    /// The class of this file that an expression names.
    pub(super) fn class_named(&self, id: NodeId) -> Option<u32> {
        if self.tree.kind(id) != Kind::Ident {
            return None;
        }
        match self.names.def(id) {
            Some(def) if self.names.get(def).kind != DefKind::Class => None,
            _ => self.class_called(self.tree.text(id)),
        }
    }

    pub(super) fn delete(&mut self, target: NodeId) {
        let tree = self.tree;
        match tree.kind(target) {
            Kind::Ident => {
                if let Some(def) = self.names.def(target) {
                    let gone = self.hidden(target);
                    self.set(def, gone);
                }
            }
            Kind::Member | Kind::Index => {
                let object = tree.child(target, 0);
                let held = self.evaluated(object);
                let key = if tree.kind(target) == Kind::Member {
                    Key::name(tree.text(tree.child(target, 1)))
                } else {
                    self.evaluated(tree.child(target, 1));
                    self.key_of(tree.child(target, 1))
                };
                if key != Key::ANY {
                    let version = self.hidden(target);
                    let step = match key.as_index() {
                        Some(index) if self.lang == Lang::Python => Step::Remove(index),
                        _ => Step::Keep(key),
                    };
                    self.edge(held, version, step);
                    self.replace(object, held, version);
                }
            }
            _ => self.expr_if(target),
        }
    }
}
