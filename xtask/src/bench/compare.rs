//! Two lists of findings, and where they differ.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Write;

use serde_json::{Value, json};

/// How many differing findings of each side the results name.
const SHOWN: usize = 20;

/// How many places a list for the engine's author gives per rule and side.
const EXAMPLES: usize = 5;

/// Where a finding starts: rule, path, line from 1.
pub type Place = (String, String, u64);

/// The findings of one run. Several that start on one line for one rule are one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    pub total: usize,
    pub places: BTreeSet<Place>,
}

impl Findings {
    /// What a report in Semgrep's JSON says. Semgrep puts the folder of the rule file before a rule's id: `ids` are the ids as written.
    pub fn of_report(report: &Value, ids: &HashSet<String>) -> Findings {
        let results = report["results"].as_array().map(Vec::as_slice).unwrap_or_default();
        let place = |result: &Value| {
            let path = result["path"].as_str().unwrap_or_default();
            (
                written_id(result["check_id"].as_str().unwrap_or_default(), ids),
                path.strip_prefix("./").unwrap_or(path).to_owned(),
                result["start"]["line"].as_u64().unwrap_or_default(),
            )
        };
        Findings { total: results.len(), places: results.iter().map(place).collect() }
    }
}

fn written_id(id: &str, ids: &HashSet<String>) -> String {
    let mut rest = id;
    while !ids.contains(rest) {
        let Some((_, shorter)) = rest.split_once('.') else { return id.to_owned() };
        rest = shorter;
    }
    rest.to_owned()
}

/// What only one of two runs found.
#[derive(Clone, Debug, Default)]
pub struct Difference {
    pub common: usize,
    pub only_semgrep: Vec<Place>,
    pub only_rampart: Vec<Place>,
}

impl Difference {
    pub fn between(semgrep: &Findings, rampart: &Findings) -> Difference {
        let only = |a: &Findings, b: &Findings| a.places.difference(&b.places).cloned().collect();
        Difference {
            common: semgrep.places.intersection(&rampart.places).count(),
            only_semgrep: only(semgrep, rampart),
            only_rampart: only(rampart, semgrep),
        }
    }

    /// The places of each side per rule, the rule with most first.
    pub fn by_rule(&self) -> Vec<(&str, Sides<'_>)> {
        let mut rules: BTreeMap<&str, Sides<'_>> = BTreeMap::new();
        for place in &self.only_semgrep {
            rules.entry(&place.0).or_default().semgrep.push(place);
        }
        for place in &self.only_rampart {
            rules.entry(&place.0).or_default().rampart.push(place);
        }
        let mut rules: Vec<_> = rules.into_iter().collect();
        rules.sort_by_key(|(_, sides)| std::cmp::Reverse(sides.semgrep.len() + sides.rampart.len()));
        rules
    }

    pub fn to_json(&self) -> Value {
        let side = |places: &[Place]| {
            let first: Vec<String> =
                places.iter().take(SHOWN).map(|(rule, path, line)| format!("{rule} {path}:{line}")).collect();
            json!({ "count": places.len(), "first": first })
        };
        let rules: serde_json::Map<String, Value> = self
            .by_rule()
            .into_iter()
            .map(|(rule, sides)| {
                (rule.to_owned(), json!({ "semgrep": sides.semgrep.len(), "rampart": sides.rampart.len() }))
            })
            .collect();
        json!({
            "common": self.common,
            "only_semgrep": side(&self.only_semgrep),
            "only_rampart": side(&self.only_rampart),
            "by_rule": rules,
        })
    }

    /// A list to work from: every rule that differs, with places to look at.
    pub fn to_markdown(&self, name: &str) -> String {
        let mut out = format!(
            "# {name}: findings that differ\n\n{} places in both, {} only in Semgrep's report, {} only in Rampart's.\n",
            self.common,
            self.only_semgrep.len(),
            self.only_rampart.len()
        );
        for (rule, sides) in self.by_rule() {
            let _ = writeln!(out, "\n## {rule}\n");
            for (side, places) in [("semgrep", &sides.semgrep), ("rampart", &sides.rampart)] {
                if !places.is_empty() {
                    let _ = writeln!(out, "only {side}: {}", places.len());
                    for (_, path, line) in places.iter().take(EXAMPLES) {
                        let _ = writeln!(out, "- {path}:{line}");
                    }
                }
            }
        }
        out
    }
}

/// Places that only one side has, of one rule.
#[derive(Debug, Default)]
pub struct Sides<'d> {
    pub semgrep: Vec<&'d Place>,
    pub rampart: Vec<&'d Place>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(results: &[(&str, &str, u64)]) -> Value {
        let results: Vec<Value> = results
            .iter()
            .map(|(rule, path, line)| json!({ "check_id": rule, "path": path, "start": { "line": line } }))
            .collect();
        json!({ "results": results })
    }

    #[test]
    fn ids_are_compared_as_written_and_places_once() {
        let ids: HashSet<String> = ["a.x", "b"].map(str::to_owned).into();
        let semgrep = report(&[("tmp.a.x", "./f.py", 1), ("a.x", "f.py", 1), ("tmp.b", "f.py", 2), ("c", "f.py", 3)]);
        let rampart = report(&[("a.x", "f.py", 1), ("b", "g.py", 2)]);
        let (semgrep, rampart) = (Findings::of_report(&semgrep, &ids), Findings::of_report(&rampart, &ids));
        assert_eq!((semgrep.total, semgrep.places.len()), (4, 3));
        let difference = Difference::between(&semgrep, &rampart);
        let place = |rule: &str, path: &str, line| (rule.to_owned(), path.to_owned(), line);
        assert_eq!(difference.common, 1);
        assert_eq!(difference.only_semgrep, [place("b", "f.py", 2), place("c", "f.py", 3)]);
        assert_eq!(difference.only_rampart, [place("b", "g.py", 2)]);
        let counts: Vec<_> =
            difference.by_rule().iter().map(|(rule, s)| (*rule, s.semgrep.len(), s.rampart.len())).collect();
        assert_eq!(counts, [("b", 1, 1), ("c", 1, 0)]);
    }
}
