//! Rampart's command line: roles, options, composition. Decides nothing about code, that is `rampart-scan` and below, and nothing
//! about the platform, whose modules it puts together.

mod cli;
mod client;
mod clock;
mod failure;
mod job;
mod packs;
mod platform;
mod rules;
mod scan;
mod settings;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{BackupCommand, BenchCommand, Cli, Command, KeysCommand, MailCommand, RulesCommand};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The hidden role of the child that scans: not a command, as nobody is to type it.
const WORKER: &str = "__scan-worker";

/// The hidden role of the process that scans a commit for the platform.
const JOB: &str = "__scan-job";

/// What the program says with its exit code.
mod exit {
    /// Done; findings do not change that unless `--error` or `--fail-on` asks.
    pub const DONE: u8 = 0;
    /// Findings where none are wanted; rules with mistakes; rule tests that fail.
    pub const FOUND: u8 = 1;
    /// The program could not do what was asked.
    pub const FAILED: u8 = 2;
}

fn main() -> ExitCode {
    rampart_scan::prefer_small_pages();
    if std::env::args_os().nth(1).is_some_and(|arg| arg == WORKER) {
        return match rampart_scan::worker::main() {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{error}");
                ExitCode::from(exit::FAILED)
            }
        };
    }
    if std::env::args_os().nth(1).is_some_and(|arg| arg == JOB) {
        return ended(job::run());
    }
    let cli = Cli::parse();
    let result = match cli.command {
        Command::Scan(args) => scan::run(*args),
        Command::Rules { command } => match command {
            RulesCommand::Check(args) => rules::check::run(&args),
            RulesCommand::Test(args) => rules::test::run(&args),
            RulesCommand::List(args) => rules::show::list(&args),
            RulesCommand::Explain(args) => rules::show::explain(&args),
        },
        Command::Serve(args) => platform::serve(&args.roles),
        Command::Login(args) => client::login(&args),
        Command::Logout => client::logout(),
        Command::Findings { command } => client::findings(&command),
        Command::Connect(args) => client::connect(&args),
        Command::Account { email } => client::make_account(&email),
        Command::Migrate { check } => platform::migrate(check),
        Command::Backup { command } => match command {
            BackupCommand::Create { file } => platform::create(&file),
            BackupCommand::Verify { file } => platform::verify(&file),
            BackupCommand::Restore { file } => platform::restore(&file),
        },
        Command::Doctor => platform::doctor(),
        Command::Config { reference } => platform::config(reference),
        Command::Keys { command: KeysCommand::Rotate } => platform::rotate(),
        Command::Mail { command: MailCommand::Preview { out } } => platform::preview(&out),
        Command::Bench { command: BenchCommand::Queue(args) } => platform::bench(&args),
        Command::Openapi => platform::openapi(),
        Command::Completions { shell } => cli::completions(shell),
    };
    ended(result)
}

fn ended(result: Result<u8, failure::Failure>) -> ExitCode {
    match result {
        Ok(code) => ExitCode::from(code),
        // Whoever read our output has seen enough: `rampart scan | head`.
        Err(failure) if failure.is_broken_pipe() => ExitCode::from(exit::DONE),
        Err(failure) => {
            eprint!("{failure}");
            ExitCode::from(exit::FAILED)
        }
    }
}
