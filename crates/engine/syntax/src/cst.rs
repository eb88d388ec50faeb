//! The concrete tree as a flat arena: one walk over tree-sitter's cursor, then no more foreign calls.

use std::ops::ControlFlow;
use std::time::Duration;

use tree_sitter::{Language, ParseOptions, ParseState, Parser};

use crate::processor_time;
use crate::tree::Span;

/// Deepest nesting that is looked at. Real code stays below 200; generated code below 1,000.
pub const MAX_DEPTH: usize = 1500;

/// A grammar with its names looked up once: asking the C library for each node costs more than the walk.
pub struct Grammar {
    pub language: &'static Language,
    kinds: Vec<&'static str>,
    fields: Vec<&'static str>,
}

impl Grammar {
    pub fn new(language: Language) -> Grammar {
        // One per language and program run; its names must outlive every tree.
        let language: &'static Language = Box::leak(Box::new(language));
        let kinds = (0..language.node_kind_count()).map(|id| language.node_kind_for_id(id as u16).unwrap_or("ERROR"));
        let fields = (0..=language.field_count()).map(|id| language.field_name_for_id(id as u16).unwrap_or(""));
        Grammar { kinds: kinds.collect(), fields: fields.collect(), language }
    }
}

#[derive(Clone, Copy, Debug)]
pub struct CstNode {
    kind: u16,
    field: u16,
    pub span: Span,
    named: bool,
    error: bool,
    first_child: u32,
    next: u32,
}

const NONE: u32 = u32::MAX;

/// A concrete node; cheap to copy.
#[derive(Clone, Copy)]
pub struct Cst<'a> {
    arena: &'a CstArena,
    index: u32,
}

pub struct CstArena {
    grammar: &'static Grammar,
    nodes: Vec<CstNode>,
    pub errors: Vec<Span>,
    pub too_deep: Option<Span>,
}

/// Why a text has no tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParseFailure {
    /// The parser passed its time limit.
    Timeout,
    /// The text is too large for 32-bit offsets.
    TooLarge,
}

impl std::fmt::Display for ParseFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            ParseFailure::Timeout => "parsing took too long",
            ParseFailure::TooLarge => "file too large to parse",
        })
    }
}

impl std::error::Error for ParseFailure {}

/// Parses `src` and flattens the result.
pub fn parse(
    parser: &mut Parser,
    grammar: &'static Grammar,
    src: &str,
    limit: Duration,
) -> Result<CstArena, ParseFailure> {
    if src.len() >= u32::MAX as usize / 2 {
        return Err(ParseFailure::TooLarge);
    }
    parser.set_language(grammar.language).expect("grammar versions are pinned to the parser's");
    let start = processor_time();
    let mut progress = |_: &ParseState| {
        if processor_time().saturating_sub(start) > limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let bytes = src.as_bytes();
    let tree = parser.parse_with_options(
        &mut |offset, _| bytes.get(offset..).unwrap_or(&[]),
        None,
        Some(ParseOptions::new().progress_callback(&mut progress)),
    );
    let Some(tree) = tree else {
        parser.reset();
        return Err(ParseFailure::Timeout);
    };
    Ok(flatten(&tree, grammar))
}

fn flatten(tree: &tree_sitter::Tree, grammar: &'static Grammar) -> CstArena {
    let mut nodes: Vec<CstNode> = Vec::new();
    let mut errors = Vec::new();
    let mut too_deep = None;
    let mut cursor = tree.walk();
    // Last child seen at each open level, so that siblings can be linked.
    let mut last: Vec<u32> = vec![NONE];
    let mut parents: Vec<u32> = Vec::new();
    loop {
        let node = cursor.node();
        let index = nodes.len() as u32;
        let span = Span::new(node.start_byte(), node.end_byte());
        let error = node.is_error() || node.is_missing();
        nodes.push(CstNode {
            kind: node.kind_id(),
            field: cursor.field_id().map_or(0, |f| f.get()),
            span,
            named: node.is_named(),
            error,
            first_child: NONE,
            next: NONE,
        });
        if error {
            errors.push(span);
        }
        let level = last.last_mut().expect("a level is open while nodes are visited");
        if *level != NONE {
            nodes[*level as usize].next = index;
        } else if let Some(&parent) = parents.last() {
            nodes[parent as usize].first_child = index;
        }
        *level = index;
        if parents.len() >= MAX_DEPTH {
            if node.child_count() > 0 && too_deep.is_none() {
                too_deep = Some(span);
            }
        } else if cursor.goto_first_child() {
            parents.push(index);
            last.push(NONE);
            continue;
        }
        loop {
            if cursor.goto_next_sibling() {
                break;
            }
            if !cursor.goto_parent() {
                return CstArena { grammar, nodes, errors, too_deep };
            }
            parents.pop();
            last.pop();
        }
    }
}

impl CstArena {
    pub fn root(&self) -> Cst<'_> {
        Cst { arena: self, index: 0 }
    }
}

impl<'a> Cst<'a> {
    fn raw(self) -> &'a CstNode {
        &self.arena.nodes[self.index as usize]
    }

    /// The grammar's name of this node.
    pub fn kind(self) -> &'static str {
        self.arena.grammar.kinds.get(self.raw().kind as usize).copied().unwrap_or("ERROR")
    }

    pub fn span(self) -> Span {
        self.raw().span
    }

    pub fn is_named(self) -> bool {
        self.raw().named
    }

    /// An erroneous or missing node.
    pub fn is_error(self) -> bool {
        self.raw().error
    }

    /// The grammar's field of this node in its parent.
    pub fn field(self) -> Option<&'a str> {
        Some(self.arena.grammar.fields[self.raw().field as usize]).filter(|f| !f.is_empty())
    }

    /// All children, punctuation and comments included.
    pub fn children(self) -> Children<'a> {
        Children { arena: self.arena, next: self.raw().first_child }
    }

    /// Children with a name of their own, comments left out.
    pub fn named(self) -> impl Iterator<Item = Cst<'a>> {
        self.children().filter(|c| c.is_named() && !c.is_comment())
    }

    pub fn is_comment(self) -> bool {
        matches!(self.kind(), "comment" | "line_comment" | "block_comment" | "html_comment")
    }

    /// First child in the field `name`.
    pub fn get(self, name: &str) -> Option<Cst<'a>> {
        self.children().find(|c| c.field() == Some(name))
    }

    /// All children in the field `name`.
    pub fn all(self, name: &'static str) -> impl Iterator<Item = Cst<'a>> {
        self.children().filter(move |c| c.field() == Some(name))
    }

    /// First child whose grammar kind is `kind`.
    pub fn child_of_kind(self, kind: &str) -> Option<Cst<'a>> {
        self.children().find(|c| c.kind() == kind)
    }

    /// Is there a child token or node of this kind (`"async"`, `"*"`)?
    pub fn has(self, kind: &str) -> bool {
        self.child_of_kind(kind).is_some()
    }
}

#[derive(Clone)]
pub struct Children<'a> {
    arena: &'a CstArena,
    next: u32,
}

impl<'a> Iterator for Children<'a> {
    type Item = Cst<'a>;
    fn next(&mut self) -> Option<Cst<'a>> {
        if self.next == NONE {
            return None;
        }
        let cst = Cst { arena: self.arena, index: self.next };
        self.next = cst.raw().next;
        Some(cst)
    }
}
