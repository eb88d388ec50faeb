//! What this module's use cases ask for.

rampart_access::permissions! {
    /// See scans and their reports.
    ReadScans = "scans.read": Viewer, Read;
    /// Start scans, and cancel them.
    RunScans = "scans.run": Member, Scan;
}
