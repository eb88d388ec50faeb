//! Text of others in the Markdown of forges: shown as it is, and nothing more. It mentions nobody, links nowhere and draws nothing.

/// Characters of one text.
const LONGEST: usize = 600;

/// Words.
pub fn text(words: &str) -> String {
    let one_line: String = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut: String = one_line.chars().take(LONGEST).collect();
    let shown = rampart_report::visible::one_line(&cut);
    let mut out = String::with_capacity(shown.len() + 16);
    for c in shown.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // With a character of no width behind it, it calls nobody and refers to nothing.
            '@' | '#' => out.extend([c, '\u{200b}']),
            ':' => out.push_str("&#58;"),
            c if c.is_ascii_punctuation() && !matches!(c, '.' | ',' | ';' | '\'' | '"' | '/' | '?' | '%' | '=') => {
                out.extend(['\\', c]);
            }
            c => out.push(c),
        }
    }
    out
}

/// A piece of code within a line, also of a table.
pub fn code(code: &str) -> String {
    let cut: String = code.chars().take(LONGEST).collect();
    let shown = rampart_report::visible::one_line(&cut).replace('|', "\\|");
    let fence = "`".repeat(longest_run(&shown) + 1);
    // A space keeps a fence and a backtick of the code apart; forges take it away again.
    let pad = if shown.starts_with('`') || shown.ends_with('`') || shown.is_empty() { " " } else { "" };
    format!("{fence}{pad}{shown}{pad}{fence}")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_others_are_words() {
        assert_eq!(text("a *b* [c](https://x) <img>"), "a \\*b\\* \\[c\\]\\(https&#58;//x\\) &lt;img&gt;");
        assert_eq!(text("@all see #12\n\n# head"), "@\u{200b}all see #\u{200b}12 #\u{200b} head");
        assert_eq!(text("`x` | y --- \u{202e}z"), "\\`x\\` \\| y \\-\\-\\- \\\\u\\{202e\\}z");
        assert_eq!(text(&"x".repeat(5_000)).len(), LONGEST);
    }

    #[test]
    fn code_cannot_leave_its_fence() {
        assert_eq!(code("a.py"), "`a.py`");
        assert_eq!(code("a``b`"), "``` a``b` ```");
        assert_eq!(code("x|y"), "`x\\|y`");
    }
}
