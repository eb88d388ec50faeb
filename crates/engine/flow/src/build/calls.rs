//! Calls: who is called with what, and what the library's own calls do.

use rampart_syntax::Op;

use super::*;
use super::library::Effect;

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
                let held = self.expr(object);
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
        self.finish_call(id, target, receiver, args, name)
    }

    pub(super) fn new_object(&mut self, id: NodeId) -> Value {
        let tree = self.tree;
        let ty = tree.child(id, 0);
        let name = self.type_name(ty);
        if self.lang.is_script() {
            self.expr_if(ty);
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
        if let Some(body) = tree.slot(id, 2) {
            let around = self.class;
            for &member in tree.children(body) {
                match tree.kind(member) {
                    Kind::FuncDef => self.function(member, around),
                    _ => self.statement(member),
                }
            }
            self.class = around;
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
                    if self.lang == Lang::Java && !name.imported && let Some(class) = self.class {
                        let this = self.state[self.this() as usize];
                        if this != NOWHERE {
                            *receiver = Some((callee, this));
                        }
                        return Callee::Method { name: tree.text(callee).to_string(), of: Some(self.own_type(class)) };
                    }
                    return Callee::Named(name);
                }
                Callee::Value(value)
            }
            Kind::Super => match self.base_type() {
                Some(base) => {
                    let this = self.state[self.this() as usize];
                    *receiver = Some((callee, this));
                    Callee::Method { name: "constructor".to_string(), of: Some(base) }
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
        let is_super = tree.kind(object) == Kind::Super
            || self.lang == Lang::Python && tree.kind(object) == Kind::Call && tree.text(tree.child(object, 0)) == "super";
        if is_super && let Some(base) = self.base_type() {
            return Callee::Method { name: name.to_string(), of: Some(base) };
        }
        if let Some(class) = self.class_named(object) {
            let mut path = self.own_type(class);
            path.path.push(name.to_string());
            return Callee::Named(path);
        }
        if let Some(name) = self.dotted(callee) {
            return Callee::Named(name);
        }
        let of = self.type_of(object, held);
        Callee::Method { name: name.to_string(), of }
    }

    fn base_type(&self) -> Option<TypeName> {
        self.graph.classes[self.class? as usize].bases.first().cloned()
    }

    // ── with what ────────────────────────────────────────────────────────────────────────────────

    fn arguments(&mut self, args: NodeId) -> Vec<(Slot, Value, NodeId)> {
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
        args: Vec<(Slot, Value, NodeId)>,
        name: &str,
    ) -> Value {
        let result = self.at(id);
        let number = self.graph.calls.len() as u32;
        self.call_at.insert(id, number);
        if let Some((_, held)) = receiver {
            let values: Vec<Value> = args.iter().map(|a| a.1).collect();
            if let Some(known) = self.fold_method(held, name, &values) {
                self.constants.insert(result, known);
            }
        }
        let effect = match &target {
            Callee::Function(_) => None,
            Callee::New(ty) => library::constructor(self.lang, ty.path.last().map_or("", String::as_str), args.len()),
            // Methods of the file's own classes mean what they say.
            Callee::Method { of: Some(ty), .. } if self.is_own(ty) => None,
            _ => library::effect(self.lang, name, args.len(), receiver.is_some()),
        };
        if let Callee::New(ty) = &target {
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
        let mut after = Vec::new();
        let mut receiver_after = NOWHERE;
        if let Some((object, held)) = receiver
            && self.is_place(object)
        {
            receiver_after = self.hidden(object);
            if !matches!(effect, Some(Effect::Clears | Effect::Removes | Effect::Inserts)) {
                self.version_of(object, held, receiver_after);
            }
            after.push((Slot::Receiver, receiver_after));
        }
        let mut after_args = Vec::new();
        for &(slot, value, node) in &args {
            let place = self.referred(node);
            if self.is_place(place) && self.constants.get(&value).is_none() {
                let version = self.hidden(node);
                self.version_of(place, value, version);
                after.push((slot, version));
                after_args.push((place, value, version));
                self.after.insert(node, (version, Vec::new()));
            }
        }
        let unknown = if effect.is_some() { Unknown::Modelled } else { Unknown::Passes };
        self.graph.calls.push(Call {
            result,
            function: self.function,
            callee: target,
            receiver: receiver.map(|r| r.1),
            args: args.iter().map(|&(slot, value, _)| (slot, value)).collect(),
            after,
            unknown,
        });
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
            if self.tree.kind(object) == Kind::Ident && self.names.def(object).is_none() && held == self.state[self.this() as usize] {
                let var = self.this();
                self.set_var(var, receiver_after);
            } else {
                self.replace(object, held, receiver_after);
            }
        }
        result
    }

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
        });
        result
    }

    /// Makes `version` the object that `place` names, as it is now. It comes from the variable and not from the expression: what is
    /// said of the expression (that it is clean, say) is said of this use only.
    fn version_of(&mut self, place: NodeId, value: Value, version: Value) {
        // The callee's name stands for the object whose method it is.
        let is_implicit = self.tree.kind(place) == Kind::Ident && self.names.def(place).is_none();
        let now = if is_implicit { value } else { self.current(place) };
        self.same(now, version);
        if let Some(ty) = self.types.get(&value).cloned() {
            self.types.insert(version, ty);
        }
        if let Some(&length) = self.lengths.get(&value) {
            self.lengths.insert(version, length);
        }
    }

    fn edge_argument(&mut self, value: Value, call: u32, slot: Slot) {
        if value != NOWHERE {
            self.edges.push((value, Edge { to: call, step: Step::Argument(slot) }));
        }
    }

    fn is_own(&self, ty: &TypeName) -> bool {
        matches!(ty.path.as_slice(), [name] if self.graph.classes.iter().any(|c| c.name == *name && !c.span.is_empty()))
    }

    /// Something that a callee may change: a variable, `this`, a field, an element.
    fn is_place(&self, id: NodeId) -> bool {
        let tree = self.tree;
        match tree.kind(id) {
            Kind::Ident => match self.names.def(id) {
                Some(def) => matches!(self.names.get(def).kind, DefKind::Local | DefKind::Param | DefKind::Field),
                // A call of a method of the class itself.
                None => self.lang == Lang::Java && tree.parent(id).is_some_and(|p| tree.kind(p) == Kind::Call && tree.child(p, 0) == id),
            },
            Kind::This => true,
            Kind::Member | Kind::Index => self.is_place(tree.child(id, 0)),
            _ => false,
        }
    }

    /// `&x` and `*x` hand over `x`.
    fn referred(&self, id: NodeId) -> NodeId {
        let tree = self.tree;
        match tree.kind(id) {
            Kind::Unary if [Op::Ref as u16, Op::Deref as u16].contains(&tree.op(id)) => self.referred(tree.child(id, 0)),
            _ => id,
        }
    }

    // ── what the library does ────────────────────────────────────────────────────────────────────

    #[allow(clippy::too_many_arguments, reason = "the parts of one call")]
    fn model(
        &mut self,
        id: NodeId,
        effect: Effect,
        result: Value,
        receiver: Option<Value>,
        receiver_after: Value,
        args: &[(Slot, Value, NodeId)],
        after_args: &[(NodeId, Value, Value)],
    ) {
        let held = receiver.unwrap_or(NOWHERE);
        let arg = |i: usize| args.get(i).map_or(NOWHERE, |a| a.1);
        let key = |b: &Self, i: usize| args.get(i).map_or(Key::ANY, |a| b.key_of(a.2));
        let length = self.lengths.get(&held).copied();
        match effect {
            Effect::Nothing => {}
            Effect::Empty => {
                self.lengths.insert(result, 0);
            }
            Effect::Adds => {
                // The receiver keeps what it has and gets one element more at its end.
                for i in 0..args.len() {
                    let at = length.map_or(Key::ANY, |n| Key::index(n + i as u32));
                    self.edge(arg(i), receiver_after, Step::Store(at));
                }
                match length {
                    Some(n) => self.lengths.insert(receiver_after, n + args.len() as u32),
                    None => self.lengths.remove(&receiver_after),
                };
            }
            Effect::Inserts => {
                let at = match key(self, 0).as_index() {
                    Some(at) if args.len() == 2 => Some(at),
                    _ if args.len() == 1 => Some(0),
                    _ => None,
                };
                let item = arg(args.len() - 1);
                match (at, length) {
                    (Some(at), Some(n)) => {
                        let now = self.now(id, held);
                        self.edge(now, receiver_after, Step::Insert(at));
                        self.edge(item, receiver_after, Step::Store(Key::index(at)));
                        self.lengths.insert(receiver_after, n + 1);
                    }
                    _ => {
                        let now = self.now(id, held);
                        self.copy(now, receiver_after);
                        self.edge(item, receiver_after, Step::Store(Key::ANY));
                    }
                }
            }
            Effect::Removes => {
                let at = match (args.len(), key(self, 0).as_index(), length) {
                    (0, _, Some(n)) if !library::removes_first(self.lang, self.method_name(id)) => n.checked_sub(1),
                    (0, _, Some(_)) => Some(0),
                    (_, at, _) => at,
                };
                match at {
                    Some(at) => {
                        self.edge(held, result, Step::Load(Key::index(at)));
                        let now = self.now(id, held);
                        self.edge(now, receiver_after, Step::Remove(at));
                        if let Some(n) = length {
                            self.lengths.insert(receiver_after, n.saturating_sub(1));
                        }
                    }
                    None => {
                        let key = key(self, 0);
                        self.edge(held, result, Step::Load(key));
                        let now = self.now(id, held);
                        self.edge(now, receiver_after, if key == Key::ANY { Step::Copy } else { Step::Keep(key) });
                    }
                }
            }
            Effect::Puts => {
                let key = key(self, 0);
                if key != Key::ANY {
                    // In place of the plain copy that every receiver gets.
                    let from = self.edges.iter().rposition(|(_, edge)| edge.to == receiver_after && edge.step == Step::Copy);
                    if let Some(at) = from.filter(|_| receiver_after != NOWHERE) {
                        self.edges[at].1.step = Step::Keep(key);
                    }
                }
                self.edge(arg(args.len() - 1), receiver_after, Step::Store(key));
                self.edge(held, result, Step::Load(key));
                if self.lang.is_script() {
                    self.copy(receiver_after, result);
                }
            }
            Effect::Gets => {
                let key = key(self, 0);
                self.edge(held, result, Step::Load(key));
                self.copy(arg(1), result);
                if let Some(of) = args.first() {
                    self.typed_element(of.2, result);
                }
            }
            Effect::Element => self.edge(held, result, Step::Load(Key::ANY)),
            Effect::Same => {
                self.same(held, result);
                self.constants.remove(&result);
            }
            Effect::SameAsArgument => {
                let value = arg(0);
                self.same(value, result);
            }
            Effect::Gathers => {
                // `a.extend(b)`, `a.addAll(b)`, `a.update(b)`
                self.lengths.remove(&receiver_after);
                for i in 0..args.len() {
                    self.copy(arg(i), receiver_after);
                }
                self.copy(receiver_after, result);
            }
            Effect::Builds => {
                for i in 0..args.len() {
                    self.edge(arg(i), receiver_after, Step::Derive);
                    self.edge(arg(i), result, Step::Derive);
                }
                self.copy(held, result);
                let ty = self.types.get(&held).cloned();
                if let Some(ty) = ty {
                    self.types.insert(result, ty);
                }
                // `b.append(x).append(y)`: the chain changes what it began with.
                self.builder_chain(id, args);
            }
            Effect::Clears => {
                self.lengths.insert(receiver_after, 0);
            }
            Effect::Concats => {
                self.copy(held, result);
                for i in 0..args.len() {
                    self.copy(arg(i), result);
                }
            }
            Effect::Assigns => {
                // `Object.assign(target, …)`
                let into = after_args.first().map_or(NOWHERE, |a| a.2);
                for i in 0..args.len() {
                    self.copy(arg(i), result);
                    if i > 0 {
                        self.copy(arg(i), into);
                    }
                }
            }
            Effect::FillsFirst => {
                let into = after_args.first().map_or(NOWHERE, |a| a.2);
                for i in 1..args.len() {
                    self.edge(arg(i), into, Step::Derive);
                }
            }
            Effect::FillsSecond => {
                let from = if args.len() > 1 { arg(0) } else { held };
                if let Some(&(_, _, into)) = after_args.last() {
                    self.edge(from, into, Step::Derive);
                }
            }
            Effect::Entries => {
                let item = self.hidden(id);
                let pair = self.hidden(id);
                let of = if held != NOWHERE && args.is_empty() { held } else { arg(0) };
                self.edge(of, item, Step::Load(Key::ANY));
                self.edge(item, pair, Step::Store(Key::index(1)));
                self.edge(pair, result, Step::Store(Key::ANY));
            }
            Effect::Values => {
                let of = if held != NOWHERE && args.is_empty() { held } else { arg(0) };
                self.copy(of, result);
            }
            Effect::Appended => {
                // Go: `append(xs, a, b)`.
                let list = arg(0);
                self.copy(list, result);
                let length = self.lengths.get(&list).copied();
                for (i, &(slot, value, _)) in args.iter().enumerate().skip(1) {
                    match slot {
                        Slot::Rest => self.copy(value, result),
                        _ => {
                            let at = length.map_or(Key::ANY, |n| Key::index(n + i as u32 - 1));
                            self.edge(value, result, Step::Store(at));
                        }
                    }
                }
                if let Some(n) = length.filter(|_| args.iter().all(|a| a.0 != Slot::Rest)) {
                    self.lengths.insert(result, n + args.len() as u32 - 1);
                }
            }
            Effect::Maps { keeps } => self.callback(id, result, held, args, keeps),
            Effect::MapsArgument => {
                let collection = arg(1);
                self.callback(id, result, collection, &args[..1.min(args.len())], false);
                self.copy(NOWHERE, result);
            }
            Effect::Folds => {
                if let Some(function) = args.first().and_then(|a| self.function_value(a.1)) {
                    let params = self.params_of(function);
                    let returned = self.graph.functions[function as usize].returned;
                    if let Some(&accumulated) = params.first() {
                        self.copy(arg(1), accumulated);
                        self.copy(returned, accumulated);
                    }
                    if let Some(&item) = params.get(1) {
                        self.edge(held, item, Step::Load(Key::ANY));
                    }
                    self.copy(returned, result);
                } else {
                    self.edge(held, result, Step::Derive);
                    self.edge(arg(1), result, Step::Derive);
                }
            }
            Effect::Then => {
                let mut any = false;
                for (i, a) in args.iter().enumerate().take(2) {
                    if let Some(function) = self.function_value(a.1) {
                        any = true;
                        let returned = self.graph.functions[function as usize].returned;
                        if i == 0 && let Some(&param) = self.params_of(function).first() {
                            self.copy(held, param);
                        }
                        self.copy(returned, result);
                    }
                }
                if !any {
                    self.copy(held, result);
                }
            }
            Effect::NewPromise => {
                if let Some(function) = args.first().and_then(|a| self.function_value(a.1))
                    && let Some(&resolve) = self.params_of(function).first()
                {
                    self.resolvers.insert(resolve, result);
                    self.resolve_calls(resolve, result);
                }
            }
        }
    }

    /// The receiver of a method call, as it is now.
    fn now(&mut self, call: NodeId, held: Value) -> Value {
        let callee = self.tree.child(call, 0);
        if self.tree.kind(callee) != Kind::Member {
            return held;
        }
        self.current(self.tree.child(callee, 0))
    }

    fn method_name(&self, call: NodeId) -> &str {
        let callee = self.tree.child(call, 0);
        if self.tree.kind(callee) == Kind::Member { self.tree.text(self.tree.child(callee, 1)) } else { self.tree.text(callee) }
    }

    /// The function that a value is known to be.
    pub(super) fn function_value(&self, value: Value) -> Option<u32> {
        match self.constants.get(&value) {
            Some(&Const::Function(number)) => Some(number),
            _ => None,
        }
    }

    fn params_of(&self, function: u32) -> Vec<Value> {
        let params = &self.graph.functions[function as usize].params;
        params.iter().filter(|p| !matches!(p.slot, Slot::Receiver)).map(|p| p.value).collect()
    }

    /// `xs.map(f)`: `f` gets each element, what it returns are the elements of the result.
    fn callback(&mut self, id: NodeId, result: Value, collection: Value, args: &[(Slot, Value, NodeId)], keeps: bool) {
        let mut known = false;
        for &(_, value, _) in args {
            let Some(function) = self.function_value(value) else { continue };
            known = true;
            let params = self.params_of(function);
            // Entries of maps are given with their keys in some languages, elements with their index in others.
            let item = if params.len() > 1 && self.lang == Lang::Java { params.get(1) } else { params.first() };
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
    fn resolve_calls(&mut self, resolve: Value, result: Value) {
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

    fn builder_chain(&mut self, id: NodeId, args: &[(Slot, Value, NodeId)]) {
        let tree = self.tree;
        let mut object = tree.child(tree.child(id, 0), 0);
        let mut inside = false;
        while tree.kind(object) == Kind::Call && tree.kind(tree.child(object, 0)) == Kind::Member {
            object = tree.child(tree.child(object, 0), 0);
            inside = true;
        }
        if !inside || !self.is_place(object) {
            return;
        }
        let held = self.current(object);
        let version = self.hidden(id);
        self.same(held, version);
        for a in args {
            self.edge(a.1, version, Step::Derive);
        }
        self.replace(object, held, version);
    }
}
