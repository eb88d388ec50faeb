//! `cargo xtask platform`: the real program under the loader that also drives what people would build instead.
//!
//! Starts the program, connects repositories, brings in findings, and hands over to `measure.sh` of the bench, which says what each run is.
//! The bench lies outside of this repository; its `run_peers.sh` must have prepared `PERF_DIR` before, with the loader and a payload in it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use crate::server::{Member, Server, ask, join};

const REPOSITORIES: usize = 200;
/// Of each repository.
const FINDINGS: usize = 500;

/// Which the payload of the bench is about.
const AT_FORGE: &str = "186853002";

/// No real one: for an installation that lives for minutes.
const HOOK_SECRET: &str = "bench-secret";

/// 32 bytes that protect nothing: a test vector.
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// Repositories are connected, scanned and filled within this.
const PATIENCE: Duration = Duration::from_secs(900);

struct Options {
    bench: PathBuf,
    perf: PathBuf,
    program: PathBuf,
    /// PostgreSQL and Redis of the bench in place of the embedded database.
    scaled: bool,
    sections: Vec<String>,
}

pub fn run(args: Vec<String>) -> anyhow::Result<()> {
    let mut options = Options {
        bench: PathBuf::new(),
        perf: std::env::var_os("PERF_DIR").map(PathBuf::from).context("set PERF_DIR, as for run_peers.sh")?,
        program: PathBuf::from("target/release/rampart"),
        scaled: false,
        sections: Vec::new(),
    };
    let mut args = args.into_iter();
    while let Some(name) = args.next() {
        let mut value = || args.next().with_context(|| format!("{name} needs a value"));
        match name.as_str() {
            "--bench" => options.bench = value()?.into(),
            "--rampart" => options.program = value()?.into(),
            "--scaled" => options.scaled = true,
            section if !section.starts_with('-') => options.sections.push(section.to_owned()),
            _ => anyhow::bail!("usage: cargo xtask platform --bench FOLDER [--rampart PROGRAM] [--scaled] SECTION..."),
        }
    }
    let there = |path: &Path, hint: &str| path.canonicalize().with_context(|| format!("{}: {hint}", path.display()));
    options.program = there(&options.program, "build it first")?;
    options.bench = there(&options.bench, "the folder that has measure.sh")?;
    options.perf = there(&options.perf, "run run_peers.sh of the bench first")?;
    measure(&options)
}

fn measure(options: &Options) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut settings = vec![
        ("LOCAL_GIT_ROOTS", folder.path().display().to_string()),
        ("GITHUB_WEBHOOK_SECRET", HOOK_SECRET.to_owned()),
        ("RATE_LIMIT_FREE_TIER", "unlimited".to_owned()),
        ("SECRET_KEY", KEY.to_owned()),
    ];
    let database = if options.scaled {
        let (postgres, redis) = (port("PG_PORT", 55_999), port("REDIS_PORT", 56_999));
        services(options, "start")?;
        let url = format!("postgres://bench@127.0.0.1:{postgres}/rampart");
        let anew = ["-q", "-c", "DROP DATABASE IF EXISTS rampart", "-c", "CREATE DATABASE rampart"];
        succeed(Command::new("psql").arg(format!("postgres://bench@127.0.0.1:{postgres}/bench")).args(anew))?;
        settings.push(("DATABASE_URL", url.clone()));
        settings.push(("REDIS_URL", format!("redis://127.0.0.1:{redis}")));
        Database::Postgres(url)
    } else {
        Database::Sqlite(folder.path().join("data/rampart.db"))
    };
    let server = Server::start(&options.program, folder.path(), 0, &settings)?;
    let member = join(server.port, &server.invitation, "bench@example.com")?;
    fill(&server, &member, folder.path(), &database)?;
    let done = run_sections(options, &server, &member, &database);
    drop(server);
    if options.scaled {
        services(options, "stop")?;
    }
    done
}

/// Where rows are counted and, once, changed.
enum Database {
    Sqlite(PathBuf),
    Postgres(String),
}

impl Database {
    /// Runs a statement; its answer is printed.
    fn command(&self, sql: &str) -> String {
        match self {
            Database::Sqlite(file) => format!("sqlite3 -cmd '.timeout 5000' '{}' \"{sql}\"", file.display()),
            Database::Postgres(url) => format!("psql -qAt '{url}' -c \"{sql}\""),
        }
    }

    fn execute(&self, sql: &str) -> anyhow::Result<()> {
        succeed(Command::new("sh").args(["-c", &self.command(sql)]))
    }
}

/// Repositories with findings, the first of which the deliveries are about. Each push queues a scan, none of which begins: how long
/// scans take is another measurement.
#[expect(clippy::disallowed_methods, reason = "what another process does rings no bell here")]
fn fill(server: &Server, member: &Member, folder: &Path, database: &Database) -> anyhow::Result<()> {
    let post = |path: &str, body: &Value| ask(server.port, "POST", path, &member.token, body);
    let begun = Instant::now();
    let mut ids = Vec::with_capacity(REPOSITORIES);
    for number in 0..REPOSITORIES {
        let code = folder.join(format!("code/repository-{number}"));
        std::fs::create_dir_all(&code)?;
        std::fs::write(code.join("main.py"), format!("print({number})\n"))?;
        for args in [&["init", "-q", "-b", "master"][..], &["add", "."], &["commit", "-qm", "first"]] {
            let who = ["-c", "user.name=bench", "-c", "user.email=bench@example.com"];
            succeed(Command::new("git").arg("-C").arg(&code).args(who).args(args))?;
        }
        let (status, body) = post("/api/v1/repositories/connect", &json!({ "repoUrl": code, "provider": "local" }))?;
        ensure!(status == 201, "connect: {status} {body}");
        ids.push(body["id"].as_str().context("a repository has an id")?.to_owned());
    }
    let scanned = "/api/v1/scans?status=completed&limit=1";
    while ask(server.port, "GET", scanned, &member.token, &Value::Null)?.1["total"] != REPOSITORIES {
        ensure!(begun.elapsed() < PATIENCE, "the first scans do not end");
        std::thread::sleep(Duration::from_millis(500));
    }
    for id in &ids {
        let findings: Vec<Value> = (0..FINDINGS).map(finding).collect();
        let body = json!({ "tool": "bench", "findings": findings });
        let (status, body) = post(&format!("/api/v1/repositories/{id}/findings/import"), &body)?;
        ensure!(status == 202, "import: {status} {body}");
    }
    let (status, body) = post("/api/v1/admin/queues/scan-jobs/pause", &Value::Null)?;
    ensure!(status == 200, "pause: {status} {body}");
    database.execute(&format!(
        "UPDATE repositories SET provider = 'github', provider_repo_id = '{AT_FORGE}'
         WHERE id = (SELECT id FROM repositories LIMIT 1)"
    ))?;
    eprintln!("{REPOSITORIES} repositories with {FINDINGS} findings each after {:.0?}", begun.elapsed());
    Ok(())
}

fn finding(number: usize) -> Value {
    let severities =
        ["critical", "high", "high", "medium", "medium", "medium", "low", "low", "low", "info"][number / 5 % 10];
    json!({
        "ruleId": format!("rule-{}", number % 40),
        "severity": severities,
        "filePath": format!("src/module_{}/file_{}.js", number % 97, number % 31),
        "lineNumber": 1 + number % 900,
        "message": format!("value {number} reaches a place where it is not checked"),
    })
}

fn run_sections(options: &Options, server: &Server, member: &Member, database: &Database) -> anyhow::Result<()> {
    let base = format!("http://127.0.0.1:{}", server.port);
    let mut watch = format!("rampart={}", server.process.id());
    if options.scaled {
        let postgres = std::fs::read_to_string(options.perf.join("pg/cluster/postmaster.pid"))?;
        let redis = std::fs::read_to_string(options.perf.join("redis/pid"))?;
        watch += &format!(" pg={} redis={}", postgres.lines().next().unwrap_or_default(), redis.trim());
    }
    let authorization = format!("Authorization: Bearer {}", member.token);
    let told = "SELECT COUNT(*) FROM event_outbox WHERE name = 'push.received' AND published_at IS NOT NULL";
    let mut command = Command::new(options.bench.join("measure.sh"));
    command
        .args(options.sections.iter().filter(|section| *section != "start"))
        .env(
            "BENCH",
            std::env::var("BENCH").unwrap_or_else(|_| options.perf.join("target/release/bench").display().to_string()),
        )
        .env("OUT", std::env::var("OUT").unwrap_or_else(|_| options.perf.join("results.jsonl").display().to_string()))
        .env("LABEL", if options.scaled { "rampart-scaled" } else { "rampart-embedded" })
        .env("BASE_URL", &base)
        .env("WATCH", watch)
        .env("WEBHOOK_PATH", "/webhooks/github")
        .env("WEBHOOK_SECRET", HOOK_SECRET)
        .env("PAYLOAD", options.perf.join("push.json"))
        .env("DONE_CMD", database.command(told))
        // What is done is counted from nothing before each run.
        .env("RESET_CMD", database.command("DELETE FROM event_outbox WHERE published_at IS NOT NULL"))
        .env("AUTH_HEADER", &authorization)
        .env("SOCKET_AUTH_HEADER", &authorization)
        .env("STATS_PATH", "/api/v1/dashboard/stats")
        .env("LIST_PATH", "/api/v1/vulnerabilities?page=1&limit=20&severity=high")
        .env("WS_PATH", "/ws")
        .env("WS_HELLO", r#"{"action":"subscribe","channels":["events:*"]}"#)
        .env("WS_READY", "subscribed")
        .env("SIO_AUTH", json!({ "token": member.token }).to_string())
        .env("TRIGGER_SIGNED", "1")
        .env("TRIGGER_URL", format!("{base}/webhooks/github"))
        .env("TRIGGER_EXPECT", "202");
    succeed(&mut command)
}

fn services(options: &Options, verb: &str) -> anyhow::Result<()> {
    succeed(Command::new(options.bench.join("services.sh")).arg(verb))
}

fn port(name: &str, usual: u16) -> u16 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn succeed(command: &mut Command) -> anyhow::Result<()> {
    let ended = command.status().with_context(|| format!("{} cannot be started", command.get_program().display()))?;
    ensure!(ended.success(), "{} ended with {ended}", command.get_program().display());
    Ok(())
}
