//! Files, classes and functions.

use rampart_syntax::{Aux, Op};

use super::*;

/// Parameters of one function that are looked at: at a call each argument asks each of them.
const MAX_PARAMS: usize = 5_000;

impl Builder<'_> {
    pub(super) fn file(&mut self) {
        let root = self.tree.root();
        self.graph.functions.push(Function { span: self.tree.span(root), ..Function::default() });
        let returned = self.hidden(root);
        self.graph.functions[0].returned = returned;
        self.thrown = self.hidden(root);
        self.graph.functions[0].thrown = self.thrown;
        self.number();
        self.open.push(0);
        self.exits.push(Exit {
            kind: ExitKind::Function,
            label: None,
            mark: 0,
            leaving: Vec::new(),
            continuing: Vec::new(),
        });
        self.begin_course(root);
        self.statements(root);
        self.exits.pop();
        self.open.pop();
        // Functions are called when the file has run.
        while !self.later.is_empty() {
            for (id, class) in std::mem::take(&mut self.later) {
                self.function(id, class);
            }
        }
        self.exports();
    }

    /// Gives functions and classes their numbers, and finds which variables inner functions use and change.
    fn number(&mut self) {
        let tree = self.tree;
        // (node, body of the function around it, its number, class that it is a member of, class that it stands in)
        let mut stack = vec![(tree.root(), 0u32, 0u32, None::<u32>, None::<u32>)];
        while let Some((id, body, function, class, within)) = stack.pop() {
            let (mut body, mut function, mut class, mut within) = (body, function, class, within);
            match tree.kind(id) {
                Kind::FuncDef | Kind::Lambda => {
                    let named = tree.kind(id) == Kind::FuncDef;
                    let kids = tree.children(id);
                    let (params, returns, inner) =
                        if named { (kids[3], kids[4], kids[5]) } else { (kids[0], kids[1], kids[2]) };
                    let number = self.graph.functions.len() as u32;
                    let name = if named { tree.text(kids[2]).to_string() } else { String::new() };
                    let receiver = tree
                        .children(params)
                        .first()
                        .copied()
                        .filter(|&p| tree.kind(p) == Kind::Param && tree[p].aux == Aux::RECEIVER);
                    if let Some(receiver) = receiver {
                        class = tree
                            .slot(receiver, 1)
                            .and_then(|ty| self.type_name(ty))
                            .and_then(|ty| self.placeholder_class(&ty));
                    }
                    let is_accessor = named && self.note_accessor(id);
                    if named && let Some(class) = class {
                        self.graph.classes[class as usize].methods.push(number);
                    }
                    let (returned, thrown) = (self.hidden(id), self.hidden(id));
                    self.graph.functions.push(Function {
                        name,
                        span: tree.span(id),
                        class: class.filter(|_| named),
                        outer: Some(function),
                        returned,
                        thrown,
                        is_declaration: tree.kind(inner) == Kind::Nil,
                        is_static: named && self.has_modifier(kids[0], &["static", "staticmethod"]),
                        returns: self.type_name(returns),
                        arity: tree.children(params).len().min(usize::from(u16::MAX)) as u16,
                        is_accessor,
                        is_decorated: named
                            && class.is_none()
                            && self.lang == Lang::Python
                            && !tree.children(kids[0]).is_empty(),
                        ..Function::default()
                    });
                    self.graph.nodes[returned as usize].function = number;
                    self.graph.nodes[thrown as usize].function = number;
                    self.function_at.insert(id, number);
                    body = inner.0 + 1;
                    function = number;
                    // What stands in a method's body belongs to no class by itself.
                    class = None;
                }
                Kind::ClassDef => {
                    class = Some(self.class_of(id, class));
                    within = class;
                }
                Kind::New if tree.slot(id, 2).is_some() => {
                    class = Some(self.anonymous_class(id));
                    within = class;
                }
                Kind::Ident => {
                    if self.lang.is_script() && tree.text(id) == "arguments" {
                        self.uses_arguments.insert(function);
                    }
                    if let Some(def) = self.names.def(id) {
                        self.note_use(id, def, body);
                        if self.lang == Lang::Java
                            && self.names.get(def).kind == DefKind::Field
                            && self.field_owner(def) != within
                        {
                            self.outer_fields.insert(def);
                        }
                    }
                }
                _ => {}
            }
            stack.extend(tree.children(id).iter().rev().map(|&kid| (kid, body, function, class, within)));
        }
    }

    fn note_use(&mut self, id: NodeId, def: DefId, body: u32) {
        let tree = self.tree;
        let away = self.names.get(def).home() != body;
        if away {
            self.captured.insert(def);
        }
        let mut root = id;
        while let Some(up) = tree.parent(root) {
            if !matches!(tree.kind(up), Kind::Member | Kind::Index) || tree.child(up, 0) != root {
                break;
            }
            root = up;
        }
        let Some(up) = tree.parent(root) else { return };
        let first = tree.child(up, 0) == root;
        let target = match tree.kind(up) {
            Kind::Assign | Kind::AugAssign | Kind::ForEach => first,
            Kind::Tuple | Kind::Array => {
                tree.parent(up).is_some_and(|p| tree.kind(p) == Kind::Assign && tree.child(p, 0) == up)
            }
            Kind::Unary => tree.op(up) >= Op::PreInc as u16,
            _ => false,
        };
        if target && root == id {
            self.reassigned.insert(def);
        }
        // What is sent to a channel is seen by all who have it, before and after.
        if tree.kind(up) == Kind::Binary && tree.op(up) == Op::Arrow as u16 && first {
            self.captured.insert(def);
            self.written.insert(def);
        }
        if away && (target || root != id && tree.kind(up) == Kind::Call && first) {
            self.written.insert(def);
        }
    }

    pub(super) fn has_modifier(&self, attrs: NodeId, words: &[&str]) -> bool {
        self.tree.children(attrs).iter().any(|&attr| match self.tree.kind(attr) {
            Kind::Modifier => words.contains(&self.tree.text(attr)),
            Kind::Annotation => words.contains(&self.tree.text(self.tree.child(attr, 0))),
            _ => false,
        })
    }

    fn class_of(&mut self, id: NodeId, around: Option<u32>) -> u32 {
        let tree = self.tree;
        let kids = tree.children(id);
        let name = tree.text(kids[2]).to_string();
        let bases = [kids[3], kids[4]].into_iter().flat_map(|list| tree.children(list).iter().copied());
        let bases: Vec<TypeName> = bases.filter_map(|base| self.type_name(base)).collect();
        let outer = around.map_or_else(Vec::new, |up| {
            let up = &self.graph.classes[up as usize];
            up.outer.iter().cloned().chain([up.name.clone()]).collect()
        });
        let class = Class {
            name,
            span: tree.span(id),
            outer,
            bases,
            is_interface: tree[id].aux == Aux::INTERFACE,
            ..Class::default()
        };
        let known = self.class_called(&class.name).map(|at| at as usize);
        let number = match known.filter(|&at| self.graph.classes[at].span.is_empty()) {
            // Methods of Go may stand before the type.
            Some(at) => {
                let methods = std::mem::take(&mut self.graph.classes[at].methods);
                self.graph.classes[at] = Class { methods, ..class };
                at
            }
            None => self.add_class(class) as usize,
        };
        for &member in tree.children(kids[6]) {
            if tree.kind(member) == Kind::VarDef
                && let Some(ty) = tree.slot(member, 1).and_then(|ty| self.type_name(ty))
            {
                let key = Key::name(tree.text(tree.child(member, 0)));
                self.graph.classes[number].fields.push((key, ty));
            }
        }
        // Fields that the parameters of a constructor declare.
        for &member in tree.children(kids[6]) {
            if tree.kind(member) == Kind::FuncDef {
                for &param in tree.children(tree.child(member, 3)) {
                    if tree.kind(param) == Kind::Param
                        && self.has_modifier(tree.child(param, 3), &["private", "public", "protected", "readonly"])
                        && let Some(ty) = tree.slot(param, 1).and_then(|ty| self.type_name(ty))
                    {
                        let key = Key::name(tree.text(tree.child(param, 0)));
                        self.graph.classes[number].fields.push((key, ty));
                    }
                }
            }
        }
        self.class_at.insert(id, number as u32);
        self.graph.classes[number].is_enum = tree[id].aux == Aux::ENUM;
        if matches!(self.lang, Lang::Java | Lang::Python) {
            self.implied_members(id, number as u32);
        }
        if self.lang == Lang::Go {
            self.struct_fields(kids[6], number as u32);
        }
        number as u32
    }

    /// Fields of a Go struct in their order. What is embedded is taken for a base: its fields and methods are the struct's own.
    fn struct_fields(&mut self, body: NodeId, class: u32) {
        let tree = self.tree;
        let mut components = Vec::new();
        for &member in tree.children(body) {
            if tree.kind(member) != Kind::VarDef {
                continue;
            }
            if let Some(name) = tree.slot(member, 0) {
                components.push(Key::name(tree.text(name)));
            } else if let Some(ty) = tree.slot(member, 1).and_then(|ty| self.type_name(ty)) {
                let key = Key::name(ty.path.last().map_or("", String::as_str));
                components.push(key);
                self.embedded.insert(key);
                self.graph.classes[class as usize].bases.push(ty);
            }
        }
        self.graph.classes[class as usize].components = components;
    }

    /// `new T() { … }` makes an object of a class that has no name.
    fn anonymous_class(&mut self, id: NodeId) -> u32 {
        let tree = self.tree;
        let base = self.type_name(tree.child(id, 0));
        let name = format!("${}", self.graph.classes.len());
        let number =
            self.add_class(Class { name, span: tree.span(id), bases: base.into_iter().collect(), ..Class::default() });
        self.class_at.insert(id, number);
        number
    }

    /// The class that a method declared outside of it belongs to.
    fn placeholder_class(&mut self, ty: &TypeName) -> Option<u32> {
        let [name] = &ty.path[..] else { return None };
        let known = self.class_called(name);
        Some(known.unwrap_or_else(|| self.add_class(Class { name: name.clone(), ..Class::default() })))
    }

    fn add_class(&mut self, class: Class) -> u32 {
        let number = self.graph.classes.len() as u32;
        self.class_names.entry(class.name.clone()).or_insert(number);
        self.graph.classes.push(class);
        number
    }

    /// The first class of this file with the name.
    pub(super) fn class_called(&self, name: &str) -> Option<u32> {
        self.class_names.get(name).copied()
    }

    // ── classes ──────────────────────────────────────────────────────────────────────────────────

    pub(super) fn class_def(&mut self, id: NodeId) {
        let tree = self.tree;
        let kids = tree.children(id);
        self.attributes(kids[0]);
        let class = self.class_at.get(&id).copied();
        self.class_body(id, kids[6], class, true);
        if let Some(def) = self.names.def(kids[2]) {
            let value = self.at(kids[2]);
            self.constants.insert(value, Const::Class(class.unwrap_or(0)));
            self.set(def, value);
        }
    }

    /// Fields, and what runs when an object is made; methods `later`, or at once.
    pub(super) fn class_body(&mut self, id: NodeId, body: NodeId, class: Option<u32>, later: bool) {
        let tree = self.tree;
        let around = std::mem::replace(&mut self.class, class);
        let defaults = self.hidden(id);
        self.graph.nodes[defaults as usize].function = 0;
        if let Some(class) = class {
            self.graph.classes[class as usize].defaults = defaults;
        }
        let this = self.state[self.this() as usize];
        let var = self.this();
        self.set_var(var, defaults);
        for &member in tree.children(body) {
            match tree.kind(member) {
                Kind::VarDef => self.field_def(member, defaults),
                Kind::FuncDef if later => {
                    self.attributes(tree.child(member, 0));
                    self.later.push((member, class));
                }
                Kind::FuncDef => self.function(member, class),
                _ => self.statement(member),
            }
        }
        let left = self.state[var as usize];
        self.copy(left, defaults);
        self.set_var(var, this);
        self.class = around;
    }

    /// A field with a value from the start; static ones are cells of their own.
    fn field_def(&mut self, member: NodeId, defaults: Value) {
        let tree = self.tree;
        let kids = tree.children(member);
        self.attributes(kids[3]);
        let key = Key::name(tree.text(kids[0]));
        let is_java = self.lang == Lang::Java;
        let is_static = !is_java || self.is_static_field(member);
        let cell = match self.class.filter(|_| is_static && (is_java || tree.slot(member, 2).is_some())) {
            Some(class) => self.static_cell(class, key, kids[0]),
            None => NOWHERE,
        };
        let Some(init) = tree.slot(member, 2) else { return };
        let value = self.expr(init);
        let target = self.at(kids[0]);
        self.same(value, target);
        if let Some(ty) = tree.slot(member, 1).filter(|_| is_java).and_then(|ty| self.type_name(ty)) {
            self.types.entry(target).or_insert(ty);
        }
        if cell != NOWHERE {
            let is_final = is_java && (self.has_modifier(kids[3], &["final"]) || self.in_interface(member));
            if is_final { self.same(target, cell) } else { self.copy(target, cell) }
        }
        if is_java && is_static {
            return;
        }
        self.edge(target, defaults, Step::Store(key));
        if let Some(def) = self.names.def(kids[0]) {
            self.set(def, target);
            if self.outer_fields.contains(&def)
                && let Some(class) = self.class
            {
                let cell = self.static_cell(class, key, kids[0]);
                self.copy(target, cell);
            }
        }
    }

    fn is_static_field(&self, member: NodeId) -> bool {
        let tree = self.tree;
        // Constants of an enum have no type.
        self.has_modifier(tree.child(member, 3), &["static"])
            || self.in_interface(member)
            || tree.kind(tree.child(member, 1)) == Kind::Nil
    }

    fn in_interface(&self, member: NodeId) -> bool {
        let class = self.tree.parent(member).and_then(|body| self.tree.parent(body));
        class.is_some_and(|c| self.tree.kind(c) == Kind::ClassDef && self.tree[c].aux == Aux::INTERFACE)
    }

    /// The class that a field of Java is declared in.
    pub(super) fn field_owner(&self, def: DefId) -> Option<u32> {
        let tree = self.tree;
        let member = tree.parent(self.names.get(def).node)?;
        let class = tree.parent(tree.parent(member)?)?;
        self.class_at.get(&class).copied()
    }

    /// The name of a record's component.
    pub(super) fn component(&self, record: NodeId, index: usize) -> Key {
        let components =
            self.class_named(record).and_then(|class| self.graph.classes[class as usize].components.get(index));
        components.copied().unwrap_or(Key::ANY)
    }

    /// What a field holds for the class as a whole.
    pub(super) fn static_cell(&mut self, class: u32, key: Key, at: NodeId) -> Value {
        if let Some(&cell) = self.statics.get(&(class, key)) {
            return cell;
        }
        let cell = self.hidden(at);
        self.graph.nodes[cell as usize].function = 0;
        self.statics.insert((class, key), cell);
        self.graph.classes[class as usize].statics.push((key, cell));
        cell
    }

    /// Decorators and annotations are expressions too.
    pub(super) fn attributes(&mut self, attrs: NodeId) {
        let tree = self.tree;
        for &attr in tree.children(attrs) {
            if tree.kind(attr) == Kind::Annotation {
                for &part in tree.children(attr) {
                    match tree.kind(part) {
                        Kind::Args => {
                            for &arg in tree.children(part) {
                                self.expr(arg);
                            }
                        }
                        _ => {
                            self.expr(part);
                        }
                    }
                }
            }
        }
    }

    // ── functions ────────────────────────────────────────────────────────────────────────────────

    /// Builds the body of a function, method or lambda.
    pub(super) fn function(&mut self, id: NodeId, class: Option<u32>) {
        let tree = self.tree;
        let Some(&number) = self.function_at.get(&id) else { return };
        let named = tree.kind(id) == Kind::FuncDef;
        let kids = tree.children(id);
        let (params, body) = if named { (kids[3], kids[5]) } else { (kids[0], kids[2]) };
        let outer = (self.function, self.body, self.alive, self.class, self.thrown);
        self.thrown = self.graph.functions[number as usize].thrown;
        let outer_params = std::mem::take(&mut self.params);
        let outer_results = std::mem::take(&mut self.results_named);
        let inner_later = std::mem::take(&mut self.later);
        let outer_vouched = self.vouched.take();
        let outer_arguments = self.arguments;
        let outer_work = std::mem::replace(&mut self.work, work_of((id.0 - tree[id].low) as usize));
        self.function = number;
        self.body = body.0 + 1;
        self.alive = true;
        if named && class.is_some() {
            self.class = class;
        }
        self.open.push(self.body);
        let mark = self.changes.len();
        self.exits.push(Exit {
            kind: ExitKind::Function,
            label: None,
            mark,
            leaving: Vec::new(),
            continuing: Vec::new(),
        });
        let is_static = self.graph.functions[number as usize].is_static;
        let is_method = if named && class.is_some() { !is_static } else { self.has_this(id) };
        let class = self.graph.functions[number as usize].class.or(class.filter(|_| named));
        if is_method && !matches!(self.lang, Lang::Python | Lang::Go) {
            let this = self.hidden(id);
            self.parameter(self.this(), this, Slot::Receiver, "this", class.map(|c| self.own_type(c)));
        }
        if self.lang.is_script() && self.uses_arguments.contains(&number) {
            let value = self.hidden(id);
            self.graph.functions[number as usize].params.push(Param {
                slot: Slot::Rest,
                name: Key::name("arguments"),
                value,
                ty: None,
            });
            self.arguments = value;
        }
        self.parameters(params, is_method && self.lang == Lang::Python, class);
        self.compact_parameters(id);
        self.begin_course(id);
        let results = if named { kids[4] } else { kids[1] };
        self.named_results(results);
        let returned = self.graph.functions[number as usize].returned;
        if tree.kind(body) == Kind::Block {
            self.statements(body);
        } else if tree.kind(body) != Kind::Nil {
            let value = self.expr(body);
            self.copy(value, returned);
            self.vouch(body);
        }
        self.deferred_results(returned);
        self.function_end(number, id);
        // Inner functions see all that this one gave its variables.
        self.open.pop();
        while !self.later.is_empty() {
            for (inner, class) in std::mem::take(&mut self.later) {
                self.function(inner, class);
            }
        }
        for (var, old) in self.changes.drain(mark..).rev() {
            self.state[var as usize] = old;
        }
        self.later = inner_later;
        self.vouched = outer_vouched;
        self.arguments = outer_arguments;
        self.params = outer_params;
        self.work = outer_work;
        self.results_named = outer_results;
        (self.function, self.body, self.alive, self.class, self.thrown) = outer;
    }

    /// A function of a script that is given a `this`: all but arrows. An arrow begins with its parameters.
    fn has_this(&self, id: NodeId) -> bool {
        let tree = self.tree;
        self.lang.is_script()
            && match tree.kind(id) {
                Kind::FuncDef => true,
                _ => tree.span(tree.child(id, 0)).start >= tree.span(id).start + "function".len() as u32,
            }
    }

    /// What the parameters hold at the ends of the function.
    fn function_end(&mut self, number: u32, at: NodeId) {
        if self.alive {
            self.leave_function();
        }
        self.exits.pop();
        for Parameter { var, slot, left: mut values } in std::mem::take(&mut self.params) {
            let is_changed = self.names.defs.get(var as usize).is_some() && self.reassigned.contains(&DefId(var));
            if is_changed {
                continue;
            }
            // Go: a method of a value has a copy of its own.
            if slot == Slot::Receiver && self.is_value_receiver(at) {
                let function = &mut self.graph.functions[number as usize];
                let given = function.params.iter().find(|p| p.slot == slot).map(|p| (slot, p.value));
                function.left.extend(given);
                continue;
            }
            values.sort_unstable();
            values.dedup();
            let left = self.phi(&values, at);
            if left != NOWHERE {
                self.graph.functions[number as usize].left.push((slot, left));
            }
        }
    }

    fn is_value_receiver(&self, function: NodeId) -> bool {
        let tree = self.tree;
        if self.lang != Lang::Go || tree.kind(function) != Kind::FuncDef {
            return false;
        }
        let receiver = tree
            .children(tree.child(function, 3))
            .first()
            .filter(|&&p| tree.kind(p) == Kind::Param && tree[p].aux == Aux::RECEIVER);
        let ty = receiver.and_then(|&p| tree.slot(p, 1));
        // A map or list under another name is still one.
        ty.is_some_and(|ty| {
            tree.kind(ty) != Kind::TypePointer
                && self.class_named(ty).is_some_and(|c| !self.graph.classes[c as usize].components.is_empty())
        })
    }

    pub(super) fn parameter(&mut self, var: Var, value: Value, slot: Slot, name: &str, ty: Option<TypeName>) {
        self.set_var(var, value);
        self.params.push(Parameter { var, slot, left: Vec::new() });
        if let Some(ty) = &ty {
            self.types.insert(value, ty.clone());
        }
        let function = &mut self.graph.functions[self.function as usize];
        function.params.push(Param { slot, name: Key::name(name), value, ty });
    }

    /// Go: results with names are variables, which a `return` without values returns.
    fn named_results(&mut self, results: NodeId) {
        let tree = self.tree;
        self.results_named.clear();
        if self.lang != Lang::Go || tree.kind(results) != Kind::Params {
            return;
        }
        for &param in tree.children(results) {
            if tree.kind(param) == Kind::Param
                && let Some(def) = self.names.def(tree.child(param, 0))
            {
                let value = self.hidden(param);
                self.set(def, value);
                self.results_named.push(def);
            }
        }
    }

    /// What deferred functions give to named results is returned too.
    fn deferred_results(&mut self, returned: Value) {
        let named = std::mem::take(&mut self.results_named);
        for (i, &def) in named.iter().enumerate() {
            if self.captured.contains(&def) && self.written.contains(&def) {
                let cell = self.cell(def);
                self.edge(
                    cell,
                    returned,
                    if named.len() == 1 { Step::Copy } else { Step::Store(Key::index(i as u32)) },
                );
            }
        }
    }

    /// A compact constructor of a record has its parameters in the record's fields.
    fn compact_parameters(&mut self, id: NodeId) {
        let tree = self.tree;
        let Some(record) = tree.parent(id).and_then(|body| tree.parent(body)) else { return };
        if tree.kind(record) != Kind::ClassDef || !self.is_compact(id, record) {
            return;
        }
        let var = self.this();
        for (i, &param) in tree.children(tree.child(record, 5)).iter().enumerate() {
            let key = Key::name(tree.text(tree.child(param, 0)));
            let value = self.hidden(param);
            let slot = Slot::At(i.min(usize::from(u16::MAX)) as u16);
            self.graph.functions[self.function as usize].params.push(Param { slot, name: key, value, ty: None });
            let this = self.state[var as usize];
            let version = self.stored(param, this, key, value);
            self.set_var(var, version);
        }
    }

    fn parameters(&mut self, params: NodeId, python_method: bool, class: Option<u32>) {
        let tree = self.tree;
        let mut position = 0u16;
        let all = tree.children(params);
        if all.len() > MAX_PARAMS {
            let span = self.graph.functions[self.function as usize].span;
            self.graph.too_intricate.get_or_insert(span);
        }
        for (i, &param) in all.iter().enumerate().take(MAX_PARAMS) {
            let (target, default, aux) = match tree.kind(param) {
                Kind::Param => (tree.child(param, 0), tree.slot(param, 2), tree[param].aux),
                _ => (param, None, 0),
            };
            if tree.kind(target) == Kind::Nil || tree.kind(param) == Kind::Other {
                continue;
            }
            // `this: T` of TypeScript only says what `this` is.
            if self.lang.is_script()
                && (tree.kind(target) == Kind::This || tree.kind(target) == Kind::Ident && tree.text(target) == "this")
            {
                continue;
            }
            if tree.kind(param) == Kind::Param {
                self.attributes(tree.child(param, 3));
            }
            let slot = if aux == Aux::RECEIVER || python_method && i == 0 {
                Slot::Receiver
            } else if aux == Aux::REST {
                Slot::Rest
            } else if aux == Aux::DOUBLE {
                Slot::Named(Key::ANY)
            } else {
                position = position.saturating_add(1);
                Slot::At(position - 1)
            };
            let default = default.map(|d| self.expr(d));
            let value = self.at(target);
            if tree.kind(param) == Kind::Param {
                self.of[param.index()] = value;
            }
            let mut ty =
                tree.slot(param, 1).filter(|_| tree.kind(param) == Kind::Param).and_then(|ty| self.type_name(ty));
            if slot == Slot::Receiver {
                ty = class.map(|c| self.own_type(c)).or(ty);
            }
            if let Some(default) = default {
                self.copy(default, value);
            }
            let name = if tree.kind(target) == Kind::Ident { tree.text(target) } else { "" };
            match (tree.kind(target), self.names.def(target)) {
                (Kind::Ident, Some(def)) => {
                    self.parameter(def.0, value, slot, name, ty);
                    if self.captured.contains(&def) {
                        let cell = self.cell(def);
                        self.copy(value, cell);
                    }
                }
                _ => {
                    let function = &mut self.graph.functions[self.function as usize];
                    function.params.push(Param { slot, name: Key::name(name), value, ty });
                    if tree.kind(target) != Kind::Ident {
                        self.assign(target, value, None);
                    }
                }
            }
            // `constructor(private name: string)` declares and fills a field.
            if tree.kind(param) == Kind::Param
                && self.lang.is_script()
                && self.has_modifier(tree.child(param, 3), &["private", "public", "protected", "readonly"])
            {
                let this = self.state[self.this() as usize];
                let version = self.hidden(param);
                let key = Key::name(name);
                self.edge(this, version, Step::Keep(key));
                self.edge(value, version, Step::Store(key));
                let var = self.this();
                self.set_var(var, version);
            }
        }
    }

    pub(super) fn own_type(&self, class: u32) -> TypeName {
        TypeName { path: [self.graph.classes[class as usize].name.clone()].into(), imported: false }
    }
}
