//! Small programs in pairs, one vulnerable and one safe, each about one way that data takes. Each file under `tests/flow/<language>`
//! is an archive of cases: see `Case`. `CASE=name` runs one and prints what was found.

#![expect(clippy::disallowed_methods, reason = "the cases are files, and one of them is chosen by the environment")]

use std::collections::BTreeSet;
use std::path::Path;

use rampart_rules::load::load_str;
use rampart_rules::{CompileOptions, FileInput, Limits, Reach, RuleSet, Settings};
use rampart_syntax::Lang;

const RULE: &str = "
rules:
  - id: flow
    mode: taint
    languages: [python, javascript, typescript, java, go]
    message: reached
    severity: HIGH
    pattern-sources:
      - pattern: source(...)
      - pattern: $X.source(...)
    pattern-sinks:
      - pattern: sink(...)
      - pattern: $X.sink(...)
    pattern-sanitizers:
      - pattern: clean(...)
      - pattern: $X.clean(...)
";

/// The rule of the cases in `order.cases`.
const ORDER_RULE: &str = "
rules:
  - id: order
    mode: taint
    languages: [python, javascript, typescript, java, go]
    message: reached
    severity: HIGH
    pattern-sources:
      - pattern: source(...)
        control: true
    pattern-sinks:
      - pattern: sink(...)
";

/// `=== name vulnerable|safe` begins a case, `--- path` a file of it, a line that must be reported ends with the comment `finding`.
#[derive(Debug, Default)]
struct Case {
    name: String,
    vulnerable: bool,
    /// `todo: reason` after the name: known to be wrong; the suite fails when it is right.
    todo: Option<String>,
    files: Vec<(String, String)>,
}

fn read(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        if let Some(head) = line.strip_prefix("=== ") {
            let (head, todo) = match head.split_once(" todo: ") {
                Some((head, todo)) => (head, Some(todo.to_string())),
                None => (head, None),
            };
            let (name, kind) = head.trim().rsplit_once(' ').unwrap_or((head, ""));
            assert!(kind == "vulnerable" || kind == "safe", "a case is vulnerable or safe: {line}");
            cases.push(Case { name: name.to_string(), vulnerable: kind == "vulnerable", todo, files: Vec::new() });
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        if let Some(path) = line.strip_prefix("--- ") {
            case.files.push((path.trim().to_string(), String::new()));
        } else if let Some((_, text)) = case.files.last_mut() {
            text.push_str(line);
            text.push('\n');
        } else {
            assert!(
                line.starts_with("#:") || line.trim().is_empty(),
                "{}: a line outside of a file: {line}",
                case.name
            );
        }
    }
    cases
}

fn expected(case: &Case) -> BTreeSet<(String, usize)> {
    let mut out = BTreeSet::new();
    for (path, text) in &case.files {
        for (i, line) in text.lines().enumerate() {
            let line = line.trim_end();
            if line.ends_with("# finding") || line.ends_with("// finding") {
                out.insert((path.clone(), i + 1));
            }
        }
    }
    out
}

fn found(set: &RuleSet, case: &Case) -> BTreeSet<(String, usize)> {
    let limits = Limits { reach: Reach::Project, ..Limits::default() };
    let mut flows = Vec::new();
    let mut texts = Vec::new();
    let mut configs = Vec::new();
    for (path, text) in &case.files {
        let Some(lang) = Lang::of_file(Path::new(path), "") else {
            configs.push((path.clone(), text.clone()));
            continue;
        };
        let outcome = set.scan(&FileInput { path, text, lang: Some(lang), settings: &Settings::default() }, &limits);
        flows.push((path.clone(), outcome.flow.expect("the rule is for every language")));
        texts.push(text.as_str());
    }
    let (found, cut) = set.follow(&mut flows, &configs, Reach::Project, 1, None);
    assert!(cut.is_empty(), "{}: cut short", case.name);
    let line = |file: usize, at: u32| texts[file][..at as usize].matches('\n').count() + 1;
    let mut out = BTreeSet::new();
    for flow in &found {
        if std::env::var("CASE").is_ok() {
            for step in &flow.found.steps {
                let text = &texts[step.file][step.span.range()];
                println!("    {}:{} {:?} {text}", flows[step.file].0, line(step.file, step.span.start), step.role);
            }
        }
        out.insert((flows[flow.file].0.clone(), line(flow.file, flow.found.span.start)));
    }
    out
}

#[test]
fn data_flows_where_it_should() {
    // Debug builds need some kilobytes of stack for each level of nesting.
    std::thread::Builder::new()
        .stack_size(64 << 20)
        .spawn(run)
        .expect("a thread can be started")
        .join()
        .expect("the cases hold");
}

fn compiled(rules: &str) -> RuleSet {
    let (rules, errors) = load_str("flow", rules);
    assert!(errors.is_empty(), "{errors:?}");
    let (set, errors) = RuleSet::compile(rules, &CompileOptions::default());
    assert!(errors.is_empty(), "{errors:?}");
    set
}

fn run() {
    let (data, order) = (compiled(RULE), compiled(ORDER_RULE));
    let only = std::env::var("CASE").ok();
    let mut wrong = Vec::new();
    let mut count = 0;
    let mut folders: Vec<_> =
        std::fs::read_dir("tests/flow").expect("the cases are there").map(|e| e.expect("readable").path()).collect();
    folders.sort();
    for folder in folders {
        let mut files: Vec<_> =
            std::fs::read_dir(&folder).expect("a folder of cases").map(|e| e.expect("readable").path()).collect();
        files.sort();
        for file in files {
            let text = std::fs::read_to_string(&file).expect("readable");
            let place = format!(
                "{}/{}",
                folder.file_name().expect("named").to_string_lossy(),
                file.file_stem().expect("named").to_string_lossy()
            );
            let set = if file.file_stem().is_some_and(|stem| stem == "order") { &order } else { &data };
            for case in read(&text) {
                if only.as_ref().is_some_and(|only| *only != case.name && *only != place) {
                    continue;
                }
                count += 1;
                let (expected, found) = (expected(&case), found(set, &case));
                assert_eq!(
                    expected.is_empty(),
                    !case.vulnerable,
                    "{place} {}: the kind does not fit its marks",
                    case.name
                );
                let kind = if case.vulnerable { "vulnerable" } else { "safe" };
                match (&case.todo, expected == found) {
                    (None, false) => {
                        wrong.push(format!("{place}: {} {kind}: expected {expected:?}, found {found:?}", case.name))
                    }
                    (Some(_), true) => {
                        wrong.push(format!("{place}: {} {kind} is right now: take its `todo` away", case.name))
                    }
                    _ => {}
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count} cases are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Rules enough for several searches, each with a source and a sink of its own and one that all have in common.
fn many_rules(count: usize) -> String {
    let rule = |n: usize| {
        format!(
            "
  - id: flow-{n}
    mode: taint
    languages: [python]
    message: reached
    severity: HIGH
    pattern-sources:
      - pattern: source(...)
      - pattern: source_{n}(...)
    pattern-sinks:
      - pattern: shared(...)
      - pattern: sink_{n}(...)
    pattern-sanitizers:
      - pattern: clean_{n}(...)
"
        )
    };
    format!("rules:{}", (0..count).map(rule).collect::<String>())
}

#[test]
fn threads_do_not_change_what_is_found() {
    const RULES: usize = 150;
    const FILES: usize = 24;
    let set = compiled(&many_rules(RULES));
    let limits = Limits { reach: Reach::Project, ..Limits::default() };
    // Each file hands on what it gets to two others, in rings.
    let text = |n: usize| {
        let (next, far) = ((n + 1) % FILES, (n * 5 + 3) % FILES);
        format!(
            "from m{next} import f{next}\nfrom m{far} import f{far}\n\ndef f{n}(value, other=None):\n    \
             sink_{n}(value)\n    shared(value)\n    f{next}(clean_{n}(value), source_{n}())\n    return f{far}(other or value)\n\n\
             f{n}(source())\n"
        )
    };
    let texts: Vec<(String, String)> = (0..FILES).map(|n| (format!("m{n}.py"), text(n))).collect();
    let flows = || {
        let scan = |(path, text): &(String, String)| {
            let file = FileInput { path, text, lang: Some(Lang::Python), settings: &Settings::default() };
            (path.clone(), set.scan(&file, &limits).flow.expect("the rules are for it"))
        };
        texts.iter().map(scan).collect::<Vec<_>>()
    };
    let found = |threads: usize| {
        let (found, cut) = set.follow(&mut flows(), &[], Reach::Project, threads, None);
        let told = found.iter().map(|flow| {
            let steps: Vec<_> = flow.found.steps.iter().map(|step| (step.file, step.span)).collect();
            (flow.file, flow.found.rule, flow.found.span, flow.found.message.clone(), steps)
        });
        (told.collect::<Vec<_>>(), cut)
    };
    let (one, cut) = found(1);
    let rules: BTreeSet<usize> = one.iter().map(|(_, rule, ..)| *rule).collect();
    assert!(rules.len() == RULES && one.len() > 4 * RULES, "{} findings of {} rules", one.len(), rules.len());
    for threads in [2, 4, 4] {
        assert_eq!(found(threads), (one.clone(), cut.clone()), "{threads} threads");
    }
}
