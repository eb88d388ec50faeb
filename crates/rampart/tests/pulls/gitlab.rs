//! The same at GitLab: a push is scanned, a merge request is judged where it lies, once, whenever the program is killed meanwhile.

use rampart_egress::{Ask, HeaderName, Method};
use rampart_kernel::Origin;
use rampart_testkit::{TestGitlab, TestMergeRequest, TestRemote};
use serde_json::{Value, json};

use crate::stage::{SAFE, Server, Stage, WEAK, stage};

/// A test vector, and no token of anybody.
const TOKEN: &str = "glpat-for-tests-only";

struct AtGitlab {
    stage: Stage,
    gitlab: TestGitlab,
}

/// GitLab with `group/within/shop`, whose `main` is safe.
async fn at_gitlab() -> AtGitlab {
    let (mut stage, gitlab) = (stage().await, TestGitlab::start().await);
    {
        let mut there = gitlab.world();
        there.tokens.insert(TOKEN.to_owned(), "project_42_bot_0a1b".to_owned());
        let remote = TestRemote { id: 42, private: true, folder: stage.shop.path().to_owned() };
        there.repositories.insert("group/within/shop".to_owned(), remote);
    }
    stage.settings.push(("GITLAB_BASE_URL", gitlab.web().to_owned()));
    stage.settings.push(("GITLAB_TOKEN", TOKEN.to_owned()));
    AtGitlab { stage, gitlab }
}

impl AtGitlab {
    async fn connect(&self, server: &Server) -> String {
        self.stage.connect(server, json!({ "provider": "gitlab", "fullName": "group/within/shop" })).await
    }

    /// What GitLab tells by the project's hook.
    async fn deliver(&self, server: &Server, event: &str, body: &Value) {
        let hook = self.gitlab.world().hooks[0].clone();
        let (_, path) = hook["url"].as_str().unwrap().split_once("/api/v1").unwrap();
        let ask = Ask::new(Method::POST, format!("{}/api/v1{path}", server.address)).json(body.to_string().into());
        let ask = ask.header(HeaderName::from_static("x-gitlab-event"), event);
        let ask = ask.header(HeaderName::from_static("x-gitlab-token"), hook["token"].as_str().unwrap());
        let answer = self.stage.egress.send(ask).await.unwrap();
        assert_eq!(answer.status, 202, "{}", String::from_utf8_lossy(&answer.body));
    }

    async fn push(&self, server: &Server, files: &[(&str, &str)]) -> String {
        let hash = self.stage.shop.commit(files, "a commit");
        let commit = json!({ "id": hash, "message": "a commit", "timestamp": "2024-01-15T10:30:00+01:00",
            "author": { "name": "Ada", "email": "ada@example.com" } });
        let body = json!({ "object_kind": "push", "event_name": "push", "ref": "refs/heads/main", "after": hash,
            "user_username": "ada", "project_id": 42, "project": { "id": 42 }, "commits": [commit] });
        self.deliver(server, "Push Hook", &body).await;
        hash
    }

    /// A merge request of a branch `feature` into `main`; its head.
    async fn propose(&self, server: &Server, files: &[(&str, &str)]) -> String {
        let shop = &self.stage.shop;
        let base = shop.git(&["rev-parse", "main"], b"");
        shop.git(&["checkout", "--quiet", "-B", "feature"], b"");
        let head = shop.commit(files, "a change");
        shop.git(&["checkout", "--quiet", "main"], b"");
        shop.git(&["update-ref", "refs/merge-requests/7/head", &head], b"");
        let request = TestMergeRequest {
            iid: 7,
            branch: "feature".to_owned(),
            source: 42,
            base,
            head: head.clone(),
            state: "opened",
            updated_at: Origin::of_system("test").now().to_text(),
        };
        let before = std::mem::replace(&mut self.gitlab.world().requests, vec![request.clone()]).pop();
        let action = if before.is_some() { "update" } else { "open" };
        let told = request.told(42, action, before.as_ref().map(|request| request.head.as_str()));
        self.deliver(server, "Merge Request Hook", &told).await;
        head
    }

    /// How the last status of a head ended.
    async fn ended(&self, head: &str) -> Value {
        let last = || {
            let there = self.gitlab.world();
            there.statuses.iter().rev().find(|it| it["sha"] == head && it["status"] != "running").cloned()
        };
        self.stage.until(async || last().is_some()).await;
        last().unwrap()
    }

    /// Notes of the account that Rampart has there: those in the conversation, and those beside lines.
    fn ours(&self) -> (Vec<Value>, Vec<Value>) {
        let there = self.gitlab.world();
        let ours = there.notes.iter().filter(|note| note["author"]["username"] == "project_42_bot_0a1b").cloned();
        ours.partition(|note| note["type"].is_null())
    }

    async fn scans(&self, server: &Server) -> u64 {
        self.stage.get(server, "/scans?triggerType=pull_request").await["total"].as_u64().unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_merge_request_brings_is_told_where_it_lies() {
    let mut at = at_gitlab().await;
    let server = at.stage.start();
    let id = at.connect(&server).await;
    let repository = at.stage.get(&server, &format!("/repositories/{id}")).await;
    assert_eq!((&repository["provider"], &repository["webhookConfigured"]), (&json!("gitlab"), &json!(true)));
    let pushed = at.push(&server, &[("other.py", WEAK)]).await;
    at.stage.until(async || at.stage.get(&server, &format!("/commits/{pushed}")).await["status"] == "completed").await;
    let found = at.stage.get(&server, "/vulnerabilities").await["vulnerabilities"].clone();
    assert_eq!(found.as_array().map(Vec::len), Some(1), "{found}");

    let head = at.propose(&server, &[("app.py", WEAK)]).await;
    let status = at.ended(&head).await;
    assert_eq!((&status["status"], &status["name"]), (&json!("failed"), &json!("rampart/security")));
    assert!(status["target_url"].as_str().unwrap().contains("/pulls/"), "{status}");
    at.stage.until(async || at.ours().1.len() == 1).await;
    let (notes, beside) = at.ours();
    assert_eq!(notes.len(), 1);
    let summary = notes[0]["body"].as_str().unwrap();
    assert!(summary.starts_with("<!-- rampart:summary -->") && summary.contains("`app.py:9`"), "{summary}");
    let position = &beside[0]["position"];
    assert_eq!((&position["new_path"], &position["new_line"]), (&json!("app.py"), &json!(9)));
    let pull = at.stage.get(&server, "/pull-requests").await["pullRequests"][0].clone();
    assert_eq!((&pull["verdict"], &pull["author"], &pull["prNumber"]), (&json!("failed"), &json!("ada"), &json!(7)));
    // A person says something, beside a line.
    let said = json!({ "comment": "Take an argument list", "filePath": "app.py", "lineNumber": 9, "severity": "low",
        "suggestion": "    return 'hello'" });
    let path = format!("/pull-requests/{}/comments", pull["id"].as_str().unwrap());
    let (code, body) = at.stage.post(&server, &path, said).await;
    assert_eq!(code, 201, "{body}");
    assert_eq!(at.ours().1[1]["body"], "Take an argument list\n\n```suggestion:-0+0\n    return 'hello'\n```\n");
    // The next head does without.
    let head = at.propose(&server, &[("app.py", SAFE), ("x.py", "x = 1\n")]).await;
    assert_eq!(at.ended(&head).await["status"], "success");
    at.stage.until(async || at.ours().0[0]["body"].as_str().unwrap().contains("No new findings")).await;
    assert_eq!((at.ours().0.len(), at.ours().1.len()), (1, 2));

    // Another look is for those who may push.
    at.gitlab.world().levels = [("8".to_owned(), 20), ("9".to_owned(), 30)].into();
    let note = |id: u64, author: u64, text: &str| {
        json!({ "object_kind": "note", "user": { "id": author, "username": format!("u{author}") }, "project_id": 42,
            "project": { "id": 42 }, "merge_request": { "iid": 7 },
            "object_attributes": { "id": id, "note": text, "author_id": author, "action": "create" } })
    };
    let before = at.scans(&server).await;
    at.deliver(&server, "Note Hook", &note(501, 8, "/rampart rescan")).await;
    at.stage
        .until(async || at.gitlab.world().exchanges.iter().any(|it| it.path.last().is_some_and(|id| id == "8")))
        .await;
    at.deliver(&server, "Note Hook", &note(502, 9, "/rampart rescan")).await;
    at.stage.until(async || at.scans(&server).await > before).await;
    assert_eq!(at.scans(&server).await, before + 1);
    // Who writes as Rampart does is somebody, and Rampart itself is not.
    let users = async || at.stage.get(&server, &format!("{path}?author=user")).await["total"].as_u64();
    at.stage.until(async || users().await == Some(3)).await;
    at.deliver(&server, "Note Hook", &note(503, 8, "<!-- rampart:summary -->")).await;
    at.stage.until(async || users().await == Some(4)).await;
    at.gitlab.check();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clean_merge_request_is_not_talked_about() {
    let mut at = at_gitlab().await;
    let server = at.stage.start();
    at.connect(&server).await;
    let head = at.propose(&server, &[("other.py", "x = 1\n")]).await;
    assert_eq!(at.ended(&head).await["status"], "success");
    // What would be told is told by the same job as the status: behind it there is nothing.
    let head = at.propose(&server, &[("other.py", "x = 2\n")]).await;
    assert_eq!(at.ended(&head).await["status"], "success");
    assert!(at.gitlab.world().notes.is_empty());
    at.gitlab.check();
}

/// Whoever writes as Rampart does cannot keep it from speaking.
#[tokio::test(flavor = "multi_thread")]
async fn marks_of_others_silence_nobody_and_a_killed_program_tells_once() {
    let mut at = at_gitlab().await;
    let mut server = at.stage.start();
    at.connect(&server).await;
    let head = at.propose(&server, &[("app.py", WEAK)]).await;
    at.stage.until(async || at.ours().1.len() == 1).await;
    let (notes, beside) = at.ours();
    // Another merge request, at which somebody has said all of it before.
    let theirs = |note: &Value, id: u64| {
        let mut note = note.clone();
        (note["id"], note["author"]["username"]) = (json!(id), json!("mallory"));
        note
    };
    at.gitlab.world().notes = vec![theirs(&notes[0], 1), theirs(&beside[0], 2)];
    at.gitlab.world().statuses.clear();
    drop(server);
    forget(&at.stage).await;
    server = at.stage.start();
    let pull = at.stage.get(&server, "/pull-requests").await["pullRequests"][0]["id"].as_str().unwrap().to_owned();
    let changes = || {
        let there = at.gitlab.world();
        there.exchanges.iter().filter(|it| it.method != "GET" && it.path.contains(&"merge_requests".to_owned())).count()
    };
    let before = changes();
    assert_eq!(at.stage.post(&server, &format!("/pull-requests/{pull}/analyze"), json!({})).await.0, 202);
    // Note, discussion: dead after each.
    for call in 1..=2 {
        at.stage.until(async || changes() >= before + call).await;
        server.process.kill().unwrap();
        server.process.wait().unwrap();
        server = at.stage.start();
    }
    at.stage
        .until(async || at.stage.get(&server, &format!("/pull-requests/{pull}/comments")).await["total"] == 2)
        .await;
    assert_eq!((at.ours().0.len(), at.ours().1.len()), (1, 1));
    assert_eq!(at.ended(&head).await["status"], "failed");
}

/// As if nothing had been said at the pull request yet.
async fn forget(stage: &Stage) {
    let store = rampart_store::Store::open(&rampart_store::StoreSettings::embedded(&stage.data())).await.unwrap();
    let mut tx = store.begin(&Origin::of_system("test")).await.unwrap();
    tx.execute("DELETE FROM pr_comments", &[]).await.unwrap();
    tx.commit().await.unwrap();
    store.close().await;
}
