//! Which events are told to whom, in which words.
//!
//! Events are known by their names and their documented data, not by the types of their modules: a module below need not know that
//! anybody hears of it.

use rampart_access::WorkspaceRole;
use rampart_events::Subscriptions;
use rampart_jobs::Jobs;
use rampart_kernel::UserId;
use rampart_store::Event;
use serde::Serialize;
use serde_json::Value;

use crate::jobs::FanOutEvent;
use crate::model::{Kind, Severity};

/// Who is to hear of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Members with at least this role.
    Least(WorkspaceRole),
    /// One member.
    Only(UserId),
    /// No people, only channels that want to hear of it.
    Channels,
    /// Whoever administers the installation, in their usual workspaces.
    PlatformAdmins,
}

/// What is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub kind: Kind,
    pub severity: Severity,
    pub title: String,
    pub body: String,
    pub link: Option<String>,
    pub audience: Audience,
    /// What it is told together with, when that comes within some minutes.
    pub group: Option<String>,
}

macro_rules! heard {
    ($($type:ident = $name:literal),+ $(,)?) => {
        $(
            /// An event of another module, by its name.
            #[derive(Serialize)]
            struct $type;

            impl Event for $type {
                const NAME: &'static str = $name;
            }
        )+

        /// For each event that is told, a job that tells it, added when the event is taken from the outbox.
        pub fn subscribe(subscriptions: Subscriptions, jobs: &Jobs) -> Subscriptions {
            $(
                let own = jobs.clone();
                let subscriptions = subscriptions.on::<$type, _>(move |tx, envelope| {
                    let jobs = own.clone();
                    Box::pin(async move {
                        let (name, data) = (envelope.name.clone(), envelope.data.clone());
                        let job = FanOutEvent { event: envelope.id, name, occurred_at: envelope.occurred_at, data };
                        jobs.enqueue(tx, &job).await.map(drop)
                    })
                });
            )+
            subscriptions
        }
    };
}

heard! {
    MemberJoined = "member.joined",
    MemberRoleChanged = "member.role_changed",
    VulnerabilitiesFound = "vulnerabilities.found",
    ScanCompleted = "scan.completed",
    ScanFailed = "scan.failed",
    FixApplied = "fix.applied",
    PolicyViolated = "policy.violated",
    ApprovalRequested = "approval.requested",
    MissionCompleted = "mission.completed",
    MissionFailed = "mission.failed",
    AlertCreated = "alert.created",
    CaseCreated = "case.created",
    SystemAlert = "system.alert",
    ChannelDisabled = "channel.disabled",
}

/// Nothing when nobody is to hear of it.
pub fn tell(name: &str, data: &Value) -> Option<Told> {
    use WorkspaceRole::{Admin, Operator, Viewer};
    let text = |key: &str| data.pointer(key).and_then(Value::as_str).unwrap_or_default();
    let number = |key: &str| data.pointer(key).and_then(Value::as_i64).unwrap_or_default();
    let user = |key: &str| text(key).parse::<UserId>().ok().map(Audience::Only);
    let severity = |key: &str| text(key).parse().unwrap_or(Severity::Info);
    // Ids only: a link of an event's own choosing would lead anywhere.
    let page = |folder: &str, key: &str| {
        let id = text(key);
        let plain = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let between = if folder.ends_with('=') { "" } else { "/" };
        plain.then(|| format!("/{folder}{between}{id}"))
    };
    let told = |kind, severity, title: String, body: String, link, audience| {
        Some(Told { kind, severity, title, body, link, audience, group: None })
    };
    match name {
        "member.joined" => {
            let body = format!("Role: {}", text("/role"));
            told(
                Kind::MemberJoined,
                Severity::Info,
                "Somebody joined the workspace".into(),
                body,
                Some("/members".into()),
                Audience::Least(Admin),
            )
        }
        "member.role_changed" => {
            let title = format!("You are now {} of this workspace", text("/role"));
            told(Kind::RoleChanged, Severity::Medium, title, String::new(), None, user("/userId")?)
        }
        "vulnerabilities.found" => {
            let severity = severity("/severity");
            let audience = if severity < Severity::High { Audience::Channels } else { Audience::Least(Viewer) };
            let title = format!("{} in {}", findings(number("/total")), text("/repositoryName"));
            let link = page("findings?sort=-detectedAt&repo=", "/repositoryId");
            let told = told(Kind::VulnerabilityFound, severity, title, counted(data), link, audience)?;
            Some(Told { group: Some(format!("findings:{}", text("/repositoryId"))), ..told })
        }
        "scan.completed" => {
            let body = format!("{} new findings, {} fixed", number("/newVulns"), number("/fixedVulns"));
            let link = page("scans", "/scanId");
            told(Kind::ScanCompleted, Severity::Info, "A scan is finished".into(), body, link, Audience::Least(Viewer))
        }
        "scan.failed" => {
            let link = page("scans", "/scanId");
            told(
                Kind::ScanFailed,
                Severity::Medium,
                "A scan failed".into(),
                text("/error").into(),
                link,
                Audience::Least(Viewer),
            )
        }
        "fix.applied" => {
            let body = format!("Pull request {}", number("/prNumber"));
            let link = page("vulnerabilities", "/vulnId");
            told(
                Kind::FixApplied,
                Severity::Info,
                "A fix is ready for review".into(),
                body,
                link,
                Audience::Least(Viewer),
            )
        }
        "policy.violated" => {
            let body = text("/messages/0").to_owned();
            let link = page("policies", "/policyId");
            told(
                Kind::PolicyViolated,
                Severity::High,
                "A policy was violated".into(),
                body,
                link,
                Audience::Least(Viewer),
            )
        }
        "approval.requested" => {
            let severity = severity("/riskLevel");
            let link = page("missions", "/missionId");
            told(
                Kind::ApprovalRequested,
                severity,
                "An action waits for approval".into(),
                text("/actionType").into(),
                link,
                Audience::Least(Operator),
            )
        }
        "mission.completed" | "mission.failed" => {
            let failed = name == "mission.failed";
            let title = if failed { "A mission failed" } else { "A mission is finished" };
            let severity = if failed { Severity::Medium } else { Severity::Info };
            told(
                Kind::MissionFinished,
                severity,
                title.into(),
                text("/title").into(),
                page("missions", "/id"),
                user("/userId")?,
            )
        }
        "alert.created" => {
            let link = page("alerts", "/alertId");
            told(
                Kind::AlertCreated,
                severity("/severity"),
                text("/title").into(),
                String::new(),
                link,
                Audience::Least(Operator),
            )
        }
        "case.created" => {
            let title = format!("Case {} was opened", number("/number"));
            told(
                Kind::CaseCreated,
                Severity::Medium,
                title,
                String::new(),
                page("cases", "/caseId"),
                Audience::Least(Operator),
            )
        }
        "channel.disabled" => {
            let title = format!("The channel {} was switched off", text("/name"));
            let body = text("/reason").to_owned();
            let link = Some("/settings".into());
            told(Kind::ChannelDisabled, Severity::Medium, title, body, link, Audience::Least(Admin))
        }
        "system.alert" => {
            let title = format!("{}: the installation needs a look", text("/rule"));
            let link = Some("/admin/health".into());
            told(Kind::SystemAlert, Severity::High, title, text("/summary").into(), link, Audience::PlatformAdmins)
        }
        _ => None,
    }
}

fn findings(count: i64) -> String {
    if count == 1 { "1 new finding".to_owned() } else { format!("{count} new findings") }
}

/// `3 critical, 10 high`: the worst first.
fn counted(data: &Value) -> String {
    let count = |severity: Severity| data["counts"][severity.name()].as_u64().unwrap_or(0);
    let counts = Severity::ALL.iter().rev().filter(|severity| count(**severity) > 0);
    counts.map(|severity| format!("{} {severity}", count(*severity))).collect::<Vec<_>>().join(", ")
}

/// What two events of one kind that are told together come to.
pub fn together(earlier: &Value, later: &Value) -> Value {
    let mut sum = later.as_object().cloned().unwrap_or_default();
    let number = |data: &Value, key: &str| data.pointer(key).and_then(Value::as_u64).unwrap_or(0);
    let counts = Severity::ALL.iter().filter_map(|severity| {
        let key = format!("/counts/{severity}");
        let count = number(earlier, &key) + number(later, &key);
        (count > 0).then(|| (severity.name().to_owned(), Value::from(count)))
    });
    sum.insert("counts".to_owned(), Value::Object(counts.collect()));
    sum.insert("total".to_owned(), (number(earlier, "/total") + number(later, "/total")).into());
    let severities =
        [earlier, later].into_iter().filter_map(|data| data["severity"].as_str()?.parse::<Severity>().ok());
    if let Some(worst) = severities.max() {
        sum.insert("severity".to_owned(), worst.name().into());
    }
    Value::Object(sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_grave_findings_are_told_and_links_are_of_ids() {
        let found = |severity: &str, id: &str| {
            let counts = json!({ severity: 2, "low": 33 });
            let data = json!({ "severity": severity, "repositoryId": id, "repositoryName": "team/shop", "total": 35, "counts": counts });
            tell("vulnerabilities.found", &data)
        };
        assert_eq!(found("medium", "a").unwrap().audience, Audience::Channels);
        let told = found("critical", "0192f0c1").unwrap();
        assert_eq!((told.title.as_str(), told.body.as_str()), ("35 new findings in team/shop", "2 critical, 33 low"));
        assert_eq!(told.link.as_deref(), Some("/findings?sort=-detectedAt&repo=0192f0c1"));
        assert_eq!(found("high", "//evil.example").unwrap().link, None);
    }

    #[test]
    fn events_without_what_they_should_hold_harm_nobody() {
        assert_eq!(together(&Value::Null, &json!([1])), json!({ "total": 0, "counts": {} }));
        for name in ["member.joined", "scan.completed", "alert.created", "approval.requested", "case.created"] {
            assert!(tell(name, &Value::Null).is_some(), "{name}");
        }
        assert_eq!(tell("mission.failed", &json!({})), None);
        assert_eq!(tell("user.login", &json!({})), None);
    }
}
