//! What is told of a change at GitHub: check runs with annotations, statuses, comments.

use rampart_egress::Method;
use rampart_kernel::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::account::path_of;
use super::client::Client;
use super::error::Error;
use crate::fields::CommitHash;

/// Annotations of one call (GitHub takes no more); further ones are added by further calls.
const ANNOTATIONS: usize = 50;

/// Characters of texts, as GitHub takes them.
const LONG_TEXT: usize = 65_535;
const STATUS_TEXT: usize = 140;
const ANNOTATION_TITLE: usize = 255;
const ANNOTATION_TEXT: usize = 16_000;

/// Comments that are looked through for one of ours.
const MOST_COMMENTS: usize = 1_000;

/// Comments of one review.
const MOST_INLINE: usize = 100;

rampart_kernel::named! {
    /// How far a check run has come.
    pub enum CheckState {
        Queued = "queued",
        InProgress = "in_progress",
        Completed = "completed",
    }
}

rampart_kernel::named! {
    /// How a check run ended.
    pub enum Conclusion {
        Success = "success",
        Failure = "failure",
        Neutral = "neutral",
        Cancelled = "cancelled",
        TimedOut = "timed_out",
        ActionRequired = "action_required",
        Skipped = "skipped",
    }
}

rampart_kernel::named! {
    pub enum AnnotationLevel {
        Notice = "notice",
        Warning = "warning",
        Failure = "failure",
    }
}

rampart_kernel::named! {
    /// How a commit stands, where there are no check runs.
    pub enum StatusState {
        Pending = "pending",
        Success = "success",
        Failure = "failure",
        Error = "error",
    }
}

/// A remark at lines of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    pub path: String,
    /// Counted from 1.
    pub start_line: u32,
    pub end_line: u32,
    pub level: AnnotationLevel,
    pub title: String,
    pub message: String,
}

/// A check run as it is to be. Texts are Markdown, cut to what GitHub takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckRun {
    /// `rampart/security`
    pub name: String,
    /// By which it is known again, such as the id of the scan.
    pub external_id: String,
    pub details_url: Option<String>,
    pub state: CheckState,
    /// Of a completed one.
    pub conclusion: Option<Conclusion>,
    pub started_at: Option<Timestamp>,
    pub completed_at: Option<Timestamp>,
    pub title: String,
    pub summary: String,
    pub annotations: Vec<Annotation>,
}

/// A check run as it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenCheckRun {
    pub id: String,
    /// It has ended, and has its annotations.
    pub completed: bool,
}

/// A comment at a pull request as it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForgeComment {
    pub id: String,
    pub author: String,
    pub text: String,
}

/// A comment to be made at lines of the change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlineComment {
    pub path: String,
    /// The first of several lines.
    pub start_line: Option<u32>,
    /// The last one, as the head has it; counted from 1. It must be part of the difference that GitHub shows.
    pub line: u32,
    /// Markdown; a suggestion is a block of it.
    pub text: String,
}

/// A comment at lines of a change as it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewComment {
    pub id: String,
    pub author: String,
    pub path: String,
    /// Nothing when the lines are no longer part of the difference.
    pub line: Option<u32>,
    pub text: String,
}

#[derive(Deserialize)]
struct WithId {
    id: u64,
}

#[derive(Deserialize)]
struct Runs {
    check_runs: Vec<Run>,
}

#[derive(Deserialize)]
struct Run {
    id: u64,
    external_id: Option<String>,
    status: String,
}

#[derive(Deserialize)]
struct Comment {
    id: u64,
    user: Option<User>,
    body: Option<String>,
    #[serde(default)]
    path: String,
    line: Option<u32>,
}

#[derive(Deserialize)]
struct User {
    login: String,
}

#[derive(Deserialize)]
struct Compared {
    merge_base_commit: super::account::Sha,
}

impl Client {
    /// Makes a check run at a commit; its id. Only an app may.
    pub async fn create_check_run(&self, name: &str, head: &CommitHash, run: &CheckRun) -> Result<String, Error> {
        let path = format!("/repos/{}/check-runs", path_of(name)?);
        let (first, rest) = run.annotations.split_at(run.annotations.len().min(ANNOTATIONS));
        let mut body = described(run, first);
        body["name"] = json!(run.name);
        body["head_sha"] = json!(head);
        let made: WithId = self.change(Method::POST, &path, &body).await?;
        let id = made.id.to_string();
        self.annotate(name, &id, run, rest).await?;
        Ok(id)
    }

    /// As it is now. Annotations are added to those that it has.
    pub async fn update_check_run(&self, name: &str, id: &str, run: &CheckRun) -> Result<(), Error> {
        let path = run_path(name, id)?;
        let (first, rest) = run.annotations.split_at(run.annotations.len().min(ANNOTATIONS));
        self.tell(Method::PATCH, &path, Some(&described(run, first))).await?;
        self.annotate(name, id, run, rest).await
    }

    async fn annotate(&self, name: &str, id: &str, run: &CheckRun, rest: &[Annotation]) -> Result<(), Error> {
        let path = run_path(name, id)?;
        for some in rest.chunks(ANNOTATIONS) {
            let body = json!({ "output": output(run, some) });
            self.tell(Method::PATCH, &path, Some(&body)).await?;
        }
        Ok(())
    }

    /// The one at a commit that has this external id: it may have been made before its id was written down.
    pub async fn find_check_run(
        &self,
        name: &str,
        head: &CommitHash,
        check: &str,
        external_id: &str,
    ) -> Result<Option<SeenCheckRun>, Error> {
        let check = super::account::segment(check);
        let path = format!("/repos/{}/commits/{head}/check-runs?check_name={check}", path_of(name)?);
        let runs = self.list(&path, MOST_COMMENTS, |page: Runs| page.check_runs).await?;
        let found = runs.into_iter().find(|run| run.external_id.as_deref() == Some(external_id));
        let completed = |run: &Run| run.status == CheckState::Completed.name();
        Ok(found.map(|run| SeenCheckRun { id: run.id.to_string(), completed: completed(&run) }))
    }

    /// Where there are no check runs.
    pub async fn set_status(
        &self,
        name: &str,
        head: &CommitHash,
        (context, state): (&str, StatusState),
        description: &str,
        target_url: Option<&str>,
    ) -> Result<(), Error> {
        let path = format!("/repos/{}/statuses/{head}", path_of(name)?);
        let mut body =
            json!({ "state": state.name(), "context": context, "description": cut(description, STATUS_TEXT) });
        if let Some(url) = target_url {
            body["target_url"] = json!(url);
        }
        self.tell(Method::POST, &path, Some(&body)).await.map(drop)
    }

    /// Comments at a pull request, not at its lines; the oldest first.
    pub async fn comments(&self, name: &str, number: u32) -> Result<Vec<ForgeComment>, Error> {
        let path = format!("/repos/{}/issues/{number}/comments", path_of(name)?);
        let found = self.list(&path, MOST_COMMENTS, |page: Vec<Comment>| page).await?;
        Ok(found.into_iter().map(told).collect())
    }

    /// Makes a comment; its id.
    pub async fn create_comment(&self, name: &str, number: u32, text: &str) -> Result<String, Error> {
        let path = format!("/repos/{}/issues/{number}/comments", path_of(name)?);
        let made: WithId = self.change(Method::POST, &path, &json!({ "body": cut(text, LONG_TEXT) })).await?;
        Ok(made.id.to_string())
    }

    /// Whether it is there still.
    pub async fn edit_comment(&self, name: &str, id: &str, text: &str) -> Result<bool, Error> {
        let path = format!("/repos/{}/issues/comments/{}", path_of(name)?, super::account::segment(id));
        match self.tell(Method::PATCH, &path, Some(&json!({ "body": cut(text, LONG_TEXT) }))).await {
            Ok(_) => Ok(true),
            Err(Error::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Comments at lines of a pull request; the oldest first.
    pub async fn review_comments(&self, name: &str, number: u32) -> Result<Vec<ReviewComment>, Error> {
        let path = format!("/repos/{}/pulls/{number}/comments", path_of(name)?);
        let found = self.list(&path, MOST_COMMENTS, |page: Vec<Comment>| page).await?;
        Ok(found
            .into_iter()
            .map(|comment| {
                let (path, line) = (comment.path.clone(), comment.line);
                let ForgeComment { id, author, text } = told(comment);
                ReviewComment { id, author, path, line, text }
            })
            .collect())
    }

    /// Comments at lines, all in one review that neither approves nor refuses; the review's id.
    pub async fn create_review(
        &self,
        name: &str,
        number: u32,
        head: &CommitHash,
        comments: &[InlineComment],
    ) -> Result<String, Error> {
        let path = format!("/repos/{}/pulls/{number}/reviews", path_of(name)?);
        let comment = |it: &InlineComment| {
            let mut body =
                json!({ "path": it.path, "line": it.line, "side": "RIGHT", "body": cut(&it.text, LONG_TEXT) });
            if let Some(start) = it.start_line.filter(|start| *start < it.line) {
                body["start_line"] = json!(start);
                body["start_side"] = json!("RIGHT");
            }
            body
        };
        let comments: Vec<Value> = comments.iter().take(MOST_INLINE).map(comment).collect();
        let body = json!({ "commit_id": head, "event": "COMMENT", "comments": comments });
        let made: WithId = self.change(Method::POST, &path, &body).await?;
        Ok(made.id.to_string())
    }

    /// Where two commits parted.
    pub async fn merge_base(&self, name: &str, base: &CommitHash, head: &CommitHash) -> Result<CommitHash, Error> {
        let path = format!("/repos/{}/compare/{base}...{head}?per_page=1", path_of(name)?);
        let compared: Compared = self.get(&path).await?;
        compared.merge_base_commit.sha.parse().map_err(|_| Error::Answer("a merge base"))
    }
}

fn run_path(name: &str, id: &str) -> Result<String, Error> {
    Ok(format!("/repos/{}/check-runs/{}", path_of(name)?, super::account::segment(id)))
}

fn described(run: &CheckRun, annotations: &[Annotation]) -> Value {
    let mut body = json!({ "external_id": run.external_id, "output": output(run, annotations) });
    // GitHub takes a conclusion for the end, and asks for one at the end.
    match (run.state, run.conclusion) {
        (CheckState::Completed, conclusion) => {
            body["status"] = json!(CheckState::Completed.name());
            body["conclusion"] = json!(conclusion.unwrap_or(Conclusion::Neutral).name());
        }
        (state, _) => body["status"] = json!(state.name()),
    }
    for (key, moment) in [("started_at", run.started_at), ("completed_at", run.completed_at)] {
        if let Some(moment) = moment {
            body[key] = json!(moment);
        }
    }
    if let Some(url) = &run.details_url {
        body["details_url"] = json!(url);
    }
    body
}

fn output(run: &CheckRun, annotations: &[Annotation]) -> Value {
    let annotation = |it: &Annotation| {
        json!({
            "path": it.path,
            "start_line": it.start_line,
            "end_line": it.end_line.max(it.start_line),
            "annotation_level": it.level.name(),
            "title": cut(&it.title, ANNOTATION_TITLE),
            "message": cut(&it.message, ANNOTATION_TEXT),
        })
    };
    json!({
        "title": cut(&run.title, ANNOTATION_TITLE),
        "summary": cut(&run.summary, LONG_TEXT),
        "annotations": annotations.iter().map(annotation).collect::<Vec<_>>(),
    })
}

fn told(comment: Comment) -> ForgeComment {
    ForgeComment {
        id: comment.id.to_string(),
        author: comment.user.map(|user| user.login).unwrap_or_default(),
        text: comment.body.unwrap_or_default(),
    }
}

/// GitHub counts bytes at some places and characters at others.
fn cut(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
