//! Where rules come from: files, folders, and the packs in this binary.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rampart_rules::load::looks_like_rules;
use rampart_scan::{PACK, RuleFile};

use crate::failure::Failure;

/// All rules that Rampart brings, see `build.rs`.
static ARCHIVE: &str = include_str!(concat!(env!("OUT_DIR"), "/rules.pack"));

/// The pack of all rules.
pub const DEFAULT: &str = "default";

/// Larger files are no rules, in bytes.
const MAX_RULE_FILE: u64 = 32 << 20;

/// Deeper folders are a mistake or a trap.
const MAX_DEPTH: usize = 64;

/// The rule files that `--config` values stand for, in their order. A bare word is a pack if there is one of that name; `./word` is
/// always a path.
pub fn resolve(values: &[String]) -> Result<Vec<RuleFile>, Failure> {
    let mut files = Vec::new();
    for value in values {
        let path = Path::new(value);
        let bare = !value.contains(['/', '\\', '.']);
        let pack = if bare || !path.exists() { pack(value) } else { Vec::new() };
        if !pack.is_empty() {
            files.extend(pack);
        } else if path.is_dir() {
            let before = files.len();
            folder(path, &mut files, 0)?;
            if files.len() == before {
                return Err(Failure::new(format!("no rule files in {value}"))
                    .hint("rules are YAML files with a list `rules:`; their names end in .yaml or .yml"));
            }
        } else if path.exists() {
            files.push(file(path)?);
        } else {
            return Err(unknown(value));
        }
    }
    let files = with_libraries(files);
    Ok(files)
}

/// Adds the libraries of sources and sinks that rules use and that were not named with them: those of the folders above a rule file,
/// then our own.
fn with_libraries(mut files: Vec<RuleFile>) -> Vec<RuleFile> {
    let using: Vec<String> = files.iter().filter(|f| uses_library(&f.text)).map(|f| f.name.clone()).collect();
    for name in &using {
        for library in libraries_above(Path::new(name)) {
            if !files.iter().any(|f| f.name == library.name) {
                files.push(library);
            }
        }
    }
    if !using.is_empty() {
        for (file, text) in archive().filter(|(file, _)| is_library(file)) {
            let name = format!("rampart:{file}");
            if !files.iter().any(|f| f.name == name) {
                files.push(RuleFile { name, text: Cow::Borrowed(text) });
            }
        }
    }
    files
}

fn uses_library(text: &str) -> bool {
    text.contains("use: ")
}

fn is_library(path: &str) -> bool {
    path.split('/').rev().nth(1) == Some(LIBRARY)
}

/// Files in folders `library` beside a rule file and above it.
pub fn libraries_above(rules: &Path) -> Vec<RuleFile> {
    let mut out = Vec::new();
    for folder in rules.ancestors().skip(1).take(MAX_LIBRARY_DEPTH) {
        let library = folder.join(LIBRARY);
        for entry in entries(&library).unwrap_or_default() {
            let name = entry.file_name().and_then(|name| name.to_str()).unwrap_or("");
            if is_rule_name(name) {
                out.extend(file(&entry));
            }
        }
    }
    out
}

/// The name of folders that hold libraries.
const LIBRARY: &str = "library";

/// How many folders above a rule file are looked through for libraries.
const MAX_LIBRARY_DEPTH: usize = 4;

fn unknown(value: &str) -> Failure {
    let failure = Failure::new(format!("no rule file, folder or pack `{value}`"));
    if value.contains("://") || value.starts_with("p/") || value.starts_with("r/") {
        return failure.hint("rules are not fetched from the network: save them to a file and name that");
    }
    match names().as_slice() {
        [] => failure.hint("name a rule file, or a folder of them"),
        names => failure.hint(format!("packs are {}", names.join(", "))),
    }
}

/// The rules below `name` in the archive; all for `default`. Rules that point out what deserves a look, without evidence that it is
/// wrong, are in folders `audit`: they run when they are asked for, as `audit` or `python/audit`.
fn pack(name: &str) -> Vec<RuleFile> {
    let name = name.trim_end_matches('/');
    let all = name == DEFAULT || name == "auto";
    let within = |file: &str| {
        if is_audit(file) != is_audit(name) {
            return false;
        }
        all || name == AUDIT
            || file.strip_prefix(name).is_some_and(|rest| rest.starts_with('/') || rest.starts_with(".y"))
    };
    archive()
        .filter(|(file, _)| within(file))
        .map(|(file, text)| RuleFile { name: format!("{PACK}{file}"), text: Cow::Borrowed(text) })
        .collect()
}

/// The folder of rules that only ask for a look.
const AUDIT: &str = "audit";

fn is_audit(path: &str) -> bool {
    path.split('/').any(|part| part == AUDIT)
}

/// The names of the packs.
pub fn names() -> Vec<&'static str> {
    let folders: BTreeSet<&str> =
        archive().filter_map(|(file, _)| file.split_once('/').map(|(folder, _)| folder)).collect();
    if folders.is_empty() { Vec::new() } else { [DEFAULT, AUDIT].into_iter().chain(folders).collect() }
}

fn archive() -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut parts = ARCHIVE.split_terminator('\0');
    std::iter::from_fn(move || Some((parts.next()?, parts.next()?)))
}

/// Collects the rule files of a folder, by name. Links are not followed, hidden folders and fixtures are left out.
fn folder(path: &Path, files: &mut Vec<RuleFile>, depth: usize) -> Result<(), Failure> {
    if depth > MAX_DEPTH {
        return Ok(());
    }
    for entry in entries(path)? {
        let name = entry.file_name().and_then(|name| name.to_str()).unwrap_or("");
        if name.starts_with('.') || entry.is_symlink() {
            continue;
        }
        if entry.is_dir() {
            folder(&entry, files, depth + 1)?;
        } else if is_rule_name(name) {
            let file = file(&entry)?;
            if looks_like_rules(&file.text) {
                files.push(file);
            }
        }
    }
    Ok(())
}

/// What a folder holds, sorted.
pub fn entries(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unreadable = |error: std::io::Error| Failure::new(format!("cannot read {}: {error}", path.display()));
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        entries.push(entry.map_err(unreadable)?.path());
    }
    entries.sort();
    Ok(entries)
}

/// Whether a file of a folder may hold rules: `x.test.yaml` and `x.fixed.yaml` are fixtures.
pub fn is_rule_name(name: &str) -> bool {
    let stem = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"));
    stem.is_some_and(|stem| !stem.ends_with(".test") && !stem.ends_with(".fixed"))
}

pub fn file(path: &Path) -> Result<RuleFile, Failure> {
    let name = path.display().to_string();
    let failed = |why: String| Failure::new(format!("cannot read {name}: {why}"));
    let metadata = std::fs::metadata(path).map_err(|error| failed(error.to_string()))?;
    if !metadata.is_file() {
        return Err(failed("not a file".to_owned()));
    }
    if metadata.len() > MAX_RULE_FILE {
        return Err(failed("too large for a rule file".to_owned()));
    }
    let bytes = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|_| failed("not UTF-8".to_owned()))?;
    Ok(RuleFile { name, text: text.into() })
}
