//! Pull requests as they are noted.

use std::time::Duration;

use rampart_forge::{
    CommitHash, ManageRepositories, PullRequestAction, PullRequestState, PullRequestStatus, RecordScans, RepositoryId,
    SeenPullRequest,
};
use rampart_testkit::on_both;

use crate::world::{World, migrations, world};

fn hash(digit: &str) -> CommitHash {
    digit.repeat(40).parse().unwrap()
}

fn seen(world: &World, number: u32, head: &str) -> SeenPullRequest {
    SeenPullRequest {
        number,
        title: "Add \u{1b}[31ma shop".to_owned(),
        url: "https://github.com/ada/shop/pull/7".to_owned(),
        author: Some("ada".to_owned()),
        branch: "feature".to_owned(),
        from_fork: true,
        base_branch: "main".parse().unwrap(),
        head: hash(head),
        base: Some(hash("b")),
        at: world.test.origin.now(),
    }
}

#[test]
fn what_was_seen_later_stays_whatever_comes_after_it() {
    on_both(&migrations(), |test| async {
        let mut world = world(test).await;
        let repository: RepositoryId = world.connect().await.parse().unwrap();
        world.events().await;
        let ctx = world.system();
        let granted = ctx.require::<ManageRepositories>().unwrap();
        let note = async |world: &World, seen: &SeenPullRequest, action| {
            let mut tx = world.test.store.begin(&ctx).await.unwrap();
            let noted = world.forge.note_pull_request_in(&mut tx, &granted, repository, seen, action).await.unwrap();
            tx.commit().await.unwrap();
            noted
        };
        let first = seen(&world, 7, "a");
        let id = note(&world, &first, PullRequestAction::Opened).await.unwrap();
        world.test.clock.advance(Duration::from_secs(60));
        let second = seen(&world, 7, "c");
        assert_eq!(note(&world, &second, PullRequestAction::Closed).await, Some(id));
        // What was said before comes again, or late.
        assert_eq!(note(&world, &first, PullRequestAction::Opened).await, None);
        let pull = world.forge.get_pull_request(&ctx, id).await.unwrap();
        assert_eq!((pull.state, pull.status), (PullRequestState::Closed, PullRequestStatus::Pending));
        assert_eq!((pull.pr_title.as_str(), pull.head_sha), ("Add \u{fffd}[31ma shop", hash("c")));
        let names: Vec<_> = world.events().await.into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["pull_request.updated", "pr.opened", "pull_request.updated", "pr.closed"]);
    });
}

#[test]
fn an_analysis_counts_for_the_head_that_it_looked_at() {
    on_both(&migrations(), |test| async {
        let world = world(test).await;
        let repository: RepositoryId = world.connect().await.parse().unwrap();
        let ctx = world.system();
        let (manage, record) = (ctx.require::<ManageRepositories>().unwrap(), ctx.require::<RecordScans>().unwrap());
        let mut tx = world.test.store.begin(&ctx).await.unwrap();
        let seen = seen(&world, 7, "a");
        let opened = PullRequestAction::Opened;
        let id = world.forge.note_pull_request_in(&mut tx, &manage, repository, &seen, opened).await.unwrap().unwrap();
        let done = PullRequestStatus::Completed;
        let (old, new) = (hash("c"), hash("a"));
        assert!(!world.forge.record_pull_request(&mut tx, &record, (id, &old), done, None).await.unwrap());
        assert!(world.forge.record_pull_request(&mut tx, &record, (id, &new), done, None).await.unwrap());
        let found = world.forge.find_pull_request_in(&mut tx, &record, repository, 7).await.unwrap().unwrap();
        assert_eq!((found.status, found.analyzed_at), (done, Some(world.test.origin.now())));
        // In another workspace there is none.
        let other = world.people.theirs.workspace.parse().unwrap();
        let outside = rampart_access::Ctx::of_system(world.test.origin.clone().in_workspace(Some(other)), "test");
        assert!(world.forge.get_pull_request(&outside, id).await.is_err());
    });
}
