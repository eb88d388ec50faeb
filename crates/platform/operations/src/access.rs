//! What this module's use cases ask for.

rampart_access::permissions! {
    /// Read the record of who did what in the workspace.
    ReadAudit = "audit.read": Admin, Admin;
}
