//! Expressions: the value each has and what it is made of.

use rampart_syntax::{Aux, Op};

use super::*;

impl Builder<'_> {
    /// The value of an expression, and of everything in it.
    pub(super) fn expr(&mut self, id: NodeId) -> Value {
        let tree = self.tree;
        match tree.kind(id) {
            Kind::Nil => NOWHERE,
            Kind::Ident => self.ident(id),
            Kind::This => {
                let value = self.at(id);
                let this = self.state[self.this() as usize];
                self.same(this, value);
                value
            }
            Kind::Member => self.member(id),
            Kind::Index => {
                let object = self.expr(tree.child(id, 0));
                let index = self.expr(tree.child(id, 1));
                let value = self.at(id);
                let key = self.key_in(object, tree.child(id, 1));
                match self
                    .called_by_language(id, "__getitem__", object, &[(Slot::At(0), index)])
                    .filter(|_| self.lang == Lang::Python)
                {
                    Some((item, otherwise)) => {
                        self.copy(item, value);
                        self.edge(otherwise, value, Step::Load(key));
                    }
                    None => self.edge(object, value, Step::Load(key)),
                }
                self.indexes.push((value, index));
                self.constant_index(object, index, value);
                self.typed_element(tree.child(id, 0), value);
                value
            }
            Kind::Slice => {
                let kids = tree.children(id).to_vec();
                let object = self.expr(kids[0]);
                for &bound in &kids[1..] {
                    self.expr_if(bound);
                }
                let value = self.at(id);
                let bounds = [tree.slot(id, 1), tree.slot(id, 2)];
                if tree.slot(id, 3).is_none() {
                    self.part_of_list(id, object, bounds[0], bounds[1], value);
                } else {
                    self.append_list(id, object, None, value);
                }
                value
            }
            Kind::Call => self.call(id),
            Kind::New => self.new_object(id),
            Kind::Str
            | Kind::Int
            | Kind::Float
            | Kind::Bool
            | Kind::Null
            | Kind::Char
            | Kind::Undefined
            | Kind::Regex => {
                let value = self.at(id);
                if let Some(known) = self.literal(id) {
                    self.constants.insert(value, known);
                }
                value
            }
            Kind::Interp => {
                let parts = tree.children(id).to_vec();
                let mut values = Vec::new();
                for part in parts {
                    let inner =
                        if tree.kind(part) == Kind::Hole { tree.children(part).first().copied() } else { Some(part) };
                    if let Some(inner) = inner {
                        let value = self.expr(inner);
                        self.of[part.index()] = value;
                        let name = if self.lang == Lang::Python { "__str__" } else { "toString" };
                        match self.called_by_language(inner, name, value, &[]).filter(|_| tree.kind(part) == Kind::Hole)
                        {
                            Some((text, otherwise)) => values.extend([text, otherwise]),
                            None => values.push(value),
                        }
                    }
                }
                self.made_of(id, &values)
            }
            Kind::Hole => {
                let value = tree.children(id).first().map_or(NOWHERE, |&e| self.expr(e));
                self.of[id.index()] = value;
                value
            }
            Kind::Tagged => {
                let tag = self.expr(tree.child(id, 0));
                let text = self.expr(tree.child(id, 1));
                let mut holes = vec![tag, text];
                holes.extend(tree.children(tree.child(id, 1)).iter().map(|p| self.of[p.index()]));
                self.made_of(id, &holes[..2])
            }
            Kind::Array | Kind::Tuple | Kind::Set => self.list(id),
            Kind::Dict | Kind::Object => self.record(id),
            Kind::Pair => {
                self.expr_if(tree.child(id, 0));
                let value = self.expr(tree.child(id, 1));
                self.of[id.index()] = value;
                value
            }
            Kind::Composite => {
                let object = self.expr(tree.child(id, 1));
                let value = self.at(id);
                self.same(object, value);
                if tree.kind(tree.child(id, 0)) == Kind::TypeArray {
                    let items = tree.children(tree.child(id, 1));
                    if !items.iter().any(|&i| tree.kind(i) == Kind::Pair) {
                        self.lengths.insert(value, items.len() as u32);
                    }
                }
                if let Some(ty) = self.type_name(tree.child(id, 0)) {
                    if self.lang == Lang::Go {
                        self.graph.objects.push((value, ty.clone()));
                    }
                    self.types.insert(value, ty);
                }
                value
            }
            Kind::Binary => self.binary(id),
            Kind::Unary => self.unary(id),
            Kind::Assign => {
                let [target, source] = [tree.child(id, 0), tree.child(id, 1)];
                let value = self.expr(source);
                self.assign(target, value, Some(source));
                self.of[id.index()] = self.of[target.index()];
                if self.of[id.index()] == NOWHERE { value } else { self.of[id.index()] }
            }
            Kind::AugAssign => {
                let [target, source] = [tree.child(id, 0), tree.child(id, 1)];
                let old = self.expr(target);
                if [Op::And, Op::Or, Op::Coalesce].iter().any(|&op| op as u16 == tree.op(id)) {
                    let value = self.chosen(id, target, source, old);
                    self.assign(target, value, None);
                    self.of[id.index()] = value;
                    return value;
                }
                let added = self.expr(source);
                let is_plus = tree.op(id) == Op::Plus as u16;
                let value = self.at(id);
                if is_plus && self.add_lists(id, old, added, value) {
                } else if tree.op(id) == Op::BitOr as u16 && (self.is_map(old) || self.is_map(added)) {
                    self.merge(id, old, &[added], value);
                    self.now_a_map(value);
                } else {
                    self.edge(old, value, Step::Derive);
                    self.edge(added, value, Step::Derive);
                    self.copy(old, value);
                    // A list takes the elements, a text the text.
                    if is_plus {
                        self.copy(added, value);
                    }
                }
                if let Some(folded) = self.fold_binary(tree.op(id), old, added) {
                    self.constants.insert(value, folded);
                }
                self.assign(target, value, None);
                self.of[id.index()] = value;
                value
            }
            Kind::Ternary => {
                let [cond, then, otherwise] = [tree.child(id, 0), tree.child(id, 1), tree.child(id, 2)];
                self.expr(cond);
                self.either(id, cond, Some(then), Some(otherwise), NOWHERE)
            }
            Kind::Lambda => {
                let value = self.at(id);
                if let Some(&number) = self.function_at.get(&id) {
                    self.is_function(value, number);
                }
                self.function(id, self.class);
                value
            }
            Kind::ClassExpr => {
                let class = tree.child(id, 0);
                self.class_def(class);
                let value = self.at(id);
                if let Some(&number) = self.class_at.get(&class) {
                    self.is_class(value, number);
                }
                value
            }
            Kind::Comprehension => self.comprehension(id),
            Kind::Await => {
                let inner = self.expr(tree.child(id, 0));
                let value = self.at(id);
                if self.lang.is_script() {
                    self.awaited(inner, value)
                } else {
                    self.same(inner, value)
                }
                value
            }
            Kind::Yield => {
                let inner = tree.slot(id, 0).map_or(NOWHERE, |e| self.expr(e));
                let returned = self.graph.functions[self.function as usize].returned;
                self.edge(inner, returned, if tree[id].aux == Aux::FROM { Step::Copy } else { Step::Store(Key::ANY) });
                self.at(id)
            }
            Kind::Cast => {
                let inner = self.expr(tree.child(id, 1));
                let value = self.at(id);
                if !self.is_number_type(tree.child(id, 0)) {
                    self.same(inner, value);
                    if let Some(ty) = self.type_name(tree.child(id, 0)) {
                        self.types.insert(value, ty);
                    }
                }
                value
            }
            Kind::Seq => {
                let mut last = NOWHERE;
                for &part in tree.children(id) {
                    last = self.expr(part);
                }
                let value = self.at(id);
                self.same(last, value);
                value
            }
            Kind::Spread | Kind::KwArg => {
                let value = tree.children(id).first().map_or(NOWHERE, |&e| self.expr(e));
                self.of[id.index()] = value;
                value
            }
            Kind::Xml => self.element_of_markup(id),
            Kind::Super => {
                let value = self.at(id);
                let this = self.state[self.this() as usize];
                self.copy(this, value);
                value
            }
            Kind::Switch => {
                let value = self.at(id);
                let alive = self.alive;
                self.switch(id, None, Some(value));
                self.alive = alive;
                value
            }
            Kind::Other if self.lang == Lang::Java && tree.text(id) == "method_reference" => self.method_reference(id),
            kind if kind.is_statement() => {
                self.statement(id);
                NOWHERE
            }
            _ => {
                let mut values = Vec::new();
                for &child in tree.children(id) {
                    if tree.kind(child).is_statement() { self.statement(child) } else { values.push(self.expr(child)) }
                }
                self.made_of(id, &values)
            }
        }
    }

    /// A new value made of others.
    fn made_of(&mut self, id: NodeId, parts: &[Value]) -> Value {
        let value = self.at(id);
        let mut text = Some(String::new());
        for &part in parts {
            self.edge(part, value, Step::Derive);
            text = match (text, self.constants.get(&part)) {
                (Some(text), Some(Const::Str(more))) if text.len() + more.len() < constants::MAX_TEXT => {
                    Some(text + more)
                }
                _ => None,
            };
        }
        if let Some(text) = text.filter(|_| self.tree.kind(id) == Kind::Interp) {
            self.constants.insert(value, Const::Str(text.into()));
        }
        value
    }

    fn ident(&mut self, id: NodeId) -> Value {
        let value = self.at(id);
        let Some(def) = self.names.def(id) else {
            self.read_other(id, value);
            self.inherited(id, value);
            if self.lang.is_script() && self.tree.text(id) == "arguments" {
                self.copy(self.arguments, value);
            }
            return value;
        };
        match self.names.get(def).kind {
            DefKind::Import(_) => {
                self.read_other(id, value);
                if self.names.get(def).assigned > 1 {
                    let held = self.get(def, id);
                    self.same(held, value);
                }
            }
            DefKind::Field if self.lang == Lang::Java => {
                let key = Key::name(self.tree.text(id));
                let owner = self.field_owner(def);
                match owner.map(|owner| (owner, self.statics.get(&(owner, key)).copied())) {
                    Some((owner, Some(cell))) => {
                        // What this function has done to it itself is known in its order.
                        let now = self.state[def.0 as usize];
                        let own = now != NOWHERE && self.graph.nodes[now as usize].function == self.function;
                        self.copy(if own { now } else { cell }, value);
                        self.field_facts(Some(owner), key, value);
                    }
                    // Of the object around this one: it is not known which.
                    Some((owner, None)) if owner != self.class.unwrap_or(owner) => {
                        let cell = self.static_cell(owner, key, id);
                        self.copy(cell, value);
                        self.field_facts(Some(owner), key, value);
                    }
                    _ => {
                        let this = self.state[self.this() as usize];
                        self.edge(this, value, Step::Load(key));
                        self.field_facts(self.class, key, value);
                    }
                }
            }
            DefKind::Field if self.function != 0 => {
                let key = Key::name(self.tree.text(id));
                let this = self.state[self.this() as usize];
                self.edge(this, value, Step::Load(key));
                self.field_facts(self.class, key, value);
            }
            DefKind::Function | DefKind::Class if self.names.get(def).assigned < 2 => {
                let node = self.names.get(def).node;
                let parent = self.tree.parent(node);
                if let Some(&number) = parent.and_then(|p| self.function_at.get(&p)) {
                    if !self.graph.functions[number as usize].is_decorated {
                        self.is_function(value, number);
                    }
                } else if let Some(&number) = parent.and_then(|p| self.class_at.get(&p)) {
                    self.is_class(value, number);
                }
                // A decorator may have put something else in its place.
                let held = self.state[def.0 as usize];
                self.copy(held, value);
            }
            _ => {
                let held = self.get(def, id);
                self.same(held, value);
                if !self.constants.contains_key(&value)
                    && let Some(known) = self.names.value(id).and_then(Const::of_value)
                    && (held == NOWHERE || self.names.get(def).home() != self.body)
                {
                    self.constants.insert(value, known);
                }
                if let Some(ty) = self
                    .names
                    .get(def)
                    .ty
                    .filter(|_| !self.types.contains_key(&value))
                    .and_then(|ty| self.type_name(ty))
                {
                    self.types.insert(value, ty);
                }
            }
        }
        value
    }

    /// A name that nothing here declares may be a field of a base.
    fn inherited(&mut self, id: NodeId, value: Value) {
        let Some(class) = self.class.filter(|_| self.lang == Lang::Java) else { return };
        let mut bases = self.graph.classes[class as usize].bases.clone();
        if bases.is_empty()
            || self.tree.parent(id).is_some_and(|up| {
                matches!(self.tree.kind(up), Kind::Member | Kind::Call)
                    && self.tree.child(up, 0) == id
                    && self.tree.text(id).starts_with(char::is_uppercase)
            })
        {
            return;
        }
        let key = Key::name(self.tree.text(id));
        let this = self.state[self.this() as usize];
        self.edge(this, value, Step::Load(key));
        for _ in 0..8 {
            let Some(base) = bases.iter().find_map(|b| self.class_of_type(b)) else { return };
            if let Some(&cell) = self.statics.get(&(base, key)) {
                self.copy(cell, value);
            }
            self.field_facts(Some(base), key, value);
            bases = self.graph.classes[base as usize].bases.clone();
        }
    }

    /// The class of this file that a type names.
    pub(super) fn class_of_type(&self, ty: &TypeName) -> Option<u32> {
        let [name] = &ty.path[..] else { return None };
        self.class_called(name)
    }

    /// A name of another file (or of nobody).
    fn read_other(&mut self, id: NodeId, value: Value) {
        if let Some(name) = self.dotted(id) {
            self.graph.reads.push((name, value));
        }
    }

    /// What the class says about one of its fields.
    fn field_facts(&mut self, class: Option<u32>, key: Key, value: Value) {
        let Some(class) = class else { return };
        if let Some((_, ty)) = self.graph.classes[class as usize].fields.iter().find(|(k, _)| *k == key) {
            self.types.insert(value, ty.clone());
        }
        if let Some(&cell) = self.statics.get(&(class, key))
            && let Some(known) = self.constants.get(&cell).cloned()
        {
            self.constants.insert(value, known);
        }
    }

    fn member(&mut self, id: NodeId) -> Value {
        let tree = self.tree;
        let object = tree.child(id, 0);
        let name = tree.text(tree.child(id, 1));
        let key = Key::name(name);
        if let Some(class) = self.class_named(object) {
            self.expr(object);
            let value = self.at(id);
            let cell = self.static_cell(class, key, id);
            self.copy(cell, value);
            self.field_facts(Some(class), key, value);
            if self.graph.classes[class as usize].fields.is_empty() {
                self.types.remove(&value);
            }
            return value;
        }
        if self.lang == Lang::Go && self.is_method_value(object, name) {
            return self.method_reference(id);
        }
        let held = self.expr(object);
        let value = self.at(id);
        if library::is_measure(self.lang, name) {
            return value;
        }
        if self.embedded.contains(&key) {
            self.copy(held, value);
        } else {
            self.edge(held, value, Step::Load(key));
        }
        self.read_property(id, name, held, value);
        if let Some(Const::Record(functions)) = self.constants.get(&held)
            && let Some(&(_, number)) = functions.iter().find(|(k, _)| *k == key)
        {
            self.constants.insert(value, Const::Function(number));
        }
        if let Some(name) = self.dotted(id) {
            self.graph.reads.push((name, value));
        }
        let is_own = tree.kind(object) == Kind::This
            || self.types.get(&held).is_some_and(|ty| {
                self.class.is_some_and(|c| ty.path[..] == [self.graph.classes[c as usize].name.clone()])
            });
        if is_own {
            self.field_facts(self.class, key, value);
        } else if let Some(ty) = self.types.get(&held).cloned()
            && let [class] = &ty.path[..]
            && let Some(class) = self.class_called(class)
        {
            self.field_facts(Some(class), key, value);
        }
        value
    }

    /// Go: `b.get` without a call, where `get` is a method of what `b` is.
    fn is_method_value(&self, object: NodeId, name: &str) -> bool {
        let ty = self.names.type_of(self.tree, object).and_then(|ty| self.type_name(ty));
        let class = ty.and_then(|ty| self.class_of_type(&ty));
        class.is_some_and(|c| {
            self.graph.classes[c as usize].methods.iter().any(|&m| self.graph.functions[m as usize].name == name)
        })
    }

    /// Is the key of a pair the name of a field? In Go only the type tells: those of maps and lists are expressions.
    pub(super) fn is_field_name(&self, pair: NodeId) -> bool {
        let tree = self.tree;
        if self.lang != Lang::Go {
            return true;
        }
        let literal = tree.parent(pair);
        match literal.and_then(|l| self.literal_type(l)) {
            Some(ty) => !matches!(tree.kind(ty), Kind::TypeMap | Kind::TypeArray),
            None => true,
        }
    }

    /// Go: the type of the literal whose braces these are; those within a list or map have the type of its elements.
    pub(super) fn literal_type(&self, braces: NodeId) -> Option<NodeId> {
        let tree = self.tree;
        let mut depth = 0;
        let mut at = braces;
        let ty = loop {
            let up = tree.parent(at)?;
            match tree.kind(up) {
                Kind::Composite => break tree.child(up, 0),
                Kind::Object => {
                    depth += 1;
                    at = up;
                }
                Kind::Pair => at = up,
                _ => return None,
            }
        };
        let mut ty = ty;
        for _ in 0..depth {
            ty = match tree.kind(ty) {
                Kind::TypeArray => tree.child(ty, 0),
                Kind::TypeMap => tree.child(ty, 1),
                _ => return None,
            };
        }
        Some(ty)
    }

    /// The cell of an item without a key: an element of a list, or a field by its position in the struct.
    pub(super) fn position_key(&self, literal: NodeId, index: usize) -> Key {
        let tree = self.tree;
        if self.lang == Lang::Go
            && tree.kind(literal) == Kind::Object
            && let Some(ty) = self.literal_type(literal)
        {
            let ty = if tree.kind(ty) == Kind::TypePointer { tree.child(ty, 0) } else { ty };
            if tree.kind(ty) == Kind::Other {
                let field = tree.children(ty).iter().filter(|&&f| tree.kind(f) == Kind::VarDef).nth(index);
                return field.map_or(Key::ANY, |&f| Key::name(tree.text(tree.child(f, 0))));
            }
            if !matches!(tree.kind(ty), Kind::TypeArray | Kind::TypeMap) {
                let class = self.class_named(ty);
                return class
                    .and_then(|c| self.graph.classes[c as usize].components.get(index))
                    .copied()
                    .unwrap_or(Key::ANY);
            }
        }
        Key::index(index.min(255) as u32)
    }

    /// `[name]` as a property's name: the expression in it.
    pub(super) fn computed(&self, name: NodeId) -> NodeId {
        match self.tree.children(name) {
            &[inner] if matches!(self.tree.kind(name), Kind::Other | Kind::Hole | Kind::Array) => inner,
            _ => name,
        }
    }

    fn binary(&mut self, id: NodeId) -> Value {
        let tree = self.tree;
        let [left, right] = [tree.child(id, 0), tree.child(id, 1)];
        let op = tree.op(id);
        let is = |o: Op| op == o as u16;
        if is(Op::And) || is(Op::Or) || is(Op::Coalesce) {
            let first = self.expr(left);
            return self.chosen(id, left, right, first);
        }
        // `x instanceof T name`
        if is(Op::InstanceOf) && super::statements::tree_is_binding(tree, right) {
            let held = self.expr(left);
            self.bind(right, held);
            return self.at(id);
        }
        let (a, b) = (self.expr(left), self.expr(right));
        // `ch <- v`
        if is(Op::Arrow) {
            let version = self.hidden(id);
            self.copy(a, version);
            self.edge(b, version, Step::Store(Key::ANY));
            self.replace(left, a, version);
            let value = self.at(id);
            self.copy(b, value);
            return value;
        }
        let value = self.at(id);
        if is(Op::Plus) && self.add_lists(id, a, b, value) {
            return value;
        }
        if is(Op::BitOr) && (self.is_map(a) || self.is_map(b)) {
            self.merge(id, a, &[b], value);
            self.now_a_map(value);
            return value;
        }
        let (mut a, mut b) = (a, b);
        if is(Op::Plus)
            && self.lang == Lang::Python
            && let Some((sum, otherwise)) = self.called_by_language(id, "__add__", a, &[(Slot::At(0), b)])
        {
            let call = self.graph.calls.len() as u32 - 1;
            self.copy(sum, value);
            let other = self.hidden(id);
            self.edge(b, other, Step::Past(call));
            self.known_of(b, other);
            (a, b) = (otherwise, other);
        }
        let compares = op >= Op::Eq as u16 && op <= Op::InstanceOf as u16;
        if !compares {
            self.edge(a, value, Step::Derive);
            self.edge(b, value, Step::Derive);
            if is(Op::Plus) && self.lang == Lang::Python {
                self.copy(a, value);
                self.copy(b, value);
            }
        }
        if let Some(folded) = self.fold_binary(op, a, b) {
            self.constants.insert(value, folded);
        }
        value
    }

    /// `a and b`, `a or b`, `a ?? b`: one of the two. `first` is the value of the left one.
    fn chosen(&mut self, id: NodeId, left: NodeId, right: NodeId, first: Value) -> Value {
        let op = self.tree.op(id);
        if op == Op::And as u16 {
            return self.either(id, left, Some(right), None, first);
        }
        if op == Op::Or as u16 {
            return self.either(id, left, None, Some(right), first);
        }
        let is_something = self.constants.get(&first).is_some_and(|c| *c != Const::Null);
        if is_something {
            self.skip(right);
            let value = self.at(id);
            self.same(first, value);
            return value;
        }
        let second = self.expr(right);
        let value = self.at(id);
        self.copy(first, value);
        self.copy(second, value);
        value
    }

    fn unary(&mut self, id: NodeId) -> Value {
        let tree = self.tree;
        let operand = tree.child(id, 0);
        let op = tree.op(id);
        let held = self.expr(operand);
        let value = self.at(id);
        let is = |o: Op| op == o as u16;
        if is(Op::Ref) || is(Op::Deref) {
            self.same(held, value);
        } else if is(Op::Arrow) {
            self.edge(held, value, Step::Load(Key::ANY));
        } else if !(is(Op::Not)
            || is(Op::TypeOf)
            || is(Op::Void)
            || is(Op::Delete)
            || is(Op::Minus)
            || is(Op::Plus)
            || is(Op::BitNot))
        {
            self.edge(held, value, Step::Derive);
        }
        if let Some(folded) = self.fold_unary(op, held) {
            self.constants.insert(value, folded);
        }
        // `---x` is no code, and could be long.
        if op >= Op::PreInc as u16 && matches!(tree.kind(operand), Kind::Ident | Kind::Member | Kind::Index) {
            let next = self.hidden(id);
            if let Some(&Const::Int(n)) = self.constants.get(&held) {
                let step = if is(Op::PreInc) || is(Op::PostInc) { 1 } else { -1 };
                self.constants.insert(next, Const::Int(n.saturating_add(step)));
            }
            self.assign(operand, next, None);
        }
        if is(Op::Delete) {
            self.delete(operand);
        }
        value
    }

    /// A value that is one of several by a condition. `first` is the condition's own value for `and` and `or`.
    fn either(
        &mut self,
        id: NodeId,
        cond: NodeId,
        then: Option<NodeId>,
        otherwise: Option<NodeId>,
        first: Value,
    ) -> Value {
        let known = self.truth(cond);
        let mut values = Vec::new();
        let mut side = |b: &mut Self, part: Option<NodeId>, holds: bool| {
            if known == Some(!holds) {
                if let Some(part) = part {
                    b.skip(part);
                }
                return None;
            }
            let mut result = first;
            let branch = b.branch(|b| {
                b.guard(cond, holds);
                if let Some(part) = part {
                    result = b.expr(part);
                }
            });
            values.push(result);
            Some(branch)
        };
        let yes = side(self, then, true);
        let no = side(self, otherwise, false);
        self.join(yes.into_iter().chain(no).collect(), id);
        let value = self.at(id);
        match values.as_slice() {
            [one] => self.same(*one, value),
            _ => {
                let joined = self.phi(&values, id);
                self.same(joined, value);
            }
        }
        // `a and b` and `a or b` may be booleans.
        value
    }
}
