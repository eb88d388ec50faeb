//! Automation: `cargo xtask <task>`.

mod bench;
mod corpus;
mod docs;
mod fixture;
mod fuzz;
mod matrix;
mod oracle;
mod picture;
mod platform;
mod repository;
mod score;
mod server;
mod sockets;
mod tidy;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use rampart_syntax::Lang;
use rampart_syntax::pattern::Root;

fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip(1);
    match args.next().as_deref() {
        Some("bench") => bench::run(args.collect()),
        Some("corpus") => corpus::run(args.collect()),
        Some("docs") => docs::run(&args.collect::<Vec<_>>()),
        Some("fuzz") => fuzz::run(args.collect()),
        Some("matrix") => matrix::run(&args.collect::<Vec<_>>()),
        Some("oracle") => oracle::run(args.collect()),
        Some("picture") => picture::run(&args.collect::<Vec<_>>()),
        Some("platform") => platform::run(args.collect()),
        Some("score") => score::run(args.collect()),
        Some("sockets") => sockets::run(args.collect()),
        Some("tidy") => tidy::run(),
        Some("tree") => tree(args.collect()),
        Some("pattern") => pattern(args.collect()),
        _ => {
            eprintln!(
                "usage: cargo xtask bench --repo NAME=FOLDER... | tidy | docs [--check] | corpus FOLDER [--write FILE] [--only TEXT] [--verbose] | fuzz [--target NAME] | matrix [--write] | oracle RULES TARGETS | score EXPECTED.csv REPORT.sarif | sockets [--rampart PATH] [--seconds N] | picture [--rampart PATH] | platform --bench FOLDER [--scaled] SECTION... | tree FILE | pattern LANGUAGE TEXT"
            );
            std::process::exit(2);
        }
    }
}

/// Prints the generic tree of a file.
fn tree(args: Vec<String>) -> anyhow::Result<()> {
    let file = args.first().context("which file?")?;
    let text = std::fs::read_to_string(file)?;
    let lang = Lang::of_file(file.as_ref(), text.lines().next().unwrap_or("")).context("unknown language")?;
    let tree = rampart_syntax::parse(lang, &text, Arc::default(), Duration::from_secs(5))?;
    print!("{}", tree.dump(tree.root()));
    if !tree.errors.is_empty() {
        println!("errors at {:?}", tree.errors);
    }
    Ok(())
}

/// Prints how a pattern is read.
fn pattern(args: Vec<String>) -> anyhow::Result<()> {
    let [lang, text] = args.as_slice() else { anyhow::bail!("usage: cargo xtask pattern LANGUAGE TEXT") };
    let lang = Lang::from_rule_name(lang).context("unknown language")?;
    let pattern = rampart_syntax::pattern::read(lang, text, &Arc::default()).map_err(anyhow::Error::msg)?;
    match pattern.root {
        Root::Node(id) => print!("node\n{}", pattern.tree.dump(id)),
        Root::Statement(id) => print!("statement\n{}", pattern.tree.dump(id)),
        Root::Statements(ids) => ids.iter().for_each(|&id| print!("run\n{}", pattern.tree.dump(id))),
    }
    Ok(())
}
