//! Repositories made for tests, with the git program itself and nothing of ours.
//!
//! Everything here panics when git fails: the test then has nothing to run on.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A repository in a folder of its own.
pub struct TestRepository {
    folder: PathBuf,
}

impl TestRepository {
    /// On `main`, without a commit.
    pub fn new(folder: &Path) -> TestRepository {
        std::fs::create_dir_all(folder).expect("git works on this machine");
        let made = TestRepository { folder: std::fs::canonicalize(folder).expect("git works on this machine") };
        made.git(&["init", "--quiet", "--initial-branch=main"], b"");
        made
    }

    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// What the command prints, without the last line end.
    pub fn git(&self, arguments: &[&str], input: &[u8]) -> String {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgSign=false"]);
        command.args(["-c", "core.autocrlf=false", "-c", "core.protectNTFS=false"]).args(arguments);
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").current_dir(&self.folder);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("git works on this machine");
        child.stdin.take().expect("git works on this machine").write_all(input).expect("git works on this machine");
        let output = child.wait_with_output().expect("git works on this machine");
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    /// Writes files, commits everything; the hash.
    pub fn commit(&self, files: &[(&str, &str)], message: &str) -> String {
        for (name, text) in files {
            let path = self.folder.join(name);
            std::fs::create_dir_all(path.parent().expect("git works on this machine"))
                .expect("git works on this machine");
            std::fs::write(path, text).expect("git works on this machine");
        }
        self.git(&["add", "--all", "--force"], b"");
        self.git(&["commit", "--quiet", "--allow-empty", "-m", message], b"");
        self.git(&["rev-parse", "HEAD"], b"")
    }

    /// An object as it is written, whatever is in it.
    pub fn object(&self, kind: &str, content: &[u8]) -> String {
        self.git(&["hash-object", "-t", kind, "-w", "--stdin", "--literally"], content)
    }

    /// A tree of these entries, in this order, unchecked: mode, name, hash.
    pub fn tree(&self, entries: &[(&str, &[u8], &str)]) -> String {
        let mut content = Vec::new();
        for (mode, name, hash) in entries {
            content.extend_from_slice(mode.as_bytes());
            content.push(b' ');
            content.extend_from_slice(name);
            content.push(0);
            let digits =
                hash.as_bytes().chunks(2).map(|two| std::str::from_utf8(two).expect("git works on this machine"));
            content.extend(digits.map(|two| u8::from_str_radix(two, 16).expect("git works on this machine")));
        }
        self.object("tree", &content)
    }

    /// Puts `main` at a commit of this tree.
    pub fn commit_tree(&self, tree: &str) -> String {
        let hash = self.git(&["commit-tree", tree, "-m", "made"], b"");
        self.git(&["update-ref", "refs/heads/main", &hash], b"");
        hash
    }
}
