//! What other files can name of this one.

use super::*;

impl Builder<'_> {
    pub(super) fn exports(&mut self) {
        let tree = self.tree;
        self.graph.wildcards = self
            .names
            .wildcards
            .iter()
            .map(|path| path.iter().map(|&s| tree.symbols.text(s).to_string()).collect())
            .collect();
        if self.lang == Lang::Python || self.lang.is_script() {
            for index in 0..self.names.defs.len() as u32 {
                let info = self.names.get(DefId(index));
                if let (DefKind::Import(path), 0) = (&info.kind, info.home()) {
                    let path = path.iter().map(|&s| tree.symbols.text(s).to_string()).collect();
                    let target = ExportTarget::Other(TypeName { path, imported: true });
                    let node = info.node;
                    let name = match tree.kind(node) {
                        Kind::Ident | Kind::ImportName => tree.text(node),
                        _ => continue,
                    };
                    self.export(name, target);
                }
            }
        }
        for &statement in tree.children(tree.root()) {
            match tree.kind(statement) {
                Kind::Package => self.graph.package = Some(tree.text(statement).to_string()),
                Kind::FuncDef | Kind::ClassDef
                    if self.lang.is_script() && self.is_default(tree.child(statement, 0)) =>
                {
                    let target = match tree.kind(statement) {
                        Kind::FuncDef => self.function_at.get(&statement).map(|&n| ExportTarget::Function(n)),
                        _ => self.class_at.get(&statement).map(|&n| ExportTarget::Class(n)),
                    };
                    if let Some(target) = target {
                        self.export("default", target);
                    }
                }
                Kind::Export => self.export_statement(statement),
                // Go: a package may have another name than its folder.
                Kind::Import if self.lang == Lang::Go && tree.slot(statement, 0).is_none() => {
                    let path = vec![tree.text(statement).to_string()];
                    self.export("", ExportTarget::Other(TypeName { path: path.into(), imported: true }));
                }
                Kind::TypeDef if self.lang == Lang::Go => {
                    if let Some(ty) =
                        self.type_name(tree.child(statement, 2)).filter(|ty| ty.path.len() > 1 || ty.imported)
                    {
                        let name = tree.text(tree.child(statement, 1)).to_string();
                        self.export(&name, ExportTarget::Other(ty));
                    }
                }
                Kind::ImportAll => {
                    let path = vec![tree.text(statement).to_string()];
                    self.export("*", ExportTarget::Other(TypeName { path: path.into(), imported: true }));
                }
                Kind::ExprStmt => self.common_js(tree.child(statement, 0)),
                _ => {}
            }
        }
        // Objects and instances that other files call methods of.
        let cells: FxHashSet<Value> = self.graph.shared.iter().map(|shared| shared.value).collect();
        let given = self.edges.iter().filter(|(_, edge)| edge.step == Step::Copy && cells.contains(&edge.to));
        let last: FxHashMap<Value, Value> = given.map(|&(from, edge)| (edge.to, from)).collect();
        for index in 0..self.graph.shared.len() {
            if let Some(&from) = last.get(&self.graph.shared[index].value) {
                self.graph.shared[index].holds = self.holds(from);
            }
        }
    }

    fn is_default(&self, attrs: NodeId) -> bool {
        self.tree.children(attrs).iter().any(|&a| self.tree.kind(a) == Kind::Modifier && self.tree.text(a) == "default")
    }

    fn export(&mut self, name: &str, target: ExportTarget) {
        self.graph.exports.push(Export { name: name.to_string(), target });
    }

    /// What a value is known to be: functions by name, or an object of a class.
    fn holds(&self, value: Value) -> Holds {
        match self.constants.get(&value) {
            Some(Const::Record(functions)) => Holds::Functions(functions.to_vec()),
            Some(&Const::Function(number)) => Holds::Function(number),
            _ => self.types.get(&value).map_or(Holds::Anything, |ty| Holds::Object(ty.clone())),
        }
    }

    fn export_statement(&mut self, statement: NodeId) {
        let tree = self.tree;
        let parts = tree.children(statement);
        for &part in parts {
            match tree.kind(part) {
                Kind::Ident => {
                    let Some(target) = self.target_of(part) else { continue };
                    self.export(tree.text(part), target.clone());
                    if parts.len() == 1 {
                        self.export("default", target);
                    }
                }
                Kind::Pair => {
                    if let Some(target) = self.target_of(tree.child(part, 1)) {
                        self.export(tree.text(tree.child(part, 0)), target);
                    }
                }
                Kind::ImportFrom => {
                    let module = tree.text(part);
                    for &item in tree.children(part) {
                        let name = tree.text(item);
                        let alias = tree.slot(item, 0).map_or(name, |a| tree.text(a));
                        let mut path = vec![module.to_string()];
                        if name != "default" {
                            path.push(name.to_string());
                        }
                        self.export(alias, ExportTarget::Other(TypeName { path: path.into(), imported: true }));
                    }
                }
                Kind::ImportAll => {
                    let path = vec![tree.text(part).to_string()];
                    self.export("*", ExportTarget::Other(TypeName { path: path.into(), imported: true }));
                }
                Kind::Import => {
                    if let Some(alias) = tree.slot(part, 0) {
                        let path = vec![tree.text(part).to_string()];
                        self.export(
                            tree.text(alias),
                            ExportTarget::Other(TypeName { path: path.into(), imported: true }),
                        );
                    }
                }
                _ => {
                    if let Some(target) = self.target_of(part) {
                        self.export("default", target);
                    }
                }
            }
        }
    }

    /// The module of `require("module")`.
    fn required(&self, id: NodeId) -> Option<String> {
        let tree = self.tree;
        let is_require = tree.kind(id) == Kind::Call
            && tree.kind(tree.child(id, 0)) == Kind::Ident
            && tree.text(tree.child(id, 0)) == "require";
        let &module = tree.children(tree.slot(id, 1).filter(|_| is_require && self.lang.is_script())?).first()?;
        (tree.kind(module) == Kind::Str).then(|| tree.text(module).to_string())
    }

    /// `module.exports = …`, `exports.name = …`.
    fn common_js(&mut self, expr: NodeId) {
        let tree = self.tree;
        if !self.lang.is_script() || tree.kind(expr) != Kind::Assign {
            return;
        }
        let [target, value] = [tree.child(expr, 0), tree.child(expr, 1)];
        if tree.kind(target) != Kind::Member {
            return;
        }
        let (object, name) = (tree.child(target, 0), tree.text(tree.child(target, 1)));
        let is_module = |id: NodeId| tree.kind(id) == Kind::Ident && tree.text(id) == "module";
        let is_exports = |id: NodeId| match tree.kind(id) {
            Kind::Ident => tree.text(id) == "exports",
            Kind::Member => is_module(tree.child(id, 0)) && tree.text(tree.child(id, 1)) == "exports",
            _ => false,
        };
        let whole = is_module(object) && name == "exports";
        if !whole && !is_exports(object) {
            // `exports = module.exports = …`
            return;
        }
        if tree.kind(value) == Kind::Assign {
            self.common_js(value);
        }
        let Some(exported) = self.target_of(value) else { return };
        if !whole {
            self.export(name, exported);
            return;
        }
        self.export("default", exported);
        if tree.kind(value) == Kind::Object {
            for &pair in tree.children(value) {
                let (name, target) = match tree.kind(pair) {
                    Kind::Pair => (tree.text(tree.child(pair, 0)), self.target_of(tree.child(pair, 1))),
                    Kind::FuncDef => (
                        tree.text(tree.child(pair, 2)),
                        self.function_at.get(&pair).map(|&n| ExportTarget::Function(n)),
                    ),
                    _ => continue,
                };
                if let Some(target) = target {
                    self.export(name, target);
                }
            }
        }
    }

    fn target_of(&mut self, id: NodeId) -> Option<ExportTarget> {
        let tree = self.tree;
        if let Some(module) = self.required(id) {
            return Some(ExportTarget::Other(TypeName { path: [module].into(), imported: true }));
        }
        let value = self.of[id.index()];
        match self.constants.get(&value) {
            Some(&Const::Function(number)) => return Some(ExportTarget::Function(number)),
            Some(&Const::Class(number)) => return Some(ExportTarget::Class(number)),
            _ => {}
        }
        if tree.kind(id) == Kind::Ident
            && let Some(def) = self.names.def(id)
        {
            let info = self.names.get(def);
            let parent = tree.parent(info.node);
            match &info.kind {
                DefKind::Function => {
                    return parent.and_then(|p| self.function_at.get(&p)).map(|&n| ExportTarget::Function(n));
                }
                DefKind::Class => return parent.and_then(|p| self.class_at.get(&p)).map(|&n| ExportTarget::Class(n)),
                DefKind::Import(_) => return self.dotted(id).map(ExportTarget::Other),
                _ => {}
            }
            let cell = self.cell(def);
            let now = self.state[def.0 as usize];
            let holds = self.holds(now);
            return Some(ExportTarget::Value(cell, holds));
        }
        (value != NOWHERE).then(|| ExportTarget::Value(value, self.holds(value)))
    }
}
