//! Runs the annotated tests of a public rule corpus and prints what passes, per language.
//!
//! A test is one rule on one target file beside it. It passes when the lines on which findings start are exactly those that
//! `ruleid:` announces (`todoruleid:` and `todook:` lines do not count).

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Context;
use rampart_rules::model::{Mode, Rule};
use rampart_rules::{CompileOptions, FileInput, FileOutcome, Limits, Reach, RuleSet, Settings};
use rampart_syntax::Lang;
use rayon::prelude::*;

/// Why tests that are known not to pass do not.
const REASONS: &[(&str, &str)] = &[
    (
        "shared-url-struct-mutation",
        "`var a, _ = f()` of Go counts as an assignment here, so that `pattern-not-inside: ... = f()` holds",
    ),
    ("calling-set-state-on-current-state", "types in a `.jsx` file that no grammar reads as a whole"),
    ("disallow-old-tls-versions1", "a `pattern-not-inside` of several typed metavariables is not read"),
    ("pdb-remove", "on purpose: a local variable hides the import of the same name, as in Python"),
    (
        "sqlalchemy-execute-raw-query",
        "a variable that was assigned a concatenation before is taken for the one that is executed",
    ),
    ("check-reverse-tabnabbing", "needs a grammar of Ruby"),
    ("tainted-html-string", "on purpose: a value that a fixed list contains is no longer what a visitor chose"),
    ("direct-response-write", "on purpose: one field of an object is tainted, another is written"),
    ("dangerous-system-call-tainted-env-args", "the parts of a pair from `getopt` are not told apart"),
    (
        "unsafe-argon2-config",
        "settings at the top of the file, used in a function, beside a sanitizer that spans statements",
    ),
    ("remote-property-injection", "an index made of tainted text"),
];

/// One rule on one target.
struct Outcome {
    group: String,
    rule: String,
    target: PathBuf,
    problem: Option<String>,
    /// For rules with a fix and a `.fixed` file.
    fix: Option<bool>,
    /// Lines that only data flow between functions finds.
    wider: BTreeSet<usize>,
}

pub fn run(args: Vec<String>) -> anyhow::Result<()> {
    let mut folder = None;
    let (mut write, mut only, mut verbose) = (None, None, false);
    let mut args = args.into_iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--write" => write = args.next(),
            "--only" => only = args.next(),
            "--verbose" => verbose = true,
            _ => folder = Some(PathBuf::from(arg)),
        }
    }
    let folder = folder.context("which folder? `cargo xtask corpus FOLDER`")?;
    let mut files = Vec::new();
    collect(&folder, &mut files)?;
    files.sort();
    let rule_files: Vec<&PathBuf> = files
        .iter()
        .filter(|f| matches!(f.extension().and_then(|e| e.to_str()), Some("yaml" | "yml")))
        .filter(|f| !f.to_string_lossy().contains(".test."))
        .filter(|f| only.as_ref().is_none_or(|o| f.to_string_lossy().contains(o.as_str())))
        .collect();
    let pool = rayon::ThreadPoolBuilder::new().stack_size(256 << 20).build()?;
    let outcomes: Vec<Outcome> =
        pool.install(|| rule_files.par_iter().flat_map(|file| test_file(&folder, file, &files)).collect());
    print!("{}", table(&outcomes));
    if verbose {
        for o in outcomes.iter().filter(|o| o.problem.is_some() || o.fix == Some(false)) {
            let fix = if o.fix == Some(false) { " [fix differs]" } else { "" };
            println!("{} {} {}{fix}", o.rule, o.target.display(), o.problem.as_deref().unwrap_or(""));
        }
    }
    if let Some(write) = write {
        std::fs::write(&write, report(&outcomes)).with_context(|| format!("cannot write {write}"))?;
    }
    Ok(())
}

fn collect(folder: &Path, out: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.')) {
            continue;
        }
        if path.is_dir() { collect(&path, out)? } else { out.push(path) }
    }
    Ok(())
}

fn test_file(root: &Path, file: &Path, files: &[PathBuf]) -> Vec<Outcome> {
    let Ok(text) = std::fs::read_to_string(file) else { return Vec::new() };
    if !rampart_rules::load::looks_like_rules(&text) {
        return Vec::new();
    }
    let name = file.strip_prefix(root).unwrap_or(file).to_string_lossy().to_string();
    let (rules, errors) = rampart_rules::load::load_str(&name, &text);
    let stem = file.file_stem().unwrap_or_default().to_string_lossy().to_string();
    let targets: Vec<&PathBuf> = files
        .iter()
        .filter(|f| f.parent() == file.parent() && f.as_path() != file)
        .filter(|f| {
            let name = f.file_name().unwrap_or_default().to_string_lossy().to_string();
            let rest = name.strip_prefix(&stem);
            rest.is_some_and(|r| r.starts_with('.'))
                && !name.contains(".fixed.")
                && (!name.ends_with(".yaml") && !name.ends_with(".yml") || name.contains(".test."))
        })
        .collect();
    let wanted: Vec<Rule> = rules
        .into_iter()
        .filter(|r| matches!(r.mode, Mode::Search(_) | Mode::Taint(_)))
        .filter(|r| !r.targets.langs.is_empty() || r.targets.generic || r.targets.regex)
        .collect();
    if targets.is_empty() || wanted.is_empty() {
        return Vec::new();
    }
    let (set, compile_errors) = RuleSet::compile(wanted, &CompileOptions::default());
    let mut out = Vec::new();
    for target in targets {
        let Ok(bytes) = std::fs::read(target) else { continue };
        let source = String::from_utf8_lossy(&bytes).to_string();
        let expected = annotations(&source);
        let lang = Lang::of_file(target, source.lines().next().unwrap_or(""));
        let path = target.strip_prefix(root).unwrap_or(target).to_string_lossy().to_string();
        // Rules are tried on their own targets whatever `paths:` says.
        let outcome = set.scan(
            &FileInput { path: &path, text: &source, lang, settings: &Settings::default() },
            &Limits { ignore_paths: true, ..Limits::default() },
        );
        let within = set.rules().iter().any(|r| matches!(r.mode, Mode::Taint(_))).then(|| {
            let limits = Limits { ignore_paths: true, reach: Reach::Function, ..Limits::default() };
            set.scan(&FileInput { path: &path, text: &source, lang, settings: &Settings::default() }, &limits)
        });
        let lines = line_starts(&source);
        for (index, rule) in set.rules().iter().enumerate() {
            let short = rule.id.rsplit('.').next().unwrap_or(&rule.id);
            let want: BTreeSet<usize> = expected.get(short).map(|e| e.ruleid.clone()).unwrap_or_default();
            let skip: BTreeSet<usize> = expected.get(short).map(|e| e.todo.clone()).unwrap_or_default();
            let mentioned = expected.contains_key(short);
            let group = group(rule, lang);
            let applies =
                rule.targets.generic || rule.targets.regex || lang.is_some_and(|l| rule.targets.langs.contains(&l));
            if !mentioned || !applies {
                continue;
            }
            let lines_of = |outcome: &FileOutcome| -> BTreeSet<usize> {
                let matches = outcome.matches.iter().filter(|m| m.rule == index);
                matches.map(|m| line_of(&lines, m.span.start as usize)).filter(|l| !skip.contains(l)).collect()
            };
            let mut found = lines_of(&outcome);
            let mut wider = BTreeSet::new();
            if let (Mode::Taint(_), Some(within)) = (&rule.mode, &within) {
                let within = lines_of(within);
                wider = found.iter().copied().filter(|l| !within.contains(l) && !want.contains(l)).collect();
                wider.extend(expected.get(short).into_iter().flat_map(|e| &e.deep).filter(|l| found.contains(l)));
                found.retain(|l| !wider.contains(l));
            }
            let mut problem = None;
            if let Some(error) = compile_errors.iter().chain(&errors).find(|e| e.rule_id.as_deref() == Some(&rule.id)) {
                problem = Some(format!("not compiled: {}", error.message));
            } else if found != want {
                let missing: Vec<_> = want.difference(&found).collect();
                let extra: Vec<_> = found.difference(&want).collect();
                problem = Some(format!("missing {missing:?} extra {extra:?}"));
                if let Some((_, why)) = outcome.limits_hit.iter().find(|(r, _)| *r == index) {
                    problem = Some(format!("{} ({why})", problem.unwrap_or_default()));
                }
            }
            let fix = (rule.fix.is_some() || rule.fix_regex.is_some())
                .then(|| fix_passes(target, &source, &outcome.matches, index))
                .flatten();
            out.push(Outcome {
                group,
                rule: rule.id.clone(),
                target: target.strip_prefix(root).unwrap_or(target).to_path_buf(),
                problem,
                fix,
                wider,
            });
        }
    }
    out
}

fn fix_passes(target: &Path, source: &str, matches: &[rampart_rules::RuleMatch], rule: usize) -> Option<bool> {
    let name = target.file_name()?.to_string_lossy().to_string();
    let (stem, ext) = name.split_once('.')?;
    let fixed = std::fs::read_to_string(target.with_file_name(format!("{stem}.fixed.{ext}"))).ok()?;
    let mut edits: Vec<_> = matches.iter().filter(|m| m.rule == rule).filter_map(|m| m.fix.clone()).collect();
    edits.sort_by_key(|(span, _)| std::cmp::Reverse((span.start, span.end)));
    let mut text = source.to_string();
    let mut limit = usize::MAX;
    for (span, replacement) in edits {
        if span.end as usize <= limit {
            text.replace_range(span.range(), &replacement);
            limit = span.start as usize;
        }
    }
    Some(text.trim_end() == fixed.trim_end())
}

fn group(rule: &Rule, lang: Option<Lang>) -> String {
    let taint = if matches!(rule.mode, Mode::Taint(_)) { ", taint" } else { "" };
    if rule.targets.generic {
        return "generic".into();
    }
    if rule.targets.regex {
        return "regex".into();
    }
    match lang {
        Some(Lang::Tsx) => format!("typescript{taint}"),
        Some(lang) => format!("{}{taint}", lang.name()),
        None => "other".into(),
    }
}

#[derive(Default)]
struct Expected {
    ruleid: BTreeSet<usize>,
    todo: BTreeSet<usize>,
    deep: BTreeSet<usize>,
}

/// Annotated lines (from 1) per rule, by the last part of its id.
fn annotations(source: &str) -> BTreeMap<String, Expected> {
    let mut out: BTreeMap<String, Expected> = BTreeMap::new();
    let lines: Vec<&str> = source.lines().collect();
    let parse = |line: &str| -> Option<(String, Vec<String>)> {
        // `deepruleid`: found by an analysis that goes further than the one that the annotations are for.
        for word in ["todoruleid", "todook", "deepruleid", "deepok", "ruleid", "ok"] {
            let Some(at) = line.find(&format!("{word}:")).or_else(|| line.find(&format!("{word} :"))) else { continue };
            if at == 0 || line[..at].ends_with(|c: char| c.is_alphanumeric()) {
                continue;
            }
            let rest = line[at..].split_once(':')?.1;
            let rest = rest.trim().trim_end_matches("*/").trim_end_matches("-->").trim_end_matches("*)").trim();
            let ids = rest
                .split(',')
                .filter_map(|id| id.split_whitespace().next())
                .map(|id| id.rsplit('.').next().unwrap_or(id).to_string())
                .collect();
            return Some((word.to_string(), ids));
        }
        None
    };
    for (i, line) in lines.iter().enumerate() {
        let Some((word, ids)) = parse(line) else { continue };
        // Several annotations in a row speak of the same line.
        let mut next = i + 1;
        while next < lines.len() && parse(lines[next]).is_some() {
            next += 1;
        }
        for id in ids {
            let entry = out.entry(id).or_default();
            match word.as_str() {
                "ruleid" => {
                    entry.ruleid.insert(next + 1);
                }
                "ok" | "deepok" => {}
                "deepruleid" => {
                    entry.deep.insert(next + 1);
                }
                _ => {
                    entry.todo.insert(next + 1);
                }
            }
        }
    }
    out
}

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1)).collect()
}

fn line_of(starts: &[usize], at: usize) -> usize {
    starts.partition_point(|&s| s <= at)
}

fn table(outcomes: &[Outcome]) -> String {
    let mut groups: BTreeMap<&str, (usize, usize, usize, usize)> = BTreeMap::new();
    for o in outcomes {
        let all = if o.group.ends_with("taint") { "~ all, taint" } else { "~ all" };
        for group in [o.group.as_str(), all] {
            let entry = groups.entry(group).or_default();
            entry.0 += 1;
            entry.1 += usize::from(o.problem.is_none());
            entry.2 += usize::from(o.fix.is_some());
            entry.3 += usize::from(o.fix == Some(true));
        }
    }
    let mut out = String::from(
        "| language | rule tests | pass | % | fix tests | pass |\n| --- | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for (group, (n, pass, fixes, fixed)) in groups {
        let share = 100.0 * pass as f64 / n.max(1) as f64;
        out.push_str(&format!(
            "| {} | {n} | {pass} | {share:.1} | {fixes} | {fixed} |\n",
            group.trim_start_matches("~ ")
        ));
    }
    out
}

fn report(outcomes: &[Outcome]) -> String {
    let mut out = String::from(
        "# Compatibility\n\nThe public `semgrep-rules` corpus, each rule on its own annotated targets. A test passes when the findings start on\n\
         exactly the annotated lines. Run it with `cargo xtask corpus FOLDER --write docs/reference/compatibility.md`, where FOLDER is a checkout of the corpus.\n\n",
    );
    out.push_str(&table(outcomes));
    out.push_str("\n## What does not pass\n\n| rule | target | lines | why |\n| --- | --- | --- | --- |\n");
    for o in outcomes.iter().filter(|o| o.problem.is_some() || o.fix == Some(false)) {
        let what = o.problem.clone().unwrap_or_else(|| "the fixed text differs".into());
        let why = REASONS.iter().find(|(rule, _)| *rule == o.rule).map_or("not known yet", |(_, why)| why);
        out.push_str(&format!("| {} | {} | {what} | {why} |\n", o.rule, o.target.display()));
    }
    out.push_str(
        "\n## Found beyond the annotations\n\nData that flows between functions, which the annotations do not ask for; not counted above.\n\n\
         | rule | target | lines |\n| --- | --- | --- |\n",
    );
    for o in outcomes.iter().filter(|o| !o.wider.is_empty()) {
        out.push_str(&format!("| {} | {} | {:?} |\n", o.rule, o.target.display(), o.wider));
    }
    out
}
