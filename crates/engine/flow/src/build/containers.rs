//! Lists and maps: elements that move, fields that take the place of others.

use std::sync::Arc;

use super::*;

/// Most fields of a literal that are remembered.
const MAX_FIELDS: usize = 64;

impl Builder<'_> {
    /// `into` gets the elements of `list`, the first of them at this place; somewhere when it is not known where.
    pub(super) fn append_list(&mut self, at: NodeId, list: Value, place: Option<u32>, into: Value) {
        match place {
            Some(0) => self.copy(list, into),
            Some(place) => self.edge(list, into, Step::Shift(place as i32)),
            None => {
                let item = self.some_element(at, list);
                self.edge(item, into, Step::Store(Key::ANY));
            }
        }
    }

    /// `a + b` of lists, when one of them is known to be one.
    pub(super) fn add_lists(&mut self, at: NodeId, first: Value, second: Value, sum: Value) -> bool {
        let lengths = [first, second].map(|v| self.lengths.get(&v).copied());
        if self.lang != Lang::Python || lengths == [None, None] {
            return false;
        }
        self.copy(first, sum);
        self.append_list(at, second, lengths[0], sum);
        if let [Some(a), Some(b)] = lengths {
            self.lengths.insert(sum, a + b);
        }
        true
    }

    /// The cell that an index names in this list: from the end when it is negative.
    pub(super) fn key_in(&self, list: Value, index: NodeId) -> Key {
        match (self.constants.get(&self.of[index.index()]), self.lengths.get(&list)) {
            (Some(&Const::Int(n)), Some(&length)) if n < 0 => {
                u32::try_from(i64::from(length) + n).map_or(Key::ANY, Key::index)
            }
            _ => self.key_of(index),
        }
    }

    /// The number that an expression is, counted from the end of the list when it is negative; `default` when it is absent.
    fn bound_of(&self, bound: Option<NodeId>, length: Option<u32>, default: Option<u32>) -> Option<u32> {
        let Some(bound) = bound else { return default };
        match self.constants.get(&self.of[bound.index()]) {
            Some(&Const::Int(n)) if n >= 0 => u32::try_from(n).ok(),
            Some(&Const::Int(n)) => length.and_then(|l| u32::try_from((i64::from(l) + n).max(0)).ok()),
            _ => None,
        }
    }

    /// `list[from:to]`
    pub(super) fn part_of_list(
        &mut self,
        at: NodeId,
        list: Value,
        from: Option<NodeId>,
        to: Option<NodeId>,
        into: Value,
    ) {
        let length = self.lengths.get(&list).copied();
        let (start, end) =
            (self.bound_of(from, length, Some(0)), self.bound_of(to, length, Some(length.unwrap_or(u32::MAX))));
        match (start, end) {
            (Some(start), Some(end)) => {
                let before = self.hidden(at);
                self.edge(list, before, Step::Below(end));
                self.append_part(before, start, 0, into);
                if let Some(length) = length {
                    self.lengths.insert(into, end.min(length).saturating_sub(start));
                }
            }
            _ => self.append_list(at, list, None, into),
        }
    }

    /// The elements from `start` on become those from `to` on.
    fn append_part(&mut self, list: Value, start: u32, to: u32, into: Value) {
        if start == to {
            // Those before stay away.
            if start == 0 {
                self.copy(list, into);
                return;
            }
        }
        let cut = self.node(self.graph.nodes[list as usize].span, false);
        self.edge(list, cut, Step::Shift(-(start as i32)));
        self.edge(cut, into, Step::Shift(to as i32));
    }

    /// `list.splice(start, count, item…)`
    pub(super) fn splice(
        &mut self,
        at: NodeId,
        list: Value,
        now: Value,
        args: &[super::callbacks::Argument],
        result: Value,
        after: Value,
    ) {
        let length = self.lengths.get(&list).copied();
        let items = args.get(2..).unwrap_or(&[]);
        let start = self.bound_of(args.first().map(|a| a.2), length, None);
        let count = self.bound_of(args.get(1).map(|a| a.2), None, length.or(Some(1 << 16)));
        self.lengths.remove(&after);
        let plain = items.iter().all(|a| matches!(a.0, Slot::At(_)));
        if let (Some(start), Some(count), true) = (start, count, plain) {
            let end = start.saturating_add(count);
            let removed = self.hidden(at);
            self.edge(list, removed, Step::Below(end));
            self.append_part(removed, start, 0, result);
            self.edge(now, after, Step::Below(start));
            self.append_part(now, end, start + items.len() as u32, after);
            for (i, item) in items.iter().enumerate() {
                self.edge(item.1, after, Step::Store(Key::index(start + i as u32)));
            }
            if let Some(length) = length {
                self.lengths.insert(after, length - end.min(length) + start.min(length) + items.len() as u32);
            }
            return;
        }
        self.append_list(at, list, None, result);
        self.append_list(at, now, None, after);
        for item in items {
            self.edge(item.1, after, Step::Store(Key::ANY));
        }
    }

    // ── maps ─────────────────────────────────────────────────────────────────────────────────────

    /// Remembers which fields a literal has.
    pub(super) fn has_fields(&mut self, record: Value, fields: Vec<Key>) {
        if fields.len() <= MAX_FIELDS {
            self.fields.insert(record, Arc::from(fields));
        }
    }

    /// `into` gets what `from` holds, but for these fields.
    pub(super) fn all_but(&mut self, at: NodeId, from: Value, but: &[Key], into: Value) {
        let mut now = from;
        for (i, &key) in but.iter().enumerate() {
            let next = if i + 1 == but.len() { into } else { self.hidden(at) };
            self.edge(now, next, Step::Keep(key));
            now = next;
        }
        if but.is_empty() {
            self.copy(from, into);
        }
    }

    /// `into` is `first` with the fields of the others in place of its own.
    pub(super) fn merge(&mut self, at: NodeId, first: Value, others: &[Value], into: Value) {
        let mut now = first;
        for (i, &other) in others.iter().enumerate() {
            let next = if i + 1 == others.len() { into } else { self.hidden(at) };
            let fields = self.fields.get(&other).cloned().unwrap_or_default();
            self.all_but(at, now, &fields, next);
            self.copy(other, next);
            now = next;
        }
        if others.is_empty() {
            self.copy(first, into);
        }
    }

    /// `new Map([["a", x], ["b", y]])`
    pub(super) fn map_of_pairs(&mut self, at: NodeId, pairs: Value, list: NodeId, into: Value) {
        let tree = self.tree;
        let is_pair = |&pair: &NodeId| tree.kind(pair) == Kind::Array && tree.children(pair).len() == 2;
        if tree.kind(list) == Kind::Array && tree.children(list).iter().all(is_pair) {
            for &pair in tree.children(list) {
                let key = self.key_of(tree.child(pair, 0));
                let [name, value] = [self.of[tree.child(pair, 0).index()], self.of[tree.child(pair, 1).index()]];
                self.edge(value, into, Step::Store(key));
                self.edge(name, into, Step::Store(Key::KEYS));
            }
            return;
        }
        let pair = self.some_element(at, pairs);
        for (index, key) in [(0, Key::KEYS), (1, Key::ANY)] {
            let part = self.hidden(at);
            self.edge(pair, part, Step::Load(Key::index(index)));
            self.edge(part, into, Step::Store(key));
        }
    }

    /// A list of a map's keys.
    pub(super) fn keys_of(&mut self, at: NodeId, map: Value, into: Value) {
        let key = self.hidden(at);
        self.edge(map, key, Step::Load(Key::KEYS));
        self.edge(key, into, Step::Store(Key::ANY));
    }

    /// Is the value a map for certain, so that going through it gives keys?
    pub(super) fn is_map(&self, value: Value) -> bool {
        self.lang == Lang::Python
            && self.types.get(&value).is_some_and(|ty| matches!(&ty.path[..], [name] if name == "dict"))
    }

    pub(super) fn now_a_map(&mut self, value: Value) {
        if self.lang == Lang::Python {
            self.types.insert(value, TypeName { path: ["dict".to_string()].into(), imported: false });
        }
    }
}
