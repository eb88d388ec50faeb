//! Functions that are given to others to be called.

use super::library::Effect;
use super::*;

/// An argument of a call: for what, its value, the expression.
pub(super) type Argument = (Slot, Value, NodeId);

/// What a call that hands each element to a function gives back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Gives {
    /// A collection of what the function returns.
    Results,
    /// The same, of what is in the collections that it returns.
    FlatResults,
    /// Those elements that it says yes to.
    Elements,
    /// One of those.
    Element,
}

impl Builder<'_> {
    /// A call that is not written as one: somebody calls a function that was given to it.
    pub(super) fn call_back(&mut self, at: NodeId, function: Value, args: &[(Slot, Value)]) -> Value {
        let result = self.hidden(at);
        let number = self.graph.calls.len() as u32;
        for &(slot, value) in args {
            self.edge_argument(value, number, slot);
        }
        let callee = match self.constants.get(&function) {
            Some(&Const::Function(number)) => Callee::Function(number),
            _ => Callee::Value(function),
        };
        let after = self.pass_course_on(number, at).into_iter().collect();
        self.graph.calls.push(Call {
            result,
            function: self.function,
            callee,
            receiver: None,
            args: args.to_vec(),
            after,
            unknown: Unknown::Passes,
            thrown: self.thrown,
            is_go: false,
            ends_with_list: false,
            is_implied: false,
        });
        result
    }

    /// The library calls what it is given: a function, or an object's `run` and `call`.
    pub(super) fn runs(&mut self, at: NodeId, value: Value, node: NodeId) -> Value {
        if self.function_value(value).is_some() {
            return self.call_back(at, value, &[]);
        }
        let result = self.hidden(at);
        // Tasks in a list too.
        let item = self.hidden(at);
        self.copy(value, item);
        self.edge(value, item, Step::Load(Key::ANY));
        let of = self.type_of(node, value);
        for name in ["run", "call", "get"] {
            let number = self.graph.calls.len() as u32;
            self.edge_argument(item, number, Slot::Receiver);
            let of = of.clone().or_else(|| Some(TypeName { path: ["Runnable".to_string()].into(), imported: false }));
            let after = self.pass_course_on(number, at).into_iter().collect();
            self.graph.calls.push(Call {
                result,
                function: self.function,
                callee: Callee::Method { name: name.to_string(), of },
                receiver: Some(item),
                args: Vec::new(),
                after,
                unknown: Unknown::Modelled,
                thrown: self.thrown,
                is_go: false,
                ends_with_list: false,
                is_implied: false,
            });
        }
        result
    }

    /// `Type::method`, `object::method`, `Type::new`: a function that calls it.
    pub(super) fn method_reference(&mut self, id: NodeId) -> Value {
        let tree = self.tree;
        let kids = tree.children(id);
        let (Some(&object), Some(&name)) = (kids.first(), kids.last()) else { return self.at(id) };
        let name = tree.text(name);
        let class = self.class_named(object);
        let named = if tree.kind(object) == Kind::TypeApply { self.type_name(object) } else { self.dotted(object) };
        let held = if named.is_none() || matches!(tree.kind(object), Kind::This) { self.expr(object) } else { NOWHERE };
        let value = self.at(id);
        // As many parameters as the method of that name has, and the object it is of.
        let method = class.and_then(|c| {
            let methods = &self.graph.classes[c as usize].methods;
            methods
                .iter()
                .map(|&m| &self.graph.functions[m as usize])
                .find(|f| f.name == name || name == "new" && f.name == self.graph.classes[c as usize].name)
        });
        let count = match method {
            // Counted from the tree: its parameters may not have been followed yet.
            Some(method) => self.parameter_count(method) + usize::from(!method.is_static && name != "new"),
            None if held != NOWHERE => {
                self.own_method(object, name).map_or(1, |m| self.parameter_count(&self.graph.functions[m as usize]))
            }
            None => 1,
        };
        let number = self.graph.functions.len() as u32;
        let outer = std::mem::replace(&mut self.function, number);
        let returned = self.hidden(id);
        let mut params = Vec::new();
        let mut args = Vec::new();
        let call = self.graph.calls.len() as u32;
        for i in 0..count.min(16) as u16 {
            let param = self.hidden(id);
            params.push(Param { slot: Slot::At(i), name: Key::ANY, value: param, ty: None });
            args.push((Slot::At(i), param));
            self.edge_argument(param, call, Slot::At(i));
        }
        let course = self.own_course(call, id);
        params.extend(course.map(|(begin, _)| Param { slot: Slot::Course, name: Key::ANY, value: begin, ty: None }));
        let after: Vec<_> = course.map(|(_, end)| (Slot::Course, end)).into_iter().collect();
        let mut receiver = None;
        let callee = match named {
            Some(ty) if held == NOWHERE && name == "new" => Callee::New(ty),
            Some(path) if held == NOWHERE => Callee::Named(path.member(name)),
            _ => {
                self.edge_argument(held, call, Slot::Receiver);
                receiver = Some(held);
                let of = match self.class.filter(|_| tree.kind(object) == Kind::This) {
                    Some(class) => Some(self.own_type(class)),
                    None => self.type_of(object, held),
                };
                Callee::Method { name: name.to_string(), of }
            }
        };
        let says_little = library::effect(self.lang, name, 0, true, "") == Some(library::Effect::Nothing)
            || library::effect(self.lang, name, 1, true, "") == Some(library::Effect::Nothing);
        let unknown = if says_little { Unknown::Modelled } else { Unknown::Passes };
        self.graph.calls.push(Call {
            result: returned,
            function: number,
            callee,
            receiver,
            args,
            after: after.clone(),
            unknown,
            thrown: self.thrown,
            is_go: false,
            ends_with_list: false,
            is_implied: false,
        });
        self.graph.functions.push(Function {
            span: tree.span(id),
            outer: Some(outer),
            params,
            left: after,
            returned,
            ..Function::default()
        });
        self.function = outer;
        self.is_function(value, number);
        value
    }

    fn own_method(&self, object: NodeId, name: &str) -> Option<u32> {
        let class = self.class.filter(|_| self.tree.kind(object) == Kind::This)?;
        self.graph.classes[class as usize]
            .methods
            .iter()
            .copied()
            .find(|&m| self.graph.functions[m as usize].name == name)
    }

    fn parameter_count(&self, function: &Function) -> usize {
        usize::from(function.arity)
    }

    /// The function that a value is known to be.
    pub(super) fn function_value(&self, value: Value) -> Option<u32> {
        match self.constants.get(&value) {
            Some(&Const::Function(number)) => Some(number),
            _ => None,
        }
    }

    pub(super) fn params_of(&self, function: u32) -> Vec<Value> {
        let params = &self.graph.functions[function as usize].params;
        params.iter().filter(|p| !matches!(p.slot, Slot::Receiver)).map(|p| p.value).collect()
    }

    /// Calls the function that was given as an argument.
    pub(super) fn call_argument(&mut self, at: NodeId, function: &Argument, args: &[(Slot, Value)]) -> Value {
        if self.is_harmless(function.2, args.len()) {
            return self.hidden(at);
        }
        self.call_back(at, function.1, args)
    }

    /// A function of the library whose result is a number or a truth value, by its name: `map(int, xs)`.
    fn is_harmless(&self, function: NodeId, args: usize) -> bool {
        let tree = self.tree;
        let name = match tree.kind(function) {
            Kind::Ident if self.names.def(function).is_none() => tree.text(function),
            Kind::Member => tree.text(tree.child(function, 1)),
            _ => return false,
        };
        library::effect(self.lang, name, args, tree.kind(function) == Kind::Member, "") == Some(Effect::Nothing)
    }

    /// Some element of a collection, or some value of a map.
    pub(super) fn some_element(&mut self, at: NodeId, collection: Value) -> Value {
        let (values, item) = (self.hidden(at), self.hidden(at));
        self.edge(collection, values, Step::Keep(Key::KEYS));
        self.edge(values, item, Step::Load(Key::ANY));
        item
    }

    /// `xs.map(f)`: `f` gets each element, what it returns are the elements of the result, or says which elements those are.
    pub(super) fn callback(
        &mut self,
        id: NodeId,
        result: Value,
        collection: Value,
        function: Option<&Argument>,
        gives: Gives,
    ) {
        let item = self.some_element(id, collection);
        let Some(function) = function else {
            self.edge(item, result, Step::Store(Key::ANY));
            return;
        };
        // Entries of maps are given with their keys in some languages, elements with their index in others.
        let takes_entries =
            self.lang == Lang::Java && self.function_value(function.1).is_some_and(|f| self.params_of(f).len() > 1);
        let call = self.graph.calls.len() as u32;
        let name = self.hidden(id);
        self.edge(collection, name, Step::Load(Key::KEYS));
        let first = if takes_entries { name } else { item };
        let args = [(Slot::At(0), first), (Slot::At(1), item)];
        let made = self.call_argument(id, function, if takes_entries { &args } else { &args[..1] });
        match gives {
            Gives::Results => self.edge(made, result, Step::Store(Key::ANY)),
            Gives::FlatResults => self.copy(made, result),
            Gives::Elements | Gives::Element => {
                let kept = self.hidden(id);
                let is_call = self.graph.calls.len() as u32 > call;
                self.edge(item, kept, if is_call { Step::Checked(call, 0) } else { Step::Copy });
                self.edge(kept, result, if gives == Gives::Element { Step::Copy } else { Step::Store(Key::ANY) });
            }
        }
    }

    /// `xs.reduce(f, first)`
    pub(super) fn fold(&mut self, id: NodeId, result: Value, collection: Value, function: &Argument, first: Value) {
        let (so_far, item) = (self.hidden(id), self.some_element(id, collection));
        self.copy(if first == NOWHERE { item } else { first }, so_far);
        let made = self.call_argument(id, function, &[(Slot::At(0), so_far), (Slot::At(1), item)]);
        self.copy(made, so_far);
        self.copy(so_far, result);
    }

    /// An unknown function may hand on what it was given to a function that it was given too.
    pub(super) fn unknown_callbacks(&mut self, id: NodeId, call: u32, receiver: Option<Value>, args: &[Argument]) {
        let functions: Vec<Value> = args.iter().map(|a| a.1).filter(|&v| self.function_value(v).is_some()).collect();
        if functions.is_empty() {
            return;
        }
        let given = self.hidden(id);
        for value in args.iter().map(|a| a.1).chain(receiver).filter(|v| !functions.contains(v)) {
            self.edge(value, given, Step::Past(call));
        }
        for function in functions {
            self.call_back(id, function, &[(Slot::At(0), given), (Slot::At(1), given), (Slot::At(2), given)]);
        }
    }

    // ── promises ─────────────────────────────────────────────────────────────────────────────────

    /// What a promise was rejected with is a part of it.
    fn rejection() -> Key {
        Key::name("\0rejection")
    }

    /// What a promise yields.
    pub(super) fn awaited(&mut self, promise: Value, to: Value) {
        self.edge(promise, to, Step::Keep(Self::rejection()));
        self.known_of(promise, to);
        self.edge(promise, self.thrown, Step::Load(Self::rejection()));
    }

    /// `p.then(f, g)`, `p.catch(g)`, `p.finally(h)`
    pub(super) fn then(&mut self, id: NodeId, name: &str, result: Value, promise: Value, args: &[Argument]) {
        let (done, failed) = match name {
            "then" => (args.first(), args.get(1)),
            "catch" => (None, args.first()),
            _ => (None, None),
        };
        match done {
            Some(function) => {
                let value = self.hidden(id);
                self.edge(promise, value, Step::Keep(Self::rejection()));
                let made = self.call_argument(id, function, &[(Slot::At(0), value)]);
                self.copy(made, result);
                if failed.is_none() {
                    let rejection = self.hidden(id);
                    self.edge(promise, rejection, Step::Load(Self::rejection()));
                    self.edge(rejection, result, Step::Store(Self::rejection()));
                }
            }
            None if failed.is_some() => self.edge(promise, result, Step::Keep(Self::rejection())),
            None => {
                for function in args {
                    self.call_argument(id, function, &[]);
                }
                self.copy(promise, result);
            }
        }
        if let Some(function) = failed {
            let reason = self.hidden(id);
            self.edge(promise, reason, Step::Load(Self::rejection()));
            let made = self.call_argument(id, function, &[(Slot::At(0), reason)]);
            self.copy(made, result);
        }
    }

    /// Before `new Promise((resolve, reject) => …)` is followed: calls of its parameters settle it.
    pub(super) fn settlers_of(&mut self, id: NodeId) {
        let tree = self.tree;
        let is_promise = tree.kind(tree.child(id, 0)) == Kind::Ident
            && tree.text(tree.child(id, 0)) == "Promise"
            && self.lang.is_script();
        let Some(&executor) = tree.children(tree.child(id, 1)).first() else { return };
        if !is_promise || tree.kind(executor) != Kind::Lambda {
            return;
        }
        let promise = self.hidden(id);
        self.promises.insert(id, promise);
        for (i, &param) in tree.children(tree.child(executor, 0)).iter().enumerate().take(2) {
            let name = if tree.kind(param) == Kind::Param { tree.child(param, 0) } else { param };
            if let Some(def) = self.names.def(name) {
                self.settlers.insert(def, (promise, if i == 0 { None } else { Some(Self::rejection()) }));
            }
        }
    }

    /// `resolve(x)`
    pub(super) fn settle(&mut self, callee: NodeId, value: Value) {
        if let Some(&(promise, part)) = self.names.def(callee).and_then(|def| self.settlers.get(&def)) {
            self.edge(value, promise, part.map_or(Step::Copy, Step::Store));
        }
    }

    pub(super) fn rejected(&mut self, value: Value, result: Value) {
        self.edge(value, result, Step::Store(Self::rejection()));
    }

    // ── functions made of functions ──────────────────────────────────────────────────────────────

    /// A function that is written nowhere: it calls `function` with what is bound before its own arguments.
    pub(super) fn bound(
        &mut self,
        id: NodeId,
        result: Value,
        function: Value,
        receiver: Option<Value>,
        args: &[(Slot, Value)],
    ) {
        const MORE: u16 = 6;
        let number = self.graph.functions.len() as u32;
        let around = std::mem::replace(&mut self.function, number);
        let (returned, thrown) = (self.hidden(id), self.hidden(id));
        let mut params = Vec::new();
        let mut given = args.to_vec();
        let first = args.iter().filter(|(slot, _)| matches!(slot, Slot::At(_))).count() as u16;
        for n in 0..MORE {
            let value = self.hidden(id);
            params.push(Param { slot: Slot::At(n), name: Key::index(u32::from(n)), value, ty: None });
            given.push((Slot::At(first + n), value));
        }
        let named = self.hidden(id);
        params.push(Param { slot: Slot::Named(Key::ANY), name: Key::name(""), value: named, ty: None });
        given.push((Slot::Named(Key::ANY), named));
        self.graph.functions.push(Function {
            span: self.tree.span(id),
            outer: Some(around),
            params,
            returned,
            thrown,
            ..Function::default()
        });
        let call = self.graph.calls.len();
        let made = self.call_back(id, function, &given);
        self.graph.calls[call].receiver = receiver;
        if let Some(receiver) = receiver {
            self.edge_argument(receiver, call as u32, Slot::Receiver);
        }
        self.copy(made, returned);
        self.function = around;
        self.is_function(result, number);
    }
}
