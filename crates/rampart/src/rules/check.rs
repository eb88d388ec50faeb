//! `rampart rules check`: every mistake in rule files.

use rampart_report::model::RuleProblem;
use rampart_scan::Options;

use crate::cli::RulesArgs;
use crate::failure::{Failure, one_line};
use crate::{exit, packs, scan};

pub fn run(args: &RulesArgs) -> Result<u8, Failure> {
    let files = packs::resolve(&args.rules)?;
    let loaded = rampart_scan::load(&files, &Options::default());
    let problems: Vec<RuleProblem> = loaded.errors.iter().map(rampart_scan::problem).collect();
    scan::problems(&problems, true);
    for skipped in &loaded.skipped {
        eprintln!("warning: rule {}: {}", one_line(&skipped.rule), one_line(&skipped.reason));
    }
    let (rules, files) = (loaded.count, files.len());
    println!(
        "{rules} rules in {files} files, {} mistakes, {} that cannot run here",
        problems.len(),
        loaded.skipped.len()
    );
    Ok(if problems.is_empty() { exit::DONE } else { exit::FOUND })
}
