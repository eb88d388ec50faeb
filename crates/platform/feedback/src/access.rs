//! What this module's use cases ask for. Pull requests themselves are seen with forge's `ReadRepositories`.

rampart_access::permissions! {
    /// Write comments at pull requests.
    CommentOnChanges = "pull_requests.comment": Member, Write;
}
