//! Migrations: once, in order, and never backwards.

use rampart_store::{Error, Migration, Store, params};
use rampart_testkit::on_both;

const FIRST: Migration = Migration::new("test/0001-a", "CREATE TABLE a (id {uuid} PRIMARY KEY)");
const SECOND: Migration = Migration::new("test/0002-b", "CREATE TABLE b (id {serial}, at {ts})");

#[test]
fn each_migration_runs_once() {
    on_both(&[FIRST], async |test| {
        assert_eq!(test.store.pending(&[FIRST, SECOND]).await.unwrap().names, ["test/0002-b"]);
        assert_eq!(test.store.migrate(&test.origin, &[FIRST, SECOND]).await.unwrap(), ["test/0002-b"]);
        assert!(test.store.migrate(&test.origin, &[FIRST, SECOND]).await.unwrap().is_empty());
    });
}

#[test]
fn a_migration_that_fails_leaves_nothing() {
    on_both(&[FIRST], async |test| {
        const BROKEN: Migration = Migration::new("test/0002-b", "CREATE TABLE b (id {int}); CREATE TABLE a (id {int})");
        let error = test.store.migrate(&test.origin, &[FIRST, BROKEN]).await.unwrap_err();
        assert!(error.to_string().contains("test/0002-b"), "{error}");
        assert_eq!(test.store.migrate(&test.origin, &[FIRST, SECOND]).await.unwrap(), ["test/0002-b"]);
    });
}

#[test]
fn a_changed_migration_and_a_newer_database_are_refused() {
    on_both(&[FIRST, SECOND], async |test| {
        const CHANGED: Migration = Migration::new("test/0001-a", "CREATE TABLE a (id TEXT PRIMARY KEY)");
        let check = async |migrations: &[Migration], word: &str| {
            let error = test.store.migrate(&test.origin, migrations).await.unwrap_err();
            assert!(matches!(&error, Error::Migration(text) if text.contains(word)), "{error}");
        };
        check(&[CHANGED, SECOND], "changed").await;
        check(&[FIRST], "newer").await;
    });
}

#[test]
fn a_database_opens_in_one_process_and_a_copy_opens_elsewhere() {
    on_both(&[FIRST], async |test| {
        if test.settings.database_url.is_some() {
            return;
        }
        assert!(matches!(Store::open(&test.settings).await, Err(Error::Unavailable(_))));
        let mut tx = test.store.begin(&test.origin).await.unwrap();
        let id: rampart_kernel::UserId = test.origin.new_id();
        tx.execute("INSERT INTO a (id) VALUES ($1)", &params![id]).await.unwrap();
        tx.commit().await.unwrap();

        let elsewhere = tempfile::tempdir().unwrap();
        let mut settings = test.settings.clone();
        settings.data_dir = elsewhere.path().to_owned();
        test.store.copy_to(&settings.database_file()).await.unwrap();
        let copy = Store::open(&settings).await.unwrap();
        let row = copy.read().await.unwrap().get("SELECT id FROM a", &[]).await.unwrap();
        assert_eq!(row.get::<rampart_kernel::UserId>("id").unwrap(), id);
        assert!(copy.pending(&[FIRST]).await.unwrap().names.is_empty());
    });
}
