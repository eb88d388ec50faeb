//! Who may what, over the whole program: every route asked by everybody, and held against `tests/matrix.txt`.
//!
//! It stands here and not among the tests of the program from outside, as it asks the router itself, with a clock that stands still and
//! with guards taken away: what that needs is nobody else's business. `cargo xtask matrix --write` writes the file anew.

mod forgery;

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::http::Method;
use metrics_exporter_prometheus::PrometheusBuilder;
use rampart_access::Rule;
use rampart_kernel::config::Sources;
use rampart_kernel::{Keys, MasterKey, SystemChance};
use rampart_store::Dialect;
use rampart_testkit::{Answer, Client, Frozen, People, QUICK, Tenant, TestRepository, TestStore};
use rampart_web::App;
use serde_json::{Value, json};

use crate::platform::parts::{self, Parts};
use crate::platform::settings::Settings;

/// An id that nothing has.
const NOTHING: &str = "0192f0c1-7b5a-7cc3-98b0-2f4d5c6a7b8c";

const SCHEDULE: &str = "sessions.cleanup";

const WRITE: &str = "RAMPART_MATRIX_WRITE";

const HEAD: &str = "\
# Who may what: every route of the program, asked by everybody with a request that is right but for who asks; the status of each answer.
# Written by `cargo xtask matrix --write`. Read what changes before you commit it: a number here is a promise.
";

/// The database with everybody in it, and what it was made with.
struct Stage {
    frozen: Frozen,
    keys: Arc<Keys>,
    people: People,
    /// An invitation onto the installation, and a job: what belongs to no workspace.
    invitation: String,
    job: String,
    /// Of our workspace and of theirs.
    code: [Code; 2],
    /// The folder that the repositories lie in.
    root: PathBuf,
}

/// What a workspace has connected.
struct Code {
    workspace: String,
    repository: String,
    hash: String,
    /// A scan that waits.
    scan: String,
    /// Where else it is told.
    channel: String,
}

/// The program on a copy of the stage's database.
struct World {
    test: TestStore,
    client: Client,
    before: Vec<String>,
    /// How far the database had written when it was last the same.
    written: Option<String>,
}

impl World {
    /// Whether nothing was written.
    async fn is_unchanged(&mut self) -> bool {
        let written = self.test.written().await;
        if written.is_some() && written == self.written {
            return true;
        }
        // What is rolled back, and housekeeping, is written too.
        let unchanged = self.test.contents().await == self.before;
        if unchanged {
            self.written = written;
        }
        unchanged
    }
}

type Cell = (Method, &'static str, Rule);

/// Another id of a kind.
type Other<'a> = &'a dyn Fn(&Stage, &str) -> String;

impl Stage {
    async fn new(dialect: Dialect) -> Stage {
        let test = TestStore::new(dialect, &parts::migrations()).await;
        let keys = Keys::new(MasterKey::generate(&SystemChance), Vec::new()).unwrap();
        let keys = Arc::new(keys);
        let root = test.folder().join("code");
        let settings = settings(&test, &root);
        let parts = Parts::new(&test.store, &keys, &settings).unwrap();
        parts.scheduler(&test.origin).await.unwrap();
        let code = parts.identity.bootstrap(&test.origin).await.unwrap().unwrap().code;
        let client = program(&test, &keys, &root, |app| app);
        drop(parts);
        let people = People::settle(&client, code.expose(), &test.clock).await;
        let admin = people.client(&client, "platform admin");
        let invited = admin.post("/api/v1/admin/invitations", json!({ "role": "user" })).await;
        let queued = admin.post(&format!("/api/v1/admin/schedules/{SCHEDULE}/run"), json!({})).await;
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let (invitation, job) = (text(&invited.body["invitation"]["id"]), text(&queued.body["jobId"]));
        let code = [
            Code::connect(&people.client(&client, "admin"), &root, &people.ours, "ours").await,
            Code::connect(&people.client(&client, "other admin"), &root, &people.theirs, "theirs").await,
        ];
        TestRepository::new(&root.join("other")).commit(&[("app.py", "print(2)\n")], "other");
        // One waits, or the database has its own means: a second is refused by either.
        admin.post("/api/v1/admin/backups", json!({})).await;
        drop((client, admin));
        Stage { frozen: test.freeze().await, keys, people, invitation, job, code, root }
    }

    async fn world(&self, shape: impl FnOnce(App) -> App) -> World {
        let test = self.frozen.thaw().await;
        let client = program(&test, &self.keys, &self.root, shape);
        World { before: test.contents().await, written: test.written().await, test, client }
    }

    /// The path with ids in it: ours, but for the one parameter that is said otherwise.
    fn path(&self, pattern: &str, other: Option<(usize, Other<'_>)>) -> String {
        let mut path = String::from("/api/v1");
        let mut before = "";
        let mut parameter = 0;
        for part in pattern.split('/').skip(1) {
            path.push('/');
            if part.starts_with('{') {
                let kind = if pattern.starts_with("/admin/invitations") { "admin invitations" } else { before };
                let kind = if pattern.starts_with("/analysis/sessions") { "scans" } else { kind };
                let kind = if part == "{code}" { "code" } else { kind };
                match other {
                    Some((index, of)) if index == parameter => path += &of(self, kind),
                    _ => path += &self.id(&self.people.ours, kind),
                }
                parameter += 1;
            } else {
                path += part;
            }
            before = part;
        }
        path
    }

    fn id(&self, of: &Tenant, kind: &str) -> String {
        let id: &str = match kind {
            "workspaces" => &of.workspace,
            "members" | "users" => &of.bystander,
            "invitations" => &of.invitation,
            "admin invitations" => &self.invitation,
            "code" => &of.code,
            "tokens" => &of.token,
            "sessions" => &of.session,
            "jobs" | "dead-letters" => &self.job,
            "schedules" => SCHEDULE,
            "queues" => "maintenance",
            "facets" => "rule",
            "repositories" => &self.code_of(of).repository,
            "commits" => &self.code_of(of).hash,
            "scans" => &self.code_of(of).scan,
            "notification-channels" => &self.code_of(of).channel,
            _ => NOTHING,
        };
        id.to_owned()
    }

    fn code_of(&self, of: &Tenant) -> &Code {
        self.code.iter().find(|code| code.workspace == of.workspace).expect("both have connected something")
    }

    /// A body that is right; with ids of this tenant, or of nobody.
    fn body(&self, (method, path, _): &Cell, of: Option<&Tenant>) -> Option<Value> {
        let id = |get: fn(&Tenant) -> &String| of.map_or(NOTHING.to_owned(), |of| get(of).clone());
        let id_of = |of: Option<&Tenant>| of.map_or(NOTHING, |of| &self.code_of(of).repository).to_owned();
        Some(match (method.as_str(), *path) {
            ("GET", _) => return None,
            ("POST", "/workspaces") => json!({ "name": "Another" }),
            ("PATCH" | "PUT", "/workspaces/{id}") => json!({ "name": "Renamed" }),
            ("DELETE", "/workspaces/{id}") => json!({ "confirm": self.people.ours.slug }),
            ("POST", "/workspaces/{id}/transfer-ownership") => {
                json!({ "userId": id(|of| &of.bystander), "password": "otter-Lamp-42-rivet" })
            }
            ("PATCH", "/workspaces/{id}/members/{user_id}") => json!({ "role": "viewer" }),
            ("POST", "/workspaces/{id}/invitations") => json!({ "role": "viewer" }),
            ("POST", "/invitations/accept") => json!({ "code": self.people.theirs.code }),
            ("POST", "/users/me/tokens") => {
                json!({ "name": "more", "scopes": ["read"], "workspaceId": id(|of| &of.workspace) })
            }
            ("POST", "/admin/invitations") => json!({ "role": "user" }),
            ("POST", "/notification-channels") => channel(),
            ("DELETE", "/notifications/push-subscriptions") => json!({ "endpoint": "https://push.example/none" }),
            ("POST", "/notifications/push-subscriptions") => {
                json!({ "endpoint": "https://push.example/none", "keys": { "p256dh": "", "auth": "" } })
            }
            ("PATCH", "/admin/users/{id}") => json!({ "verified": true }),
            ("PATCH", "/admin/schedules/{name}") => json!({ "enabled": true }),
            ("POST", "/analysis/sessions") => json!({ "repositoryId": id_of(of) }),
            // It answers for each by itself: the module's own tests ask for what is another's.
            ("POST", "/scans/bulk") => json!({ "repositoryIds": [self.code[0].repository] }),
            ("POST", "/repositories" | "/repositories/connect") => {
                json!({ "provider": "local", "repoUrl": self.root.join("other") })
            }
            _ => json!({}),
        })
    }

    async fn ask(&self, world: &World, cell: &Cell, name: &str) -> Answer {
        let body = self.body(cell, Some(&self.people.ours));
        let path = self.path(cell.1, None);
        self.people.client(&world.client, name).send(cell.0.clone(), &path, body).await
    }
}

impl Code {
    async fn connect(client: &Client, root: &Path, of: &Tenant, name: &str) -> Code {
        let made = TestRepository::new(&root.join(name));
        let hash = made.commit(&[("app.py", "print(1)\n")], name);
        let body = json!({ "provider": "local", "repoUrl": made.path() });
        let connected = client.post("/api/v1/repositories", body).await;
        let id = |answer: &Answer| answer.body["id"].as_str().unwrap_or_else(|| panic!("{}", answer.text)).to_owned();
        let repository = id(&connected);
        let path = format!("/api/v1/repositories/{repository}/scan");
        let scan = id(&client.post(&path, json!({ "mode": "incremental" })).await);
        let channel = id(&client.post("/api/v1/notification-channels", channel()).await);
        Code { workspace: of.workspace.clone(), repository, hash, scan, channel }
    }
}

/// By mail: nobody is looked up.
fn channel() -> Value {
    let config = json!({ "addresses": ["security@example.com"] });
    json!({ "type": "email", "name": "security", "config": config, "events": ["*"] })
}

fn settings(test: &TestStore, root: &Path) -> Settings {
    let (folder, root) = (test.folder().to_str().expect("a plain path"), root.to_str().expect("a plain path"));
    let variables = QUICK.into_iter().chain([("DATA_DIR", folder), ("LOCAL_GIT_ROOTS", root)]);
    Settings::load(Sources::of_variables(variables)).unwrap()
}

fn program(test: &TestStore, keys: &Arc<Keys>, root: &Path, shape: impl FnOnce(App) -> App) -> Client {
    let settings = settings(test, root);
    let parts = Parts::new(&test.store, keys, &settings).unwrap();
    let metrics = PrometheusBuilder::new().build_recorder().handle();
    Client::new(parts.shaped_router(&settings, &test.origin, metrics, shape))
}

async fn cells(stage: &Stage) -> Vec<Cell> {
    let mut cells = Vec::new();
    stage
        .world(|app| {
            cells = app.rules();
            app
        })
        .await;
    cells
}

fn is_public(rule: Rule) -> bool {
    matches!(rule, Rule::Public(_) | Rule::Signed(_))
}

fn in_words(rule: Rule) -> String {
    match rule {
        Rule::Public(_) => "public".to_owned(),
        Rule::SignedIn => "signed in".to_owned(),
        Rule::InSession => "in a session".to_owned(),
        Rule::PlatformAdmin => "platform admin".to_owned(),
        Rule::Signed(kind) => format!("signed: {kind}"),
        Rule::Workspace { name, least, scope } => format!("{name}: {least}, token {scope}"),
    }
}

fn expectation_file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/matrix.txt")
}

/// Whether the table lets somebody in.
fn may(table: &str, cell: &Cell, name: &str) -> bool {
    let line = table.lines().find(|line| {
        let words: Vec<&str> = line.split_whitespace().take(2).collect();
        words == [cell.0.as_str(), cell.1]
    });
    let place = People::NAMES.iter().position(|own| *own == name).expect("one of NAMES");
    let status = line.and_then(|line| line.split('|').nth(2 + place)).map_or("", str::trim);
    status.starts_with('2')
}

fn on(dialect: Dialect, test: impl AsyncFnOnce(Stage)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async { test(Stage::new(dialect).await).await });
}

/// Every route asked by everybody. Whoever is refused has changed nothing.
async fn table(stage: &Stage) -> String {
    let cells = cells(stage).await;
    let width = |of: &dyn Fn(&Cell) -> usize| cells.iter().map(of).max().unwrap_or(0);
    let (paths, rules) = (width(&|cell| cell.1.len()), width(&|cell| in_words(cell.2).len()));
    let mut table = HEAD.to_owned();
    let _ = write!(table, "{:<6} {:<paths$} | {:<rules$}", "", "", "");
    for name in People::NAMES {
        let _ = write!(table, " | {name}");
    }
    table.push('\n');
    let mut world = stage.world(|app| app).await;
    for cell in &cells {
        let _ = write!(table, "{:<6} {:<paths$} | {:<rules$}", cell.0.as_str(), cell.1, in_words(cell.2));
        for name in People::NAMES {
            let answer = stage.ask(&world, cell, name).await;
            let _ = write!(table, " | {:<width$}", answer.status.as_u16(), width = name.len());
            let unchanged = world.is_unchanged().await;
            let refused = !answer.status.is_success() && !is_public(cell.2);
            assert!(unchanged || !refused, "{} {}, refused to {name}, wrote", cell.0, cell.1);
            if !unchanged {
                world = stage.world(|app| app).await;
            }
        }
        table.push('\n');
    }
    table.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

fn everybody_may_what_the_table_says(dialect: Dialect) {
    on(dialect, async |stage| {
        let found = table(&stage).await;
        if std::env::var_os(WRITE).is_some() {
            std::fs::write(expectation_file(), &found).unwrap();
        }
        let expected = std::fs::read_to_string(expectation_file()).unwrap_or_default();
        let lines = |of: &str, other: &str| -> String {
            let missing = of.lines().filter(|line| !other.lines().any(|known| known == *line));
            missing.fold(String::new(), |text, line| text + "\n  " + line)
        };
        assert!(
            found == expected,
            "tests/matrix.txt says{}\nbut it is{}\nIf that is meant: cargo xtask matrix --write",
            lines(&expected, &found),
            lines(&found, &expected)
        );
    });
}

#[test]
fn everybody_may_what_the_table_says_on_sqlite() {
    everybody_may_what_the_table_says(Dialect::Sqlite);
}

#[test]
fn everybody_may_what_the_table_says_on_postgresql() {
    everybody_may_what_the_table_says(Dialect::Postgres);
}

/// Of our workspace: to them theirs does not exist.
const OURS: [&str; 6] = ["viewer", "member", "operator", "admin", "owner", "read token"];

fn what_is_anothers_is_answered_as_what_is_not_there(dialect: Dialect) {
    on(dialect, async |stage| {
        let mut asked = 0;
        let world = stage.world(|app| app).await;
        for cell in cells(&stage).await.iter().filter(|cell| !is_public(cell.2)) {
            for name in OURS {
                let client = stage.people.client(&world.client, name);
                let mut pairs = Vec::new();
                let ours = || stage.body(cell, Some(&stage.people.ours));
                for index in 0..cell.1.matches('{').count() {
                    let theirs: Other<'_> = &|stage, kind| stage.id(&stage.people.theirs, kind);
                    let nothing: Other<'_> = &|_, _| NOTHING.to_owned();
                    // What belongs to no workspace is nobody's of theirs.
                    let path = stage.path(cell.1, Some((index, theirs)));
                    if path != stage.path(cell.1, None) {
                        pairs.push(((path, ours()), (stage.path(cell.1, Some((index, nothing))), ours())));
                    }
                }
                let (theirs, nothing) = (stage.body(cell, Some(&stage.people.theirs)), stage.body(cell, None));
                if theirs != nothing {
                    let path = stage.path(cell.1, None);
                    pairs.push(((path.clone(), theirs), (path, nothing)));
                }
                for ((foreign, body), (missing, other)) in pairs {
                    let foreign_answer = client.send(cell.0.clone(), &foreign, body).await;
                    let missing_answer = client.send(cell.0.clone(), &missing, other).await;
                    let seen = |answer: &Answer| (answer.status, answer.text.clone());
                    assert_eq!(seen(&foreign_answer), seen(&missing_answer), "{} {foreign} by {name}", cell.0);
                    assert!(
                        !foreign_answer.status.is_success(),
                        "{} {foreign} by {name}: {}",
                        cell.0,
                        foreign_answer.text
                    );
                    asked += 1;
                }
                if matches!(cell.2, Rule::Workspace { .. }) && !cell.1.starts_with("/workspaces/") {
                    let of = async |workspace: &str| {
                        let client = client.with("x-workspace-id", workspace);
                        let answer = client.send(cell.0.clone(), &stage.path(cell.1, None), ours()).await;
                        (answer.status, answer.text)
                    };
                    let foreign = of(&stage.people.theirs.workspace).await;
                    assert_eq!(foreign, of(NOTHING).await, "{} {} by {name} for another workspace", cell.0, cell.1);
                    assert!(!foreign.0.is_success(), "{foreign:?}");
                    asked += 1;
                }
            }
        }
        assert_eq!(world.test.contents().await, world.before, "something was written");
        assert!(asked > 50, "{asked} pairs of requests are too few to say anything");
    });
}

#[test]
fn what_is_anothers_is_answered_as_what_is_not_there_on_sqlite() {
    what_is_anothers_is_answered_as_what_is_not_there(Dialect::Sqlite);
}

#[test]
fn what_is_anothers_is_answered_as_what_is_not_there_on_postgresql() {
    what_is_anothers_is_answered_as_what_is_not_there(Dialect::Postgres);
}

/// A rule that anybody meets.
const NONE: Rule = Rule::Public("taken away by a test");

/// The first wall alone, with nothing behind it: take away the rule of one route, and somebody gets through who did not.
#[test]
fn a_rule_that_is_taken_away_is_missed() {
    on(Dialect::Sqlite, async |stage| {
        let whole = stage.world(App::hollow).await;
        let mut unnoticed = Vec::new();
        for cell in cells(&stage).await.iter().filter(|cell| !is_public(cell.2)) {
            let without = |method: &Method, path: &str, rule| {
                if *method == cell.0 && path == cell.1 { NONE } else { rule }
            };
            let broken = program(&whole.test, &stage.keys, &stage.root, |app| app.hollow().with_rules(without));
            let broken = World { test: stage.frozen.thaw().await, client: broken, before: Vec::new(), written: None };
            let mut noticed = false;
            for name in People::NAMES {
                let (before, after) = (stage.ask(&whole, cell, name).await, stage.ask(&broken, cell, name).await);
                noticed |= before.status != after.status;
            }
            if !noticed {
                unnoticed.push(format!("{} {}", cell.0, cell.1));
            }
        }
        assert_eq!(unnoticed, Vec::<String>::new(), "these rules can be taken away and nobody misses them");
    });
}

/// The second wall alone: without any rule before them the use cases themselves refuse whom the table refuses, and nothing is written.
#[test]
fn without_rules_the_use_cases_still_refuse() {
    on(Dialect::Sqlite, async |stage| {
        let table = std::fs::read_to_string(expectation_file()).unwrap();
        let open = || stage.world(|app| app.with_rules(|_, _, _| NONE));
        let mut world = open().await;
        let mut let_in = Vec::new();
        for cell in cells(&stage).await.iter().filter(|cell| !is_public(cell.2)) {
            for name in People::NAMES {
                let answer = stage.ask(&world, cell, name).await;
                let unchanged = world.is_unchanged().await;
                if answer.status.is_success() {
                    if !may(&table, cell, name) {
                        let_in.push(format!("{} {} by {name}", cell.0, cell.1));
                    }
                } else {
                    assert!(unchanged, "{} {}, refused to {name}, wrote", cell.0, cell.1);
                }
                if !unchanged {
                    world = open().await;
                }
            }
        }
        assert_eq!(let_in, Vec::<String>::new(), "only the rule of the route keeps these out");
    });
}
