//! Workers of other processes hear by Redis, where there is one, that a queue has something for them.
//!
//! A hint and no more: who missed it finds the job when it looks next.

use std::collections::HashMap;

use rampart_redis::{Heard, Redis};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::Jobs;
use crate::model::Queue;

/// By which processes know the channel. A message is the name of a queue.
const CHANNEL: &str = "rampart:jobs";

/// Ties the bells of the queues to those of other processes with the same database.
pub struct Others {
    jobs: Jobs,
    queues: Vec<&'static str>,
    redis: Option<Redis>,
}

impl Others {
    pub fn new<'a>(jobs: Jobs, queues: impl Iterator<Item = &'a Queue>, redis: Option<Redis>) -> Others {
        Others { jobs, queues: queues.map(|queue| queue.name).collect(), redis }
    }

    pub async fn run(self, stop: CancellationToken) {
        let Some(redis) = self.redis else { return stop.cancelled().await };
        let (rung, mut own) = mpsc::channel(1);
        // They end with this function.
        let mut ears = JoinSet::new();
        let mut bells = HashMap::new();
        for queue in self.queues {
            let bell = self.jobs.bell(queue);
            bells.insert(queue, bell.here);
            let rung = rung.clone();
            // What is rung while a message is on its way becomes one message more, however often it was.
            ears.spawn(async move {
                loop {
                    bell.elsewhere.heard().await;
                    let _ = rung.send(queue).await;
                }
            });
        }
        let mut messages = redis.listen(CHANNEL);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                // When it fails they look by themselves.
                Some(queue) = own.recv() => drop(redis.publish(CHANNEL, queue).await),
                heard = messages.next() => match heard {
                    Heard::Message(queue) => {
                        if let Some(bell) = bells.get(queue.as_str()) {
                            bell.ring();
                        }
                    }
                    Heard::Connected => self.jobs.hears_others(true),
                    Heard::Lost => self.jobs.hears_others(false),
                },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rampart_kernel::config::{Loader, Sources};
    use rampart_store::Dialect;
    use rampart_testkit::{TestRedis, TestStore};
    use serde::{Deserialize, Serialize};

    use super::*;
    use crate::{Job, MIGRATIONS};

    /// Nothing but the ring is waited for: without it, it never comes.
    const PATIENCE: Duration = Duration::from_secs(30);

    #[derive(Serialize, Deserialize)]
    struct Work;

    impl Job for Work {
        const KIND: &'static str = "work";
        const QUEUE: Queue = Queue { name: "test", concurrency: 1, timeout: PATIENCE, attempts: 1 };
    }

    struct Process {
        jobs: Jobs,
        stop: CancellationToken,
    }

    impl Process {
        fn start(test: &TestStore, redis: &TestRedis) -> Process {
            let (jobs, stop) = (Jobs::new(test.store.clone()), CancellationToken::new());
            let settings = Loader::new(Sources::of_variables([("REDIS_URL", redis.url().as_str())])).group().unwrap();
            let redis = Redis::open(&settings).unwrap();
            tokio::spawn(Others::new(jobs.clone(), [Work::QUEUE].iter(), redis).run(stop.clone()));
            Process { jobs, stop }
        }

        async fn add(&self, test: &TestStore) {
            let mut tx = test.store.begin(&test.origin).await.unwrap();
            self.jobs.enqueue(&mut tx, &Work).await.unwrap();
            tx.commit().await.unwrap();
        }

        /// Waits until it is as said whether others are heard.
        async fn until_told(&self, told: bool) {
            let turned = async {
                while self.jobs.is_told() != told {
                    tokio::task::yield_now().await;
                }
            };
            tokio::time::timeout(PATIENCE, turned).await.expect("it turns in time");
        }

        async fn hears(&self) {
            tokio::time::timeout(PATIENCE, self.jobs.bell("test").here.heard()).await.expect("it is heard in time");
        }
    }

    impl Drop for Process {
        fn drop(&mut self) {
            self.stop.cancel();
        }
    }

    #[tokio::test]
    async fn a_job_that_one_process_adds_wakes_the_workers_of_another() {
        let (test, mut redis) = (TestStore::new(Dialect::Sqlite, MIGRATIONS).await, TestRedis::start());
        let (one, other) = (Process::start(&test, &redis), Process::start(&test, &redis));
        other.until_told(true).await;
        one.add(&test).await;
        other.hears().await;
        // Without Redis each looks for itself, and first at once for what may have been missed.
        redis.kill();
        other.until_told(false).await;
        other.hears().await;
        redis.restart();
        other.until_told(true).await;
        // A connection that broke is tried again after a moment; what was said meanwhile is lost.
        let told = async {
            loop {
                one.add(&test).await;
                if tokio::time::timeout(Duration::from_secs(1), other.jobs.bell("test").here.heard()).await.is_ok() {
                    return;
                }
            }
        };
        tokio::time::timeout(PATIENCE, told).await.expect("it is heard in time");
    }
}
