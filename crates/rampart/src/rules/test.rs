//! `rampart rules test`: rules on the annotated files beside them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use rampart_report::model::Fix;
use rampart_rules::load::looks_like_rules;
use rampart_rules::{CompileOptions, FileInput, Limits, Reach, RuleSet, Settings};
use rampart_scan::walk::{first_line_language, language};
use rampart_scan::{Decoded, Lines, Options, RuleFile, fix, on_big_stack};

use super::fixture::{Annotation, Expect, annotations};
use crate::cli::TestArgs;
use crate::failure::{Failure, one_line};
use crate::{exit, packs};

/// One rule file with its fixtures.
struct Case {
    rules: RuleFile,
    fixtures: Vec<PathBuf>,
}

/// How one rule fared on its fixtures.
#[derive(Default)]
struct Row {
    expected: usize,
    found: usize,
    /// `file:line` each.
    missed: Vec<String>,
    unexpected: Vec<String>,
    /// Annotations that say «some day» and need not any more.
    better: Vec<String>,
    open: usize,
    /// What is wrong beyond lines: mistakes in the rule, a fix that differs.
    wrong: Vec<String>,
    /// No fixture speaks of the rule.
    untested: bool,
}

impl Row {
    fn passes(&self) -> bool {
        self.missed.is_empty() && self.unexpected.is_empty() && self.wrong.is_empty()
    }
}

pub fn run(args: &TestArgs) -> Result<u8, Failure> {
    let default = [PathBuf::from("rules")];
    let paths = if args.paths.is_empty() { &default[..] } else { &args.paths };
    let mut cases = Vec::new();
    for path in paths {
        collect(path, &mut cases)?;
    }
    if cases.is_empty() {
        return Err(Failure::new("no rule files to test").hint("name rule files or folders that hold them"));
    }
    let rows = test_all(&cases);
    print(&rows, args.verbose);
    Ok(if rows.iter().all(|(_, row)| row.passes()) { exit::DONE } else { exit::FOUND })
}

fn collect(path: &Path, cases: &mut Vec<Case>) -> Result<(), Failure> {
    if path.is_dir() {
        let entries = packs::entries(path)?;
        for entry in entries {
            let name = entry.file_name().and_then(|name| name.to_str()).unwrap_or("");
            if entry.is_dir() && !name.starts_with('.') || packs::is_rule_name(name) {
                collect(&entry, cases)?;
            }
        }
        return Ok(());
    }
    if !path.exists() {
        return Err(Failure::new(format!("no such file: {}", path.display())));
    }
    let rules = packs::file(path)?;
    if looks_like_rules(&rules.text) {
        cases.push(Case { rules, fixtures: fixtures(path)? });
    }
    Ok(())
}

/// The files beside a rule file that share its stem.
fn fixtures(rules: &Path) -> Result<Vec<PathBuf>, Failure> {
    let stem = rules.file_stem().and_then(|stem| stem.to_str()).unwrap_or("");
    let folder = rules.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let belongs = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
        let ending = name.strip_prefix(stem).and_then(|rest| rest.strip_prefix('.'));
        path.is_file() && ending.is_some_and(|ending| !matches!(ending, "yaml" | "yml") && !ending.contains("fixed"))
    };
    Ok(packs::entries(folder)?.into_iter().filter(belongs).collect())
}

fn test_all(cases: &[Case]) -> Vec<(String, Row)> {
    let next = AtomicUsize::new(0);
    let rows = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..Options::default().threads.min(cases.len()) {
            scope.spawn(|| {
                while let Some((index, case)) = {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    cases.get(index).map(|case| (index, case))
                } {
                    let tested = on_big_stack(|| test(case));
                    rows.lock().unwrap_or_else(PoisonError::into_inner).push((index, tested));
                }
            });
        }
    });
    let mut rows = rows.into_inner().unwrap_or_else(PoisonError::into_inner);
    rows.sort_by_key(|(index, _)| *index);
    rows.into_iter().flat_map(|(_, rows)| rows).collect()
}

fn test(case: &Case) -> BTreeMap<String, Row> {
    let mut loaded = rampart_rules::load::load(&case.rules.name, &case.rules.text);
    for library in packs::libraries_above(Path::new(&case.rules.name)) {
        // Mistakes in a library are told where it is tested itself.
        loaded.libraries.extend(rampart_rules::load::load(&library.name, &library.text).libraries);
    }
    let mut errors = loaded.errors;
    let mut rules = loaded.rules;
    errors.extend(rampart_rules::load::expand(&mut rules, &loaded.libraries));
    let mut rows: BTreeMap<String, Row> = rules
        .iter()
        .filter(|rule| !rule.is_part)
        .map(|rule| (rule.id.clone(), Row { untested: true, ..Row::default() }))
        .collect();
    let (set, wrong) = RuleSet::compile(rules, &CompileOptions::default());
    errors.extend(wrong);
    for error in errors {
        let id = error.rule_id.clone().unwrap_or_else(|| case.rules.name.clone());
        rows.entry(id).or_default().wrong.push(error.to_string());
    }
    let settings = settings(&case.fixtures);
    for fixture in &case.fixtures {
        if let Err(why) = test_fixture(fixture, &set, &settings, &mut rows) {
            rows.entry(case.rules.name.clone()).or_default().wrong.push(format!("{}: {why}", fixture.display()));
        }
    }
    rows
}

/// What the fixtures in no language of programs say under keys: the settings of the others.
fn settings(fixtures: &[PathBuf]) -> Settings {
    let mut settings = Settings::default();
    for fixture in fixtures.iter().filter(|fixture| language(fixture).is_none()) {
        let name = fixture.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if let Ok(text) = std::fs::read_to_string(fixture) {
            rampart_scan::settings::take(&name, &text, &mut settings);
        }
    }
    settings
}

fn test_fixture(
    fixture: &Path,
    set: &RuleSet,
    settings: &Settings,
    rows: &mut BTreeMap<String, Row>,
) -> Result<(), String> {
    let bytes = std::fs::read(fixture).map_err(|error| error.to_string())?;
    let Ok(Decoded { text, shift }) = rampart_scan::decode(bytes) else { return Ok(()) };
    let annotations = annotations(&text);
    let name = fixture.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let lang = first_line_language(fixture, text.as_bytes());
    let input = FileInput { path: &name, text: &text, lang, settings };
    // A fixture lies where it lies, not where the rule will look.
    let mut outcome = set.scan(&input, &Limits { ignore_paths: true, ..Limits::default() });
    if let Some(flow) = outcome.flow.take() {
        // What join rules ask of the file.
        let (found, cut) = set.follow(&mut [(name.clone(), flow)], &[], Reach::File, 1, None);
        outcome.matches.extend(found.into_iter().map(|one| one.found));
        outcome.flow_limits.extend(cut.into_iter().map(|cut| cut.why.to_owned()));
    }
    let lines = Lines::new(&text);
    let mut found: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    for one in &outcome.matches {
        found.entry(&set.rules()[one.rule].id).or_default().insert(lines.line_of(one.span.start as usize));
    }
    for rule in set.rules().iter().filter(|rule| !rule.is_part) {
        let own: Vec<&Annotation> = annotations.iter().filter(|annotation| annotation.is_about(&rule.id)).collect();
        let lines = found.remove(rule.id.as_str()).unwrap_or_default();
        let row = rows.entry(rule.id.clone()).or_default();
        if !own.is_empty() || !lines.is_empty() {
            row.untested = false;
            compare(&own, &lines, &name, row);
        }
        for (limit_rule, limit) in &outcome.limits_hit {
            if set.rules()[*limit_rule].id == rule.id {
                row.wrong.push(format!("{name}: {limit}"));
            }
        }
    }
    if let Some(failure) = outcome.failure {
        return Err(failure);
    }
    test_fixes(fixture, &text, shift, set, &outcome.matches, &lines, rows);
    Ok(())
}

fn compare(annotations: &[&Annotation], found: &BTreeSet<u32>, file: &str, row: &mut Row) {
    let on = |line: u32| annotations.iter().filter(move |annotation| annotation.line == line).map(|a| a.expect);
    row.found += found.len();
    for annotation in annotations {
        let place = format!("{file}:{}", annotation.line);
        let there = found.contains(&annotation.line);
        match annotation.expect {
            Expect::Finding => {
                row.expected += 1;
                if !there {
                    row.missed.push(place);
                }
            }
            Expect::Nothing => {}
            Expect::FindingSomeDay if there => row.better.push(format!("{place} todoruleid is found")),
            Expect::NothingSomeDay if !there => row.better.push(format!("{place} todook is not found")),
            Expect::FindingSomeDay | Expect::NothingSomeDay => row.open += 1,
        }
    }
    for &line in found {
        let allowed = |expect| expect != Expect::Nothing;
        if !on(line).any(allowed) {
            row.unexpected.push(format!("{file}:{line}"));
        }
    }
}

/// Compares with `x.fixed.py` what `x.py` becomes.
fn test_fixes(
    fixture: &Path,
    text: &str,
    shift: Option<usize>,
    set: &RuleSet,
    matches: &[rampart_rules::RuleMatch],
    lines: &Lines,
    rows: &mut BTreeMap<String, Row>,
) {
    let fixed = match (
        fixture.file_stem().and_then(|stem| stem.to_str()),
        fixture.extension().and_then(|ending| ending.to_str()),
    ) {
        (Some(stem), Some(ending)) => fixture.with_file_name(format!("{stem}.fixed.{ending}")),
        _ => return,
    };
    let Ok(expected) = std::fs::read_to_string(&fixed) else { return };
    let fixing: BTreeSet<&str> =
        matches.iter().filter(|one| one.fix.is_some()).map(|one| set.rules()[one.rule].id.as_str()).collect();
    let at = |offset: u32| lines.position(offset as usize);
    let fixes: Vec<Fix> = matches
        .iter()
        .filter_map(|one| one.fix.as_ref())
        .map(|(span, replacement)| Fix { start: at(span.start), end: at(span.end), replacement: replacement.clone() })
        .collect();
    let (chosen, _) = fix::choose(fixes.iter().collect());
    let result = match fix::replace(text.as_bytes(), "", &chosen) {
        Ok((bytes, _)) if shift.is_some() => String::from_utf8_lossy(&bytes).into_owned(),
        _ => return,
    };
    if let Some(difference) = first_difference(&expected, &result) {
        let name = fixed.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let id =
            fixing.first().copied().or_else(|| set.rules().first().map(|rule| rule.id.as_str())).unwrap_or_default();
        rows.entry(id.to_owned()).or_default().wrong.push(format!("{name}:{difference}"));
    }
}

fn first_difference(expected: &str, result: &str) -> Option<String> {
    let (mut expected, mut result) = (expected.lines(), result.lines());
    let mut number = 0;
    loop {
        number += 1;
        match (expected.next(), result.next()) {
            (None, None) => return None,
            (want, got) if want == got => {}
            (want, got) => {
                let show = |line: Option<&str>| line.map_or("nothing".to_owned(), |line| format!("`{}`", line.trim()));
                return Some(format!("{number}: the fix gives {}, expected is {}", show(got), show(want)));
            }
        }
    }
}

fn print(rows: &[(String, Row)], verbose: bool) {
    let shown: Vec<&(String, Row)> =
        rows.iter().filter(|(_, row)| verbose || !row.passes() || !row.better.is_empty()).collect();
    let width = shown.iter().map(|(id, _)| id.chars().count()).max().unwrap_or(0).max(4);
    if !shown.is_empty() {
        println!(
            "{:<width$}  {:<8} {:>8} {:>6} {:>7} {:>10} {:>5}",
            "rule", "result", "expected", "found", "missed", "unexpected", "todo"
        );
    }
    for (id, row) in shown {
        let result = if !row.passes() {
            "FAIL"
        } else if row.untested {
            "untested"
        } else {
            "ok"
        };
        let (missed, unexpected) = (row.missed.len(), row.unexpected.len());
        let id = one_line(id);
        println!(
            "{id:<width$}  {result:<8} {:>8} {:>6} {missed:>7} {unexpected:>10} {:>5}",
            row.expected, row.found, row.open
        );
        let details = [
            ("missed", &row.missed),
            ("unexpected", &row.unexpected),
            ("", &row.wrong),
            ("better than said:", &row.better),
        ];
        for (what, places) in details {
            places.iter().for_each(|place| println!("    {}", format!("{what} {}", one_line(place)).trim_start()));
        }
    }
    let count = |test: fn(&Row) -> bool| rows.iter().filter(|(_, row)| test(row)).count();
    let (failed, untested) = (count(|row| !row.passes()), count(|row| row.untested && row.passes()));
    let findings: usize = rows.iter().map(|(_, row)| row.expected).sum();
    let open: usize = rows.iter().map(|(_, row)| row.open).sum();
    println!(
        "{} rules: {} ok, {failed} failed, {untested} without a fixture; {findings} expected findings, {open} left for some day",
        rows.len(),
        rows.len() - failed - untested,
    );
}
