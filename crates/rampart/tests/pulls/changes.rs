//! What a change brings is told where it lies, once, whenever the program is killed meanwhile; and nothing when it brings nothing.

use serde_json::{Value, json};

use crate::stage::{SAFE, Stage, TOKEN, WEAK, stage};

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
    assert_eq!(stage.get(&server, "/pull-requests?number=7").await["pullRequests"][0]["verdict"], "failed");
    assert_eq!(stage.get(&server, "/pull-requests?number=77").await["total"], 0);
    let pull = stage.get(&server, &format!("/pull-requests/{id}")).await;
    assert_eq!((&pull["judgement"]["verdict"], &pull["judgement"]["new"][0]["line"]), (&json!("failed"), &json!(9)));
    let comments = stage.get(&server, &format!("/pull-requests/{id}/comments")).await;
    assert_eq!(comments["comments"][0]["author"], "ai", "{comments}");
    // What it changes is shown, with the lines that are talked of.
    let diff = stage.get(&server, &format!("/pull-requests/{id}/diff")).await;
    assert_eq!((&diff["to"], &diff["files"][0]["path"]), (&json!(head), &json!("app.py")));
    assert!(diff["files"][0]["hunks"].to_string().contains("os.system"), "{diff}");
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

#[tokio::test(flavor = "multi_thread")]
async fn a_branch_of_a_fork_is_not_ours_whatever_it_is_called() {
    let mut stage = stage().await;
    stage.branch = "main";
    let server = stage.start();
    let id = stage.connect(&server, json!({ "fullName": "ada/shop", "accessToken": TOKEN })).await;
    let ours = stage.shop.git(&["rev-parse", "main"], b"");
    let theirs = stage.propose(&server, "opened", &[("app.py", WEAK)]).await;
    stage.analyzed(&server, &theirs).await;
    let report = stage.read(&server, &format!("/repositories/{id}/report?format=html")).await;
    assert!(report.contains(&ours[..10]) && !report.contains(&theirs[..10]), "{report}");
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
