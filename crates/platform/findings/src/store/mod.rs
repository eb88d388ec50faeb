//! The module's SQL. Rows of a workspace are reached by a proof.

pub mod described;
pub mod figures;
pub mod ingest;
pub mod look;
pub mod triage;

use rampart_store::Migration;

/// Findings, and what scans and people made of them. What is searched for has a column; what is only shown is in `detail`.
///
/// `severity` is a rank, 0 for `info`, so that it can be sorted by. `is_placed`: the lines are those of the repository's last whole
/// scan. `unseen` says why a later scan could not tell. No two findings that are there at the same time have the same fingerprint but
/// by chance: a scan gives them anew to all it sees, so a unique index could not be kept while it does.
pub const TABLES: Migration = Migration::new(
    "findings/0001-vulnerabilities",
    "CREATE TABLE vulnerabilities (
        id {uuid} PRIMARY KEY,
        workspace_id {uuid} NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
        repository_id {uuid} NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
        first_scan_id {uuid} NOT NULL,
        last_scan_id {uuid} NOT NULL,
        fingerprint TEXT NOT NULL,
        signatures {json} NOT NULL,
        digest TEXT NOT NULL,
        rule_id TEXT NOT NULL,
        rule_revision TEXT,
        tool TEXT NOT NULL,
        type TEXT NOT NULL,
        category TEXT,
        severity {int} NOT NULL CHECK (severity BETWEEN 0 AND 4),
        status TEXT NOT NULL CHECK (status IN ('open', 'fixed', 'false_positive', 'ignored')),
        decided_by TEXT NOT NULL,
        status_reason TEXT,
        ignored_until {ts},
        file_path TEXT NOT NULL,
        line_number {int} NOT NULL,
        end_line {int} NOT NULL,
        column_number {int} NOT NULL,
        through {json} NOT NULL,
        is_placed {bool} NOT NULL,
        unseen TEXT,
        unseen_since {ts},
        code_snippet TEXT NOT NULL,
        description TEXT NOT NULL,
        cwe_id TEXT,
        owasp_category TEXT,
        cvss_score {real} CHECK (cvss_score BETWEEN 0 AND 10),
        confidence TEXT NOT NULL,
        reach TEXT NOT NULL,
        risk {real} NOT NULL CHECK (risk BETWEEN 0 AND 1),
        auto_fix_available {bool} NOT NULL,
        fix_confidence {real} CHECK (fix_confidence BETWEEN 0 AND 1),
        detail {json} NOT NULL,
        detected_at {ts} NOT NULL,
        last_seen_at {ts} NOT NULL,
        fixed_at {ts},
        fixed_by TEXT CHECK (fixed_by IN ('fix_pr', 'commit', 'manual')),
        created_at {ts} NOT NULL,
        updated_at {ts} NOT NULL
    );
    CREATE INDEX vulnerabilities_newest ON vulnerabilities (workspace_id, detected_at, id);
    CREATE INDEX vulnerabilities_severity ON vulnerabilities (workspace_id, severity, detected_at, id);
    CREATE INDEX vulnerabilities_status ON vulnerabilities (workspace_id, status, detected_at, id);
    CREATE INDEX vulnerabilities_worst ON vulnerabilities (workspace_id, status, severity, detected_at, id);
    CREATE INDEX vulnerabilities_risk ON vulnerabilities (workspace_id, risk, id);
    CREATE INDEX vulnerabilities_riskiest ON vulnerabilities (workspace_id, status, risk, id);
    CREATE INDEX vulnerabilities_type ON vulnerabilities (workspace_id, type, detected_at, id);
    CREATE INDEX vulnerabilities_cwe ON vulnerabilities (workspace_id, cwe_id, detected_at, id);
    CREATE INDEX vulnerabilities_cvss ON vulnerabilities (workspace_id, COALESCE(cvss_score, -1), id);
    CREATE INDEX vulnerabilities_fixed ON vulnerabilities (workspace_id, fixed_at);
    CREATE INDEX vulnerabilities_repository ON vulnerabilities (repository_id, status, severity, risk);
    CREATE INDEX vulnerabilities_repository_newest ON vulnerabilities (repository_id, detected_at, id);
    CREATE INDEX vulnerabilities_repository_file ON vulnerabilities (repository_id, file_path);
    CREATE INDEX vulnerabilities_fingerprint ON vulnerabilities (repository_id, fingerprint);
    CREATE INDEX vulnerabilities_ignored ON vulnerabilities (ignored_until) WHERE ignored_until IS NOT NULL;
    CREATE TABLE vulnerability_occurrences (
        vulnerability_id {uuid} NOT NULL REFERENCES vulnerabilities (id) ON DELETE CASCADE,
        scan_id {uuid} NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('new', 'existing', 'fixed')),
        recognised_by TEXT,
        file_path TEXT NOT NULL,
        line_number {int} NOT NULL,
        created_at {ts} NOT NULL,
        PRIMARY KEY (vulnerability_id, scan_id)
    );
    CREATE INDEX vulnerability_occurrences_scan ON vulnerability_occurrences (scan_id, state);
    CREATE INDEX vulnerability_occurrences_age ON vulnerability_occurrences (created_at);
    CREATE TABLE vulnerability_status_changes (
        id {uuid} PRIMARY KEY,
        vulnerability_id {uuid} NOT NULL REFERENCES vulnerabilities (id) ON DELETE CASCADE,
        from_status TEXT NOT NULL,
        to_status TEXT NOT NULL,
        changed_by {uuid} REFERENCES users (id),
        reason TEXT,
        scan_id {uuid},
        created_at {ts} NOT NULL
    );
    CREATE INDEX vulnerability_status_changes_of ON vulnerability_status_changes (vulnerability_id, id);
    CREATE TABLE repository_findings (
        repository_id {uuid} PRIMARY KEY REFERENCES repositories (id) ON DELETE CASCADE,
        workspace_id {uuid} NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
        revision {int} NOT NULL DEFAULT 0,
        open_0 {int} NOT NULL DEFAULT 0,
        open_1 {int} NOT NULL DEFAULT 0,
        open_2 {int} NOT NULL DEFAULT 0,
        open_3 {int} NOT NULL DEFAULT 0,
        open_4 {int} NOT NULL DEFAULT 0,
        fixed_0 {int} NOT NULL DEFAULT 0,
        fixed_1 {int} NOT NULL DEFAULT 0,
        fixed_2 {int} NOT NULL DEFAULT 0,
        fixed_3 {int} NOT NULL DEFAULT 0,
        fixed_4 {int} NOT NULL DEFAULT 0,
        false_positive_0 {int} NOT NULL DEFAULT 0,
        false_positive_1 {int} NOT NULL DEFAULT 0,
        false_positive_2 {int} NOT NULL DEFAULT 0,
        false_positive_3 {int} NOT NULL DEFAULT 0,
        false_positive_4 {int} NOT NULL DEFAULT 0,
        ignored_0 {int} NOT NULL DEFAULT 0,
        ignored_1 {int} NOT NULL DEFAULT 0,
        ignored_2 {int} NOT NULL DEFAULT 0,
        ignored_3 {int} NOT NULL DEFAULT 0,
        ignored_4 {int} NOT NULL DEFAULT 0,
        lines_of_code {int} NOT NULL DEFAULT 0,
        coverage {real},
        score {int} CHECK (score BETWEEN 0 AND 100),
        risk {real} NOT NULL DEFAULT 0,
        score_model {int} NOT NULL DEFAULT 1,
        updated_at {ts} NOT NULL
    );
    CREATE INDEX repository_findings_workspace ON repository_findings (workspace_id);
    CREATE TABLE daily_statistics (
        workspace_id {uuid} NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
        repository_id {uuid} NOT NULL,
        date TEXT NOT NULL,
        total_open {int} NOT NULL DEFAULT 0,
        critical {int} NOT NULL DEFAULT 0,
        high {int} NOT NULL DEFAULT 0,
        medium {int} NOT NULL DEFAULT 0,
        low {int} NOT NULL DEFAULT 0,
        opened {int} NOT NULL DEFAULT 0,
        fixed {int} NOT NULL DEFAULT 0,
        auto_fixed {int} NOT NULL DEFAULT 0,
        timed {int} NOT NULL DEFAULT 0,
        timed_hours {real} NOT NULL DEFAULT 0,
        scans {int} NOT NULL DEFAULT 0,
        scan_ms {int} NOT NULL DEFAULT 0,
        security_score {int},
        risk_score {real},
        PRIMARY KEY (workspace_id, repository_id, date)
    );
    CREATE TABLE activity_events (
        id {uuid} PRIMARY KEY,
        workspace_id {uuid} NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
        event_id {uuid} NOT NULL UNIQUE,
        user_id {uuid},
        repository_id {uuid},
        event_type TEXT NOT NULL,
        event_data {json} NOT NULL,
        severity TEXT NOT NULL,
        created_at {ts} NOT NULL
    );
    CREATE INDEX activity_events_workspace ON activity_events (workspace_id, created_at, id);
    CREATE INDEX activity_events_type ON activity_events (workspace_id, event_type, created_at, id);
    CREATE INDEX activity_events_repository ON activity_events (repository_id, created_at, id);
    CREATE INDEX activity_events_age ON activity_events (created_at)",
);
