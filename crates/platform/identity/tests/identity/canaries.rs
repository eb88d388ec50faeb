//! Secrets go through everything, and are looked for in every log line and in the database.
//!
//! The lines are those of all crates at TRACE, which the program itself never writes.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use rampart_store::Dialect;
use rampart_testkit::{Answer, TestStore, on_both};
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use crate::office::*;
use crate::provider_double::{CLIENT_SECRET, Person, ProviderDouble};
use crate::soft_key::SoftKey;

const NEW: &str = "seven stones under the river";

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Lines;

    fn make_writer(&self) -> Lines {
        self.clone()
    }
}

/// The forms in which a secret could be written down.
fn forms(secret: &str) -> Vec<String> {
    let bytes = secret.as_bytes();
    let mut forms = vec![
        secret.to_owned(),
        STANDARD_NO_PAD.encode(bytes),
        STANDARD.encode(bytes),
        URL_SAFE_NO_PAD.encode(bytes),
        bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        url::form_urlencoded::byte_serialize(bytes).collect(),
        serde_json::to_string(secret).unwrap(),
    ];
    // Half of it is told, too.
    if secret.len() >= 24 && secret.is_ascii() {
        let (first, second) = secret.split_at(secret.len() / 2);
        forms.extend([first.to_owned(), second.to_owned()]);
    }
    forms
}

/// Everything that the database holds, as text.
async fn contents(test: &TestStore) -> String {
    if test.store.dialect() == Dialect::Sqlite {
        let files = std::fs::read_dir(test.folder()).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap());
        return files.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect();
    }
    let mut reader = test.store.read().await.unwrap();
    let sql = "SELECT table_name::text AS it FROM information_schema.tables WHERE table_schema = 'public' LIMIT 1000";
    let mut text = String::new();
    for table in reader.list(sql, &[]).await.unwrap() {
        let table: String = table.get("it").unwrap();
        let rows = reader.list(&format!("SELECT t::text AS it FROM {table} t LIMIT 9999"), &[]).await.unwrap();
        text.extend(rows.iter().map(|row| row.get::<String>("it").unwrap() + "\n"));
    }
    text
}

fn text<'a>(answer: &'a Answer, key: &str) -> &'a str {
    succeeded(answer)[key].as_str().unwrap_or_else(|| panic!("{key}: {}", answer.text))
}

#[test]
fn no_secret_is_written_down() {
    let lines = Lines::default();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(lines.clone()).without_time();
    tracing::subscriber::set_global_default(subscriber.finish()).expect("no other test of this program logs");
    on_both(&migrations(), async |test| {
        let double = ProviderDouble::start().await;
        let settings = double.settings();
        let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let (office, sink) = office_with_mail(test, &settings).await;
        let mut secrets: Vec<String> = vec![PASSWORD.to_owned(), NEW.to_owned(), CLIENT_SECRET.to_owned()];
        let mut codes: Vec<String> = Vec::new();

        let admin = office.admin().await;
        let login = office.log_in("admin@example.com").await;
        let cookies = |answer: &Answer| ["rampart_session", "rampart_csrf"].map(|name| answer.cookie(name).unwrap());
        secrets.extend(["accessToken", "refreshToken"].map(|key| text(&login, key).to_owned()));
        secrets.extend(cookies(&login));
        secrets.push(text(&office.refresh(text(&login, "refreshToken")).await, "refreshToken").to_owned());
        office.log_in_with("admin@example.com", "canary-of-a-wrong-password").await;
        secrets.push("canary-of-a-wrong-password".to_owned());

        let setup = admin.post("/api/v1/auth/2fa/setup", json!({ "password": PASSWORD })).await;
        secrets.push(text(&setup, "secret").to_owned());
        let app = Authenticator::new(text(&setup, "otpauthUrl"));
        codes.push(app.code(&office));
        let on = admin.post("/api/v1/auth/2fa/verify", json!({ "token": app.code(&office) })).await;
        secrets.extend(
            succeeded(&on)["backupCodes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()),
        );
        office.test.clock.advance(Duration::from_secs(30));
        let waiting = text(&office.log_in("admin@example.com").await, "challengeToken").to_owned();
        let body = json!({ "challengeToken": waiting, "code": app.code(&office) });
        succeeded(&office.client.post("/api/v1/auth/2fa/challenge", body).await);
        codes.push(app.code(&office));
        secrets.push(waiting);

        let invited = admin.post("/api/v1/admin/invitations", json!({ "role": "user" })).await;
        secrets.push(text(&invited, "code").to_owned());
        succeeded(&office.register(text(&invited, "code"), "ada@example.com").await);
        secrets.push(office.mailed_token(&sink, "ada@example.com").await);
        succeeded(&office.client.post("/api/v1/auth/forgot-password", json!({ "email": "ada@example.com" })).await);
        let reset = office.mailed_token(&sink, "ada@example.com").await;
        let body = json!({ "token": reset, "newPassword": NEW });
        succeeded(&office.client.post("/api/v1/auth/reset-password", body).await);
        secrets.push(reset);

        let begun = admin.post("/api/v1/auth/passkeys/registration", json!({ "password": PASSWORD })).await;
        let mut key = SoftKey::new();
        let credential = key.create(&succeeded(&begun)["options"]);
        let body = json!({ "ceremonyId": begun.body["ceremonyId"], "name": "Key", "credential": credential });
        succeeded(&admin.post("/api/v1/auth/passkeys", body).await);
        let asked = office.client.send(axum::http::Method::POST, "/api/v1/auth/passkeys/challenge", None).await;
        let body =
            json!({ "ceremonyId": asked.body["ceremonyId"], "credential": key.get(&succeeded(&asked)["options"]) });
        let signed = office.client.post("/api/v1/auth/passkeys/sign-in", body).await;
        secrets.push(text(&signed, "refreshToken").to_owned());

        for provider in ["github", "google"] {
            let invited = admin.post("/api/v1/admin/invitations", json!({ "role": "user" })).await;
            let code = text(&invited, "code");
            let left = office.client.get(&format!("/api/v1/auth/{provider}?invitation={code}")).await;
            let state = left.cookie("rampart_state").unwrap();
            let email = if provider == "github" { "grace@example.org" } else { "bob@example.org" };
            let person = Person { id: 70_123, email, verified: true };
            let granted = double.consent(left.headers["location"].to_str().unwrap(), person);
            let client = office.client.with("cookie", &format!("rampart_state={state}"));
            let path = format!("/api/v1/auth/{provider}/callback?code={granted}&state={state}");
            secrets.extend(cookies(&client.get(&path).await));
            secrets.extend([code.to_owned(), state, "gho_token_of_70123".to_owned()]);
        }
        office.worker.drain().await.unwrap();

        let stored = contents(&office.test).await;
        assert!(stored.contains("ada@example.com"), "the database was read");
        let logged = String::from_utf8_lossy(&lines.0.lock().unwrap()).into_owned();
        assert!(logged.contains("TRACE") && logged.contains("rampart_web"), "lines were written");
        for secret in &secrets {
            for form in forms(secret) {
                for (place, text) in [("log", &logged), ("database", &stored)] {
                    if let Some(at) = text.find(&form) {
                        let from = text.floor_char_boundary(at.saturating_sub(200));
                        let to = text.floor_char_boundary(at + 60);
                        panic!("`{secret}` as `{form}` is in the {place}: {}", &text[from..to]);
                    }
                }
            }
        }
        // Six digits are also parts of other numbers: only as words.
        let words: std::collections::HashSet<&str> = logged.split(|c: char| !c.is_ascii_alphanumeric()).collect();
        for code in &codes {
            assert!(!words.contains(code.as_str()), "a code is in the log");
        }
    });
}
