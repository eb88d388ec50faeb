//! Two processes with one PostgreSQL hear each other's events, with Redis, without, and while it fails.

use std::time::Duration;

use rampart_events::{Bus, Heard, Listener, Others, Relay, Subscriptions};
use rampart_kernel::config::{Loader, Sources};
use rampart_redis::{Redis, RedisSettings};
use rampart_store::{Dialect, Event, Store};
use rampart_testkit::{TestRedis, TestStore};
use tokio_util::sync::CancellationToken;

/// What is lost is found in the database within seconds.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(serde::Serialize)]
struct Happened {
    number: u64,
}

impl Event for Happened {
    const NAME: &'static str = "test.happened";
}

/// A process: what it relays, and what it hears.
struct Node {
    store: Store,
    relay: Relay,
    hears: Listener,
    stop: CancellationToken,
}

impl Node {
    async fn start(test: &TestStore, redis: Option<&TestRedis>) -> Node {
        let store = Store::open(&test.settings).await.unwrap();
        let (bus, stop) = (Bus::new(), CancellationToken::new());
        let redis = redis.and_then(|redis| {
            let settings: RedisSettings =
                Loader::new(Sources::of_variables([("REDIS_URL", redis.url().as_str())])).group().unwrap();
            Redis::open(&settings).unwrap()
        });
        let hears = bus.listen();
        tokio::spawn(Others::new(store.clone(), bus.clone(), redis).run(test.origin.clone(), stop.clone()));
        let relay = Relay::new(store.clone(), Subscriptions::new(), bus);
        Node { store, relay, hears, stop }
    }

    /// Something happens here.
    async fn happen(&self, test: &TestStore, number: u64) {
        let mut tx = self.store.begin(&test.origin).await.unwrap();
        tx.emit(&Happened { number });
        tx.commit().await.unwrap();
        self.relay.relay(&test.origin).await.unwrap();
    }

    async fn hear(&mut self) -> u64 {
        let heard = tokio::time::timeout(PATIENCE, self.hears.next()).await.expect("it is heard in time");
        let Some(Heard::Event(envelope)) = heard else { panic!("{heard:?}") };
        envelope.data["number"].as_u64().unwrap()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn check(redis: Option<&mut TestRedis>) {
    let test = TestStore::new(Dialect::Postgres, &[]).await;
    let given = redis.as_deref();
    let (first, mut second) = (Node::start(&test, given).await, Node::start(&test, given).await);
    let mut next = 0;
    let mut both = async |second: &mut Node| {
        for number in next..next + 20 {
            first.happen(&test, number).await;
        }
        for number in next..next + 20 {
            assert_eq!(second.hear().await, number, "each once, in order");
        }
        next += 20;
    };
    both(&mut second).await;
    let Some(redis) = redis else { return };
    redis.kill();
    both(&mut second).await;
    redis.restart();
    both(&mut second).await;
    redis.hang();
    both(&mut second).await;
    redis.go_on();
    both(&mut second).await;
    redis.command(&["CONFIG", "SET", "maxmemory", "1"]);
    both(&mut second).await;
    redis.command(&["FLUSHALL"]);
    both(&mut second).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_hear_each_other_through_the_database_alone() {
    check(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_hear_each_other_whatever_becomes_of_redis() {
    check(Some(&mut TestRedis::start())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_that_are_no_events_harm_nobody() {
    let (test, redis) = (TestStore::new(Dialect::Postgres, &[]).await, TestRedis::start());
    let (first, mut second) = (Node::start(&test, Some(&redis)).await, Node::start(&test, Some(&redis)).await);
    for wrong in ["", "{}", "[1]", "\u{0}", r#"{"id":"x"}"#] {
        let settings = Loader::new(Sources::of_variables([("REDIS_URL", redis.url().as_str())])).group().unwrap();
        Redis::open(&settings).unwrap().unwrap().publish("rampart:events", wrong).await.unwrap();
    }
    first.happen(&test, 1).await;
    assert_eq!(second.hear().await, 1);
}
