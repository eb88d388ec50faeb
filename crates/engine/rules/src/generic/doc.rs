//! A text as the generic matcher sees it: words, signs and blocks.
//!
//! Blocks come from indentation and from brackets that close on their own line. They lie flat in one list of items,
//! each opening one knowing where it closes, so nothing here or in the matcher recurses with the depth of a text.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

/// What a token is: its byte for a sign, and a number from [`FIRST_WORD`] for a word or a character beyond ASCII.
pub(super) type Symbol = u32;

pub(super) const FIRST_WORD: Symbol = 256;

#[derive(Clone, Copy, Debug)]
pub(super) enum Item {
    Token(Token),
    /// A block begins; it ends at the item with this index.
    Open {
        close: u32,
    },
    Close,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub symbol: Symbol,
    pub start: u32,
    pub end: u32,
    pub line: u32,
}

/// A style of comments that count as white space.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Comments {
    /// `/* … */`
    C,
    /// `/* … */` and `// …`
    Cpp,
    /// `# …`
    Shell,
}

impl Comments {
    /// By the names that the option `generic_comment_style` has.
    pub fn by_name(name: &str) -> Option<Comments> {
        Some(match name {
            "c" => Comments::C,
            "cpp" => Comments::Cpp,
            "shell" => Comments::Shell,
            _ => return None,
        })
    }
}

/// A prepared text; one serves all patterns.
pub struct GenericDoc<'t> {
    pub(super) text: Cow<'t, str>,
    /// Ends with the `Close` of the whole text.
    pub(super) items: Vec<Item>,
    words: FxHashMap<Box<str>, Symbol>,
    /// Where each symbol stands in `items`.
    places: Vec<Vec<u32>>,
}

impl<'t> GenericDoc<'t> {
    /// Texts beyond four gigabytes are cut off.
    pub fn new(text: &'t str, comments: Option<Comments>) -> GenericDoc<'t> {
        let text = &text[..text.floor_char_boundary(u32::MAX as usize - 1)];
        let text = match comments {
            Some(comments) => Cow::Owned(without_comments(text, comments)),
            None => Cow::Borrowed(text),
        };
        let mut builder = Builder { items: Vec::new(), words: FxHashMap::default(), indents: vec![(0, u32::MAX)] };
        builder.read(&text);
        let Builder { items, words, .. } = builder;
        let mut places = vec![Vec::new(); FIRST_WORD as usize + words.len()];
        for (i, item) in items.iter().enumerate() {
            if let Item::Token(token) = item {
                places[token.symbol as usize].push(i as u32);
            }
        }
        GenericDoc { text, items, words, places }
    }

    /// The symbol of a word that stands in the text.
    pub(super) fn word(&self, word: &str) -> Option<Symbol> {
        self.words.get(word).copied()
    }

    pub(super) fn places(&self, symbol: Symbol) -> &[u32] {
        self.places.get(symbol as usize).map_or(&[], Vec::as_slice)
    }
}

struct Builder {
    items: Vec<Item>,
    words: FxHashMap<Box<str>, Symbol>,
    /// Open blocks of lines: their indentation, and the item that opens them.
    indents: Vec<(usize, u32)>,
}

impl Builder {
    fn read(&mut self, text: &str) {
        let mut offset = 0;
        for (number, line) in text.split_inclusive('\n').enumerate() {
            self.line(line, offset, number as u32);
            offset += line.len();
        }
        while let Some((_, open)) = self.indents.pop() {
            self.close(open);
        }
    }

    fn line(&mut self, line: &str, offset: usize, number: u32) {
        let body = line.strip_suffix('\n').map_or(line, |l| l.strip_suffix('\r').unwrap_or(l));
        let content = body.trim_start_matches([' ', '\t']);
        if content.is_empty() {
            return;
        }
        let indent = indent(&body[..body.len() - content.len()]);
        while let Some(&(top, open)) = self.indents.last()
            && indent < top
        {
            self.indents.pop();
            self.close(open);
        }
        if self.indents.last().is_some_and(|(top, _)| indent > *top) {
            self.indents.push((indent, self.items.len() as u32));
            self.items.push(Item::Open { close: 0 });
        }
        self.tokens(content, offset + body.len() - content.len(), number);
    }

    /// Tokens of a line. A bracket pairs with the next one that fits, past those that pair with none; what stands
    /// between is a block.
    fn tokens(&mut self, content: &str, offset: usize, line: u32) {
        let mut open: Vec<(u8, usize)> = Vec::new();
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        let first = self.items.len();
        for (start, end) in lexemes(content) {
            let text = &content[start..end];
            let byte = content.as_bytes()[start];
            let at = self.items.len() - first;
            match byte {
                b'(' | b'[' | b'{' => open.push((byte, at)),
                b')' | b']' | b'}' => {
                    let opening = match byte {
                        b')' => b'(',
                        b']' => b'[',
                        _ => b'{',
                    };
                    while let Some((kind, begin)) = open.pop() {
                        if kind == opening {
                            pairs.push((begin, at));
                            break;
                        }
                    }
                }
                _ => {}
            }
            let symbol = if is_word_byte(byte) || !byte.is_ascii() { self.intern(text) } else { Symbol::from(byte) };
            let (start, end) = ((offset + start) as u32, (offset + end) as u32);
            self.items.push(Item::Token(Token { symbol, start, end, line }));
        }
        self.insert_blocks(first, &mut pairs);
    }

    /// Puts the marks of blocks between the tokens from `first` on.
    fn insert_blocks(&mut self, first: usize, pairs: &mut Vec<(usize, usize)>) {
        pairs.retain(|(begin, end)| end - begin > 1);
        if pairs.is_empty() {
            return;
        }
        let tokens = self.items.split_off(first);
        let mut begins: Vec<usize> = pairs.iter().map(|p| p.0).collect();
        let mut ends: Vec<usize> = pairs.iter().map(|p| p.1).collect();
        begins.sort_unstable();
        ends.sort_unstable();
        let (mut next_begin, mut next_end) = (0, 0);
        let mut opened = Vec::new();
        for (at, token) in tokens.into_iter().enumerate() {
            if ends.get(next_end) == Some(&at) {
                next_end += 1;
                if let Some(open) = opened.pop() {
                    self.close(open);
                }
            }
            self.items.push(token);
            if begins.get(next_begin) == Some(&at) {
                next_begin += 1;
                opened.push(self.items.len() as u32);
                self.items.push(Item::Open { close: 0 });
            }
        }
    }

    fn close(&mut self, open: u32) {
        let close = self.items.len() as u32;
        if let Some(item) = self.items.get_mut(open as usize) {
            *item = Item::Open { close };
        }
        self.items.push(Item::Close);
    }

    fn intern(&mut self, word: &str) -> Symbol {
        if let Some(symbol) = self.words.get(word) {
            return *symbol;
        }
        let symbol = FIRST_WORD + self.words.len() as u32;
        self.words.insert(word.into(), symbol);
        symbol
    }
}

pub(super) fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// How far a line is indented; a tab counts eight.
pub(super) fn indent(space: &str) -> usize {
    space.bytes().map(|b| if b == b'\t' { 8 } else { 1 }).sum()
}

/// Byte ranges of words, and of all other characters but blanks one by one.
fn lexemes(content: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    let bytes = content.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while matches!(bytes.get(at), Some(b' ' | b'\t')) {
            at += 1;
        }
        let start = at;
        let first = *bytes.get(at)?;
        at += 1;
        if is_word_byte(first) {
            while bytes.get(at).is_some_and(|b| is_word_byte(*b)) {
                at += 1;
            }
        } else if !first.is_ascii() {
            while at < bytes.len() && !content.is_char_boundary(at) {
                at += 1;
            }
        }
        Some((start, at))
    })
}

/// The text with blanks in place of comments, so that all offsets stay.
fn without_comments(text: &str, comments: Comments) -> String {
    let mut text = text.to_string();
    if comments != Comments::C {
        let start = if comments == Comments::Cpp { "//" } else { "#" };
        text = blanked(&text, start, "\n");
    }
    if comments == Comments::Shell { text } else { blanked(&text, "/*", "*/") }
}

/// Blanks out what stands from `start` to `end`; a line's comment may also end with the text.
fn blanked(text: &str, start: &str, end: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(begin) = rest.find(start) {
        let after = begin + start.len();
        let stop = match rest[after..].find(end) {
            Some(length) => after + length + end.len(),
            None if end == "\n" => rest.len(),
            None => break,
        };
        out.push_str(&rest[..begin]);
        for byte in rest[begin..stop].bytes() {
            out.push(if matches!(byte, b'\n' | b'\r') { byte as char } else { ' ' });
        }
        rest = &rest[stop..];
    }
    out.push_str(rest);
    out
}
