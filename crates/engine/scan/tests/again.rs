//! Scans that live on what earlier ones kept find what a scan without it finds, whatever was changed in between.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use rampart_scan::walk::{WalkOptions, walk};
use rampart_scan::{Options, Outcome, RuleFile, scan};

/// In each language from `source` to `sink`; `clean` makes clean. Two rules of one language share a search.
fn rules() -> Vec<RuleFile> {
    let mut text = String::from("rules:\n");
    for lang in ["python", "javascript", "java", "go"] {
        for (id, sink) in [("one", "sink"), ("two", "sink_too")] {
            write!(
                text,
                "  - {{id: {lang}-{id}, languages: [{lang}], severity: HIGH, message: 'From $X', mode: taint,\n     \
                 pattern-sources: [{{pattern: source($X)}}], pattern-sanitizers: [{{pattern: clean(...)}}],\n     \
                 pattern-sinks: [{{pattern: {sink}(...)}}]}}\n"
            )
            .unwrap();
        }
    }
    vec![RuleFile { name: "rules.yaml".to_owned(), text: text.into() }]
}

/// A generator of numbers that look random; the same for the same seed everywhere.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

/// Files of each language; each calls others.
const FILES: usize = 5;

/// What one file does, in any language.
#[derive(Clone)]
struct Unit {
    /// The file whose function it calls with what it is given.
    calls: usize,
    gives: usize,
    is_clean: bool,
    has_sink: bool,
    has_other_sink: bool,
    has_source: bool,
    /// Hands its function to the one that it calls, which calls it.
    is_handed_on: bool,
    /// Comments, which move everything below them.
    lines: usize,
    /// Functions before the one that is called, which move its number.
    others: usize,
    /// Statements of the file itself before all else.
    statements: usize,
}

impl Unit {
    fn new(chance: &mut Chance) -> Unit {
        Unit {
            calls: chance.below(FILES),
            gives: chance.below(9),
            is_clean: chance.below(5) == 0,
            has_sink: chance.below(2) == 0,
            has_other_sink: chance.below(3) == 0,
            has_source: chance.below(2) == 0,
            is_handed_on: chance.below(3) == 0,
            lines: 0,
            others: chance.below(2),
            statements: 0,
        }
    }

    fn change(&mut self, chance: &mut Chance) {
        match chance.below(10) {
            0 => self.calls = chance.below(FILES),
            1 => self.gives = chance.below(9),
            2 => self.is_clean ^= true,
            3 => self.has_sink ^= true,
            4 => self.has_other_sink ^= true,
            5 => self.has_source ^= true,
            6 => self.is_handed_on ^= true,
            7 => self.lines += 1 + chance.below(3),
            8 => self.statements = (self.statements + 1) % 3,
            _ => self.others = (self.others + 1) % 4,
        }
    }

    fn text(&self, lang: &str, n: usize) -> String {
        let Unit { calls: to, gives, .. } = *self;
        let given = if self.is_clean { "clean(x)" } else { "x" };
        let mut out = String::new();
        let body: Vec<String> =
            [self.has_sink.then(|| "sink(x)".to_owned()), self.has_other_sink.then(|| "sink_too(given)".to_owned())]
                .into_iter()
                .flatten()
                .collect();
        let handed = if self.is_handed_on { format!("f{n}") } else { "back".to_owned() };
        let comment = if lang == "python" { "# moved\n" } else { "// moved\n" };
        match lang {
            "python" => {
                writeln!(
                    out,
                    "from m{to} import f{to}\n\nclass K{n}:\n    def take(self, x):\n        self.kept = x\n"
                )
                .unwrap();
                out += &comment.repeat(self.lines);
                (0..self.statements).for_each(|i| writeln!(out, "t{i} = str({i})").unwrap());
                (0..self.others).for_each(|i| write!(out, "def g{i}(x):\n    return x\n\n").unwrap());
                writeln!(
                    out,
                    "def f{n}(x, back=None):\n    held = K{n}()\n    held.take({given})\n    given = held.kept"
                )
                .unwrap();
                body.iter().for_each(|line| writeln!(out, "    {line}").unwrap());
                writeln!(out, "    back(given)\n    return f{to}(given, {handed})\n").unwrap();
                if self.has_source {
                    writeln!(out, "f{to}(source({gives}), f{n})").unwrap();
                }
            }
            "javascript" => {
                writeln!(out, "import {{ f{to} }} from './m{to}';").unwrap();
                out += &comment.repeat(self.lines);
                (0..self.statements).for_each(|i| writeln!(out, "const t{i} = String({i});").unwrap());
                (0..self.others).for_each(|i| writeln!(out, "function g{i}(x) {{ return x; }}").unwrap());
                writeln!(out, "export function f{n}(x, back) {{\n  const given = {{ it: {given} }}.it;").unwrap();
                body.iter().for_each(|line| writeln!(out, "  {line};").unwrap());
                writeln!(out, "  back(given);\n  return f{to}(given, {handed});\n}}").unwrap();
                if self.has_source {
                    writeln!(out, "f{to}(source({gives}), f{n});").unwrap();
                }
            }
            "java" => {
                writeln!(out, "package p;\nclass M{n} {{").unwrap();
                out += &comment.repeat(self.lines);
                (0..self.statements).for_each(|i| writeln!(out, "  static Object t{i} = name({i});").unwrap());
                (0..self.others).for_each(|i| writeln!(out, "  static Object g{i}(Object x) {{ return x; }}").unwrap());
                writeln!(out, "  static Object f{n}(Object x) {{\n    Object given = {given};").unwrap();
                body.iter().for_each(|line| writeln!(out, "    {line};").unwrap());
                writeln!(out, "    return M{to}.f{to}(given);\n  }}").unwrap();
                if self.has_source {
                    writeln!(out, "  void begin() {{ M{to}.f{to}(source({gives})); }}").unwrap();
                }
                writeln!(out, "}}").unwrap();
            }
            _ => {
                writeln!(out, "package p\n").unwrap();
                out += &comment.repeat(self.lines);
                (0..self.statements).for_each(|i| writeln!(out, "var t{n}x{i} = name({i})").unwrap());
                (0..self.others).for_each(|i| writeln!(out, "func g{n}x{i}(x string) string {{ return x }}").unwrap());
                writeln!(out, "func f{n}(x string, back func(string)) string {{\n\tgiven := {given}").unwrap();
                body.iter().for_each(|line| writeln!(out, "\t{line}").unwrap());
                let handed = if self.is_handed_on { format!("func(s string) {{ f{n}(s, back) }}") } else { handed };
                writeln!(out, "\tback(given)\n\treturn f{to}(given, {handed})\n}}").unwrap();
                if self.has_source {
                    writeln!(out, "func begin{n}() {{ f{to}(source({gives}), nil) }}").unwrap();
                }
            }
        }
        out
    }
}

/// A file through which so many ways lead that a search gives up on it: many parts of a value, through long functions.
fn endless() -> String {
    let mut out = String::from("from m0 import f0\n\n");
    for n in 0..40 {
        writeln!(out, "def e{n}(x):").unwrap();
        (0..120).for_each(|_| writeln!(out, "    x = x if x else x").unwrap());
        writeln!(out, "    sink(x.end)\n    f0(x)\n    return e{}(x)\n", n + 1).unwrap();
    }
    out += "def begin():\n    o = {}\n";
    (0..23).for_each(|i| writeln!(out, "    o['p{i}'] = source({i})").unwrap());
    out + "    e0(o)\n"
}

fn write_unit(folder: &Path, lang: &str, n: usize, unit: &Unit) {
    let path = match lang {
        "python" => format!("py/m{n}.py"),
        "javascript" => format!("js/m{n}.js"),
        "java" => format!("java/p/M{n}.java"),
        _ => format!("go/p/m{n}.go"),
    };
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, unit.text(lang, n)).unwrap();
}

fn run(folder: &Path, cache: Option<&Path>, threads: usize) -> Outcome {
    let walking = WalkOptions {
        include: Vec::new(),
        exclude: Vec::new(),
        no_ignore: true,
        committed: false,
        max_file_bytes: 1_000_000,
        threads: 1,
    };
    let found = walk(&[folder.to_path_buf()], &walking).unwrap();
    let options = Options { threads, cache: cache.map(Path::to_path_buf), ..Options::default() };
    scan(&rules(), &found.targets, &options, &|_| ())
}

/// All that is said of data flow.
fn told(outcome: &Outcome) -> (String, Vec<String>) {
    (serde_json::to_string_pretty(&outcome.findings).unwrap(), outcome.coverage.limits.clone())
}

#[test]
fn what_is_kept_of_searches_changes_nothing_that_is_found() {
    let mut by_rule: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 0..6 {
        let chance = &mut Chance(seed);
        let (project, kept) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let langs = ["python", "javascript", "java", "go"];
        let mut units: Vec<Vec<Unit>> = langs.iter().map(|_| (0..FILES).map(|_| Unit::new(chance)).collect()).collect();
        for (lang, units) in langs.iter().zip(&units) {
            units.iter().enumerate().for_each(|(n, unit)| write_unit(project.path(), lang, n, unit));
        }
        let mut was_cut = false;
        for round in 0..14 {
            // The file that is too much comes, stays and goes.
            match round {
                5 if seed == 0 => fs::write(project.path().join("py/endless.py"), endless()).unwrap(),
                8 if seed == 0 => fs::remove_file(project.path().join("py/endless.py")).unwrap(),
                _ => {}
            }
            let plain = run(project.path(), None, 1);
            let cached = run(project.path(), Some(kept.path()), 1 + round % 2);
            assert_eq!(told(&cached), told(&plain), "seed {seed}, round {round}");
            was_cut |= !plain.coverage.limits.is_empty();
            plain.findings.iter().for_each(|finding| *by_rule.entry(finding.rule.clone()).or_default() += 1);
            let (lang, n) = (chance.below(langs.len()), chance.below(FILES));
            units[lang][n].change(chance);
            write_unit(project.path(), langs[lang], n, &units[lang][n]);
        }
        assert_eq!(was_cut, seed == 0);
    }
    // What finds nothing would be equal to nothing.
    assert_eq!(by_rule.len(), 8, "{by_rule:?}");
}
