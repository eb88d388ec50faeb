//! The command line, as data.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use rampart_report::model::Severity;

use crate::failure::Failure;

#[derive(Parser)]
#[command(name = "rampart", version, about = "Finds security weaknesses in code", max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Scan files and folders
    Scan(Box<ScanArgs>),
    /// Check, test, list and explain rules
    Rules {
        #[command(subcommand)]
        command: RulesCommand,
    },
    /// Start the platform: API, workers, schedules
    Serve(ServeArgs),
    /// Say which platform the commands below talk to, and as whom
    Login(LoginArgs),
    /// Forget the platform and its token
    Logout,
    /// The platform's findings: list, show, close
    Findings {
        #[command(subcommand)]
        command: FindingsCommand,
    },
    /// Connect a git repository to a running platform
    Connect(ConnectArgs),
    /// Make the first account of a new installation, and a token for this command line
    Account {
        /// Address of who administers it
        #[arg(long)]
        email: String,
    },
    /// Bring the database up to this version of the program
    Migrate {
        /// Only say what would be done; exit with 1 when there is something
        #[arg(long)]
        check: bool,
    },
    /// Make, check and put back backups of the embedded database and the folder of objects
    Backup {
        #[command(subcommand)]
        command: BackupCommand,
    },
    /// Say whether configuration, keys, database and audit record are as they should be
    Doctor,
    /// Print the configuration in effect, secrets masked
    Config {
        /// Print every setting with its default and its meaning instead, as Markdown
        #[arg(long)]
        reference: bool,
    },
    /// Change the master key
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Look at the messages that Rampart sends
    Mail {
        #[command(subcommand)]
        command: MailCommand,
    },
    /// Print the API as an OpenAPI 3.1 document
    Openapi,
    /// Measure parts of the platform by themselves
    Bench {
        #[command(subcommand)]
        command: BenchCommand,
    },
    /// Print the completions for a shell
    Completions { shell: clap_complete::Shell },
}

#[derive(Args)]
#[command(after_long_help = "\
The token is that in RAMPART_TOKEN, or a line of standard input, or asked for without being shown. It is kept in
~/.config/rampart/login.json (below XDG_CONFIG_HOME where that is set), for its owner only. RAMPART_SERVER and RAMPART_TOKEN
count before it.")]
pub struct LoginArgs {
    /// Address of the platform, such as https://rampart.example.com
    pub server: String,
    /// Allow an address that begins with http:// and is not of this machine
    #[arg(long)]
    pub plain_http: bool,
}

#[derive(Subcommand)]
pub enum FindingsCommand {
    /// List findings, the worst first
    List(ListFindingsArgs),
    /// Show one finding with its code and what to do
    Show {
        id: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Decide that a finding is done with
    Close(CloseArgs),
    /// Take such a decision back
    Reopen {
        id: String,
        #[arg(long)]
        reason: Option<String>,
    },
}

#[derive(Args)]
#[command(after_long_help = "\
Exit codes:
  0  done
  1  findings, with --error
  2  the platform could not be asked, or the command line is wrong")]
pub struct ListFindingsArgs {
    /// Only of this repository: its name, owner/name or id
    #[arg(short, long, value_name = "NAME")]
    pub repository: Option<String>,
    /// Only of these severities, with commas
    #[arg(short, long, value_name = "LEVELS")]
    pub severity: Option<String>,
    /// Only with these states, with commas: open, fixed, ignored, false_positive
    #[arg(long, value_name = "STATES", default_value = "open")]
    pub status: String,
    /// Only with this text in path, title or rule
    #[arg(short = 'q', long, value_name = "TEXT")]
    pub text: Option<String>,
    /// severity, detectedAt, cvssScore or risk; with `-` before it downwards
    #[arg(long, value_name = "FIELD", default_value = "-severity", allow_hyphen_values = true)]
    pub sort: String,
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u8).range(1..=100))]
    pub limit: u8,
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub page: u32,
    /// As the API answers
    #[arg(long)]
    pub json: bool,
    /// Exit with 1 when there are any
    #[arg(long)]
    pub error: bool,
    /// No colours
    #[arg(long)]
    pub no_color: bool,
}

#[derive(Args)]
pub struct CloseArgs {
    pub id: String,
    /// What is decided
    #[arg(long = "as", value_enum, value_name = "STATE")]
    pub status: Closed,
    /// Why; needed unless it is fixed
    #[arg(long, required_if_eq_any([("status", "ignored"), ("status", "false-positive")]))]
    pub reason: Option<String>,
    /// It is open again after this day, `2027-01-31`; with `--as ignored`
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
}

/// How a finding is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Closed {
    /// It is mended; a scan that sees it again opens it again
    Fixed,
    /// It is none
    FalsePositive,
    /// It is one, and nothing is to be done
    Ignored,
}

impl Closed {
    /// As the API calls it.
    pub fn name(self) -> &'static str {
        match self {
            Closed::Fixed => "fixed",
            Closed::FalsePositive => "false_positive",
            Closed::Ignored => "ignored",
        }
    }
}

#[derive(Subcommand)]
pub enum BackupCommand {
    /// Write a backup to a new file; the server may go on
    Create { file: PathBuf },
    /// Read a backup to its end, and check what is in it
    Verify { file: PathBuf },
    /// Put a backup back; the server must be stopped, and the data folder without a database and objects
    Restore { file: PathBuf },
}

#[derive(Subcommand)]
pub enum BenchCommand {
    /// The queue of jobs: jobs added and run per second, and how long an idle worker takes to begin
    Queue(BenchQueueArgs),
}

#[derive(Args)]
pub struct BenchQueueArgs {
    /// How many add jobs at the same time, and how many jobs run at the same time
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    pub concurrency: u16,
    /// How many jobs
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub jobs: u64,
    /// How often the idle worker is tried
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    pub probes: u64,
    /// An empty PostgreSQL, instead of a new embedded database in the current folder
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
    /// A Redis that carries the wake-up from one process to another
    #[arg(long, value_name = "URL")]
    pub redis_url: Option<String>,
}

#[derive(Subcommand)]
pub enum KeysCommand {
    /// Seal everything anew with a new master key; a run that was killed is gone on with
    Rotate,
}

#[derive(Subcommand)]
pub enum MailCommand {
    /// Write every message with made-up data as page and text, in every language
    Preview {
        /// The folder to write to; made when it is missing
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
}

#[derive(Args, Default)]
#[command(after_long_help = "\
Exit codes:
  0  done, whatever was found
  1  findings, with --error or --fail-on
  2  the scan could not run, or the command line is wrong

Suppressing a finding, in a comment on its first line or alone on the line above:
  # rampart: ignore[rule-id] reason        `nosem` and `nosemgrep: rule-id` work as well
  # rampart: ignore-file[rule-id] reason   above the first line of code")]
pub struct ScanArgs {
    /// Files and folders to scan, or `-` for standard input [default: the current folder]
    pub paths: Vec<PathBuf>,

    /// Rules: a file, a folder, or a pack that Rampart brings (`python`, `default`); may be given several times
    #[arg(short, long, visible_alias = "rules", short_alias = 'r', value_name = "RULES", help_heading = "Rules")]
    pub config: Vec<String>,
    /// Run only rules of exactly this severity; may be given several times
    #[arg(long, value_name = "LEVEL", value_parser = severity, help_heading = "Rules")]
    pub severity: Vec<Severity>,
    /// Leave out the rule with this id, or whose id ends in it; may be given several times
    #[arg(long, value_name = "ID", help_heading = "Rules")]
    pub exclude_rule: Vec<String>,

    /// Leave out files and folders that match this glob, written as in .gitignore; may be given several times
    #[arg(long, value_name = "GLOB", help_heading = "Files")]
    pub exclude: Vec<String>,
    /// Scan only files that match this glob; may be given several times
    #[arg(long, value_name = "GLOB", help_heading = "Files")]
    pub include: Vec<String>,
    /// Scan ignored, minified and generated files and other people's code too
    #[arg(long, help_heading = "Files")]
    pub no_ignore: bool,
    /// Skip larger files: bytes, or with kB, MB, KiB, MiB; 0 for no limit [default: 1MB]
    #[arg(long, value_name = "SIZE", value_parser = size, help_heading = "Files")]
    pub max_file_size: Option<u64>,
    /// The name of what comes on standard input; decides its language
    #[arg(long, value_name = "NAME", help_heading = "Files")]
    pub stdin_name: Option<String>,
    /// How far taint rules follow data: within a function, a file, or the whole project [default: project]
    #[arg(long, value_enum, value_name = "REACH", help_heading = "Rules")]
    pub dataflow: Option<Dataflow>,
    /// Keep results in this folder, and take over those of files that have not changed
    #[arg(long, value_name = "DIR", help_heading = "Files")]
    pub cache: Option<PathBuf>,
    /// Report only what was introduced since this branch, tag or commit and the current state parted
    #[arg(long, visible_alias = "baseline-commit", value_name = "REF", help_heading = "Files")]
    pub diff: Option<String>,

    /// Form of the report [default: text]
    #[arg(short, long, value_enum, help_heading = "Output")]
    pub format: Option<Format>,
    /// Write the report to this file
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
    /// Say where the time went: phases, rules, slowest files
    #[arg(long, help_heading = "Output")]
    pub timings: bool,
    /// Print nothing when nothing is found, and no words beside the report
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output")]
    pub quiet: bool,
    /// Print everything: skipped files, suppressed findings, explanations, mistakes in rules that no file wants
    #[arg(short, long, help_heading = "Output")]
    pub verbose: bool,
    /// No colours; they are also off with NO_COLOR set and when the output is no terminal
    #[arg(long, help_heading = "Output")]
    pub no_color: bool,

    /// Exit with 1 when there are findings
    #[arg(long, help_heading = "Outcome")]
    pub error: bool,
    /// Exit with 1 when there are findings of this severity or a worse one
    #[arg(long, value_name = "LEVEL", value_parser = severity, help_heading = "Outcome")]
    pub fail_on: Option<Severity>,
    /// Apply the fixes of the findings to the files
    #[arg(long, help_heading = "Outcome")]
    pub autofix: bool,
    /// With --autofix: say what would change and change nothing
    #[arg(long, requires = "autofix", help_heading = "Outcome")]
    pub dry_run: bool,

    /// Send what was found to a repository of a running platform: its name, owner/name or id
    #[arg(long, value_name = "REPOSITORY", help_heading = "Outcome")]
    pub upload: Option<String>,
    /// With --upload: the commit that was scanned
    #[arg(long, value_name = "HASH", requires = "upload", help_heading = "Outcome")]
    pub commit: Option<String>,

    /// Threads [default: as many as the machine runs at once]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256), help_heading = "Limits")]
    pub jobs: Option<u16>,
    /// Give up on a file after this many seconds of processor time [default: 10]
    #[arg(long, value_name = "SECONDS", value_parser = seconds, help_heading = "Limits")]
    pub timeout: Option<Duration>,
    /// Memory that a scan may hold: bytes, or with MB, GB, MiB, GiB [default: 2GiB]
    #[arg(long, value_name = "SIZE", value_parser = size, help_heading = "Limits")]
    pub max_memory: Option<u64>,

    /// Read options from this file instead of the nearest rampart.toml
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dataflow {
    /// Each function by itself
    Intra,
    /// Through the functions of a file
    File,
    /// Through all files
    Project,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// For people
    Text,
    /// Everything, for programs
    Json,
    /// SARIF 2.1.0, for code scanning services
    Sarif,
    /// GitLab's SAST report
    GitlabSast,
    /// JUnit XML, for build servers
    Junit,
    /// One line per finding, for spreadsheets
    Csv,
}

#[derive(Args)]
#[command(after_long_help = "\
Settings come from the environment, from files that variables such as SECRET_KEY_FILE name, and from the file that
CONFIG_FILE names. `rampart config` shows them all, with what they mean and where they came from.")]
pub struct ServeArgs {
    /// What this process does, with commas: api, worker, scheduler [default: RAMPART_ROLES, which is all]
    #[arg(long, value_delimiter = ',', value_name = "ROLES")]
    pub roles: Vec<String>,
}

#[derive(Args)]
#[command(after_long_help = "\
The platform is that of this machine, or the one that RAMPART_SERVER names; the token that of `rampart account`, or the one in
RAMPART_TOKEN. Folders of this machine must be open for it: LOCAL_GIT_ROOTS of the server names those above them.")]
pub struct ConnectArgs {
    /// The folder of a repository on the platform's machine, or the address of one
    #[arg(value_name = "PATH|URL")]
    pub place: String,
    /// The branch that is watched [default: the one that the repository is on]
    #[arg(long, value_name = "NAME")]
    pub branch: Option<String>,
    /// Wait for the first scan and say what it found
    #[arg(long)]
    pub wait: bool,
}

#[derive(Subcommand)]
pub enum RulesCommand {
    /// Read and compile rule files and report every mistake
    Check(RulesArgs),
    /// Run rules on the annotated files beside them
    Test(TestArgs),
    /// List rules
    List(ListArgs),
    /// Explain a rule
    Explain(ExplainArgs),
}

#[derive(Args)]
pub struct RulesArgs {
    /// Rule files, folders or packs
    #[arg(required = true)]
    pub rules: Vec<String>,
}

#[derive(Args)]
#[command(after_long_help = "\
A file `x.yaml` is tested with every file `x.*` beside it. In those, a comment speaks for the next line of code:
  ruleid: ID        a finding starts there
  ok: ID            none does
  todoruleid: ID    one should, and does not yet
  todook: ID        none should, and one does
A file `x.fixed.py` holds what `x.py` is to become when the fixes are applied.")]
pub struct TestArgs {
    /// Rule files and folders of them [default: rules]
    pub paths: Vec<PathBuf>,
    /// A line for every rule, not only for those that fail
    #[arg(short, long)]
    pub verbose: bool,
}

#[derive(Args)]
pub struct ListArgs {
    /// Rule files, folders or packs [default: all that Rampart brings]
    pub rules: Vec<String>,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct ExplainArgs {
    /// The id of the rule, or its last parts
    pub id: String,
    /// Where to look for it [default: all that Rampart brings]
    #[arg(short, long, visible_alias = "rules", short_alias = 'r', value_name = "RULES")]
    pub config: Vec<String>,
}

/// Prints the completions for a shell.
pub fn completions(shell: clap_complete::Shell) -> Result<u8, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "rampart", &mut script);
    std::io::Write::write_all(&mut std::io::stdout(), &script)?;
    Ok(crate::exit::DONE)
}

/// `high`, `HIGH`, and the names Semgrep's rules use.
pub fn severity(text: &str) -> Result<Severity, String> {
    match text.to_ascii_lowercase().as_str() {
        "info" => Ok(Severity::Info),
        "low" => Ok(Severity::Low),
        "medium" | "warning" => Ok(Severity::Medium),
        "high" | "error" => Ok(Severity::High),
        "critical" => Ok(Severity::Critical),
        _ => Err("levels are info, low, medium, high and critical".to_owned()),
    }
}

/// `1000000`, `1MB`, `1 MiB`. 0 means no limit.
pub fn size(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).trim_end();
    let unit = text[digits.len()..].trim().to_ascii_lowercase();
    let factor: u64 = match unit.as_str() {
        "" | "b" => 1,
        "k" | "kb" => 1_000,
        "m" | "mb" => 1_000_000,
        "g" | "gb" => 1_000_000_000,
        "ki" | "kib" => 1 << 10,
        "mi" | "mib" => 1 << 20,
        "gi" | "gib" => 1 << 30,
        _ => return Err("units are kB, MB, GB, KiB, MiB and GiB".to_owned()),
    };
    let number: u64 = digits.parse().map_err(|_| "a size is a whole number and a unit, such as 1MB".to_owned())?;
    let bytes = number.checked_mul(factor).ok_or("that is too large")?;
    Ok(if bytes == 0 { NO_LIMIT } else { bytes })
}

/// Offsets have 32 bits: no larger file can be scanned.
const NO_LIMIT: u64 = (1 << 31) - 1;

pub fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "a number of seconds, such as 10 or 0.5".to_owned())?;
    if !(0.01..=86_400.0).contains(&seconds) {
        return Err("between 0.01 seconds and a day".to_owned());
    }
    Ok(Duration::from_secs_f64(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn sizes_are_read() {
        let check = |text: &str, expected: Option<u64>| assert_eq!(size(text).ok(), expected, "{text}");
        check("5", Some(5));
        check("1MB", Some(1_000_000));
        check("2 KiB", Some(2_048));
        check("0", Some(NO_LIMIT));
        check("1x", None);
        check("-1", None);
        check("99999999999GB", None);
    }
}
