//! The second factor.

use std::time::Duration;

use axum::http::StatusCode;
use futures_util::future::join_all;
use rampart_testkit::{Answer, Client, on_both};
use serde_json::json;

use crate::office::*;

const STEP: Duration = Duration::from_secs(30);

/// Somebody signed in who has turned the second factor on; their app and their backup codes.
async fn enrolled(office: &Office) -> (Client, Authenticator, Vec<String>) {
    let admin = office.admin().await;
    let setup = admin.post("/api/v1/auth/2fa/setup", json!({ "password": PASSWORD })).await;
    let app = Authenticator::new(succeeded(&setup)["otpauthUrl"].as_str().unwrap());
    let verify = admin.post("/api/v1/auth/2fa/verify", json!({ "token": app.code(office) })).await;
    let codes = succeeded(&verify)["backupCodes"].as_array().unwrap().iter();
    let codes = codes.map(|code| code.as_str().unwrap().to_owned()).collect();
    office.test.clock.advance(STEP);
    (admin, app, codes)
}

/// The token of the wait after the password.
async fn challenge(office: &Office) -> String {
    let answer = office.log_in("admin@example.com").await;
    assert_eq!(succeeded(&answer)["twoFactorRequired"], true, "{}", answer.text);
    assert_eq!(answer.cookie("rampart_session"), None, "no session yet");
    answer.body["challengeToken"].as_str().unwrap().to_owned()
}

async fn answer(office: &Office, challenge: &str, code: &str) -> Answer {
    let body = json!({ "challengeToken": challenge, "code": code });
    office.client.post("/api/v1/auth/2fa/challenge", body).await
}

#[test]
fn a_sign_in_takes_the_password_and_then_a_code() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let (admin, app, backup_codes) = enrolled(&office).await;
        assert_eq!(backup_codes.len(), 10);
        assert_eq!(succeeded(&admin.get("/api/v1/auth/me").await)["twoFactorEnabled"], true);
        let waiting = challenge(&office).await;
        refused(&office.client.bearer(&waiting).get("/api/v1/auth/me").await, 401, "TOKEN_INVALID");
        let signed = answer(&office, &waiting, &app.code(&office)).await;
        let client = office.client.bearer(succeeded(&signed)["accessToken"].as_str().unwrap());
        assert_eq!(client.get("/api/v1/auth/me").await.status, StatusCode::OK);

        // Those who know may show both at once.
        office.test.clock.advance(STEP);
        let body = json!({ "email": "admin@example.com", "password": PASSWORD, "totpCode": app.code(&office) });
        let both = office.client.post("/api/v1/auth/login", body).await;
        assert!(succeeded(&both)["accessToken"].is_string());
        let wrong = json!({ "email": "admin@example.com", "password": PASSWORD, "totpCode": "000000" });
        refused(&office.client.post("/api/v1/auth/login", wrong).await, 401, "TWO_FACTOR_INVALID");
    });
}

#[test]
fn a_code_counts_once_and_a_step_around() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let (_, app, _) = enrolled(&office).await;
        let code = app.code(&office);
        let (first, second) = (challenge(&office).await, challenge(&office).await);
        let early = code.clone();
        succeeded(&answer(&office, &first, &code).await);
        refused(&answer(&office, &second, &code).await, 401, "TWO_FACTOR_INVALID");
        refused(&answer(&office, &first, &code).await, 401, "TOKEN_INVALID");
        office.test.clock.advance(STEP);
        refused(&answer(&office, &second, &early).await, 401, "TWO_FACTOR_INVALID");
        let late = app.code(&office);
        office.test.clock.advance(STEP);
        succeeded(&answer(&office, &second, &late).await);
        // An older step than the one that was used, though its time has not passed.
        let third = challenge(&office).await;
        let before = app.code(&office);
        office.test.clock.advance(STEP);
        succeeded(&answer(&office, &third, &app.code(&office)).await);
        let fourth = challenge(&office).await;
        refused(&answer(&office, &fourth, &before).await, 401, "TWO_FACTOR_INVALID");
        let later = app.code(&office);
        office.test.clock.advance(2 * STEP);
        refused(&answer(&office, &fourth, &later).await, 401, "TWO_FACTOR_INVALID");
    });
}

#[test]
fn a_backup_code_counts_once() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let (admin, app, codes) = enrolled(&office).await;
        let first = challenge(&office).await;
        succeeded(&answer(&office, &first, &codes[0]).await);
        let second = challenge(&office).await;
        refused(&answer(&office, &second, &codes[0]).await, 401, "TWO_FACTOR_INVALID");
        succeeded(&answer(&office, &second, &codes[1].to_uppercase()).await);
        let renewal = json!({ "password": PASSWORD, "code": app.code(&office) });
        let renewed = admin.post("/api/v1/auth/2fa/backup-codes", renewal).await;
        let new = succeeded(&renewed)["backupCodes"][0].as_str().unwrap().to_owned();
        let third = challenge(&office).await;
        refused(&answer(&office, &third, &codes[2]).await, 401, "TWO_FACTOR_INVALID");
        succeeded(&answer(&office, &third, &new).await);
    });
}

#[test]
fn turning_it_on_and_off_asks_again() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let (admin, app, _) = enrolled(&office).await;
        let post = async |path: &str, body| admin.post(&format!("/api/v1/auth/2fa/{path}"), body).await;
        let again = json!({ "password": PASSWORD });
        refused(&post("setup", again.clone()).await, 409, "TWO_FACTOR_ALREADY_ENABLED");
        refused(&post("verify", json!({ "token": app.code(&office) })).await, 409, "TWO_FACTOR_ALREADY_ENABLED");
        for path in ["disable", "backup-codes"] {
            let wrong_password = json!({ "password": "wrong-Lamp-42-rivet", "code": app.code(&office) });
            refused(&post(path, wrong_password).await, 401, "INVALID_CREDENTIALS");
            refused(&post(path, json!({ "password": PASSWORD, "code": "000000" })).await, 401, "TWO_FACTOR_INVALID");
            refused(&post(path, again.clone()).await, 400, "VALIDATION_ERROR");
            refused(
                &office.client.post(&format!("/api/v1/auth/2fa/{path}"), again.clone()).await,
                401,
                "UNAUTHENTICATED",
            );
        }
        succeeded(&post("disable", json!({ "password": PASSWORD, "code": app.code(&office) })).await);
        assert!(succeeded(&office.log_in("admin@example.com").await)["accessToken"].is_string());

        // A seed that was not confirmed asks for nothing, and does not come back.
        refused(&post("setup", json!({ "password": "wrong-Lamp-42-rivet" })).await, 401, "INVALID_CREDENTIALS");
        refused(&post("verify", json!({ "token": app.code(&office) })).await, 401, "TWO_FACTOR_INVALID");
        let first = Authenticator::new(succeeded(&post("setup", again.clone()).await)["otpauthUrl"].as_str().unwrap());
        let second = post("setup", again).await;
        let picture = succeeded(&second)["qrCode"].as_str().unwrap();
        assert!(picture.starts_with("data:image/svg+xml;base64,PD94"), "{picture}");
        refused(&post("verify", json!({ "token": first.code(&office) })).await, 401, "TWO_FACTOR_INVALID");
        assert!(succeeded(&office.log_in("admin@example.com").await)["accessToken"].is_string());
    });
}

#[test]
fn wrong_codes_lock_the_account() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let (admin, app, codes) = enrolled(&office).await;
        let waiting = challenge(&office).await;
        for _ in 0..5 {
            refused(&answer(&office, &waiting, "000000").await, 401, "TWO_FACTOR_INVALID");
            let body = json!({ "password": PASSWORD, "code": "000000" });
            refused(&admin.post("/api/v1/auth/2fa/disable", body).await, 401, "TWO_FACTOR_INVALID");
        }
        for code in [&app.code(&office), &codes[0]] {
            refused(&answer(&office, &waiting, code).await, 423, "ACCOUNT_LOCKED");
        }
        refused(&office.log_in("admin@example.com").await, 423, "ACCOUNT_LOCKED");
        office.test.clock.advance(Duration::from_secs(1_801));
        let waiting = challenge(&office).await;
        succeeded(&answer(&office, &waiting, &app.code(&office)).await);
    });
}

#[test]
fn guesses_made_at_once_are_counted_one_by_one() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let (_, app, _) = enrolled(&office).await;
        let waiting = challenge(&office).await;
        let right = app.code(&office);
        let guesses = (0..30).map(|_| answer(&office, &waiting, "000000"));
        let answers = join_all(guesses).await;
        let counted = answers.iter().filter(|answer| answer.code() == "TWO_FACTOR_INVALID").count();
        assert_eq!(counted, 10, "the others found the account locked");
        refused(&answer(&office, &waiting, &right).await, 423, "ACCOUNT_LOCKED");

        office.test.clock.advance(Duration::from_secs(1_801));
        let passwords = join_all((0..30).map(|_| office.log_in_with("admin@example.com", "wrong"))).await;
        let counted = passwords.iter().filter(|answer| answer.code() == "INVALID_CREDENTIALS").count();
        assert_eq!(counted, 10, "whoever was hashing meanwhile is looked at again");
    });
}

#[test]
fn a_challenge_ends() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let (_, app, _) = enrolled(&office).await;
        let waiting = challenge(&office).await;
        refused(&answer(&office, "made up", &app.code(&office)).await, 401, "TOKEN_INVALID");
        office.test.clock.advance(Duration::from_secs(300));
        refused(&answer(&office, &waiting, &app.code(&office)).await, 401, "TOKEN_EXPIRED");
        assert!(office.identity.clean_sessions(&office.test.origin).await.unwrap() >= 1);
        refused(&answer(&office, &waiting, &app.code(&office)).await, 401, "TOKEN_INVALID");
    });
}

#[test]
fn who_guesses_codes_too_often_waits() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[("RATE_LIMIT_TWOFA", "3/5m")]);
        let (admin, app, _) = enrolled(&office).await;
        let body = |code: &str| json!({ "password": PASSWORD, "code": code });
        for _ in 0..3 {
            let wrong = admin.post("/api/v1/auth/2fa/backup-codes", body("000000")).await;
            refused(&wrong, 401, "TWO_FACTOR_INVALID");
        }
        let right = body(&app.code(&office));
        refused(&admin.post("/api/v1/auth/2fa/backup-codes", right).await, 429, "RATE_LIMITED");
    });
}

#[test]
fn who_has_lost_the_second_factor_is_let_in_again_by_another_administrator() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let (admin, ..) = enrolled(&office).await;
        let id = admin.get("/api/v1/auth/me").await.body["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/admin/users/{id}/reset-2fa");
        refused(&admin.post(&path, json!({})).await, 409, "CONFLICT");
        let user = office.somebody(&admin, "user", "user@example.com").await;
        refused(&user.post(&path, json!({})).await, 403, "FORBIDDEN");
        let other = office.somebody(&admin, "admin", "other@example.com").await;
        let waiting = challenge(&office).await;
        succeeded(&other.post(&path, json!({})).await);
        refused(&answer(&office, &waiting, "000000").await, 401, "TOKEN_INVALID");
        assert!(succeeded(&office.log_in("admin@example.com").await)["accessToken"].is_string());
        assert_eq!(admin.get("/api/v1/auth/me").await.body["twoFactorEnabled"], false);
        let none = format!("/api/v1/admin/users/{}/reset-2fa", office.test.origin.new_id::<rampart_kernel::UserId>());
        refused(&other.post(&none, json!({})).await, 404, "NOT_FOUND");
    });
}
