//! Automation: `cargo xtask <task>`.

mod corpus;

fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip(1);
    match args.next().as_deref() {
        Some("corpus") => corpus::run(args.collect()),
        _ => {
            eprintln!("usage: cargo xtask corpus FOLDER [--write FILE] [--only TEXT] [--verbose]");
            std::process::exit(2);
        }
    }
}
