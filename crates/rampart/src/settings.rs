//! `rampart.toml`: the options of `rampart scan` for a project. The command line weighs more.

use std::path::{Path, PathBuf};

use rampart_report::model::Severity;
use serde::Deserialize;

use crate::cli::{self, Format, ScanArgs};
use crate::failure::{Failure, Frame};

const NAME: &str = "rampart.toml";

/// The keys of the file, named as the options are.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Settings {
    config: OneOrMore,
    severity: OneOrMore,
    exclude_rule: OneOrMore,
    exclude: OneOrMore,
    include: OneOrMore,
    no_ignore: Option<bool>,
    max_file_size: Option<Amount>,
    diff: Option<String>,
    cache: Option<String>,
    format: Option<Format>,
    dataflow: Option<crate::cli::Dataflow>,
    output: Option<PathBuf>,
    timings: Option<bool>,
    quiet: Option<bool>,
    verbose: Option<bool>,
    no_color: Option<bool>,
    error: Option<bool>,
    fail_on: Option<String>,
    jobs: Option<u16>,
    timeout: Option<Amount>,
    max_memory: Option<Amount>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl Default for OneOrMore {
    fn default() -> Self {
        OneOrMore::More(Vec::new())
    }
}

impl OneOrMore {
    fn list(self) -> Vec<String> {
        match self {
            OneOrMore::One(one) => vec![one],
            OneOrMore::More(more) => more,
        }
    }
}

/// A number, or a number with a unit in quotes.
#[derive(Deserialize)]
#[serde(untagged)]
enum Amount {
    Whole(u64),
    Part(f64),
    Text(String),
}

impl std::fmt::Display for Amount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Amount::Whole(n) => write!(f, "{n}"),
            Amount::Part(n) => write!(f, "{n}"),
            Amount::Text(text) => f.write_str(text),
        }
    }
}

/// Fills in what the command line leaves open. Lists of files and rules to leave out add up; other lists are replaced.
pub fn apply(args: &mut ScanArgs) -> Result<(), Failure> {
    let path = match &args.settings {
        Some(path) => path.clone(),
        None => match nearest(Path::new(".")) {
            Some(path) => path,
            None => return Ok(()),
        },
    };
    let name = path.display().to_string();
    let text = std::fs::read_to_string(&path).map_err(|error| Failure::new(format!("cannot read {name}: {error}")))?;
    let settings: Settings = toml::from_str(&text).map_err(|error| explain(&error, &name, &text))?;
    let wrong = |key: &str, message: String| Failure::new(format!("{name}: `{key}`: {message}"));
    let folder = path.parent().unwrap_or(Path::new(""));

    if args.config.is_empty() {
        // Rule files are named relative to the settings file, packs by their names.
        args.config = settings.config.list().into_iter().map(|value| beside(folder, value)).collect();
    }
    if args.severity.is_empty() {
        let levels: Result<Vec<Severity>, String> =
            settings.severity.list().iter().map(|text| cli::severity(text)).collect();
        args.severity = levels.map_err(|message| wrong("severity", message))?;
    }
    args.exclude_rule.extend(settings.exclude_rule.list());
    args.exclude.extend(settings.exclude.list());
    if args.include.is_empty() {
        args.include = settings.include.list();
    }
    args.no_ignore |= settings.no_ignore.unwrap_or(false);
    args.timings |= settings.timings.unwrap_or(false);
    args.verbose |= settings.verbose.unwrap_or(false) && !args.quiet;
    args.quiet |= settings.quiet.unwrap_or(false) && !args.verbose;
    args.no_color |= settings.no_color.unwrap_or(false);
    args.error |= settings.error.unwrap_or(false);
    args.diff = args.diff.take().or(settings.diff);
    args.cache = args.cache.take().or(settings.cache.map(|path| folder.join(path)));
    args.format = args.format.or(settings.format);
    args.dataflow = args.dataflow.or(settings.dataflow);
    args.output = args.output.take().or(settings.output);
    args.jobs = args.jobs.or(settings.jobs);
    if args.jobs.is_some_and(|jobs| !(1..=256).contains(&jobs)) {
        return Err(wrong("jobs", "between 1 and 256".to_owned()));
    }
    if let (None, Some(level)) = (args.fail_on, settings.fail_on) {
        args.fail_on = Some(cli::severity(&level).map_err(|message| wrong("fail-on", message))?);
    }
    if let (None, Some(size)) = (args.max_file_size, settings.max_file_size) {
        args.max_file_size = Some(cli::size(&size.to_string()).map_err(|message| wrong("max-file-size", message))?);
    }
    if let (None, Some(size)) = (args.max_memory, settings.max_memory) {
        args.max_memory = Some(cli::size(&size.to_string()).map_err(|message| wrong("max-memory", message))?);
    }
    if let (None, Some(time)) = (args.timeout, settings.timeout) {
        args.timeout = Some(cli::seconds(&time.to_string()).map_err(|message| wrong("timeout", message))?);
    }
    Ok(())
}

/// The settings of the project that `folder` is in: here or above, not beyond the root of the repository.
fn nearest(folder: &Path) -> Option<PathBuf> {
    let here = folder.join(NAME);
    if here.is_file() {
        return Some(PathBuf::from(NAME));
    }
    let real = std::fs::canonicalize(folder).ok()?;
    for above in real.ancestors() {
        let file = above.join(NAME);
        if file.is_file() {
            return Some(file);
        }
        if above.join(".git").exists() {
            return None;
        }
    }
    None
}

fn beside(folder: &Path, value: String) -> String {
    let path = folder.join(&value);
    let is_path = value.contains(['/', '\\', '.']) || path.exists() && !crate::packs::names().contains(&value.as_str());
    if is_path && path.exists() { path.display().to_string() } else { value }
}

/// The message of the parser with the place it speaks of.
fn explain(error: &toml::de::Error, name: &str, text: &str) -> Failure {
    let message = error.message();
    let (what, hint) = match message.split_once(", expected one of ") {
        Some((what, keys)) => (what, Some(hint(what, keys))),
        None => (message, None),
    };
    let mut failure = Failure::new(format!("{name}: {what}"));
    if let Some(span) = error.span() {
        let before = &text[..span.start.min(text.len())];
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = text[start..].lines().next().unwrap_or("");
        failure = failure.frame(Frame {
            file: name.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before[start..].chars().count() + 1,
            text: line.to_owned(),
            length: text.get(span.clone()).map_or(1, |s| s.lines().next().unwrap_or("").chars().count()),
        });
    }
    match hint {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// The nearest key, or all of them.
fn hint(what: &str, keys: &str) -> String {
    let unknown = what.split('`').nth(1).unwrap_or("");
    let known = keys.split('`').filter(|key| key.starts_with(|c: char| c.is_ascii_alphabetic()));
    let shared = |key: &str| {
        let letters: Vec<char> = unknown.replace('_', "-").chars().collect();
        let pairs = |word: &[char]| word.windows(2).map(|pair| (pair[0], pair[1])).collect::<Vec<_>>();
        let key: Vec<char> = key.chars().collect();
        let (own, theirs) = (pairs(&letters), pairs(&key));
        let same = own.iter().filter(|pair| theirs.contains(pair)).count();
        200 * same / (own.len() + theirs.len()).max(1)
    };
    match known.map(|key| (shared(key), key)).max_by_key(|(score, _)| *score) {
        Some((score, key)) if score >= 60 => format!("did you mean `{key}`?"),
        _ => format!("keys are {}", keys.replace('`', "")),
    }
}
