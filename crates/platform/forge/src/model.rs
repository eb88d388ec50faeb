//! Repositories as values.

use rampart_kernel::{Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::fields::BranchName;

rampart_kernel::id! {
    /// A connected repository.
    RepositoryId,
}

rampart_kernel::named! {
    /// Where a repository lies.
    pub enum Provider {
        Github = "github",
        Gitlab = "gitlab",
        /// On this machine.
        Local = "local",
    }
}

impl Provider {
    /// Those that are asked over HTTP.
    pub const FORGES: [Provider; 2] = [Provider::Github, Provider::Gitlab];

    /// As people write it.
    pub fn title(self) -> &'static str {
        match self {
            Provider::Github => "GitHub",
            Provider::Gitlab => "GitLab",
            Provider::Local => "this machine",
        }
    }
}

rampart_kernel::named! {
    /// How the latest scan of a repository stands.
    pub enum ScanStatus {
        /// There was none yet.
        Pending = "pending",
        Scanning = "scanning",
        Completed = "completed",
        Failed = "failed",
    }
}

rampart_kernel::named! {
    /// From which severity on something is done.
    pub enum Threshold {
        /// Never.
        None = "none",
        Critical = "critical",
        High = "high",
        Medium = "medium",
        Low = "low",
    }
}

/// What lists show of a repository: these sixteen keys and no others.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RepositorySummary {
    #[schema(value_type = String)]
    pub id: RepositoryId,
    pub name: String,
    pub full_name: String,
    pub owner: String,
    pub private: bool,
    pub language: Option<String>,
    /// Open findings, and the four counts below of the same.
    pub total_vulnerabilities: u32,
    pub critical_count: u32,
    pub high_count: u32,
    pub medium_count: u32,
    pub low_count: u32,
    /// 0 to 100; null until a scan has covered enough of the repository to rate it.
    pub security_score: Option<u32>,
    #[schema(value_type = String)]
    pub scan_status: ScanStatus,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_scan_at: Option<Timestamp>,
    pub auto_scan_enabled: bool,
    pub auto_fix_enabled: bool,
}

/// A connected repository.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Repository {
    #[serde(flatten)]
    pub summary: RepositorySummary,
    #[serde(skip)]
    pub workspace: WorkspaceId,
    #[schema(value_type = String)]
    pub provider: Provider,
    pub repo_url: String,
    pub provider_repo_id: Option<String>,
    #[schema(value_type = String)]
    pub default_branch: BranchName,
    pub project_id: Option<String>,
    pub total_files: u32,
    pub total_lines_of_code: u32,
    /// 0 to 100.
    pub scan_progress: u32,
    pub webhook_configured: bool,
    pub webhook_id: Option<String>,
    pub active: bool,
    pub settings: RepositorySettings,
    #[schema(value_type = Option<Object>)]
    pub branch_protection: Option<Value>,
    /// As whom the program writes at the forge, as far as is known.
    #[serde(skip)]
    pub account: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

impl Repository {
    pub fn id(&self) -> RepositoryId {
        self.summary.id
    }

    /// The branches whose commits are scanned: the default one first.
    pub fn watched(&self) -> Vec<&BranchName> {
        let others = self.settings.scan_branches.iter().filter(|branch| **branch != self.default_branch);
        std::iter::once(&self.default_branch).chain(others).collect()
    }
}

/// What is done with a repository, as its people chose it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct RepositorySettings {
    /// Fixes are made from this severity on.
    #[schema(value_type = String)]
    pub min_severity_for_fix: Threshold,
    pub comment_on_pull_requests: bool,
    pub check_runs_enabled: bool,
    /// Checks fail from this severity on.
    #[schema(value_type = String)]
    pub fail_check_on: Threshold,
    /// Globs, as in `.gitignore`, of what is not scanned.
    pub exclude_paths: Vec<String>,
    /// Only these languages; all when empty.
    pub languages: Vec<String>,
    pub dynamic_analysis: bool,
    /// Branches that are scanned besides the default one.
    #[schema(value_type = Vec<String>)]
    pub scan_branches: Vec<BranchName>,
}

impl Default for RepositorySettings {
    fn default() -> RepositorySettings {
        RepositorySettings {
            min_severity_for_fix: Threshold::High,
            comment_on_pull_requests: true,
            check_runs_enabled: true,
            fail_check_on: Threshold::High,
            exclude_paths: Vec::new(),
            languages: Vec::new(),
            dynamic_analysis: false,
            scan_branches: Vec::new(),
        }
    }
}

/// More globs, languages or branches than these are a mistake; each is looked at for every file or at every look.
const MOST_GLOBS: usize = 100;
const GLOB_LENGTH: usize = 256;
const MOST_LANGUAGES: usize = 50;
const MOST_BRANCHES: usize = 20;

impl RepositorySettings {
    /// # Errors
    /// The field that cannot be, and why.
    pub fn check(&self) -> Result<(), (&'static str, String)> {
        let plain = |text: &String, most: usize| {
            !text.trim().is_empty() && text.len() <= most && !text.chars().any(char::is_control)
        };
        if self.exclude_paths.len() > MOST_GLOBS || !self.exclude_paths.iter().all(|glob| plain(glob, GLOB_LENGTH)) {
            return Err(("excludePaths", format!("are at most {MOST_GLOBS} globs of 1 to {GLOB_LENGTH} characters")));
        }
        if self.languages.len() > MOST_LANGUAGES || !self.languages.iter().all(|name| plain(name, MOST_LANGUAGES)) {
            return Err(("languages", format!("are at most {MOST_LANGUAGES} names")));
        }
        if self.scan_branches.len() > MOST_BRANCHES {
            return Err(("scanBranches", format!("are at most {MOST_BRANCHES}")));
        }
        Ok(())
    }
}
