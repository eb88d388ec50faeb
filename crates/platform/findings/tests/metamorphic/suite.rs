//! Findings keep who they are while code changes around them: every fixture of `rules/`, changed in the ways that people change code.
//!
//! Each change says where every line has gone. A finding is expected to be known again when the scan of the changed code finds the same
//! rule where its line has gone; it is *kept* when the pairing says so too. A *wrong merge* is a pair of a finding with one that it
//! has not become. Equal code is one and the same: of two copies that nobody can tell apart, either will do.
//!
//! The bar: 99 % kept, and no wrong merge.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rampart_findings::identity::{Change, FileChange, Item, Known, pair};
use rampart_report::model::Finding;
use rampart_scan::{Content, Options, Part, Reach, RuleFile, Target, scan, walk::language};

use super::changes::{self, CHANGES, Changed};

/// A fixture: its path, and its text.
struct Fixture {
    path: String,
    text: String,
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() { files(&path, out) } else { out.push(path) }
    }
}

fn rules_and_fixtures() -> (Vec<RuleFile>, Vec<Fixture>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../rules");
    let mut all = Vec::new();
    files(&root, &mut all);
    let (mut rules, mut fixtures) = (Vec::new(), Vec::new());
    for path in all {
        let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("yaml") => rules.push(RuleFile { name, text: text.into() }),
            Some("py" | "js" | "ts" | "tsx" | "java" | "go") => fixtures.push(Fixture { path: name, text }),
            _ => {}
        }
    }
    (rules, fixtures)
}

/// What all rules find in each of these files, by its path.
fn findings(rules: &[RuleFile], texts: &[(String, String)]) -> HashMap<String, Vec<Finding>> {
    let target = |(path, text): &(String, String)| Target {
        path: path.clone(),
        lang: language(Path::new(path)),
        source: Content::Bytes(Arc::from(text.as_bytes())),
        any_form: true,
        part: Part::Scanned,
    };
    let targets: Vec<Target> = texts.iter().map(target).collect();
    let options = Options { dataflow: Reach::File, ..Options::default() };
    let mut by_path: HashMap<String, Vec<Finding>> = HashMap::new();
    for finding in scan(rules, &targets, &options, &|_| {}).findings {
        by_path.entry(finding.path.clone()).or_default().push(finding);
    }
    by_path
}

fn item(finding: &Finding) -> Item {
    let signatures = finding.fingerprints.iter().filter_map(|(kind, value)| Some((kind.parse().ok()?, value.clone())));
    Item {
        rule: finding.rule.clone(),
        path: finding.path.clone(),
        line: finding.start.line,
        column: finding.start.column,
        signatures: signatures.collect(),
    }
}

/// How a change was survived.
#[derive(Default)]
struct Tally {
    fixtures: u64,
    expected: u64,
    kept: u64,
    wrong: u64,
    examples: Vec<String>,
}

/// Compares one file before and after; findings of the changed code may lie in several files.
fn compare(tally: &mut Tally, name: &str, changed: &Changed, before: &[Finding], after: &[Finding], change: &Change) {
    let known: Vec<Known> =
        before.iter().map(|finding| Known { item: item(finding), is_placed: true, is_open: true }).collect();
    // A rule that has another name now is known by it, as when it is stored.
    let renamed = |rule: &str| if changed.renames_rules { format!("{rule}-renamed") } else { rule.to_owned() };
    let known: Vec<Known> = known
        .into_iter()
        .map(|known| Known { item: Item { rule: renamed(&known.item.rule), ..known.item }, ..known })
        .collect();
    let new: Vec<Item> = after.iter().map(item).collect();
    let pairs: HashMap<usize, usize> = pair(&known, &new, change).iter().map(|pair| (pair.known, pair.new)).collect();
    tally.fixtures += 1;
    // By where they are now: what a finding may have become.
    let mut at: HashMap<(&str, &str, u32), Vec<usize>> = HashMap::new();
    for (index, item) in new.iter().enumerate() {
        at.entry((&item.rule, &item.path, item.line)).or_default().push(index);
    }
    for (index, known) in known.iter().enumerate() {
        let item = &known.item;
        let places = changed.places(item.line);
        let possible: HashSet<usize> = places
            .iter()
            .filter_map(|(path, line)| at.get(&(item.rule.as_str(), path.as_str(), *line)))
            .flatten()
            .copied()
            .collect();
        let told = || format!("{name}: {}:{} {}", item.path, item.line, item.rule);
        match pairs.get(&index) {
            Some(new) if possible.contains(new) => {
                tally.expected += 1;
                tally.kept += 1;
            }
            Some(new) => {
                tally.expected += u64::from(!possible.is_empty());
                tally.wrong += 1;
                tally.examples.push(format!("wrong {} -> {}:{}", told(), after[*new].path, after[*new].start.line));
            }
            None if !possible.is_empty() => {
                tally.expected += 1;
                tally.examples.push(format!("lost {}", told()));
            }
            None => {}
        }
    }
}

/// What git would say of a change.
fn history(path: &str, before: &str, changed: &Changed) -> Change {
    if !changed.has_history {
        return Change::Unknown;
    }
    let mut files = HashMap::new();
    let (to, text) = &changed.files[0];
    let hunks = super::diff::hunks(before, text);
    if to != path || !hunks.is_empty() {
        files.insert(path.to_owned(), FileChange::new(to, hunks));
    }
    Change::Between(files)
}

/// Looks at every so many of the fixtures.
///
/// # Panics
/// When the bar is missed.
pub fn run(every: usize) {
    let (rules, fixtures) = rules_and_fixtures();
    let fixtures: Vec<Fixture> = fixtures.into_iter().step_by(every).collect();
    let originals: Vec<(String, String)> =
        fixtures.iter().map(|fixture| (fixture.path.clone(), fixture.text.clone())).collect();
    let before = findings(&rules, &originals);
    let edited: Vec<RuleFile> = rules.iter().map(changes::edit_rules).collect();
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for (name, make) in CHANGES {
        let mut made: Vec<(&Fixture, Changed)> = Vec::new();
        for fixture in &fixtures {
            let found = before.get(&fixture.path).map_or(&[][..], Vec::as_slice);
            if let Some(changed) = (!found.is_empty()).then(|| make(&fixture.path, &fixture.text, found)).flatten() {
                made.push((fixture, changed));
            }
        }
        let texts: Vec<(String, String)> = made.iter().flat_map(|(_, changed)| changed.files.clone()).collect();
        let is_edited = made.iter().any(|(_, changed)| changed.renames_rules);
        let after = findings(if is_edited { &edited } else { &rules }, &texts);
        let tally = tallies.entry(name).or_default();
        for (fixture, changed) in &made {
            let found: Vec<Finding> =
                changed.files.iter().flat_map(|(path, _)| after.get(path).cloned().unwrap_or_default()).collect();
            let change = history(&fixture.path, &fixture.text, changed);
            compare(tally, name, changed, &before[&fixture.path], &found, &change);
        }
    }
    let (mut expected, mut kept, mut wrong) = (0, 0, 0);
    println!("{:<28} {:>8} {:>8} {:>8} {:>6} {:>6}", "change", "fixtures", "findings", "kept", "%", "wrong");
    for (name, tally) in &tallies {
        let percent = 100.0 * tally.kept as f64 / tally.expected.max(1) as f64;
        println!(
            "{name:<28} {:>8} {:>8} {:>8} {percent:>6.2} {:>6}",
            tally.fixtures, tally.expected, tally.kept, tally.wrong
        );
        for example in tally.examples.iter().take(5) {
            println!("    {example}");
        }
        // What no history tells of is shown, and promised by nobody.
        if !name.ends_with("without history") {
            (expected, kept) = (expected + tally.expected, kept + tally.kept);
        }
        wrong += tally.wrong;
        assert!(tally.expected > 0, "{name} was tried on nothing");
    }
    println!("all: {kept} of {expected} kept, {wrong} wrong merges");
    assert_eq!(wrong, 0, "wrong merges");
    assert!(kept * 100 >= expected * 99, "{kept} of {expected} kept");
}
