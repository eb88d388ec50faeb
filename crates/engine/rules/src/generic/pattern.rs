//! Patterns of the generic matcher, before and after a text is known.

use super::doc::{GenericDoc, Symbol, indent, is_word_byte};

/// Longer patterns are refused.
const MAX_NODES: usize = 10_000;

/// How many ellipses a pattern has; the matcher recurses with them.
const MAX_DOTS: usize = 300;

/// How deep blocks of a pattern nest; the matcher recurses with them.
const MAX_DEPTH: usize = 50;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node<W> {
    /// A word or a sign.
    Atom(W),
    /// `$X`; the number of its name.
    Metavariable(u16),
    /// `...`, or `$...X` with the number of its name.
    Dots(Option<u16>),
    /// Indented lines.
    Block(Vec<Node<W>>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Atom {
    Word(String),
    Byte(u8),
}

#[derive(Debug)]
pub(super) struct Parsed {
    pub nodes: Vec<Node<Atom>>,
    /// Names of metavariables, as `$X` and `$...X`.
    pub names: Vec<String>,
}

pub(super) fn parse(text: &str) -> Result<Parsed, String> {
    let mut names = Vec::new();
    // Open blocks with their indentation.
    let mut open: Vec<(usize, Vec<Node<Atom>>)> = vec![(0, Vec::new())];
    let (mut count, mut dots) = (0, 0);
    for line in text.lines() {
        let content = line.trim_start_matches([' ', '\t']);
        let nodes = nodes_of(content, &mut names)?;
        count += nodes.len();
        if nodes.is_empty() {
            continue;
        }
        dots += nodes.iter().filter(|n| matches!(n, Node::Dots(_))).count();
        if dots > MAX_DOTS {
            return Err(format!("the pattern has more than {MAX_DOTS} ellipses"));
        }
        if count > MAX_NODES {
            return Err(format!("the pattern has more than {MAX_NODES} words and signs"));
        }
        let indent = indent(&line[..line.len() - content.len()]);
        while open.last().is_some_and(|(top, _)| indent < *top) {
            close(&mut open);
        }
        if open.last().is_some_and(|(top, _)| indent > *top) {
            open.push((indent, Vec::new()));
        }
        if open.len() > MAX_DEPTH {
            return Err(format!("the pattern's lines nest deeper than {MAX_DEPTH} levels"));
        }
        if let Some((_, block)) = open.last_mut() {
            block.extend(nodes);
        }
    }
    while open.len() > 1 {
        close(&mut open);
    }
    let nodes = open.pop().map(|(_, nodes)| nodes).unwrap_or_default();
    if nodes.is_empty() {
        return Err("the pattern is empty".to_string());
    }
    check(&nodes, &names)?;
    Ok(Parsed { nodes, names })
}

fn close(open: &mut Vec<(usize, Vec<Node<Atom>>)>) {
    if let Some((_, block)) = open.pop()
        && let Some((_, outer)) = open.last_mut()
    {
        outer.push(Node::Block(block));
    }
}

/// Where an ellipsis ends is open if one with a name follows it.
fn check(nodes: &[Node<Atom>], names: &[String]) -> Result<(), String> {
    for pair in nodes.windows(2) {
        if let [Node::Dots(first), Node::Dots(Some(second))] = pair {
            let first = first.map_or("...", |n| &*names[usize::from(n)]);
            return Err(format!("`{first} {}`: nothing says where the one ends", names[usize::from(*second)]));
        }
    }
    nodes.iter().try_for_each(|n| if let Node::Block(block) = n { check(block, names) } else { Ok(()) })
}

fn nodes_of(mut rest: &str, names: &mut Vec<String>) -> Result<Vec<Node<Atom>>, String> {
    let mut nodes = Vec::new();
    while let Some(&first) = rest.as_bytes().first() {
        let word = |s: &str| s.bytes().take_while(|b| is_word_byte(*b)).count();
        let mut length = 1;
        if matches!(first, b' ' | b'\t' | b'\r') {
            // Blanks separate.
        } else if is_word_byte(first) {
            length = word(rest);
            nodes.push(Node::Atom(Atom::Word(rest[..length].to_string())));
        } else if first == b'.' {
            length = rest.bytes().take_while(|b| *b == b'.').count();
            if length == 3 {
                nodes.push(Node::Dots(None));
            } else {
                nodes.extend((0..length).map(|_| Node::Atom(Atom::Byte(b'.'))));
            }
        } else if let Some(dots) = metavariable(rest) {
            length = 1 + dots + word(&rest[1 + dots..]);
            let name = &rest[..length];
            let number = names.iter().position(|n| n == name).unwrap_or_else(|| {
                names.push(name.to_string());
                names.len() - 1
            });
            let number = u16::try_from(number).map_err(|_| "the pattern has too many metavariables".to_string())?;
            nodes.push(if dots > 0 { Node::Dots(Some(number)) } else { Node::Metavariable(number) });
        } else {
            length = rest.chars().next().map_or(1, char::len_utf8);
            nodes.push(Node::Atom(if first.is_ascii() {
                Atom::Byte(first)
            } else {
                Atom::Word(rest[..length].to_string())
            }));
        }
        rest = &rest[length..];
    }
    Ok(nodes)
}

/// Whether a metavariable begins here, and how many dots it has.
fn metavariable(rest: &str) -> Option<usize> {
    let name = rest.strip_prefix('$')?;
    let dots = if name.starts_with("...") { 3 } else { 0 };
    name[dots..].starts_with(|c: char| c.is_ascii_uppercase()).then_some(dots)
}

/// The pattern in the symbols of a text, or `None` if it has a word or sign that the text lacks.
pub(super) fn resolve(nodes: &[Node<Atom>], doc: &GenericDoc) -> Option<Vec<Node<Symbol>>> {
    nodes
        .iter()
        .map(|node| {
            Some(match node {
                Node::Atom(Atom::Word(word)) => Node::Atom(doc.word(word)?),
                Node::Atom(Atom::Byte(byte)) => {
                    let symbol = Symbol::from(*byte);
                    Node::Atom((!doc.places(symbol).is_empty()).then_some(symbol)?)
                }
                Node::Metavariable(name) => Node::Metavariable(*name),
                Node::Dots(name) => Node::Dots(*name),
                Node::Block(block) => Node::Block(resolve(block, doc)?),
            })
        })
        .collect()
}
