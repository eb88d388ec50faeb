//! What a transaction promises, on both databases.

use std::time::Duration;

use rampart_kernel::{Clock, Timestamp};
use rampart_store::{Bell, Dialect, Error, Event, Migration, SharedClock, TURN_LIMIT, Tx, params};
use rampart_testkit::{TestStore, on_both};

const SCHEMA: &[Migration] = &[Migration::new(
    "test/0001-tables",
    "CREATE TABLE counters (name TEXT PRIMARY KEY, value {int} NOT NULL);
     CREATE TABLE things (id {uuid} PRIMARY KEY, made_at {ts} NOT NULL, data {json} NOT NULL, done {bool} NOT NULL,
        share {real}, counter TEXT REFERENCES counters (name));
     INSERT INTO counters (name, value) VALUES ('all', 0)",
)];

async fn add(tx: &mut Tx, name: &str) -> Result<u64, Error> {
    tx.execute("INSERT INTO counters (name, value) VALUES ($1, 0)", &params![name]).await
}

async fn names(test: &TestStore) -> Vec<String> {
    let mut reader = test.store.read().await.unwrap();
    let rows = reader.list("SELECT name FROM counters WHERE name <> 'all' ORDER BY name", &[]).await.unwrap();
    rows.iter().map(|row| row.get("name").unwrap()).collect()
}

#[test]
fn committed_stays_and_dropped_goes() {
    on_both(SCHEMA, async |test| {
        let mut tx = test.store.begin(&test.origin).await.unwrap();
        add(&mut tx, "kept").await.unwrap();
        assert_eq!(names(&test).await, Vec::<String>::new(), "nobody sees what is not committed");
        tx.commit().await.unwrap();

        let mut tx = test.store.begin(&test.origin).await.unwrap();
        add(&mut tx, "dropped").await.unwrap();
        drop(tx);
        assert_eq!(names(&test).await, ["kept"]);
    });
}

#[test]
fn every_type_comes_back_as_it_went() {
    on_both(SCHEMA, async |test| {
        let id: rampart_kernel::UserId = test.origin.new_id();
        let at: Timestamp = "2024-01-15T10:30:00.007Z".parse().unwrap();
        let data = serde_json::json!({ "a": [1, "b", null] });
        let mut tx = test.store.begin(&test.origin).await.unwrap();
        // The places are not in order on purpose: SQLite would number them by appearance.
        tx.execute(
            "INSERT INTO things (done, id, made_at, data, share, counter) VALUES ($2, $1, $3, $4, $5, $6)",
            &params![id, true, at, data.clone(), 0.5, None::<String>],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let mut reader = test.store.read().await.unwrap();
        let row = reader.get("SELECT * FROM things WHERE id = $1", &params![id]).await.unwrap();
        assert_eq!(row.get::<rampart_kernel::UserId>("id").unwrap(), id);
        assert_eq!(row.get::<Timestamp>("made_at").unwrap(), at);
        assert_eq!(row.get::<serde_json::Value>("data").unwrap(), data);
        assert!(row.get::<bool>("done").unwrap());
        assert_eq!(row.get::<f64>("share").unwrap(), 0.5);
        assert_eq!(row.get::<Option<String>>("counter").unwrap(), None);
        assert!(matches!(row.get::<String>("share"), Err(Error::Column { .. })));
    });
}

#[test]
fn a_failed_transaction_takes_nobody_along() {
    on_both(SCHEMA, async |test| {
        let mut good = Vec::new();
        for number in 0..40 {
            let (store, origin) = (test.store.clone(), test.origin.clone());
            let task = tokio::spawn(async move {
                let mut tx = store.begin(&origin).await?;
                add(&mut tx, &format!("{number:02}")).await?;
                if number % 2 == 0 {
                    let error = add(&mut tx, "all").await.unwrap_err();
                    assert!(matches!(error, Error::Conflict(_)), "{error:?}");
                    assert!(matches!(add(&mut tx, "more").await, Err(Error::Failed)));
                }
                tx.commit().await
            });
            good.push((number, task));
        }
        for (number, task) in good {
            assert_eq!(task.await.unwrap().is_ok(), number % 2 == 1, "{number}");
        }
        let odd: Vec<String> = (0..40).filter(|n| n % 2 == 1).map(|n| format!("{n:02}")).collect();
        assert_eq!(names(&test).await, odd);
    });
}

#[test]
fn transactions_do_not_lose_each_others_changes() {
    on_both(SCHEMA, async |test| {
        let mut tasks = Vec::new();
        for _ in 0..8 {
            let (store, origin) = (test.store.clone(), test.origin.clone());
            tasks.push(tokio::spawn(async move {
                for _ in 0..25 {
                    let mut tx = store.begin(&origin).await.unwrap();
                    let sql = format!("SELECT value FROM counters WHERE name = 'all'{}", tx.for_update());
                    let value: i64 = tx.get(&sql, &[]).await.unwrap().get("value").unwrap();
                    tx.execute("UPDATE counters SET value = $1 WHERE name = 'all'", &params![value + 1]).await.unwrap();
                    tx.commit().await.unwrap();
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        let row = test.store.read().await.unwrap().get("SELECT value FROM counters", &[]).await.unwrap();
        assert_eq!(row.get::<i64>("value").unwrap(), 200);
    });
}

#[test]
fn who_holds_others_up_is_rolled_back() {
    on_both(SCHEMA, async |test| {
        let mut slow = test.store.begin(&test.origin).await.unwrap();
        add(&mut slow, "slow").await.unwrap();
        slow.execute("UPDATE counters SET value = 7 WHERE name = 'all'", &[]).await.unwrap();

        // Who wants the same row waits, and not for long.
        let mut waited = Err(Error::Busy);
        let start = std::time::Instant::now();
        while waited.is_err() && start.elapsed() < 5 * TURN_LIMIT {
            waited = async {
                let mut quick = test.store.begin(&test.origin).await?;
                quick.execute("UPDATE counters SET value = value + 1 WHERE name = 'all'", &[]).await?;
                quick.commit().await
            }
            .await;
        }
        waited.unwrap();
        assert!(start.elapsed() >= TURN_LIMIT / 2, "it did not wait at all");
        assert!(start.elapsed() < TURN_LIMIT + Duration::from_secs(2), "{:?}", start.elapsed());

        assert!(add(&mut slow, "too late").await.is_err());
        assert!(slow.commit().await.is_err());
        assert_eq!(names(&test).await, Vec::<String>::new());
        let row = test.store.read().await.unwrap().get("SELECT value FROM counters", &[]).await.unwrap();
        assert_eq!(row.get::<i64>("value").unwrap(), 1);
    });
}

#[test]
fn who_goes_away_while_waiting_blocks_nobody() {
    on_both(SCHEMA, async |test| {
        let held = test.store.begin(&test.origin).await.unwrap();
        let mut waiting = Vec::new();
        for _ in 0..5 {
            let (store, origin) = (test.store.clone(), test.origin.clone());
            waiting.push(tokio::spawn(async move { store.begin(&origin).await.map(drop) }));
        }
        tokio::task::yield_now().await;
        for task in &waiting {
            task.abort();
        }
        drop(held);
        let mut tx = test.store.begin(&test.origin).await.unwrap();
        add(&mut tx, "next").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(names(&test).await, ["next"]);
    });
}

#[derive(serde::Serialize)]
struct CounterMade {
    name: &'static str,
}

impl Event for CounterMade {
    const NAME: &'static str = "counter.made";
}

#[test]
fn an_event_is_as_durable_as_its_cause() {
    on_both(SCHEMA, async |test| {
        let bell = Bell::default();
        for (name, commit) in [("told", true), ("untold", false)] {
            let mut tx = test.store.begin(&test.origin).await.unwrap();
            add(&mut tx, name).await.unwrap();
            tx.emit(&CounterMade { name });
            tx.ring(&bell);
            if commit {
                tx.commit().await.unwrap();
            }
        }
        let mut reader = test.store.read().await.unwrap();
        let rows = reader.list("SELECT name, data, request_id FROM event_outbox ORDER BY seq", &[]).await.unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].get::<String>("name").unwrap(), "counter.made");
        assert_eq!(rows[0].get::<serde_json::Value>("data").unwrap(), serde_json::json!({ "name": "told" }));
        assert_eq!(rows[0].get::<String>("request_id").unwrap(), test.origin.request_id.as_str());
        tokio::time::timeout(Duration::from_secs(5), bell.heard()).await.expect("the bell was rung");
    });
}

#[test]
fn rows_that_belong_together_stay_together() {
    on_both(SCHEMA, async |test| {
        let mut tx = test.store.begin(&test.origin).await.unwrap();
        let error = tx
            .execute(
                "INSERT INTO things (id, made_at, data, done, counter) VALUES ($1, $2, $3, $4, $5)",
                &params![
                    test.origin.new_id::<rampart_kernel::UserId>(),
                    test.origin.now(),
                    serde_json::json!({}),
                    false,
                    "none"
                ],
            )
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Reference), "{error:?}");
    });
}

#[test]
fn a_reader_does_not_write() {
    on_both(SCHEMA, async |test| {
        if test.store.dialect() == Dialect::Sqlite {
            let mut reader = test.store.read().await.unwrap();
            let sql = "INSERT INTO counters (name, value) VALUES ('x', 1) RETURNING name";
            assert!(reader.list(sql, &[]).await.is_err());
        }
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_agree_on_the_time_of_their_database_whatever_their_own_clocks_say() {
    let test = TestStore::new(Dialect::Postgres, &[]).await;
    let servers = async || test.store.read().await.unwrap().now(&test.origin).await.unwrap();
    let clock = SharedClock::start(&test.store, &test.origin).await.unwrap();
    // The test's own clock stands in the past and does not move.
    test.clock.advance(Duration::from_secs(600));
    for _ in 0..20 {
        let (before, now, after) = (servers().await, clock.now(), servers().await);
        // However loaded the machine is.
        let slack = Duration::from_secs(30);
        assert!(before <= now + slack && now <= after + slack, "{before:?} {now:?} {after:?}");
        assert_ne!(now, test.origin.now());
    }
}
