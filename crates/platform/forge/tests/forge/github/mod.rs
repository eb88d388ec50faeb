//! GitHub as it is met: repositories connected with a token, by a linked account and by an app; fetched over HTTP; hooks, checks,
//! comments; and everything that was asked, held to GitHub's own description.

mod app;

use std::process::Command;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use rampart_forge::remote::Error as Refused;
use rampart_forge::{CommitHash, Error, Repository, RepositoryId, git, module, sign};
use rampart_jobs::{Handlers, Worker};
use rampart_kernel::uuid::Uuid;
use rampart_kernel::{Cell, Id, Secret, SystemChance, UserId};
use rampart_store::{Dialect, params};
use rampart_testkit::{TestGithub, TestRemote, TestRepository, TestStore, on_both, pull_request};
use serde_json::{Value, json};

use crate::world::{World, migrations, ok, text, world_with};

/// A test vector, and no token of anybody.
const TOKEN: &str = "ghp_of_ada_for_tests_only";

struct Stage {
    world: World,
    github: TestGithub,
    shop: TestRepository,
}

/// GitHub with a private repository `ada/shop`.
async fn stage(test: TestStore, settings: &[(&str, &str)]) -> Stage {
    let github = TestGithub::start().await;
    let shop = TestRepository::new(&test.folder().join("github/shop"));
    shop.commit(&[("app.py", "import os\n")], "first");
    {
        let mut there = github.world();
        there.tokens.push(TOKEN.to_owned());
        let remote = TestRemote { id: 42, private: true, folder: shop.path().to_owned() };
        there.repositories.insert("ada/shop".to_owned(), remote);
    }
    let (web, api) = (github.web().to_owned(), github.api());
    let own = [("GITHUB_URL", web.as_str()), ("GITHUB_API_URL", api.as_str())];
    let settings: Vec<_> = own.into_iter().chain(settings.iter().copied()).collect();
    Stage { world: world_with(test, &settings).await, github, shop }
}

impl Stage {
    async fn connect(&self, body: Value) -> (StatusCode, Value) {
        let answer = self.world.by("admin").post("/api/v1/repositories/connect", body).await;
        (answer.status, answer.body)
    }

    async fn connected(&self) -> Repository {
        let (status, body) = self.connect(json!({ "fullName": "ada/shop", "accessToken": TOKEN })).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        self.repository(&text(&body["id"])).await
    }

    async fn repository(&self, id: &str) -> Repository {
        let id: RepositoryId = id.parse().unwrap();
        self.world.forge.get_repository(&self.world.system(), id).await.unwrap()
    }

    async fn link(&self, name: &str) {
        let me = self.world.by(name).get("/api/v1/auth/me").await;
        let user: UserId = text(&ok(&me)["id"]).parse().unwrap();
        let id: Uuid = self.world.test.origin.new_id::<RepositoryId>().uuid();
        let cell = Cell { table: "user_identities", column: "access_token", row: id };
        let token = self.world.keys.seal(&SystemChance, cell, &Secret::new(TOKEN));
        let mut tx = self.world.test.store.begin(&self.world.test.origin).await.unwrap();
        let sql = "INSERT INTO user_identities (id, user_id, provider, issuer, subject, login, access_token, scopes, last_used,
                       created_at) VALUES ($1, $2, 'github', 'x', '1', 'ada', $3, 'repo', $4, $4)";
        tx.execute(sql, &params![id, user, token.as_text(), self.world.test.origin.now()]).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn work(&self) {
        let handlers = module(&self.world.forge, Handlers::new()).handlers;
        let jobs = (self.world.ground)().jobs;
        self.world.forge.look_at_forges(&self.world.test.origin).await.unwrap();
        Worker::new(jobs, handlers, self.world.test.origin.clone()).drain().await.unwrap();
    }

    /// Once is enough, and takes some seconds.
    fn check(&self) {
        if self.world.test.settings.dialect() == Dialect::Sqlite {
            self.github.check();
        }
    }
}

fn hash(text: &str) -> CommitHash {
    text.parse().unwrap()
}

#[test]
fn a_repository_at_github_is_connected_told_of_and_let_go() {
    on_both(&migrations(), |test| async {
        let stage = stage(test, &[]).await;
        let repository = stage.connected().await;
        let id = repository.id();
        assert_eq!((repository.summary.full_name.as_str(), repository.summary.private), ("ada/shop", true));
        assert_eq!((repository.webhook_configured, repository.provider_repo_id.as_deref()), (true, Some("42")));
        let hook = stage.github.world().hooks[0].clone();
        let url = text(&hook["config"]["url"]);
        assert!(url.ends_with(&format!("/api/v1/webhooks/github?repo={id}")), "{url}");
        assert_eq!(hook["events"], json!(["push", "pull_request", "pull_request_review", "issue_comment"]));
        // What is secret stands nowhere as it is.
        let secret = text(&hook["config"]["secret"]);
        let sql = "SELECT access_token, webhook_secret FROM repositories";
        let row = stage.world.test.store.read().await.unwrap().get(sql, &[]).await.unwrap();
        for (column, plain) in [("access_token", TOKEN), ("webhook_secret", secret.as_str())] {
            let kept: String = row.get(column).unwrap();
            assert!(kept.starts_with("v1:") && !kept.contains(plain), "{column}");
        }
        // What GitHub signs with the hook's secret is heard.
        let body =
            json!({ "ref": "refs/heads/main", "after": "a".repeat(40), "commits": [], "repository": { "id": 42 } });
        let deliver = async |secret: &str, delivery: &str| {
            let signature = sign(&Secret::new(secret), body.to_string().as_bytes());
            let client = stage.world.client.with("x-hub-signature-256", &signature);
            let client = client.with("x-github-event", "push").with("x-github-delivery", delivery);
            let path = format!("/api/v1/webhooks/github?repo={id}");
            client.send_bytes(Method::POST, &path, body.to_string()).await.status
        };
        assert_eq!(deliver(&secret, "d1").await, StatusCode::ACCEPTED);

        let again =
            stage.connect(json!({ "repoUrl": format!("{}/ada/shop.git", stage.github.web()), "accessToken": TOKEN }));
        assert_eq!(again.await.1["code"], "REPOSITORY_ALREADY_CONNECTED");
        let path = format!("/api/v1/repositories/{id}");
        let admin = stage.world.by("admin");
        assert_eq!(
            stage.world.by("member").post(&format!("{path}/webhook"), json!({})).await.status,
            StatusCode::FORBIDDEN
        );
        ok(&admin.post(&format!("{path}/webhook"), json!({})).await);
        let renewed = text(&stage.github.world().hooks[0]["config"]["secret"]);
        assert_ne!(renewed, secret);
        assert_eq!(deliver(&secret, "d2").await, StatusCode::UNAUTHORIZED);
        assert_eq!(deliver(&renewed, "d3").await, StatusCode::OK);

        // Another token counts when it reaches the repository, another secret when the hook has it.
        let other = "ghp_another_for_tests_only";
        let change = json!({ "accessToken": other, "webhookSecret": "chosen-by-ourselves" });
        assert_eq!(admin.put(&path, change.clone()).await.code(), "VALIDATION_ERROR");
        assert_eq!(deliver(&renewed, "d4").await, StatusCode::OK);
        stage.github.world().tokens = vec![other.to_owned()];
        ok(&admin.put(&path, change).await);
        assert_eq!(deliver(&renewed, "d5").await, StatusCode::UNAUTHORIZED);
        assert_eq!(deliver("chosen-by-ourselves", "d6").await, StatusCode::OK);

        let shown = admin.get(&format!("{path}/branch-protection")).await;
        assert_eq!(*ok(&shown), json!({ "branch": "main", "enforced": false, "requiredChecks": [] }));
        stage.github.world().protected.insert("main".to_owned(), vec!["tests".to_owned()]);
        let asked = json!({ "branch": "main", "enforced": true });
        let changed = admin.put(&format!("{path}/branch-protection"), asked).await;
        assert_eq!(ok(&changed)["requiredChecks"], json!(["tests", "rampart/security"]));
        let asked = json!({ "branch": "main", "enforced": false });
        let changed = admin.put(&format!("{path}/branch-protection"), asked).await;
        assert_eq!(ok(&changed)["requiredChecks"], json!(["tests"]));

        ok(&admin.delete(&path).await);
        assert!(stage.github.world().hooks.is_empty());
        stage.check();
    });
}

#[test]
fn what_cannot_be_connected_says_why() {
    on_both(&migrations(), |test| async {
        let stage = stage(test, &[]).await;
        let refused = async |body: Value| {
            let (status, body) = stage.connect(body).await;
            (status.as_u16(), text(&body["code"]))
        };
        let named = |code: &str| (409, code.to_owned());
        assert_eq!(refused(json!({ "fullName": "ada/shop" })).await, named("GITHUB_NOT_CONNECTED"));
        let wrong = json!({ "fullName": "ada/shop", "accessToken": "ghp_somebody_else" });
        assert_eq!(refused(wrong).await, named("GITHUB_NOT_CONNECTED"));
        for bad in [
            json!({ "fullName": "ada/none", "accessToken": TOKEN }),
            json!({ "repoUrl": "https://example.com/ada/shop", "accessToken": TOKEN }),
            json!({ "fullName": "ada/shop", "accessToken": "a b c d e f" }),
            json!({ "fullName": "ada/shop", "accessToken": TOKEN, "webhookSecret": "short" }),
            json!({ "fullName": "ada/shop", "accessToken": TOKEN, "defaultBranch": "none" }),
        ] {
            assert_eq!(refused(bad.clone()).await, (400, "VALIDATION_ERROR".to_owned()), "{bad}");
        }
        // What GitHub says is not shown; that it does not serve is.
        stage.github.world().instead.push_back((500, Vec::new(), json!({ "message": "an inside of theirs" })));
        let (status, body) = stage.connect(json!({ "fullName": "ada/shop", "accessToken": TOKEN })).await;
        assert_eq!((status.as_u16(), &body["code"]), (502, &json!("UPSTREAM_ERROR")));
        assert!(!body.to_string().contains("inside"), "{body}");
        // A hook that GitHub does not take is made later.
        let mut broken = stage.connected_without_hook().await;
        assert!(!broken.webhook_configured);
        let path = format!("/api/v1/repositories/{}/webhook", broken.id());
        ok(&stage.world.by("admin").post(&path, json!({})).await);
        broken = stage.repository(&broken.id().to_string()).await;
        assert!(broken.webhook_configured && broken.webhook_id.is_some());
    });
}

impl Stage {
    async fn connected_without_hook(&self) -> Repository {
        // The repository is answered as it is, and who asks; then the hook is refused, as one to an address that GitHub cannot reach.
        let found = self.world.by("admin").get("/api/v1/auth/me").await;
        ok(&found);
        let client = reqwest_like(&self.github, "/repos/ada/shop").await;
        let refusal = json!({ "message": "Validation Failed" });
        {
            let mut there = self.github.world();
            there.instead.push_back((200, Vec::new(), client));
            there.instead.push_back((200, Vec::new(), json!({ "login": "ada" })));
            there.instead.push_back((422, Vec::new(), refusal));
        }
        self.connected().await
    }
}

/// What the double answers there.
async fn reqwest_like(github: &TestGithub, path: &str) -> Value {
    let egress = rampart_egress::Egress::new(Duration::from_secs(10)).unwrap();
    let ask = rampart_egress::Ask::get(format!("{}{path}", github.api())).bearer(&Secret::new(TOKEN));
    serde_json::from_slice(&egress.send(ask).await.unwrap().body).unwrap()
}

#[test]
fn a_linked_account_shows_its_repositories_and_connects_them() {
    on_both(&migrations(), |test| async {
        let stage = stage(test, &[]).await;
        let path = "/api/v1/repositories/available?q=SHOP";
        let answer = stage.world.by("admin").get(path).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, "GITHUB_NOT_CONNECTED"));
        stage.link("admin").await;
        let answer = stage.world.by("admin").get(path).await;
        let first = &ok(&answer)["repositories"][0];
        let expected = json!({ "providerRepoId": "42", "fullName": "ada/shop", "private": true, "language": "Python",
            "defaultBranch": "main", "connected": false });
        assert_eq!(*first, expected);
        let (status, body) = stage.connect(json!({ "providerRepoId": "42" })).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        let answer = stage.world.by("admin").get(path).await;
        assert_eq!(answer.body["repositories"][0]["connected"], true);
        // The second time nothing had changed, and GitHub said only that.
        assert_eq!(stage.world.by("viewer").get(path).await.status, StatusCode::FORBIDDEN);
        // Fetched with the account of who connected it.
        let repository = stage.repository(&text(&body["id"])).await;
        let fetched = stage.world.forge.fetch(&repository, None, None).await.unwrap();
        assert_eq!(fetched.described.message, "first");
        stage.check();
    });
}

#[test]
fn code_comes_over_http_with_a_token_that_nobody_else_sees() {
    on_both(&migrations(), |test| async {
        let stage = stage(test, &[]).await;
        let repository = stage.connected().await;
        let forge = &stage.world.forge;
        let first = forge.fetch(&repository, None, None).await.unwrap();
        assert_eq!(first.hash.as_str(), stage.shop.git(&["rev-parse", "HEAD"], b""));
        // Somebody clones, commits and pushes over HTTP, as people do.
        let address = stage.github.web().replace("http://", &format!("http://x-access-token:{TOKEN}@"));
        let clone = stage.world.test.folder().join("clone");
        let git = |folder: &std::path::Path, arguments: &[&str]| {
            let mut command = Command::new("git");
            command.args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]).args(arguments);
            command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").current_dir(folder);
            let output = command.output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        };
        let folder = stage.world.test.folder().to_owned();
        let (url, target) = (format!("{address}/ada/shop.git"), clone.to_str().unwrap().to_owned());
        let pushed = tokio::task::spawn_blocking(move || {
            git(&folder, &["clone", "--quiet", &url, &target]);
            std::fs::write(clone.join("new.py"), "import sys\n").unwrap();
            git(&clone, &["add", "."]);
            git(&clone, &["commit", "--quiet", "-m", "second"]);
            git(&clone, &["push", "--quiet", "origin", "HEAD:main", "HEAD:refs/pull/7/head"]);
            git(&clone, &["rev-parse", "HEAD"]);
        });
        pushed.await.unwrap();
        let second = forge.fetch(&repository, None, None).await.unwrap();
        assert_eq!((second.described.message.as_str(), second.changes.added.len()), ("second", 1));
        // Nothing of the token is on disk where the program keeps things.
        let found =
            Command::new("grep").args(["-r", "-l", "-a", TOKEN]).arg(stage.world.test.folder().join("data")).output();
        assert_eq!(String::from_utf8_lossy(&found.unwrap().stdout), "");
        // Taken back, it opens nothing; what is here stays.
        stage.github.world().tokens.clear();
        let refused = forge.fetch(&repository, None, None).await;
        assert!(matches!(refused, Err(Error::Git(git::Error::Denied))), "{refused:?}");
        assert!(forge.fetch(&repository, None, Some(&second.hash)).await.is_ok());
    });
}

#[test]
fn a_pull_request_is_fetched_with_what_it_changes() {
    on_both(&migrations(), |test| async {
        let mut stage = stage(test, &[]).await;
        let repository = stage.connected().await;
        let base = stage.shop.git(&["rev-parse", "HEAD"], b"");
        stage.shop.git(&["checkout", "--quiet", "-b", "side"], b"");
        let head = stage.shop.commit(&[("side.py", "1\n")], "aside");
        stage.shop.git(&["update-ref", "refs/pull/7/head", &head], b"");
        stage.shop.git(&["checkout", "--quiet", "main"], b"");
        stage.shop.git(&["branch", "-D", "side"], b"");
        stage.shop.commit(&[("main.py", "1\n")], "meanwhile");
        // Nobody told of it: it is found by looking, as is that its deliveries failed.
        {
            let mut there = stage.github.world();
            there.pulls.push(pull_request(7, &head, &base));
            let delivery = |id: u64, guid: &str, status: u16| {
                json!({ "id": id, "guid": guid, "delivered_at": "2024-01-15T10:30:00Z", "redelivery": false, "duration": 0.1,
                    "status": "x", "status_code": status, "event": "push", "action": null, "installation_id": null,
                    "repository_id": 42, "throttled_at": null })
            };
            // The first of these succeeded at its second attempt.
            there.deliveries =
                vec![delivery(5, "a", 200), delivery(4, "b", 503), delivery(3, "a", 503), delivery(2, "c", 200)];
        }
        stage.world.events().await;
        stage.work().await;
        assert_eq!(stage.github.world().redelivered, [4]);
        let names: Vec<_> = stage.world.events().await.into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["push.received", "pull_request.updated", "pr.opened"]);
        stage.work().await;
        assert!(stage.world.events().await.is_empty(), "nothing is told twice");

        let ctx = stage.world.system();
        let granted = ctx.require::<rampart_forge::ReadRepositories>().unwrap();
        let mut reader = stage.world.test.store.read().await.unwrap();
        let forge = &stage.world.forge;
        let pull = forge.find_pull_request_in(&mut reader, &granted, repository.id(), 7).await.unwrap().unwrap();
        drop(reader);
        let (fetched, parted) = forge.fetch_pull_request(&repository, &pull).await.unwrap();
        assert_eq!(
            (fetched.hash.as_str(), parted.as_ref().map(CommitHash::as_str)),
            (head.as_str(), Some(base.as_str()))
        );
        assert_eq!(
            (fetched.changes.added, fetched.changes.modified),
            (vec!["side.py".to_owned()], Vec::<String>::new())
        );
        let feedback = forge.forge_client(&stage.world.test.origin, &repository).await.unwrap();
        let main = stage.shop.git(&["rev-parse", "main"], b"");
        assert_eq!(feedback.merge_base(&hash(&main), &hash(&head)).await.unwrap().as_str(), base);

        stage.github.world().pulls[0]["state"] = json!("closed");
        stage.github.world().pulls[0]["merged_at"] = json!("2024-01-16T10:30:00Z");
        stage.github.world().pulls[0]["updated_at"] = json!("2024-01-16T10:30:00Z");
        stage.work().await;
        let events = stage.world.events().await;
        assert_eq!(events[0].1["action"], "merged", "{events:?}");
        stage.check();
    });
}

#[test]
fn what_github_says_of_its_limits_is_obeyed() {
    on_both(&migrations(), |test| async {
        let stage = stage(test, &[]).await;
        let repository = stage.connected().await;
        let feedback = stage.world.forge.forge_client(&stage.world.test.origin, &repository).await.unwrap();
        let count = || stage.github.world().exchanges.len();
        let busy = |status, headers: Vec<(&'static str, String)>| {
            stage.github.world().instead.push_back((status, headers, json!({ "message": "wait" })));
        };
        let limited = async || match feedback.own_comments(7).await {
            Err(Refused::Limited(_, pause)) => pause.as_secs(),
            other => panic!("{other:?}"),
        };
        let at_reset = |stage: &Stage| {
            let until = stage.world.test.origin.now() + Duration::from_secs(300);
            vec![
                ("x-ratelimit-remaining", "0".to_owned()),
                ("x-ratelimit-reset", (until.as_millis() / 1_000).to_string()),
            ]
        };
        let retry: fn(&Stage) -> Vec<(&'static str, String)> = |_| vec![("retry-after", "30".to_owned())];
        for (status, headers, seconds) in [(403, retry, 30), (429, |_| Vec::new(), 60), (403, at_reset, 300)] {
            let headers = headers(&stage);
            busy(status, headers);
            let pause = limited().await;
            assert!(pause.abs_diff(seconds) <= 1, "{status}: {pause}");
            // Nothing is asked until then.
            let before = count();
            assert!(limited().await.abs_diff(seconds) <= 1);
            assert_eq!(count(), before);
            stage.world.test.clock.advance(Duration::from_secs(seconds + 1));
            feedback.own_comments(7).await.unwrap();
        }
        // Plain refusals say nothing of limits; answers without an end are not read to it.
        busy(403, vec![("x-ratelimit-remaining", "4000".to_owned())]);
        assert!(matches!(feedback.own_comments(7).await, Err(Refused::Forbidden(_))));
        stage.github.world().instead.push_back((200, Vec::new(), json!(" ".repeat(5_000_001))));
        assert!(matches!(feedback.own_comments(7).await, Err(Refused::Unreachable(..))));
        // The token is shown to nobody else, wherever the next page is said to be.
        let elsewhere = "<http://127.0.0.1:9/api/v3/x?page=2>; rel=\"next\"".to_owned();
        stage.github.world().instead.push_back((200, vec![("link", elsewhere)], json!([])));
        assert!(feedback.own_comments(7).await.unwrap().is_empty());
    });
}
