//! Backups: whole or not at all, sealed, and put back as if nothing had happened.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};

use rampart_kernel::{MasterKey, SystemChance};

fn rampart(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rampart"));
    command.env_clear().env("DATA_DIR", folder.join("data")).current_dir(folder).args(arguments);
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    rampart(folder, arguments).output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn succeeded(output: &Output) -> String {
    assert!(output.status.success(), "{}", text(output));
    text(output)
}

const OBJECT: &str = "objects/ws/0192f0c1-7b5a-7cc3-98b0-2f4d5c6a7b8c/reports/one.json";

/// An installation with a database, a large object and an unfinished one.
fn installation(folder: &Path) {
    let data = folder.join("data");
    fs::create_dir(&data).unwrap();
    fs::write(data.join("secret-key"), MasterKey::generate(&SystemChance).to_text().expose()).unwrap();
    succeeded(&run(folder, &["migrate"]));
    let object = data.join(OBJECT);
    fs::create_dir_all(object.parent().unwrap()).unwrap();
    // What does not compress is longer than what a pipe holds.
    fs::write(&object, noise()).unwrap();
    fs::write(data.join("objects/ws/half#1"), "half").unwrap();
}

fn noise() -> Vec<u8> {
    let mut state = 7_u64;
    let next = |state: &mut u64| {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 56) as u8
    };
    (0..1 << 20).map(|_| next(&mut state)).collect()
}

fn copy_key(from: &Path, to: &Path) {
    fs::create_dir_all(to.join("data")).unwrap();
    fs::copy(from.join("data/secret-key"), to.join("data/secret-key")).unwrap();
}

#[test]
fn a_backup_is_sealed_and_comes_back_whole() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (here, there) = (here.path(), there.path());
    installation(here);
    succeeded(&run(here, &["backup", "create", "b"]));
    assert!(!run(here, &["backup", "create", "b"]).status.success(), "what is there is not overwritten");
    let bytes = fs::read(here.join("b")).unwrap();
    assert!(!bytes.windows(6).any(|window| window == b"SQLite"));
    assert!(succeeded(&run(here, &["backup", "verify", "b"])).contains("1 objects"));
    let names: Vec<_> = fs::read_dir(here).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "nothing is left behind: {names:?}");

    copy_key(here, there);
    fs::copy(here.join("b"), there.join("b")).unwrap();
    succeeded(&run(there, &["backup", "restore", "b"]));
    assert_eq!(fs::read(there.join("data").join(OBJECT)).unwrap(), noise());
    assert!(!there.join("data/objects/ws/half#1").exists() && !there.join("data/restoring").exists());
    succeeded(&run(there, &["doctor"]));
}

#[test]
fn without_its_key_a_backup_says_which_one_it_needs() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    installation(here.path());
    succeeded(&run(here.path(), &["backup", "create", "b"]));
    fs::copy(here.path().join("b"), there.path().join("b")).unwrap();
    let keyless = run(there.path(), &["backup", "restore", "b"]);
    assert!(!keyless.status.success() && text(&keyless).contains("there is no master key"), "{}", text(&keyless));
    fs::create_dir_all(there.path().join("data")).unwrap();
    let other = MasterKey::generate(&SystemChance).to_text();
    fs::write(there.path().join("data/secret-key"), other.expose()).unwrap();
    let wrong = run(there.path(), &["backup", "restore", "b"]);
    assert!(!wrong.status.success() && text(&wrong).contains("opens with the master key"), "{}", text(&wrong));
    assert!(!there.path().join("data/rampart.db").exists());
}

#[test]
fn what_was_changed_or_cut_is_not_put_back() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (here, there) = (here.path(), there.path());
    installation(here);
    copy_key(here, there);
    succeeded(&run(here, &["backup", "create", "b"]));
    let whole = fs::read(here.join("b")).unwrap();
    let header = whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(1).unwrap().0;
    let mut flipped = whole.clone();
    *flipped.last_mut().unwrap() ^= 1;
    let mut renamed = whole.clone();
    renamed[header - 3] ^= 1;
    for (what, bytes) in
        [("cut", &whole[..whole.len() - 20]), ("flipped", &flipped), ("header", &renamed), ("none", b"x")]
    {
        fs::write(there.join("b"), bytes).unwrap();
        assert!(!run(there, &["backup", "verify", "b"]).status.success(), "{what}");
        assert!(!run(there, &["backup", "restore", "b"]).status.success(), "{what}");
        assert!(!there.join("data/rampart.db").exists(), "{what}");
    }
    // None of it stands in the way of the right one.
    fs::write(there.join("b"), &whole).unwrap();
    succeeded(&run(there, &["backup", "restore", "b"]));
}

#[test]
fn a_restore_that_is_killed_leaves_no_database_and_can_be_done_again() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (here, there) = (here.path(), there.path());
    installation(here);
    copy_key(here, there);
    succeeded(&run(here, &["backup", "create", "b"]));
    let whole = fs::read(here.join("b")).unwrap();

    // The backup comes through a pipe that ends nowhere: in its middle the restore waits, and is killed.
    let pipe = there.join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let mut process = rampart(there, &["backup", "restore", "pipe"]).spawn().unwrap();
    let mut writer = fs::OpenOptions::new().write(true).open(&pipe).unwrap();
    writer.write_all(&whole[..whole.len() / 2]).unwrap();
    process.kill().unwrap();
    process.wait().unwrap();
    assert!(there.join("data/restoring").exists() && !there.join("data/rampart.db").exists());

    fs::write(there.join("b"), &whole).unwrap();
    succeeded(&run(there, &["backup", "restore", "b"]));
    assert_eq!(fs::read(there.join("data").join(OBJECT)).unwrap(), noise());
    assert!(!run(there, &["backup", "restore", "b"]).status.success(), "a restore does not overwrite");
}
