//! What becomes of findings through the history of a real repository: a measurement, and no test.
//!
//! `REPLAY=FOLDER COMMITS=300 RAMPART=$PWD/target/release/rampart cargo nextest run --workspace --run-ignored only --no-capture \
//! -E 'test(replay)'`: each commit of the first line of descent is made the branch's head, found and scanned by itself. A finding that
//! goes and comes within one commit by the same rule in the same file is most likely one that was not known again; one that changes in
//! a file which the commit leaves alone may be, or data flow through another file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::server::Server;

fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git").arg("-C").arg(folder).args(arguments).output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Findings of a scan that stand so: the rule, the file, and the finding.
fn states(server: &Server, token: &str, scan: &str, state: &str) -> Vec<(String, String, String)> {
    let mut all = Vec::new();
    for page in 1.. {
        let found = server.json(&format!("/scans/{scan}/vulnerabilities?state={state}&limit=100&page={page}"), token);
        let list = found["vulnerabilities"].as_array().unwrap().clone();
        let text = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
        all.extend(list.iter().map(|one| (text(one, "rule"), text(one, "filePath"), text(one, "id"))));
        if list.len() < 100 {
            break;
        }
    }
    all
}

#[derive(Default)]
struct Churn {
    new: usize,
    fixed: usize,
    /// Of those that are new, those that were fixed before.
    back: usize,
    /// Of new and fixed, those in files that the commit does not touch.
    elsewhere: usize,
    /// One goes and one comes, by the same rule in the same file.
    replaced: usize,
    quiet: usize,
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement of a repository that REPLAY names"]
async fn replay() {
    let from = std::env::var("REPLAY").expect("REPLAY names a repository");
    let count: usize = std::env::var("COMMITS").ok().and_then(|count| count.parse().ok()).unwrap_or(300);
    let folder = tempfile::tempdir().unwrap();
    let code = folder.path().join("code/replayed");
    std::fs::create_dir_all(folder.path().join("code")).unwrap();
    git(folder.path(), &["clone", "--quiet", "--bare", &from, "code/replayed"]);
    let line = git(&code, &["rev-list", "--first-parent", "--reverse", "HEAD"]);
    let commits: Vec<&str> = line.lines().collect();
    let commits = &commits[commits.len().saturating_sub(count + 1)..];
    git(&code, &["update-ref", "refs/heads/replay", commits[0]]);
    git(&code, &["symbolic-ref", "HEAD", "refs/heads/replay"]);

    let server = Server::start(folder.path());
    assert!(server.command(folder.path(), "", &["account", "--email", "admin@example.com"]).status.success());
    let token = std::fs::read_to_string(folder.path().join("data/command-line-token")).unwrap().trim().to_owned();
    let mut socket = server.listen(&token).await;
    assert!(server.command(folder.path(), &token, &["connect", "code/replayed", "--wait"]).status.success());
    let first = socket.hear("scan:completed").await;
    let mut churn = Churn::default();
    let mut gone: BTreeSet<String> = BTreeSet::new();
    let mut took = Vec::new();
    for pair in commits.windows(2) {
        git(&code, &["update-ref", "refs/heads/replay", pair[1]]);
        let completed = socket.hear("scan:completed").await;
        let scan = completed["scanId"].as_str().unwrap();
        took.push(server.json(&format!("/scans/{scan}"), &token)["durationMs"].as_i64().unwrap_or(0));
        let changed = git(&code, &["diff", "--name-only", "--no-renames", pair[0], pair[1]]);
        let changed: BTreeSet<&str> = changed.lines().collect();
        let [new, fixed] = ["new", "fixed"].map(|state| states(&server, &token, scan, state));
        churn.quiet += usize::from(new.is_empty() && fixed.is_empty());
        let all = new.iter().chain(&fixed);
        churn.elsewhere += all.filter(|(_, file, _)| !changed.contains(file.as_str())).count();
        let mut left: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        fixed.iter().for_each(|(rule, file, _)| *left.entry((rule, file)).or_default() += 1);
        for (rule, file, _) in &new {
            if let Some(left) = left.get_mut(&(rule.as_str(), file.as_str())).filter(|left| **left > 0) {
                *left -= 1;
                churn.replaced += 1;
            }
        }
        churn.back += new.iter().filter(|(_, _, id)| gone.contains(id)).count();
        gone.extend(fixed.iter().map(|(_, _, id)| id.clone()));
        churn.new += new.len();
        churn.fixed += fixed.len();
    }
    took.sort_unstable();
    let open = server.json("/dashboard/stats", &token)["totalVulnerabilities"].clone();
    let Churn { new, fixed, back, elsewhere, replaced, quiet } = churn;
    println!(
        "{from}: {} commits, {quiet} of them without news; open {} at first, {open} at last",
        took.len(),
        first["totalVulns"]
    );
    println!(
        "new {new}, fixed {fixed}, come back {back}; replaced within a commit {replaced}; in files left alone {elsewhere}"
    );
    println!("a scan took {} ms (median), {} at most", took[took.len() / 2], took[took.len() - 1]);
    assert_eq!(server.stop(), Some(0));
}
