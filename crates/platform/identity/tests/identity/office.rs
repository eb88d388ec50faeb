//! An installation of this module alone, and the people in it.

use std::sync::Arc;

use axum::http::StatusCode;
use rampart_access::audit::{self, Audit};
use rampart_identity::{Identity, IdentitySettings, MIGRATIONS, module};
use rampart_jobs::Handlers;
use rampart_kernel::config::{Loader, Sources};
use rampart_kernel::{Keys, MasterKey, SystemChance};
use rampart_store::Migration;
use rampart_testkit::{Answer, Client, TestStore};
use rampart_web::{App, Kit, LimitSettings, Limiter, WebSettings};
use serde_json::{Value, json};
use totp_rs::Totp;

pub const PASSWORD: &str = "otter-Lamp-42-rivet";
pub const ORIGIN: &str = "http://localhost:8000";

pub struct Office {
    pub test: TestStore,
    pub identity: Identity,
    pub audit: Audit,
    pub client: Client,
}

pub fn migrations() -> Vec<Migration> {
    [rampart_jobs::MIGRATIONS, audit::MIGRATIONS, MIGRATIONS].concat()
}

pub fn office(test: TestStore, variables: &[(&str, &str)]) -> Office {
    // Hashing that is quick; how strong it is in use is another test's matter.
    let quick = [("ARGON2_MEMORY_KIB", "64"), ("ARGON2_ITERATIONS", "1"), ("ARGON2_PARALLELISM", "1")];
    let usual = ["AUTH", "LOGIN", "PUBLIC", "TWOFA"].map(|class| format!("RATE_LIMIT_{class}"));
    let usual = usual.iter().map(|name| (name.as_str(), "unlimited"));
    let all = quick.into_iter().chain(usual).chain(variables.iter().copied());
    let mut loader = Loader::new(Sources::of_variables(all));
    let settings: IdentitySettings = loader.group().unwrap();
    let (web, limits): (WebSettings, LimitSettings) = (loader.group().unwrap(), loader.group().unwrap());
    let keys = Keys::new(MasterKey::generate(&SystemChance), Vec::new()).unwrap();
    let identity = Identity::new(test.store.clone(), &keys, settings).unwrap();
    let kit = Kit {
        settings: web.clone(),
        store: test.store.clone(),
        origin: test.origin.clone(),
        authenticator: Arc::new(identity.clone()),
        limiter: Limiter::new(limits),
        metrics: None,
    };
    let router = App::new(module(&identity, &web, Handlers::new()).routes).into_router(kit);
    Office { audit: Audit::new(&keys), identity, client: Client::new(router), test }
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
