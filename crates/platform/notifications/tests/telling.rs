//! The module over HTTP and by its events, on both databases.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use rampart_access::audit;
use rampart_events::{Bus, Heard, Listener, Relay, Subscriptions};
use rampart_identity::{Ground, Identity};
use rampart_jobs::{Handlers, Jobs, Worker};
use rampart_kernel::config::{Loader, Sources};
use rampart_kernel::{Keys, MasterKey, Origin, SystemChance, WorkspaceId};
use rampart_mail::Mail;
use rampart_notifications::{Notifications, module, subscriptions};
use rampart_store::{Event, Migration};
use rampart_testkit::{Answer, Client, SmtpOptions, SmtpSink, TestStore, on_both};
use rampart_web::{App, Kit, LimitSettings, Limiter, WebSettings};
use serde::Serialize;
use serde_json::{Value, json};

const PASSWORD: &str = "otter-Lamp-42-rivet";

fn migrations() -> Vec<Migration> {
    [
        audit::MIGRATIONS,
        rampart_jobs::MIGRATIONS,
        rampart_mail::MIGRATIONS,
        rampart_identity::MIGRATIONS,
        rampart_notifications::MIGRATIONS,
    ]
    .concat()
}

#[derive(Serialize)]
struct Found(Value);

impl Event for Found {
    const NAME: &'static str = "vulnerabilities.found";
}

/// After it nothing more is to be heard.
#[derive(Serialize)]
struct End {}

impl Event for End {
    const NAME: &'static str = "test.end";
}

#[derive(Serialize)]
struct Asked(Value);

impl Event for Asked {
    const NAME: &'static str = "approval.requested";
}

/// What a scan of a repository found: one finding.
fn finding_in(repository: &str, severity: &str) -> Found {
    findings_in(repository, severity, &json!({ severity: 1 }))
}

fn findings_in(repository: &str, worst: &str, counts: &Value) -> Found {
    let total: u64 = counts.as_object().unwrap().values().filter_map(Value::as_u64).sum();
    let (id, name) = (format!("0192f0c1-{repository}"), format!("team/{repository}"));
    Found(json!({ "severity": worst, "repositoryId": id, "repositoryName": name, "total": total, "counts": counts }))
}

fn finding(severity: &str) -> Found {
    finding_in("shop", severity)
}

fn approval() -> Asked {
    Asked(json!({ "missionId": "0192f0c2", "riskLevel": "high", "actionType": "restart" }))
}

struct Office {
    test: TestStore,
    identity: Identity,
    notifications: Notifications,
    sink: SmtpSink,
    relay: Relay,
    listener: Listener,
    worker: Worker,
    client: Client,
}

async fn office(test: TestStore) -> Office {
    let sink = SmtpSink::start(SmtpOptions::default()).await;
    let port = sink.address.port().to_string();
    let mut loader = Loader::new(Sources::of_variables([
        ("ARGON2_MEMORY_KIB", "64"),
        ("ARGON2_ITERATIONS", "1"),
        ("ARGON2_PARALLELISM", "1"),
        ("RATE_LIMIT_AUTH", "unlimited"),
        ("RATE_LIMIT_LOGIN", "unlimited"),
        ("RATE_LIMIT_PUBLIC", "unlimited"),
        ("REQUIRE_EMAIL_VERIFICATION", "false"),
        ("EMAIL_PROVIDER", "smtp"),
        ("SMTP_HOST", "127.0.0.1"),
        ("SMTP_PORT", &port),
        ("SMTP_TLS", "none"),
    ]));
    let (web, limits): (WebSettings, LimitSettings) = (loader.group().unwrap(), loader.group().unwrap());
    let keys = Arc::new(Keys::new(MasterKey::generate(&SystemChance), Vec::new()).unwrap());
    let jobs = Jobs::new(test.store.clone());
    let (settings, aws) = (loader.group().unwrap(), loader.group().unwrap());
    let mail = Mail::new(test.store.clone(), jobs.clone(), keys.clone(), &settings, &aws).unwrap();
    let (store, ground_jobs) = (test.store.clone(), jobs.clone());
    let ground = Ground { store, keys, jobs: ground_jobs, mail: mail.clone(), web: web.clone() };
    let identity = Identity::new(ground, loader.group().unwrap(), loader.group().unwrap()).unwrap();
    let notifications = Notifications::new(test.store.clone(), identity.clone(), mail.clone(), web.frontend_url());
    let module = module(&notifications, mail.handlers(Handlers::new()));
    let bus = Bus::new();
    let listener = bus.listen();
    let relay = Relay::new(test.store.clone(), subscriptions(Subscriptions::new(), &jobs), bus);
    let worker = Worker::new(jobs, module.handlers, test.origin.clone());
    let accounts = rampart_identity::module(&identity, &web, Handlers::new()).routes;
    let kit = Kit {
        settings: web,
        store: test.store.clone(),
        origin: test.origin.clone(),
        authenticator: Arc::new(identity.clone()),
        limiter: Limiter::new(limits),
        metrics: None,
    };
    let router = App::new(accounts.into_iter().chain(module.routes).collect()).into_router(kit);
    Office { identity, notifications, sink, relay, listener, worker, client: Client::new(router), test }
}

struct Person {
    client: Client,
    workspace: WorkspaceId,
}

impl Office {
    async fn enter(&self, code: &str, email: &str) -> Person {
        let body = json!({ "email": email, "password": PASSWORD, "invitationCode": code });
        ok(&self.client.post("/api/v1/auth/register", body).await);
        let answer = self.client.post("/api/v1/auth/login", json!({ "email": email, "password": PASSWORD })).await;
        let client = self.client.bearer(ok(&answer)["accessToken"].as_str().unwrap());
        let me = client.get("/api/v1/auth/me").await;
        Person { workspace: ok(&me)["currentWorkspace"]["id"].as_str().unwrap().parse().unwrap(), client }
    }

    async fn owner(&self) -> Person {
        let invited = self.identity.bootstrap(&self.test.origin).await.unwrap().unwrap();
        self.enter(invited.code.expose(), "owner@example.com").await
    }

    async fn member(&self, owner: &Person, role: &str) -> Person {
        let path = format!("/api/v1/workspaces/{}/invitations", owner.workspace);
        let invited = owner.client.post(&path, json!({ "role": role })).await;
        self.enter(ok(&invited)["code"].as_str().unwrap(), &format!("{role}@example.com")).await
    }

    fn origin(&self, person: &Person) -> Origin {
        self.test.origin.clone().in_workspace(Some(person.workspace))
    }

    async fn happen<E: Event>(&self, person: &Person, event: &E) {
        let mut tx = self.test.store.begin(&self.origin(person)).await.unwrap();
        tx.emit(event);
        tx.commit().await.unwrap();
        self.settle().await;
    }

    /// Tells events and runs jobs until nothing is left.
    async fn settle(&self) {
        while self.relay.relay(&self.test.origin).await.unwrap() + self.worker.drain().await.unwrap() > 0 {}
    }
}

fn ok(answer: &Answer) -> &Value {
    assert!(answer.status.is_success(), "{}", answer.text);
    &answer.body
}

async fn titles(person: &Person) -> Vec<String> {
    let answer = person.client.get("/api/v1/notifications?type=vulnerability_found").await;
    let list = ok(&answer)["notifications"].as_array().unwrap().clone();
    list.iter().map(|one| one["title"].as_str().unwrap().to_owned()).collect()
}

async fn choose(person: &Person, body: Value) -> Answer {
    person.client.send(Method::PUT, "/api/v1/notifications/preferences", Some(body)).await
}

#[test]
fn members_hear_of_what_concerns_them_once_and_others_of_nothing() {
    on_both(&migrations(), async |test| {
        let mut office = office(test).await;
        let owner = office.owner().await;
        let viewer = office.member(&owner, "viewer").await;
        let operator = office.member(&owner, "operator").await;
        office.happen(&owner, &finding("critical")).await;
        office.happen(&owner, &finding("low")).await;
        office.happen(&owner, &approval()).await;
        for person in [&owner, &viewer, &operator] {
            assert_eq!(titles(person).await, ["1 new finding in team/shop"]);
            for (severity, count) in [("critical", 1), ("low", 0)] {
                let asked = format!("/api/v1/notifications?type=vulnerability_found&severity={severity}");
                assert_eq!(ok(&person.client.get(&asked).await)["total"], count, "{severity}");
            }
        }
        // An approval is the business of operators.
        let asked = "/api/v1/notifications?type=approval_requested";
        assert_eq!(ok(&owner.client.get(asked).await)["total"], 1);
        assert_eq!(ok(&operator.client.get(asked).await)["total"], 1);
        assert_eq!(ok(&viewer.client.get(asked).await)["total"], 0);
        // Mail at once is for what waits for an answer, and for addresses that were confirmed.
        // Accounts are mailed of as well, by others.
        let mut mails = office.sink.messages();
        mails.retain(|mail| mail.subject == "An action waits for approval");
        assert_eq!(mails.iter().map(|mail| mail.to[0].as_str()).collect::<Vec<_>>(), ["owner@example.com"]);
        assert!(mails[0].text.contains("http://localhost:8000/app/missions/0192f0c2"), "{}", mails[0].text);

        office.happen(&owner, &End {}).await;
        let mut live = 0;
        while let Some(Heard::Event(event)) = office.listener.next().await {
            if event.name == End::NAME {
                break;
            }
            live += usize::from(
                event.name == "notification.created" && event.data["notification"]["type"] == "vulnerability_found",
            );
        }
        assert_eq!(live, 3, "one for each socket");
    });
}

#[test]
fn a_job_that_runs_twice_tells_once() {
    on_both(&migrations(), async |test| {
        let office = office(test).await;
        let owner = office.owner().await;
        office.happen(&owner, &approval()).await;
        let sql = "UPDATE jobs SET status = 'queued', attempts = 0, finished_at = NULL WHERE type = 'fan_out_event'";
        let mut tx = office.test.store.begin(&office.test.origin).await.unwrap();
        assert!(tx.execute(sql, &[]).await.unwrap() > 0);
        tx.commit().await.unwrap();
        office.settle().await;
        let list = owner.client.get("/api/v1/notifications?type=approval_requested").await;
        assert_eq!((ok(&list)["total"].as_u64(), office.sink.messages().len()), (Some(1), 1));
    });
}

#[test]
fn what_scans_find_within_minutes_is_told_together_and_what_is_worse_for_itself() {
    on_both(&migrations(), async |test| {
        let office = office(test).await;
        let owner = office.owner().await;
        let told = async || {
            let answer = owner.client.get("/api/v1/notifications?type=vulnerability_found").await;
            let list = ok(&answer)["notifications"].as_array().unwrap().clone();
            list.iter()
                .map(|one| format!("{}: {}", one["title"].as_str().unwrap(), one["body"].as_str().unwrap()))
                .collect::<Vec<_>>()
        };
        let first = json!({ "high": 13, "medium": 20, "low": 2 });
        office.happen(&owner, &findings_in("shop", "high", &first)).await;
        assert_eq!(told().await, ["35 new findings in team/shop: 13 high, 20 medium, 2 low"]);
        let list = owner.client.get("/api/v1/notifications?type=vulnerability_found").await;
        assert_eq!(ok(&list)["notifications"][0]["link"], "/findings?sort=-detectedAt&repo=0192f0c1-shop");

        office.test.clock.advance(Duration::from_secs(3 * 60));
        office.happen(&owner, &finding("high")).await;
        // A job that runs again tells nothing again.
        let sql = "UPDATE jobs SET status = 'queued', attempts = 0, finished_at = NULL WHERE type = 'fan_out_event'";
        let mut tx = office.test.store.begin(&office.test.origin).await.unwrap();
        assert!(tx.execute(sql, &[]).await.unwrap() > 0);
        tx.commit().await.unwrap();
        office.settle().await;
        assert_eq!(told().await, ["36 new findings in team/shop: 14 high, 20 medium, 2 low"]);
        office.happen(&owner, &finding("critical")).await;
        office.happen(&owner, &finding_in("other", "high")).await;
        assert_eq!(told().await.len(), 3, "what is worse, and what is of another repository: {:?}", told().await);
        office.test.clock.advance(Duration::from_secs(11 * 60));
        office.happen(&owner, &finding("high")).await;
        assert_eq!(told().await.len(), 4, "later is later");
        // What somebody has read does not change behind their back.
        ok(&owner.client.post("/api/v1/notifications/read-all", Value::Null).await);
        office.happen(&owner, &finding("high")).await;
        assert_eq!(told().await.len(), 5);
    });
}

#[test]
fn notifications_are_read_and_deleted_by_their_owner_only() {
    on_both(&migrations(), async |test| {
        let office = office(test).await;
        let owner = office.owner().await;
        let viewer = office.member(&owner, "viewer").await;
        for repository in ["a", "b", "c"] {
            office.happen(&owner, &finding_in(repository, "high")).await;
            office.test.clock.advance(Duration::from_secs(60));
        }
        let count = async |person: &Person| {
            ok(&person.client.get("/api/v1/notifications/unread-count").await)["unreadCount"].as_u64().unwrap()
        };
        let first = ok(&viewer.client.get("/api/v1/notifications?limit=1").await).clone();
        assert_eq!((&first["total"], &first["unreadCount"]), (&json!(3), &json!(3)));
        let id = first["notifications"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/notifications/{id}");

        // Somebody else's is not there.
        let foreign = owner.client.send(Method::PATCH, &path, Some(json!({ "read": true }))).await;
        assert_eq!((foreign.status, foreign.code()), (StatusCode::NOT_FOUND, "NOT_FOUND"));
        assert_eq!(owner.client.delete(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(office.client.get("/api/v1/notifications").await.status, StatusCode::UNAUTHORIZED);

        let marked = viewer.client.send(Method::PATCH, &path, Some(json!({ "read": true }))).await;
        assert!(ok(&marked)["readAt"].is_string());
        assert_eq!(count(&viewer).await, 2);
        ok(&viewer.client.send(Method::PATCH, &path, Some(json!({ "read": false }))).await);
        assert_eq!(count(&viewer).await, 3);
        let older = viewer.client.get(&format!("/api/v1/notifications?before={id}&unread=true")).await;
        assert_eq!(ok(&older)["notifications"].as_array().unwrap().len(), 2);

        assert_eq!(ok(&viewer.client.post("/api/v1/notifications/read-all", Value::Null).await)["updated"], 3);
        assert_eq!((count(&viewer).await, count(&owner).await > 0), (0, true));
        ok(&viewer.client.delete(&path).await);
        assert_eq!(viewer.client.delete(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(titles(&viewer).await.len(), 2);
    });
}

#[test]
fn people_hear_as_they_chose() {
    on_both(&migrations(), async |test| {
        let office = office(test).await;
        let owner = office.owner().await;
        let shown = owner.client.get("/api/v1/notifications/preferences").await;
        assert_eq!(ok(&shown)["matrix"]["approval_requested"], json!({ "in_app": "instant", "email": "instant" }));
        for bad in [
            json!({ "digest": "daily", "digestHour": 24 }),
            json!({ "digest": "hourly", "digestHour": 8 }),
            json!({ "digest": "daily", "digestHour": 8, "matrix": { "scan_failed": { "in_app": "digest", "email": "off" } } }),
            json!({ "digest": "daily", "digestHour": 8, "matrix": { "no_such": { "in_app": "off", "email": "off" } } }),
        ] {
            let answer = choose(&owner, bad).await;
            assert_eq!(
                (answer.status, answer.code()),
                (StatusCode::BAD_REQUEST, "VALIDATION_ERROR"),
                "{}",
                answer.text
            );
        }
        let silent = json!({ "in_app": "off", "email": "off" });
        ok(&choose(&owner, json!({ "digest": "off", "digestHour": 8, "matrix": { "vulnerability_found": silent } }))
            .await);
        office.happen(&owner, &finding("critical")).await;
        assert!(titles(&owner).await.is_empty());
        // The clock stands at midnight, which is quiet: mail that would come at once waits for the digest.
        let quiet = json!({ "digest": "daily", "digestHour": 8, "quietHours": { "from": 22, "to": 7 } });
        ok(&choose(&owner, quiet).await);
        office.happen(&owner, &approval()).await;
        assert!(office.sink.messages().is_empty());
        office.test.clock.advance(Duration::from_secs(9 * 3_600));
        assert_eq!(office.notifications.send_digests(&office.test.origin).await.unwrap(), 1);
        office.settle().await;
        assert!(office.sink.messages()[0].text.contains("An action waits for approval"));
    });
}

#[test]
fn a_digest_comes_at_its_hour_with_what_was_waiting_and_only_once() {
    on_both(&migrations(), async |test| {
        let office = office(test).await;
        let owner = office.owner().await;
        // At midnight; the digest is at 8.
        for repository in 0..25 {
            office.happen(&owner, &finding_in(&repository.to_string(), "high")).await;
        }
        let send = async || office.notifications.send_digests(&office.test.origin).await.unwrap();
        assert_eq!(send().await, 0);
        office.test.clock.advance(Duration::from_secs(8 * 3_600));
        assert_eq!(send().await, 1);
        // What happens later is for tomorrow.
        office.test.clock.advance(Duration::from_secs(60));
        office.happen(&owner, &finding("critical")).await;
        assert_eq!(send().await, 0);
        office.settle().await;
        let [mail] = &office.sink.messages()[..] else { panic!("{}", office.sink.messages().len()) };
        assert!(mail.subject.ends_with("25 events today") && mail.text.contains("And 5 more."), "{}", mail.text);
        // An hour that was missed is made up for.
        office.test.clock.advance(Duration::from_secs(29 * 3_600));
        assert_eq!(send().await, 1);
    });
}

#[test]
fn what_was_read_is_forgotten_in_the_end_and_what_was_not_later() {
    on_both(&migrations(), async |test| {
        let office = office(test).await;
        let owner = office.owner().await;
        office.happen(&owner, &finding("high")).await;
        ok(&owner.client.post("/api/v1/notifications/read-all", Value::Null).await);
        office.happen(&owner, &finding("high")).await;
        let day = 24 * 3_600;
        for (days, removed) in [(89, 0), (2, 1), (88, 0), (2, 1)] {
            office.test.clock.advance(Duration::from_secs(days * day));
            assert_eq!(
                office.notifications.forget(&office.test.origin).await.unwrap(),
                removed,
                "after {days} more days"
            );
        }
    });
}
