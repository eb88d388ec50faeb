//! What GitLab says, as far as it is listened to: <https://docs.gitlab.com/user/project/integrations/webhook_events/>.

use rampart_kernel::Timestamp;
use serde::Deserialize;

use super::model::Kind;
use super::told::{Comment, Push, PushedCommit, Told, parse};
use crate::error::Error;
use crate::gitlab::MergeRequest;
use crate::pulls::model::PullRequestAction;
use crate::remote::Account;

/// Which project it is about.
#[derive(Deserialize)]
struct About {
    project: Option<Project>,
    project_id: Option<u64>,
}

#[derive(Deserialize)]
struct Project {
    id: Option<u64>,
}

/// System hooks say in their body what they tell, as their header says only that they are one.
#[derive(Deserialize)]
struct Named {
    object_kind: Option<String>,
    event_name: Option<String>,
}

#[derive(Deserialize)]
struct PushTold {
    #[serde(rename = "ref")]
    reference: String,
    /// Zeros when the branch is gone.
    after: String,
    user_username: Option<String>,
    /// The newest twenty, the newest last.
    #[serde(default)]
    commits: Vec<PushedCommit>,
}

#[derive(Deserialize)]
struct MergeRequestTold {
    /// Who did what is told, and need not have opened it.
    user: Option<User>,
    object_attributes: Changed,
}

#[derive(Deserialize)]
struct User {
    id: Option<u64>,
    #[serde(default)]
    username: String,
}

#[derive(Deserialize)]
struct Changed {
    #[serde(flatten)]
    request: MergeRequest,
    /// Not there where it is not told of by itself.
    action: Option<String>,
    author_id: Option<u64>,
    last_commit: Option<Commit>,
    /// The head before; there only when it has another one.
    oldrev: Option<String>,
}

#[derive(Deserialize)]
struct Commit {
    id: String,
}

#[derive(Deserialize)]
struct Retargeted {
    #[serde(default)]
    changes: Changes,
}

#[derive(Default, Deserialize)]
struct Changes {
    target_branch: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct NoteTold {
    user: Option<User>,
    object_attributes: Note,
    /// Only of notes at one.
    merge_request: Option<Numbered>,
}

#[derive(Deserialize)]
struct Note {
    id: u64,
    #[serde(default)]
    note: String,
    author_id: Option<u64>,
    /// GitLab itself wrote it, such as that commits were added.
    #[serde(default)]
    system: bool,
    /// `create` or `update`, where it is said.
    action: Option<String>,
}

#[derive(Deserialize)]
struct Numbered {
    iid: u32,
}

/// What a delivery tells, by its header `X-Gitlab-Event`, and by which name it is noted; nothing for what is not listened to.
pub fn event(header: &str, body: &[u8]) -> Option<(&'static str, Kind)> {
    match header {
        "Push Hook" => named("push"),
        "Merge Request Hook" => named("merge_request"),
        "Note Hook" => named("note"),
        "System Hook" => {
            let said: Option<Named> = serde_json::from_slice(body).ok();
            let name = said.and_then(|said| said.object_kind.or(said.event_name));
            let system = ("system", Kind::Nothing("of the installation, and of no repository"));
            Some(name.as_deref().and_then(named).unwrap_or(system))
        }
        _ => None,
    }
}

/// By the name under which it is noted.
pub fn named(name: &str) -> Option<(&'static str, Kind)> {
    match name {
        "push" => Some(("push", Kind::Push)),
        "merge_request" => Some(("merge_request", Kind::PullRequest)),
        "note" => Some(("note", Kind::Comment)),
        _ => None,
    }
}

/// The project that it is about, if any.
pub fn about(body: &[u8]) -> Option<u64> {
    let about: About = serde_json::from_slice(body).ok()?;
    about.project.and_then(|project| project.id).or(about.project_id)
}

pub fn told(kind: Kind, body: &[u8], now: Timestamp) -> Result<Told, Error> {
    Ok(match kind {
        Kind::Push => push(parse(body)?),
        Kind::PullRequest => merge_request(&parse(body)?, &parse(body)?, now),
        Kind::Comment => noted(parse(body)?),
        Kind::Review | Kind::Installation | Kind::Nothing(_) => return Err(Error::UnsupportedEvent),
    })
}

fn push(it: PushTold) -> Told {
    let deleted = !it.after.is_empty() && it.after.bytes().all(|byte| byte == b'0');
    match Push::head(&it.reference, &it.after, deleted) {
        Err(why) => Told::Nothing(why),
        Ok((branch, head)) => Told::Push(Push {
            branch,
            head,
            // When it was pushed is not said: an earlier push that comes late is put right by the next look.
            at: None,
            pusher: it.user_username,
            commits: it.commits,
        }),
    }
}

fn merge_request(it: &MergeRequestTold, retargeted: &Retargeted, now: Timestamp) -> Told {
    let changed = &it.object_attributes;
    let action = match changed.action.as_deref() {
        Some("open") => PullRequestAction::Opened,
        Some("reopen") => PullRequestAction::Reopened,
        Some("update") if changed.oldrev.is_some() || retargeted.changes.target_branch.is_some() => {
            PullRequestAction::Synchronized
        }
        Some("merge") => PullRequestAction::Merged,
        Some("close") => PullRequestAction::Closed,
        _ => return Told::Nothing("nothing to look at"),
    };
    let Some(head) = &changed.last_commit else { return Told::Nothing("it has no commit") };
    let author = it.user.as_ref().filter(|user| user.id.is_some() && user.id == changed.author_id);
    match changed.request.seen(&head.id, author.map(|user| user.username.as_str()), now) {
        Ok(seen) => Told::PullRequest(Box::new(seen), action),
        Err(why) => Told::Nothing(why),
    }
}

fn noted(it: NoteTold) -> Told {
    let (note, Some(request)) = (it.object_attributes, it.merge_request) else {
        return Told::Nothing("nothing to look at");
    };
    if note.system || note.action.is_some_and(|action| action != "create") {
        return Told::Nothing("nothing to look at");
    }
    let user = it.user.unwrap_or(User { id: None, username: String::new() });
    let id = note.author_id.or(user.id).map(|id| id.to_string()).unwrap_or_default();
    Told::Comment(Comment {
        number: request.iid,
        id: note.id.to_string(),
        by_bot: is_bot(&user.username),
        author: Account { id, name: user.username },
        text: note.note,
    })
}

/// Tokens of projects and groups speak by accounts of their own: `project_42_bot`, with digits of chance behind it since 15.10.
fn is_bot(name: &str) -> bool {
    let rest = name.strip_prefix("project_").or_else(|| name.strip_prefix("group_"));
    let Some((number, rest)) = rest.and_then(|rest| rest.split_once('_')) else { return false };
    !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && (rest == "bot" || rest.starts_with("bot_"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(kind: Kind, body: &Value) -> Told {
        told(kind, body.to_string().as_bytes(), Timestamp::from_millis(0)).unwrap()
    }

    #[test]
    fn a_push_is_one_of_any_forge() {
        let hash = "d".repeat(40);
        let told = json!({ "object_kind": "push", "ref": "refs/heads/main", "after": hash, "user_username": "ada",
            "project": { "id": 15 },
            "commits": [{ "id": hash, "message": "x", "timestamp": "2024-01-15T10:30:00+00:00" }] });
        let Told::Push(push) = read(Kind::Push, &told) else { panic!("a push") };
        assert_eq!((push.head.as_str(), push.pusher.as_deref()), (hash.as_str(), Some("ada")));
        assert!(push.commits[0].timestamp.is_some());
        let gone = json!({ "ref": "refs/heads/main", "after": "0".repeat(40) });
        assert!(matches!(read(Kind::Push, &gone), Told::Nothing("the branch was deleted")));
    }

    #[test]
    fn a_merge_request_is_news_when_its_head_or_its_target_is() {
        let told = |action: &str, more: Value| {
            let mut body = json!({ "user": { "id": 3, "username": "ada" }, "object_attributes": {
                "iid": 7, "title": "t", "url": "https://gitlab.example/a/b/-/merge_requests/7", "state": "opened",
                "action": action, "source_branch": "feature", "target_branch": "main", "author_id": 3,
                "source_project_id": 2, "target_project_id": 1, "last_commit": { "id": "a".repeat(40) },
                "updated_at": "2024-01-15 10:30:00 UTC" } });
            for (key, value) in more.as_object().unwrap() {
                match key.as_str() {
                    "oldrev" => body["object_attributes"]["oldrev"] = value.clone(),
                    _ => body[key] = value.clone(),
                }
            }
            match read(Kind::PullRequest, &body) {
                Told::PullRequest(seen, action) => Some((*seen, action)),
                _ => None,
            }
        };
        let action = |name: &str, more: Value| told(name, more).map(|(_, action)| action);
        assert_eq!(action("open", json!({})), Some(PullRequestAction::Opened));
        assert_eq!(action("update", json!({ "changes": { "labels": {} } })), None);
        assert_eq!(action("update", json!({ "oldrev": "b" })), Some(PullRequestAction::Synchronized));
        let target = json!({ "changes": { "target_branch": { "previous": "old", "current": "main" } } });
        assert_eq!(action("update", target), Some(PullRequestAction::Synchronized));
        assert_eq!(action("approved", json!({})), None);
        let (seen, _) = told("merge", json!({})).unwrap();
        assert_eq!((seen.number, seen.from_fork, seen.author.as_deref()), (7, true, Some("ada")));
        assert_eq!(seen.at.to_text(), "2024-01-15T10:30:00.000Z");
        // Somebody else merges it.
        let (seen, _) = told("merge", json!({ "user": { "id": 4, "username": "bo" } })).unwrap();
        assert_eq!(seen.author, None);
    }

    #[test]
    fn notes_of_people_at_merge_requests_are_comments() {
        let told = |name: &str, more: Value| {
            let mut body = json!({ "user": { "id": 3, "username": name }, "merge_request": { "iid": 7 },
                "object_attributes": { "id": 9, "note": "hello", "author_id": 3, "noteable_type": "MergeRequest" } });
            for (key, value) in more.as_object().unwrap() {
                body["object_attributes"][key] = value.clone();
            }
            match read(Kind::Comment, &body) {
                Told::Comment(comment) => Some(comment),
                _ => None,
            }
        };
        let comment = told("ada", json!({})).unwrap();
        assert_eq!((comment.number, comment.by_bot, comment.author.id.as_str()), (7, false, "3"));
        assert!(told("project_42_bot_0a", json!({ "action": "create" })).unwrap().by_bot);
        assert!(!told("project_x_bot", json!({})).unwrap().by_bot);
        assert!(told("ada", json!({ "system": true })).is_none());
        assert!(told("ada", json!({ "action": "update" })).is_none());
    }

    #[test]
    fn system_hooks_say_in_their_body_what_they_are() {
        let name = |header: &str, body: &str| event(header, body.as_bytes()).map(|(name, _)| name);
        assert_eq!(name("System Hook", r#"{"event_name":"push"}"#), Some("push"));
        assert_eq!(name("System Hook", r#"{"object_kind":"merge_request"}"#), Some("merge_request"));
        assert_eq!(name("System Hook", r#"{"event_name":"user_create"}"#), Some("system"));
        assert_eq!(name("System Hook", "{"), Some("system"));
        assert_eq!(name("Pipeline Hook", "{}"), None);
        assert_eq!(about(br#"{"project_id":5,"project":{"id":6}}"#), Some(6));
        assert_eq!(about(br#"{"project_id":5}"#), Some(5));
    }
}
