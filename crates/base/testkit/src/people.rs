//! People of every kind, in two workspaces, signed in: made over HTTP as real ones are.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};

use crate::{Client, StillClock};

/// Of everybody here.
const PASSWORD: &str = "otter-Lamp-42-rivet";

/// Settings with which tests are quick: how strong hashing is in use, and how often somebody may ask, are other tests' matter.
pub const QUICK: [(&str, &str); 16] = [
    ("ARGON2_MEMORY_KIB", "64"),
    ("ARGON2_ITERATIONS", "1"),
    ("ARGON2_PARALLELISM", "1"),
    ("RATE_LIMIT_PUBLIC", "unlimited"),
    ("RATE_LIMIT_USER", "unlimited"),
    ("RATE_LIMIT_AUTH", "unlimited"),
    ("RATE_LIMIT_LOGIN", "unlimited"),
    ("RATE_LIMIT_REGISTER", "unlimited"),
    ("RATE_LIMIT_WS_CREATE", "unlimited"),
    ("RATE_LIMIT_WS_UPDATE", "unlimited"),
    ("RATE_LIMIT_WS_INVITE", "unlimited"),
    ("RATE_LIMIT_EXPORT", "unlimited"),
    ("RATE_LIMIT_TWOFA", "unlimited"),
    // They never look at their mail.
    ("REQUIRE_EMAIL_VERIFICATION", "false"),
    ("LOCKOUT_THRESHOLD", "1000000"),
    ("JWT_EXPIRY", "15m"),
];

/// A workspace, and one of each kind of thing in it.
#[derive(Clone, Debug)]
pub struct Tenant {
    pub workspace: String,
    pub slug: String,
    pub owner: String,
    /// A member whom nothing else is about.
    pub bystander: String,
    pub invitation: String,
    /// The code of that invitation.
    pub code: String,
    /// Of the owner.
    pub token: String,
    /// Of the owner.
    pub session: String,
}

/// Everybody, by what they are called in the matrix of who may what.
pub struct People {
    clients: Vec<(&'static str, String)>,
    pub ours: Tenant,
    pub theirs: Tenant,
}

impl People {
    /// What everybody is called: of our workspace, but for the first three and the last.
    pub const NAMES: [&'static str; 10] = [
        "anonymous",
        "expired",
        "other admin",
        "viewer",
        "member",
        "operator",
        "admin",
        "owner",
        "read token",
        "platform admin",
    ];

    /// Moves everybody in. The code is that of an invitation as administrator of the installation.
    ///
    /// # Panics
    /// When the application refuses what is right.
    pub async fn settle(client: &Client, code: &str, clock: &StillClock) -> People {
        let settler = Settler { client };
        settler.register("platform@example.com", code).await;
        let platform = settler.sign_in("platform@example.com").await.0;
        // Signed in first, so that it has expired when the others have just come.
        let ours = settler.tenant(&platform, "ours").await;
        let mut clients = vec![("anonymous", String::new())];
        clients.push(("expired", settler.sign_in("ours-admin@example.com").await.0));
        clock.advance(Duration::from_secs(3_600));
        let platform = settler.sign_in("platform@example.com").await.0;
        let theirs = settler.tenant(&platform, "theirs").await;
        clients.push(("other admin", settler.sign_in("theirs-admin@example.com").await.0));
        for name in ["viewer", "member", "operator", "admin", "owner"] {
            clients.push((name, settler.sign_in(&format!("ours-{name}@example.com")).await.0));
        }
        let admin = settler.sign_in("ours-admin@example.com").await.0;
        let read = settler.ask(&admin, "/users/me/tokens", json!({ "name": "reads", "scopes": ["read"] })).await;
        // Its first use is a write, which is over with now.
        let read = text(&read["token"]);
        client.bearer(&read).get("/api/v1/auth/me").await;
        clients.push(("read token", read));
        clients.push(("platform admin", platform));
        People { clients, ours, theirs }
    }

    /// Asks as this person.
    ///
    /// # Panics
    /// When there is nobody of that name.
    pub fn client(&self, client: &Client, name: &str) -> Client {
        let known = self.clients.iter().find(|(own, _)| *own == name);
        match known.expect("one of NAMES").1.as_str() {
            "" => client.clone(),
            token => client.bearer(token),
        }
    }
}

struct Settler<'a> {
    client: &'a Client,
}

impl Settler<'_> {
    async fn ask(&self, token: &str, path: &str, body: Value) -> Value {
        let client = if token.is_empty() { self.client.clone() } else { self.client.bearer(token) };
        let answer = client.send(Method::POST, &format!("/api/v1{path}"), Some(body)).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text);
        answer.body
    }

    async fn register(&self, email: &str, code: &str) {
        let body = json!({ "email": email, "password": PASSWORD, "invitationCode": code });
        self.ask("", "/auth/register", body).await;
    }

    /// The access token, and the id of the session.
    async fn sign_in(&self, email: &str) -> (String, String) {
        let body = self.ask("", "/auth/login", json!({ "email": email, "password": PASSWORD })).await;
        let token = text(&body["accessToken"]);
        let sessions = self.client.bearer(&token).get("/api/v1/auth/sessions").await.body;
        let current = sessions["sessions"].as_array().and_then(|all| all.iter().find(|one| one["current"] == true));
        (token, text(&current.expect("one is signed in")["id"]))
    }

    /// A workspace with one of each role, and a bystander.
    async fn tenant(&self, platform: &str, name: &str) -> Tenant {
        let invited = self.ask(platform, "/admin/invitations", json!({ "role": "user" })).await;
        let email = format!("{name}-owner@example.com");
        self.register(&email, &text(&invited["code"])).await;
        let (owner, session) = self.sign_in(&email).await;
        let me = self.client.bearer(&owner).get("/api/v1/auth/me").await.body;
        let workspace = text(&me["currentWorkspace"]["id"]);
        let invite = async |role: &str| {
            let path = format!("/workspaces/{workspace}/invitations");
            self.ask(&owner, &path, json!({ "role": role })).await
        };
        for role in ["viewer", "member", "operator", "admin"] {
            let code = text(&invite(role).await["code"]);
            self.register(&format!("{name}-{role}@example.com"), &code).await;
        }
        let code = text(&invite("member").await["code"]);
        let email = format!("{name}-bystander@example.com");
        self.register(&email, &code).await;
        let (bystander, _) = self.sign_in(&email).await;
        let bystander = text(&self.client.bearer(&bystander).get("/api/v1/auth/me").await.body["id"]);
        let open = invite("viewer").await;
        let token = self.ask(&owner, "/users/me/tokens", json!({ "name": "own", "scopes": ["read"] })).await;
        Tenant {
            slug: text(&me["currentWorkspace"]["slug"]),
            owner: text(&me["id"]),
            bystander,
            invitation: text(&open["invitation"]["id"]),
            code: text(&open["code"]),
            token: text(&token["apiToken"]["id"]),
            session,
            workspace,
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
