//! Calls that are not written as calls: properties, operators, conversions, iteration.

use super::*;

/// Methods of Python that the language itself calls.
const SPECIAL: &[&str] = &["__str__", "__add__", "__iter__", "__getitem__", "__setitem__", "__enter__"];

impl Builder<'_> {
    /// Takes note of a method that is called without parentheses. Says whether it is a property.
    pub(super) fn note_accessor(&mut self, id: NodeId) -> bool {
        let tree = self.tree;
        let (attrs, name) = (tree.child(id, 0), tree.text(tree.child(id, 2)));
        let is_setter = |attr: NodeId| {
            tree.slot(attr, 0).is_some_and(|word| {
                tree.kind(attr) == Kind::Annotation
                    && tree.kind(word) == Kind::Member
                    && tree.text(tree.child(word, 1)) == "setter"
            })
        };
        let is_getter = self.has_modifier(attrs, &["get", "property", "cached_property"]);
        let is_setter = self.has_modifier(attrs, &["set"]) || tree.children(attrs).iter().any(|&a| is_setter(a));
        if is_getter || SPECIAL.contains(&name) || name == "toString" {
            self.getters.insert(name.to_string());
        } else if is_setter {
            self.setters.insert(name.to_string());
        }
        is_getter || is_setter
    }

    /// Is this method called by the language somewhere in the file?
    fn is_called(&self, name: &str) -> bool {
        self.getters.contains(name)
    }

    fn imply(
        &mut self,
        at: NodeId,
        callee: Callee,
        receiver: Value,
        args: &[(Slot, Value)],
        mut after: Vec<(Slot, Value)>,
    ) -> (u32, Value) {
        let result = self.hidden(at);
        let number = self.graph.calls.len() as u32;
        for &(slot, value) in args {
            self.edge_argument(value, number, slot);
        }
        self.edge_argument(receiver, number, Slot::Receiver);
        after.extend(self.pass_course_on(number, at));
        self.graph.calls.push(Call {
            result,
            function: self.function,
            callee,
            receiver: Some(receiver),
            args: args.to_vec(),
            after,
            unknown: Unknown::Implied,
            thrown: self.thrown,
            is_go: false,
            ends_with_list: false,
            is_implied: false,
        });
        (number, result)
    }

    /// The language calls the method of this name, if the object has it: its result, and the object for when it has not.
    pub(super) fn called_by_language(
        &mut self,
        at: NodeId,
        name: &str,
        object: Value,
        args: &[(Slot, Value)],
    ) -> Option<(Value, Value)> {
        if object == NOWHERE || !self.is_called(name) {
            return None;
        }
        let of = self.types.get(&object).cloned();
        let (call, result) = self.imply(at, Callee::Method { name: name.to_string(), of }, object, args, Vec::new());
        let otherwise = self.hidden(at);
        self.edge(object, otherwise, Step::Past(call));
        self.known_of(object, otherwise);
        Some((result, otherwise))
    }

    /// `object.name` where the file has properties of that name.
    pub(super) fn read_property(&mut self, id: NodeId, name: &str, object: Value, value: Value) {
        if let Some((result, _)) = self.called_by_language(id, name, object, &[]) {
            self.copy(result, value);
            if self.lang.is_script() {
                let getter = self.hidden(id);
                self.edge(object, getter, Step::Load(Self::getter(name)));
                let (_, result) = self.imply(id, Callee::Value(getter), object, &[], Vec::new());
                self.copy(result, value);
            }
        }
    }

    /// Where an object literal keeps the function behind a property.
    pub(super) fn getter(name: &str) -> Key {
        Key::name(&format!("\0get {name}"))
    }

    /// `object.name = value` where the file has setters of that name: the object afterwards, by way of `stored`, what it is without.
    pub(super) fn write_property(
        &mut self,
        at: NodeId,
        name: &str,
        object: Value,
        value: Value,
        stored: Value,
    ) -> Value {
        if !self.setters.contains(name) {
            return stored;
        }
        self.write_by(at, name, object, &[(Slot::At(0), value)], stored)
    }

    /// The language calls the method of this name to change the object.
    pub(super) fn write_by(
        &mut self,
        at: NodeId,
        name: &str,
        object: Value,
        args: &[(Slot, Value)],
        stored: Value,
    ) -> Value {
        if object == NOWHERE {
            return stored;
        }
        let of = self.types.get(&object).cloned();
        let version = self.hidden(at);
        let callee = Callee::Method { name: name.to_string(), of };
        let (call, _) = self.imply(at, callee, object, args, vec![(Slot::Receiver, version)]);
        self.edge(stored, version, Step::Past(call));
        self.known_of(stored, version);
        version
    }
}
