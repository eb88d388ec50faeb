//! First pass: scopes, definitions, assignment counts.

use rustc_hash::FxHashMap;

use super::{Def, DefId, DefKind, Names};
use crate::kind::{Aux, Kind, Op};
use crate::lang::Lang;
use crate::symbols::Sym;
use crate::tree::{NodeId, Tree};

pub(super) fn bind(tree: &mut Tree, lang: Lang) -> Names {
    let mut symbols = Vec::new();
    // Import paths need new symbols; make them before the tree is only read.
    for id in tree.ids() {
        if matches!(tree.kind(id), Kind::Import | Kind::ImportFrom | Kind::ImportAll) {
            let module = tree.text(id).to_string();
            let parts: Box<[Sym]> =
                module_path(&module, lang).into_iter().map(|part| tree.symbols.intern(part)).collect();
            symbols.push((id, parts));
        }
    }
    let java_lang: Option<Box<[Sym]>> =
        (lang == Lang::Java).then(|| ["java", "lang"].iter().map(|part| tree.symbols.intern(part)).collect());
    let require = tree.symbols.find("require");
    let default = tree.symbols.find("default");
    let mut binder = Binder {
        names: Names { of: vec![0; tree.len()], wildcards: java_lang.into_iter().collect(), ..Names::default() },
        tree,
        lang,
        modules: symbols.into_iter().collect(),
        visible: FxHashMap::default(),
        scopes: vec![Scope { kind: ScopeKind::File, undo: Vec::new() }],
        function: 0,
        globals: Vec::new(),
        require,
        default,
        dynamic: tree.symbols.find("import"),
    };
    binder.statements(binder.tree.root(), true);
    binder.names
}

/// `a.b.c` in its parts; the package name of a Go path; a file name as a whole.
fn module_path(module: &str, lang: Lang) -> Vec<&str> {
    match lang {
        Lang::Go => {
            let mut parts = module.rsplit('/');
            let last = parts.next().unwrap_or(module);
            // `…/yaml.v3` and `…/jwt/v5` name the package before the version.
            let versioned = last.len() > 1 && last.starts_with('v') && last[1..].bytes().all(|b| b.is_ascii_digit());
            let name = if versioned { parts.next().unwrap_or(last) } else { last };
            vec![name.split(".v").next().unwrap_or(name)]
        }
        Lang::JavaScript | Lang::TypeScript | Lang::Tsx => vec![module.strip_prefix("node:").unwrap_or(module)],
        // A relative import names no module that a rule could.
        Lang::Python if module.starts_with('.') => vec![module],
        _ => module.split('.').filter(|part| !part.is_empty()).collect(),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ScopeKind {
    File,
    Function,
    Class,
    Block,
}

struct Scope {
    kind: ScopeKind,
    /// Names declared here and what they meant before.
    undo: Vec<(Sym, Option<(DefId, u32)>)>,
}

struct Binder<'t> {
    names: Names,
    tree: &'t Tree,
    lang: Lang,
    modules: FxHashMap<NodeId, Box<[Sym]>>,
    /// What a name means here, and the depth of the scope that says so.
    visible: FxHashMap<Sym, (DefId, u32)>,
    scopes: Vec<Scope>,
    function: u32,
    /// Per open function: names that `global`/`nonlocal` hand to an outer scope.
    globals: Vec<(u32, Sym)>,
    require: Option<Sym>,
    default: Option<Sym>,
    /// `import`, called.
    dynamic: Option<Sym>,
}

impl Binder<'_> {
    fn open(&mut self, kind: ScopeKind) {
        self.scopes.push(Scope { kind, undo: Vec::new() });
    }

    fn close(&mut self) {
        let scope = self.scopes.pop().expect("every close has its open");
        for (name, before) in scope.undo.into_iter().rev() {
            match before {
                Some(before) => self.visible.insert(name, before),
                None => self.visible.remove(&name),
            };
        }
    }

    /// Declares the identifier `node` in the innermost scope; a second declaration there is the same definition.
    fn declare(&mut self, node: NodeId, kind: DefKind) -> Option<DefId> {
        if self.tree.kind(node) != Kind::Ident {
            return None;
        }
        self.declare_name(self.tree.sym(node), node, kind)
    }

    fn declare_name(&mut self, name: Sym, node: NodeId, kind: DefKind) -> Option<DefId> {
        let depth = self.scopes.len() as u32;
        if self.globals.iter().any(|&(f, n)| f == self.function && n == name) {
            return self.visible.get(&name).map(|&(def, _)| def);
        }
        if let Some(&(def, at)) = self.visible.get(&name)
            && at == depth
            // An import gives the name a new meaning from here on.
            && !matches!(kind, DefKind::Import(_))
        {
            self.names.of[node.index()] = def.0 + 1;
            return Some(def);
        }
        let def = DefId(self.names.defs.len() as u32);
        if kind == DefKind::Field {
            self.names.fields.entry(name).or_insert(def);
        }
        self.names.defs.push(Def { kind, node, ty: None, assigned: 0, init: None, function: self.function });
        self.names.of[node.index()] = def.0 + 1;
        let before = self.visible.insert(name, (def, depth));
        self.scopes.last_mut().expect("the file's scope is never closed").undo.push((name, before));
        Some(def)
    }

    fn assign(&mut self, def: Option<DefId>, init: Option<NodeId>, times: u32) {
        if let Some(def) = def {
            let def = &mut self.names.defs[def.0 as usize];
            def.assigned += times;
            if def.init.is_none() {
                def.init = init;
            }
            if def.ty.is_none() {
                def.ty = init.and_then(|init| constructed(self.tree, init, self.lang));
            }
        }
    }

    fn python(&self) -> bool {
        self.lang == Lang::Python
    }

    // ── declarations ahead of use ────────────────────────────────────────────────────────────────

    /// Declares what the statements under `id` bind in this scope.
    fn declare_ahead(&mut self, id: NodeId) {
        let tree = self.tree;
        for &child in tree.children(id) {
            match tree.kind(child) {
                // Methods and constructors of Java have names of their own: `Car` stays the class beside `Car()`.
                Kind::FuncDef if self.lang == Lang::Java => {}
                Kind::FuncDef => {
                    let def = self.declare(tree.child(child, 2), DefKind::Function);
                    self.assign(def, None, 1);
                }
                Kind::ClassDef => {
                    let def = self.declare(tree.child(child, 2), DefKind::Class);
                    self.assign(def, None, 1);
                }
                Kind::VarDef if !self.python() => self.targets(tree.child(child, 0), DefKind::Local),
                // Other languages import for the whole file, Python from the statement on.
                Kind::Import | Kind::ImportFrom if !self.python() => self.import(child),
                _ if !self.python() => {}
                Kind::Global => {
                    for &name in tree.children(child) {
                        self.globals.push((self.function, tree.sym(name)));
                    }
                }
                // In a function a name means what it meant outside until it is assigned.
                Kind::ExprStmt | Kind::VarDef | Kind::ForEach if self.function != 0 => {}
                Kind::VarDef => self.targets(tree.child(child, 0), DefKind::Local),
                Kind::ExprStmt => {
                    let mut expr = tree.child(child, 0);
                    while matches!(tree.kind(expr), Kind::Assign | Kind::AugAssign) {
                        self.targets(tree.child(expr, 0), DefKind::Local);
                        expr = tree.child(expr, 1);
                    }
                }
                Kind::ForEach => {
                    self.targets(tree.child(child, 0), DefKind::Local);
                    self.declare_ahead(child);
                }
                Kind::Catch => {
                    self.targets(tree.child(child, 1), DefKind::Local);
                    self.declare_ahead(child);
                }
                Kind::Block
                | Kind::If
                | Kind::While
                | Kind::Try
                | Kind::Catches
                | Kind::With
                | Kind::Switch
                | Kind::Case => {
                    self.declare_ahead(child);
                }
                _ => {}
            }
        }
    }

    /// Declares every identifier of a target pattern.
    fn targets(&mut self, target: NodeId, kind: DefKind) {
        match self.tree.kind(target) {
            Kind::Ident => {
                self.declare(target, kind);
            }
            Kind::Tuple | Kind::Array | Kind::Spread | Kind::Object | Kind::Set => {
                for &child in self.tree.children(target) {
                    self.targets(child, kind.clone());
                }
            }
            Kind::Pair => self.targets(self.tree.child(target, 1), kind),
            Kind::Assign => self.targets(self.tree.child(target, 0), kind),
            Kind::VarDef => self.targets(self.tree.child(target, 0), kind),
            _ => {}
        }
    }

    /// Declares the names that a pattern of Python's `match` gives parts of the subject to.
    fn captures(&mut self, pattern: NodeId) {
        let tree = self.tree;
        match tree.kind(pattern) {
            Kind::Ident if tree.text(pattern) != "_" => {
                self.targets(pattern, DefKind::Local);
                self.unknown(pattern);
            }
            Kind::Tuple | Kind::Array | Kind::Spread | Kind::Set => {
                for &part in tree.children(pattern) {
                    self.captures(part);
                }
            }
            Kind::Other => {
                // Names of classes and keywords are not captured.
                let first = usize::from(matches!(tree.text(pattern), "class_pattern" | "keyword_pattern"));
                for &part in tree.children(pattern).iter().skip(first) {
                    self.captures(part);
                }
            }
            _ => {}
        }
    }

    /// A second declaration of a name in one scope is a new variable.
    fn redeclare(&mut self, target: NodeId) {
        if self.tree.kind(target) != Kind::Ident || self.python() {
            return;
        }
        let name = self.tree.sym(target);
        let depth = self.scopes.len() as u32;
        if let Some(&(def, at)) = self.visible.get(&name)
            && at == depth
            && self.names.get(def).node != target
            && self.names.get(def).assigned > 0
        {
            let new = DefId(self.names.defs.len() as u32);
            self.names.defs.push(Def {
                kind: DefKind::Local,
                node: target,
                ty: None,
                assigned: 0,
                init: None,
                function: self.function,
            });
            self.names.of[target.index()] = new.0 + 1;
            self.visible.insert(name, (new, depth));
        }
    }

    fn import(&mut self, id: NodeId) {
        let tree = self.tree;
        let Some(path) = self.modules.get(&id).cloned() else { return };
        if tree.kind(id) == Kind::Import {
            match tree.slot(id, 0) {
                Some(alias) => {
                    let def = self.declare(alias, DefKind::Import(path));
                    self.assign(def, None, 1);
                }
                // `import a.b` binds `a`; a file imported for its effects binds nothing, a Go package its name.
                None if !self.lang.is_script() => {
                    if let Some(&first) = path.first() {
                        self.declare_name(first, id, DefKind::Import([first].into()));
                    }
                }
                None => {}
            }
            return;
        }
        for &item in tree.children(id) {
            if tree.kind(item) != Kind::ImportName {
                continue;
            }
            let mut full = path.to_vec();
            if Some(tree.sym(item)) != self.default {
                full.push(tree.sym(item));
            }
            match tree.slot(item, 0) {
                Some(alias) => self.declare(alias, DefKind::Import(full.into())),
                None => self.declare_name(tree.sym(item), item, DefKind::Import(full.into())),
            };
        }
    }

    // ── the walk ─────────────────────────────────────────────────────────────────────────────────

    /// The statements of a body; `ahead` when names may be used before their declaration.
    fn statements(&mut self, id: NodeId, ahead: bool) {
        if ahead {
            self.declare_ahead(id);
        }
        for &child in self.tree.children(id) {
            self.visit(child);
        }
    }

    fn visit_all(&mut self, id: NodeId) {
        for &child in self.tree.children(id) {
            self.visit(child);
        }
    }

    /// Go: keys of a map's literal are expressions, those of a struct's the names of its fields.
    fn is_map_key(&self, pair: NodeId) -> bool {
        let tree = self.tree;
        let literal = tree.parent(pair).and_then(|braces| tree.parent(braces));
        self.lang == Lang::Go
            && literal.is_some_and(|l| tree.kind(l) == Kind::Composite && tree.kind(tree.child(l, 0)) == Kind::TypeMap)
    }

    fn visit(&mut self, id: NodeId) {
        let tree = self.tree;
        match tree.kind(id) {
            Kind::Ident => {
                if let Some(&(def, _)) = self.visible.get(&tree.sym(id))
                    && self.names.of[id.index()] == 0
                {
                    self.names.of[id.index()] = def.0 + 1;
                }
            }
            Kind::Member => self.visit(tree.child(id, 0)),
            Kind::Pair if tree.parent(id).is_some_and(|p| tree.kind(p) == Kind::Object) => {
                if tree.kind(tree.child(id, 0)) != Kind::Ident || self.is_map_key(id) {
                    self.visit(tree.child(id, 0));
                }
                self.visit(tree.child(id, 1));
            }
            Kind::XmlAttr => self.visit(tree.child(id, 1)),
            Kind::Case if self.python() => {
                for &label in tree.children(tree.child(id, 0)) {
                    self.captures(label);
                }
                self.visit_all(id);
            }
            Kind::Break | Kind::Continue | Kind::Global => {}
            Kind::Block if self.python() => self.visit_all(id),
            Kind::Block => {
                self.open(ScopeKind::Block);
                self.statements(id, self.lang.is_script());
                self.close();
            }
            Kind::For | Kind::ForEach | Kind::Catch | Kind::Switch | Kind::Try if !self.python() => {
                self.open(ScopeKind::Block);
                if tree.kind(id) == Kind::ForEach {
                    self.visit(tree.child(id, 1));
                    let target = tree.child(id, 0);
                    if self.lang == Lang::Go || tree.kind(target) == Kind::VarDef {
                        self.targets(target, DefKind::Local);
                    }
                    self.visit(target);
                    self.unknown(target);
                    self.visit(tree.child(id, 2));
                } else if tree.kind(id) == Kind::Catch {
                    self.targets(tree.child(id, 1), DefKind::Local);
                    self.visit_all(id);
                    self.unknown(tree.child(id, 1));
                    if let Some(def) = self.names.def(tree.child(id, 1)) {
                        self.names.defs[def.0 as usize].ty = tree.slot(id, 0);
                    }
                } else if tree.kind(id) == Kind::Try
                    && let Some(resources) = tree.slot(id, 0)
                {
                    self.visit_all(resources);
                    for &child in &tree.children(id)[1..] {
                        self.visit(child);
                    }
                } else {
                    self.visit_all(id);
                }
                self.close();
            }
            Kind::ForEach | Kind::CompFor => {
                self.targets(tree.child(id, 0), DefKind::Local);
                self.visit_all(id);
                self.unknown(tree.child(id, 0));
            }
            Kind::Catch => {
                self.visit_all(id);
                self.unknown(tree.child(id, 1));
            }
            Kind::Comprehension => {
                self.open(ScopeKind::Block);
                for &clause in &tree.children(id)[1.min(tree.children(id).len())..] {
                    if tree.kind(clause) == Kind::CompFor {
                        self.targets(tree.child(clause, 0), DefKind::Local);
                    }
                    self.visit(clause);
                }
                if let Some(&element) = tree.children(id).first() {
                    self.visit(element);
                }
                self.close();
            }
            Kind::FuncDef => {
                let kids = tree.children(id);
                self.visit(kids[0]);
                self.visit(kids[2]);
                self.function(kids[1], kids[3], kids[4], kids[5]);
            }
            Kind::Lambda => {
                let kids = tree.children(id);
                self.function(kids[1], kids[0], kids[1], kids[2]);
            }
            Kind::ClassDef => {
                let kids = tree.children(id);
                for slot in [0, 2, 3, 4] {
                    self.visit(kids[slot]);
                }
                self.open(ScopeKind::Class);
                if self.lang == Lang::Java {
                    for &member in tree.children(kids[6]) {
                        if tree.kind(member) == Kind::VarDef {
                            self.declare(tree.child(member, 0), DefKind::Field);
                        }
                    }
                    self.declare_ahead(kids[6]);
                } else if self.lang == Lang::Python {
                    self.declare_ahead(kids[6]);
                } else {
                    for &member in tree.children(kids[6]) {
                        if tree.kind(member) == Kind::VarDef && tree.kind(tree.child(member, 0)) == Kind::Ident {
                            self.field(member);
                        }
                    }
                }
                if tree.kind(kids[5]) == Kind::Params {
                    self.params(kids[5]);
                    if self.lang == Lang::Java {
                        self.components(kids[5]);
                    }
                }
                self.visit_all(kids[6]);
                self.close();
            }
            Kind::VarDef => {
                let kids = tree.children(id);
                self.visit(kids[3]);
                self.visit(kids[1]);
                self.visit(kids[2]);
                let field = tree.parent(id).is_some_and(|p| tree.kind(p) == Kind::ClassBody);
                if field && self.lang != Lang::Java && self.lang != Lang::Python {
                    return;
                }
                self.redeclare(kids[0]);
                self.targets(kids[0], DefKind::Local);
                self.visit(kids[0]);
                let init = tree.slot(id, 2);
                self.assign_target(kids[0], init, u32::from(init.is_some()));
                if let (Some(def), Some(ty)) = (self.names.def(kids[0]), tree.slot(id, 1)) {
                    // `var x = new T()` of Java: the constructor says more than `var`.
                    if tree.text(ty) != "var" {
                        self.names.defs[def.0 as usize].ty = Some(ty);
                    }
                }
                self.required(kids[0], init);
            }
            Kind::Assign => {
                let kids = tree.children(id);
                self.visit(kids[1]);
                // A name that nothing declares is declared by its first assignment.
                let undeclared = tree.kind(kids[0]) == Kind::Ident && !self.visible.contains_key(&tree.sym(kids[0]));
                if tree.op(id) == Aux::DECLARES || self.python() || undeclared {
                    self.targets(kids[0], DefKind::Local);
                }
                self.visit(kids[0]);
                self.assign_target(kids[0], Some(kids[1]), 1);
            }
            Kind::AugAssign => {
                if self.python() {
                    self.targets(tree.child(id, 0), DefKind::Local);
                }
                self.visit_all(id);
                self.unknown(tree.child(id, 0));
            }
            Kind::Unary => {
                self.visit_all(id);
                let op = tree.op(id);
                if op >= Op::PreInc as u16 || op == Op::Ref as u16 && self.lang != Lang::Go {
                    self.unknown(tree.child(id, 0));
                }
            }
            Kind::Delete => {
                self.visit_all(id);
                for &child in tree.children(id) {
                    self.unknown(child);
                }
            }
            Kind::ImportAll => {
                if let Some(path) = self.modules.get(&id) {
                    self.names.wildcards.push(path.clone());
                }
            }
            Kind::Import | Kind::ImportFrom => {
                if self.scopes.len() > 1 || self.python() {
                    self.import(id);
                }
            }
            _ => self.visit_all(id),
        }
    }

    fn function(&mut self, types: NodeId, params: NodeId, ret: NodeId, body: NodeId) {
        let tree = self.tree;
        let outer = self.function;
        self.function = body.0 + 1;
        // Names of a Python class body are not visible in its methods; those of the other languages are.
        let hidden = self.python() && self.scopes.last().is_some_and(|s| s.kind == ScopeKind::Class);
        let class = hidden.then(|| {
            let undo = std::mem::take(&mut self.scopes.last_mut().expect("checked above").undo);
            let mut mine = Vec::with_capacity(undo.len());
            for (name, before) in undo.iter().rev() {
                let now = match before {
                    Some(before) => self.visible.insert(*name, *before),
                    None => self.visible.remove(name),
                };
                mine.push((*name, now));
            }
            (undo, mine)
        });
        self.open(ScopeKind::Function);
        if tree.kind(types) == Kind::TypeParams {
            self.visit_all(types);
        }
        self.params(params);
        // Results of Go may have names.
        if self.lang == Lang::Go && tree.kind(ret) == Kind::Params {
            self.params(ret)
        } else {
            self.visit(ret)
        }
        if tree.kind(body) == Kind::Block {
            self.statements(body, self.python() || self.lang.is_script());
        } else {
            self.visit(body);
        }
        self.close();
        if let Some((undo, mine)) = class {
            for (name, now) in mine.into_iter().rev() {
                if let Some(now) = now {
                    self.visible.insert(name, now);
                }
            }
            self.scopes.last_mut().expect("the class scope is open").undo = undo;
        }
        let mine = self.function;
        self.globals.retain(|&(f, _)| f != mine);
        self.function = outer;
    }

    /// What a record is declared with are its fields.
    fn components(&mut self, params: NodeId) {
        let tree = self.tree;
        for &param in tree.children(params).iter().filter(|&&p| tree.kind(p) == Kind::Param) {
            let name = tree.child(param, 0);
            if let Some(def) = self.names.def(name) {
                self.names.defs[def.0 as usize].kind = DefKind::Field;
                self.names.fields.entry(tree.sym(name)).or_insert(def);
            }
        }
    }

    fn params(&mut self, params: NodeId) {
        let tree = self.tree;
        for &param in tree.children(params) {
            if tree.kind(param) != Kind::Param {
                self.targets(param, DefKind::Param);
                self.unknown(param);
                continue;
            }
            let kids = tree.children(param);
            self.visit(kids[1]);
            self.visit(kids[2]);
            self.visit(kids[3]);
            self.targets(kids[0], DefKind::Param);
            self.unknown(kids[0]);
            if let Some(def) = self.names.def(kids[0]) {
                self.names.defs[def.0 as usize].ty = tree.slot(param, 1);
            }
        }
    }

    /// A field that is not a name in scope (JavaScript, Go): known by `this.name` only.
    fn field(&mut self, member: NodeId) {
        let target = self.tree.child(member, 0);
        let def = DefId(self.names.defs.len() as u32);
        let init = self.tree.slot(member, 2);
        let ty = self.tree.slot(member, 1).or_else(|| init.and_then(|init| constructed(self.tree, init, self.lang)));
        self.names.defs.push(Def {
            kind: DefKind::Field,
            node: target,
            ty,
            assigned: 2,
            init,
            function: self.function,
        });
        self.names.fields.entry(self.tree.sym(target)).or_insert(def);
    }

    fn assign_target(&mut self, target: NodeId, init: Option<NodeId>, times: u32) {
        let tree = self.tree;
        match tree.kind(target) {
            Kind::Ident => self.assign(self.names.def(target), init, times),
            Kind::Tuple | Kind::Array => {
                let values = init.filter(|&v| {
                    matches!(tree.kind(v), Kind::Tuple | Kind::Array)
                        && tree.children(v).len() == tree.children(target).len()
                });
                for (i, &part) in tree.children(target).iter().enumerate() {
                    match values {
                        Some(values) => self.assign_target(part, Some(tree.child(values, i)), times),
                        None => self.unknown(part),
                    }
                }
            }
            _ => self.unknown(target),
        }
    }

    /// Every identifier of a target gets a value that is not known.
    fn unknown(&mut self, target: NodeId) {
        match self.tree.kind(target) {
            Kind::Ident => self.assign(self.names.def(target), None, 2),
            Kind::Tuple | Kind::Array | Kind::Spread | Kind::Object | Kind::Set => {
                for &child in self.tree.children(target) {
                    self.unknown(child);
                }
            }
            Kind::Pair => self.unknown(self.tree.child(target, 1)),
            Kind::Assign | Kind::VarDef => self.unknown(self.tree.child(target, 0)),
            _ => {}
        }
    }

    /// `const x = require("m")` and `const { a: b } = require("m")` import as `import` does.
    fn required(&mut self, target: NodeId, init: Option<NodeId>) {
        let tree = self.tree;
        if !self.lang.is_script() {
            return;
        }
        let Some(mut init) = init else { return };
        while tree.kind(init) == Kind::Await {
            init = tree.child(init, 0);
        }
        let mut call = init;
        let mut tail = Vec::new();
        while tree.kind(call) == Kind::Member {
            tail.push(tree.sym(tree.child(call, 1)));
            call = tree.child(call, 0);
        }
        let is_import = |name: Sym| Some(name) == self.require || Some(name) == self.dynamic;
        if tree.kind(call) != Kind::Call || !is_import(tree.sym(tree.child(call, 0))) {
            return;
        }
        let Some(&module) = tree.children(tree.child(call, 1)).first().filter(|&&m| tree.kind(m) == Kind::Str) else {
            return;
        };
        let mut path = vec![match tree.text(module).strip_prefix("node:").and_then(|name| tree.symbols.find(name)) {
            Some(name) => name,
            None => tree.sym(module),
        }];
        path.extend(tail.into_iter().rev());
        match tree.kind(target) {
            Kind::Ident => self.set_import(target, path),
            Kind::Object => {
                for &pair in tree.children(target) {
                    if tree.kind(pair) == Kind::Pair {
                        let mut path = path.clone();
                        path.push(tree.sym(tree.child(pair, 0)));
                        self.set_import(tree.child(pair, 1), path);
                    }
                }
            }
            _ => {}
        }
    }

    fn set_import(&mut self, target: NodeId, path: Vec<Sym>) {
        if let Some(def) = self.names.def(target) {
            self.names.defs[def.0 as usize].kind = DefKind::Import(path.into());
        }
    }
}

/// The type that a constructor call makes.
fn constructed(tree: &Tree, init: NodeId, lang: Lang) -> Option<NodeId> {
    match tree.kind(init) {
        Kind::New | Kind::Composite => tree.slot(init, 0),
        Kind::Cast => tree.slot(init, 0),
        Kind::Unary if tree.op(init) == Op::Ref as u16 => constructed(tree, tree.child(init, 0), lang),
        Kind::Await => constructed(tree, tree.child(init, 0), lang),
        // `new(T)`
        Kind::Call if lang == Lang::Go => {
            let (callee, args) = (tree.child(init, 0), tree.child(init, 1));
            let makes = tree.kind(callee) == Kind::Ident && tree.text(callee) == "new";
            tree.children(args).first().copied().filter(|_| makes)
        }
        _ => None,
    }
}
