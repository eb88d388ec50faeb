//! What the library's own calls do, as edges.

use super::callbacks::Argument;
use super::library::Effect;
use super::*;

impl Builder<'_> {
    #[allow(clippy::too_many_arguments, reason = "the parts of one call")]
    pub(super) fn model(
        &mut self,
        id: NodeId,
        effect: Effect,
        result: Value,
        receiver: Option<Value>,
        receiver_after: Value,
        args: &[Argument],
        after_args: &[(NodeId, Value, Value)],
    ) {
        let held = receiver.unwrap_or(NOWHERE);
        let arg = |i: usize| args.get(i).map_or(NOWHERE, |a| a.1);
        let key = |b: &Self, i: usize| args.get(i).map_or(Key::ANY, |a| b.key_in(held, a.2));
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
                        self.lengths.remove(&receiver_after);
                        let key = key(self, 0);
                        self.edge(held, result, Step::Load(key));
                        let now = self.now(id, held);
                        self.edge(now, receiver_after, if key == Key::ANY { Step::Copy } else { Step::Keep(key) });
                    }
                }
            }
            Effect::Puts => {
                let key = key(self, 0);
                let now = self.now(id, held);
                let item = arg(args.len() - 1);
                let keeps = if key == Key::ANY { Step::Copy } else { Step::Keep(key) };
                self.edge(now, receiver_after, keeps);
                self.edge(item, receiver_after, Step::Store(key));
                if args.first().is_some_and(|a| self.lang == Lang::Java && args.len() == 2 || !self.is_constant(a.2)) {
                    self.edge(arg(0), receiver_after, Step::Store(Key::KEYS));
                }
                if self.lang.is_script() {
                    // It hands itself back.
                    self.edge(held, result, keeps);
                    self.edge(item, result, Step::Store(key));
                } else {
                    self.edge(held, result, Step::Load(key));
                    // What was not there before is what was given.
                    if matches!(self.method_name(id), "setdefault" | "computeIfAbsent") {
                        self.copy(item, result);
                    }
                }
            }
            Effect::PutsWithin => {
                let inner = self.hidden(id);
                let within = key(self, 1);
                self.edge(arg(2), inner, Step::Store(within));
                let outer = key(self, 0);
                self.edge(inner, receiver_after, Step::Store(outer));
            }
            Effect::GetsWithin => {
                let section = self.hidden(id);
                let outer = key(self, 0);
                self.edge(held, section, Step::Load(outer));
                let within = key(self, 1);
                self.edge(section, result, Step::Load(within));
                self.copy(arg(2), result);
            }
            Effect::Gets => {
                // `ConfigParser.get(section, option)`, of an object of unknown class
                if self.lang == Lang::Python && args.len() == 2 {
                    let section = self.hidden(id);
                    let outer = key(self, 0);
                    self.edge(held, section, Step::Load(outer));
                    let within = key(self, 1);
                    if within != Key::ANY {
                        self.edge(section, result, Step::Load(within));
                    }
                }
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
            Effect::Extends => {
                // `a.extend(b)`, `a.addAll(b)`
                self.lengths.remove(&receiver_after);
                self.append_list(id, arg(0), length, receiver_after);
                if let (Some(n), Some(&more)) = (length, self.lengths.get(&arg(0))) {
                    self.lengths.insert(receiver_after, n + more);
                }
            }
            Effect::Gathers => {
                // `a.update(b, c=d)`, `a.putAll(b)`
                let now = self.now(id, held);
                let mut named = Vec::new();
                let mut others = Vec::new();
                for &(slot, value, _) in args {
                    match slot {
                        Slot::Named(key) if key != Key::ANY => named.push((value, key)),
                        _ => others.push(value),
                    }
                }
                let merged = self.hidden(id);
                self.merge(id, now, &others, merged);
                let keys: Vec<Key> = named.iter().map(|n| n.1).collect();
                self.all_but(id, merged, &keys, receiver_after);
                for (value, key) in named {
                    self.edge(value, receiver_after, Step::Store(key));
                }
                self.copy(receiver_after, result);
            }
            Effect::MakesMap => {
                // `dict(a=x, **more)`
                for &(slot, value, _) in args {
                    match slot {
                        Slot::Named(key) if key != Key::ANY => self.edge(value, result, Step::Store(key)),
                        _ => self.copy(value, result),
                    }
                }
                self.now_a_map(result);
            }
            Effect::MapOfPairs => {
                if let Some(&(_, value, list)) = args.first() {
                    self.map_of_pairs(id, value, list, result);
                }
            }
            Effect::Keys => {
                let of = if held != NOWHERE && args.is_empty() { held } else { arg(0) };
                self.keys_of(id, of, result);
            }
            Effect::Deletes => {
                let now = self.now(id, held);
                let key = key(self, 0);
                self.edge(now, receiver_after, if key == Key::ANY { Step::Copy } else { Step::Keep(key) });
            }
            Effect::Splices => {
                let now = self.now(id, held);
                self.splice(id, held, now, args, result, receiver_after);
            }
            Effect::Slices => {
                let bounds = [args.first().map(|a| a.2), args.get(1).map(|a| a.2)];
                self.part_of_list(id, held, bounds[0], bounds[1], result);
                // Of a text it is a text.
            }
            Effect::Fills => {
                self.edge(arg(0), receiver_after, Step::Store(Key::ANY));
                self.edge(arg(0), result, Step::Store(Key::ANY));
            }
            Effect::Counts => {
                // `enumerate(xs)`
                let (item, pair) = (self.some_element(id, arg(0)), self.hidden(id));
                self.edge(item, pair, Step::Store(Key::index(1)));
                self.edge(pair, result, Step::Store(Key::ANY));
            }
            Effect::Zips => {
                let pair = self.hidden(id);
                for (i, a) in args.iter().enumerate() {
                    let item = self.some_element(id, a.1);
                    self.edge(item, pair, Step::Store(Key::index(i as u32)));
                }
                self.edge(pair, result, Step::Store(Key::ANY));
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
                let mut place = length;
                for &(_, value, _) in args {
                    self.append_list(id, value, place, result);
                    // An element by itself, or a text that is added to a text.
                    if !self.lengths.contains_key(&value) {
                        self.edge(value, result, Step::Derive);
                    }
                    place = place.and_then(|n| Some(n + self.lengths.get(&value)?));
                }
                if let Some(n) = place {
                    self.lengths.insert(result, n);
                }
            }
            Effect::Assigns => {
                // `Object.assign(target, …)`
                let others: Vec<Value> = args.iter().skip(1).map(|a| a.1).collect();
                self.merge(id, arg(0), &others, result);
                if let Some(&(place, _, into)) = after_args.first().filter(|a| Some(a.0) == args.first().map(|a| a.2)) {
                    let now = self.current(place);
                    self.merge(id, now, &others, into);
                }
            }
            Effect::FillsFirst => {
                let into = after_args.first().map_or(NOWHERE, |a| a.2);
                for i in 1..args.len() {
                    self.edge(arg(i), into, Step::Derive);
                    self.edge(arg(i), result, Step::Derive);
                }
            }
            Effect::FillsSecond => {
                let from = if args.len() > 1 { arg(0) } else { held };
                if let Some(&(_, _, into)) = after_args.last() {
                    self.edge(from, into, Step::Derive);
                }
            }
            // Entries of Java are objects.
            Effect::Entries if self.lang == Lang::Java => {
                let [item, name, pair] = [self.hidden(id), self.hidden(id), self.hidden(id)];
                self.edge(held, item, Step::Load(Key::ANY));
                self.edge(held, name, Step::Load(Key::KEYS));
                self.edge(name, pair, Step::Store(Key::KEYS));
                self.edge(item, pair, Step::Store(Key::index(1)));
                self.edge(pair, result, Step::Store(Key::ANY));
            }
            Effect::Pairs => {
                self.edge(arg(0), result, Step::Store(Key::KEYS));
                self.edge(arg(1), result, Step::Store(Key::index(1)));
            }
            Effect::EntryKey => self.edge(held, result, Step::Load(Key::KEYS)),
            Effect::EntryValue => self.edge(held, result, Step::Load(Key::index(1))),
            Effect::Lists => {
                // A single argument may be an array of the elements.
                for i in 0..args.len() {
                    self.edge(arg(i), result, Step::Store(Key::index(i as u32)));
                    if args.len() == 1 && self.lengths.contains_key(&arg(0)) {
                        self.copy(arg(0), result);
                    }
                }
                self.lengths.insert(result, args.len() as u32);
                if args.len() == 1 {
                    self.lengths.remove(&result);
                }
            }
            Effect::Tables => {
                for pair in 0..args.len() / 2 {
                    let key = key(self, pair * 2);
                    self.edge(arg(pair * 2), result, Step::Store(Key::KEYS));
                    self.edge(arg(pair * 2 + 1), result, Step::Store(key));
                }
            }
            Effect::Boxes { .. } => self.edge(arg(args.len().saturating_sub(1)), receiver_after, Step::Store(Key::ANY)),
            Effect::Merges => {
                let key = key(self, 0);
                self.edge(arg(0), receiver_after, Step::Store(Key::KEYS));
                self.edge(arg(1), receiver_after, Step::Store(key));
                self.edge(held, result, Step::Load(key));
                self.copy(arg(1), result);
            }
            Effect::Computes => {
                let key = key(self, 0);
                self.edge(held, result, Step::Load(key));
                let of_key = [(Slot::At(0), arg(0))];
                let made = self.call_back(id, arg(1), &of_key);
                self.copy(made, result);
                self.edge(result, receiver_after, Step::Store(key));
            }
            Effect::Runs => {
                for &(_, value, node) in args {
                    let made = self.runs(id, value, node);
                    self.copy(made, result);
                }
            }
            Effect::Recovers => {
                self.copy(held, result);
                let made = self.call_back(id, arg(0), &[]);
                self.copy(made, result);
            }
            Effect::Combines => {
                let made = self.call_back(id, arg(1), &[(Slot::At(0), held), (Slot::At(1), arg(0))]);
                self.copy(made, result);
            }
            Effect::Replaces => {
                let item = self.hidden(id);
                self.edge(held, item, Step::Load(Key::ANY));
                let made = self.call_back(id, arg(0), &[(Slot::At(0), item)]);
                self.edge(made, receiver_after, Step::Store(Key::ANY));
            }
            Effect::Drops => {
                if let Some(&(_, _, into)) = after_args.iter().find(|a| a.1 == arg(0)) {
                    let key = if args.len() > 1 { key(self, 1) } else { Key::ANY };
                    let from = self.edges.iter().rposition(|(_, edge)| edge.to == into && edge.step == Step::Copy);
                    match from {
                        Some(at) if args.len() == 1 => {
                            self.edges.remove(at);
                        }
                        Some(at) if key != Key::ANY => self.edges[at].1.step = Step::Keep(key),
                        _ => {}
                    }
                }
            }
            Effect::Cuts => {
                let half = self.hidden(id);
                self.edge(arg(0), half, Step::Derive);
                self.edge(half, result, Step::Store(Key::index(0)));
                self.edge(half, result, Step::Store(Key::index(1)));
            }
            Effect::CopiesTo => {
                if let Some(&(_, _, into)) = after_args.iter().find(|a| Some(a.1) == args.get(2).map(|a| a.1)) {
                    let item = self.hidden(id);
                    self.edge(arg(0), item, Step::Load(Key::ANY));
                    self.edge(item, into, Step::Store(Key::ANY));
                }
            }
            Effect::CopiesFrom => {
                if let Some(&(_, _, into)) = after_args.iter().find(|a| a.1 == arg(0)) {
                    self.copy(arg(1), into);
                }
            }
            Effect::Shuffles => {
                if let Some(&(_, _, into)) = after_args.iter().find(|a| a.1 == arg(0)) {
                    let item = self.hidden(id);
                    self.edge(arg(0), item, Step::Load(Key::ANY));
                    self.edge(item, into, Step::Store(Key::ANY));
                }
            }
            Effect::Entries => {
                let item = self.hidden(id);
                let pair = self.hidden(id);
                let of = if held != NOWHERE && args.is_empty() { held } else { arg(0) };
                self.edge(of, item, Step::Load(Key::ANY));
                self.edge(item, pair, Step::Store(Key::index(1)));
                let name = self.hidden(id);
                self.edge(of, name, Step::Load(Key::KEYS));
                self.edge(name, pair, Step::Store(Key::index(0)));
                self.edge(pair, result, Step::Store(Key::ANY));
            }
            Effect::Values => {
                let of = if held != NOWHERE && args.is_empty() { held } else { arg(0) };
                self.append_list(id, of, None, result);
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
            Effect::Maps(gives) => {
                self.callback(id, result, held, args.first(), gives);
            }
            Effect::Sorts => {
                // Where an element stands is not known afterwards.
                let item = self.some_element(id, held);
                self.edge(item, result, Step::Store(Key::ANY));
                self.edge(item, receiver_after, Step::Store(Key::ANY));
                if let Some(function) = args.first() {
                    self.call_argument(id, function, &[(Slot::At(0), item), (Slot::At(1), item)]);
                }
            }
            Effect::MapsFirst(gives) => {
                let collection = arg(0);
                self.callback(id, result, collection, args.get(1), gives);
            }
            Effect::GetsNamed => {
                let name = key(self, 1);
                self.edge(arg(0), result, Step::Load(name));
                self.copy(arg(2), result);
            }
            Effect::PutsNamed => {
                let name = key(self, 1);
                if let (Some(&(place, _, into)), Some(object)) = (after_args.first(), args.first())
                    && place == object.2
                {
                    let now = self.current(place);
                    self.edge(now, into, if name == Key::ANY { Step::Copy } else { Step::Keep(name) });
                    self.edge(arg(2), into, Step::Store(name));
                }
            }
            Effect::MakesTextOf => {
                // `str(x)`
                let name = if self.lang == Lang::Python { "__str__" } else { "toString" };
                let (text, otherwise) = self.called_by_language(id, name, arg(0), &[]).unwrap_or((NOWHERE, arg(0)));
                self.edge(text, result, Step::Derive);
                self.edge(otherwise, result, Step::Derive);
            }
            Effect::Steps => {
                // `iterator.next()`: `{ value, done }`
                let item = self.some_element(id, held);
                self.edge(item, result, Step::Store(Key::name("value")));
            }
            Effect::MapsArgument(gives) => {
                let collection = arg(1);
                self.callback(id, result, collection, args.first(), gives);
            }
            // Java has the beginning before the function.
            Effect::Folds if self.lang == Lang::Java => {
                if let Some(function) = args.last() {
                    let start = self.some_element(id, held);
                    if args.len() > 1 {
                        self.copy(arg(0), start);
                    }
                    self.fold(id, result, held, function, start);
                }
            }
            Effect::Folds => match args.first() {
                Some(function) => self.fold(id, result, held, function, arg(1)),
                None => self.edge(held, result, Step::Derive),
            },
            Effect::FoldsArgument => {
                if let Some(function) = args.first() {
                    self.fold(id, result, arg(1), function, arg(2));
                }
            }
            Effect::Then => {
                let name = self.method_name(id).to_string();
                self.then(id, &name, result, held, args);
            }
            Effect::NewPromise => {
                if let Some(&promise) = self.promises.get(&id) {
                    self.copy(promise, result);
                }
            }
            Effect::Rejects => self.rejected(arg(0), result),
            Effect::Binds => {
                let bound: Vec<(Slot, Value)> =
                    args.iter().skip(1).filter_map(|a| Some((moved(a.0, -1)?, a.1))).collect();
                let function = arg(0);
                self.bound(id, result, function, None, &bound);
            }
            Effect::BindsReceiver => {
                let bound: Vec<(Slot, Value)> =
                    args.iter().skip(1).filter_map(|a| Some((moved(a.0, -1)?, a.1))).collect();
                self.bound(id, result, held, args.first().map(|a| a.1), &bound);
            }
            Effect::CallsArgument(at) => {
                let given: Vec<(Slot, Value)> = args
                    .iter()
                    .skip(at as usize + 1)
                    .filter_map(|a| Some((moved(a.0, -(at as i32) - 1)?, a.1)))
                    .collect();
                if let Some(function) = args.get(at as usize) {
                    let made = self.call_argument(id, function, &given);
                    self.copy(made, result);
                }
            }
            Effect::Later => {
                // `setTimeout(f, 100, a, b)`
                let given: Vec<(Slot, Value)> =
                    args.iter().skip(2).filter_map(|a| Some((moved(a.0, -2)?, a.1))).collect();
                if let Some(function) = args.first() {
                    self.call_argument(id, function, &given);
                }
            }
            Effect::Thread => {
                let named = |name: &str| args.iter().find(|a| a.0 == Slot::Named(Key::name(name)));
                if let Some(function) = named("target") {
                    let mut given = Vec::new();
                    given.extend(named("args").map(|a| (Slot::Rest, a.1)));
                    given.extend(named("kwargs").map(|a| (Slot::Named(Key::ANY), a.1)));
                    self.call_argument(id, function, &given);
                }
            }
            Effect::Listens => {
                if let (Some(event), Some(function)) = (key(self, 0).into_part(), args.get(1)) {
                    self.edge(function.1, receiver_after, Step::Store(event));
                }
                self.copy(receiver_after, result);
            }
            Effect::Emits => {
                if let Some(event) = key(self, 0).into_part() {
                    let listener = self.hidden(id);
                    self.edge(held, listener, Step::Load(event));
                    let given: Vec<(Slot, Value)> =
                        args.iter().skip(1).filter_map(|a| Some((moved(a.0, -1)?, a.1))).collect();
                    self.call_back(id, listener, &given);
                }
            }
            Effect::MakesText => {
                // `text.replace(pattern, f)`
                self.edge(held, result, Step::Derive);
                for a in args.iter().skip(1) {
                    if self.function_value(a.1).is_some() {
                        let part = self.hidden(id);
                        self.edge(held, part, Step::Derive);
                        let made = self.call_argument(id, a, &[(Slot::At(0), part), (Slot::At(1), part)]);
                        self.edge(made, result, Step::Derive);
                    } else {
                        self.edge(a.1, result, Step::Derive);
                    }
                }
            }
            Effect::GathersResults => {
                // `asyncio.gather(a, b)`
                for &(slot, value, _) in args {
                    match slot {
                        Slot::At(n) => self.edge(value, result, Step::Store(Key::index(u32::from(n)))),
                        _ => self.copy(value, result),
                    }
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
        if self.tree.kind(callee) == Kind::Member {
            self.tree.text(self.tree.child(callee, 1))
        } else {
            self.tree.text(callee)
        }
    }

    fn builder_chain(&mut self, id: NodeId, args: &[Argument]) {
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

/// A positional argument counted from another place on.
fn moved(slot: Slot, by: i32) -> Option<Slot> {
    match slot {
        Slot::At(n) => u16::try_from(i32::from(n) + by).ok().map(Slot::At),
        slot => Some(slot),
    }
}
