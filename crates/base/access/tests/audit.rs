//! The record is believed only while nobody has touched it.

use rampart_access::audit::{self, Audit, Break, Checkpoint, Record, Verdict};
use rampart_access::{Actor, Client, Ctx};
use rampart_kernel::{Keys, MasterKey, SystemChance};
use rampart_store::{Dialect, params};
use rampart_testkit::{TestStore, on_both};

const ROWS: i64 = 20;

fn audit() -> Audit {
    Audit::new(&Keys::new(MasterKey::generate(&SystemChance), Vec::new()).unwrap())
}

async fn write(test: &TestStore, audit: &Audit, rows: i64) {
    let ctx = Ctx::new(test.origin.clone(), Actor::Anonymous, Client::default());
    for number in 0..rows {
        let mut tx = test.store.begin(&ctx).await.unwrap();
        let record = Record::new("user.login", "user").of(number).detail("b", 1).detail("a", "x").changed("old", "new");
        audit.record(&mut tx, &ctx, record).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// As somebody who can do with the database what they like.
async fn tamper(test: &TestStore, sql: &str) {
    let mut tx = test.store.begin(&test.origin).await.unwrap();
    let unlock: &[&str] = match test.store.dialect() {
        Dialect::Sqlite => {
            &["DROP TRIGGER IF EXISTS audit_logs_no_update", "DROP TRIGGER IF EXISTS audit_logs_no_delete"]
        }
        Dialect::Postgres => &["DROP TRIGGER IF EXISTS audit_logs_no_change ON audit_logs"],
    };
    for statement in unlock.iter().copied().chain(sql.split(';')) {
        tx.execute(statement, &[]).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[test]
fn an_untouched_record_holds() {
    on_both(audit::MIGRATIONS, async |test| {
        let audit = audit();
        write(&test, &audit, ROWS).await;
        let verdict = audit.verify(&test.store, None, &[]).await.unwrap();
        assert_eq!(verdict, Verdict { checked: 20, broken: Vec::new() });
        assert_eq!(audit.verify(&test.store, Some("platform"), &[]).await.unwrap().checked, 20);
        assert_eq!(audit.verify(&test.store, Some("other"), &[]).await.unwrap().checked, 0);
    });
}

#[test]
fn the_databases_refuse_changes() {
    on_both(audit::MIGRATIONS, async |test| {
        write(&test, &audit(), 1).await;
        for sql in ["UPDATE audit_logs SET action = 'x'", "DELETE FROM audit_logs"] {
            let mut tx = test.store.begin(&test.origin).await.unwrap();
            assert!(tx.execute(sql, &[]).await.is_err(), "{sql}");
        }
    });
}

#[test]
fn every_kind_of_tampering_is_seen() {
    for (sql, expected) in [
        ("UPDATE audit_logs SET action = 'user.logout' WHERE seq = 7", Break::Row(7)),
        ("UPDATE audit_logs SET details = '{\"a\":\"y\",\"b\":1}' WHERE seq = 7", Break::Row(7)),
        ("UPDATE audit_logs SET user_id = NULL, ip_address = '' WHERE seq = 7", Break::Row(7)),
        ("DELETE FROM audit_logs WHERE seq = 7", Break::Row(7)),
        ("DELETE FROM audit_logs WHERE seq > 15", Break::Cut(16)),
        ("UPDATE audit_heads SET seq = 21", Break::Cut(21)),
        ("UPDATE audit_heads SET hash = 'x'", Break::Head),
        (
            "UPDATE audit_logs SET seq = 100 WHERE seq = 7;UPDATE audit_logs SET seq = 7 WHERE seq = 8;
             UPDATE audit_logs SET seq = 8 WHERE seq = 100",
            Break::Row(7),
        ),
        (
            "DELETE FROM audit_logs WHERE seq > 15;
             UPDATE audit_heads SET seq = 15, hash = (SELECT hash FROM audit_logs WHERE seq = 15)",
            Break::Head,
        ),
    ] {
        on_both(audit::MIGRATIONS, async |test| {
            let audit = audit();
            write(&test, &audit, ROWS).await;
            tamper(&test, sql).await;
            let verdict = audit.verify(&test.store, None, &[]).await.unwrap();
            assert_eq!(verdict.broken, [("platform".to_owned(), expected)], "{sql}");
        });
    }
}

#[test]
fn a_record_stamped_anew_with_another_key_is_seen() {
    on_both(audit::MIGRATIONS, async |test| {
        write(&test, &audit(), ROWS).await;
        let verdict = audit().verify(&test.store, None, &[]).await.unwrap();
        assert_eq!(verdict.broken, [("platform".to_owned(), Break::Row(1))]);
    });
}

#[test]
fn a_record_set_back_to_an_earlier_state_is_seen_by_its_checkpoints() {
    on_both(audit::MIGRATIONS, async |test| {
        let audit = audit();
        let path = test.folder().join("checkpoints");
        write(&test, &audit, 5).await;
        let head = test.store.read().await.unwrap().get("SELECT seq, hash, mac FROM audit_heads", &[]).await.unwrap();
        write(&test, &audit, 5).await;
        assert_eq!(audit.checkpoint(&test.store, &path, test.origin.now()).await.unwrap(), 1);
        assert_eq!(audit.checkpoint(&test.store, &path, test.origin.now()).await.unwrap(), 0, "nothing moved");
        write(&test, &audit, 1).await;
        let checkpoints = Checkpoint::read(&path).unwrap();
        assert_eq!(audit.verify(&test.store, None, &checkpoints).await.unwrap().broken, []);

        tamper(&test, "DELETE FROM audit_logs WHERE seq > 5").await;
        let mut tx = test.store.begin(&test.origin).await.unwrap();
        tx.execute(
            "UPDATE audit_heads SET seq = $1, hash = $2, mac = $3",
            &params![
                head.get::<i64>("seq").unwrap(),
                head.get::<String>("hash").unwrap(),
                head.get::<String>("mac").unwrap()
            ],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(audit.verify(&test.store, None, &[]).await.unwrap().broken, [], "the database alone does not know");
        let broken = audit.verify(&test.store, None, &checkpoints).await.unwrap().broken;
        assert_eq!(broken, [("platform".to_owned(), Break::Cut(6))]);
    });
}

#[test]
fn writers_at_the_same_time_make_one_chain() {
    on_both(audit::MIGRATIONS, async |test| {
        let audit = audit();
        let mut tasks = Vec::new();
        for _ in 0..8 {
            let (store, audit, origin) = (test.store.clone(), audit.clone(), test.origin.clone());
            tasks.push(tokio::spawn(async move {
                let ctx = Ctx::new(origin, Actor::Anonymous, Client::default());
                for _ in 0..10 {
                    let mut tx = store.begin(&ctx).await.unwrap();
                    audit.record(&mut tx, &ctx, Record::new("user.login", "user")).await.unwrap();
                    tx.commit().await.unwrap();
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        let verdict = audit.verify(&test.store, None, &[]).await.unwrap();
        assert_eq!(verdict, Verdict { checked: 80, broken: Vec::new() });
    });
}

/// The record of an installation whose master key was changed after ten rows; both keys, and the first alone.
async fn rotated(test: &TestStore) -> (Audit, Audit, Audit) {
    let (old, new) = (MasterKey::generate(&SystemChance), MasterKey::generate(&SystemChance));
    let audit = |key: &MasterKey, old: &[MasterKey]| Audit::new(&Keys::new(key.clone(), old.to_vec()).unwrap());
    let (before, after) = (audit(&old, &[]), audit(&new, std::slice::from_ref(&old)));
    write(test, &before, 10).await;
    (before, after, audit(&new, &[]))
}

#[test]
fn a_record_holds_across_a_change_of_keys_as_long_as_the_old_one_is_there() {
    on_both(audit::MIGRATIONS, async |test| {
        let (_, after, forgetful) = rotated(&test).await;
        // Nothing was written since: the head too is of the old key.
        assert_eq!(after.verify(&test.store, None, &[]).await.unwrap().broken, []);
        write(&test, &after, 10).await;
        assert_eq!(after.verify(&test.store, None, &[]).await.unwrap(), Verdict { checked: 20, broken: Vec::new() });
        let broken = forgetful.verify(&test.store, None, &[]).await.unwrap().broken;
        assert_eq!(broken, [("platform".to_owned(), Break::Row(1))]);
    });
}

#[test]
fn with_the_old_key_nothing_can_be_added_after_the_change() {
    on_both(audit::MIGRATIONS, async |test| {
        let (before, after, _) = rotated(&test).await;
        write(&test, &after, 5).await;
        write(&test, &before, 1).await;
        let broken = after.verify(&test.store, None, &[]).await.unwrap().broken;
        assert_eq!(broken, [("platform".to_owned(), Break::Row(16))]);
    });
}
