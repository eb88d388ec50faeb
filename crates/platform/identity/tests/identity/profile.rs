//! One's own account and sessions.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use rampart_testkit::{Answer, Client, on_both};
use serde_json::{Value, json};

use crate::office::*;

const NEW: &str = "seven stones under the river";

async fn put(client: &Client, body: Value) -> Answer {
    client.send(Method::PUT, "/api/v1/users/me", Some(body)).await
}

async fn change_password(client: &Client, old: &str, new: &str) -> Answer {
    client.post("/api/v1/users/change-password", json!({ "oldPassword": old, "newPassword": new })).await
}

#[test]
fn a_changed_password_ends_the_other_sessions() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let (here, there) = (office.admin().await, office.signed_in("admin@example.com").await);
        refused(&change_password(&here, "wrong", NEW).await, 401, "INVALID_CREDENTIALS");
        refused(&change_password(&here, PASSWORD, "short").await, 400, "WEAK_PASSWORD");
        refused(&change_password(&here, PASSWORD, PASSWORD).await, 400, "PASSWORD_REUSED");
        assert_eq!(there.get("/api/v1/auth/me").await.status, StatusCode::OK);
        succeeded(&change_password(&here, PASSWORD, NEW).await);
        assert_eq!(here.get("/api/v1/auth/me").await.status, StatusCode::OK);
        refused(&there.get("/api/v1/auth/me").await, 401, "TOKEN_REVOKED");
        refused(&office.log_in("admin@example.com").await, 401, "INVALID_CREDENTIALS");
        succeeded(&office.log_in_with("admin@example.com", NEW).await);
    });
}

#[test]
fn the_last_five_passwords_do_not_come_back() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let passwords: Vec<String> = std::iter::once(PASSWORD.to_owned())
            .chain((1..=5).map(|number| format!("river number {number} has stones")))
            .collect();
        for pair in passwords.windows(2) {
            office.test.clock.advance(Duration::from_secs(1));
            succeeded(&change_password(&admin, &pair[0], &pair[1]).await);
        }
        for reused in &passwords[1..] {
            refused(&change_password(&admin, &passwords[5], reused).await, 400, "PASSWORD_REUSED");
        }
        succeeded(&change_password(&admin, &passwords[5], PASSWORD).await);
    });
}

#[test]
fn guessing_the_old_password_locks_the_account() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        for _ in 0..10 {
            refused(&change_password(&admin, "wrong", NEW).await, 401, "INVALID_CREDENTIALS");
        }
        refused(&change_password(&admin, PASSWORD, NEW).await, 423, "ACCOUNT_LOCKED");
    });
}

#[test]
fn a_challenge_dies_with_its_password() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let setup = admin.post("/api/v1/auth/2fa/setup", json!({ "password": PASSWORD })).await;
        let app = Authenticator::new(succeeded(&setup)["otpauthUrl"].as_str().unwrap());
        succeeded(&admin.post("/api/v1/auth/2fa/verify", json!({ "token": app.code(&office) })).await);
        let waiting = office.log_in("admin@example.com").await;
        succeeded(&change_password(&admin, PASSWORD, NEW).await);
        office.test.clock.advance(Duration::from_secs(30));
        let body = json!({ "challengeToken": waiting.body["challengeToken"], "code": app.code(&office) });
        refused(&office.client.post("/api/v1/auth/2fa/challenge", body).await, 401, "TOKEN_INVALID");
    });
}

#[test]
fn sessions_are_named_and_ended_together() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let here = office.admin().await;
        let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
        let body = json!({ "email": "admin@example.com", "password": PASSWORD, "deviceName": "Lab" });
        let there = office.client.with("user-agent", agent).post("/api/v1/auth/login", body).await;
        let there = office.client.bearer(succeeded(&there)["accessToken"].as_str().unwrap());
        let listed = here.get("/api/v1/auth/sessions").await;
        let sessions = succeeded(&listed)["sessions"].as_array().unwrap();
        let device = json!({ "browser": "Firefox", "os": "Linux", "name": "Lab" });
        assert!(sessions.iter().any(|session| session["deviceInfo"] == device), "{}", listed.text);
        assert_eq!(sessions.iter().filter(|session| session["current"] == true).count(), 1);

        let others = here.delete("/api/v1/auth/sessions?keepCurrent=true").await;
        assert_eq!(succeeded(&others), &json!({ "revoked": 1 }));
        refused(&there.get("/api/v1/auth/me").await, 401, "TOKEN_REVOKED");
        assert_eq!(succeeded(&here.delete("/api/v1/auth/sessions").await), &json!({ "revoked": 1 }));
        refused(&here.get("/api/v1/auth/me").await, 401, "TOKEN_REVOKED");
    });
}

#[test]
fn a_link_signs_out() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let link = admin.get("/auth/logout").await;
        assert_eq!(
            (link.status, &link.headers["location"]),
            (StatusCode::FOUND, &"http://localhost:8000/app".parse().unwrap())
        );
        assert_eq!(link.cookie("rampart_session"), Some(String::new()));
        refused(&admin.get("/api/v1/auth/me").await, 401, "TOKEN_REVOKED");
        let json = office.client.with("accept", "application/json").get("/api/v1/auth/logout").await;
        assert_eq!(succeeded(&json), &json!({ "success": true }), "who is signed out already, too");
    });
}

#[test]
fn a_profile_says_what_its_owner_says() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let other = office.person(&admin, "other").await;
        let body = json!({ "username": "countess", "name": "Ada", "locale": "de-AT", "timezone": "Europe/Vienna" });
        let changed = put(&admin, body.clone()).await;
        for (key, value) in body.as_object().unwrap() {
            assert_eq!(&succeeded(&changed)[key], value);
        }
        assert_eq!(
            succeeded(&put(&admin, json!({ "name": "Ada L." })).await)["username"],
            "countess",
            "the rest stays"
        );
        refused(&put(&other.client, json!({ "username": "countess" })).await, 409, "CONFLICT");
        refused(
            &put(&other.client, json!({ "defaultWorkspaceId": admin_workspace(&admin).await })).await,
            404,
            "NOT_FOUND",
        );
        for bad in [
            json!({ "timezone": "Mars/Olympus" }),
            json!({ "locale": "d" }),
            json!({ "locale": "de_<b>" }),
            json!({ "username": "ab" }),
            json!({ "name": "a\u{1b}b" }),
            json!({ "role": "admin" }),
            json!({ "verified": true }),
        ] {
            refused(&put(&other.client, bad).await, 400, "VALIDATION_ERROR");
        }
        refused(&put(&office.client, json!({ "name": "x" })).await, 401, "UNAUTHENTICATED");
    });
}

async fn admin_workspace(admin: &Client) -> String {
    admin.get("/api/v1/auth/me").await.body["currentWorkspace"]["id"].as_str().unwrap().to_owned()
}

#[test]
fn an_account_ends_and_leaves_its_id() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let owner = office.person(&admin, "owner").await;
        let member = office.member(&owner, "member", "member").await;
        let end = async |client: &Client, password: &str| {
            client.send(Method::DELETE, "/api/v1/users/me", Some(json!({ "password": password }))).await
        };
        refused(&end(&admin, PASSWORD).await, 409, "LAST_OWNER");
        refused(&end(&owner.client, PASSWORD).await, 409, "LAST_OWNER");
        refused(&end(&member.client, "wrong").await, 401, "INVALID_CREDENTIALS");
        succeeded(&end(&member.client, PASSWORD).await);
        assert_eq!(member.client.get("/api/v1/auth/me").await.status, StatusCode::UNAUTHORIZED);
        refused(&office.log_in(&member.email).await, 401, "INVALID_CREDENTIALS");
        succeeded(&end(&owner.client, PASSWORD).await);
        let mut reader = office.test.store.read().await.unwrap();
        let rows =
            reader.list("SELECT email, name FROM users WHERE deleted_at IS NOT NULL LIMIT 9", &[]).await.unwrap();
        assert_eq!(rows.len(), 2);
        assert!(rows.iter().all(|row| row.get::<String>("email").unwrap().ends_with("@deleted.invalid")));
        drop(reader);
        // The address is free again.
        let invited = admin.post("/api/v1/admin/invitations", json!({ "role": "user" })).await;
        succeeded(&office.register(succeeded(&invited)["code"].as_str().unwrap(), &member.email).await);
    });
}
