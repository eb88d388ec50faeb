//! What is at the double, and how it answers.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;

use serde_json::{Value, json};

use super::Asked;
use super::documented::Exchange;
use crate::remote_git::{self as git, TestRemote};

/// What is there. Tests look into it, and put things there.
#[derive(Default)]
pub struct World {
    /// By `group/name`.
    pub repositories: BTreeMap<String, TestRemote>,
    /// Tokens that are taken, and the names of those whose they are; each reaches everything.
    pub tokens: BTreeMap<String, String>,
    /// What people are to the projects, by their numbers.
    pub levels: BTreeMap<String, u32>,
    pub hooks: Vec<Value>,
    /// What was told by hooks.
    pub events: Vec<Value>,
    /// What is to be told again.
    pub resent: Vec<String>,
    pub requests: Vec<TestMergeRequest>,
    /// The statuses of commits, the last of each name last.
    pub statuses: Vec<Value>,
    /// Of all kinds, at whatever merge request.
    pub notes: Vec<Value>,
    /// Whether merges wait for pipelines.
    pub guarded: bool,
    /// Given instead of the next answers.
    pub instead: VecDeque<Given>,
    pub exchanges: Vec<Exchange>,
    next: u64,
}

/// An answer that a test gives: status, headers, body.
pub type Given = (u16, Vec<(&'static str, String)>, Value);

/// A merge request.
#[derive(Clone, Debug)]
pub struct TestMergeRequest {
    pub iid: u32,
    pub branch: String,
    /// Of the project that the branch lies in.
    pub source: u64,
    pub base: String,
    pub head: String,
    /// `opened`, `closed`, `merged`.
    pub state: &'static str,
    pub updated_at: String,
}

type Said = (u16, Value);

fn refused(status: u16, message: &str) -> Said {
    (status, json!({ "message": message }))
}

impl World {
    fn next(&mut self) -> u64 {
        self.next += 1;
        1_000 + self.next
    }

    pub(super) fn answer(&mut self, address: &str, asked: &Asked<'_>) -> Said {
        let parts: Vec<&str> = asked.parts.iter().map(String::as_str).collect();
        match parts[..] {
            ["user"] => (200, json!({ "id": 7, "username": asked.user, "name": asked.user, "state": "active" })),
            ["projects"] => (200, self.repositories.iter().map(|(name, it)| self.project(address, name, it)).collect()),
            ["projects", which, ref rest @ ..] => {
                let is_it = |(name, it): &(&String, &TestRemote)| name.as_str() == which || it.id.to_string() == which;
                let Some((name, it)) = self.repositories.iter().find(is_it) else {
                    return refused(404, "404 Project Not Found");
                };
                if rest.is_empty() && asked.method == "GET" {
                    return (200, self.project(address, name, it));
                }
                let (id, folder) = (it.id, it.folder.clone());
                self.of_project(id, &folder, rest, asked)
            }
            _ => refused(404, "404 Not Found"),
        }
    }

    fn project(&self, address: &str, name: &str, it: &TestRemote) -> Value {
        let path = name.rsplit('/').next();
        let visibility = if it.private { "private" } else { "public" };
        json!({ "id": it.id, "name": path, "path": path, "path_with_namespace": name, "visibility": visibility,
            "default_branch": "main", "archived": false, "web_url": format!("{address}/{name}"),
            "http_url_to_repo": format!("{address}/{name}.git"), "only_allow_merge_if_pipeline_succeeds": self.guarded })
    }

    fn of_project(&mut self, project: u64, folder: &Path, rest: &[&str], asked: &Asked<'_>) -> Said {
        let body = &asked.body;
        match (asked.method.as_str(), rest) {
            ("PUT", []) => {
                self.guarded = body["only_allow_merge_if_pipeline_succeeds"] == true;
                (200, json!({ "id": project, "only_allow_merge_if_pipeline_succeeds": self.guarded }))
            }
            ("GET", ["languages"]) => (200, json!({ "HTML": 12.5, "Python": 87.5 })),
            ("GET", ["members", "all", id]) => match self.levels.get(*id) {
                Some(level) => (200, json!({ "id": id.parse::<u64>().ok(), "username": "x", "access_level": level })),
                None => refused(404, "404 Not found"),
            },
            ("GET", ["repository", "merge_base"]) => {
                let (one, other) = asked.query["refs[]"].split_once(',').unwrap_or_default();
                match git::merge_base(folder, one, other) {
                    Some(id) => (200, json!({ "id": id, "short_id": &id[..8] })),
                    None => refused(404, "404 Merge base Not Found"),
                }
            }
            ("POST", ["statuses", sha]) => self.set_status(sha, asked),
            (_, ["hooks", rest @ ..]) => self.hook(project, rest, asked),
            ("GET", ["merge_requests"]) => {
                let state = asked.query.get("state").map_or("all", String::as_str);
                let wanted = self.requests.iter().filter(|it| state == "all" || it.state == state);
                (200, wanted.map(|it| it.shown(project)).collect())
            }
            (_, ["merge_requests", iid, rest @ ..]) => {
                let Some(request) = self.requests.iter().find(|it| it.iid.to_string() == *iid).cloned() else {
                    return refused(404, "404 Not found");
                };
                self.of_request(project, folder, &request, rest, asked)
            }
            _ => refused(404, "404 Not Found"),
        }
    }

    fn hook(&mut self, project: u64, rest: &[&str], asked: &Asked<'_>) -> Said {
        let shown = |hook: &Value| {
            let mut shown = hook.clone();
            shown.as_object_mut().expect("a hook is an object").remove("token");
            shown
        };
        match (asked.method.as_str(), rest) {
            ("POST", []) => {
                let mut made = asked.body.clone();
                (made["id"], made["project_id"]) = (json!(self.next()), json!(project));
                self.hooks.push(made.clone());
                (201, shown(&made))
            }
            (method, [id, rest @ ..]) => {
                let Some(at) = self.hooks.iter().position(|hook| hook["id"].as_u64() == id.parse().ok()) else {
                    return refused(404, "404 Not found");
                };
                match (method, rest) {
                    ("PUT", []) => {
                        for (key, value) in asked.body.as_object().into_iter().flatten() {
                            self.hooks[at][key] = value.clone();
                        }
                        (200, shown(&self.hooks[at]))
                    }
                    ("DELETE", []) => {
                        self.hooks.remove(at);
                        (204, Value::Null)
                    }
                    ("GET", ["events"]) => (200, json!(self.events)),
                    ("POST", ["events", event, "resend"]) => {
                        self.resent.push((*event).to_owned());
                        (201, json!({ "response_status": 200 }))
                    }
                    _ => refused(404, "404 Not Found"),
                }
            }
            _ => refused(404, "404 Not Found"),
        }
    }

    /// One that has not ended goes on from what it is to something else; after one that has ended there is another.
    fn set_status(&mut self, sha: &str, asked: &Asked<'_>) -> Said {
        let body = &asked.body;
        let state = body["state"].as_str().unwrap_or("");
        if !["pending", "running", "success", "failed", "canceled", "skipped"].contains(&state) {
            return (400, json!({ "error": "state does not have a valid value" }));
        }
        let open = |it: &&mut Value| {
            it["sha"] == sha && it["name"] == body["name"] && (it["status"] == "pending" || it["status"] == "running")
        };
        if let Some(known) = self.statuses.iter_mut().rev().find(open) {
            if known["status"] == state {
                let said = format!(
                    "Cannot transition status via :run from :{state} (Reason(s): Status cannot transition via \"run\")"
                );
                return refused(400, &said);
            }
            known["status"] = json!(state);
            known["description"] = body["description"].clone();
            return (201, known.clone());
        }
        let made = json!({ "id": self.next(), "sha": sha, "ref": body["ref"], "status": state, "name": body["name"],
            "target_url": body["target_url"], "description": body["description"], "author": { "username": asked.user } });
        self.statuses.push(made.clone());
        (201, made)
    }

    fn of_request(
        &mut self,
        project: u64,
        folder: &Path,
        request: &TestMergeRequest,
        rest: &[&str],
        asked: &Asked<'_>,
    ) -> Said {
        let body = &asked.body;
        match (asked.method.as_str(), rest) {
            ("GET", []) => (200, request.shown(project)),
            ("GET", ["versions"]) => {
                let base = git::merge_base(folder, &request.base, &request.head);
                let version = json!({ "id": 1, "head_commit_sha": request.head, "base_commit_sha": base,
                    "start_commit_sha": request.base, "state": "collected" });
                (200, json!([version]))
            }
            ("GET", ["diffs"]) => (200, json!(git::differences(folder, &request.base, &request.head))),
            ("GET", ["notes"]) => {
                let of = |note: &&Value| note["noteable_iid"] == request.iid;
                (200, self.notes.iter().filter(of).cloned().collect())
            }
            ("POST", ["notes"]) => {
                let made = self.note(request.iid, asked, Value::Null);
                (201, made)
            }
            ("PUT", ["notes", id]) => {
                let of =
                    |note: &&mut Value| note["id"].as_u64() == id.parse().ok() && note["noteable_iid"] == request.iid;
                match self.notes.iter_mut().find(of) {
                    Some(note) if note["author"]["username"] != asked.user.as_str() => refused(403, "403 Forbidden"),
                    Some(note) => {
                        note["body"] = body["body"].clone();
                        (200, note.clone())
                    }
                    None => refused(404, "404 Not found"),
                }
            }
            ("POST", ["discussions"]) => {
                let position = &body["position"];
                let line = position["new_line"].as_u64().unwrap_or(0);
                let path = position["new_path"].as_str().unwrap_or("");
                let is_head = position["head_sha"] == request.head.as_str();
                // A line that the change wrote stands on one side, and any other on both.
                let written = git::written(folder, &request.base, &request.head, path, line);
                if !is_head || written.is_none() || written != Some(position["old_line"].is_null()) {
                    return refused(400, "400 Bad request - Note {:line_code=>[\"can't be blank\"]}");
                }
                let note = self.note(request.iid, asked, position.clone());
                (201, json!({ "id": format!("{:040x}", self.next()), "individual_note": false, "notes": [note] }))
            }
            _ => refused(404, "404 Not Found"),
        }
    }

    fn note(&mut self, iid: u32, asked: &Asked<'_>, position: Value) -> Value {
        let kind = if position.is_null() { Value::Null } else { json!("DiffNote") };
        let made = json!({ "id": self.next(), "type": kind, "body": asked.body["body"], "system": false,
            "author": { "id": 7, "username": asked.user }, "noteable_type": "MergeRequest", "noteable_iid": iid,
            "created_at": "2024-01-15T10:30:00.000Z", "position": position });
        self.notes.push(made.clone());
        made
    }
}

impl TestMergeRequest {
    /// As the API shows it.
    fn shown(&self, project: u64) -> Value {
        json!({ "id": 9_000 + self.iid, "iid": self.iid, "project_id": project, "title": "A change", "state": self.state,
            "source_branch": self.branch, "target_branch": "main", "source_project_id": self.source,
            "target_project_id": project, "author": { "id": 3, "username": "ada" }, "sha": self.head,
            "updated_at": self.updated_at, "web_url": "https://gitlab.example/a/b/-/merge_requests/7" })
    }

    /// As hooks tell of it; `before` is the head that it had.
    pub fn told(&self, project: u64, action: &str, before: Option<&str>) -> Value {
        let mut told = json!({ "object_kind": "merge_request", "event_type": "merge_request",
            "user": { "id": 3, "name": "Ada", "username": "ada" },
            "project": { "id": project, "path_with_namespace": "group/within/shop" },
            "object_attributes": { "id": 9_000 + self.iid, "iid": self.iid, "title": "A change", "state": self.state,
                "action": action, "author_id": 3, "source_branch": self.branch, "target_branch": "main",
                "source_project_id": self.source, "target_project_id": project, "last_commit": { "id": self.head },
                "updated_at": self.updated_at, "url": "https://gitlab.example/a/b/-/merge_requests/7" },
            "changes": {} });
        if let Some(before) = before {
            told["object_attributes"]["oldrev"] = json!(before);
        }
        told
    }
}
