//! What pages of others make a browser send, asked of every route; and what every answer carries, whoever asks.

use axum::http::StatusCode;

use super::*;

const ELSEWHERE: &str = "https://elsewhere.example";

/// What no answer is without, and how it begins.
const HEADERS: [(&str, &str); 9] = [
    ("x-frame-options", "DENY"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "strict-origin-when-cross-origin"),
    ("permissions-policy", "camera=()"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("content-security-policy", "default-src 'self'; script-src 'self'; style-src 'self'; "),
    ("cache-control", ""),
    ("x-request-id", ""),
];

/// Everything that can be asked with nothing behind it, by an administrator with a browser.
async fn by_cookie(stage: &Stage) -> (World, Client, String) {
    let world = stage.world(|app| app).await;
    let body = json!({ "email": "ours-admin@example.com", "password": "otter-Lamp-42-rivet" });
    let login = world.client.post("/api/v1/auth/login", body).await;
    let csrf = login.cookie("rampart_csrf").expect("who signs in gets cookies");
    let session = login.cookie("rampart_session").expect("who signs in gets cookies");
    for cookie in login.headers.get_all("set-cookie") {
        let cookie = cookie.to_str().unwrap();
        assert!(cookie.contains("SameSite=") && cookie.contains("Path=/"), "{cookie}");
        assert_eq!(cookie.contains("HttpOnly"), cookie.starts_with("rampart_session"), "{cookie}");
    }
    let hollow = program(&world.test, &stage.keys, &stage.root, App::hollow);
    let client = hollow.with("cookie", &format!("rampart_session={session}; rampart_csrf={csrf}"));
    (world, client, csrf)
}

#[test]
fn no_page_of_others_changes_anything_with_our_cookies() {
    on(Dialect::Sqlite, async |stage| {
        let (_world, client, csrf) = by_cookie(&stage).await;
        let mut asked = 0;
        for cell in
            cells(&stage).await.iter().filter(|cell| cell.0 != Method::GET && !matches!(cell.2, Rule::Signed(_)))
        {
            let path = stage.path(cell.1, None);
            let page = client.with("x-csrf-token", &csrf);
            let others = [
                (client.clone(), "CSRF_FAILED"),
                (client.with("x-csrf-token", "guessed"), "CSRF_FAILED"),
                (client.with("x-csrf-token", ""), "CSRF_FAILED"),
                // It does not say where it comes from.
                (page.clone(), "CSRF_FAILED"),
                (page.with("origin", ELSEWHERE), "ORIGIN_NOT_ALLOWED"),
                (page.with("origin", "null"), "ORIGIN_NOT_ALLOWED"),
                (page.with("referer", &format!("{ELSEWHERE}/page")), "CSRF_FAILED"),
            ];
            for (number, (other, code)) in others.iter().enumerate() {
                let answer = other.send(cell.0.clone(), &path, Some(json!({}))).await;
                let got = (answer.status, answer.code());
                assert_eq!(got, (StatusCode::FORBIDDEN, *code), "{} {}, as {number}", cell.0, cell.1);
                assert!(!answer.headers.contains_key("access-control-allow-origin") || *code == "CSRF_FAILED");
                asked += 1;
            }
            // Of our own pages it gets as far as the rule of the route.
            let own = page.with("origin", "http://localhost:8000");
            let answer = own.send(cell.0.clone(), &path, Some(json!({}))).await;
            assert!(!["CSRF_FAILED", "ORIGIN_NOT_ALLOWED"].contains(&answer.code()), "{} {}", cell.0, cell.1);
        }
        assert!(asked > 500, "only {asked} requests: routes are missing");
    });
}

#[test]
fn every_answer_carries_what_protects_its_reader() {
    on(Dialect::Sqlite, async |stage| {
        let (_world, client, csrf) = by_cookie(&stage).await;
        let client = client.with("x-csrf-token", &csrf);
        for cell in cells(&stage).await {
            let path = stage.path(cell.1, None);
            let preflight = client.with("access-control-request-method", cell.0.as_str());
            let foreign = preflight.with("origin", ELSEWHERE).send(Method::OPTIONS, &path, None).await;
            assert_eq!(foreign.status, StatusCode::FORBIDDEN, "{} {}, asked from elsewhere", cell.0, cell.1);
            let answers = [client.send(cell.0.clone(), &path, None).await, foreign];
            for answer in answers {
                for (name, begin) in HEADERS {
                    let value = answer.headers.get(name).and_then(|value| value.to_str().ok());
                    let fits = value.is_some_and(|value| value.starts_with(begin));
                    assert!(fits, "{} {}: {name} is {value:?}", cell.0, cell.1);
                }
                let csp = answer.headers["content-security-policy"].to_str().unwrap();
                assert!(!csp.contains("unsafe") && csp.contains("frame-ancestors 'none'"), "{csp}");
                let allowed = answer.headers.get("access-control-allow-origin").map(|value| value.to_str().unwrap());
                assert!(allowed.is_none_or(|origin| origin != "*" && origin != ELSEWHERE), "{allowed:?}");
                assert!(!answer.headers.contains_key("server"), "which program answers is nobody's business");
            }
        }
    });
}
