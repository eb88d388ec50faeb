//! Filters that people keep.

use axum::http::StatusCode;
use rampart_testkit::on_both;
use serde_json::{Value, json};

use crate::world::{World, migrations, ok};

const VIEWS: &str = "/api/v1/views";

async fn names(world: &World, name: &str) -> Vec<(String, bool)> {
    let answer = world.client(name).get(VIEWS).await;
    let views = ok(&answer)["views"].as_array().unwrap();
    views.iter().map(|one| (one["name"].as_str().unwrap().to_owned(), one["own"] == true)).collect()
}

#[test]
fn a_view_is_its_owners_until_it_is_shared() {
    on_both(&migrations(), async |test| {
        let world = World::new(test).await;
        let save = async |name: &str, body: Value| world.client(name).post(VIEWS, body).await;
        let view = |name: &str, shared: bool| json!({ "name": name, "filter": "severity=critical", "shared": shared });
        assert_eq!(save("member", view("Mine", false)).await.status, StatusCode::CREATED);
        let shared = save("member", view("Ours", true)).await;
        assert_eq!(ok(&shared)["filter"], "severity=critical");
        let of = |name: &str, own| (name.to_owned(), own);
        assert_eq!(names(&world, "member").await, [of("Mine", true), of("Ours", true)]);
        // Who may not decide keeps views, and shares none.
        assert_eq!(save("viewer", view("To read", false)).await.status, StatusCode::CREATED);
        assert_eq!(save("viewer", view("For all", true)).await.status, StatusCode::FORBIDDEN);
        assert_eq!(names(&world, "viewer").await, [of("To read", true), of("Ours", false)]);
        assert_eq!(names(&world, "other admin").await, []);
        // What somebody shares is theirs to remove.
        let path = format!("{VIEWS}/{}", shared.body["id"].as_str().unwrap());
        for name in ["admin", "viewer", "other admin"] {
            assert_eq!(world.client(name).delete(&path).await.status, StatusCode::NOT_FOUND, "{name}");
        }
        ok(&world.client("member").delete(&path).await);
        assert_eq!(names(&world, "viewer").await, [of("To read", true)]);
    });
}

#[test]
fn a_view_has_bounds() {
    on_both(&migrations(), async |test| {
        let world = World::new(test).await;
        let save = async |body: Value| world.client("member").post(VIEWS, body).await;
        for (name, filter) in [(" ", ""), ("x\u{7}", ""), ("x", "a\nb")] {
            assert_eq!(save(json!({ "name": name, "filter": filter })).await.code(), "VALIDATION_ERROR", "{name:?}");
        }
        let (name, filter) = ("é".repeat(60), "q".repeat(1_000));
        assert_eq!(save(json!({ "name": format!("{name}é"), "filter": "" })).await.code(), "VALIDATION_ERROR");
        assert_eq!(save(json!({ "name": "x", "filter": format!("{filter}q") })).await.code(), "VALIDATION_ERROR");
        for _ in 0..50 {
            ok(&save(json!({ "name": name, "filter": filter })).await);
        }
        assert_eq!(save(json!({ "name": "x", "filter": "" })).await.code(), "VALIDATION_ERROR");
    });
}
