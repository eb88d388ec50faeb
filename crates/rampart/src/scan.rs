//! `rampart scan`.

use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use rampart_report::model::{Report, RuleProblem, SCHEMA, Tool};
use rampart_report::{csv, gitlab, json, junit, sarif, text};
use rampart_scan::baseline::{self, Beyond, Change};
use rampart_scan::supervise::{self, Worker};
use rampart_scan::walk::{Found, WalkOptions, first_line_language, walk};
use rampart_scan::{Content, Options, Outcome, Part, Reach, RuleFile, RuleFilter, Spent, Target};

use crate::cli::{Dataflow, Format, ScanArgs};
use crate::failure::{Failure, Frame, one_line};
use crate::{WORKER, clock, exit, packs, settings, terminal};

/// How many rule mistakes are shown in full unless all are asked for.
const PROBLEMS_SHOWN: usize = 10;

/// How many rules `--timings` names.
const RULES_SHOWN: usize = 20;

pub fn run(mut args: ScanArgs) -> Result<u8, Failure> {
    settings::apply(&mut args)?;
    let started = clock::now();
    let configs = if args.config.is_empty() { vec![packs::DEFAULT.to_owned()] } else { args.config.clone() };
    let rules = packs::resolve(&configs)?;
    let options = options(&args);
    let program = std::env::current_exe()
        .map_err(|error| Failure::new(format!("the place of this program is unknown: {error}")))?;
    let worker = Worker { program, args: vec![WORKER.into()] };

    if let Some(folder) = &options.cache {
        rampart_scan::cache::prepare(folder).map_err(|error| {
            Failure::new(format!("the cache {} cannot be used: {error}", folder.display()))
                .hint("--cache names a folder that this user may write to; it is made when it is missing")
        })?;
    }
    // The child reads the rules while the files are looked for.
    let scan = supervise::start(&worker, &rules, &options)?;
    let (found, change) = find(&args, &rules, &options)?;
    let bar = terminal::progress(found.targets.len(), args.quiet);
    let outcome = scan.run(&found.targets, &mut |done| bar.set_position(done as u64));
    bar.finish_and_clear();
    let mut outcome = outcome?;
    if outcome.coverage.rules_run == 0 {
        return Err(no_rules(&outcome, &args));
    }
    outcome.coverage.skipped.extend(found.skipped);
    if let Some(change) = &change {
        baseline::subtract(&mut outcome, change, &found.root);
    }
    for warning in found.warnings.iter().filter(|_| args.verbose) {
        eprintln!("warning: {}", one_line(warning));
    }

    let digests = std::mem::take(&mut outcome.digests);
    let spent = std::mem::take(&mut outcome.spent);
    let mut report = report(outcome, found.root.display().to_string(), started);
    report.sort();
    write(&report, &args)?;
    if args.format.unwrap_or(Format::Text) != Format::Text && !args.quiet {
        problems(&report.coverage.rule_errors, args.verbose);
    }
    if args.timings {
        timings(&spent, &report);
    }
    if args.autofix {
        fix(&report, &found.targets, &digests, !args.dry_run);
    }
    if let Some(repository) = &args.upload {
        crate::client::upload(&report, repository, args.commit.as_deref())?;
    }
    Ok(verdict(&report, &args))
}

fn options(args: &ScanArgs) -> Options {
    let mut options = Options { time_rules: args.timings, check_rules: args.verbose, ..Options::default() };
    options.threads = args.jobs.map_or(options.threads, usize::from);
    options.file_time = args.timeout.unwrap_or(options.file_time);
    options.max_file_bytes = args.max_file_size.unwrap_or(options.max_file_bytes);
    options.max_memory_bytes = args.max_memory.unwrap_or(options.max_memory_bytes);
    options.dataflow = match args.dataflow {
        Some(Dataflow::Intra) => Reach::Function,
        Some(Dataflow::File) => Reach::File,
        Some(Dataflow::Project) | None => Reach::Project,
    };
    options.cache.clone_from(&args.cache);
    options.only = RuleFilter { severities: args.severity.clone(), exclude: args.exclude_rule.clone() };
    options
}

fn find(args: &ScanArgs, rules: &[RuleFile], options: &Options) -> Result<(Found, Option<Change>), Failure> {
    if args.paths.iter().any(|path| path.as_os_str() == "-") {
        return if args.paths.len() > 1 {
            Err(Failure::new("standard input cannot be scanned together with files")
                .hint("scan it in a run of its own"))
        } else if args.diff.is_some() || args.autofix {
            Err(Failure::new("standard input has no earlier state and no file to write to")
                .hint("leave out --diff and --autofix"))
        } else {
            Ok((standard_input(args, options)?, None))
        };
    }
    let here = [PathBuf::from(".")];
    let paths = if args.paths.is_empty() { &here[..] } else { &args.paths };
    let walk_options = WalkOptions {
        include: args.include.clone(),
        exclude: args.exclude.clone(),
        no_ignore: args.no_ignore,
        committed: false,
        max_file_bytes: options.max_file_bytes,
        threads: options.threads,
    };
    let mut found = walk(paths, &walk_options)?;
    let Some(reference) = &args.diff else { return Ok((found, None)) };
    let change = Change::since(reference, &found.root).map_err(rampart_scan::Error::from)?;
    found.skipped.retain(|skipped| change.has(&skipped.path, &found.root));
    found.targets = change
        .narrow(found.targets, &found.root, options.max_file_bytes, Beyond::of(rules, options.dataflow))
        .map_err(rampart_scan::Error::from)?;
    Ok((found, Some(change)))
}

fn standard_input(args: &ScanArgs, options: &Options) -> Result<Found, Failure> {
    let mut bytes = Vec::new();
    let limit = options.max_file_bytes;
    std::io::stdin()
        .lock()
        .take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::new(format!("cannot read standard input: {error}")))?;
    if bytes.len() as u64 > limit {
        return Err(Failure::new(format!("more than {limit} bytes on standard input")).hint("raise --max-file-size"));
    }
    let name = args.stdin_name.clone().unwrap_or_else(|| "stdin".to_owned());
    let lang = first_line_language(Path::new(&name), &bytes);
    let target = Target { path: name, lang, source: Content::Bytes(bytes.into()), any_form: true, part: Part::Scanned };
    Ok(Found { root: PathBuf::from("-"), targets: vec![target], skipped: Vec::new(), warnings: Vec::new() })
}

/// What is wrong when nothing could run: the mistakes themselves, then a summary.
fn no_rules(outcome: &Outcome, args: &ScanArgs) -> Failure {
    let coverage = &outcome.coverage;
    problems(&coverage.rule_errors, args.verbose);
    let failure = Failure::new("no rule could be loaded");
    if let Some(skipped) = coverage.rules_skipped.first() {
        return failure.hint(format!(
            "{} rules cannot run here, the first because: {}",
            coverage.rules_skipped.len(),
            skipped.reason
        ));
    }
    if coverage.rule_errors.is_empty() && !(args.severity.is_empty() && args.exclude_rule.is_empty()) {
        return failure.hint("--severity or --exclude-rule leaves none");
    }
    match packs::names().is_empty() && args.config.is_empty() {
        true => failure.hint("name a rule file or a folder of them with --config"),
        false => failure.hint("`rampart rules check` shows every mistake in rule files"),
    }
}

pub fn report(mut outcome: Outcome, root: String, started: String) -> Report {
    outcome.settle_completeness();
    let tool = Tool { name: "Rampart".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned(), ..Tool::default() };
    Report {
        schema: SCHEMA,
        tool,
        started,
        finished: clock::now(),
        root,
        rules: outcome.rules,
        findings: outcome.findings,
        coverage: outcome.coverage,
    }
}

fn write(report: &Report, args: &ScanArgs) -> Result<(), Failure> {
    let Some(path) = &args.output else {
        let mut out = std::io::BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
        render(report, args, &mut out)?;
        return Ok(out.flush()?);
    };
    let cannot = |error: std::io::Error| Failure::new(format!("cannot write {}: {error}", path.display()));
    let mut out = std::io::BufWriter::new(std::fs::File::create(path).map_err(cannot)?);
    render(report, args, &mut out).and_then(|()| out.flush()).map_err(cannot)
}

fn render(report: &Report, args: &ScanArgs, out: &mut dyn Write) -> std::io::Result<()> {
    match args.format.unwrap_or(Format::Text) {
        Format::Text if args.quiet && report.active().next().is_none() => Ok(()),
        Format::Text => {
            let options = text::Options {
                color: terminal::color(args.no_color, args.output.is_some()),
                width: terminal::width(),
                verbose: args.verbose,
                unicode: terminal::unicode(),
            };
            text::write(report, out, options)
        }
        Format::Json => json::write(report, out),
        Format::Sarif => sarif::write(report, out),
        Format::GitlabSast => gitlab::write(report, out),
        Format::Junit => junit::write(report, out),
        Format::Csv => csv::write(report, out),
    }
}

/// Shows mistakes in rules on standard error.
pub fn problems(problems: &[RuleProblem], all: bool) {
    let shown = if all { problems.len() } else { PROBLEMS_SHOWN };
    for problem in problems.iter().take(shown) {
        let rule = problem.rule.as_ref().map(|rule| format!("rule {rule}: ")).unwrap_or_default();
        let mut failure = Failure::new(format!("{rule}{}", problem.message));
        failure.hint.clone_from(&problem.hint);
        let (line, column) = (problem.line as usize, problem.column.max(1) as usize);
        let text = problem.source_line.clone().unwrap_or_default();
        if line > 0 {
            failure = failure.frame(Frame { file: problem.file.clone(), line, column, text, length: 1 });
        }
        eprint!("{failure}");
    }
    if problems.len() > shown {
        eprintln!("and {} more mistakes in rules; --verbose shows all", problems.len() - shown);
    }
}

fn timings(spent: &Spent, report: &Report) {
    let seconds = |micros: u64| format!("{:>9.3} s", micros as f64 / 1e6);
    eprintln!("\nTime, summed over threads");
    let phases = [
        ("rules", spent.rules_ready),
        ("read", spent.read),
        ("prefilter", spent.prefilter),
        ("parse", spent.parse),
        ("lower", spent.lower),
        ("match", spent.match_),
        ("flow", spent.flow),
        ("project", spent.following),
    ];
    for (name, micros) in phases {
        eprintln!("  {name:<10} {}", seconds(micros));
    }
    eprintln!("  {:<10} {}", "wall", seconds(report.coverage.wall_ms * 1_000));
    eprintln!("  {:<10} {}", "processor", seconds(report.coverage.cpu_ms * 1_000));
    let mut rules: Vec<_> = spent.per_rule.iter().collect();
    rules.sort_by(|a, b| b.1.cmp(a.1).then_with(|| a.0.cmp(b.0)));
    if !rules.is_empty() {
        eprintln!("Slowest rules");
    }
    for (rule, micros) in rules.into_iter().take(RULES_SHOWN) {
        eprintln!("  {}  {}", seconds(*micros), one_line(rule));
    }
    if !spent.slowest.is_empty() {
        eprintln!("Slowest files");
    }
    for slow in &spent.slowest {
        eprintln!("  {}  {}", seconds(slow.micros), one_line(&slow.path));
    }
}

fn fix(report: &Report, targets: &[Target], digests: &std::collections::HashMap<String, String>, write: bool) {
    let applied = rampart_scan::fix::apply(&report.findings, targets, digests, write);
    if !write {
        for edit in &applied.edits {
            eprintln!("{}:{}", one_line(&edit.path), edit.line);
            edit.before.lines().for_each(|line| eprintln!("  - {}", one_line(line)));
            edit.after.lines().for_each(|line| eprintln!("  + {}", one_line(line)));
        }
    }
    for left in &applied.left {
        eprintln!("warning: {}", one_line(left));
    }
    let verb = if write { "Applied" } else { "Would apply" };
    eprintln!("{verb} {} fixes in {} files.", applied.edits.len(), applied.files);
}

fn verdict(report: &Report, args: &ScanArgs) -> u8 {
    let worst = report.active().map(|finding| finding.severity).max();
    let wanted = |level| worst.is_some_and(|worst| worst >= level);
    let refused = args.error && worst.is_some() || args.fail_on.is_some_and(wanted);
    if std::io::stderr().is_terminal() && !args.quiet && !report.coverage.complete && args.format.is_some() {
        eprintln!("warning: the scan is not complete; the report says what was left out");
    }
    if refused { exit::FOUND } else { exit::DONE }
}
