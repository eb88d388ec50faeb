//! Tokens that are mailed, read from a mail server on this machine.

use std::time::Duration;

use axum::http::StatusCode;
use rampart_testkit::{Answer, SmtpSink, on_both};
use serde_json::json;

use crate::office::*;

const NEW: &str = "seven stones under the river";
const EMAIL: &str = "ada@example.com";
const DEMANDING: &[(&str, &str)] = &[("REQUIRE_EMAIL_VERIFICATION", "true")];

/// Somebody who has registered and done nothing else.
async fn registered(office: &Office) {
    let admin = office.admin().await;
    let invited = admin.post("/api/v1/admin/invitations", json!({ "role": "user" })).await;
    let answer = office.register(succeeded(&invited)["code"].as_str().unwrap(), EMAIL).await;
    assert_eq!(answer.body["verificationRequired"], true, "{}", answer.text);
}

impl Office {
    async fn verify(&self, token: &str) -> Answer {
        self.client.post("/api/v1/auth/verify-email", json!({ "token": token })).await
    }

    async fn ask(&self, path: &str, email: &str) -> Answer {
        self.client.post(&format!("/api/v1/auth/{path}"), json!({ "email": email })).await
    }

    async fn reset(&self, token: &str, password: &str) -> Answer {
        self.client.post("/api/v1/auth/reset-password", json!({ "token": token, "newPassword": password })).await
    }

    /// Asked for and taken from the mail.
    async fn reset_token(&self, sink: &SmtpSink) -> String {
        succeeded(&self.ask("forgot-password", EMAIL).await);
        self.mailed_token(sink, EMAIL).await
    }
}

#[test]
fn an_address_is_confirmed_before_it_signs_in() {
    on_both(&migrations(), async |test| {
        let (office, sink) = office_with_mail(test, DEMANDING).await;
        registered(&office).await;
        refused(&office.log_in(EMAIL).await, 403, "EMAIL_NOT_VERIFIED");
        // Nobody learns that from a wrong password.
        refused(&office.log_in_with(EMAIL, "wrong").await, 401, "INVALID_CREDENTIALS");
        let token = office.mailed_token(&sink, EMAIL).await;
        refused(&office.verify("made up").await, 400, "VERIFICATION_TOKEN_INVALID");
        refused(&office.reset(&token, NEW).await, 400, "RESET_TOKEN_INVALID");
        succeeded(&office.verify(&token).await);
        refused(&office.verify(&token).await, 400, "VERIFICATION_TOKEN_INVALID");
        assert_eq!(succeeded(&office.log_in(EMAIL).await)["user"]["verified"], true);
    });
}

#[test]
fn a_confirmation_can_be_mailed_again_and_expires() {
    on_both(&migrations(), async |test| {
        let (office, sink) = office_with_mail(test, DEMANDING).await;
        registered(&office).await;
        let first = office.mailed_token(&sink, EMAIL).await;
        office.test.clock.advance(Duration::from_secs(24 * 3_600));
        refused(&office.verify(&first).await, 400, "VERIFICATION_TOKEN_INVALID");
        for _ in 0..3 {
            succeeded(&office.ask("resend-verification", EMAIL).await);
        }
        assert_eq!(office.mails(&sink, EMAIL).await.len(), 2, "who asks again while the first waits gets one");
        succeeded(&office.verify(&office.mailed_token(&sink, EMAIL).await).await);
        succeeded(&office.ask("resend-verification", EMAIL).await);
        assert_eq!(office.mails(&sink, EMAIL).await.len(), 2, "there is nothing left to confirm");
    });
}

#[test]
fn a_forgotten_password_is_replaced_once() {
    on_both(&migrations(), async |test| {
        let (office, sink) = office_with_mail(test, DEMANDING).await;
        registered(&office).await;
        succeeded(&office.verify(&office.mailed_token(&sink, EMAIL).await).await);
        let login = office.log_in(EMAIL).await;
        let client = office.client.bearer(succeeded(&login)["accessToken"].as_str().unwrap());
        for _ in 0..10 {
            office.log_in_with(EMAIL, "wrong").await;
        }
        refused(&office.log_in(EMAIL).await, 423, "ACCOUNT_LOCKED");

        let token = office.reset_token(&sink).await;
        refused(&office.verify(&token).await, 400, "VERIFICATION_TOKEN_INVALID");
        refused(&office.reset(&token, "short").await, 400, "WEAK_PASSWORD");
        refused(&office.reset(&token, PASSWORD).await, 400, "PASSWORD_REUSED");
        succeeded(&office.reset(&token, NEW).await);
        refused(&office.reset(&token, "another river with nine stones").await, 400, "RESET_TOKEN_INVALID");
        refused(&client.get("/api/v1/auth/me").await, 401, "TOKEN_REVOKED");
        refused(&office.refresh(login.body["refreshToken"].as_str().unwrap()).await, 401, "TOKEN_REVOKED");
        refused(&office.log_in(EMAIL).await, 401, "INVALID_CREDENTIALS");
        succeeded(&office.log_in_with(EMAIL, NEW).await);

        let subjects: Vec<String> = office.mails(&sink, EMAIL).await.into_iter().map(|mail| mail.subject).collect();
        assert_eq!(subjects.len(), 4, "confirm, locked, reset, changed: {subjects:?}");
    });
}

#[test]
fn a_reset_expires_and_a_newer_password_voids_it() {
    on_both(&migrations(), async |test| {
        let (office, sink) = office_with_mail(test, &[]).await;
        registered(&office).await;
        let expired = office.reset_token(&sink).await;
        office.test.clock.advance(Duration::from_secs(3_600));
        refused(&office.reset(&expired, NEW).await, 400, "RESET_TOKEN_INVALID");
        let (first, second) = (office.reset_token(&sink).await, office.reset_token(&sink).await);
        assert_ne!(first, second);
        succeeded(&office.reset(&second, NEW).await);
        refused(&office.reset(&first, "another river with nine stones").await, 400, "RESET_TOKEN_INVALID");
    });
}

#[test]
fn a_token_shown_twice_at_once_counts_once() {
    on_both(&migrations(), async |test| {
        let (office, sink) = office_with_mail(test, &[]).await;
        registered(&office).await;
        let token = office.reset_token(&sink).await;
        let resets =
            ["two rivers with nine stones", "six rivers with four stones"].map(|new| office.reset(&token, new));
        let done = futures_util::future::join_all(resets).await;
        assert_eq!(done.iter().filter(|answer| answer.status == StatusCode::OK).count(), 1);
    });
}

#[test]
fn asking_says_nothing_of_whether_there_is_an_account() {
    on_both(&migrations(), async |test| {
        let (office, sink) = office_with_mail(test, DEMANDING).await;
        registered(&office).await;
        for path in ["forgot-password", "resend-verification"] {
            let (known, unknown) = (office.ask(path, EMAIL).await, office.ask(path, "nobody@example.com").await);
            assert_eq!((known.status, &known.text), (unknown.status, &unknown.text));
            // The same was done for both: the difference is made later.
            let mut reader = office.test.store.read().await.unwrap();
            let rows = reader.list("SELECT payload FROM jobs WHERE type = 'mail_token' LIMIT 9", &[]).await.unwrap();
            drop(reader);
            let asked: Vec<serde_json::Value> = rows.iter().map(|row| row.get("payload").unwrap()).collect();
            for email in [EMAIL, "nobody@example.com"] {
                assert!(asked.iter().any(|job| job["email"] == email), "{asked:?}");
            }
        }
        assert_eq!(office.mails(&sink, "nobody@example.com").await, []);
        // Nobody is flooded.
        for _ in 0..10 {
            succeeded(&office.ask("forgot-password", EMAIL).await);
            office.worker.drain().await.unwrap();
        }
        let resets = office.mails(&sink, EMAIL).await;
        assert_eq!(resets.iter().filter(|mail| mail.text.contains("reset-password")).count(), 3);
    });
}

#[test]
fn an_account_moves_when_its_new_address_is_shown() {
    on_both(&migrations(), async |test| {
        let (office, sink) = office_with_mail(test, &[]).await;
        registered(&office).await;
        let ada = office.signed_in(EMAIL).await;
        let body = |email: &str, password: &str| json!({ "email": email, "password": password });
        let put = async |body| ada.send(axum::http::Method::PUT, "/api/v1/users/me", Some(body)).await;
        refused(&put(json!({ "email": "new@example.com" })).await, 401, "INVALID_CREDENTIALS");
        refused(&put(body("new@example.com", "wrong")).await, 401, "INVALID_CREDENTIALS");
        refused(&put(body("admin@example.com", PASSWORD)).await, 409, "EMAIL_TAKEN");
        let reset = office.reset_token(&sink).await;
        let unchanged = put(body("new@example.com", PASSWORD)).await;
        assert_eq!(succeeded(&unchanged)["email"], EMAIL, "not before it is confirmed");
        let token = office.mailed_token(&sink, "new@example.com").await;
        succeeded(&office.verify(&token).await);
        assert_eq!(ada.get("/api/v1/users/me").await.body["email"], "new@example.com");
        refused(&office.log_in(EMAIL).await, 401, "INVALID_CREDENTIALS");
        succeeded(&office.log_in("new@example.com").await);
        refused(&office.reset(&reset, NEW).await, 400, "RESET_TOKEN_INVALID");
    });
}
