//! What is told of a change at GitHub: check runs with annotations, statuses, comments.

use rampart_egress::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::client::Lot;
use super::pulls::Login;
use crate::fields::CommitHash;
use crate::remote::transport::{cut, segment};
use crate::remote::{Account, Annotation, Change, Check, Conclusion, Error, ForgeComment, InlineComment};

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
    user: Option<Login>,
    body: Option<String>,
}

#[derive(Deserialize)]
struct Permission {
    /// `admin`, `write`, `read`, `none`.
    permission: String,
}

impl Lot {
    /// A check run where the app asks, as only apps may make them; else the status of the commit.
    pub async fn report(&self, change: Change<'_>, check: &Check) -> Result<Option<String>, Error> {
        if !self.client.is_app() {
            return self.set_status(change.head, check).await.map(|()| None);
        }
        match self.find_run(change.head, check).await? {
            None => self.create_run(change.head, check).await.map(Some),
            Some(run) => {
                // One that has ended has its annotations: others would be added to them.
                let annotations = if run.status == "completed" { &[][..] } else { &check.annotations };
                self.update_run(run.id, check, annotations).await?;
                Ok(Some(run.id.to_string()))
            }
        }
    }

    async fn create_run(&self, head: &CommitHash, check: &Check) -> Result<String, Error> {
        let (first, rest) = check.annotations.split_at(check.annotations.len().min(ANNOTATIONS));
        let mut body = described(check, first);
        body["name"] = json!(check.name);
        body["head_sha"] = json!(head);
        let made: WithId = self.caller().await?.change(Method::POST, &self.path("/check-runs"), &body).await?;
        self.annotate(made.id, check, rest).await?;
        Ok(made.id.to_string())
    }

    async fn update_run(&self, id: u64, check: &Check, annotations: &[Annotation]) -> Result<(), Error> {
        let (first, rest) = annotations.split_at(annotations.len().min(ANNOTATIONS));
        let path = self.path(&format!("/check-runs/{id}"));
        self.caller().await?.tell(Method::PATCH, &path, Some(&described(check, first))).await?;
        self.annotate(id, check, rest).await
    }

    async fn annotate(&self, id: u64, check: &Check, rest: &[Annotation]) -> Result<(), Error> {
        let path = self.path(&format!("/check-runs/{id}"));
        for some in rest.chunks(ANNOTATIONS) {
            let body = json!({ "output": output(check, some) });
            self.caller().await?.tell(Method::PATCH, &path, Some(&body)).await?;
        }
        Ok(())
    }

    /// The one at a commit that has this external id: it may have been made before its id was written down.
    async fn find_run(&self, head: &CommitHash, check: &Check) -> Result<Option<Run>, Error> {
        let path = self.path(&format!("/commits/{head}/check-runs?check_name={}", segment(&check.name)));
        let runs = self.caller().await?.list(&path, MOST_COMMENTS, |page: Runs| page.check_runs).await?;
        Ok(runs.into_iter().find(|run| run.external_id.as_deref() == Some(&check.external_id)))
    }

    async fn set_status(&self, head: &CommitHash, check: &Check) -> Result<(), Error> {
        let state = match check.conclusion {
            None => "pending",
            Some(Conclusion::Failure | Conclusion::Cancelled) => "failure",
            Some(Conclusion::Success | Conclusion::Neutral) => "success",
        };
        let mut body = json!({ "state": state, "context": check.name, "description": cut(&check.line, STATUS_TEXT) });
        if let Some(url) = &check.details_url {
            body["target_url"] = json!(url);
        }
        let path = self.path(&format!("/statuses/{head}"));
        self.caller().await?.tell(Method::POST, &path, Some(&body)).await.map(drop)
    }

    /// The oldest first.
    pub async fn comments(&self, number: u32) -> Result<Vec<ForgeComment>, Error> {
        self.comments_at(&self.path(&format!("/issues/{number}/comments"))).await
    }

    /// The oldest first.
    pub async fn inline_comments(&self, number: u32) -> Result<Vec<ForgeComment>, Error> {
        self.comments_at(&self.path(&format!("/pulls/{number}/comments"))).await
    }

    async fn comments_at(&self, path: &str) -> Result<Vec<ForgeComment>, Error> {
        let found = self.caller().await?.list(path, MOST_COMMENTS, |page: Vec<Comment>| page).await?;
        let told = |comment: Comment| ForgeComment {
            id: comment.id.to_string(),
            author: comment.user.map(|user| user.login).unwrap_or_default(),
            text: comment.body.unwrap_or_default(),
        };
        Ok(found.into_iter().map(told).collect())
    }

    pub async fn create_comment(&self, number: u32, text: &str) -> Result<String, Error> {
        let (path, body) = (self.path(&format!("/issues/{number}/comments")), json!({ "body": cut(text, LONG_TEXT) }));
        let made: WithId = self.caller().await?.change(Method::POST, &path, &body).await?;
        Ok(made.id.to_string())
    }

    /// Comments have numbers of the whole repository.
    pub async fn edit_comment(&self, _number: u32, id: &str, text: &str) -> Result<(), Error> {
        let path = self.path(&format!("/issues/comments/{}", segment(id)));
        let body = json!({ "body": cut(text, LONG_TEXT) });
        self.caller().await?.tell(Method::PATCH, &path, Some(&body)).await.map(drop)
    }

    /// All in one review; its id.
    pub async fn comment_inline(&self, change: Change<'_>, comments: &[InlineComment]) -> Result<String, Error> {
        let path = self.path(&format!("/pulls/{}/reviews", change.number));
        let comment = |it: &InlineComment| {
            let text = it.markdown("suggestion");
            let mut body =
                json!({ "path": it.path, "line": it.last_line, "side": "RIGHT", "body": cut(&text, LONG_TEXT) });
            if it.first_line < it.last_line {
                body["start_line"] = json!(it.first_line);
                body["start_side"] = json!("RIGHT");
            }
            body
        };
        let comments: Vec<Value> = comments.iter().take(MOST_INLINE).map(comment).collect();
        let body = json!({ "commit_id": change.head, "event": "COMMENT", "comments": comments });
        let made: WithId = self.caller().await?.change(Method::POST, &path, &body).await?;
        Ok(made.id.to_string())
    }

    pub async fn may_write(&self, who: &Account) -> Result<bool, Error> {
        let path = self.path(&format!("/collaborators/{}/permission", segment(&who.name)));
        let found: Option<Permission> = self.caller().await?.find(&path).await?;
        Ok(found.is_some_and(|found| matches!(found.permission.as_str(), "admin" | "write")))
    }
}

fn described(check: &Check, annotations: &[Annotation]) -> Value {
    let mut body = json!({ "external_id": check.external_id, "output": output(check, annotations) });
    match check.conclusion {
        Some(conclusion) => {
            body["status"] = json!("completed");
            body["conclusion"] = json!(conclusion.name());
        }
        None => body["status"] = json!("in_progress"),
    }
    if let Some(moment) = check.completed_at {
        body["completed_at"] = json!(moment);
    }
    if let Some(url) = &check.details_url {
        body["details_url"] = json!(url);
    }
    body
}

fn output(check: &Check, annotations: &[Annotation]) -> Value {
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
        "title": cut(&check.title, ANNOTATION_TITLE),
        "summary": cut(&check.summary, LONG_TEXT),
        "annotations": annotations.iter().map(annotation).collect::<Vec<_>>(),
    })
}
