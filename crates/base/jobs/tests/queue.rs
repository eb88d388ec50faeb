//! What the queue promises, on both databases.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rampart_jobs::{Failure, Handlers, Job, JobId, Jobs, MIGRATIONS, Queue, Schedule, Scheduler, Status, Worker};
use rampart_kernel::WorkspaceId;
use rampart_store::params;
use rampart_testkit::{TestStore, on_both};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

const QUEUE: Queue = Queue { name: "test", concurrency: 4, timeout: Duration::from_millis(300), attempts: 3 };

#[derive(Default, Serialize, Deserialize)]
struct Work {
    name: String,
    once: bool,
    alone: bool,
}

impl Job for Work {
    const KIND: &'static str = "work";
    const QUEUE: Queue = QUEUE;

    fn dedupe_key(&self) -> Option<String> {
        self.once.then(|| format!("work:{}", self.name))
    }

    fn exclusive_key(&self) -> Option<String> {
        self.alone.then(|| "alone".to_owned())
    }
}

fn work(name: &str) -> Work {
    Work { name: name.to_owned(), ..Work::default() }
}

async fn add(test: &TestStore, jobs: &Jobs, job: &Work) -> Option<JobId> {
    let mut tx = test.store.begin(&test.origin).await.unwrap();
    let id = jobs.enqueue(&mut tx, job).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// What a job does, told by its name.
async fn behave(job: Work, runs: Arc<AtomicUsize>) -> Result<(), Failure> {
    runs.fetch_add(1, Ordering::SeqCst);
    match job.name.as_str() {
        "fails" => Err(Failure::retry("on purpose")),
        "hopeless" => Err(Failure::fatal("on purpose")),
        "panics" => panic!("on purpose"),
        "hangs" => std::future::pending().await,
        _ => Ok(()),
    }
}

fn worker(test: &TestStore, jobs: &Jobs) -> (Worker, Arc<AtomicUsize>) {
    let runs = Arc::new(AtomicUsize::new(0));
    let seen = runs.clone();
    let handlers = Handlers::new().on(move |_, job: Work| behave(job, seen.clone()));
    (Worker::new(jobs.clone(), handlers, test.origin.clone()), runs)
}

async fn status(jobs: &Jobs, id: JobId) -> Status {
    jobs.find(id).await.unwrap().unwrap().status
}

#[test]
fn a_job_exists_exactly_when_its_cause_does() {
    on_both(MIGRATIONS, async |test| {
        let jobs = Jobs::new(test.store.clone());
        let mut tx = test.store.begin(&test.origin).await.unwrap();
        let lost = jobs.enqueue(&mut tx, &work("lost")).await.unwrap().unwrap();
        drop(tx);
        let kept = add(&test, &jobs, &work("kept")).await.unwrap();
        assert!(jobs.find(lost).await.unwrap().is_none());
        let (worker, runs) = worker(&test, &jobs);
        worker.drain().await.unwrap();
        assert_eq!(runs.load(Ordering::SeqCst), 1);
        assert_eq!(status(&jobs, kept).await, Status::Completed);
    });
}

#[test]
fn a_key_that_waits_is_not_added_again() {
    on_both(MIGRATIONS, async |test| {
        let jobs = Jobs::new(test.store.clone());
        let once = Work { once: true, ..work("once") };
        assert!(add(&test, &jobs, &once).await.is_some());
        assert!(add(&test, &jobs, &once).await.is_none());
        worker(&test, &jobs).0.drain().await.unwrap();
        assert!(add(&test, &jobs, &once).await.is_some(), "when it is done it may be added again");
    });
}

#[test]
fn what_fails_runs_again_later_and_is_dead_in_the_end() {
    for name in ["fails", "panics", "hangs"] {
        on_both(MIGRATIONS, async |test| {
            let jobs = Jobs::new(test.store.clone());
            let id = add(&test, &jobs, &work(name)).await.unwrap();
            let (worker, runs) = worker(&test, &jobs);
            for attempt in 1..=3 {
                assert_eq!(worker.drain().await.unwrap(), 1, "{name} {attempt}");
                assert_eq!(worker.drain().await.unwrap(), 0, "it does not run again at once");
                test.clock.advance(Duration::from_secs(600));
            }
            assert_eq!(runs.load(Ordering::SeqCst), 3);
            assert_eq!(status(&jobs, id).await, Status::Dead);
            let dead = jobs.dead_letters(Some("test"), 10, 0).await.unwrap();
            assert_eq!((dead.len(), dead[0].job, dead[0].attempts), (1, id, 3));

            assert!(jobs.requeue(&test.origin, id).await.unwrap());
            assert!(!jobs.requeue(&test.origin, id).await.unwrap());
            assert!(jobs.dead_letters(None, 10, 0).await.unwrap().is_empty());
            assert_eq!(worker.drain().await.unwrap(), 1, "a dead letter that is put back runs");
        });
    }
}

#[test]
fn all_that_is_dead_is_put_back_one_of_each_that_are_alike() {
    on_both(MIGRATIONS, async |test| {
        let jobs = Jobs::new(test.store.clone());
        let (worker, runs) = worker(&test, &jobs);
        let twin = Work { once: true, ..work("hopeless") };
        for job in [&work("hopeless"), &twin, &twin] {
            add(&test, &jobs, job).await.unwrap();
            worker.drain().await.unwrap();
        }
        let dead = jobs.dead_letters(None, 10, 0).await.unwrap();
        assert_eq!((dead.len(), dead[0].errors[0]["error"].as_str()), (3, Some("on purpose")));
        let put_back = async |queue: Option<&str>, most| {
            let mut tx = test.store.begin(&test.origin).await.unwrap();
            let count = jobs.requeue_all_in(&mut tx, queue, most).await.unwrap();
            tx.commit().await.unwrap();
            count
        };
        assert_eq!(put_back(Some("other"), 10).await, 0);
        assert_eq!(put_back(Some("test"), 1).await, 1, "no more than was said");
        assert_eq!(put_back(None, 10).await, 1, "of two that are alike one");
        assert_eq!(put_back(None, 10).await, 0, "and the other not while that one waits");
        assert_eq!(jobs.dead_letters(None, 10, 0).await.unwrap().len(), 1);
        assert_eq!(worker.drain().await.unwrap(), 2, "what is put back runs");
        assert_eq!(runs.load(Ordering::SeqCst), 5);
    });
}

#[test]
fn what_is_hopeless_is_dead_at_once_and_can_be_discarded() {
    on_both(MIGRATIONS, async |test| {
        let jobs = Jobs::new(test.store.clone());
        let id = add(&test, &jobs, &work("hopeless")).await.unwrap();
        let good = add(&test, &jobs, &work("good")).await.unwrap();
        worker(&test, &jobs).0.drain().await.unwrap();
        assert_eq!(status(&jobs, id).await, Status::Dead);
        assert!(!jobs.discard(&test.origin, good).await.unwrap(), "only what is dead is discarded");
        assert!(jobs.discard(&test.origin, id).await.unwrap());
        assert!(jobs.find(id).await.unwrap().is_none());
    });
}

#[test]
fn a_job_whose_worker_died_runs_elsewhere_and_the_dead_changes_nothing() {
    on_both(MIGRATIONS, async |test| {
        let jobs = Jobs::new(test.store.clone());
        let id = add(&test, &jobs, &work("good")).await.unwrap();
        // The first worker claims it and falls silent while it runs.
        let (entered, mut running) = tokio::sync::mpsc::unbounded_channel();
        let (let_go, released) = tokio::sync::watch::channel(false);
        let handlers = Handlers::new().on(move |_, _: Work| {
            let (entered, mut released) = (entered.clone(), released.clone());
            async move {
                entered.send(()).unwrap();
                let _ = released.wait_for(|free| *free).await;
                Err(Failure::fatal("from the one thought dead"))
            }
        });
        let slow = Worker::new(jobs.clone(), handlers, test.origin.clone());
        let slow = tokio::spawn(async move { slow.drain().await });
        running.recv().await.unwrap();

        let (other, runs) = worker(&test, &jobs);
        assert_eq!(other.reap().await.unwrap(), 0, "its lease still holds");
        test.clock.advance(Duration::from_secs(31));
        assert_eq!(other.reap().await.unwrap(), 1);
        assert_eq!(other.drain().await.unwrap(), 1);
        assert_eq!(runs.load(Ordering::SeqCst), 1);
        let_go.send(true).unwrap();
        slow.await.unwrap().unwrap();
        assert_eq!(status(&jobs, id).await, Status::Completed, "what came too late was refused");
    });
}

#[test]
fn who_is_alone_need_not_wait_for_leases() {
    on_both(MIGRATIONS, async |test| {
        let jobs = Jobs::new(test.store.clone());
        let id = add(&test, &jobs, &work("good")).await.unwrap();
        let mut tx = test.store.begin(&test.origin).await.unwrap();
        let sql = "UPDATE jobs SET status = 'running', attempts = 1, leased_by = 'dead', lease_until = $1";
        tx.execute(sql, &params![test.origin.now() + Duration::from_secs(30)]).await.unwrap();
        tx.commit().await.unwrap();
        let (worker, runs) = worker(&test, &jobs);
        assert_eq!(worker.reap().await.unwrap(), 0);
        assert_eq!(jobs.end_claims(&test.origin).await.unwrap(), 1);
        assert_eq!(worker.reap().await.unwrap(), 1);
        worker.drain().await.unwrap();
        assert_eq!((status(&jobs, id).await, runs.load(Ordering::SeqCst)), (Status::Completed, 1));
    });
}

#[test]
fn a_job_that_kills_its_workers_is_dead_in_the_end() {
    on_both(MIGRATIONS, async |test| {
        let jobs = Jobs::new(test.store.clone());
        let id = add(&test, &jobs, &work("good")).await.unwrap();
        let (worker, _) = worker(&test, &jobs);
        for _ in 0..3 {
            // As a worker leaves it that dies while it runs.
            let mut tx = test.store.begin(&test.origin).await.unwrap();
            tx.execute(
                "UPDATE jobs SET status = 'running', attempts = attempts + 1, leased_by = 'dead', lease_until = $1",
                &params![test.origin.now()],
            )
            .await
            .unwrap();
            tx.commit().await.unwrap();
            test.clock.advance(Duration::from_secs(1));
            worker.reap().await.unwrap();
        }
        assert_eq!(status(&jobs, id).await, Status::Dead);
    });
}

#[test]
fn one_workspace_does_not_hold_up_another() {
    on_both(MIGRATIONS, async |test| {
        let jobs = Jobs::new(test.store.clone());
        let order = Arc::new(std::sync::Mutex::new(Vec::new()));
        let (busy, small): (WorkspaceId, WorkspaceId) = (test.origin.new_id(), test.origin.new_id());
        for (workspace, count) in [(busy, 40), (small, 2)] {
            let mut tx = test.store.begin(&test.origin.clone().in_workspace(Some(workspace))).await.unwrap();
            for _ in 0..count {
                jobs.enqueue(&mut tx, &work("good")).await.unwrap().unwrap();
            }
            tx.commit().await.unwrap();
        }
        let seen = order.clone();
        let handlers = Handlers::new().on(move |run, _: Work| {
            seen.lock().unwrap().push(run.origin.workspace.unwrap());
            async { Ok(()) }
        });
        Worker::new(jobs, handlers, test.origin.clone()).drain().await.unwrap();
        let order = order.lock().unwrap();
        assert_eq!(order.len(), 42);
        let last = order.iter().rposition(|workspace| *workspace == small).unwrap();
        assert!(last < 2 * QUEUE.concurrency, "the small one waited for {last} others");
    });
}

#[test]
fn of_one_key_only_one_runs() {
    on_both(MIGRATIONS, async |test| {
        let jobs = Jobs::new(test.store.clone());
        for _ in 0..6 {
            add(&test, &jobs, &Work { alone: true, ..work("good") }).await.unwrap();
        }
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let highest = most.clone();
        let handlers = Handlers::new().on(move |_, _: Work| {
            let (running, most) = (running.clone(), highest.clone());
            async move {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                running.fetch_sub(1, Ordering::SeqCst);
                Ok(())
            }
        });
        assert_eq!(Worker::new(jobs, handlers, test.origin.clone()).drain().await.unwrap(), 6);
        assert_eq!(most.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn many_workers_run_each_job_once() {
    on_both(MIGRATIONS, async |test| {
        let jobs = Jobs::new(test.store.clone());
        let stop = CancellationToken::new();
        let done = Arc::new(AtomicUsize::new(0));
        let mut tasks = Vec::new();
        for _ in 0..3 {
            let seen = done.clone();
            let handlers = Handlers::new().on(move |_, _: Work| {
                seen.fetch_add(1, Ordering::SeqCst);
                async { Ok(()) }
            });
            tasks.push(tokio::spawn(Worker::new(jobs.clone(), handlers, test.origin.clone()).run(stop.clone())));
        }
        for _ in 0..10 {
            let mut tx = test.store.begin(&test.origin).await.unwrap();
            for _ in 0..30 {
                jobs.enqueue(&mut tx, &work("good")).await.unwrap();
            }
            tx.commit().await.unwrap();
        }
        let finished = async {
            while jobs.depth("test", test.origin.now()).await.unwrap() != rampart_jobs::QueueDepth::default() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), finished).await.expect("all jobs are done");
        stop.cancel();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(done.load(Ordering::SeqCst), 300);
    });
}

#[test]
fn a_cancelled_job_does_not_run() {
    on_both(MIGRATIONS, async |test| {
        let jobs = Jobs::new(test.store.clone());
        let id = add(&test, &jobs, &work("good")).await.unwrap();
        assert!(jobs.cancel(&test.origin, id).await.unwrap());
        assert_eq!(worker(&test, &jobs).0.drain().await.unwrap(), 0);
        assert_eq!(status(&jobs, id).await, Status::Cancelled);
    });
}

#[test]
fn finished_jobs_are_forgotten_after_a_week() {
    on_both(MIGRATIONS, async |test| {
        let jobs = Jobs::new(test.store.clone());
        let id = add(&test, &jobs, &work("good")).await.unwrap();
        worker(&test, &jobs).0.drain().await.unwrap();
        assert_eq!(jobs.forget(&test.origin).await.unwrap(), 0);
        test.clock.advance(Duration::from_secs(8 * 86_400));
        assert_eq!(jobs.forget(&test.origin).await.unwrap(), 1);
        assert!(jobs.find(id).await.unwrap().is_none());
    });
}

#[test]
fn a_time_is_taken_once_however_many_nodes_there_are() {
    on_both(MIGRATIONS, async |test| {
        let jobs = Jobs::new(test.store.clone());
        let mut schedulers = Vec::new();
        for _ in 0..5 {
            let schedules = vec![Schedule::new::<Work>("test.daily", "0 2 * * *")];
            schedulers.push(Arc::new(Scheduler::new(jobs.clone(), schedules, &test.origin).await.unwrap()));
        }
        let tick = async || {
            let ticks: Vec<_> = schedulers
                .iter()
                .map(|scheduler| {
                    let (scheduler, origin) = (scheduler.clone(), test.origin.clone());
                    tokio::spawn(async move { scheduler.tick(&origin).await.unwrap() })
                })
                .collect();
            for tick in ticks {
                tick.await.unwrap();
            }
            worker(&test, &jobs).0.drain().await.unwrap()
        };
        assert_eq!(tick().await, 0, "it is not yet time");
        test.clock.advance(Duration::from_secs(24 * 3_600));
        assert_eq!(tick().await, 1);
        assert_eq!(tick().await, 0);
        // Three nights were missed: the last one counts.
        test.clock.advance(Duration::from_secs(3 * 24 * 3_600));
        assert_eq!(tick().await, 1);
    });
}
