//! What a name of one file means in the others: modules, packages, re-exports.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};

use rampart_syntax::Lang;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::held::Held;
use super::{ClassRef, Entity, FunctionRef, Reach, Unit, ValueRef};
use crate::graph::*;

/// Longest chain of re-exports, base classes and the like.
pub(super) const MAX_DEPTH: u32 = 8;

/// Wildcards that the names of one file may be looked for in: three hundred modules that all take over all of one another have a hundred
/// thousand for every name.
const MAX_WILDCARDS: usize = 10_000;

/// Indexes over all files.
pub(super) struct Modules<'u> {
    pub(super) units: Vec<&'u Unit>,
    reach: Reach,
    /// Per file: its functions and classes by name (top level only), variables and exports.
    own: Vec<FxHashMap<&'u str, Own>>,
    /// Per file: its classes by their short names, of those of one name the first.
    classes: Vec<FxHashMap<&'u str, u32>>,
    /// Files by path without ending.
    by_path: FxHashMap<String, u32>,
    /// Python modules by dotted name, from every folder on.
    dotted: FxHashMap<String, Vec<u32>>,
    /// Java classes by full name, and packages' files.
    java: FxHashMap<String, SmallVec<[ClassRef; 1]>>,
    packages: FxHashMap<String, Vec<u32>>,
    /// Folders of Go files, and the module path of each `go.mod`'s folder.
    folders: FxHashMap<String, Vec<u32>>,
    go_modules: Vec<(String, String)>,
    /// `paths` of `tsconfig.json`: folder of the file, pattern, replacements; and names of the packages of a monorepo.
    aliases: Vec<(String, String, Vec<String>)>,
    /// Name, folder and main file.
    npm: Vec<(String, String, Option<String>)>,
    pub(super) children: FxHashMap<ClassRef, Vec<ClassRef>>,
    pub(super) parents: FxHashMap<ClassRef, Vec<ClassRef>>,
    /// Methods by their class and name.
    pub(super) members: FxHashMap<(ClassRef, Key), SmallVec<[FunctionRef; 1]>>,
    /// Methods by name, for receivers of unknown type.
    pub(super) methods: FxHashMap<(Family, &'u str), Vec<FunctionRef>>,
    wild: RefCell<Wild>,
    /// By file: what its names were found to mean. The same few are asked for again and again.
    known: RefCell<Vec<FxHashMap<TypeName, Option<Entity>>>>,
}

/// The search for one name through wildcards.
#[derive(Default)]
struct Wild {
    /// Modules and names (hashed) that were asked, and from how deep: nobody is asked twice.
    asked: FxHashMap<(u32, u64), u32>,
    /// By file: wildcards that its names were looked for in.
    taken: Vec<usize>,
    cut: BTreeSet<u32>,
    /// The file whose name is looked for.
    file: u32,
}

/// Languages that can call one another.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Family {
    Python,
    Script,
    Java,
    Go,
}

pub(super) fn family(lang: Option<Lang>) -> Family {
    match lang {
        Some(Lang::Python) | None => Family::Python,
        Some(Lang::Java) => Family::Java,
        Some(Lang::Go) => Family::Go,
        Some(Lang::JavaScript | Lang::TypeScript | Lang::Tsx) => Family::Script,
    }
}

/// What reading a name gives.
pub(super) enum Read {
    Value(ValueRef, Option<Key>),
    Holds(Held),
}

#[derive(Clone)]
enum Own {
    Function(u32),
    Class(u32),
    Value(Value, Holds),
    Other(TypeName),
}

const SCRIPT_ENDINGS: &[&str] = &[".d.ts", ".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts"];

impl<'u> Modules<'u> {
    pub(super) fn new(units: &[&'u Unit], configs: &[(String, String)], reach: Reach) -> Self {
        let mut modules = Modules {
            units: units.to_vec(),
            reach,
            own: units.iter().map(|unit| own_names(&unit.graph)).collect(),
            classes: units.iter().map(|unit| short_names(&unit.graph)).collect(),
            by_path: FxHashMap::default(),
            dotted: FxHashMap::default(),
            java: FxHashMap::default(),
            packages: FxHashMap::default(),
            folders: FxHashMap::default(),
            go_modules: Vec::new(),
            aliases: Vec::new(),
            npm: Vec::new(),
            children: FxHashMap::default(),
            parents: FxHashMap::default(),
            methods: FxHashMap::default(),
            wild: RefCell::new(Wild { taken: vec![0; units.len()], ..Wild::default() }),
            members: FxHashMap::default(),
            known: RefCell::default(),
        };
        modules.forget();
        for (u, unit) in units.iter().enumerate() {
            modules.index(u as u32, unit);
        }
        for (path, text) in configs {
            modules.config(path, text);
        }
        modules.go_modules.sort_by_key(|(folder, _)| std::cmp::Reverse(folder.len()));
        modules.link_classes();
        // Before, classes had no bases to look in.
        modules.forget();
        modules
    }

    fn index(&mut self, u: u32, unit: &'u Unit) {
        let path = unit.path.as_str();
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        match family(unit.graph.lang) {
            Family::Script => {
                let stem = SCRIPT_ENDINGS.iter().find_map(|e| path.strip_suffix(e)).unwrap_or(path);
                self.by_path.entry(stem.to_string()).or_insert(u);
                self.by_path.insert(path.to_string(), u);
            }
            Family::Python => {
                let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
                let stem = stem.strip_suffix("/__init__").unwrap_or(if stem == "__init__" { "" } else { stem });
                self.by_path.insert(stem.to_string(), u);
                let parts: Vec<&str> = stem.split('/').filter(|p| !p.is_empty()).collect();
                for from in 0..parts.len() {
                    self.dotted.entry(parts[from..].join(".")).or_default().push(u);
                }
            }
            Family::Java => {
                let package = unit.graph.package.clone().unwrap_or_default();
                for (c, class) in unit.graph.classes.iter().enumerate() {
                    let mut name = package.clone();
                    for part in class.outer.iter().chain([&class.name]) {
                        if !name.is_empty() {
                            name.push('.');
                        }
                        name.push_str(part);
                    }
                    self.java.entry(name).or_default().push((u, c as u32));
                }
                self.packages.entry(package).or_default().push(u);
            }
            Family::Go => self.folders.entry(folder.to_string()).or_default().push(u),
        }
        for (c, class) in unit.graph.classes.iter().enumerate() {
            for &m in &class.methods {
                let method = &unit.graph.functions[m as usize];
                self.members.entry(((u, c as u32), Key::name(&method.name))).or_default().push((u, m));
                if !method.is_declaration {
                    self.methods.entry((family(unit.graph.lang), method.name.as_str())).or_default().push((u, m));
                }
            }
        }
    }

    fn config(&mut self, path: &str, text: &str) {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        if name == "go.mod" {
            let module = text.lines().find_map(|line| line.trim().strip_prefix("module "));
            if let Some(module) = module {
                self.go_modules.push((folder.to_string(), module.trim().trim_matches('"').to_string()));
            }
            return;
        }
        let Some(json) = super::classes::lenient_json(text) else { return };
        if name == "package.json" {
            if let Some(name) = json.get("name").and_then(|n| n.as_str()).filter(|n| !n.is_empty()) {
                let main = json.get("main").and_then(|m| m.as_str()).map(|main| join(folder, main));
                self.npm.push((name.to_string(), folder.to_string(), main));
            }
            return;
        }
        let options = json.get("compilerOptions");
        let base = options.and_then(|o| o.get("baseUrl")).and_then(|b| b.as_str());
        let root = base.map_or_else(|| folder.to_string(), |base| join(folder, base));
        if let Some(paths) = options.and_then(|o| o.get("paths")).and_then(|p| p.as_object()) {
            for (pattern, targets) in paths {
                let targets = targets.as_array().into_iter().flatten().filter_map(|t| t.as_str());
                let targets = targets.map(|t| join(&root, t)).collect();
                self.aliases.push((folder.to_string(), pattern.clone(), targets));
            }
        }
        if base.is_some() {
            self.aliases.push((folder.to_string(), "*".to_string(), vec![join(&root, "*")]));
        }
    }

    // ── names ────────────────────────────────────────────────────────────────────────────────────

    fn forget(&self) {
        *self.known.borrow_mut() = vec![FxHashMap::default(); self.units.len()];
    }

    /// What a dotted name of file `u` means.
    pub(super) fn resolve(&self, u: u32, name: &TypeName, depth: u32) -> Option<Entity> {
        if depth > 0 {
            return self.look_up(u, name, depth);
        }
        if let Some(known) = self.known.borrow()[u as usize].get(name) {
            return known.clone();
        }
        let mut wild = self.wild.borrow_mut();
        wild.asked.clear();
        wild.file = u;
        drop(wild);
        let found = self.look_up(u, name, 0);
        self.known.borrow_mut()[u as usize].insert(name.clone(), found.clone());
        found
    }

    fn look_up(&self, u: u32, name: &TypeName, depth: u32) -> Option<Entity> {
        if depth > MAX_DEPTH || name.path.is_empty() {
            return None;
        }
        let unit = self.units[u as usize];
        if !name.imported {
            if self.own[u as usize].contains_key(name.path[0].as_str()) {
                return self.own_path(u, &name.path[0], &name.path[1..], depth);
            }
            if self.reach == Reach::File {
                return None;
            }
            return match family(unit.graph.lang) {
                Family::Java => self.resolve_java(u, &name.path, depth),
                Family::Go => {
                    let folder = unit.path.rsplit_once('/').map_or("", |(folder, _)| folder);
                    self.in_go_package(folder, &name.path, depth).or_else(|| self.in_imports(u, &name.path, depth))
                }
                Family::Python | Family::Script => self.through_wildcards(u, &name.path, depth),
            };
        }
        if self.reach == Reach::File {
            return None;
        }
        match family(unit.graph.lang) {
            Family::Python => self.resolve_python(u, &name.path, depth),
            Family::Script => self.resolve_script(u, &name.path, depth),
            Family::Java => self.java_path(&name.path, depth),
            Family::Go => {
                let folder = self.go_folder(&unit.path, &name.path[0])?;
                self.in_go_package(&folder, &name.path[1..], depth)
            }
        }
    }

    /// A name of a file's own.
    fn own_member(&self, u: u32, name: &str, depth: u32) -> Option<Entity> {
        Some(match self.own[u as usize].get(name)? {
            Own::Function(f) => Entity::Function((u, *f)),
            Own::Class(c) => Entity::Class(self.whole_class((u, *c))),
            Own::Value(value, holds) => Entity::Value((u, *value), holds.clone()),
            Own::Other(other) => return self.resolve(u, other, depth + 1),
        })
    }

    /// A name of a file's own and what further names say in it: it may be a module that has them.
    fn own_path(&self, u: u32, name: &str, rest: &[String], depth: u32) -> Option<Entity> {
        if let Some(Own::Other(other)) = self.own[u as usize].get(name) {
            let path = other.path.iter().chain(rest).cloned().collect();
            return self.resolve(u, &TypeName { path, imported: other.imported }, depth + 1);
        }
        let found = self.own_member(u, name, depth)?;
        self.descend(found, rest, depth)
    }

    /// All places where a class's methods stand: in Go, the files of its package.
    fn whole_class(&self, class: ClassRef) -> SmallVec<[ClassRef; 1]> {
        let unit = self.units[class.0 as usize];
        if family(unit.graph.lang) != Family::Go {
            return SmallVec::from_slice(&[class]);
        }
        let name = &unit.graph.classes[class.1 as usize].name;
        let folder = unit.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut out = SmallVec::from_slice(&[class]);
        for &other in self.folders.get(folder).map_or(&[][..], Vec::as_slice) {
            if other != class.0
                && self.reach == Reach::Project
                && let Some(Own::Class(c)) = self.own[other as usize].get(name.as_str())
            {
                out.push((other, *c));
            }
        }
        out
    }

    /// Goes from an entity to what further names say in it.
    fn descend(&self, entity: Entity, rest: &[String], depth: u32) -> Option<Entity> {
        let Some((name, rest)) = rest.split_first() else { return Some(entity) };
        if depth > MAX_DEPTH {
            return None;
        }
        let next = match entity {
            Entity::Class(classes) => self.class_member(&classes, name)?,
            Entity::Value(value, holds) => match holds {
                Holds::Functions(list) => {
                    let key = Key::name(name);
                    match list.iter().find(|(k, _)| *k == key) {
                        Some(&(_, f)) => Entity::Function((value.0, f)),
                        None if rest.is_empty() => return Some(Entity::Value(value, Holds::Anything)),
                        None => return None,
                    }
                }
                Holds::Object(ty) => match self.resolve(value.0, &ty, depth + 1)? {
                    Entity::Class(classes) => Entity::Function(*self.find_methods(&classes, name, None).first()?),
                    _ => return None,
                },
                _ => return None,
            },
            Entity::Function(_) => return None,
        };
        self.descend(next, rest, depth + 1)
    }

    /// A static field, method or nested class.
    fn class_member(&self, classes: &[ClassRef], name: &str) -> Option<Entity> {
        if let Some(&method) = self.find_methods(classes, name, None).first() {
            return Some(Entity::Function(method));
        }
        let key = Key::name(name);
        for &(u, c) in classes {
            if !self.classes[u as usize].contains_key(name)
                && self.units[u as usize].graph.classes[c as usize].statics.is_empty()
            {
                continue;
            }
            let class = &self.units[u as usize].graph.classes[c as usize];
            if let Some(&(_, value)) = class.statics.iter().find(|(k, _)| *k == key) {
                return Some(Entity::Value((u, value), Holds::Anything));
            }
            let nested = self.units[u as usize]
                .graph
                .classes
                .iter()
                .position(|other| other.name == name && other.outer.last() == Some(&class.name));
            if let Some(nested) = nested {
                return Some(Entity::Class(SmallVec::from_slice(&[(u, nested as u32)])));
            }
        }
        None
    }

    fn through_wildcards(&self, u: u32, path: &[String], depth: u32) -> Option<Entity> {
        for module in &self.units[u as usize].graph.wildcards {
            if !self.takes_wildcard() {
                return None;
            }
            let name = TypeName { path: module.iter().chain(path).cloned().collect(), imported: true };
            if let Some(found) = self.resolve(u, &name, depth + 1) {
                return Some(found);
            }
        }
        None
    }

    /// One more wildcard is looked through for a name; not when the file has had its share.
    pub(super) fn takes_wildcard(&self) -> bool {
        let mut wild = self.wild.borrow_mut();
        let file = wild.file;
        wild.taken[file as usize] += 1;
        let is_cut = wild.taken[file as usize] > MAX_WILDCARDS;
        if is_cut {
            wild.cut.insert(file);
        }
        !is_cut
    }

    /// Whether a module's wildcards have not been looked through for this name yet, or only from deeper down.
    fn asks(&self, u: u32, path: &[String], depth: u32) -> bool {
        let mut hasher = rustc_hash::FxHasher::default();
        path.hash(&mut hasher);
        let asked = self.wild.borrow_mut().asked.insert((u, hasher.finish()), depth);
        asked.is_none_or(|before| depth < before)
    }

    /// Files some of whose names were not looked for everywhere.
    pub(super) fn cut(&self) -> Vec<u32> {
        self.wild.borrow().cut.iter().copied().collect()
    }

    /// A name that a module offers to others.
    fn exported(&self, u: u32, path: &[String], depth: u32) -> Option<Entity> {
        if depth > MAX_DEPTH {
            return None;
        }
        let Some((name, rest)) = path.split_first() else {
            return self.own_member(u, "default", depth);
        };
        if let Some(found) = self.own_path(u, name, rest, depth) {
            return Some(found);
        }
        if !self.asks(u, path, depth) {
            return None;
        }
        // What `export *` and `from m import *` take over.
        let graph = &self.units[u as usize].graph;
        for export in graph.exports.iter().filter(|e| e.name == "*") {
            if let ExportTarget::Other(module) = &export.target {
                if !self.takes_wildcard() {
                    return None;
                }
                let name = TypeName { path: module.path.iter().chain(path).cloned().collect(), imported: true };
                if let Some(found) = self.resolve(u, &name, depth + 1) {
                    return Some(found);
                }
            }
        }
        if family(graph.lang) == Family::Python
            && let Some(found) = self.through_wildcards(u, path, depth)
        {
            return Some(found);
        }
        // A member of what the module is as a whole.
        if family(graph.lang) == Family::Script { self.own_path(u, "default", path, depth) } else { None }
    }

    // ── Python ───────────────────────────────────────────────────────────────────────────────────

    fn resolve_python(&self, u: u32, path: &[String], depth: u32) -> Option<Entity> {
        let importer = &self.units[u as usize].path;
        if path[0].starts_with('.') {
            let dots = path[0].bytes().take_while(|b| *b == b'.').count();
            let mut folder: Vec<&str> = importer.split('/').collect();
            folder.truncate(folder.len().saturating_sub(dots));
            let tail = path[0][dots..].split('.').filter(|p| !p.is_empty());
            let parts: Vec<&str> = folder.into_iter().chain(tail).chain(path[1..].iter().map(String::as_str)).collect();
            let fixed = parts.len() - path.len() + 1;
            for end in (fixed.saturating_sub(1)..=parts.len()).rev() {
                if let Some(&module) = self.by_path.get(&parts[..end].join("/"))
                    && module != u
                {
                    let rest: Vec<String> = parts[end..].iter().map(|p| p.to_string()).collect();
                    if rest.is_empty() && end == parts.len() {
                        return None;
                    }
                    return self.exported(module, &rest, depth + 1);
                }
            }
            return None;
        }
        for end in (1..=path.len()).rev() {
            let Some(found) = self.dotted.get(&path[..end].join(".")) else { continue };
            let module = nearest(&self.units, importer, found, u)?;
            if end == path.len() {
                return None;
            }
            return self.exported(module, &path[end..], depth + 1);
        }
        None
    }

    // ── JavaScript and TypeScript ────────────────────────────────────────────────────────────────

    fn resolve_script(&self, u: u32, path: &[String], depth: u32) -> Option<Entity> {
        let module = self.script_module(&self.units[u as usize].path, &path[0])?;
        self.exported(module, &path[1..], depth + 1)
    }

    fn script_module(&self, importer: &str, spec: &str) -> Option<u32> {
        let folder = importer.rsplit_once('/').map_or("", |(folder, _)| folder);
        if spec.starts_with('.') {
            return self.script_file(&join(folder, spec));
        }
        let mut aliases: Vec<&(String, String, Vec<String>)> =
            self.aliases.iter().filter(|(at, ..)| at.is_empty() || importer.starts_with(&format!("{at}/"))).collect();
        // The nearest configuration and its longest pattern first.
        aliases.sort_by_key(|(at, pattern, _)| std::cmp::Reverse((at.len(), pattern.len())));
        for (_, pattern, targets) in aliases {
            let middle = match pattern.split_once('*') {
                Some((head, tail)) => spec.strip_prefix(head).and_then(|s| s.strip_suffix(tail)),
                None => (spec == pattern).then_some(""),
            };
            let Some(middle) = middle else { continue };
            for target in targets {
                if let Some(found) = self.script_file(&target.replace('*', middle)) {
                    return Some(found);
                }
            }
        }
        for (name, at, main) in &self.npm {
            if spec == name {
                if let Some(found) = main.as_ref().and_then(|main| self.script_file(main)) {
                    return Some(found);
                }
                return ["src/index", "index", "lib/index"].iter().find_map(|f| self.script_file(&join(at, f)));
            }
            if let Some(rest) = spec.strip_prefix(name.as_str()).and_then(|r| r.strip_prefix('/')) {
                return self
                    .script_file(&join(at, rest))
                    .or_else(|| self.script_file(&join(at, &format!("src/{rest}"))));
            }
        }
        None
    }

    fn script_file(&self, path: &str) -> Option<u32> {
        let index = || if path.is_empty() { "index".to_string() } else { format!("{path}/index") };
        let stem = || SCRIPT_ENDINGS.iter().find_map(|e| path.strip_suffix(e)).and_then(|stem| self.by_path.get(stem));
        self.by_path.get(path).or_else(|| self.by_path.get(&index())).or_else(stem).copied()
    }

    // ── Java ─────────────────────────────────────────────────────────────────────────────────────

    fn java_path(&self, path: &[String], depth: u32) -> Option<Entity> {
        for end in (1..=path.len()).rev() {
            if let Some(found) = self.java.get(&path[..end].join(".")) {
                return self.descend(Entity::Class(found.clone()), &path[end..], depth);
            }
        }
        None
    }

    fn resolve_java(&self, u: u32, path: &[String], depth: u32) -> Option<Entity> {
        let graph = &self.units[u as usize].graph;
        let package = graph.package.as_deref().unwrap_or("");
        let in_package: Vec<String> =
            package.split('.').filter(|p| !p.is_empty()).map(str::to_string).chain(path.iter().cloned()).collect();
        if let Some(found) = self.java_path(&in_package, depth) {
            return Some(found);
        }
        // A nested class by its short name.
        if let Some(&nested) = self.classes[u as usize].get(path[0].as_str()) {
            return self.descend(Entity::Class(SmallVec::from_slice(&[(u, nested)])), &path[1..], depth);
        }
        for wildcard in &graph.wildcards {
            if !self.takes_wildcard() {
                break;
            }
            let full: Vec<String> = wildcard.iter().chain(path).cloned().collect();
            if let Some(found) = self.java_path(&full, depth) {
                return Some(found);
            }
        }
        self.java_path(path, depth)
    }

    // ── Go ───────────────────────────────────────────────────────────────────────────────────────

    fn go_folder(&self, importer: &str, import: &str) -> Option<String> {
        for (folder, module) in &self.go_modules {
            if import == module {
                return Some(folder.clone());
            }
            if let Some(rest) = import.strip_prefix(module.as_str()).and_then(|r| r.strip_prefix('/')) {
                return Some(join(folder, rest));
            }
        }
        if !self.go_modules.is_empty() {
            return None;
        }
        // Without a module file: the folder that the import's path ends with.
        let mut best: Option<&String> = None;
        for folder in self.folders.keys().filter(|f| !f.is_empty()) {
            let ends = import == folder || import.ends_with(&format!("/{folder}"));
            if ends
                && best.is_none_or(|b| (folder.len(), b) > (b.len(), folder))
                && !importer.starts_with(&format!("{folder}/"))
            {
                best = Some(folder);
            }
        }
        best.cloned()
    }

    /// What a dot import brings, or a package whose name is not that of its folder.
    fn in_imports(&self, u: u32, path: &[String], depth: u32) -> Option<Entity> {
        let unit = self.units[u as usize];
        for export in &unit.graph.exports {
            let ExportTarget::Other(import) = &export.target else { continue };
            let rest = match export.name.as_str() {
                "*" => path,
                "" => &path[1..],
                _ => continue,
            };
            let Some(folder) = self.go_folder(&unit.path, import.path.first()?) else { continue };
            let is_named =
                |&&f: &&u32| self.units[f as usize].graph.package.as_deref() == path.first().map(String::as_str);
            let fits = export.name == "*"
                || self.folders.get(&folder).is_some_and(|files| files.iter().find(is_named).is_some());
            if fits
                && !rest.is_empty()
                && let Some(found) = self.in_go_package(&folder, rest, depth + 1)
            {
                return Some(found);
            }
        }
        None
    }

    fn in_go_package(&self, folder: &str, path: &[String], depth: u32) -> Option<Entity> {
        let (name, rest) = path.split_first()?;
        let units = self.folders.get(folder)?;
        let found = units.iter().find_map(|&u| self.own_member(u, name, depth))?;
        self.descend(found, rest, depth)
    }

    // ── values ───────────────────────────────────────────────────────────────────────────────────

    /// What a name that is read stands for.
    pub(super) fn read(&self, u: u32, name: &TypeName) -> Option<Read> {
        match self.resolve(u, name, 0) {
            Some(Entity::Function(function)) => Some(Read::Holds(Held::Function(function))),
            Some(Entity::Class(classes)) => classes.first().map(|&class| Read::Holds(Held::Class(class))),
            Some(Entity::Value(value, _)) => Some(Read::Value(value, None)),
            None => self.part(u, name).map(|(value, key)| Read::Value(value, Some(key))),
        }
    }

    /// The cell of another file that a name reads, and the part of it.
    pub(super) fn value(&self, u: u32, name: &TypeName) -> Option<(ValueRef, Option<Key>)> {
        if let Some(Entity::Value(value, _)) = self.resolve(u, name, 0) {
            return Some((value, None));
        }
        self.part(u, name).map(|(value, key)| (value, Some(key)))
    }

    /// `module.variable.field`
    fn part(&self, u: u32, name: &TypeName) -> Option<(ValueRef, Key)> {
        let (last, front) = name.path.split_last()?;
        if front.is_empty() || !name.imported {
            return None;
        }
        match self.resolve(u, &TypeName { path: front.into(), imported: name.imported }, 0)? {
            Entity::Value(value, _) => Some((value, Key::name(last))),
            _ => None,
        }
    }
}

/// Top-level names of a file; exports under their public names win over declarations, later over earlier.
fn own_names(graph: &Graph) -> FxHashMap<&str, Own> {
    let mut out = FxHashMap::default();
    for export in graph.exports.iter().filter(|e| e.name != "*") {
        if let ExportTarget::Other(name) = &export.target {
            out.insert(export.name.as_str(), Own::Other(name.clone()));
        }
    }
    for shared in &graph.shared {
        let own = match &shared.holds {
            Holds::Function(f) => Own::Function(*f),
            holds => Own::Value(shared.value, holds.clone()),
        };
        out.insert(shared.name.as_str(), own);
    }
    for (f, function) in graph.functions.iter().enumerate().skip(1) {
        if function.outer == Some(0) && function.class.is_none() && !function.name.is_empty() && !function.is_decorated
        {
            out.insert(function.name.as_str(), Own::Function(f as u32));
        }
    }
    for (c, class) in graph.classes.iter().enumerate() {
        if class.outer.is_empty() {
            out.insert(class.name.as_str(), Own::Class(c as u32));
        }
    }
    for export in graph.exports.iter().filter(|e| e.name != "*") {
        let own = match &export.target {
            ExportTarget::Function(f) => Own::Function(*f),
            ExportTarget::Class(c) => Own::Class(*c),
            ExportTarget::Value(_, Holds::Function(f)) => Own::Function(*f),
            ExportTarget::Value(value, holds) => Own::Value(*value, holds.clone()),
            ExportTarget::Other(_) => continue,
        };
        out.insert(export.name.as_str(), own);
    }
    out
}

fn short_names(graph: &Graph) -> FxHashMap<&str, u32> {
    // From the last on, so that the first stays.
    graph.classes.iter().enumerate().rev().map(|(c, class)| (class.name.as_str(), c as u32)).collect()
}

/// `a/b` and `../c` make `a/c`.
fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Of several modules of one name, the one that shares most folders with the importer.
fn nearest(units: &[&Unit], importer: &str, found: &[u32], not: u32) -> Option<u32> {
    let shared = |path: &str| path.split('/').zip(importer.split('/')).take_while(|(a, b)| a == b).count();
    found.iter().copied().filter(|&u| u != not).max_by_key(|&u| {
        let path = &units[u as usize].path;
        (shared(path), std::cmp::Reverse(path.len()), std::cmp::Reverse(u))
    })
}
