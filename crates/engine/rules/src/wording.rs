//! Messages, fixes and identities of matches: templates filled in, texts cut and told apart.

use std::collections::BTreeMap;

use rampart_syntax::{Lang, Span};

use crate::regex::Regex;

/// The template of a fix without the commas beside a `$...X` that stands for nothing.
pub fn without_empty(template: &str, bindings: &BTreeMap<&str, (Span, String)>) -> String {
    let empty = bindings.iter().filter(|(name, (_, text))| name.starts_with("$...") && text.is_empty());
    empty.fold(template.to_string(), |template, (name, _)| {
        template.replace(&format!("{name}, "), "").replace(&format!(", {name}"), "")
    })
}

/// A replacement of several lines takes over the indentation of the line it goes to.
pub fn indented(replacement: &str, text: &str, at: usize) -> String {
    if !replacement.contains('\n') {
        return replacement.to_string();
    }
    let line = text[..at].rfind('\n').map_or(0, |p| p + 1);
    let margin: String = text[line..at].chars().take_while(|c| c.is_whitespace()).collect();
    let lines: Vec<String> = replacement
        .lines()
        .enumerate()
        .map(|(i, l)| if i == 0 || l.is_empty() { l.to_string() } else { format!("{margin}{l}") })
        .collect();
    lines.join("\n")
}

/// Longest text of one metavariable in a message, in bytes.
pub const MAX_INTERPOLATED: usize = 1_000;

/// Longest text of a metavariable that is kept, in bytes: a binding may span a file, and thousands may do so in one file.
pub const MAX_BOUND: usize = 4_096;

/// Longest fix, in bytes. Nobody reads a longer one, and it would be kept for every match.
pub const MAX_FIX: usize = 16_384;

/// How much of a match gives it its identity, in bytes: what lies behind hardly ever tells two matches of one rule apart.
pub const MAX_TOKENS: usize = 4_096;

pub fn cut(text: &str, limit: usize) -> &str {
    &text[..text.floor_char_boundary(limit)]
}

/// `$X` and `value($X)` in a message or fix; texts of metavariables are cut to `limit` bytes.
pub fn interpolate(
    template: &str,
    bindings: &BTreeMap<&str, (Span, String)>,
    limit: usize,
    constant: &dyn Fn(&str) -> Option<String>,
) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find('$') {
        let after = &rest[at + 1..];
        let dots = if after.starts_with("...") { 3 } else { 0 };
        let len = after[dots..].bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        // The longest name that is bound: `$Xs` is `$X` and an s.
        let name = (1..=len).rev().map(|n| &rest[at..=at + dots + n]).find(|name| bindings.contains_key(name));
        match name {
            Some(name) => {
                let text = &bindings[name].1;
                let before = &rest[..at];
                let end = at + name.len();
                if let Some(head) = before.strip_suffix("value(")
                    && rest[end..].starts_with(')')
                {
                    out.push_str(head);
                    push_cut(&mut out, constant(name).as_deref().unwrap_or(text), limit);
                    rest = &rest[end + 1..];
                } else {
                    out.push_str(before);
                    push_cut(&mut out, text, limit);
                    rest = &rest[end..];
                }
            }
            None => {
                out.push_str(&rest[..=at]);
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// `fix-regex`: replaces up to `count` matches; `\\1` and `$1` in the replacement are groups.
pub fn replace(regex: &Regex, text: &str, replacement: &str, count: Option<u32>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    let limit = count.map_or(usize::MAX, |n| n as usize);
    for found in regex.find_iter(text).take(limit).map_while(Result::ok) {
        out.push_str(&text[from..found.start().max(from)]);
        let mut chars = replacement.chars().peekable();
        while let Some(c) = chars.next() {
            let digit = chars.peek().and_then(|d| d.to_digit(10)).filter(|_| c == '\\' || c == '$');
            match digit {
                Some(n) => {
                    chars.next();
                    out.push_str(found.group(n as usize).map_or("", |(a, b)| &text[a..b]));
                }
                None if c == '\\' => match chars.next() {
                    Some('n') => out.push('\n'),
                    Some('t') => out.push('\t'),
                    Some(other) => out.push(other),
                    None => out.push('\\'),
                },
                None => out.push(c),
            }
        }
        from = found.end();
    }
    out.push_str(&text[from..]);
    out
}

fn push_cut(out: &mut String, text: &str, limit: usize) {
    let short = cut(text, limit);
    out.push_str(short);
    if short.len() < text.len() {
        out.push('…');
    }
}

/// The text without comments and white space, quotes made one kind: what must not change an identity.
pub fn tokens(text: &str, lang: Option<Lang>) -> String {
    let comment = lang.map_or("", Lang::line_comment);
    let mut out = String::with_capacity(text.len());
    let mut quote: Option<char> = None;
    let mut chars = text.char_indices();
    while let Some((i, c)) = chars.next() {
        match quote {
            Some(open) => {
                out.push(if c == open { '"' } else { c });
                if c == '\\' {
                    out.extend(chars.next().map(|(_, c)| c));
                } else if c == open {
                    quote = None;
                }
            }
            None if !comment.is_empty() && text[i..].starts_with(comment) => {
                for (_, c) in chars.by_ref() {
                    if c == '\n' {
                        break;
                    }
                }
            }
            None if c.is_whitespace() => {
                // White space only matters between two words.
                let next = text[i..].chars().nth(1).filter(|next| !next.is_whitespace());
                if out.ends_with(|c: char| c.is_alphanumeric() || c == '_')
                    && next.is_some_and(|c| c.is_alphanumeric() || c == '_')
                    && !out.ends_with(' ')
                {
                    out.push(' ');
                }
            }
            None => {
                if matches!(c, '"' | '\'' | '`') {
                    quote = Some(c);
                    out.push('"');
                } else {
                    out.push(c);
                }
            }
        }
    }
    out
}
