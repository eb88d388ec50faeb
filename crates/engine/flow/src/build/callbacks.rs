//! Functions that are given to others to be called.

use super::*;

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
        self.graph.calls.push(Call {
            result,
            function: self.function,
            callee,
            receiver: None,
            args: args.to_vec(),
            after: Vec::new(),
            unknown: Unknown::Passes,
            thrown: self.thrown,
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
            let of = of.clone().or_else(|| Some(TypeName { path: vec!["Runnable".to_string()], imported: false }));
            self.graph.calls.push(Call {
                result,
                function: self.function,
                callee: Callee::Method { name: name.to_string(), of },
                receiver: Some(item),
                args: Vec::new(),
                after: Vec::new(),
                unknown: Unknown::Modelled,
                thrown: self.thrown,
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
            methods.iter().map(|&m| &self.graph.functions[m as usize]).find(|f| f.name == name || name == "new" && f.name == self.graph.classes[c as usize].name)
        });
        let count = match method {
            // Counted from the tree: its parameters may not have been followed yet.
            Some(method) => self.parameter_count(method) + usize::from(!method.is_static && name != "new"),
            None if held != NOWHERE => self.own_method(object, name).map_or(1, |m| self.parameter_count(&self.graph.functions[m as usize])),
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
        let mut receiver = None;
        let callee = match named {
            Some(ty) if held == NOWHERE && name == "new" => Callee::New(ty),
            Some(mut path) if held == NOWHERE => {
                path.path.push(name.to_string());
                Callee::Named(path)
            }
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
            after: Vec::new(),
            unknown,
            thrown: self.thrown,
        });
        self.graph.functions.push(Function { span: tree.span(id), outer: Some(outer), params, returned, ..Function::default() });
        self.function = outer;
        self.is_function(value, number);
        value
    }

    fn own_method(&self, object: NodeId, name: &str) -> Option<u32> {
        let class = self.class.filter(|_| self.tree.kind(object) == Kind::This)?;
        self.graph.classes[class as usize].methods.iter().copied().find(|&m| self.graph.functions[m as usize].name == name)
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

    /// `xs.map(f)`: `f` gets each element, what it returns are the elements of the result.
    pub(super) fn callback(&mut self, id: NodeId, result: Value, collection: Value, args: &[(Slot, Value, NodeId)], keeps: bool) {
        let mut known = false;
        for &(_, value, _) in args {
            let Some(function) = self.function_value(value) else { continue };
            known = true;
            let params = self.params_of(function);
            // Entries of maps are given with their keys in some languages, elements with their index in others.
            let is_entry = params.len() > 1 && self.lang == Lang::Java;
            if let Some(&name) = params.first().filter(|_| is_entry) {
                self.edge(collection, name, Step::Load(Key::KEYS));
            }
            let item = if is_entry { params.get(1) } else { params.first() };
            if let Some(&item) = item {
                self.edge(collection, item, Step::Load(Key::ANY));
            }
            if !keeps {
                let returned = self.graph.functions[function as usize].returned;
                let element = self.hidden(id);
                self.copy(returned, element);
                self.edge(element, result, Step::Store(Key::ANY));
            }
        }
        if keeps || !known {
            self.copy(collection, result);
            self.lengths.remove(&result);
        }
    }

    /// Inside `new Promise(resolve => …)` what is given to `resolve` is what the promise yields.
    pub(super) fn resolve_calls(&mut self, resolve: Value, result: Value) {
        let found: Vec<Value> = self
            .graph
            .calls
            .iter()
            .filter(|call| matches!(call.callee, Callee::Value(v) if self.reads_of(v, resolve)))
            .filter_map(|call| call.args.first().map(|a| a.1))
            .collect();
        for value in found {
            self.copy(value, result);
        }
    }

    fn reads_of(&self, value: Value, of: Value) -> bool {
        let mut at = value;
        for _ in 0..4 {
            if at == of {
                return true;
            }
            match self.edges.iter().rev().find(|(_, e)| e.to == at && e.step == Step::Copy) {
                Some(&(from, _)) => at = from,
                None => return false,
            }
        }
        false
    }
}
