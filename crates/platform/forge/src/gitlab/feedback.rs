//! What is told of a change at GitLab: the status of a commit, notes, discussions beside lines.

use rampart_egress::Method;
use rampart_kernel::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::client::Project;
use super::differences::line_before;
use crate::model::Provider;
use crate::remote::transport::{cut, segment};
use crate::remote::{Change, Check, Conclusion, Error, ForgeComment, InlineComment};
use crate::webhooks::told::moment;

/// Characters of texts, as GitLab takes them.
const STATUS_TEXT: usize = 255;
const LONG_TEXT: usize = 1_000_000;

/// Notes that are looked through for one of ours.
const MOST_NOTES: usize = 1_000;

/// Files of a change whose difference is looked at.
const MOST_FILES: usize = 1_000;

/// Versions of a merge request that the head is looked for among: the newest come first.
const MOST_VERSIONS: usize = 20;

#[derive(Deserialize)]
struct Note {
    id: u64,
    #[serde(default)]
    body: String,
    author: Option<Author>,
    /// GitLab itself wrote it, such as that commits were added.
    #[serde(default)]
    system: bool,
    /// `DiffNote` beside lines.
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "moment")]
    created_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Author {
    username: String,
}

#[derive(Deserialize)]
struct WithId {
    id: u64,
}

#[derive(Deserialize)]
struct Discussion {
    #[serde(default)]
    notes: Vec<WithId>,
}

/// The three commits that a line is named by.
#[derive(Deserialize)]
struct Version {
    base_commit_sha: String,
    start_commit_sha: String,
    head_commit_sha: String,
}

/// How a file differs.
#[derive(Deserialize)]
struct Difference {
    old_path: String,
    new_path: String,
    #[serde(default)]
    new_file: bool,
    /// Empty where it is too large to be shown.
    #[serde(default)]
    diff: String,
}

impl Project {
    /// The status of the commit. It has no number by which it would be known: the last of its name counts.
    pub async fn report(&self, change: Change<'_>, check: &Check) -> Result<Option<String>, Error> {
        let state = match check.conclusion {
            None => "running",
            Some(Conclusion::Failure | Conclusion::Cancelled) => "failed",
            Some(Conclusion::Success | Conclusion::Neutral) => "success",
        };
        // Without a name GitLab looks for a branch that has the commit, and that of a fork is none of this project's.
        let reference = match change.from_fork {
            true => format!("refs/merge-requests/{}/head", change.number),
            false => change.branch.to_owned(),
        };
        let mut body = json!({ "state": state, "name": check.name, "ref": reference,
            "description": cut(&check.line, STATUS_TEXT) });
        if let Some(url) = &check.details_url {
            body["target_url"] = json!(url);
        }
        let path = self.path(&format!("/statuses/{}", change.head));
        match self.caller.tell(Method::POST, &path, Some(&body)).await {
            // It is so already.
            Err(Error::Refused { status: 400, words, .. }) if words.contains("Cannot transition") => Ok(None),
            told => told.map(|_| None),
        }
    }

    /// The oldest first.
    pub async fn comments(&self, number: u32) -> Result<Vec<ForgeComment>, Error> {
        self.notes(number, |note| note.kind.as_deref() != Some("DiffNote")).await
    }

    /// The oldest first.
    pub async fn inline_comments(&self, number: u32) -> Result<Vec<ForgeComment>, Error> {
        self.notes(number, |note| note.kind.as_deref() == Some("DiffNote")).await
    }

    async fn notes(&self, number: u32, of: impl Fn(&Note) -> bool) -> Result<Vec<ForgeComment>, Error> {
        let path = request(number, "/notes?order_by=created_at&sort=asc");
        let found = self.caller.list(&self.path(&path), MOST_NOTES, |page: Vec<Note>| page).await?;
        let mut notes: Vec<Note> = found.into_iter().filter(|note| !note.system && of(note)).collect();
        notes.sort_by_key(|note| (note.created_at, note.id));
        let told = |note: Note| ForgeComment {
            id: note.id.to_string(),
            author: note.author.map(|author| author.username).unwrap_or_default(),
            text: note.body,
        };
        Ok(notes.into_iter().map(told).collect())
    }

    pub async fn create_comment(&self, number: u32, text: &str) -> Result<String, Error> {
        let (path, body) = (self.path(&request(number, "/notes")), json!({ "body": cut(text, LONG_TEXT) }));
        let made: WithId = self.caller.change(Method::POST, &path, &body).await?;
        Ok(made.id.to_string())
    }

    pub async fn edit_comment(&self, number: u32, id: &str, text: &str) -> Result<(), Error> {
        let path = self.path(&request(number, &format!("/notes/{}", segment(id))));
        self.caller.tell(Method::PUT, &path, Some(&json!({ "body": cut(text, LONG_TEXT) }))).await.map(drop)
    }

    /// A discussion for each; the id of the first note of the first.
    pub async fn comment_inline(&self, change: Change<'_>, comments: &[InlineComment]) -> Result<String, Error> {
        let version = self.version(change).await?;
        let path = self.path(&request(change.number, "/diffs"));
        let differences = self.caller.list(&path, MOST_FILES, |page: Vec<Difference>| page).await?;
        let (mut first, mut refused) = (None, None);
        for comment in comments {
            let difference = differences.iter().find(|difference| difference.new_path == comment.path);
            match self.discuss(change.number, &version, difference, comment).await {
                Ok(id) => first = first.or(Some(id)),
                Err(error) if error.is_passing() => return Err(error),
                Err(error) => {
                    tracing::warn!(%error, "a comment beside a line was refused");
                    refused = Some(error);
                }
            }
        }
        first.ok_or_else(|| refused.unwrap_or(Error::NotFound(Provider::Gitlab)))
    }

    async fn discuss(
        &self,
        number: u32,
        version: &Version,
        difference: Option<&Difference>,
        comment: &InlineComment,
    ) -> Result<String, Error> {
        let mut position = json!({
            "position_type": "text",
            "base_sha": version.base_commit_sha,
            "start_sha": version.start_commit_sha,
            "head_sha": version.head_commit_sha,
            "old_path": difference.map_or(&comment.path, |it| &it.old_path),
            "new_path": comment.path,
            "new_line": comment.last_line,
        });
        let before = difference.filter(|it| !it.new_file).and_then(|it| line_before(&it.diff, comment.last_line));
        if let Some(line) = before {
            position["old_line"] = json!(line);
        }
        // Lines above the one that it stands at are replaced too.
        let above = comment.last_line.saturating_sub(comment.first_line);
        let text = comment.markdown(&format!("suggestion:-{above}+0"));
        let body = json!({ "body": cut(&text, LONG_TEXT), "position": position });
        let path = self.path(&request(number, "/discussions"));
        let made: Discussion = self.caller.change(Method::POST, &path, &body).await?;
        let note = made.notes.first().ok_or(Error::Answer(Provider::Gitlab, "a discussion without a note"))?;
        Ok(note.id.to_string())
    }

    /// GitLab makes versions some moments after a push.
    async fn version(&self, change: Change<'_>) -> Result<Version, Error> {
        let path = self.path(&request(change.number, "/versions"));
        let all = self.caller.list(&path, MOST_VERSIONS, |page: Vec<Version>| page).await?;
        let of_head = all.into_iter().find(|version| version.head_commit_sha == change.head.as_str());
        of_head.ok_or(Error::NotYet { forge: Provider::Gitlab, what: "the difference of this head" })
    }
}

fn request(number: u32, rest: &str) -> String {
    format!("/merge_requests/{number}{rest}")
}
