//! Reads a code pattern (`$X`, `...`, `<... e ...>`, `(T $X)`) with the grammar of its language.
//!
//! What no grammar accepts is replaced by placeholder names; the text is then tried in the places a pattern may stand for
//! (statement, expression, class member, …) until one parses without an error. [`Builder`](crate::Builder) turns the
//! placeholders into `Metavar`, `Ellipsis`, … nodes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::kind::Kind;
use crate::lang::Lang;
use crate::symbols::Symbols;
use crate::tree::{DEEP, ELLIPSIS, MV, MV_ELLIPSIS, NodeId, Span, TYPED, Tree, is_metavar};

/// A pattern as a tree and what of it is the pattern.
pub struct Pattern {
    pub tree: Tree,
    pub root: Root,
}

/// What a pattern is matched against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Root {
    /// One expression, type, attribute, field or other part: any node.
    Node(NodeId),
    /// One statement that was written as such (with its `;` where the language has one).
    Statement(NodeId),
    /// Several statements: a run in a statement list.
    Statements(Vec<NodeId>),
}

/// Longest accepted pattern, in bytes. The longest in public rule sets is below 10 kB.
pub const MAX_PATTERN: usize = 32_000;

/// How long all readings of one pattern may take together. One takes less than a millisecond.
const READ_LIMIT: Duration = Duration::from_secs(1);

/// Reads `text` as a pattern of `lang`.
///
/// # Errors
/// A sentence when no reading parses.
pub fn read(lang: Lang, text: &str, base: &Arc<Symbols>) -> Result<Pattern, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("the pattern is empty".into());
    }
    if text.len() > MAX_PATTERN {
        return Err(format!("the pattern is longer than {MAX_PATTERN} bytes"));
    }
    let start = Instant::now();
    for grammar in grammars(lang) {
        let (prepared, types) = Prepare::new(*grammar, text).run();
        for (before, after, terminated) in places(lang, text) {
            let left = READ_LIMIT.saturating_sub(start.elapsed());
            if left.is_zero() {
                return Err("the pattern takes too long to read; make it shorter or nest it less".into());
            }
            let source = format!("{before}{prepared}{after}");
            let Ok(tree) = crate::lower_pattern(*grammar, &source, base.clone(), left, &types) else { continue };
            if !tree.errors.is_empty() {
                continue;
            }
            let end = before.len() + prepared.len() + usize::from(*terminated);
            let mut nodes = Vec::new();
            collect(&tree, tree.root(), Span::new(before.len(), end), &mut nodes);
            if let Some(root) = root_of(&tree, &nodes, lang, text) {
                return Ok(Pattern { tree, root });
            }
        }
    }
    Err(format!("the pattern is not {} code (an expression, statements, a definition or a part of one)", lang.name()))
}

/// Grammars in which a pattern of `lang` may be written. Rules for scripts take JSX and types everywhere.
fn grammars(lang: Lang) -> &'static [Lang] {
    match lang {
        Lang::JavaScript | Lang::TypeScript | Lang::Tsx => &[Lang::Tsx, Lang::TypeScript, Lang::JavaScript],
        Lang::Python => &[Lang::Python],
        Lang::Java => &[Lang::Java],
        Lang::Go => &[Lang::Go],
    }
}

/// What to put before and after the text; `true`: the first byte after it (a `;`) belongs to the pattern.
type Frame = (&'static str, &'static str, bool);

fn places(lang: Lang, text: &str) -> &'static [Frame] {
    match lang {
        Lang::Python => &[
            ("", "", false),
            ("", "\n", false),
            ("", " µELL", false),
            ("({ ", " })", false),
            ("", "\ndef w(): pass", false),
            ("try:\n  pass\n", "", false),
            ("try:\n  pass\n", " µELL", false),
            ("if w:\n  pass\n", "", false),
            ("(", ")", false),
        ],
        Lang::JavaScript | Lang::TypeScript | Lang::Tsx if text.starts_with('{') => {
            &[("(", ")", false), ("", "", false), ("function w() ", "", false)]
        }
        Lang::JavaScript | Lang::TypeScript | Lang::Tsx => &[
            ("", "", false),
            ("(", ")", false),
            ("({ ", " })", false),
            ("class W { ", " }", false),
            ("class W { ", "; }", true),
            ("", " {}", false),
            ("try {} ", "", false),
            ("let w : ", ";", false),
            ("<w ", " />", false),
            ("switch (w) { ", " }", false),
            ("async function* w() { ", " }", false),
            ("", " class W {}", false),
        ],
        Lang::Java if text.starts_with("new ") && !text.ends_with(';') => &[
            ("class W { W w = ", "; }", false),
            ("class W { void w() { ", " } }", false),
            ("class W { void w() { ", "; } }", true),
        ],
        Lang::Java if text.ends_with(';') || text.ends_with('}') => &[
            ("class W { void w() { ", " } }", false),
            ("class W { ", " }", false),
            ("", "", false),
            ("class W { W w = ", "; }", false),
            ("class W { void w() { try {} ", " } }", false),
            ("class W { void w() { switch (w) { ", " } } }", false),
        ],
        Lang::Java => &[
            ("class W { W w = ", "; }", false),
            ("class W { void w() { ", "; } }", true),
            ("class W { void w() { ", " } }", false),
            ("class W { ", "; }", true),
            ("class W { ", " {} }", false),
            ("class W { ", " }", false),
            ("", ";", true),
            ("", "", false),
            ("", " class W {}", false),
            ("", " {}", false),
            ("class W { ", " w; }", false),
            ("class W { void w() { try {} ", " } }", false),
            ("class W { void w() { try {} ", " {} } }", false),
        ],
        Lang::Go => &[
            ("package p; func w() { ", "\n}", false),
            ("package p; var w = ", "\n", false),
            ("package p\n", "\n", false),
            ("", "\n", false),
            ("package p; var w = T{ ", " }\n", false),
            ("package p; var w ", "\n", false),
            ("package p; type w struct { ", "\n}\n", false),
            ("package p\n", " {}\n", false),
            ("package p; func w() { switch w { ", "\n} }", false),
            ("package p; func w() { select { ", "\n} }", false),
        ],
    }
}

/// The topmost nodes inside `region`.
fn collect(tree: &Tree, id: NodeId, region: Span, out: &mut Vec<NodeId>) {
    for &child in tree.children(id) {
        let span = tree.span(child);
        if span.is_empty() {
            continue;
        }
        if region.contains(span) {
            out.push(child);
        } else if span.start < region.end && region.start < span.end {
            collect(tree, child, region, out);
        }
    }
}

fn root_of(tree: &Tree, nodes: &[NodeId], lang: Lang, text: &str) -> Option<Root> {
    match nodes {
        [] => None,
        // Decorators alone.
        &[one] if tree.kind(one) == Kind::Attrs => match tree.children(one) {
            &[annotation] => Some(Root::Node(annotation)),
            _ => Some(Root::Node(one)),
        },
        &[one] => Some(match tree.kind(one) {
            Kind::ExprStmt if !(text.ends_with(';') && lang != Lang::Python) => Root::Node(tree.child(one, 0)),
            kind if kind.is_statement() => Root::Statement(one),
            _ => Root::Node(one),
        }),
        many if many.iter().all(|&n| {
            matches!(tree.kind(n), Kind::Ellipsis | Kind::Metavar | Kind::MetavarEllipsis)
                || tree.kind(n).is_statement()
                || tree.kind(n) == Kind::Other
        }) =>
        {
            Some(Root::Statements(many.to_vec()))
        }
        // Members of an object, a class or an argument list cannot be a run of statements.
        _ => None,
    }
}

/// What the innermost open bracket is, as far as a reader can tell without parsing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Bracket {
    /// Statements: the body of a function, `if`, … or the text itself.
    Block,
    ClassBody,
    /// Object, dictionary, composite literal, array initialiser.
    Object,
    /// Parameters of a declaration that need a type (Java), or a `catch`.
    Parameters,
    /// The header of a `for`.
    ForHeader,
    /// Arguments of a Java annotation, which are all named or one value.
    Annotation,
    /// Arguments, conditions, indexes.
    Other,
}

/// Puts placeholders in place of what grammars do not accept.
struct Prepare<'t> {
    lang: Lang,
    text: &'t str,
    out: String,
    open: Vec<Bracket>,
    types: Vec<String>,
    /// The quote of the string that is open.
    quote: Option<char>,
}

impl<'t> Prepare<'t> {
    fn new(lang: Lang, text: &'t str) -> Self {
        Prepare {
            lang,
            text,
            out: String::with_capacity(text.len() * 2),
            open: vec![Bracket::Block],
            types: Vec::new(),
            quote: None,
        }
    }

    fn run(mut self) -> (String, Vec<String>) {
        let bytes = self.text.as_bytes();
        let mut i = 0;
        while i < bytes.len() {
            let rest = &self.text[i..];
            if let Some(name) = rest.strip_prefix("$...").map(metavar_name).filter(|n| !n.is_empty()) {
                self.out.push_str(MV_ELLIPSIS);
                self.out.push_str(name);
                i += 4 + name.len();
            } else if let Some(name) = rest.strip_prefix('$').map(metavar_name).filter(|n| is_metavar(&format!("${n}")))
            {
                if let Some(len) = self.typed_argument(i, name) {
                    i += len;
                    continue;
                }
                if self.is_untyped_parameter(i + 1 + name.len()) {
                    self.out.push_str("$_ ");
                }
                self.out.push_str(if matches!(self.lang, Lang::Python | Lang::Go) { MV } else { "$" });
                self.out.push_str(name);
                i += 1 + name.len();
            } else if rest.starts_with("<...") {
                self.out.push_str(DEEP);
                self.out.push('(');
                self.open.push(Bracket::Other);
                i += 4;
            } else if rest.starts_with("...>") && self.open.len() > 1 {
                self.out.push(')');
                self.open.pop();
                i += 4;
            } else if rest.starts_with("...") {
                self.ellipsis(i);
                i += 3;
            } else if let Some(len) = (rest.starts_with('(') && self.quote.is_none()).then(|| self.typed(i)).flatten() {
                i += len;
            } else {
                let c = rest.chars().next().expect("i is inside the text and on a boundary");
                match c {
                    '"' | '\'' | '`' if self.quote.is_none() => self.quote = Some(c),
                    c if self.quote == Some(c) => self.quote = None,
                    // Only templates go on over the end of a line; an apostrophe in a comment or a text ends with it.
                    '\n' if self.quote.is_some_and(|q| q != '`') => self.quote = None,
                    '\\' if self.quote.is_some() => {
                        self.out.push(c);
                        i += 1;
                        let Some(next) = self.text[i..].chars().next() else { break };
                        self.out.push(next);
                        i += next.len_utf8();
                        continue;
                    }
                    _ if self.quote.is_some() => {}
                    '{' | '(' | '[' => {
                        let bracket = self.classify(c, i);
                        self.open.push(bracket);
                    }
                    '}' | ')' | ']' if self.open.len() > 1 => {
                        self.open.pop();
                    }
                    _ => {}
                }
                self.out.push(c);
                i += c.len_utf8();
            }
        }
        (self.out, self.types)
    }

    /// A parameter of Java that is a metavariable and nothing else, up to `end`: of any type.
    fn is_untyped_parameter(&self, end: usize) -> bool {
        self.lang == Lang::Java
            && self.quote.is_none()
            && self.open.last() == Some(&Bracket::Parameters)
            && self.out.trim_end().ends_with(['(', ','])
            && self.text[end..].trim_start().starts_with([',', ')'])
    }

    fn ellipsis(&mut self, i: usize) {
        if self.quote.is_some() {
            return self.out.push_str(ELLIPSIS);
        }
        let after = &self.text[i + 3..];
        let before = self.out.chars().next_back();
        let next = after.chars().next();
        let script = self.lang.is_script();
        // A spread or rest of the language itself: `...args`, `f(xs...)`, `args ...string`, `String... args`.
        let spreads = match self.lang {
            Lang::JavaScript | Lang::TypeScript | Lang::Tsx => {
                // `function ...(…)`: of any name.
                next.is_some_and(|c| c.is_alphanumeric() || "_$[({".contains(c))
                    && !self.out.trim_end().ends_with("function")
            }
            Lang::Go => {
                next.is_some_and(|c| c.is_alphanumeric() || "_*[$".contains(c)) && before.is_none_or(|c| c != '.')
                    || before.is_some_and(|c| c.is_alphanumeric() || "_)]".contains(c))
            }
            Lang::Java => before.is_some_and(|c| c.is_alphanumeric() || "_]>".contains(c)),
            Lang::Python => false,
        };
        if spreads {
            return self.out.push_str("...");
        }
        let bracket = *self.open.last().expect("the bracket of the text itself is never closed");
        let previous = self.out.trim_end().chars().next_back();
        let fresh =
            previous.is_none_or(|c| "{};:".contains(c)) || self.out.trim_end_matches([' ', '\t']).ends_with('\n');
        // `... = f()`, `..., x = f()`: the ellipsis is an expression, not a statement.
        let next_text = after.trim_start_matches([' ', '\t']);
        let goes_on =
            next_text.starts_with(|c: char| "=,.([)+-*/:<>&|?;".contains(c)) && !next_text.starts_with("<...");
        let starts =
            matches!(bracket, Bracket::Block | Bracket::ClassBody) && fresh && previous != Some('.') && !goes_on;
        let decorated = match (self.lang, bracket) {
            (Lang::Python, Bracket::Object)
                if matches!(previous, Some('{' | ','))
                    && after.trim_start().starts_with([',', '}'])
                    && self.object_has_pairs() =>
            {
                "µELL: µELL"
            }
            (Lang::Java, Bracket::Parameters) => "µELL µELL",
            // An enum begins with its constants.
            (Lang::Java, Bracket::ClassBody)
                if starts && self.text[..i].trim_end().ends_with('{') && self.in_enum() =>
            {
                ELLIPSIS
            }
            (Lang::Java, Bracket::ClassBody) if starts => "µELL µELL;",
            (Lang::Java, Bracket::Annotation)
                if self.annotation_has_names(i) && matches!(previous, Some('(' | ',')) =>
            {
                "µELL = µELL"
            }
            (_, Bracket::Block) if script && previous == Some('=') && self.text.starts_with('<') => "{µELL}",
            (Lang::Java | Lang::Go, Bracket::Block) if starts => "µELL;",
            (_, Bracket::Block | Bracket::ClassBody) if script && starts => "µELL;",
            (Lang::Go, Bracket::ClassBody) if starts => "µELL;",
            (_, Bracket::ForHeader)
                if (script || self.lang == Lang::Java) && previous == Some('(') && next_is(after, ')') =>
            {
                "µELL;;"
            }
            (Lang::Java, Bracket::ForHeader) if previous == Some('(') && next_is(after, ':') => "µELL µELL",
            _ => ELLIPSIS,
        };
        self.out.push_str(decorated);
    }

    /// Is the body that was opened last that of an enum?
    fn in_enum(&self) -> bool {
        let head = self.out.rsplit(['{', '}', ';']).nth(1).unwrap_or("");
        head.split_whitespace().any(|word| word == "enum")
    }

    /// Does the annotation that is open at `i` name its arguments?
    fn annotation_has_names(&self, i: usize) -> bool {
        let end = self.text[i..].find(')').map_or(self.text.len(), |p| i + p);
        let start = self.text[..i].rfind('@').unwrap_or(0);
        self.text[start..end].contains('=')
    }

    /// Does the text write `key: value` pairs? Where it does, an item of a Python brace is one.
    fn object_has_pairs(&self) -> bool {
        self.text.contains(':')
    }

    /// What does the bracket `c` open, judging by what stands before it?
    fn classify(&self, c: char, i: usize) -> Bracket {
        let before = self.out.trim_end();
        let word_start = before
            .rfind(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'))
            .map_or(0, |p| p + before[p..].chars().next().map_or(1, char::len_utf8));
        let word = &before[word_start..];
        let last = before.chars().next_back();
        match c {
            '(' if word == "for" => Bracket::ForHeader,
            '(' if self.lang == Lang::Java && word == "catch" => Bracket::Parameters,
            '(' if self.lang == Lang::Java
                && !word.is_empty()
                && before[..word_start]
                    .trim_end_matches(|c: char| c.is_alphanumeric() || "_.".contains(c))
                    .ends_with('@') =>
            {
                Bracket::Annotation
            }
            '(' if self.lang == Lang::Java && !word.is_empty() => {
                // `name(…) {`: a constructor or a method whose type is left out.
                let after =
                    matching_paren(&self.text[i..]).map(|close| self.text[i + close + 1..].trim_start()).unwrap_or("");
                let keyword = ["if", "while", "switch", "synchronized", "try", "for", "catch"].contains(&word);
                let fresh = before[..word_start].trim_end().is_empty()
                    || before[..word_start].trim_end().ends_with(['{', '}', ';', ')']);
                if fresh && !keyword && (after.starts_with('{') || after.starts_with("throws ")) {
                    return Bracket::Parameters;
                }
                // `Type name(`: a declaration; `new Type(`, `return f(`: not.
                let head = before[..word_start].trim_end();
                let head_word =
                    head.rsplit(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).next().unwrap_or("");
                let spaced = before[..word_start].ends_with(char::is_whitespace);
                let declares = spaced
                    && (head.ends_with([']', '>']) && !head.ends_with("->")
                        || !head_word.is_empty()
                            && !["new", "return", "throw", "else", "case", "assert", "yield", "instanceof"]
                                .contains(&head_word));
                if declares { Bracket::Parameters } else { Bracket::Other }
            }
            '{' if self.lang == Lang::Python => Bracket::Object,
            '{' => {
                let line = before.rsplit(['{', '}', ';', '\n']).next().unwrap_or("");
                let declares_class = line
                    .split_whitespace()
                    .any(|w| matches!(w, "class" | "interface" | "enum" | "struct" | "@interface"));
                // An anonymous class of Java.
                if self.lang == Lang::Java && last == Some(')') && constructor(line) {
                    return Bracket::ClassBody;
                }
                if declares_class && last != Some('=') && last != Some('(') {
                    return if self.lang == Lang::Go && !line.contains("type ") {
                        Bracket::Object
                    } else {
                        Bracket::ClassBody
                    };
                }
                match last {
                    None => {
                        if self.lang.is_script() {
                            Bracket::Object
                        } else {
                            Bracket::Block
                        }
                    }
                    Some(')' | ';' | '{' | '}') => Bracket::Block,
                    Some('>') if before.ends_with("=>") || before.ends_with("->") => Bracket::Block,
                    Some(_) if matches!(word, "else" | "try" | "finally" | "do" | "static" | "select") => {
                        Bracket::Block
                    }
                    Some('$') if self.lang.is_script() => Bracket::Other,
                    // `if x {`, `func f() T {` of Go; `throws E {` of Java; `): T {` of TypeScript.
                    Some(_) if self.lang == Lang::Go => {
                        let header = line.trim_start();
                        let opens = ["if ", "for ", "switch ", "func ", "func(", "else", "case ", "select"]
                            .iter()
                            .any(|k| header.starts_with(k) || header.contains(&format!(" {k}")));
                        if opens { Bracket::Block } else { Bracket::Object }
                    }
                    Some(_) if self.lang == Lang::Java && (line.contains(" throws ") || line.contains(") throws")) => {
                        Bracket::Block
                    }
                    Some(_) if self.lang.is_script() && line.contains("):") => Bracket::Block,
                    Some(_) => Bracket::Object,
                }
            }
            _ => Bracket::Other,
        }
    }

    /// `f($X: T, …)` of Python: a typed metavariable as an argument. Returns the bytes it takes.
    fn typed_argument(&mut self, i: usize, name: &str) -> Option<usize> {
        if self.lang != Lang::Python
            || self.quote.is_some()
            || self.open.last() != Some(&Bracket::Other)
            || self.text.contains("def ")
            || self.text.contains("lambda")
        {
            return None;
        }
        let before = self.out.trim_end();
        let rest = &self.text[i + 1 + name.len()..];
        let ty = rest.trim_start().strip_prefix(':')?;
        let end = ty.find([',', ')'])?;
        let plain = |c: char| c.is_alphanumeric() || "_.[]| ".contains(c);
        if !before.ends_with(['(', ',']) || !ty[..end].chars().all(plain) {
            return None;
        }
        self.out.push_str(&format!("{TYPED}{}_{name}", self.types.len()));
        self.types.push(ty[..end].trim().to_string());
        Some(1 + name.len() + (rest.len() - ty.len()) + end)
    }

    /// A typed metavariable at the `(` at byte `i`: `(T $X)` or `($X : T)`. Returns the bytes it takes.
    fn typed(&mut self, i: usize) -> Option<usize> {
        let close = matching_paren(&self.text[i..])?;
        let inner = self.text[i + 1..i + close].trim();
        let before = self.out.trim_end();
        let word = before.rsplit(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).next().unwrap_or("");
        let keyword = [
            "return", "throw", "case", "await", "yield", "not", "and", "or", "in", "raise", "typeof", "else", "defer",
            "go",
        ]
        .contains(&word);
        let called = before.ends_with(|c: char| c.is_alphanumeric() || "_$)]".contains(c)) && !keyword;
        let after = self.text[i + close + 1..].trim_start();
        let (name, ty) = if let Some((name, ty)) = inner.split_once(':').filter(|(n, _)| is_metavar(n.trim())) {
            (name.trim(), ty.trim())
        } else if self.lang == Lang::Java || self.lang == Lang::Go {
            let (ty, name) = inner.rsplit_once(char::is_whitespace).filter(|(_, n)| is_metavar(n))?;
            (name, ty.trim())
        } else {
            return None;
        };
        let plain = |c: char| c.is_alphanumeric() || "_.<>[]*&|$, ?".contains(c) || c.is_whitespace();
        let operator = ["new", "return", "await", "not", "throw", "in", "instanceof", "typeof"].contains(&ty);
        if called
            || operator
            || ty.is_empty()
            || !ty.chars().all(plain)
            || after.starts_with("=>")
            || after.starts_with("->")
        {
            return None;
        }
        self.out.push_str(&format!("{TYPED}{}_{}", self.types.len(), &name[1..]));
        self.types.push(ty.to_string());
        Some(close + 1)
    }
}

/// Does the text end in `new Name(…)`?
fn constructor(text: &str) -> bool {
    let mut depth = 0usize;
    for (i, c) in text.char_indices().rev() {
        match c {
            ')' => depth += 1,
            '(' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    let name = text[..i].trim_end_matches(|c: char| c.is_alphanumeric() || "_.<>,$[]? ".contains(c));
                    return text[name.len()..i].split_whitespace().any(|word| word == "new");
                }
            }
            _ => {}
        }
    }
    false
}

fn next_is(after: &str, c: char) -> bool {
    after.trim_start_matches([' ', '\t']).starts_with(c)
}

fn metavar_name(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')).unwrap_or(text.len());
    // `$Foo` is a name of the language, not the metavariable `$F`.
    if text[end..].starts_with(|c: char| c.is_alphanumeric()) { "" } else { &text[..end] }
}

fn matching_paren(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (i, c) in text.char_indices().take(400) {
        match c {
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    return Some(i);
                }
            }
            '\n' | '"' | '\'' | ';' | '{' => return None,
            _ => {}
        }
    }
    None
}
