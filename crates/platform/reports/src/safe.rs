//! Text of others, made fit to be shown.

use serde_json::Value;

/// Characters of one line of code: more than fits on paper twice over.
const LINE: usize = 240;
/// Characters of any text.
const TEXT: usize = 16_000;
#[cfg(feature = "pdf")]
/// An unbroken run of characters that paper takes without running over its edge.
const RUN: usize = 24;

/// Text whose every line is short enough and hides nothing.
pub fn shown(text: &str) -> String {
    let cut: String = text.chars().take(TEXT).collect();
    rampart_report::visible::block(&cut)
}

/// A line of code.
pub fn line(text: &str) -> String {
    let tabbed = text.trim_end().replace('\t', "    ");
    let mut cut: String = tabbed.chars().take(LINE).collect();
    if tabbed.chars().nth(LINE).is_some() {
        cut.push('…');
    }
    rampart_report::visible::one_line(&cut)
}

/// Addresses that lead to the web, and nowhere else.
pub fn is_web(address: &str) -> bool {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
    })
}

/// All texts of a document, each through `change`.
pub fn each(value: &mut Value, change: &impl Fn(&str) -> String) {
    match value {
        Value::String(text) => *text = change(text),
        Value::Array(items) => items.iter_mut().for_each(|item| each(item, change)),
        Value::Object(fields) => fields.values_mut().for_each(|field| each(field, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(feature = "pdf")]
/// With places to break in what has none: a line on paper does not scroll.
pub fn breakable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = 0;
    for c in text.chars() {
        out.push(c);
        run = if c.is_whitespace() { 0 } else { run + 1 };
        if run >= RUN || (run > 0 && matches!(c, '/' | '\\')) {
            out.push('\u{200b}');
            run = 0;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_or_reorders_text_is_spelled_out() {
        assert_eq!(shown("a\u{202e}b\u{1b}[2J"), "a\\u{202e}b\\x1b[2J");
        assert_eq!(line("\tx = 1;   "), "    x = 1;");
        assert_eq!(line(&"y".repeat(300)).chars().count(), LINE + 1);
    }

    #[test]
    #[cfg(feature = "pdf")]
    fn long_words_have_places_to_break() {
        assert_eq!(breakable(&"z".repeat(50)).matches('\u{200b}').count(), 2);
        assert_eq!(breakable("a/b c"), "a/\u{200b}b c");
    }

    #[test]
    fn only_addresses_of_the_web_are_followed() {
        assert!(is_web("https://cwe.mitre.org/data/definitions/89.html"));
        for bad in
            ["javascript:alert(1)", "file:///etc/passwd", "https://", "https://a b", "https://a\"b", " https://a"]
        {
            assert!(!is_web(bad), "{bad}");
        }
    }
}
