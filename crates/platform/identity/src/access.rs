//! What this module's use cases ask for.

rampart_access::permissions! {
    /// Invite people into the workspace and remove them.
    ManageMembers = "members.manage": Admin, Admin;
    /// Rename the workspace and change its settings.
    ManageWorkspace = "workspace.manage": Admin, Admin;
    /// Say from where, how recently signed in and with what password the workspace is entered.
    ManagePolicies = "security.manage": Admin, Admin;
    /// Delete the workspace, hand it over, and make owners.
    OwnWorkspace = "workspace.own": Owner, Admin;
    /// Give up one's own part.
    LeaveWorkspace = "workspace.leave": Viewer, Admin;
}
