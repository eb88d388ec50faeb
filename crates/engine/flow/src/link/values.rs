//! Which functions, classes and objects values hold, followed along edges through the whole project: so calls of variables,
//! decorated functions and methods of objects of unknown type find what they reach.
//!
//! Calls are not told apart here as the search does it: what one caller gives, every caller gets. Cost: edges times the few things
//! that a value may hold.

use std::collections::BTreeSet;

use rampart_syntax::Lang;
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::classes::arity;
use super::held::{FIELDS, Held, Holdings, Item, New, Path, Reader};
use super::modules::Modules;
use super::{ACROSS, ClassRef, EXIT, ExitSlot, FunctionRef, MAX_TARGETS, Prefix, Project, ValueRef, binds};
use crate::graph::*;

/// Steps for one project, and those through one file, so that no file uses up what is for the others; calls that are not found by then
/// stay unknown.
const MAX_STEPS: usize = 20_000_000;
const MAX_FILE_STEPS: usize = MAX_STEPS / 4;

/// Methods that functions of Java's library have besides the one they are.
const OF_FUNCTIONS: &[&str] =
    &["andThen", "compose", "negate", "and", "or", "equals", "hashCode", "toString", "getClass"];

/// What a call would have of a value.
#[derive(Clone, Copy)]
enum Want<'u> {
    Itself,
    /// A part of it.
    Part(Key),
    Method(&'u str),
}

/// Calls that a value is of interest to, and as what.
type Wanted<'u> = SmallVec<[(u32, u32, Want<'u>); 1]>;

/// Besides those of [`Project::leads`].
const WANTED: u8 = 4;

pub(super) struct Values<'p, 'u> {
    project: &'p mut Project<'u>,
    modules: &'p Modules<'u>,
    made: &'p mut FxHashSet<ClassRef>,
    /// Edges besides those of the graphs: between files, and between the methods of a class.
    across: FxHashMap<ValueRef, Vec<(ValueRef, Step)>>,
    wanted: FxHashMap<ValueRef, Wanted<'u>>,
    /// Methods of things by their names: the same are read again and again.
    members: FxHashMap<(Held, Key), Option<FunctionRef>>,
    /// By number of a node: which of the maps have something of it. Of most nodes none has.
    flags: Vec<u8>,
    held: Holdings,
    steps: usize,
    /// By file.
    taken: Vec<usize>,
    cut: BTreeSet<u32>,
}

impl<'p, 'u> Values<'p, 'u> {
    pub(super) fn new(
        project: &'p mut Project<'u>,
        modules: &'p Modules<'u>,
        made: &'p mut FxHashSet<ClassRef>,
        across: &[(ValueRef, ValueRef, Step)],
        read: &[(ValueRef, Held)],
    ) -> Self {
        let held = Holdings::new(project.numbers.clone(), modules.relatives());
        let mut values = Values {
            project,
            modules,
            made,
            across: FxHashMap::default(),
            wanted: FxHashMap::default(),
            members: FxHashMap::default(),
            flags: Vec::new(),
            held,
            steps: 0,
            taken: Vec::new(),
            cut: BTreeSet::new(),
        };
        values.taken = vec![0; values.project.units.len()];
        for &(from, to, step) in across {
            values.across.entry(from).or_default().push((to, step));
        }
        for &(value, held) in read {
            values.held.add(value, held, Path::WHOLE);
        }
        let units = values.project.units.clone();
        for (u, unit) in units.iter().enumerate() {
            values.seed(u as u32, &unit.graph);
        }
        values.flag();
        values
    }

    fn flag(&mut self) {
        let numbers = &self.project.numbers;
        self.flags = vec![0; numbers.total];
        let exits = self.project.values_of_exits().map(|at| (at, EXIT));
        let ways = self.across.keys().map(|&at| (at, ACROSS)).chain(self.wanted.keys().map(|&at| (at, WANTED)));
        for (at, flag) in ways.chain(exits).filter(|(at, _)| at.1 != NOWHERE) {
            self.flags[numbers.of(at)] |= flag;
        }
    }

    /// What is known from the start: functions and classes where they are named, objects where they are made.
    fn seed(&mut self, u: u32, graph: &'u Graph) {
        for &(value, function) in &graph.function_values {
            self.held.add((u, value), Held::Function((u, function)), Path::WHOLE);
        }
        for (value, ty) in &graph.objects {
            if let Some(class) = self
                .modules
                .class_of(u, ty)
                .filter(|&(cu, c)| !self.project.units[cu as usize].graph.classes[c as usize].is_interface)
            {
                self.held.add((u, *value), Held::Object(class), Path::WHOLE);
            }
        }
        for &(value, class) in &graph.class_values {
            self.held.add((u, value), Held::Class((u, class)), Path::WHOLE);
        }
        for (c, class) in graph.classes.iter().enumerate().filter(|(_, c)| c.defaults != NOWHERE) {
            self.held.add((u, class.defaults), Held::This((u, c as u32)), Path::WHOLE);
            for method in class.methods.iter().map(|&m| &graph.functions[m as usize]) {
                let this = method.params.iter().find(|p| p.slot == Slot::Receiver).map(|p| (u, p.value));
                let left = method.left.iter().find(|(slot, _)| *slot == Slot::Receiver).map(|&(_, v)| (u, v));
                let defaults = (u, class.defaults);
                if let Some(this) = this {
                    self.across.entry(defaults).or_default().push((this, Step::Copy));
                }
                if let Some(left) = left.filter(|&l| Some(l) != this) {
                    self.across.entry(left).or_default().push((defaults, Step::Parts));
                }
            }
        }
        for (c, call) in graph.calls.iter().enumerate() {
            let c = c as u32;
            let found = !self.project.targets(u, c).is_empty();
            for &function in &self.project.targets[u as usize][c as usize].clone() {
                self.declared_result((u, c), function);
            }
            match &call.callee {
                Callee::Value(value) => self.want((u, *value), (u, c), Want::Itself),
                Callee::Method { name, .. } if !found => {
                    if let Some(receiver) = call.receiver {
                        self.want((u, receiver), (u, c), Want::Method(name));
                    }
                }
                Callee::Named(name) | Callee::New(name) if !found => {
                    if let Some((value, part)) = self.modules.value(u, name) {
                        self.want(value, (u, c), part.map_or(Want::Itself, Want::Part));
                    }
                }
                _ => {}
            }
            for class in self.modules.classes_made(u, call) {
                self.held.add((u, call.result), Held::Object(class), Path::WHOLE);
            }
        }
    }

    fn want(&mut self, value: ValueRef, (u, c): (u32, u32), want: Want<'u>) {
        self.wanted.entry(value).or_default().push((u, c, want));
    }

    /// Follows everything to its end. Methods of objects of which nothing is known are taken by their name in the end. Returns the files
    /// in which a limit was met.
    pub(super) fn run(mut self) -> Vec<u32> {
        self.follow_all();
        let units = self.project.units.clone();
        for (u, unit) in units.iter().enumerate() {
            for (c, call) in unit.graph.calls.iter().enumerate() {
                let Callee::Method { name, of: None } = &call.callee else { continue };
                if call.unknown == Unknown::Implied {
                    continue;
                }
                let at = (u as u32, c as u32);
                if self.project.targets(at.0, at.1).is_empty()
                    && call.receiver.is_none_or(|r| !self.is_object((at.0, r)))
                {
                    for function in self.modules.by_name(at.0, name, call) {
                        self.add_target(at, function);
                    }
                }
            }
        }
        self.follow_all();
        self.narrow();
        self.cut.into_iter().collect()
    }

    /// Of the methods that the declared type of a receiver allows, those of the objects that it is seen to hold.
    fn narrow(&mut self) {
        let units = self.project.units.clone();
        for (u, unit) in units.iter().enumerate() {
            let lang = unit.graph.lang;
            if !matches!(lang, Some(Lang::Java | Lang::Go)) {
                continue;
            }
            for (c, call) in unit.graph.calls.iter().enumerate() {
                let (Callee::Method { name, .. }, Some(receiver)) = (&call.callee, call.receiver) else { continue };
                let at = (u as u32, c as u32);
                if self.project.targets(at.0, at.1).len() < 2 || self.held.is_open((at.0, receiver)) {
                    continue;
                }
                let held = self.held.of((at.0, receiver)).filter(|i| i.path == Path::WHOLE);
                let objects: Vec<ClassRef> = held
                    .clone()
                    .filter_map(|i| if let Held::Object(class) = i.what { Some(class) } else { None })
                    .collect();
                let mut possible: Vec<FunctionRef> =
                    objects.iter().flat_map(|&class| self.modules.find_methods(&[class], name, arity(call))).collect();
                possible.extend(held.filter_map(|i| if let Held::Function(f) = i.what { Some(f) } else { None }));
                let targets = self.project.targets[u][c].clone();
                if objects.is_empty() || !targets.iter().any(|t| possible.contains(t)) {
                    continue;
                }
                for target in targets.iter().filter(|t| !possible.contains(t)) {
                    if let Some(callers) = self.project.callers.get_mut(target) {
                        callers.retain(|&caller| caller != at);
                    }
                }
                self.project.targets[u][c].retain(|t| possible.contains(t));
            }
        }
    }

    fn is_object(&self, value: ValueRef) -> bool {
        self.held.of(value).any(|i| i.path == Path::WHOLE && matches!(i.what, Held::Object(_)))
    }

    fn follow_all(&mut self) {
        while let Some((at, new)) = self.held.next() {
            self.steps += usize::from(new.len);
            if self.steps > MAX_STEPS {
                let most = (0..self.taken.len()).max_by_key(|&u| self.taken[u]);
                self.cut.extend(most.map(|u| u as u32));
                self.held.stop();
                return;
            }
            if at.0 == FIELDS {
                for reader in self.held.readers(at.1) {
                    self.tell(reader, new);
                }
                continue;
            }
            let taken = &mut self.taken[at.0 as usize];
            *taken += usize::from(new.len);
            if *taken > MAX_FILE_STEPS {
                self.cut.insert(at.0);
                continue;
            }
            let flags = self.flags[self.project.numbers.of(at)];
            if flags & WANTED != 0 {
                for (u, c, want) in self.wanted.get(&at).cloned().unwrap_or_default() {
                    self.meet((u, c), want, new);
                }
            }
            let unit = self.project.units[at.0 as usize];
            for edge in unit.graph.out(at.1) {
                match edge.step {
                    Step::Argument(slot) => self.enter((at.0, edge.to), slot, new),
                    step => self.follow((at.0, edge.to), step, new),
                }
            }
            if flags & ACROSS != 0
                && let Some(edges) = self.across.get(&at)
            {
                for (to, step) in edges.clone() {
                    self.follow(to, step, new);
                }
            }
            if flags & EXIT == 0 {
                continue;
            }
            let exits: SmallVec<[(u32, ExitSlot); 1]> = self.project.exits(at).iter().copied().collect();
            // Of an exception it matters little what it is.
            for (function, slot) in exits.into_iter().filter(|(_, slot)| *slot != ExitSlot::Thrown) {
                let callers = SmallVec::<[(u32, u32); 8]>::from_slice(self.project.callers((at.0, function)));
                for call in callers {
                    self.come_back(call, (at.0, function), slot, new);
                }
            }
        }
    }

    /// A field holds something, and someone reads it.
    fn tell(&mut self, reader: Reader, new: New) {
        match reader {
            Reader::Node(to) => self.held.add_all(to, new),
            Reader::Call(u, c) => self.meet((u, c), Want::Itself, new),
        }
    }

    fn follow(&mut self, to: ValueRef, step: Step, new: New) {
        match step {
            Step::Copy | Step::Checked(..) | Step::Decided(_) | Step::Past(_) => self.held.add_all(to, new),
            Step::Load(key) => {
                for item in self.held.items(new) {
                    self.load(to, key, self.held.item(item));
                }
            }
            // Whole things are no parts.
            Step::Derive => {}
            Step::Parts if !new.has_parts => {}
            _ => self.held.add_changed(to, new, |paths, path| paths.step(step, path)),
        }
    }

    fn load(&mut self, to: ValueRef, key: Key, item: Item) {
        if item.path != Path::WHOLE {
            if let Some(path) = self.held.paths.load(key, item.path) {
                self.held.add(to, item.what, path);
            }
            return;
        }
        // Fields and methods of Java have names apart.
        let lang = self.project.units[to.0 as usize].graph.lang;
        if lang != Some(Lang::Java)
            && let Some(method) = self.member_function(item.what, key)
        {
            self.held.add(to, Held::Function(method), Path::WHOLE);
        }
        if let Some(held) = self.held.read(item.what, key, Reader::Node(to)) {
            self.tell(Reader::Node(to), held);
        }
    }

    fn member_function(&mut self, of: Held, name: Key) -> Option<FunctionRef> {
        let modules = self.modules;
        *self.members.entry((of, name)).or_insert_with(|| modules.member_function(of, name))
    }

    // ── calls ────────────────────────────────────────────────────────────────────────────────────

    /// A value that a call is made on holds something.
    fn meet(&mut self, at: (u32, u32), want: Want<'u>, new: New) {
        for item in self.held.items(new) {
            self.meet_item(at, want, self.held.item(item));
        }
    }

    fn meet_item(&mut self, at: (u32, u32), want: Want<'u>, item: Item) {
        let part = match want {
            Want::Itself => None,
            Want::Part(key) => Some(key),
            Want::Method(name) => Some(Key::name(name)),
        };
        if let Some(part) = part.filter(|_| item.path == Path::WHOLE) {
            let reader = Reader::Call(at.0, at.1);
            if let Some(held) = self.held.read(item.what, part, reader) {
                self.tell(reader, held);
            }
        }
        let found: SmallVec<[FunctionRef; 1]> = match (want, self.held.paths.keys(item.path), item.what) {
            (Want::Itself, [], what) => self.called(at, what),
            (Want::Part(key), [part], what) if part.meets(key) => self.called(at, what),
            (Want::Method(name), [part], Held::Function(function)) if *part == Key::name(name) => {
                SmallVec::from_slice(&[function])
            }
            // An object of Java with one method may be a function.
            (Want::Method(name), [], Held::Function(function))
                if self.project.units[at.0 as usize].graph.lang == Some(Lang::Java)
                    && !OF_FUNCTIONS.contains(&name) =>
            {
                SmallVec::from_slice(&[function])
            }
            (Want::Method(name), [], Held::Object(class) | Held::Class(class)) => {
                self.modules.find_methods(&[class], name, arity(self.call(at)))
            }
            (Want::Method(name), [], Held::Some(class)) => self.modules.methods_of(&[class], name, None),
            _ => return,
        };
        for function in found {
            self.add_target(at, function);
        }
    }

    /// What is called when a value is.
    fn called(&mut self, at: (u32, u32), what: Held) -> SmallVec<[FunctionRef; 1]> {
        match what {
            Held::Function(function) => SmallVec::from_slice(&[function]),
            Held::Class(class) => {
                let result = self.call(at).result;
                self.held.add((at.0, result), Held::Object(class), Path::WHOLE);
                self.modules.constructors(&[class], None, self.made)
            }
            Held::Object(class) | Held::Some(class) => self.modules.find_methods(&[class], "__call__", None),
            Held::This(_) => SmallVec::new(),
        }
    }

    fn call(&self, at: (u32, u32)) -> &'u Call {
        &self.project.units[at.0 as usize].graph.calls[at.1 as usize]
    }

    fn function(&self, function: FunctionRef) -> &'u Function {
        &self.project.units[function.0 as usize].graph.functions[function.1 as usize]
    }

    fn add_target(&mut self, at: (u32, u32), function: FunctionRef) {
        if self.function(function).is_declaration {
            return;
        }
        let targets = &mut self.project.targets[at.0 as usize][at.1 as usize];
        if targets.contains(&function) || targets.len() >= MAX_TARGETS {
            return;
        }
        targets.push(function);
        self.project.callers.entry(function).or_default().push(at);
        let call = self.call(at);
        let inputs = call.args.iter().copied().chain(call.receiver.map(|r| (Slot::Receiver, r)));
        for (slot, value) in inputs {
            self.give(at, function, slot, self.held.all((at.0, value)));
        }
        let callee = self.function(function);
        let outputs = callee.left.iter().map(|&(slot, value)| (ExitSlot::Left(slot), value));
        for (slot, value) in outputs.chain([(ExitSlot::Return, callee.returned)]).filter(|(_, v)| *v != NOWHERE) {
            self.come_back(at, function, slot, self.held.all((function.0, value)));
        }
        self.declared_result(at, function);
    }

    /// A function of another file says what class its result is of.
    fn declared_result(&mut self, at: (u32, u32), function: FunctionRef) {
        if let Some(ty) = &self.function(function).returns
            && let Some(class) = self.modules.class_of(function.0, ty)
        {
            let result = self.call(at).result;
            self.held.add((at.0, result), Held::Some(class), Path::WHOLE);
        }
    }

    fn enter(&mut self, at: (u32, u32), slot: Slot, new: New) {
        let targets: SmallVec<[FunctionRef; 4]> = self.project.targets(at.0, at.1).iter().copied().collect();
        for &function in &targets {
            self.give(at, function, slot, new);
        }
        // What wraps a function in an unknown way still calls it. Java has few ways to do so.
        let call = self.call(at);
        let may_wrap = match &call.callee {
            _ if self.project.units[at.0 as usize].graph.lang != Some(Lang::Java) => true,
            Callee::Method { name, .. } => OF_FUNCTIONS.contains(&name.as_str()),
            _ => false,
        };
        let wraps = may_wrap
            && targets.is_empty()
            && call.unknown == Unknown::Passes
            && !matches!(call.callee, Callee::New(_))
            && slot != Slot::Receiver;
        if !wraps {
            return;
        }
        for item in self.held.items(new) {
            let item = self.held.item(item);
            if item.path == Path::WHOLE && matches!(item.what, Held::Function(_)) {
                self.held.add((at.0, call.result), item.what, Path::WHOLE);
            }
        }
    }

    fn give(&mut self, at: (u32, u32), function: FunctionRef, slot: Slot, new: New) {
        if new.len == 0 {
            return;
        }
        let (call, callee) = (self.call(at), self.function(function));
        for param in &callee.params {
            let to = (function.0, param.value);
            match binds(call, slot, param, callee) {
                None => {}
                Some(Prefix::None) => self.held.add_all(to, new),
                Some(Prefix::Key(key)) => self.held.add_changed(to, new, |paths, path| paths.store(key, path)),
                Some(Prefix::Element(key)) => self.held.add_changed(to, new, |paths, path| paths.load(key, path)),
            }
        }
    }

    fn come_back(&mut self, at: (u32, u32), function: FunctionRef, slot: ExitSlot, new: New) {
        let is_left = matches!(slot, ExitSlot::Left(_));
        if is_left && !new.has_parts {
            return;
        }
        let Some(to) = super::arrives(self.call(at), self.function(function), slot) else { return };
        if !is_left {
            return self.held.add_all((at.0, to), new);
        }
        // What was given is known where it was given; only what was put into it is new there.
        self.held.add_changed((at.0, to), new, |_, path| (path != Path::WHOLE).then_some(path));
    }
}
