//! Who is who, and when what is absent is fixed: the cases that people would argue about.

use rampart_findings::identity::{
    Absence, Change, FileChange, Hunk, Item, Kind, Known, Looked, Pass, Place, Unseen, absence, pair,
};
use rampart_report::model::{Coverage, LineRange, PartialParse, Report, RuleInfo, SCHEMA, Tool};

fn item(rule: &str, path: &str, line: u32, signatures: &[(Kind, &str)]) -> Item {
    let signatures = signatures.iter().map(|(kind, value)| (*kind, (*value).to_owned())).collect();
    Item { rule: rule.to_owned(), path: path.to_owned(), line, column: 1, signatures }
}

fn known(item: Item) -> Known {
    Known { item, is_placed: true, is_open: true }
}

/// What of the stored is what of the new.
fn paired(known: &[Known], new: &[Item], change: &Change) -> Vec<(usize, usize, Pass)> {
    pair(known, new, change).iter().map(|pair| (pair.known, pair.new, pair.pass)).collect()
}

fn changed(path: &str, to: &str, hunks: Vec<Hunk>) -> Change {
    Change::Between([(path.to_owned(), FileChange::new(to, hunks))].into())
}

fn inserted(after: u32, lines: u32) -> Hunk {
    Hunk { old_start: after, old_lines: 0, new_start: after + 1, new_lines: lines }
}

#[test]
fn a_match_is_known_wherever_its_line_is() {
    let stored = [known(item("r", "a", 3, &[(Kind::Match, "m")])), known(item("r", "a", 9, &[(Kind::Match, "n")]))];
    let new = [item("r", "a", 12, &[(Kind::Match, "n")]), item("r", "a", 40, &[(Kind::Match, "m")])];
    assert_eq!(paired(&stored, &new, &Change::Unknown), [(1, 0, Pass::Match), (0, 1, Pass::Match)]);
}

#[test]
fn of_equal_matches_git_tells_which_is_new() {
    let stored = [known(item("r", "a", 5, &[(Kind::Match, "m")]))];
    // The same code was put above.
    let new = [item("r", "a", 2, &[(Kind::Match, "m")]), item("r", "a", 7, &[(Kind::Match, "m:1")])];
    assert_eq!(paired(&stored, &new, &changed("a", "a", vec![inserted(1, 2)])), [(0, 1, Pass::Match)]);
    // Without history the order decides.
    assert_eq!(paired(&stored, &new, &Change::Unknown), [(0, 0, Pass::Match)]);
    // As many as there were are those, whatever a diff makes of lines that look alike.
    let stored = [known(item("r", "a", 5, &[(Kind::Match, "m")])), known(item("r", "a", 9, &[(Kind::Match, "m:1")]))];
    let new = [item("r", "a", 8, &[(Kind::Match, "m")]), item("r", "a", 12, &[(Kind::Match, "m:1")])];
    let gone = Hunk { old_start: 5, old_lines: 1, new_start: 4, new_lines: 0 };
    let come = Hunk { old_start: 9, old_lines: 0, new_start: 9, new_lines: 4 };
    let change = changed("a", "a", vec![gone, come]);
    assert_eq!(paired(&stored, &new, &change), [(0, 0, Pass::Match), (1, 1, Pass::Match)]);
}

#[test]
fn a_line_that_was_changed_where_it_stood_keeps_its_only_finding() {
    let edit = |lines| Hunk { old_start: 4, old_lines: 2, new_start: 4, new_lines: lines };
    let stored = [known(item("r", "a", 5, &[(Kind::Match, "m")]))];
    let new = [item("r", "b", 5, &[(Kind::Match, "n")])];
    assert_eq!(paired(&stored, &new, &changed("a", "b", vec![edit(2)])), [(0, 0, Pass::Edit)]);
    assert_eq!(paired(&stored, &new, &changed("a", "b", vec![edit(3)])), []);
    let twice = [new[0].clone(), Item { column: 9, ..new[0].clone() }];
    assert_eq!(paired(&stored, &twice, &changed("a", "b", vec![edit(2)])), []);
}

#[test]
fn of_equal_matches_what_was_dismissed_hides_none_that_is_open() {
    let dismissed = Known { is_open: false, ..known(item("r", "a", 5, &[(Kind::Match, "m")])) };
    let stored = [dismissed, known(item("r", "a", 9, &[(Kind::Match, "m:1")]))];
    let new = [item("r", "a", 5, &[(Kind::Match, "m")])];
    assert_eq!(paired(&stored, &new, &Change::Unknown), [(1, 0, Pass::Match)]);
}

#[test]
fn signatures_of_different_kinds_are_never_compared() {
    let kinds = [
        Kind::Match,
        Kind::Scope,
        Kind::Body,
        Kind::Secret,
        Kind::Dependency,
        Kind::Resource,
        Kind::Import,
        Kind::Hint,
    ];
    for one in kinds {
        for other in kinds {
            let stored = [known(item("r", "a", 1, &[(one, "x")]))];
            let new = [item("r", "a", 9, &[(other, "x")])];
            assert_eq!(paired(&stored, &new, &Change::Unknown).len(), usize::from(one == other), "{one} and {other}");
        }
    }
}

#[test]
fn a_line_that_did_not_change_keeps_its_finding_though_the_rule_did() {
    let stored = [known(item("r", "a", 5, &[(Kind::Match, "before")]))];
    let new = [item("r", "a", 7, &[(Kind::Match, "after")])];
    let change = changed("a", "a", vec![inserted(1, 2)]);
    assert_eq!(paired(&stored, &new, &change), [(0, 0, Pass::Line)]);
    assert_eq!(paired(&stored, &new, &Change::none()), []);
    // Of another rule it is another finding; and a line that was not looked at lately says nothing.
    assert_eq!(paired(&stored, &[item("s", "a", 7, &[])], &change), []);
    let stale = [Known { is_placed: false, ..stored[0].clone() }];
    assert_eq!(paired(&stale, &new, &change), []);
}

#[test]
fn a_renamed_file_keeps_its_findings() {
    let stored = [known(item("r", "a", 5, &[(Kind::Match, "of a")]))];
    let new = [item("r", "b", 6, &[(Kind::Match, "of b")])];
    assert_eq!(paired(&stored, &new, &changed("a", "b", vec![inserted(2, 1)])), [(0, 0, Pass::Rename)]);
    assert_eq!(paired(&stored, &new, &changed("a", "b", vec![])), [], "it is on another line");
}

#[test]
fn on_one_line_as_many_as_before_are_those() {
    let at = |column, name: &str| Item { column, ..item("r", "a", 5, &[(Kind::Match, name)]) };
    let stored = [known(at(1, "m")), known(at(9, "n"))];
    let change = Change::none();
    assert_eq!(paired(&stored, &[at(9, "x"), at(1, "y")], &change), [(1, 0, Pass::Line), (0, 1, Pass::Line)]);
    assert_eq!(paired(&stored, &[at(2, "x"), at(8, "y")], &change), [(0, 0, Pass::Line), (1, 1, Pass::Line)]);
    assert_eq!(paired(&stored, &[at(2, "x")], &change), [], "nobody can say which of the two it is");
}

#[test]
fn the_place_in_a_function_is_known_when_its_words_change() {
    let stored = [known(item("r", "a", 5, &[(Kind::Match, "m"), (Kind::Scope, "s")]))];
    let new = [item("r", "a", 5, &[(Kind::Match, "n"), (Kind::Scope, "s")])];
    assert_eq!(paired(&stored, &new, &Change::Unknown), [(0, 0, Pass::Scope)]);
    let twice = [new[0].clone(), item("r", "a", 8, &[(Kind::Match, "o"), (Kind::Scope, "s")])];
    assert_eq!(paired(&stored, &twice, &Change::Unknown), []);
}

#[test]
fn a_function_is_known_elsewhere_if_it_is_the_only_one() {
    let body = |path: &str, name: &str| item("r", path, 5, &[(Kind::Match, name), (Kind::Body, "b")]);
    let stored = [known(body("a", "m"))];
    assert_eq!(paired(&stored, &[body("b", "n")], &Change::Unknown), [(0, 0, Pass::Body)]);
    assert_eq!(paired(&stored, &[body("b", "n"), body("c", "o")], &Change::Unknown), []);
    let twice = [known(body("a", "m")), known(body("d", "p"))];
    assert_eq!(paired(&twice, &[body("b", "n")], &Change::Unknown), []);
    // What another rule says of the same function is another finding.
    assert_eq!(paired(&stored, &[Item { rule: "s".to_owned(), ..body("b", "n") }], &Change::Unknown), []);
}

#[test]
fn many_findings_are_paired_in_time_and_one_to_one() {
    // Half of them share one signature; the rest have their own. All lines move by one.
    let signature = |n: u32| if n.is_multiple_of(2) { "same".to_owned() } else { format!("own{n}") };
    let all = |shift: u32| (0..40_000).map(move |n| item("r", "a", n + 1 + shift, &[(Kind::Match, &signature(n))]));
    let stored: Vec<Known> = all(0).map(known).collect();
    let new: Vec<Item> = all(1).collect();
    let pairs = pair(&stored, &new, &Change::Unknown);
    assert!(pairs.iter().enumerate().all(|(at, pair)| (pair.known, pair.new) == (at, at)) && pairs.len() == 40_000);
}

fn report(paths: &[&str], rules: &[&str], change: impl FnOnce(&mut Coverage)) -> Report {
    let mut coverage =
        Coverage { scanned: paths.iter().map(|path| (*path).to_owned()).collect(), ..Coverage::default() };
    change(&mut coverage);
    Report {
        schema: SCHEMA,
        tool: Tool { name: "Rampart".into(), version: "1".into(), ..Tool::default() },
        started: String::new(),
        finished: String::new(),
        root: ".".into(),
        rules: rules.iter().map(|id| RuleInfo { id: (*id).to_owned(), ..RuleInfo::default() }).collect(),
        findings: Vec::new(),
        coverage,
    }
}

/// A finding of rule `r` in lines 4 and 5 of `a`, whose data comes through `b`.
fn place(report: &Report) -> Place {
    Place {
        rule: "r".into(),
        rule_revision: Looked::of(report, None).revision("r").map(str::to_owned),
        path: "a".into(),
        line: 4,
        end_line: 5,
        through: vec!["b".into()],
        is_placed: true,
    }
}

#[test]
fn what_is_absent_is_fixed_only_if_it_would_have_been_seen() {
    let usual = report(&["a", "b"], &["r"], |_| {});
    let place = place(&usual);
    let judge = |report: &Report, change: &Change| absence(&place, &Looked::of(report, None), change);
    let of = |paths: &[&str], rules: &[&str], change: &dyn Fn(&mut Coverage)| {
        judge(&report(paths, rules, |coverage| change(coverage)), &Change::none())
    };
    let unseen = Absence::NotObserved;
    assert_eq!(judge(&usual, &Change::none()), Absence::Fixed);
    assert_eq!(of(&["b"], &["r"], &|_| {}), unseen(Unseen::NotScanned));
    assert_eq!(of(&["a"], &["r"], &|_| {}), unseen(Unseen::NotScanned), "its data came through b");
    assert_eq!(of(&["a", "b"], &[], &|_| {}), unseen(Unseen::RuleNotRun));
    for limit in [
        "a: took longer than 10 s; only a part of the rules was run",
        "rule r: too many",
        "b: line 3: too intricate",
        "a: rule r: more than 1000 matches",
        "7 more files: too intricate",
        "something",
    ] {
        assert_eq!(
            of(&["a", "b"], &["r"], &|coverage| coverage.limits.push(limit.into())),
            unseen(Unseen::CutShort),
            "{limit}"
        );
    }
    assert_eq!(of(&["a", "b"], &["r"], &|coverage| coverage.limits.push("rule s: too many".into())), Absence::Fixed);
    let partly = |path: &str, start, end| {
        let (path, errors) = (path.to_owned(), vec![LineRange { start, end }]);
        of(&["a", "b"], &["r"], &|coverage| {
            coverage.partially_parsed.push(PartialParse {
                path: path.clone(),
                errors: errors.clone(),
                share_of_lines: 0.1,
            });
        })
    };
    assert_eq!(partly("a", 5, 9), unseen(Unseen::NotParsed));
    assert_eq!(partly("a", 6, 9), Absence::Fixed);
    assert_eq!(partly("b", 6, 9), unseen(Unseen::NotParsed));
}

#[test]
fn what_was_in_a_file_that_was_deleted_is_fixed() {
    let scanned = report(&["b"], &["r"], |_| {});
    let place = place(&scanned);
    let deleted = Change::Between([("a".to_owned(), FileChange::deleted())].into());
    assert_eq!(absence(&place, &Looked::of(&scanned, None), &deleted), Absence::Fixed);
    let files = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
    assert_eq!(absence(&place, &Looked::of(&scanned, files(&["b"])), &Change::Unknown), Absence::Fixed);
    let there = absence(&place, &Looked::of(&scanned, files(&["a", "b"])), &Change::Unknown);
    assert_eq!(there, Absence::NotObserved(Unseen::NotScanned), "it is there, and was not scanned");
}

#[test]
fn when_the_rule_has_changed_only_changed_code_is_fixed() {
    let before = report(&["a", "b"], &["r"], |_| {});
    let place = place(&before);
    let mut after = before.clone();
    after.rules[0].message = "says something else".into();
    let looked = Looked::of(&after, None);
    let judge = |change: &Change| absence(&place, &looked, change);
    let unseen = Absence::NotObserved(Unseen::RuleChanged);
    assert_eq!(judge(&Change::none()), unseen);
    assert_eq!(judge(&Change::Unknown), unseen);
    let edit = |line| vec![Hunk { old_start: line, old_lines: 1, new_start: line, new_lines: 1 }];
    assert_eq!(judge(&changed("a", "a", edit(9))), unseen, "elsewhere in the file");
    assert_eq!(judge(&changed("a", "a", edit(5))), Absence::Fixed);
    assert_eq!(judge(&changed("b", "b", edit(50))), Absence::Fixed, "where its data comes through");
}

#[test]
fn a_renamed_file_is_looked_for_under_its_new_name() {
    let scanned = report(&["c", "b"], &["r"], |_| {});
    let place = place(&scanned);
    let change = changed("a", "c", vec![]);
    assert_eq!(absence(&place, &Looked::of(&scanned, None), &change), Absence::Fixed);
    let elsewhere = report(&["b"], &["r"], |_| {});
    let unseen = Absence::NotObserved(Unseen::NotScanned);
    assert_eq!(absence(&place, &Looked::of(&elsewhere, None), &change), unseen);
}
