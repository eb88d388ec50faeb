//! Getting in, staying in and getting out, over HTTP, on both databases.

use std::time::Duration;

use axum::http::StatusCode;
use rampart_testkit::{Answer, Client, on_both};
use serde_json::json;

use crate::office::*;

#[test]
fn the_first_invitation_makes_the_administrator_once() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let earlier = office.identity.bootstrap(&office.test.origin).await.unwrap().unwrap();
        let code = office.identity.bootstrap(&office.test.origin).await.unwrap().unwrap().code;
        refused(&office.register(earlier.code.expose(), "a@example.com").await, 400, "INVITATION_INVALID");
        assert_eq!(office.register(code.expose(), "admin@example.com").await.status, StatusCode::CREATED);
        refused(&office.register(code.expose(), "b@example.com").await, 400, "INVITATION_INVALID");
        assert!(office.identity.bootstrap(&office.test.origin).await.unwrap().is_none());

        let me = office.signed_in("admin@example.com").await.get("/api/v1/auth/me").await;
        assert_eq!((me.body["role"].as_str(), me.body["email"].as_str()), (Some("admin"), Some("admin@example.com")));
        assert_eq!(me.body["currentWorkspace"]["role"], "owner");
        assert!(!me.text.contains("argon2"), "{}", me.text);
    });
}

#[test]
fn registration_refuses_what_does_not_do() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let invitation = admin.post("/api/v1/admin/invitations", json!({ "role": "user", "expiresInHours": 1 })).await;
        let code = invitation.body["code"].as_str().unwrap();
        refused(&office.register(code, "ADMIN@example.com").await, 409, "EMAIL_TAKEN");
        refused(&office.register("guess", "x@example.com").await, 400, "INVITATION_INVALID");
        refused(&office.register(code, "no address").await, 400, "VALIDATION_ERROR");
        let weak = json!({ "email": "x@example.com", "password": "password", "invitationCode": code });
        let answer = office.client.post("/api/v1/auth/register", weak).await;
        refused(&answer, 400, "WEAK_PASSWORD");
        assert!(answer.body["details"].as_array().unwrap().contains(&json!("too_short")));
        let none = json!({ "email": "x@example.com", "password": PASSWORD });
        refused(&office.client.post("/api/v1/auth/register", none).await, 400, "INVITATION_INVALID");
        office.test.clock.advance(Duration::from_secs(3_601));
        refused(&office.register(code, "x@example.com").await, 410, "INVITATION_EXPIRED");
    });
}

#[test]
fn nobody_registers_where_registration_is_closed() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[("REGISTRATION_MODE", "closed")]);
        refused(&office.register("any", "x@example.com").await, 403, "REGISTRATION_CLOSED");
    });
}

#[test]
fn an_unknown_address_and_a_wrong_password_look_the_same() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        office.admin().await;
        let unknown = office.log_in("nobody@example.com").await;
        let wrong = office.log_in_with("admin@example.com", "wrong-Lamp-42-rivet").await;
        refused(&unknown, 401, "INVALID_CREDENTIALS");
        assert_eq!(unknown.text, wrong.text);
    });
}

#[test]
fn ten_failures_lock_the_account_for_half_an_hour() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        office.admin().await;
        for _ in 0..10 {
            refused(&office.log_in_with("admin@example.com", "wrong").await, 401, "INVALID_CREDENTIALS");
        }
        let locked = office.log_in("admin@example.com").await;
        refused(&locked, 423, "ACCOUNT_LOCKED");
        assert_eq!(locked.headers["retry-after"], "1800");
        office.test.clock.advance(Duration::from_secs(1_801));
        refused(&office.log_in_with("admin@example.com", "wrong").await, 401, "INVALID_CREDENTIALS");
        assert_eq!(
            office.log_in("admin@example.com").await.status,
            StatusCode::OK,
            "one failure after the lock is one"
        );
    });
}

#[test]
fn a_refresh_token_is_used_once_and_a_copy_ends_the_session() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        office.admin().await;
        let first = office.log_in("admin@example.com").await;
        let first = first.body["refreshToken"].as_str().unwrap();
        let second = office.refresh(first).await;
        assert_eq!(second.status, StatusCode::OK, "{}", second.text);
        // Two tabs at the same moment: both stay signed in.
        office.test.clock.advance(Duration::from_secs(10));
        assert_eq!(office.refresh(first).await.status, StatusCode::OK);
        let second_token = second.body["refreshToken"].as_str().unwrap();
        assert_eq!(office.refresh(second_token).await.status, StatusCode::OK);
        // Whoever comes with it later has a copy.
        office.test.clock.advance(Duration::from_secs(20));
        refused(&office.refresh(first).await, 401, "REFRESH_TOKEN_REUSED");
        refused(&office.refresh(second_token).await, 401, "TOKEN_REVOKED");
        let client = office.client.bearer(second.body["accessToken"].as_str().unwrap());
        refused(&client.get("/api/v1/auth/me").await, 401, "TOKEN_REVOKED");
        refused(&office.refresh("made up").await, 401, "TOKEN_INVALID");
    });
}

#[test]
fn tokens_and_sessions_end() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let login = office.log_in("admin@example.com").await;
        office.test.clock.advance(Duration::from_secs(15 * 60 + 61));
        refused(&admin.get("/api/v1/auth/me").await, 401, "TOKEN_EXPIRED");
        let refreshed = office.refresh(login.body["refreshToken"].as_str().unwrap()).await;
        assert_eq!(refreshed.status, StatusCode::OK);
        office.test.clock.advance(Duration::from_secs(8 * 86_400));
        refused(&office.refresh(refreshed.body["refreshToken"].as_str().unwrap()).await, 401, "TOKEN_EXPIRED");
        let cookie = format!("rampart_session={}", refreshed.cookie("rampart_session").unwrap());
        refused(&office.client.with("cookie", &cookie).get("/api/v1/auth/me").await, 401, "TOKEN_EXPIRED");
    });
}

#[test]
fn logging_out_ends_what_the_session_handed_out() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        office.admin().await;
        let login = office.log_in("admin@example.com").await;
        let other = office.signed_in("admin@example.com").await;
        let client = office.client.bearer(login.body["accessToken"].as_str().unwrap());
        let out = client.post("/api/v1/auth/logout", json!({})).await;
        assert_eq!((out.status, out.cookie("rampart_session")), (StatusCode::OK, Some(String::new())));
        refused(&client.get("/api/v1/auth/me").await, 401, "TOKEN_REVOKED");
        refused(&office.refresh(login.body["refreshToken"].as_str().unwrap()).await, 401, "TOKEN_REVOKED");
        assert_eq!(other.get("/api/v1/auth/me").await.status, StatusCode::OK, "other sessions go on");
        other.post("/api/v1/auth/logout", json!({ "all_sessions": true })).await;
        refused(&other.get("/api/v1/auth/me").await, 401, "TOKEN_REVOKED");
    });
}

#[test]
fn a_browser_is_protected_against_forged_requests() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        office.admin().await;
        let login = office.log_in("admin@example.com").await;
        let csrf = login.cookie("rampart_csrf").unwrap();
        let cookies = format!("rampart_session={}; rampart_csrf={csrf}", login.cookie("rampart_session").unwrap());
        let browser = office.client.with("cookie", &cookies);
        assert_eq!(browser.get("/api/v1/auth/me").await.status, StatusCode::OK);
        let log_out = async |client: Client| client.post("/api/v1/auth/logout", json!({})).await;
        refused(&log_out(browser.clone()).await, 403, "CSRF_FAILED");
        refused(&log_out(browser.with("x-csrf-token", &csrf)).await, 403, "CSRF_FAILED");
        refused(&log_out(browser.with("origin", ORIGIN)).await, 403, "CSRF_FAILED");
        refused(&log_out(browser.with("origin", ORIGIN).with("x-csrf-token", "x")).await, 403, "CSRF_FAILED");
        let foreign = browser.with("origin", "https://evil.example").with("x-csrf-token", &csrf);
        refused(&log_out(foreign).await, 403, "ORIGIN_NOT_ALLOWED");
        let good = log_out(browser.with("origin", ORIGIN).with("x-csrf-token", &csrf)).await;
        assert_eq!(good.status, StatusCode::OK, "{}", good.text);
    });
}

#[test]
fn an_access_token_that_was_changed_is_none() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        office.admin().await;
        let login = office.log_in("admin@example.com").await;
        let token = login.body["accessToken"].as_str().unwrap();
        let parts: Vec<&str> = token.split('.').collect();
        // {"alg":"none","typ":"JWT"} and the same without a signature.
        let none = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{}.", parts[1]);
        let cut = format!("{}.{}.", parts[0], parts[1]);
        let refresh = login.body["refreshToken"].as_str().unwrap();
        for bad in [none.as_str(), cut.as_str(), refresh, "", "a.b.c"] {
            refused(&office.client.bearer(bad).get("/api/v1/auth/me").await, 401, "TOKEN_INVALID");
        }
        refused(&office.client.with("authorization", "Basic eDp5").get("/api/v1/auth/me").await, 401, "TOKEN_INVALID");
        refused(&office.client.get("/api/v1/auth/me").await, 401, "UNAUTHENTICATED");
    });
}

#[test]
fn who_may_invite_whom() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let owner = office.somebody(&admin, "user", "owner@example.com").await;
        let stranger = office.somebody(&admin, "user", "stranger@example.com").await;
        let me = owner.get("/api/v1/auth/me").await;
        let path = format!("/api/v1/workspaces/{}/invitations", me.body["currentWorkspace"]["id"].as_str().unwrap());
        let body = |role: &str| json!({ "role": role });

        refused(&owner.post("/api/v1/admin/invitations", body("user")).await, 403, "FORBIDDEN");
        refused(&office.client.post("/api/v1/admin/invitations", body("user")).await, 401, "UNAUTHENTICATED");
        refused(&owner.post(&path, body("owner")).await, 400, "VALIDATION_ERROR");
        let invited = owner.post(&path, body("viewer")).await;
        assert_eq!(invited.status, StatusCode::CREATED, "{}", invited.text);
        office.register(invited.body["code"].as_str().unwrap(), "viewer@example.com").await;
        let viewer = office.signed_in("viewer@example.com").await;
        let me = viewer.get("/api/v1/auth/me").await;
        assert_eq!(me.body["currentWorkspace"]["role"], "viewer");
        refused(&viewer.post(&path, body("viewer")).await, 403, "FORBIDDEN");

        // What is another's and what is not there are answered alike.
        let foreign = stranger.post(&path, body("viewer")).await;
        let nowhere = "/api/v1/workspaces/0192f0c1-7b5a-7cc3-98b0-2f4d5c6a7b8c/invitations";
        let missing = stranger.post(nowhere, body("viewer")).await;
        refused(&foreign, 404, "NOT_FOUND");
        assert_eq!(foreign.text, missing.text);
        let with_header = stranger.with("x-workspace-id", me.body["currentWorkspace"]["id"].as_str().unwrap());
        assert_eq!(with_header.get("/api/v1/auth/me").await.body["currentWorkspace"], json!(null));
        assert_eq!(
            admin.post(&path, body("viewer")).await.status,
            StatusCode::CREATED,
            "administrators may everywhere"
        );
    });
}

#[test]
fn sessions_are_ones_own() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let other = office.somebody(&admin, "user", "other@example.com").await;
        let id = |answer: &Answer| answer.body["sessions"][0]["id"].as_str().unwrap().to_owned();
        let own = id(&other.get("/api/v1/auth/sessions").await);
        refused(&admin.delete(&format!("/api/v1/auth/sessions/{own}")).await, 404, "NOT_FOUND");
        refused(&admin.delete("/api/v1/auth/sessions/7").await, 404, "NOT_FOUND");
        assert_eq!(other.delete(&format!("/api/v1/auth/sessions/{own}")).await.status, StatusCode::OK);
        refused(&other.get("/api/v1/auth/me").await, 401, "TOKEN_REVOKED");
    });
}

#[test]
fn who_asks_too_often_waits() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[("RATE_LIMIT_AUTH", "20/1m"), ("RATE_LIMIT_LOGIN", "3/15m")]);
        office.admin().await;
        for _ in 0..5 {
            assert_eq!(office.log_in("admin@example.com").await.status, StatusCode::OK, "success costs nothing");
        }
        for _ in 0..3 {
            refused(&office.log_in_with("admin@example.com", "wrong").await, 401, "INVALID_CREDENTIALS");
        }
        let refusal = office.log_in("admin@example.com").await;
        refused(&refusal, 429, "RATE_LIMITED");
        assert_eq!(
            (&refusal.headers["retry-after"], &refusal.headers["ratelimit-limit"]),
            (&"900".parse().unwrap(), &"3".parse().unwrap())
        );
        office.test.clock.advance(Duration::from_secs(901));
        assert_eq!(office.log_in("admin@example.com").await.status, StatusCode::OK);
    });
}

#[test]
fn everything_leaves_a_trace_and_no_secret() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        office.log_in_with("admin@example.com", "wrong").await;
        let login = office.log_in("admin@example.com").await;
        admin.post("/api/v1/auth/logout", json!({})).await;
        let mut reader = office.test.store.read().await.unwrap();
        let rows = reader
            .list("SELECT action, status FROM audit_logs ORDER BY created_at, chain, seq LIMIT 100", &[])
            .await
            .unwrap();
        let seen: Vec<String> = rows
            .iter()
            .map(|row| format!("{} {}", row.get::<String>("action").unwrap(), row.get::<String>("status").unwrap()))
            .collect();
        for wanted in [
            "invitation.created success",
            "user.registered success",
            "user.login failure",
            "user.login success",
            "user.logout success",
        ] {
            assert!(seen.iter().any(|seen| seen == wanted), "{wanted}: {seen:?}");
        }
        assert_eq!(office.audit.verify(&office.test.store, None, &[]).await.unwrap().broken, []);

        let secrets = [
            PASSWORD.to_owned(),
            login.body["refreshToken"].as_str().unwrap().to_owned(),
            login.cookie("rampart_session").unwrap(),
        ];
        for (table, column) in [
            ("sessions", "cookie_hash"),
            ("refresh_tokens", "token_hash"),
            ("invitations", "code_hash"),
            ("users", "password_hash"),
        ] {
            let sql = format!("SELECT {column} AS it FROM {table} LIMIT 100");
            for row in reader.list(&sql, &[]).await.unwrap() {
                let it: String = row.get("it").unwrap();
                assert!(!secrets.contains(&it), "{table}.{column} holds a secret");
            }
        }
        for row in reader.list("SELECT data FROM event_outbox LIMIT 100", &[]).await.unwrap() {
            let data = row.get::<serde_json::Value>("data").unwrap().to_string();
            assert!(!secrets.iter().any(|secret| data.contains(secret)), "{data}");
        }
    });
}

#[test]
fn every_answer_carries_the_headers_and_every_address_has_one_face() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let client = &office.client;
        for path in [
            "/",
            "/livez",
            "/readyz",
            "/api/v1/health",
            "/api/health",
            "/health",
            "/api/openapi.json",
            "/nowhere",
            "/auth/me",
        ] {
            let answer = client.with("x-request-id", "trace-7").get(path).await;
            assert_eq!(answer.headers["x-frame-options"], "DENY", "{path}");
            assert_eq!(answer.headers["x-request-id"], "trace-7", "{path}");
            assert!(answer.headers.contains_key("content-security-policy"), "{path}");
            let expected = match path {
                // To the dashboard.
                "/" => 307,
                "/nowhere" => 404,
                "/auth/me" => 401,
                _ => 200,
            };
            assert_eq!(answer.status.as_u16(), expected, "{path}: {}", answer.text);
        }
        refused(&client.post("/api/v1/auth/me", json!({})).await, 405, "METHOD_NOT_ALLOWED");
        refused(&client.get("/metrics").await, 404, "NOT_FOUND");
        refused(&client.with("origin", "https://evil.example").get("/api/v1/health").await, 403, "ORIGIN_NOT_ALLOWED");
        let text =
            client.with("content-type", "text/plain").send(axum::http::Method::POST, "/api/v1/auth/login", None).await;
        refused(&text, 415, "UNSUPPORTED_MEDIA_TYPE");
        let unknown = json!({ "email": "a@example.com", "password": "x", "more": 1 });
        refused(&client.post("/api/v1/auth/login", unknown).await, 400, "VALIDATION_ERROR");
        let document = client.get("/api/v1/openapi.json").await.body;
        assert_eq!(document["openapi"], "3.1.0");
        assert!(document["paths"]["/auth/login"]["post"]["requestBody"].is_object());
    });
}
