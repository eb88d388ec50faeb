//! `cargo xtask tidy`: the conventions that no other tool checks.

mod families;
pub mod rule_files;
mod sources;

use crate::{docs, repository};

/// One breach of a convention.
#[derive(Debug, PartialEq, Eq)]
pub struct Problem {
    /// Relative to the root.
    pub file: String,
    /// From 1.
    pub line: usize,
    pub what: String,
    /// How to mend it.
    pub mend: String,
}

impl Problem {
    fn new(file: &str, line: usize, what: impl Into<String>, mend: impl Into<String>) -> Problem {
        Problem { file: file.to_owned(), line, what: what.into(), mend: mend.into() }
    }
}

/// Checks the whole repository and prints every breach.
///
/// # Errors
/// When there is any, or when a file cannot be read.
pub fn run() -> anyhow::Result<()> {
    let files = repository::files()?;
    let mut problems = families::check(&files)?;
    problems.extend(sources::check(&files)?);
    problems.extend(rule_files::check(&files)?);
    problems.extend(
        docs::outdated()?
            .into_iter()
            .map(|(file, what)| Problem::new(&file, 1, what, "run `cargo xtask docs` and commit what it writes")),
    );
    problems.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    for problem in &problems {
        eprintln!("{}:{}: {}\n    {}", problem.file, problem.line, problem.what, problem.mend);
    }
    if !problems.is_empty() {
        anyhow::bail!("{} breaches of the conventions", problems.len());
    }
    println!("tidy: {} files keep the conventions", files.len());
    Ok(())
}
