//! A platform with repositories to write findings into, and people who look at them.

use std::sync::Arc;

use rampart_access::Ctx;
use rampart_access::audit::{self, Audit};
use rampart_events::{Bus, Relay, Subscriptions};
use rampart_findings::identity::Change;
use rampart_findings::{Findings, Ingest, Ingested, ScanId, Scope, module, subscriptions};
use rampart_forge::{Forge, RepositoryId};
use rampart_identity::{Ground, Identity};
use rampart_jobs::{Handlers, Jobs};
use rampart_kernel::config::{Loader, Sources};
use rampart_kernel::{Keys, MasterKey, Origin, SystemChance, UserId, WorkspaceId};
use rampart_mail::Mail;
use rampart_report::model::{Coverage, Explanation, Finding, Position, Report, RuleInfo, SCHEMA, Severity, Tool};
use rampart_store::{Migration, params};
use rampart_testkit::{Answer, Client, People, QUICK, TestStore};
use rampart_web::{App, Kit, LimitSettings, Limiter, WebSettings};
use serde_json::Value;

pub fn migrations() -> Vec<Migration> {
    [
        audit::MIGRATIONS,
        rampart_jobs::MIGRATIONS,
        rampart_mail::MIGRATIONS,
        rampart_identity::MIGRATIONS,
        rampart_forge::MIGRATIONS,
        rampart_findings::MIGRATIONS,
    ]
    .concat()
}

pub struct World {
    pub test: TestStore,
    pub findings: Findings,
    pub workspace: WorkspaceId,
    pub people: People,
    pub relay: Relay,
    client: Client,
}

impl World {
    pub async fn new(test: TestStore) -> World {
        let mut loader = Loader::new(Sources::of_variables(QUICK));
        let (web, limits): (WebSettings, LimitSettings) = (loader.group().unwrap(), loader.group().unwrap());
        let keys = Arc::new(Keys::new(MasterKey::generate(&SystemChance), Vec::new()).unwrap());
        let jobs = Jobs::new(test.store.clone());
        let (settings, aws) = (loader.group().unwrap(), loader.group().unwrap());
        let mail = Mail::new(test.store.clone(), jobs.clone(), keys.clone(), &settings, &aws).unwrap();
        let ground = Ground {
            store: test.store.clone(),
            keys: keys.clone(),
            jobs: jobs.clone(),
            mail: mail.clone(),
            web: web.clone(),
        };
        let identity = Identity::new(ground, loader.group().unwrap(), loader.group().unwrap()).unwrap();
        let ground = rampart_forge::Ground {
            store: test.store.clone(),
            audit: Audit::new(&keys),
            keys: keys.clone(),
            jobs,
            identity: identity.clone(),
            web: web.clone(),
            data_dir: test.settings.data_dir.clone(),
        };
        let forge =
            Forge::new(ground, &loader.group().unwrap(), (&loader.group().unwrap(), &loader.group().unwrap())).unwrap();
        let findings = Findings::new(test.store.clone(), Audit::new(&keys), forge);
        let accounts = rampart_identity::module(&identity, &web, mail.handlers(Handlers::new()));
        let module = module(&findings, accounts.handlers);
        let relay = Relay::new(test.store.clone(), subscriptions(Subscriptions::new()), Bus::new());
        let kit = Kit {
            settings: web,
            store: test.store.clone(),
            origin: test.origin.clone(),
            authenticator: Arc::new(identity.clone()),
            limiter: Limiter::new(limits),
            metrics: None,
        };
        let client = Client::new(App::new(accounts.routes.into_iter().chain(module.routes).collect()).into_router(kit));
        let code = identity.bootstrap(&test.origin).await.unwrap().unwrap().code;
        let people = People::settle(&client, code.expose(), &test.clock).await;
        let workspace = people.ours.workspace.parse().unwrap();
        World { test, findings, workspace, people, relay, client }
    }

    pub fn client(&self, name: &str) -> Client {
        self.people.client(&self.client, name)
    }

    /// As [`World::client`], signed in anew: sessions end after some days.
    pub async fn again(&self, name: &str) -> Client {
        let email = match name.strip_prefix("other ") {
            Some(name) => format!("theirs-{name}@example.com"),
            None => format!("ours-{name}@example.com"),
        };
        let body = serde_json::json!({ "email": email, "password": "otter-Lamp-42-rivet" });
        let answer = self.client.post("/api/v1/auth/login", body).await;
        self.client.bearer(ok(&answer)["accessToken"].as_str().unwrap())
    }

    /// The program itself, in our workspace.
    pub fn ctx(&self) -> Ctx {
        Ctx::of_system(self.origin(), "test")
    }

    pub fn origin(&self) -> Origin {
        self.test.origin.clone().in_workspace(Some(self.workspace))
    }

    /// A repository of our workspace.
    pub async fn repository(&self, name: &str) -> RepositoryId {
        let id: RepositoryId = self.test.origin.new_id();
        let owner: UserId = self.people.ours.owner.parse().unwrap();
        let mut tx = self.test.store.begin(&self.origin()).await.unwrap();
        let now = self.test.origin.now();
        let sql = "INSERT INTO repositories (id, workspace_id, added_by, provider, repo_url, owner, repo_name, full_name, private,
                    default_branch, auto_scan_enabled, auto_fix_enabled, settings, created_at, updated_at)
                   VALUES ($1, $2, $3, 'local', $4, 'team', $5, $6, $7, 'main', $7, $7, $8, $9, $9)";
        let settings = serde_json::json!({});
        let url = format!("file:///{name}");
        let full = format!("team/{name}");
        tx.execute(sql, &params![id, self.workspace, owner, url, name, full, false, settings, now]).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    pub async fn ingest(&self, repository: RepositoryId, report: &Report) -> (ScanId, Ingested) {
        self.ingest_change(repository, report, Change::none()).await
    }

    pub async fn ingest_change(&self, repository: RepositoryId, report: &Report, change: Change) -> (ScanId, Ingested) {
        let scan = self.test.origin.new_id();
        let ingest = Ingest { repository, scan, report, scope: Scope::Whole, change, files: None };
        (scan, self.findings.ingest(&self.ctx(), &ingest).await.unwrap())
    }

    /// Tells events until none is left.
    pub async fn settle(&self) {
        while self.relay.relay(&self.test.origin).await.unwrap() > 0 {}
    }

    pub async fn list(&self, query: &str) -> Vec<Value> {
        let answer = self.again("viewer").await.get(&format!("/api/v1/vulnerabilities?{query}")).await;
        ok(&answer)["vulnerabilities"].as_array().unwrap().clone()
    }

    /// The id of the finding in this file.
    pub async fn id(&self, file: &str) -> String {
        let all = self.list("limit=100").await;
        let one = all.iter().find(|one| one["filePath"] == file);
        one.unwrap_or_else(|| panic!("nothing in {file}: {all:?}"))["id"].as_str().unwrap().to_owned()
    }
}

pub fn ok(answer: &Answer) -> &Value {
    assert!(answer.status.is_success(), "{} {}", answer.status, answer.text);
    &answer.body
}

/// Findings of a rule each, in files of their own.
pub fn report(found: &[(&str, Severity, &str)]) -> Report {
    let mut rules: Vec<RuleInfo> = found.iter().map(|(rule, severity, _)| info(rule, *severity)).collect();
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    rules.dedup_by(|a, b| a.id == b.id);
    let files: Vec<String> = found.iter().map(|(.., path)| (*path).to_owned()).collect();
    Report {
        schema: SCHEMA,
        tool: Tool { name: "Rampart".into(), version: "1".into(), ..Tool::default() },
        started: String::new(),
        finished: String::new(),
        root: ".".into(),
        rules,
        findings: found.iter().map(|(rule, severity, path)| finding(rule, *severity, path)).collect(),
        coverage: Coverage {
            files_scanned: files.len() as u64,
            lines_scanned: 2_000,
            scanned: files,
            complete: true,
            wall_ms: 250,
            ..Coverage::default()
        },
    }
}

fn info(rule: &str, severity: Severity) -> RuleInfo {
    RuleInfo {
        id: rule.to_owned(),
        name: format!("Title of {rule}"),
        severity,
        cwe: vec!["CWE-89: Improper neutralization".to_owned()],
        owasp: vec!["A03:2021 - Injection".to_owned()],
        category: Some("security".to_owned()),
        explanation: Some(Explanation {
            what: "What it is.".to_owned(),
            impact: "What it does.".to_owned(),
            fix: "What to do.".to_owned(),
            ..Explanation::default()
        }),
        ..RuleInfo::default()
    }
}

pub fn finding(rule: &str, severity: Severity, path: &str) -> Finding {
    Finding {
        rule: rule.to_owned(),
        path: path.to_owned(),
        start: Position { line: 45, column: 5, offset: 900 },
        end: Position { line: 45, column: 20, offset: 915 },
        severity,
        message: format!("{rule} in {path}"),
        first_line: 44,
        lines: vec!["before".to_owned(), "db.run(query + name)".to_owned(), "after".to_owned()],
        fingerprints: [("match/v1".to_owned(), format!("{rule}/{path}"))].into(),
        ..Finding::default()
    }
}
