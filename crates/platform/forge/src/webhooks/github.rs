//! What GitHub says, as far as it is listened to. Whatever else is in a payload may change without notice.

use rampart_kernel::Timestamp;
use serde::Deserialize;

use super::model::Kind;
use super::told::{Comment, Push, PushedCommit, Review, Told, moment, parse};
use crate::error::Error;
use crate::github::{Login, Pull};
use crate::pulls::model::PullRequestAction;
use crate::remote::Account;

rampart_kernel::named! {
    /// What GitHub tells of and we listen to.
    pub enum GithubEvent {
        Push = "push",
        PullRequest = "pull_request",
        PullRequestReview = "pull_request_review",
        IssueComment = "issue_comment",
        Ping = "ping",
        Installation = "installation",
        InstallationRepositories = "installation_repositories",
    }
}

impl GithubEvent {
    pub fn kind(self) -> Kind {
        match self {
            GithubEvent::Push => Kind::Push,
            GithubEvent::PullRequest => Kind::PullRequest,
            GithubEvent::PullRequestReview => Kind::Review,
            GithubEvent::IssueComment => Kind::Comment,
            GithubEvent::Ping => Kind::Nothing("ping"),
            GithubEvent::Installation | GithubEvent::InstallationRepositories => Kind::Installation,
        }
    }
}

#[derive(Deserialize)]
struct About {
    repository: Option<Named>,
}

#[derive(Deserialize)]
struct Named {
    id: u64,
}

#[derive(Deserialize)]
struct PushTold {
    #[serde(rename = "ref")]
    reference: String,
    after: String,
    #[serde(default)]
    deleted: bool,
    repository: Pushed,
    /// The newest last.
    #[serde(default)]
    commits: Vec<PushedCommit>,
    pusher: Option<Pusher>,
}

#[derive(Deserialize)]
struct Pushed {
    /// Seconds since 1970 here; a text in other events.
    #[serde(default, deserialize_with = "moment")]
    pushed_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Pusher {
    name: Option<String>,
}

#[derive(Deserialize)]
struct PullRequestTold {
    action: String,
    pull_request: Pull,
    #[serde(default)]
    changes: Changes,
}

#[derive(Default, Deserialize)]
struct Changes {
    base: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Reviewed {
    action: String,
    review: Verdict,
    pull_request: Numbered,
}

#[derive(Deserialize)]
struct Verdict {
    user: Option<Login>,
    state: Option<String>,
}

#[derive(Deserialize)]
struct Numbered {
    number: u32,
}

#[derive(Deserialize)]
struct Commented {
    action: String,
    issue: Issue,
    comment: Written,
}

#[derive(Deserialize)]
struct Issue {
    number: u32,
    /// Only of those that are pull requests.
    pull_request: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Written {
    id: u64,
    user: Option<Login>,
    #[serde(default)]
    body: Option<String>,
}

/// The app was installed, taken away, or given other repositories.
#[derive(Deserialize)]
struct Installed {
    action: String,
    installation: Named,
    #[serde(default)]
    repositories: Vec<Named>,
    #[serde(default)]
    repositories_added: Vec<Named>,
    #[serde(default)]
    repositories_removed: Vec<Named>,
}

/// What becomes of an installation of the app.
pub struct Installation {
    pub id: String,
    /// It no longer reaches anything; for good when so.
    pub ended: Option<bool>,
    /// Repositories that it reaches, and those that it reaches no longer, by their numbers.
    pub added: Vec<String>,
    pub removed: Vec<String>,
}

/// The repository that it is about, if any.
pub fn about(body: &[u8]) -> Option<u64> {
    let about: About = serde_json::from_slice(body).ok()?;
    about.repository.map(|named| named.id)
}

pub fn told(kind: Kind, body: &[u8], now: Timestamp) -> Result<Told, Error> {
    Ok(match kind {
        Kind::Push => push(parse(body)?),
        Kind::PullRequest => pull_request(&parse(body)?, now),
        Kind::Review => reviewed(parse(body)?),
        Kind::Comment => commented(parse(body)?),
        Kind::Installation | Kind::Nothing(_) => return Err(Error::UnsupportedEvent),
    })
}

fn push(it: PushTold) -> Told {
    match Push::head(&it.reference, &it.after, it.deleted) {
        Err(why) => Told::Nothing(why),
        Ok((branch, head)) => Told::Push(Push {
            branch,
            head,
            at: it.repository.pushed_at,
            pusher: it.pusher.and_then(|pusher| pusher.name),
            commits: it.commits,
        }),
    }
}

fn pull_request(it: &PullRequestTold, now: Timestamp) -> Told {
    let action = match it.action.as_str() {
        "opened" => PullRequestAction::Opened,
        "reopened" => PullRequestAction::Reopened,
        "synchronize" => PullRequestAction::Synchronized,
        // Its title, mostly; but the branch that it goes into can be changed so, too.
        "edited" if it.changes.base.is_some() => PullRequestAction::Synchronized,
        "closed" if it.pull_request.is_merged() => PullRequestAction::Merged,
        "closed" => PullRequestAction::Closed,
        _ => return Told::Nothing("nothing to look at"),
    };
    match it.pull_request.seen(now) {
        Ok(seen) => Told::PullRequest(Box::new(seen), action),
        Err(why) => Told::Nothing(why),
    }
}

fn reviewed(it: Reviewed) -> Told {
    if it.action != "submitted" {
        return Told::Nothing("nothing to look at");
    }
    let author = it.review.user.map(|user| user.login).unwrap_or_default();
    Told::Review(Review { number: it.pull_request.number, author, verdict: it.review.state.unwrap_or_default() })
}

fn commented(it: Commented) -> Told {
    if it.action != "created" || it.issue.pull_request.is_none() {
        return Told::Nothing("nothing to look at");
    }
    let by_bot = it.comment.user.as_ref().is_some_and(Login::is_bot);
    let author = it
        .comment
        .user
        .map(|user| Account { id: user.id.map(|id| id.to_string()).unwrap_or_default(), name: user.login });
    Told::Comment(Comment {
        number: it.issue.number,
        id: it.comment.id.to_string(),
        author: author.unwrap_or_default(),
        by_bot,
        text: it.comment.body.unwrap_or_default(),
    })
}

/// # Errors
/// [`Error::Field`] when it cannot be read.
pub fn installation(body: &[u8]) -> Result<Installation, Error> {
    let it: Installed = parse(body)?;
    let numbers = |named: &[Named]| named.iter().map(|it| it.id.to_string()).collect::<Vec<_>>();
    let (ended, begun) = match it.action.as_str() {
        "deleted" => (Some(true), false),
        "suspend" => (Some(false), false),
        "created" | "unsuspend" => (None, true),
        _ => (None, false),
    };
    let mut added = numbers(&it.repositories_added);
    if begun {
        added.extend(numbers(&it.repositories));
    }
    Ok(Installation { id: it.installation.id.to_string(), ended, added, removed: numbers(&it.repositories_removed) })
}
