//! What people do to code.

use std::collections::BTreeSet;

use rampart_report::model::Finding;
use rampart_scan::RuleFile;

/// A file after a change: the files it has become, and where its lines are.
pub struct Changed {
    /// The first is what git takes for the file itself.
    pub files: Vec<(String, String)>,
    /// By old line, from 1: the new file and line, or several if nobody can tell which; none when it is gone.
    lines: Vec<Vec<(usize, u32)>>,
    pub renames_rules: bool,
    pub has_history: bool,
}

impl Changed {
    /// Where a line may be now.
    pub fn places(&self, line: u32) -> Vec<(String, u32)> {
        let places = self.lines.get(line as usize - 1).map_or(&[][..], Vec::as_slice);
        places.iter().map(|(file, line)| (self.files[*file].0.clone(), *line)).collect()
    }

    fn of(path: &str, out: Text) -> Changed {
        Changed { files: vec![(path.to_owned(), out.text)], lines: out.lines, renames_rules: false, has_history: true }
    }
}

/// A text that is being written, which notes where old lines go.
struct Text {
    text: String,
    line: u32,
    lines: Vec<Vec<(usize, u32)>>,
}

impl Text {
    fn new(lines: usize) -> Text {
        Text { text: String::new(), line: 0, lines: vec![Vec::new(); lines] }
    }

    fn push(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
        self.line += 1;
    }

    fn keep(&mut self, index: usize, line: &str) {
        self.push(line);
        self.lines[index].push((0, self.line));
    }
}

type Make = fn(&str, &str, &[Finding]) -> Option<Changed>;

pub const CHANGES: [(&str, Make); 14] = [
    ("insert lines above", insert_above),
    ("indent anew", indent),
    ("comment", comment),
    ("rename file", rename_file),
    ("rename file without history", rename_file_unseen),
    ("rename variable", rename_variable),
    ("rename variable and file", rename_both),
    ("move function", move_function),
    ("split file without history", split_file),
    ("wrap in a block", wrap),
    ("duplicate above", duplicate),
    ("line ends", line_ends),
    ("edit the rule", edit),
    ("remove a finding", remove),
];

fn indentation(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}

fn comment_mark(path: &str) -> &'static str {
    if path.ends_with(".py") { "#" } else { "//" }
}

fn insert_above(path: &str, text: &str, _: &[Finding]) -> Option<Changed> {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = Text::new(lines.len());
    for words in ["", "Some words", "and more of them."] {
        out.push(&format!("{} {words}", comment_mark(path)));
    }
    lines.iter().enumerate().for_each(|(index, line)| out.keep(index, line));
    Some(Changed::of(path, out))
}

/// Twice as deep, with blanks behind what does not go on.
fn indent(path: &str, text: &str, _: &[Finding]) -> Option<Changed> {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = Text::new(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let blanks = if line.ends_with('\\') { "" } else { "  " };
        out.keep(index, &format!("{}{line}{blanks}", indentation(line)));
    }
    Some(Changed::of(path, out))
}

/// A line of words above every finding.
fn comment(path: &str, text: &str, found: &[Finding]) -> Option<Changed> {
    let lines: Vec<&str> = text.lines().collect();
    let above: BTreeSet<usize> = found.iter().map(|finding| finding.start.line as usize - 1).collect();
    let mut out = Text::new(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let goes_on = index > 0 && lines[index - 1].ends_with('\\');
        if above.contains(&index) && !goes_on {
            out.push(&format!("{}{} why this is done", indentation(line), comment_mark(path)));
        }
        out.keep(index, line);
    }
    Some(Changed::of(path, out))
}

fn renamed(path: &str) -> String {
    let (name, ending) = path.rsplit_once('.').unwrap_or((path, ""));
    format!("{name}_moved.{ending}")
}

fn rename_file(path: &str, text: &str, _: &[Finding]) -> Option<Changed> {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = Text::new(lines.len());
    lines.iter().enumerate().for_each(|(index, line)| out.keep(index, line));
    // Git tells of a file that has changed a little as well.
    out.push(&format!("{} moved", comment_mark(path)));
    Some(Changed::of(&renamed(path), out))
}

fn rename_file_unseen(path: &str, text: &str, found: &[Finding]) -> Option<Changed> {
    Some(Changed { has_history: false, ..rename_file(path, text, found)? })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// Words of a line with their places, outside of quotes and comments as far as one line tells.
fn words<'l>(line: &'l str, mark: &str) -> Vec<(usize, &'l str)> {
    let mut words = Vec::new();
    let (mut quote, mut at) = (None, 0);
    while let Some(c) = line[at..].chars().next() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if line[at..].starts_with(mark) => break,
            None if matches!(c, '"' | '\'' | '`') => quote = Some(c),
            None if is_word(c) && !c.is_numeric() => {
                let length: usize = line[at..].chars().take_while(|c| is_word(*c)).map(char::len_utf8).sum();
                words.push((at, &line[at..at + length]));
                at += length;
                continue;
            }
            None => {}
        }
        at += c.len_utf8();
    }
    words
}

/// A variable that is assigned once or more in the file, used on the line of a finding, and nothing else there: no member, no
/// argument's name, no word in a string.
fn variable(path: &str, text: &str, found: &[Finding]) -> Option<String> {
    let mark = comment_mark(path);
    let lines: Vec<&str> = text.lines().collect();
    let used = found.iter().filter_map(|finding| lines.get(finding.start.line as usize - 1));
    let candidates: BTreeSet<&str> = used.flat_map(|line| words(line, mark)).map(|(_, word)| word).collect();
    candidates
        .into_iter()
        .find(|name| {
            let (mut assigned, mut other) = (false, false);
            for line in &lines {
                let whole = line
                    .match_indices(name)
                    .filter(|(at, _)| !line[..*at].ends_with(is_word) && !line[at + name.len()..].starts_with(is_word));
                let known: Vec<usize> =
                    words(line, mark).iter().filter(|(_, word)| word == name).map(|(at, _)| *at).collect();
                for (at, _) in whole {
                    let (before, after) = (line[..at].trim_end(), line[at + name.len()..].trim_start());
                    let is_declared = ["const", "let", "var"].contains(&before);
                    let is_alone = before.is_empty() && (after.starts_with(":=") || path.ends_with(".py"));
                    assigned |= (is_declared || is_alone) && after.starts_with([':', '=']) && !after.starts_with("==");
                    other |= !known.contains(&at)
                        || before.ends_with('.')
                        || after.starts_with('(')
                        || after.starts_with(':') && !after.starts_with(":=");
                    // `f(name=1)` names an argument, `{ name }` a member.
                    other |= after.starts_with('=') && !after.starts_with("==") && !is_declared && !before.is_empty();
                    other |= before.ends_with(['{', ',']) && line.contains('{')
                        || after.starts_with('}')
                        || before.ends_with("import");
                }
            }
            assigned && !other && name.len() > 1
        })
        .map(str::to_owned)
}

fn rename_variable(path: &str, text: &str, found: &[Finding]) -> Option<Changed> {
    let name = variable(path, text, found)?;
    let lines: Vec<&str> = text.lines().collect();
    let mut out = Text::new(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let mut renamed = String::new();
        let mut from = 0;
        for (at, word) in words(line, comment_mark(path)) {
            renamed.push_str(&line[from..at]);
            renamed.push_str(word);
            renamed.push_str(if word == name { "_anew" } else { "" });
            from = at + word.len();
        }
        renamed.push_str(&line[from..]);
        out.keep(index, &renamed);
    }
    Some(Changed::of(path, out))
}

fn rename_both(path: &str, text: &str, found: &[Finding]) -> Option<Changed> {
    let mut changed = rename_variable(path, text, found)?;
    changed.files[0].0 = renamed(path);
    Some(changed)
}

/// The lines of a function of the file that holds a finding, with what stands directly above it; the first such.
fn function(path: &str, text: &str, found: &[Finding]) -> Option<std::ops::Range<usize>> {
    if path.ends_with(".java") {
        return None;
    }
    let lines: Vec<&str> = text.lines().collect();
    let heads =
        ["def ", "async def ", "func ", "function ", "async function ", "export function ", "export async function "];
    let starts = |line: &str| heads.iter().any(|head| line.starts_with(head));
    let goes_on = |line: &str| line.is_empty() || line.starts_with([' ', '\t', '}', ')', ']', '#']);
    let above = |line: &str| line.starts_with('@') || line.starts_with('#') || line.starts_with("//");
    (0..lines.len()).filter(|&at| starts(lines[at])).find_map(|at| {
        let from = (0..at).rev().take_while(|&up| above(lines[up])).last().unwrap_or(at);
        let more = lines[at + 1..]
            .iter()
            .take_while(|line| goes_on(line) || path.ends_with(".py") && line.starts_with("\"\"\""));
        let mut to = at + 1 + more.count();
        // Words and blank lines at its end belong to what follows.
        while to > at + 1 && (lines[to - 1].trim().is_empty() || lines[to - 1].starts_with('#')) {
            to -= 1;
        }
        found.iter().any(|finding| (from..to).contains(&(finding.start.line as usize - 1))).then_some(from..to)
    })
}

/// To the end of the file.
fn move_function(path: &str, text: &str, found: &[Finding]) -> Option<Changed> {
    let moved = function(path, text, found)?;
    let lines: Vec<&str> = text.lines().collect();
    let mut out = Text::new(lines.len());
    for (index, line) in lines.iter().enumerate().filter(|(index, _)| !moved.contains(index)) {
        out.keep(index, line);
    }
    out.push("");
    out.push("");
    moved.for_each(|index| out.keep(index, lines[index]));
    Some(Changed::of(path, out))
}

/// A function goes into a file of its own, with all that stands above the first one.
fn split_file(path: &str, text: &str, found: &[Finding]) -> Option<Changed> {
    let moved = function(path, text, found)?;
    let lines: Vec<&str> = text.lines().collect();
    let mut out = Text::new(lines.len());
    for (index, line) in lines.iter().enumerate().filter(|(index, _)| !moved.contains(index)) {
        out.keep(index, line);
    }
    let is_import = |line: &&&str| {
        ["import ", "from ", "package ", "const ", "\"", ")"].iter().any(|word| line.trim_start().starts_with(word))
    };
    let mut other = Text::new(lines.len());
    lines[..moved.start]
        .iter()
        .take_while(|line| is_import(line) || line.trim().is_empty() || line.starts_with(['#', '/']))
        .for_each(|line| other.push(line));
    for index in moved {
        other.push(lines[index]);
        out.lines[index].push((1, other.line));
    }
    let mut changed = Changed::of(path, out);
    changed.files.push((renamed(path), other.text));
    Some(Changed { has_history: false, ..changed })
}

/// All of a script in a block of its own; in other languages, the statements with findings.
fn wrap(path: &str, text: &str, found: &[Finding]) -> Option<Changed> {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = Text::new(lines.len());
    if path.ends_with(".py") {
        out.push("if True:");
        lines.iter().enumerate().for_each(|(index, line)| out.keep(index, &format!("    {line}")));
        return Some(Changed::of(path, out));
    }
    let within: BTreeSet<usize> = found.iter().map(|finding| finding.start.line as usize - 1).collect();
    let declares =
        ["const ", "let ", "var ", "import ", "private ", "public ", "protected ", "static ", "final ", "return "];
    let mut any = false;
    for (index, line) in lines.iter().enumerate() {
        let statement = line.trim();
        let is_plain = statement.ends_with(';') && !declares.iter().any(|word| statement.starts_with(word));
        let stands_alone = index > 0 && lines[index - 1].trim_end().ends_with([';', '{', '}']);
        // `Type name = …;` declares as well.
        let is_call = statement.find(['(', '=', ' ']).is_some_and(|at| statement[at..].starts_with('('));
        if within.contains(&index) && is_plain && is_call && stands_alone {
            any = true;
            out.push(&format!("{}if (true) {{", indentation(line)));
            out.keep(index, &format!("  {line}"));
            out.push(&format!("{}}}", indentation(line)));
        } else {
            out.keep(index, line);
        }
    }
    any.then(|| Changed::of(path, out))
}

fn duplicate(path: &str, text: &str, found: &[Finding]) -> Option<Changed> {
    let twice = function(path, text, found)?;
    let lines: Vec<&str> = text.lines().collect();
    let mut out = Text::new(lines.len());
    for (index, line) in lines.iter().enumerate() {
        if index == twice.start {
            // To the letter the same: either is it.
            twice.clone().for_each(|index| out.keep(index, lines[index]));
            out.push("");
        }
        out.keep(index, line);
    }
    Some(Changed::of(path, out))
}

/// Git says that every line has changed.
fn line_ends(path: &str, text: &str, _: &[Finding]) -> Option<Changed> {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = Text::new(lines.len());
    lines.iter().enumerate().for_each(|(index, line)| out.keep(index, &format!("{line}\r")));
    Some(Changed::of(path, out))
}

fn edit(path: &str, text: &str, _: &[Finding]) -> Option<Changed> {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = Text::new(lines.len());
    lines.iter().enumerate().for_each(|(index, line)| out.keep(index, line));
    if !text.ends_with('\n') {
        out.text.pop();
    }
    Some(Changed { renames_rules: true, ..Changed::of(path, out) })
}

/// Every rule has another name, which says what it was called before.
pub fn edit_rules(file: &RuleFile) -> RuleFile {
    let mut text = String::new();
    for line in file.text.lines() {
        let id = line.trim_start().strip_prefix("- id: ");
        match id {
            Some(id) if !id.contains(['"', '\'', '#']) => {
                text.push_str(&line.replace(id, &format!("{}-renamed", id.trim())));
            }
            _ => text.push_str(line),
        }
        text.push('\n');
    }
    RuleFile { name: file.name.clone(), text: text.into() }
}

/// The line of the first finding goes; the others stay who they are.
fn remove(path: &str, text: &str, found: &[Finding]) -> Option<Changed> {
    let lines: Vec<&str> = text.lines().collect();
    let first = found.first().filter(|_| found.len() > 1)?;
    let gone = first.start.line as usize - 1..first.end.line as usize;
    let mut out = Text::new(lines.len());
    for (index, line) in lines.iter().enumerate() {
        if !gone.contains(&index) {
            out.keep(index, line);
        } else if index == gone.start {
            // Something has to stand there.
            let nothing = if path.ends_with(".py") { "pass" } else { "" };
            out.push(&format!("{}{nothing}", indentation(line)));
        }
    }
    Some(Changed::of(path, out))
}
