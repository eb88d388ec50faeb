//! Reads on 100,000 findings in 200 repositories: `cargo bench -p rampart-findings --bench reads`.
//!
//! 64 clients ask one after the other for the numbers of the dashboard and for the first page of high findings, on SQLite and on
//! PostgreSQL, through the router with everything that is in front of a handler. Also measured: writing 10,000 findings of one scan.

#[path = "../tests/findings/world.rs"]
#[allow(dead_code, reason = "tests use all of it")]
mod world;

use std::sync::Arc;
use std::time::{Duration, Instant};

use rampart_findings::identity::Change;
use rampart_findings::{Ingest, Scope};
use rampart_report::model::{Report, Severity};
use rampart_store::Dialect;
use rampart_testkit::TestStore;
use world::{World, finding, report};

const REPOSITORIES: u32 = 200;
const FINDINGS: u32 = 500;
const CONNECTIONS: usize = 64;
const REQUESTS: usize = 2_000;

fn scan(repository: u32, count: u32) -> Report {
    let severities = [Severity::Low, Severity::Medium, Severity::High, Severity::Medium, Severity::Critical];
    let mut scan = report(&[("rule-0", Severity::Low, "src/file-0.py")]);
    scan.findings = (0..count)
        .map(|n| {
            let (rule, path) = (format!("rule-{}", n % 40), format!("src/file-{}.py", n % 60));
            let mut one = finding(&rule, severities[(n % 5) as usize], &path);
            (one.start.line, one.end.line) = (n + 1, n + 1);
            one.fingerprints = [("match/v1".to_owned(), format!("{repository}-{n}"))].into();
            one
        })
        .collect();
    scan
}

async fn measure(world: &Arc<World>, path: &'static str) {
    let client = world.again("viewer").await;
    let tasks = (0..CONNECTIONS).map(|_| {
        let client = client.clone();
        tokio::spawn(async move {
            let mut times = Vec::with_capacity(REQUESTS / CONNECTIONS);
            for _ in 0..REQUESTS / CONNECTIONS {
                let begun = Instant::now();
                let answer = client.get(path).await;
                assert!(answer.status.is_success(), "{}", answer.text);
                times.push(begun.elapsed());
            }
            times
        })
    });
    let begun = Instant::now();
    let mut times: Vec<Duration> = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        times.extend(task.await.expect("a client does not panic"));
    }
    times.sort_unstable();
    let at = |part: f64| times[((times.len() as f64 * part) as usize).min(times.len() - 1)].as_secs_f64() * 1_000.0;
    let rate = times.len() as f64 / begun.elapsed().as_secs_f64();
    println!("  {path:<48} p50 {:>7.1} ms  p99 {:>7.1} ms  {rate:>6.0}/s", at(0.5), at(0.99));
}

async fn run(dialect: Dialect) {
    println!("{dialect:?}");
    let world = Arc::new(World::new(TestStore::new(dialect, &world::migrations()).await).await);
    let begun = Instant::now();
    for number in 0..REPOSITORIES {
        let repository = world.repository(&format!("repository-{number}")).await;
        world.ingest(repository, &scan(number, FINDINGS)).await;
    }
    println!("  100,000 findings in 200 scans: {:.1} s", begun.elapsed().as_secs_f64());
    measure(&world, "/api/v1/dashboard/stats").await;
    measure(&world, "/api/v1/vulnerabilities?severity=high").await;
    measure(&world, "/api/v1/vulnerabilities?status=open&sort=-risk").await;
    let repository = world.repository("large").await;
    let large = scan(REPOSITORIES, 10_000);
    for what in ["new", "known"] {
        let ingest = Ingest {
            repository,
            scan: world.test.origin.new_id(),
            report: &large,
            scope: Scope::Whole,
            change: Change::none(),
            files: None,
        };
        let begun = Instant::now();
        match world.findings.ingest(&world.ctx(), &ingest).await {
            Ok(_) => println!("  10,000 {what} findings of one scan: {:.2} s", begun.elapsed().as_secs_f64()),
            Err(error) => println!("  10,000 {what} findings of one scan: {error}"),
        }
    }
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        run(Dialect::Sqlite).await;
        run(Dialect::Postgres).await;
    });
}
