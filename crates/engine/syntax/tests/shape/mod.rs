//! Trees on one line, for tests.

/// `Call(Ident "f", Args)` from the indented lines of a dump. An absent slot is `-`; of a root `Block`, one line for each child.
pub fn shape(dump: &str) -> String {
    let mut out = String::new();
    let mut open = 0;
    for line in dump.lines().skip(1) {
        let name = line.trim_start();
        let depth = (line.len() - name.len()) / 2;
        if depth > open {
            out.push('(');
        } else if !out.is_empty() {
            out.extend(std::iter::repeat_n(')', open - depth));
            out.push_str(if depth == 1 { "\n" } else { ", " });
        }
        out.push_str(if name == "Nil" { "-" } else { name });
        open = depth;
    }
    out.extend(std::iter::repeat_n(')', open.saturating_sub(1)));
    out.strip_prefix('(').unwrap_or(&out).to_owned()
}
