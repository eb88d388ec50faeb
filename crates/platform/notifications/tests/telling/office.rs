//! An installation of this module, the people in it, and what happens to them.

use std::sync::Arc;

use axum::http::Method;
use rampart_access::audit::{self, Audit};
use rampart_events::{Bus, Listener, Relay, Subscriptions};
use rampart_identity::{Ground, Identity};
use rampart_jobs::{Handlers, Jobs, Worker};
use rampart_kernel::config::{Loader, Sources};
use rampart_kernel::{Keys, MasterKey, Origin, SystemChance, WorkspaceId};
use rampart_mail::Mail;
use rampart_notifications::{Notifications, module, subscriptions};
use rampart_store::{Event, Migration};
use rampart_testkit::{Answer, Client, SmtpOptions, SmtpSink, TestStore};
use rampart_web::{App, Kit, LimitSettings, Limiter, WebSettings};
use serde::Serialize;
use serde_json::{Value, json};

const PASSWORD: &str = "otter-Lamp-42-rivet";

pub fn migrations() -> Vec<Migration> {
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
pub struct Found(pub Value);

impl Event for Found {
    const NAME: &'static str = "vulnerabilities.found";
}

/// After it nothing more is to be heard.
#[derive(Serialize)]
pub struct End {}

impl Event for End {
    const NAME: &'static str = "test.end";
}

#[derive(Serialize)]
pub struct Asked(pub Value);

impl Event for Asked {
    const NAME: &'static str = "approval.requested";
}

#[derive(Serialize)]
pub struct Alarm(pub Value);

impl Event for Alarm {
    const NAME: &'static str = "system.alert";
}

/// What a scan of a repository found: one finding.
pub fn finding_in(repository: &str, severity: &str) -> Found {
    findings_in(repository, severity, &json!({ severity: 1 }))
}

pub fn findings_in(repository: &str, worst: &str, counts: &Value) -> Found {
    let total: u64 = counts.as_object().unwrap().values().filter_map(Value::as_u64).sum();
    let (id, name) = (format!("0192f0c1-{repository}"), format!("team/{repository}"));
    Found(json!({ "severity": worst, "repositoryId": id, "repositoryName": name, "total": total, "counts": counts }))
}

pub fn finding(severity: &str) -> Found {
    finding_in("shop", severity)
}

pub fn approval() -> Asked {
    Asked(json!({ "missionId": "0192f0c2", "riskLevel": "high", "actionType": "restart" }))
}

pub struct Office {
    pub test: TestStore,
    pub identity: Identity,
    pub notifications: Notifications,
    pub sink: SmtpSink,
    pub relay: Relay,
    pub listener: Listener,
    pub worker: Worker,
    pub client: Client,
}

pub async fn office(test: TestStore) -> Office {
    office_with(test, &[]).await
}

/// With these settings besides.
pub async fn office_with(test: TestStore, variables: &[(&str, &str)]) -> Office {
    let sink = SmtpSink::start(SmtpOptions::default()).await;
    let port = sink.address.port().to_string();
    let own = [
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
    ];
    let mut loader = Loader::new(Sources::of_variables(own.into_iter().chain(variables.iter().copied())));
    let (web, limits): (WebSettings, LimitSettings) = (loader.group().unwrap(), loader.group().unwrap());
    let keys = Arc::new(Keys::new(MasterKey::generate(&SystemChance), Vec::new()).unwrap());
    let jobs = Jobs::new(test.store.clone());
    let (settings, aws) = (loader.group().unwrap(), loader.group().unwrap());
    let mail = Mail::new(test.store.clone(), jobs.clone(), keys.clone(), &settings, &aws).unwrap();
    let (store, ground_jobs) = (test.store.clone(), jobs.clone());
    let ground = Ground { store, keys: keys.clone(), jobs: ground_jobs, mail: mail.clone(), web: web.clone() };
    let identity = Identity::new(ground, loader.group().unwrap(), loader.group().unwrap()).unwrap();
    let ground = rampart_notifications::Ground {
        store: test.store.clone(),
        audit: Audit::new(&keys),
        keys,
        jobs: jobs.clone(),
        identity: identity.clone(),
        mail: mail.clone(),
        dashboard: web.frontend_url(),
    };
    let notifications = Notifications::new(ground, &loader.group().unwrap(), &loader.group().unwrap()).unwrap();
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

pub struct Person {
    pub client: Client,
    pub workspace: WorkspaceId,
}

impl Office {
    pub async fn enter(&self, code: &str, email: &str) -> Person {
        let body = json!({ "email": email, "password": PASSWORD, "invitationCode": code });
        ok(&self.client.post("/api/v1/auth/register", body).await);
        let answer = self.client.post("/api/v1/auth/login", json!({ "email": email, "password": PASSWORD })).await;
        let client = self.client.bearer(ok(&answer)["accessToken"].as_str().unwrap());
        let me = client.get("/api/v1/auth/me").await;
        Person { workspace: ok(&me)["currentWorkspace"]["id"].as_str().unwrap().parse().unwrap(), client }
    }

    /// Signed in once more: a sign-in does not last for days.
    pub async fn enter_again(&self, email: &str, before: &Person) -> Person {
        let answer = self.client.post("/api/v1/auth/login", json!({ "email": email, "password": PASSWORD })).await;
        Person { client: self.client.bearer(ok(&answer)["accessToken"].as_str().unwrap()), workspace: before.workspace }
    }

    pub async fn owner(&self) -> Person {
        let invited = self.identity.bootstrap(&self.test.origin).await.unwrap().unwrap();
        self.enter(invited.code.expose(), "owner@example.com").await
    }

    pub async fn member(&self, owner: &Person, role: &str) -> Person {
        let path = format!("/api/v1/workspaces/{}/invitations", owner.workspace);
        let invited = owner.client.post(&path, json!({ "role": role })).await;
        self.enter(ok(&invited)["code"].as_str().unwrap(), &format!("{role}@example.com")).await
    }

    pub fn origin(&self, person: &Person) -> Origin {
        self.test.origin.clone().in_workspace(Some(person.workspace))
    }

    pub async fn happen<E: Event>(&self, person: &Person, event: &E) {
        let mut tx = self.test.store.begin(&self.origin(person)).await.unwrap();
        tx.emit(event);
        tx.commit().await.unwrap();
        self.settle().await;
    }

    /// Tells events and runs jobs until nothing is left.
    pub async fn settle(&self) {
        while self.relay.relay(&self.test.origin).await.unwrap() + self.worker.drain().await.unwrap() > 0 {}
    }
}

pub fn ok(answer: &Answer) -> &Value {
    assert!(answer.status.is_success(), "{}", answer.text);
    &answer.body
}

pub async fn titles(person: &Person) -> Vec<String> {
    let answer = person.client.get("/api/v1/notifications?type=vulnerability_found").await;
    let list = ok(&answer)["notifications"].as_array().unwrap().clone();
    list.iter().map(|one| one["title"].as_str().unwrap().to_owned()).collect()
}

pub async fn choose(person: &Person, body: Value) -> Answer {
    person.client.send(Method::PUT, "/api/v1/notifications/preferences", Some(body)).await
}
