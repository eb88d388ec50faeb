//! Statements, in the order they run.

use rampart_syntax::{Aux, Sym};

use super::*;

impl Builder<'_> {
    pub(super) fn statements(&mut self, id: NodeId) {
        let tree = self.tree;
        for &child in tree.children(id) {
            // Functions are known in all of their scope, before and after a `return`.
            self.alive &= self.work > 0;
            if !self.alive && tree.kind(child) != Kind::FuncDef {
                self.skip(child);
                continue;
            }
            self.statement(child);
        }
    }

    pub(super) fn statement(&mut self, id: NodeId) {
        let tree = self.tree;
        if !self.alive && tree.kind(id) != Kind::FuncDef {
            return;
        }
        if self.function == 0 {
            self.graph.statements.push(tree.span(id).start);
        }
        let label = self.label.take();
        match tree.kind(id) {
            Kind::Nil | Kind::Empty | Kind::Global | Kind::Package => {}
            Kind::Import | Kind::ImportFrom | Kind::ImportAll => {}
            Kind::Block => self.statements(id),
            Kind::ExprStmt => {
                let value = self.expr(tree.child(id, 0));
                self.of[id.index()] = value;
            }
            Kind::VarDef => self.var_def(id),
            Kind::If => self.if_statement(id),
            Kind::While => {
                self.loop_statement(id, label, |b| {
                    let cond = tree.child(id, 0);
                    b.expr(cond);
                    if b.truth(cond) == Some(false) {
                        b.alive = false;
                        return;
                    }
                    b.guard(cond, true);
                    b.statement(tree.child(id, 1));
                });
            }
            Kind::DoWhile => {
                // Once for certain.
                let mark = self.changes.len();
                self.exits.push(Exit {
                    kind: ExitKind::Loop,
                    label,
                    mark,
                    leaving: Vec::new(),
                    continuing: Vec::new(),
                });
                self.loop_body(id, |b| {
                    b.statement(tree.child(id, 0));
                    b.expr(tree.child(id, 1));
                });
                self.loop_end(id, true);
            }
            Kind::For => {
                let first = tree.child(id, 0);
                if tree.kind(first).is_statement() {
                    self.statement(first)
                } else {
                    self.expr_if(first)
                }
                self.loop_statement(id, label, |b| {
                    if tree.kind(tree.child(id, 1)) != Kind::Nil {
                        b.expr(tree.child(id, 1));
                    }
                    b.statement(tree.child(id, 3));
                    // After `continue` too.
                    b.alive |= b.exits.last().is_some_and(|e| !e.continuing.is_empty());
                    if !b.alive {
                        return;
                    }
                    let update = tree.child(id, 2);
                    if tree.kind(update).is_statement() { b.statement(update) } else { b.expr_if(update) }
                });
            }
            Kind::ForEach => self.for_each(id, label),
            Kind::Return => {
                let value = tree.slot(id, 0).map(|e| self.expr(e));
                if let Some(value) = value {
                    self.of[id.index()] = value;
                    let returned = self.graph.functions[self.function as usize].returned;
                    self.copy(value, returned);
                }
                if value.is_none() {
                    self.return_named();
                }
                if let Some(result) = tree.slot(id, 0) {
                    self.vouch(result);
                }
                self.leave_function();
            }
            Kind::Throw => {
                for &part in tree.children(id) {
                    let value = self.expr(part);
                    self.copy(value, self.thrown);
                }
                self.alive = false;
            }
            Kind::Break => self.leave_loop(tree.slot(id, 0).map(|l| tree.sym(l)), false),
            Kind::Continue => self.leave_loop(tree.slot(id, 0).map(|l| tree.sym(l)), true),
            Kind::Try => self.try_statement(id),
            Kind::With => {
                for &resource in tree.children(tree.child(id, 0)) {
                    match tree
                        .slot(resource, 2)
                        .filter(|_| tree.kind(resource) == Kind::VarDef && self.getters.contains("__enter__"))
                    {
                        Some(manager) => {
                            let value = self.expr(manager);
                            let (entered, otherwise) =
                                self.called_by_language(manager, "__enter__", value, &[]).unwrap_or((NOWHERE, value));
                            self.copy(otherwise, entered);
                            self.assign(tree.child(resource, 0), entered, None);
                        }
                        None => self.statement(resource),
                    }
                }
                self.statement(tree.child(id, 1));
            }
            Kind::Switch => self.switch(id, label, None),
            Kind::Assert => {
                self.expr(tree.child(id, 0));
                self.guard(tree.child(id, 0), true);
            }
            Kind::Delete => {
                for &part in tree.children(id) {
                    self.delete(part);
                }
            }
            Kind::Label => {
                self.label = Some(tree.sym(id));
                self.statement(tree.child(id, 0));
                self.label = None;
            }
            Kind::Defer | Kind::Go => {
                self.expr(tree.child(id, 0));
            }
            Kind::FuncDef => {
                self.attributes(tree.child(id, 0));
                self.later.push((id, self.class.filter(|_| self.is_class_member(id))));
                let name = tree.child(id, 2);
                if let Some(def) = self.names.def(name) {
                    let alive = std::mem::replace(&mut self.alive, true);
                    let value = self.at(name);
                    if let Some(&number) = self.function_at.get(&id) {
                        self.is_function(value, number);
                    }
                    let value = self.decorated(id, value);
                    self.set(def, value);
                    self.alive = alive;
                }
            }
            Kind::ClassDef => self.class_def(id),
            Kind::TypeDef => {}
            Kind::Other if self.lang == Lang::Java && tree.text(id) == "yield_statement" => {
                let value = tree.children(id).first().map_or(NOWHERE, |&e| self.expr(e));
                let result = self.results.last().copied().unwrap_or(NOWHERE);
                self.copy(value, result);
                self.leave_loop(None, false);
            }
            Kind::Export => {
                for &part in tree.children(id) {
                    if tree.kind(part).is_statement() { self.statement(part) } else { self.expr_if(part) }
                }
            }
            _ => {
                for &part in tree.children(id) {
                    if tree.kind(part).is_statement() { self.statement(part) } else { self.expr_if(part) }
                }
            }
        }
    }

    /// Code that is never reached: its values come from nowhere.
    pub(super) fn skip(&mut self, id: NodeId) {
        if self.tree.kind(id) != Kind::Nil && self.of[id.index()] == NOWHERE {
            self.at(id);
        }
    }

    /// A function with a wrapper is what the wrapper returns, and the wrapper is given the function.
    fn decorated(&mut self, id: NodeId, mut value: Value) -> Value {
        let tree = self.tree;
        if !self.function_at.get(&id).is_some_and(|&n| self.graph.functions[n as usize].is_decorated) {
            return value;
        }
        for &attr in tree.children(tree.child(id, 0)).iter().rev().filter(|&&a| tree.kind(a) == Kind::Annotation) {
            let wrapper = self.decorator(attr);
            value = self.call_back(id, wrapper, &[(Slot::At(0), value)]);
        }
        value
    }

    /// What an annotation is as an expression: `@name`, or the result of `@name(args)`.
    fn decorator(&mut self, attr: NodeId) -> Value {
        let tree = self.tree;
        let name = self.of[tree.child(attr, 0).index()];
        let Some(args) = tree.slot(attr, 1) else { return name };
        let args: Vec<(Slot, Value)> =
            self.slots(args).into_iter().map(|(slot, arg)| (slot, self.of[arg.index()])).collect();
        self.call_back(attr, name, &args)
    }

    fn is_class_member(&self, id: NodeId) -> bool {
        self.tree.parent(id).is_some_and(|up| self.tree.kind(up) == Kind::ClassBody)
    }

    pub(super) fn expr_if(&mut self, id: NodeId) {
        if self.tree.kind(id) != Kind::Nil {
            self.expr(id);
        }
    }

    fn var_def(&mut self, id: NodeId) {
        let tree = self.tree;
        let kids = tree.children(id);
        self.attributes(kids[3]);
        let value = match tree.slot(id, 2) {
            Some(init) => self.expr(init),
            // A loop's `let x;` is a new one each time round.
            None if tree.slot(id, 1).is_some() || self.lang.is_script() || self.lang == Lang::Java => {
                let value = self.hidden(kids[0]);
                if self.lang == Lang::Go
                    && tree
                        .slot(id, 1)
                        .is_some_and(|ty| tree.kind(ty) == Kind::TypeArray && tree.kind(tree.child(ty, 1)) == Kind::Nil)
                {
                    self.lengths.insert(value, 0);
                }
                value
            }
            None => return,
        };
        if value != NOWHERE
            && let Some(ty) = tree.slot(id, 1).filter(|&ty| tree.text(ty) != "var").and_then(|ty| self.type_name(ty))
        {
            self.types.entry(value).or_insert(ty);
        }
        self.assign(kids[0], value, tree.slot(id, 2));
        self.of[id.index()] = self.of[kids[0].index()];
    }

    fn if_statement(&mut self, id: NodeId) {
        let tree = self.tree;
        let [cond, then, otherwise] = [tree.child(id, 0), tree.child(id, 1), tree.child(id, 2)];
        // Go: `if x := f(); cond` is a block of both.
        if tree.kind(cond).is_statement() {
            self.statement(cond)
        } else {
            self.expr_if(cond)
        }
        match self.truth(cond) {
            Some(true) => {
                self.skip(otherwise);
                self.statement(then);
            }
            Some(false) => {
                self.skip(then);
                self.statement(otherwise);
            }
            None => {
                let yes = self.branch(|b| {
                    b.guard(cond, true);
                    b.statement(then);
                });
                let no = self.branch(|b| {
                    b.guard(cond, false);
                    b.statement(otherwise);
                });
                self.join(vec![yes, no], id);
            }
        }
    }

    // ── loops ────────────────────────────────────────────────────────────────────────────────────

    fn loop_statement(&mut self, id: NodeId, label: Option<Sym>, body: impl FnOnce(&mut Self)) {
        let mark = self.changes.len();
        self.exits.push(Exit { kind: ExitKind::Loop, label, mark, leaving: Vec::new(), continuing: Vec::new() });
        self.loop_body(id, body);
        let is_endless = self.is_endless(id);
        self.loop_end(id, is_endless);
    }

    /// Variables that the loop changes begin it with a join of what they were and what the last round left.
    fn loop_body(&mut self, id: NodeId, body: impl FnOnce(&mut Self)) {
        if !self.spend((id.0 - self.tree[id].low) as usize / 4) {
            return;
        }
        let mut vars = self.changed_in(id);
        vars.retain(|&var| self.state[var as usize] != NOWHERE);
        let mut heads = Vec::with_capacity(vars.len());
        for &var in &vars {
            let head = self.hidden(id);
            let before = self.state[var as usize];
            self.copy(before, head);
            if let Some(ty) = self.types.get(&before).cloned() {
                self.types.insert(head, ty);
            }
            if let Some(&origin) = self.origins.get(&before) {
                self.origins.insert(head, origin);
            }
            heads.push((var, head));
            self.set_var(var, head);
        }
        let round = self.branch(body);
        let exit = self.exits.last_mut().expect("pushed with the loop");
        let mut ends = std::mem::take(&mut exit.continuing);
        ends.push(round);
        for end in ends.iter().filter(|e| e.reached) {
            for &(var, head) in &heads {
                if let Some(&value) = end.changed.get(&var) {
                    self.copy(value, head);
                }
            }
        }
        if self.is_endless(id) {
            return;
        }
        // What the last round left is what comes after, for variables that have no head as for the others.
        for end in ends.into_iter().filter(|e| e.reached) {
            let exit = self.exits.last_mut().expect("pushed with the loop");
            exit.leaving.push(end);
        }
    }

    /// `while (true)` is left by `break` only.
    fn is_endless(&self, id: NodeId) -> bool {
        let tree = self.tree;
        match tree.kind(id) {
            Kind::While => self.truth(tree.child(id, 0)) == Some(true),
            Kind::For => tree.kind(tree.child(id, 1)) == Kind::Nil,
            _ => false,
        }
    }

    fn loop_end(&mut self, id: NodeId, once: bool) {
        let exit = self.exits.pop().expect("pushed with the loop");
        let mut ends = exit.leaving;
        if !once {
            ends.push(Branch { changed: FxHashMap::default(), reached: true });
        }
        self.join(ends, id);
    }

    /// Variables of this function that something under `id` may change, in order.
    fn changed_in(&self, id: NodeId) -> Vec<Var> {
        let tree = self.tree;
        let mut out = vec![self.course()];
        for i in tree[id].low..=id.0 {
            let id = NodeId(i);
            match tree.kind(id) {
                Kind::Assign | Kind::AugAssign | Kind::ForEach | Kind::VarDef => {
                    self.roots_of(tree.child(id, 0), &mut out)
                }
                Kind::Unary if tree.op(id) >= rampart_syntax::Op::PreInc as u16 => {
                    self.roots_of(tree.child(id, 0), &mut out)
                }
                Kind::Call => {
                    if tree.kind(tree.child(id, 0)) == Kind::Member {
                        self.roots_of(tree.child(tree.child(id, 0), 0), &mut out);
                    }
                    for &arg in tree.children(tree.child(id, 1)) {
                        self.roots_of(arg, &mut out);
                    }
                }
                Kind::Delete => {
                    for &part in tree.children(id) {
                        self.roots_of(part, &mut out);
                    }
                }
                _ => {}
            }
        }
        out.sort_unstable();
        out.dedup();
        out
    }

    fn roots_of(&self, target: NodeId, out: &mut Vec<Var>) {
        let tree = self.tree;
        match tree.kind(target) {
            Kind::Ident => {
                out.extend(self.names.def(target).filter(|&d| self.names.get(d).home() == self.body).map(|d| d.0))
            }
            Kind::This | Kind::Super => out.push(self.this()),
            Kind::Call if self.is_super(target) => out.push(self.receiver_var()),
            Kind::Member | Kind::Index | Kind::Slice | Kind::Unary => self.roots_of(tree.child(target, 0), out),
            Kind::Tuple | Kind::Array | Kind::Object | Kind::Spread => {
                for &part in tree.children(target) {
                    self.roots_of(part, out);
                }
            }
            Kind::Pair => self.roots_of(tree.child(target, 1), out),
            Kind::VarDef | Kind::Assign => self.roots_of(tree.child(target, 0), out),
            _ => {}
        }
    }

    fn for_each(&mut self, id: NodeId, label: Option<Sym>) {
        let tree = self.tree;
        let [target, iterable, body] = [tree.child(id, 0), tree.child(id, 1), tree.child(id, 2)];
        let collection = self.expr(iterable);
        self.loop_statement(id, label, |b| {
            b.element(target, collection, iterable, tree[id].aux);
            b.statement(body);
        });
    }

    /// Gives a loop's target one element of the collection.
    pub(super) fn element(&mut self, target: NodeId, collection: Value, iterable: NodeId, aux: u16) {
        let tree = self.tree;
        if let Some((items, otherwise)) = self.called_by_language(target, "__iter__", collection, &[]) {
            self.copy(items, otherwise);
            let element = self.hidden(target);
            self.edge(otherwise, element, Step::Load(Key::ANY));
            self.assign(target, element, None);
            return;
        }
        // Go: `for i, x := range xs`; JavaScript: `for (const k in o)`.
        if self.lang == Lang::Go {
            let kids: Vec<NodeId> = match tree.kind(target) {
                Kind::Tuple => tree.children(target).to_vec(),
                Kind::VarDef => vec![tree.child(target, 0)],
                _ => vec![target],
            };
            let ty = self.names.type_of(tree, iterable);
            // What has no keys gives its elements: channels, iterators.
            let has_keys = ty.is_some_and(|ty| matches!(tree.kind(ty), Kind::TypeArray | Kind::TypeMap));
            if let Some(&key) = kids.first() {
                let value = self.hidden(key);
                if kids.len() == 1 && !has_keys && self.is_stream(iterable) {
                    self.edge(collection, value, Step::Load(Key::ANY));
                } else if ty.is_some_and(|ty| tree.kind(ty) == Kind::TypeMap) {
                    self.edge(collection, value, Step::Load(Key::KEYS));
                }
                self.assign(key, value, None);
            }
            if let Some(&item) = kids.get(1) {
                let value = self.hidden(item);
                self.edge(collection, value, Step::Load(Key::ANY));
                self.element_of_constant(collection, value);
                self.typed_element(iterable, value);
                self.assign(item, value, None);
                let is_pointer = ty.is_some_and(|ty| {
                    tree.kind(ty) == Kind::TypeArray && tree.kind(tree.child(ty, 0)) == Kind::TypePointer
                });
                if is_pointer {
                    self.share_element(item, iterable);
                }
            }
            return;
        }
        let element = self.hidden(target);
        if self.lang.is_script() && aux == Aux::IN {
            self.edge(collection, element, Step::Load(Key::KEYS));
        } else {
            match self.types.get(&collection).map(|ty| &ty.path[..]) {
                Some([name]) if name == "Map" && self.lang.is_script() => {
                    for (index, key) in [(0, Key::KEYS), (1, Key::ANY)] {
                        let part = if index == 0 { self.hidden(target) } else { self.some_element(target, collection) };
                        if index == 0 {
                            self.edge(collection, part, Step::Load(key));
                        }
                        self.edge(part, element, Step::Store(Key::index(index)));
                    }
                }
                _ => {
                    let key = if self.is_map(collection) { Key::KEYS } else { Key::ANY };
                    self.edge(collection, element, Step::Load(key));
                }
            }
        }
        self.element_of_constant(collection, element);
        if self.lang == Lang::Java {
            self.typed_element(iterable, element);
        }
        self.assign(target, element, None);
        self.share_element(target, iterable);
    }

    /// Go: does ranging over it give values where keys would stand? A channel, or the result of a function that iterates.
    fn is_stream(&self, iterable: NodeId) -> bool {
        let tree = self.tree;
        match self.names.type_of(tree, iterable) {
            Some(ty) => !matches!(tree.kind(ty), Kind::Ident | Kind::TypeArray | Kind::TypeMap),
            None => match tree.kind(iterable) {
                Kind::Call => true,
                Kind::Ident => {
                    let init = self.names.def(iterable).and_then(|d| self.names.get(d).init);
                    init.is_some_and(|init| {
                        tree.kind(init) == Kind::Call && !matches!(tree.text(tree.child(init, 0)), "append")
                    })
                }
                _ => false,
            },
        }
    }

    fn element_of_constant(&mut self, collection: Value, element: Value) {
        if self.constants.get(&collection) == Some(&Const::Collection) {
            self.constants.insert(element, Const::Collection);
        }
    }

    // ── leaving ──────────────────────────────────────────────────────────────────────────────────

    fn return_named(&mut self) {
        let returned = self.graph.functions[self.function as usize].returned;
        let named = self.results_named.clone();
        for (i, def) in named.iter().enumerate() {
            let now = self.state[def.0 as usize];
            self.edge(now, returned, if named.len() == 1 { Step::Copy } else { Step::Store(Key::index(i as u32)) });
        }
    }

    pub(super) fn leave_function(&mut self) {
        for parameter in &mut self.params {
            let now = self.state[parameter.var as usize];
            if now != NOWHERE && parameter.left.last() != Some(&now) {
                parameter.left.push(now);
            }
        }
        self.alive = false;
    }

    fn leave_loop(&mut self, label: Option<Sym>, again: bool) {
        let found = self.exits.iter().rposition(|e| match label {
            Some(label) => e.label == Some(label),
            None => e.kind == ExitKind::Loop || e.kind == ExitKind::Switch && !again,
        });
        let function = self.exits.iter().rposition(|e| e.kind == ExitKind::Function);
        if let Some(at) = found.filter(|&at| Some(at) > function) {
            let branch = self.leaving(self.exits[at].mark);
            let exit = &mut self.exits[at];
            if again { exit.continuing.push(branch) } else { exit.leaving.push(branch) }
        }
        self.alive = false;
    }

    // ── try and switch ───────────────────────────────────────────────────────────────────────────

    fn try_statement(&mut self, id: NodeId) {
        let tree = self.tree;
        let kids = tree.children(id);
        for &resource in tree.children(kids[0]) {
            self.statement(resource);
        }
        let mark = self.changes.len();
        let mut seen: FxHashMap<Var, Vec<Value>> = FxHashMap::default();
        let thrown = if tree.children(kids[2]).is_empty() { self.thrown } else { self.hidden(id) };
        let body = self.branch(|b| {
            let around = std::mem::replace(&mut b.thrown, thrown);
            b.statement(kids[1]);
            b.thrown = around;
            // A handler may begin after any of the assignments.
            if !b.spend((b.changes.len() - mark) * tree.children(kids[2]).len().max(1)) {
                return;
            }
            for &(var, old) in &b.changes[mark..] {
                seen.entry(var).or_default().push(old);
            }
            for (var, values) in &mut seen {
                values.push(b.state[*var as usize]);
            }
            b.statement(kids[3]);
        });
        let mut ends = vec![body];
        let mut seen: Vec<(Var, Vec<Value>)> = seen.into_iter().collect();
        seen.sort_unstable_by_key(|(var, _)| *var);
        for &catch in tree.children(kids[2]) {
            let end = self.branch(|b| {
                for (var, values) in &seen {
                    let mut values: Vec<Value> = values.iter().copied().filter(|&v| v != NOWHERE).collect();
                    values.sort_unstable();
                    values.dedup();
                    let value = b.phi(&values, catch);
                    b.set_var(*var, value);
                }
                let [ty, name, body] = [tree.child(catch, 0), tree.child(catch, 1), tree.child(catch, 2)];
                if matches!(b.lang, Lang::Python) {
                    b.expr_if(ty);
                }
                if tree.kind(name) != Kind::Nil {
                    let value = b.hidden(name);
                    b.copy(thrown, value);
                    b.assign(name, value, None);
                }
                b.statement(body);
            });
            ends.push(end);
        }
        let finally = kids[4];
        let reached = ends.iter().any(|e| e.reached);
        if !reached && tree.kind(finally) != Kind::Nil {
            // It runs all the same, on the way out.
            let changed = ends.into_iter().map(|e| Branch { reached: true, ..e }).collect();
            self.join(changed, id);
            self.statement(finally);
            self.alive = false;
            return;
        }
        self.join(ends, id);
        self.statement(finally);
    }

    /// A `switch` or `match`. `result` takes what an expression of Java's yields.
    pub(super) fn switch(&mut self, id: NodeId, label: Option<Sym>, result: Option<Value>) {
        let tree = self.tree;
        let subject = tree.child(id, 0);
        if tree.kind(subject).is_statement() {
            self.statement(subject)
        } else {
            self.expr_if(subject)
        }
        let known = self.constant_of(subject);
        let cases = tree.children(tree.child(id, 1)).to_vec();
        let taken = known.as_ref().and_then(|known| {
            let mut certain = None;
            for &case in &cases {
                if self.takes_all(case) {
                    continue;
                }
                for &value in &self.labels_of(case) {
                    match self.literal(value) {
                        Some(value) if value == *known => certain = certain.or(Some(case)),
                        Some(_) => {}
                        None => return None,
                    }
                }
            }
            certain.or_else(|| cases.iter().copied().find(|&c| self.takes_all(c)))
        });
        // Go: `switch { case a == b: … }` asks one condition after the other.
        let asks = self.lang == Lang::Go && tree.kind(subject) == Kind::Nil;
        let mark = self.changes.len();
        self.exits.push(Exit { kind: ExitKind::Switch, label, mark, leaving: Vec::new(), continuing: Vec::new() });
        self.results.push(result.unwrap_or(NOWHERE));
        let mut ends = Vec::new();
        let mut fallen: Option<Branch> = None;
        let mut decided = false;
        for &case in &cases {
            if tree.kind(case) != Kind::Case {
                self.statement(case);
                continue;
            }
            let labels = self.labels_of(case);
            let labels = labels.as_slice();
            let mut entered = (known.is_none() || taken.is_none() || taken == Some(case)) && !decided;
            if asks && entered {
                for &label in labels {
                    if !tree.kind(label).is_statement() {
                        self.expr(label);
                    }
                }
                if let &[label] = labels {
                    match self.truth(label) {
                        Some(false) => entered = false,
                        Some(true) => decided = true,
                        None => {}
                    }
                }
            }
            if !entered && fallen.as_ref().is_none_or(|b| !b.reached) {
                continue;
            }
            let before = fallen.take().filter(|b| b.reached);
            let end = self.branch(|b| {
                if entered {
                    let fresh = b.branch(|b| {
                        for &value in labels {
                            b.case_label(value, subject);
                        }
                        // In a case of constants the subject is one of them.
                        if !asks
                            && !labels.is_empty()
                            && labels.iter().all(|&l| b.is_constant(l) || tree.kind(l) == Kind::Null)
                        {
                            b.made_constant(subject);
                        }
                        if let (true, &[label]) = (asks, labels) {
                            b.guard(label, true);
                        }
                    });
                    b.join(before.into_iter().chain([fresh]).collect(), case);
                } else {
                    b.join(before.into_iter().collect(), case);
                }
                b.case_body(case, result);
            });
            if self.falls(case) {
                fallen = Some(end);
            } else {
                ends.push(end);
            }
        }
        ends.extend(fallen);
        self.results.pop();
        let exit = self.exits.pop().expect("pushed above");
        ends.extend(exit.leaving);
        let complete = cases.iter().any(|&c| self.takes_all(c)) || taken.is_some() || decided || result.is_some();
        if !complete {
            ends.push(Branch { changed: FxHashMap::default(), reached: true });
        }
        self.join(ends, id);
    }

    /// Does the next case follow where this one has no `break`?
    fn falls(&self, case: NodeId) -> bool {
        let tree = self.tree;
        match self.lang {
            Lang::Python => false,
            Lang::Go => tree
                .children(tree.child(case, 1))
                .last()
                .is_some_and(|&last| tree.kind(last) == Kind::Other && tree.text(last) == "fallthrough_statement"),
            _ => tree[case].aux != Aux::ARROW,
        }
    }

    fn case_body(&mut self, case: NodeId, result: Option<Value>) {
        let tree = self.tree;
        let body = tree.child(case, 1);
        // `case 1 -> value;` has the value of its expression.
        if let (Some(result), &[only]) = (result, tree.children(body))
            && tree[case].aux == Aux::ARROW
            && tree.kind(only) == Kind::ExprStmt
        {
            let value = self.expr(tree.child(only, 0));
            self.copy(value, result);
            return;
        }
        self.statement(body);
    }

    /// `T name` or `T(U name, …)`: a pattern of Java.
    pub(super) fn bind(&mut self, pattern: NodeId, value: Value) {
        let tree = self.tree;
        match tree.kind(pattern) {
            Kind::VarDef => {
                let target = tree.child(pattern, 0);
                let named = self.hidden(pattern);
                self.same(value, named);
                if let Some(ty) = self.type_name(tree.child(pattern, 1)) {
                    self.types.insert(named, ty);
                }
                self.assign(target, named, None);
            }
            // A record in its parts, by position.
            _ => {
                let parts = tree.children(pattern).last().copied().map_or(&[][..], |body| tree.children(body));
                for (i, &part) in parts.iter().enumerate() {
                    let key = self.component(tree.child(pattern, 0), i);
                    let item = self.hidden(part);
                    self.edge(value, item, Step::Load(key));
                    if tree_is_binding(tree, part) {
                        self.bind(part, item);
                    }
                }
            }
        }
    }

    /// Python's patterns bind names; other labels are expressions.
    fn case_label(&mut self, label: NodeId, subject: NodeId) {
        if self.lang != Lang::Python {
            // `case String text` gives the subject a name.
            if tree_is_binding(self.tree, label) {
                let value = self.of[subject.index()];
                self.bind(label, value);
            } else {
                self.expr_if(label);
            }
            return;
        }
        let subject = self.of[subject.index()];
        self.capture(label, subject);
    }
}

/// Is it a pattern of Java that gives names to what it matches?
pub(super) fn tree_is_binding(tree: &Tree, id: NodeId) -> bool {
    tree.kind(id) == Kind::VarDef
        || tree.kind(id) == Kind::Other && tree.text(id) == "record_pattern" && !tree.children(id).is_empty()
}
