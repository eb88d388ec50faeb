//! What differs between commits, of repositories that were made to be misread.

use std::collections::BTreeMap;

use rampart_forge::git::{Diff, DiffFile, DiffStatus, Error, Git, LineKind, Mirror, Omitted, Places};
use rampart_forge::{BranchName, CommitHash, RepositoryId};
use rampart_kernel::Id;
use rampart_kernel::uuid::Uuid;
use rampart_testkit::TestRepository;

struct Stage {
    folder: tempfile::TempDir,
    made: TestRepository,
    mirror: Mirror,
}

impl Stage {
    fn new() -> Stage {
        let folder = tempfile::tempdir().unwrap();
        let made = TestRepository::new(&folder.path().join("root/code"));
        let own = folder.path().join("own");
        let git = Git::new(&own.join("home"), "/usr/local/bin:/usr/bin:/bin").unwrap();
        let mirror = Mirror::new(&git, &own, RepositoryId::from_uuid(Uuid::nil()));
        Stage { folder, made, mirror }
    }

    async fn fetch(&self) -> CommitHash {
        let places = Places::new(vec![self.folder.path().join("root")], &self.folder.path().join("own"));
        let place = places.find(self.made.path().to_str().unwrap()).unwrap();
        let main: BranchName = "main".parse().unwrap();
        self.mirror.fetch(&place.into(), &main).await.unwrap()
    }

    /// What the last commit changes of its first parent.
    async fn last(&self) -> Diff {
        let hash = self.fetch().await;
        let parent = self.mirror.describe(&hash).await.unwrap().parent;
        self.mirror.diff(parent.as_ref(), &hash, None).await.unwrap()
    }
}

/// The file's lines, each with its sign.
fn lines(file: &DiffFile) -> Vec<String> {
    let sign = |kind| match kind {
        LineKind::Context => ' ',
        LineKind::Added => '+',
        LineKind::Removed => '-',
    };
    let lines = file.hunks.as_ref().expect("lines are shown").iter().flat_map(|hunk| &hunk.lines);
    lines.map(|line| format!("{}{}{}", sign(line.kind), line.text, if line.no_newline { "$" } else { "" })).collect()
}

fn by_path(diff: &Diff) -> BTreeMap<&str, &DiffFile> {
    diff.files.iter().map(|file| (file.path.as_str(), file)).collect()
}

#[tokio::test]
async fn what_a_commit_changes_is_told_line_by_line() {
    let stage = Stage::new();
    let long: String = (1..=30).map(|n| format!("line {n}\n")).collect();
    stage.made.commit(
        &[("moved.py", &long), ("edge", "a\nb\n"), ("gone", "g\n"), ("image", "\0one"), ("same", "s\n")],
        "one",
    );
    let root = stage.last().await;
    assert_eq!((root.from.clone(), root.totals.files, root.totals.added), (None, 5, 30 + 2 + 1 + 1));
    assert!(root.files.iter().all(|file| file.status == DiffStatus::Added));
    assert_eq!(lines(by_path(&root)["edge"]), ["+a", "+b"]);

    std::fs::create_dir(stage.made.path().join("lib")).unwrap();
    stage.made.git(&["mv", "moved.py", "lib/moved.py"], b"");
    stage.made.git(&["rm", "--quiet", "gone"], b"");
    let changed = long.replace("line 20\n", "line twenty\n");
    let hash =
        stage.made.commit(&[("lib/moved.py", &changed), ("edge", "a\nc"), ("image", "\0two"), ("empty", "")], "two");
    let diff = stage.last().await;
    assert_eq!((diff.from.as_ref(), diff.to.as_str()), (Some(&root.to), hash.as_str()));
    assert_eq!((diff.totals.files, diff.totals.added, diff.totals.removed), (5, 2, 3));
    let files = by_path(&diff);
    let moved = files["lib/moved.py"];
    assert_eq!((moved.status, moved.previous_path.as_deref()), (DiffStatus::Renamed, Some("moved.py")));
    let hunk = &moved.hunks.as_ref().unwrap()[0];
    assert_eq!((hunk.old_start, hunk.old_lines, hunk.new_start, hunk.new_lines), (17, 7, 17, 7));
    assert_eq!(lines(moved)[2..6], [" line 19", "-line 20", "+line twenty", " line 21"]);
    assert_eq!(lines(files["edge"]), [" a", "-b", "+c$"]);
    assert_eq!((files["gone"].status, lines(files["gone"])), (DiffStatus::Removed, vec!["-g".to_owned()]));
    assert_eq!((files["image"].binary, &files["image"].hunks, files["image"].omitted), (true, &None, None));
    assert_eq!(lines(files["empty"]), [""; 0]);
    // By itself it is the same, and nothing is to be had of what does not differ.
    let only = stage.mirror.diff(diff.from.as_ref(), &diff.to, Some("lib/moved.py")).await.unwrap();
    assert_eq!((&only.files[..], only.totals), (&[moved.clone()][..], diff.totals));
    for path in ["same", "none", "lib", "*", ":/"] {
        assert!(
            matches!(stage.mirror.diff(diff.from.as_ref(), &diff.to, Some(path)).await, Err(Error::NoFile)),
            "{path}"
        );
    }
    let none: CommitHash = "1".repeat(40).parse().unwrap();
    assert!(matches!(stage.mirror.diff(None, &none, None).await, Err(Error::NoCommit)));
    assert!(matches!(stage.mirror.diff(Some(&none), &diff.to, None).await, Err(Error::NoCommit)));
}

#[tokio::test]
async fn a_merge_changes_what_its_first_parent_lacks() {
    let stage = Stage::new();
    stage.made.commit(&[("a", "a\n")], "one");
    stage.made.git(&["checkout", "--quiet", "-b", "side"], b"");
    stage.made.commit(&[("side", "s\n")], "side");
    stage.made.git(&["checkout", "--quiet", "main"], b"");
    let main = stage.made.commit(&[("main", "m\n")], "main");
    stage.made.git(&["merge", "--quiet", "--no-ff", "-m", "both", "side"], b"");
    let diff = stage.last().await;
    assert_eq!(diff.from.unwrap().as_str(), main);
    assert_eq!(diff.files.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(), ["side"]);
}

#[tokio::test]
async fn lines_go_to_their_files_whatever_these_are_called() {
    let stage = Stage::new();
    let names: [&[u8]; 9] = [
        b" ",
        b"\"q\"",
        b"*",
        b":(exclude)x",
        b"a\n+++ b\n@@ -1 +1 @@\n-x",
        b"b => c",
        b"esc\x1b[31m",
        b"n\tt",
        b"\xff",
    ];
    let tree = |text: &str| {
        let ids: Vec<String> =
            (0..names.len()).map(|at| stage.made.object("blob", format!("{text} {at}\n").as_bytes())).collect();
        let entries: Vec<_> = names.iter().zip(&ids).map(|(name, id)| ("100644", *name, id.as_str())).collect();
        stage.made.tree(&entries)
    };
    stage.made.commit_tree(&tree("old"));
    let before = stage.fetch().await;
    stage.made.commit_tree(&tree("new"));
    let after = stage.fetch().await;
    let diff = stage.mirror.diff(Some(&before), &after, None).await.unwrap();
    assert_eq!(diff.files.len(), names.len());
    for (at, file) in diff.files.iter().enumerate() {
        assert_eq!(file.path, String::from_utf8_lossy(names[at]));
        assert_eq!(lines(file), [format!("-old {at}"), format!("+new {at}")]);
        let only = stage.mirror.diff(Some(&before), &after, Some(&file.path)).await.unwrap();
        assert_eq!(only.files, std::slice::from_ref(file));
    }
}

#[tokio::test]
async fn attributes_and_links_hide_nothing() {
    let stage = Stage::new();
    let (first, second) = (stage.made.object("blob", b"a\n"), stage.made.object("blob", b"b\n"));
    let (link, attributes) =
        (stage.made.object("blob", b"/etc/passwd"), stage.made.object("blob", b"* -diff\n*.py diff=evil\n"));
    let tree = |py: &str, mode, other: &str| {
        let entries =
            [("100644", &b".gitattributes"[..], attributes.as_str()), ("100644", b"a.py", py), (mode, b"link", other)];
        stage.made.tree(&entries)
    };
    stage.made.commit_tree(&tree(&first, "100644", &first));
    let before = stage.fetch().await;
    stage.made.commit_tree(&tree(&second, "120000", &link));
    let after = stage.fetch().await;
    // As where the mirror's own branch has them.
    std::fs::write(stage.mirror.folder().join("HEAD"), "ref: refs/heads/main\n").unwrap();
    let diff = stage.mirror.diff(Some(&before), &after, None).await.unwrap();
    let files = by_path(&diff);
    assert_eq!(lines(files["a.py"]), ["-a", "+b"]);
    // Where a link leads is what it holds, and nothing lies behind it.
    assert_eq!(
        (files["link"].status, lines(files["link"])),
        (DiffStatus::Modified, vec!["-a".into(), "+/etc/passwd$".into()])
    );
}

#[tokio::test]
async fn what_is_too_long_is_listed_and_shown_by_itself() {
    let stage = Stage::new();
    let (long, longest) = ("x\n".repeat(3_001), "y\n".repeat(20_001));
    stage.made.commit(&[("long", &long), ("longest", &longest), ("short", "s\n"), ("wide", &"w".repeat(9_000))], "one");
    let diff = stage.last().await;
    let files = by_path(&diff);
    assert_eq!(
        (files["long"].added, files["long"].omitted, &files["long"].hunks),
        (3_001, Some(Omitted::TooLong), &None)
    );
    assert_eq!((files["short"].omitted, lines(files["short"])), (None, vec!["+s".to_owned()]));
    let wide = &files["wide"].hunks.as_ref().unwrap()[0].lines[0];
    assert_eq!((wide.text.len(), wide.cut), (2_000, true));
    let only = async |path| stage.mirror.diff(None, &diff.to, Some(path)).await.unwrap().files.remove(0);
    assert_eq!(lines(&only("long").await).len(), 3_001);
    assert_eq!(only("longest").await.omitted, Some(Omitted::TooLong));
    // More than is read at all: what comes before it is shown.
    let huge = format!("{}\n", "z".repeat(99)).repeat(170_000);
    stage.made.commit(&[("huge", &huge), ("a", "a\n"), ("last", "l\n")], "two");
    let diff = stage.last().await;
    let omitted: Vec<_> = diff.files.iter().map(|file| (file.path.as_str(), file.omitted)).collect();
    assert_eq!(omitted, [("a", None), ("huge", Some(Omitted::TooMany)), ("last", Some(Omitted::TooMany))]);
    let only = async |path| stage.mirror.diff(diff.from.as_ref(), &diff.to, Some(path)).await.unwrap().files.remove(0);
    assert_eq!(only("huge").await.omitted, Some(Omitted::TooLong));
    assert_eq!(lines(&only("last").await), ["+l"]);
}
