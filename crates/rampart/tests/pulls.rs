//! Pull requests with the real program and a double of GitHub: what a change brings is told there once, in a check, a summary and few
//! comments, whenever the program is killed meanwhile; and nothing when it brings nothing.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rampart_egress::{Ask, Egress, HeaderName, Method};
use rampart_forge::sign;
use rampart_kernel::{Clock, Origin, Secret, SystemClock};
use rampart_store::{Store, StoreSettings, params};
use rampart_testkit::{TestGithub, TestRemote, TestRepository, pull_request};
use serde_json::{Value, json};

/// An unoptimised program on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// Test vectors, and secrets of nobody.
const TOKEN: &str = "ghp_of_ada_for_tests_only";
const OF_ALL: &str = "one secret for all hooks";

const SAFE: &str = "\
from flask import Flask, request

app = Flask(__name__)


@app.route('/hello')
def hello():
    return {'name': request.args['name']}
";

/// What a request asks for goes into a command.
const WEAK: &str = "\
import os
from flask import Flask, request

app = Flask(__name__)


@app.route('/hello')
def hello():
    return str(os.system('echo ' + request.args['name']))
";

struct Stage {
    folder: tempfile::TempDir,
    github: TestGithub,
    shop: TestRepository,
    key: Option<String>,
    egress: Egress,
    token: String,
    delivered: u32,
}

struct Server {
    process: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// GitHub with `ada/shop`, whose `main` is safe.
async fn stage() -> Stage {
    let folder = tempfile::tempdir().unwrap();
    let github = TestGithub::start().await;
    let shop = TestRepository::new(&folder.path().join("github/shop"));
    shop.commit(&[("app.py", SAFE)], "first");
    {
        let mut there = github.world();
        there.tokens.push(TOKEN.to_owned());
        let remote = TestRemote { id: 42, private: true, folder: shop.path().to_owned() };
        there.repositories.insert("ada/shop".to_owned(), remote);
    }
    let egress = Egress::new(PATIENCE).unwrap();
    Stage { folder, github, shop, key: None, egress, token: String::new(), delivered: 0 }
}

impl Stage {
    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rampart"));
        command.env_clear().env("PATH", "/usr/bin:/bin").env("DATA_DIR", self.data()).env("API_PORT", "0");
        command.env("RATE_LIMIT_USER", "unlimited").env("GITHUB_WEBHOOK_SECRET", OF_ALL);
        command.env("GITHUB_URL", self.github.web()).env("GITHUB_API_URL", self.github.api());
        if let Some(key) = &self.key {
            command.env("GITHUB_APP_ID", "77").env("GITHUB_APP_SLUG", "rampart").env("GITHUB_APP_PRIVATE_KEY", key);
        }
        command.current_dir(self.folder.path());
        command
    }

    fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    fn start(&mut self) -> Server {
        let mut process = self.command().arg("serve").stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut server = Server { process, address: String::new() };
        for line in lines {
            if let Some(address) = line.unwrap().strip_prefix("Rampart answers at ") {
                server.address = address.to_owned();
                break;
            }
        }
        assert!(!server.address.is_empty(), "the server ended before it answered");
        if self.token.is_empty() {
            let mut account = self.command();
            account.env("RAMPART_SERVER", &server.address).args(["account", "--email", "admin@example.com"]);
            let account = account.output().unwrap();
            assert!(account.status.success(), "{}", String::from_utf8_lossy(&account.stderr));
            self.token = std::fs::read_to_string(self.data().join("command-line-token")).unwrap().trim().to_owned();
        }
        server
    }

    async fn get(&self, server: &Server, path: &str) -> Value {
        let ask = Ask::get(format!("{}/api/v1{path}", server.address)).bearer(&Secret::new(&self.token));
        let answer = self.egress.send(ask).await.unwrap();
        assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
        serde_json::from_slice(&answer.body).unwrap()
    }

    async fn post(&self, server: &Server, path: &str, body: Value) -> (u16, Value) {
        let ask = Ask::new(Method::POST, format!("{}/api/v1{path}", server.address));
        let ask = ask.bearer(&Secret::new(&self.token)).json(body.to_string().into());
        let answer = self.egress.send(ask).await.unwrap();
        (answer.status, serde_json::from_slice(&answer.body).unwrap())
    }

    async fn connect(&self, server: &Server, body: Value) -> String {
        let (status, body) = self.post(server, "/repositories/connect", body).await;
        assert_eq!(status, 201, "{body}");
        let id = body["id"].as_str().unwrap().to_owned();
        self.until(async || self.get(server, &format!("/repositories/{id}")).await["scanStatus"] == "completed").await;
        id
    }

    /// What GitHub tells, signed as it signs.
    async fn deliver(&mut self, server: &Server, event: &str, body: &Value) {
        self.delivered += 1;
        let text = body.to_string();
        let signature = sign(&Secret::new(OF_ALL), text.as_bytes());
        let named = |name| HeaderName::from_static(name);
        let ask = Ask::new(Method::POST, format!("{}/webhooks/github", server.address)).json(text.into());
        let ask = ask.header(named("x-github-event"), event).header(named("x-hub-signature-256"), signature);
        let ask = ask.header(named("x-github-delivery"), format!("d{}", self.delivered));
        let answer = self.egress.send(ask).await.unwrap();
        assert_eq!(answer.status, 202, "{}", String::from_utf8_lossy(&answer.body));
    }

    /// A pull request of a branch `feature` into `main`; its head.
    async fn propose(&mut self, server: &Server, action: &str, files: &[(&str, &str)]) -> String {
        let base = self.shop.git(&["rev-parse", "main"], b"");
        self.shop.git(&["checkout", "--quiet", "-B", "feature"], b"");
        let head = self.shop.commit(files, "a change");
        self.shop.git(&["checkout", "--quiet", "main"], b"");
        self.shop.git(&["update-ref", "refs/pull/7/head", &head], b"");
        let mut pull = pull_request(7, &head, &base);
        pull["updated_at"] = json!(Origin::of_system("test").now());
        self.github.world().pulls = vec![pull.clone()];
        let body = json!({ "action": action, "number": 7, "pull_request": pull, "repository": { "id": 42 },
            "sender": { "login": "ada", "type": "User" } });
        self.deliver(server, "pull_request", &body).await;
        head
    }

    /// The pull request when its latest head was looked at.
    async fn analyzed(&self, server: &Server, head: &str) -> Value {
        let list = async || self.get(server, "/pull-requests").await["pullRequests"][0].clone();
        self.until(async || {
            let pull = list().await;
            pull["headSha"] == head && matches!(pull["status"].as_str(), Some("completed" | "failed"))
        })
        .await;
        let id = list().await["id"].as_str().unwrap().to_owned();
        self.get(server, &format!("/pull-requests/{id}")).await
    }

    async fn until(&self, holds: impl AsyncFn() -> bool) {
        let begun = Instant::now();
        while !holds().await {
            assert!(begun.elapsed() < PATIENCE, "it did not come");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What was told GitHub of a head, once nothing is left to tell.
    async fn told(&self, head: &str) -> Vec<Value> {
        let told = || -> Vec<Value> {
            let there = self.github.world();
            let of = |run: &&Value| run["head_sha"] == head && run["status"] == "completed";
            there.check_runs.iter().filter(of).cloned().collect()
        };
        self.until(async || !told().is_empty()).await;
        told()
    }

    /// The installation of the app is the workspace's, as it is when somebody has come back from GitHub with it.
    async fn install(&mut self) {
        let made = Command::new("openssl").args(["genrsa", "-traditional", "2048"]).output();
        self.key = Some(String::from_utf8(made.expect("setup.sh installs openssl").stdout).unwrap());
        self.github.world().installations.push((5, "ada".to_owned()));
        drop(self.start());
        let store = Store::open(&StoreSettings::embedded(&self.data())).await.unwrap();
        let origin = Origin::of_system("test");
        let mut tx = store.begin(&origin).await.unwrap();
        let sql = "INSERT INTO github_installations (installation_id, workspace_id, account, added_by, created_at)
                   SELECT '5', workspace_id, 'ada', user_id, $1 FROM workspace_members LIMIT 1";
        assert_eq!(tx.execute(sql, &params![SystemClock.now()]).await.unwrap(), 1);
        tx.commit().await.unwrap();
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_change_brings_is_told_where_it_lies() {
    let mut stage = stage().await;
    stage.install().await;
    let server = stage.start();
    stage.connect(&server, json!({ "fullName": "ada/shop" })).await;
    let head = stage.propose(&server, "opened", &[("app.py", WEAK)]).await;
    let pull = stage.analyzed(&server, &head).await;
    assert_eq!((&pull["status"], &pull["analysis"]["triggerType"]), (&json!("completed"), &json!("pull_request")));
    let checks = stage.told(&head).await;
    let [check] = &checks[..] else { panic!("{checks:?}") };
    assert_eq!((&check["name"], &check["conclusion"]), (&json!("rampart/security"), &json!("failure")));
    assert_eq!(check["annotations"][0]["path"], "app.py");
    let id = pull["id"].as_str().unwrap().to_owned();
    assert!(check["details_url"].as_str().unwrap().ends_with(&format!("/pulls/{id}")), "{check}");
    stage.until(async || !stage.github.world().reviews.is_empty()).await;
    let summary = stage.github.world().comments[0]["body"].as_str().unwrap().to_owned();
    assert!(summary.starts_with("<!-- rampart:summary -->") && summary.contains("`app.py:9`"), "{summary}");
    let beside = stage.github.world().reviews[0]["comments"][0].clone();
    assert_eq!((&beside["path"], &beside["line"]), (&json!("app.py"), &json!(9)));
    // Told here as there.
    let pull = stage.get(&server, &format!("/pull-requests/{id}")).await;
    assert_eq!((&pull["judgement"]["verdict"], &pull["judgement"]["new"][0]["line"]), (&json!("failed"), &json!(9)));
    let comments = stage.get(&server, &format!("/pull-requests/{id}/comments")).await;
    assert_eq!(comments["comments"][0]["author"], "ai", "{comments}");
    // None of it is a finding of the repository.
    assert_eq!(stage.get(&server, "/vulnerabilities").await["vulnerabilities"], json!([]));
    // A person says something, beside a line.
    let said = json!({ "comment": "Take an argument list", "filePath": "app.py", "lineNumber": 9, "severity": "low",
        "suggestion": "    return 'hello'" });
    let (status, body) = stage.post(&server, &format!("/pull-requests/{id}/comments"), said).await;
    assert_eq!((status, &body["author"]), (201, &json!("user")), "{body}");
    assert_eq!(
        stage.github.world().reviews[1]["comments"][0]["body"],
        "Take an argument list\n\n```suggestion\n    return 'hello'\n```\n"
    );
    // The next head does without.
    let head = stage.propose(&server, "synchronize", &[("app.py", SAFE), ("other.py", "x = 1\n")]).await;
    stage.analyzed(&server, &head).await;
    let checks = stage.told(&head).await;
    assert_eq!((checks.len(), &checks[0]["conclusion"]), (1, &json!("success")));
    stage.until(async || stage.github.world().comments[0]["body"].as_str().unwrap().contains("No new findings")).await;
    {
        let there = stage.github.world();
        assert_eq!((there.comments.len(), there.reviews.len()), (1, 2));
    }
    stage.github.check();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clean_change_is_not_talked_about_and_none_chooses_what_is_looked_at() {
    let mut stage = stage().await;
    let server = stage.start();
    stage.connect(&server, json!({ "fullName": "ada/shop", "accessToken": TOKEN })).await;
    let ended = |stage: &Stage, head: &str| {
        let there = stage.github.world();
        let last = there.statuses.last().cloned().unwrap_or_default();
        (last["state"] != "pending" && there.exchanges.iter().any(|it| it["path"].as_str().unwrap().ends_with(head)))
            .then_some(last)
    };
    let head = stage.propose(&server, "opened", &[("other.py", "x = 1\n")]).await;
    stage.until(async || ended(&stage, &head).is_some()).await;
    let last = ended(&stage, &head).unwrap();
    assert_eq!((&last["state"], &last["context"]), (&json!("success"), &json!("rampart/security")));
    // What it brings is left out of scans by a file that it brings too; that file does not count.
    let files = [("app.py", WEAK), (".rampartignore", "*.py\n"), ("lib/.semgrepignore", "*\n")];
    let head = stage.propose(&server, "synchronize", &files).await;
    stage.until(async || ended(&stage, &head).is_some_and(|last| last["state"] == "failure")).await;
    stage.until(async || stage.github.world().comments.len() == 1).await;
    stage.github.check();
}

/// T-02 in small: however far it came when it was killed, in the end there is one of each.
#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_of_its_calls_it_tells_once() {
    let mut stage = stage().await;
    stage.install().await;
    let mut server = stage.start();
    stage.connect(&server, json!({ "fullName": "ada/shop" })).await;
    let is_change = |it: &&Value| it["method"] != "GET" && !it["path"].as_str().unwrap().ends_with("access_tokens");
    let changes = |stage: &Stage| stage.github.world().exchanges.iter().filter(is_change).count();
    let before = changes(&stage);
    let head = stage.propose(&server, "opened", &[("app.py", WEAK)]).await;
    // In progress, completed, summary, comments: dead after each of the first three.
    for call in 1..=3 {
        stage.until(async || changes(&stage) >= before + call).await;
        server.process.kill().unwrap();
        server.process.wait().unwrap();
        server = stage.start();
    }
    stage.until(async || !stage.github.world().reviews.is_empty()).await;
    stage.until(async || stage.get(&server, "/pull-requests").await["pullRequests"][0]["status"] == "completed").await;
    let there = stage.github.world();
    let of_head = there.check_runs.iter().filter(|run| run["head_sha"] == head.as_str()).count();
    assert_eq!((of_head, there.comments.len(), there.reviews.len()), (1, 1, 1));
    let annotated = there.check_runs[0]["annotations"].as_array().unwrap().len();
    assert_eq!((annotated, &there.check_runs[0]["status"]), (1, &json!("completed")));
}
