//! Compares Rampart with Semgrep CE, the oracle for what a rule means.
//!
//! `RULES TARGETS` runs both on the same rules and files and compares the lines on which findings start; with `--mutate N` also on N
//! variants of each rule's patterns. `--cases FOLDER` does so for the cases of the matching suite; with `--write` the marks in
//! them become what Semgrep finds, and `differs:` says where Rampart does not agree.

#[path = "../../crates/engine/rules/tests/cases/format.rs"]
mod format;
mod mutate;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use format::{Case, FOLDERS, Finding, Found, MARK};
use mutate::{Chance, mutate};
use rampart_rules::model::Mode;
use rampart_rules::{CompileOptions, FileInput, Limits, RuleSet, Settings};
use rampart_syntax::Lang;
use serde_json::Value;

pub fn run(args: Vec<String>) -> anyhow::Result<()> {
    let mut options = Options::default();
    let mut paths = Vec::new();
    let mut args = args.into_iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--semgrep" => options.semgrep = args.next().map(PathBuf::from),
            "--cases" => options.cases = args.next().map(PathBuf::from),
            "--write" => options.write = true,
            "--only" => options.only = args.next().unwrap_or_default(),
            "--mutate" => options.mutate = args.next().context("how many mutants?")?.parse()?,
            "--seed" => options.seed = args.next().context("which seed?")?.parse()?,
            _ => paths.push(PathBuf::from(arg)),
        }
    }
    // Debug builds need much stack for deep trees.
    let work = move || match (&options.cases, paths.as_slice()) {
        (Some(folder), []) => check_cases(&options, folder),
        (None, [rules, targets]) => compare(&options, rules, targets),
        _ => anyhow::bail!(
            "usage: cargo xtask oracle --semgrep PATH (RULES TARGETS [--mutate N] [--seed S] | --cases FOLDER [--write]) [--only TEXT]"
        ),
    };
    std::thread::Builder::new().stack_size(256 << 20).spawn(work)?.join().expect("the comparison does not panic")
}

#[derive(Default)]
struct Options {
    semgrep: Option<PathBuf>,
    cases: Option<PathBuf>,
    write: bool,
    only: String,
    mutate: usize,
    seed: u64,
}

/// A difference in more files has one cause most of the time.
const FILES_SHOWN: usize = 5;

/// What Semgrep said: findings by (rule, file), and rules it could not use, with the reason.
#[derive(Default)]
struct Answer {
    findings: BTreeMap<(String, String), Vec<Finding>>,
    refused: BTreeMap<String, String>,
}

/// Runs Semgrep on `rules.yaml` and `targets/` in a folder. Rule identifiers have no dots.
fn ask(options: &Options, folder: &Path) -> anyhow::Result<Answer> {
    let semgrep = options.semgrep.as_ref().context("where is Semgrep? `--semgrep PATH`")?;
    let output = Command::new(semgrep)
        .args([
            "scan",
            "--config",
            "rules.yaml",
            "--metrics=off",
            "--disable-version-check",
            "--json",
            "--quiet",
            "--no-git-ignore",
            "targets",
        ])
        .current_dir(folder)
        .output()
        .with_context(|| format!("cannot run {}", semgrep.display()))?;
    let json: Value = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("no answer from Semgrep: {}", String::from_utf8_lossy(&output.stderr)))?;
    if matches!(output.status.code(), Some(5 | 7)) {
        anyhow::bail!("Semgrep cannot read the rules: {}", json["errors"]);
    }
    let last = |v: &Value| v.as_str().unwrap_or("").rsplit('.').next().unwrap_or("").to_string();
    let mut answer = Answer::default();
    for result in json["results"].as_array().into_iter().flatten() {
        let file = result["path"].as_str().unwrap_or("").rsplit('/').next().unwrap_or("").to_string();
        let place = |end: &str, key: &str| result[end][key].as_u64().unwrap_or(0) as usize;
        answer.findings.entry((last(&result["check_id"]), file)).or_default().push(Finding {
            line: place("start", "line"),
            message: result["extra"]["message"].as_str().unwrap_or("").to_string(),
            fix: result["extra"]["fix"]
                .as_str()
                .map(|fix| (place("start", "offset"), place("end", "offset"), fix.to_string())),
        });
    }
    for error in json["errors"].as_array().into_iter().flatten() {
        let message = error["message"].as_str().unwrap_or("").to_string();
        if error["rule_id"].is_string() {
            answer.refused.insert(last(&error["rule_id"]), message);
        } else {
            println!("Semgrep: {message}");
        }
    }
    Ok(answer)
}

/// An empty folder with room for rules and targets, removed afterwards.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> anyhow::Result<Scratch> {
        let folder = std::env::temp_dir().join(format!("rampart-oracle-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("targets"))?;
        Ok(Scratch(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left behind is in the folder for temporary files.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn check_cases(options: &Options, folder: &Path) -> anyhow::Result<()> {
    let scratch = Scratch::new()?;
    let mut files: Vec<(&str, PathBuf, Vec<Case>)> = Vec::new();
    let mut rules = String::from("rules:\n");
    let mut id = 0;
    for (name, language, ending) in FOLDERS {
        let mut paths = Vec::new();
        if folder.join(name).is_dir() {
            collect(&folder.join(name), &mut paths)?;
        }
        for path in paths.into_iter().filter(|p| p.to_string_lossy().contains(&options.only)) {
            let cases = format::read(&std::fs::read_to_string(&path)?);
            for case in &cases {
                let rule = case.rule(&format!("r{id}"), language);
                rules.push_str(&format!("{rule}  paths: {{include: [\"r{id}.{ending}\"]}}\n"));
                std::fs::write(scratch.0.join(format!("targets/r{id}.{ending}")), &case.code)?;
                id += 1;
            }
            files.push((name, path, cases));
        }
    }
    std::fs::write(scratch.0.join("rules.yaml"), rules)?;
    let mut answer = ask(options, &scratch.0)?;
    let (mut id, mut agree) = (0, 0);
    for (name, path, mut cases) in files {
        let ending = FOLDERS.iter().find(|f| f.0 == name).expect("a folder of FOLDERS").2;
        for case in &mut cases {
            let rule = format!("r{id}");
            let place = format!("{}:{}: {}", path.display(), case.line, case.name);
            id += 1;
            if let Some(why) = answer.refused.get(&rule) {
                println!("{place}\n  Semgrep refuses: {why}");
                continue;
            }
            let findings = answer.findings.remove(&(rule.clone(), format!("{rule}.{ending}"))).unwrap_or_default();
            let wanted = case.sum(findings);
            let ours = case.run(name);
            if case.found != wanted && !options.write {
                println!("{place}\n  marked  {:?}\n  Semgrep {wanted:?}", case.found);
            }
            if ours.as_ref() == Ok(&wanted) {
                agree += 1;
                case.differs = None;
            } else {
                println!("{place}\n{}", difference(case, &wanted, &ours));
                case.differs.get_or_insert_with(|| "to fix".to_string());
            }
            case.found = wanted;
        }
        if options.write {
            std::fs::write(&path, cases.iter().map(written).collect::<Vec<_>>().join("\n"))?;
        }
    }
    println!("{agree} of {id} cases agree");
    Ok(())
}

/// The rule of a case and what Rampart finds otherwise than Semgrep.
fn difference(case: &Case, wanted: &Found, ours: &Result<Found, String>) -> String {
    let mut out: String = case.body.lines().map(|line| format!("    {line}\n")).collect();
    let ours = match ours {
        Ok(ours) => ours,
        Err(error) => return format!("{out}  Rampart refuses: {error}\n"),
    };
    for (i, line) in case.code.lines().enumerate() {
        match (wanted.lines.get(&(i + 1)), ours.lines.get(&(i + 1))) {
            (Some(_), None) => out.push_str(&format!("  missing {}: {line}\n", i + 1)),
            (None, Some(_)) => out.push_str(&format!("  extra {}: {line}\n", i + 1)),
            (Some(a), Some(b)) if a != b => {
                out.push_str(&format!("  message {}: {line}\n    Semgrep: {a}\n    Rampart: {b}\n", i + 1))
            }
            _ => {}
        }
    }
    if wanted.fixed != ours.fixed {
        out.push_str(&format!("  fixed by Semgrep: {:?}\n  fixed by Rampart: {:?}\n", wanted.fixed, ours.fixed));
    }
    out
}

/// The case as it is written down.
fn written(case: &Case) -> String {
    let mut out = format!("=== {}\n", case.name);
    if let Some(reason) = &case.differs {
        out.push_str(&format!("differs: {reason}\n"));
    }
    out.push_str(&format!("{}\n---\n", case.body));
    for (i, line) in case.code.lines().enumerate() {
        match case.found.lines.get(&(i + 1)) {
            Some(message) => out.push_str(format!("{line:<39}{MARK} {}", message).trim_end()),
            None => out.push_str(line),
        }
        out.push('\n');
    }
    if let Some(fixed) = &case.found.fixed {
        out.push_str(&format!("--- fixed\n{fixed}"));
    }
    out
}

fn compare(options: &Options, rules: &Path, targets: &Path) -> anyhow::Result<()> {
    let scratch = Scratch::new()?;
    let (mut rule_files, mut target_files) = (Vec::new(), Vec::new());
    collect(rules, &mut rule_files)?;
    collect(targets, &mut target_files)?;
    let mut chance = Chance(options.seed.wrapping_add(1));
    let mut names: Vec<(String, Value)> = Vec::new();
    for file in rule_files.iter().filter(|f| f.to_string_lossy().contains(&options.only) && is_yaml(f)) {
        let text = std::fs::read_to_string(file)?;
        for rule in search_rules(&text) {
            let name = rule["id"].as_str().unwrap_or("").to_string();
            for n in 0..options.mutate {
                let mut mutant = rule.clone();
                if let Some(what) = mutate(&mut mutant, &mut chance) {
                    names.push((format!("{name} #{n}: {what}"), mutant));
                }
            }
            if options.mutate == 0 {
                names.push((name, rule));
            }
        }
    }
    for (index, (_, rule)) in names.iter_mut().enumerate() {
        rule["id"] = Value::from(format!("r{index}"));
        rule.as_object_mut().map(|fields| fields.remove("paths"));
    }
    let (names, rules): (Vec<String>, Vec<Value>) = names.into_iter().unzip();
    let text = serde_json::json!({ "rules": rules }).to_string();
    std::fs::write(scratch.0.join("rules.yaml"), &text)?;
    let mut sources = Vec::new();
    for (index, path) in target_files.iter().filter(|f| !is_yaml(f)).enumerate() {
        let Ok(source) = std::fs::read_to_string(path) else { continue };
        let Some(lang) = Lang::of_file(path, source.lines().next().unwrap_or("")) else { continue };
        let copy = format!("t{index}.{}", path.extension().unwrap_or_default().to_string_lossy());
        std::fs::write(scratch.0.join("targets").join(&copy), &source)?;
        sources.push((path, copy, source, lang));
    }
    let answer = ask(options, &scratch.0)?;
    let (loaded, mut errors) = rampart_rules::load::load_str("rules", &text);
    let (set, more) = RuleSet::compile(loaded, &CompileOptions::default());
    errors.extend(more);
    let refused: BTreeMap<String, String> = errors.into_iter().filter_map(|e| Some((e.rule_id?, e.message))).collect();
    let number = |id: &str| id[1..].parse::<usize>().unwrap_or(0);
    for (id, why) in &refused {
        if !answer.refused.contains_key(id) {
            println!("{}\n  only Rampart refuses: {why}", names[number(id)]);
        }
    }
    for (id, why) in answer.refused.iter().filter(|(id, _)| !refused.contains_key(*id)) {
        println!("{}\n  only Semgrep refuses: {}", names[number(id)], why.lines().next().unwrap_or(""));
    }
    let mut differences: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut table: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    for (path, copy, source, lang) in &sources {
        let outcome = set.scan(
            &FileInput { path: copy, text: source, lang: Some(*lang), settings: &Settings::default() },
            &Limits { steps: u64::MAX, ..Limits::default() },
        );
        for (index, rule) in set.rules().iter().enumerate() {
            if refused.contains_key(&rule.id) || answer.refused.contains_key(&rule.id) {
                continue;
            }
            let ours: BTreeSet<usize> =
                outcome.matches.iter().filter(|m| m.rule == index).map(|m| line_of(source, m.span.start)).collect();
            let key = (rule.id.clone(), copy.clone());
            let theirs: BTreeSet<usize> = answer.findings.get(&key).into_iter().flatten().map(|f| f.line).collect();
            let row = table.entry(lang.name()).or_default();
            row[0] += 1;
            row[1] += theirs.len();
            row[2] += theirs.difference(&ours).count();
            row[3] += ours.difference(&theirs).count();
            if ours != theirs {
                let (missing, extra): (Vec<_>, Vec<_>) =
                    (theirs.difference(&ours).collect(), ours.difference(&theirs).collect());
                let line = format!("  {} missing {missing:?} extra {extra:?}", path.display());
                differences.entry(number(&rule.id)).or_default().push(line);
            }
        }
    }
    for (rule, lines) in &differences {
        println!("{}\n{}", names[*rule], lines[..lines.len().min(FILES_SHOWN)].join("\n"));
        if lines.len() > FILES_SHOWN {
            println!("  and in {} more files", lines.len() - FILES_SHOWN);
        }
    }
    println!("| language | rules × files | lines of Semgrep | missing | extra |\n| --- | ---: | ---: | ---: | ---: |");
    table.iter().for_each(|(lang, [pairs, all, missing, extra])| {
        println!("| {lang} | {pairs} | {all} | {missing} | {extra} |")
    });
    Ok(())
}

fn collect(path: &Path, out: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    if path.is_file() {
        out.push(path.to_path_buf());
        return Ok(());
    }
    let entries = std::fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut paths = entries.map(|entry| entry.map(|e| e.path())).collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    paths.iter().try_for_each(|path| collect(path, out))
}

fn is_yaml(path: &Path) -> bool {
    matches!(path.extension().and_then(|e| e.to_str()), Some("yaml" | "yml"))
}

fn line_of(source: &str, at: u32) -> usize {
    source[..at as usize].matches('\n').count() + 1
}

/// The rules of a file that Rampart runs as searches, as data.
fn search_rules(text: &str) -> Vec<Value> {
    let (rules, _) = rampart_rules::load::load_str("rules", text);
    let wanted: BTreeSet<String> =
        rules.into_iter().filter(|r| matches!(r.mode, Mode::Search(_))).map(|r| r.id).collect();
    let (documents, _) = rampart_rules::yaml::read(text);
    let rules = documents.iter().flat_map(|d| d.to_json()["rules"].as_array().cloned().unwrap_or_default());
    rules.filter(|r| r["id"].as_str().is_some_and(|id| wanted.contains(id))).collect()
}
