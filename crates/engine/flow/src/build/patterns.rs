//! Regular expressions that checks are made with: which of them let only harmless characters through.

/// Does `pattern` describe a whole text (by itself, or because it is matched with the `whole` of it) of letters, digits, `_` and `-`
/// only? What is not understood is not harmless.
pub(super) fn is_narrow(pattern: &str, whole: bool) -> bool {
    // Escapes may still be written as in a string of the program.
    let pattern = pattern.replace("\\\\", "\\");
    let anchored = pattern.strip_prefix('^').or_else(|| pattern.strip_prefix("\\A"));
    let body = match anchored {
        Some(body) => body,
        None if whole => pattern.as_str(),
        None => return false,
    };
    let end = ["$", "\\z", "\\Z"].iter().find_map(|end| body.strip_suffix(end));
    let body = match end {
        Some(body) => body,
        None if whole => body,
        None => return false,
    };
    // `^a|b$` is anchored at one side only.
    let mut depth = 0i32;
    let mut chars = body.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                if !matches!(chars.next(), Some('d' | 'w' | '-' | '_')) {
                    return false;
                }
            }
            '[' => {
                if !is_narrow_class(&mut chars) {
                    return false;
                }
            }
            '{' => {
                if !chars.by_ref().take_while(|&c| c != '}').all(|c| c.is_ascii_digit() || c == ',') {
                    return false;
                }
            }
            '(' => {
                depth += 1;
                if chars.as_str().starts_with('?') && !chars.as_str().starts_with("?:") {
                    return false;
                }
            }
            ')' => depth -= 1,
            '|' if depth == 0 && !whole => return false,
            '|' | '+' | '*' | '?' | ':' | '_' | '-' => {}
            c if c.is_ascii_alphanumeric() => {}
            _ => return false,
        }
    }
    true
}

/// The rest of a class after `[`, taken from `chars`.
fn is_narrow_class(chars: &mut std::str::Chars) -> bool {
    let mut first = true;
    while let Some(c) = chars.next() {
        match c {
            ']' => return !first,
            '\\' => {
                if !matches!(chars.next(), Some('d' | 'w' | '-' | '_')) {
                    return false;
                }
            }
            // From one letter or digit to another: `+-z` would let most signs through.
            '-' | '_' => {}
            c if c.is_ascii_alphanumeric() => {
                let mut rest = chars.as_str().chars();
                if rest.next() == Some('-') {
                    let same = |a: char, b: char| {
                        a.is_ascii_digit() && b.is_ascii_digit()
                            || a.is_ascii_lowercase() && b.is_ascii_lowercase()
                            || a.is_ascii_uppercase() && b.is_ascii_uppercase()
                    };
                    if rest.next().is_some_and(|to| to != ']' && !same(c, to)) {
                        return false;
                    }
                }
            }
            _ => return false,
        }
        first = false;
    }
    false
}
