//! Members of Java's classes that nobody writes: what records have, what Lombok's annotations make.

use rampart_syntax::Aux;

use super::*;

impl Builder<'_> {
    /// Gives the class what it has without saying so. `id` is its `ClassDef`.
    pub(super) fn implied_members(&mut self, id: NodeId, class: u32) {
        let tree = self.tree;
        let kids = tree.children(id);
        let is_own = |name: &str, params: usize| {
            tree.children(kids[6]).iter().any(|&m| {
                tree.kind(m) == Kind::FuncDef
                    && tree.text(tree.child(m, 2)) == name
                    && tree.children(tree.child(m, 3)).len() == params
            })
        };
        if tree[id].aux == Aux::RECORD {
            let components = tree.children(kids[5]);
            let names: Vec<&str> = components
                .iter()
                .filter(|&&p| tree.kind(p) == Kind::Param)
                .map(|&p| tree.text(tree.child(p, 0)))
                .collect();
            let keys: Vec<Key> = names.iter().map(|name| Key::name(name)).collect();
            for &param in components.iter().filter(|&&p| tree.kind(p) == Kind::Param) {
                if let Some(ty) = tree.slot(param, 1).and_then(|ty| self.type_name(ty)) {
                    self.graph.classes[class as usize].fields.push((Key::name(tree.text(tree.child(param, 0))), ty));
                }
            }
            let name = tree.text(kids[2]);
            let is_compact = tree.children(kids[6]).iter().any(|&m| self.is_compact(m, id));
            if !is_compact && !is_own(name, names.len()) {
                self.implied_method(id, class, name, &keys, None);
            }
            for (name, &key) in names.iter().zip(&keys) {
                if !is_own(name, 0) {
                    self.implied_method(id, class, name, &[], Some(key));
                }
            }
            self.graph.classes[class as usize].components = keys;
            return;
        }
        if self.lang == Lang::Python {
            self.python_fields(id, class);
            return;
        }
        let all_get = self.has_modifier(kids[0], &["Data", "Value", "Getter"]);
        let all_set = self.has_modifier(kids[0], &["Data", "Setter"]);
        for &member in tree.children(kids[6]) {
            if tree.kind(member) != Kind::VarDef {
                continue;
            }
            let attrs = tree.child(member, 3);
            let name = tree.text(tree.child(member, 0));
            let mut letters = name.chars();
            let Some(first) = letters.next() else { continue };
            let upper = format!("{}{}", first.to_uppercase(), letters.as_str());
            let key = Key::name(name);
            if all_get || self.has_modifier(attrs, &["Getter"]) {
                for getter in [format!("get{upper}"), format!("is{upper}")] {
                    if !is_own(&getter, 0) {
                        self.implied_method(id, class, &getter, &[], Some(key));
                    }
                }
            }
            let setter = format!("set{upper}");
            if (all_set || self.has_modifier(attrs, &["Setter"])) && !is_own(&setter, 1) {
                self.implied_method(id, class, &setter, &[key], None);
            }
        }
    }

    /// Data classes and the like are given their fields in order.
    fn python_fields(&mut self, id: NodeId, class: u32) {
        let tree = self.tree;
        let kids = tree.children(id);
        let names = |list: NodeId| {
            tree.children(list).iter().map(|&base| match tree.kind(base) {
                Kind::Member => tree.text(tree.child(base, 1)),
                _ => tree.text(base),
            })
        };
        let decorators =
            tree.children(kids[0]).iter().filter(|&&a| tree.kind(a) == Kind::Annotation).map(|&a| tree.child(a, 0));
        let decorated =
            decorators.map(|d| if tree.kind(d) == Kind::Member { tree.text(tree.child(d, 1)) } else { tree.text(d) });
        let is_data = decorated.into_iter().any(|d| matches!(d, "dataclass" | "define" | "frozen" | "attrs" | "s"));
        let is_tuple = names(kids[3]).any(|n| n == "NamedTuple");
        let is_model = names(kids[3]).any(|n| n == "BaseModel");
        let has_own = tree
            .children(kids[6])
            .iter()
            .any(|&m| tree.kind(m) == Kind::FuncDef && tree.text(tree.child(m, 2)) == "__init__");
        if has_own || !is_data && !is_tuple && !is_model {
            return;
        }
        let fields = tree
            .children(kids[6])
            .iter()
            .filter(|&&m| tree.kind(m) == Kind::VarDef && tree.kind(tree.child(m, 0)) == Kind::Ident);
        let keys: Vec<Key> = fields.map(|&m| Key::name(tree.text(tree.child(m, 0)))).collect();
        self.implied_method(id, class, "__init__", &keys, None);
        if is_tuple {
            self.graph.classes[class as usize].components = keys;
        }
    }

    /// A constructor of a record that has only the checks: `User { … }`.
    pub(super) fn is_compact(&self, member: NodeId, record: NodeId) -> bool {
        let tree = self.tree;
        tree.kind(member) == Kind::FuncDef
            && tree[record].aux == Aux::RECORD
            && tree.span(tree.child(member, 3)).is_empty()
            && tree.text(tree.child(member, 2)) == tree.text(tree.child(record, 2))
    }

    /// A method that gives its parameters to these fields, and returns that one.
    fn implied_method(&mut self, at: NodeId, class: u32, name: &str, stores: &[Key], loads: Option<Key>) {
        let number = self.graph.functions.len() as u32;
        let outer = std::mem::replace(&mut self.function, number);
        let this = self.hidden(at);
        let returned = self.hidden(at);
        let mut params =
            vec![Param { slot: Slot::Receiver, name: Key::name("this"), value: this, ty: Some(self.own_type(class)) }];
        let mut left = this;
        for (i, &key) in stores.iter().enumerate() {
            let value = self.hidden(at);
            params.push(Param { slot: Slot::At(i.min(usize::from(u16::MAX)) as u16), name: key, value, ty: None });
            left = self.stored(at, left, key, value);
        }
        if let Some(key) = loads {
            self.edge(this, returned, Step::Load(key));
        }
        let fields = &self.graph.classes[class as usize].fields;
        let returns = loads.and_then(|key| fields.iter().find(|(k, _)| *k == key)).map(|(_, ty)| ty.clone());
        self.graph.functions.push(Function {
            name: name.to_string(),
            span: self.tree.span(at),
            class: Some(class),
            outer: Some(0),
            params,
            returned,
            thrown: returned,
            left: vec![(Slot::Receiver, left)],
            returns,
            ..Function::default()
        });
        self.graph.classes[class as usize].methods.push(number);
        self.function = outer;
    }

    /// The object with another value in a field.
    pub(super) fn stored(&mut self, at: NodeId, object: Value, key: Key, value: Value) -> Value {
        let version = self.hidden(at);
        self.edge(object, version, Step::Keep(key));
        self.edge(value, version, Step::Store(key));
        version
    }
}
