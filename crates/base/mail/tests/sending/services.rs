//! The services that take mail over HTTPS, as doubles that hold requests to what the vendors document.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use hmac::{Hmac, KeyInit, Mac};
use rampart_jobs::Status;
use rampart_store::Dialect;
use rampart_testkit::TestStore;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{AWS_SECRET, TOKEN, migrations, office, settings, write};

#[derive(Clone)]
struct Request {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
}

impl Request {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// Status, `Retry-After` and body of an answer.
type Prepared = (StatusCode, Option<&'static str>, Value);

/// Takes everything down, and answers what it was told to; otherwise that all is well.
#[derive(Clone, Default)]
struct Double {
    requests: Arc<Mutex<Vec<Request>>>,
    answers: Arc<Mutex<VecDeque<Prepared>>>,
}

impl Double {
    async fn start() -> (Double, String) {
        let double = Double::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(take).with_state(double.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (double, url)
    }

    fn answer(&self, status: u16, retry_after: Option<&'static str>, body: Value) {
        self.answers.lock().unwrap().push_back((StatusCode::from_u16(status).unwrap(), retry_after, body));
    }

    fn only(&self) -> Request {
        let requests = self.requests.lock().unwrap();
        let [request] = &requests[..] else { panic!("{} requests", requests.len()) };
        request.clone()
    }
}

async fn take(State(double): State<Double>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    double.requests.lock().unwrap().push(Request { method, uri, headers, body });
    let answer = double.answers.lock().unwrap().pop_front();
    let (status, retry_after, body) = answer.unwrap_or((StatusCode::OK, None, json!({})));
    let retry = retry_after.map(|seconds| [(HeaderName::from_static("retry-after"), seconds)]);
    (
        status,
        retry.map(IntoResponse::into_response).map(|it| it.headers().clone()).unwrap_or_default(),
        body.to_string(),
    )
        .into_response()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn sign(key: &[u8], message: &str) -> Vec<u8> {
    Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(message).finalize().into_bytes().to_vec()
}

/// The signature as the documentation computes it ("Create a signed AWS API request"), from the request as it arrived.
fn signature(request: &Request, secret: &str) -> String {
    let authorization = request.header("authorization");
    let (scope, rest) = authorization
        .strip_prefix("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
        .and_then(|rest| rest.split_once(", SignedHeaders="))
        .unwrap();
    let signed = rest.split_once(", Signature=").unwrap().0;
    let headers: String = signed.split(';').map(|name| format!("{name}:{}\n", request.header(name).trim())).collect();
    let digest = hex(&Sha256::digest(&request.body));
    assert_eq!(request.header("x-amz-content-sha256"), digest);
    let canonical = format!("{}\n{}\n\n{headers}\n{signed}\n{digest}", request.method, request.uri.path());
    let (time, parts) = (request.header("x-amz-date"), scope.split('/').collect::<Vec<_>>());
    let [date, "eu-west-1", "ses", "aws4_request"] = parts[..] else { panic!("{scope}") };
    assert!(time.starts_with(date) && signed.split(';').any(|name| name == "host"));
    let to_sign = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", hex(&Sha256::digest(&canonical)));
    let key = sign(format!("AWS4{secret}").as_bytes(), date);
    let key = ["eu-west-1", "ses", "aws4_request"].iter().fold(key, |key, part| sign(&key, part));
    hex(&sign(&key, &to_sign))
}

/// Sends one message; how its job stands, and the last error.
async fn send(variables: &[(&str, &str)]) -> (Status, String, Option<Duration>) {
    let test = TestStore::new(Dialect::Sqlite, &migrations()).await;
    let all: Vec<_> = [("EMAIL_FROM", "Rampart <rampart@rampart.example>")].iter().chain(variables).copied().collect();
    let office = office(&test, &settings(&all));
    let job = write(&test, &office).await;
    office.worker.drain().await.unwrap();
    let info = office.jobs.find(job).await.unwrap().unwrap();
    let pause = (info.status == Status::Queued).then(|| info.run_at.since(test.origin.now()));
    (info.status, info.last_error.unwrap_or_default(), pause)
}

#[tokio::test]
async fn ses_gets_a_signed_request_with_the_whole_message() {
    let (double, url) = Double::start().await;
    double.answer(200, None, json!({ "MessageId": "0102" }));
    let (status, error, _) = send(&[("EMAIL_PROVIDER", "ses"), ("SES_URL", &url)]).await;
    assert_eq!(status, Status::Completed, "{error}");
    let request = double.only();
    assert_eq!((request.method.as_str(), request.uri.path()), ("POST", "/v2/email/outbound-emails"));
    let sent = request.header("authorization").rsplit_once("Signature=").unwrap().1;
    assert_eq!(sent, signature(&request, AWS_SECRET));
    assert_ne!(sent, signature(&request, "another"));
    let body = request.json();
    assert_eq!(body["FromEmailAddress"], "Rampart <rampart@rampart.example>");
    assert_eq!(body["Destination"]["ToAddresses"], json!(["ada@example.org"]));
    let raw = base64::Engine::decode(
        &base64::engine::general_purpose::STANDARD,
        body["Content"]["Raw"]["Data"].as_str().unwrap(),
    );
    let raw = String::from_utf8(raw.unwrap()).unwrap();
    assert!(raw.contains("Subject: Set a new password\r\n") && raw.contains("multipart/alternative"), "{raw}");
}

#[tokio::test]
async fn sendgrid_gets_the_message_and_counts_no_clicks() {
    let (double, url) = Double::start().await;
    double.answer(202, None, Value::Null);
    let key = ("SENDGRID_API_KEY", "SG.test-vector");
    let (status, error, _) = send(&[("EMAIL_PROVIDER", "sendgrid"), ("SENDGRID_URL", &url), key]).await;
    assert_eq!(status, Status::Completed, "{error}");
    let request = double.only();
    assert_eq!((request.method.as_str(), request.uri.path()), ("POST", "/v3/mail/send"));
    assert_eq!(request.header("authorization"), "Bearer SG.test-vector");
    assert_eq!(request.header("content-type"), "application/json");
    let body = request.json();
    assert_eq!(body["personalizations"], json!([{ "to": [{ "email": "ada@example.org" }] }]));
    assert_eq!(body["from"], json!({ "email": "rampart@rampart.example", "name": "Rampart" }));
    assert_eq!(body["subject"], "Set a new password");
    // The plain part must come first.
    assert_eq!((&body["content"][0]["type"], &body["content"][1]["type"]), (&json!("text/plain"), &json!("text/html")));
    assert!(body["content"][0]["value"].as_str().unwrap().contains(TOKEN));
    let tracking = &body["tracking_settings"];
    assert_eq!(tracking["click_tracking"], json!({ "enable": false, "enable_text": false }));
    assert_eq!(tracking["open_tracking"]["enable"], false);
}

#[tokio::test]
async fn postmark_gets_the_message_and_counts_no_clicks() {
    let (double, url) = Double::start().await;
    double.answer(200, None, json!({ "ErrorCode": 0, "Message": "OK" }));
    let token = ("POSTMARK_TOKEN", "test-vector");
    let (status, error, _) = send(&[("EMAIL_PROVIDER", "postmark"), ("POSTMARK_URL", &url), token]).await;
    assert_eq!(status, Status::Completed, "{error}");
    let request = double.only();
    assert_eq!((request.method.as_str(), request.uri.path()), ("POST", "/email"));
    assert_eq!(request.header("x-postmark-server-token"), "test-vector");
    let body = request.json();
    assert_eq!((&body["To"], &body["MessageStream"]), (&json!("ada@example.org"), &json!("outbound")));
    assert_eq!((&body["TrackLinks"], &body["TrackOpens"]), (&json!("None"), &json!(false)));
    assert!(body["TextBody"].as_str().unwrap().contains(TOKEN) && body["HtmlBody"].as_str().unwrap().contains(TOKEN));
    let names: Vec<_> = body["Headers"].as_array().unwrap().iter().map(|header| header["Name"].clone()).collect();
    assert_eq!(names, ["Message-ID", "X-PM-KeepID", "Auto-Submitted"]);
}

#[tokio::test]
async fn a_service_that_is_busy_is_asked_again_when_it_says_and_one_that_refuses_is_not() {
    let (double, url) = Double::start().await;
    let variables = [("EMAIL_PROVIDER", "postmark"), ("POSTMARK_URL", url.as_str()), ("POSTMARK_TOKEN", "test-vector")];
    double.answer(429, Some("600"), json!({ "Message": "slower" }));
    let (status, error, pause) = send(&variables).await;
    assert!(status == Status::Queued && error.contains("slower"), "{error}");
    assert!((480..=720).contains(&pause.unwrap().as_secs()), "{pause:?}");
    double.answer(503, None, json!({}));
    assert_eq!(send(&variables).await.0, Status::Queued);
    for code in [401, 403, 422] {
        double.answer(code, None, json!({ "Message": "inactive recipient" }));
        let (status, error, _) = send(&variables).await;
        assert_eq!(status, Status::Dead, "{code}");
        assert!(error.contains("inactive recipient") && !error.contains("test-vector"), "{error}");
    }
    // A redirect would carry the token elsewhere.
    double.answer(302, None, json!({}));
    assert_eq!(send(&variables).await.0, Status::Dead);
}
