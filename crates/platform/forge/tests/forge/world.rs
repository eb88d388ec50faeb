//! What the tests begin with: the module over HTTP, in a workspace of people, with a repository on this machine.

use std::sync::Arc;

use axum::http::StatusCode;
use rampart_access::Ctx;
use rampart_access::audit::{self, Audit};
use rampart_forge::{Forge, ForgeSettings, GithubSettings, GitlabSettings, Ground, module};
use rampart_identity::Identity;
use rampart_jobs::{Handlers, Jobs};
use rampart_kernel::config::{Loader, Sources};
use rampart_kernel::{Keys, MasterKey, SystemChance};
use rampart_mail::Mail;
use rampart_store::{Migration, params};
use rampart_testkit::{Answer, Client, People, QUICK, TestRepository, TestStore};
use rampart_web::{App, Kit, LimitSettings, Limiter, WebSettings};
use serde_json::{Value, json};

pub fn migrations() -> Vec<Migration> {
    [
        audit::MIGRATIONS,
        rampart_jobs::MIGRATIONS,
        rampart_mail::MIGRATIONS,
        rampart_identity::MIGRATIONS,
        rampart_forge::MIGRATIONS,
    ]
    .concat()
}

/// Of webhooks that have no secret of their own; known to nobody but these tests.
pub const OF_ALL: &str = "one secret for all hooks";

pub struct World {
    pub test: TestStore,
    pub client: Client,
    pub people: People,
    pub forge: Forge,
    /// The last event that was looked at.
    seen: i64,
    pub code: TestRepository,
    pub keys: Arc<Keys>,
    pub github: GithubSettings,
    pub gitlab: GitlabSettings,
    /// What another of the module would stand on.
    pub ground: Box<dyn Fn() -> Ground>,
}

/// With one root open, and a repository `code/shop` below it, of one commit.
pub async fn world(test: TestStore) -> World {
    world_with(test, &[]).await
}

/// With these settings besides.
pub async fn world_with(test: TestStore, settings: &[(&str, &str)]) -> World {
    let code = TestRepository::new(&test.folder().join("code/shop"));
    code.commit(&[("app.py", "import os\n"), ("lib/x.py", "x = 1\n")], "first");
    let root = test.folder().join("code").to_str().unwrap().to_owned();
    let own = [("LOCAL_GIT_ROOTS", root.as_str()), ("GITHUB_WEBHOOK_SECRET", OF_ALL)];
    let own = own.into_iter().chain([("GITLAB_WEBHOOK_SECRET", OF_ALL)]);
    let all = QUICK.into_iter().chain(own).chain(settings.iter().copied());
    let mut loader = Loader::new(Sources::of_variables(all));
    let (web, limits): (WebSettings, LimitSettings) = (loader.group().unwrap(), loader.group().unwrap());
    let keys = Arc::new(Keys::new(MasterKey::generate(&SystemChance), Vec::new()).unwrap());
    let jobs = Jobs::new(test.store.clone());
    let (settings, aws) = (loader.group().unwrap(), loader.group().unwrap());
    let mail = Mail::new(test.store.clone(), jobs.clone(), keys.clone(), &settings, &aws).unwrap();
    let (store, audit) = (test.store.clone(), Audit::new(&keys));
    let ground = rampart_identity::Ground {
        store: store.clone(),
        keys: keys.clone(),
        jobs: jobs.clone(),
        mail,
        web: web.clone(),
    };
    let identity = Identity::new(ground, loader.group().unwrap(), loader.group().unwrap()).unwrap();
    let (sealing, own, settings_of_web) = (keys.clone(), identity.clone(), web.clone());
    let settings: ForgeSettings = loader.group().unwrap();
    let data_dir = test.folder().join("data");
    let ground = move || Ground {
        store: store.clone(),
        audit: audit.clone(),
        keys: sealing.clone(),
        jobs: jobs.clone(),
        identity: own.clone(),
        web: settings_of_web.clone(),
        data_dir: data_dir.clone(),
    };
    let github: GithubSettings = loader.group().unwrap();
    let gitlab: GitlabSettings = loader.group().unwrap();
    let forge = Forge::new(ground(), &settings, (&github, &gitlab)).unwrap();
    let accounts = rampart_identity::module(&identity, &web, Handlers::new()).routes;
    let kit = Kit {
        settings: web,
        store: test.store.clone(),
        origin: test.origin.clone(),
        authenticator: Arc::new(identity.clone()),
        limiter: Limiter::new(limits),
        metrics: None,
    };
    let routes = accounts.into_iter().chain(module(&forge, Handlers::new()).routes).collect();
    let client = Client::new(App::new(routes).into_router(kit));
    let invited = identity.bootstrap(&test.origin).await.unwrap().unwrap();
    let people = People::settle(&client, invited.code.expose(), &test.clock).await;
    World { test, client, people, forge, seen: 0, code, keys, github, gitlab, ground: Box::new(ground) }
}

impl World {
    pub fn by(&self, name: &str) -> Client {
        self.people.client(&self.client, name)
    }

    /// The program itself, in our workspace.
    pub fn system(&self) -> Ctx {
        let workspace = self.people.ours.workspace.parse().unwrap();
        Ctx::of_system(self.test.origin.clone().in_workspace(Some(workspace)), "test")
    }

    pub async fn connect(&self) -> String {
        let body = json!({ "provider": "local", "repoUrl": self.code.path() });
        let answer = self.by("member").post("/api/v1/repositories/connect", body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        text(&answer.body["id"])
    }

    /// Names and data of the module's events since the last time.
    pub async fn events(&mut self) -> Vec<(String, Value)> {
        let sql = "SELECT seq, name, data FROM event_outbox WHERE seq > $1 ORDER BY seq LIMIT 1000";
        let rows = self.test.store.read().await.unwrap().list(sql, &params![self.seen]).await.unwrap();
        let mut told = Vec::new();
        for row in rows {
            self.seen = row.get("seq").unwrap();
            let name: String = row.get("name").unwrap();
            if ["repository.", "push.", "pr.", "pull_request."].iter().any(|begin| name.starts_with(begin)) {
                told.push((name, row.get("data").unwrap()));
            }
        }
        told
    }
}

pub fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

pub fn ok(answer: &Answer) -> &Value {
    assert!(answer.status.is_success(), "{}", answer.text);
    &answer.body
}
