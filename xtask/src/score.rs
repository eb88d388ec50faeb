//! Scores a SARIF report against the expected results of an OWASP Benchmark: `name,category,real,cwe` per test case.
//!
//! A test case is reported when some result in the file of its name has one of the weaknesses of its category. Score of a category:
//! true positive rate minus false positive rate; of the whole: the mean over the categories.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use serde_json::Value;

/// Weaknesses that name what a category is about, beside the one that the expected results give.
const KINDRED: &[(u32, &[u32])] = &[
    (22, &[23, 36, 73]),
    (78, &[77, 88]),
    (79, &[80]),
    (89, &[564]),
    (94, &[95, 96]),
    (327, &[326]),
    (328, &[327, 916]),
    (330, &[331, 335, 338, 340]),
    (611, &[827]),
    (643, &[91]),
];

#[derive(Default)]
struct Counts {
    real: usize,
    real_found: usize,
    unreal: usize,
    unreal_found: usize,
}

impl Counts {
    fn rates(&self) -> (f64, f64) {
        let rate = |found: usize, of: usize| 100.0 * found as f64 / of.max(1) as f64;
        (rate(self.real_found, self.real), rate(self.unreal_found, self.unreal))
    }
}

pub fn run(args: Vec<String>) -> anyhow::Result<()> {
    let (mut paths, mut verbose) = (Vec::new(), false);
    for arg in args {
        if arg == "--verbose" { verbose = true } else { paths.push(arg) }
    }
    let [expected, report] = paths.as_slice() else {
        anyhow::bail!("usage: cargo xtask score EXPECTED.csv REPORT.sarif [--verbose]")
    };
    let expected = std::fs::read_to_string(expected).with_context(|| format!("cannot read {expected}"))?;
    let report = std::fs::read(report).with_context(|| format!("cannot read {report}"))?;
    let found = weaknesses(&serde_json::from_slice(&report).context("the report is not JSON")?)?;
    let mut categories: BTreeMap<&str, Counts> = BTreeMap::new();
    let mut wrong: Vec<String> = Vec::new();
    for line in expected.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        let &[name, category, real, cwe, ..] = fields.as_slice() else {
            anyhow::bail!("a line without four fields: {line}")
        };
        let cwe: u32 = cwe.parse().with_context(|| format!("no weakness number: {line}"))?;
        let kindred = KINDRED.iter().find(|(of, _)| *of == cwe).map_or(&[][..], |(_, kindred)| kindred);
        let is_found =
            found.get(name).is_some_and(|found| found.contains(&cwe) || kindred.iter().any(|k| found.contains(k)));
        let counts = categories.entry(category).or_default();
        let (of, hit) = match real {
            "true" => (&mut counts.real, &mut counts.real_found),
            _ => (&mut counts.unreal, &mut counts.unreal_found),
        };
        *of += 1;
        *hit += usize::from(is_found);
        if is_found != (real == "true") {
            wrong.push(format!("{category} {name} {}", if is_found { "reported, and safe" } else { "not reported" }));
        }
    }
    println!(
        "| category | real | found | rate | not real | reported | rate | score |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    );
    let mut sums = (0.0, 0.0);
    for (category, counts) in &categories {
        let (hit, miss) = counts.rates();
        sums = (sums.0 + hit, sums.1 + miss);
        println!(
            "| {category} | {} | {} | {hit:.1} | {} | {} | {miss:.1} | {:.1} |",
            counts.real,
            counts.real_found,
            counts.unreal,
            counts.unreal_found,
            hit - miss
        );
    }
    let count = categories.len().max(1) as f64;
    let (hit, miss) = (sums.0 / count, sums.1 / count);
    println!("| mean | | | {hit:.1} | | | {miss:.1} | **{:.1}** |", hit - miss);
    if verbose {
        wrong.iter().for_each(|line| println!("{line}"));
    }
    Ok(())
}

/// The weaknesses reported per file, by the file's name without folders and ending.
fn weaknesses(report: &Value) -> anyhow::Result<BTreeMap<String, BTreeSet<u32>>> {
    let mut out: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
    for run in report["runs"].as_array().context("no `runs` in the report")? {
        let mut of_rule: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for rule in run["tool"]["driver"]["rules"].as_array().into_iter().flatten() {
            let tags = rule["properties"]["tags"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let cwes = tags.filter_map(cwe).collect();
            of_rule.insert(rule["id"].as_str().unwrap_or_default(), cwes);
        }
        for result in run["results"].as_array().into_iter().flatten() {
            if result["suppressions"].as_array().is_some_and(|s| !s.is_empty()) {
                continue;
            }
            let Some(cwes) = result["ruleId"].as_str().and_then(|id| of_rule.get(id)) else { continue };
            let uri =
                result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap_or_default();
            let name = uri.rsplit('/').next().unwrap_or(uri).split('.').next().unwrap_or_default();
            out.entry(name.to_string()).or_default().extend(cwes);
        }
    }
    Ok(out)
}

/// `external/cwe/cwe-089` or `CWE-89: …`.
fn cwe(tag: &str) -> Option<u32> {
    let tag = tag.to_ascii_lowercase();
    let number = &tag[tag.rfind("cwe-")? + 4..];
    number.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
}
