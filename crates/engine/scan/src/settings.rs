//! The configuration files of a project, read into [`Settings`] once for a whole scan.
//!
//! Only what programs read by name is taken: texts under keys. Whatever else a file holds, or does not hold as its form demands, is left
//! out without a word: it was not written for us.

use std::path::Path;

use rampart_rules::Settings;
use rampart_rules::yaml::{self, Value};

use crate::file::read as read_target;
use crate::follow::folders;
use crate::read::decode;
use crate::{Content, Part, Target};

/// More files than this, in the order of their paths, are not read: a scan must not wait for them.
const MAX_FILES: usize = 2_000;

/// Larger files are not read, in bytes. Configuration that people write is smaller.
const MAX_FILE_BYTES: u64 = 256 << 10;

/// What all files together may hold, in bytes.
const MAX_BYTES: usize = 16 << 20;

/// Deepest nesting of sections.
const MAX_DEPTH: usize = 16;

/// Folders whose settings no program in use reads.
const FOR_TESTS: [&str; 6] = ["test", "tests", "__tests__", "testdata", "fixtures", "e2e"];

/// How a file writes its settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// `key = value`, `key: value` or `key value` on a line.
    Properties,
    /// `key = value` below `[section]`; TOML is read so too.
    Sections,
    /// YAML, and JSON, which is a part of it.
    Tree,
    /// `NAME = "value"` in a module of Python.
    Constants,
}

/// Is the file read by name, as far as its own name tells?
pub fn is_settings(path: &str) -> bool {
    let mut folders = path.split('/');
    let name = folders.next_back().unwrap_or(path);
    let in_folder = |wanted: &str| path.split('/').rev().nth(1) == Some(wanted);
    let of_a_test = |word: &str| matches!(word, "test" | "tests");
    if folders.any(|folder| FOR_TESTS.contains(&folder)) || name.split(['.', '-', '_']).any(of_a_test) {
        return false;
    }
    let stem = name.split('.').next().unwrap_or(name);
    match form(path) {
        Some(Form::Properties | Form::Sections) => true,
        Some(Form::Tree) => {
            let named = ["application", "bootstrap", "config", "settings", "appsettings"];
            named.iter().any(|known| stem == *known || stem.strip_prefix(known).is_some_and(|r| r.starts_with('-')))
                || in_folder("config")
        }
        Some(Form::Constants) => matches!(name, "settings.py" | "config.py") || in_folder("settings"),
        None => false,
    }
}

/// The files of settings in the folders of the targets and above them, up to the scanned root, by path. Ignore files do not count: a
/// `.env` that version control does not know is what the program runs with. What a change is compared with is asked as if it had the
/// settings of today.
pub fn files(targets: &[Target]) -> Vec<Target> {
    let given =
        targets.iter().filter(|target| target.part != Part::Before && matches!(target.source, Content::Bytes(_)));
    let mut files: Vec<Target> = given.filter(|target| is_settings(&target.path)).cloned().collect();
    for (shown, real) in folders(targets.iter()) {
        // A folder that is gone, or may not be read, has nothing to say.
        let Ok(entries) = std::fs::read_dir(&real) else { continue };
        for entry in entries.flatten() {
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
            let path = if shown.is_empty() { name } else { format!("{shown}/{name}") };
            if is_settings(&path) && entry.file_type().is_ok_and(|kind| kind.is_file()) {
                files.push(Target {
                    path,
                    lang: None,
                    source: Content::File(entry.path()),
                    any_form: true,
                    part: Part::Scanned,
                });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.truncate(MAX_FILES);
    files
}

/// Reads files of settings.
pub fn gather(files: &[Target]) -> Settings {
    let mut settings = Settings::default();
    let mut left = MAX_BYTES;
    for target in files {
        let Ok(bytes) = read_target(target, MAX_FILE_BYTES) else { continue };
        let Some(rest) = left.checked_sub(bytes.len()) else { break };
        left = rest;
        if let Ok(decoded) = decode(bytes) {
            take(&target.path, &decoded.text, &mut settings);
        }
    }
    settings
}

/// Adds what one file says; its ending tells how to read it.
pub fn take(path: &str, text: &str, settings: &mut Settings) {
    let Some(form) = form(path) else { return };
    settings.file(path);
    match form {
        Form::Properties | Form::Sections => lines(text, form == Form::Sections, settings),
        Form::Tree => {
            for root in yaml::read(text).0 {
                tree(&mut String::new(), &root, 0, settings);
            }
        }
        Form::Constants => constants(text, settings),
    }
}

/// What the answers of a scan depended on beside rules and files: equal for equal settings.
pub fn digest(settings: &Settings) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    for (key, value, path, line) in settings.entries() {
        for part in [key, value, path] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        hasher.update(&line.to_le_bytes());
    }
    hasher.finalize()
}

fn form(path: &str) -> Option<Form> {
    let name = path.rsplit('/').next().unwrap_or(path);
    if name == ".env" || name.starts_with(".env.") {
        return Some(Form::Properties);
    }
    Some(match Path::new(name).extension()?.to_str()? {
        "properties" | "env" => Form::Properties,
        "ini" | "cfg" | "conf" | "toml" => Form::Sections,
        "yaml" | "yml" | "json" => Form::Tree,
        "py" => Form::Constants,
        _ => return None,
    })
}

/// Settings on lines. Of continued lines the first counts: what names an algorithm is short.
fn lines(text: &str, sections: bool, settings: &mut Settings) {
    let mut section = String::new();
    let mut goes_on = false;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        let continues = std::mem::replace(&mut goes_on, line.ends_with('\\') && !line.ends_with("\\\\"));
        if continues || line.starts_with(['#', '!', ';']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').filter(|_| sections) {
            section = name.split(']').next().unwrap_or("").trim_matches(['[', ' ', '"']).to_owned();
            continue;
        }
        let Some((key, value)) = key_and_value(line, sections) else { continue };
        if section.is_empty() {
            settings.add(key, value, number);
        } else {
            settings.add(&format!("{section}.{key}"), value, number);
        }
    }
}

/// The parts of a line of settings. A key ends at the first sign between it and its value, or at white space.
fn key_and_value(line: &str, sections: bool) -> Option<(&str, &str)> {
    let exported = line.strip_prefix("export ").filter(|rest| !rest.trim_start().starts_with(['=', ':']));
    let line = exported.unwrap_or(line);
    let end = line.find(|c: char| matches!(c, '=' | ':') || !sections && c.is_whitespace())?;
    let rest = line[end..].trim_start();
    let value = rest.strip_prefix(['=', ':']).unwrap_or(rest).trim();
    Some((line[..end].trim(), unquoted(value)))
}

/// The value without its quotes, or without the comment behind it.
fn unquoted(value: &str) -> &str {
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value[1..].split(quote).next().unwrap_or(""),
        _ => value.split(" #").next().unwrap_or(value).trim_end(),
    }
}

/// Texts and numbers below the keys of a tree; those in a list all have its key.
fn tree(path: &mut String, node: &yaml::Node, depth: usize, settings: &mut Settings) {
    if depth > MAX_DEPTH {
        return;
    }
    match &node.value {
        Value::Scalar { text, .. } => settings.add(path, text, node.line),
        Value::List(items) => items.iter().for_each(|item| tree(path, item, depth + 1, settings)),
        Value::Map(map) => {
            for (key, value) in &map.entries {
                let before = path.len();
                if before > 0 {
                    path.push('.');
                }
                path.push_str(key.text());
                tree(path, value, depth + 1, settings);
                path.truncate(before);
            }
        }
    }
}

/// `NAME = "value"` at the beginning of a line, as the settings of Django and Flask are written.
fn constants(text: &str, settings: &mut Settings) {
    for (number, line) in (1..).zip(text.lines()) {
        let Some((name, value)) = line.split_once('=') else { continue };
        let name = name.split(':').next().unwrap_or(name).trim_end();
        let is_constant = name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
        let value = value.trim_start();
        if is_constant && value.starts_with(['"', '\'']) && !value.starts_with("\"\"\"") {
            settings.add(name, unquoted(value), number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_known_by_their_names() {
        let check = |path: &str, expected| assert_eq!(is_settings(path), expected, "{path}");
        check("src/main/resources/app.properties", true);
        check("src/test/resources/app.properties", false);
        check("application-live.yml", true);
        check("application-test.yml", false);
        check("openapi.yml", false);
        check("config/crypto.json", true);
        check("package.json", false);
        check("a/.env", true);
        check("a/.env.production", true);
        check("setup.cfg", true);
        check("shop/settings.py", true);
        check("shop/settings/base.py", true);
        check("shop/views.py", false);
        check("Cargo.toml", true);
        check("README", false);
    }

    #[test]
    fn every_form_is_read() {
        let check = |path: &str, text: &str, expected: &[(&str, &str, u32)]| {
            let mut settings = Settings::default();
            take(path, text, &mut settings);
            let found = settings.entries();
            let found: Vec<_> = found.iter().map(|(key, value, _, line)| (*key, *value, *line)).collect();
            assert_eq!(found, expected, "{path}");
        };
        check(
            "a.properties",
            "# no\n! no\na.b=md5\nc : DES/ECB/x\nd  e f\ng = h\\\n  i=j\nk\n",
            &[("ab", "md5", 3), ("c", "DES/ECB/x", 4), ("d", "e f", 5), ("g", "h\\", 6)],
        );
        check(
            ".env",
            "export A_B='md5' # old\nC=x#y\nD=\"#z\"\nE=\n",
            &[("ab", "md5", 1), ("c", "x#y", 2), ("d", "#z", 3)],
        );
        check("a.ini", "[s]\nexport = v\n; no\n[t]\nk: w\n", &[("sexport", "v", 2), ("tk", "w", 5)]);
        check("a.toml", "[[s.t]]\nk = \"v\" # x\n", &[("stk", "v", 2)]);
        check(
            "a.yml",
            "a:\n  b: md5\n  c: [x, 1]\n---\nd: y\n",
            &[("ab", "md5", 2), ("ac", "1", 3), ("ac", "x", 3), ("d", "y", 5)],
        );
        check("a.json", "{\n\t\"a\": {\"b\": \"md5\"}\n}\n", &[("ab", "md5", 2)]);
        check(
            "settings.py",
            "A_B = 'md5'\nC: str = \"x\"\nlower = 'y'\nD = f('z')\n    E = 'in'\n",
            &[("ab", "md5", 1), ("c", "x", 2)],
        );
        check("a.txt", "a=b", &[]);
    }

    #[test]
    fn hostile_files_are_survived() {
        for path in ["a.properties", "a.ini", "a.yml", "a.json", "settings.py", ".env"] {
            for text in [
                "=",
                ":",
                "[",
                "[[[]]]",
                "\\",
                "'",
                "= '",
                "x='",
                "é=é",
                "{",
                "&a [*a]",
                "a: &a\n  b: *a",
                "\u{0}=\u{FEFF}",
            ] {
                take(path, text, &mut Settings::default());
            }
            let deep = "a:".repeat(10_000) + &"[{\"a\":".repeat(100_000);
            take(path, &deep, &mut Settings::default());
        }
    }

    #[test]
    fn the_digest_tells_settings_apart() {
        let of = |path: &str, text: &str| {
            let mut settings = Settings::default();
            take(path, text, &mut settings);
            digest(&settings)
        };
        assert_eq!(of(".env", "a=b\nc=d"), of(".env", "a=b\nc=d"));
        assert_ne!(of(".env", "a=b"), of(".env", "a=c"));
        assert_ne!(of(".env", "a=b"), of("b/.env", "a=b"));
        assert_ne!(of(".env", "ab=c"), of(".env", "a=bc"));
    }
}
