//! What GitLab is told of a change.

use super::*;

#[test]
fn a_change_is_told_of_by_a_status_notes_and_discussions() {
    on_both(&migrations(), |test| async {
        let stage = stage(test, &[]).await;
        let repository = stage.connected().await;
        let client = stage.client(&repository).await;
        let (head, base) =
            stage.branch(&[("app.py", "one\nzwei\nnew\nthree\nfour\nfive\n"), ("new.py", "x = 1\ny = 2\n")]);
        stage.gitlab.world().requests.push(stage.request(&head, &base));
        let head: CommitHash = head.parse().unwrap();
        let change = Change { number: 7, head: &head, branch: "feature", from_fork: false };
        let mut check = Check {
            name: "rampart/security".to_owned(),
            external_id: "scan-1".to_owned(),
            details_url: Some("https://rampart.example.com/pulls/1".to_owned()),
            conclusion: None,
            completed_at: None,
            line: "long ".repeat(100),
            title: String::new(),
            summary: String::new(),
            annotations: Vec::new(),
        };
        // A run that was cut off tells the same again, which GitLab does not take.
        assert_eq!(client.report(change, &check).await.unwrap(), None);
        assert_eq!(client.report(change, &check).await.unwrap(), None);
        check.conclusion = Some(Conclusion::Failure);
        client.report(change, &check).await.unwrap();
        {
            let there = stage.gitlab.world();
            let [status] = &there.statuses[..] else { panic!("{:?}", there.statuses) };
            assert_eq!(
                (&status["status"], &status["ref"], &status["name"]),
                (&json!("failed"), &json!("feature"), &json!("rampart/security"))
            );
        }
        check.conclusion = None;
        client.report(Change { from_fork: true, ..change }, &check).await.unwrap();
        assert_eq!(stage.gitlab.world().statuses[1]["ref"], "refs/merge-requests/7/head");

        let comment = client.create_comment(7, "summary").await.unwrap();
        assert!(client.edit_comment(7, &comment, "another").await.unwrap());
        assert!(!client.edit_comment(7, "1", "another").await.unwrap());
        let inline = |path: &str, first_line, last_line, suggestion: Option<&str>| InlineComment {
            path: path.to_owned(),
            first_line,
            last_line,
            text: "Better so".to_owned(),
            suggestion: suggestion.map(str::to_owned),
        };
        // Lines that the change wrote, of two and of one; one that it left as it was; a new file; and one that is not there.
        let all = [
            inline("app.py", 2, 3, Some("zwei und neu")),
            inline("app.py", 5, 5, None),
            inline("new.py", 2, 2, Some("y = 3")),
            inline("app.py", 90, 90, None),
        ];
        client.comment_inline(change, &all).await.unwrap();
        let notes = stage.gitlab.world().notes.clone();
        let beside: Vec<_> = notes.iter().filter(|note| note["type"] == "DiffNote").collect();
        let [changed, left, new] = &beside[..] else { panic!("{beside:?}") };
        assert_eq!(changed["body"], "Better so\n\n```suggestion:-1+0\nzwei und neu\n```\n");
        assert_eq!((&left["position"]["old_line"], &left["position"]["new_line"]), (&json!(4), &json!(5)));
        assert_eq!(
            (&new["position"]["old_line"], text(&new["body"]).contains("suggestion:-0+0")),
            (&Value::Null, true)
        );
        let refused = client.comment_inline(change, &[inline("app.py", 90, 90, None)]).await;
        assert!(matches!(refused, Err(Refused::Refused { status: 400, .. })), "{refused:?}");
        // GitLab shows no difference of a head that it has not looked at yet.
        let other: CommitHash = "d".repeat(40).parse().unwrap();
        let early = client.comment_inline(Change { head: &other, ..change }, &all).await;
        assert!(early.is_err_and(|error| error.is_passing()));

        // Ours is what our account wrote, whoever else writes the same.
        {
            let mut there = stage.gitlab.world();
            let mut other = there.notes[0].clone();
            (other["id"], other["author"]["username"]) = (json!(1), json!("mallory"));
            there.notes.push(other);
            let mut other = there.notes[1].clone();
            (other["id"], other["author"]["username"]) = (json!(2), json!("mallory"));
            there.notes.push(other);
        }
        let own = client.own_comments(7).await.unwrap();
        assert_eq!(own.iter().map(|it| (&it.id, it.text.as_str())).collect::<Vec<_>>(), [(&comment, "another")]);
        assert_eq!(client.own_inline_comments(7).await.unwrap().len(), 3);
        let theirs = client.edit_comment(7, "1", "mine").await;
        assert!(matches!(theirs, Err(Refused::Forbidden(_))), "{theirs:?}");
        // Who may push may ask for something.
        stage.gitlab.world().levels = [("8".to_owned(), 20), ("9".to_owned(), 30)].into();
        let who = |id: &str| Account { id: id.to_owned(), name: "bo".to_owned() };
        for (id, may) in [("8", false), ("9", true), ("10", false)] {
            assert_eq!(client.may_write(&who(id)).await.unwrap(), may, "{id}");
        }
        stage.gitlab.check();
    });
}
