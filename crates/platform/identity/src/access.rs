//! What this module's use cases ask for.

rampart_access::permissions! {
    /// Invite people into the workspace and remove them.
    ManageMembers = "members.manage": Admin, Admin;
}
