//! The module over HTTP and by its events and jobs, on both databases. The process that scans is a script here, which keeps to the
//! contract of the real one and does what a test asks of it; the real one runs in the program's own tests.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use rampart_access::Ctx;
use rampart_access::audit::{self, Audit};
use rampart_analysis::{Analysis, Ground, Scanner, module, subscriptions};
use rampart_events::{Bus, Relay, Subscriptions};
use rampart_findings::Findings;
use rampart_forge::{Forge, ForgeSettings, ManageRepositories, PullRequestAction, RepositoryId, SeenPullRequest};
use rampart_identity::Identity;
use rampart_jobs::{Handlers, Jobs, Worker};
use rampart_kernel::config::{Loader, Sources};
use rampart_kernel::{Keys, MasterKey, SystemChance};
use rampart_mail::Mail;
use rampart_objects::Objects;
use rampart_report::model::{Coverage, Finding, Position, Report, RuleInfo, SCHEMA, Severity, Tool};
use rampart_store::Migration;
use rampart_testkit::{Answer, Client, People, QUICK, TestRepository, TestStore, on_both};
use rampart_web::{ApiError, App, Kit, LimitSettings, Limiter, WebSettings};
use serde_json::{Value, json};

fn migrations() -> Vec<Migration> {
    [
        audit::MIGRATIONS,
        rampart_jobs::MIGRATIONS,
        rampart_mail::MIGRATIONS,
        rampart_identity::MIGRATIONS,
        rampart_forge::MIGRATIONS,
        rampart_findings::MIGRATIONS,
        rampart_analysis::MIGRATIONS,
    ]
    .concat()
}

/// Says how far it is, and copies `result.json` to where the report belongs; before that whatever `before` says.
const SCANNER: &str = "\
#!/bin/sh
read -r job
report=$(printf '%s' \"$job\" | sed -n 's/.*\"report\":\"\\([^\"]*\\)\".*/\\1/p')
echo '{\"done\":1,\"total\":2}'
. \"$(dirname \"$0\")/before\"
cp \"$(dirname \"$0\")/result.json\" \"$report\"
";

struct World {
    test: TestStore,
    client: Client,
    people: People,
    forge: Forge,
    analysis: Analysis,
    jobs: Jobs,
    relay: Relay,
    worker: Worker,
    code: TestRepository,
}

async fn world(test: TestStore) -> World {
    world_with(test, None).await
}

/// With a scanner that is known by this name.
async fn world_with(test: TestStore, scanner: Option<&str>) -> World {
    let code = TestRepository::new(&test.folder().join("code/shop"));
    code.commit(&[("app.py", "weak()\n")], "first");
    let root = test.folder().join("code").to_str().unwrap().to_owned();
    let mut loader = Loader::new(Sources::of_variables(QUICK.into_iter().chain([("LOCAL_GIT_ROOTS", root.as_str())])));
    let (web, limits): (WebSettings, LimitSettings) = (loader.group().unwrap(), loader.group().unwrap());
    let keys = Arc::new(Keys::new(MasterKey::generate(&SystemChance), Vec::new()).unwrap());
    let jobs = Jobs::new(test.store.clone());
    let (settings, aws) = (loader.group().unwrap(), loader.group().unwrap());
    let mail = Mail::new(test.store.clone(), jobs.clone(), keys.clone(), &settings, &aws).unwrap();
    let (store, audit) = (test.store.clone(), Audit::new(&keys));
    let ground = rampart_identity::Ground {
        store: store.clone(),
        keys: keys.clone(),
        jobs: jobs.clone(),
        mail,
        web: web.clone(),
    };
    let identity = Identity::new(ground, loader.group().unwrap(), loader.group().unwrap()).unwrap();
    let (settings, data): (ForgeSettings, _) = (loader.group().unwrap(), test.folder().join("data"));
    let ground = rampart_forge::Ground {
        store: store.clone(),
        audit: audit.clone(),
        keys,
        jobs: jobs.clone(),
        identity: identity.clone(),
        web: web.clone(),
        data_dir: data.clone(),
    };
    let forge = Forge::new(ground, &settings, (&loader.group().unwrap(), &loader.group().unwrap())).unwrap();
    let findings = Findings::new(store.clone(), audit.clone(), forge.clone());
    let script = test.folder().join("scanner");
    std::fs::write(&script, SCANNER).unwrap();
    let analysis = Analysis::new(Ground {
        store,
        audit,
        jobs: jobs.clone(),
        objects: Objects::in_folder(&test.folder().join("objects")).unwrap(),
        forge: forge.clone(),
        findings: findings.clone(),
        identity: identity.clone(),
        scanner: Scanner {
            program: "/bin/sh".into(),
            args: vec![script.into()],
            threads: 1,
            identity: scanner.map(str::to_owned),
        },
        settings: loader.group().unwrap(),
        data_dir: data,
    });
    let accounts = rampart_identity::module(&identity, &web, Handlers::new()).routes;
    let scans = module(&analysis, Handlers::new());
    let routes =
        accounts.into_iter().chain(rampart_forge::module(&forge, Handlers::new()).routes).chain(scans.routes).collect();
    let kit = Kit {
        settings: web,
        store: test.store.clone(),
        origin: test.origin.clone(),
        authenticator: Arc::new(identity.clone()),
        limiter: Limiter::new(limits),
        metrics: None,
    };
    let client = Client::new(App::new(routes).into_router(kit));
    let invited = identity.bootstrap(&test.origin).await.unwrap().unwrap();
    let people = People::settle(&client, invited.code.expose(), &test.clock).await;
    let relay = Relay::new(test.store.clone(), subscriptions(Subscriptions::new(), &analysis), Bus::new());
    let worker = Worker::new(jobs.clone(), scans.handlers, test.origin.clone());
    let world = World { test, client, people, forge, analysis, jobs, relay, worker, code };
    world.scanner_does("");
    world.scanner_finds(&["app.py"]);
    world
}

impl World {
    fn by(&self, name: &str) -> Client {
        self.people.client(&self.client, name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.test.folder().join(name), text).unwrap();
    }

    fn scanner_does(&self, script: &str) {
        self.write("before", script);
    }

    /// One finding in each of these files.
    fn scanner_finds(&self, files: &[&str]) {
        self.write("result.json", &serde_json::to_string(&report(files)).unwrap());
    }

    async fn connect(&self) -> String {
        let body = json!({ "provider": "local", "repoUrl": self.code.path() });
        let answer = self.by("member").post("/api/v1/repositories/connect", body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        answer.body["id"].as_str().unwrap().to_owned()
    }

    /// Tells events and runs jobs until nothing is left that is due.
    async fn settle(&self) {
        while self.relay.relay(&self.test.origin).await.unwrap() + self.worker.drain().await.unwrap() > 0 {}
    }

    async fn get(&self, path: &str) -> Value {
        ok(&self.by("viewer").get(&format!("/api/v1{path}")).await).clone()
    }

    /// The newest first.
    async fn scans(&self) -> Vec<Value> {
        self.get("/scans").await["scans"].as_array().unwrap().clone()
    }

    async fn start(&self, repository: &str) -> Answer {
        // Ids of the same moment have no order.
        self.test.clock.advance(Duration::from_secs(1));
        self.by("member").post(&format!("/api/v1/repositories/{repository}/scan"), json!({})).await
    }
}

fn report(files: &[&str]) -> Report {
    let rule = RuleInfo { id: "python/weak".to_owned(), severity: Severity::High, ..RuleInfo::default() };
    let finding = |path: &&str| Finding {
        rule: rule.id.clone(),
        path: (*path).to_owned(),
        start: Position { line: 1, column: 1, offset: 0 },
        end: Position { line: 1, column: 7, offset: 6 },
        severity: Severity::High,
        message: "weak".to_owned(),
        first_line: 1,
        lines: vec!["weak()".to_owned()],
        fingerprints: [("match/v1".to_owned(), format!("{path}:weak"))].into(),
        ..Finding::default()
    };
    let coverage = Coverage {
        files_scanned: 1,
        lines_scanned: 1,
        files_by_language: [("python".to_owned(), 1)].into(),
        scanned: vec!["app.py".to_owned()],
        rules_loaded: 1,
        rules_run: 1,
        complete: true,
        ..Coverage::default()
    };
    Report {
        schema: SCHEMA,
        tool: Tool { name: "Rampart".to_owned(), ..Tool::default() },
        started: String::new(),
        finished: String::new(),
        root: ".".to_owned(),
        findings: files.iter().map(finding).collect(),
        rules: vec![rule],
        coverage,
    }
}

fn refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status.as_u16(), answer.code()), (status, code), "{}", answer.text);
}

fn ok(answer: &Answer) -> &Value {
    assert!(answer.status.is_success(), "{}", answer.text);
    &answer.body
}

fn left(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

#[test]
fn connecting_scans_and_a_push_scans_again() {
    on_both(&migrations(), |test| async {
        let world = world(test).await;
        let id = world.connect().await;
        world.settle().await;
        let scans = world.scans().await;
        assert_eq!(scans.len(), 1);
        let scan = &scans[0];
        assert_eq!(
            (&scan["status"], &scan["mode"], &scan["progress"]),
            (&json!("completed"), &json!("full"), &json!(100)),
            "{scan}"
        );
        assert_eq!((&scan["newVulnerabilities"], &scan["vulnerabilitiesFound"]), (&json!(1), &json!(1)));
        assert_eq!(scan["reportAvailable"], true);
        let repository = world.get(&format!("/repositories/{id}")).await;
        assert_eq!((&repository["scanStatus"], &repository["highCount"]), (&json!("completed"), &json!(1)));
        assert_eq!((&repository["language"], &repository["totalFiles"]), (&json!("python"), &json!(1)));

        world.test.clock.advance(Duration::from_secs(60));
        let hash = world.code.commit(&[("app.py", "fine()\n")], "mended");
        world.scanner_finds(&[]);
        world.forge.look(&world.test.origin).await.unwrap();
        world.settle().await;
        let scan = &world.scans().await[0];
        assert_eq!(
            (&scan["commitHash"], &scan["mode"], &scan["triggerType"]),
            (&json!(hash), &json!("incremental"), &json!("webhook"))
        );
        assert_eq!((&scan["fixedVulnerabilities"], &scan["vulnerabilitiesFound"]), (&json!(1), &json!(0)), "{scan}");
        let commit = world.get(&format!("/commits/{hash}")).await;
        assert_eq!(
            (&commit["status"], &commit["scanId"], &commit["message"]),
            (&json!("completed"), &scan["id"], &json!("mended"))
        );
        assert_eq!(left(&world.test.folder().join("data/work")), 0);
    });
}

#[test]
fn another_branch_changes_no_findings() {
    on_both(&migrations(), |test| async {
        let world = world(test).await;
        let id = world.connect().await;
        world.settle().await;
        world.code.git(&["checkout", "--quiet", "-b", "other"], b"");
        world.code.commit(&[("more.py", "weak()\n")], "more");
        world.scanner_finds(&["app.py", "more.py"]);
        world.test.clock.advance(Duration::from_secs(1));
        let path = format!("/api/v1/repositories/{id}/scan");
        let body = json!({ "branch": "other", "mode": "incremental" });
        assert_eq!(world.by("member").post(&path, body).await.status, StatusCode::ACCEPTED);
        world.settle().await;
        let scan = &world.scans().await[0];
        assert_eq!((&scan["status"], &scan["newVulnerabilities"]), (&json!("completed"), &json!(1)), "{scan}");
        assert_eq!(world.get(&format!("/repositories/{id}")).await["highCount"], 1);
    });
}

#[test]
fn one_full_scan_at_a_time_and_what_waits_can_be_cancelled() {
    on_both(&migrations(), |test| async {
        let world = world(test).await;
        let id = world.connect().await;
        world.settle().await;
        let queued = world.start(&id).await;
        assert_eq!(queued.status, StatusCode::ACCEPTED);
        assert_eq!(world.start(&id).await.code(), "SCAN_ALREADY_RUNNING");
        let nothing = "0192f0c1-7b5a-7cc3-98b0-2f4d5c6a7b8c";
        let bulk = world.by("member").post("/api/v1/scans/bulk", json!({ "repositoryIds": [id, nothing] })).await;
        let codes: Vec<&str> =
            ok(&bulk)["rejected"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["SCAN_ALREADY_RUNNING", "NOT_FOUND"]);
        let path = format!("/api/v1/scans/{}/cancel", queued.body["id"].as_str().unwrap());
        assert_eq!(world.by("viewer").post(&path, json!({})).await.status, StatusCode::FORBIDDEN);
        assert_eq!(world.by("other admin").post(&path, json!({})).await.status, StatusCode::NOT_FOUND);
        assert_eq!(ok(&world.by("member").post(&path, json!({})).await)["status"], "cancelled");
        assert_eq!(world.by("member").post(&path, json!({})).await.code(), "INVALID_STATE_TRANSITION");
        // Its job does not run, and another scan may begin.
        assert_eq!(world.worker.drain().await.unwrap(), 0);
        assert_eq!(world.start(&id).await.status, StatusCode::ACCEPTED);
        world.settle().await;
        assert_eq!(world.scans().await[0]["status"], "completed");
        // Nobody waits for a scan of what was disconnected.
        world.start(&id).await;
        ok(&world.by("admin").delete(&format!("/api/v1/repositories/{id}")).await);
        world.settle().await;
        assert_eq!(world.scans().await[0]["status"], "cancelled");
        assert_eq!(world.start(&id).await.code(), "CONFLICT");
    });
}

#[test]
fn what_fails_for_good_says_why_and_what_may_pass_is_tried_again() {
    on_both(&migrations(), |test| async {
        let world = world(test).await;
        let id = world.connect().await;
        world.scanner_does("echo broken >&2; exit 3");
        world.settle().await;
        let scan = &world.scans().await[0];
        assert_eq!(scan["status"], "running", "it is tried again: {scan}");
        let why = scan["errorMessage"].as_str().unwrap();
        assert!(!why.contains("broken") && why.contains("our side"), "{why}");
        world.scanner_does("");
        world.test.clock.advance(Duration::from_secs(60));
        world.settle().await;
        assert_eq!(world.scans().await[0]["status"], "completed");

        // The last of its tries.
        world.scanner_does("exit 3");
        world.start(&id).await;
        // Behind the pause after each; all within the life of a session.
        for pause_s in [20, 80, 300, 0] {
            world.settle().await;
            world.test.clock.advance(Duration::from_secs(pause_s));
        }
        assert_eq!(world.scans().await[0]["status"], "failed");
        assert_eq!(world.get(&format!("/repositories/{id}")).await["scanStatus"], "failed");
        let dead = world.jobs.dead_letters(None, 10, 0).await.unwrap();
        assert_eq!(dead.len(), 1);
        // Put back by hand, when the scanner was mended.
        world.scanner_does("");
        assert!(world.jobs.requeue(&world.test.origin, dead[0].job).await.unwrap());
        world.settle().await;
        let scan = &world.scans().await[0];
        assert_eq!((&scan["status"], &scan["errorMessage"]), (&json!("completed"), &Value::Null), "{scan}");

        // A commit that is not there will not be there later.
        let body = json!({ "commitHash": "1".repeat(40) });
        world.by("member").post(&format!("/api/v1/repositories/{id}/scan"), body).await;
        world.settle().await;
        let scan = &world.scans().await[0];
        assert_eq!(
            (&scan["status"], scan["errorMessage"].as_str().unwrap().contains("no such commit")),
            (&json!("failed"), true),
            "{scan}"
        );
    });
}

#[test]
fn a_scan_is_a_session_that_leaves_its_report() {
    on_both(&migrations(), |test| async {
        let world = world(test).await;
        let id = world.connect().await;
        world.settle().await;
        // Of two in the same millisecond nobody knows which is the newer.
        world.test.clock.advance(Duration::from_secs(1));
        let member = world.by("member");
        let body =
            json!({ "repositoryId": id, "source": { "type": "repository", "ref": "main" }, "tasks": ["static"] });
        let begun = member.post("/api/v1/analysis/sessions", body).await;
        assert_eq!((begun.status, &begun.body["status"]), (StatusCode::ACCEPTED, &json!("queued")), "{}", begun.text);
        assert_eq!((&begun.body["version"], &begun.body["userId"].is_string()), (&json!("v1"), &true));
        let session = begun.body["sessionId"].as_str().unwrap().to_owned();
        let path = |rest: &str| format!("/api/v1/analysis/sessions/{session}{rest}");
        assert_eq!(ok(&member.get(&path("/artifacts")).await)["artifacts"], json!([]));
        world.settle().await;
        let shown = member.get(&path("")).await;
        assert_eq!((&ok(&shown)["status"], &shown.body["summary"]["filesScanned"]), (&json!("completed"), &json!(1)));
        assert_eq!(ok(&member.get(&path("/tasks")).await)["tasks"][0]["type"], "static");
        let list =
            member.get(&format!("/api/v1/analysis/sessions?repositoryId={id}&status=completed&version=v1")).await;
        assert_eq!((&ok(&list)["total"], &list.body["sessions"][0]["id"]), (&json!(2), &json!(session)));

        let artifacts = member.get(&path("/artifacts?type=report")).await;
        let report = ok(&artifacts)["artifacts"][0].clone();
        let file = member.get(report["downloadUrl"].as_str().unwrap()).await;
        assert_eq!(ok(&file)["findings"][0]["path"], "app.py");
        assert_eq!(file.text.len() as u64, report["sizeBytes"].as_u64().unwrap());
        assert!(file.headers["digest"].to_str().unwrap().starts_with("sha-256="));
        assert_eq!(ok(&member.get(&path("/artifacts?type=log")).await)["artifacts"], json!([]));

        refused(&member.post(&path("/cancel"), json!({})).await, 409, "INVALID_STATE_TRANSITION");
        refused(
            &world.by("viewer").post("/api/v1/analysis/sessions", json!({ "repositoryId": id })).await,
            403,
            "FORBIDDEN",
        );
        for path in [path(""), path("/tasks"), path("/artifacts"), report["downloadUrl"].as_str().unwrap().to_owned()] {
            refused(&world.by("other admin").get(&path).await, 404, "NOT_FOUND");
        }
        for bad in [
            json!({ "repositoryId": id, "version": "v9" }),
            json!({ "repositoryId": id, "tasks": ["dynamic"] }),
            json!({ "repositoryId": id, "source": { "type": "inline" } }),
            json!({ "repositoryId": id, "source": { "type": "repository", "ref": "../x" } }),
        ] {
            refused(&member.post("/api/v1/analysis/sessions", bad).await, 400, "VALIDATION_ERROR");
        }
    });
}

#[test]
fn answers_that_are_no_report_fail_the_scan_and_nothing_else() {
    on_both(&migrations(), |test| async {
        let world = world(test).await;
        world.connect().await;
        world.write("result.json", "{\"schema\":");
        world.settle().await;
        assert_eq!(world.scans().await[0]["status"], "failed");
        assert_eq!(left(&world.test.folder().join("data/work")), 0);
    });
}

#[test]
fn reports_are_handed_out_for_as_long_as_they_are_kept() {
    on_both(&migrations(), |test| async {
        let world = world(test).await;
        world.connect().await;
        while world.relay.relay(&world.test.origin).await.unwrap() > 0 {}
        let scan = world.scans().await[0]["id"].as_str().unwrap().to_owned();
        let path = |format: &str| format!("/api/v1/scans/{scan}/report{format}");
        assert_eq!(world.by("viewer").get(&path("")).await.code(), "REPORT_NOT_READY");
        world.settle().await;
        let answer = world.by("viewer").get(&path("")).await;
        assert_eq!(ok(&answer)["findings"][0]["path"], "app.py");
        let disposition = answer.headers["content-disposition"].to_str().unwrap();
        assert_eq!(disposition, format!("attachment; filename=\"scan-{scan}.json\""));
        assert_eq!(ok(&world.by("viewer").get(&path("?format=sarif")).await)["version"], "2.1.0");
        assert!(world.by("viewer").get(&path("?format=csv")).await.text.contains("app.py"));
        assert_eq!(world.by("viewer").get(&path("?format=docx")).await.code(), "VALIDATION_ERROR");
        assert_eq!(world.by("other admin").get(&path("")).await.status, StatusCode::NOT_FOUND);
        let workspace = world.people.ours.workspace.parse().unwrap();
        world.test.clock.advance(Duration::from_secs(91 * 24 * 3_600));
        let ctx = Ctx::of_system(world.test.origin.clone().in_workspace(Some(workspace)), "test");
        let expired = world.analysis.report(&ctx, scan.parse().unwrap(), rampart_analysis::Form::Json).await;
        assert!(matches!(expired, Err(rampart_analysis::Error::ReportExpired)));
    });
}

#[test]
fn documents_for_people_are_made_once_kept_with_the_report_and_removed_with_it() {
    on_both(&migrations(), |test| async {
        let world = world(test).await;
        let id = world.connect().await;
        let of_repository = format!("/api/v1/repositories/{id}/report");
        assert_eq!(world.by("viewer").get(&of_repository).await.code(), "REPORT_NOT_READY");
        world.settle().await;
        let scan = world.scans().await[0]["id"].as_str().unwrap().to_owned();
        let of_scan = format!("/api/v1/scans/{scan}/report");
        let page = world.by("viewer").get(&format!("{of_scan}?format=html")).await;
        for part in
            ["<h1>Security report of a scan</h1>", "app.py", "this is the first", "1 rules run", "One finding is open"]
        {
            assert!(page.text.contains(part), "{part}: {}", page.text);
        }
        let kind = page.headers["content-type"].to_str().unwrap();
        assert_eq!(kind, "text/html; charset=utf-8");
        let paper = world.by("viewer").get(&format!("{of_scan}?format=pdf")).await;
        let pdf = cfg!(feature = "pdf");
        assert!(if pdf { paper.text.starts_with("%PDF-1.") } else { paper.code() == "PROVIDER_NOT_CONFIGURED" });
        let whole = world.by("viewer").get(&format!("{of_repository}?format=html")).await;
        assert!(whole.text.contains("Security report of a repository"), "{}", whole.text);
        assert_eq!(world.by("viewer").get(&format!("{of_repository}?format=csv")).await.code(), "VALIDATION_ERROR");
        assert_eq!(world.by("other admin").get(&of_repository).await.status, StatusCode::NOT_FOUND);

        // Made once: what is kept is handed out, until it would say something else.
        let kept = async |change: &str| {
            let name = format!("ws/{}/scans/{scan}/report.html", world.people.ours.workspace);
            let file = world.test.folder().join("objects").join(name);
            if !change.is_empty() {
                std::fs::write(&file, change).unwrap();
            }
            file
        };
        kept("kept as it was").await;
        assert_eq!(world.by("viewer").get(&format!("{of_scan}?format=html")).await.text, "kept as it was");
        let mut tx = world.test.store.begin(&world.test.origin).await.unwrap();
        tx.execute("UPDATE vulnerabilities SET status = 'ignored', status_reason = 'only a test'", &[]).await.unwrap();
        tx.commit().await.unwrap();
        let page = world.by("viewer").get(&format!("{of_scan}?format=html")).await;
        assert!(page.text.contains("only a test") && page.text.contains("Nothing is open."), "{}", page.text);

        let forget = async || world.analysis.forget_reports(&world.test.origin).await.unwrap();
        world.test.clock.advance(Duration::from_secs(89 * 24 * 3_600));
        assert_eq!(forget().await, 0);
        world.test.clock.advance(Duration::from_secs(2 * 24 * 3_600));
        assert_eq!(forget().await, 3 + u64::from(pdf), "the report, the documents of the scan, one of the repository");
        assert!(!kept("").await.exists());
        assert_eq!(left(&world.test.folder().join("objects")), 0);
        assert_eq!(forget().await, 0);
    });
}

#[test]
fn a_file_is_shown_with_its_own_findings() {
    on_both(&migrations(), |test| async {
        let world = world(test).await;
        // More than a page of another file whose path has the asked one in it.
        let files: Vec<&str> = std::iter::repeat_n("lib/app.py", 100).chain(["app.py"]).collect();
        world.code.commit(&[("lib/app.py", "weak()\n")], "more");
        world.scanner_finds(&files);
        let id = world.connect().await;
        world.settle().await;
        let shown = world.get(&format!("/repositories/{id}/file?path=app.py")).await;
        assert_eq!((&shown["path"], &shown["content"]), (&json!("app.py"), &json!("weak()\n")));
        let own = shown["vulnerabilities"].as_array().unwrap();
        assert_eq!((own.len(), &own[0]["filePath"]), (1, &json!("app.py")));
    });
}

#[test]
fn findings_of_a_scan_are_listed_with_it_and_with_its_commit() {
    on_both(&migrations(), |test| async {
        let world = world(test).await;
        world.scanner_finds(&["app.py", "b.py"]);
        world.connect().await;
        world.settle().await;
        let scan = world.scans().await[0].clone();
        let id = scan["id"].as_str().unwrap();
        let whole = world.get(&format!("/scans/{id}")).await;
        let paths = |list: &Value| -> Vec<String> {
            list.as_array().unwrap().iter().map(|one| one["filePath"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(paths(&whole["vulnerabilities"]).len(), 2);
        let listed = world.get(&format!("/scans/{id}/vulnerabilities?state=new&severity=high&limit=1")).await;
        assert_eq!((&listed["total"], paths(&listed["vulnerabilities"]).len()), (&json!(2), 1));
        assert_eq!(world.get(&format!("/scans/{id}/vulnerabilities?state=fixed")).await["total"], 0);
        let bad = world.by("viewer").get(&format!("/api/v1/scans/{id}/vulnerabilities?state=gone")).await;
        assert_eq!(bad.code(), "VALIDATION_ERROR");
        let foreign = world.by("other admin").get(&format!("/api/v1/scans/{id}/vulnerabilities")).await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND);

        let hash = scan["commitHash"].as_str().unwrap();
        let of_commit = world.get(&format!("/commits/{}/scan", &hash[..9])).await;
        assert_eq!((&of_commit["commit"]["hash"], &of_commit["scan"]["id"]), (&json!(hash), &json!(id)));
        assert_eq!(paths(&of_commit["vulnerabilities"]).len(), 2);
        assert_eq!(of_commit["vulnerabilities"][0]["lines"], json!(["weak()"]));
        let none = world.by("viewer").get("/api/v1/commits/0123456789/scan").await;
        assert_eq!(none.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn what_a_commit_changes_is_shown_to_who_may_read_its_code() {
    on_both(&migrations(), |test| async {
        let world = world(test).await;
        let first = world.code.git(&["rev-parse", "HEAD"], b"");
        let id = world.connect().await;
        let diff = |hash: &str| format!("/api/v1/commits/{hash}/diff");
        // Noted, and not fetched.
        let early = world.by("viewer").get(&diff(&first)).await;
        assert_eq!((early.status, early.code()), (StatusCode::CONFLICT, "CONFLICT"));
        assert!(early.text.contains("scan it"), "{}", early.text);
        world.settle().await;
        let whole = world.get(&format!("/commits/{first}/diff")).await;
        assert_eq!((&whole["from"], &whole["to"]), (&Value::Null, &json!(first)));
        assert_eq!(whole["files"][0]["hunks"][0]["lines"], json!([{ "kind": "added", "text": "weak()" }]));

        world.test.clock.advance(Duration::from_secs(60));
        let second = world.code.commit(&[("app.py", "fine()"), ("b.py", "b\n")], "mended");
        world.forge.look(&world.test.origin).await.unwrap();
        world.settle().await;
        let short = world.get(&format!("/commits/{}/diff?repositoryId={id}&path=app.py", &second[..9])).await;
        assert_eq!((&short["from"], &short["to"]), (&json!(first), &json!(second)));
        assert_eq!(short["totals"], json!({ "files": 2, "added": 2, "removed": 1 }));
        let line = |kind: &str, text: &str| json!({ "kind": kind, "text": text });
        let fine = json!({ "kind": "added", "text": "fine()", "noNewline": true });
        let hunk = json!({ "oldStart": 1, "oldLines": 1, "newStart": 1, "newLines": 1,
            "lines": [line("removed", "weak()"), fine] });
        let file = json!({ "path": "app.py", "previousPath": null, "status": "modified", "binary": false, "added": 1,
            "removed": 1, "hunks": [hunk], "omitted": null });
        assert_eq!(short["files"], json!([file]));

        let asked = async |who: &str, path: String| world.by(who).get(&path).await.status;
        assert_eq!(asked("viewer", format!("{}?path=none", diff(&second))).await, StatusCode::NOT_FOUND);
        assert_eq!(asked("viewer", diff("0123456789")).await, StatusCode::NOT_FOUND);
        assert_eq!(asked("other admin", diff(&second)).await, StatusCode::NOT_FOUND);
        assert_eq!(world.client.get(&diff(&second)).await.status, StatusCode::UNAUTHORIZED);
    });
}

#[test]
fn what_a_pull_request_changes_stays_when_its_branch_is_merged() {
    on_both(&migrations(), |test| async {
        let world = world(test).await;
        let repository: RepositoryId = world.connect().await.parse().unwrap();
        world.settle().await;
        let git = |arguments: &[&str]| world.code.git(arguments, b"");
        let base = git(&["rev-parse", "HEAD"]);
        git(&["checkout", "--quiet", "-b", "feature"]);
        let head = world.code.commit(&[("new.py", "weak()\n")], "a change");
        git(&["checkout", "--quiet", "main"]);
        // The branch moves on meanwhile: that is none of the change.
        world.code.commit(&[("other.py", "x\n")], "meanwhile");
        let seen = SeenPullRequest {
            number: 7,
            title: "A change".to_owned(),
            url: String::new(),
            author: None,
            branch: "feature".to_owned(),
            from_fork: false,
            base_branch: "main".parse().unwrap(),
            head: head.parse().unwrap(),
            base: None,
            at: world.test.origin.now(),
        };
        let within = |workspace: &str| world.test.origin.clone().in_workspace(Some(workspace.parse().unwrap()));
        let ours = Ctx::of_system(within(&world.people.ours.workspace), "test");
        let granted = ours.require::<ManageRepositories>().unwrap();
        let mut tx = world.test.store.begin(&ours).await.unwrap();
        let opened = PullRequestAction::Opened;
        let id = world.forge.note_pull_request_in(&mut tx, &granted, repository, &seen, opened).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        let changed = async |ctx: &Ctx| world.analysis.diff_of_pull_request(ctx, id, None).await;
        let early = changed(&ours).await.unwrap_err();
        assert_eq!(early.to_string(), "the pull request was not fetched yet: analyse it, and its changes are shown");
        world.settle().await;
        let diff = changed(&ours).await.unwrap();
        assert_eq!((diff.from.as_ref().unwrap().as_str(), diff.to.as_str()), (base.as_str(), head.as_str()));
        assert_eq!(diff.files.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(), ["new.py"]);
        git(&["merge", "--quiet", "--no-edit", "feature"]);
        world.forge.look(&world.test.origin).await.unwrap();
        world.settle().await;
        assert_eq!(changed(&ours).await.unwrap(), diff);
        let theirs = Ctx::of_system(within(&world.people.theirs.workspace), "test");
        assert_eq!(ApiError::from(changed(&theirs).await.unwrap_err()).code(), "NOT_FOUND");
    });
}

#[test]
fn a_workspace_that_pays_nothing_begins_ten_scans_a_day() {
    on_both(&migrations(), |test| async {
        let world = world(test).await;
        let id = world.connect().await;
        world.settle().await;
        let pay = async |tier: &str| {
            let mut tx = world.test.store.begin(&world.test.origin).await.unwrap();
            let sql = format!("UPDATE workspaces SET tier = '{tier}'");
            tx.execute(&sql, &[]).await.unwrap();
            tx.commit().await.unwrap();
        };
        pay("free").await;
        let bulk = async |count: usize| {
            let body = json!({ "repositoryIds": vec![id.clone(); count] });
            world.by("member").post("/api/v1/scans/bulk", body).await
        };
        for _ in 0..8 {
            assert_eq!(world.start(&id).await.status, StatusCode::ACCEPTED);
            world.settle().await;
        }
        // Three more are one too many: none of them is begun.
        assert_eq!(bulk(3).await.code(), "SCAN_QUOTA_EXCEEDED");
        assert_eq!(world.start(&id).await.status, StatusCode::ACCEPTED);
        world.settle().await;
        assert_eq!(world.start(&id).await.status, StatusCode::ACCEPTED);
        world.settle().await;
        let refused = world.start(&id).await;
        assert_eq!((refused.status, refused.code()), (StatusCode::TOO_MANY_REQUESTS, "SCAN_QUOTA_EXCEEDED"));
        let wait: u64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!(wait > 0 && wait <= 24 * 3_600, "{wait}");
        // The first one was of the connecting: it does not count, and neither do those of the night.
        assert_eq!(world.scans().await.len(), 11);
        assert_eq!(world.analysis.start_all(&world.test.origin).await.unwrap(), 1);
        world.settle().await;
        pay("pro").await;
        assert_eq!(world.start(&id).await.status, StatusCode::ACCEPTED);
        world.settle().await;
        pay("free").await;
        world.test.clock.advance(Duration::from_secs(wait));
        let member = world.people.client(&world.client, "member");
        let path = format!("/api/v1/repositories/{id}/scan");
        let answer = member.post(&path, json!({})).await;
        assert_ne!(answer.code(), "SCAN_QUOTA_EXCEEDED", "the next day: {}", answer.text);
    });
}

#[test]
fn the_same_code_is_looked_at_once() {
    on_both(&migrations(), |test| async {
        let world = world_with(test, Some("one")).await;
        let id = world.connect().await;
        world.settle().await;
        // Were it asked again, it would find nothing.
        world.scanner_finds(&[]);
        world.start(&id).await;
        world.settle().await;
        let scans = world.scans().await;
        let came =
            |scan: &Value| (scan["cacheHit"].clone(), scan["vulnerabilitiesFound"].clone(), scan["status"].clone());
        assert_eq!(came(&scans[0]), (json!(true), json!(1), json!("completed")));
        assert_eq!(came(&scans[1]), (json!(false), json!(1), json!("completed")));
        let report = format!("/api/v1/scans/{}/report", scans[0]["id"].as_str().unwrap());
        assert_eq!(ok(&world.by("viewer").get(&report).await)["findings"][0]["path"], "app.py");
        // With other settings it is another question.
        let path = format!("/api/v1/repositories/{id}/settings");
        ok(&world.by("member").patch(&path, json!({ "excludePaths": ["vendor/"] })).await);
        world.start(&id).await;
        world.settle().await;
        assert_eq!(came(&world.scans().await[0]), (json!(false), json!(0), json!("completed")));
        // What is older than a week is not asked any more.
        world.test.clock.advance(Duration::from_secs(8 * 24 * 3_600));
        world.scanner_finds(&["app.py"]);
        assert_eq!(world.analysis.start_all(&world.test.origin).await.unwrap(), 1);
        world.settle().await;
        let sql = "SELECT cache_hit FROM scans ORDER BY id DESC LIMIT 1";
        let mut reader = world.test.store.read().await.unwrap();
        assert!(!reader.get(sql, &[]).await.unwrap().get::<bool>("cache_hit").unwrap());
    });
}

#[test]
fn the_nightly_round_scans_what_may_be_scanned_by_itself() {
    on_both(&migrations(), |test| async {
        let world = world(test).await;
        let id = world.connect().await;
        world.settle().await;
        world.test.clock.advance(Duration::from_secs(1));
        assert_eq!(world.analysis.start_all(&world.test.origin).await.unwrap(), 1);
        assert_eq!(world.analysis.start_all(&world.test.origin).await.unwrap(), 0, "one waits already");
        world.settle().await;
        assert_eq!(world.scans().await[0]["triggerType"], "scheduled");
        let path = format!("/api/v1/repositories/{id}/settings");
        ok(&world.by("member").patch(&path, json!({ "autoScanEnabled": false })).await);
        assert_eq!(world.analysis.start_all(&world.test.origin).await.unwrap(), 0);
    });
}

#[test]
fn nothing_is_scanned_in_a_workspace_that_is_suspended() {
    on_both(&migrations(), |test| async {
        let world = world(test).await;
        let id = world.connect().await;
        world.settle().await;
        // One waits when it is suspended, one is pushed, one would come by night.
        ok(&world.start(&id).await);
        let (ours, admin) = (&world.people.ours.workspace, world.by("platform admin"));
        let path = format!("/api/v1/admin/workspaces/{ours}");
        ok(&admin.patch(&path, json!({ "suspended": true })).await);
        refused(&world.start(&id).await, 403, "FORBIDDEN");
        // Nor by somebody whom the suspension does not keep out.
        let scan = format!("/api/v1/repositories/{id}/scan");
        refused(&admin.with("x-workspace-id", ours).post(&scan, json!({})).await, 403, "FORBIDDEN");
        world.code.commit(&[("app.py", "other()\n")], "pushed meanwhile");
        world.forge.look(&world.test.origin).await.unwrap();
        assert_eq!(world.analysis.start_all(&world.test.origin).await.unwrap(), 0);
        world.settle().await;
        ok(&admin.patch(&path, json!({ "suspended": false })).await);
        let scans = world.scans().await;
        assert_eq!(scans.iter().map(|scan| &scan["status"]).collect::<Vec<_>>(), ["cancelled", "completed"]);
        // What was pushed meanwhile is found when it is looked for again.
        world.test.clock.advance(Duration::from_secs(60));
        world.forge.look(&world.test.origin).await.unwrap();
        world.settle().await;
        assert_eq!(world.scans().await.len(), 3);
    });
}

#[test]
fn reports_go_when_they_are_kept_for_less_long_than_when_they_were_made() {
    on_both(&migrations(), |test| async {
        let world = world(test).await;
        world.connect().await;
        world.settle().await;
        let forget = async || world.analysis.forget_reports(&world.test.origin).await.unwrap();
        let retention = json!({ "retention": { "reportDays": 1 } });
        ok(&world.by("platform admin").patch("/api/v1/admin/settings", retention).await);
        world.test.clock.advance(Duration::from_secs(20 * 3_600));
        assert_eq!(forget().await, 0);
        world.test.clock.advance(Duration::from_secs(5 * 3_600));
        assert!(forget().await > 0);
        assert!(!world.test.contents().await.iter().any(|row| row.starts_with("artifacts:")), "nothing of it is kept");
    });
}
