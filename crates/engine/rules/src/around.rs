//! What is around a match: the definitions that it stands in, and the function by whose body it is known wherever that goes.

use std::cell::RefCell;
use std::collections::hash_map::Entry;
use std::io::Write;

use rampart_syntax::{DefId, DefKind, Kind, Names, NodeId, Span, Tree};
use rustc_hash::FxHashMap;

/// Nodes that are looked at for the bodies of one file, as a multiple of its own: functions in functions in functions with a match in
/// each must not make it quadratic. What comes later has no body.
const EFFORT: usize = 8;

/// The functions and classes of a file.
pub struct Surroundings<'t> {
    tree: &'t Tree,
    names: &'t Names,
    /// By their starts, those around others first; with the index of the one around each.
    definitions: Vec<(Span, &'t str, Option<u32>)>,
    bodies: RefCell<Bodies>,
}

#[derive(Default)]
struct Bodies {
    known: FxHashMap<NodeId, Body>,
    /// Nodes looked at so far.
    effort: usize,
}

/// A function without the names of its variables, its comments and its layout.
struct Body {
    digest: String,
    /// Where its nodes start, sorted.
    starts: Vec<u32>,
}

impl<'t> Surroundings<'t> {
    pub fn of(tree: &'t Tree, names: &'t Names) -> Self {
        let nodes =
            tree.ids().filter(|&id| matches!(tree.kind(id), Kind::FuncDef | Kind::ClassDef) && id != tree.root());
        let mut definitions: Vec<(Span, &str, Option<u32>)> =
            nodes.map(|id| (tree.span(id), tree.text(tree.child(id, 2)), None)).collect();
        definitions.sort_by_key(|(span, ..)| (span.start, std::cmp::Reverse(span.end)));
        let mut open: Vec<u32> = Vec::new();
        for i in 0..definitions.len() {
            while open.pop_if(|&mut top| !definitions[top as usize].0.contains(definitions[i].0)).is_some() {}
            definitions[i].2 = open.last().copied();
            open.push(i as u32);
        }
        Surroundings { tree, names, definitions, bodies: RefCell::default() }
    }

    /// Names of the definitions around `span`, outermost first.
    pub fn scope(&self, span: Span) -> Vec<String> {
        let mut out = Vec::new();
        let mut at = self.definitions.partition_point(|(other, ..)| other.start <= span.start).checked_sub(1);
        while let Some(i) = at {
            let (around, name, up) = self.definitions[i];
            if around.contains(span) && around != span {
                out.push(name.to_string());
            }
            at = up.map(|up| up as usize);
        }
        out.reverse();
        out
    }

    /// What tells the function around `span` and the place in it from others, whatever its variables are called and wherever it
    /// stands; empty outside of functions. A function expression counts together with the statement of the file that it is in: handlers
    /// look alike but for what they are handed to.
    pub fn body(&self, span: Span) -> String {
        let Some(root) = self.function(span) else { return String::new() };
        let mut bodies = self.bodies.borrow_mut();
        let Bodies { known, effort } = &mut *bodies;
        let Body { digest, starts } = match known.entry(root) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => {
                if *effort > EFFORT.saturating_mul(self.tree.len()) {
                    return String::new();
                }
                let body = self.read(root);
                *effort += body.starts.len();
                free.insert(body)
            }
        };
        let before = |offset: u32| starts.partition_point(|&start| start < offset);
        format!("{digest}:{}:{}", before(span.start), before(span.end))
    }

    /// The innermost function around `span`; for a function expression in none, the statement of the file.
    fn function(&self, span: Span) -> Option<NodeId> {
        let tree = self.tree;
        let statement = tree.covering(tree.root(), span)?;
        let (mut function, mut is_in_expression) = (None, false);
        let mut at = Some(statement);
        while let Some(id) = at {
            match tree.kind(id) {
                Kind::FuncDef if tree.span(id) != span => function = Some(id),
                Kind::Lambda => is_in_expression = true,
                _ => {}
            }
            at = tree.covering(id, span);
        }
        function.or(is_in_expression.then_some(statement))
    }

    fn read(&self, root: NodeId) -> Body {
        let tree = self.tree;
        let whole = tree.span(root);
        let mut locals: FxHashMap<DefId, usize> = FxHashMap::default();
        let (mut told, mut starts) = (Vec::new(), Vec::new());
        let mut open = vec![root];
        while let Some(id) = open.pop() {
            let kind = tree.kind(id);
            if kind != Kind::Nil {
                starts.push(tree.span(id).start);
            }
            let local = self.names.def(id).filter(|&def| {
                let def = self.names.get(def);
                // What the file itself defines is known elsewhere by its name.
                matches!(def.kind, DefKind::Local | DefKind::Param)
                    && def.home() != 0
                    && whole.contains(tree.span(def.node))
            });
            let children = tree.children(id);
            // Kinds by name: one more of them must not change the signatures of what is stored.
            let _ = match local {
                Some(def) => {
                    let next = locals.len();
                    writeln!(told, "{kind:?} {} {} #{}", tree.op(id), children.len(), locals.entry(def).or_insert(next))
                }
                None => {
                    let text = tree.text(id);
                    writeln!(told, "{kind:?} {} {} {}:{text}", tree.op(id), children.len(), text.len())
                }
            };
            open.extend(children.iter().rev());
        }
        starts.sort_unstable();
        let mut digest = blake3::derive_key("rampart finding body/v1 function", &told)
            .iter()
            .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        digest.truncate(32);
        Body { digest, starts }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use rampart_syntax::{Lang, Symbols, parse, resolve};

    use super::*;

    /// Of the first `needle` in the text.
    fn body(lang: Lang, text: &str, needle: &str) -> String {
        let mut tree = parse(lang, text, Arc::<Symbols>::default(), Duration::from_secs(5)).unwrap();
        let names = resolve::resolve(&mut tree, lang);
        let start = text.find(needle).unwrap();
        Surroundings::of(&tree, &names).body(Span::new(start, start + needle.len()))
    }

    const BEFORE: &str = "def load(name):\n    query = 'select ' + name\n    return db.run(query)\n";

    #[test]
    fn a_body_is_known_again_wherever_it_goes() {
        let known = body(Lang::Python, BEFORE, "db.run(query)");
        assert_eq!(known.len(), "0123456789abcdef0123456789abcdef:00:00".len(), "{known}");
        let same = [
            "import os\n\n# words\ndef load(name):\n\n    # more\n    query = \"select \" + name   # why\n    return db.run(query)\n",
            "def load(who):\n    text = 'select ' + who\n    return db.run(text)\n",
            "def load(\n    name,\n):\n    query = (\n        'select ' + name\n    )\n    return db.run(query)\n",
        ];
        for (text, needle) in same.iter().zip(["db.run(query)", "db.run(text)", "db.run(query)"]) {
            assert_eq!(body(Lang::Python, text, needle), known, "{text}");
        }
        let other = [
            "def load(name):\n    query = 'delete ' + name\n    return db.run(query)\n",
            "def load(name):\n    query = 'select ' + clean(name)\n    return db.run(query)\n",
            "def save(name):\n    query = 'select ' + name\n    return db.run(query)\n",
            "def load(name):\n    query = 'select ' - name\n    return db.run(query)\n",
            "def load(name):\n    query = 'select ' + name\n    log(name)\n    return db.run(query)\n",
        ];
        for text in other {
            assert_ne!(body(Lang::Python, text, "db.run(query)"), known, "{text}");
        }
        // Two places in one function are two.
        let twice = "def load(a):\n    run(a)\n    run(a) \n";
        assert_ne!(body(Lang::Python, twice, "run(a)"), body(Lang::Python, twice, "run(a) "));
    }

    #[test]
    fn outside_of_functions_there_is_none_but_handlers_have_that_of_their_statement() {
        assert_eq!(body(Lang::Python, "run(1)\n", "run(1)"), "");
        let handler = "app.get('/a', (req, res) => { run(req.query.a); });\n";
        let known = body(Lang::JavaScript, handler, "run(req.query.a)");
        assert_eq!(body(Lang::JavaScript, &handler.replace("req", "asked"), "run(asked.query.a)"), known);
        assert_ne!(body(Lang::JavaScript, &handler.replace("/a", "/b"), "run(req.query.a)"), known);
    }

    #[test]
    fn signatures_of_what_is_stored_do_not_change() {
        assert_eq!(body(Lang::Python, BEFORE, "db.run(query)"), "7ce77a9edcc31dfe531b49f427646fc2:15:21");
    }
}
