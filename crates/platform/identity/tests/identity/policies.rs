//! What workspaces ask of those who enter them.

use std::time::Duration;

use axum::http::StatusCode;
use rampart_testkit::{Client, on_both};
use serde_json::{Value, json};

use crate::office::*;

const INSIDE: &str = "203.0.113.7";
const OUTSIDE: &str = "198.51.100.1";

fn at(client: &Client, address: &str) -> Client {
    client.from(address.parse().unwrap())
}

fn list() -> Value {
    json!({ "ipAllowlist": ["203.0.113.0/24", "2001:db8::/32"], "ipAllowlistEnabled": true })
}

#[test]
fn addresses_that_are_not_listed_do_not_enter() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[("TRUSTED_PROXIES", "192.0.2.1")]);
        let admin = office.admin().await;
        let owner = office.person(&admin, "owner").await;
        let member = office.member(&owner, "viewer", "member").await;
        let token = owner.client.post("/api/v1/users/me/tokens", json!({ "name": "ci", "scopes": ["read"] })).await;
        let token = office.client.bearer(token.body["token"].as_str().unwrap());
        let path = owner.path("/security");
        refused(&at(&member.client, INSIDE).put(&path, list()).await, 403, "FORBIDDEN");
        // Who would lock themselves out is told so.
        refused(&at(&owner.client, OUTSIDE).put(&path, list()).await, 409, "CONFLICT");
        refused(&owner.client.put(&path, list()).await, 409, "CONFLICT");
        let set = at(&owner.client, INSIDE).put(&path, list()).await;
        assert_eq!(succeeded(&set)["ipAllowlist"], list()["ipAllowlist"]);

        for client in [&owner.client, &member.client, &token] {
            assert_eq!(at(client, INSIDE).get(&owner.path("")).await.status, StatusCode::OK);
            assert_eq!(at(client, "2001:db8::7").get(&owner.path("")).await.status, StatusCode::OK);
            refused(&at(client, OUTSIDE).get(&owner.path("")).await, 403, "IP_NOT_ALLOWED");
            // What is of no workspace stays open, without that one.
            let me = at(client, OUTSIDE).get("/api/v1/auth/me").await;
            assert_eq!(succeeded(&me)["currentWorkspace"], Value::Null);
        }
        // A header is believed from a proxy that is trusted, and from nobody else.
        let claimed = owner.client.with("x-forwarded-for", INSIDE);
        refused(&at(&claimed, OUTSIDE).get(&owner.path("")).await, 403, "IP_NOT_ALLOWED");
        assert_eq!(at(&claimed, "192.0.2.1").get(&owner.path("")).await.status, StatusCode::OK);
        let spoofed = owner.client.with("x-forwarded-for", &format!("{INSIDE}, {OUTSIDE}"));
        refused(&at(&spoofed, "192.0.2.1").get(&owner.path("")).await, 403, "IP_NOT_ALLOWED");
        // Who has no part in it learns nothing of its list; who administers the installation can let the others back in.
        let stranger = office.person(&admin, "stranger").await;
        refused(&at(&stranger.client, OUTSIDE).get(&owner.path("")).await, 404, "NOT_FOUND");
        succeeded(&at(&admin, OUTSIDE).put(&path, json!({})).await);
        assert_eq!(at(&member.client, OUTSIDE).get(&owner.path("")).await.status, StatusCode::OK);
    });
}

#[test]
fn who_insists_locks_themselves_out() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let owner = office.person(&admin, "owner").await;
        let forced = format!("{}?force=true", owner.path("/security"));
        succeeded(&at(&owner.client, OUTSIDE).put(&forced, list()).await);
        refused(&at(&owner.client, OUTSIDE).get(&owner.path("")).await, 403, "IP_NOT_ALLOWED");
        for bad in [
            json!({ "ipAllowlist": ["10.0.0.0/33"] }),
            json!({ "ipAllowlist": vec!["10.0.0.1"; 101] }),
            json!({ "sessionTimeoutMinutes": 4 }),
            json!({ "passwordPolicy": { "minLength": 8 } }),
            json!({ "unknown": 1 }),
        ] {
            refused(&at(&owner.client, INSIDE).put(&owner.path("/security"), bad).await, 400, "VALIDATION_ERROR");
        }
    });
}

#[test]
fn sessions_end_for_a_workspace_that_says_so() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[("JWT_EXPIRY", "1d")]);
        let admin = office.admin().await;
        let owner = office.person(&admin, "owner").await;
        let policy = json!({ "sessionTimeoutMinutes": 60, "idleTimeoutMinutes": 10 });
        succeeded(&owner.client.put(&owner.path("/security"), policy).await);
        let minutes = |count: u64| office.test.clock.advance(Duration::from_secs(60 * count));
        for _ in 0..6 {
            assert_eq!(owner.client.get(&owner.path("")).await.status, StatusCode::OK);
            minutes(9);
        }
        assert_eq!(owner.client.get(&owner.path("")).await.status, StatusCode::OK);
        minutes(6);
        refused(&owner.client.get(&owner.path("")).await, 401, "TOKEN_EXPIRED");
        assert_eq!(owner.client.get("/api/v1/auth/me").await.status, StatusCode::OK, "elsewhere it lives");

        let again = office.signed_in(&owner.email).await;
        assert_eq!(again.get(&owner.path("")).await.status, StatusCode::OK);
        minutes(10);
        refused(&again.get(&owner.path("")).await, 401, "TOKEN_EXPIRED");
        refused(&again.get(&owner.path("")).await, 401, "TOKEN_EXPIRED");
    });
}

#[test]
fn passwords_are_as_long_and_as_new_as_the_workspace_asks() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[("JWT_EXPIRY", "3d")]);
        let admin = office.admin().await;
        let owner = office.person(&admin, "owner").await;
        let policy = json!({ "passwordPolicy": { "minLength": 20, "maxAgeDays": 2 } });
        succeeded(&owner.client.put(&owner.path("/security"), policy).await);
        let invited = owner.client.post(&owner.path("/invitations"), json!({ "role": "viewer" })).await;
        let short = office.register(succeeded(&invited)["code"].as_str().unwrap(), "new@example.com").await;
        refused(&short, 400, "WEAK_PASSWORD");
        office.test.clock.advance(Duration::from_secs(2 * 86_400));
        refused(&owner.client.get(&owner.path("")).await, 403, "FORBIDDEN");
        assert_eq!(owner.client.get("/api/v1/auth/me").await.status, StatusCode::OK, "the password can be changed");
    });
}

#[test]
fn only_addresses_of_listed_domains_are_invited() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let owner = office.person(&admin, "owner").await;
        let guest = office.person(&admin, "guest").await;
        let invite = async |body: Value| owner.client.post(&owner.path("/invitations"), body).await;
        let before = succeeded(&invite(json!({ "role": "viewer", "maxUses": 2 })).await)["code"].clone();
        succeeded(&owner.client.put(&owner.path("/security"), json!({ "allowedEmailDomains": ["example.org"] })).await);
        let named = json!({ "role": "viewer", "email": "a@example.com" });
        refused(&invite(named).await, 400, "VALIDATION_ERROR");
        succeeded(&invite(json!({ "role": "viewer", "email": "a@example.org" })).await);
        // Those who were invited before too.
        let accept = guest.client.post("/api/v1/invitations/accept", json!({ "code": before })).await;
        refused(&accept, 400, "INVITATION_INVALID");
        let registered = office.register(before.as_str().unwrap(), "b@example.com").await;
        refused(&registered, 400, "INVITATION_INVALID");
        assert_eq!(office.register(before.as_str().unwrap(), "b@example.org").await.status, StatusCode::CREATED);
    });
}

#[test]
fn who_has_no_second_factor_sets_one_up_first() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let owner = office.person(&admin, "owner").await;
        let member = office.member(&owner, "viewer", "member").await;
        let (path, policy) = (owner.path("/security"), json!({ "requireTwoFactor": true }));
        refused(&owner.client.put(&path, policy.clone()).await, 409, "CONFLICT");
        let enroll = async |person: &Person| {
            let setup = person.client.post("/api/v1/auth/2fa/setup", json!({ "password": PASSWORD })).await;
            let app = Authenticator::new(succeeded(&setup)["otpauthUrl"].as_str().unwrap());
            succeeded(&person.client.post("/api/v1/auth/2fa/verify", json!({ "token": app.code(&office) })).await);
        };
        enroll(&owner).await;
        succeeded(&owner.client.put(&path, policy).await);
        refused(&member.client.get(&owner.path("")).await, 403, "TWO_FACTOR_SETUP_REQUIRED");
        enroll(&member).await;
        assert_eq!(member.client.get(&owner.path("")).await.status, StatusCode::OK);
    });
}
