//! Limits that processes share through a Redis which is killed, hangs, is full and is emptied.

use std::time::Duration;

use rampart_kernel::Timestamp;
use rampart_kernel::config::{Loader, Sources};
use rampart_redis::{Redis, RedisSettings};
use rampart_testkit::TestRedis;
use rampart_web::{Class, Key, Limiter};

const LIMIT: u32 = 5;

/// It is asked again after a second.
const PATIENCE: Duration = Duration::from_secs(30);

/// Two processes with the same Redis.
struct Nodes {
    redis: TestRedis,
    nodes: [Limiter; 2],
    link: Redis,
}

impl Nodes {
    fn start() -> Nodes {
        let redis = TestRedis::start();
        let url = redis.url();
        let node = || {
            let variables = [("RATE_LIMIT_AUTH", "5/1h"), ("REDIS_URL", url.as_str())];
            let mut loader = Loader::new(Sources::of_variables(variables));
            let settings: RedisSettings = loader.group().unwrap();
            let link = Redis::open(&settings).unwrap();
            (Limiter::new(loader.group().unwrap()).shared_by(link.clone()), link.unwrap())
        };
        let ((first, link), (second, _)) = (node(), node());
        Nodes { redis, nodes: [first, second], link }
    }

    /// How many of many requests each node lets through.
    async fn allowed(&self, ip: &str) -> [u32; 2] {
        let (key, now) = (Key::of_address(ip.parse().unwrap()), Timestamp::from_millis(0));
        let mut allowed = [0; 2];
        for _ in 0..3 * LIMIT {
            for (node, count) in self.nodes.iter().zip(&mut allowed) {
                *count += u32::from(node.take(Class::Auth, key, now).await.unwrap().allowed);
            }
        }
        allowed
    }

    /// Until both have asked it again, each by itself, and share what is left.
    async fn wait_for_return(&self) {
        let shared = async {
            for number in 0_u32.. {
                let ip = std::net::Ipv4Addr::from_bits(0x0a00_0000 + number);
                if self.allowed(&ip.to_string()).await.iter().sum::<u32>() == LIMIT {
                    return;
                }
            }
        };
        tokio::time::timeout(PATIENCE, shared).await.expect("what returns is asked again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_share_what_is_left() {
    let nodes = Nodes::start();
    assert_eq!(nodes.allowed("192.0.2.1").await.iter().sum::<u32>(), LIMIT);
    assert_eq!(nodes.allowed("192.0.2.2").await.iter().sum::<u32>(), LIMIT, "each address for itself");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_is_the_one_of_a_process_alone() {
    let nodes = Nodes::start();
    let mut loader = Loader::new(Sources::of_variables([("RATE_LIMIT_AUTH", "5/1h")]));
    let alone = Limiter::new(loader.group().unwrap());
    let (key, now) = (Key::of_address("192.0.2.1".parse().unwrap()), Timestamp::from_millis(0));
    for round in 0..8 {
        let own = alone.take(Class::Auth, key, now).await.unwrap();
        let shared = nodes.nodes[0].take(Class::Auth, key, now).await.unwrap();
        assert_eq!(
            (own.limit, own.remaining, own.allowed),
            (shared.limit, shared.remaining, shared.allowed),
            "{round}"
        );
        assert!(shared.reset <= own.reset && shared.reset > Duration::from_secs(3_500), "{shared:?}");
    }
    alone.give_back(Class::Auth, key).await;
    nodes.nodes[0].give_back(Class::Auth, key).await;
    assert!(alone.take(Class::Auth, key, now).await.unwrap().allowed);
    assert!(nodes.nodes[0].take(Class::Auth, key, now).await.unwrap().allowed);
    assert!(!nodes.nodes[0].take(Class::Auth, key, now).await.unwrap().allowed);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_each_process_counts_and_with_it_all_do_again() {
    let mut nodes = Nodes::start();
    assert_eq!(nodes.allowed("192.0.2.1").await.iter().sum::<u32>(), LIMIT);
    nodes.redis.kill();
    assert_eq!(nodes.allowed("192.0.2.2").await, [LIMIT, LIMIT], "killed: open, never unlimited");
    assert!(!nodes.link.is_up());
    nodes.redis.restart();
    nodes.wait_for_return().await;

    nodes.redis.hang();
    assert_eq!(nodes.allowed("192.0.2.3").await, [LIMIT, LIMIT], "hung: open, never unlimited");
    nodes.redis.go_on();
    nodes.wait_for_return().await;

    nodes.redis.command(&["CONFIG", "SET", "maxmemory", "1"]);
    assert_eq!(nodes.allowed("192.0.2.4").await, [LIMIT, LIMIT], "full: open, never unlimited");
    nodes.redis.command(&["CONFIG", "SET", "maxmemory", "0"]);
    nodes.wait_for_return().await;

    let key = Key::of_address("192.0.2.5".parse().unwrap());
    for _ in 0..LIMIT {
        assert!(nodes.nodes[0].take(Class::Auth, key, Timestamp::from_millis(0)).await.unwrap().allowed);
    }
    nodes.redis.command(&["FLUSHALL"]);
    assert_eq!(nodes.allowed("192.0.2.5").await[0], 0, "emptied: who counted knows");
}
