//! Repositories that were made to do harm: fetched, listed and written out, with nothing outside of the folder touched and nothing run.

use std::path::{Path, PathBuf};

use rampart_forge::git::{Error, Git, LeftOut, Mirror, Places, Source, Terms};
use rampart_forge::{BranchName, CommitHash, RepositoryId};
use rampart_kernel::Id;
use rampart_testkit::TestRepository;

const PATH: &str = "/usr/local/bin:/usr/bin:/bin";
const TERMS: Terms = Terms { file_bytes: 1_000_000, instead: None };

/// A folder with a repository below an open root, and a mirror of it beside.
struct Stage {
    folder: tempfile::TempDir,
    made: TestRepository,
    mirror: Mirror,
}

impl Stage {
    fn new() -> Stage {
        let folder = tempfile::tempdir().unwrap();
        let made = TestRepository::new(&folder.path().join("root/code"));
        let git = Git::new(&folder.path().join("own/home"), PATH).unwrap();
        let mirror =
            Mirror::new(&git, &folder.path().join("own"), RepositoryId::from_uuid(rampart_kernel::uuid::Uuid::nil()));
        Stage { folder, made, mirror }
    }

    fn places(&self) -> Places {
        Places::new(vec![self.folder.path().join("root")], &self.folder.path().join("own"))
    }

    fn place(&self) -> Source {
        self.places().find(self.made.path().to_str().unwrap()).unwrap().into()
    }

    async fn fetch(&self) -> Result<CommitHash, Error> {
        self.mirror.fetch(&self.place(), &main()).await
    }

    /// The files that are there after fetching and writing out, with what was left out.
    async fn written(&self) -> (Vec<(PathBuf, Vec<u8>)>, Vec<(String, LeftOut)>) {
        let hash = self.fetch().await.unwrap();
        let out = self.folder.path().join("out");
        std::fs::create_dir(&out).unwrap();
        let checkout = self.mirror.checkout(&hash, &out, TERMS).await.unwrap();
        let files = files(&out, &out);
        assert_eq!(checkout.files, files.len());
        (files, checkout.left_out)
    }
}

fn main() -> BranchName {
    "main".parse().unwrap()
}

/// Regular files, links and all else below a folder, without following anything.
fn files(folder: &Path, root: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let kind = std::fs::symlink_metadata(&path).unwrap().file_type();
        if kind.is_dir() {
            found.extend(files(&path, root));
        } else {
            assert!(kind.is_file(), "{} is neither file nor folder", path.display());
            found.push((path.strip_prefix(root).unwrap().to_owned(), std::fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}

#[tokio::test]
async fn bytes_are_those_of_the_commit_whatever_attributes_say() {
    let stage = Stage::new();
    let attributes = "* text eol=crlf filter=evil ident export-ignore\n*.py export-ignore\n";
    stage.made.commit(
        &[(".gitattributes", attributes), ("a.py", "x = 1\n# $Id$\n"), (".gitignore", "b.py\n"), ("b.py", "y\n")],
        "one",
    );
    let (files, left_out) = stage.written().await;
    let names: Vec<&str> = files.iter().map(|(name, _)| name.to_str().unwrap()).collect();
    assert_eq!(names, [".gitattributes", ".gitignore", "a.py", "b.py"]);
    assert_eq!(files[2].1, b"x = 1\n# $Id$\n");
    assert_eq!(left_out, []);
}

#[tokio::test]
async fn links_lead_nowhere() {
    let stage = Stage::new();
    let (link, loops) = (stage.made.object("blob", b"/etc/passwd"), stage.made.object("blob", b"self"));
    let file = stage.made.object("blob", b"below\n");
    let up = stage.made.object("blob", b"../../..");
    let tree = stage.made.tree(&[
        ("120000", b"loop", &loops),
        ("120000", b"out", &link),
        ("100644", b"real", &file),
        ("120000", b"up", &up),
    ]);
    stage.made.commit_tree(&tree);
    let (files, left_out) = stage.written().await;
    assert_eq!(files, [(PathBuf::from("real"), b"below\n".to_vec())]);
    let links: Vec<&str> = left_out
        .iter()
        .map(|(name, why)| {
            assert_eq!(*why, LeftOut::Link);
            name.as_str()
        })
        .collect();
    assert_eq!(links, ["loop", "out", "up"]);
    // What lies behind a link is not shown either.
    let head = stage.mirror.head(&main()).await.unwrap();
    assert!(matches!(stage.mirror.file(&head, "out", 100).await, Err(Error::NoFile)));
    assert_eq!(stage.mirror.file(&head, "real", 100).await.unwrap().unwrap(), b"below\n");
    assert_eq!(stage.mirror.file(&head, "real", 3).await.unwrap(), None);
}

#[tokio::test]
async fn trees_with_names_of_git_or_of_folders_above_are_refused() {
    for name in [".git", "..", ".", ".GIT", "git~1", ".git\u{200c}"] {
        let stage = Stage::new();
        let file = stage.made.object("blob", b"[core]\n\tfsmonitor = touch canary\n");
        let inner = stage.made.tree(&[("100644", b"config", &file)]);
        let tree = stage.made.tree(&[("40000", name.as_bytes(), &inner)]);
        stage.made.commit_tree(&tree);
        let refused = stage.fetch().await.unwrap_err();
        assert!(matches!(&refused, Error::Refused(_)), "{name:?}: {refused}");
        assert!(!refused.may_pass());
    }
}

#[tokio::test]
async fn odd_names_are_names() {
    let stage = Stage::new();
    let file = stage.made.object("blob", b"x");
    let long = "n".repeat(300);
    let names: [&[u8]; 5] = [b"\xff\xfe.py", b"-rf", b"a\nb", b"esc\x1b[31m", b"q\"uote"];
    let mut entries: Vec<(&str, &[u8], &str)> = names.iter().map(|name| ("100644", *name, file.as_str())).collect();
    entries.push(("100644", long.as_bytes(), &file));
    entries.sort_by_key(|(_, name, _)| name.to_vec());
    stage.made.commit_tree(&stage.made.tree(&entries));
    let (files, left_out) = stage.written().await;
    assert_eq!(files.len(), 5);
    assert_eq!(left_out, [(long, LeftOut::Name)]);
}

#[tokio::test]
async fn submodules_are_left_where_they_are() {
    let stage = Stage::new();
    let elsewhere = TestRepository::new(&stage.folder.path().join("elsewhere"));
    let other = elsewhere.commit(&[("secret", "x")], "other");
    let modules = format!("[submodule \"s\"]\n\tpath = s\n\turl = {}\n", elsewhere.path().display());
    let modules = stage.made.object("blob", modules.as_bytes());
    stage.made.commit_tree(&stage.made.tree(&[("100644", b".gitmodules", &modules), ("160000", b"s", &other)]));
    let (files, left_out) = stage.written().await;
    assert_eq!(files.len(), 1);
    assert_eq!(left_out, [("s".to_owned(), LeftOut::Submodule)]);
}

#[tokio::test]
async fn a_tree_that_stands_for_billions_is_cut_off() {
    let stage = Stage::new();
    let file = stage.made.object("blob", b"x");
    let names: Vec<String> = (0..10).map(|n| format!("f{n}")).collect();
    let mut below =
        stage.made.tree(&names.iter().map(|name| ("100644", name.as_bytes(), file.as_str())).collect::<Vec<_>>());
    for _ in 0..9 {
        let above = below.clone();
        below =
            stage.made.tree(&names.iter().map(|name| ("40000", name.as_bytes(), above.as_str())).collect::<Vec<_>>());
    }
    stage.made.commit_tree(&below);
    let hash = stage.fetch().await.unwrap();
    assert!(matches!(stage.mirror.tree(&hash).await, Err(Error::TooManyFiles(50_000))));
    assert!(matches!(stage.mirror.checkout(&hash, stage.folder.path(), TERMS).await, Err(Error::TooManyFiles(_))));
}

#[tokio::test]
async fn large_files_are_left_out_and_many_of_them_refused() {
    let stage = Stage::new();
    let large = stage.made.object("blob", &vec![b'a'; 2_000_000]);
    stage.made.commit_tree(&stage.made.tree(&[("100644", b"large", &large)]));
    let (files, left_out) = stage.written().await;
    assert_eq!((files.len(), left_out), (0, vec![("large".to_owned(), LeftOut::TooLarge { bytes: 2_000_000 })]));
    // The same content under many names: one object, and 600 MB of files.
    let names: Vec<String> = (0..300).map(|n| format!("l{n:03}")).collect();
    let entries: Vec<(&str, &[u8], &str)> =
        names.iter().map(|name| ("100644", name.as_bytes(), large.as_str())).collect();
    stage.made.commit_tree(&stage.made.tree(&entries));
    let hash = stage.fetch().await.unwrap();
    assert!(matches!(stage.mirror.tree(&hash).await, Err(Error::TooLarge(_))));
}

#[tokio::test]
async fn nothing_that_the_repository_names_is_run() {
    let stage = Stage::new();
    stage.made.commit(&[("a", "1"), (".gitattributes", "* filter=evil diff=evil\n")], "one");
    let canary = stage.folder.path().join("canary");
    let run = format!("touch {}", canary.display());
    for key in [
        "core.fsmonitor",
        "core.sshCommand",
        "core.pager",
        "core.editor",
        "core.gitProxy",
        "uploadpack.packObjectsHook",
        "filter.evil.smudge",
        "filter.evil.clean",
        "diff.evil.command",
        "diff.evil.textconv",
        "diff.external",
        "credential.helper",
        "gpg.program",
        "alias.fetch",
        "alias.upload-pack",
    ] {
        stage.made.git(&["config", key, &run], b"");
    }
    stage.made.git(&["config", "core.hooksPath", ".git/hooks"], b"");
    for hook in [
        "post-checkout",
        "pre-auto-gc",
        "reference-transaction",
        "post-merge",
        "post-index-change",
        "fsmonitor-watchman",
    ] {
        let file = stage.made.path().join(".git/hooks").join(hook);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, format!("#!/bin/sh\n{run}\n")).unwrap();
        std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    }
    let (files, _) = stage.written().await;
    assert_eq!(files.len(), 2);
    let head = stage.mirror.head(&main()).await.unwrap();
    stage.mirror.describe(&head).await.unwrap();
    stage.mirror.changes(None, &head).await.unwrap();
    assert!(!canary.exists());
    // The guard is real: git's own way of looking at the folder does run it.
    stage.made.git(&["status"], b"");
    assert!(canary.exists());
}

#[tokio::test]
async fn only_what_lies_below_open_roots_is_found() {
    let stage = Stage::new();
    stage.made.commit(&[("a", "1")], "one");
    let outside = TestRepository::new(&stage.folder.path().join("outside/code"));
    let (root, places) = (stage.folder.path().join("root"), stage.places());
    let refused = |path: &Path| matches!(places.find(path.to_str().unwrap()), Err(Error::Place(_)));
    let own = stage.made.path();
    assert!(places.find(&format!("file://{}", own.display())).is_ok());
    assert!(refused(outside.path()) && refused(&root.join("code/../../outside/code")) && refused(&root.join("none")));
    assert!(refused(Path::new("root/code")), "a path that is not whole");
    std::os::unix::fs::symlink(outside.path(), root.join("link")).unwrap();
    assert!(refused(&root.join("link")), "a link out");
    // A folder whose repository is another one's.
    std::fs::create_dir(root.join("file")).unwrap();
    let leads = format!("gitdir: {}\n", outside.path().join(".git").display());
    std::fs::write(root.join("file/.git"), leads).unwrap();
    assert!(refused(&root.join("file")), "a file that leads to a repository");
    std::fs::create_dir(root.join("linked")).unwrap();
    std::os::unix::fs::symlink(outside.path().join(".git"), root.join("linked/.git")).unwrap();
    assert!(refused(&root.join("linked")), "a link to a repository");
    let borrowed = TestRepository::new(&root.join("borrowed"));
    let objects = outside.path().join(".git/objects");
    std::fs::write(borrowed.path().join(".git/objects/info/alternates"), objects.to_str().unwrap()).unwrap();
    assert!(refused(borrowed.path()), "objects of another repository");
    // Mirrors are of everybody, even when a root is above them.
    let all = Places::new(vec![stage.folder.path().to_owned()], &stage.folder.path().join("own"));
    stage.fetch().await.unwrap();
    assert!(matches!(all.find(stage.mirror.folder().to_str().unwrap()), Err(Error::Place(_))));
    assert!(Places::default().find(own.to_str().unwrap()).is_err());
}

#[tokio::test]
async fn branches_that_were_rewritten_and_commits_that_no_branch_has() {
    let stage = Stage::new();
    let first = stage.made.commit(&[("a.py", "one\ntwo\nthree\n"), ("b.py", "b\n")], "first");
    assert_eq!(stage.fetch().await.unwrap().as_str(), first);
    stage.made.git(&["mv", "a.py", "c.py"], b"");
    let second = stage.made.commit(&[("b.py", "bb\n"), ("d.py", "d\n")], "second\n\nwhy\u{1b}[2J");
    let hash = stage.fetch().await.unwrap();
    let described = stage.mirror.describe(&hash).await.unwrap();
    assert_eq!(described.message, "second\n\nwhy\u{fffd}[2J");
    assert_eq!((described.author.as_str(), described.author_email.as_str()), ("Ada", "ada@example.com"));
    let changes = stage.mirror.changes(described.parent.as_ref(), &hash).await.unwrap();
    assert_eq!(
        (changes.added, changes.modified, changes.removed),
        (vec!["d.py".to_owned()], vec!["b.py".to_owned()], vec![])
    );
    assert_eq!(changes.renamed, [("a.py".to_owned(), "c.py".to_owned())]);
    let moved = stage.mirror.moved(&first.parse().unwrap(), &hash).await.unwrap();
    let lines = |name: &str| moved.iter().find(|file| file.from == name).unwrap().lines.as_ref().unwrap().len();
    assert_eq!((moved.len(), lines("a.py"), lines("b.py")), (2, 0, 1));
    // The branch goes back: what it was at is still here, and can still be had by who has nothing.
    stage.made.git(&["reset", "--quiet", "--hard", &first], b"");
    assert_eq!(stage.fetch().await.unwrap().as_str(), first);
    let second: CommitHash = second.parse().unwrap();
    stage.mirror.remove().await.unwrap();
    assert!(!stage.mirror.has(&second).await);
    stage.mirror.fetch_commit(&stage.place(), &second).await.unwrap();
    assert!(stage.mirror.has(&second).await);
    let none: CommitHash = "1".repeat(40).parse().unwrap();
    assert!(matches!(stage.mirror.fetch_commit(&stage.place(), &none).await, Err(Error::NoCommit)));
    assert!(matches!(stage.mirror.fetch(&stage.place(), &"other".parse().unwrap()).await, Err(Error::NoCommit)));
}

#[tokio::test]
async fn a_mirror_that_was_cut_off_is_made_anew() {
    let stage = Stage::new();
    stage.made.commit(&[("a", "1")], "first");
    stage.fetch().await.unwrap();
    let second = stage.made.commit(&[("a", "2")], "second");
    std::fs::write(stage.mirror.folder().join("refs/heads/main.lock"), "").unwrap();
    assert_eq!(stage.fetch().await.unwrap().as_str(), second);
    stage.mirror.remove().await.unwrap();
    // Nothing but a name: as after the first instruction of `git init`.
    std::fs::create_dir(stage.mirror.folder()).unwrap();
    std::fs::write(stage.mirror.folder().join("HEAD"), "").unwrap();
    assert_eq!(stage.fetch().await.unwrap().as_str(), second);
}
