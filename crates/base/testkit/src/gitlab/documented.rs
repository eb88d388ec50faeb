//! What GitLab documents of the operations that are asked: <https://docs.gitlab.com/api/api_resources/>.

use serde_json::Value;

/// Something that was asked.
pub struct Exchange {
    pub method: String,
    pub path: Vec<String>,
    pub query: Vec<String>,
    pub body: Value,
}

/// An operation: its method, its path (`*` for a part that names something), the parameters that it must have, and those that it may have
/// besides the ones of pages. Those of nested objects stand behind a point.
type Operation = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

const OPERATIONS: &[Operation] = &[
    ("GET", "user", &[], &[]),
    ("GET", "projects", &[], &["membership", "archived", "order_by", "sort", "search", "simple", "min_access_level"]),
    ("GET", "projects/*", &[], &["statistics", "license"]),
    ("PUT", "projects/*", &[], &["only_allow_merge_if_pipeline_succeeds"]),
    ("GET", "projects/*/languages", &[], &[]),
    ("GET", "projects/*/members/all/*", &[], &[]),
    ("POST", "projects/*/hooks", &["url"], HOOK),
    ("PUT", "projects/*/hooks/*", &["url"], HOOK),
    ("DELETE", "projects/*/hooks/*", &[], &[]),
    ("GET", "projects/*/hooks/*/events", &[], &["status"]),
    ("POST", "projects/*/hooks/*/events/*/resend", &[], &[]),
    ("GET", "projects/*/merge_requests", &[], &["state", "order_by", "sort"]),
    ("GET", "projects/*/merge_requests/*", &[], &[]),
    ("GET", "projects/*/merge_requests/*/versions", &[], &[]),
    ("GET", "projects/*/merge_requests/*/diffs", &[], &["unidiff"]),
    ("GET", "projects/*/merge_requests/*/notes", &[], &["order_by", "sort", "activity_filter"]),
    ("POST", "projects/*/merge_requests/*/notes", &["body"], &["created_at", "internal"]),
    ("PUT", "projects/*/merge_requests/*/notes/*", &[], &["body"]),
    ("POST", "projects/*/merge_requests/*/discussions", &["body"], POSITION),
    ("GET", "projects/*/repository/merge_base", &["refs[]"], &[]),
    (
        "POST",
        "projects/*/statuses/*",
        &["state"],
        &["name", "context", "ref", "target_url", "description", "coverage", "pipeline_id"],
    ),
];

const HOOK: &[&str] = &[
    "token",
    "push_events",
    "merge_requests_events",
    "note_events",
    "enable_ssl_verification",
    "push_events_branch_filter",
    "name",
    "description",
];

const POSITION: &[&str] = &[
    "commit_id",
    "created_at",
    "position.position_type",
    "position.base_sha",
    "position.start_sha",
    "position.head_sha",
    "position.old_path",
    "position.new_path",
    "position.old_line",
    "position.new_line",
];

/// # Errors
/// What of it is not documented.
pub fn wrong(exchange: &Exchange) -> Result<(), String> {
    let asked = format!("{} /{}", exchange.method, exchange.path.join("/"));
    let matches = |template: &str| {
        let parts: Vec<&str> = template.split('/').collect();
        parts.len() == exchange.path.len()
            && parts.iter().zip(&exchange.path).all(|(part, own)| *part == "*" || part == own)
    };
    let found = OPERATIONS.iter().find(|(method, path, ..)| *method == exchange.method && matches(path));
    let (_, _, must, may) = found.ok_or_else(|| format!("{asked}: GitLab has no such operation"))?;
    let mut names = exchange.query.clone();
    named("", &exchange.body, &mut names);
    if let Some(missing) = must.iter().find(|name| !names.iter().any(|own| own == *name)) {
        return Err(format!("{asked}: without {missing}"));
    }
    let known = |name: &str| must.contains(&name) || may.contains(&name) || ["page", "per_page"].contains(&name);
    match names.iter().find(|name| !known(name)) {
        Some(unknown) => Err(format!("{asked}: {unknown} is no parameter of it")),
        None => Ok(()),
    }
}

fn named(before: &str, value: &Value, names: &mut Vec<String>) {
    for (name, value) in value.as_object().into_iter().flatten() {
        let name = format!("{before}{name}");
        match value {
            Value::Object(_) => named(&format!("{name}."), value, names),
            _ => names.push(name),
        }
    }
}
