//! The rules about what every installation has: queues, schedules, sign-ins, the disk, backups.

use std::time::Duration;

use rampart_access::Ctx;
use rampart_access::audit::{self, Filter, Outcome, Scope};
use rampart_store::Dialect;

use super::model::{AlertRule, Bad};
use crate::access::ReadAudit;
use crate::backups::store as backups;
use crate::module::Operations;

/// Jobs that wait in one queue.
const DEPTH: f64 = 1_000.0;
/// Seconds that one waits: longer than a scan takes.
const OLDEST_SECONDS: f64 = 15.0 * 60.0;
/// Failed sign-ins in five minutes, of everybody together.
const FAILED_SIGN_INS: f64 = 100.0;
const SIGN_INS: Duration = Duration::from_secs(5 * 60);
/// Of a disk that is free.
const FREE_PERCENT: f64 = 10.0;
/// One a night, and two hours to make it.
const BACKUP_HOURS: f64 = 26.0;
/// Schedules are looked at twice a minute, by whichever node plays that role: nobody does.
const LATE_MINUTES: f64 = 10.0;

/// All that an installation has by itself.
pub fn own(operations: &Operations) -> Vec<AlertRule> {
    let depths = |operations: &Operations| {
        let own = operations.clone();
        move |origin: rampart_kernel::Origin| {
            let own = own.clone();
            async move { own.jobs.depths(origin.now()).await }
        }
    };
    let (deep, old) = (depths(operations), depths(operations));
    let [dead, late, guessed, disk, missing, failed] = std::array::from_fn(|_| operations.clone());
    vec![
        AlertRule::new(
            "QueueDepthHigh",
            "Many jobs wait in one queue: add workers, or look for what holds it up",
            (Bad::Above, DEPTH),
            move |origin| {
                let depths = deep(origin);
                async move { Ok(Some(most(depths.await?.values().map(|depth| depth.ready as f64)))) }
            },
        ),
        AlertRule::new(
            "QueueStalled",
            "A job has waited for a quarter of an hour: a queue is paused, or no worker takes from it",
            (Bad::Above, OLDEST_SECONDS),
            move |origin| {
                let depths = old(origin);
                async move {
                    let depths = depths.await?;
                    let ages = depths.values().filter_map(|depth| depth.oldest).map(|age| age.as_secs_f64());
                    Ok(Some(most(ages)))
                }
            },
        ),
        AlertRule::new(
            "DeadLetters",
            "Jobs have failed for good: look at them, and retry or remove them",
            (Bad::Above, 0.0),
            move |_| {
                let own = dead.clone();
                async move { Ok(Some(own.jobs.count_dead_letters(None).await? as f64)) }
            },
        ),
        AlertRule::new(
            "ScheduleMissed",
            "What is to be done at set times is not: no process plays the scheduler",
            (Bad::Above, LATE_MINUTES),
            move |origin| {
                let own = late.clone();
                async move {
                    // Those of an earlier version are done by nobody, and are no matter.
                    let known = |name: &str| own.schedules.iter().any(|schedule| schedule.name == name);
                    let schedules = own.jobs.schedules().await?;
                    let awaited = schedules.iter().filter(|it| it.enabled && known(&it.name));
                    let late = awaited.map(|it| origin.now().since(it.next_run_at));
                    Ok(Some(most(late.map(|late| late.as_secs_f64() / 60.0))))
                }
            },
        ),
        AlertRule::new(
            "BruteForce",
            "Many sign-ins fail: somebody guesses passwords; the audit log says from where",
            (Bad::Above, FAILED_SIGN_INS),
            move |origin| {
                let own = guessed.clone();
                async move {
                    let ctx = Ctx::of_system(origin, "alerts");
                    let admin = ctx.require_platform_admin()?;
                    let filter = Filter {
                        action: Some("user.login".to_owned()),
                        status: Some(Outcome::Failure),
                        from: Some(ctx.now() - SIGN_INS),
                        ..Filter::default()
                    };
                    let scope = Scope::<ReadAudit>::Platform(&admin);
                    let most = FAILED_SIGN_INS as u32 + 1;
                    let rows = audit::list(&mut own.store.read().await?, &scope, &filter, most).await?;
                    Ok(Some(rows.len() as f64))
                }
            },
        ),
        AlertRule::new(
            "DiskLow",
            "Little of the disk with the data folder is free: make room, or the database stops",
            (Bad::Below, FREE_PERCENT),
            move |_| {
                let folder = disk.database.data_dir.clone();
                async move {
                    let disk = rustix::fs::statvfs(&folder)?;
                    let share = |part: u64| part as f64 / (disk.f_blocks.max(1)) as f64;
                    Ok(Some((100.0 * share(disk.f_bavail)).round()))
                }
            },
        ),
        AlertRule::new(
            "BackupMissing",
            "The last backup is older than a day: look at the schedule backups.daily and at failed backups",
            (Bad::Above, BACKUP_HOURS),
            move |origin| {
                let own = missing.clone();
                async move {
                    if own.store.dialect() == Dialect::Postgres {
                        return Ok(None);
                    }
                    let mut reader = own.store.read().await?;
                    let newest = backups::newest_made(&mut reader).await?.map(|backup| backup.created_at);
                    // A new installation has until its second night.
                    let since = match newest {
                        Some(at) => Some(at),
                        None => backups::installed_at(&mut reader).await?,
                    };
                    Ok(since.map(|since| (origin.now().since(since).as_secs_f64() / 360.0).round() / 10.0))
                }
            },
        ),
        AlertRule::new(
            "BackupFailed",
            "A backup failed, and none was made since: the list of backups says why",
            (Bad::Above, 0.0),
            move |_| {
                let own = failed.clone();
                async move {
                    let failed = backups::failed_since_made(&mut own.store.read().await?).await?;
                    Ok(Some(f64::from(failed)))
                }
            },
        ),
    ]
}

fn most(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, f64::max).round()
}
