//! Running an installation, over HTTP, on both databases.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::http::StatusCode;
use rampart_access::audit::{self, Audit};
use rampart_identity::{Ground, Identity};
use rampart_jobs::{Failure, Handlers, Job, JobFilter, Jobs, Queue, Schedule, Scheduler, Worker};
use rampart_kernel::config::{Effective, Loader, Sources};
use rampart_kernel::{Keys, MasterKey, SystemChance};
use rampart_mail::{Mail, MailSettings};
use rampart_objects::Objects;
use rampart_operations::{AlertRule, Bad, Operations};
use rampart_store::{Dialect, Migration};
use rampart_testkit::{Answer, Client, People, QUICK, TestStore, on_both};
use rampart_web::{App, Kit, Limiter, WebSettings};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const QUEUE: Queue = Queue { name: "test", concurrency: 3, timeout: Duration::from_secs(5), attempts: 1 };

/// A job that fails for good, and says so with what somebody told it.
#[derive(Default, Serialize, Deserialize)]
struct Fail {
    with: String,
}

impl Job for Fail {
    const KIND: &'static str = "fail";
    const QUEUE: Queue = QUEUE;
}

struct Installation {
    test: TestStore,
    /// What the rule `Tested` measures.
    measured: Arc<AtomicU32>,
    jobs: Jobs,
    worker: Worker,
    scheduler: Scheduler,
    client: Client,
    people: People,
}

fn migrations() -> Vec<Migration> {
    [
        audit::MIGRATIONS,
        rampart_jobs::MIGRATIONS,
        rampart_mail::MIGRATIONS,
        rampart_identity::MIGRATIONS,
        rampart_operations::MIGRATIONS,
    ]
    .concat()
}

rampart_kernel::settings! {
    /// For the tests.
    pub struct Sample {
        /// A secret.
        secret: Option<rampart_kernel::Secret> = "" from "SECRET_OF_TESTS",
        /// A number.
        number: u32 = "7" from "NUMBER_OF_TESTS",
    }
}

fn effective_of(mut loader: Loader) -> Effective {
    let sample: Sample = loader.group().unwrap();
    assert!(sample.secret.is_some() && sample.number == 7);
    loader.finish().unwrap()
}

async fn installation(test: TestStore) -> Installation {
    let mut loader = Loader::new(Sources::of_variables(QUICK));
    let web: WebSettings = loader.group().unwrap();
    let mail: MailSettings = loader.group().unwrap();
    let keys = Arc::new(Keys::new(MasterKey::generate(&SystemChance), Vec::new()).unwrap());
    let jobs = Jobs::new(test.store.clone());
    let mail = Mail::new(test.store.clone(), jobs.clone(), keys.clone(), &mail, &loader.group().unwrap()).unwrap();
    let ground = Ground { store: test.store.clone(), keys: keys.clone(), jobs: jobs.clone(), mail, web: web.clone() };
    let identity = Identity::new(ground, loader.group().unwrap(), loader.group().unwrap()).unwrap();
    let handlers = Handlers::new().on(async |_, job: Fail| Err(Failure::fatal(job.with)));
    let schedules = vec![Schedule::new::<Fail>("test.fail", "0 2 * * *")];
    let measured = Arc::new(AtomicU32::new(0));
    let gauge = measured.clone();
    let rule = AlertRule::new("Tested", "the test said so", (Bad::Above, 5.0), move |_| {
        let value = f64::from(gauge.load(Ordering::Relaxed));
        async move { Ok(Some(value)) }
    });
    let objects = test.folder().join("objects");
    let settings = loader.group().unwrap();
    let effective = Loader::new(Sources::of_variables([("SECRET_OF_TESTS", "tell nobody")]));
    let ground = rampart_operations::Ground {
        store: test.store.clone(),
        database: test.settings.clone(),
        audit: Audit::new(&keys),
        keys: keys.clone(),
        identity: identity.clone(),
        jobs: jobs.clone(),
        objects: Objects::in_folder(&objects).unwrap(),
        object_folder: Some(objects),
        queues: vec![QUEUE],
        schedules: schedules.clone(),
        rules: vec![rule],
        checkpoints: test.folder().join("checkpoints"),
        effective: effective_of(effective),
    };
    let operations = Operations::new(ground, settings);
    let module = rampart_operations::module(&operations, handlers);
    let worker = Worker::new(jobs.clone(), module.handlers, test.origin.clone());
    let schedules = [schedules, module.schedules].concat();
    let scheduler = Scheduler::new(jobs.clone(), schedules, &test.origin).await.unwrap();
    let code = identity.bootstrap(&test.origin).await.unwrap().unwrap().code;
    let mut routes = rampart_identity::module(&identity, &web, Handlers::new()).routes;
    routes.extend(module.routes);
    let kit = Kit {
        settings: web,
        store: test.store.clone(),
        origin: test.origin.clone(),
        authenticator: Arc::new(identity),
        limiter: Limiter::new(loader.group().unwrap()),
        metrics: None,
    };
    let client = Client::new(App::new(routes).into_router(kit));
    let people = People::settle(&client, code.expose(), &test.clock).await;
    Installation { test, measured, jobs, worker, scheduler, client, people }
}

impl Installation {
    fn client(&self, name: &str) -> Client {
        self.people.client(&self.client, name)
    }

    async fn fail(&self, with: &str) -> String {
        let mut tx = self.test.store.begin(&self.test.origin).await.unwrap();
        let id = self.jobs.enqueue(&mut tx, &Fail { with: with.to_owned() }).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        id.to_string()
    }
}

fn refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status.as_u16(), answer.code()), (status, code), "{}", answer.text);
}

fn succeeded(answer: &Answer) -> &Value {
    assert!(answer.status.is_success(), "{}", answer.text);
    &answer.body
}

#[test]
fn the_record_is_filtered_and_read_page_by_page() {
    on_both(&migrations(), async |test| {
        let installation = installation(test).await;
        let admin = installation.client("admin");
        let list = async |query: &str| admin.get(&format!("/api/v1/audit-logs?{query}")).await;
        let first = list("limit=2").await;
        let mut ids: Vec<String> = Vec::new();
        let mut page = first;
        loop {
            let rows = succeeded(&page)["auditLogs"].as_array().unwrap();
            ids.extend(rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()));
            let ours = json!(installation.people.ours.workspace);
            assert!(rows.iter().all(|row| row["workspaceId"] == ours), "{}", page.text);
            let Some(next) = page.body["nextCursor"].as_str() else { break };
            page = list(&format!("limit=2&cursor={next}")).await;
        }
        let mut ordered = ids.clone();
        ordered.sort_unstable();
        ordered.dedup();
        ordered.reverse();
        assert_eq!(ids, ordered, "each once, newest first");
        let invited = list("action=invitation.created&status=success").await;
        let invited = succeeded(&invited)["auditLogs"].as_array().unwrap();
        assert_eq!(invited.len(), 6);
        assert!(invited.iter().all(|row| row["userEmail"] == "ours-owner@example.com"), "{invited:?}");
        assert_eq!(list("userId=0192f0c1-7b5a-7cc3-98b0-2f4d5c6a7b8c").await.body["auditLogs"], json!([]));
        assert_eq!(list("from=2040-01-01T00:00:00Z").await.body["auditLogs"], json!([]));
        assert_eq!(list("to=2020-01-01T00:00:00Z").await.body["auditLogs"], json!([]));
        refused(&list("limit=101").await, 400, "VALIDATION_ERROR");
        refused(&list("who=1").await, 400, "VALIDATION_ERROR");

        refused(&installation.client("operator").get("/api/v1/audit-logs").await, 403, "FORBIDDEN");
        refused(&list("scope=platform").await, 403, "FORBIDDEN");
        let whole = installation.client("platform admin").get("/api/v1/audit-logs?scope=platform&limit=100").await;
        let theirs = json!(installation.people.theirs.workspace);
        let whole = succeeded(&whole)["auditLogs"].as_array().unwrap();
        assert!(
            whole.iter().any(|row| row["workspaceId"] == theirs)
                && whole.iter().any(|row| row["workspaceId"].is_null())
        );
    });
}

#[test]
fn the_record_is_taken_along_and_no_cell_calculates() {
    on_both(&migrations(), async |test| {
        let installation = installation(test).await;
        // What a client says of itself is in the record.
        let admin = installation.client("admin").with("user-agent", "=HYPERLINK(\"https://evil.example\")");
        let path = format!("/api/v1/workspaces/{}", installation.people.ours.workspace);
        succeeded(&admin.patch(&path, json!({ "name": "Renamed" })).await);
        // Within a millisecond rows have no order.
        installation.test.clock.advance(Duration::from_secs(1));
        let csv = admin.get("/api/v1/audit-logs/export?format=csv&action=workspace.updated").await;
        assert_eq!(csv.status, StatusCode::OK);
        assert!(csv.headers["content-disposition"].to_str().unwrap().contains("audit.csv"));
        let lines: Vec<&str> = csv.text.lines().collect();
        assert_eq!(lines.len(), 2, "{}", csv.text);
        assert!(lines[1].contains(",\"'=HYPERLINK(\"\"https://evil.example\"\")\","), "{}", csv.text);
        let lines = admin.get("/api/v1/audit-logs/export").await.text;
        let rows: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(rows[0]["action"], "audit.exported", "to take it along is recorded itself");
        assert!(rows.iter().all(|row| row["workspaceId"] == json!(installation.people.ours.workspace)));
    });
}

#[test]
fn a_record_that_was_changed_is_seen() {
    on_both(&migrations(), async |test| {
        let installation = installation(test).await;
        let verify = async |name: &str, query: &str| {
            installation.client(name).get(&format!("/api/v1/audit-logs/verify{query}")).await
        };
        assert_eq!(succeeded(&verify("admin", "").await)["valid"], true);
        refused(&verify("admin", "?scope=platform").await, 403, "FORBIDDEN");
        let ours = installation.people.ours.workspace.clone();
        let mut tx = installation.test.store.begin(&installation.test.origin).await.unwrap();
        tx.execute("UPDATE audit_heads SET hash = 'x' WHERE chain = $1", &rampart_store::params![&ours]).await.unwrap();
        tx.commit().await.unwrap();
        let broken = verify("admin", "").await;
        assert_eq!(succeeded(&broken)["broken"][0]["kind"], "head");
        assert_eq!(broken.body["valid"], false);
        assert_eq!(verify("other admin", "").await.body["valid"], true, "another's is another's");
        let whole = verify("platform admin", "?scope=platform").await;
        assert_eq!(succeeded(&whole)["broken"][0]["chain"], json!(ours));
    });
}

#[test]
fn what_failed_for_good_is_seen_put_back_and_discarded() {
    on_both(&migrations(), async |test| {
        let installation = installation(test).await;
        let admin = installation.client("platform admin");
        let (first, second) = (installation.fail("first").await, installation.fail("second").await);
        installation.worker.drain().await.unwrap();
        let dead = admin.get("/api/v1/admin/dead-letters?queue=test").await;
        assert_eq!(succeeded(&dead)["total"], 2);
        assert_eq!(admin.get("/api/v1/admin/dead-letters?queue=other").await.body["deadLetters"], json!([]));
        let queue = async || {
            let queues = admin.get("/api/v1/admin/queues").await;
            let all = succeeded(&queues)["queues"].as_array().unwrap();
            all.iter().find(|queue| queue["name"] == "test").unwrap().clone()
        };
        let found = queue().await;
        assert_eq!((&found["dead"], &found["depth"], &found["concurrency"]), (&json!(2), &json!(0), &json!(3)));

        let back = admin.post(&format!("/api/v1/admin/dead-letters/{first}/retry"), json!({})).await;
        assert_eq!(succeeded(&back)["status"], "queued");
        refused(
            &admin.post(&format!("/api/v1/admin/jobs/{first}/retry"), json!({})).await,
            409,
            "INVALID_STATE_TRANSITION",
        );
        assert_eq!(queue().await["depth"], 1);
        succeeded(&admin.delete(&format!("/api/v1/admin/dead-letters/{second}")).await);
        refused(&admin.delete(&format!("/api/v1/admin/dead-letters/{second}")).await, 404, "NOT_FOUND");
        refused(&admin.get(&format!("/api/v1/admin/jobs/{second}")).await, 404, "NOT_FOUND");
        let jobs = admin.get("/api/v1/admin/jobs?status=queued&type=fail&limit=1").await;
        assert_eq!(succeeded(&jobs)["jobs"][0]["id"], json!(first));
        let cursor = jobs.body["nextCursor"].as_str().unwrap();
        assert_eq!(admin.get(&format!("/api/v1/admin/jobs?type=fail&cursor={cursor}")).await.body["jobs"], json!([]));
        let cancelled = admin.post(&format!("/api/v1/admin/jobs/{first}/cancel"), json!({})).await;
        assert_eq!(succeeded(&cancelled)["status"], "cancelled");
        refused(
            &admin.post(&format!("/api/v1/admin/jobs/{first}/cancel"), json!({})).await,
            409,
            "INVALID_STATE_TRANSITION",
        );
        refused(&installation.client("owner").get("/api/v1/admin/jobs").await, 403, "FORBIDDEN");

        let paused = admin.post("/api/v1/admin/queues/test/pause", json!({})).await;
        assert_eq!(succeeded(&paused)["paused"], true);
        let waits = installation.fail("third").await;
        assert_eq!(installation.worker.drain().await.unwrap(), 0);
        assert_eq!(admin.get(&format!("/api/v1/admin/jobs/{waits}")).await.body["status"], "queued");
        let resumed = admin.post("/api/v1/admin/queues/test/resume", json!({})).await;
        assert_eq!((&succeeded(&resumed)["paused"], &resumed.body["depth"]), (&json!(false), &json!(1)));
        refused(&admin.post("/api/v1/admin/queues/none/pause", json!({})).await, 404, "NOT_FOUND");
        let log = admin.get("/api/v1/audit-logs?action=queue.paused&scope=platform").await;
        assert_eq!(succeeded(&log)["auditLogs"][0]["resourceId"], "test");
        installation.fail("fourth").await;
        installation.worker.drain().await.unwrap();
        let dead = admin.get("/api/v1/admin/dead-letters").await;
        assert_eq!(succeeded(&dead)["deadLetters"][0]["errors"][0]["error"], dead.body["deadLetters"][0]["error"]);
        let all = "/api/v1/admin/dead-letters/retry-all";
        assert_eq!(succeeded(&admin.post(all, json!({ "queue": "other" })).await)["requeued"], 0);
        assert_eq!(*succeeded(&admin.post(all, json!({})).await), json!({ "requeued": 2, "left": 0 }));
        assert_eq!(queue().await["depth"], 2);
        refused(&installation.client("owner").post(all, json!({})).await, 403, "FORBIDDEN");
    });
}

#[test]
fn schedules_are_switched_and_run_by_hand() {
    on_both(&migrations(), async |test| {
        let installation = installation(test).await;
        let admin = installation.client("platform admin");
        let schedule = async |admin: &Client| {
            let answer = admin.get("/api/v1/admin/schedules").await;
            let all = succeeded(&answer)["schedules"].as_array().unwrap().clone();
            all.into_iter().find(|one| one["name"] == "test.fail").unwrap()
        };
        assert_eq!(schedule(&admin).await["enabled"], true);
        let off = admin.patch("/api/v1/admin/schedules/test.fail", json!({ "enabled": false })).await;
        assert_eq!(succeeded(&off)["enabled"], false);
        installation.test.clock.advance(Duration::from_secs(2 * 86_400));
        installation.scheduler.tick(&installation.test.origin).await.unwrap();
        let filter = JobFilter { kind: Some(Fail::KIND.to_owned()), ..JobFilter::default() };
        assert!(installation.jobs.list(&filter, 10).await.unwrap().is_empty(), "what is off does not run");
        // The administrator's token is as old as the clock: signed in again.
        let login = json!({ "email": "platform@example.com", "password": "otter-Lamp-42-rivet" });
        let login = installation.client.post("/api/v1/auth/login", login).await;
        let admin = installation.client.bearer(succeeded(&login)["accessToken"].as_str().unwrap());
        let run = admin.post("/api/v1/admin/schedules/test.fail/run", json!({})).await;
        assert_eq!(run.status, StatusCode::ACCEPTED);
        let job = admin.get(&format!("/api/v1/admin/jobs/{}", run.body["jobId"].as_str().unwrap())).await;
        assert_eq!((&succeeded(&job)["type"], &job.body["workspaceId"]), (&json!("fail"), &Value::Null));
        let path = "/api/v1/admin/schedules/test.fail";
        let moved = admin.patch(path, json!({ "enabled": true, "cron": "30 4 * * *" })).await;
        assert_eq!((&succeeded(&moved)["cron"], &moved.body["usualCron"]), (&json!("30 4 * * *"), &json!("0 2 * * *")));
        assert!(moved.body["nextRunAt"].as_str().unwrap().ends_with("T04:30:00Z"), "{}", moved.text);
        for bad in ["often", "* * * * * *", "0 0 30 2 *", &"9".repeat(101)] {
            refused(&admin.patch(path, json!({ "cron": bad })).await, 400, "VALIDATION_ERROR");
        }
        let (jobs, origin) = (installation.jobs.clone(), &installation.test.origin);
        let schedules = vec![Schedule::new::<Fail>("test.fail", "0 3 * * *")];
        Scheduler::new(jobs, schedules, origin).await.unwrap();
        let kept = schedule(&admin).await;
        assert_eq!(
            (&kept["cron"], &kept["nextRunAt"]),
            (&json!("30 4 * * *"), &moved.body["nextRunAt"]),
            "after a start, too"
        );
        let back = admin.patch(path, json!({ "cron": "" })).await;
        assert_eq!((&succeeded(&back)["cron"], back.body.get("usualCron")), (&json!("0 3 * * *"), None));
        refused(&admin.post("/api/v1/admin/schedules/none/run", json!({})).await, 404, "NOT_FOUND");
        refused(&admin.patch("/api/v1/admin/schedules/none", json!({ "enabled": true })).await, 404, "NOT_FOUND");
    });
}

#[test]
fn users_are_found_disabled_and_given_roles_but_one_administrator_stays() {
    on_both(&migrations(), async |test| {
        let installation = installation(test).await;
        let admin = installation.client("platform admin");
        let found = admin.get("/api/v1/admin/users?q=ours-owner").await;
        assert_eq!(succeeded(&found)["total"], 1);
        let owner = format!("/api/v1/admin/users/{}", installation.people.ours.owner);
        let user = admin.get(&owner).await;
        assert_eq!(succeeded(&user)["workspaces"][0]["role"], "owner");
        let client = installation.client("owner");
        assert_eq!(client.get("/api/v1/auth/me").await.status, StatusCode::OK);
        succeeded(&admin.patch(&owner, json!({ "disabled": true })).await);
        assert!(client.get("/api/v1/auth/me").await.status.is_client_error(), "out at once");
        succeeded(&admin.patch(&owner, json!({ "disabled": false })).await);
        refused(&client.get("/api/v1/auth/me").await, 401, "TOKEN_REVOKED");
        let raised = admin.patch(&owner, json!({ "role": "operator" })).await;
        assert_eq!(succeeded(&raised)["role"], "operator");

        let own = admin.get("/api/v1/auth/me").await.body["id"].clone();
        let own = format!("/api/v1/admin/users/{}", own.as_str().unwrap());
        refused(&admin.patch(&own, json!({ "role": "user" })).await, 409, "CONFLICT");
        refused(&admin.patch(&own, json!({ "disabled": true })).await, 409, "CONFLICT");
        succeeded(&admin.patch(&owner, json!({ "role": "admin" })).await);
        succeeded(&admin.patch(&own, json!({ "role": "user" })).await);
        refused(&admin.get(&own).await, 403, "FORBIDDEN");
    });
}

#[test]
fn an_administrator_unlocks_and_sees_how_the_installation_is() {
    on_both(&migrations(), async |test| {
        let installation = installation(test).await;
        let admin = installation.client("platform admin");
        let system = admin.get("/api/v1/admin/system").await;
        assert_eq!(succeeded(&system)["database"]["status"], "ok");
        let owner = &installation.people.ours.owner;
        let id: rampart_kernel::UserId = owner.parse().unwrap();
        let mut tx = installation.test.store.begin(&installation.test.origin).await.unwrap();
        let until = installation.test.origin.now() + Duration::from_secs(60);
        let lock = "UPDATE users SET locked_until = $2 WHERE id = $1";
        tx.execute(lock, &rampart_store::params![id, until]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(admin.get("/api/v1/admin/users?locked=true").await.body["total"], 1);
        let login = json!({ "email": "ours-owner@example.com", "password": "otter-Lamp-42-rivet" });
        refused(&installation.client.post("/api/v1/auth/login", login.clone()).await, 423, "ACCOUNT_LOCKED");
        succeeded(&admin.post(&format!("/api/v1/admin/users/{owner}/unlock"), json!({})).await);
        assert_eq!(admin.get("/api/v1/admin/users?locked=true").await.body["total"], 0);
        succeeded(&installation.client.post("/api/v1/auth/login", login).await);
    });
}

#[test]
fn the_configuration_is_shown_without_its_secrets() {
    on_both(&migrations(), async |test| {
        let installation = installation(test).await;
        let answer = installation.client("platform admin").get("/api/v1/admin/config").await;
        let settings = &succeeded(&answer)["settings"];
        assert_eq!(
            settings[0],
            json!({ "name": "SECRET_OF_TESTS", "value": "***", "origin": "environment SECRET_OF_TESTS", "meaning": "A secret." })
        );
        assert_eq!((&settings[1]["value"], &settings[1]["origin"]), (&json!("7"), &json!("default")));
        assert!(!answer.text.contains("tell nobody"));
        refused(&installation.client("owner").get("/api/v1/admin/config").await, 403, "FORBIDDEN");
    });
}

#[test]
fn a_backup_is_made_checked_and_removed_by_the_server() {
    on_both(&migrations(), async |test| {
        let installation = installation(test).await;
        let admin = installation.client("platform admin");
        let made = admin.post("/api/v1/admin/backups", json!({})).await;
        refused(&installation.client("owner").post("/api/v1/admin/backups", json!({})).await, 403, "FORBIDDEN");
        if installation.test.store.dialect() == Dialect::Postgres {
            refused(&made, 409, "PROVIDER_NOT_CONFIGURED");
            assert!(made.text.contains("pg_dump"), "{}", made.text);
            return;
        }
        assert_eq!(made.status, StatusCode::ACCEPTED, "{}", made.text);
        refused(&admin.post("/api/v1/admin/backups", json!({})).await, 409, "CONFLICT");
        let path = format!("/api/v1/admin/backups/{}", made.body["id"].as_str().unwrap());
        refused(&admin.post(&format!("{path}/verify"), json!({})).await, 409, "INVALID_STATE_TRANSITION");
        refused(&admin.delete(&path).await, 409, "CONFLICT");
        installation.worker.drain().await.unwrap();
        let list = async || succeeded(&admin.get("/api/v1/admin/backups").await)["backups"].clone();
        let one = list().await[0].clone();
        assert_eq!((&one["status"], &one["kind"]), (&json!("completed"), &json!("manual")), "{one}");
        let object = installation.test.folder().join("objects").join(one["objectKey"].as_str().unwrap());
        let bytes = std::fs::read(&object).unwrap();
        assert_eq!(one["sizeBytes"], bytes.len());
        assert!(!bytes.windows(6).any(|window| window == b"SQLite"), "it is sealed");

        let verify = async || succeeded(&admin.post(&format!("{path}/verify"), json!({})).await)["valid"].clone();
        assert_eq!((verify().await, &list().await[0]["status"]), (json!(true), &json!("verified")));
        let left: Vec<_> =
            std::fs::read_dir(installation.test.folder()).unwrap().flatten().map(|it| it.file_name()).collect();
        assert!(!left.iter().any(|name| name.to_string_lossy().starts_with("backup-")), "{left:?}");
        let mut broken = bytes.clone();
        let middle = broken.len() / 2;
        broken[middle] ^= 1;
        std::fs::write(&object, &broken).unwrap();
        assert_eq!((verify().await, &list().await[0]["status"]), (json!(false), &json!("failed")));
        succeeded(&admin.delete(&path).await);
        assert!(!object.exists());
        assert_eq!(list().await, json!([]));
    });
}

#[test]
fn nightly_backups_are_kept_for_some_days_and_weeks() {
    on_both(&migrations(), async |test| {
        let installation = installation(test).await;
        if installation.test.store.dialect() == Dialect::Postgres {
            return;
        }
        for _ in 0..16 {
            installation.test.clock.advance(Duration::from_secs(24 * 3_600));
            installation.scheduler.tick(&installation.test.origin).await.unwrap();
            installation.worker.drain().await.unwrap();
        }
        let sql = "SELECT COUNT(*) AS count FROM backups WHERE kind = 'scheduled' AND status <> 'failed'";
        let mut reader = installation.test.store.read().await.unwrap();
        let kept: i64 = reader.get(sql, &[]).await.unwrap().get("count").unwrap();
        // Seven days, and the last of the week before them.
        assert_eq!(kept, 8);
        let sql = "SELECT COUNT(*) AS count FROM backups WHERE status = 'verified'";
        let verified: i64 = reader.get(sql, &[]).await.unwrap().get("count").unwrap();
        assert!(verified > 0, "on Sundays the newest is checked");
    });
}

#[test]
fn an_alert_is_told_once_when_it_begins_to_fire() {
    on_both(&migrations(), async |test| {
        let installation = installation(test).await;
        let minute = async |value: u32| {
            installation.measured.store(value, Ordering::Relaxed);
            installation.test.clock.advance(Duration::from_secs(60));
            installation.scheduler.tick(&installation.test.origin).await.unwrap();
            installation.worker.drain().await.unwrap();
            let sql = "SELECT COUNT(*) AS count FROM event_outbox WHERE name = 'system.alert' AND data LIKE '%Tested%'";
            let sql = if installation.test.store.dialect() == Dialect::Postgres {
                sql.replace("data LIKE", "data::text LIKE")
            } else {
                sql.to_owned()
            };
            let mut reader = installation.test.store.read().await.unwrap();
            reader.get(&sql, &[]).await.unwrap().get::<i64>("count").unwrap()
        };
        assert_eq!((minute(5).await, minute(6).await, minute(7).await), (0, 1, 1));
        let admin = installation.people.client(&installation.client, "platform admin");
        let alerts = async || {
            let answer = admin.get("/api/v1/admin/alerts").await;
            succeeded(&answer)["alerts"].as_array().unwrap().clone()
        };
        let of = |alerts: &[Value], rule: &str| alerts.iter().find(|alert| alert["rule"] == rule).unwrap().clone();
        let firing = alerts().await;
        let tested = of(&firing, "Tested");
        assert_eq!(
            (&tested["state"], &tested["value"], &tested["threshold"]),
            (&json!("firing"), &json!(7.0), &json!(5.0))
        );
        assert_ne!(tested["since"], tested["checkedAt"], "since it began");
        assert_eq!(of(&firing, "QueueDepthHigh")["state"], "ok");
        assert_eq!((minute(0).await, &of(&alerts().await, "Tested")["state"]), (1, &json!("ok")));
        assert_eq!(minute(9).await, 2, "once more when it begins again");

        installation.fail("for good").await;
        installation.worker.drain().await.unwrap();
        minute(0).await;
        let dead = of(&alerts().await, "DeadLetters");
        assert_eq!((&dead["state"], &dead["value"]), (&json!("firing"), &json!(1.0)));
        refused(&installation.client("owner").get("/api/v1/admin/alerts").await, 403, "FORBIDDEN");
    });
}
