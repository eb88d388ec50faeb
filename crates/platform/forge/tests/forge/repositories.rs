//! The module over HTTP, on both databases, with repositories on this machine.

use axum::http::{Method, StatusCode};
use rampart_forge::{Connect, Error, Forge, ForgeSettings, Provider};
use rampart_testkit::on_both;
use serde_json::{Value, json};

use crate::world::{migrations, ok, world};

#[test]
fn a_repository_is_connected_seen_changed_and_disconnected() {
    on_both(&migrations(), |test| async {
        let mut world = world(test).await;
        let id = world.connect().await;
        let path = format!("/api/v1/repositories/{id}");
        let viewer = world.by("viewer");
        let shown = viewer.get(&path).await;
        let shown = ok(&shown);
        let url = format!("file://{}", world.code.path().display());
        assert_eq!(shown["repoUrl"], url);
        assert_eq!(
            (&shown["name"], &shown["fullName"], &shown["owner"]),
            (&json!("shop"), &json!("code/shop"), &json!("code"))
        );
        assert_eq!((&shown["defaultBranch"], &shown["provider"]), (&json!("main"), &json!("local")));
        assert_eq!((&shown["securityScore"], &shown["scanStatus"]), (&Value::Null, &json!("pending")));
        let head = world.code.git(&["rev-parse", "HEAD"], b"");
        let events = world.events().await;
        assert_eq!(events[0].0, "repository.connected");
        assert_eq!((&events[0].1["repositoryId"], &events[0].1["hash"]), (&json!(id), &json!(head)));

        let list = viewer.get("/api/v1/repositories?q=SHOP&provider=local&sort=-securityScore").await;
        let first = &ok(&list)["repositories"][0];
        assert_eq!((first.as_object().unwrap().len(), &list.body["total"]), (16, &json!(1)));
        for none in ["q=other", "q=%25", "provider=github", "language=go", "scanStatus=failed", "projectId=x"] {
            assert_eq!(ok(&viewer.get(&format!("/api/v1/repositories?{none}")).await)["total"], 0, "{none}");
        }

        let member = world.by("member");
        let settings = json!({ "excludePaths": ["docs/"], "scanBranches": ["release"], "failCheckOn": "critical" });
        let changed = member.patch(&format!("{path}/settings"), settings).await;
        assert_eq!(ok(&changed)["settings"]["excludePaths"], json!(["docs/"]));
        assert_eq!(changed.body["settings"]["commentOnPullRequests"], true);
        let changed = member.put(&path, json!({ "active": false })).await;
        assert_eq!(ok(&changed)["active"], false);
        assert_eq!(
            world.events().await.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
            ["repository.updated", "repository.disconnected"]
        );
        assert_eq!(ok(&viewer.get("/api/v1/repositories").await)["total"], 0);

        // Connected again it is the same one, with its settings.
        assert_eq!(world.connect().await, id);
        assert_eq!(ok(&viewer.get(&path).await)["settings"]["scanBranches"], json!(["release"]));
        let admin = world.by("admin");
        ok(&admin.send(Method::DELETE, &path, None).await);
        assert_eq!(ok(&viewer.get(&path).await)["active"], false);
        ok(&admin.send(Method::DELETE, &format!("{path}?purge=true"), None).await);
        assert_eq!(viewer.get(&path).await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn what_cannot_be_connected_is_refused_with_a_reason() {
    on_both(&migrations(), |test| async {
        let world = world(test).await;
        let member = world.by("member");
        let root = world.test.folder().join("code");
        std::fs::create_dir(root.join("empty")).unwrap();
        let connect = async |body: Value| {
            let answer = member.post("/api/v1/repositories", body).await;
            (answer.status.as_u16(), answer.code().to_owned())
        };
        let local = |url: &std::path::Path| json!({ "provider": "local", "repoUrl": url });
        let refused = |status, code: &str| (status, code.to_owned());
        assert_eq!(connect(json!({ "fullName": "a/b" })).await, refused(409, "GITHUB_NOT_CONNECTED"));
        assert_eq!(
            connect(json!({ "provider": "gitlab", "fullName": "a/b" })).await,
            refused(409, "PROVIDER_NOT_CONFIGURED")
        );
        assert_eq!(connect(json!({ "provider": "local" })).await, refused(400, "VALIDATION_ERROR"));
        assert_eq!(connect(local(&root.join("empty"))).await, refused(400, "VALIDATION_ERROR"));
        assert_eq!(connect(local(&root.join("none"))).await, refused(400, "VALIDATION_ERROR"));
        assert_eq!(connect(local(world.test.folder())).await, refused(400, "VALIDATION_ERROR"));
        let body = json!({ "provider": "local", "repoUrl": world.code.path(), "defaultBranch": "none" });
        assert_eq!(connect(body).await, refused(400, "VALIDATION_ERROR"));
        world.connect().await;
        assert_eq!(connect(local(world.code.path())).await, refused(409, "REPOSITORY_ALREADY_CONNECTED"));
        // In a workspace of its own it may be connected as well.
        let other = world.by("other admin").post("/api/v1/repositories", local(world.code.path())).await;
        assert_eq!(other.status, StatusCode::CREATED);
        assert_eq!(
            world.by("viewer").post("/api/v1/repositories", local(world.code.path())).await.status,
            StatusCode::FORBIDDEN
        );

        // Where the operator has opened no folder there is none.
        let settings = ForgeSettings { local_roots: Vec::new(), programs: "/usr/bin:/bin".to_owned() };
        let closed = Forge::new((world.ground)(), &settings, (&world.github, &world.gitlab)).unwrap();
        let ctx = world.system();
        let connect = Connect {
            provider: Provider::Local,
            url: world.code.path().to_str().unwrap().to_owned(),
            default_branch: None,
            auto_scan: true,
            auto_fix: false,
            access_token: None,
            webhook_secret: None,
        };
        assert!(matches!(closed.connect(&ctx, connect).await, Err(Error::ProviderNotConfigured(_))));
        assert_eq!(closed.look(&world.test.origin).await.unwrap(), 0);
    });
}

#[test]
fn settings_that_cannot_be_are_refused() {
    on_both(&migrations(), |test| async {
        let world = world(test).await;
        let path = format!("/api/v1/repositories/{}/settings", world.connect().await);
        let member = world.by("member");
        for bad in [
            json!({ "scanBranches": ["-x"] }),
            json!({ "scanBranches": vec!["b"; 21] }),
            json!({ "excludePaths": [""] }),
            json!({ "excludePaths": vec!["b"; 101] }),
            json!({ "failCheckOn": "worst" }),
            json!({ "unknown": 1 }),
        ] {
            assert_eq!(member.patch(&path, bad.clone()).await.code(), "VALIDATION_ERROR", "{bad}");
        }
        assert_eq!(world.by("viewer").patch(&path, json!({})).await.status, StatusCode::FORBIDDEN);
        assert_eq!(world.by("other admin").patch(&path, json!({})).await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn a_look_finds_what_was_pushed_once() {
    on_both(&migrations(), |test| async {
        let mut world = world(test).await;
        let id = world.connect().await;
        world.events().await;
        assert_eq!(world.forge.look(&world.test.origin).await.unwrap(), 0);
        world.test.clock.advance(std::time::Duration::from_secs(1));
        let second = world.code.commit(&[("app.py", "import sys\n")], "second");
        world.code.git(&["branch", "unwatched"], b"");
        assert_eq!(world.forge.look(&world.test.origin).await.unwrap(), 1);
        assert_eq!(world.forge.look(&world.test.origin).await.unwrap(), 0);
        let events = world.events().await;
        assert_eq!(events.len(), 1);
        assert_eq!(
            (events[0].0.as_str(), &events[0].1["hash"], &events[0].1["branch"]),
            ("push.received", &json!(second), &json!("main"))
        );
        let member = world.by("member");
        let commits = member.get(&format!("/api/v1/commits?repositoryId={id}")).await;
        assert_eq!((&ok(&commits)["total"], &commits.body["commits"][0]["hash"]), (&json!(2), &json!(second)));
        assert_eq!(commits.body["commits"][0]["status"], "queued");
        assert_eq!(ok(&member.get(&format!("/api/v1/commits/{}", &second[..9])).await)["shortHash"], &second[..7]);
        assert_eq!(member.get(&format!("/api/v1/commits/{}", "0".repeat(40))).await.status, StatusCode::NOT_FOUND);
        assert_eq!(
            world.by("other admin").get(&format!("/api/v1/commits/{second}")).await.status,
            StatusCode::NOT_FOUND
        );

        // Another branch counts once it is watched; a repository that is switched off does not.
        ok(&member
            .patch(&format!("/api/v1/repositories/{id}/settings"), json!({ "scanBranches": ["unwatched"] }))
            .await);
        assert_eq!(world.forge.look(&world.test.origin).await.unwrap(), 1);
        ok(&member.patch(&format!("/api/v1/repositories/{id}/settings"), json!({ "autoScanEnabled": false })).await);
        world.code.commit(&[("app.py", "import re\n")], "third");
        assert_eq!(world.forge.look(&world.test.origin).await.unwrap(), 0);
    });
}

#[test]
fn files_are_shown_as_far_as_they_were_fetched() {
    on_both(&migrations(), |test| async {
        let world = world(test).await;
        let id = world.connect().await;
        let (path, viewer) = (format!("/api/v1/repositories/{id}/tree"), world.by("viewer"));
        assert_eq!(viewer.get(&path).await.status, StatusCode::NOT_FOUND, "nothing was fetched yet");
        let ctx = world.system();
        let repository = world.forge.get_repository(&ctx, id.parse().unwrap()).await.unwrap();
        let fetched = world.forge.fetch(&repository, None, None).await.unwrap();
        assert_eq!(fetched.described.message, "first");
        let tree = viewer.get(&path).await;
        let paths: Vec<&str> =
            ok(&tree)["tree"].as_array().unwrap().iter().map(|entry| entry["path"].as_str().unwrap()).collect();
        assert_eq!((paths, tree.body["commitSha"].as_str()), (vec!["app.py", "lib/x.py"], Some(fetched.hash.as_str())));
        // Kept for an hour, or until it is asked for anew.
        world.code.commit(&[("new.py", "1\n")], "second");
        world.forge.fetch(&repository, None, None).await.unwrap();
        assert_eq!(ok(&viewer.get(&path).await)["tree"].as_array().unwrap().len(), 2);
        assert_eq!(ok(&viewer.get(&format!("{path}?refresh=true")).await)["tree"].as_array().unwrap().len(), 3);
        assert_eq!(viewer.get(&format!("{path}?branch=none")).await.status, StatusCode::NOT_FOUND);

        let shown = world.forge.show_file(&ctx, repository.id(), "lib/x.py", Some("main")).await.unwrap();
        assert_eq!(shown.text, "x = 1\n");
        for none in ["lib", "../app.py", "*.py", ":/app.py", "", "app.py/"] {
            assert!(world.forge.show_file(&ctx, repository.id(), none, None).await.is_err(), "{none}");
        }
    });
}
