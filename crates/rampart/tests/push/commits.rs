//! From push to finding with the real program: a repository of this machine is connected, scanned, and every commit to it is found and
//! scanned by itself.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use rampart_testkit::TestRepository;
use serde_json::{Value, json};

use crate::server::Server;

/// What a request asks for goes into a query.
const WEAK: &str = "\
import sqlite3
from flask import Flask, request

app = Flask(__name__)


@app.route('/orders')
def orders():
    name = request.args['name']
    return sqlite3.connect('shop.db').execute(\"SELECT * FROM orders WHERE name = '\" + name + \"'\").fetchall()
";

/// And into a command.
const WEAKER: &str = "\
import os
from flask import Flask, request

app = Flask(__name__)


@app.route('/ping')
def ping():
    return str(os.system('ping -c 1 ' + request.args['host']))
";

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn files(found: &Value) -> Vec<&str> {
    found["vulnerabilities"].as_array().unwrap().iter().map(|one| one["filePath"].as_str().unwrap()).collect()
}

#[test]
fn the_command_line_logs_in_reads_decides_and_sends() {
    let folder = tempfile::tempdir().unwrap();
    let shop = TestRepository::new(&folder.path().join("code/shop"));
    shop.commit(&[("orders.py", WEAK)], "orders");
    let server = Server::start(folder.path());
    let account = server.command(folder.path(), "", &["account", "--email", "admin@example.com"]);
    assert!(account.status.success(), "{}", said(&account));
    let token = std::fs::read_to_string(folder.path().join("data/command-line-token")).unwrap();
    let connected = server.command(folder.path(), token.trim(), &["connect", "code/shop", "--wait"]);
    assert!(connected.status.success(), "{}", said(&connected));

    // From elsewhere: no data folder, only a home.
    let home = folder.path().join("home");
    std::fs::create_dir(&home).unwrap();
    let run = |arguments: &[&str], input: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rampart"));
        command.env_clear().env("HOME", &home).env("DATA_DIR", home.join("none")).current_dir(&home);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    };
    let address = format!("http://{}", server.address);
    let clear = run(&["login", "http://rampart.example"], &token);
    assert!(clear.status.code() == Some(2) && said(&clear).contains("in the clear"), "{}", said(&clear));
    let wrong = run(&["login", &address], "rmp_wrong\n");
    assert!(wrong.status.code() == Some(2) && !home.join(".config").exists(), "{}", said(&wrong));
    let login = run(&["login", &address], &token);
    assert!(login.status.success() && said(&login).contains("as admin@example.com"), "{}", said(&login));
    assert!(!said(&login).contains(token.trim()), "a token is not shown");
    let kept = home.join(".config/rampart/login.json");
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&kept).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);

    let list = run(&["findings", "list", "--repository", "shop", "--json"], "");
    let found: Value = serde_json::from_slice(&list.stdout).unwrap_or_else(|_| panic!("{}", said(&list)));
    let id = found["vulnerabilities"][0]["id"].as_str().unwrap().to_owned();
    let listed = run(&["findings", "list", "--error"], "");
    assert!(listed.status.code() == Some(1) && said(&listed).contains(&id), "{}", said(&listed));
    let shown = run(&["findings", "show", &id], "");
    assert!(
        shown.status.success() && said(&shown).contains("orders.py:") && said(&shown).contains("> "),
        "{}",
        said(&shown)
    );
    let silent = run(&["findings", "close", &id, "--as", "ignored"], "");
    assert!(silent.status.code() == Some(2) && said(&silent).contains("--reason"), "{}", said(&silent));
    let closed = run(&["findings", "close", &id, "--as", "ignored", "--reason", "a test"], "");
    assert!(closed.status.success() && said(&closed).contains("is ignored now"), "{}", said(&closed));
    let left = run(&["findings", "list"], "");
    assert!(left.status.success() && !said(&left).contains(&id), "{}", said(&left));
    assert!(run(&["findings", "reopen", &id], "").status.success());

    // What was scanned here is sent there.
    std::fs::write(home.join("ping.py"), WEAKER).unwrap();
    let sent = run(&["scan", "ping.py", "--quiet", "--upload", "team/none"], "");
    assert!(sent.status.code() == Some(2) && said(&sent).contains("no connected repository"), "{}", said(&sent));
    let sent = run(&["scan", "ping.py", "--quiet", "--upload", "shop"], "");
    assert!(sent.status.success() && said(&sent).contains("Sent to "), "{}", said(&sent));
    assert!(said(&run(&["findings", "list", "-q", "ping.py"], "")).contains("ping.py"));

    assert!(run(&["logout"], "").status.success() && !kept.exists());
    assert_eq!(run(&["findings", "list"], "").status.code(), Some(2));
    assert_eq!(server.stop(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_becomes_findings_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let shop = TestRepository::new(&folder.path().join("code/shop"));
    let first = shop.commit(&[("orders.py", WEAK), ("README.md", "a shop\n")], "orders");
    let server = Server::start(folder.path());
    let unknown = server.command(folder.path(), "", &["connect", "code/shop"]);
    assert!(!unknown.status.success() && said(&unknown).contains("RAMPART_TOKEN"), "{}", said(&unknown));

    let account = server.command(folder.path(), "", &["account", "--email", "admin@example.com"]);
    assert!(account.status.success(), "{}", said(&account));
    let token = std::fs::read_to_string(folder.path().join("data/command-line-token")).unwrap().trim().to_owned();
    let mut socket = server.listen(&token).await;

    let outside = server.command(folder.path(), &token, &["connect", "data"]);
    assert!(!outside.status.success() && said(&outside).contains("LOCAL_GIT_ROOTS"), "{}", said(&outside));
    let connected = server.command(folder.path(), &token, &["connect", "code/shop", "--wait"]);
    assert!(connected.status.success(), "{}", said(&connected));
    assert!(said(&connected).contains(&first), "{}", said(&connected));
    let id = socket.hear("repository:connected").await["repositoryId"].as_str().unwrap().to_owned();
    let completed = socket.hear("scan:completed").await;
    assert_eq!((&completed["repositoryId"], &completed["newVulns"]), (&json!(id), &completed["totalVulns"]));

    let list = format!("/vulnerabilities?repositoryId={id}&status=open");
    let found = server.json(&list, &token);
    assert!(!files(&found).is_empty() && files(&found).iter().all(|file| *file == "orders.py"), "{found}");
    let before = files(&found).len();
    let commit = server.json(&format!("/commits/{first}"), &token);
    assert_eq!((&commit["status"], &commit["message"]), (&json!("completed"), &json!("orders")));
    let repository = server.json(&format!("/repositories/{id}"), &token);
    assert_eq!((&repository["scanStatus"], &repository["language"]), (&json!("completed"), &json!("python")));

    // Nothing is said to the platform: it looks.
    let second = shop.commit(&[("ping.py", WEAKER)], "ping");
    let completed = socket.hear("scan:completed").await;
    assert!(completed["newVulns"].as_u64().unwrap() > 0, "{completed}");
    assert_eq!(completed["fixedVulns"], 0);
    let found = server.json(&list, &token);
    assert!(files(&found).contains(&"ping.py") && files(&found).len() > before, "{found}");
    let scan = server.json(&format!("/scans/{}", completed["scanId"].as_str().unwrap()), &token);
    assert_eq!(
        (&scan["commitHash"], &scan["triggerType"], &scan["mode"]),
        (&json!(second), &json!("webhook"), &json!("incremental"))
    );
    assert_eq!((&scan["status"], &scan["tasks"][0]["status"]), (&json!("completed"), &json!("completed")));

    let report = format!("/scans/{}/report", scan["id"].as_str().unwrap());
    let sarif = server.json(&format!("{report}?format=sarif"), &token);
    assert_eq!(sarif["version"], "2.1.0");
    let (status, csv) = server.get(&format!("{report}?format=csv"), &token);
    assert!(status == 200 && csv.contains("ping.py"), "{csv}");

    // What is gone is fixed.
    shop.git(&["rm", "--quiet", "ping.py"], b"");
    shop.commit(&[], "no ping");
    let completed = socket.hear("scan:completed").await;
    assert!(completed["fixedVulns"].as_u64().unwrap() > 0 && completed["newVulns"] == 0, "{completed}");
    assert_eq!(files(&server.json(&list, &token)).len(), before);

    drop(socket);
    assert_eq!(server.stop(), Some(0));
    let work = folder.path().join("data/work");
    assert_eq!(std::fs::read_dir(work).unwrap().count(), 0, "what was checked out is gone");
}
