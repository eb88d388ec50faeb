//! Lists of findings, and one of them.

use rampart_access::{Granted, Permission};
use rampart_forge::RepositoryId;
use rampart_kernel::Timestamp;
use rampart_store::{Reader, Result, Row, Sql, containing, params};
use rampart_web::Page;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::content::Detail;
use crate::model::{Decider, FixedBy, Severity, Status, VulnerabilityId, VulnerabilitySummary};
use crate::scores::Confidence;

/// A list that is longer than this says that it is this long, unless its length is known without counting.
const COUNTED: i64 = 10_000;

rampart_kernel::named! {
    /// What a list is ordered by.
    pub enum Order {
        DetectedAt = "detectedAt",
        Severity = "severity",
        CvssScore = "cvssScore",
        Risk = "risk",
    }
}

/// What is asked of a list. Where nothing is named, all are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    pub severities: Vec<Severity>,
    pub statuses: Vec<Status>,
    pub repositories: Vec<RepositoryId>,
    pub kind: Option<String>,
    pub rule: Option<String>,
    pub cwe: Option<String>,
    pub owasp: Option<String>,
    /// The whole of it.
    pub path: Option<String>,
    /// Part of the path, the title or the rule's name.
    pub text: Option<String>,
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    pub fixable: Option<bool>,
    pub order: Option<(Order, bool)>,
}

impl Filter {
    /// How they stand is all that is asked.
    pub fn is_plain(&self) -> bool {
        let plain = Filter {
            severities: self.severities.clone(),
            statuses: self.statuses.clone(),
            order: self.order,
            ..Filter::default()
        };
        *self == plain
    }
}

const SUMMARY: &str = "SELECT v.id, v.repository_id, r.full_name, v.type, v.severity, v.status, v.file_path, v.line_number, v.cwe_id,
    v.owasp_category, v.cvss_score, v.auto_fix_available, v.fix_confidence, v.detected_at, v.last_seen_at, v.description, v.rule_id,
    v.category, v.confidence, v.reach, v.risk";

fn summary(row: &Row) -> Result<VulnerabilitySummary> {
    Ok(VulnerabilitySummary {
        id: row.get("id")?,
        repository_id: row.get("repository_id")?,
        repository_name: row.get("full_name")?,
        kind: row.get("type")?,
        severity: Severity::of_rank(row.get("severity")?).unwrap_or(Severity::Info),
        status: row.get("status")?,
        file_path: row.get("file_path")?,
        line_number: row.get("line_number")?,
        cwe_id: row.get("cwe_id")?,
        owasp: row.get("owasp_category")?,
        cvss_score: row.get("cvss_score")?,
        auto_fix_available: row.get("auto_fix_available")?,
        fix_confidence: row.get("fix_confidence")?,
        detected_at: row.get("detected_at")?,
        last_seen_at: row.get("last_seen_at")?,
        title: row.get("description")?,
        rule: row.get("rule_id")?,
        category: row.get("category")?,
        confidence: row.get::<Confidence>("confidence")?.factor(),
        reach: row.get("reach")?,
        risk: row.get("risk")?,
    })
}

/// The rows that a filter leaves, without their order.
fn filtered<P: Permission>(select: &'static str, granted: &Granted<P>, filter: &Filter) -> Sql {
    let mut sql = Sql::new(select).push(" FROM vulnerabilities v JOIN repositories r ON r.id = v.repository_id");
    sql = sql.push(" WHERE v.workspace_id = ").bind(granted.workspace());
    sql = one_of(sql, " AND v.severity", filter.severities.iter().map(|severity| severity.rank()));
    sql = one_of(sql, " AND v.status", filter.statuses.iter().copied());
    sql = one_of(sql, " AND v.repository_id", filter.repositories.iter().copied());
    if let Some(kind) = &filter.kind {
        sql = sql.push(" AND v.type = ").bind(kind);
    }
    if let Some(rule) = &filter.rule {
        sql = sql.push(" AND v.rule_id = ").bind(rule);
    }
    if let Some(cwe) = &filter.cwe {
        sql = sql.push(" AND v.cwe_id = ").bind(cwe);
    }
    if let Some(owasp) = &filter.owasp {
        sql = sql.push(" AND v.owasp_category = ").bind(owasp);
    }
    if let Some(path) = &filter.path {
        sql = sql.push(" AND v.file_path = ").bind(path);
    }
    if let Some(text) = &filter.text {
        let pattern = containing(&text.to_lowercase());
        sql = sql
            .push(" AND (LOWER(v.file_path) LIKE ")
            .bind(&pattern)
            .push(" ESCAPE '\\' OR LOWER(v.description) LIKE ");
        sql = sql.bind(&pattern).push(" ESCAPE '\\' OR LOWER(v.type) LIKE ").bind(&pattern);
        sql = sql.push(" ESCAPE '\\' OR LOWER(v.rule_id) LIKE ").bind(&pattern).push(" ESCAPE '\\')");
    }
    if let Some(from) = filter.from {
        sql = sql.push(" AND v.detected_at >= ").bind(from);
    }
    if let Some(to) = filter.to {
        sql = sql.push(" AND v.detected_at < ").bind(to);
    }
    if let Some(fixable) = filter.fixable {
        sql = sql.push(" AND v.auto_fix_available = ").bind(fixable);
    }
    sql
}

/// `= $1` where there is one, as then the order of an index can be used; `IN` where there are several; nothing where there is none.
fn one_of(
    sql: Sql,
    column: &'static str,
    values: impl ExactSizeIterator<Item = impl Into<rampart_store::Value>>,
) -> Sql {
    match values.len() {
        0 => sql,
        1 => sql.push(column).push(" = ").bind_all(values),
        _ => sql.push(column).push(" IN (").bind_all(values).push(")"),
    }
}

/// The newest first, where nothing else is asked; ids break ties, in the direction of the order, so that an index has it.
fn order(order: Option<(Order, bool)>) -> &'static str {
    match order {
        None | Some((Order::DetectedAt, true)) => " ORDER BY v.detected_at DESC, v.id DESC",
        Some((Order::DetectedAt, false)) => " ORDER BY v.detected_at, v.id",
        Some((Order::Severity, false)) => " ORDER BY v.severity, v.detected_at, v.id",
        Some((Order::Severity, true)) => " ORDER BY v.severity DESC, v.detected_at DESC, v.id DESC",
        Some((Order::Risk, false)) => " ORDER BY v.risk, v.id",
        Some((Order::Risk, true)) => " ORDER BY v.risk DESC, v.id DESC",
        // What has none counts as less than nothing.
        Some((Order::CvssScore, false)) => " ORDER BY COALESCE(v.cvss_score, -1), v.id",
        Some((Order::CvssScore, true)) => " ORDER BY COALESCE(v.cvss_score, -1) DESC, v.id DESC",
    }
}

/// The statement of a page, for who looks at its plan.
pub fn page_sql<P: Permission>(granted: &Granted<P>, filter: &Filter, page: Page) -> Sql {
    let sql = filtered(SUMMARY, granted, filter).push(order(filter.order)).push(" LIMIT ").bind(page.limit);
    sql.push(" OFFSET ").bind(page.offset())
}

pub async fn list<P: Permission>(
    reader: &mut Reader,
    granted: &Granted<P>,
    filter: &Filter,
    page: Page,
) -> Result<Vec<VulnerabilitySummary>> {
    let sql = page_sql(granted, filter, page);
    reader.list(sql.text(), sql.params()).await?.iter().map(summary).collect()
}

/// How many a filter leaves, counted up to ten thousand.
pub async fn count<P: Permission>(reader: &mut Reader, granted: &Granted<P>, filter: &Filter) -> Result<u64> {
    let inner = filtered("SELECT COUNT(*) AS count FROM (SELECT 1 AS one", granted, filter);
    let sql = inner.push(" LIMIT ").bind(COUNTED).push(") AS counted");
    let count: i64 = reader.get(sql.text(), sql.params()).await?.get("count")?;
    Ok(u64::try_from(count).unwrap_or(0))
}

rampart_kernel::named! {
    /// What a list is counted by.
    pub enum Facet {
        Severity = "severity",
        Status = "status",
        Repository = "repository",
        Rule = "rule",
    }
}

/// Values of one facet that are counted, the most frequent first.
const FACET_VALUES: i64 = 50;

/// How many there are of a value, which may have a name for people.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Counted {
    pub value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub count: u64,
}

/// How many a filter leaves of each value; of repositories and rules, only of those that have `search` in their name.
pub async fn facet<P: Permission>(
    reader: &mut Reader,
    granted: &Granted<P>,
    filter: &Filter,
    facet: Facet,
    search: Option<&str>,
) -> Result<Vec<Counted>> {
    let mut filter = filter.clone();
    // A facet counts what choosing another of its values would give.
    let (select, group) = match facet {
        Facet::Severity => {
            filter.severities.clear();
            ("SELECT v.severity AS value, COUNT(*) AS count", " GROUP BY v.severity")
        }
        Facet::Status => {
            filter.statuses.clear();
            ("SELECT v.status AS value, COUNT(*) AS count", " GROUP BY v.status")
        }
        Facet::Repository => {
            filter.repositories.clear();
            (
                "SELECT v.repository_id AS value, MIN(r.full_name) AS name, COUNT(*) AS count",
                " GROUP BY v.repository_id",
            )
        }
        Facet::Rule => {
            filter.rule = None;
            ("SELECT v.rule_id AS value, COUNT(*) AS count", " GROUP BY v.rule_id")
        }
    };
    let name = match facet {
        Facet::Severity | Facet::Status => None,
        Facet::Repository => Some(" AND LOWER(r.full_name) LIKE "),
        Facet::Rule => Some(" AND LOWER(v.rule_id) LIKE "),
    };
    let mut sql = filtered(select, granted, &filter);
    if let Some((name, search)) = name.zip(search.filter(|text| !text.trim().is_empty())) {
        sql = sql.push(name).bind(containing(&search.trim().to_lowercase())).push(" ESCAPE '\\'");
    }
    let sql = sql.push(group).push(" ORDER BY count DESC, value LIMIT ").bind(FACET_VALUES);
    let read = |row: &Row| {
        let value = match facet {
            Facet::Severity => Severity::of_rank(row.get("value")?).map(|severity| severity.name().to_owned()),
            Facet::Repository => Some(row.get::<RepositoryId>("value")?.to_string()),
            Facet::Status | Facet::Rule => row.get("value")?,
        };
        let name = if facet == Facet::Repository { row.get("name")? } else { None };
        let count = u64::try_from(row.get::<i64>("count")?).unwrap_or(0);
        Ok(Counted { value: value.unwrap_or_default(), name, count })
    };
    reader.list(sql.text(), sql.params()).await?.iter().map(read).collect()
}

/// A finding whole.
#[derive(Clone, Debug)]
pub struct Whole {
    pub summary: VulnerabilitySummary,
    pub column: u32,
    pub end_line: u32,
    pub code_snippet: String,
    pub tool: String,
    pub detail: Detail,
    pub decider: Decider,
    pub status_reason: Option<String>,
    pub ignored_until: Option<Timestamp>,
    pub fixed_at: Option<Timestamp>,
    pub fixed_by: Option<FixedBy>,
    pub unseen: Option<String>,
    pub unseen_since: Option<Timestamp>,
}

const REST: &str =
    ", v.column_number, v.end_line, v.code_snippet, v.tool, v.detail, v.decided_by, v.status_reason, v.ignored_until,
    v.fixed_at, v.fixed_by, v.unseen, v.unseen_since";

pub async fn get<P: Permission>(reader: &mut Reader, granted: &Granted<P>, id: VulnerabilityId) -> Result<Whole> {
    let sql = format!(
        "{SUMMARY}{REST} FROM vulnerabilities v JOIN repositories r ON r.id = v.repository_id
         WHERE v.id = $1 AND v.workspace_id = $2"
    );
    whole(&reader.get(&sql, &params![id, granted.workspace()]).await?)
}

/// What a scan saw, the worst first.
pub async fn wholes_of_scan<P: Permission>(
    reader: &mut Reader,
    granted: &Granted<P>,
    scan: crate::model::ScanId,
    limit: i64,
) -> Result<Vec<Whole>> {
    let sql = format!(
        "{SUMMARY}{REST} FROM vulnerability_occurrences o JOIN vulnerabilities v ON v.id = o.vulnerability_id
         JOIN repositories r ON r.id = v.repository_id
         WHERE o.scan_id = $1 AND o.state <> 'fixed' AND v.workspace_id = $2 ORDER BY v.severity DESC, v.id LIMIT $3"
    );
    reader.list(&sql, &params![scan, granted.workspace(), limit]).await?.iter().map(whole).collect()
}

fn whole(row: &Row) -> Result<Whole> {
    let detail: Value = row.get("detail")?;
    Ok(Whole {
        summary: summary(row)?,
        column: row.get("column_number")?,
        end_line: row.get("end_line")?,
        code_snippet: row.get("code_snippet")?,
        tool: row.get("tool")?,
        // What an older version wrote and this one does not know is not shown.
        detail: serde_json::from_value(detail).unwrap_or_default(),
        decider: row.get("decided_by")?,
        status_reason: row.get("status_reason")?,
        ignored_until: row.get("ignored_until")?,
        fixed_at: row.get("fixed_at")?,
        fixed_by: row.get("fixed_by")?,
        unseen: row.get("unseen")?,
        unseen_since: row.get("unseen_since")?,
    })
}

/// Findings of a scan, the worst first.
pub async fn of_scan<P: Permission>(
    reader: &mut Reader,
    granted: &Granted<P>,
    scan: crate::model::ScanId,
    (state, severity): (Option<&str>, Option<Severity>),
    page: Page,
) -> Result<(Vec<VulnerabilitySummary>, u64)> {
    let filtered = |select: &'static str| {
        let sql = Sql::new(select)
            .push(" FROM vulnerability_occurrences o JOIN vulnerabilities v ON v.id = o.vulnerability_id");
        let sql = sql.push(" JOIN repositories r ON r.id = v.repository_id WHERE o.scan_id = ").bind(scan);
        let mut sql = sql.push(" AND v.workspace_id = ").bind(granted.workspace());
        if let Some(state) = state {
            sql = sql.push(" AND o.state = ").bind(state);
        }
        if let Some(severity) = severity {
            sql = sql.push(" AND v.severity = ").bind(severity.rank());
        }
        sql
    };
    let sql = filtered(SUMMARY).push(" ORDER BY v.severity DESC, v.id LIMIT ").bind(page.limit);
    let sql = sql.push(" OFFSET ").bind(page.offset());
    let rows = reader.list(sql.text(), sql.params()).await?;
    let sql = filtered("SELECT COUNT(*) AS count");
    let count: i64 = reader.get(sql.text(), sql.params()).await?.get("count")?;
    Ok((rows.iter().map(summary).collect::<Result<_>>()?, u64::try_from(count).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use rampart_access::Ctx;
    use rampart_forge::RepositoryId;
    use rampart_store::{Dialect, Migration};
    use rampart_testkit::on_both;

    use super::*;
    use crate::access::ReadFindings;

    /// What people ask for, page after page.
    fn filters(repository: RepositoryId) -> Vec<Filter> {
        let plain = Filter::default;
        let high = || Filter { severities: vec![Severity::High], ..plain() };
        let open = || Filter { statuses: vec![Status::Open], ..plain() };
        let sorted = |filter: Filter, order, is_down| Filter { order: Some((order, is_down)), ..filter };
        let mut filters = vec![
            plain(),
            high(),
            open(),
            Filter { severities: vec![Severity::High], ..open() },
            Filter { kind: Some("SQL injection".to_owned()), ..plain() },
            Filter { cwe: Some("CWE-89".to_owned()), ..plain() },
            Filter { repositories: vec![repository], ..plain() },
            Filter { from: Some(Timestamp::from_millis(0)), ..plain() },
            sorted(open(), Order::Severity, true),
            sorted(open(), Order::Risk, true),
        ];
        let every = Order::ALL.iter().flat_map(|order| [(*order, true), (*order, false)]);
        filters.extend(every.map(|(order, is_down)| sorted(plain(), order, is_down)));
        filters
    }

    #[test]
    fn no_page_is_sorted_or_looked_for_without_an_index() {
        let tables = [
            rampart_access::audit::MIGRATIONS,
            rampart_jobs::MIGRATIONS,
            rampart_mail::MIGRATIONS,
            rampart_identity::MIGRATIONS,
            rampart_forge::MIGRATIONS,
            crate::MIGRATIONS,
        ];
        let tables: Vec<Migration> = tables.concat();
        on_both(&tables, async |test| {
            let ctx = Ctx::of_system(test.origin.clone().in_workspace(Some(test.origin.new_id())), "test");
            let granted = ctx.require::<ReadFindings>().unwrap();
            let mut tx = test.store.begin(&ctx).await.unwrap();
            let dialect = tx.dialect();
            if dialect == Dialect::Postgres {
                // On empty tables it would read them whole; what it cannot do otherwise, it does nevertheless.
                for way in ["seqscan", "sort", "incremental_sort", "bitmapscan", "hashjoin", "mergejoin"] {
                    tx.execute(&format!("SET LOCAL enable_{way} = off"), &[]).await.unwrap();
                }
            }
            for filter in filters(test.origin.new_id()) {
                let sql = page_sql(&granted, &filter, Page { page: 2, limit: 20 });
                let (explain, column) = match dialect {
                    Dialect::Sqlite => ("EXPLAIN QUERY PLAN", "detail"),
                    Dialect::Postgres => ("EXPLAIN", "QUERY PLAN"),
                };
                let rows = tx.list(&format!("{explain} {}", sql.text()), sql.params()).await.unwrap();
                let plan: Vec<String> = rows.iter().map(|row| row.get(column).unwrap()).collect();
                let plan = plan.join("\n");
                for bad in ["Seq Scan", "Sort", "SCAN v", "SCAN r", "TEMP B-TREE"] {
                    assert!(!plan.contains(bad), "{filter:?}: {plan}");
                }
            }
        });
    }
}
