//! Lists, records, comprehensions and markup: values with parts.

use rampart_syntax::Aux;

use super::*;

impl Builder<'_> {
    pub(super) fn list(&mut self, id: NodeId) -> Value {
        let tree = self.tree;
        let items = tree.children(id).to_vec();
        let values: Vec<Value> = items.iter().map(|&item| self.expr(item)).collect();
        let list = self.at(id);
        let ordered = tree.kind(id) != Kind::Set;
        let mut index = Some(0u32);
        for (&item, &value) in items.iter().zip(&values) {
            if tree.kind(item) == Kind::Spread {
                self.append_list(item, value, index.filter(|_| ordered), list);
                index = index.and_then(|i| Some(i + self.lengths.get(&value)?));
                continue;
            }
            let key = index.filter(|&i| ordered && i < 256).map_or(Key::ANY, Key::index);
            self.edge(value, list, Step::Store(key));
            index = index.map(|i| i + 1);
        }
        if let Some(length) = index.filter(|_| ordered) {
            self.lengths.insert(list, length);
        }
        if values.iter().all(|v| self.constants.contains_key(v)) {
            self.constants.insert(list, Const::Collection);
        }
        list
    }

    pub(super) fn record(&mut self, id: NodeId) -> Value {
        let tree = self.tree;
        let mut parts = Vec::new();
        let mut functions = Vec::new();
        for (i, &item) in tree.children(id).iter().enumerate() {
            match tree.kind(item) {
                Kind::Pair => {
                    let name = tree.child(item, 0);
                    let plain =
                        tree.kind(name) == Kind::Ident && tree.kind(id) == Kind::Object && self.is_field_name(item);
                    if !plain {
                        self.expr_if(name);
                    }
                    let value = self.expr(tree.child(item, 1));
                    self.of[item.index()] = value;
                    let key = if plain { Key::name(tree.text(name)) } else { self.key_of(self.computed(name)) };
                    if !plain {
                        let name = self.of[name.index()];
                        parts.push((name, Step::Store(Key::KEYS)));
                    }
                    functions.extend(self.function_value(value).map(|number| (key, number)));
                    if plain && self.embedded.contains(&key) {
                        parts.push((value, Step::Copy));
                        continue;
                    }
                    parts.push((value, Step::Store(key)));
                }
                Kind::Spread => {
                    let value = self.expr(item);
                    parts.push((value, Step::Copy));
                }
                Kind::FuncDef => {
                    self.function(item, None);
                    let value = self.at(tree.child(item, 2));
                    if let Some(&number) = self.function_at.get(&item) {
                        let name = tree.text(tree.child(item, 2));
                        self.is_function(value, number);
                        if self.has_modifier(tree.child(item, 0), &["get", "set"]) {
                            parts.push((value, Step::Store(Self::getter(name))));
                        } else {
                            functions.push((Key::name(name), number));
                            parts.push((value, Step::Store(Key::name(name))));
                        }
                    }
                }
                // Composite literals of Go without names.
                _ => {
                    let value = self.expr(item);
                    let key = self.position_key(id, i);
                    parts.push((value, if self.embedded.contains(&key) { Step::Copy } else { Step::Store(key) }));
                }
            }
        }
        let record = self.at(id);
        let known = parts.iter().all(|(v, step)| *step != Step::Copy && self.constants.contains_key(v));
        let fields = |from: usize| {
            parts[from..].iter().filter_map(|(_, step)| match step {
                Step::Store(key) if *key != Key::ANY && *key != Key::KEYS => Some(*key),
                _ => None,
            })
        };
        let is_literal = |(_, step): &(Value, Step)| matches!(step, Step::Store(key) if *key != Key::ANY);
        let all: Option<Vec<Key>> = parts.iter().all(is_literal).then(|| fields(0).collect());
        for (i, &(value, step)) in parts.iter().enumerate() {
            match step {
                // What comes after a spread takes the place of what is in it.
                Step::Copy => {
                    let later: Vec<Key> = fields(i).take(64).collect();
                    self.all_but(id, value, &later, record);
                }
                Step::Store(key) if key != Key::KEYS && fields(i + 1).any(|k| k == key) => {}
                step => self.edge(value, record, step),
            }
        }
        if let Some(all) = all {
            self.has_fields(record, all);
        }
        if tree.kind(id) == Kind::Dict {
            self.now_a_map(record);
        }
        if !functions.is_empty() {
            self.constants.insert(record, Const::Record(functions.into()));
        } else if known {
            self.constants.insert(record, Const::Collection);
        }
        record
    }

    pub(super) fn comprehension(&mut self, id: NodeId) -> Value {
        let tree = self.tree;
        let kids = tree.children(id).to_vec();
        let result = self.hidden(id);
        let inner = self.branch(|b| {
            for &clause in &kids[1..] {
                match tree.kind(clause) {
                    Kind::CompFor => {
                        let collection = b.expr(tree.child(clause, 1));
                        b.element(tree.child(clause, 0), collection, tree.child(clause, 1), Aux::OF);
                    }
                    Kind::CompIf => {
                        b.expr(tree.child(clause, 0));
                        b.guard(tree.child(clause, 0), true);
                    }
                    _ => b.expr_if(clause),
                }
            }
            let element = b.expr(kids[0]);
            b.edge(element, result, Step::Store(Key::ANY));
        });
        let _ = inner;
        let value = self.at(id);
        self.copy(result, value);
        value
    }

    pub(super) fn element_of_markup(&mut self, id: NodeId) -> Value {
        let tree = self.tree;
        let props = self.hidden(id);
        for &attr in tree.children(tree.child(id, 1)) {
            let value = match tree.kind(attr) {
                Kind::XmlAttr => {
                    let value = tree.slot(attr, 1).map_or(NOWHERE, |v| self.expr(v));
                    self.edge(value, props, Step::Store(Key::name(tree.text(tree.child(attr, 0)))));
                    value
                }
                _ => {
                    let value = self.expr(attr);
                    self.copy(value, props);
                    value
                }
            };
            self.of[attr.index()] = value;
        }
        for &part in tree.children(tree.child(id, 2)) {
            if tree.kind(part) != Kind::XmlText {
                let value = self.expr(part);
                self.edge(value, props, Step::Store(Key::name("children")));
            }
        }
        // A component is a function of its attributes.
        let name = tree.child(id, 0);
        let is_component = tree.kind(name) == Kind::Member
            || tree.kind(name) == Kind::Ident && tree.text(name).starts_with(|c: char| c.is_uppercase());
        if is_component {
            let component = self.expr(name);
            self.call_back(id, component, &[(Slot::At(0), props)]);
        }
        // React escapes what stands between tags: nothing reaches the element as markup.
        self.at(id)
    }

    /// The cell that an index names.
    pub(super) fn key_of(&self, index: NodeId) -> Key {
        match self.constants.get(&self.of[index.index()]) {
            Some(Const::Str(text)) => Key::name(text),
            Some(&Const::Int(n)) if (0..1 << 20).contains(&n) => Key::index(n as u32),
            _ => Key::ANY,
        }
    }
}
