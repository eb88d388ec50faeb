//! The GitHub App: installed for a workspace, it speaks for itself.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rampart_forge::remote::{Account, Annotation, AnnotationLevel, Change, Check, Conclusion, InlineComment};

use super::*;

/// A key as GitHub makes them, and the double's installation of the app that it is of.
fn app_key() -> String {
    let made =
        Command::new("openssl").args(["genrsa", "-traditional", "2048"]).output().expect("setup.sh installs openssl");
    String::from_utf8(made.stdout).unwrap()
}

#[test]
fn an_app_speaks_for_itself_with_checks_and_comments() {
    on_both(&migrations(), |test| async {
        let key = app_key();
        let app = [("GITHUB_APP_ID", "77"), ("GITHUB_APP_PRIVATE_KEY", key.as_str()), ("GITHUB_APP_SLUG", "rampart")];
        let stage = stage(test, &app).await;
        stage.github.world().installations.push((5, "ada".to_owned()));
        let admin = stage.world.by("admin");
        // To GitHub and back, as somebody who may manage the installation there.
        let left = admin.get("/api/v1/integrations/github/install").await;
        let address = left.headers["location"].to_str().unwrap().to_owned();
        let state = address.split_once("/apps/rampart/installations/new?state=").unwrap().1;
        let back = format!("/api/v1/integrations/github/callback?installation_id=5&setup_action=install&state={state}");
        assert_eq!(admin.get(&back).await.code(), "GITHUB_NOT_CONNECTED");
        stage.link("admin").await;
        let told = admin.with("accept", "application/json").get("/api/v1/integrations/github/install").await;
        assert!(told.body["url"].as_str().unwrap().contains("/apps/rampart/installations/new?state="), "{}", told.body);
        // One for another workspace leads to the page that comes again in its name, and does nothing before.
        let (own, rest) = state.split_once('.').unwrap();
        let other = "01980000-0000-7000-8000-00000000000f";
        let away = admin.get(&back.replace(state, &format!("{other}.{rest}"))).await;
        let away = away.headers["location"].to_str().unwrap().to_owned();
        assert!(away.contains(&format!("/installed?workspace={other}&installation=5&state={other}.")), "{away}");
        let forged = format!("{own}.1.x");
        for wrong in [back.replace("=5&", "=6&"), back.replace(state, &forged), back.replace("&state", "&x")] {
            assert_eq!(admin.get(&wrong).await.code(), "VALIDATION_ERROR", "{wrong}");
        }
        // Another's state is nobody's.
        assert!(stage.world.by("owner").get(&back).await.status.is_client_error());
        assert_eq!(admin.get(&back).await.status, StatusCode::FOUND);

        let (status, body) = stage.connect(json!({ "fullName": "ada/shop" })).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        // The app tells by itself.
        assert_eq!((&body["webhookConfigured"], stage.github.world().hooks.len()), (&json!(true), 0));
        let repository = stage.repository(&text(&body["id"])).await;
        let head = stage.world.forge.fetch(&repository, None, None).await.unwrap().hash;
        let origin = &stage.world.test.origin;
        let feedback = stage.world.forge.forge_client(origin, &repository).await.unwrap();
        let annotation = |line| Annotation {
            path: "app.py".to_owned(),
            start_line: line,
            end_line: line,
            level: AnnotationLevel::Warning,
            title: "Weak".to_owned(),
            message: "This is weak".to_owned(),
        };
        let mut check = Check {
            name: "rampart/security".to_owned(),
            external_id: "scan-1".to_owned(),
            details_url: Some("https://rampart.example.com/app/scans/1".to_owned()),
            conclusion: None,
            completed_at: None,
            line: "Looking".to_owned(),
            title: "Looking".to_owned(),
            summary: "Some seconds".to_owned(),
            annotations: Vec::new(),
        };
        let change = Change { number: 7, head: &head, branch: "feature", from_fork: false };
        let id = feedback.report(change, &check).await.unwrap();
        check.conclusion = Some(Conclusion::Failure);
        check.completed_at = Some(origin.now());
        check.annotations = (1..=120).map(annotation).collect();
        // The same one, and again when it has ended: its annotations are not added twice.
        assert_eq!(feedback.report(change, &check).await.unwrap(), id);
        assert_eq!(feedback.report(change, &check).await.unwrap(), id);
        let kept = stage.github.world().check_runs[0].clone();
        assert_eq!((&kept["conclusion"], kept["annotations"].as_array().unwrap().len()), (&json!("failure"), 120));
        check.external_id = "scan-2".to_owned();
        assert_ne!(feedback.report(change, &check).await.unwrap(), id);

        let comment = feedback.create_comment(7, "summary").await.unwrap();
        assert!(feedback.edit_comment(7, &comment, "another").await.unwrap());
        assert!(!feedback.edit_comment(7, "1", "another").await.unwrap());
        let inline = InlineComment {
            path: "app.py".to_owned(),
            first_line: 1,
            last_line: 2,
            text: "Better so".to_owned(),
            suggestion: Some("import sys".to_owned()),
        };
        feedback.comment_inline(change, &[inline]).await.unwrap();
        let beside = stage.github.world().reviews[0]["comments"][0].clone();
        assert_eq!(beside["body"], "Better so\n\n```suggestion\nimport sys\n```\n");
        // Ours is what our account wrote, whoever else writes the same.
        {
            let mut there = stage.github.world();
            let mut other = there.comments[0].clone();
            (other["id"], other["user"]["login"]) = (json!(1), json!("mallory"));
            there.comments.insert(0, other);
            let mut other = there.reviews[0].clone();
            other["comments"][0]["author"] = json!("rampart");
            there.reviews.insert(0, other);
        }
        let own = feedback.own_comments(7).await.unwrap();
        assert_eq!(own.iter().map(|it| (&it.id, it.text.as_str())).collect::<Vec<_>>(), [(&comment, "another")]);
        assert_eq!(feedback.own_inline_comments(7).await.unwrap().len(), 1);
        stage.github.world().writers.push("bo".to_owned());
        let who = |name: &str| Account { id: "9".to_owned(), name: name.to_owned() };
        assert!(feedback.may_write(&who("bo")).await.unwrap() && !feedback.may_write(&who("mallory")).await.unwrap());

        // One token for all of it, for which the app showed who it is.
        let shown = stage.github.world().assertions.clone();
        assert_eq!(shown.len(), 1);
        let parts: Vec<&str> = shown[0].split('.').collect();
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).unwrap();
        let claims: Value = serde_json::from_slice(&decode(parts[1])).unwrap();
        let life = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
        assert!(claims["iss"] == "77" && life <= 600, "{claims}");
        let public = public_key(&key);
        let public = ring::signature::UnparsedPublicKey::new(&ring::signature::RSA_PKCS1_2048_8192_SHA256, public);
        public.verify(format!("{}.{}", parts[0], parts[1]).as_bytes(), &decode(parts[2])).unwrap();
        stage.check();
    });
}

/// As ring reads it: of the pair that it makes of the key itself.
fn public_key(pem: &str) -> Vec<u8> {
    let lines: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let pair = ring::signature::RsaKeyPair::from_der(&base64::engine::general_purpose::STANDARD.decode(lines).unwrap());
    ring::signature::KeyPair::public_key(&pair.unwrap()).as_ref().to_vec()
}
