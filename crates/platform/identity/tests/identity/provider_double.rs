//! GitHub and Google on this machine, held to what they document: authorization codes are used once, by the client they are for, with
//! the verifier of their challenge (RFC 6749, RFC 7636); ID tokens are as OpenID Connect Core 1.0 has them.
//!
//! It serves real HTTP and signs with real RSA keys, which `openssl` makes.

use std::collections::HashMap;
use std::process::Command;
use std::sync::{Arc, Mutex, OnceLock};

use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};
use url::Url;

pub const CLIENT: &str = "client-of-the-tests";
pub const CLIENT_SECRET: &str = "secret-of-the-tests";

/// Somebody with an account at the provider.
#[derive(Clone)]
pub struct Person {
    pub id: u64,
    pub email: &'static str,
    pub verified: bool,
}

/// What a code was given for.
struct Grant {
    person: Person,
    redirect_uri: String,
    challenge: String,
    nonce: Option<String>,
    used: bool,
}

/// Changes what a token says before it is signed.
pub type Change = fn(header: &mut Value, claims: &mut Value);

#[derive(Default)]
struct Inside {
    grants: HashMap<String, Grant>,
    tokens: HashMap<String, Person>,
    change: Option<Change>,
    /// What comes after the signature was made.
    forge: Option<fn(String) -> String>,
    down: bool,
}

pub struct ProviderDouble {
    pub url: String,
    inside: Arc<Mutex<Inside>>,
    task: tokio::task::AbortHandle,
}

#[derive(Clone)]
struct Served {
    inside: Arc<Mutex<Inside>>,
    url: String,
}

/// Made once per process: that takes a while.
fn key() -> &'static RsaKeyPair {
    static KEY: OnceLock<RsaKeyPair> = OnceLock::new();
    KEY.get_or_init(|| {
        let made = Command::new("openssl")
            .args(["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"])
            .output()
            .expect("openssl is not installed: sh xtask/setup.sh test");
        // PKCS#8 in PEM: what is between the lines of its name.
        let pem = String::from_utf8(made.stdout).unwrap();
        let text: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        RsaKeyPair::from_pkcs8(&STANDARD.decode(text).unwrap()).expect("openssl makes keys")
    })
}

impl Drop for ProviderDouble {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl ProviderDouble {
    pub async fn start() -> ProviderDouble {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let inside = Arc::<Mutex<Inside>>::default();
        let served = Served { inside: inside.clone(), url: url.clone() };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discover))
            .route("/keys", get(keys))
            .route("/token", post(google_token))
            .route("/login/oauth/access_token", post(github_token))
            .route("/api/user", get(github_user))
            .route("/api/user/emails", get(github_emails))
            .with_state(served);
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() }).abort_handle();
        ProviderDouble { url, inside, task }
    }

    /// What the program is configured with.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("GITHUB_CLIENT_ID", CLIENT.to_owned()),
            ("GITHUB_CLIENT_SECRET", CLIENT_SECRET.to_owned()),
            ("GITHUB_URL", self.url.clone()),
            ("GITHUB_API_URL", format!("{}/api", self.url)),
            ("GOOGLE_CLIENT_ID", CLIENT.to_owned()),
            ("GOOGLE_CLIENT_SECRET", CLIENT_SECRET.to_owned()),
            ("GOOGLE_ISSUER", self.url.clone()),
        ]
    }

    /// Somebody says yes on the provider's page; the code that the browser brings back.
    pub fn consent(&self, location: &str, person: Person) -> String {
        let query: HashMap<String, String> = Url::parse(location).unwrap().query_pairs().into_owned().collect();
        assert_eq!((query["response_type"].as_str(), query["client_id"].as_str()), ("code", CLIENT));
        assert_eq!(query["code_challenge_method"], "S256");
        let code = format!("code-{}", self.inside.lock().unwrap().grants.len());
        let grant = Grant {
            person,
            redirect_uri: query["redirect_uri"].clone(),
            challenge: query["code_challenge"].clone(),
            nonce: query.get("nonce").cloned(),
            used: false,
        };
        self.inside.lock().unwrap().grants.insert(code.clone(), grant);
        code
    }

    /// From now on tokens say something else.
    pub fn change(&self, change: Change) {
        self.inside.lock().unwrap().change = Some(change);
    }

    /// From now on tokens are tampered with on their way.
    pub fn forge(&self, forge: fn(String) -> String) {
        self.inside.lock().unwrap().forge = Some(forge);
    }

    pub fn behave(&self) {
        let mut inside = self.inside.lock().unwrap();
        (inside.change, inside.forge, inside.down) = (None, None, false);
    }

    pub fn break_down(&self) {
        self.inside.lock().unwrap().down = true;
    }
}

async fn discover(State(served): State<Served>) -> Result<Json<Value>, StatusCode> {
    if served.inside.lock().unwrap().down {
        return Err(StatusCode::INTERNAL_SERVER_ERROR);
    }
    let url = &served.url;
    Ok(Json(json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/authorize"),
        "token_endpoint": format!("{url}/token"),
        "jwks_uri": format!("{url}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    })))
}

async fn keys() -> Json<Value> {
    let public = PublicKeyComponents::<Vec<u8>>::from(key().public());
    let (n, e) = (URL_SAFE_NO_PAD.encode(public.n), URL_SAFE_NO_PAD.encode(public.e));
    Json(json!({ "keys": [
        { "kty": "RSA", "use": "enc", "kid": "other", "n": n, "e": e },
        { "kty": "RSA", "use": "sig", "alg": "RS256", "kid": "one", "n": n, "e": e },
    ] }))
}

/// The grant of a code that is used rightly, for the first time.
fn redeem(inside: &mut Inside, form: &HashMap<String, String>) -> Option<(Person, Option<String>)> {
    let field = |name: &str| form.get(name).map_or("", String::as_str);
    let hash = URL_SAFE_NO_PAD.encode(digest(&SHA256, field("code_verifier").as_bytes()));
    let grant = inside.grants.get_mut(field("code"))?;
    let right = !grant.used
        && field("grant_type") == "authorization_code"
        && field("client_id") == CLIENT
        && field("client_secret") == CLIENT_SECRET
        && field("redirect_uri") == grant.redirect_uri
        && hash == grant.challenge;
    grant.used = true;
    right.then(|| (grant.person.clone(), grant.nonce.clone()))
}

async fn google_token(
    State(served): State<Served>,
    Form(form): Form<HashMap<String, String>>,
) -> (StatusCode, Json<Value>) {
    let mut inside = served.inside.lock().unwrap();
    let Some((person, nonce)) = redeem(&mut inside, &form) else {
        return (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" })));
    };
    let mut header = json!({ "alg": "RS256", "kid": "one", "typ": "JWT" });
    // The clock of the tests stands at the beginning of 2026.
    let now = 1_767_225_600;
    let mut claims = json!({
        "iss": served.url, "aud": CLIENT, "azp": CLIENT, "sub": format!("sub-{}", person.id), "nonce": nonce,
        "email": person.email, "email_verified": person.verified, "name": "Ada", "iat": now, "exp": now + 3_600,
    });
    if let Some(change) = inside.change {
        change(&mut header, &mut claims);
    }
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&header), part(&claims));
    let mut signature = vec![0; key().public().modulus_len()];
    key().sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
    let mut token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature));
    if let Some(forge) = inside.forge {
        token = forge(token);
    }
    let body = json!({ "access_token": "at", "id_token": token, "token_type": "Bearer", "expires_in": 3_600, "scope": "openid" });
    (StatusCode::OK, Json(body))
}

/// GitHub answers 200 to what it refuses.
async fn github_token(State(served): State<Served>, Form(form): Form<HashMap<String, String>>) -> Json<Value> {
    let mut inside = served.inside.lock().unwrap();
    let Some((person, _)) = redeem(&mut inside, &form) else {
        return Json(
            json!({ "error": "bad_verification_code", "error_description": "The code is incorrect or expired." }),
        );
    };
    let token = format!("gho_token_of_{}", person.id);
    inside.tokens.insert(token.clone(), person);
    Json(json!({ "access_token": token, "scope": "repo,read:user,user:email", "token_type": "bearer" }))
}

fn bearer(served: &Served, headers: &HeaderMap) -> Result<Person, StatusCode> {
    let token =
        headers.get("authorization").and_then(|value| value.to_str().ok()).and_then(|it| it.strip_prefix("Bearer "));
    let inside = served.inside.lock().unwrap();
    token.and_then(|token| inside.tokens.get(token)).cloned().ok_or(StatusCode::UNAUTHORIZED)
}

async fn github_user(State(served): State<Served>, headers: HeaderMap) -> Result<Json<Value>, StatusCode> {
    let person = bearer(&served, &headers)?;
    Ok(Json(json!({ "id": person.id, "login": format!("user{}", person.id), "name": null, "email": null })))
}

async fn github_emails(State(served): State<Served>, headers: HeaderMap) -> Result<Json<Value>, StatusCode> {
    let person = bearer(&served, &headers)?;
    Ok(Json(json!([
        { "email": "other@example.org", "primary": false, "verified": true, "visibility": null },
        { "email": person.email, "primary": true, "verified": person.verified, "visibility": "private" },
    ])))
}
