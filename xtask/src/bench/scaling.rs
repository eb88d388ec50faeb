//! How Rampart's cost grows with files, rules and threads, and whether its findings stay the same.

use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use super::process::{Usage, median};
use super::read_json;
use super::rules::Rules;
use super::stage::Stage;
use super::tools::Rampart;

/// Rules of a large set; a tenth of it is the small one.
const MANY_RULES: usize = 300;

/// Start-up is short, and so its spread is large: it is measured this often.
const STARTS: usize = 20;

/// All measurements of one repository.
#[derive(Debug, Serialize)]
pub struct Scaling {
    pub repo: String,
    pub files: Vec<Point>,
    pub rules: Vec<Point>,
    pub threads: Vec<Point>,
    pub start: Point,
    /// Names of runs with one more thread count, or repeated, whose findings were not those of the first.
    pub unequal: Vec<String>,
}

/// One setting and what a run with it used: medians of several runs.
#[derive(Debug, Serialize)]
pub struct Point {
    /// How many files, rules or threads.
    pub count: usize,
    pub bytes: u64,
    pub findings: usize,
    pub usage: Usage,
}

pub struct Subject<'a> {
    pub name: &'a str,
    pub stage: &'a Stage,
    pub rules: &'a Rules,
    /// Runs per point.
    pub runs: usize,
    /// For rule files and reports.
    pub folder: &'a Path,
}

/// # Errors
/// When a scan fails.
pub fn measure(rampart: &Rampart, subject: &Subject) -> anyhow::Result<Scaling> {
    let Subject { stage, rules, folder, .. } = subject;
    let all = folder.join("all.yaml");
    rules.write(&all)?;

    let mut files = Vec::new();
    for step in [4, 2, 1] {
        let part = stage.every(step)?;
        files.push(point(rampart, subject, &part, &all, 1)?);
    }

    let mut by_rules = Vec::new();
    let many = rules.first(MANY_RULES);
    for sample in [many.every(10), many.clone()] {
        let file = folder.join("sample.yaml");
        sample.write(&file)?;
        by_rules.push(Point { count: sample.len(), ..point(rampart, subject, stage, &file, 1)? });
    }

    let mut threads = Vec::new();
    for jobs in [1, 2, 4, 8] {
        threads.push(Point { count: jobs, ..point(rampart, subject, stage, &all, jobs)? });
    }

    Ok(Scaling {
        repo: subject.name.to_owned(),
        files,
        rules: by_rules,
        threads,
        start: start(rampart, subject, &many)?,
        unequal: unequal(rampart, subject, &all)?,
    })
}

/// What a run takes, and how many files it scanned.
fn point(rampart: &Rampart, subject: &Subject, stage: &Stage, rules: &Path, jobs: usize) -> anyhow::Result<Point> {
    let out = subject.folder.join("scan.json");
    let runs: Vec<Usage> =
        (0..subject.runs).map(|_| rampart.scan(stage.folder(), rules, jobs, &out)).collect::<anyhow::Result<_>>()?;
    let report = read_json(&out)?;
    let coverage = &report["rampart"]["coverage"];
    Ok(Point {
        count: coverage["files_scanned"].as_u64().unwrap_or_default() as usize,
        bytes: coverage["bytes_scanned"].as_u64().unwrap_or_default(),
        findings: report["results"].as_array().map_or(0, Vec::len),
        usage: median(&runs),
    })
}

/// Many rules on a file of one line: what every scan pays before it looks at code.
fn start(rampart: &Rampart, subject: &Subject, many: &Rules) -> anyhow::Result<Point> {
    let rules = subject.folder.join("many.yaml");
    many.write(&rules)?;
    let line = subject.stage.one_line()?;
    let often = Subject { runs: STARTS, ..*subject };
    Ok(Point { count: many.len(), ..point(rampart, &often, &line, &rules, 1)? })
}

/// Every finding in full, messages and fingerprints too, from runs that must not differ.
fn unequal(rampart: &Rampart, subject: &Subject, rules: &Path) -> anyhow::Result<Vec<String>> {
    let mut first: Option<Value> = None;
    let mut unequal = Vec::new();
    for (jobs, name) in
        [(1, "1 thread"), (1, "1 thread again"), (2, "2 threads"), (8, "8 threads"), (8, "8 threads again")]
    {
        let out = subject.folder.join("equal.json");
        rampart.scan(subject.stage.folder(), rules, jobs, &out)?;
        let found = read_json(&out)?["results"].take();
        match &first {
            None => first = Some(found),
            Some(first) if *first == found => {}
            Some(_) => unequal.push(name.to_owned()),
        }
    }
    Ok(unequal)
}
