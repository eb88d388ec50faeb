//! The facts that this module publishes.

use rampart_forge::{PullRequestId, ReadRepositories};
use rampart_realtime::Feed;
use rampart_store::Event;
use serde::Serialize;

/// Something was said at a pull request, by the program or through it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CommentAdded {
    pub pr_id: PullRequestId,
    pub author: &'static str,
}

impl Event for CommentAdded {
    const NAME: &'static str = "comment.added";
}

/// What of it goes out over sockets.
pub fn feed() -> Feed {
    Feed::new().to_workspace::<CommentAdded, ReadRepositories>()
}
