//! `cargo xtask matrix [--write]`: who may what, over the whole program; held against its table, or written into it.

use std::process::Command;

use anyhow::Context;

/// The table is `crates/rampart/tests/matrix.txt`.
///
/// # Errors
/// When the table says something else than the program does, or the tests cannot be run.
pub fn run(args: &[String]) -> anyhow::Result<()> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["test", "--package", "rampart", "--bin", "rampart"]);
    match args {
        [] => _ = command.arg("platform::tests::matrix::"),
        // One test writes; the others hold against what it wrote.
        [flag] if flag == "--write" => {
            let name = "platform::tests::matrix::everybody_may_what_the_table_says_on_sqlite";
            command.arg(name).args(["--", "--exact"]).env("RAMPART_MATRIX_WRITE", "1");
        }
        _ => anyhow::bail!("usage: cargo xtask matrix [--write]"),
    }
    let status = command.status().context("cargo does not start")?;
    anyhow::ensure!(status.success(), "the table does not hold");
    Ok(())
}
