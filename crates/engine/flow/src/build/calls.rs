//! Calls: who is called with what, and what the library's own calls do.

use rampart_syntax::Op;

use super::callbacks::Argument;
use super::library::Effect;
use super::*;

impl Builder<'_> {
    pub(super) fn call(&mut self, id: NodeId) -> Value {
        let tree = self.tree;
        let callee = tree.child(id, 0);
        let mut receiver = None;
        let mut method = "";
        let target = match tree.kind(callee) {
            Kind::Member => {
                let object = tree.child(callee, 0);
                method = tree.text(tree.child(callee, 1));
                let held = if self.is_super(object) {
                    let value = self.at(object);
                    let now = self.state[self.receiver_var() as usize];
                    self.same(now, value);
                    value
                } else {
                    self.expr(object)
                };
                receiver = Some((object, held));
                self.member_callee(callee, object, held, method)
            }
            _ => {
                let value = self.expr(callee);
                self.plain_callee(callee, value, &mut receiver)
            }
        };
        let name = if method.is_empty() && tree.kind(callee) == Kind::Ident { tree.text(callee) } else { method };
        let args = self.arguments(tree.child(id, 1));
        if tree.kind(callee) == Kind::Ident {
            self.settle(callee, args.first().map_or(NOWHERE, |a| a.1));
        }
        let is_applied = match (method, args.as_slice()) {
            ("call", [_, ..]) | ("apply", [_, _]) => true,
            ("apply", [this]) => matches!(tree.kind(this.2), Kind::This | Kind::Null),
            _ => false,
        };
        if self.lang.is_script() && is_applied && !matches!(&target, Callee::Method { of: Some(_), .. }) {
            return self.called_for(id, callee, args);
        }
        let is_last = library::never_returns(self.lang, class_of(&target), name);
        let thrown = args.first().map_or(NOWHERE, |a| a.1);
        let value = self.finish_call(id, target, receiver, args, name);
        if is_last {
            if name == "panic" {
                self.copy(thrown, self.thrown);
            }
            self.alive = false;
        }
        value
    }

    /// `f.call(object, …)` and `f.apply(object, list)`
    fn called_for(&mut self, id: NodeId, callee: NodeId, mut args: Vec<Argument>) -> Value {
        let tree = self.tree;
        let function = tree.child(callee, 0);
        let (_, this, object) = args.remove(0);
        for (slot, ..) in &mut args {
            *slot = match *slot {
                Slot::At(_) if tree.text(tree.child(callee, 1)) == "apply" => Slot::Rest,
                Slot::At(n) => Slot::At(n.saturating_sub(1)),
                slot => slot,
            };
        }
        let name = if tree.kind(function) == Kind::Member { tree.text(tree.child(function, 1)) } else { "" };
        let value = self.of[function.index()];
        let mut receiver = Some((object, this));
        let target = self.plain_callee(function, value, &mut receiver);
        self.finish_call(id, target, Some((object, this)), args, name)
    }

    pub(super) fn new_object(&mut self, id: NodeId) -> Value {
        let tree = self.tree;
        let ty = tree.child(id, 0);
        // `new this()` in a static method.
        let own = self.class.filter(|_| tree.kind(ty) == Kind::This).map(|class| self.own_type(class));
        let name = own.or_else(|| self.type_name(ty));
        if self.lang.is_script() {
            self.expr_if(ty);
        }
        self.settlers_of(id);
        // `new String[] {…}` is its elements, `new String[3]` none yet.
        if tree.kind(ty) == Kind::TypeArray {
            let elements = tree.children(tree.child(id, 1)).first().map(|&list| self.expr(list));
            let value = self.at(id);
            if let Some(elements) = elements {
                self.same(elements, value);
            }
            return value;
        }
        let args = self.arguments(tree.child(id, 1));
        let target = match &name {
            Some(name) => Callee::New(name.clone()),
            None => Callee::Method { name: String::new(), of: None },
        };
        let simple = name.as_ref().and_then(|n| n.path.last()).cloned().unwrap_or_default();
        let value = self.finish_call(id, target, None, args, &simple);
        if let Some(name) = name {
            self.types.insert(value, name);
        }
        // An anonymous class: its methods are functions of their own.
        if let (Some(body), Some(&class)) = (tree.slot(id, 2), self.class_at.get(&id)) {
            self.class_body(id, body, Some(class), false);
            let defaults = self.graph.classes[class as usize].defaults;
            self.copy(defaults, value);
            let own = self.own_type(class);
            self.types.insert(value, own);
        }
        value
    }

    // ── who is called ────────────────────────────────────────────────────────────────────────────

    fn plain_callee(&mut self, callee: NodeId, value: Value, receiver: &mut Option<(NodeId, Value)>) -> Callee {
        let tree = self.tree;
        match self.constants.get(&value) {
            Some(&Const::Function(number)) => return Callee::Function(number),
            Some(&Const::Class(class)) => return Callee::New(self.own_type(class)),
            _ => {}
        }
        match tree.kind(callee) {
            Kind::Ident => {
                if let Some(name) = self.dotted(callee) {
                    // A method of the class itself.
                    if self.lang == Lang::Java
                        && !name.imported
                        && let Some(class) = self.class
                    {
                        let this = self.state[self.this() as usize];
                        if this != NOWHERE {
                            *receiver = Some((callee, this));
                        }
                        // One without a name has most of its methods from its base.
                        let name = tree.text(callee).to_string();
                        let own = &self.graph.classes[class as usize];
                        let is_own = !own.name.starts_with('$')
                            || own.methods.iter().any(|&m| self.graph.functions[m as usize].name == name);
                        let of = if is_own { Some(self.own_type(class)) } else { own.bases.first().cloned() };
                        return Callee::Method { name, of };
                    }
                    return Callee::Named(name);
                }
                Callee::Value(value)
            }
            Kind::Super => match self.base_type() {
                Some(base) => {
                    let this = self.state[self.this() as usize];
                    *receiver = Some((callee, this));
                    Callee::Super { name: "constructor".to_string(), of: base }
                }
                None => Callee::Value(value),
            },
            Kind::This => match self.class {
                Some(class) => {
                    let this = self.state[self.this() as usize];
                    *receiver = Some((callee, this));
                    Callee::Method { name: "constructor".to_string(), of: Some(self.own_type(class)) }
                }
                None => Callee::Value(value),
            },
            _ => Callee::Value(value),
        }
    }

    fn member_callee(&mut self, callee: NodeId, object: NodeId, held: Value, name: &str) -> Callee {
        let tree = self.tree;
        if let Some(Const::Record(functions)) = self.constants.get(&held)
            && let Some(&(_, number)) = functions.iter().find(|(k, _)| *k == Key::name(name))
        {
            return Callee::Function(number);
        }
        if tree.kind(object) == Kind::This
            && let Some(class) = self.class
        {
            return Callee::Method { name: name.to_string(), of: Some(self.own_type(class)) };
        }
        if (tree.kind(object) == Kind::Super || self.is_super(object))
            && let Some(base) = self.base_type()
        {
            return Callee::Super { name: name.to_string(), of: base };
        }
        if let Some(class) = self.class_named(object) {
            return Callee::Named(self.own_type(class).member(name));
        }
        if let Some(name) = self.dotted(callee) {
            return Callee::Named(name);
        }
        let of = self.type_of(object, held);
        Callee::Method { name: name.to_string(), of }
    }

    /// `super()` of Python: the object itself.
    pub(super) fn is_super(&self, id: NodeId) -> bool {
        let tree = self.tree;
        self.lang == Lang::Python
            && tree.kind(id) == Kind::Call
            && tree.kind(tree.child(id, 0)) == Kind::Ident
            && tree.text(tree.child(id, 0)) == "super"
    }

    /// The variable that holds the object whose method this is.
    pub(super) fn receiver_var(&self) -> Var {
        let own = self.params.iter().find(|parameter| parameter.slot == Slot::Receiver);
        own.map_or(self.this(), |parameter| parameter.var)
    }

    fn base_type(&self) -> Option<TypeName> {
        self.graph.classes[self.class? as usize].bases.first().cloned()
    }

    // ── with what ────────────────────────────────────────────────────────────────────────────────

    fn arguments(&mut self, args: NodeId) -> Vec<Argument> {
        let tree = self.tree;
        let slots = self.slots(args);
        let mut out = Vec::with_capacity(slots.len());
        for (slot, arg) in slots {
            let value = self.expr(arg);
            let inner = match tree.kind(arg) {
                Kind::KwArg | Kind::Spread => tree.child(arg, 0),
                _ => arg,
            };
            out.push((slot, value, inner));
        }
        out
    }

    /// Arguments as they are written, and for what.
    pub(super) fn slots(&self, args: NodeId) -> Vec<(Slot, NodeId)> {
        let tree = self.tree;
        let mut position = 0u16;
        let slot = |&arg: &NodeId| {
            let slot = match tree.kind(arg) {
                Kind::KwArg => Slot::Named(Key::name(tree.text(arg))),
                Kind::Spread if tree[arg].aux == rampart_syntax::Aux::DOUBLE => Slot::Named(Key::ANY),
                Kind::Spread => Slot::Rest,
                _ => {
                    position = position.saturating_add(1);
                    Slot::At(position - 1)
                }
            };
            (slot, arg)
        };
        tree.children(args).iter().map(slot).collect()
    }

    fn finish_call(
        &mut self,
        id: NodeId,
        target: Callee,
        receiver: Option<(NodeId, Value)>,
        args: Vec<Argument>,
        name: &str,
    ) -> Value {
        let result = self.at(id);
        let tree_callee = (self.tree.kind(id) == Kind::Call).then(|| self.tree.child(id, 0));
        let number = self.graph.calls.len() as u32;
        self.call_at.insert(id, number);
        let variables: Vec<NodeId> = args.iter().map(|a| a.2).filter(|&a| self.tree.kind(a) == Kind::Ident).collect();
        if !variables.is_empty() && variables.len() < 4 {
            self.made_from.insert(result, variables);
        }
        if let Some((_, held)) = receiver {
            let values: Vec<Value> = args.iter().map(|a| a.1).collect();
            if let Some(known) = self.fold_method(held, name, &values) {
                self.constants.insert(result, known);
            }
        }
        if let (Lang::Go, None, "len", [(_, value, _)]) = (self.lang, receiver, name, args.as_slice())
            && let Some(Const::Str(text)) = self.constants.get(value)
        {
            let length = text.len() as i64;
            self.constants.insert(result, Const::Int(length));
        }
        let effect = match &target {
            Callee::Function(_) => None,
            Callee::New(ty) => library::constructor(self.lang, ty.path.last().map_or("", String::as_str), args.len()),
            // Methods of the file's own classes mean what they say.
            Callee::Method { of: Some(ty), .. } | Callee::Super { of: ty, .. }
                if self.is_own(ty) || !self.may_be_library(ty) =>
            {
                None
            }
            _ => library::effect(self.lang, name, args.len(), receiver.is_some(), class_of(&target)),
        };
        let made = match &target {
            Callee::New(ty) => Some(ty),
            Callee::Named(ty) => Some(ty).filter(|ty| library::makes_own_kind(self.lang, &ty.path)),
            _ => None,
        };
        if let Some(ty) = made {
            self.types.insert(result, ty.clone());
        }
        if let Callee::Function(function) = target
            && let Some(ty) = self.graph.functions[function as usize].returns.clone()
        {
            self.types.insert(result, ty);
        }
        // Before the call is known to change anything, its inputs are given to it.
        for &(slot, value, _) in &args {
            self.edge_argument(value, number, slot);
        }
        if let Some((_, held)) = receiver {
            self.edge_argument(held, number, Slot::Receiver);
        }
        // What is known of the callee says what it leaves of them.
        let passed = if effect.is_some() { Step::Copy } else { Step::Past(number) };
        let mut after = Vec::new();
        let mut receiver_after = NOWHERE;
        if let Some((object, held)) = receiver
            && self.is_place(object)
        {
            receiver_after = self.hidden(object);
            let passed = (!effect.is_some_and(Effect::replaces)).then_some(passed);
            self.version_of(object, held, receiver_after, passed);
            after.push((Slot::Receiver, receiver_after));
        }
        let mut after_args = Vec::new();
        for &(slot, value, node) in &args {
            let place = self.referred(node);
            if self.is_place(place)
                && self.tree.kind(place) != Kind::Call
                && (place != node || !self.constants.get(&value).is_some_and(Const::is_fixed))
            {
                let version = self.hidden(node);
                let is_target = matches!(effect, Some(Effect::Assigns | Effect::PutsNamed)) && slot == Slot::At(0);
                self.version_of(place, value, version, (!is_target).then_some(passed));
                if effect.is_none() || place != node {
                    self.constants.remove(&version);
                }
                after.push((slot, version));
                after_args.push((place, value, version));
                self.after.insert(node, (version, Vec::new()));
            }
        }
        after.extend(self.pass_course(number, result));
        let unknown = if effect.is_some() { Unknown::Modelled } else { Unknown::Passes };
        self.graph.calls.push(Call {
            result,
            function: self.function,
            callee: target,
            receiver: receiver.map(|r| r.1),
            args: args.iter().map(|&(slot, value, _)| (slot, value)).collect(),
            after,
            unknown,
            is_go: self.lang == Lang::Go,
            ends_with_list: self.lang == Lang::Java
                && args.last().is_some_and(|a| {
                    self.names.type_of(self.tree, a.2).is_some_and(|ty| self.tree.kind(ty) == Kind::TypeArray)
                }),
            is_implied: receiver.is_some_and(|(object, _)| self.lang == Lang::Java && tree_callee == Some(object)),
            thrown: self.thrown,
        });
        if effect.is_none() {
            self.unknown_callbacks(id, number, receiver.map(|r| r.1), &args);
        }
        if self.is_collection(id) {
            self.constants.insert(result, Const::Collection);
        }
        if self.constants.get(&receiver_after) == Some(&Const::Collection) {
            self.keep_constant(receiver_after, effect, &args);
        }
        if let Some(effect) = effect {
            self.model(id, effect, result, receiver.map(|r| r.1), receiver_after, &args, &after_args);
        }
        for (place, value, version) in after_args {
            self.replace(place, value, version);
        }
        if let Some((object, held)) = receiver
            && receiver_after != NOWHERE
        {
            self.after.insert(object, (receiver_after, Vec::new()));
            if self.tree.kind(object) == Kind::Ident
                && self.names.def(object).is_none()
                && held == self.state[self.this() as usize]
            {
                let var = self.this();
                self.set_var(var, receiver_after);
            } else {
                self.replace(object, held, receiver_after);
            }
        }
        if let (Some((object, _)), Some(Effect::Adds | Effect::Puts | Effect::Inserts | Effect::Merges)) =
            (receiver, effect)
            && let Some((var, mut path)) = self.place(object)
            && let Some(&(_, _, item)) = args.last()
        {
            path.push(if args.len() == 2 && effect != Some(Effect::Inserts) {
                self.key_of(args[0].2)
            } else {
                Key::ANY
            });
            self.share(var, path, item);
        }
        result
    }

    /// A collection of constants is one no longer when something else is put into it.
    fn keep_constant(&mut self, collection: Value, effect: Option<Effect>, args: &[(Slot, Value, NodeId)]) {
        let known = |a: &(Slot, Value, NodeId)| self.constants.contains_key(&a.1);
        let kept = match effect {
            Some(
                Effect::Adds
                | Effect::Inserts
                | Effect::Puts
                | Effect::Gathers
                | Effect::Extends
                | Effect::Splices
                | Effect::Fills,
            ) => args.iter().all(known),
            Some(_) => true,
            None => args.iter().all(known) && args.iter().all(|a| self.function_value(a.1).is_none()),
        };
        if !kept {
            self.constants.remove(&collection);
        }
    }

    /// Makes `version` the object that `place` names, as it is now. It comes from the variable and not from the expression: what is
    /// said of the expression (that it is clean, say) is said of this use only.
    fn version_of(&mut self, place: NodeId, value: Value, version: Value, step: Option<Step>) {
        // The callee's name stands for the object whose method it is.
        let is_implicit = self.tree.kind(place) == Kind::Ident && self.names.def(place).is_none();
        let now = if is_implicit { value } else { self.current(place) };
        if let Some(step) = step {
            self.edge(now, version, step);
        }
        self.known_of(now, version);
        if let Some(ty) = self.types.get(&value).cloned() {
            self.types.insert(version, ty);
        }
        if let Some(&length) = self.lengths.get(&value) {
            self.lengths.insert(version, length);
        }
    }

    pub(super) fn edge_argument(&mut self, value: Value, call: u32, slot: Slot) {
        if value != NOWHERE {
            self.edges.push((value, Edge { to: call, step: Step::Argument(slot) }));
        }
    }

    /// Classes of the project say themselves what their methods do.
    fn may_be_library(&self, ty: &TypeName) -> bool {
        if self.lang != Lang::Java {
            return true;
        }
        let own: Vec<&str> = self.graph.package.as_deref().unwrap_or("").split('.').take(2).collect();
        match ty.imported {
            true => own.len() < 2 || !ty.path.iter().map(String::as_str).take(2).eq(own),
            false => {
                own.len() < 2
                    || self.names.wildcards.len() > 1
                    || JAVA_LANG.contains(&ty.path.last().map_or("", String::as_str))
            }
        }
    }

    pub(super) fn is_own(&self, ty: &TypeName) -> bool {
        matches!(&ty.path[..], [name] if self.graph.classes.iter().any(|c| c.name == *name && !c.span.is_empty()))
    }

    /// Something that a callee may change: a variable, `this`, a field, an element.
    pub(super) fn is_place(&self, id: NodeId) -> bool {
        let tree = self.tree;
        match tree.kind(id) {
            Kind::Ident => match self.names.def(id) {
                Some(def) => match &self.names.get(def).kind {
                    DefKind::Local | DefKind::Param | DefKind::Field => true,
                    // Something of another module, not a module.
                    DefKind::Import(path) => path.len() > 1 && (self.lang == Lang::Python || self.lang.is_script()),
                    _ => false,
                },
                // A call of a method of the class itself.
                None => {
                    self.lang == Lang::Java
                        && tree.parent(id).is_some_and(|p| tree.kind(p) == Kind::Call && tree.child(p, 0) == id)
                }
            },
            Kind::This | Kind::Super => true,
            Kind::Call => self.is_super(id) || self.part_of_call(id).is_some_and(|(object, _)| self.is_place(object)),
            Kind::Member | Kind::Index => self.is_place(tree.child(id, 0)),
            _ => false,
        }
    }

    /// `&x` and `*x` hand over `x`.
    fn referred(&self, id: NodeId) -> NodeId {
        let tree = self.tree;
        match tree.kind(id) {
            Kind::Unary if [Op::Ref as u16, Op::Deref as u16].contains(&tree.op(id)) => {
                self.referred(tree.child(id, 0))
            }
            _ => id,
        }
    }
}

/// Classes that need no import and have methods that do something with what they get.
const JAVA_LANG: &[&str] = &[
    "String",
    "StringBuilder",
    "StringBuffer",
    "Thread",
    "ThreadLocal",
    "Integer",
    "Long",
    "System",
    "Iterable",
    "Object",
];

/// The class or package that a call's function is of, by its simple name; empty when it is not known.
fn class_of(target: &Callee) -> &str {
    match target {
        Callee::Named(name) if name.path.len() > 1 => &name.path[name.path.len() - 2],
        Callee::Method { of: Some(ty), .. } => ty.path.last().map_or("", String::as_str),
        _ => "",
    }
}
