//! What the tests begin with: GitHub, a repository there, and the program, which may end and start again.

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
pub const PATIENCE: Duration = Duration::from_secs(120);

/// Test vectors, and secrets of nobody.
pub const TOKEN: &str = "ghp_of_ada_for_tests_only";
pub const OF_ALL: &str = "one secret for all hooks";

pub const SAFE: &str = "\
from flask import Flask, request

app = Flask(__name__)


@app.route('/hello')
def hello():
    return {'name': request.args['name']}
";

/// What a request asks for goes into a command.
pub const WEAK: &str = "\
import os
from flask import Flask, request

app = Flask(__name__)


@app.route('/hello')
def hello():
    return str(os.system('echo ' + request.args['name']))
";

pub struct Stage {
    folder: tempfile::TempDir,
    pub github: TestGithub,
    pub shop: TestRepository,
    pub egress: Egress,
    /// Of the GitHub App, once it is installed.
    key: Option<String>,
    /// The program, with what it is run by before it.
    under: Vec<String>,
    /// The server has its data on a disk of its own, which only it sees.
    own_disk: bool,
    /// Further settings of the server.
    pub settings: Vec<(&'static str, String)>,
    /// What the branch of the pull request is called, in whatever repository it lies.
    pub branch: &'static str,
    token: String,
    delivered: u32,
}

pub struct Server {
    pub process: Child,
    pub address: String,
}

/// Measurements are made with one that is optimised.
fn program() -> std::ffi::OsString {
    std::env::var_os("RAMPART").unwrap_or_else(|| env!("CARGO_BIN_EXE_rampart").into())
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// GitHub with `ada/shop`, whose `main` is safe.
pub async fn stage() -> Stage {
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
    Stage {
        folder,
        github,
        shop,
        egress,
        key: None,
        under: vec![program().into_string().unwrap()],
        own_disk: false,
        settings: Vec::new(),
        branch: "feature",
        token: String::new(),
        delivered: 0,
    }
}

impl Stage {
    /// The server is run by another program, which it replaces or which looks on.
    pub fn run_by(&mut self, others: &[&str]) {
        self.under.splice(0..0, others.iter().map(|&one| one.to_owned()));
    }

    /// The server has its data on a disk of so many megabytes.
    pub fn with_own_disk(&mut self, megabytes: u32) {
        let mount =
            format!(r#"mkdir -p "$DATA_DIR" && mount -t tmpfs -o size={megabytes}m none "$DATA_DIR" && exec "$@""#);
        self.run_by(&["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", &mount, "sh"]);
        self.own_disk = true;
    }

    pub fn command(&self) -> Command {
        self.command_of(&[program().into_string().unwrap()])
    }

    fn command_of(&self, words: &[String]) -> Command {
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]);
        command.env_clear().env("PATH", "/usr/bin:/bin").env("DATA_DIR", self.data()).env("API_PORT", "0");
        command.env("RATE_LIMIT_USER", "unlimited").env("GITHUB_WEBHOOK_SECRET", OF_ALL);
        command.env("GITHUB_URL", self.github.web()).env("GITHUB_API_URL", self.github.api());
        if let Some(key) = &self.key {
            command.env("GITHUB_APP_ID", "77").env("GITHUB_APP_SLUG", "rampart").env("GITHUB_APP_PRIVATE_KEY", key);
        }
        command.envs(self.settings.iter().map(|(name, value)| (name, value))).current_dir(self.folder.path());
        command
    }

    pub fn token(&self) -> &str {
        &self.token
    }

    pub fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    /// Its data folder, as it is seen from here.
    pub fn data_of(&self, server: &Server) -> std::path::PathBuf {
        if !self.own_disk {
            return self.data();
        }
        let root = std::path::PathBuf::from(format!("/proc/{}/root", server.process.id()));
        root.join(self.data().strip_prefix("/").unwrap())
    }

    pub fn start(&mut self) -> Server {
        let mut process =
            self.command_of(&self.under).arg("serve").stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
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
            let data = self.data_of(&server);
            let mut account = self.command();
            account.env("DATA_DIR", &data).env("RAMPART_SERVER", &server.address).args([
                "account",
                "--email",
                "admin@example.com",
            ]);
            let account = account.output().unwrap();
            assert!(account.status.success(), "{}", String::from_utf8_lossy(&account.stderr));
            self.token = std::fs::read_to_string(data.join("command-line-token")).unwrap().trim().to_owned();
        }
        server
    }

    pub async fn get(&self, server: &Server, path: &str) -> Value {
        serde_json::from_str(&self.read(server, path).await).unwrap()
    }

    /// As it is answered.
    pub async fn read(&self, server: &Server, path: &str) -> String {
        let ask = Ask::get(format!("{}/api/v1{path}", server.address)).bearer(&Secret::new(&self.token));
        let answer = self.egress.send(ask).await.unwrap();
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert_eq!(answer.status, 200, "{path}: {text}");
        text
    }

    pub async fn post(&self, server: &Server, path: &str, body: Value) -> (u16, Value) {
        let ask = Ask::new(Method::POST, format!("{}/api/v1{path}", server.address));
        let ask = ask.bearer(&Secret::new(&self.token)).json(body.to_string().into());
        let answer = self.egress.send(ask).await.unwrap();
        (answer.status, serde_json::from_slice(&answer.body).unwrap())
    }

    pub async fn connect(&self, server: &Server, body: Value) -> String {
        let (status, body) = self.post(server, "/repositories/connect", body).await;
        assert_eq!(status, 201, "{body}");
        let id = body["id"].as_str().unwrap().to_owned();
        self.until(async || self.get(server, &format!("/repositories/{id}")).await["scanStatus"] == "completed").await;
        id
    }

    /// What GitHub tells, signed as it signs.
    pub async fn deliver(&mut self, server: &Server, event: &str, body: &Value) {
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
    pub async fn propose(&mut self, server: &Server, action: &str, files: &[(&str, &str)]) -> String {
        let base = self.shop.git(&["rev-parse", "main"], b"");
        self.shop.git(&["checkout", "--quiet", "-B", "feature"], b"");
        let head = self.shop.commit(files, "a change");
        self.shop.git(&["checkout", "--quiet", "main"], b"");
        self.shop.git(&["update-ref", "refs/pull/7/head", &head], b"");
        let mut pull = pull_request(7, &head, &base);
        pull["head"]["ref"] = json!(self.branch);
        pull["updated_at"] = json!(Origin::of_system("test").now());
        self.github.world().pulls = vec![pull.clone()];
        let body = json!({ "action": action, "number": 7, "pull_request": pull, "repository": { "id": 42 },
            "sender": { "login": "ada", "type": "User" } });
        self.deliver(server, "pull_request", &body).await;
        head
    }

    /// The pull request when its latest head was looked at.
    pub async fn analyzed(&self, server: &Server, head: &str) -> Value {
        let list = async || self.get(server, "/pull-requests").await["pullRequests"][0].clone();
        self.until(async || {
            let pull = list().await;
            pull["headSha"] == head && matches!(pull["status"].as_str(), Some("completed" | "failed"))
        })
        .await;
        let id = list().await["id"].as_str().unwrap().to_owned();
        self.get(server, &format!("/pull-requests/{id}")).await
    }

    pub async fn until(&self, holds: impl AsyncFn() -> bool) {
        let begun = Instant::now();
        while !holds().await {
            assert!(begun.elapsed() < PATIENCE, "it did not come");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What was told GitHub of a head, once nothing is left to tell.
    pub async fn told(&self, head: &str) -> Vec<Value> {
        let told = || -> Vec<Value> {
            let there = self.github.world();
            let of = |run: &&Value| run["head_sha"] == head && run["status"] == "completed";
            there.check_runs.iter().filter(of).cloned().collect()
        };
        self.until(async || !told().is_empty()).await;
        told()
    }

    /// The installation of the app is the workspace's, as it is when somebody has come back from GitHub with it.
    pub async fn install(&mut self) {
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
