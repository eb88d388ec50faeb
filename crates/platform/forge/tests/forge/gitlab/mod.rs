//! GitLab as it is met, below a path: projects connected with a token of their own and with the installation's; fetched over HTTP; hooks
//! and what they tell; statuses, notes, discussions; and everything that was asked, held to what GitLab documents.

mod changes;
mod hooks;

use std::time::Duration;

use axum::http::{Method, StatusCode};
use rampart_forge::remote::{Account, Change, Check, Conclusion, Error as Refused, ForgeClient, InlineComment};
use rampart_forge::{CommitHash, Repository, RepositoryId, module};
use rampart_jobs::{Handlers, Worker};
use rampart_testkit::{Answer, TestGitlab, TestMergeRequest, TestRemote, TestRepository, TestStore, on_both};
use serde_json::{Value, json};

use crate::world::{OF_ALL, World, migrations, ok, text, world_with};

/// A test vector, and no token of anybody.
const TOKEN: &str = "glpat-for-tests-only";
const NAME: &str = "group/within/shop";

struct Stage {
    world: World,
    gitlab: TestGitlab,
    shop: TestRepository,
}

/// GitLab with a private project `group/within/shop`.
async fn stage(test: TestStore, settings: &[(&str, &str)]) -> Stage {
    let gitlab = TestGitlab::start().await;
    let shop = TestRepository::new(&test.folder().join("gitlab/shop"));
    shop.commit(&[("app.py", "one\ntwo\nthree\nfour\nfive\n")], "first");
    {
        let mut there = gitlab.world();
        there.tokens.insert(TOKEN.to_owned(), "project_42_bot_0a1b".to_owned());
        let remote = TestRemote { id: 42, private: true, folder: shop.path().to_owned() };
        there.repositories.insert(NAME.to_owned(), remote);
    }
    let web = gitlab.web().to_owned();
    let settings: Vec<_> = [("GITLAB_BASE_URL", web.as_str())].into_iter().chain(settings.iter().copied()).collect();
    Stage { world: world_with(test, &settings).await, gitlab, shop }
}

impl Stage {
    async fn connect(&self, body: Value) -> Answer {
        self.world.by("admin").post("/api/v1/repositories", body).await
    }

    async fn connected(&self) -> Repository {
        let answer = self.connect(json!({ "provider": "gitlab", "fullName": NAME, "accessToken": TOKEN })).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        self.repository(&text(&answer.body["id"])).await
    }

    async fn repository(&self, id: &str) -> Repository {
        let id: RepositoryId = id.parse().unwrap();
        self.world.forge.get_repository(&self.world.system(), id).await.unwrap()
    }

    async fn client(&self, repository: &Repository) -> ForgeClient {
        self.world.forge.forge_client(&self.world.test.origin, repository).await.unwrap()
    }

    async fn work(&self) {
        let handlers = module(&self.world.forge, Handlers::new()).handlers;
        let jobs = (self.world.ground)().jobs;
        self.world.forge.look_at_forges(&self.world.test.origin).await.unwrap();
        Worker::new(jobs, handlers, self.world.test.origin.clone()).drain().await.unwrap();
    }

    /// The secret token of the hook.
    fn token(&self) -> String {
        text(&self.gitlab.world().hooks[0]["token"])
    }

    /// A branch `feature` beside `main`, with these files; its head, and where it parted.
    fn branch(&self, files: &[(&str, &str)]) -> (String, String) {
        let base = self.shop.git(&["rev-parse", "main"], b"");
        self.shop.git(&["checkout", "--quiet", "-B", "feature"], b"");
        let head = self.shop.commit(files, "a change");
        self.shop.git(&["checkout", "--quiet", "main"], b"");
        self.shop.git(&["update-ref", "refs/merge-requests/7/head", &head], b"");
        (head, base)
    }

    fn request(&self, head: &str, base: &str) -> TestMergeRequest {
        TestMergeRequest {
            iid: 7,
            branch: "feature".to_owned(),
            source: 42,
            base: base.to_owned(),
            head: head.to_owned(),
            state: "opened",
            updated_at: "2024-01-15T10:30:00.000Z".to_owned(),
        }
    }

    async fn told(&self, path: &str, headers: &[(&'static str, &str)], body: &str) -> Answer {
        let mut client = self.world.client.with("content-type", "application/json");
        for (name, value) in headers {
            client = client.with(name, value);
        }
        client.send_bytes(Method::POST, path, body.to_owned()).await
    }
}

fn push(hash: &str) -> String {
    json!({ "object_kind": "push", "event_name": "push", "ref": "refs/heads/main", "before": "0".repeat(40),
        "after": hash, "user_username": "ada", "project_id": 42, "project": { "id": 42 },
        "commits": [{ "id": hash, "message": "made", "timestamp": "2024-01-15T10:30:00+01:00", "added": ["a.py"],
            "author": { "name": "Ada", "email": "ada@example.com" } }] })
    .to_string()
}

fn taken(answer: &Answer) -> (u16, bool) {
    (answer.status.as_u16(), answer.body["accepted"] == true)
}

#[test]
fn a_project_is_connected_told_of_and_let_go() {
    on_both(&migrations(), |test| async {
        let stage = stage(test, &[]).await;
        let repository = stage.connected().await;
        let id = repository.id();
        let summary = &repository.summary;
        assert_eq!(
            (summary.full_name.as_str(), summary.owner.as_str(), summary.name.as_str()),
            (NAME, "group/within", "shop")
        );
        assert_eq!((summary.private, summary.language.as_deref()), (true, Some("Python")));
        assert_eq!((repository.webhook_configured, repository.provider_repo_id.as_deref()), (true, Some("42")));
        assert_eq!(repository.repo_url, format!("{}/{NAME}", stage.gitlab.web()));
        let hook = stage.gitlab.world().hooks[0].clone();
        assert!(text(&hook["url"]).ends_with(&format!("/api/v1/webhooks/gitlab?repo={id}")), "{hook}");
        assert_eq!(
            (&hook["push_events"], &hook["merge_requests_events"], &hook["note_events"]),
            (&json!(true), &json!(true), &json!(true))
        );
        // What is secret stands nowhere as it is.
        let secret = stage.token();
        let row = stage.world.test.store.read().await.unwrap();
        let row = { row }.get("SELECT access_token, webhook_secret FROM repositories", &[]).await.unwrap();
        for (column, plain) in [("access_token", TOKEN), ("webhook_secret", secret.as_str())] {
            let kept: String = row.get(column).unwrap();
            assert!(kept.starts_with("v1:") && !kept.contains(plain), "{column}");
        }
        let path = format!("/api/v1/webhooks/gitlab?repo={id}");
        let deliver = async |secret: &str, digit: &str| {
            let headers = [("x-gitlab-token", secret), ("x-gitlab-event", "Push Hook")];
            stage.told(&path, &headers, &push(&digit.repeat(40))).await.status
        };
        assert_eq!(deliver(&secret, "a").await, StatusCode::ACCEPTED);
        let again =
            stage.connect(json!({ "repoUrl": format!("{}/{NAME}.git", stage.gitlab.web()), "accessToken": TOKEN }));
        assert_eq!(again.await.code(), "REPOSITORY_ALREADY_CONNECTED", "an address says which forge it is of");
        let (admin, path) = (stage.world.by("admin"), format!("/api/v1/repositories/{id}"));
        ok(&admin.post(&format!("{path}/webhook"), json!({})).await);
        assert_ne!(stage.token(), secret);
        assert_eq!(stage.gitlab.world().hooks.len(), 1);
        assert_eq!(deliver(&secret, "b").await, StatusCode::UNAUTHORIZED);
        assert_eq!(deliver(&stage.token(), "b").await, StatusCode::ACCEPTED);
        // Another token counts when it reaches the project.
        let change = json!({ "accessToken": "glpat-another-for-tests", "webhookSecret": "chosen-by-ourselves" });
        assert_eq!(admin.put(&path, change.clone()).await.code(), "VALIDATION_ERROR");
        stage.gitlab.world().tokens.insert("glpat-another-for-tests".to_owned(), "bo".to_owned());
        ok(&admin.put(&path, change).await);
        assert_eq!(
            (stage.token().as_str(), stage.repository(&id.to_string()).await.account.as_deref()),
            ("chosen-by-ourselves", Some("bo"))
        );
        // One switch for a project: merges wait for all pipelines, those of statuses among them.
        let path_of_guard = format!("{path}/branch-protection");
        assert_eq!(ok(&admin.get(&path_of_guard).await)["enforced"], false);
        let changed = admin.put(&path_of_guard, json!({ "branch": "main", "enforced": true })).await;
        assert_eq!(
            *ok(&changed),
            json!({ "branch": "main", "enforced": true, "requiredChecks": ["rampart/security"] })
        );
        assert!(stage.gitlab.world().guarded);
        ok(&admin.put(&path_of_guard, json!({ "branch": "main", "enforced": false })).await);
        assert!(!stage.gitlab.world().guarded);

        ok(&admin.delete(&path).await);
        assert!(stage.gitlab.world().hooks.is_empty());
        stage.gitlab.check();
    });
}

#[test]
fn the_installation_has_a_token_or_says_what_is_missing() {
    on_both(&migrations(), |test| async {
        let without = stage(test, &[]).await;
        let list = "/api/v1/repositories/available?provider=gitlab";
        assert_eq!(without.world.by("member").get(list).await.code(), "PROVIDER_NOT_CONFIGURED");
        let refused = async |body: Value| {
            let answer = without.connect(body).await;
            (answer.status.as_u16(), answer.code().to_owned())
        };
        let named = |status, code: &str| (status, code.to_owned());
        let plain = json!({ "provider": "gitlab", "fullName": NAME });
        assert_eq!(refused(plain).await, named(409, "PROVIDER_NOT_CONFIGURED"));
        let wrong = json!({ "provider": "gitlab", "fullName": NAME, "accessToken": "glpat-of-nobody" });
        assert_eq!(refused(wrong).await, named(409, "PROVIDER_NOT_CONFIGURED"));
        for bad in ["group/none", "shop", "../x", "https://gitlab.example/group/within/shop"] {
            let body = json!({ "provider": "gitlab", "repoUrl": bad, "accessToken": TOKEN });
            assert_eq!(refused(body).await, named(400, "VALIDATION_ERROR"), "{bad}");
        }
    });
    on_both(&migrations(), |test| async {
        let stage = stage(test, &[("GITLAB_TOKEN", TOKEN)]).await;
        {
            let mut there = stage.gitlab.world();
            // More than a page of them.
            for number in 0..120 {
                let remote = TestRemote { id: 1_000 + number, private: false, folder: stage.shop.path().to_owned() };
                there.repositories.insert(format!("group/other{number}"), remote);
            }
        }
        let list = "/api/v1/repositories/available?provider=gitlab&q=WITHIN";
        let found = stage.world.by("member").get(list).await;
        let shop = json!([{ "providerRepoId": "42", "fullName": NAME, "private": true, "language": null,
            "defaultBranch": "main", "connected": false }]);
        assert_eq!(ok(&found)["repositories"], shop);
        let all = stage.world.by("member").get("/api/v1/repositories/available?provider=gitlab").await;
        assert_eq!(ok(&all)["total"], 121);
        let answer = stage.connect(json!({ "provider": "gitlab", "providerRepoId": "42" })).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        let found = stage.world.by("member").get(list).await;
        assert_eq!(found.body["repositories"][0]["connected"], true);
        let repository = stage.repository(&text(&answer.body["id"])).await;
        let fetched = stage.world.forge.fetch(&repository, None, None).await.unwrap();
        assert_eq!(fetched.described.message, "first");
        stage.gitlab.check();
    });
}

#[test]
fn what_was_not_told_is_found_by_looking() {
    on_both(&migrations(), |test| async {
        let mut stage = stage(test, &[]).await;
        let repository = stage.connected().await;
        let (head, base) = stage.branch(&[("side.py", "1\n")]);
        stage.shop.git(&["branch", "-D", "feature"], b"");
        let main = stage.shop.commit(&[("main.py", "1\n")], "meanwhile");
        {
            let request = stage.request(&head, &base);
            let mut there = stage.gitlab.world();
            there.requests.push(TestMergeRequest { source: 43, ..request });
            let event = |id: u64, name: &str, status: Value| {
                json!({ "id": id, "trigger": "push_hooks", "response_status": status,
                    "request_headers": { "Idempotency-Key": name, "X-Gitlab-Event": "Push Hook" } })
            };
            // The first of these succeeded at its second attempt; one is of a GitLab that gave no names.
            there.events = vec![
                event(6, "a", json!("200")),
                event(5, "b", json!("internal error")),
                event(4, "a", json!("503")),
                event(3, "c", json!(201)),
                json!({ "id": 2, "response_status": "500", "request_headers": {} }),
            ];
        }
        stage.world.events().await;
        stage.work().await;
        assert_eq!(stage.gitlab.world().resent, ["5"]);
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
        assert_eq!((pull.author.as_str(), pull.from_fork, pull.branch.as_str()), ("ada", true, "feature"));
        let (fetched, parted) = forge.fetch_pull_request(&repository, &pull).await.unwrap();
        assert_eq!(
            (fetched.hash.as_str(), parted.as_ref().map(CommitHash::as_str)),
            (head.as_str(), Some(base.as_str()))
        );
        let client = stage.client(&repository).await;
        let hash = |text: &str| text.parse::<CommitHash>().unwrap();
        assert_eq!(client.merge_base(&hash(&main), &hash(&head)).await.unwrap().as_str(), base);
        {
            let mut there = stage.gitlab.world();
            there.requests[0].state = "merged";
            there.requests[0].updated_at = "2024-01-16T10:30:00.000Z".to_owned();
        }
        stage.work().await;
        assert_eq!(stage.world.events().await[0].1["action"], "merged");
        stage.gitlab.check();
    });
}

#[test]
fn what_gitlab_says_of_its_limits_is_obeyed() {
    on_both(&migrations(), |test| async {
        let stage = stage(test, &[]).await;
        let repository = stage.connected().await;
        let client = stage.client(&repository).await;
        let limited = async || match client.own_comments(7).await {
            Err(Refused::Limited(_, pause)) => pause.as_secs(),
            other => panic!("{other:?}"),
        };
        let until = stage.world.test.origin.now() + Duration::from_secs(300);
        let reset =
            vec![("ratelimit-remaining", "0".to_owned()), ("ratelimit-reset", (until.as_millis() / 1_000).to_string())];
        let retry = vec![("retry-after", "30".to_owned())];
        stage.gitlab.world().requests.push(stage.request(&"c".repeat(40), &"b".repeat(40)));
        for (status, headers, seconds) in [(429, reset, 300), (429, retry, 30), (429, Vec::new(), 60)] {
            stage.gitlab.world().instead.push_back((status, headers, json!("Retry later\n")));
            let pause = limited().await;
            assert!(pause.abs_diff(seconds) <= 1, "{status}: {pause}");
            // Nothing is asked until then.
            let before = stage.gitlab.world().exchanges.len();
            assert!(limited().await.abs_diff(seconds) <= 1);
            assert_eq!(stage.gitlab.world().exchanges.len(), before);
            stage.world.test.clock.advance(Duration::from_secs(seconds + 1));
            client.own_comments(7).await.unwrap();
        }
        stage.gitlab.world().instead.push_back((403, Vec::new(), json!({ "message": "403 Forbidden" })));
        assert!(matches!(client.own_comments(7).await, Err(Refused::Forbidden(_))));
    });
}
