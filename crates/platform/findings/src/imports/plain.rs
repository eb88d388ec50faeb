//! A plain list, for tools that write no SARIF.

use serde::Deserialize;

use super::read::{Imported, Reader, empty, path, tool_name};
use super::sarif::{Region, Words};
use crate::error::{Error, Result};
use crate::ingest::MOST_FINDINGS;

/// `{ tool, findings[] }`
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Plain {
    tool: String,
    findings: Vec<PlainFinding>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PlainFinding {
    rule_id: String,
    severity: crate::model::Severity,
    file_path: String,
    line_number: u32,
    end_line: Option<u32>,
    message: String,
    code_snippet: Option<String>,
    fingerprint: Option<String>,
}

impl Plain {
    pub(super) fn into_imported(self) -> Result<Imported> {
        if self.findings.len() > MOST_FINDINGS {
            return Err(Error::TooMany { found: self.findings.len(), limit: MOST_FINDINGS });
        }
        let tool = tool_name(&self.tool).ok_or_else(|| Error::Invalid("tool", "is missing".to_owned()))?;
        let (mut reader, mut report) = (Reader::default(), empty(&tool, String::new()));
        for one in self.findings {
            let Some(path) = path(&one.file_path) else {
                reader.left_out += 1;
                continue;
            };
            let region = Region {
                start_line: Some(one.line_number),
                end_line: one.end_line,
                snippet: Words { text: one.code_snippet },
                ..Region::default()
            };
            let hints: Vec<(String, String)> =
                one.fingerprint.into_iter().map(|value| ("own".to_owned(), value)).collect();
            let severity = one.severity.into();
            report.findings.push(reader.finding(&tool, &one.rule_id, severity, &path, &region, &one.message, &hints));
        }
        reader.reports.insert(tool, report);
        Ok(reader.finish())
    }
}
