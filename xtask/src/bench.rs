//! `cargo xtask bench`: Rampart beside Semgrep CE, as whole processes on the same rules and files, and how Rampart grows.
//!
//! Processor time is the figure to go by: it stands still when other work shares the machine, wall time does not.

mod compare;
mod process;
mod report;
mod rules;
mod scaling;
mod stage;
mod tools;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::{Value, json};

use crate::repository;

use compare::{Difference, Findings};
use process::Usage;
use rules::Rules;
use scaling::{Scaling, Subject};
use stage::Stage;
use tools::{Rampart, Semgrep};

const USAGE: &str = "\
usage: cargo xtask bench --repo NAME=FOLDER... [options]

  --repo NAME=FOLDER      a repository to scan; may be given several times
  --rules NAME=FILE       its rules
  --corpus FOLDER         take rules from a corpus instead: those for the repository's languages that do no data flow
  --language NAME=LANG    which languages those are, with commas between them
  --semgrep PROGRAM       Semgrep CE [default: from PyPI, in a virtual environment in the user's cache folder]
  --rampart PROGRAM       Rampart [default: the release build of this checkout]
  --runs N                runs of Rampart per figure [default: 3]
  --scaling NAME          the repository to measure growth on [default: the one with most rules; `none` for none]
  --keep FOLDER           where reports, differences and results go [default: target/bench]
  --reuse                 take Semgrep's reports that an earlier run left there: it takes minutes and does not change
  --write DOCUMENT        write the figures into this Markdown document, as the section of the day";

struct Args {
    repos: Vec<(String, PathBuf)>,
    rules: BTreeMap<String, PathBuf>,
    languages: BTreeMap<String, String>,
    corpus: Option<PathBuf>,
    semgrep: Option<PathBuf>,
    rampart: Option<PathBuf>,
    runs: usize,
    scaling: Option<String>,
    keep: PathBuf,
    reuse: bool,
    write: Option<PathBuf>,
}

/// Everything that was measured.
struct Results {
    /// Of the start, in UTC: `2026-01-31`.
    date: String,
    machine: Machine,
    rampart: String,
    /// The commit that Rampart was built from; nothing when the program was given.
    commit: Option<String>,
    semgrep: String,
    /// The commit of the rule corpus, if the rules are from one.
    corpus: Option<String>,
    runs: usize,
    repos: Vec<Comparison>,
    scaling: Option<Scaling>,
}

struct Machine {
    cores: usize,
    model: String,
    memory_bytes: u64,
    /// The average number of processes that wanted to run, in the minute before the start.
    load: String,
}

/// Both tools on one repository.
struct Comparison {
    name: String,
    commit: Option<String>,
    /// Of the languages of the rules, as Rampart counts them; so the bytes.
    files: u64,
    bytes: u64,
    rules: usize,
    semgrep: Usage,
    rampart: Usage,
    semgrep_findings: Findings,
    rampart_findings: Findings,
    difference: Difference,
    /// What a reader of the figures must know.
    notes: Vec<String>,
}

impl Comparison {
    /// How many times the processor time Semgrep takes.
    fn times(&self) -> f64 {
        self.semgrep.cpu_seconds() / self.rampart.cpu_seconds()
    }
}

pub fn run(args: Vec<String>) -> anyhow::Result<()> {
    let args = Args::parse(args)?;
    let started = process::now()?;
    let machine = machine();
    std::fs::create_dir_all(&args.keep).with_context(|| format!("cannot make {}", args.keep.display()))?;
    let rampart = Rampart::find(args.rampart.as_deref())?;
    let semgrep = Semgrep::find(args.semgrep.as_deref())?;

    let mut repos = Vec::new();
    let mut subject: Option<(String, Stage, Rules)> = None;
    for (name, folder) in &args.repos {
        let rules = args.rules_of(name)?;
        let (comparison, stage) = compare(&args, &semgrep, &rampart, name, folder, &rules)?;
        repos.push(comparison);
        let better = match &args.scaling {
            Some(wanted) => wanted == name,
            None => subject.as_ref().is_none_or(|(_, _, other)| other.len() < rules.len()),
        };
        if better {
            subject = Some((name.clone(), stage, rules));
        }
    }
    let scaling = match &subject {
        Some((name, stage, rules)) => {
            eprintln!("{name}: how Rampart grows");
            let temporary = tempfile::tempdir()?;
            let subject = Subject { name, stage, rules, runs: args.runs, folder: temporary.path() };
            Some(scaling::measure(&rampart, &subject)?)
        }
        None => None,
    };

    let results = Results {
        date: started[..10].to_owned(),
        machine,
        rampart: rampart.version,
        commit: if args.rampart.is_none() { tools::commit(repository::root()) } else { None },
        semgrep: semgrep.version,
        corpus: args.corpus.as_deref().and_then(tools::commit),
        runs: args.runs,
        repos,
        scaling,
    };
    let block = report::block(&results);
    print!("{block}");
    std::fs::write(args.keep.join("results.md"), &block)?;
    std::fs::write(args.keep.join("results.json"), serde_json::to_vec_pretty(&results.to_json())?)?;
    if let Some(document) = &args.write {
        let before = std::fs::read_to_string(document).unwrap_or_default();
        std::fs::write(document, report::with_section(&before, &results.date, &block))
            .with_context(|| format!("cannot write {}", document.display()))?;
    }
    Ok(())
}

/// Semgrep on the repository, Rampart on the same files, and what differs; the reports stay in the folder to keep.
fn compare(
    args: &Args,
    semgrep: &Semgrep,
    rampart: &Rampart,
    name: &str,
    folder: &Path,
    rules: &Rules,
) -> anyhow::Result<(Comparison, Stage)> {
    let keep = |file: String| args.keep.join(file);
    let rule_file = keep(format!("rules-{name}.yaml"));
    rules.write(&rule_file)?;
    let mut notes = Vec::new();

    let (report, measured) = (keep(format!("sg-{name}.json")), keep(format!("sg-{name}.measured.json")));
    let semgrep_usage: Usage = if args.reuse && report.is_file() && measured.is_file() {
        let usage: Usage = serde_json::from_value(read_json(&measured)?)?;
        notes.push(format!("Semgrep's figures are of a run at {}", usage.started));
        usage
    } else {
        eprintln!("{name}: Semgrep, which takes minutes");
        let usage = semgrep.scan(folder, &rule_file, &report)?;
        std::fs::write(&measured, serde_json::to_vec_pretty(&usage)?)?;
        usage
    };
    let semgrep_report = read_json(&report)?;
    let stage = Stage::of(folder, &scanned(&semgrep_report))?;

    eprintln!("{name}: Rampart");
    let report = keep(format!("rp-{name}.json"));
    let runs: Vec<Usage> =
        (0..args.runs).map(|_| rampart.scan(stage.folder(), &rule_file, 1, &report)).collect::<anyhow::Result<_>>()?;
    let rampart_report = read_json(&report)?;

    let coverage = &rampart_report["rampart"]["coverage"];
    let ids = rules.ids();
    let semgrep_findings = Findings::of_report(&semgrep_report, &ids);
    let rampart_findings = Findings::of_report(&rampart_report, &ids);
    let difference = Difference::between(&semgrep_findings, &rampart_findings);
    std::fs::write(keep(format!("diff-{name}.md")), difference.to_markdown(name))?;
    notes.extend(losses(&semgrep_report, &rampart_report));
    let comparison = Comparison {
        name: name.to_owned(),
        commit: tools::commit(folder),
        files: coverage["files_scanned"].as_u64().unwrap_or_default(),
        bytes: coverage["bytes_scanned"].as_u64().unwrap_or_default(),
        rules: rules.len(),
        semgrep: semgrep_usage,
        rampart: process::median(&runs),
        semgrep_findings,
        rampart_findings,
        difference,
        notes,
    };
    Ok((comparison, stage))
}

fn scanned(report: &Value) -> Vec<PathBuf> {
    let paths = report["paths"]["scanned"].as_array().map(Vec::as_slice).unwrap_or_default();
    paths.iter().filter_map(Value::as_str).map(|path| PathBuf::from(path.strip_prefix("./").unwrap_or(path))).collect()
}

/// What either tool did not do, as a tool that does less is faster. That no rule is for a file is no loss.
fn losses(semgrep: &Value, rampart: &Value) -> Vec<String> {
    let coverage = &rampart["rampart"]["coverage"];
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let lost = list(&coverage["skipped"]).iter().filter(|file| file["reason"] != "no-rules").count();
    let counts = [
        ("errors in Semgrep's report", list(&semgrep["errors"]).len()),
        ("files that Rampart skipped", lost),
        ("files of which Rampart could not read some lines", list(&coverage["partially_parsed"]).len()),
        ("rules that Rampart could not read", list(&coverage["rule_errors"]).len()),
        ("rules that Rampart does not run", list(&coverage["rules_skipped"]).len()),
    ];
    let counts: Vec<String> = counts.iter().filter(|(_, n)| *n > 0).map(|(what, n)| format!("{what}: {n}")).collect();
    if counts.is_empty() { Vec::new() } else { vec![counts.join(", ")] }
}

fn read_json(file: &Path) -> anyhow::Result<Value> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is no JSON", file.display()))
}

fn machine() -> Machine {
    let read = |file: &str| std::fs::read_to_string(file).unwrap_or_default();
    let field = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name))?;
        line.split_once(':').map(|(_, value)| value.trim().to_owned())
    };
    let memory = field(&read("/proc/meminfo"), "MemTotal");
    let kilobytes = memory.and_then(|m| m.split_whitespace().next()?.parse::<u64>().ok());
    Machine {
        cores: std::thread::available_parallelism().map_or(1, usize::from),
        model: field(&read("/proc/cpuinfo"), "model name").unwrap_or_else(|| "an unknown model".to_owned()),
        memory_bytes: kilobytes.unwrap_or(0) * 1_024,
        load: read("/proc/loadavg").split_whitespace().next().unwrap_or("unknown").to_owned(),
    }
}

impl Args {
    fn parse(args: Vec<String>) -> anyhow::Result<Args> {
        let mut parsed = Args {
            repos: Vec::new(),
            rules: BTreeMap::new(),
            languages: BTreeMap::new(),
            corpus: None,
            semgrep: None,
            rampart: None,
            runs: 3,
            scaling: None,
            keep: repository::root().join("target/bench"),
            reuse: false,
            write: None,
        };
        let mut args = args.into_iter();
        while let Some(flag) = args.next() {
            if flag == "--reuse" {
                parsed.reuse = true;
                continue;
            }
            let value = args.next().with_context(|| format!("{flag} needs a value, or is unknown\n\n{USAGE}"))?;
            let named = || {
                let (name, value) = value.split_once('=').with_context(|| format!("{flag} NAME=VALUE, not {value}"))?;
                anyhow::Ok((name.to_owned(), value.to_owned()))
            };
            let path = |path: &str| std::path::absolute(path).with_context(|| format!("{flag} {path}"));
            match flag.as_str() {
                "--repo" => parsed.repos.push((named()?.0, path(&named()?.1)?)),
                "--rules" => drop(parsed.rules.insert(named()?.0, path(&named()?.1)?)),
                "--language" => drop(parsed.languages.insert(named()?.0, named()?.1)),
                "--corpus" => parsed.corpus = Some(path(&value)?),
                "--semgrep" => parsed.semgrep = Some(path(&value)?),
                "--rampart" => parsed.rampart = Some(path(&value)?),
                "--runs" => {
                    parsed.runs = value.parse().ok().filter(|&n| n > 0).context("--runs takes a number from 1")?
                }
                "--scaling" => parsed.scaling = Some(value),
                "--keep" => parsed.keep = path(&value)?,
                "--write" => parsed.write = Some(path(&value)?),
                _ => anyhow::bail!("{flag} is unknown\n\n{USAGE}"),
            }
        }
        anyhow::ensure!(!parsed.repos.is_empty(), "no repository to scan\n\n{USAGE}");
        Ok(parsed)
    }

    fn rules_of(&self, repo: &str) -> anyhow::Result<Rules> {
        if let Some(file) = self.rules.get(repo) {
            return Rules::of_file(file);
        }
        match (&self.corpus, self.languages.get(repo)) {
            (Some(corpus), Some(language)) => Rules::of_corpus(corpus, language),
            _ => anyhow::bail!(
                "no rules for {repo}: give --rules {repo}=FILE, or --corpus FOLDER and --language {repo}=LANGUAGE"
            ),
        }
    }
}

impl Results {
    fn to_json(&self) -> Value {
        let findings = |found: &Findings| json!({ "findings": found.total, "places": found.places.len() });
        let repos: Vec<Value> = self
            .repos
            .iter()
            .map(|repo| {
                json!({
                    "name": repo.name,
                    "commit": repo.commit,
                    "files": repo.files,
                    "bytes": repo.bytes,
                    "rules": repo.rules,
                    "times": repo.times(),
                    "semgrep": { "usage": repo.semgrep, "found": findings(&repo.semgrep_findings) },
                    "rampart": { "usage": repo.rampart, "found": findings(&repo.rampart_findings) },
                    "difference": repo.difference.to_json(),
                    "notes": repo.notes,
                })
            })
            .collect();
        json!({
            "date": self.date,
            "machine": {
                "cores": self.machine.cores,
                "model": self.machine.model,
                "memory_bytes": self.machine.memory_bytes,
                "load": self.machine.load,
            },
            "versions": { "rampart": self.rampart, "commit": self.commit, "semgrep": self.semgrep, "corpus": self.corpus },
            "runs": self.runs,
            "repos": repos,
            "scaling": self.scaling,
        })
    }
}
