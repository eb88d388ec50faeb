//! What holds of jobs that are claimed and recorded many at once, on both databases.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rampart_jobs::{Failure, Handlers, Job, JobId, Jobs, MIGRATIONS, Queue, Status, Worker};
use rampart_kernel::WorkspaceId;
use rampart_store::params;
use rampart_testkit::{TestStore, on_both};
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

#[derive(Serialize, Deserialize)]
struct Work {
    name: String,
}

impl Job for Work {
    const KIND: &'static str = "work";
    const QUEUE: Queue = Queue { name: "test", concurrency: 4, timeout: Duration::from_secs(60), attempts: 3 };
}

const PATIENCE: Duration = Duration::from_secs(30);

async fn add(test: &TestStore, jobs: &Jobs, workspace: Option<WorkspaceId>, names: &[&str]) -> Vec<JobId> {
    let origin = test.origin.clone().in_workspace(workspace);
    let mut tx = test.store.begin(&origin).await.unwrap();
    let work: Vec<Work> = names.iter().map(|name| Work { name: (*name).to_owned() }).collect();
    let ids = jobs.enqueue_all(&mut tx, work.iter().map(|work| (&origin, work))).await.unwrap();
    tx.commit().await.unwrap();
    ids.into_iter().map(Option::unwrap).collect()
}

async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    let wait = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.expect("it becomes so");
}

#[test]
fn of_results_that_come_together_only_the_one_whose_claim_is_lost_is_refused() {
    on_both(MIGRATIONS, async |test| {
        let jobs = Jobs::new(test.store.clone());
        let ids = add(&test, &jobs, None, &["good", "lost", "bad", "lost and bad"]).await;
        let (entered, mut running) = mpsc::unbounded_channel();
        let (let_go, released) = watch::channel(false);
        let handlers = Handlers::new().on(move |_, job: Work| {
            let (entered, mut released) = (entered.clone(), released.clone());
            async move {
                entered.send(()).unwrap();
                let _ = released.wait_for(|free| *free).await;
                if job.name.contains("bad") { Err(Failure::fatal("on purpose")) } else { Ok(()) }
            }
        });
        let worker = Worker::new(jobs.clone(), handlers, test.origin.clone());
        let worker = tokio::spawn(async move { worker.drain().await });
        for _ in &ids {
            running.recv().await.unwrap();
        }
        // Taken over by another worker, one of them by this process itself.
        let mut tx = test.store.begin(&test.origin).await.unwrap();
        let sql = "UPDATE jobs SET attempts = 2 WHERE id = $1";
        tx.execute(sql, &params![ids[1]]).await.unwrap();
        tx.execute("UPDATE jobs SET leased_by = 'another' WHERE id = $1", &params![ids[3]]).await.unwrap();
        tx.commit().await.unwrap();
        let_go.send(true).unwrap();
        worker.await.unwrap().unwrap();
        let mut statuses = Vec::new();
        for id in ids {
            statuses.push(jobs.find(id).await.unwrap().unwrap().status);
        }
        assert_eq!(statuses, [Status::Completed, Status::Running, Status::Dead, Status::Running]);
        assert_eq!(jobs.count_dead_letters(None).await.unwrap(), 1);
    });
}

#[test]
fn a_flood_of_brief_jobs_does_not_hold_up_another_workspace() {
    on_both(MIGRATIONS, async |test| {
        let jobs = Jobs::new(test.store.clone());
        let (busy, small): (WorkspaceId, WorkspaceId) = (test.origin.new_id(), test.origin.new_id());
        for _ in 0..20 {
            add(&test, &jobs, Some(busy), &["flood"; 200]).await;
        }
        let order = Arc::new(Mutex::new(Vec::new()));
        let seen = order.clone();
        let handlers = Handlers::new().on(move |run, _: Work| {
            seen.lock().unwrap().push(run.origin.workspace.unwrap());
            async { Ok(()) }
        });
        let stop = CancellationToken::new();
        let running = tokio::spawn(Worker::new(jobs.clone(), handlers, test.origin.clone()).run(stop.clone()));
        until(async || order.lock().unwrap().len() > 500).await;
        add(&test, &jobs, Some(small), &["single"; 2]).await;
        let before = order.lock().unwrap().len();
        until(async || order.lock().unwrap().iter().filter(|workspace| **workspace == small).count() == 2).await;
        stop.cancel();
        running.await.unwrap();
        let order = order.lock().unwrap();
        let last = order.iter().rposition(|workspace| *workspace == small).unwrap();
        assert!(last < before + 300, "the small one waited for {} others", last - before);
    });
}

#[test]
fn what_was_claimed_ahead_of_a_long_job_is_given_back() {
    on_both(MIGRATIONS, async |test| {
        let jobs = Jobs::new(test.store.clone());
        // One after the other: ids of the same moment have no order.
        add(&test, &jobs, None, &["brief"; 300]).await;
        test.clock.advance(Duration::from_millis(1));
        let long = add(&test, &jobs, None, &["long"; 4]).await;
        test.clock.advance(Duration::from_millis(1));
        let after = add(&test, &jobs, None, &["after"; 40]).await;
        let (let_go, released) = watch::channel(false);
        let worker = || {
            let released = released.clone();
            let handlers = Handlers::new().on(move |_, job: Work| {
                let mut released = released.clone();
                async move {
                    if job.name == "long" {
                        let _ = released.wait_for(|free| *free).await;
                    }
                    Ok(())
                }
            });
            Worker::new(jobs.clone(), handlers, test.origin.clone())
        };
        let stop = CancellationToken::new();
        // All its places are taken by long ones in the end.
        let first = tokio::spawn(worker().run(stop.clone()));
        let status = async |id: &JobId| jobs.find(*id).await.unwrap().unwrap();
        until(async || status(&long[3]).await.status == Status::Running).await;
        until(async || status(&after[0]).await.status == Status::Queued).await;
        assert_eq!(status(&after[0]).await.attempts, 0, "it was not tried");
        let second = tokio::spawn(worker().run(stop.clone()));
        for id in &after {
            until(async || status(id).await.status == Status::Completed).await;
        }
        assert_eq!(status(&long[0]).await.status, Status::Running);
        let_go.send(true).unwrap();
        until(async || status(&long[3]).await.status == Status::Completed).await;
        stop.cancel();
        first.await.unwrap();
        second.await.unwrap();
        assert_eq!(jobs.depth("test", test.origin.now()).await.unwrap(), rampart_jobs::QueueDepth::default());
    });
}
