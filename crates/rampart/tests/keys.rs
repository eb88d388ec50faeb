//! `rampart keys rotate`: everything sealed opens with the new key, also when a run was killed in the middle.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use rampart_kernel::{Id, Keys, MasterKey, Origin, Sealed, SealedColumn, Secret, SystemChance};
use rampart_store::{Store, StoreSettings, params};

rampart_kernel::id! {
    /// A row of the test's.
    RowId,
}

const COLUMN: SealedColumn = SealedColumn { table: "mails", column: "message", row: "id", sealed_as: "message" };

/// So many that what a run says of them does not fit into a small pipe.
const ROWS: usize = 3_000;

fn rampart(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rampart"));
    command.env_clear().env("DATA_DIR", folder).current_dir(folder);
    command
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn keys(folder: &Path) -> Keys {
    let key = std::fs::read_to_string(folder.join("secret-key")).unwrap();
    Keys::new(MasterKey::parse(&Secret::new(key)).unwrap(), Vec::new()).unwrap()
}

async fn open(folder: &Path) -> Store {
    Store::open(&StoreSettings::embedded(folder)).await.unwrap()
}

/// An installation with sealed values in it.
async fn seal(folder: &Path) {
    let key = MasterKey::generate(&SystemChance).to_text();
    std::fs::write(folder.join("secret-key"), key.expose()).unwrap();
    let migrated = rampart(folder).arg("migrate").output().unwrap();
    assert!(migrated.status.success(), "{}", text(&migrated));
    let (store, keys, origin) = (open(folder).await, keys(folder), Origin::of_system("test"));
    let mut tx = store.begin(&origin).await.unwrap();
    for number in 0..ROWS {
        if number % 1_000 == 0 {
            tx.commit().await.unwrap();
            tx = store.begin(&origin).await.unwrap();
        }
        let id: RowId = origin.new_id();
        let sealed = keys.seal(&SystemChance, COLUMN.cell(id.uuid()), &Secret::new(format!("value {number}")));
        let sql = "INSERT INTO mails (id, message, created_at) VALUES ($1, $2, $3)";
        tx.execute(sql, &params![id, sealed.as_text(), origin.now()]).await.unwrap();
    }
    tx.commit().await.unwrap();
    store.close().await;
}

/// How many values open with the key in use alone.
async fn opened(folder: &Path) -> usize {
    let (store, keys) = (open(folder).await, keys(folder));
    let mut count = 0;
    let mut after = String::new();
    loop {
        let sql = "SELECT id, message FROM mails WHERE id > $1 ORDER BY id LIMIT 5000";
        let rows = store.read().await.unwrap().list(sql, &params![after.as_str()]).await.unwrap();
        let Some(last) = rows.last() else { break };
        after = last.get::<RowId>("id").unwrap().to_string();
        for row in &rows {
            let (id, value): (RowId, Sealed) = (row.get("id").unwrap(), row.get("message").unwrap());
            count += usize::from(keys.open(COLUMN.cell(id.uuid()), &value).is_ok());
        }
    }
    store.close().await;
    count
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_of_keys_that_is_killed_is_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    seal(folder).await;
    let old = keys(folder).current_id().to_owned();

    // A small pipe that nobody empties: the run stands still before its end.
    let (reader, writer) = std::io::pipe().unwrap();
    rustix::pipe::fcntl_setpipe_size(&writer, 4_096).unwrap();
    let mut command = rampart(folder);
    let mut process = command.args(["keys", "rotate"]).stdout(writer).stderr(Stdio::null()).spawn().unwrap();
    drop(command);
    let mut lines = BufReader::with_capacity(1, reader).lines();
    let first = lines.by_ref().map(Result::unwrap).find(|line| line.contains("sealed anew"));
    assert!(first.is_some());
    process.kill().unwrap();
    process.wait().unwrap();

    let new = keys(folder).current_id().to_owned();
    assert_ne!(old, new);
    let half = opened(folder).await;
    assert!(0 < half && half < ROWS, "{half}");

    let again = rampart(folder).args(["keys", "rotate"]).output().unwrap();
    assert!(again.status.success() && text(&again).contains("going on"), "{}", text(&again));
    assert_eq!(keys(folder).current_id(), new, "no third key is made");
    assert_eq!(opened(folder).await, ROWS);
    let kept = std::fs::read_to_string(folder.join("secret-keys-old")).unwrap();
    assert_eq!(kept.lines().count(), 1);
    let doctor = rampart(folder).arg("doctor").output().unwrap();
    assert!(doctor.status.success(), "{}", text(&doctor));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_missing_is_named_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    seal(folder).await;
    let lost = keys(folder).current_id().to_owned();
    let good = std::fs::read(folder.join("secret-key")).unwrap();
    std::fs::write(folder.join("secret-key"), MasterKey::generate(&SystemChance).to_text().expose()).unwrap();
    let output = rampart(folder).args(["keys", "rotate"]).output().unwrap();
    assert!(!output.status.success() && text(&output).contains(&lost), "{}", text(&output));
    std::fs::write(folder.join("secret-key"), good).unwrap();
    assert_eq!(opened(folder).await, ROWS);
}
