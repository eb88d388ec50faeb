//! An installation of this module alone, and the people in it.

use std::sync::Arc;

use axum::http::StatusCode;
use rampart_access::audit::{self, Audit};
use rampart_identity::{Ground, Identity, IdentitySettings, MIGRATIONS, ProviderSettings, module};
use rampart_jobs::{Handlers, Jobs, Worker};
use rampart_kernel::config::{Loader, Sources};
use rampart_kernel::{Keys, MasterKey, SystemChance};
use rampart_mail::{Mail, MailSettings};
use rampart_store::Migration;
use rampart_testkit::{Answer, Client, Received, SmtpOptions, SmtpSink, TestStore};
use rampart_web::{App, Kit, LimitSettings, Limiter, WebSettings};
use serde_json::{Value, json};
use totp_rs::Totp;

pub const PASSWORD: &str = "otter-Lamp-42-rivet";
pub const ORIGIN: &str = "http://localhost:8000";

pub struct Office {
    pub test: TestStore,
    pub identity: Identity,
    pub audit: Audit,
    pub keys: Arc<Keys>,
    pub client: Client,
    pub worker: Worker,
}

pub fn migrations() -> Vec<Migration> {
    [rampart_jobs::MIGRATIONS, rampart_mail::MIGRATIONS, audit::MIGRATIONS, MIGRATIONS].concat()
}

pub fn office(test: TestStore, variables: &[(&str, &str)]) -> Office {
    // Hashing that is quick; how strong it is in use is another test's matter.
    let quick = [("ARGON2_MEMORY_KIB", "64"), ("ARGON2_ITERATIONS", "1"), ("ARGON2_PARALLELISM", "1")];
    let usual = ["AUTH", "LOGIN", "PUBLIC", "TWOFA", "WS_CREATE", "WS_UPDATE", "WS_INVITE"];
    let usual = usual.map(|class| format!("RATE_LIMIT_{class}"));
    let usual = usual.iter().map(|name| (name.as_str(), "unlimited"));
    // Most people of the tests never look at their mail.
    let unverified = [("REQUIRE_EMAIL_VERIFICATION", "false")];
    let all = quick.into_iter().chain(usual).chain(unverified).chain(variables.iter().copied());
    let mut loader = Loader::new(Sources::of_variables(all));
    let settings: IdentitySettings = loader.group().unwrap();
    let (web, limits): (WebSettings, LimitSettings) = (loader.group().unwrap(), loader.group().unwrap());
    let mail: MailSettings = loader.group().unwrap();
    let keys = Arc::new(Keys::new(MasterKey::generate(&SystemChance), Vec::new()).unwrap());
    let (store, jobs) = (test.store.clone(), Jobs::new(test.store.clone()));
    let mail = Mail::new(store.clone(), jobs.clone(), keys.clone(), &mail, &loader.group().unwrap()).unwrap();
    let ground = Ground { store, keys: keys.clone(), jobs: jobs.clone(), mail: mail.clone(), web: web.clone() };
    let providers: ProviderSettings = loader.group().unwrap();
    let identity = Identity::new(ground, settings, providers).unwrap();
    let kit = Kit {
        settings: web.clone(),
        store: test.store.clone(),
        origin: test.origin.clone(),
        authenticator: Arc::new(identity.clone()),
        limiter: Limiter::new(limits),
        metrics: None,
    };
    let module = module(&identity, &web, mail.handlers(Handlers::new()));
    let worker = Worker::new(jobs, module.handlers, test.origin.clone());
    let router = App::new(module.routes).into_router(kit);
    Office { audit: Audit::new(&keys), keys, identity, client: Client::new(router), worker, test }
}

impl Office {
    pub async fn register(&self, code: &str, email: &str) -> Answer {
        let body = json!({ "email": email, "password": PASSWORD, "invitationCode": code });
        self.client.post("/api/v1/auth/register", body).await
    }

    pub async fn log_in(&self, email: &str) -> Answer {
        self.log_in_with(email, PASSWORD).await
    }

    pub async fn log_in_with(&self, email: &str, password: &str) -> Answer {
        self.client.post("/api/v1/auth/login", json!({ "email": email, "password": password })).await
    }

    /// The administrator, signed in.
    pub async fn admin(&self) -> Client {
        let invited = self.identity.bootstrap(&self.test.origin).await.unwrap().unwrap();
        let answer = self.register(invited.code.expose(), "admin@example.com").await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        self.signed_in("admin@example.com").await
    }

    pub async fn signed_in(&self, email: &str) -> Client {
        let answer = self.log_in(email).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        self.client.bearer(answer.body["accessToken"].as_str().unwrap())
    }

    /// Somebody with this role on the installation, signed in.
    pub async fn somebody(&self, admin: &Client, role: &str, email: &str) -> Client {
        let answer = admin.post("/api/v1/admin/invitations", json!({ "role": role })).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        let answer = self.register(answer.body["code"].as_str().unwrap(), email).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        self.signed_in(email).await
    }

    pub async fn refresh(&self, token: &str) -> Answer {
        self.client.post("/api/v1/auth/refresh", json!({ "refreshToken": token })).await
    }
}

pub fn refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status.as_u16(), answer.code()), (status, code), "{}", answer.text);
}

pub fn succeeded(answer: &Answer) -> &Value {
    assert!(answer.status.is_success(), "{}", answer.text);
    &answer.body
}

/// An authenticator app.
pub struct Authenticator(Totp);

impl Authenticator {
    /// Set up as its user would: with what the address in the picture says.
    pub fn new(otpauth_url: &str) -> Authenticator {
        Authenticator(Totp::from_url(otpauth_url).unwrap())
    }

    /// What it shows now.
    pub fn code(&self, office: &Office) -> String {
        let seconds = u64::try_from(office.test.origin.now().as_millis() / 1_000).unwrap();
        self.0.generate(seconds).to_string()
    }
}

/// Somebody, with what the tests ask about them.
pub struct Person {
    pub client: Client,
    pub email: String,
    pub id: String,
    /// Their usual one.
    pub workspace: String,
}

impl Office {
    /// A user with a workspace of their own.
    pub async fn person(&self, admin: &Client, name: &str) -> Person {
        let email = format!("{name}@example.com");
        Person::of(self.somebody(admin, "user", &email).await, email).await
    }

    /// A member of somebody's workspace, with no other.
    pub async fn member(&self, owner: &Person, role: &str, name: &str) -> Person {
        let email = format!("{name}@example.com");
        let invited = owner.client.post(&owner.path("/invitations"), json!({ "role": role })).await;
        succeeded(&self.register(succeeded(&invited)["code"].as_str().unwrap(), &email).await);
        Person::of(self.signed_in(&email).await, email).await
    }
}

impl Person {
    async fn of(client: Client, email: String) -> Person {
        let me = client.get("/api/v1/auth/me").await;
        let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
        let (id, workspace) = (text(&me.body["id"]), text(&me.body["currentWorkspace"]["id"]));
        Person { client, email, id, workspace }
    }

    /// Below their workspace.
    pub fn path(&self, rest: &str) -> String {
        format!("/api/v1/workspaces/{}{rest}", self.workspace)
    }
}

/// An installation whose mail goes to a server on this machine.
pub async fn office_with_mail(test: TestStore, variables: &[(&str, &str)]) -> (Office, SmtpSink) {
    let sink = SmtpSink::start(SmtpOptions::default()).await;
    let port = sink.address.port().to_string();
    let own = [("EMAIL_PROVIDER", "smtp"), ("SMTP_HOST", "127.0.0.1"), ("SMTP_PORT", &port), ("SMTP_TLS", "none")];
    let all: Vec<(&str, &str)> = own.into_iter().chain(variables.iter().copied()).collect();
    (office(test, &all), sink)
}

impl Office {
    /// What this address was mailed in all, oldest first; jobs that are due are done before.
    pub async fn mails(&self, sink: &SmtpSink, email: &str) -> Vec<Received> {
        self.worker.drain().await.unwrap();
        sink.messages().into_iter().filter(|mail| mail.to == [email.to_owned()]).collect()
    }

    /// The token in the last mail to this address that holds one.
    pub async fn mailed_token(&self, sink: &SmtpSink, email: &str) -> String {
        let mails = self.mails(sink, email).await;
        let token = |mail: &Received| {
            let (_, rest) = mail.text.split_once("?token=")?;
            Some(rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').next()?.to_owned())
        };
        mails.iter().rev().find_map(token).expect("a mail with a token")
    }
}
