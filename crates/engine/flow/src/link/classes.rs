//! Class hierarchies, methods, and who a call reaches.

use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use super::held::Held;
use super::modules::{Family, MAX_DEPTH, Modules, family};
use super::{ClassRef, Entity, FunctionRef, MAX_TARGETS};
use crate::graph::*;

impl Modules<'_> {
    pub(super) fn link_classes(&mut self) {
        let mut found: Vec<(ClassRef, ClassRef)> = Vec::new();
        for (u, unit) in self.units.iter().enumerate() {
            for (c, class) in unit.graph.classes.iter().enumerate() {
                for base in &class.bases {
                    if let Some(Entity::Class(bases)) = self.resolve(u as u32, base, 0) {
                        found.extend(bases.iter().map(|&b| ((u as u32, c as u32), b)));
                    }
                }
            }
        }
        for (class, base) in found {
            if class != base {
                self.parents.entry(class).or_default().push(base);
                self.children.entry(base).or_default().push(class);
            }
        }
    }

    /// Functions that a call may reach; classes that it makes are added to `made`.
    pub(super) fn callees(&self, u: u32, call: &Call, made: &mut FxHashSet<ClassRef>) -> SmallVec<[FunctionRef; 1]> {
        let arity = arity(call);
        match &call.callee {
            Callee::Function(f) => SmallVec::from_slice(&[(u, *f)]),
            Callee::Named(name) => match self.resolve(u, name, 0) {
                Some(Entity::Function(function)) => self.overloads(function, arity),
                Some(Entity::Class(classes)) => self.constructors(&classes, arity, made),
                Some(Entity::Value((vu, _), Holds::Function(f))) => SmallVec::from_slice(&[(vu, f)]),
                _ => SmallVec::new(),
            },
            Callee::New(name) => match self.resolve(u, name, 0) {
                Some(Entity::Class(classes)) => self.constructors(&classes, arity, made),
                // A function that is used as a class.
                Some(Entity::Function(function)) => SmallVec::from_slice(&[function]),
                _ => SmallVec::new(),
            },
            Callee::Method { name, of: Some(ty) } => match self.resolve(u, ty, 0) {
                Some(Entity::Class(classes)) if name == "constructor" => self.constructors(&classes, arity, made),
                Some(Entity::Class(classes)) => {
                    let found = self.methods_of(&classes, name, arity);
                    if !found.is_empty() || family(self.units[u as usize].graph.lang) != Family::Java {
                        return found;
                    }
                    self.other_methods(u, &classes, call, name)
                }
                Some(Entity::Value((vu, _), Holds::Object(ty))) => match self.resolve(vu, &ty, 0) {
                    Some(Entity::Class(classes)) => self.methods_of(&classes, name, arity),
                    _ => SmallVec::new(),
                },
                _ => SmallVec::new(),
            },
            Callee::Super { name, of } => match self.resolve(u, of, 0) {
                Some(Entity::Class(classes)) if name == "constructor" => {
                    self.constructors(&classes, arity, &mut FxHashSet::default())
                }
                Some(Entity::Class(classes)) => self.find_methods(&classes, name, arity),
                _ => SmallVec::new(),
            },
            // Found by what the values hold.
            Callee::Method { of: None, .. } | Callee::Value(_) => SmallVec::new(),
        }
    }

    /// The only method of that name, when the receiver's type is not known.
    pub(super) fn by_name(&self, u: u32, name: &str, call: &Call) -> SmallVec<[FunctionRef; 1]> {
        let arity = arity(call);
        let family = family(self.units[u as usize].graph.lang);
        match self.methods.get(&(family, name)).map(Vec::as_slice) {
            Some(&[one]) if family != Family::Java || self.fits(one, arity) => {
                // In other files a method of that name is somebody else's more often than not.
                if one.0 == u { SmallVec::from_slice(&[one]) } else { SmallVec::new() }
            }
            _ => SmallVec::new(),
        }
    }

    /// Methods of Java that are not of the class itself: those of classes around it, static imports, and what a thread runs.
    fn other_methods(&self, u: u32, classes: &[ClassRef], call: &Call, name: &str) -> SmallVec<[FunctionRef; 1]> {
        if name == "start" && call.args.is_empty() {
            return self.methods_of(classes, "run", Some(0));
        }
        if !call.is_implied {
            return SmallVec::new();
        }
        let graph = &self.units[u as usize].graph;
        for &(cu, c) in classes {
            for outer in self.units[cu as usize].graph.classes[c as usize].outer.iter().rev() {
                let ty = TypeName { path: [outer.clone()].into(), imported: false };
                if let Some(Entity::Class(around)) = self.resolve(cu, &ty, 0) {
                    let found = self.methods_of(&around, name, arity(call));
                    if !found.is_empty() {
                        return found;
                    }
                }
            }
        }
        for wildcard in graph.wildcards.iter().take_while(|_| self.takes_wildcard()) {
            let ty = TypeName { path: wildcard.as_slice().into(), imported: true };
            if let Some(Entity::Class(class)) = self.resolve(u, &ty, 0) {
                let found = self.find_methods(&class, name, arity(call));
                if !found.is_empty() {
                    return found;
                }
            }
        }
        SmallVec::new()
    }

    /// `Order.valueOf(text)`: one of the constants, whatever the text.
    pub(super) fn is_enum_lookup(&self, u: u32, call: &Call) -> bool {
        let Callee::Named(name) = &call.callee else { return false };
        let Some((last, front)) = name.path.split_last() else { return false };
        if last != "valueOf" || front.is_empty() || family(self.units[u as usize].graph.lang) != Family::Java {
            return false;
        }
        match self.resolve(u, &TypeName { path: front.into(), imported: name.imported }, 0) {
            Some(Entity::Class(classes)) => {
                classes.iter().any(|&(u, c)| self.units[u as usize].graph.classes[c as usize].is_enum)
            }
            _ => false,
        }
    }

    /// The classes of which a call makes an object.
    pub(super) fn classes_made(&self, u: u32, call: &Call) -> SmallVec<[ClassRef; 1]> {
        match &call.callee {
            Callee::Named(name) | Callee::New(name) => match self.resolve(u, name, 0) {
                Some(Entity::Class(classes)) => classes,
                _ => SmallVec::new(),
            },
            _ => SmallVec::new(),
        }
    }

    pub(super) fn class_of(&self, u: u32, ty: &TypeName) -> Option<ClassRef> {
        match self.resolve(u, ty, 0)? {
            Entity::Class(classes) => classes.first().copied(),
            _ => None,
        }
    }

    /// The method that `object.name` means without a call.
    pub(super) fn member_function(&self, of: Held, name: Key) -> Option<FunctionRef> {
        let (Held::Object(class) | Held::Some(class) | Held::This(class) | Held::Class(class)) = of else {
            return None;
        };
        let mut at = class;
        for _ in 0..MAX_DEPTH {
            if let Some(methods) = self.members.get(&(at, name)) {
                let method = methods.first().copied();
                return method.filter(|&(u, f)| !self.units[u as usize].graph.functions[f as usize].is_accessor);
            }
            at = *self.parents.get(&at)?.first()?;
        }
        None
    }

    /// By file and class: a number that classes have in common which extend one another. Interfaces, which have no fields, do not make
    /// relatives of those that implement them.
    pub(super) fn relatives(&self) -> Vec<Vec<u32>> {
        let mut of: Vec<Vec<u32>> = Vec::with_capacity(self.units.len());
        let mut above: Vec<u32> = Vec::new();
        for unit in &self.units {
            let first = above.len() as u32;
            above.extend((0..unit.graph.classes.len() as u32).map(|c| first + c));
            of.push((first..above.len() as u32).collect());
        }
        fn top(above: &mut [u32], mut at: u32) -> u32 {
            while above[at as usize] != at {
                above[at as usize] = above[above[at as usize] as usize];
                at = above[at as usize];
            }
            at
        }
        for (&(u, c), parents) in &self.parents {
            for &(pu, pc) in
                parents.iter().filter(|&&(u, c)| !self.units[u as usize].graph.classes[c as usize].is_interface)
            {
                let (class, parent) =
                    (top(&mut above, of[u as usize][c as usize]), top(&mut above, of[pu as usize][pc as usize]));
                above[class.max(parent) as usize] = class.min(parent);
            }
        }
        of.iter_mut().flatten().for_each(|number| *number = top(&mut above, *number));
        of
    }

    fn fits(&self, function: FunctionRef, arity: Option<usize>) -> bool {
        let Some(arity) = arity else { return true };
        let params = &self.units[function.0 as usize].graph.functions[function.1 as usize].params;
        let positional = params.iter().filter(|p| matches!(p.slot, Slot::At(_))).count();
        positional == arity || params.iter().any(|p| p.slot == Slot::Rest) && arity + 1 >= positional
    }

    /// Functions of the same name and class with the right number of parameters.
    fn overloads(&self, function: FunctionRef, arity: Option<usize>) -> SmallVec<[FunctionRef; 1]> {
        let graph = &self.units[function.0 as usize].graph;
        let Some(class) = graph.functions[function.1 as usize].class.filter(|_| family(graph.lang) == Family::Java)
        else {
            return SmallVec::from_slice(&[function]);
        };
        let name = &graph.functions[function.1 as usize].name;
        self.methods_of(&[(function.0, class)], name, arity)
    }

    pub(super) fn constructors(
        &self,
        classes: &[ClassRef],
        arity: Option<usize>,
        made: &mut FxHashSet<ClassRef>,
    ) -> SmallVec<[FunctionRef; 1]> {
        made.extend(classes.iter().copied());
        let mut at: Vec<ClassRef> = classes.to_vec();
        let mut seen: FxHashSet<ClassRef> = at.iter().copied().collect();
        for _ in 0..MAX_DEPTH {
            let mut out: SmallVec<[FunctionRef; 1]> = SmallVec::new();
            for &class in &at {
                let own = self.units[class.0 as usize].graph.classes[class.1 as usize].name.as_str();
                out.extend(["constructor", "__init__"].iter().flat_map(|name| self.own_methods(class, name)).copied());
                out.extend(self.own_methods(class, own).iter().copied());
            }
            if !out.is_empty() {
                self.keep_fitting(&mut out, arity);
                return out;
            }
            // That of the base.
            at = self.bases_of(&at, &mut seen);
        }
        SmallVec::new()
    }

    /// The method that an object of the class has, and those of classes that extend it.
    pub(super) fn methods_of(
        &self,
        classes: &[ClassRef],
        name: &str,
        arity: Option<usize>,
    ) -> SmallVec<[FunctionRef; 1]> {
        let mut out = self.find_methods(classes, name, arity);
        let mut seen: FxHashSet<ClassRef> = classes.iter().copied().collect();
        let mut stack: Vec<ClassRef> = classes.to_vec();
        while let Some(class) = stack.pop() {
            for &child in self.children.get(&class).map_or(&[][..], Vec::as_slice) {
                if seen.len() < 256 && seen.insert(child) {
                    stack.push(child);
                    for &method in self.own_methods(child, name) {
                        if !out.contains(&method) && self.fits(method, arity) && out.len() < MAX_TARGETS {
                            out.push(method);
                        }
                    }
                }
            }
        }
        // Interfaces of Go are met without saying so.
        let is_interface = classes.iter().any(|&(u, c)| self.units[u as usize].graph.classes[c as usize].is_interface);
        if out.iter().all(|&f| self.is_declaration(f))
            && is_interface
            && family(self.units[classes[0].0 as usize].graph.lang) == Family::Go
        {
            let all = self.methods.get(&(Family::Go, name)).map_or(&[][..], Vec::as_slice);
            out.extend(all.iter().copied().filter(|&m| self.fits(m, arity)).take(MAX_TARGETS));
        }
        out
    }

    fn is_declaration(&self, function: FunctionRef) -> bool {
        self.units[function.0 as usize].graph.functions[function.1 as usize].is_declaration
    }

    fn own_methods(&self, class: ClassRef, name: &str) -> &[FunctionRef] {
        self.members.get(&(class, Key::name(name))).map_or(&[], |methods| methods.as_slice())
    }

    /// Methods of a class or the nearest of its bases.
    pub(super) fn find_methods(
        &self,
        classes: &[ClassRef],
        name: &str,
        arity: Option<usize>,
    ) -> SmallVec<[FunctionRef; 1]> {
        let mut at: Vec<ClassRef> = classes.to_vec();
        let mut seen: FxHashSet<ClassRef> = at.iter().copied().collect();
        let in_order = classes.first().is_some_and(|c| family(self.units[c.0 as usize].graph.lang) == Family::Python);
        for _ in 0..MAX_DEPTH {
            // The first of several bases that has it.
            let has = |c: &ClassRef| !self.own_methods(*c, name).is_empty();
            if let Some(first) = at.iter().copied().find(has).filter(|_| in_order) {
                at = vec![first];
            }
            let mut out: SmallVec<[FunctionRef; 1]> =
                at.iter().flat_map(|&c| self.own_methods(c, name)).copied().collect();
            if !out.is_empty() {
                self.keep_fitting(&mut out, arity);
                return out;
            }
            at = self.bases_of(&at, &mut seen);
            if at.is_empty() {
                break;
            }
        }
        SmallVec::new()
    }

    /// The bases of some classes, those that were not met before.
    fn bases_of(&self, classes: &[ClassRef], seen: &mut FxHashSet<ClassRef>) -> Vec<ClassRef> {
        let bases = classes.iter().filter_map(|class| self.parents.get(class)).flatten();
        bases.copied().filter(|&base| seen.insert(base)).collect()
    }

    fn keep_fitting(&self, methods: &mut SmallVec<[FunctionRef; 1]>, arity: Option<usize>) {
        if methods.len() > 1 && methods.iter().any(|&m| self.fits(m, arity)) {
            methods.retain(|m| self.fits(*m, arity));
        }
    }
}

/// How many arguments a call has, if that can be told.
pub(super) fn arity(call: &Call) -> Option<usize> {
    call.args.iter().all(|(slot, _)| matches!(slot, Slot::At(_))).then_some(call.args.len())
}

/// JSON with comments and trailing commas, as configurations of TypeScript are written.
pub(super) fn lenient_json(text: &str) -> Option<serde_json::Value> {
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut in_text = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' if in_text => {
                out.push(c);
                out.extend(chars.next());
                continue;
            }
            '"' => in_text = !in_text,
            '/' if !in_text && chars.peek() == Some(&'/') => {
                for c in chars.by_ref() {
                    if c == '\n' {
                        break;
                    }
                }
                continue;
            }
            '/' if !in_text && chars.peek() == Some(&'*') => {
                let mut last = ' ';
                for c in chars.by_ref().skip(1) {
                    if last == '*' && c == '/' {
                        break;
                    }
                    last = c;
                }
                continue;
            }
            '}' | ']' if !in_text => {
                let kept = out.trim_end().trim_end_matches(',').len();
                out.truncate(kept);
            }
            _ => {}
        }
        out.push(c);
    }
    serde_json::from_str(&out).ok()
}
