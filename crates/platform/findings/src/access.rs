//! What this module's use cases ask for. What a scan came to is written down with forge's `RecordScans`.

rampart_access::permissions! {
    /// See findings, what was decided about them, and the numbers made of them.
    ReadFindings = "findings.read": Viewer, Read;
    /// Decide about findings: dismiss them, call them fixed, take that back.
    TriageFindings = "findings.triage": Member, Write;
    /// Bring in what other tools found.
    ImportFindings = "findings.import": Member, Scan;
    /// Keep filters of one's own.
    KeepViews = "findings.views": Viewer, Write;
}
