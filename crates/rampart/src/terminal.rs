//! What the terminal can do, and progress on it.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Fewer files are done before a bar could be read.
const FEW_FILES: usize = 100;

/// Whether standard output shows colours. `CLICOLOR_FORCE` turns them on, `--no-color`, `NO_COLOR` and `CLICOLOR=0` off, in this order
/// of weight: option, `NO_COLOR`, force, `CLICOLOR`, terminal.
pub fn color(off: bool, to_file: bool) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is = |name: &str, value: &str| std::env::var_os(name).is_some_and(|v| v == value);
    if off || set("NO_COLOR") || to_file {
        return false;
    }
    if set("CLICOLOR_FORCE") && !is("CLICOLOR_FORCE", "0") {
        return true;
    }
    std::io::stdout().is_terminal() && !is("CLICOLOR", "0") && !is("TERM", "dumb")
}

/// Columns of the terminal, or what suits a file.
pub fn width() -> usize {
    terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0))
}

/// Whether box characters can be shown.
pub fn unicode() -> bool {
    let locale =
        ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    // Without a word on it, everything of today can.
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8") || !(locale == "c" || locale == "posix")
    })
}

/// A bar on standard error, when that is a terminal.
pub fn progress(files: usize, quiet: bool) -> ProgressBar {
    if quiet || files < FEW_FILES || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("  Scanning {bar:30} {human_pos} of {human_len} files {elapsed:.dim}");
    let bar = ProgressBar::with_draw_target(Some(files as u64), ProgressDrawTarget::stderr_with_hz(10));
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("━╸─"))
}
