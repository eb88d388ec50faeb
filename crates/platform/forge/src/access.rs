//! What this module's use cases ask for.

rampart_access::permissions! {
    /// See repositories, their files and their commits.
    ReadRepositories = "repositories.read": Viewer, Read;
    /// Connect repositories and change what is done with them.
    ManageRepositories = "repositories.manage": Member, Write;
    /// Change how repositories are watched and guarded at their forge, and which installations of an app are used.
    ConnectForges = "forges.connect": Admin, Write;
    /// Disconnect repositories, and remove what is known of them.
    DisconnectRepositories = "repositories.disconnect": Admin, Write;
    /// Write down what a scan of a repository came to. The program's own work; a person's right to scan is asked for where it begins.
    RecordScans = "repositories.record": Member, Scan;
}
