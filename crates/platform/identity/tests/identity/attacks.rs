//! What attackers try with tokens, sessions and guesses.

use std::time::Duration;

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::join_all;
use rampart_kernel::Purpose;
use rampart_store::params;
use rampart_testkit::on_both;
use serde_json::{Value, json};

use crate::office::*;

/// Changes what an access token says before it is signed with the right key.
type Change = fn(header: &mut Value, claims: &mut Value);

/// An access token of the administrator, changed and signed anew.
fn forged(office: &Office, token: &str, change: Change) -> String {
    let part = |index: usize| -> Value {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(index).unwrap()).unwrap()).unwrap()
    };
    let (mut header, mut claims) = (part(0), part(1));
    change(&mut header, &mut claims);
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", encode(&header), encode(&claims));
    let signature = office.keys.derive(Purpose::AccessTokens).sign(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn without(value: &mut Value, name: &str) {
    value.as_object_mut().unwrap().remove(name);
}

#[test]
fn an_access_token_says_all_it_must_and_nothing_of_keys() {
    let changes: &[(&str, Change)] = &[
        ("alg none", |header, _| header["alg"] = "none".into()),
        ("alg None", |header, _| header["alg"] = "None".into()),
        ("alg RS256", |header, _| header["alg"] = "RS256".into()),
        ("alg HS512", |header, _| header["alg"] = "HS512".into()),
        ("no alg", |header, _| without(header, "alg")),
        ("kid as path", |header, _| header["kid"] = "../../dev/null".into()),
        ("kid as SQL", |header, _| header["kid"] = "' OR 1=1 --".into()),
        ("empty kid", |header, _| header["kid"] = "".into()),
        ("jku", |header, _| header["jku"] = "http://127.0.0.1:1/keys".into()),
        ("x5u", |header, _| header["x5u"] = "http://127.0.0.1:1/cert".into()),
        ("jwk", |header, _| header["jwk"] = json!({ "kty": "oct", "k": "AAAA" })),
        ("crit", |header, _| header["crit"] = json!(["exp"])),
        ("exp as text", |_, claims| claims["exp"] = "9999999999".into()),
        ("exp as a fraction", |_, claims| claims["exp"] = json!(9_999_999_999.5)),
        ("no exp", |_, claims| without(claims, "exp")),
        ("no iat", |_, claims| without(claims, "iat")),
        ("no sid", |_, claims| without(claims, "sid")),
        ("no jti", |_, claims| without(claims, "jti")),
        ("no typ", |_, claims| without(claims, "typ")),
        ("typ refresh", |_, claims| claims["typ"] = "refresh".into()),
        ("typ challenge", |_, claims| claims["typ"] = "challenge".into()),
        ("another issuer", |_, claims| claims["iss"] = "evil".into()),
        ("another audience", |_, claims| claims["aud"] = "other".into()),
        ("many audiences", |_, claims| claims["aud"] = json!(["rampart-api", "other"])),
        ("two users", |_, claims| claims["sub"] = "0192f0c1-7b5a-7cc3-98b0-2f4d5c6a7b8c".into()),
        ("another user", |_, claims| {
            claims["sub"] = "0192f0c1-7b5a-7cc3-98b0-2f4d5c6a7b8c".into();
            claims["userId"] = "0192f0c1-7b5a-7cc3-98b0-2f4d5c6a7b8c".into();
        }),
        ("another session", |_, claims| claims["sid"] = "0192f0c1-7b5a-7cc3-98b0-2f4d5c6a7b8c".into()),
        ("claims that are none", |_, claims| *claims = json!([])),
    ];
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        office.admin().await;
        let token = office.log_in("admin@example.com").await.body["accessToken"].as_str().unwrap().to_owned();
        let me = async |token: &str| office.client.bearer(token).get("/api/v1/auth/me").await;
        assert_eq!(me(&forged(&office, &token, |_, _| ())).await.status, StatusCode::OK, "the key is the right one");
        for (name, change) in changes {
            let answer = me(&forged(&office, &token, *change)).await;
            assert_eq!((answer.status.as_u16(), answer.code()), (401, "TOKEN_INVALID"), "{name}: {}", answer.text);
        }
        let expired =
            forged(&office, &token, |_, claims| claims["exp"] = (claims["iat"].as_i64().unwrap() - 60).into());
        refused(&me(&expired).await, 401, "TOKEN_EXPIRED");
        let lowest = forged(&office, &token, |_, claims| claims["exp"] = i64::MIN.into());
        refused(&me(&lowest).await, 401, "TOKEN_EXPIRED");
        let highest = forged(&office, &token, |_, claims| claims["exp"] = i64::MAX.into());
        assert_eq!(me(&highest).await.status, StatusCode::OK, "it lives as long as its session");
        // What a token says of its user's role is for its reader; what counts is what the database says.
        office.test.clock.advance(Duration::from_secs(8 * 86_400));
        refused(&me(&highest).await, 401, "TOKEN_EXPIRED");
    });
}

#[test]
fn fifty_tabs_refresh_at_once_and_a_thief_comes_later() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        office.admin().await;
        let login = office.log_in("admin@example.com").await;
        let token = login.body["refreshToken"].as_str().unwrap().to_owned();
        let tabs = join_all((0..50).map(|_| office.refresh(&token))).await;
        assert!(tabs.iter().all(|tab| tab.status == StatusCode::OK), "all stay signed in");
        office.test.clock.advance(Duration::from_secs(20));
        let newest = tabs.last().unwrap().body["refreshToken"].as_str().unwrap().to_owned();
        let newest = office.refresh(&newest).await;
        assert_eq!(newest.status, StatusCode::OK, "{}", newest.text);
        refused(&office.refresh(&token).await, 401, "REFRESH_TOKEN_REUSED");
        for tab in tabs.iter().chain([&newest]) {
            refused(&office.refresh(tab.body["refreshToken"].as_str().unwrap()).await, 401, "TOKEN_REVOKED");
        }
        let client = office.client.bearer(newest.body["accessToken"].as_str().unwrap());
        refused(&client.get("/api/v1/auth/me").await, 401, "TOKEN_REVOKED");
    });
}

#[test]
fn a_session_that_was_planted_stays_nobodys() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        office.admin().await;
        let planted = office.client.with("cookie", "rampart_session=planted; rampart_csrf=planted");
        let body = json!({ "email": "admin@example.com", "password": PASSWORD });
        let login = planted.post("/api/v1/auth/login", body).await;
        let own = login.cookie("rampart_session").unwrap();
        assert!(succeeded(&login)["accessToken"].is_string() && own != "planted");
        refused(&planted.get("/api/v1/auth/me").await, 401, "TOKEN_INVALID");
        let again = office.log_in("admin@example.com").await;
        assert_ne!(again.cookie("rampart_session"), Some(own), "each sign-in has its own");
    });
}

#[test]
fn who_is_disabled_is_out_of_everything() {
    on_both(&migrations(), async |test| {
        let (office, sink) = office_with_mail(test, &[]).await;
        let admin = office.admin().await;
        let eve = office.person(&admin, "eve").await;
        let login = office.log_in(&eve.email).await;
        let setup = eve.client.post("/api/v1/auth/2fa/setup", json!({ "password": PASSWORD })).await;
        let app = Authenticator::new(succeeded(&setup)["otpauthUrl"].as_str().unwrap());
        succeeded(&eve.client.post("/api/v1/auth/2fa/verify", json!({ "token": app.code(&office) })).await);
        let waiting = office.log_in(&eve.email).await.body["challengeToken"].clone();
        succeeded(&office.client.post("/api/v1/auth/forgot-password", json!({ "email": eve.email })).await);
        let reset = office.mailed_token(&sink, &eve.email).await;
        let mut tx = office.test.store.begin(&office.test.origin).await.unwrap();
        tx.execute("UPDATE users SET disabled = $2 WHERE email = $1", &params![&eve.email, true]).await.unwrap();
        tx.commit().await.unwrap();

        refused(&eve.client.get("/api/v1/auth/me").await, 403, "ACCOUNT_DISABLED");
        refused(&office.refresh(login.body["refreshToken"].as_str().unwrap()).await, 403, "ACCOUNT_DISABLED");
        refused(&office.log_in(&eve.email).await, 403, "ACCOUNT_DISABLED");
        refused(&office.log_in_with(&eve.email, "wrong").await, 401, "INVALID_CREDENTIALS");
        office.test.clock.advance(Duration::from_secs(30));
        let body = json!({ "challengeToken": waiting, "code": app.code(&office) });
        refused(&office.client.post("/api/v1/auth/2fa/challenge", body).await, 403, "ACCOUNT_DISABLED");
        let body = json!({ "token": reset, "newPassword": "seven stones under the river" });
        refused(&office.client.post("/api/v1/auth/reset-password", body).await, 400, "RESET_TOKEN_INVALID");
        let before = office.mails(&sink, &eve.email).await.len();
        succeeded(&office.client.post("/api/v1/auth/forgot-password", json!({ "email": eve.email })).await);
        assert_eq!(office.mails(&sink, &eve.email).await.len(), before);
    });
}

#[test]
fn many_guesses_are_ten() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        office.admin().await;
        let mut counted = 0;
        for _ in 0..10 {
            let guesses = join_all((0..50).map(|_| office.log_in_with("admin@example.com", "wrong"))).await;
            assert!(guesses.iter().all(|guess| matches!(guess.code(), "INVALID_CREDENTIALS" | "ACCOUNT_LOCKED")));
            counted += guesses.iter().filter(|guess| guess.code() == "INVALID_CREDENTIALS").count();
        }
        assert_eq!(counted, 10);
        refused(&office.log_in("admin@example.com").await, 423, "ACCOUNT_LOCKED");
    });
}
